package function

import (
	"encoding/binary"
	"image"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// A neighbourhood is a pixel and its neighbours, row by row from the north-west: the pixel itself is the fifth.
type neighbourhood [9]float64

// neighbours are the validity of the pixels of a row and of those around them. All functions of surfaces have one rule for
// neighbours without data, that of ArcGIS since version 10.4: a pixel is valid if it and at least seven of its eight
// neighbours hold data, and the one that is missing counts as high as the pixel itself.
type neighbours struct {
	block *raster.Block // a pixel more than the row on both sides
	marks [3][]uint8    // of the rows above, at and below
	spans [3]columns    // where all pixels of these hold data: the first such stretch
	gaps  []gap
}

// columns are those from one up to another.
type columns struct{ from, to int }

// A gap is one missing neighbour of a pixel.
type gap struct {
	x, at int   // at is its number in the neighbourhood
	valid uint8 // the validity of the pixel
}

// newNeighbours returns neighbours that are ready for moveTo row y.
func newNeighbours(b *raster.Block, y int) *neighbours {
	n := &neighbours{block: b}
	n.load(y - 1)
	n.load(y)
	return n
}

// load makes row y the one below.
func (n *neighbours) load(y int) {
	n.marks[0], n.marks[1] = n.marks[1], n.marks[2]
	n.spans[0], n.spans[1] = n.spans[1], n.spans[2]
	n.marks[2] = n.block.ValidRow(y)
	n.spans[2] = firstSpan(n.marks[2])
	if n.marks[2] == nil {
		n.spans[2].to = n.block.Bounds().Dx()
	}
}

// moveTo sets the validity of pixels of row y, which follows that of the last call, and finds the gaps beside those that
// are valid. If strict, a pixel with a gap is not. It returns columns in which all pixels and their neighbours hold data.
func (n *neighbours) moveTo(y int, valid []uint8, strict bool) columns {
	n.load(y + 1)
	n.gaps = n.gaps[:0]
	c := columns{0, len(valid)}
	for _, s := range n.spans {
		c.from, c.to = max(c.from, s.from), min(c.to, s.to-2)
	}
	c.from = min(c.from, len(valid))
	c.to = max(c.from, c.to)
	n.mark(valid, columns{0, c.from}, strict)
	fillValid(valid[c.from:c.to])
	n.mark(valid, columns{c.to, len(valid)}, strict)
	return c
}

// fillValid marks all pixels of a row.
func fillValid(row []uint8) {
	if len(row) > 0 {
		row[0] = math.MaxUint8
	}
	for n := 1; n < len(row); n *= 2 {
		copy(row[n:], row[:n])
	}
}

// mark sets the validity of some pixels, eight at a time where they are all valid or all missing.
func (n *neighbours) mark(valid []uint8, c columns, strict bool) {
	above, at, below := n.marks[0], n.marks[1], n.marks[2]
	word8 := binary.NativeEndian.Uint64
	for x := c.from; x < c.to; {
		switch {
		case x+8 > c.to || above == nil || at == nil || below == nil:
			valid[x] = n.validity(x, strict)
			x++
		case word8(at[x+1:]) == 0:
			clear(valid[x : x+8])
			x += 8
		case word8(above[x:])&word8(at[x:])&word8(below[x:])&word8(above[x+2:])&word8(at[x+2:])&word8(below[x+2:]) == ^uint64(0):
			fillValid(valid[x : x+8])
			x += 8
		default:
			for end := x + 8; x < end; x++ {
				valid[x] = n.validity(x, strict)
			}
		}
	}
}

// validity returns the validity of one pixel, and notes its gap.
func (n *neighbours) validity(x int, strict bool) uint8 {
	missing, at := 0, 0
	for i := range 9 {
		if marks := n.marks[i/3]; marks != nil && marks[x+i%3] == 0 {
			missing++
			at = i
		}
	}
	centre := uint8(math.MaxUint8)
	if n.marks[1] != nil {
		centre = n.marks[1][x+1]
	}
	switch {
	case missing > 1 || missing == 1 && strict:
		return 0
	case missing == 1 && centre != 0:
		n.gaps = append(n.gaps, gap{x, at, centre})
	}
	return centre
}

// fill returns the neighbourhood of a pixel in the rows above, at and below it, of which the missing neighbour is as high as
// the pixel itself.
func fill[T raster.Real](g gap, rows [3][]T) (w neighbourhood) {
	for i := range w {
		w[i] = float64(rows[i/3][g.x+i%3])
	}
	w[g.at] = w[4]
	return w
}

// allValid is the validity of 64 pixels that all hold data. Comparing with it is faster than word by word.
const allValid = sixteenValid + sixteenValid + sixteenValid + sixteenValid

const sixteenValid = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"

// firstSpan returns the first columns of a row of validity that hold data without a break.
func firstSpan(marks []uint8) (c columns) {
	word8 := binary.NativeEndian.Uint64
	for c.from+8 <= len(marks) && word8(marks[c.from:]) == 0 {
		c.from += 8
	}
	for c.from < len(marks) && marks[c.from] != math.MaxUint8 {
		c.from++
	}
	c.to = c.from
	for c.to+len(allValid) <= len(marks) && string(marks[c.to:c.to+len(allValid)]) == allValid {
		c.to += len(allValid)
	}
	for c.to+8 <= len(marks) && word8(marks[c.to:]) == ^uint64(0) {
		c.to += 8
	}
	for c.to < len(marks) && marks[c.to] == math.MaxUint8 {
		c.to++
	}
	return c
}

// A surface computes values of pixels from heights of these and their neighbours.
type surface struct {
	// rows computes a row from the rows above, at and below it, each of which is one pixel longer at both ends.
	rows func(dst, above, at, below []float64)
	// one computes what rows does for a single pixel.
	one func(w *neighbourhood) float64
}

// run computes a band of a type from the only band of heights.
func (s surface) run(t raster.PixelType, in *raster.Block, rect image.Rectangle) (*raster.Block, error) {
	out := raster.NewBlock(t, 1, rect)
	w := rect.Dx() + 2
	var own, rows [3][]float64
	for i := range own {
		own[i] = make([]float64, w)
	}
	load := func(y int) {
		own[0], own[1], own[2] = own[1], own[2], own[0]
		rows[0], rows[1], rows[2] = rows[1], rows[2], loadRow(own[2], in.Bands[0], y)
	}
	load(rect.Min.Y - 1)
	load(rect.Min.Y)
	dst := make([]float64, rect.Dx())
	n := newNeighbours(in, rect.Min.Y)
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		load(y + 1)
		valid := raster.AlphaRow(out.Valid, y, rect)
		n.moveTo(y, valid, false)
		s.rows(dst, rows[0], rows[1], rows[2])
		for _, g := range n.gaps {
			w := fill(g, rows)
			dst[g.x] = s.one(&w)
		}
		storeRow(out.Bands[0], y, dst, valid, clamps, t)
	}
	return out, nil
}

// A slopeScale determines how heights are multiplied before a slope is computed.
type slopeScale struct {
	zFactor          float64
	scaled           bool // by a power of the size of pixels, which coarse pixels would otherwise make flat
	psPower, psScale float64
}

// factors returns what gradients are multiplied with to become rise over run.
func (s slopeScale) factors(c Cell) (fx, fy float64) {
	z := s.zFactor
	if z == 0 {
		z = 1
	}
	cx, cy := c.size(z)
	of := func(size float64) float64 {
		k := z
		if s.scaled {
			k += float64(s.psScale * portable.Pow(size, s.psPower))
		}
		return k / (8 * size)
	}
	return of(cx), of(cy)
}

// checkCell returns an error if pixels have no size.
func checkCell(c Cell) error {
	if !(c.Width > 0 && c.Height > 0 && finite(c.Width, c.Height)) {
		return invalid("", "pixels of %v by %v have no slope", c.Width, c.Height)
	}
	return nil
}

// oneBand returns an error unless an input has heights, of which its first band is used.
func oneBand(in input) error {
	if len(in.Bands) == 0 {
		return invalid("", "its input has no bands")
	}
	return quantities(in)
}
