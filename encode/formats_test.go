package encode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"iter"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// pngInfo is what the header of a PNG says.
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
		depth, colour, _ := pngInfo(t, encoded(t, "png", picture(b, palette), nil))
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
		m := decoded(t, format, encoded(t, format, picture(b, palette), nil))
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
		m := decoded(t, format, encoded(t, format, picture(b, palette), nil)).(*image.Paletted)
		assert.Equal(t, []uint8{1, 2}, m.Pix[1:3], "%s: values stay indices", format)
	}
}

// T62: 16 bits with holes have 16 bits of alpha.
func TestT62AlphaOf16Bits(t *testing.T) {
	b := block(raster.U16, 3, image.Pt(4, 1), func(_, _, _ int) int { return 0x1234 }, func(x, _ int) int { return [...]int{0, 255, 128, 1}[x] })
	m := decoded(t, "png", encoded(t, "png", picture(b, nil), nil)).(*image.NRGBA64)
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
	p := picture(b, nil)
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
		"holes": p, "grey": picture(block(raster.U8, 1, size, at, nil), nil), "opaque": picture(block(raster.U8, 3, size, at, nil), nil),
		"palette": picture(block(raster.U8, 1, size, func(_, x, _ int) int { return x % 5 }, nil), samplePalette(5)),
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
		m := decoded(t, "png8", encoded(t, "png8", picture(block(raster.U8, 1, size, ramp, nil), nil), nil))
		require.IsType(t, &image.Gray{}, m)
	})
	t.Run("not known to be opaque", func(t *testing.T) {
		b := block(raster.U8, 1, size, ramp, func(_, _ int) int { return 255 })
		require.IsType(t, &image.Gray{}, decoded(t, "png8", encoded(t, "png8", picture(b, nil), nil)))
	})
	t.Run("an index is free", func(t *testing.T) {
		at := func(_, x, _ int) int { return x / 77 * 77 } // not 1
		m := decoded(t, "png8", encoded(t, "png8", picture(block(raster.U8, 1, size, at, hole), nil), nil)).(*image.Paletted)
		for x := range 256 {
			require.EqualValues(t, x/77*77, m.ColorIndexAt(x, 2))
			require.EqualValues(t, 1, m.ColorIndexAt(x, 0))
		}
		require.Equal(t, color.NRGBA{}, m.Palette[1])
	})
	t.Run("no index is free", func(t *testing.T) {
		m := decoded(t, "png8", encoded(t, "png8", picture(block(raster.U8, 1, size, ramp, hole), nil), nil)).(*image.NRGBA)
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
		m := decoded(t, "png8", encoded(t, "png8", picture(block(raster.U8, 1, size, ramp, hole), palette), nil)).(*image.Paletted)
		for x := range 256 {
			c := m.At(x, 3).(color.RGBA)
			require.InDelta(t, x, c.R, 8, "within a cell of the histogram")
			require.InDelta(t, x/2, c.G, 4)
			require.Equal(t, uint8(255), c.A)
			require.Equal(t, color.NRGBA{}, m.At(x, 0))
		}
		palette[9] = color.NRGBA{R: 9}
		m = decoded(t, "png8", encoded(t, "png8", picture(block(raster.U8, 1, size, ramp, hole), palette), nil)).(*image.Paletted)
		require.EqualValues(t, 200, m.ColorIndexAt(200, 3))
		require.EqualValues(t, 9, m.ColorIndexAt(200, 0), "the transparent colour that is there")
	})
}

// T66: 0, 1, 75 and 100 are qualities, 101 and -1 are not; nil is 75.
func TestT66Quality(t *testing.T) {
	size := image.Pt(200, 150)
	for _, bands := range []int{1, 3} {
		p := picture(block(raster.U8, bands, size, photo(size), nil), nil)
		last := 0
		for q := range 101 {
			n := len(encoded(t, "jpg", p, &Options{Quality: &q}))
			assert.GreaterOrEqual(t, n, last, "quality %d, %d bands", q, bands)
			last = n
		}
		assert.Less(t, len(encoded(t, "jpg", p, &Options{Quality: new(0)})), len(encoded(t, "jpg", p, nil)))
		assert.Equal(t, encoded(t, "jpg", p, &Options{Quality: new(75)}), encoded(t, "jpg", p, nil))
		assert.Equal(t, encoded(t, "jpg", p, nil), encoded(t, "jpg", p, &Options{}))
		for _, q := range []int{-1, 101, math.MinInt, 10000} {
			err := Default()["jpg"].Encode(io.Discard, p, &Options{Quality: &q})
			e, ok := errors.AsType[*OptionError](err)
			require.True(t, ok, "%d: %v", q, err)
			assert.Equal(t, "quality", e.Option)
		}
	}
}

