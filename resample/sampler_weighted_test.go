package resample

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster"
)

// A half is rounded away from zero, a value just below it towards zero, and a value beyond the range to its end.
func TestStore(t *testing.T) {
	below := math.Nextafter(0.5, 0)
	assert.Equal(t, []int32{0, 0, 1, -1, 2, -2, 3, 1, -1, math.MaxInt32, math.MinInt32, math.MaxInt32, math.MinInt32},
		stored[int32](raster.S32, below, -below, 0.5, -0.5, 1.5, -1.5, 2.5, math.Nextafter(1.5, 0), math.Nextafter(-1.5, 0),
			1e10, -1e10, math.MaxInt32+0.5, math.MinInt32-0.5))
	assert.Equal(t, []uint32{0, 0, 1, 2, 3, 0, math.MaxUint32, math.MaxUint32, math.MaxUint32 - 1},
		stored[uint32](raster.U32, below, -below, 0.5, 1.5, 2.5, -7, 1e10, math.MaxUint32-0.5, math.MaxUint32-0.50001))
	assert.Equal(t, []float32{-0.25, math.MaxFloat32, float32(math.Inf(1))},
		stored[float32](raster.F32, -0.25, math.MaxFloat32, 1e39))
}

func stored[T raster.Real](typ raster.PixelType, vs ...float64) []T {
	s := weighted[T]{buf: vs, integer: typ.Integer()}
	s.dst = raster.NewPlane[T](image.Rect(0, 0, len(vs), 1))
	s.lo, s.hi = typ.Range()
	s.begin(0)
	s.store(0, len(vs))
	return s.row
}
