package exportimage_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// three is a service of three rasters that overlap, with gaps, and their attributes.
func three(t testing.TB) (*exportimage.Service, **raster.Block) {
	s, raw := service()
	var items mosaic.Slice
	for i := range 3 {
		g := raster.NorthUp(crs(t, 3857), srs.Envelope{
			XMin: float64(64 * i), YMin: float64(32 * i), XMax: float64(64*i + 256), YMax: float64(32*i + 256)}, image.Pt(128, 128))
		ds := rastertest.FromFunc(g, 2, func(b, x, y int) float32 {
			if (x/8+y/8+i)%5 == 0 {
				return -1
			}
			return float32(1000*i+100*b) + float32(x*y%97) + float32(x)/8
		})
		none := -1.0
		ds.Bands = []raster.Band{{NoData: &none}, {NoData: &none}}
		it := servicetest.Item(int64(i+1), ds)
		it.Attrs = map[string]any{"Cloud": float64(3-i) / 10}
		items = append(items, it)
	}
	s.Catalog = items
	return s, raw
}

// values returns the samples of a pixel of a block, nil if it is without data.
func values(t require.TestingT, b *raster.Block, at image.Point) []float64 {
	at = at.Add(b.Bounds().Min)
	if b.Valid != nil && b.Valid.AlphaAt(at.X, at.Y).A < 128 {
		return nil
	}
	wide, err := raster.Convert(b, raster.F64)
	require.NoError(t, err)
	var out []float64
	for _, p := range wide.Bands {
		plane := p.(*raster.PlaneOf[float64])
		out = append(out, plane.Row(at.Y)[at.X-plane.Rect.Min.X])
	}
	return out
}

// Identify, Samples and Export agree at every pixel, whatever the rule, the interpolation and the pixels' size. The numbers
// are such that the middle of a pixel has no rounding.
func TestIdentifyIsThePixelOfTheExport(t *testing.T) {
	s, raw := three(t)
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.SampledFrom([]float64{0.5, 1, 2, 4, 8, 16}).Draw(rt, "cell")
		size := image.Pt(rapid.IntRange(1, 24).Draw(rt, "w"), rapid.IntRange(1, 24).Draw(rt, "h"))
		x0 := float64(rapid.IntRange(-80, 400).Draw(rt, "x")) / 2
		y0 := float64(rapid.IntRange(-80, 400).Draw(rt, "y")) / 2
		req := exportimage.Request{
			BBox: srs.Envelope{XMin: x0, YMin: y0, XMax: x0 + cell*float64(size.X), YMax: y0 + cell*float64(size.Y)},
			Size: size, Aspect: exportimage.ExactBox, Format: "raw",
			Interpolation: rapid.SampledFrom([]resample.Interpolation{resample.Nearest, resample.Bilinear, resample.Cubic}).Draw(rt, "i"),
			MosaicRule: mosaic.Rule{
				Method:    rapid.SampledFrom([]mosaic.Method{mosaic.None, mosaic.Northwest, mosaic.Attribute}).Draw(rt, "method"),
				Operation: rapid.SampledFrom([]mosaic.Operation{mosaic.First, mosaic.Last, mosaic.Min, mosaic.Max, mosaic.Mean}).Draw(rt, "op"),
				SortField: "Cloud",
			},
			BandIDs: rapid.SampledFrom([][]int{nil, {1}, {1, 0}}).Draw(rt, "bands"),
		}
		_, err := s.Export(t.Context(), req)
		require.NoError(rt, err)
		at := image.Pt(rapid.IntRange(0, size.X-1).Draw(rt, "column"), rapid.IntRange(0, size.Y-1).Draw(rt, "row"))
		want := values(rt, *raw, at)
		x, y := x0+cell*(float64(at.X)+0.5), y0+cell*(float64(size.Y-at.Y)-0.5)
		place := exportimage.Geometry{
			Type: exportimage.PointGeometry, Parts: [][][2]float64{{{x, y}}}, Envelope: srs.Envelope{XMin: x, YMin: y, XMax: x, YMax: y},
		}
		pixel := exportimage.PixelSize{X: cell, Y: cell}
		got, err := s.Identify(t.Context(), exportimage.IdentifyRequest{Geometry: place, PixelSize: pixel, Export: req, Items: true})
		require.NoError(rt, err)
		require.Equal(rt, want, got.Values)
		samples, err := s.Samples(t.Context(), exportimage.SamplesRequest{Geometry: place, PixelSize: pixel, Export: req})
		require.NoError(rt, err)
		require.Len(rt, samples, 1)
		require.Equal(rt, want, samples[0].Values)
		visible := 0
		for _, it := range got.Items {
			if it.Visible {
				visible++
				require.Equal(rt, samples[0].Item.ID, it.Item.ID)
				if req.MosaicRule.Operation == mosaic.First {
					require.Equal(rt, want, it.Values)
				}
			}
		}
		require.Equal(rt, want != nil, visible == 1, "%v", got.Items)
		all, err := s.Samples(t.Context(), exportimage.SamplesRequest{Geometry: place, PixelSize: pixel, Export: req, All: true})
		require.NoError(rt, err)
		n := 0
		for _, it := range got.Items {
			if it.Values != nil {
				require.Equal(rt, it.Item.ID, all[n].Item.ID)
				require.Equal(rt, it.Values, all[n].Values)
				n++
			}
		}
		require.Len(rt, all, max(1, n))
	})
}

