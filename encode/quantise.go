package encode

import (
	"cmp"
	"image/color"
	"slices"
)

// quantise chooses at most 256 colours for RGBA pixels, not premultiplied, those of alpha 0 all zeros. With no more
// than 256 colours it is exact. Otherwise the colours are the means of boxes that are cut where that takes away most of
// the squared error, as X. Wu proposes (Efficient Statistical Computations for Optimal Color Quantization, Graphics
// Gems II, 1991), over all four channels and without dithering. Fully transparent pixels stay so, opaque ones too, and
// none of the others becomes either. The palette begins with the colours that are not opaque.
func quantise(rgba []byte) *indexed {
	if ix, ok := quantiseExact(rgba); ok {
		return ix
	}
	var h histogram
	h.count(rgba)
	points := h.points()
	boxes := cut(points, 256-h.transparent())

	ix := &indexed{pix: make([]uint8, len(rgba)/4)}
	if h.transparent() == 1 {
		ix.palette = append(ix.palette, color.NRGBA{})
	}
	for _, box := range boxes {
		for _, p := range box.points {
			h.index[p.key] = uint8(len(ix.palette))
		}
		ix.palette = append(ix.palette, box.mean())
	}
	for i := range ix.pix {
		p := rgba[4*i : 4*i+4 : 4*i+4]
		if p[3] != 0 {
			ix.pix[i] = h.index[cellKey(p[0], p[1], p[2], p[3])]
		}
	}
	return ix
}

// quantiseExact is an indexed picture of the very colours, in order of alpha, red, green and blue; false if they are
// more than 256.
func quantiseExact(rgba []byte) (*indexed, bool) {
	// A hash table with linear probing, four times as large as it can get full. Slot 0 of places means free.
	const bits = 10
	var keys [1 << bits]uint32
	var places [1 << bits]uint16
	slot := func(key uint32) uint32 {
		s := key * 0x9e3779b1 >> (32 - bits)
		for places[s] != 0 && keys[s] != key {
			s = (s + 1) % (1 << bits)
		}
		return s
	}
	var colours []uint32
	pix := make([]uint8, len(rgba)/4)
	for i := range pix {
		p := rgba[4*i : 4*i+4 : 4*i+4]
		key := uint32(p[3])<<24 | uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
		s := slot(key)
		if places[s] == 0 {
			if len(colours) == 256 {
				return nil, false
			}
			colours = append(colours, key)
			keys[s], places[s] = key, uint16(len(colours))
		}
		pix[i] = uint8(places[s] - 1)
	}

	sorted := slices.Sorted(slices.Values(colours))
	palette := make([]color.NRGBA, len(sorted))
	var renumber [256]uint8
	for i, key := range sorted {
		palette[i] = color.NRGBA{R: uint8(key >> 16), G: uint8(key >> 8), B: uint8(key), A: uint8(key >> 24)}
		renumber[places[slot(key)]-1] = uint8(i)
	}
	for i, v := range pix {
		pix[i] = renumber[v]
	}
	return &indexed{pix, palette}, true
}

// A histogram counts pixels by cells of similar colours: of 5, 6 and 5 bits for opaque ones, and of 4 bits of each
// channel for translucent ones, so that no cell has both.
type histogram struct {
	cells  [2 << 16]cell
	index  [2 << 16]uint8 // in the palette
	clears int            // pixels of alpha 0
}

// A cell sums pixels up.
type cell struct {
	n   uint64
	sum [4]uint64
}

// translucentKey is where the keys of translucent cells begin. They come after the opaque ones.
const translucentKey = 1 << 16

// cellKey is the cell of a pixel that is not of alpha 0.
func cellKey(r, g, b, a uint8) int {
	if a == 255 {
		return int(r>>3)<<11 | int(g>>2)<<5 | int(b>>3)
	}
	return translucentKey | int(a>>4)<<12 | int(r>>4)<<8 | int(g>>4)<<4 | int(b>>4)
}

