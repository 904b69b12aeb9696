package resample

import "github.com/geoexport/geoexport/raster"

// A rowCache holds source rows that a kernel was run along, for separable mappings: neighbouring rows of the
// destination mostly need the same ones. P is where the kernel stands.
type rowCache[P any, A int32 | int64 | float64] struct {
	run  func(at P, y int32, out []A) // runs the kernel along row y of the source window
	rows [][]A                        // by row modulo their number
	have []int32                      // which row each is, plus one
}

// row returns row y of the source window with the kernel run along it, one value for each pixel of a row of the
// destination whose kernel is in the source. As many rows as need are asked for one after the other.
func (c *rowCache[P, A]) row(at P, y int32, need, pixels int) []A {
	if need > len(c.rows) {
		n := need
		if len(c.rows) > 0 {
			n *= 2 // needs grow: let this be the last time for long
		}
		c.rows, c.have = make([][]A, n), make([]int32, n)
	}
	n := int(uint32(y) % uint32(len(c.rows)))
	if c.rows[n] == nil {
		c.rows[n] = make([]A, pixels)
	}
	if c.have[n] != y+1 {
		c.have[n] = y + 1
		c.run(at, y, c.rows[n])
	}
	return c.rows[n]
}

// A columnRun runs a kernel along a row of the source for the pixels lo to hi of a, whose kernels are in the source.
type columnRun[T raster.Sample, A int32 | int64 | float64] func(out []A, row []T, a *axes, lo, hi int)

// newRowCache returns a cache of rows of p for kernels on axes.
func newRowCache[T raster.Sample, A int32 | int64 | float64](p *planes[T], run columnRun[T, A]) rowCache[*axes, A] {
	return rowCache[*axes, A]{run: func(a *axes, y int32, out []A) {
		row := p.srcRow(y)
		for _, r := range a.covers {
			if r.cover == inside {
				run(out[r.lo:r.hi], row, a, r.lo, r.hi)
			}
		}
	}}
}
