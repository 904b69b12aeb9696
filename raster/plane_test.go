package raster_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// TestNewPlanes: the pieces of one allocation do not reach into each other.
func TestNewPlanes(t *testing.T) {
	r := image.Rect(3, 4, 8, 10)
	planes := raster.NewPlanes(raster.U16, 3, r)
	for i, p := range planes {
		p := p.(*raster.PlaneOf[uint16])
		require.Equal(t, r, p.Rect)
		require.Len(t, p.Pix, 30)
		for k := range p.Pix {
			require.Zero(t, p.Pix[k])
			p.Pix[k] = uint16(i + 1)
		}
		_ = append(p.Pix, 9)
	}
	for i, p := range planes {
		for _, v := range p.(*raster.PlaneOf[uint16]).Pix {
			require.EqualValues(t, i+1, v)
		}
	}
	require.Empty(t, raster.NewPlanes(raster.F64, 0, r))
	require.Panics(t, func() { raster.NewPlanes(raster.Unknown, 1, r) })
}

// A plane fits the types it is made for, and no other.
func TestFits(t *testing.T) {
	for typ := raster.U1; typ <= raster.C128; typ++ {
		for of := raster.U1; of <= raster.C128; of++ {
			bytes := typ <= raster.U8 && of <= raster.U8
			assert.Equal(t, typ == of || bytes, typ.Fits(raster.NewPlanes(of, 1, image.Rect(0, 0, 1, 1))[0]), "%v, a plane of %v", typ, of)
		}
		assert.False(t, typ.Fits(nil))
		assert.False(t, raster.Unknown.Fits(raster.NewPlanes(typ, 1, image.Rectangle{})[0]))
	}
}
