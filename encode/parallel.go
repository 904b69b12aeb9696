package encode

import (
	"io"
	"runtime"
)

// maxWorkers bounds how many pieces are packed at a time when Options do not say: more cores than that wait for the
// strips anyway, and each takes memory.
const maxWorkers = 8

// workers is the stated number or the default.
func (o *Options) workers() int {
	if o == nil || o.Workers <= 0 {
		return min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	return o.Workers
}

// A piece is a part of a picture, some rows, that is packed without regard to the others.
type piece interface {
	pack() error
	write(w io.Writer) error // what pack has made; called once, in the order of the pieces
}

// A line packs pieces side by side and writes them in the order they came: take a piece, fill it, send it, and in the
// end finish. At most as many pieces as workers are packed at a time, and twice as many wait to be packed or written.
type line[P piece] struct {
	w       io.Writer
	workers int
	fresh   func() P // makes a piece
	idle    []P
	sent    []chan result[P] // the oldest first
	slots   chan struct{}
}

type result[P piece] struct {
	piece P
	err   error
}

func newLine[P piece](w io.Writer, workers int, fresh func() P) *line[P] {
	return &line[P]{w: w, workers: workers, fresh: fresh, slots: make(chan struct{}, workers)}
}

// take gives a piece to fill.
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

// send has p packed, and p's bytes written when their turn comes. One worker is the caller himself.
func (l *line[P]) send(p P) error {
	if l.workers == 1 {
		return l.write(result[P]{p, p.pack()})
	}
	done := make(chan result[P], 1)
	l.sent = append(l.sent, done)
	go func() {
		l.slots <- struct{}{}
		err := p.pack()
		<-l.slots
		done <- result[P]{p, err}
	}()
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

// finish writes what is left.
func (l *line[P]) finish() error {
	for len(l.sent) > 0 {
		if err := l.writeOldest(); err != nil {
			return err
		}
	}
	return nil
}

// stop waits until no piece is being packed, and calls free with each. It must be called, after finish or to give up.
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
