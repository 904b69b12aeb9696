package rastertest

import (
	"context"
	"io"

	"github.com/geoexport/geoexport/raster/source"
)

// FaultySource returns src with faults: reads that f picks fail, are cancelled, delayed, stalled or short, or panic. It
// is safe for concurrent use. It reads one range at a time, also if src is a source.RangeReader.
func FaultySource(src source.Source, f *Faults) source.Source { return &faultySource{src, f} }

type faultySource struct {
	source.Source
	faults *Faults
}

func (s *faultySource) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	kind, r, ok := s.faults.Next(Fail, Cancelled, Delay, Stall, Panic, ShortRead)
	if !ok {
		return s.Source.ReadAtContext(ctx, p, off)
	}
	switch kind {
	case Fail:
		for i := range p {
			p[i] = 0xa5
		}
		return r.IntN(max(len(p), 1)), ErrFault
	case Cancelled:
		return 0, context.Canceled
	case Delay:
		return delayed(ctx, s.faults.Delay, func() (int, error) { return s.Source.ReadAtContext(ctx, p, off) })
	case Stall:
		<-ctx.Done()
		return 0, ctx.Err()
	case Panic:
		panic("injected fault: ReadAtContext")
	}
	n, err := s.Source.ReadAtContext(ctx, p, off)
	if err != nil && err != io.EOF || n == 0 {
		return n, err
	}
	if r.IntN(2) == 0 {
		err = io.EOF
	} else {
		err = nil
	}
	return r.IntN(n), err
}