// A place in another reference is the same place.
func TestIdentifyInAnyReference(t *testing.T) {
	s, _ := service(scene(t)) // in 32633
	wgs84 := crs(t, 4326)
	for _, at := range [][2]float64{{15.01, 47.86}, {15.03, 47.87}} {
		x, y := at[0], at[1]
		res, err := s.Identify(t.Context(), exportimage.IdentifyRequest{Geometry: exportimage.Geometry{
			Type: exportimage.PointGeometry, CRS: wgs84, Envelope: srs.Envelope{XMin: x, YMin: y, XMax: x, YMax: y}}})
		require.NoError(t, err)
		require.Len(t, res.Values, 3)
		assert.Equal(t, mosaic.Point{CRS: wgs84, X: x, Y: y}, res.Location)
		tr, err := srs.NewTransformer(wgs84, crs(t, 32633))
		require.NoError(t, err)
		xs, ys := []float64{x}, []float64{y}
		require.Zero(t, tr.Transform(xs, ys))
		ds := scene(t)
		px := image.Pt(int(math.Floor((xs[0]-5e5)/10)), int(math.Floor((53e5+6000-ys[0])/10)))
		b, err := ds.Read(t.Context(), nil, 0, image.Rectangle{px, px.Add(image.Pt(1, 1))}, nil)
		require.NoError(t, err)
		assert.Equal(t, values(t, b, image.Point{}), res.Values)
	}
}

func TestPlacesOfSamples(t *testing.T) {
	s, _ := service(ramp(t)) // 0,0,512,512, value = column + 1000 row
	polygon := func(rings ...[][2]float64) exportimage.Geometry {
		return exportimage.Geometry{Type: exportimage.PolygonGeometry, Parts: rings}
	}
	square := [][2]float64{{100, 100}, {100, 200}, {200, 200}, {200, 100}, {100, 100}}
	hole := [][2]float64{{120, 120}, {180, 120}, {180, 180}, {120, 180}, {120, 120}}
	for _, c := range []struct {
		name string
		req  exportimage.SamplesRequest
		want int
	}{
		{"points", exportimage.SamplesRequest{Geometry: exportimage.Geometry{Type: exportimage.MultipointGeometry, Parts: [][][2]float64{{{1, 2}, {3, 4}, {-9, 5}}}}}, 3},
		{"line by count", exportimage.SamplesRequest{Count: 11, Geometry: exportimage.Geometry{Type: exportimage.PolylineGeometry, Parts: [][][2]float64{{{0, 1}, {60, 1}, {60, 41}}}}}, 11},
		{"line by distance", exportimage.SamplesRequest{Distance: 25, Geometry: exportimage.Geometry{Type: exportimage.PolylineGeometry, Parts: [][][2]float64{{{0, 1}, {60, 1}}, {{0, 9}, {40, 9}}}}}, 5},
		{"envelope", exportimage.SamplesRequest{Geometry: exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: srs.Envelope{XMin: 0, YMin: 0, XMax: 100, YMax: 100}}}, 100},
		{"polygon", exportimage.SamplesRequest{Geometry: polygon(square), Count: 25}, 25},
		{"polygon by distance", exportimage.SamplesRequest{Geometry: polygon(square), Distance: 10}, 100},
		{"polygon with a hole", exportimage.SamplesRequest{Geometry: polygon(square, hole), Distance: 10}, 64},
	} {
		got, err := s.Samples(t.Context(), c.req)
		require.NoError(t, err, c.name)
		assert.Len(t, got, c.want, c.name)
		for i, one := range got {
			assert.Equal(t, i, one.LocationID)
			column, row := math.Floor(one.Location.X), math.Floor(512-one.Location.Y)
			if column < 0 || row > 511 || row < 0 {
				assert.Nil(t, one.Values)
				continue
			}
			assert.Equal(t, []float64{column + 1000*row}, one.Values, "%s at %v", c.name, one.Location)
		}
	}
	line, err := s.Samples(t.Context(), exportimage.SamplesRequest{Count: 3, Geometry: exportimage.Geometry{
		Type: exportimage.PolylineGeometry, Parts: [][][2]float64{{{10, 10}, {10, 30}, {50, 30}}}}})
	require.NoError(t, err)
	assert.Equal(t, [][2]float64{{10, 10}, {20, 30}, {50, 30}}, [][2]float64{
		{line[0].Location.X, line[0].Location.Y}, {line[1].Location.X, line[1].Location.Y}, {line[2].Location.X, line[2].Location.Y}})
}