func TestJPEGIsNearThePicture(t *testing.T) {
	size := image.Pt(203, 101)
	at := photo(size)
	for _, bands := range []int{1, 2, 3, 4} {
		b := block(raster.U8, bands, size, at, nil)
		m := decoded(t, "jpg", encoded(t, "jpg", picture(b, nil), &Options{Quality: new(95)}))
		require.Equal(t, image.Rectangle{Max: size}, m.Bounds())
		if bands < 3 {
			require.IsType(t, &image.Gray{}, m)
		} else {
			require.IsType(t, &image.YCbCr{}, m)
		}
		sum := 0.0
		for y := range size.Y {
			for x := range size.X {
				r, _, _, _ := m.At(x, y).RGBA()
				d := float64(r>>8) - float64(at(0, x, y))
				sum += d * d
			}
		}
		assert.Greater(t, 10*math.Log10(255*255*float64(size.X*size.Y)/sum), 35.0, "dB, %d bands", bands)
	}
}

func TestJPEGBackground(t *testing.T) {
	size := image.Pt(64, 32)
	valid := func(x, _ int) int { return x / 32 * 255 }
	white := func(_, _, _ int) int { return 255 }
	for _, c := range []struct {
		bands int
		bg    color.NRGBA
		want  color.NRGBA
	}{
		{3, color.NRGBA{}, color.NRGBA{A: 255}},
		{3, color.NRGBA{R: 200, G: 100, B: 50}, color.NRGBA{R: 200, G: 100, B: 50, A: 255}},
		{1, color.NRGBA{R: 200, G: 100, B: 50}, color.NRGBA{R: 124, G: 124, B: 124, A: 255}}, // 0.299·200 + 0.587·100 + 0.114·50
		{1, color.NRGBA{R: 80, G: 80, B: 80, A: 9}, color.NRGBA{R: 80, G: 80, B: 80, A: 255}},
	} {
		m := decoded(t, "jpg", encoded(t, "jpg", picture(block(raster.U8, c.bands, size, white, valid), nil), &Options{Background: c.bg, Quality: new(100)}))
		got := color.NRGBAModel.Convert(m.At(4, 4)).(color.NRGBA)
		assert.InDelta(t, c.want.R, got.R, 2, "%+v: %v", c, got)
		assert.InDelta(t, c.want.G, got.G, 2, "%+v: %v", c, got)
		assert.InDelta(t, c.want.B, got.B, 2, "%+v: %v", c, got)
		r, _, _, _ := m.At(60, 4).RGBA()
		assert.Greater(t, r>>8, uint32(253))
	}
}

// T67: more than 256 colours and holes.
func TestT67GIFTransparency(t *testing.T) {
	size := image.Pt(100, 100)
	valid := func(x, y int) int { return (x*y%7 + 1) / 3 % 2 * 255 }
	for name, b := range map[string]*raster.Block{
		"colours": block(raster.U8, 3, size, photo(size), valid),
		"greys":   block(raster.U8, 1, size, func(_, x, y int) int { return x + y*3 }, valid),
		"no data": block(raster.U8, 3, size, photo(size), func(_, _ int) int { return 0 }),
	} {
		file := encoded(t, "gif", picture(b, nil), nil)
		g, err := gif.DecodeAll(bytes.NewReader(file))
		require.NoError(t, err)
		require.Len(t, g.Image, 1)
		m := g.Image[0]
		require.LessOrEqual(t, len(m.Palette), 256)
		hole := -1
		for i, c := range m.Palette {
			if _, _, _, a := c.RGBA(); a == 0 {
				require.Equal(t, -1, hole, "one transparent index")
				hole = i
			}
		}
		r := b.Bounds()
		for y := range size.Y {
			for x := range size.X {
				isHole := b.Valid.AlphaAt(r.Min.X+x, r.Min.Y+y).A == 0
				require.Equal(t, isHole, int(m.ColorIndexAt(x, y)) == hole, "%s (%d,%d)", name, x, y)
			}
		}
	}
}

// T68: rows of BMP are padded to 4 bytes, and holes have the stated colour.
func TestT68BMPPaddingAndBackground(t *testing.T) {
	for width := 1; width <= 5; width++ {
		size := image.Pt(width, 3)
		b := block(raster.U8, 3, size, noise(5), func(x, y int) int { return (x + y) % 2 * 255 })
		file := encoded(t, "bmp", picture(b, nil), &Options{Background: color.NRGBA{R: 10, G: 20, B: 30}})
		row := (3*width + 3) / 4 * 4
		require.Len(t, file, 54+3*row, "width %d", width)
		assert.EqualValues(t, len(file), binary.LittleEndian.Uint32(file[2:]))
		assert.EqualValues(t, 24, binary.LittleEndian.Uint16(file[28:]), "bits a pixel")
		// The first row is the last in the file, blue first; its first pixel is a hole.
		assert.Equal(t, []byte{30, 20, 10}, file[54+2*row:][:3])
		assert.Equal(t, make([]byte, row-3*width), file[54+3*width:54+row], "padding")
	}
}

