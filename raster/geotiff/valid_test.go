package geotiff_test

import (
	"image"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// row returns a file of one row with the given samples of one or several bands.
func row(typ raster.PixelType, noData string, bands ...[]float64) *tiffmake.File {
	f := &tiffmake.File{Size: image.Pt(len(bands[0]), 1), Type: typ, Bands: len(bands), NoData: noData,
		Sample: func(_, b, x, y int) float64 { return bands[b][x] }}
	return f.NorthUp(0, 0, 1)
}

// shown returns a character for each pixel of the first row of a block: '#' fully valid, '+' partly, '.' not.
func shown(b *raster.Block) string {
	var s strings.Builder
	for x := range b.Bounds().Dx() {
		switch {
		case b.Valid == nil || b.Valid.AlphaAt(x, 0).A == 255:
			s.WriteByte('#')
		case b.Valid.AlphaAt(x, 0).A > 0:
			s.WriteByte('+')
		default:
			s.WriteByte('.')
		}
	}
	return s.String()
}

// TestNoData checks the GDAL_NODATA tag of files with one band (T40, T41, T42).
func TestNoData(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name    string
		typ     raster.PixelType
		tag     string
		samples []float64
		want    string
		ignored bool // ignored with a note
	}{
		{"T40 -3.4e38 written from a double", raster.F32, "-3.39999999999999996e+38", []float64{-3.4e38, -3.3e38, 0}, ".##", false},
		{"T40 the least float32", raster.F32, "-3.4028234663852886e+38", []float64{-math.MaxFloat32, -3.4e38, 0}, ".##", false},
		{"T40 17 digits of a float32", raster.F32, "0.10000000149011612", []float64{0.1, 0.2}, ".#", false},
		{"T40 the decimal that was meant", raster.F32, "0.1", []float64{0.1, 0.2}, ".#", false},
		{"T40 the same in F64 is another number", raster.F64, "0.10000000149011612", []float64{0.1, float64(float32(0.1))}, "#.", false},
		{"NaN", raster.F32, "nan", []float64{nan, 1}, ".#", false},
		{"NaN without a tag", raster.F64, "", []float64{nan, 1, inf}, ".##", false},
		{"NaN besides a value", raster.F64, "-9999", []float64{nan, -9999, 1}, "..#", false},
		{"infinity", raster.F32, "-inf", []float64{math.Inf(-1), inf, 1}, ".##", false},
		{"the least double in F32", raster.F32, "-1.7976931348623157e+308", []float64{-math.MaxFloat32, 1}, "##", true},
		{"minus zero", raster.F32, "-0", []float64{0, 1}, ".#", false},
		{"T41 U16 -9999", raster.U16, "-9999", []float64{55537, 1}, "##", true},
		{"T41 U8 NaN", raster.U8, "nan", []float64{0, 1}, "##", true},
		{"T41 U8 3.5", raster.U8, "3.5", []float64{3, 4}, "##", true},
		{"T41 U8 256", raster.U8, "256", []float64{0, 255}, "##", true},
		{"T41 S8 -129", raster.S8, "-129", []float64{127, -128}, "##", true},
		{"S8", raster.S8, "-128", []float64{127, -128}, "#.", false},
		{"U32", raster.U32, "4294967295", []float64{4294967295, 4294967294}, ".#", false},
		{"S32", raster.S32, "-2147483648", []float64{-2147483648, -2147483647}, ".#", false},
		{"U1", raster.U1, "1", []float64{1, 0, 1}, ".#.", false},
		{"T42 inline, one digit", raster.U8, "0", []float64{0, 255}, ".#", false},
		{"T42 inline, three digits", raster.U8, "255", []float64{0, 255}, "#.", false},
		{"blanks around", raster.S16, " -9999 ", []float64{-9999, 1}, ".#", false},
		{"as a float", raster.S16, "-9.999000e+03", []float64{-9999, 1}, ".#", false},
		{"no number", raster.U8, "none", []float64{0, 1}, "##", true},
		{"a blank", raster.U8, " ", []float64{0, 1}, "##", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := row(c.typ, c.tag, c.samples)
			f.EPSG = 3857
			g := open(t, f)
			assert.Equal(t, c.want, shown(whole(t, g, 0)))
			assert.Equal(t, c.ignored || c.tag == "", g.Info().Bands[0].NoData == nil)
			assert.Equal(t, c.ignored, len(g.Info().Notes) > 0, "%q", g.Info().Notes)
		})
	}
}

