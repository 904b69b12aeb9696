package exportimage_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

func in(c srs.CRS, g exportimage.Geometry) exportimage.Geometry {
	g.CRS = c
	return g
}

func point(x, y float64) exportimage.Geometry {
	return shape(exportimage.PointGeometry, [2]float64{x, y})
}

// The numbers are GeographicLib's.
func TestMeasure(t *testing.T) {
	s, _ := service(world(t)) // in degrees
	for _, c := range []struct{ lon1, lat1, lon2, lat2, azimuth, length float64 }{
		// echo "47 8 48 11" | GeodSolve -i -p 6
		{8, 47, 11, 48, 62.70762219460, 251870.433427},
		{0, 0, 179.5, 0.5, 25.67187286829, 19936288.578965}, // nearly antipodal
		{151.2, -33.9, -74, 40.7, 65.74619033656, 15990627.264134},
		{8, 47, 8, 46, 180, 111161.082504}, // echo "47 8 46 8" | GeodSolve -i -p 6
		{8, 47, 8, 47, 180, 0},
	} {
		res, err := s.Measure(t.Context(), exportimage.MeasureRequest{
			Measurement: exportimage.MeasureDistance, From: point(c.lon1, c.lat1), To: point(c.lon2, c.lat2)})
		require.NoError(t, err)
		assert.InDelta(t, c.length, res.Distance, 2e-6, "%v", c)
		assert.InDelta(t, c.azimuth, res.Azimuth, 1e-8, "%v", c)
		assert.Equal(t, "raster 1", res.Raster.Name)
		back, err := s.Measure(t.Context(), exportimage.MeasureRequest{
			Measurement: exportimage.MeasureDistance, From: point(c.lon2, c.lat2), To: point(c.lon1, c.lat1)})
		require.NoError(t, err)
		assert.InDelta(t, res.Distance, back.Distance, 1e-8)
	}
	triangle := shape(exportimage.PolygonGeometry, [2]float64{8, 47}, [2]float64{11, 48}, [2]float64{12, 46}, [2]float64{8, 47})
	cap80 := shape(exportimage.PolygonGeometry, [2]float64{0, 80}, [2]float64{90, 80}, [2]float64{180, 80}, [2]float64{270, 80}, [2]float64{0, 80})
	utm := crs(t, 32633)
	square := shape(exportimage.PolygonGeometry, [2]float64{5e5, 53e5}, [2]float64{5e5, 5301e3}, [2]float64{501e3, 5301e3}, [2]float64{501e3, 53e5}, [2]float64{5e5, 53e5})
	for name, c := range map[string]struct {
		g               exportimage.Geometry
		area, perimeter float64
		within          float64
	}{
		"triangle":      {triangle, 29445856086.4, 813360.787418, 0.06},                                    // printf '47 8\n48 11\n46 12\n' | Planimeter -p 6
		"pole":          {cap80, 2507270031169.9, 6301599.963614, 0.06},                                    // printf '80 0\n80 90\n80 180\n80 270\n' | Planimeter -p 6
		"UTM":           {in(utm, square), 1000800.5, 4001.600620, 0.06},                                   // cs2cs -f %.12f EPSG:32633 EPSG:4326 | Planimeter -p 6
		"envelope":      {box(0, 40, 1, 41), 9412851604.210, 391617.563830, 1},                             // by the formula for parallels
		"the world":     {box(-180, -90, 180, 90), 510065621724088.44, 40007862.917250894, 1e4},            // Planimeter's area of the ellipsoid; twice from pole to pole
		"around a pole": {in(crs(t, 3413), box(-1e6, -1e6, 1e6, 1e6)), 4216024338249.4, 8177888.571027, 5}, // cs2cs -f %.13f EPSG:3413 EPSG:4326 of 1024 steps a side | Planimeter -p 6
		"in NTF":        {in(crs(t, 4275), triangle), 29447097652.1, 813383.644253, 0.06},                  // Planimeter -p 6 -e 6378249.2 1/293.4660212936265
	} {
		res, err := s.Measure(t.Context(), exportimage.MeasureRequest{Measurement: exportimage.MeasureArea, From: c.g})
		require.NoError(t, err, name)
		assert.InDelta(t, c.area, res.Area, c.within, name)
		assert.InDelta(t, c.perimeter, res.Perimeter, 2e-5, name)
	}
	// A hole is taken off, and its edge counts.
	outer, inner := square.Parts[0], [][2]float64{{500200, 5300200}, {500400, 5300200}, {500400, 5300400}, {500200, 5300400}, {500200, 5300200}}
	both := in(utm, exportimage.Geometry{Type: exportimage.PolygonGeometry, Parts: [][][2]float64{outer, inner}})
	area := func(g exportimage.Geometry) (float64, float64) {
		res, err := s.Measure(t.Context(), exportimage.MeasureRequest{Measurement: exportimage.MeasureArea, From: g})
		require.NoError(t, err)
		return res.Area, res.Perimeter
	}
	a, p := area(both)
	a1, p1 := area(in(utm, square))
	a2, p2 := area(in(utm, shape(exportimage.PolygonGeometry, inner...)))
	assert.InDelta(t, a1-a2, a, 1e-6)
	assert.InDelta(t, p1+p2, p, 1e-6)

	res, err := s.Measure(t.Context(), exportimage.MeasureRequest{Measurement: exportimage.MeasureCentroid, From: in(utm, square)})
	require.NoError(t, err)
	assert.Equal(t, mosaic.Point{CRS: utm, X: 500500, Y: 5300500}, res.Point)
	res, err = s.Measure(t.Context(), exportimage.MeasureRequest{Measurement: exportimage.MeasurePoint, From: in(utm, point(5e5, 53e5))})
	require.NoError(t, err)
	assert.Equal(t, mosaic.Point{CRS: utm, X: 5e5, Y: 53e5}, res.Point)
}

