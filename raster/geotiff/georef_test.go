package geotiff_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

func ramp() *tiffmake.File {
	return &tiffmake.File{Size: image.Pt(512, 512), Type: raster.F32, EPSG: 3857, RowsPerStrip: 64,
		Sample: func(_, _, x, y int) float64 { return float64(x + 1000*y) }}
}

// TestPixelIsPoint checks that georeferencing the centres of pixels instead of their corners gives the same raster
// (T03).
func TestPixelIsPoint(t *testing.T) {
	area := open(t, ramp().NorthUp(0, 512, 1))
	f := ramp().NorthUp(0.5, 511.5, 1)
	f.PixelIsPoint = true
	point := open(t, f)
	assert.Equal(t, area.Info(), point.Info())
	assert.Equal(t, raster.Affine{A: 1, E: -1, F: 512}, point.Info().Grid.Affine)
	assert.Empty(t, rastertest.Diff(whole(t, area, 0), whole(t, point, 0)))
	win := image.Rect(100, 3, 300, 411)
	a, err := area.Read(t.Context(), nil, 0, win, nil)
	require.NoError(t, err)
	b, err := point.Read(t.Context(), nil, 0, win, nil)
	require.NoError(t, err)
	assert.Empty(t, rastertest.Diff(a, b))
}

func TestAffine(t *testing.T) {
	half := math.Sqrt(3) / 2
	for _, c := range []struct {
		name                string
		tie, scale, matrix  []float64
		point               bool
		want                raster.Affine
		wantErr, wantErrHas string
	}{
		{name: "north up", tie: []float64{0, 0, 0, 100, 200, 0}, scale: []float64{2, 3, 0}, want: raster.Affine{A: 2, C: 100, E: -3, F: 200}},
		{name: "tie point elsewhere", tie: []float64{10, 20, 0, 100, 200, 0}, scale: []float64{2, 3, 0},
			want: raster.Affine{A: 2, C: 80, E: -3, F: 260}},
		{name: "first of several tie points counts", tie: []float64{0, 0, 0, 100, 200, 0, 5, 5, 0, 9, 9, 9}, scale: []float64{2, 3, 0},
			want: raster.Affine{A: 2, C: 100, E: -3, F: 200}},
		{name: "negative scale in y", tie: []float64{0, 0, 0, 100, 200, 0}, scale: []float64{2, -3, 0},
			want: raster.Affine{A: 2, C: 100, E: -3, F: 200}},
		{name: "rotated by 30 degrees", matrix: []float64{half, 0.5, 0, 7, 0.5, -half, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1},
			want: raster.Affine{A: half, B: 0.5, C: 7, D: 0.5, E: -half, F: 8}},
		{name: "a matrix that is none, beside a scale", matrix: []float64{math.NaN(), 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
			tie: []float64{0, 0, 0, 100, 200, 0}, scale: []float64{2, 3, 0}, want: raster.Affine{A: 2, C: 100, E: -3, F: 200}},
		{name: "a matrix without area, beside a scale", matrix: []float64{1, 1, 0, 5, 1, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 1},
			tie: []float64{0, 0, 0, 100, 200, 0}, scale: []float64{2, 3, 0}, want: raster.Affine{A: 2, C: 100, E: -3, F: 200}},
		{name: "rotated, point", point: true, matrix: []float64{2, 4, 0, 7, 8, -16, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1},
			want: raster.Affine{A: 2, B: 4, C: 4, D: 8, E: -16, F: 12}},
		{name: "south up", matrix: []float64{2, 0, 0, 7, 0, 3, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1}, want: raster.Affine{A: 2, C: 7, E: 3, F: 8}},
		{name: "matrix before the rest", tie: []float64{0, 0, 0, 100, 200, 0}, scale: []float64{2, 3, 0},
			matrix: []float64{2, 0, 0, 7, 0, 3, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1}, want: raster.Affine{A: 2, C: 7, E: 3, F: 8}},
		{name: "control points (T17)", tie: make([]float64, 6*210), wantErr: "unsupported", wantErrHas: "ModelTiepointTag (33922) with 210 points"},
		{name: "nothing", wantErr: "none", wantErrHas: "no georeference"},
		{name: "scale alone", scale: []float64{1, 1, 0}, wantErr: "format", wantErrHas: "ModelPixelScaleTag"},
		{name: "short scale", tie: []float64{0, 0, 0, 1, 1, 0}, scale: []float64{1}, wantErr: "unsupported"},
		{name: "short matrix", matrix: []float64{1, 2, 3}, wantErr: "format", wantErrHas: "ModelTransformationTag"},
		{name: "zero scale", tie: []float64{0, 0, 0, 1, 1, 0}, scale: []float64{0, 1, 0}, wantErr: "format", wantErrHas: "ModelPixelScaleTag"},
		{name: "NaN scale", tie: []float64{0, 0, 0, 1, 1, 0}, scale: []float64{math.NaN(), 1, 0}, wantErr: "format"},
		{name: "infinite tie point", tie: []float64{0, 0, 0, math.Inf(1), 1, 0}, scale: []float64{1, 1, 0}, wantErr: "format"},
		{name: "flat matrix", matrix: []float64{1, 2, 0, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, wantErr: "format", wantErrHas: "without area"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &tiffmake.File{Size: image.Pt(4, 3), TiePoint: c.tie, Scale: c.scale, Matrix: c.matrix, PixelIsPoint: c.point, EPSG: 3857,
				Sample: func(_, _, x, y int) float64 { return 1 }}
			g, err := geotiff.Open(t.Context(), sourceOf(f.Bytes()), nil)
			switch c.wantErr {
			case "":
				require.NoError(t, err)
				assert.Equal(t, c.want, g.Info().Grid.Affine)
				if c.matrix != nil && c.scale != nil {
					assert.Len(t, g.Info().Notes, 1, "the statement that is set aside")
				}
			case "unsupported":
				assert.True(t, isReason[*geotiff.UnsupportedError](err), "%v", err)
			case "format":
				assert.True(t, isReason[*geotiff.FormatError](err), "%v", err)
			case "none":
				assert.ErrorIs(t, err, geotiff.ErrNoGeoreference)
			}
			if c.wantErr != "" {
				assert.ErrorContains(t, err, c.wantErrHas)
			}
		})
	}
}

func TestCRS(t *testing.T) {
	file := func(keys []uint16, text string) *tiffmake.File {
		f := (&tiffmake.File{Size: image.Pt(4, 3), Sample: func(_, _, x, y int) float64 { return 1 }}).NorthUp(0, 0, 1)
		f.Tags = []tiffmake.Tag{{Number: 34735, Value: keys}, {Number: 34737, Value: text}}
		return f
	}
	for _, c := range []struct {
		name string
		keys []uint16
		text string
		want int // 0 means the zero CRS
		err  string
	}{
		{name: "projected", keys: []uint16{1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32618}, want: 32618},
		{name: "geographic", keys: []uint16{1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326}, want: 4326},
		{name: "projected, with its base", keys: []uint16{1, 1, 0, 3, 1024, 0, 1, 1, 2048, 0, 1, 4326, 3072, 0, 1, 3857}, want: 3857},
		{name: "without model type", keys: []uint16{1, 1, 0, 1, 3072, 0, 1, 3857}, want: 3857},
		{name: "no codes", keys: []uint16{1, 1, 0, 1, 1025, 0, 1, 1}},
		{name: "not known", keys: []uint16{1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 60001}, err: "ProjectedCSTypeGeoKey (3072) 60001"},
		{name: "user-defined", keys: []uint16{1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32767}, err: "ProjectedCSTypeGeoKey (3072) 32767"},
		{name: "user-defined, says its text", keys: []uint16{1, 1, 0, 3, 1024, 0, 1, 1, 3072, 0, 1, 32767, 3073, 34737, 9, 0},
			text: "My grid.|\x00", err: "My grid."},
		{name: "web Mercator by name", keys: []uint16{1, 1, 0, 3, 1024, 0, 1, 1, 3072, 0, 1, 32767, 1026, 34737, 50, 0},
			text: "PCS Name = WGS_1984_Web_Mercator_Auxiliary_Sphere|\x00", want: 3857},
		{name: "geocentric", keys: []uint16{1, 1, 0, 2, 1024, 0, 1, 3, 2048, 0, 1, 4978}, err: "GTModelTypeGeoKey (1024) 3"},
		{name: "more keys than values", keys: []uint16{1, 1, 0, 65535, 1024, 0, 1, 1}, err: "GeoKeyDirectoryTag"},
		{name: "short header", keys: []uint16{1, 1}, err: "GeoKeyDirectoryTag"},
		{name: "text outside", keys: []uint16{1, 1, 0, 2, 1026, 34737, 50, 60000, 3072, 0, 1, 3857}, want: 3857},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := file(c.keys, c.text+"\x00").Bytes()
			g, err := geotiff.Open(t.Context(), sourceOf(b), nil)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				// Options.CRS overrides the file.
				mercator, err := srs.FromWKID(3857)
				require.NoError(t, err)
				if g, err := geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{CRS: mercator}); err == nil {
					assert.Equal(t, mercator, g.Info().Grid.CRS)
				}
				return
			}
			require.NoError(t, err)
			if c.want == 0 {
				assert.True(t, g.Info().Grid.CRS.IsZero())
				assert.NotEmpty(t, g.Info().Notes)
				return
			}
			want, err := srs.FromWKID(c.want)
			require.NoError(t, err)
			assert.Equal(t, want, g.Info().Grid.CRS)
		})
	}
}

