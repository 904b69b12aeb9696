package raster_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// row is a block of one band and one row, all of it valid.
func row[T raster.Sample](t raster.PixelType, samples ...T) *raster.Block {
	p := raster.NewPlane[T](image.Rect(0, 0, len(samples), 1))
	copy(p.Pix, samples)
	return &raster.Block{Type: t, Bands: []raster.Plane{p}}
}

func samples[T raster.Sample](t *testing.T, b *raster.Block) []T {
	p, ok := b.Bands[0].(*raster.PlaneOf[T])
	require.Truef(t, ok, "the plane is a %T", b.Bands[0])
	return p.Pix
}

// T56: rounding half away from zero, then clamping; NaN is no data.
func TestConvertRoundsAndClamps(t *testing.T) {
	nan := float32(math.NaN())
	in := row[float32](raster.F32, -0.6, -0.5, 0.5, 1.5, 254.5, 255.4, 256, 1e30, nan, float32(math.Inf(-1)))
	out, err := raster.Convert(in, raster.U8)
	require.NoError(t, err)
	got := samples[uint8](t, out)
	assert.Equal(t, []uint8{0, 0, 1, 2, 255, 255, 255, 255}, got[:8])
	assert.Equal(t, uint8(0), got[9])
	require.NotNil(t, out.Valid)
	for x := range 10 {
		assert.Equal(t, x != 8, out.Valid.AlphaAt(x, 0).A == 255, "pixel %d", x)
	}
	assert.Nil(t, in.Valid, "the input is left alone")
}

// T58: signed bytes stay themselves, and lose what is below zero as unsigned ones.
func TestConvertSignedBytes(t *testing.T) {
	in := row[int8](raster.S8, -128, -1, 0, 1, 127)
	wide, err := raster.Convert(in, raster.S16)
	require.NoError(t, err)
	assert.Equal(t, []int16{-128, -1, 0, 1, 127}, samples[int16](t, wide))
	narrow, err := raster.Convert(in, raster.U8)
	require.NoError(t, err)
	assert.Equal(t, []uint8{0, 0, 0, 1, 127}, samples[uint8](t, narrow))
}

func TestConvertToSmallTypesClampsToTheirBits(t *testing.T) {
	out, err := raster.Convert(row[uint8](raster.U8, 0, 1, 3, 15, 200), raster.U4)
	require.NoError(t, err)
	assert.Equal(t, []uint8{0, 1, 3, 15, 15}, samples[uint8](t, out))
}

func TestConvertKeepsHoles(t *testing.T) {
	in := row[float32](raster.F32, 1, float32(math.NaN()), 3)
	in.Valid = image.NewAlpha(in.Bounds())
	copy(in.Valid.Pix, []uint8{0, 255, 128})
	out, err := raster.Convert(in, raster.S32)
	require.NoError(t, err)
	assert.Equal(t, []uint8{0, 0, 128}, out.Valid.Pix)
}

func TestConvertRefusesComplex(t *testing.T) {
	_, err := raster.Convert(row[complex64](raster.C64, 1), raster.F32)
	assert.ErrorContains(t, err, "C64 to F32")
}

func TestConvertToComplex(t *testing.T) {
	in := row[int16](raster.S16, -3, 0, 7)
	in.Valid = image.NewAlpha(in.Bounds())
	copy(in.Valid.Pix, []uint8{255, 0, 128})
	narrow, err := raster.Convert(in, raster.C64)
	require.NoError(t, err)
	assert.Equal(t, []complex64{-3, 0, 7}, narrow.Bands[0].(*raster.PlaneOf[complex64]).Pix)
	assert.Equal(t, in.Valid, narrow.Valid)
	wide, err := raster.Convert(row[complex64](raster.C64, complex(1.5, -2)), raster.C128)
	require.NoError(t, err)
	assert.Equal(t, []complex128{complex(1.5, -2)}, wide.Bands[0].(*raster.PlaneOf[complex128]).Pix)
}

// Whatever an integer type holds goes through every wider type and back.
func TestConvertThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := row(raster.S16, rapid.SliceOfN(rapid.Int16(), 1, 40).Draw(t, "samples")...)
		via := rapid.SampledFrom([]raster.PixelType{raster.S32, raster.F32, raster.F64}).Draw(t, "via")
		there, err := raster.Convert(in, via)
		require.NoError(t, err)
		back, err := raster.Convert(there, raster.S16)
		require.NoError(t, err)
		require.Equal(t, in, back)
	})
}
