package params_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"maps"
	"math"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// again is the request that is read from what is written of r.
func again(t require.TestingT, r exportimage.Request) exportimage.Request {
	v, err := params.Values(r)
	require.NoError(t, err, "%+v", r)
	sent, err := url.ParseQuery(v.Encode())
	require.NoError(t, err)
	got, err := params.ParseRequest(sent)
	require.NoError(t, err, "%v", v)
	assert.Empty(t, got.Unknown, "%v", v)
	return got
}

// A request that is written and read is the same: of random ones, in every field that the operation has a parameter for.
func TestValuesAreReadAsTheSameRequest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := randomRequest(t)
		got := again(t, r)
		got.Forgiven = nil // dates, of times that are no whole milliseconds
		wrote, err := json.Marshal(r.DatumTransformation)
		require.NoError(t, err)
		read, err := json.Marshal(got.DatumTransformation)
		require.NoError(t, err)
		assert.Equal(t, string(wrote), string(read))
		r.DatumTransformation, got.DatumTransformation = nil, nil // whose accuracies may be NaN
		assert.Equal(t, r, got)
	})
}

// drawn returns a value or, as often, the zero one.
func drawn[T any](t *rapid.T, g *rapid.Generator[T], label string) (v T) {
	if rapid.Bool().Draw(t, "has "+label) {
		v = g.Draw(t, label)
	}
	return v
}

func randomRequest(t *rapid.T) exportimage.Request {
	number := rapid.Float64Range(-1e15, 1e15)
	references := rapid.SampledFrom([]srs.CRS{
		srs.WGS84(), srs.WebMercator(), srs.Must(srs.Parse("102100")), srs.Must(srs.Parse("ESRI:54030")),
		srs.Must(srs.Parse("+proj=laea +lat_0=52 +lon_0=10 +ellps=GRS80 +units=m")),
		srs.Must(srs.Parse(`GEOGCS["a ""b""",DATUM["own",SPHEROID["own",6378137,298.3]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]`)),
	})
	operations := rapid.SampledFrom([]srs.Operation{
		operation(t, 1623), operation(t, 1314).Backward(), operation(t, 1314).Forward(), operation(t, 1149),
		geogtran(t), geogtran(t).Backward(),
	})
	box := srs.Envelope{XMin: number.Draw(t, "x"), YMin: number.Draw(t, "y"), XMax: 1e16, YMax: 1e16}
	instant := func(label string) time.Time {
		ns := rapid.SampledFrom([]int64{0, 1, 500_000, 123_456_789}).Draw(t, label+" ns")
		return time.UnixMilli(rapid.Int64Range(-1e12, 1e13).Draw(t, label)).Add(time.Duration(ns)).UTC()
	}
	return exportimage.Request{
		BBox:   drawn(t, rapid.Just(box), "bbox"),
		BBoxSR: drawn(t, references, "bboxSR"), ImageSR: drawn(t, references, "imageSR"),
		Size: drawn(t, rapid.Map(rapid.IntRange(1, math.MaxInt32), func(n int) image.Point {
			return image.Pt(n, 1+n/3)
		}), "size"),
		Aspect:             exportimage.Aspect(rapid.IntRange(0, 2).Draw(t, "aspect")),
		Format:             drawn(t, rapid.SampledFrom([]string{"png", "jpgpng", "own-format"}), "format"),
		CompressionQuality: drawn(t, rapid.Ptr(rapid.IntRange(0, 100), false), "quality"),
		PixelType:          raster.PixelType(rapid.IntRange(0, int(raster.C128)).Draw(t, "type")),
		NoData:             drawn(t, rapid.SliceOfN(rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64), 1, 3), "noData"),
		NoDataMatch:        exportimage.NoDataMatch(rapid.IntRange(0, 2).Draw(t, "match")),
		Interpolation:      drawn(t, rapid.SampledFrom(values(params.Interpolations)), "interpolation"),
		BandIDs:            drawn(t, rapid.SliceOfN(rapid.IntRange(0, 65535), 1, 4), "bands"),
		MosaicRule: mosaic.Rule{
			Method:    drawn(t, rapid.SampledFrom(values(params.MosaicMethods)), "method"),
			Operation: drawn(t, rapid.SampledFrom(values(params.MosaicOperations)), "operation"),
			SortField: drawn(t, rapid.StringMatching(`[A-Za-zäß"]+`), "field"),
			SortValue: rapid.SampledFrom([]any{nil, 6.5, -0.25, "2020-01-01", "é\\\"<&"}).Draw(t, "sort value"), Descending: rapid.Bool().Draw(t, "descending"),
			LockIDs: drawn(t, rapid.SliceOfN(rapid.Int64(), 0, 3), "lock"), IDs: drawn(t, rapid.SliceOfN(rapid.Int64(), 0, 3), "ids"),
			Viewpoint: drawn(t, rapid.Just(&mosaic.Point{X: number.Draw(t, "vx"), Y: 2, CRS: drawn(t, references, "viewpoint")}), "point"),
			Where:     drawn(t, rapid.SampledFrom([]string{`Cloud < 0.1 AND Name LIKE 'S+2%'`, `"x" = 'a''b' OR é IS NULL`}), "where"),
			Slices:    drawn(t, conditions(), "rule's slices"),
		},
		ValidateExtent: rapid.Bool().Draw(t, "validate"),
		Function:       drawn(t, rules(t), "function"), ItemFunction: drawn(t, rules(t), "item function"),
		Time: rapid.SampledFrom([]mosaic.TimeExtent{
			{}, {From: instant("from")}, {To: instant("to")}, {From: instant("early").AddDate(-400, 0, 0), To: instant("late")},
		}).Draw(t, "time"),
		DatumTransformation:  drawn(t, rapid.SliceOfN(operations, 1, 3), "datum"),
		SliceID:              drawn(t, rapid.Ptr(rapid.Int64(), false), "slice"),
		Slices:               drawn(t, conditions(), "slices"),
		Compression:          drawn(t, rapid.SampledFrom(params.Compressions.Names()), "compression"),
		CompressionTolerance: drawn(t, rapid.Ptr(rapid.Float64Range(0, 1e300), false), "tolerance"),
		LERCVersion:          rapid.IntRange(0, 2).Draw(t, "version"),
	}
}

