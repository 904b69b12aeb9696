package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// scenes is a service of six rasters of 100 units, side by side in two rows of three, with attributes of all kinds.
func scenes(t testing.TB) *exportimage.Service {
	var items mosaic.Slice
	for i := range 6 {
		x, y := float64(100*(i%3)), float64(100*(i/3))
		g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMin: x, YMin: y, XMax: x + 100, YMax: y + 100}, image.Pt(4, 4))
		it := item(int64(i+1), rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(x + y) }))
		it.Name = fmt.Sprintf("scene%d", i+1)
		it.Attrs = map[string]any{
			"Cloud": float64(i%3) / 4, "Sensor": []string{"OLI", "MSI"}[i%2], "Orbit": int64(10 * (i / 2)),
			"AcqDate": time.Date(2020, 1, 1+i, 12, 0, 0, 0, time.UTC),
		}
		if i == 5 {
			delete(it.Attrs, "Cloud")
		}
		items = append(items, it)
	}
	slices.Reverse(items) // the order of the catalogue does not matter
	return &exportimage.Service{Catalog: items, Now: func() time.Time { return time.Date(2020, 1, 7, 0, 0, 0, 0, time.UTC) }}
}

func ids(t require.TestingT, s *exportimage.Service, r exportimage.QueryRequest) []int64 {
	r.Part = exportimage.QueryIDs
	res, err := s.Query(context.Background(), r)
	require.NoError(t, err)
	count := r
	count.Part = exportimage.QueryCount
	n, err := s.Query(context.Background(), count)
	require.NoError(t, err)
	require.Equal(t, len(res.IDs), n.Count)
	return res.IDs
}

func box(x0, y0, x1, y1 float64) exportimage.Geometry {
	return exportimage.Geometry{
		Type: exportimage.EnvelopeGeometry, Envelope: srs.Envelope{XMin: x0, YMin: y0, XMax: x1, YMax: y1}}
}

func shape(kind exportimage.GeometryType, points ...[2]float64) exportimage.Geometry {
	g := exportimage.Geometry{Type: kind, Parts: [][][2]float64{points}}
	e := srs.Envelope{XMin: math.Inf(1), YMin: math.Inf(1), XMax: math.Inf(-1), YMax: math.Inf(-1)}
	for _, p := range points {
		e = e.Union(srs.Envelope{XMin: p[0], YMin: p[1], XMax: p[0], YMax: p[1]})
	}
	g.Envelope = e
	return g
}

