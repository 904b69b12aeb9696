package exportimage_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// sheets returns a service of files that lie side by side in Web Mercator, each 4 by 2 pixels of 1 metre.
func sheets(t *testing.T, files ...*tiffmake.File) *exportimage.Service {
	t.Helper()
	var items mosaic.Slice
	for i, f := range files {
		f.Size, f.EPSG = image.Pt(4, 2), 3857
		f.NorthUp(float64(4*i), 2, 1)
		data := f.Bytes()
		ds, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(data), int64(len(data))), nil)
		require.NoError(t, err)
		info := ds.Info()
		items = append(items, &mosaic.Item{ID: int64(i + 1), Name: fmt.Sprint(i), Type: info.Type,
			Footprint: mosaic.Footprint{CRS: info.Grid.CRS, Envelope: info.Grid.Envelope()},
			Open:      func(context.Context) (raster.Dataset, error) { return ds, nil }})
	}
	return &exportimage.Service{Catalog: items}
}

// picture exports the whole service pixel by pixel, and decodes it.
func picture(t *testing.T, s *exportimage.Service, format string, change func(*exportimage.Request)) image.Image {
	t.Helper()
	d, err := s.Describe(t.Context())
	require.NoError(t, err)
	req := exportimage.Request{BBox: d.Extent, Size: image.Pt(int(d.Extent.XMax-d.Extent.XMin), 2), Format: format}
	if change != nil {
		change(&req)
	}
	res, err := s.Export(t.Context(), req)
	require.NoError(t, err)
	m, _, err := image.Decode(bytes.NewReader(res.Data))
	require.NoError(t, err)
	return m
}

// at returns a pixel's colour, without alpha multiplied.
func at(m image.Image, x, y int) color.NRGBA {
	return color.NRGBAModel.Convert(m.At(m.Bounds().Min.X+x, m.Bounds().Min.Y+y)).(color.NRGBA)
}

// constant returns the samples of a file: the value of each band, everywhere.
func constant(v ...float64) func(level, band, x, y int) float64 {
	return func(_, band, _, _ int) float64 { return v[band] }
}

// ofColour returns a palette of n entries of which index 1 is the given colour.
func ofColour(n int, r, g, b uint16) []uint16 {
	m := make([]uint16, 3*n)
	m[1], m[n+1], m[2*n+1] = r<<8|r, g<<8|g, b<<8|b
	m[2] = 0xffff // so that components are of 16 bits
	return m
}

