package geotiff

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/overview"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// noiseBlock is pixels of any type whose samples are all over its range, and clumped enough to be worth compressing. Validity is
// one of the kinds: 0 none, 1 holes, 2 soft.
func noiseBlock(typ raster.PixelType, bands int, size image.Point, validity int, seed uint64) *raster.Block {
	random := rand.New(rand.NewPCG(seed, 1))
	r := image.Rectangle{Max: size}
	lo, hi := typ.Range()
	if !typ.Integer() {
		lo, hi = -1e6, 1e6
	}
	values := raster.NewBlock(raster.F64, bands, r)
	for _, p := range values.Bands {
		pix := p.(*raster.PlaneOf[float64]).Pix
		for i := range pix {
			pix[i] = lo + random.Float64()*(hi-lo)
			if i > 0 && random.IntN(3) > 0 {
				pix[i] = pix[i-1]
			}
		}
	}
	values.Valid = nil
	b := &raster.Block{Type: typ}
	if typ.Complex() {
		for _, p := range values.Bands {
			b.Bands = append(b.Bands, complexPlane(typ, p.(*raster.PlaneOf[float64])))
		}
	} else {
		var err error
		if b, err = raster.Convert(values, typ); err != nil {
			panic(err)
		}
	}
	if validity == 0 {
		return b
	}
	b.Valid = image.NewAlpha(r)
	for i := range b.Valid.Pix {
		switch v := random.IntN(6); {
		case v == 0:
		case v == 1 && validity == 2:
			b.Valid.Pix[i] = uint8(random.IntN(256))
		default:
			b.Valid.Pix[i] = 255
		}
	}
	return b
}

func complexPlane(typ raster.PixelType, p *raster.PlaneOf[float64]) raster.Plane {
	if typ == raster.C128 {
		q := raster.MakePlane[complex128](p.Rect)
		for i, v := range p.Pix {
			q.Pix[i] = complex(v, -v/3)
		}
		return q
	}
	q := raster.MakePlane[complex64](p.Rect)
	for i, v := range p.Pix {
		q.Pix[i] = complex(float32(v), float32(-v/3))
	}
	return q
}

// cut gives a block as strips of some heights, which are used in turns.
func cut(b *raster.Block, heights ...int) iter.Seq2[*raster.Block, error] {
	return func(yield func(*raster.Block, error) bool) {
		r := b.Bounds()
		for i, y := 0, r.Min.Y; y < r.Max.Y; i++ {
			h := min(heights[i%len(heights)], r.Max.Y-y)
			if !yield(b.Sub(image.Rect(r.Min.X, y, r.Max.X, y+h)), nil) {
				return
			}
			y += h
		}
	}
}

func imageOf(b *raster.Block, heights ...int) *raster.Image {
	if heights == nil {
		heights = []int{1 << 30}
	}
	crs, err := srs.FromWKID(32633)
	if err != nil {
		panic(err)
	}
	return &raster.Image{Grid: raster.Grid{CRS: crs, Affine: raster.Affine{A: 2, C: 100, E: -2, F: 900}, Size: b.Bounds().Size()},
		Type: b.Type, Bands: len(b.Bands), Strips: cut(b, heights...)}
}

func encodeAll(t require.TestingT, m *raster.Image, o *EncodeOptions) []byte {
	var buf bytes.Buffer
	require.NoError(t, Encode(&buf, m, o))
	return buf.Bytes()
}

// readBack reads the whole of a level, alpha band apart.
func readBack(t require.TestingT, file []byte, level int) (*raster.Block, raster.Info) {
	f, err := Open(context.Background(), source.FromReaderAt(bytes.NewReader(file), int64(len(file))), nil)
	require.NoError(t, err)
	info := f.Info()
	b, err := f.Read(context.Background(), nil, level, image.Rectangle{Max: info.Levels[level]}, info.Colors())
	require.NoError(t, err)
	return b, info
}

// hard is b with validity of nothing but 0 and 255, split at 128.
func hard(b *raster.Block) *raster.Block {
	if b.Valid == nil {
		return b
	}
	v := image.NewAlpha(b.Valid.Rect)
	for i, a := range b.Valid.Pix {
		if a >= 128 {
			v.Pix[i] = 255
		}
	}
	return &raster.Block{Type: b.Type, Bands: b.Bands, Valid: v}
}