func TestQueryChooses(t *testing.T) {
	s := scenes(t)
	for name, c := range map[string]struct {
		req  exportimage.QueryRequest
		want []int64
	}{
		"all":                  {exportimage.QueryRequest{}, []int64{1, 2, 3, 4, 5, 6}},
		"where":                {exportimage.QueryRequest{Where: "Cloud < 0.5 AND sensor = 'OLI'"}, []int64{1, 5}},
		"where nothing":        {exportimage.QueryRequest{Where: "1=0"}, []int64{}},
		"not null":             {exportimage.QueryRequest{Where: "NOT Cloud > 0.1"}, []int64{1, 4}},
		"now":                  {exportimage.QueryRequest{Where: "AcqDate > CURRENT_TIMESTAMP - 3"}, []int64{4, 5, 6}},
		"IDs":                  {exportimage.QueryRequest{IDs: []int64{9, 3, 1}}, []int64{1, 3}},
		"no IDs":               {exportimage.QueryRequest{IDs: []int64{}}, []int64{}},
		"IDs and where":        {exportimage.QueryRequest{IDs: []int64{1, 2}, Where: "objectid > 1"}, []int64{2}},
		"box":                  {exportimage.QueryRequest{Geometry: box(50, 50, 90, 90)}, []int64{1}},
		"box on an edge":       {exportimage.QueryRequest{Geometry: box(100, 20, 150, 30)}, []int64{1, 2}},
		"box on a corner":      {exportimage.QueryRequest{Geometry: box(300, 200, 400, 400)}, []int64{6}},
		"box beside":           {exportimage.QueryRequest{Geometry: box(301, 0, 400, 400)}, []int64{}},
		"box contains":         {exportimage.QueryRequest{Geometry: box(0, 0, 200, 150), Relation: exportimage.Contains}, []int64{1, 2}},
		"box within":           {exportimage.QueryRequest{Geometry: box(110, 110, 200, 200), Relation: exportimage.Within}, []int64{5}},
		"box touches":          {exportimage.QueryRequest{Geometry: box(100, 0, 200, 100), Relation: exportimage.Touches}, []int64{1, 3, 4, 5, 6}},
		"box overlaps":         {exportimage.QueryRequest{Geometry: box(50, 0, 200, 100), Relation: exportimage.Overlaps}, []int64{1}},
		"point":                {exportimage.QueryRequest{Geometry: shape(exportimage.PointGeometry, [2]float64{150, 150})}, []int64{5}},
		"point on a corner":    {exportimage.QueryRequest{Geometry: shape(exportimage.PointGeometry, [2]float64{100, 100})}, []int64{1, 2, 4, 5}},
		"point in":             {exportimage.QueryRequest{Relation: exportimage.Within, Geometry: shape(exportimage.PointGeometry, [2]float64{100, 100})}, []int64{}},
		"points":               {exportimage.QueryRequest{Geometry: shape(exportimage.MultipointGeometry, [2]float64{50, 50}, [2]float64{250, 150})}, []int64{1, 6}},
		"points cross":         {exportimage.QueryRequest{Relation: exportimage.Crosses, Geometry: shape(exportimage.MultipointGeometry, [2]float64{50, 50}, [2]float64{-50, 150})}, []int64{1}},
		"line":                 {exportimage.QueryRequest{Geometry: shape(exportimage.PolylineGeometry, [2]float64{-50, 50}, [2]float64{50, 150})}, []int64{1, 4}},
		"line touches":         {exportimage.QueryRequest{Relation: exportimage.Touches, Geometry: shape(exportimage.PolylineGeometry, [2]float64{100, -9}, [2]float64{100, 50})}, []int64{1, 2}},
		"line crosses":         {exportimage.QueryRequest{Relation: exportimage.Crosses, Geometry: shape(exportimage.PolylineGeometry, [2]float64{50, 50}, [2]float64{150, 50})}, []int64{1, 2}},
		"polygon":              {exportimage.QueryRequest{Geometry: shape(exportimage.PolygonGeometry, [2]float64{-11, 190}, [2]float64{89, 290}, [2]float64{-11, 290}, [2]float64{-11, 190})}, []int64{}},
		"polygon's box":        {exportimage.QueryRequest{Relation: exportimage.EnvelopesIntersect, Geometry: shape(exportimage.PolygonGeometry, [2]float64{-11, 190}, [2]float64{89, 290}, [2]float64{-11, 290}, [2]float64{-11, 190})}, []int64{4}},
		"box in a hole":        {exportimage.QueryRequest{Geometry: hole()}, []int64{1, 3, 4, 6}},
		"box a turn away":      {exportimage.QueryRequest{Geometry: box(50+turn, 50, 90+turn, 90)}, []int64{1}},
		"a pixel of any size":  {exportimage.QueryRequest{PixelSize: exportimage.PixelSize{X: 1, Y: 1}}, []int64{1, 2, 3, 4, 5, 6}},
		"a box and a time":     {exportimage.QueryRequest{Geometry: box(0, 0, 300, 50), Time: mosaic.TimeExtent{From: time.Unix(0, 0)}}, []int64{1, 2, 3}},
		"where with a literal": {exportimage.QueryRequest{Where: "AcqDate = timestamp '2020-01-03 12:00:00'"}, []int64{3}},
	} {
		assert.Equal(t, c.want, ids(t, s, c.req), name)
	}
}

