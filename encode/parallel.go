package encode

import (
	"io"
	"runtime"

	"github.com/geoexport/geoexport/internal/guard"
)

// maxWorkers bounds the number of pieces packed at a time if Options have none: more workers would wait for strips
// anyway, and each takes memory.
const maxWorkers = 8

// workers returns the stated number of workers or the default.
func (o *Options) workers() int {
	if o == nil || o.Workers <= 0 {
		return min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	return o.Workers
}

// A piece is a part of an image, some rows, that is packed without regard to the others.
type piece interface {
	pack() error
	write(w io.Writer) error // writes the packed piece; called once, in the order of the pieces
}

// A line packs pieces in parallel and writes them in the order they were sent. A caller takes a piece, fills it and
// sends it, again and again, and in the end calls finish, then stop. At most one piece a worker is packed at a time,
// and two a worker wait to be packed or written.
type line[P piece] struct {
	w       io.Writer
	workers int
	fresh   func() P // makes a piece
	idle    []P
	sent    []chan result[P] // the oldest first
	slots   chan struct{}    // one for each piece that is being packed
}

type result[P piece] struct {
	piece P
	err   error
}

func newLine[P piece](w io.Writer, workers int, fresh func() P) *line[P] {
	return &line[P]{w: w, workers: workers, fresh: fresh, slots: make(chan struct{}, workers)}
}

// take returns a piece to fill.
func (l *line[P]) take() (P, error) {
	if len(l.sent)/2 >= l.workers {
		if err := l.writeOldest(); err != nil {
			var none P
			return none, err
		}
	}
	n := len(l.idle)
	if n == 0 {
		return l.fresh(), nil
	}
	p := l.idle[n-1]
	l.idle = l.idle[:n-1]
	return p, nil
}

// send packs p and writes it when its turn comes. A single worker is the calling goroutine.
func (l *line[P]) send(p P) error {
	if l.workers == 1 {
		return l.write(result[P]{p, p.pack()})
	}
	done := make(chan result[P], 1)
	l.sent = append(l.sent, done)
	guard.Go(nil, "packing a part of an image", func() error {
		l.slots <- struct{}{}
		defer func() { <-l.slots }()
		return p.pack()
	}, func(err error) { done <- result[P]{p, err} })
	return nil
}

func (l *line[P]) writeOldest() error {
	done := l.sent[0]
	l.sent = l.sent[1:]
	return l.write(<-done)
}

func (l *line[P]) write(r result[P]) error {
	l.idle = append(l.idle, r.piece)
	if r.err != nil {
		return r.err
	}
	return r.piece.write(l.w)
}

// finish writes the pieces that are left.
func (l *line[P]) finish() error {
	for len(l.sent) > 0 {
		if err := l.writeOldest(); err != nil {
			return err
		}
	}
	return nil
}

// stop waits until no piece is being packed, and calls free with each piece. It must be called in any case, at the end
// or after an error.
func (l *line[P]) stop(free func(P)) {
	for _, done := range l.sent {
		l.idle = append(l.idle, (<-done).piece)
	}
	l.sent = nil
	for _, p := range l.idle {
		free(p)
	}
	l.idle = nil
}