func TestDefaultFormats(t *testing.T) {
	formats := Default()
	assert.Len(t, formats, 11)
	for name, f := range formats {
		assert.Equal(t, name, f.Name)
		assert.True(t, f.Holds(raster.U8), name)
		if f.Bands == 0 { // it is for samples rather than for pictures
			assert.True(t, f.Holds(raster.C128) && f.Alpha, name)
			continue
		}
		assert.False(t, f.Holds(raster.F32), name)
		assert.Equal(t, 3, f.Bands, name)
		valid := func(x, _ int) int { return x % 2 * 255 }
		m := decoded(t, name, encoded(t, name, picture(block(raster.U8, 3, image.Pt(9, 9), noise(1), valid), nil), nil))
		_, _, _, a := m.At(0, 0).RGBA()
		assert.Equal(t, f.Alpha, a == 0, "%s: Alpha", name)
	}
	delete(formats, "png")
	formats["png8"].Types[0] = raster.F64
	assert.True(t, Default()["png8"].Holds(raster.U8), "fresh")
	assert.Contains(t, Default(), "png")
}

func TestWrongPictures(t *testing.T) {
	size := image.Pt(4, 6)
	good := func() *raster.Block { return block(raster.U8, 3, size, noise(1), ring(size)) }
	give := func(blocks ...*raster.Block) iter.Seq2[*raster.Block, error] {
		return func(yield func(*raster.Block, error) bool) {
			for _, b := range blocks {
				if !yield(b, nil) {
					return
				}
			}
		}
	}
	sub := func(x0, y0, x1, y1 int) *raster.Block {
		b := good()
		return b.Sub(image.Rect(x0, y0, x1, y1).Add(b.Bounds().Min))
	}
	for name, change := range map[string]func(p *raster.Image){
		"no width":          func(p *raster.Image) { p.Grid.Size.X = 0 },
		"negative height":   func(p *raster.Image) { p.Grid.Size.Y = -1 },
		"no bands":          func(p *raster.Image) { p.Bands = 0 },
		"nil strips":        func(p *raster.Image) { p.Strips = nil },
		"no strips":         func(p *raster.Image) { p.Strips = give() },
		"too few rows":      func(p *raster.Image) { p.Strips = give(sub(0, 0, 4, 5)) },
		"too many rows":     func(p *raster.Image) { p.Strips = give(good(), sub(0, 0, 4, 1)) },
		"a strip too high":  func(p *raster.Image) { p.Grid.Size.Y = 5 },
		"too narrow":        func(p *raster.Image) { p.Strips = give(sub(0, 0, 3, 6)) },
		"too wide":          func(p *raster.Image) { p.Grid.Size.X = 3 },
		"the second narrow": func(p *raster.Image) { p.Strips = give(sub(0, 0, 4, 3), sub(1, 3, 4, 6)) },
		"an empty strip":    func(p *raster.Image) { p.Strips = give(sub(0, 0, 4, 0), good()) },
		"a nil strip":       func(p *raster.Image) { p.Strips = give(nil) },
		"a nil band": func(p *raster.Image) {
			b := good()
			b.Bands[0] = nil
			p.Strips = give(b)
		},
		"no such bands":   func(p *raster.Image) { p.Bands = 4 },
		"of another type": func(p *raster.Image) { p.Strips = give(block(raster.U16, 3, size, noise(1), nil)) },
		"type and planes disagree": func(p *raster.Image) {
			b := block(raster.U16, 3, size, noise(1), nil)
			b.Type = raster.U8
			p.Strips = give(b)
		},
		"bands of different bounds": func(p *raster.Image) {
			b := good()
			b.Bands[1] = raster.NewPlane(raster.U8, image.Rectangle{Max: size})
			p.Strips = give(b)
		},
		"validity too small": func(p *raster.Image) {
			b := good()
			b.Valid = image.NewAlpha(b.Bounds().Inset(1))
			p.Strips = give(b)
		},
		"not opaque at all":         func(p *raster.Image) { p.Opaque = true },
		"a palette for three bands": func(p *raster.Image) { p.Palette = samplePalette(2) },
		"a palette with a nil": func(p *raster.Image) {
			*p = *picture(block(raster.U8, 1, size, noise(1), nil), color.Palette{nil})
		},
		"a palette too long": func(p *raster.Image) {
			*p = *picture(block(raster.U8, 1, size, noise(1), nil), samplePalette(257))
		},
	} {
		for format, f := range Default() {
			p := picture(good(), nil)
			change(p)
			err := f.Encode(io.Discard, p, nil)
			_, ok := errors.AsType[*raster.ImageError](err)
			assert.True(t, ok, "%s, %s: %v", name, format, err)
		}
	}
	p := picture(block(raster.U16, 1, size, noise(1), nil), samplePalette(3))
	_, ok := errors.AsType[*UnsupportedError](Default()["png"].Encode(io.Discard, p, nil))
	assert.True(t, ok, "a palette for 16 bits")
}