const turn = 2 * math.Pi * 6378137

// hole is an area around the middle two scenes.
func hole() exportimage.Geometry {
	g := shape(exportimage.PolygonGeometry, [2]float64{-5, -5}, [2]float64{305, -5}, [2]float64{305, 205}, [2]float64{-5, 205}, [2]float64{-5, -5})
	g.Parts = append(g.Parts, [][2]float64{{99, -4}, {99, 204}, {201, 204}, {201, -4}, {99, -4}})
	return g
}

// A box asks for the same rasters in whatever reference it is stated.
func TestQueryInAnyReference(t *testing.T) {
	index, _ := sceneIndex(t, 20, 20)
	s := &exportimage.Service{Catalog: index}
	utm := crs(t, 32633)
	rapid.Check(t, func(rt *rapid.T) {
		x := float64(rapid.IntRange(195_000, 360_000).Draw(rt, "x"))
		y := float64(rapid.IntRange(5_130_000, 5_300_000).Draw(rt, "y"))
		w := float64(rapid.IntRange(1, 40_000).Draw(rt, "w"))
		corners := [][2]float64{{x, y}, {x, y + w}, {x + w, y + w}, {x + w, y}, {x, y}}
		g := shape(exportimage.PolygonGeometry, corners...)
		g.CRS = utm
		relation := rapid.SampledFrom([]exportimage.Relation{
			exportimage.Intersects, exportimage.Contains, exportimage.Overlaps, exportimage.EnvelopesIntersect,
		}).Draw(rt, "relation")
		want := ids(rt, s, exportimage.QueryRequest{Geometry: g, Relation: relation})
		b := box(x, y, x+w, y+w)
		b.CRS = utm
		require.Equal(rt, want, ids(rt, s, exportimage.QueryRequest{Geometry: b, Relation: relation}))
		if relation != exportimage.Intersects {
			return
		}
		// By hand.
		var all []int64
		for i := range 400 {
			x0, y1 := 2e5+float64(i%20)*sceneSide*7.5, 53e5-float64(i/20)*sceneSide*7.5
			if x0 <= x+w && x <= x0+sceneSide*10 && y1 >= y && y+w >= y1-sceneSide*10 {
				all = append(all, int64(i+1))
			}
		}
		require.Equal(rt, append([]int64{}, all...), want)
		// Its corners in degrees, with the points between them that keep its sides straight.
		to, err := srs.NewTransformer(utm, crs(t, 4326))
		require.NoError(rt, err)
		var ring [][2]float64
		for i := range 4 {
			for f := range 64 {
				p, q := corners[i], corners[i+1]
				xs, ys := []float64{p[0] + (q[0]-p[0])*float64(f)/64}, []float64{p[1] + (q[1]-p[1])*float64(f)/64}
				to.Transform(xs, ys)
				ring = append(ring, [2]float64{xs[0], ys[0]})
			}
		}
		deg := shape(exportimage.PolygonGeometry, append(ring, ring[0])...)
		deg.CRS = crs(t, 4326)
		got := ids(rt, s, exportimage.QueryRequest{Geometry: deg})
		if math.Mod(x-2e5, 2560) > 1 && math.Mod(x+w-2e5, 2560) > 1 && math.Mod(53e5-y, 2560) > 1 && math.Mod(53e5-y-w, 2560) > 1 {
			require.Equal(rt, want, got) // a side nearer than a metre to an edge may be on its other side
		}
	})
}

