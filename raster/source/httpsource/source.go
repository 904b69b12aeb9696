package httpsource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/geoexport/geoexport/raster/source"
)

// A Source is a file on an HTTP server, in the version that it had when it was opened. It keeps the first bytes and up
// to 4 MiB of what was read ahead; there is nothing to close. It is made by Client.Open; its zero value is not usable. It
// is safe for concurrent use.
type Source struct {
	client *Client
	url    *url.URL
	name   string // for errors
	size   int64
	tag    validator
	id     string

	changed atomic.Bool
	ahead   ahead
	flights flights

	latest   sync.Mutex
	latestID string
	latestAt time.Time // when the server stated latestID
}

var (
	_ source.RangeReader = (*Source)(nil)
	_ source.Located     = (*Source)(nil)
)

// Open opens a file by its http or https URL, with one request. The error is a *source.FarError, or of the context.
func (c *Client) Open(ctx context.Context, location string) (*Source, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.init()
	u, err := url.Parse(location)
	if err != nil {
		return nil, errors.New("httpsource: not a URL") // the error of url.Parse holds all of it
	}
	u.Fragment = ""
	s := &Source{client: c, url: u, name: public(u)}
	if !web(u) {
		return nil, &source.FarError{Name: s.name, Err: errors.New("neither http nor https")}
	}
	var head []byte
	err = s.attempt(ctx, func(ctx context.Context) (int, time.Duration, error) {
		p, err := s.ask(ctx, 0, int64(cmp.Or(c.First, DefaultFirst)), validator{})
		defer p.close()
		if err != nil {
			return p.status, p.pause, err
		}
		head, err = s.readHead(ctx, &p)
		s.size, s.tag = p.total, p.tag
		return p.status, p.pause, err
	})
	if err != nil {
		return nil, err
	}
	s.id = identity(s.tag, s.size)
	s.latestID, s.latestAt = s.id, time.Now()
	s.ahead.keep(0, head)
	return s, nil
}

// readHead reads the first part of a file, or all of it if its server ignores ranges.
func (s *Source) readHead(ctx context.Context, p *part) ([]byte, error) {
	if !p.whole {
		head := make([]byte, p.to-p.from)
		n, err := p.fill(head)
		source.CounterOf(ctx).Add(0, int64(n), 0)
		return head, err
	}
	most := max(s.client.Whole, int64(cmp.Or(s.client.First, DefaultFirst)))
	if p.total > most {
		return nil, ErrNoRanges
	}
	body, err := io.ReadAll(io.LimitReader(p.body, most+1)) // the total may not be stated
	source.CounterOf(ctx).Add(0, int64(len(body)), 0)
	switch {
	case err != nil:
		return nil, bare(err)
	case int64(len(body)) > most:
		return nil, ErrNoRanges
	case p.total >= 0 && int64(len(body)) != p.total:
		return nil, fmt.Errorf("%w: %d bytes of %d", ErrWrongPart, len(body), p.total)
	}
	p.total = int64(len(body))
	return body, nil
}

// identity returns the text for a version.
func identity(tag validator, size int64) string {
	return cmp.Or(tag.etag, tag.modified) + " " + strconv.FormatInt(size, 36)
}

// Size returns the size in bytes.
func (s *Source) Size() int64 { return s.size }

// Name returns the URL without its credentials, query and fragment.
func (s *Source) Name() string { return s.name }

// Identity returns the ETag, or else the Last-Modified, with the size. The error is a *source.ChangedError once a read
// has met another version.
func (s *Source) Identity(context.Context) (string, error) {
	if s.changed.Load() {
		return "", &source.ChangedError{Name: s.name}
	}
	return s.id, nil
}

// Latest asks the server for the identity of the file that is there now, but not more often than Client.Refresh.
func (s *Source) Latest(ctx context.Context) (string, error) {
	s.latest.Lock()
	id, at := s.latestID, s.latestAt
	s.latest.Unlock()
	if r := cmp.Or(s.client.Refresh, DefaultRefresh); time.Since(at) < r {
		return id, nil
	}
	err := s.attempt(ctx, func(ctx context.Context) (int, time.Duration, error) {
		p, err := s.ask(ctx, 0, 1, validator{})
		defer p.close()
		total := p.total
		if p.whole && total < 0 {
			total = s.size // it is not stated
		}
		id = identity(p.tag, total)
		return p.status, p.pause, err
	})
	if err != nil {
		return "", err
	}
	s.latest.Lock()
	defer s.latest.Unlock()
	s.latestID, s.latestAt = id, time.Now()
	return id, nil
}

// ReadAtContext reads what is likely to be the structure of a file: it reads ahead, and serves later reads from what it
// has. Use ReadRanges for pixels.
func (s *Source) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, &source.FarError{Name: s.name, Err: fmt.Errorf("an offset of %d", off)}
	}
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	n := int(min(int64(len(p)), max(0, s.size-off)))
	var end error
	if n < len(p) {
		end = io.EOF
	}
	if n == 0 || s.ahead.copy(p[:n], off) {
		return n, end
	}
	from, to := s.ahead.around(off, off+int64(n), s.size)
	b, err := s.fetch(ctx, from, to)
	if err != nil {
		return 0, err
	}
	copy(p[:n], b[off-from:])
	s.ahead.keep(from, b)
	return n, end
}

// ready returns why nothing is to be read.
func (s *Source) ready(ctx context.Context) error {
	if s.changed.Load() {
		return &source.ChangedError{Name: s.name}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// download reads the bytes from off on into b with as many requests as it takes.
func (s *Source) download(ctx context.Context, b []byte, off int64) error {
	got := 0
	return s.attempt(ctx, func(ctx context.Context) (int, time.Duration, error) {
		from, to := off+int64(got), off+int64(len(b))
		p, err := s.ask(ctx, from, to, s.tag)
		defer p.close()
		switch {
		case err != nil:
			return p.status, p.pause, err
		case p.whole:
			return p.status, p.pause, fmt.Errorf("%w: all of the file", ErrWrongPart)
		case p.total != s.size:
			return p.status, p.pause, s.markChanged(fmt.Errorf("%d bytes instead of %d", p.total, s.size))
		case p.to != to:
			return p.status, p.pause, fmt.Errorf("%w: it ends at %d", ErrWrongPart, p.to)
		}
		n, err := p.fill(b[got:])
		source.CounterOf(ctx).Add(0, int64(n), 0)
		got += n // what came is right, and is not asked for again
		return p.status, p.pause, err
	})
}
