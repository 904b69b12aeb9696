package geotiff

import (
	"bytes"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// tagsOf returns the first directory of a file.
func tagsOf(t *testing.T, file []byte) *directory {
	t.Helper()
	f, err := Open(t.Context(), source.FromReaderAt(bytes.NewReader(file), int64(len(file))), &Options{Affine: raster.Affine{A: 1, E: -1}})
	require.NoError(t, err)
	return f.levels[0].d
}

// TestBandsOfFiles checks what plain readers need: three colours and extra samples, alpha as alpha, one page, and
// predictors that they know. tifffile 2023.2.3, and geotiff 3.0.5 of npm, open all of these files, with the samples of
// GDAL; tiff 7.1.3 of npm all but that of 32 bits, which it has no integers for; and PIL 9.4 those of grey, colours and
// one further band, of 16 bits with their upper halves: it has no modes for the others.
func TestBandsOfFiles(t *testing.T) {
	size := image.Pt(20, 17)
	colour := func(c ...raster.ColorInterp) (bands []raster.Band) {
		for _, c := range c {
			bands = append(bands, raster.Band{Color: c})
		}
		return bands
	}
	const red, green, blue, grey, none = raster.ColorRed, raster.ColorGreen, raster.ColorBlue, raster.ColorGray, raster.ColorUndefined
	for _, c := range []struct {
		name        string
		typ         raster.PixelType
		bands       int
		info        []raster.Band
		alpha       bool
		multiplied  bool
		photometric uint64
		extra       []uint64
		predictor   uint64 // with Deflate
	}{
		{"grey", raster.U8, 1, nil, false, false, 1, nil, 2},
		{"grey and alpha", raster.U8, 1, nil, true, false, 1, []uint64{2}, 2},
		{"colours", raster.U8, 3, nil, false, false, 2, nil, 2},
		{"colours and alpha", raster.U8, 3, colour(red, green, blue), true, false, 2, []uint64{2}, 2},
		{"colours multiplied with alpha", raster.U8, 3, colour(red, green, blue), true, true, 2, []uint64{1}, 2},
		{"four bands", raster.U8, 4, nil, false, false, 2, []uint64{0}, 2},
		{"colours and infrared", raster.U16, 4, colour(red, green, blue, none), false, false, 2, []uint64{0}, 2},
		{"colours and infrared and alpha", raster.U16, 4, colour(red, green, blue, none), true, false, 2, []uint64{0, 2}, 2},
		{"other order", raster.U8, 3, colour(blue, green, red), false, false, 1, []uint64{0, 0}, 2},
		{"four of 16 bits", raster.U16, 4, colour(grey, none, none, none), false, false, 1, []uint64{0, 0, 0}, 2},
		{"seven bands", raster.U8, 7, nil, false, false, 1, []uint64{0, 0, 0, 0, 0, 0}, 2},
		{"floats", raster.F32, 1, nil, false, false, 1, nil, 1},
		{"floats and alpha", raster.F32, 3, nil, true, false, 1, []uint64{0, 0, 2}, 1},
		{"32 bits", raster.S32, 1, nil, false, false, 1, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := noiseBlock(c.typ, c.bands, size, 0, 1)
			m := imageOf(b, 17)
			m.Info, m.Alpha, m.Premultiplied = c.info, c.alpha, c.multiplied
			o := &EncodeOptions{Compression: Deflate}
			if c.alpha {
				o.Validity = ValidityAlpha
			}
			d := tagsOf(t, encodeAll(t, m, o))
			photometric, err := d.uint(t.Context(), tagPhotometric, 99)
			require.NoError(t, err)
			assert.Equal(t, c.photometric, photometric)
			predictor, err := d.uint(t.Context(), tagPredictor, 1)
			require.NoError(t, err)
			assert.Equal(t, c.predictor, predictor)
			if c.extra == nil {
				assert.False(t, d.has(tagExtraSamples))
				return
			}
			extra, err := d.uints(t.Context(), tagExtraSamples)
			require.NoError(t, err)
			assert.Equal(t, c.extra, extra)
		})
	}
}

// TestNamesOfBands checks that names, colours, units and scales come back.
func TestNamesOfBands(t *testing.T) {
	m := imageOf(noiseBlock(raster.U8, 3, image.Pt(5, 4), 0, 1), 4)
	m.Info = []raster.Band{
		{Name: `a <b> & "c"`, Color: raster.ColorBlue}, {Color: raster.ColorGreen, Unit: "m", Scale: 0.5, Offset: -3},
		{Name: "near infrared"},
	}
	_, info := readBack(t, encodeAll(t, m, nil), 0)
	assert.Equal(t, `a <b> & "c"`, info.Bands[0].Name)
	assert.Equal(t, raster.ColorBlue, info.Bands[0].Color)
	assert.Equal(t, raster.ColorGreen, info.Bands[1].Color)
	assert.Equal(t, "m", info.Bands[1].Unit)
	assert.Equal(t, 0.5, info.Bands[1].Scale)
	assert.Equal(t, -3.0, info.Bands[1].Offset)
	assert.Equal(t, "near infrared", info.Bands[2].Name)
	assert.Equal(t, raster.ColorUndefined, info.Bands[2].Color)
	assert.Empty(t, info.Notes)
}

// TestPagesOfFiles checks that there is a second page, the mask, only if it says something that noData does not.
func TestPagesOfFiles(t *testing.T) {
	size, noData := image.Pt(40, 33), 7.0
	for _, c := range []Compression{None, Deflate} {
		for _, overviews := range []bool{false, true} {
			for _, v := range []struct {
				name   string
				holes  bool
				noData *float64
				opaque bool
				pages  int
			}{
				{"holes", true, nil, false, 2}, {"holes and noData", true, &noData, false, 1},
				{"no holes", false, nil, false, 1}, {"no holes, as promised", false, nil, true, 1},
			} {
				b := noiseBlock(raster.U8, 3, size, 0, 1)
				if v.holes {
					b.Valid = image.NewAlpha(b.Bounds())
					raster.SetAllValid(b.Valid)
					b.Valid.Pix[5] = 0
				}
				m := imageOf(b, 17)
				m.NoData, m.Opaque = v.noData, v.opaque
				file := encodeAll(t, m, &EncodeOptions{Compression: c, Overviews: overviews})
				pages, d := 0, tagsOf(t, file)
				clear(d.s.seen) // directories that were read when the file was opened
				d.s.entryBytes = 0
				for ; ; pages++ {
					kind, err := d.uint(t.Context(), tagNewSubfileType, 0)
					require.NoError(t, err)
					if kind&subfileReduced != 0 {
						pages--
					}
					if d.next == 0 {
						pages++
						break
					}
					d, err = d.s.directory(t.Context(), d.next)
					require.NoError(t, err)
				}
				assert.Equal(t, v.pages, pages, "%v, %s", c, v.name)
				got, _ := readBack(t, file, 0)
				assert.Equal(t, v.holes, !got.Opaque(), "%v, %s", c, v.name)
			}
		}
	}
}