// Pages are parts of the whole, whatever the order.
func TestQueryPages(t *testing.T) {
	s := scenes(t)
	whole := func(order []exportimage.FieldOrder) (out []int64) {
		res, err := s.Query(t.Context(), exportimage.QueryRequest{Order: order})
		require.NoError(t, err)
		assert.False(t, res.More)
		for _, f := range res.Features {
			out = append(out, f.Item.ID)
		}
		return out
	}
	for _, c := range []struct {
		order []exportimage.FieldOrder
		want  []int64
	}{
		{nil, []int64{1, 2, 3, 4, 5, 6}},
		{[]exportimage.FieldOrder{{Field: "cloud"}}, []int64{6, 1, 4, 2, 5, 3}},
		{[]exportimage.FieldOrder{{Field: "Cloud", Descending: true}, {Field: "Name", Descending: true}}, []int64{3, 5, 2, 4, 1, 6}},
		{[]exportimage.FieldOrder{{Field: "AcqDate", Descending: true}}, []int64{6, 5, 4, 3, 2, 1}},
		{[]exportimage.FieldOrder{{Field: "ObjectID", Descending: true}}, []int64{6, 5, 4, 3, 2, 1}},
	} {
		require.Equal(t, c.want, whole(c.order))
		for _, most := range []int{0, 1, 2, 4} {
			s.Limits.Records = most
			for offset := range 8 {
				for count := range 8 {
					res, err := s.Query(t.Context(), exportimage.QueryRequest{Order: c.order, Offset: offset, Count: count})
					require.NoError(t, err)
					n := 6
					if most > 0 {
						n = most
					}
					if count > 0 {
						n = min(n, count)
					}
					from := min(offset, 6)
					want := c.want[from:min(from+n, 6)]
					require.Len(t, res.Features, len(want))
					for i, f := range res.Features {
						require.Equal(t, want[i], f.Item.ID)
					}
					require.Equal(t, offset+n < 6, res.More, "%d %d %d", most, offset, count)
				}
			}
		}
		s.Limits.Records = 0
	}
	res, err := s.Query(t.Context(), exportimage.QueryRequest{Offset: math.MaxInt, Count: math.MaxInt})
	require.NoError(t, err)
	assert.Empty(t, res.Features)
	assert.False(t, res.More)
}

func TestQueryFields(t *testing.T) {
	s := scenes(t)
	res, err := s.Query(t.Context(), exportimage.QueryRequest{
		Fields: []string{"cloud", "NAME", "Cloud", "AcqDate", "objectid"}, IDs: []int64{6, 2}, Outlines: true})
	require.NoError(t, err)
	assert.Equal(t, []mosaic.Field{{Name: "Cloud", Type: mosaic.NumberField}, {Name: "Name", Length: 6},
		{Name: "AcqDate", Type: mosaic.DateField}, {Name: "OBJECTID", Type: mosaic.IDField}}, res.Fields)
	require.Len(t, res.Features, 2)
	assert.Equal(t, []any{0.25, "scene2", time.Date(2020, 1, 2, 12, 0, 0, 0, time.UTC), int64(2)}, res.Features[0].Values)
	assert.Equal(t, []any{nil, "scene6", time.Date(2020, 1, 6, 12, 0, 0, 0, time.UTC), int64(6)}, res.Features[1].Values)
	assert.Equal(t, [][2]float64{{100, 0}, {100, 100}, {200, 100}, {200, 0}, {100, 0}}, res.Features[0].Outline)
	all, err := s.Query(t.Context(), exportimage.QueryRequest{Fields: []string{"*"}})
	require.NoError(t, err)
	var names []string
	for _, f := range all.Fields {
		names = append(names, f.Name)
	}
	assert.Equal(t, []string{"OBJECTID", "Name", "MinPS", "MaxPS", "AcqDate", "Cloud", "Orbit", "Sensor"}, names)
	assert.Nil(t, all.Features[0].Outline)
}