func (h *histogram) count(rgba []byte) {
	for i := 0; i+4 <= len(rgba); i += 4 {
		p := rgba[i : i+4 : i+4]
		if p[3] == 0 {
			h.clears++
			continue
		}
		c := &h.cells[cellKey(p[0], p[1], p[2], p[3])]
		c.n++
		c.sum[0] += uint64(p[0])
		c.sum[1] += uint64(p[1])
		c.sum[2] += uint64(p[2])
		c.sum[3] += uint64(p[3])
	}
}

// transparent is how many of the colours are fully transparent: one or none.
func (h *histogram) transparent() int { return min(h.clears, 1) }

// A point is a cell that has pixels, at their mean.
type point struct {
	cell
	key int
	at  [4]uint8
}

func (h *histogram) points() []point {
	var points []point
	for key := range h.cells {
		c := &h.cells[key]
		if c.n == 0 {
			continue
		}
		p := point{cell: *c, key: key}
		for i, s := range c.sum {
			p.at[i] = uint8((s + c.n/2) / c.n)
		}
		points = append(points, p)
	}
	return points
}

// A box is points that get one colour, and the best way to cut it in two.
type box struct {
	points []point
	cell           // the sum of the points
	gain   float64 // how much squared error the cut takes away; 0 if there is none to make
	axis   int     // the channel to cut
	at     uint8   // the first value of the second part
}

// mean is the box's colour.
func (b *box) mean() color.NRGBA {
	var m [4]uint8
	for i, s := range b.sum {
		m[i] = uint8((s + b.n/2) / b.n)
	}
	return color.NRGBA{R: m[0], G: m[1], B: m[2], A: m[3]}
}

// cut makes at most k boxes of points, in the order of the palette: those of opaque points last. It starts with the
// opaque and the translucent ones apart.
func cut(points []point, k int) []box {
	first, _ := slices.BinarySearchFunc(points, translucentKey, func(p point, key int) int { return cmp.Compare(p.key, key) })
	var boxes []box
	for _, part := range [][]point{points[:first], points[first:]} {
		if len(part) > 0 {
			boxes = append(boxes, newBox(part))
		}
	}
	for len(boxes) < k {
		best := 0
		for i := range boxes {
			if boxes[i].gain > boxes[best].gain {
				best = i
			}
		}
		if boxes[best].gain == 0 {
			break
		}
		low, high := boxes[best].split()
		boxes[best] = low
		boxes = append(boxes, high)
	}
	slices.SortStableFunc(boxes, func(a, b box) int {
		return cmp.Compare(b.points[0].key/translucentKey, a.points[0].key/translucentKey)
	})
	return boxes
}

// newBox sums the points up and finds the best cut, over all channels and values.
func newBox(points []point) box {
	b := box{points: points}
	for i := range points {
		b.add(&points[i].cell)
	}
	whole := b.weight()
	var bins [256]cell
	for axis := range 4 {
		clear(bins[:])
		lo, hi := uint8(255), uint8(0)
		for i := range points {
			at := points[i].at[axis]
			bins[at].add(&points[i].cell)
			lo, hi = min(lo, at), max(hi, at)
		}
		var low cell
		for at := int(lo); at < int(hi); at++ {
			if bins[at].n == 0 {
				continue
			}
			low.add(&bins[at])
			high := b.cell
			high.sub(&low)
			if gain := low.weight() + high.weight() - whole; gain > b.gain {
				b.gain, b.axis, b.at = gain, axis, uint8(at+1)
			}
		}
	}
	return b
}

// split cuts the box where newBox found best.
func (b *box) split() (low, high box) {
	i := 0
	for j := range b.points {
		if b.points[j].at[b.axis] < b.at {
			b.points[i], b.points[j] = b.points[j], b.points[i]
			i++
		}
	}
	return newBox(b.points[:i]), newBox(b.points[i:])
}

func (c *cell) add(o *cell) {
	c.n += o.n
	for i, s := range &o.sum {
		c.sum[i] += s
	}
}

func (c *cell) sub(o *cell) {
	c.n -= o.n
	for i, s := range &o.sum {
		c.sum[i] -= s
	}
}

// weight is the squared length of the sum, over the number of pixels. What a box has less of it than its two parts have
// together is the squared error that cutting it takes away.
func (c *cell) weight() float64 {
	var w float64
	for _, s := range &c.sum {
		w += float64(float64(s) * float64(s))
	}
	return w / float64(c.n)
}
