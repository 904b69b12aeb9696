package resample

import (
	"bytes"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A coverage sorts the pixels of a row by which of their kernels' samples hold data, and finds their validity.
type coverage struct {
	*method
	src    *source
	dst    image.Rectangle
	mask   *image.Alpha // the destination's validity
	opaque []uint8      // a row of full validity

	valid    []uint8 // mask's row at hand
	runs     []run
	holes    []run     // invalid pixels that runs go over
	mixtures []mixture // of the partial pixels in runs, in their order
	weights  []float64 // of mixtures
}

// newCoverage prepares for the rows of dst, whose validity mask takes.
func newCoverage(m *method, src *source, dst image.Rectangle, mask *image.Alpha) *coverage {
	c := &coverage{method: m, src: src, dst: dst, mask: mask, opaque: make([]uint8, dst.Dx())}
	for i := range c.opaque {
		c.opaque[i] = math.MaxUint8
	}
	return c
}

// classify turns the covers of row y, which know the source's rectangle alone, into runs, holes and mixtures, and
// writes the row's validity, except for wide kernels.
func (c *coverage) classify(y int, covers []run, pos positions) {
	c.runs, c.holes, c.mixtures, c.weights = c.runs[:0], c.holes[:0], c.mixtures[:0], c.weights[:0]
	c.valid = raster.AlphaRow(c.mask, y, c.dst)
	copying := pos.copying()
	for _, r := range covers {
		if pos.axes != nil && r.cover != wide {
			r.cover = min(r.cover, pos.axes.row.cover)
		}
		if copying && r.cover == partial {
			r.cover = inside // the samples that are missing have no weight
		}
		switch {
		case r.cover == outside:
			clear(c.valid[r.lo:r.hi])
			c.runs = appendRun(c.runs, r)
		case r.cover == wide:
			c.runs = appendRun(c.runs, r)
		case r.cover == full, r.cover == inside && c.src.mask == nil:
			copy(c.valid[r.lo:r.hi], c.opaque)
			c.runs = appendRun(c.runs, r)
		case c.single() || copying:
			pos.maskNearest(c.valid, r.lo, r.hi)
			c.runs = appendRun(c.runs, r)
			c.findHoles(r.lo, r.hi)
		default:
			c.classifyMasked(r, pos)
		}
	}
}

// findHoles lists the runs of invalid pixels.
func (c *coverage) findHoles(lo, hi int) {
	for lo < hi {
		n := bytes.IndexByte(c.valid[lo:hi], 0)
		if n < 0 {
			return
		}
		start := lo + n
		for lo = start; lo < hi && c.valid[lo] == 0; lo++ {
		}
		c.holes = append(c.holes, run{start, lo, outside})
	}
}

// classifyMasked classifies a run that may have incomplete kernels.
func (c *coverage) classifyMasked(r run, pos positions) {
	start, current := r.lo, inside // of the run at hand
	for i := r.lo; i < r.hi; i++ {
		if r.cover == inside {
			n := pos.solidRun(i, r.hi)
			copy(c.valid[i:n], c.opaque)
			if n > i && current != inside {
				if start < i {
					c.runs = appendRun(c.runs, run{start, i, current})
				}
				start, current = i, inside
			}
			if i = n; i == r.hi {
				break
			}
		}
		next := c.classifyPixel(&c.valid[i], pos.at(i), r.cover)
		if next != current {
			if start < i {
				c.runs = appendRun(c.runs, run{start, i, current})
			}
			start, current = i, next
		}
	}
	c.runs = appendRun(c.runs, run{start, r.hi, current})
}

// classifyPixel finds the validity of one pixel, and adds its mixture if its kernel is incomplete.
func (c *coverage) classifyPixel(valid *uint8, p point, known cover) cover {
	if known == inside && c.src.opaque(p.x, p.y, c.taps, c.taps) {
		*valid = math.MaxUint8
		return inside
	}
	nearX, nearY := c.nearestTap(p.fx), c.nearestTap(p.fy)
	near := c.src.validity(p.x+nearX, p.y+nearY)
	if near == 0 {
		*valid = 0
		return outside
	}
	wx, wy := c.weigh(fraction(p.fx)), c.weigh(fraction(p.fy))
	x, y := tapRow{p.x, nearX, wx[:c.taps]}, tapRow{p.y, nearY, wy[:c.taps]}
	store := extend(&c.weights, c.taps*c.taps)
	*valid = c.src.mix(&extend(&c.mixtures, 1)[0], x, y, near, store)
	return partial
}