func values[V comparable](e params.Enum[V]) (out []V) {
	for _, w := range e {
		out = append(out, w.Value)
	}
	return out
}

func operation(t require.TestingT, wkid int) srs.Operation {
	o, err := srs.OperationFromWKID(wkid)
	require.NoError(t, err)
	return o
}

func geogtran(t require.TestingT) srs.Operation {
	o, err := srs.OperationFromWKT(`GEOGTRAN["own",GEOGCS["GCS_European_1950",DATUM["D_European_1950",` +
		`SPHEROID["International_1924",6378388,297]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],` +
		`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],` +
		`UNIT["Degree",0.0174532925199433]],METHOD["Geocentric_Translation"],PARAMETER["X_Axis_Translation",-87],` +
		`PARAMETER["Y_Axis_Translation",-98],PARAMETER["Z_Axis_Translation",-121.5]]`)
	require.NoError(t, err)
	return o
}

func conditions() *rapid.Generator[[]mosaic.SliceCondition] {
	return rapid.SliceOfN(rapid.SampledFrom([]mosaic.SliceCondition{
		{Variable: "water \"temp\""}, {Dimension: "StdTime", Values: []mosaic.Interval{{From: 1e12, To: 1e12}}, Exact: true},
		{Variable: "salt", Dimension: "StdZ", Values: []mosaic.Interval{{From: -5, To: -5}, {From: -4, To: -0.5}}},
		{Dimension: "StdZ", Values: []mosaic.Interval{{From: -math.MaxFloat64, To: 7}}},
	}), 1, 3)
}

// rules are functions as they are read.
func rules(t require.TestingT) *rapid.Generator[function.Function] {
	var out []function.Function
	for _, text := range []string{
		`None`, `Own Template`, `{"rasterFunction":"Hillshade"}`, `{"rasterFunction":"None","outputPixelType":"U8"}`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":6,"Min":0.1,"Raster":{"rasterFunction":"Slope",` +
			`"rasterFunctionArguments":{"ZFactor":1e-5,"DEM":"$5"}}},"variableName":"Raster"}`,
		`{"name":"t","function":{"type":"StretchFunction","pixelType":"U8"},"arguments":{"Raster":{"name":"Raster","isDataset":true,` +
			`"type":"RasterFunctionVariable"},"type":"StretchFunctionArguments"},"functionType":1}`,
	} {
		f, err := params.RenderingRule(text)
		require.NoError(t, err, text)
		out = append(out, f)
	}
	return rapid.SampledFrom(out)
}

