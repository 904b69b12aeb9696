package raster_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// A picture that became a block is the same picture again, in any of the forms of package image.
func TestPicturesThereAndBack(t *testing.T) {
	r := image.Rect(3, -2, 20, 9)
	paletted := image.NewPaletted(r, color.Palette{color.Transparent, color.White, color.NRGBA{200, 100, 50, 255}})
	ycbcr := image.NewYCbCr(r, image.YCbCrSubsampleRatio420)
	for i := range ycbcr.Y {
		ycbcr.Y[i] = byte(i * 3)
	}
	pictures := map[string]image.Image{"paletted": paletted, "ycbcr": ycbcr}
	for name, img := range map[string]draw.Image{
		"gray": image.NewGray(r), "gray16": image.NewGray16(r), "nrgba": image.NewNRGBA(r), "rgba": image.NewRGBA(r),
		"nrgba64": image.NewNRGBA64(r), "rgba64": image.NewRGBA64(r), "in a palette": paletted,
		"part": image.NewGray(r.Inset(-4)).SubImage(r).(draw.Image),
	} {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				a := uint16((x + y) % 4 * 0x5555)
				img.Set(x, y, color.NRGBA64{uint16(x * 3001), uint16(y * 2003), uint16(x * y * 77), a})
			}
		}
		pictures[name] = img
	}
	for name, img := range pictures {
		b := raster.FromImage(img)
		require.Equal(t, img.Bounds(), b.Bounds(), name)
		back, err := b.Image()
		require.NoError(t, err, name)
		require.Equal(t, r, back.Bounds(), name)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				want := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
				got := color.NRGBAModel.Convert(back.At(x, y)).(color.NRGBA)
				if want.A == 0 {
					want = color.NRGBA{}
				}
				require.Equal(t, want.A, got.A, "%s at %d,%d", name, x, y)
				for i, v := range [3]uint8{want.R, want.G, want.B} { // of 16 bits whose alpha has 8, the last bit may differ
					require.InDelta(t, v, [3]uint8{got.R, got.G, got.B}[i], 1, "%s at %d,%d", name, x, y)
				}
			}
		}
	}
	assert.Equal(t, raster.U16, raster.FromImage(image.NewGray16(r)).Type)
	for _, b := range []*raster.Block{
		{}, raster.NewBlock(raster.F32, 1, r), raster.NewBlock(raster.U8, 2, r), raster.NewBlock(raster.S16, 3, r),
	} {
		_, err := b.Image()
		require.Error(t, err)
	}
}

func TestValues(t *testing.T) {
	b := raster.NewBlock(raster.U16, 2, image.Rect(0, 0, 4, 3))
	for i := range 12 {
		b.Bands[1].(*raster.PlaneOf[uint16]).Pix[i] = uint16(i)
	}
	all, err := raster.Values[uint16](b, 1)
	require.NoError(t, err)
	assert.Equal(t, []uint16{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, all)
	part, err := raster.Values[uint16](b.Sub(image.Rect(1, 1, 3, 3)), 1)
	require.NoError(t, err)
	assert.Equal(t, []uint16{5, 6, 9, 10}, part)
	_, err = raster.Values[uint8](b, 1)
	require.EqualError(t, err, "raster: samples of type U16 are not uint8")
	_, err = raster.Values[uint16](b, 2)
	require.EqualError(t, err, "raster: band 2 of 2")
	none, err := raster.Values[uint16](b.Sub(image.Rectangle{}), 0)
	require.NoError(t, err)
	assert.Empty(t, none)
}

func TestAt(t *testing.T) {
	b := raster.NewBlock(raster.F32, 2, image.Rect(3, 4, 8, 6))
	b.Bands[1].(*raster.PlaneOf[float32]).Pix[7], b.Valid.Pix[7] = 9, 8
	m := b.At(image.Pt(-1, 0))
	assert.Equal(t, image.Rect(-1, 0, 4, 2), m.Bounds())
	assert.Equal(t, image.Rect(3, 4, 8, 6), b.Bounds())
	assert.InDelta(t, 9, m.Bands[1].(*raster.PlaneOf[float32]).Row(1)[2], 0)
	assert.Equal(t, uint8(8), m.Valid.AlphaAt(1, 1).A)
	assert.Empty(t, new(raster.Block).At(image.Pt(1, 1)).Bands)
}

func TestNewMemory(t *testing.T) {
	grid := raster.Grid{CRS: srs.WGS84(), Affine: raster.Affine{A: 1, E: -1}, Size: image.Pt(4, 2)}
	full, half := raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 4, 2)), raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 2, 1))
	m, err := raster.NewMemory(raster.Info{Grid: grid}, full, half)
	require.NoError(t, err)
	assert.Equal(t, []image.Point{{4, 2}, {2, 1}}, m.Info().Levels)
	b, err := m.Read(t.Context(), nil, 1, image.Rect(1, 0, 2, 1), nil)
	require.NoError(t, err)
	assert.Equal(t, image.Rect(1, 0, 2, 1), b.Bounds())
	broken := &raster.Block{Type: raster.U8, Bands: []raster.Plane{&raster.PlaneOf[uint8]{Rect: full.Bounds(), Stride: 4}}}
	for i, levels := range [][]*raster.Block{
		nil, {nil}, {{}}, {half}, {full, full}, {full, raster.NewBlock(raster.U16, 1, half.Bounds())},
		{full, raster.NewBlock(raster.U8, 2, half.Bounds())}, {full, half.Sub(image.Rect(1, 0, 2, 1))}, {broken},
		{{Type: raster.U16, Bands: full.Bands}}, {{Type: raster.U8, Bands: full.Bands, Valid: half.Valid}},
	} {
		_, err := raster.NewMemory(raster.Info{Grid: grid}, levels...)
		require.Error(t, err, i)
	}
	_, err = raster.NewMemory(raster.Info{Grid: grid, Bands: make([]raster.Band, 2)}, full)
	require.Error(t, err)
}

func ExampleBlock_Image() {
	img := image.NewGray(image.Rect(0, 0, 2, 1))
	img.Pix[1] = 200
	b := raster.FromImage(img)
	v, err := raster.Values[uint8](b, 0)
	fmt.Println(v, err)
	back, err := b.Image()
	fmt.Println(back.At(1, 0), err)
	// Output:
	// [0 200] <nil>
	// {200} <nil>
}
