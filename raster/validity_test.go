package raster_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster"
)

func TestValidity(t *testing.T) {
	large := image.NewAlpha(image.Rect(0, 0, 4, 3))
	for i := range large.Pix {
		large.Pix[i] = uint8(i)
	}
	r := image.Rect(1, 1, 3, 3)
	b := &raster.Block{Type: raster.U8, Bands: []raster.Plane{raster.NewPlanes(raster.U8, 1, r)[0]}, Valid: large}
	assert.Equal(t, []uint8{9, 10}, b.ValidRow(2))
	c := b.CopyValid()
	assert.Equal(t, r, c.Rect)
	assert.Equal(t, []uint8{5, 6, 9, 10}, c.Pix)
	assert.False(t, b.Blank())

	raster.SetAllValid(large.SubImage(r).(*image.Alpha))
	assert.Equal(t, []uint8{0, 1, 2, 3, 4, 255, 255, 7, 8, 255, 255, 11}, large.Pix, "nothing around it is touched")
	assert.Equal(t, []uint8{5, 6, 9, 10}, c.Pix, "a copy is a copy")

	b.Valid = nil
	assert.Nil(t, b.ValidRow(1))
	assert.True(t, raster.AllValid(r).Opaque())
	assert.Equal(t, raster.AllValid(r), b.CopyValid())
	assert.False(t, b.Blank())
	b.Valid = image.NewAlpha(r)
	assert.True(t, b.Blank())
	assert.True(t, (&raster.Block{}).Blank())
}
