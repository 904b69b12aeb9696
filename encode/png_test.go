package encode

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// pngInfo returns the bit depth and colour type of a PNG, and the names of its chunks.
func pngInfo(t require.TestingT, file []byte) (depth, colour byte, chunks []string) {
	require.Equal(t, "\x89PNG\r\n\x1a\n", string(file[:8]))
	for rest := file[8:]; len(rest) > 0; {
		n := binary.BigEndian.Uint32(rest)
		chunks = append(chunks, string(rest[4:8]))
		rest = rest[12+n:]
	}
	return file[24], file[25], chunks
}

func TestPNGPicksDepthAndColour(t *testing.T) {
	size := image.Pt(20, 20)
	hole := func(x, y int) int { return min(x, 1) * 255 }
	for _, c := range []struct {
		t             raster.PixelType
		bands, colors int
		valid         func(x, y int) int
		depth, colour byte
	}{
		{raster.U8, 1, 0, nil, 8, 0}, {raster.U8, 1, 0, hole, 8, 4},
		{raster.U8, 3, 0, nil, 8, 2}, {raster.U8, 3, 0, hole, 8, 6},
		{raster.U16, 1, 0, nil, 16, 0}, {raster.U16, 1, 0, hole, 16, 4},
		{raster.U16, 4, 0, nil, 16, 2}, {raster.U16, 4, 0, hole, 16, 6},
		{raster.U8, 1, 7, nil, 8, 3}, {raster.U8, 1, 7, hole, 8, 3},
		{raster.U8, 1, 256, nil, 8, 3},
		{raster.U8, 1, 256, hole, 8, 6}, // no index is left for the hole
	} {
		var palette color.Palette
		for i := range c.colors {
			palette = append(palette, color.NRGBA{R: uint8(i), A: 255})
		}
		b := block(c.t, c.bands, size, noise(1), c.valid)
		depth, colour, _ := pngInfo(t, encoded(t, "png", imageOf(b, palette), nil))
		assert.Equal(t, [2]byte{c.depth, c.colour}, [2]byte{depth, colour}, "%+v", c)
	}
}

// T61: a palette with a colour for no data and colours with alpha.
func TestT61PaletteWithHolesAndAlpha(t *testing.T) {
	palette := color.Palette{
		color.NRGBA{}, color.NRGBA{R: 255, A: 255}, color.NRGBA{G: 255, A: 128}, color.NRGBA{B: 255, A: 60},
	}
	// Value 0 is no data.
	at := func(_, x, _ int) int { return x % 4 }
	b := block(raster.U8, 1, image.Pt(8, 2), at, func(x, y int) int { return min(at(0, x, y), 1) * 255 })
	alphas := func(format string) (a [4]uint16) {
		m := decoded(t, format, encoded(t, format, imageOf(b, palette), nil))
		for x := range a {
			a[x] = unrounded(t, m.At(x, 1)).A / 257
		}
		return a
	}
	assert.Equal(t, [4]uint16{0, 255, 128, 60}, alphas("png"))
	assert.Equal(t, [4]uint16{0, 255, 128, 60}, alphas("png8"))
	assert.Equal(t, [4]uint16{0, 255, 128, 60}, alphas("png32"))
	assert.Equal(t, [4]uint16{0, 255, 255, 0}, alphas("gif"), "one bit")

	for _, format := range []string{"png", "png8", "gif"} {
		m := decoded(t, format, encoded(t, format, imageOf(b, palette), nil)).(*image.Paletted)
		assert.Equal(t, []uint8{1, 2}, m.Pix[1:3], "%s: values stay indices", format)
	}
}

// T62: 16 bits with holes have 16 bits of alpha.
func TestT62AlphaOf16Bits(t *testing.T) {
	b := block(raster.U16, 3, image.Pt(4, 1), func(_, _, _ int) int { return 0x1234 }, func(x, _ int) int { return [...]int{0, 255, 128, 1}[x] })
	m := decoded(t, "png", encoded(t, "png", imageOf(b, nil), nil)).(*image.NRGBA64)
	var a [4]uint16
	for x := range a {
		a[x] = m.NRGBA64At(x, 0).A
	}
	assert.Equal(t, [4]uint16{0, 65535, 128 * 257, 257}, a)
	assert.Equal(t, color.NRGBA64{R: 0x1234, G: 0x1234, B: 0x1234, A: 65535}, m.NRGBA64At(1, 0))
	assert.Zero(t, m.NRGBA64At(0, 0), "no samples without data")
}