// TestPicturesShowWhatFilesMean has the colours that the TIFF specification gives. gdal_translate -expand rgba and
// ImageMagick 6.9 draw the same, except for premultiplied colours, which GDAL leaves as they are.
func TestPicturesShowWhatFilesMean(t *testing.T) {
	red, green, blue := ofColour(256, 255, 0, 0), ofColour(256, 0, 255, 0), ofColour(16, 0, 0, 255)
	for _, c := range []struct {
		name  string
		files []*tiffmake.File
		want  []color.NRGBA // in the middle of each file
	}{
		{"white is zero, 1 bit", []*tiffmake.File{{Type: raster.U1, Photometric: -1, Sample: func(_, _, x, _ int) float64 { return float64(x / 3) }}},
			[]color.NRGBA{{255, 255, 255, 255}}},
		{"white is zero", []*tiffmake.File{{Photometric: -1, Sample: constant(55)}}, []color.NRGBA{{200, 200, 200, 255}}},
		{"white is zero beside black", []*tiffmake.File{{Photometric: -1, Sample: constant(55)}, {Sample: constant(55)}},
			[]color.NRGBA{{200, 200, 200, 255}, {55, 55, 55, 255}}},
		{"white is zero after black", []*tiffmake.File{{Sample: constant(55)}, {Photometric: -1, Sample: constant(55)}},
			[]color.NRGBA{{55, 55, 55, 255}, {200, 200, 200, 255}}},
		{"inks", []*tiffmake.File{{Bands: 4, Photometric: 5, Sample: constant(255, 0, 0, 0)}}, []color.NRGBA{{0, 255, 255, 255}}},
		{"inks of 16 bits", []*tiffmake.File{{Type: raster.U16, Bands: 4, Photometric: 5, Sample: constant(0, 65535, 0, 32768)}},
			[]color.NRGBA{{127, 0, 127, 255}}},
		{"inks beside colours", []*tiffmake.File{{Bands: 4, Photometric: 5, Sample: constant(0, 0, 255, 0)}, {Bands: 3, Sample: constant(1, 2, 3)}},
			[]color.NRGBA{{255, 255, 0, 255}, {1, 2, 3, 255}}},
		{"associated alpha", []*tiffmake.File{{Bands: 4, ExtraSamples: []int{1}, Sample: constant(100, 50, 25, 128)}}, []color.NRGBA{{199, 100, 50, 128}}},
		{"associated alpha of 16 bits", []*tiffmake.File{{Type: raster.U16, Bands: 4, ExtraSamples: []int{1}, Sample: constant(100*257, 50*257, 0, 128*257)}},
			[]color.NRGBA{{199, 100, 0, 128}}},
		{"unassociated alpha", []*tiffmake.File{{Bands: 4, ExtraSamples: []int{2}, Sample: constant(100, 50, 25, 128)}}, []color.NRGBA{{100, 50, 25, 128}}},
		{"palette with alpha", []*tiffmake.File{{Bands: 2, ExtraSamples: []int{2}, ColorMap: red, Sample: constant(1, 255)}}, []color.NRGBA{{255, 0, 0, 255}}},
		{"palettes that differ", []*tiffmake.File{{ColorMap: red, Sample: constant(1)}, {ColorMap: green, Sample: constant(1)}},
			[]color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}}},
		{"palettes of different bits", []*tiffmake.File{{ColorMap: red, Sample: constant(1)}, {Type: raster.U4, ColorMap: blue, Sample: constant(1)}},
			[]color.NRGBA{{255, 0, 0, 255}, {0, 0, 255, 255}}},
		{"palette of 4 bits", []*tiffmake.File{{Type: raster.U4, ColorMap: blue, Sample: constant(1)}}, []color.NRGBA{{0, 0, 255, 255}}},
		{"palette beside colours", []*tiffmake.File{{ColorMap: red, Sample: constant(1)}, {Bands: 3, Sample: constant(1, 2, 3)}},
			[]color.NRGBA{{255, 0, 0, 255}, {1, 2, 3, 255}}},
		{"colours beside a palette", []*tiffmake.File{{Bands: 3, Sample: constant(1, 2, 3)}, {ColorMap: red, Sample: constant(1)}},
			[]color.NRGBA{{1, 2, 3, 255}, {255, 0, 0, 255}}},
		{"palette beside greys", []*tiffmake.File{{ColorMap: red, Sample: constant(1)}, {Sample: constant(77)}},
			[]color.NRGBA{{255, 0, 0, 255}, {77, 77, 77, 255}}},
		{"palette beside white at zero", []*tiffmake.File{{ColorMap: red, Sample: constant(1)}, {Photometric: -1, Sample: constant(77)}},
			[]color.NRGBA{{255, 0, 0, 255}, {178, 178, 178, 255}}},
		{"order of colours", []*tiffmake.File{bgr(10, 20, 30)}, []color.NRGBA{{30, 20, 10, 255}}},
		{"order of colours in one of two", []*tiffmake.File{{Bands: 3, Sample: constant(1, 2, 3)}, bgr(10, 20, 30)},
			[]color.NRGBA{{1, 2, 3, 255}, {30, 20, 10, 255}}},
	} {
		for _, format := range []string{"png", "png32"} {
			if format == "png32" && strings.HasSuffix(c.name, "alpha of 16 bits") {
				continue // it is stretched by the rasters' statistics
			}
			t.Run(c.name+" as "+format, func(t *testing.T) {
				m := picture(t, sheets(t, c.files...), format, nil)
				for i, want := range c.want {
					got := at(m, 4*i+1, 1)
					assert.InDeltaSlice(t, []uint8{want.R, want.G, want.B, want.A}, []uint8{got.R, got.G, got.B, got.A}, 1, "file %d is %v", i, got)
				}
			})
		}
	}
}

