package function

import (
	"math"

	"github.com/geoexport/geoexport/raster"
)

// percentRow computes slopes in percent from the rows of heights above, at and below them. Where validity is not whole it
// fills gaps, and leaves 0 in pixels without data. It makes what gradients and slopePercents make one after the other.
func percentRow[T raster.Real](dst []float32, valid []uint8, rows [3][]T, whole columns, gaps []gap, fx, fy float64) {
	percents(dst, valid, rows[0], rows[1], rows[2], fx, fy)
	for _, gap := range gaps {
		var east, south [1]float64
		a := fill(gap, rows)
		gradients(east[:], south[:], a[:3], a[3:6], a[6:], fx, fy)
		valid[gap.x] = gap.valid // what lies in the gap may have removed it
		slopePercents(dst[gap.x:gap.x+1], valid[gap.x:gap.x+1], east[:], south[:])
	}
	for _, c := range [2]columns{{0, whole.from}, {whole.to, len(dst)}} {
		for x := c.from; x < c.to; x++ {
			if valid[x] == 0 { // there may be anything
				dst[x] = 0
			}
		}
	}
}

// percents computes slopes in percent while it goes along the rows of heights, as gradients does.
func percents[T raster.Real](dst []float32, valid []uint8, above, at, below []T, fx, fy float64) {
	n := len(dst)
	valid, above, at, below = valid[:n], above[:n+2], at[:n+2], below[:n+2]
	column0, fall0 := column(above[0], at[0], below[0])
	column1, fall1 := column(above[1], at[1], below[1])
	falls0 := fall0 + fall1
	above, at, below = above[2:], at[2:], below[2:]
	above, at, below = above[:n], at[:n], below[:n]
	for x := range dst {
		column2, fall2 := column(above[x], at[x], below[x])
		falls1 := fall1 + fall2
		p, q := (column2-column0)*fx, (falls0+falls1)*fy
		column0, column1, fall1, falls0 = column1, column2, fall2, falls1
		v := float64(100 * math.Sqrt(float64(p*p)+float64(q*q)))
		if !(v <= math.MaxFloat32) {
			v, valid[x] = rareValue(v, valid[x], dst)
		}
		dst[x] = float32(v)
	}
}