// T63: 300 colours with soft alpha.
func TestT63ContractsOfThePNGs(t *testing.T) {
	size := image.Pt(60, 50)
	at := func(band, x, y int) int { return [...]int{x * 4, y / 10 * 40, (x + y/10) * 3 % 256}[band] }
	valid := func(x, y int) int { return [...]int{255, 255, 0, 40, 200}[(x/7+y/9)%5] }
	b := block(raster.U8, 3, size, at, valid)
	distinct := map[[3]int]bool{}
	for y := range size.Y {
		for x := range size.X {
			distinct[[3]int{at(0, x, y), at(1, x, y), at(2, x, y)}] = true
		}
	}
	require.Len(t, distinct, 300)
	p := imageOf(b, nil)
	bg := color.NRGBA{R: 1, G: 2, B: 3}

	file := encoded(t, "png8", p, nil)
	m := decoded(t, "png8", file).(*image.Paletted)
	require.LessOrEqual(t, len(m.Palette), 256)
	rgba := rgbaOf(b)
	ix := &indexes{pix: m.Pix}
	for _, c := range m.Palette {
		ix.palette = append(ix.palette, color.NRGBAModel.Convert(c).(color.NRGBA))
	}
	requireKept(t, ix, rgba)
	assert.GreaterOrEqual(t, psnr(ix, rgba), 30.0)

	_, colour, chunks := pngInfo(t, encoded(t, "png24", p, &Options{Background: bg}))
	assert.EqualValues(t, 2, colour, "RGB")
	assert.NotContains(t, chunks, "tRNS")
	m24 := decoded(t, "png24", encoded(t, "png24", p, &Options{Background: bg}))
	assert.Equal(t, color.RGBA{R: 1, G: 2, B: 3, A: 255}, m24.At(14, 0), "a hole")
	assert.Equal(t, color.RGBA{R: 0, G: 0, B: 0, A: 255}, decoded(t, "png24", encoded(t, "png24", p, nil)).At(14, 0))

	for name, p := range map[string]*raster.Image{
		"holes": p, "grey": imageOf(block(raster.U8, 1, size, at, nil), nil), "opaque": imageOf(block(raster.U8, 3, size, at, nil), nil),
		"palette": imageOf(block(raster.U8, 1, size, func(_, x, _ int) int { return x % 5 }, nil), samplePalette(5)),
	} {
		depth, colour, _ := pngInfo(t, encoded(t, "png32", p, nil))
		assert.Equal(t, [2]byte{8, 6}, [2]byte{depth, colour}, "%s: RGBA", name)
	}
}

// png8 of one band keeps the values, because clients read them back.
func TestPNG8KeepsValuesOfOneBand(t *testing.T) {
	size := image.Pt(256, 4)
	ramp := func(_, x, _ int) int { return x }
	hole := func(x, y int) int { return min(y, 1) * 255 }
	t.Run("opaque", func(t *testing.T) {
		m := decoded(t, "png8", encoded(t, "png8", imageOf(block(raster.U8, 1, size, ramp, nil), nil), nil))
		require.IsType(t, &image.Gray{}, m)
	})
	t.Run("not known to be opaque", func(t *testing.T) {
		b := block(raster.U8, 1, size, ramp, func(_, _ int) int { return 255 })
		require.IsType(t, &image.Gray{}, decoded(t, "png8", encoded(t, "png8", imageOf(b, nil), nil)))
	})
	t.Run("an index is free", func(t *testing.T) {
		at := func(_, x, _ int) int { return x / 77 * 77 } // not 1
		m := decoded(t, "png8", encoded(t, "png8", imageOf(block(raster.U8, 1, size, at, hole), nil), nil)).(*image.Paletted)
		for x := range 256 {
			require.EqualValues(t, x/77*77, m.ColorIndexAt(x, 2))
			require.EqualValues(t, 1, m.ColorIndexAt(x, 0))
		}
		require.Equal(t, color.NRGBA{}, m.Palette[1])
	})
	t.Run("no index is free", func(t *testing.T) {
		m := decoded(t, "png8", encoded(t, "png8", imageOf(block(raster.U8, 1, size, ramp, hole), nil), nil)).(*image.NRGBA)
		for x := range 256 {
			require.Equal(t, color.NRGBA{uint8(x), uint8(x), uint8(x), 255}, m.NRGBAAt(x, 3))
			require.Zero(t, m.NRGBAAt(x, 0))
		}
	})
	t.Run("no colour of the palette is free", func(t *testing.T) {
		var palette color.Palette
		for i := range 256 {
			palette = append(palette, color.NRGBA{uint8(i), uint8(i / 2), 0, 255})
		}
		m := decoded(t, "png8", encoded(t, "png8", imageOf(block(raster.U8, 1, size, ramp, hole), palette), nil)).(*image.Paletted)
		for x := range 256 {
			c := m.At(x, 3).(color.RGBA)
			require.InDelta(t, x, c.R, 8, "within a cell of the histogram")
			require.InDelta(t, x/2, c.G, 4)
			require.Equal(t, uint8(255), c.A)
			require.Equal(t, color.NRGBA{}, m.At(x, 0))
		}
		palette[9] = color.NRGBA{R: 9}
		m = decoded(t, "png8", encoded(t, "png8", imageOf(block(raster.U8, 1, size, ramp, hole), palette), nil)).(*image.Paletted)
		require.EqualValues(t, 200, m.ColorIndexAt(200, 3))
		require.EqualValues(t, 9, m.ColorIndexAt(200, 0), "the transparent colour that is there")
	})
}

// TestPNGIsSmall: photographs are smaller than the standard library's, other images at most an eighth and 2 KB
// larger.
func TestPNGIsSmall(t *testing.T) {
	size := image.Pt(400, 400)
	for _, c := range []struct {
		name string
		at   func(band, x, y int) int
		most float64
	}{
		{"photograph", photo(size), 0.98},
		{"classes", func(band, x, y int) int { return (x/17*y/23*31 + band*60) % 256 }, 1.125},
		{"gradient", func(band, x, y int) int { return (x + y*band) / 4 }, 1.125},
		{"one colour", func(band, _, _ int) int { return band }, 1.125},
	} {
		b := block(raster.U8, 3, size, c.at, nil)
		var std bytes.Buffer
		require.NoError(t, png.Encode(&std, stdImage(b)))
		assert.LessOrEqual(t, len(encoded(t, "png", imageOf(b, nil), nil)), int(c.most*float64(std.Len()))+2048, c.name)
	}
}