// TestValuesOfBuiltFunctions: a tree that a program built becomes a rule that means the same tree.
func TestValuesOfBuiltFunctions(t *testing.T) {
	hillshade := function.NewHillshade(function.Item(7))
	hillshade.Azimuth = 270
	stretch := function.NewStretch()
	stretch.Input = function.NewSlope(function.Source{})
	for _, f := range []function.Function{hillshade, stretch} {
		got := again(t, exportimage.Request{Function: f, ItemFunction: f})
		for _, rule := range []function.Function{got.Function, got.ItemFunction} {
			resolved, err := function.Resolve(rule, nil)
			require.NoError(t, err)
			a, err := function.Marshal(f)
			require.NoError(t, err)
			b, err := function.Marshal(resolved)
			require.NoError(t, err)
			assert.JSONEq(t, string(a), string(b))
		}
	}
	got := again(t, exportimage.Request{Function: function.Source{}})
	assert.Equal(t, function.Named(function.NoFunction), got.Function)
}

// TestValuesOfClientsRequests: requests in the spelling of clients mean the same once they are written anew.
func TestValuesOfClientsRequests(t *testing.T) {
	f, err := os.Open("../rest/testdata/replay.txt")
	require.NoError(t, err)
	defer f.Close()
	count := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.SplitN(lines.Text(), " ", 4)
		if len(fields) < 4 || !strings.Contains(strings.ToLower(fields[2]), "/exportimage") {
			continue
		}
		_, query, _ := strings.Cut(fields[2], "?")
		if fields[3] != "-" {
			query += "&" + fields[3]
		}
		v, err := url.ParseQuery(query)
		require.NoError(t, err)
		want, err := params.ParseRequest(v)
		if err != nil {
			continue // those are errors on purpose
		}
		want.Unknown, want.Forgiven = nil, nil
		got := again(t, want)
		got.Forgiven = nil
		assert.Equal(t, want, got, query)
		count++
	}
	assert.Greater(t, count, 100)
}

// refused are requests with one field that no parameter, or no text of one, stands for.
var refused = map[string]exportimage.Request{
	"Antialias": {Antialias: true}, "Background": {Background: &color.NRGBA{}},
	"MosaicRule.Corner": {MosaicRule: mosaic.Rule{Corner: &mosaic.Point{}}},
	"MosaicRule.Time":   {MosaicRule: mosaic.Rule{Time: mosaic.TimeExtent{To: time.Unix(1, 0)}}},
	"MosaicRule.Now":    {MosaicRule: mosaic.Rule{Now: time.Unix(1, 0)}},
}

func TestValuesNameWhatCannotBeWritten(t *testing.T) {
	for field, r := range refused {
		_, err := params.Values(r)
		e, ok := errors.AsType[*exportimage.Error](err)
		if assert.True(t, ok, field) {
			assert.Equal(t, exportimage.Unsupported, e.Kind)
			assert.ErrorContains(t, err, field)
		}
	}
	nan := math.NaN()
	for param, list := range map[string][]exportimage.Request{
		"bbox":               {{BBox: srs.Envelope{XMin: nan, YMin: 1, XMax: 2, YMax: 3}}, {BBox: srs.Envelope{XMax: math.Inf(1), YMax: 1}}},
		"size":               {{Size: image.Pt(-1, 5)}, {Size: image.Pt(5, 0)}},
		"format":             {{Format: "PNG"}, {Format: "none"}, {Format: " png"}},
		"compressionQuality": {{CompressionQuality: new(101)}, {CompressionQuality: new(-1)}},
		"compression":        {{Compression: "Brotli"}},
		"pixelType":          {{PixelType: 200}}, "interpolation": {{Interpolation: 99}}, "adjustAspectRatio": {{Aspect: 9}},
		"noData": {{NoData: []float64{nan}}}, "noDataInterpretation": {{NoDataMatch: 7}},
		"bandIds":                    {{BandIDs: []int{-1}}},
		"compressionTolerance":       {{CompressionTolerance: &nan}, {CompressionTolerance: new(-1.0)}},
		"lercVersion":                {{LERCVersion: 9}},
		"time":                       {{Time: mosaic.TimeExtent{From: time.Unix(5, 0), To: time.Unix(4, 0)}}, {Time: mosaic.TimeExtent{To: time.Unix(1e12, 0)}}},
		"multidimensionalDefinition": {{Slices: []mosaic.SliceCondition{{Variable: "*"}}}, {Slices: []mosaic.SliceCondition{{Dimension: "d", Values: []mosaic.Interval{{From: nan}}}}}},
		"datumTransformation":        {{DatumTransformation: []srs.Operation{{}}}},
		"renderingRule":              {{Function: (*function.Slope)(nil)}, {Function: function.Item(5)}, {Function: &function.Rule{}}},
		"mosaicRule": {
			{MosaicRule: mosaic.Rule{Method: 99}}, {MosaicRule: mosaic.Rule{Operation: 99}}, {MosaicRule: mosaic.Rule{SortValue: 5}},
			{MosaicRule: mosaic.Rule{SortValue: nan}}, {MosaicRule: mosaic.Rule{Viewpoint: &mosaic.Point{X: nan}}},
			{MosaicRule: mosaic.Rule{SortField: "a\xff"}}, {MosaicRule: mosaic.Rule{Slices: []mosaic.SliceCondition{{Values: []mosaic.Interval{{}}}}}},
			{ItemFunction: function.Constant(2)},
		},
	} {
		for _, r := range list {
			v, err := params.Values(r)
			e, ok := errors.AsType[*exportimage.Error](err)
			if assert.True(t, ok, "%s: %+v", param, v) {
				assert.Equal(t, param, e.Param)
				assert.Equal(t, exportimage.Invalid, e.Kind)
			}
			assert.Nil(t, v)
		}
	}
}

