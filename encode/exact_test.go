package encode

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/bmp"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// encoded returns the file of an image in one of the default formats.
func encoded(t require.TestingT, format string, p *raster.Image, o *Options) []byte {
	var buf bytes.Buffer
	require.NoError(t, Default()[format].Encode(&buf, p, o))
	return buf.Bytes()
}

// decoders are decoders of other projects, by media type.
var decoders = map[string]func(io.Reader) (image.Image, error){
	"image/png": png.Decode, "image/jpeg": jpeg.Decode, "image/gif": gif.Decode, "image/bmp": bmp.Decode,
}

func decoded(t require.TestingT, format string, file []byte) image.Image {
	decode, ok := decoders[Default()[format].MediaType]
	require.True(t, ok, "decoders lack one for format %s", format)
	m, err := decode(bytes.NewReader(file))
	require.NoError(t, err)
	return m
}

// unrounded returns c in 16 bits and not premultiplied, if that is possible without loss.
func unrounded(t require.TestingT, c color.Color) color.NRGBA64 {
	wide := func(v uint8) uint16 { return uint16(v) * 257 }
	switch c := c.(type) {
	case color.NRGBA:
		return color.NRGBA64{R: wide(c.R), G: wide(c.G), B: wide(c.B), A: wide(c.A)}
	case color.NRGBA64:
		return c
	}
	r, g, b, a := c.RGBA()
	if a != 0xffff && a != 0 {
		require.Fail(t, "premultiplied", "%T", c)
	}
	return color.NRGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: uint16(a)}
}

// pixel returns the colour that a lossless format shows for one pixel. It is an implementation of the documentation of
// this package, slow and independent of the encoders.
func pixel(format string, b *raster.Block, palette color.Palette, x, y int, bg color.NRGBA) color.NRGBA64 {
	at := func(band int) uint16 {
		switch p := b.Bands[band].(type) {
		case *raster.PlaneOf[uint8]:
			return uint16(p.Pix[(y-p.Rect.Min.Y)*p.Stride+x-p.Rect.Min.X]) * 257
		case *raster.PlaneOf[uint16]:
			return p.Pix[(y-p.Rect.Min.Y)*p.Stride+x-p.Rect.Min.X]
		}
		panic("type")
	}
	valid := uint32(255)
	if b.Valid != nil {
		valid = uint32(b.Valid.AlphaAt(x, y).A)
	}
	c := color.NRGBA64{R: at(0), G: at(0), B: at(0), A: 65535}
	index := format == "gif" || format == "png8" && len(b.Bands) < 3
	switch {
	case palette != nil:
		index = index || format == "png" && (len(palette) < 256 || b.Valid == nil)
		if v := int(at(0) / 257); v < len(palette) {
			p := palette[v].(color.NRGBA)
			c = color.NRGBA64{R: uint16(p.R) * 257, G: uint16(p.G) * 257, B: uint16(p.B) * 257, A: uint16(p.A) * 257}
		} else {
			c = color.NRGBA64{}
		}
	case len(b.Bands) >= 3:
		c.G, c.B = at(1), at(2)
	}
	if index {
		valid = valid / 128 * 255
	}
	a := (uint32(c.A/257)*valid*2 + 255) / 510 // rounded
	if format == "gif" {
		a = a / 128 * 255
	}
	switch format {
	case "png24", "bmp":
		over := func(v uint16, bg uint8) uint16 {
			return uint16((uint32(v/257)*a*2+uint32(bg)*(255-a)*2+255)/510) * 257
		}
		return color.NRGBA64{R: over(c.R, bg.R), G: over(c.G, bg.G), B: over(c.B, bg.B), A: 65535}
	}
	if a == 0 {
		return color.NRGBA64{}
	}
	c.A = uint16(a) * 257
	return c
}

// samplePalette returns n colours, some of them with alpha.
func samplePalette(n int) color.Palette {
	p := make(color.Palette, n)
	for i := range p {
		p[i] = color.NRGBA{R: uint8(37 * i), G: uint8(i), B: uint8(255 - i), A: [...]uint8{255, 255, 90, 200, 255}[i%5]}
	}
	return p
}

func requirePixels(t require.TestingT, format string, m image.Image, b *raster.Block, palette color.Palette, bg color.NRGBA) {
	r := b.Bounds()
	require.Equal(t, r.Size(), m.Bounds().Size())
	for y := range r.Dy() {
		for x := range r.Dx() {
			want := pixel(format, b, palette, r.Min.X+x, r.Min.Y+y, bg)
			if got := unrounded(t, m.At(x, y)); got != want {
				require.Equal(t, want, got, "pixel (%d,%d)", x, y)
			}
		}
	}
}