// bgr returns a file whose metadata call its bands blue, green and red.
func bgr(v ...float64) *tiffmake.File {
	var text strings.Builder
	text.WriteString("<GDALMetadata>")
	for i, name := range []string{"Blue", "Green", "Red"} {
		fmt.Fprintf(&text, `<Item name="COLORINTERP" sample="%d" role="colorinterp">%s</Item>`, i, name)
	}
	return &tiffmake.File{Bands: 3, Photometric: 1, ExtraSamples: []int{0, 0}, Sample: constant(v...),
		Tags: []tiffmake.Tag{{Number: 42112, Value: text.String() + "</GDALMetadata>"}}}
}

// TestSamplesStayAsStored checks that formats for samples, functions and named bands do not see what pictures show.
func TestSamplesStayAsStored(t *testing.T) {
	samples := func(s *exportimage.Service, change func(*exportimage.Request)) []byte {
		d, err := s.Describe(t.Context())
		require.NoError(t, err)
		req := exportimage.Request{BBox: d.Extent, Size: image.Pt(4, 2), Format: "bip"}
		if change != nil {
			change(&req)
		}
		res, err := s.Export(t.Context(), req)
		require.NoError(t, err)
		return res.Data
	}
	assert.Equal(t, byte(55), samples(sheets(t, &tiffmake.File{Photometric: -1, Sample: constant(55)}), nil)[0])
	inks := sheets(t, &tiffmake.File{Bands: 4, Photometric: 5, Sample: constant(1, 2, 3, 4)})
	assert.Equal(t, []byte{1, 2, 3, 4}, samples(inks, nil)[:4])
	multiplied := sheets(t, &tiffmake.File{Bands: 4, ExtraSamples: []int{1}, Sample: constant(100, 50, 25, 128)})
	assert.Equal(t, []byte{100, 50, 25}, samples(multiplied, nil)[:3])
	assert.Equal(t, []byte{10, 20, 30}, samples(sheets(t, bgr(10, 20, 30)), nil)[:3])

	m := picture(t, inks, "png", func(r *exportimage.Request) { r.BandIDs = []int{3} })
	assert.Equal(t, color.NRGBA{4, 4, 4, 255}, at(m, 1, 1), "a band that is named")
	m = picture(t, sheets(t, bgr(10, 20, 30)), "png", func(r *exportimage.Request) { r.BandIDs = []int{0, 1, 2} })
	assert.Equal(t, color.NRGBA{10, 20, 30, 255}, at(m, 1, 1), "bands that are named")

	differ := sheets(t, &tiffmake.File{ColorMap: ofColour(256, 255, 0, 0), Sample: constant(1)},
		&tiffmake.File{ColorMap: ofColour(256, 0, 255, 0), Sample: constant(1)})
	_, err := differ.Export(t.Context(), exportimage.Request{BBox: srs.Envelope{XMax: 8, YMax: 2}, Size: image.Pt(8, 2), Format: "tiff"})
	require.ErrorContains(t, err, "palettes that differ in one mosaic are drawn by formats for pictures alone")
}

// TestPremultipliedEdges checks that colours are divided before they are averaged: a constant colour stays constant where
// alpha falls off, at any scale and by any kernel.
func TestPremultipliedEdges(t *testing.T) {
	s := sheets(t, &tiffmake.File{Bands: 4, ExtraSamples: []int{1}, Sample: func(_, band, x, _ int) float64 {
		alpha := []float64{255, 200, 100, 20}[x]
		return []float64{alpha, alpha / 2, 0, alpha}[band]
	}})
	for _, size := range []image.Point{{16, 8}, {4, 2}, {2, 1}, {1, 1}} {
		m := picture(t, s, "png32", func(r *exportimage.Request) { r.Size = size })
		for y := range size.Y {
			for x := range size.X {
				if c := at(m, x, y); c.A > 0 {
					assert.InDelta(t, 255, c.R, 1, "%v at %d,%d: %v", size, x, y, c)
					assert.InDelta(t, 127.5, c.G, 3, "%v at %d,%d: %v", size, x, y, c)
				}
			}
		}
	}
}