// TestValuesOfEveryField: every field of a request and of its rule is written, refused, or a remark, so that a new field
// cannot be left out; and every parameter of the operation is written by some field, but those of 9.3.
func TestValuesOfEveryField(t *testing.T) {
	seen := map[string]bool{}
	set := func(r exportimage.Request, field string) {
		v, err := params.Values(r)
		if field == "Unknown" || field == "Forgiven" {
			assert.Empty(t, v, field)
			return
		}
		assert.True(t, len(v) > 0 || err != nil, "%s is left out", field)
		for name := range v {
			seen[name] = true
		}
	}
	fill := map[string]exportimage.Request{
		"Format": {Format: "png"}, "BBox": {BBox: srs.Envelope{XMax: 1, YMax: 1}}, "Function": {Function: function.Named("a")}, "Size": {Size: image.Pt(1, 2)},
		"BBoxSR": {BBoxSR: srs.WGS84()}, "ImageSR": {ImageSR: srs.WGS84()}, "CompressionQuality": {CompressionQuality: new(5)},
		"ItemFunction": {ItemFunction: function.Named("a")}, "Time": {Time: mosaic.TimeExtent{To: time.Unix(5, 0)}}, "Compression": {Compression: "LZW"},
		"DatumTransformation": {DatumTransformation: []srs.Operation{operation(t, 1623)}}, "SliceID": {SliceID: new(int64(0))},
		"Slices": {Slices: []mosaic.SliceCondition{{Variable: "v"}}}, "CompressionTolerance": {CompressionTolerance: new(0.0)},
		"NoData": {NoData: []float64{0}}, "BandIDs": {BandIDs: []int{0}}, "MosaicRule": {MosaicRule: mosaic.Rule{Where: "a=1"}}, "Background": {Background: &color.NRGBA{}},
		"Unknown": {Unknown: []string{"a"}}, "Forgiven": {Forgiven: []string{"a"}},
	}
	for f := range reflect.TypeFor[exportimage.Request]().Fields() {
		if !f.IsExported() {
			continue
		}
		r, ok := fill[f.Name]
		if !ok {
			one(t, reflect.ValueOf(&r).Elem().FieldByName(f.Name), f.Name)
		}
		require.False(t, reflect.ValueOf(r).FieldByName(f.Name).IsZero(), f.Name)
		set(r, f.Name)
	}
	ruleOf := map[string]mosaic.Rule{
		"SortValue": {SortValue: 1.0}, "LockIDs": {LockIDs: []int64{}}, "IDs": {IDs: []int64{}}, "Viewpoint": {Viewpoint: &mosaic.Point{}},
		"Corner": {Corner: &mosaic.Point{}}, "Slices": {Slices: []mosaic.SliceCondition{{Variable: "v"}}}, "Where": {Where: "a=1"}, "SortField": {SortField: "f"},
		"Time": {Time: mosaic.TimeExtent{To: time.Unix(5, 0)}}, "Now": {Now: time.Unix(5, 0)},
	}
	for f := range reflect.TypeFor[mosaic.Rule]().Fields() {
		rule, ok := ruleOf[f.Name]
		if !ok {
			one(t, reflect.ValueOf(&rule).Elem().FieldByName(f.Name), f.Name)
		}
		require.False(t, reflect.ValueOf(rule).FieldByName(f.Name).IsZero(), f.Name)
		set(exportimage.Request{MosaicRule: rule}, "MosaicRule."+f.Name)
	}
	var names []string
	for _, i := range params.ExportImage().Infos() {
		names = append(names, i.Name)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "Properties") })
	assert.ElementsMatch(t, append(names, "explain"), slices.Collect(maps.Keys(seen)))
}

// one sets a field of a plain kind to one.
func one(t *testing.T, v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(1)
	case reflect.Uint8:
		v.SetUint(1)
	default:
		t.Fatalf("the test has no value for the new field %s", name)
	}
}