func TestOptionsAffine(t *testing.T) {
	b := (&tiffmake.File{Size: image.Pt(4, 3), Sample: func(_, _, x, y int) float64 { return 1 }}).Bytes()
	a := raster.Affine{A: 1, C: 5, E: -1, F: 6}
	g, err := geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{Affine: a})
	require.NoError(t, err)
	assert.Equal(t, a, g.Info().Grid.Affine)
	_, err = geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{Affine: raster.Affine{C: 5}})
	assert.ErrorContains(t, err, "Options.Affine")
}

// TestLongDirectory checks that a GeoKey directory of 32-bit values is read if the values fit in the 16 bits that they
// should have.
func TestLongDirectory(t *testing.T) {
	f := (&tiffmake.File{Size: image.Pt(4, 3), Sample: func(_, _, x, y int) float64 { return 1 }}).NorthUp(0, 0, 1)
	f.Tags = []tiffmake.Tag{{Number: 34735, Value: []uint32{1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32618}}}
	g, err := geotiff.Open(t.Context(), sourceOf(f.Bytes()), nil)
	require.NoError(t, err)
	wkid, _ := g.Info().Grid.CRS.WKID()
	assert.Equal(t, 32618, wkid)
	f.Tags = []tiffmake.Tag{{Number: 34735, Value: []uint32{1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 1<<16 + 3857}}}
	_, err = geotiff.Open(t.Context(), sourceOf(f.Bytes()), nil)
	require.ErrorContains(t, err, "GeoKeyDirectoryTag (34735) 69393")
	assert.True(t, isReason[*geotiff.FormatError](err), "%T", err)
}