func TestQueryOutlines(t *testing.T) {
	s := scenes(t)
	deg := crs(t, 4326)
	// echo "200 100" | cs2cs -f %.9f EPSG:3857 EPSG:4326
	x, y := 0.001796631, 0.000898315
	two := 8
	res, err := s.Query(t.Context(), exportimage.QueryRequest{IDs: []int64{2}, Outlines: true, CRS: deg, Decimals: &two})
	require.NoError(t, err)
	assert.Equal(t, deg, res.CRS)
	assert.Contains(t, res.Features[0].Outline, [2]float64{math.Round(x*1e8) / 1e8, math.Round(y*1e8) / 1e8})
	res, err = s.Query(t.Context(), exportimage.QueryRequest{Where: "Sensor = 'OLI'", Part: exportimage.QueryExtent, CRS: deg})
	require.NoError(t, err)
	assert.Equal(t, 3, res.Count)
	assert.InDelta(t, 1.5*x, res.Extent.XMax, 1e-8)
	assert.InDelta(t, 2*y, res.Extent.YMax, 1e-8)
	res, err = s.Query(t.Context(), exportimage.QueryRequest{Where: "1=0", Part: exportimage.QueryExtent})
	require.NoError(t, err)
	assert.True(t, math.IsNaN(res.Extent.XMin))

	// A raster of the whole world has no corners in Mercator, but an outline.
	s, _ = service(world(t))
	res, err = s.Query(t.Context(), exportimage.QueryRequest{Outlines: true, CRS: crs(t, 3857)})
	require.NoError(t, err)
	assert.InDelta(t, 20037508.34, res.Features[0].Outline[2][0], 0.01)
	assert.InDelta(t, 20037508.34, res.Features[0].Outline[2][1], 0.01)
}

// An outline with less corners is within the offset of the one with all.
func TestQueryOutlinesCanBeCoarser(t *testing.T) {
	var ring mosaic.Ring
	for i := range 360 {
		a := 2 * math.Pi * float64(i) / 360
		ring = append(ring, [2]float64{50 + 50*math.Cos(a), 50 + 50*math.Sin(a)})
	}
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 100, YMax: 100}, image.Pt(4, 4))
	it := item(1, rastertest.FromFunc(g, 1, func(_, _, _ int) uint8 { return 1 }))
	it.Footprint.Ring = ring
	s := &exportimage.Service{Catalog: mosaic.Slice{it}}
	before := 362
	for _, offset := range []float64{0, 0.1, 1, 5, 1000} {
		res, err := s.Query(t.Context(), exportimage.QueryRequest{Outlines: true, MaxOffset: offset})
		require.NoError(t, err)
		out := res.Features[0].Outline
		if offset < 1000 {
			assert.Less(t, len(out), before)
			before = len(out)
		}
		assert.GreaterOrEqual(t, len(out), 4)
		assert.Equal(t, out[0], out[len(out)-1])
		if offset > 0 && offset < 1000 { // corners of a circle's polygon: the middle of a side is the farthest off
			for i := 1; i < len(out); i++ {
				x, y := (out[i][0]+out[i-1][0])/2-50, (out[i][1]+out[i-1][1])/2-50
				assert.GreaterOrEqual(t, math.Hypot(x, y), 50-offset-0.01)
			}
		}
	}
	assert.Equal(t, []int64{}, ids(t, s, exportimage.QueryRequest{Geometry: box(-5, -5, 10, 10)}), "the ring counts, not the box")
	assert.Equal(t, []int64{1}, ids(t, s, exportimage.QueryRequest{Geometry: box(-5, -5, 10, 10), Relation: exportimage.EnvelopesIntersect}))
}