var allTypes = []raster.PixelType{
	raster.U1, raster.U2, raster.U4, raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32,
	raster.F32, raster.F64, raster.C64, raster.C128,
}

var lossless = []Compression{None, LZW, Deflate, ZSTD}

// Every type in every compression with one, three and five bands comes back as it was, with and without a mask.
func TestEncodeReadsBackExactly(t *testing.T) {
	for _, typ := range allTypes {
		for _, c := range lossless {
			t.Run(fmt.Sprint(typ, " ", c), func(t *testing.T) {
				for _, bands := range []int{1, 3, 5} {
					for validity := range 2 {
						b := noiseBlock(typ, bands, image.Pt(37, 29), validity, uint64(bands))
						got, info := readBack(t, encodeAll(t, imageOf(b), &EncodeOptions{Compression: c}), 0)
						require.Empty(t, rastertest.Diff(b, got), "%d bands", bands)
						require.Equal(t, typ, info.Type)
						require.Len(t, info.Bands, bands)
						require.Equal(t, validity == 0, got.Valid == nil || got.Opaque())
					}
				}
			})
		}
	}
}

// T58: signed bytes stay signed.
func TestT58SignedBytes(t *testing.T) {
	b := rastertest.FillBlock(image.Rect(0, 0, 256, 1), 1, func(_, x, _ int) int8 { return int8(x - 128) })
	for _, c := range lossless {
		got, info := readBack(t, encodeAll(t, imageOf(b), &EncodeOptions{Compression: c}), 0)
		assert.Equal(t, raster.S8, info.Type)
		assert.Empty(t, rastertest.Diff(b, got), "%v", c)
	}
}

// T71: predictors, and what is said of the picture. That other readers see the same is what compare/encode.sh is for.
func TestT71PredictorsAndReferences(t *testing.T) {
	for _, typ := range []raster.PixelType{raster.S16, raster.F32, raster.F64} {
		for _, c := range lossless {
			for _, predictor := range []int{0, 1, 2, 3} {
				if c == None && predictor > 1 || typ == raster.S16 && predictor == 3 {
					continue
				}
				b := noiseBlock(typ, 2, image.Pt(300, 70), 1, 7)
				m := imageOf(b)
				m.NoData = new(-9999.0)
				got, info := readBack(t, encodeAll(t, m, &EncodeOptions{Compression: c, Predictor: predictor}), 0)
				require.Empty(t, rastertest.Diff(b, got), "%v, %v, predictor %d", typ, c, predictor)
				require.Equal(t, m.Grid, info.Grid)
				for _, band := range info.Bands {
					require.Equal(t, -9999.0, *band.NoData)
				}
				require.Empty(t, info.Warnings)
			}
		}
	}
}

// Whatever the image, the options, the strips, the number of workers and the size of the spool: what is read is what was written,
// and the bytes do not depend on the latter three.
func TestEncodeProperties(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(allTypes).Draw(t, "type")
		size := image.Pt(rapid.IntRange(1, 600).Draw(t, "width"), rapid.IntRange(1, 600).Draw(t, "height"))
		if size.X*size.Y > 60_000 {
			size.Y = 60_000/size.X + 1
		}
		b := noiseBlock(typ, rapid.IntRange(1, 4).Draw(t, "bands"), size, rapid.IntRange(0, 2).Draw(t, "validity"), rapid.Uint64().Draw(t, "seed"))
		o := EncodeOptions{
			Compression: rapid.SampledFrom(lossless).Draw(t, "compression"),
			Overviews:   rapid.Bool().Draw(t, "overviews"), BigTIFF: rapid.Bool().Draw(t, "big"), SpoolDir: dir,
		}
		alphas := typ >= raster.U8 && typ != raster.S8 && !typ.Complex()
		if alphas && rapid.Bool().Draw(t, "alpha") {
			o.Validity = ValidityAlpha
		}
		m := imageOf(b)
		if o.Validity != ValidityAlpha && !typ.Integer() && rapid.Bool().Draw(t, "noData") {
			m.NoData = new(-1e7)
		}
		m.Opaque = b.Valid == nil && rapid.Bool().Draw(t, "opaque")
		file := encodeAll(t, m, &o)
		got, info := readBack(t, file, 0)
		want := b
		if o.Validity != ValidityAlpha {
			want = hard(b)
		}
		require.Empty(t, rastertest.Diff(want, got))
		require.Empty(t, info.Warnings)
		require.Equal(t, m.Grid, info.Grid)

		m.Strips = cut(b, rapid.SliceOfN(rapid.IntRange(1, 300), 1, 3).Draw(t, "heights")...)
		o.Workers, o.SpoolBytes = rapid.IntRange(1, 5).Draw(t, "workers"), rapid.IntRange(0, 2000).Draw(t, "spool")
		require.True(t, bytes.Equal(file, encodeAll(t, m, &o)), "the same bytes")
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left)

		for level := 1; level < len(info.Levels); level++ {
			finer, _ := readBack(t, file, level-1)
			coarser, _ := readBack(t, file, level)
			reduction := overview.Average
			if typ.Complex() {
				reduction = overview.Nearest
			}
			require.Empty(t, rastertest.Diff(reduction.Halve(finer, coarser.Bounds()), coarser), "level %d", level)
		}
		if o.Overviews {
			last := info.Levels[len(info.Levels)-1]
			require.True(t, last.X <= 256 && last.Y <= 256)
		}
	})
}