// TestMinIsWhite checks that samples are not inverted, and that noData is compared with the samples of the file (T42).
func TestMinIsWhite(t *testing.T) {
	f := row(raster.U8, "0", []float64{0, 1, 255})
	f.Photometric = -1
	b := whole(t, open(t, f), 0)
	assert.Equal(t, ".##", shown(b))
	assert.Equal(t, []uint8{0, 1, 255}, b.Bands[0].(*raster.PlaneOf[uint8]).Pix)
}

// TestNoDataOfBands checks files of several bands: a pixel is without data if all its bands are noData in unsigned
// files, and if any is in others, independent of the requested bands.
func TestNoDataOfBands(t *testing.T) {
	for _, c := range []struct {
		typ  raster.PixelType
		tag  string
		r, g []float64
		want string
	}{
		{raster.U8, "0", []float64{0, 0, 1, 1}, []float64{0, 1, 0, 1}, ".###"},
		{raster.U16, "0", []float64{0, 0, 1, 1}, []float64{0, 1, 0, 1}, ".###"},
		{raster.S16, "-1", []float64{-1, -1, 1, 1}, []float64{-1, 1, -1, 1}, "...#"},
		{raster.F32, "-1", []float64{-1, -1, 1, 1}, []float64{-1, 1, -1, 1}, "...#"},
		{raster.F32, "", []float64{math.NaN(), math.NaN(), 1, 1}, []float64{math.NaN(), 1, math.NaN(), 1}, "...#"},
	} {
		for _, planar := range []bool{false, true} {
			f := row(c.typ, c.tag, c.r, c.g)
			f.Planar = planar
			g := open(t, f)
			for _, bands := range [][]int{nil, {0}, {1}, {1, 0}} {
				b, err := g.Read(t.Context(), nil, 0, image.Rect(0, 0, 4, 1), bands)
				require.NoError(t, err)
				assert.Equal(t, c.want, shown(b), "%v, planar %v, bands %v", c.typ, planar, bands)
			}
		}
	}
}

func TestAlpha(t *testing.T) {
	for _, c := range []struct {
		typ   raster.PixelType
		alpha []float64
		want  []uint8
	}{
		{raster.U1, []float64{0, 1}, []uint8{0, 255}},
		{raster.U4, []float64{0, 1, 15}, []uint8{0, 17, 255}},
		{raster.U8, []float64{0, 1, 255}, []uint8{0, 1, 255}},
		{raster.U16, []float64{0, 128, 129, 257, 65535}, []uint8{0, 0, 1, 1, 255}},
		{raster.S16, []float64{-5, 0, 16384, 32767}, []uint8{0, 0, 128, 255}},
		{raster.F32, []float64{-1, 0, 0.5, 1, 7, math.NaN()}, []uint8{0, 0, 128, 255, 255, 0}},
	} {
		for _, planar := range []bool{false, true} {
			f := row(c.typ, "", make([]float64, len(c.alpha)), c.alpha)
			f.ExtraSamples, f.Planar = []int{2}, planar
			g := open(t, f)
			assert.Equal(t, []raster.Band{{Color: raster.ColorGray}, {Color: raster.ColorAlpha, Alpha: true}}, g.Info().Bands)
			b, err := g.Read(t.Context(), nil, 0, image.Rectangle{Max: f.Size}, []int{0})
			require.NoError(t, err)
			assert.Equal(t, c.want, b.Valid.Pix, "%v", c.typ)
		}
	}
	f := row(raster.U8, "", []float64{1, 1}, []float64{255, 255})
	f.ExtraSamples = []int{2}
	assert.Nil(t, whole(t, open(t, f), 0).Valid, "opaque")
	f.ExtraSamples = []int{0}
	assert.Equal(t, []raster.Band{{Color: raster.ColorGray}, {}}, open(t, f).Info().Bands, "unspecified is no alpha")
}

// TestMask checks that masks of 1 and of 8 bits become validity of 0 and 255, and that each level has its own (T45).
func TestMask(t *testing.T) {
	for _, eight := range []bool{false, true} {
		for _, c := range []int{tiffmake.None, tiffmake.Deflate} {
			f := &tiffmake.File{
				Size: image.Pt(50, 40), Tile: image.Pt(16, 16), Bands: 3, Levels: []image.Point{{25, 20}}, Mask8: eight, Compression: c,
				Sample: func(_, _, x, y int) float64 { return 9 },
				Mask:   func(level, x, y int) bool { return x%3 == level },
			}
			g := open(t, f.NorthUp(0, 0, 1))
			for level := range 2 {
				b := whole(t, g, level)
				for y := range b.Bounds().Dy() {
					for x := range b.Bounds().Dx() {
						want := uint8(0)
						if x%3 == level {
							want = 255
						}
						require.Equal(t, want, b.Valid.AlphaAt(x, y).A, "level %d (%d,%d)", level, x, y)
					}
				}
			}
		}
	}
}