func TestQueryStatistics(t *testing.T) {
	s := scenes(t)
	res, err := s.Query(t.Context(), exportimage.QueryRequest{Statistics: []exportimage.FieldStatistic{
		{exportimage.StatisticCount, "Cloud", "n"}, {exportimage.StatisticSum, "Cloud", ""}, {exportimage.StatisticMean, "cloud", "mean"},
		{exportimage.StatisticMin, "AcqDate", ""}, {exportimage.StatisticMax, "Sensor", ""},
		{exportimage.StatisticDeviation, "OBJECTID", "sd"}, {exportimage.StatisticVariance, "OBJECTID", "var"},
	}})
	require.NoError(t, err)
	require.Len(t, res.Features, 1)
	// python3 -c 'import statistics as s; print(s.stdev(range(1,7)), s.variance(range(1,7)))'
	assert.Equal(t, []any{int64(5), 1.0, 0.2, time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC), "OLI",
		1.8708286933869707, 3.5}, res.Features[0].Values)
	assert.Equal(t, "SUM_Cloud", res.Fields[1].Name)

	res, err = s.Query(t.Context(), exportimage.QueryRequest{
		Statistics: []exportimage.FieldStatistic{{exportimage.StatisticCount, "OBJECTID", "n"}, {exportimage.StatisticMax, "Cloud", "worst"}},
		GroupBy:    []string{"orbit", "Sensor"}, Order: []exportimage.FieldOrder{{"worst", true}}, Count: 4})
	require.NoError(t, err)
	assert.True(t, res.More)
	var rows [][]any
	for _, f := range res.Features {
		rows = append(rows, f.Values)
	}
	assert.Equal(t, [][]any{{int64(10), "OLI", int64(1), 0.5}, {int64(0), "MSI", int64(1), 0.25}, {int64(20), "OLI", int64(1), 0.25},
		{int64(0), "OLI", int64(1), 0.0}}, rows)

	res, err = s.Query(t.Context(), exportimage.QueryRequest{Where: "1=0", Statistics: []exportimage.FieldStatistic{
		{exportimage.StatisticCount, "Cloud", ""}, {exportimage.StatisticMean, "Cloud", ""}}})
	require.NoError(t, err)
	assert.Equal(t, []any{int64(0), nil}, res.Features[0].Values)

	res, err = s.Query(t.Context(), exportimage.QueryRequest{Distinct: true, Fields: []string{"Orbit"}})
	require.NoError(t, err)
	require.Len(t, res.Features, 3)
	assert.Equal(t, []any{int64(10)}, res.Features[1].Values)
	res, err = s.Query(t.Context(), exportimage.QueryRequest{Distinct: true, Fields: []string{"Orbit"}, Part: exportimage.QueryCount})
	require.NoError(t, err)
	assert.Equal(t, 3, res.Count)
}

