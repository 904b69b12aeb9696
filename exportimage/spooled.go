package exportimage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"sync"

	"github.com/geoexport/geoexport/internal/spool"
)

// A Spooled is an exported image that waits to be sent: in memory if it is small, or else in a temporary file. Until it
// is closed, it counts against the service's Limits.Bytes and Limits.Spool, but takes no place among Limits.Exports. It
// can be read by several goroutines. The zero value is an empty one.
type Spooled struct {
	Result // with a nil Data
	Sum    [sha256.Size]byte

	mu     sync.Mutex // of spool, whose file may serve one goroutine at a time
	spool  spool.Spool
	ticket *ticket
	close  sync.Once

	whole sync.Mutex // of data, and of the wait for its room
	data  []byte     // all bytes, once somebody has asked for them
}

// ExportSpooled makes one image, of which the bytes are those of Export. It is for servers, whose clients may take their
// time to read, and for images too large for memory. The caller closes the result.
func (s *Service) ExportSpooled(ctx context.Context, req Request) (*Spooled, error) {
	return observed(ctx, s, "exporting", &req, func() (*Spooled, error) {
		a := &Spooled{spool: spool.Spool{Memory: answerMemory, Make: s.TempFile, Scratch: &s.answers}}
		done := false
		defer func() {
			if !done {
				_ = a.Close() // the first error is the one that matters
			}
		}()
		sum := sha256.New()
		res, t, err := s.export(ctx, &summed{&a.spool, sum}, req, spooled)
		if err != nil {
			return nil, err
		}
		a.Result, a.ticket = res, t
		if err = a.finish(sum); err != nil {
			return nil, err
		}
		done = true
		return a, nil
	})
}

// A summed writer writes to a spool, and to its sum.
type summed struct {
	spool *spool.Spool
	sum   hash.Hash
}

func (w *summed) Write(p []byte) (int, error) {
	_, _ = w.sum.Write(p) // which never fails
	return w.spool.Write(p)
}

// restart drops what was written.
func (w *summed) restart() error {
	w.sum.Reset()
	err := w.spool.Close()
	*w.spool = spool.Spool{Memory: w.spool.Memory, Make: w.spool.Make, Scratch: w.spool.Scratch}
	return err
}

// finish makes the bytes ready to be read, and gives back what was planned for more than there are.
func (a *Spooled) finish(sum hash.Hash) error {
	a.Sum = [sha256.Size]byte(sum.Sum(nil))
	if err := a.spool.Finish(); err != nil {
		return err
	}
	kept := need{memory: min(a.spool.Len(), answerMemory)}
	if a.spool.InFile() {
		kept = need{spool: a.spool.Len()}
	}
	a.ticket.keep(kept.least(a.ticket.held))
	return nil
}

// Size returns the number of bytes.
func (a *Spooled) Size() int64 { return a.spool.Len() }

// Reader returns a reader of all bytes, from the first.
func (a *Spooled) Reader() *io.SectionReader {
	return io.NewSectionReader(lockedReader{a}, 0, a.spool.Len())
}

type lockedReader struct{ *Spooled }

// ReadAt implements io.ReaderAt.
func (a lockedReader) ReadAt(p []byte, off int64) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.spool.ReadAt(p, off)
}

// Bytes returns all bytes in memory, which count against Limits.Bytes until a is closed: it may have to wait for room. All
// callers get the same ones, which must not be written to.
func (a *Spooled) Bytes(ctx context.Context) ([]byte, error) {
	if a.ticket == nil {
		return nil, nil
	}
	a.whole.Lock()
	defer a.whole.Unlock()
	if a.data != nil {
		return a.data, nil
	}
	if err := a.ticket.again(ctx, need{memory: a.Size()}); err != nil {
		return nil, AsError(err)
	}
	data := make([]byte, a.Size())
	if _, err := io.ReadFull(a.Reader(), data); err != nil {
		return nil, AsError(err)
	}
	a.data = data
	return data, nil
}

// Close drops the bytes. The result's other fields stay. It may be called more than once.
func (a *Spooled) Close() error {
	var err error
	a.close.Do(func() {
		if err = a.spool.Close(); a.ticket != nil {
			a.ticket.keep(need{})
		}
	})
	return err
}

// A bounded writer takes as many bytes as were planned for.
type bounded struct {
	w    io.Writer
	left int64
	most int64
}

func newBounded(w io.Writer, most int64) *bounded { return &bounded{w, most, most} }

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, &Error{Kind: TooLarge, Param: "format", Err: overLimit("Bytes", b.most-b.left, b.most,
			"the image has more bytes than were planned for (limits Bytes, Spool)")}
	}
	return b.w.Write(p)
}

// pieces collects what is written to it without copying it again as it grows. The zero value is empty.
type pieces struct {
	all  [][]byte
	last int // the piece that is being filled; those after it are empty
}

const (
	// pieceBytes is the size of the first piece. The more there are, the larger they are.
	pieceBytes = 64 << 10
	// keptPieces is the most pieces that are kept for later images: four megabytes.
	keptPieces = 6
)

func (p *pieces) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		if p.last == len(p.all) {
			p.all = append(p.all, make([]byte, 0, pieceBytes<<min(len(p.all), 6)))
		}
		to := p.all[p.last]
		took := min(len(b), cap(to)-len(to))
		p.all[p.last] = append(to, b[:took]...)
		if b = b[took:]; took == cap(to)-len(to) {
			p.last++
		}
	}
	return n, nil
}

// join returns everything in one slice of its own.
func (p *pieces) join() []byte { return bytes.Join(p.all, nil) }

// empty drops what was written, and reports whether the memory is worth keeping.
func (p *pieces) empty() bool {
	_ = p.restart()
	return len(p.all) <= keptPieces
}
