package encode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"io"
	"iter"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// T67: more than 256 colours and holes.
func TestT67GIFTransparency(t *testing.T) {
	size := image.Pt(100, 100)
	valid := func(x, y int) int { return (x*y%7 + 1) / 3 % 2 * 255 }
	for name, b := range map[string]*raster.Block{
		"colours": block(raster.U8, 3, size, photo(size), valid),
		"greys":   block(raster.U8, 1, size, func(_, x, y int) int { return x + y*3 }, valid),
		"no data": block(raster.U8, 3, size, photo(size), func(_, _ int) int { return 0 }),
	} {
		file := encoded(t, "gif", imageOf(b, nil), nil)
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
		file := encoded(t, "bmp", imageOf(b, nil), &Options{Background: color.NRGBA{R: 10, G: 20, B: 30}})
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
	for name, f := range formats {
		assert.Equal(t, name, f.Name)
		assert.True(t, f.Holds(raster.U8), name)
		if f.Bands == 0 { // it keeps samples rather than draws them
			assert.True(t, f.Holds(raster.F64) && f.Alpha, name)
			assert.Equal(t, name != "lerc", f.Holds(raster.C128), name)
			continue
		}
		assert.False(t, f.Holds(raster.F32), name)
		assert.LessOrEqual(t, f.Bands, 3, name)
		valid := func(x, _ int) int { return x % 2 * 255 }
		m := decoded(t, name, encoded(t, name, imageOf(block(raster.U8, 3, image.Pt(9, 9), noise(1), valid), nil), nil))
		_, _, _, a := m.At(0, 0).RGBA()
		assert.Equal(t, f.Alpha, a == 0, "%s: Alpha", name)
	}
	delete(formats, "png")
	formats["png8"].Types[0] = raster.F64
	assert.True(t, Default()["png8"].Holds(raster.U8), "fresh")
	assert.Contains(t, Default(), "png")
}

func TestWrongImages(t *testing.T) {
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
			b.Bands[1] = raster.NewPlanes(raster.U8, 1, image.Rectangle{Max: size})[0]
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
			*p = *imageOf(block(raster.U8, 1, size, noise(1), nil), color.Palette{nil})
		},
		"a palette too long": func(p *raster.Image) {
			*p = *imageOf(block(raster.U8, 1, size, noise(1), nil), samplePalette(257))
		},
	} {
		for format, f := range Default() {
			p := imageOf(good(), nil)
			change(p)
			err := f.Encode(io.Discard, p, nil)
			_, ok := errors.AsType[*raster.ImageError](err)
			assert.True(t, ok, "%s, %s: %v", name, format, err)
		}
	}
	p := imageOf(block(raster.U16, 1, size, noise(1), nil), samplePalette(3))
	_, ok := errors.AsType[*UnsupportedError](Default()["png"].Encode(io.Discard, p, nil))
	assert.True(t, ok, "a palette for 16 bits")
}

func TestUnsupportedImagesAreNamed(t *testing.T) {
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
		p := imageOf(b, nil)
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

		n := len(encoded(t, name, imageOf(b, nil), nil))
		for _, at := range []int{0, 7, 60, n / 2, n - 1} {
			assert.ErrorIs(t, f.Encode(&failing{n: at}, imageOf(b, nil), nil), errFull, "%s: %d of %d", name, at, n)
		}
		assert.NoError(t, f.Encode(&failing{n: n}, imageOf(b, nil), nil), name)
	}
}

var errFull = errors.New("full")

// failing is a writer that fails after n bytes.
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
		p := imageOf(block(raster.U8, 3, size, photo(size), ring(size)), nil)
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

// T65: the format of an image depends on whether it is opaque, and is known before it is written.
func TestT65Jpgpng(t *testing.T) {
	f := Default()["jpgpng"]
	for _, opaque := range []bool{true, false} {
		p := imageOf(block(raster.U8, 3, image.Pt(20, 10), noise(1), nil), nil)
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
