package exportimage_test

import (
	"image"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// inside is the even-odd rule, point by point.
func inside(rings [][][2]float64, x, y float64) bool {
	in := false
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] >= y) != (b[1] >= y) && x >= a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
				in = !in
			}
		}
	}
	return in
}

// countedInside returns the histogram of the pixels of the last export that are inside, one by one.
func countedInside(t require.TestingT, b *raster.Block, e srs.Envelope, in func(x, y float64) bool) map[float64]int64 {
	size := b.Bounds().Size()
	out := map[float64]int64{}
	wide, err := raster.Convert(b, raster.F64)
	require.NoError(t, err)
	plane, at := wide.Bands[0].(*raster.PlaneOf[float64]), b.Bounds().Min
	for row := range size.Y {
		for column := range size.X {
			x := e.XMin + (float64(column)+0.5)*e.Width()/float64(size.X)
			y := e.YMax - (float64(row)+0.5)*e.Height()/float64(size.Y)
			if (b.Valid == nil || b.Valid.AlphaAt(at.X+column, at.Y+row).A >= 128) && in(x, y) {
				out[plane.Row(at.Y + row)[column]]++
			}
		}
	}
	return out
}

// The histogram of an area is that of the pixels of an export of the same grid, which are picked one by one, whatever the
// rule, the interpolation, the pixels' size and the area: polygons that cross themselves, with holes and several rings.
func TestHistogramIsThatOfTheExport(t *testing.T) {
	s, raw := three(t)
	rapid.Check(t, func(rt *rapid.T) {
		var rings [][][2]float64
		for range rapid.IntRange(1, 3).Draw(rt, "rings") {
			var ring [][2]float64
			for range rapid.IntRange(3, 7).Draw(rt, "vertices") {
				ring = append(ring, [2]float64{
					// No side goes through the middle of a pixel, where rounding would decide.
					float64(rapid.IntRange(-40, 900).Draw(rt, "x"))/2.1257 + 0.0113, float64(rapid.IntRange(-40, 900).Draw(rt, "y"))/2.3141 + 0.0177})
			}
			rings = append(rings, append(ring, ring[0]))
		}
		cell := rapid.SampledFrom([]float64{0, 1, 2, 3, 8, 16}).Draw(rt, "cell")
		req := exportimage.Request{
			Interpolation: rapid.SampledFrom([]resample.Interpolation{resample.Nearest, resample.Bilinear, resample.Cubic}).Draw(rt, "i"),
			MosaicRule: mosaic.Rule{
				Method:    rapid.SampledFrom([]mosaic.Method{mosaic.None, mosaic.Northwest, mosaic.Attribute}).Draw(rt, "method"),
				Operation: rapid.SampledFrom([]mosaic.Operation{mosaic.First, mosaic.Last, mosaic.Min, mosaic.Max}).Draw(rt, "op"),
				SortField: "Cloud",
			},
			BandIDs:   rapid.SampledFrom([][]int{nil, {1}, {1, 0}}).Draw(rt, "bands"),
			PixelType: rapid.SampledFrom([]raster.PixelType{raster.Unknown, raster.S16, raster.S32, raster.U8}).Draw(rt, "type"),
		}
		got, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{
			Geometry:  exportimage.Geometry{Type: exportimage.PolygonGeometry, Parts: rings},
			PixelSize: exportimage.PixelSize{X: cell, Y: cell}, Export: req,
		})
		require.NoError(rt, err)
		if got.Size == (image.Point{}) {
			require.Nil(rt, got.Histograms)
			return
		}
		req.BBox, req.Size, req.Aspect, req.Format = got.Envelope, got.Size, exportimage.ExactBox, "raw"
		_, err = s.Export(t.Context(), req)
		require.NoError(rt, err)
		want := countedInside(rt, *raw, got.Envelope, func(x, y float64) bool { return inside(rings, x, y) })
		var n int64
		sum, lo, hi := 0.0, math.Inf(1), math.Inf(-1)
		for v, times := range want {
			n, sum, lo, hi = n+times, sum+v*float64(times), min(lo, v), max(hi, v)
		}
		if n == 0 {
			require.Nil(rt, got.Histograms)
			require.Nil(rt, got.Statistics)
			return
		}
		stats, h := got.Statistics[0], got.Histograms[0]
		require.Equal(rt, n, stats.Count)
		require.Equal(rt, [2]float64{lo, hi}, [2]float64{stats.Min, stats.Max})
		require.InDelta(rt, sum, stats.Sum, 1e-12*float64(n)*(1+math.Max(math.Abs(lo), hi)))
		require.InDelta(rt, sum/float64(n), stats.Mean, 1e-9*(1+math.Abs(hi)))
		m2 := 0.0
		for v, times := range want {
			m2 += (v - stats.Mean) * (v - stats.Mean) * float64(times)
		}
		require.InDelta(rt, math.Sqrt(m2/float64(n)), stats.StdDev, 1e-6*(1+math.Abs(hi)))
		width, rounding := (h.Max-h.Min)/float64(len(h.Counts)), 0.0
		if got.Type == raster.F32 { // whose samples may lie within a rounding of a bin's border
			rounding = 1e-9 * (1 + width + math.Abs(lo) + math.Abs(hi))
		}
		var below int64
		for i, count := range h.Counts[:len(h.Counts)-1] {
			below += count
			border, least, most := h.Min+width*float64(i+1), int64(0), int64(0)
			for v, times := range want {
				if v < border-rounding {
					least += times
				}
				if v < border+rounding {
					most += times
				}
			}
			require.True(rt, least <= below && below <= most, "%d below %v, where %d to %d are", below, border, least, most)
		}
		require.Equal(rt, n, below+h.Counts[len(h.Counts)-1])
		require.Len(rt, got.Histograms, max(1, len((*raw).Bands)))
	})
}