// TestPixelsComeBack compares each lossless format, as a decoder of another project reads it, with pixel: for every
// type, number of bands, palette, validity, and width.
func TestPixelsComeBack(t *testing.T) {
	validities := map[string]func(size image.Point) func(x, y int) int{
		"opaque": func(image.Point) func(x, y int) int { return nil },
		"full":   func(image.Point) func(x, y int) int { return func(_, _ int) int { return 255 } },
		"none":   func(image.Point) func(x, y int) int { return func(_, _ int) int { return 0 } },
		"holes":  func(image.Point) func(x, y int) int { return func(x, y int) int { return (x + 3*y) % 5 / 2 % 2 * 255 } },
		"soft":   ring,
	}
	type kind struct {
		t      raster.PixelType
		bands  int
		values int // that are used
		colors int // of the palette
	}
	kinds := []kind{
		{raster.U8, 1, 255, 0}, {raster.U8, 2, 200, 0}, {raster.U8, 3, 256, 0}, {raster.U8, 5, 256, 0},
		{raster.U16, 1, 65536, 0}, {raster.U16, 2, 65536, 0}, {raster.U16, 3, 65536, 0}, {raster.U16, 4, 65536, 0},
		{raster.U8, 1, 4, 4}, {raster.U8, 1, 9, 4}, {raster.U8, 1, 256, 255}, {raster.U8, 1, 240, 256}, {raster.U8, 1, 3, 0},
	}
	bg := color.NRGBA{R: 250, G: 7, B: 99}
	for _, format := range []string{"png", "png8", "png24", "png32", "gif", "bmp"} {
		for _, k := range kinds {
			if !Default()[format].Holds(k.t) {
				continue
			}
			if k.bands >= 3 && (format == "png8" || format == "gif") {
				continue // colours are chosen: see the tests of quantise
			}
			for name, validity := range validities {
				t.Run(fmt.Sprintf("%s/%v/%d bands/%d of %d/%s", format, k.t, k.bands, k.values, k.colors, name), func(t *testing.T) {
					for _, width := range []int{1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257} {
						size := image.Pt(width, 5)
						values := noise(uint64(width))
						at := func(band, x, y int) int { return values(band, x, y) % k.values }
						var palette color.Palette
						if k.colors > 0 {
							palette = samplePalette(k.colors)
						}
						b := block(k.t, k.bands, size, at, validity(size))
						m := decoded(t, format, encoded(t, format, imageOf(b, palette), &Options{Background: bg}))
						requirePixels(t, format, m, b, palette, bg)
					}
				})
			}
		}
	}
}

// TestManySegmentsComeBack is large enough for several segments and all ways to pack them.
func TestManySegmentsComeBack(t *testing.T) {
	size := image.Pt(300, 900)
	photo, noise := photo(size), noise(3)
	at := func(band, x, y int) int {
		switch {
		case y < 300:
			return photo(band, x, y)
		case y < 600:
			return x / 40 * 7 * y / 50
		}
		return noise(band, x, y)
	}
	b := block(raster.U8, 3, size, at, ring(size))
	for _, format := range []string{"png", "png24", "png32"} {
		requirePixels(t, format, decoded(t, format, encoded(t, format, imageOf(b, nil), nil)), b, nil, color.NRGBA{})
	}
	b16 := block(raster.U16, 1, image.Pt(700, 400), noise, nil)
	requirePixels(t, "png", decoded(t, "png", encoded(t, "png", imageOf(b16, nil), nil)), b16, nil, color.NRGBA{})
}

// TestBytesDoNotDependOnStrips holds the law that strips of any heights make the same file.
func TestBytesDoNotDependOnStrips(t *testing.T) {
	formats := Default()
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom([]string{"png", "png8", "png24", "png32", "jpg", "gif", "bmp"}).Draw(t, "format")
		size := image.Pt(rapid.IntRange(1, 700).Draw(t, "width"), rapid.IntRange(1, 150).Draw(t, "height"))
		bands := rapid.IntRange(1, 4).Draw(t, "bands")
		var valid func(x, y int) int
		if rapid.Bool().Draw(t, "holes") {
			valid = ring(size)
		}
		b := block(raster.U8, bands, size, noise(1), valid)
		var palette color.Palette
		if bands == 1 && rapid.Bool().Draw(t, "indices") {
			palette = samplePalette(rapid.IntRange(0, 256).Draw(t, "colours"))
		}
		var whole, cut bytes.Buffer
		p := imageOf(b, palette)
		require.NoError(t, formats[format].Encode(&whole, p, nil))
		p.Strips = strips(b, rapid.SliceOfN(rapid.IntRange(1, 40), 1, 8).Draw(t, "heights")...)
		require.NoError(t, formats[format].Encode(&cut, p, nil))
		require.True(t, bytes.Equal(whole.Bytes(), cut.Bytes()))
	})
}

// TestBytesDoNotDependOnEarlierImages uses compressors again that other images have used.
func TestBytesDoNotDependOnEarlierImages(t *testing.T) {
	size := image.Pt(300, 300)
	a := imageOf(block(raster.U8, 3, size, photo(size), nil), nil)
	b := imageOf(block(raster.U8, 1, size, func(_, x, y int) int { return x * y / 900 }, ring(size)), nil)
	formats := Default()
	for _, name := range []string{"png", "png8", "png24", "png32", "jpg", "gif", "bmp"} {
		fresh := encoded(t, name, a, nil)
		for range 3 {
			var got bytes.Buffer
			require.NoError(t, formats[name].Encode(&got, a, nil))
			assert.True(t, bytes.Equal(fresh, got.Bytes()), name)
			require.NoError(t, formats[name].Encode(io.Discard, b, nil))
			failure := imageOf(firstStrip(a), nil)
			failure.Grid.Size.Y++
			require.Error(t, formats[name].Encode(io.Discard, failure, nil))
		}
	}
}

// firstStrip returns the first strip of an image.
func firstStrip(p *raster.Image) *raster.Block {
	for b := range p.Strips {
		return b
	}
	return nil
}