func TestHostilePlaces(t *testing.T) {
	s, _ := service(ramp(t))
	s.Gate = &exportimage.Gate{}
	nan, far := math.NaN(), math.Inf(1)
	many := make([][2]float64, 1001)
	thin := [][2]float64{{0, 0}, {1e-9, 100}, {2e-9, 0}, {0, 0}}
	star := make([][2]float64, 60_000)
	for i := range star {
		star[i] = [2]float64{math.Cos(float64(i) * 2.4), math.Sin(float64(i) * 2.4)}
	}
	star[len(star)-1] = star[0]
	of := func(k exportimage.GeometryType, part [][2]float64) exportimage.SamplesRequest {
		return exportimage.SamplesRequest{Geometry: exportimage.Geometry{Type: k, Parts: [][][2]float64{part}}}
	}
	with := func(r exportimage.SamplesRequest, count int, distance float64) exportimage.SamplesRequest {
		r.Count, r.Distance = count, distance
		return r
	}
	line := [][2]float64{{0, 0}, {100, 0}}
	for name, req := range map[string]exportimage.SamplesRequest{
		"nothing": {}, "NaN": of(exportimage.PointGeometry, [][2]float64{{nan, 1}}), "infinite": of(exportimage.PolylineGeometry, [][2]float64{{0, 0}, {far, 1}}),
		"too many points": of(exportimage.MultipointGeometry, many), "a line of no length": of(exportimage.PolylineGeometry, [][2]float64{{1, 1}, {1, 1}}),
		"steps of a hair": with(of(exportimage.PolylineGeometry, line), 0, 1e-300), "a negative count": with(of(exportimage.PolylineGeometry, line), -1, 0),
		"a huge count": with(of(exportimage.PolylineGeometry, line), 1e9, 0), "NaN apart": with(of(exportimage.PolylineGeometry, line), 0, nan),
		"no area":                          of(exportimage.PolygonGeometry, [][2]float64{{0, 0}, {1, 1}, {0, 0}, {0, 0}}),
		"cells of a hair":                  with(of(exportimage.PolygonGeometry, [][2]float64{{0, 0}, {0, 9}, {9, 9}, {0, 0}}), 0, 1e-9),
		"a star":                           with(of(exportimage.PolygonGeometry, star), 0, 1e-4),
		"a box that ends before it begins": {Geometry: exportimage.Geometry{Type: exportimage.EnvelopeGeometry, CRS: crs(t, 32633), Envelope: srs.Envelope{XMin: 9, XMax: 1, YMax: 1}}},
	} {
		_, err := s.Samples(t.Context(), req)
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, name)
		assert.Contains(t, []exportimage.Kind{exportimage.Invalid, exportimage.TooLarge, exportimage.Unsupported}, e.Kind, "%s: %v", name, err)
		assert.NotEmpty(t, e.Param, "%s: %v", name, err)
	}
	needle, err := s.Samples(t.Context(), of(exportimage.PolygonGeometry, thin))
	require.NoError(t, err)
	assert.Len(t, needle, 200, "twice as many as are asked for, since it fills half of its box")
	for name, req := range map[string]exportimage.IdentifyRequest{
		"nothing": {}, "a line": {Geometry: exportimage.Geometry{Type: exportimage.PolylineGeometry}},
		"NaN":        {Geometry: exportimage.Geometry{Type: exportimage.PointGeometry, Envelope: srs.Envelope{XMin: nan}}},
		"no size":    {Geometry: exportimage.Geometry{Type: exportimage.PointGeometry}, PixelSize: exportimage.PixelSize{X: 1}},
		"a far size": {Geometry: exportimage.Geometry{Type: exportimage.PointGeometry}, PixelSize: exportimage.PixelSize{X: far, Y: 1}},
		"too fine": {Geometry: exportimage.Geometry{Type: exportimage.PointGeometry, Envelope: srs.Envelope{XMin: 1e9, XMax: 1e9}},
			PixelSize: exportimage.PixelSize{X: 1e-9, Y: 1e-9}},
		"a rule": {Geometry: exportimage.Geometry{Type: exportimage.PointGeometry}, Export: exportimage.Request{MosaicRule: mosaic.Rule{Where: "x = "}}},
	} {
		_, err := s.Identify(t.Context(), req)
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, name)
		assert.NotEqual(t, exportimage.Internal, e.Kind, "%s: %v", name, err)
		assert.NotEmpty(t, e.Param, "%s: %v", name, err)
	}
	assert.Equal(t, exportimage.Load{}, s.Gate.Load(), "nothing is held")
}