// The bins of types.
func TestBinsOfHistograms(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 10, YMax: 2}, image.Pt(10, 2))
	at := func(_, x, y int) int { return []int{0, 5, 5, 9, 9, 9, 9, 2, 1, 100}[x] }
	type shape struct {
		min, max float64
		size     int
	}
	for _, c := range []struct {
		ds   raster.Dataset
		want shape
	}{
		{rastertest.FromFunc(g, 1, func(b, x, y int) uint8 { return uint8(at(b, x, y)) }), shape{-0.5, 255.5, 256}},
		{rastertest.FromFunc(g, 1, func(b, x, y int) int8 { return int8(at(b, x, y)) }), shape{-128.5, 127.5, 256}},
		{rastertest.FromFunc(g, 1, func(b, x, y int) uint16 { return uint16(at(b, x, y)) }), shape{-0.5, 255.5, 256}},
		{rastertest.FromFunc(g, 1, func(b, x, y int) int32 { return int32(at(b, x, y)) }), shape{-0.5, 255.5, 256}},
		{rastertest.FromFunc(g, 1, func(b, x, y int) uint16 { return uint16(1000 + 600*at(b, x, y)) }), shape{999.5, 61159.5, 256}},
		{rastertest.FromFunc(g, 1, func(b, x, y int) int32 { return int32(-1000 + 600*at(b, x, y)) }), shape{-1000.5, 59159.5, 256}},
		{rastertest.FromFunc(g, 1, func(b, x, y int) int16 { return int16(-7 + at(b, x, y)) }), shape{-7.5, 93.5, 101}},
		{rastertest.FromFunc(g, 1, func(b, x, y int) float32 { return float32(at(b, x, y)) / 4 }), shape{0, 25, 256}},
		{rastertest.FromFunc(g, 1, func(b, x, y int) float64 { return 3.25 }), shape{3.25, 3.25, 256}},
	} {
		s, _ := service(c.ds)
		got, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{Geometry: whole(g)})
		require.NoError(t, err)
		require.Len(t, got.Histograms, 1)
		h := got.Histograms[0]
		name := c.ds.Info().Type.String()
		assert.Equal(t, c.want, shape{h.Min, h.Max, len(h.Counts)}, name)
		var n int64
		for _, v := range h.Counts {
			n += v
		}
		assert.EqualValues(t, 20, n, name)
		assert.EqualValues(t, 20, got.Pixels)
		assert.False(t, got.Coarser)
		if c.want.min == -0.5 {
			assert.Equal(t, []int64{2, 2, 2, 0, 0, 4, 0, 0, 0, 8}, h.Counts[:10], name)
			assert.Equal(t, [2]float64{7, 9}, [2]float64{got.Statistics[0].Median, got.Statistics[0].Mode}, name)
		}
	}
}

func whole(g raster.Grid) exportimage.Geometry {
	return exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: g.Envelope(), CRS: g.CRS}
}