func TestHostileQueries(t *testing.T) {
	s := scenes(t)
	s.Gate = &exportimage.Gate{}
	nan := math.NaN()
	minus := -1
	star := func(n int) exportimage.Geometry {
		out := make([][2]float64, n)
		for i := range out {
			out[i] = [2]float64{150 + 149*math.Cos(float64(i)*2.4), 100 + 99*math.Sin(float64(i)*2.4)}
		}
		return shape(exportimage.PolygonGeometry, append(out, out[0])...)
	}
	utm := box(0, 0, 1, 1)
	utm.CRS = crs(t, 32633)
	for name, c := range map[string]struct {
		req   exportimage.QueryRequest
		param string
	}{
		"a malformed condition": {exportimage.QueryRequest{Where: "Cloud <"}, "where"},
		"an unknown field":      {exportimage.QueryRequest{Where: "Clowd < 1"}, "where"},
		"kinds that differ":     {exportimage.QueryRequest{Where: "Sensor < 1"}, "where"},
		"a negative offset":     {exportimage.QueryRequest{Offset: -1}, "resultOffset"},
		"a negative count":      {exportimage.QueryRequest{Count: -1}, "resultRecordCount"},
		"unknown outFields":     {exportimage.QueryRequest{Fields: []string{"Clowd"}}, "outFields"},
		"an unknown order":      {exportimage.QueryRequest{Order: []exportimage.FieldOrder{{Field: "Clowd"}}}, "orderByFields"},
		"order outside of rows": {exportimage.QueryRequest{Distinct: true, Fields: []string{"Orbit"}, Order: []exportimage.FieldOrder{{Field: "Cloud"}}}, "orderByFields"},
		"NaN":                   {exportimage.QueryRequest{Geometry: box(nan, 0, 1, 1)}, "geometry"},
		"NaN in a part":         {exportimage.QueryRequest{Geometry: shape(exportimage.PolylineGeometry, [2]float64{nan, 1}, [2]float64{1, 1})}, "geometry"},
		"infinite":              {exportimage.QueryRequest{Geometry: box(0, 0, math.Inf(1), 1)}, "geometry"},
		"no vertices":           {exportimage.QueryRequest{Geometry: exportimage.Geometry{Type: exportimage.PolygonGeometry}}, "geometry"},
		"no such type":          {exportimage.QueryRequest{Geometry: exportimage.Geometry{Type: 99}}, "geometry"},
		"a box that ends first": {exportimage.QueryRequest{Geometry: func() exportimage.Geometry { g := utm; g.Envelope.XMin = 9; return g }()}, "geometry"},
		"a million vertices":    {exportimage.QueryRequest{Geometry: star(1_000_000)}, "geometry"},
		"a star of chords":      {exportimage.QueryRequest{Geometry: star(20_000), Relation: exportimage.Overlaps}, "geometry"},
		"no such relation":      {exportimage.QueryRequest{Relation: 99}, "spatialRel"},
		"a point contains":      {exportimage.QueryRequest{Geometry: shape(exportimage.PointGeometry, [2]float64{1, 1}), Relation: exportimage.Contains}, "spatialRel"},
		"areas cross":           {exportimage.QueryRequest{Geometry: box(0, 0, 1, 1), Relation: exportimage.Crosses}, "spatialRel"},
		"a line overlaps":       {exportimage.QueryRequest{Geometry: shape(exportimage.PolylineGeometry, [2]float64{1, 1}, [2]float64{2, 2}), Relation: exportimage.Overlaps}, "spatialRel"},
		"NaN off":               {exportimage.QueryRequest{MaxOffset: nan}, "maxAllowableOffset"},
		"negative decimals":     {exportimage.QueryRequest{Decimals: &minus}, "geometryPrecision"},
		"no pixel":              {exportimage.QueryRequest{PixelSize: exportimage.PixelSize{X: 1}}, "pixelSize"},
		"a time that ends":      {exportimage.QueryRequest{Time: mosaic.TimeExtent{From: time.Unix(9, 0), To: time.Unix(1, 0)}}, "time"},
		"groups of nothing":     {exportimage.QueryRequest{GroupBy: []string{"Orbit"}}, "groupByFieldsForStatistics"},
		"an unknown group":      {exportimage.QueryRequest{GroupBy: []string{"Orb"}, Statistics: []exportimage.FieldStatistic{{exportimage.StatisticSum, "Orbit", ""}}}, "groupByFieldsForStatistics"},
		"the sum of texts":      {exportimage.QueryRequest{Statistics: []exportimage.FieldStatistic{{exportimage.StatisticSum, "Sensor", ""}}}, "outStatistics"},
		"no such statistic":     {exportimage.QueryRequest{Statistics: []exportimage.FieldStatistic{{0, "Cloud", ""}}}, "outStatistics"},
		"a name twice":          {exportimage.QueryRequest{Statistics: []exportimage.FieldStatistic{{exportimage.StatisticSum, "Cloud", "x"}, {exportimage.StatisticMin, "Cloud", "X"}}}, "outStatistics"},
		"IDs of statistics":     {exportimage.QueryRequest{Part: exportimage.QueryIDs, Statistics: []exportimage.FieldStatistic{{exportimage.StatisticSum, "Cloud", ""}}}, "outStatistics"},
		"the extent of rows":    {exportimage.QueryRequest{Part: exportimage.QueryExtent, Distinct: true}, "returnDistinctValues"},
		"statistics of rows":    {exportimage.QueryRequest{Distinct: true, Statistics: []exportimage.FieldStatistic{{exportimage.StatisticSum, "Cloud", ""}}}, "returnDistinctValues"},
		"an outline elsewhere":  {exportimage.QueryRequest{Outlines: true, CRS: crs(t, 5041)}, ""}, // UPS north has the equator
	} {
		_, err := s.Query(t.Context(), c.req)
		if c.param == "" {
			assert.NoError(t, err, name)
			continue
		}
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, name)
		assert.Contains(t, []exportimage.Kind{exportimage.Invalid, exportimage.TooLarge, exportimage.Unsupported}, e.Kind, "%s: %v", name, err)
		assert.Equal(t, c.param, e.Param, "%s: %v", name, err)
	}
	_, err := s.Query(t.Context(), exportimage.QueryRequest{Part: 99})
	require.Error(t, err)
	_, err = (&exportimage.Service{}).Query(t.Context(), exportimage.QueryRequest{})
	require.EqualError(t, err, "the service has no catalogue")
	assert.Equal(t, exportimage.Load{}, s.Gate.Load(), "nothing is held")
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Query(canceled, exportimage.QueryRequest{})
	assert.Equal(t, exportimage.Canceled, exportimage.AsError(err).Kind)
}

