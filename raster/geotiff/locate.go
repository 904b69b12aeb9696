package geotiff

import (
	"context"
	"errors"
	"fmt"
)

// Some writers leave out the sizes of strips, or state sizes that cannot be. TIFF 6.0 has no rule for them; libtiff
// (tif_dirread.c: EstimateStripByteCounts and the tests before its calls) takes the size of samples that are not
// compressed from the image's size, and lets compressed strips extend to the end of the file. Here they extend to the
// next strip.

// locate returns the offset and number of the bytes of a block that has size bytes when decoded. n is 0 for a sparse
// block, which has no bytes in the file. For a piece of a strip that is decoded from its first row on, they are the bytes
// of the strip.
func (f *File) locate(ctx context.Context, p *pixels, plane, col, row int, size uint64) (off, n uint64, err error) {
	l := p.layout
	index := l.index(plane, col, row)
	if off, err = f.entry(ctx, p, l.offsets, kindOffsets, index); err != nil {
		return 0, 0, err
	}
	need, skip := size, uint64(0) // of the whole strip
	if l.pieces > 1 {
		need = l.stripBytes(l.stripRowsOf(row / l.pieces))
		skip = l.above(row)
	}
	if n, _, err = f.bytesOf(ctx, p, index, off, need); err != nil || n == 0 {
		return 0, 0, err
	}
	if l.streamed() {
		return off, min(n, p.d.s.in.size-off, l.maxPacked(need)), nil
	}
	if l.pieces > 1 {
		if skip >= n || !p.d.s.in.has(off, skip) {
			return 0, 0, wrong(l.counts, n, "less than the rows need")
		}
		off, n = off+skip, n-skip
	}
	// Cut off a size that exceeds the end of the file, as libtiff does: the missing bytes may be padding. Nor read more
	// than a block can need.
	return off, min(n, p.d.s.in.size-off, l.maxPacked(size)), nil
}

// above returns the number of bytes that the rows of a strip take when decoded that are above the block in a row.
func (l *layout) above(row int) uint64 {
	return uint64(l.rowBytes) * uint64(row%l.pieces) * uint64(l.block.Y)
}

// bytesOf returns the number of bytes of the strip or tile with an index, which start at off and have need bytes when
// decoded; 0 if it is sparse. guessed reports that the file does not state the number, or states one that cannot be.
func (f *File) bytesOf(ctx context.Context, p *pixels, index, off, need uint64) (n uint64, guessed bool, err error) {
	l, in := p.layout, p.d.s.in
	stated := p.d.has(l.counts)
	if stated {
		if n, err = f.entry(ctx, p, l.counts, kindCounts, index); err != nil {
			return 0, false, err
		}
	}
	plain := l.compression == None
	switch {
	case n == 0 && (off == 0 || stated && !l.zeroCounts):
		return 0, false, nil
	case off == 0:
		return 0, false, wrong(l.offsets, off, fmt.Sprintf("but %v %d", l.counts, n))
	case off >= in.size:
		return 0, false, wrong(l.offsets, off, fmt.Sprintf("in a file of %d bytes", in.size))
	case n > 0 && !(plain && n < need && !l.tiled):
		return n, false, nil
	}
	end, err := f.nextOffset(ctx, p, index, off)
	if err != nil {
		return 0, false, err
	}
	switch room := end - off; {
	case plain && room >= need:
		return need, true, nil
	case n > 0:
		return n, false, nil // there is no room for more: decoding reports what is missing
	default:
		return room, true, nil
	}
}

// nextOffset returns the offset of the strip or tile after the one with an index, which starts at off. After the last
// one, and if blocks are not in the order of their indices, it returns the end of the file.
func (f *File) nextOffset(ctx context.Context, p *pixels, index, off uint64) (uint64, error) {
	l := p.layout
	if index+1 >= min(p.d.fields[l.offsets].count, l.count()) {
		return p.d.s.in.size, nil
	}
	next, err := f.entry(ctx, p, l.offsets, kindOffsets, index+1)
	if err != nil {
		return 0, err
	}
	if next < off || next > p.d.s.in.size {
		return p.d.s.in.size, nil
	}
	return next, nil
}

// count returns the number of strips or tiles in the file.
func (l *layout) count() uint64 {
	return uint64(l.planes()) * uint64(l.across) * l.stripsDown()
}

// checkSizes looks at the sizes of the blocks of p and, if they are missing or cannot be, adds a note about them, unless
// quiet. Of strips it looks at the first pages of the arrays of offsets and sizes, which reading needs anyway; of tiles
// at no array, since they are long, and tiles of no bytes are sparse whatever their offset is: GDAL leaves such tiles.
//
// A strip of no bytes is sparse as well, but if all strips are of no bytes though they have offsets, the writer never
// filled in their sizes.
func (f *File) checkSizes(ctx context.Context, p *pixels, quiet bool) error {
	l := p.layout
	note := func(what string) {
		if !quiet {
			f.note(fmt.Sprintf(
				"%v %s: the sizes of strips or tiles follow from their offsets and the image's size", l.counts, what))
		}
	}
	if !p.d.has(l.counts) {
		note("is missing")
		return nil
	}
	if l.tiled {
		return nil
	}
	n := min(l.count(), pageLen)
	offsets, zero := false, true
	for i := uint64(0); i < n && zero; i++ {
		off, err := f.entry(ctx, p, l.offsets, kindOffsets, i)
		if err != nil {
			return spareFormat(err)
		}
		size, err := f.entry(ctx, p, l.counts, kindCounts, i)
		if err != nil {
			return spareFormat(err)
		}
		offsets, zero = offsets || off != 0, size == 0
	}
	l.zeroCounts = offsets && zero
	if l.zeroCounts {
		note("is 0")
		return nil
	}
	if quiet || l.compression != None {
		return nil
	}
	for i := range n {
		off, err := f.entry(ctx, p, l.offsets, kindOffsets, i)
		if err != nil {
			return spareFormat(err)
		}
		rows := l.stripRowsOf(int(i % l.stripsDown()))
		_, guessed, err := f.bytesOf(ctx, p, i, off, l.stripBytes(rows))
		if err != nil {
			return spareFormat(err)
		}
		if guessed {
			note("is less than the samples take")
			return nil
		}
	}
	return nil
}

// spareFormat returns nil for an error about the file: reading the block reports it, unless nobody reads it.
func spareFormat(err error) error {
	if _, wrong := errors.AsType[*FormatError](err); wrong {
		return nil
	}
	return err
}

// packedBytes returns the number of bytes that the given number of rows of a block take when decoded.
func (l *layout) packedBytes(rows int) int {
	if l.ycbcr != nil {
		return l.ycbcr.size(l.block.X, rows)
	}
	return rows * l.rowBytes
}

// stripBytes is packedBytes for the rows of a whole strip, which may be more than fit in memory.
func (l *layout) stripBytes(rows int) uint64 {
	if l.pieces > 1 {
		return uint64(rows) * uint64(l.rowBytes)
	}
	return uint64(l.packedBytes(rows))
}
