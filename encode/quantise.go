package encode

import (
	"cmp"
	"image/color"
	"slices"
	"sync"
)

// A quantiser chooses at most 256 colours for RGBA pixels, not premultiplied, those of alpha 0 all zeros. Count all
// rows, then call palette, then index all rows. With no more than 256 colours it is exact. Otherwise the colours are
// the means of boxes that are cut where that reduces the squared error most, as X. Wu proposes (Efficient Statistical
// Computations for Optimal Color Quantization, Graphics Gems II, 1991), over all four channels. Fully transparent
// pixels stay so, opaque ones too, and none of the others becomes either. The palette begins with the colours that are
// not opaque.
type quantiser struct {
	exact  exactColours
	many   bool // there are more than 256 colours
	hist   *histogram
	colour []color.NRGBA
	dither *diffusion // nil if colours are not dithered
}

var histograms = sync.Pool{New: func() any { return new(histogram) }}

// newQuantiser returns a quantiser for rows of width pixels. It must be released.
func newQuantiser(width int, o *Options) *quantiser {
	q := &quantiser{hist: histograms.Get().(*histogram)}
	if o != nil && o.Dither {
		q.dither = newDiffusion(width)
	}
	return q
}

func (q *quantiser) release() {
	q.hist.reset()
	histograms.Put(q.hist)
}

func (q *quantiser) count(rgba []byte) {
	if !q.many && !q.exact.add(rgba) {
		q.many = true
	}
	q.hist.count(rgba)
}

func (q *quantiser) palette() []color.NRGBA {
	if !q.many {
		q.colour = q.exact.sorted()
		return q.colour
	}
	h := q.hist
	points := h.points()
	boxes := cut(points, 256-h.transparent())
	if h.transparent() == 1 {
		q.colour = append(q.colour, color.NRGBA{})
	}
	for _, box := range boxes {
		for _, p := range box.points {
			h.index[p.key] = uint8(len(q.colour))
		}
		q.colour = append(q.colour, box.mean())
	}
	if q.dither != nil {
		q.dither.palette = q.colour
	}
	return q.colour
}

// index sets dst to the indices of a row's colours in the palette.
func (q *quantiser) index(dst, rgba []byte) {
	switch {
	case !q.many:
		q.exact.index(dst, rgba)
	case q.dither != nil:
		q.dither.index(dst, rgba, q.hist)
	default:
		for i := range dst {
			p := rgba[4*i : 4*i+4 : 4*i+4]
			dst[i] = 0
			if p[3] != 0 {
				dst[i] = q.hist.index[cellKey(p[0], p[1], p[2], p[3])]
			}
		}
	}
}

// indexed returns the image of rows that have been counted. index turns a row into indices.
func (q *quantiser) indexed(rows *spooledRows, index func(dst, row []byte)) *indexed {
	return &indexed{palette: q.palette(), rows: rows, index: index, release: func() {
		q.release()
		rows.release()
	}}
}

// exactColours are at most 256 colours, in a hash table with linear probing of four times that size. In places, 0 marks
// a free slot.
type exactColours struct {
	keys    [1 << exactBits]uint32
	places  [1 << exactBits]uint16
	colours []uint32
	order   [256]uint8 // rank of each colour, set by sorted
}

const exactBits = 10

func exactKey(p []byte) uint32 {
	return uint32(p[3])<<24 | uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
}

func (e *exactColours) slot(key uint32) uint32 {
	s := key * 0x9e3779b1 >> (32 - exactBits)
	for e.places[s] != 0 && e.keys[s] != key {
		s = (s + 1) % (1 << exactBits)
	}
	return s
}

// add adds the colours of RGBA pixels, and reports whether there are at most 256 in all.
func (e *exactColours) add(rgba []byte) bool {
	last := ^uint32(0)
	for ; len(rgba) >= 4; rgba = rgba[4:] {
		key := exactKey(rgba)
		if key == last && len(e.colours) > 0 {
			continue
		}
		last = key
		s := e.slot(key)
		if e.places[s] != 0 {
			continue
		}
		if len(e.colours) == 256 {
			return false
		}
		e.colours = append(e.colours, key)
		e.keys[s], e.places[s] = key, uint16(len(e.colours))
	}
	return true
}

