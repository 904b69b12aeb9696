package geotiff

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"io"
	"iter"
	"math"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// An image that cannot be written is refused before the first byte, and the error names the field at fault.
func TestEncodeRefuses(t *testing.T) {
	good := func() *raster.Image { return imageOf(noiseBlock(raster.U8, 1, image.Pt(4, 3), 0, 1)) }
	for _, c := range []struct {
		field string
		image func(m *raster.Image)
		o     EncodeOptions
	}{
		{"Grid.Size", func(m *raster.Image) { m.Grid.Size = image.Pt(0, 3) }, EncodeOptions{}},
		{"Grid.Size", func(m *raster.Image) { m.Grid.Size = image.Pt(3, -1) }, EncodeOptions{}},
		{"Image.Grid.Size", func(m *raster.Image) { m.Grid.Size = image.Pt(math.MaxInt32, math.MaxInt32) }, EncodeOptions{}},
		{"Image.Grid.Size", func(m *raster.Image) { m.Grid.Size = image.Pt(1<<20, math.MaxInt32) }, EncodeOptions{}},
		{"Image.Grid.Size", func(m *raster.Image) { m.Grid.Size, m.Bands = image.Pt(1<<20, 1), 60000 }, EncodeOptions{}},
		{"Bands", func(m *raster.Image) { m.Bands = 0 }, EncodeOptions{}},
		{"Image.Bands", func(m *raster.Image) { m.Bands = 65535 }, EncodeOptions{}},
		{"Image.Bands", func(m *raster.Image) { m.Bands, m.Type = 65000, raster.C128 }, EncodeOptions{Compression: LZW}},
		{"Type", func(m *raster.Image) { m.Type = raster.Unknown }, EncodeOptions{}},
		{"Type", func(m *raster.Image) { m.Type = 77 }, EncodeOptions{}},
		{"Strips", func(m *raster.Image) { m.Strips = nil }, EncodeOptions{}},
		{"Image.NoData", func(m *raster.Image) { m.NoData = new(-1.0) }, EncodeOptions{}},
		{"Image.NoData", func(m *raster.Image) { m.NoData = new(0.5) }, EncodeOptions{}},
		{"Image.NoData", func(m *raster.Image) { m.NoData = new(math.NaN()) }, EncodeOptions{}},
		{"Image.NoData", func(m *raster.Image) { m.Type, m.NoData = raster.F32, new(1e300) }, EncodeOptions{}},
		{"Palette", func(m *raster.Image) { m.Bands, m.Palette = 2, color.Palette{color.Black} }, EncodeOptions{}},
		{"Palette", func(m *raster.Image) { m.Type, m.Palette = raster.S8, color.Palette{color.Black} }, EncodeOptions{}},
		{"Palette", func(m *raster.Image) { m.Palette = make(color.Palette, 257) }, EncodeOptions{}},
		{"Palette", func(m *raster.Image) { m.Palette = color.Palette{nil} }, EncodeOptions{}},
		{"Image.Grid.Affine", func(m *raster.Image) { m.Grid.Affine = raster.Affine{A: 1} }, EncodeOptions{}},
		{"Image.Grid.Affine", func(m *raster.Image) { m.Grid.Affine.C = math.NaN() }, EncodeOptions{}},
		{"EncodeOptions.Compression", nil, EncodeOptions{Compression: PackBits}},
		{"EncodeOptions.Compression", nil, EncodeOptions{Compression: 65535}},
		{"EncodeOptions.Compression", func(m *raster.Image) { m.Bands = 2 }, EncodeOptions{Compression: JPEG}},
		{"EncodeOptions.Compression", func(m *raster.Image) { m.Type = raster.U16 }, EncodeOptions{Compression: JPEG}},
		{"EncodeOptions.Compression", func(m *raster.Image) { m.NoData = new(0.0) }, EncodeOptions{Compression: JPEG}},
		{"EncodeOptions.Compression", func(m *raster.Image) { m.Palette = color.Palette{color.Black} }, EncodeOptions{Compression: JPEG}},
		{"EncodeOptions.Quality", nil, EncodeOptions{Compression: JPEG, Quality: new(101)}},
		{"EncodeOptions.Quality", nil, EncodeOptions{Compression: JPEG, Quality: new(-1)}},
		{"EncodeOptions.Predictor", nil, EncodeOptions{Predictor: 2}},
		{"EncodeOptions.Predictor", nil, EncodeOptions{Compression: LZW, Predictor: 4}},
		{"EncodeOptions.Predictor", nil, EncodeOptions{Compression: LZW, Predictor: 3}},
		{"EncodeOptions.Predictor", func(m *raster.Image) { m.Type = raster.U4 }, EncodeOptions{Compression: LZW, Predictor: 2}},
		{"EncodeOptions.Predictor", func(m *raster.Image) { m.Type = raster.C128 }, EncodeOptions{Compression: LZW, Predictor: 2}},
		{"EncodeOptions.Validity", nil, EncodeOptions{Validity: 3}},
		{"EncodeOptions.Validity", func(m *raster.Image) { m.Type = raster.C64 }, EncodeOptions{Validity: ValidityAlpha}},
		{"EncodeOptions.Validity", func(m *raster.Image) { m.Palette = color.Palette{color.Black} }, EncodeOptions{Validity: ValidityAlpha}},
		{"EncodeOptions.Validity", nil, EncodeOptions{Compression: JPEG, Validity: ValidityAlpha}},
	} {
		m := good()
		if c.image != nil {
			c.image(m)
		}
		var buf bytes.Buffer
		err := Encode(&buf, m, &c.o)
		if e, ok := errors.AsType[*raster.ImageError](err); ok {
			assert.Equal(t, c.field, e.Field, "%v", err)
		} else {
			e, ok := errors.AsType[*EncodeError](err)
			require.True(t, ok, "%s: %v", c.field, err)
			assert.Equal(t, c.field, e.Field, "%v", err)
		}
		assert.Zero(t, buf.Len())
	}
}

