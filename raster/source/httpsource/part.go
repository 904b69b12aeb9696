package httpsource

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/raster/source"
)

// A part is the answer to a request for a range, of which nothing but the header was read.
type part struct {
	from, to int64 // the bytes that the body holds
	total    int64 // the size of the file
	whole    bool  // whether the server ignored the range
	tag      validator
	status   int
	body     io.ReadCloser
	pause    time.Duration // that the server asks for before the next request; negative if it asks for none
}

// A validator is what a server states about the version of a file.
type validator struct{ etag, modified string }

func validatorOf(h http.Header) validator { return validator{h.Get("ETag"), h.Get("Last-Modified")} }

// strong reports whether the ETag may be used with If-Match.
func (v validator) strong() bool { return v.etag != "" && !strings.HasPrefix(v.etag, "W/") }

// differs reports whether an answer is of another version. What one of both does not state proves nothing.
func (v validator) differs(o validator) bool {
	if v.etag != "" && o.etag != "" {
		return v.etag != o.etag
	}
	return v.modified != "" && o.modified != "" && v.modified != o.modified
}

// ask sends a request for the bytes [from, to) of a file of a version, any version if tag is zero. The caller closes the
// body of the part, also if there is an error, if the body is not nil.
func (s *Source) ask(ctx context.Context, from, to int64, tag validator) (part, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url.String(), nil)
	if err != nil {
		return part{}, err
	}
	maps.Copy(r.Header, s.client.Header)
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", from, to-1))
	switch {
	case tag.strong():
		r.Header.Set("If-Match", tag.etag)
	case tag.modified != "":
		r.Header.Set("If-Unmodified-Since", tag.modified)
	}
	answer, err := s.client.plain.Do(r)
	if err != nil {
		return part{}, bare(err)
	}
	p := part{status: answer.StatusCode, body: answer.Body, tag: validatorOf(answer.Header), pause: retryAfter(answer.Header)}
	if tag != (validator{}) && (p.status == http.StatusPreconditionFailed || p.status/100 == 2 && tag.differs(p.tag)) {
		return p, s.markChanged(nil)
	}
	switch e := answer.Header.Get("Content-Encoding"); {
	case p.status == http.StatusRequestedRangeNotSatisfiable:
		total, ok := strings.CutPrefix(answer.Header.Get("Content-Range"), "bytes */")
		if n, err := strconv.ParseInt(total, 10, 64); ok && err == nil && n >= 0 && n <= from {
			p.from, p.to, p.total = from, from, n
			return p, nil
		}
		return p, StatusError(p.status)
	case p.status != http.StatusOK && p.status != http.StatusPartialContent:
		return p, StatusError(p.status)
	case e != "" && e != "identity":
		return p, fmt.Errorf("%w, %q", ErrEncoded, e)
	case p.status == http.StatusOK && strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html"):
		return p, fmt.Errorf("%w: a page", ErrWrongPart) // such as one that asks to log in
	case p.status == http.StatusOK:
		p.whole, p.to, p.total = true, answer.ContentLength, answer.ContentLength
		return p, nil
	}
	return p, p.read(answer, from, to)
}

// read takes the bounds of a part over from its header, and checks that they are those that were asked for, or reach up
// to the end of the file.
func (p *part) read(answer *http.Response, from, to int64) error {
	text := answer.Header.Get("Content-Range")
	var ok bool
	p.from, p.to, p.total, ok = parseContentRange(text)
	switch {
	case !ok:
		return fmt.Errorf("%w: Content-Range %.80q", ErrWrongPart, text)
	case p.from != from || p.to != min(to, p.total):
		return fmt.Errorf("%w: bytes %d to %d of %d instead of %d to %d", ErrWrongPart, p.from, p.to, p.total, from, to)
	case answer.ContentLength >= 0 && answer.ContentLength != p.to-p.from:
		return fmt.Errorf("%w: %d bytes for %d", ErrWrongPart, answer.ContentLength, p.to-p.from)
	}
	return nil
}

// parseContentRange reads a Content-Range of one part, such as "bytes 0-99/1234". It returns the end behind the last
// byte, and ok false for what is no such text or states no total.
func parseContentRange(text string) (from, to, total int64, ok bool) {
	text, ok = strings.CutPrefix(text, "bytes ")
	bounds, size, found := strings.Cut(text, "/")
	first, last, hyphen := strings.Cut(bounds, "-")
	if !ok || !found || !hyphen {
		return 0, 0, 0, false
	}
	var errs [3]error
	from, errs[0] = strconv.ParseInt(first, 10, 64)
	to, errs[1] = strconv.ParseInt(last, 10, 64)
	total, errs[2] = strconv.ParseInt(size, 10, 64)
	if errors.Join(errs[:]...) != nil || from < 0 || to < from || to >= total {
		return 0, 0, 0, false
	}
	return from, to + 1, total, true
}

// fill reads the body of a part into b, which has its length, and reports how many bytes came.
func (p *part) fill(b []byte) (int, error) {
	n, err := io.ReadFull(p.body, b)
	if err != nil {
		return n, fmt.Errorf("%w: %d bytes of %d: %w", ErrWrongPart, n, len(b), bare(err))
	}
	var more [1]byte
	if extra, _ := io.ReadFull(p.body, more[:]); extra > 0 {
		return 0, fmt.Errorf("%w: more than %d bytes", ErrWrongPart, len(b))
	}
	return n, nil
}

// close frees the connection. An answer of which little is left is read to its end, so that the connection serves again.
func (p *part) close() {
	if p.body == nil {
		return
	}
	_, _ = io.CopyN(io.Discard, p.body, 4<<10)
	_ = p.body.Close()
}

// retryAfter returns the pause that a server asks for, or a negative number.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil && n >= 0 {
		return time.Duration(min(n, 1<<20)) * time.Second
	}
	if t, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(t))
	}
	return -1
}

// markChanged makes the source fail from now on.
func (s *Source) markChanged(err error) error {
	s.changed.Store(true)
	s.latest.Lock()
	s.latestAt = time.Time{} // Latest must not return what it found out before
	s.latest.Unlock()
	return &source.ChangedError{Name: s.name, Err: err}
}