// TestPrecedence checks that alpha precedes the mask and the mask precedes noData (T46), and that NaN is never data.
func TestPrecedence(t *testing.T) {
	nan := math.NaN()
	f := row(raster.F32, "5", []float64{1, 5, 1, nan, 5}, []float64{1, 1, 0, 1, 0})
	f.ExtraSamples = []int{2}
	f.Mask = func(_, x, _ int) bool { return x == 4 }
	f.EPSG = 3857
	g := open(t, f)
	assert.Equal(t, "##...", shown(whole(t, g, 0)), "alpha alone, and NaN")
	assert.Len(t, g.Info().Notes, 2, "%q", g.Info().Notes)

	f.ExtraSamples, f.Bands = nil, 1
	g = open(t, f)
	assert.Equal(t, "....#", shown(whole(t, g, 0)), "mask alone, and NaN")
	assert.Len(t, g.Info().Notes, 1, "%q", g.Info().Notes)
	assert.EqualValues(t, 5, *g.Info().Bands[0].NoData)

	f.Mask = func(_, x, _ int) bool { return true }
	assert.Equal(t, "###.#", shown(whole(t, open(t, f), 0)), "NaN inside the mask")
	f.Mask = nil
	assert.Equal(t, "#.#..", shown(whole(t, open(t, f), 0)), "noData, and NaN")
}

// TestUnsupportedMask checks that a mask that cannot be read is an error.
func TestUnsupportedMask(t *testing.T) {
	f := row(raster.U8, "", []float64{1, 2})
	f.Mask = func(_, x, _ int) bool { return true }
	codecs := geotiff.DefaultCodecs()
	f.Compression = tiffmake.PackBits
	b := f.Bytes()
	_, err := geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{Codecs: codecs})
	require.NoError(t, err)
	// Only the image's compression becomes None; the mask keeps its own.
	f.Tags = []tiffmake.Tag{{Number: 259, Value: []uint16{1}}}
	delete(codecs, geotiff.PackBits)
	_, err = geotiff.Open(t.Context(), sourceOf(f.Bytes()), &geotiff.Options{Codecs: codecs})
	require.True(t, isReason[*geotiff.UnsupportedError](err), "%v", err)
	assert.ErrorContains(t, err, "mask")
	assert.ErrorContains(t, err, "PackBits")
}

// TestSparse checks that blocks which are not in the file hold noData or 0, never the former contents of a buffer
// (T74).
func TestSparse(t *testing.T) {
	for _, c := range []struct {
		name, noData string
		planar       bool
		bands        int
		extra        []int
		want         float64
		valid        uint8
	}{
		{"zeros", "", false, 2, nil, 0, 255},
		{"noData", "-7", false, 2, nil, -7, 0},
		{"zeros, planar", "", true, 2, nil, 0, 255},
		{"noData, planar", "-7", true, 2, nil, -7, 0},
		{"alpha", "", false, 2, []int{2}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &tiffmake.File{
				Size: image.Pt(64, 64), Tile: image.Pt(16, 16), Type: raster.S16, Bands: c.bands, Planar: c.planar, ExtraSamples: c.extra,
				NoData: c.noData, Compression: tiffmake.LZW,
				Sample: func(_, _, x, y int) float64 { return 32767 },
				Sparse: func(_, _, col, row int) bool { return (col+row)%2 == 1 },
			}
			g, err := geotiff.Open(t.Context(), sourceOf(f.NorthUp(0, 0, 1).Bytes()), &geotiff.Options{Cache: raster.NewCache(0)})
			require.NoError(t, err)
			for range 20 { // buffers are reused from the second read on
				b := whole(t, g, 0)
				for y := range 64 {
					for x := range 64 {
						want, valid := float64(32767), uint8(255)
						if (x/16+y/16)%2 == 1 {
							want, valid = c.want, c.valid
						}
						require.EqualValues(t, want, b.Bands[0].(*raster.PlaneOf[int16]).Row(y)[x])
						got := uint8(255)
						if b.Valid != nil {
							got = b.Valid.AlphaAt(x, y).A
						}
						require.Equal(t, valid, got)
					}
				}
			}
		})
	}
}