func TestEncodeAlphaIsSoft(t *testing.T) {
	b := noiseBlock(raster.U8, 3, image.Pt(50, 20), 2, 3)
	f := encodeAll(t, imageOf(b), &EncodeOptions{Validity: ValidityAlpha})
	got, info := readBack(t, f, 0)
	assert.Len(t, info.Bands, 4)
	assert.True(t, info.Bands[3].Alpha)
	assert.Equal(t, b.Valid.Pix, got.Valid.Pix)
	assert.Equal(t, []raster.ColorInterp{raster.ColorRed, raster.ColorGreen, raster.ColorBlue, raster.ColorAlpha},
		[]raster.ColorInterp{info.Bands[0].Color, info.Bands[1].Color, info.Bands[2].Color, info.Bands[3].Color})
}

// Pixels without data are 0, or the noData value, whatever they were.
func TestEncodeBlanksWhatIsNotValid(t *testing.T) {
	r := image.Rect(5, 6, 8, 7)
	b := rastertest.FillBlock(r, 2, func(band, x, _ int) int16 { return int16(10*band + x) })
	b.Valid = image.NewAlpha(r)
	b.Valid.Pix = []uint8{255, 127, 128}
	for _, c := range []struct {
		noData *float64
		blank  int16
	}{{nil, 0}, {new(-7.0), -7}} {
		m := imageOf(b)
		m.NoData = c.noData
		got, _ := readBack(t, encodeAll(t, m, nil), 0)
		assert.Equal(t, []int16{5, c.blank, 7}, got.Bands[0].(*raster.PlaneOf[int16]).Pix)
		assert.Equal(t, []int16{15, c.blank, 17}, got.Bands[1].(*raster.PlaneOf[int16]).Pix)
		assert.Equal(t, []uint8{255, 0, 255}, got.Valid.Pix)
	}
}

func TestEncodePalette(t *testing.T) {
	palette := color.Palette{color.NRGBA{R: 1, G: 2, B: 3, A: 255}, color.NRGBA{R: 255, G: 100, A: 7}, color.White}
	for _, typ := range []raster.PixelType{raster.U2, raster.U4, raster.U8, raster.U16} {
		b := noiseBlock(typ, 1, image.Pt(600, 20), 0, 3)
		m := imageOf(b)
		m.Palette = palette
		file := encodeAll(t, m, &EncodeOptions{Compression: LZW, Overviews: true})
		got, info := readBack(t, file, 0)
		require.Empty(t, rastertest.Diff(b, got))
		require.Equal(t, color.Palette{color.RGBA{1, 2, 3, 255}, color.RGBA{255, 100, 0, 255}, color.RGBA{255, 255, 255, 255},
			color.RGBA{A: 255}}, info.Palette[:4], "%v", typ)
		half, _ := readBack(t, file, 1)
		require.Empty(t, rastertest.Diff(overview.Mode.Halve(b, half.Bounds()), half))
	}
}

