package raster_test

import (
	"context"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// TestZeroValues: the zero value of each exported struct works. DestinationError, ContractError and ImageError are
// results, and so are Statistics; Band, Info and Image describe nothing.
func TestZeroValues(t *testing.T) {
	var b raster.Block
	assert.True(t, b.Bounds().Empty())
	assert.True(t, b.Opaque())
	assert.Empty(t, b.Sub(image.Rect(0, 0, 1, 1)).Bands)
	converted, err := raster.Convert(&b, raster.F64)
	require.NoError(t, err)
	assert.Empty(t, converted.Bands)

	var p raster.PlaneOf[uint8]
	assert.True(t, p.Bounds().Empty())
	assert.True(t, p.Sub(image.Rect(0, 0, 1, 1)).Bounds().Empty())
	assert.False(t, raster.Unknown.Fits(&p))

	var a raster.Affine
	_, ok := a.Inverse()
	assert.False(t, ok, "it maps everything to one point")
	assert.Equal(t, srs.Envelope{}, raster.Grid{}.Envelope())

	_, err = new(raster.Checked).Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	require.Error(t, err)
	assert.Empty(t, new(raster.Checked).Info())

	var c raster.Cache
	n := 0
	for range 2 {
		v, err := raster.Cached(t.Context(), &c, "key", func(context.Context) (int, int64, error) { n++; return n, 1, nil })
		require.NoError(t, err)
		assert.Equal(t, n, v)
	}
	assert.Equal(t, 2, n, "it keeps nothing")
	assert.False(t, c.Has("key"))

	var buf raster.Buffer
	assert.Equal(t, image.Rect(0, 0, 1, 1), buf.Block(raster.U8, 1, image.Rect(0, 0, 1, 1)).Bounds())
	_, err = raster.NoDataRule{}.Mask(raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 1, 1)))
	assert.Error(t, err, "no value for any band")

	assert.Empty(t, raster.Info{}.DataBands())
	assert.Zero(t, raster.Band{}.Color)
	assert.Zero(t, raster.Statistics{}.Max)
	assert.Equal(t, -1, new(raster.AttributeTable).Column("Name"))
	assert.Empty(t, raster.AttributeColumn{}.Usage)
	assert.Nil(t, raster.Image{}.Strips)
	assert.NotEmpty(t, (&raster.DestinationError{}).Error())

	var free raster.Budget
	require.NoError(t, free.Acquire(t.Context(), 1<<60), "it is without a bound")
	assert.True(t, free.TryAcquire(1<<60))
	free.Release(2 << 60)
	_, bounded := free.Bytes()
	assert.False(t, bounded)
	assert.NotEmpty(t, (&raster.BudgetError{}).Error())
}

// TestZeroScratch: the zero Scratch lends memory, and so does that of the zero Cache.
func TestZeroScratch(t *testing.T) {
	for _, s := range []*raster.Scratch{{}, new(raster.Cache).Scratch()} {
		b := s.Bytes(5)
		assert.Len(t, *b, 5)
		s.PutBytes(b)
		assert.Len(t, *s.Bytes(7), 7)
		buf := s.Buffer()
		assert.Equal(t, image.Rect(0, 0, 2, 2), buf.Block(raster.U8, 1, image.Rect(0, 0, 2, 2)).Bounds())
		s.PutBuffer(buf)
	}
}

// TestZeroKeep: the zero Keep keeps values as Cached does.
func TestZeroKeep(t *testing.T) {
	c, made := raster.NewCache(10), 0
	for _, cost := range []int64{10, 10, 11, 11} {
		_, err := raster.CachedAs(t.Context(), c, cost, raster.Keep{}, func(context.Context) (int64, int64, error) {
			made++
			return cost, cost, nil
		})
		require.NoError(t, err)
	}
	assert.Equal(t, 3, made, "what is larger than the cache is made each time")
}

// TestZeroSlice: the zero Slice is the whole of a variable without a name, and the zero Coordinate is at 0.
func TestZeroSlice(t *testing.T) {
	assert.True(t, new(raster.Slice).Same(&raster.Slice{}))
	assert.False(t, new(raster.Slice).Same(&raster.Slice{Coordinates: []raster.Coordinate{{}}}))
	lower, upper := raster.Coordinate{}.Range()
	assert.Equal(t, [2]float64{}, [2]float64{lower, upper})
	assert.True(t, (&raster.Slice{Coordinates: []raster.Coordinate{{Value: 3}}}).Same(&raster.Slice{Coordinates: []raster.Coordinate{{Value: 3, Ranged: true, Upper: 3}}}))
}

// TestZeroMemory: the zero Memory has no levels.
func TestZeroMemory(t *testing.T) {
	var m raster.Memory
	assert.Empty(t, m.Info().Levels)
	_, err := m.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	require.Error(t, err)
}