func TestMeasuresThatAreRefused(t *testing.T) {
	s, _ := service(world(t))
	s.Gate = &exportimage.Gate{}
	many := make([][2]float64, 1_000_000)
	line := shape(exportimage.PolylineGeometry, [2]float64{0, 0}, [2]float64{1, 1})
	for name, c := range map[string]struct {
		req   exportimage.MeasureRequest
		param string
	}{
		"nothing":            {exportimage.MeasureRequest{}, "fromGeometry"},
		"no measurement":     {exportimage.MeasureRequest{From: point(1, 1)}, "measureOperation"},
		"NaN":                {exportimage.MeasureRequest{Measurement: exportimage.MeasurePoint, From: point(math.NaN(), 1)}, "fromGeometry"},
		"a line's point":     {exportimage.MeasureRequest{Measurement: exportimage.MeasurePoint, From: line}, "fromGeometry"},
		"a line's area":      {exportimage.MeasureRequest{Measurement: exportimage.MeasureArea, From: line}, "fromGeometry"},
		"a line's centroid":  {exportimage.MeasureRequest{Measurement: exportimage.MeasureCentroid, From: line}, "fromGeometry"},
		"no area":            {exportimage.MeasureRequest{Measurement: exportimage.MeasureCentroid, From: shape(exportimage.PolygonGeometry, [2]float64{1, 1}, [2]float64{2, 2}, [2]float64{1, 1}, [2]float64{1, 1})}, "fromGeometry"},
		"an empty envelope":  {exportimage.MeasureRequest{Measurement: exportimage.MeasureArea, From: box(1, 1, 1, 1)}, "fromGeometry"},
		"no other point":     {exportimage.MeasureRequest{Measurement: exportimage.MeasureDistance, From: point(1, 1)}, "toGeometry"},
		"a line to":          {exportimage.MeasureRequest{Measurement: exportimage.MeasureDistance, From: point(1, 1), To: line}, "toGeometry"},
		"beyond the pole":    {exportimage.MeasureRequest{Measurement: exportimage.MeasureDistance, From: point(1, 91), To: point(1, 1)}, "fromGeometry"},
		"a million vertices": {exportimage.MeasureRequest{Measurement: exportimage.MeasureArea, From: shape(exportimage.PolygonGeometry, many...)}, "fromGeometry"},
		"no vertices":        {exportimage.MeasureRequest{Measurement: exportimage.MeasureArea, From: exportimage.Geometry{Type: exportimage.PolygonGeometry}}, "fromGeometry"},
		"a rule":             {exportimage.MeasureRequest{Measurement: exportimage.MeasurePoint, From: point(1, 1), MosaicRule: mosaic.Rule{Where: "x ="}}, "mosaicRule"},
		"an unknown raster":  {exportimage.MeasureRequest{Measurement: exportimage.MeasurePoint, From: point(1, 1), MosaicRule: mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{9}}}, "mosaicRule"},
	} {
		_, err := s.Measure(t.Context(), c.req)
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, c.param, e.Param, "%s: %v", name, err)
		assert.NotEqual(t, exportimage.Internal, e.Kind, "%s: %v", name, err)
	}
	assert.Equal(t, exportimage.Load{}, s.Gate.Load(), "nothing is held")
}