// TestTIFFKeepsAlphaAndNames checks what a TIFF says of its bands: partly transparent pixels stay so, in one page, and the
// names of bands come along.
func TestTIFFKeepsAlphaAndNames(t *testing.T) {
	read := func(s *exportimage.Service, ids []int) (*raster.Block, raster.Info) {
		d, err := s.Describe(t.Context())
		require.NoError(t, err)
		res, err := s.Export(t.Context(), exportimage.Request{BBox: d.Extent, Size: image.Pt(4, 2), Format: "tiff", BandIDs: ids})
		require.NoError(t, err)
		f, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(res.Data), int64(len(res.Data))), nil)
		require.NoError(t, err)
		b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 4, 2), nil)
		require.NoError(t, err)
		return b, f.Info()
	}
	soft := sheets(t, &tiffmake.File{Bands: 4, ExtraSamples: []int{2}, Sample: constant(100, 50, 25, 100)})
	b, info := read(soft, nil)
	require.Len(t, info.Bands, 4)
	assert.True(t, info.Bands[3].Alpha)
	assert.Equal(t, uint8(100), b.Valid.AlphaAt(1, 1).A)
	assert.Equal(t, uint8(25), b.Bands[2].(*raster.PlaneOf[uint8]).Pix[0])
	assert.Equal(t, raster.ColorBlue, info.Bands[2].Color)

	multiplied := sheets(t, &tiffmake.File{Bands: 4, ExtraSamples: []int{1}, Sample: constant(100, 50, 25, 128)})
	b, info = read(multiplied, nil)
	assert.True(t, info.Premultiplied)
	assert.Equal(t, uint8(100), b.Bands[0].(*raster.PlaneOf[uint8]).Pix[0])

	b, info = read(sheets(t, &tiffmake.File{Bands: 4, ExtraSamples: []int{2}, Sample: constant(100, 50, 25, 200)}), []int{3, 0})
	require.Len(t, info.Bands, 2, "alpha that is asked for is data")
	assert.Equal(t, uint8(200), b.Bands[0].(*raster.PlaneOf[uint8]).Pix[0])

	_, info = read(sheets(t, bgr(10, 20, 30)), nil)
	assert.Equal(t, []raster.ColorInterp{raster.ColorBlue, raster.ColorGreen, raster.ColorRed},
		[]raster.ColorInterp{info.Bands[0].Color, info.Bands[1].Color, info.Bands[2].Color})
}

// TestPalettesOfTIFF checks that a TIFF keeps a palette of fewer bits, and that a palette that it cannot hold is noted.
func TestPalettesOfTIFF(t *testing.T) {
	s := sheets(t, &tiffmake.File{Type: raster.U4, ColorMap: ofColour(16, 0, 0, 255), Sample: constant(1)})
	res, err := s.Export(t.Context(), exportimage.Request{BBox: srs.Envelope{XMax: 4, YMax: 2}, Size: image.Pt(4, 2), Format: "tiff"})
	require.NoError(t, err)
	f, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(res.Data), int64(len(res.Data))), nil)
	require.NoError(t, err)
	assert.Equal(t, raster.U4, f.Info().Type)
	assert.Equal(t, color.RGBA{0, 0, 255, 255}, f.Info().Palette[1])

	res, err = s.Export(t.Context(), exportimage.Request{BBox: srs.Envelope{XMax: 4, YMax: 2}, Size: image.Pt(4, 2), Format: "png32"})
	require.NoError(t, err)
	m, _, err := image.Decode(bytes.NewReader(res.Data))
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{0, 0, 255, 255}, at(m, 1, 1))
}
