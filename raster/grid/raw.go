package grid

import (
	"context"
	"fmt"
	"image"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// raw are samples that lie at places which follow from their band, row and column. A line is what lies side by side
// in the file: a row, or a column of formats that are stored by columns. All steps are in bits, since samples can be
// smaller than a byte.
type raw struct {
	src    source.Source
	size   image.Point
	enc    encoding
	first  int64 // where the first sample of the first line of the first band is, in bits
	sample int64 // from one sample of a line to the next
	line   int64 // from one line to the next
	band   int64 // from one band to the next

	columns bool        // lines are columns
	upwards bool        // the first line is the last row; of columns, the first sample is
	sums    *columnSums // nil unless columns have checksums that are verified
}

var _ samples = (*raw)(nil)

// lines returns how many lines there are, and how many samples each has.
func (r *raw) lines() (n, length int) {
	if r.columns {
		return r.size.X, r.size.Y
	}
	return r.size.Y, r.size.X
}

// check returns an error unless the file has all samples of a number of bands. Steps come from a header and may be
// anything from 0 on.
func (r *raw) check(bands int) error {
	n, length := r.lines()
	end := add(uint64(r.first), uint64(r.enc.bits))
	end = add(end, mul(uint64(length-1), uint64(r.sample)))
	end = add(end, mul(uint64(n-1), uint64(r.line)))
	end = add(end, mul(uint64(bands-1), uint64(r.band)))
	if have := mul(uint64(r.src.Size()), 8); end > have {
		return &FormatError{Name: "size of the file", Value: show(r.src.Size()), Reason: fmt.Sprintf(
			"the samples that the header describes end after byte %d", add(end, 7)/8)}
	}
	return nil
}

// holds returns an error unless the file is long enough for samples of some bits each, wherever they are in it. So
// products of sides, bands and bits do not overflow.
func (in *input) holds(h *header, enc encoding) error {
	need := mul(mul(uint64(h.size.X), uint64(h.size.Y)), mul(uint64(h.bands), uint64(enc.bits)))
	if have := mul(uint64(max(0, in.src.Size())), 8); need > have {
		return &FormatError{Name: "size of the file", Value: show(in.src.Size()), Reason: fmt.Sprintf(
			"%d × %d samples of %d bands need %d bytes", h.size.X, h.size.Y, h.bands, add(need, 7)/8)}
	}
	return nil
}

// step returns a·b, or a number that is too large for any file.
func step(a, b int64) int64 { return int64(min(mul(uint64(a), uint64(b)), 1<<58)) }

// partBytes is about how many bytes of a file a part has.
const partBytes = 1 << 20

// gapBytes is how many bytes between two lines are read with them rather than passed over: about as many as cost the
// time of another read.
const gapBytes = 4 << 10

// perLine returns how many bytes of the file one line of a part takes at most, of all bands.
func (r *raw) perLine(part image.Rectangle, bands int) int64 {
	length := part.Dx()
	if r.columns {
		length = part.Dy()
	}
	if r.sums != nil {
		return r.sums.bytes + gapBytes
	}
	return (r.lineBytes(length) + gapBytes) * int64(bands)
}

// lineBytes returns how many bytes a number of samples of a line take at most, with what lies between them.
func (r *raw) lineBytes(length int) int64 {
	return (int64(length-1)*r.sample+int64(r.enc.bits)+14)/8 + 1
}

func (r *raw) part(win image.Rectangle, bands int) image.Rectangle {
	n := max(1, int(partBytes/max(1, r.perLine(win, bands))))
	if r.columns {
		win.Max.X = min(win.Max.X, win.Min.X+n)
	} else {
		win.Max.Y = min(win.Max.Y, win.Min.Y+n)
	}
	return win
}

func (r *raw) memory(part image.Rectangle, bands int) int64 {
	n := part.Dy()
	if r.columns {
		n = part.Dx()
	}
	const besides = 128 // of the lists of pieces and spans
	return (r.perLine(part, bands) + besides*int64(bands)) * int64(n)
}

// A piece is the part of a line that a plane takes.
type piece struct {
	plane int
	line  int   // row or column of the raster
	bit   int64 // where it begins in the file
	bytes int64 // how many bytes it touches
}

func (p piece) from() int64 { return p.bit / 8 }
func (p piece) to() int64   { return p.bit/8 + p.bytes }

// pieces returns those of a part of the raster, in the order of the file.
func (r *raw) pieces(part image.Rectangle, bands []int) []piece {
	n, length := r.lines()
	lines, along := [2]int{part.Min.Y, part.Max.Y}, [2]int{part.Min.X, part.Max.X}
	if r.columns {
		lines, along = along, lines
		if r.upwards {
			along = [2]int{length - along[1], length - along[0]}
		}
	}
	list := make([]piece, 0, len(bands)*(lines[1]-lines[0]))
	for i, b := range bands {
		for line := lines[0]; line < lines[1]; line++ {
			at := line
			if r.upwards && !r.columns {
				at = n - 1 - line
			}
			bit := r.first + int64(b)*r.band + int64(at)*r.line + int64(along[0])*r.sample
			last := bit + int64(along[1]-along[0]-1)*r.sample + int64(r.enc.bits)
			list = append(list, piece{i, line, bit, (last+7)/8 - bit/8})
		}
	}
	slices.SortFunc(list, func(a, b piece) int {
		switch {
		case a.bit < b.bit:
			return -1
		case a.bit > b.bit:
			return 1
		}
		return 0
	})
	return list
}

func (r *raw) read(ctx context.Context, planes []raster.Plane, bands []int) error {
	part := planes[0].Bounds()
	pieces := r.pieces(part, bands)
	wanted := pieces
	if r.sums != nil {
		wanted = r.sums.records(pieces)
	}
	spans := spansOf(wanted)
	if err := readRanges(ctx, r.src, spans); err != nil {
		return err
	}
	s := 0
	for _, p := range pieces {
		for p.from() >= spans[s].Offset+int64(len(spans[s].Buffer)) {
			s++
		}
		if r.sums != nil {
			if err := r.sums.verify(spans[s].Buffer, spans[s].Offset, p.line); err != nil {
				return err
			}
		}
		r.decode(planes[p.plane], p.line, spans[s].Buffer[p.from()-spans[s].Offset:], int(p.bit%8))
	}
	return nil
}

// spansOf returns the ranges of the file that hold the pieces, which are in the order of the file, with buffers for
// them.
func spansOf(pieces []piece) (spans []source.Range) {
	var from, to, total int64
	var ends [][2]int64
	flush := func() {
		if to > from {
			ends = append(ends, [2]int64{from, to})
			total += to - from
		}
	}
	for i, p := range pieces {
		if i > 0 && p.from() <= to+gapBytes {
			to = max(to, p.to())
			continue
		}
		flush()
		from, to = p.from(), p.to()
	}
	flush()
	buf := make([]byte, total)
	for _, e := range ends {
		n := e[1] - e[0]
		spans = append(spans, source.Range{Offset: e[0], Buffer: buf[:n:n]})
		buf = buf[n:]
	}
	return spans
}

// readRanges reads all ranges, in one call if the source can.
func readRanges(ctx context.Context, src source.Source, ranges []source.Range) error {
	if far, ok := src.(source.RangeReader); ok {
		if err := far.ReadRanges(ctx, ranges); err != nil {
			return fmt.Errorf("grid: reading %d ranges from byte %d on: %w", len(ranges), ranges[0].Offset, err)
		}
		return nil
	}
	for _, s := range ranges {
		if err := source.ReadFull(ctx, src, s.Buffer, s.Offset); err != nil {
			return fmt.Errorf("grid: reading %d bytes from byte %d on: %w", len(s.Buffer), s.Offset, err)
		}
	}
	return nil
}
