package raster_test

import (
	"errors"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// TestBuffer: blocks of all types and shapes are destinations, and share memory where it is large enough.
func TestBuffer(t *testing.T) {
	var buf raster.Buffer
	for _, n := range []int{1, 3, 1} {
		for typ := raster.U1; typ <= raster.C128; typ++ {
			for _, r := range []image.Rectangle{image.Rect(0, 0, 5, 4), image.Rect(-7, 3, 20, 30), image.Rect(2, 2, 3, 3)} {
				b := buf.Block(typ, n, r)
				require.NoError(t, raster.CheckDestination(b, typ, n, r))
				require.Equal(t, r, b.Valid.Rect)
				raster.Copy(b.Bands[0], raster.NewPlanes(typ, 1, r)[0], r) // every row is there
				raster.SetAllValid(b.Valid)
				require.True(t, b.Opaque())
			}
		}
	}
	first := func(b *raster.Block) *uint8 { return &b.Bands[1].(*raster.PlaneOf[uint8]).Pix[0] }
	large := first(buf.Block(raster.U8, 2, image.Rect(0, 0, 9, 9)))
	assert.Same(t, large, first(buf.Block(raster.U8, 2, image.Rect(5, 5, 6, 6))))
	assert.Same(t, large, first(buf.Block(raster.U8, 2, image.Rect(0, 0, 9, 9))))
	assert.Zero(t, testing.AllocsPerRun(10, func() { buf.Block(raster.U8, 2, image.Rect(1, 1, 8, 8)) }))
}

func TestCheckDestination(t *testing.T) {
	r := image.Rect(0, 0, 2, 2)
	require.NoError(t, raster.CheckDestination(nil, raster.U8, 1, r))
	b := raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 4, 4))
	assert.NoError(t, raster.CheckDestination(b.Sub(r), raster.U8, 1, r), "rows may be further apart than they are long")
	err := raster.CheckDestination(b, raster.U8, 1, r)
	_, ok := errors.AsType[*raster.DestinationError](err)
	assert.True(t, ok)
	assert.ErrorContains(t, err, "(0,0)-(4,4)")
}