func TestProject(t *testing.T) {
	s, _ := service(scene(t)) // in 32633
	utm, deg := crs(t, 32633), crs(t, 4326)
	out, err := s.Project(t.Context(), exportimage.ProjectRequest{CRS: deg, Geometries: []exportimage.Geometry{
		point(5e5, 53e5), box(5e5, 53e5, 6e5, 54e5), shape(exportimage.PolylineGeometry, [2]float64{5e5, 53e5}, [2]float64{6e5, 54e5})}})
	require.NoError(t, err)
	// printf '500000 5300000\n600000 5400000\n500000 5400000\n600000 5300000\n' | cs2cs -f %.9f EPSG:32633 EPSG:4326
	assert.InDelta(t, 47.853341946, out[0].Parts[0][0][1], 1e-9)
	assert.InDelta(t, 15, out[1].Envelope.XMin, 1e-9)
	assert.InDelta(t, 48.753013004, out[1].Envelope.YMax, 1e-8)
	assert.InDelta(t, 48.744984111, out[2].Parts[0][1][1], 1e-8)
	assert.Equal(t, deg, out[2].CRS)
	back, err := s.Project(t.Context(), exportimage.ProjectRequest{Geometries: out[:1]})
	require.NoError(t, err)
	assert.Equal(t, utm, back[0].CRS)
	assert.InDelta(t, 53e5, back[0].Parts[0][0][1], 1e-4)
	for _, g := range []exportimage.Geometry{in(deg, point(math.NaN(), 1)), in(deg, point(1, 99)), in(utm, box(1, 0, 0, 1)), {Type: exportimage.PolygonGeometry}} {
		_, err := s.Project(t.Context(), exportimage.ProjectRequest{Geometries: []exportimage.Geometry{g}})
		var e *exportimage.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "geometries", e.Param, err)
	}

	at, err := s.PixelLocations(t.Context(), 0, []exportimage.Geometry{point(5e5, 5306e3), point(500015, 5305975), in(deg, point(15, 47.853341946))})
	require.NoError(t, err)
	assert.Equal(t, [2]float64{0, 0}, at[0])
	assert.Equal(t, [2]float64{1.5, 2.5}, at[1])
	assert.InDelta(t, 600, at[2][1], 1e-4)
	_, err = s.PixelLocations(t.Context(), 9, nil)
	require.ErrorContains(t, err, "there is no raster 9")
	_, err = s.PixelLocations(t.Context(), 1, []exportimage.Geometry{box(0, 0, 1, 1)})
	require.ErrorContains(t, err, "pixels are located at points")
	_, err = scenes(t).PixelLocations(t.Context(), 0, nil)
	require.ErrorContains(t, err, "rasterId: it is missing: the service has 6 rasters")
}