// sorted returns the colours in order of alpha, red, green and blue.
func (e *exactColours) sorted() []color.NRGBA {
	sorted := slices.Sorted(slices.Values(e.colours))
	palette := make([]color.NRGBA, len(sorted))
	for i, key := range sorted {
		palette[i] = color.NRGBA{R: uint8(key >> 16), G: uint8(key >> 8), B: uint8(key), A: uint8(key >> 24)}
		e.order[e.places[e.slot(key)]-1] = uint8(i)
	}
	return palette
}

func (e *exactColours) index(dst, rgba []byte) {
	for i := range dst {
		dst[i] = e.order[e.places[e.slot(exactKey(rgba[4*i:4*i+4]))]-1]
	}
}

// A histogram counts pixels by cells of similar colours: of 5, 6 and 5 bits for opaque ones, and of 4 bits of each
// channel for translucent ones, so that no cell has both.
type histogram struct {
	cells  [2 << 16]cell
	index  [2 << 16]uint8 // index in the palette of each cell
	used   []uint32       // keys of cells with pixels
	list   []point        // memory for points
	clears int            // number of pixels of alpha 0
}

// reset empties the histogram, in time proportional to the number of its colours.
func (h *histogram) reset() {
	for _, key := range h.used {
		h.cells[key] = cell{}
	}
	h.used, h.clears = h.used[:0], 0
}

// A cell is the number and the sum of pixels.
type cell struct {
	n   uint64
	sum [4]uint64
}

// translucentKey is the first key of translucent cells, which come after the opaque ones.
const translucentKey = 1 << 16

// cellKey returns the key of the cell of a pixel whose alpha is not 0.
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
		key := cellKey(p[0], p[1], p[2], p[3])
		c := &h.cells[key]
		if c.n == 0 {
			h.used = append(h.used, uint32(key))
		}
		c.n++
		c.sum[0] += uint64(p[0])
		c.sum[1] += uint64(p[1])
		c.sum[2] += uint64(p[2])
		c.sum[3] += uint64(p[3])
	}
}

// transparent returns the number of colours that are fully transparent: one or none.
func (h *histogram) transparent() int { return min(h.clears, 1) }

// A point is a cell that has pixels, with their mean.
type point struct {
	cell
	key int
	at  [4]uint8
}

func (h *histogram) points() []point {
	slices.Sort(h.used)
	points := slices.Grow(h.list[:0], len(h.used))
	for _, key := range h.used {
		c := &h.cells[key]
		p := point{cell: *c, key: int(key)}
		for i, s := range c.sum {
			p.at[i] = uint8((s + c.n/2) / c.n)
		}
		points = append(points, p)
	}
	h.list = points
	return points
}

// A box is a set of points that get one colour, and the best way to cut it in two.
type box struct {
	points []point
	cell           // the sum of the points
	gain   float64 // by how much the cut reduces the squared error; 0 if there is no cut
	axis   int     // the channel to cut
	at     uint8   // the first value of the second part
}

// mean returns the colour of the box.
func (b *box) mean() color.NRGBA {
	var m [4]uint8
	for i, s := range b.sum {
		m[i] = uint8((s + b.n/2) / b.n)
	}
	return color.NRGBA{R: m[0], G: m[1], B: m[2], A: m[3]}
}

// cut returns at most k boxes of points, in the order of the palette: those of opaque points last. Opaque and
// translucent points are apart from the start.
func cut(points []point, k int) []box {
	byKey := func(p point, key int) int { return cmp.Compare(p.key, key) }
	first, _ := slices.BinarySearchFunc(points, translucentKey, byKey)
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

// newBox sums the points and finds the best cut, over all channels and values.
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

// split cuts the box as newBox found best.
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

// weight returns the squared length of the sum, divided by the number of pixels. The weights of two parts less that of
// their box is the squared error that the cut saves.
func (c *cell) weight() float64 {
	var w float64
	for _, s := range &c.sum {
		w += float64(float64(s) * float64(s))
	}
	return w / float64(c.n)
}