// A matrix says what scale and tie point cannot, and a file without georeference has neither.
func TestEncodeGeoreference(t *testing.T) {
	b := noiseBlock(raster.U8, 1, image.Pt(4, 3), 0, 1)
	for _, a := range []raster.Affine{
		{A: 2, C: 100, E: -2, F: 900}, {A: 1e-5, C: -180, E: -3e-5, F: 90}, {A: 2, C: 1, E: 2, F: 3},
		{A: -2, C: 1, E: -2, F: 3}, {A: 1, B: 0.5, C: 7, D: -0.5, E: -1, F: 8},
	} {
		m := imageOf(b)
		m.Grid.Affine = a
		_, info := readBack(t, encodeAll(t, m, nil), 0)
		assert.Equal(t, a, info.Grid.Affine)
	}
	m := imageOf(b)
	m.Grid.Affine = raster.Affine{}
	file := encodeAll(t, m, nil)
	_, err := Open(t.Context(), source.FromReaderAt(bytes.NewReader(file), int64(len(file))), nil)
	assert.ErrorIs(t, err, ErrNoGeoreference)
}

func TestGeoKeyFields(t *testing.T) {
	fields := geoKeyFields([]srs.GeoKey{{ID: 1024, Code: 1}, {ID: 1026, Text: "ab"}, {ID: 3075, Code: 7}, {ID: 3078, Numbers: []float64{3, 4}},
		{ID: 3080, Numbers: []float64{5}}, {ID: 3073, Text: "c"}})
	require.Len(t, fields, 3)
	assert.Equal(t, shortsField(tagGeoKeyDirectory, 1, 1, 0, 7, 1024, 0, 1, 1, 1025, 0, 1, 1, 1026, 34737, 3, 0, 3075, 0, 1, 7,
		3078, 34736, 2, 0, 3080, 34736, 1, 2, 3073, 34737, 2, 3), fields[0])
	assert.Equal(t, doublesField(tagGeoDoubleParams, 3, 4, 5), fields[1])
	assert.Equal(t, asciiField(tagGeoASCIIParams, "ab|c|"), fields[2])
	assert.Equal(t, shortsField(tagGeoKeyDirectory, 1, 1, 0, 1, 1025, 0, 1, 1), geoKeyFields(nil)[0])
}

// JPEG keeps the mask exactly, and samples nearly; what is under the mask does not show.
func TestEncodeJPEG(t *testing.T) {
	size := image.Pt(300, 90)
	for _, bands := range []int{1, 3} {
		b := rastertest.FillBlock(image.Rectangle{Max: size}, bands, func(band, x, y int) uint8 {
			return uint8(128 + 100*math.Sin(float64(x+30*band)/20)*math.Cos(float64(y)/17))
		})
		b.Valid = image.NewAlpha(b.Bounds())
		for i := range b.Valid.Pix {
			if x, y := i%size.X, i/size.X; (x-150)*(x-150)+(y-40)*(y-40) > 900 {
				b.Valid.Pix[i] = 255
			}
		}
		worst := map[int]float64{}
		var sizes []int
		for _, quality := range []int{0, 1, 50, 75, 100} {
			file := encodeAll(t, imageOf(b, 7), &EncodeOptions{Compression: JPEG, Quality: &quality, Overviews: true})
			got, _ := readBack(t, file, 0)
			require.Equal(t, b.Valid.Pix, got.Valid.Pix)
			var sum, n float64
			for i, p := range got.Bands {
				for j, v := range p.(*raster.PlaneOf[uint8]).Pix {
					if b.Valid.Pix[j] != 0 {
						d := float64(v) - float64(b.Bands[i].(*raster.PlaneOf[uint8]).Pix[j])
						sum, n = sum+d*d, n+1
					}
				}
			}
			worst[quality] = 10 * math.Log10(255*255/(sum/n))
			sizes = append(sizes, len(file))
		}
		assert.Equal(t, sizes[0], sizes[1], "0 and 1 are the same")
		assert.IsIncreasing(t, sizes[1:])
		assert.Greater(t, worst[75], 38.0, "PSNR in dB of %d bands: %v", bands, worst)
		assert.Greater(t, worst[100], 45.0, "%v", worst)
	}
}

// What cannot be written says so before a byte of it is written.
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
		{"Image.Bands", func(m *raster.Image) { m.Bands, m.Type = 65000, raster.C128 }, EncodeOptions{}},
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

// Strips are checked, as raster's tests do case by case.
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

// brokenAfter fails after so many bytes.
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

// A file of 60 MB of samples: what Encode allocates at once does not grow with the number of rows.
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

// A peakWriter notes the largest heap when strips are asked for.
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