// What a polygon covers does not depend on what it is a part of: the parts of a map count each pixel once, in any order of
// vertices, and in any spatial reference of the polygons.
func TestAreasWithSidesInCommon(t *testing.T) {
	s, _ := service(scene(t))
	all, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{Geometry: whole(scene(t).Info().Grid)})
	require.NoError(t, err)
	require.EqualValues(t, 600*600, all.Statistics[0].Count)
	wgs84 := crs(t, 4326)
	// A fan of triangles around a point, over more than the raster.
	center := [2]float64{15.037, 47.873}
	corners := [][2]float64{{14.8, 47.5}, {14.8, 48.2}, {15.01, 48.2}, {15.3, 48.2}, {15.3, 47.9}, {15.3, 47.5}, {15.05, 47.5}}
	var sum []int64
	for i, a := range corners {
		b := corners[(i+1)%len(corners)]
		ring := [][2]float64{center, a, b, center}
		if i%2 == 1 {
			slices.Reverse(ring)
		}
		got, err := s.ComputeHistograms(t.Context(), exportimage.HistogramsRequest{
			Geometry: exportimage.Geometry{Type: exportimage.PolygonGeometry, CRS: wgs84, Parts: [][][2]float64{ring}}})
		require.NoError(t, err)
		if sum == nil {
			sum = make([]int64, 256)
		}
		for v, n := range got[0].Counts {
			sum[v] += n
		}
	}
	assert.Equal(t, all.Histograms[0].Counts, sum)
}

// A polygon in another spatial reference has the pixels whose middles, projected to that reference, are inside.
func TestAreaInAnotherReference(t *testing.T) {
	s, raw := service(scene(t))
	for _, wkid := range []int{4326, 3857, 3035, 32634} {
		from := crs(t, wkid)
		to, err := srs.NewTransformer(crs(t, 32633), from)
		require.NoError(t, err)
		xs, ys := []float64{500500, 505300, 503000, 501000}, []float64{5300400, 5301000, 5305800, 5303200}
		require.Zero(t, to.Transform(xs, ys))
		var ring [][2]float64
		for i := range xs {
			ring = append(ring, [2]float64{xs[i], ys[i]})
		}
		ring = append(ring, ring[0])
		got, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{
			Geometry: exportimage.Geometry{Type: exportimage.PolygonGeometry, CRS: from, Parts: [][][2]float64{ring}}})
		require.NoError(t, err)
		_, err = s.Export(t.Context(), exportimage.Request{BBox: got.Envelope, Size: got.Size, Aspect: exportimage.ExactBox, Format: "raw", Interpolation: resample.Nearest})
		require.NoError(t, err)
		want := countedInside(t, *raw, got.Envelope, func(x, y float64) bool {
			xs, ys := []float64{x}, []float64{y}
			to.Transform(xs, ys)
			return inside([][][2]float64{ring}, xs[0], ys[0])
		})
		var off int64
		for v, n := range got.Histograms[0].Counts {
			off += max(n-want[float64(v)], want[float64(v)]-n)
		}
		assert.LessOrEqual(t, off, int64(4), "%d: pixels with their middles within a 1024th of a pixel of a side", wkid)
		assert.Greater(t, got.Statistics[0].Count, int64(100_000))
	}
}

// Lines and points have the pixels that they touch, once each.
func TestHistogramsOfLinesAndPoints(t *testing.T) {
	s, _ := service(ramp(t)) // 0,0,512,512, value = column + 1000 row
	count := func(k exportimage.GeometryType, parts ...[][2]float64) (int64, float64) {
		got, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{Geometry: exportimage.Geometry{Type: k, Parts: parts}})
		require.NoError(t, err)
		if got.Statistics == nil {
			return 0, 0
		}
		return got.Statistics[0].Count, got.Statistics[0].Sum
	}
	for _, c := range []struct {
		kind  exportimage.GeometryType
		parts [][][2]float64
		n     int64
		sum   float64
	}{
		{exportimage.PointGeometry, [][][2]float64{{{3.5, 511.5}}}, 1, 3},
		{exportimage.PointGeometry, [][][2]float64{{{-3.5, 511.5}}}, 0, 0},
		{exportimage.MultipointGeometry, [][][2]float64{{{3.5, 511.5}, {3.1, 511.9}, {511.9, 0.1}, {600, 0}}}, 2, 3 + 511511},
		{exportimage.PolylineGeometry, [][][2]float64{{{2.5, 511.5}, {5.5, 511.5}}}, 4, 2 + 3 + 4 + 5},
		{exportimage.PolylineGeometry, [][][2]float64{{{5.5, 511.5}, {5.5, 508.5}}}, 4, 5*4 + 6000},
		{exportimage.PolylineGeometry, [][][2]float64{{{-9, 511.5}, {2.5, 511.5}, {2.5, 510.5}}, {{0.5, 511.5}, {1.5, 510.5}}}, 5 - 0, 0 + 1 + 2 + 1002 + 1001},
		{exportimage.PolylineGeometry, [][][2]float64{{{0.5, 511.5}, {511.5, 0.5}}}, 512, 511 * 512 / 2 * 1001},
	} {
		n, sum := count(c.kind, c.parts...)
		if c.kind == exportimage.PolylineGeometry && c.n == 5 {
			assert.GreaterOrEqual(t, n, c.n) // a diagonal through a corner may touch the pixels beside it
			continue
		}
		if c.n == 512 {
			assert.GreaterOrEqual(t, n, c.n)
			assert.LessOrEqual(t, n, int64(3*512))
			continue
		}
		assert.Equal(t, c.n, n, c.parts)
		assert.Equal(t, c.sum, sum, c.parts)
	}
}