// Zero options are nil ones, and zero values of types have a text or are refused.
func TestEncodeZeroValues(t *testing.T) {
	m := imageOf(noiseBlock(raster.U8, 3, image.Pt(40, 30), 1, 1))
	assert.Equal(t, encodeAll(t, m, nil), encodeAll(t, m, &EncodeOptions{}))
	assert.Equal(t, encodeAll(t, m, nil), encodeAll(t, m, &EncodeOptions{Compression: None, Validity: ValidityMask, Predictor: 1}))
	var refused *raster.ImageError
	require.ErrorAs(t, Encode(io.Discard, &raster.Image{}, nil), &refused)
	assert.Equal(t, "Grid.Size", refused.Field)
	assert.EqualError(t, &EncodeError{}, "geotiff: encode: ")
}

// Strips are checked; the tests of raster.Image have all the cases.
func TestEncodeChecksStrips(t *testing.T) {
	b := noiseBlock(raster.U8, 2, image.Pt(9, 4), 1, 1)
	for name, strips := range map[string][]*raster.Block{
		"nil":          {nil},
		"too few rows": {b.Sub(image.Rect(0, 0, 9, 3))},
		"narrow":       {b.Sub(image.Rect(0, 0, 8, 4))},
	} {
		m := imageOf(b)
		m.Strips = func(yield func(*raster.Block, error) bool) {
			for _, s := range strips {
				if !yield(s, nil) {
					return
				}
			}
		}
		e, ok := errors.AsType[*raster.ImageError](Encode(io.Discard, m, nil))
		require.True(t, ok, name)
		assert.Equal(t, "Strips", e.Field, name)
	}
}

var errBroken = errors.New("broken")

// brokenAfter is a writer that fails after the given number of bytes.
type brokenAfter int

func (b *brokenAfter) Write(p []byte) (int, error) {
	if *b -= brokenAfter(len(p)); *b < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestEncodePassesErrorsOn(t *testing.T) {
	dir := t.TempDir()
	b := noiseBlock(raster.U16, 1, image.Pt(300, 300), 1, 1)
	for _, c := range []Compression{None, Deflate} {
		o := &EncodeOptions{Compression: c, SpoolBytes: 1, SpoolDir: dir}
		for n := 0; n < len(encodeAll(t, imageOf(b), o)); n += 20_011 {
			require.ErrorIs(t, Encode(new(brokenAfter(n)), imageOf(b), o), errBroken)
		}
		m := imageOf(b)
		m.Strips = func(yield func(*raster.Block, error) bool) {
			_ = yield(b.Sub(image.Rect(0, 0, 300, 290)), nil) && yield(nil, errBroken)
		}
		require.ErrorIs(t, Encode(io.Discard, m, o), errBroken)
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.ErrorIs(t, Encode(io.Discard, imageOf(b), &EncodeOptions{Compression: Deflate, SpoolBytes: 1, SpoolDir: dir + "/none"}),
		os.ErrNotExist)
}

// The memory of Encode does not grow with the number of rows: here a file of 60 MB of samples.
func TestEncodeKeepsARowOfTiles(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a second")
	}
	size := image.Pt(20_000, 1_000)
	strip := rastertest.FillBlock(image.Rect(0, 0, size.X, 50), 3, func(band, x, y int) uint8 { return uint8(x/50 + y + band) })
	m := imageOf(strip)
	m.Grid.Size = size
	for _, c := range []Compression{None, LZW} {
		m.Strips = func(yield func(*raster.Block, error) bool) {
			for range size.Y / 50 {
				if !yield(strip, nil) {
					return
				}
			}
		}
		before := heap()
		peak := &peakWriter{}
		m.Strips = peak.watch(m.Strips)
		require.NoError(t, Encode(peak, m, &EncodeOptions{Compression: c, SpoolDir: t.TempDir()}))
		assert.Less(t, int64(peak.most)-int64(before), int64(32<<20), "%v", c)
	}
}

func heap() uint64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// A peakWriter records the largest size of the heap at the moments when Encode asks for a strip.
type peakWriter struct {
	most   uint64
	strips int
}

func (p *peakWriter) Write(b []byte) (int, error) { return len(b), nil }

func (p *peakWriter) watch(strips iter.Seq2[*raster.Block, error]) iter.Seq2[*raster.Block, error] {
	return func(yield func(*raster.Block, error) bool) {
		for b, err := range strips {
			if p.strips++; p.strips%4 == 0 {
				p.most = max(p.most, heap())
			}
			if !yield(b, err) {
				return
			}
		}
	}
}
