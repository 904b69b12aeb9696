package geotiff_test

import (
	"image"
	"image/color"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
)

// sixteen is a palette of 4 bits: red is 16 times the index.
func sixteen() []uint16 {
	m := make([]uint16, 3*16)
	for i := range 16 {
		m[i] = uint16(16*i) << 8
	}
	return m
}

// TestPalettes checks palettes beside alpha, of indices that are called signed, and of .aux.xml files, which count before
// the file's own, as in GDAL 3.6.
func TestPalettes(t *testing.T) {
	const table = `<PAMDataset><PAMRasterBand band="1"><ColorInterp>Palette</ColorInterp><ColorTable><Entry c1="9" c2="8" c3="7" c4="255"/>` +
		`<Entry c1="1" c2="2" c3="3" c4="0"/></ColorTable></PAMRasterBand></PAMDataset>`
	file := func(change func(*tiffmake.File)) *tiffmake.File {
		f := ramp().NorthUp(0, 512, 1)
		f.Size, f.RowsPerStrip, f.Type = image.Pt(2, 1), 0, raster.U8
		f.Sample = func(_, band, x, _ int) float64 { return float64(x + 255*band*(1-x)) }
		change(f)
		return f
	}
	full := make([]uint16, 3*256)
	full[0], full[1] = 0x0900, 0x0a00
	for _, c := range []struct {
		name  string
		file  *tiffmake.File
		pam   string
		want  color.Color // of index 0; nil if there is no palette
		typ   raster.PixelType
		note  string
		alpha bool
	}{
		{"alone", file(func(f *tiffmake.File) { f.ColorMap = full }), "", color.RGBA{9, 0, 0, 255}, raster.U8, "", false},
		{"beside alpha", file(func(f *tiffmake.File) { f.ColorMap, f.Bands, f.ExtraSamples = full, 2, []int{2} }), "",
			color.RGBA{9, 0, 0, 255}, raster.U8, "", true},
		{"signed", file(func(f *tiffmake.File) { f.ColorMap, f.Tags = full, []tiffmake.Tag{{Number: 339, Value: []uint16{2}}} }), "",
			color.RGBA{9, 0, 0, 255}, raster.U8, "indices of the palette are signed", false},
		{"of 4 bits", file(func(f *tiffmake.File) { f.ColorMap, f.Type = sixteen(), raster.U4 }), "", color.RGBA{0, 0, 0, 255}, raster.U4, "", false},
		{"in .aux.xml", file(func(*tiffmake.File) {}), table, color.RGBA{9, 8, 7, 255}, raster.U8, "", false},
		{"in .aux.xml, of signed samples", file(func(f *tiffmake.File) { f.Type = raster.S16 }), table, color.RGBA{9, 8, 7, 255}, raster.S16, "", false},
		{"in both", file(func(f *tiffmake.File) { f.ColorMap = full }), table, color.RGBA{9, 8, 7, 255}, raster.U8, "", false},
		{"in .aux.xml, of floats", file(func(f *tiffmake.File) { f.Type = raster.F32 }), table, nil, raster.F32, "samples are of type F32", false},
		{"in .aux.xml, of one band of three", file(func(f *tiffmake.File) { f.Bands = 3 }), table, nil, raster.U8, "there are 3 bands", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{}
			if c.pam != "" {
				files["dir/a.tif.aux.xml"] = note(c.pam)
			}
			f, err := beside(t, c.file.Bytes(), files)
			require.NoError(t, err)
			info := f.Info()
			assert.Equal(t, c.typ, info.Type)
			if c.want == nil {
				assert.Nil(t, info.Palette)
			} else if assert.NotEmpty(t, info.Palette) {
				assert.Equal(t, c.want, info.Palette[0])
				assert.Equal(t, raster.ColorPalette, info.Bands[0].Color)
			}
			if c.note == "" {
				assert.Empty(t, info.Notes)
			} else if assert.Len(t, info.Notes, 1) {
				assert.Contains(t, info.Notes[0], c.note)
			}
			b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 2, 1), []int{0})
			require.NoError(t, err)
			assert.Equal(t, c.alpha, b.Valid != nil)
			require.Len(t, info.DataBands(), len(info.Bands)-map[bool]int{true: 1}[c.alpha])
		})
	}
}

// TestMeaningOfPhotometric checks what pictures need to know: white at 0, inks, and colours that are multiplied with alpha.
func TestMeaningOfPhotometric(t *testing.T) {
	f := ramp().NorthUp(0, 512, 1)
	f.Size, f.RowsPerStrip, f.Type, f.Photometric = image.Pt(2, 1), 0, raster.U1, -1
	assert.True(t, open(t, f).Info().WhiteIsZero)
	f.Photometric = 1
	assert.False(t, open(t, f).Info().WhiteIsZero)

	f.Photometric, f.Bands = -1, 2
	assert.False(t, open(t, f).Info().WhiteIsZero, "of several bands nobody knows what is white")

	f.Type, f.Bands, f.Photometric = raster.U8, 4, 5
	assert.Equal(t, raster.ColorBlack, open(t, f).Info().Bands[3].Color)
	f.Tags = []tiffmake.Tag{{Number: 332, Value: []uint16{2}}}
	info := open(t, f).Info()
	assert.Equal(t, raster.ColorUndefined, info.Bands[3].Color)
	assert.Contains(t, info.Notes, "the inks are not cyan, magenta, yellow and black: their colours are not known")

	f.Tags, f.Photometric, f.ExtraSamples = nil, 2, []int{1}
	assert.True(t, open(t, f).Info().Premultiplied)
	f.ExtraSamples = []int{2}
	assert.False(t, open(t, f).Info().Premultiplied)
}