// Where an area is large, pixels are those of the next overviews, unless their size is stated.
func TestHistogramsOfLargeAreas(t *testing.T) {
	s, raw := service(scene(t))
	s.Limits.HistogramPixels = 50_000
	all := whole(scene(t).Info().Grid)
	got, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{Geometry: all})
	require.NoError(t, err)
	assert.True(t, got.Coarser)
	assert.Equal(t, [2]float64{40, 40}, [2]float64{got.PixelSize.X, got.PixelSize.Y})
	assert.EqualValues(t, 150*150, got.Statistics[0].Count)
	_, err = s.Export(t.Context(), exportimage.Request{BBox: got.Envelope, Size: got.Size, Aspect: exportimage.ExactBox, Format: "raw", Interpolation: resample.Nearest})
	require.NoError(t, err)
	for v, n := range countedInside(t, *raw, got.Envelope, func(x, y float64) bool { return true }) {
		assert.Equal(t, n, got.Histograms[0].Counts[int(v)])
	}
	_, err = s.ComputeHistograms(t.Context(), exportimage.HistogramsRequest{Geometry: all, PixelSize: exportimage.PixelSize{X: 10, Y: 10}})
	require.ErrorIs(t, err, exportimage.ErrSizeLimit)
	require.ErrorContains(t, err, "limit HistogramPixels")
	// Two points far apart are two pixels, however far they are apart.
	two, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{Geometry: exportimage.Geometry{
		Type: exportimage.MultipointGeometry, Parts: [][][2]float64{{{500005, 5300005}, {505995, 5305995}}}}})
	require.NoError(t, err)
	assert.False(t, two.Coarser)
	assert.EqualValues(t, 2, two.Statistics[0].Count)
}

// Where x repeats, an area is found in every turn of the world, and counts once.
func TestAreasAroundTheWorld(t *testing.T) {
	s, _ := service(world(t)) // 360×180, value = column mod 256
	box := func(wkid int, x0, y0, x1, y1 float64) exportimage.Geometry {
		return exportimage.Geometry{Type: exportimage.EnvelopeGeometry, CRS: crs(t, wkid), Envelope: srs.Envelope{XMin: x0, YMin: y0, XMax: x1, YMax: y1}}
	}
	for _, c := range []struct {
		name string
		g    exportimage.Geometry
		want int64
	}{
		{"all", box(4326, -180, -90, 180, 90), 360 * 180},
		{"more than all", box(4326, -300, -95, 300, 95), 360 * 180},
		{"all, from 0", box(4326, 0, -90, 360, 90), 360 * 180},
		{"across the antimeridian", box(4326, 170, 0, 190, 10), 200},
		{"across the antimeridian, backwards", box(4326, 170, 0, -170, 10), 200},
		{"corners swapped", box(4326, 20, 10, 10, 0), 100},
		{"a turn farther", box(4326, 530, 0, 550, 10), 200},
		{"web Mercator", box(3857, -20037508.342789244, -111325.14286638486, 20037508.342789244, 111325.14286638486), 720},
		{"web Mercator across the antimeridian", box(3857, 18924313.434856508, -111325.14286638486, 21150703.25, 111325.14286638486), 40},
	} {
		got, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{Geometry: c.g})
		require.NoError(t, err, c.name)
		require.NotEmpty(t, got.Statistics, c.name)
		assert.Equal(t, c.want, got.Statistics[0].Count, c.name)
	}
}

