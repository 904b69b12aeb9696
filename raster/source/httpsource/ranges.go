package httpsource

import (
	"cmp"
	"context"
	"fmt"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster/source"
)

// A piece is bytes that are fetched with one request, for the ranges first to last-1.
type piece struct {
	from, to    int64
	first, last int
}

// pieces merges ranges, which are sorted by offset, over gaps of up to gap bytes, and splits what is longer than longest
// into equal pieces.
func pieces(ranges []source.Range, gap, longest int64) []piece {
	var merged, split []piece
	for i, r := range ranges {
		to := r.Offset + int64(len(r.Buffer))
		if n := len(merged); n > 0 && r.Offset <= merged[n-1].to+gap && max(to, merged[n-1].to)-merged[n-1].from <= longest {
			merged[n-1].to, merged[n-1].last = max(to, merged[n-1].to), i+1
			continue
		}
		merged = append(merged, piece{r.Offset, to, i, i + 1})
	}
	for _, p := range merged {
		size := p.to - p.from
		n := max(1, (size+longest-1)/longest)
		for i := range n {
			split = append(split, piece{p.from + size*i/n, p.from + size*(i+1)/n, p.first, p.last})
		}
	}
	return split
}

// ReadRanges fills the buffers with as few requests as Client.Gap and Client.Longest lead to, side by side. It waits for
// ranges that others are fetching, and does not ask for them again.
func (s *Source) ReadRanges(ctx context.Context, ranges []source.Range) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	wanted := make([]source.Range, 0, len(ranges))
	var shared []sharedRange // that others are fetching
	for i, r := range ranges {
		switch {
		case r.Offset < 0 || r.Offset > s.size-int64(len(r.Buffer)):
			return &source.FarError{Name: s.name, Err: fmt.Errorf("%d bytes at %d of %d", len(r.Buffer), r.Offset, s.size)}
		case i > 0 && r.Offset < ranges[i-1].Offset:
			return &source.FarError{Name: s.name, Err: fmt.Errorf("ranges are not sorted: %d after %d", r.Offset, ranges[i-1].Offset)}
		case len(r.Buffer) == 0 || s.ahead.copy(r.Buffer, r.Offset):
		default:
			if x := s.flights.with(r.Offset, r.Offset+int64(len(r.Buffer))); x != nil {
				shared = append(shared, sharedRange{x, r})
				continue
			}
			wanted = append(wanted, r)
		}
	}
	gap := max(0, int64(cmp.Or(s.client.Gap, DefaultGap)))
	list := pieces(wanted, gap, int64(cmp.Or(s.client.Longest, DefaultLongest)))
	if len(list) == 1 && len(shared) == 0 {
		return s.readPiece(ctx, wanted, list[0])
	}
	g, ctx := guard.WithContext(ctx)
	g.SetLimit(cap(s.client.slots))
	for _, p := range list {
		g.Go("reading "+s.name, func() error { return s.readPiece(ctx, wanted, p) })
	}
	for _, r := range shared { // which takes no request, unless those who sent it gave up
		g.Go("waiting for "+s.name, func() error { return s.readShared(ctx, r) })
	}
	return g.Wait()
}

// A sharedRange is a range in what others are fetching.
type sharedRange struct {
	flight *flight
	source.Range
}

// readShared waits for others, or fetches the range itself if they gave up.
func (s *Source) readShared(ctx context.Context, r sharedRange) error {
	from, to := r.Offset, r.Offset+int64(len(r.Buffer))
	b, left, err := r.flight.wait(ctx, from, to)
	if left {
		b, err = s.fetch(ctx, from, to)
	}
	if err == nil {
		copy(r.Buffer, b)
	}
	return err
}

// readPiece copies what a piece has of each of its ranges. Pieces share no byte of a buffer.
func (s *Source) readPiece(ctx context.Context, ranges []source.Range, p piece) error {
	b, err := s.fetch(ctx, p.from, p.to)
	if err != nil {
		return err
	}
	for _, r := range ranges[p.first:p.last] {
		from, to := max(p.from, r.Offset), min(p.to, r.Offset+int64(len(r.Buffer)))
		if from < to {
			copy(r.Buffer[from-r.Offset:to-r.Offset], b[from-p.from:])
		}
	}
	return nil
}
