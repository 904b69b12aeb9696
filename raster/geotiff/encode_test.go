package geotiff

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
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

// Every type, compression and number of bands (1, 3, 5) is read back unchanged, with and without a mask.
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

// T71: predictors, and the georeference and metadata of the image. compare/encode/run.sh checks that GDAL reads the
// same.
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
				require.Empty(t, info.Notes)
			}
		}
	}
}

// For any image and options, the pixels that are read equal those that were written, and the bytes do not depend on the
// strips, the number of workers and the size of the spool.
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
		require.Empty(t, info.Notes)
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

// An alpha band holds validity in the range of the samples: 0 to 255, 0 to 65535 or 0 to 1. Reading rounds it to 8
// bits.
func TestEncodeAlphaIsScaled(t *testing.T) {
	validity := []uint8{0, 1, 127, 128, 254, 255}
	for typ, want := range map[raster.PixelType][]float64{
		raster.U8: {0, 1, 127, 128, 254, 255}, raster.U16: {0, 257, 127 * 257, 128 * 257, 254 * 257, 65535},
		raster.S16: {0, 128, 16319, 16448, 32639, 32767}, // validity times 32767 / 255, rounded
		raster.F64: {0, 1.0 / 255, 127.0 / 255, 128.0 / 255, 254.0 / 255, 1},
	} {
		b := noiseBlock(typ, 1, image.Pt(len(validity), 1), 0, 1)
		b.Valid = image.NewAlpha(b.Bounds())
		copy(b.Valid.Pix, validity)
		file := encodeAll(t, imageOf(b), &EncodeOptions{Validity: ValidityAlpha})
		got, _ := readBack(t, file, 0)
		assert.Equal(t, validity, got.Valid.Pix, "%v", typ)
		f, err := Open(t.Context(), source.FromReaderAt(bytes.NewReader(file), int64(len(file))), nil)
		require.NoError(t, err)
		raw, err := f.Read(t.Context(), nil, 0, b.Bounds(), []int{1})
		require.NoError(t, err)
		raw, err = raster.Convert(&raster.Block{Type: typ, Bands: raw.Bands}, raster.F64)
		require.NoError(t, err)
		assert.Equal(t, want, raw.Bands[0].(*raster.PlaneOf[float64]).Row(0), "%v", typ)
	}
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

// Pixels without data become 0, or the noData value.
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

// A matrix georeferences images that scale and tie point cannot; a file without georeference has neither.
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

// JPEG keeps the mask exactly, and samples nearly. Samples under the mask have no influence.
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