// BenchmarkQuery100000 finds the first 1000 of the rasters in a box among 100 000: of all, of a hundredth of them and so on.
// The peer looks through all rasters one by one, without an index and without an answer.
func BenchmarkQuery100000(b *testing.B) {
	deg := crs(b, 4326)
	ds := rastertest.FromFunc(raster.NorthUp(deg, srs.Envelope{XMax: 1, YMax: 1}, image.Pt(4, 4)), 1, func(_, _, _ int) uint8 { return 1 })
	items := make([]*mosaic.Item, 100_000)
	for i := range items {
		x, y := float64(i%400)*0.5-100, float64(i/400)*0.5-60
		it := item(int64(i+1), ds)
		it.Footprint.Envelope = srs.Envelope{XMin: x, YMin: y, XMax: x + 0.6, YMax: y + 0.6}
		it.Attrs = map[string]any{"Month": int64(i % 12), "Sensor": "OLI", "Cloud": 0.25}
		items[i] = it
	}
	index, err := mosaic.NewIndex(items)
	require.NoError(b, err)
	s := &exportimage.Service{Catalog: index}
	_, err = s.Describe(b.Context())
	require.NoError(b, err)
	for name, e := range map[string]exportimage.Geometry{
		"all": box(-180, -90, 180, 90), "a hundredth": box(0, 0, 20, 12), "one": box(0, 0, 0.01, 0.01),
		"in another reference": {Type: exportimage.EnvelopeGeometry, CRS: crs(b, 3857), Envelope: srs.Envelope{XMin: 0, YMin: 0, XMax: 2e6, YMax: 12e5}},
		"a polygon":            shape(exportimage.PolygonGeometry, [2]float64{0, 0}, [2]float64{20, 0}, [2]float64{10, 20}, [2]float64{0, 0}),
	} {
		b.Run(name, func(b *testing.B) {
			var look, found time.Duration
			for b.Loop() {
				start, n := time.Now(), 0
				for _, it := range items {
					if it.Footprint.Envelope.Intersects(e.Envelope) {
						n++
					}
				}
				looked := time.Now()
				res, err := s.Query(b.Context(), exportimage.QueryRequest{Geometry: e, Fields: []string{"*"}, Outlines: true})
				require.NoError(b, err)
				look, found = look+looked.Sub(start), found+time.Since(looked)
				b.ReportMetric(float64(len(res.Features)), "features")
			}
			b.ReportMetric(float64(found.Microseconds())/float64(b.N), "query-us")
			b.ReportMetric(float64(found)/float64(look), "of-peer")
		})
	}
}