func TestUnsupportedPicturesAreNamed(t *testing.T) {
	for format, f := range Default() {
		for typ := raster.U1; typ <= raster.C128; typ++ {
			if f.Holds(typ) {
				continue
			}
			p := &raster.Image{Grid: raster.Grid{Size: image.Pt(1, 1)}, Type: typ, Bands: 1, Strips: func(func(*raster.Block, error) bool) { t.Fatal("asked for strips") }}
			var buf bytes.Buffer
			e, ok := errors.AsType[*UnsupportedError](f.Encode(&buf, p, nil))
			require.True(t, ok, "%s %v", format, typ)
			if f.Choose != nil {
				f = f.Choose(p)
			}
			assert.Equal(t, f.Name, e.Format)
			assert.Contains(t, e.What, typ.String())
			assert.Zero(t, buf.Len())
		}
	}
	for format, size := range map[string]image.Point{
		"jpg": {65536, 1}, "gif": {1, 65536}, "bmp": {40000, 40000},
	} {
		p := &raster.Image{Grid: raster.Grid{Size: size}, Type: raster.U8, Bands: 1, Strips: func(func(*raster.Block, error) bool) { t.Fatal("asked for strips") }}
		_, ok := errors.AsType[*UnsupportedError](Default()[format].Encode(io.Discard, p, nil))
		assert.True(t, ok, format)
	}
}

func TestErrorsOfStripsAndWritersComeBack(t *testing.T) {
	size := image.Pt(300, 300)
	b := block(raster.U8, 3, size, noise(1), nil)
	broken := errors.New("broken")
	for name, f := range Default() {
		p := picture(b, nil)
		p.Strips = func(yield func(*raster.Block, error) bool) {
			for s := range strips(b, 100) {
				if !yield(s, nil) {
					return
				}
				break
			}
			if yield(nil, broken) {
				t.Error("went on after an error")
			}
		}
		assert.Same(t, broken, f.Encode(io.Discard, p, nil), name)

		n := len(encoded(t, name, picture(b, nil), nil))
		for _, at := range []int{0, 7, 60, n / 2, n - 1} {
			assert.ErrorIs(t, f.Encode(&failing{n: at}, picture(b, nil), nil), errFull, "%s: %d of %d", name, at, n)
		}
		assert.NoError(t, f.Encode(&failing{n: n}, picture(b, nil), nil), name)
	}
}

var errFull = errors.New("full")

// failing fails after n bytes.
type failing struct{ n int }

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.n {
		return f.n, errFull
	}
	f.n -= len(p)
	return len(p), nil
}

func TestFormatsAreSafeForConcurrentUse(t *testing.T) {
	formats := Default()
	size := image.Pt(120, 90)
	var wg sync.WaitGroup
	for name := range formats {
		p := picture(block(raster.U8, 3, size, photo(size), ring(size)), nil)
		want := encoded(t, name, p, nil)
		for range 4 {
			wg.Go(func() {
				var got bytes.Buffer
				assert.NoError(t, formats[name].Encode(&got, p, nil))
				assert.True(t, bytes.Equal(want, got.Bytes()), name)
			})
		}
	}
	wg.Wait()
}

// TestPNGIsSmall: photographs are smaller than the standard library's, other pictures at most an eighth and 2 KB larger.
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
		assert.LessOrEqual(t, len(encoded(t, "png", picture(b, nil), nil)), int(c.most*float64(std.Len()))+2048, c.name)
	}
}

// T65: what a picture is written in goes by whether it is opaque, and is known before.
func TestT65Jpgpng(t *testing.T) {
	f := Default()["jpgpng"]
	for _, opaque := range []bool{true, false} {
		p := picture(block(raster.U8, 3, image.Pt(20, 10), noise(1), nil), nil)
		p.Opaque = opaque
		want := "png32"
		if opaque {
			want = "jpg"
		}
		chosen := f.Choose(p)
		assert.Equal(t, want, chosen.Name)
		var buf bytes.Buffer
		require.NoError(t, f.Encode(&buf, p, nil))
		_, kind, err := image.DecodeConfig(&buf)
		require.NoError(t, err)
		assert.Equal(t, chosen.MediaType, "image/"+kind)
	}
}