func TestHistogramsOfNothing(t *testing.T) {
	s, _ := three(t)
	for _, g := range []exportimage.Geometry{
		{Type: exportimage.EnvelopeGeometry, Envelope: srs.Envelope{XMin: 1e6, YMin: 1e6, XMax: 1e6 + 9, YMax: 1e6 + 9}},
		{Type: exportimage.PolygonGeometry, Parts: [][][2]float64{{{10.2, 10.2}, {10.4, 10.2}, {10.3, 10.4}, {10.2, 10.2}}}}, // between middles
		{Type: exportimage.PolygonGeometry, Parts: [][][2]float64{{{1, 1}, {1, 1}, {1, 1}, {1, 1}}}},
	} {
		got, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{Geometry: g})
		require.NoError(t, err)
		assert.Nil(t, got.Histograms)
		assert.Nil(t, got.Statistics)
	}
}

func TestHostileAreas(t *testing.T) {
	s, _ := service(ramp(t))
	s.Gate = &exportimage.Gate{}
	nan, far := math.NaN(), math.Inf(1)
	of := func(k exportimage.GeometryType, parts ...[][2]float64) exportimage.HistogramsRequest {
		return exportimage.HistogramsRequest{Geometry: exportimage.Geometry{Type: k, Parts: parts}}
	}
	star := make([][2]float64, 1<<20+1)
	for i := range star {
		star[i] = [2]float64{256 + 250*math.Cos(float64(i)*2.4), 256 + 250*math.Sin(float64(i)*2.4)}
	}
	saw := make([][2]float64, 200_000)
	for i := range saw {
		saw[i] = [2]float64{float64(i) / 400, float64(i%2) * 512}
	}
	square := [][2]float64{{0, 0}, {0, 9}, {9, 9}, {0, 0}}
	for name, req := range map[string]exportimage.HistogramsRequest{
		"nothing": {}, "no type": {Geometry: exportimage.Geometry{Type: 99, Parts: [][][2]float64{square}}},
		"no vertices": of(exportimage.PolygonGeometry), "an empty ring": of(exportimage.PolygonGeometry, square, nil),
		"a ring of two": of(exportimage.PolygonGeometry, [][2]float64{{0, 0}, {1, 1}}), "a line of one": of(exportimage.PolylineGeometry, [][2]float64{{1, 1}}),
		"NaN":             of(exportimage.PolygonGeometry, [][2]float64{{0, 0}, {nan, 1}, {1, 1}, {0, 0}}),
		"infinite":        of(exportimage.PolylineGeometry, [][2]float64{{0, 0}, {far, 1}}),
		"a million":       of(exportimage.PolygonGeometry, star),
		"a box backwards": {Geometry: exportimage.Geometry{Type: exportimage.EnvelopeGeometry, CRS: crs(t, 32633), Envelope: srs.Envelope{XMin: 9, XMax: 1, YMax: 1}}},
		"a NaN box":       {Geometry: exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: srs.Envelope{XMin: nan, XMax: 1, YMax: 1}}},
		"no size":         {Geometry: whole(ramp(t).Info().Grid), PixelSize: exportimage.PixelSize{X: 1}},
		"a far size":      {Geometry: whole(ramp(t).Info().Grid), PixelSize: exportimage.PixelSize{X: far, Y: 1}},
		"a hair":          {Geometry: whole(ramp(t).Info().Grid), PixelSize: exportimage.PixelSize{X: 1e-300, Y: 1e-300}},
		"a condition":     {Geometry: whole(ramp(t).Info().Grid), Export: exportimage.Request{MosaicRule: mosaic.Rule{Where: "x = "}}},
		"a slice":         {Geometry: whole(ramp(t).Info().Grid), Export: exportimage.Request{SliceID: new(int64)}},
		"complex":         {Geometry: whole(ramp(t).Info().Grid), Export: exportimage.Request{PixelType: raster.C64}},
	} {
		_, err := s.ComputeStatisticsHistograms(t.Context(), req)
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, name)
		assert.Contains(t, []exportimage.Kind{exportimage.Invalid, exportimage.TooLarge, exportimage.Unsupported}, e.Kind, "%s: %v", name, err)
		assert.NotEmpty(t, e.Param, "%s: %v", name, err)
	}
	assert.Equal(t, exportimage.Load{}, s.Gate.Load(), "nothing is held")
	// A star of many sides that cross is an area like any other.
	res, err := s.ComputeStatisticsHistograms(t.Context(), of(exportimage.PolygonGeometry, star[:20_000]))
	require.NoError(t, err)
	assert.Positive(t, res.Pixels)
	// And a saw of many teeth is looked at on coarser rows.
	res, err = s.ComputeStatisticsHistograms(t.Context(), of(exportimage.PolygonGeometry, saw))
	require.NoError(t, err)
	assert.True(t, res.Coarser)
}
