package rest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

type queried struct {
	ObjectIDFieldName, GeometryType string
	SpatialReference                *struct{ WKID int }
	Fields                          []struct{ Name, Type, Alias string }
	Features                        []struct {
		Attributes map[string]any
		Geometry   *struct{ Rings [][][2]float64 }
	}
	ExceededTransferLimit bool
	ObjectIDs             []int64 `json:"objectIds"`
	Count                 *int
	Extent                map[string]any
}

// query as clients ask it, with the conditions of programs that were collected.
func TestQuery(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	ids := func(q url.Values) []int64 {
		q.Set("returnIdsOnly", "true")
		q.Set("f", "json")
		got := answer[queried](t, h, "/query", q)
		assert.Equal(t, "OBJECTID", got.ObjectIDFieldName)
		require.NotNil(t, got.ObjectIDs)
		return got.ObjectIDs
	}
	for where, want := range map[string][]int64{
		"": {1, 2, 3}, "1=1": {1, 2, 3}, "1=0": {}, "objectid in (1)": {1}, "OBJECTID=2": {2}, "CloudCover<=0.1": {1, 3}, "(Year = 2021)": {2}, "Year=2020": {1},
		"AcquisitionDate BETWEEN timestamp '2017-02-01 00:00:00' AND timestamp '2017-02-28 23:59:59'": {2},
		"Tag = 'Dataset' AND Year = 2021":                           {2},
		"(UPPER(name) = 'SCENE_A') AND (UPPER(Name) LIKE 'SCENE%')": {1},
		"Name='Scene_A'": {1},
		"EXTRACT(YEAR FROM AcquisitionDate) = 2017":                   {1, 2, 3},
		"AcquisitionDate < date '02/01/2017'":                         {1},
		"AcquisitionDate > CURRENT_TIMESTAMP - 30":                    {},
		`"Name" NOT LIKE '%!_A' ESCAPE '!' AND Category IS NOT NULL`:  {2, 3},
		"Year - 2019 = 1 OR LOWER(Tag) IN ('nothing', 'other')":       {1},
		"NOT (CloudCover > 0.1) AND CloudCover * 100 BETWEEN 0 AND 5": {1, 3},
	} {
		assert.Equal(t, want, ids(url.Values{"where": {where}}), where)
	}
	for name, c := range map[string]struct {
		q    url.Values
		want []int64
	}{
		"esri-leaflet":  {url.Values{"geometry": {`{"x":8,"y":8,"spatialReference":{"wkid":3857}}`}, "geometryType": {"esriGeometryPoint"}, "spatialRel": {"esriSpatialRelIntersects"}, "inSR": {"4326"}, "returnGeometry": {"true"}, "where": {"1=1"}, "outSr": {"4326"}, "outFields": {"*"}}, []int64{1, 2, 3}},
		"ArcGIS JS":     {url.Values{"objectIds": {"3,1"}, "outFields": {"OBJECTID"}, "returnGeometry": {"true"}, "outSR": {"102100"}, "returnZ": {"false"}, "returnM": {"false"}}, []int64{1, 3}},
		"box elsewhere": {url.Values{"geometry": {"100,100,200,200"}, "geometryType": {"esriGeometryEnvelope"}}, []int64{}},
		"short names":   {url.Values{"geometry": {"8,8,90,90"}, "geometryType": {"envelope"}, "spatialRel": {"overlaps"}}, []int64{1, 2, 3}},
		"in degrees":    {url.Values{"geometry": {"0.00001,0.00001"}, "inSR": {`{"wkid":4326}`}}, []int64{1, 2, 3}},
		"time":          {url.Values{"time": {"1486339200000"}}, []int64{2}},
	} {
		assert.Equal(t, c.want, ids(c.q), name)
	}

	q := url.Values{"where": {"Year>=2021"}, "outFields": {"Name,acquisitiondate"}, "orderByFields": {"AcquisitionDate DESC"}, "resultRecordCount": {"1"}, "f": {"json"}}
	got := answer[queried](t, h, "/query", q)
	assert.True(t, got.ExceededTransferLimit)
	assert.Equal(t, "esriGeometryPolygon", got.GeometryType)
	assert.Equal(t, 3857, got.SpatialReference.WKID%99245) // 102100, too
	require.Len(t, got.Features, 1)
	assert.Equal(t, map[string]any{"Name": "Scene_C", "AcquisitionDate": 1503187200000.}, got.Features[0].Attributes)
	assert.Equal(t, [][][2]float64{{{0, 0}, {0, 16}, {16, 16}, {16, 0}, {0, 0}}}, got.Features[0].Geometry.Rings)
	assert.Equal(t, "esriFieldTypeDate", got.Fields[1].Type)
	q.Set("resultOffset", "1")
	got = answer[queried](t, h, "/query", q)
	assert.False(t, got.ExceededTransferLimit)
	assert.Equal(t, "Scene_B", got.Features[0].Attributes["Name"])

	got = answer[queried](t, h, "/query", url.Values{"returnCountOnly": {"true"}, "returnIdsOnly": {"true"}, "f": {"json"}})
	assert.Equal(t, 3, *got.Count)
	got = answer[queried](t, h, "/query", url.Values{"returnCountOnly": {"true"}, "returnExtentOnly": {"true"}, "f": {"json"}})
	assert.Equal(t, 3, *got.Count)
	assert.Equal(t, 16., got.Extent["xmax"])
	got = answer[queried](t, h, "/query", url.Values{"where": {"1=0"}, "returnExtentOnly": {"true"}, "f": {"json"}})
	assert.Equal(t, "NaN", got.Extent["xmax"])

	got = answer[queried](t, h, "/query", url.Values{"outStatistics": {
		`[{"statisticType":"count","onStatisticField":"OBJECTID","outStatisticFieldName":"n"},{"statisticType":"AVG","onStatisticField":"CloudCover"}]`,
	}, "groupByFieldsForStatistics": {"Category"}, "orderByFields": {"n desc, Category"}, "f": {"json"}})
	require.Len(t, got.Features, 1)
	assert.Equal(t, 3., got.Features[0].Attributes["n"])
	assert.InDelta(t, 0.12, got.Features[0].Attributes["AVG_CloudCover"], 1e-15)
	got = answer[queried](t, h, "/query", url.Values{"returnDistinctValues": {"true"}, "outFields": {"Tag,Category"}, "returnGeometry": {"false"}, "f": {"json"}})
	require.Len(t, got.Features, 1)
	assert.Empty(t, got.GeometryType)
}

// RFC 7946 wants rings against the clock and WGS 84.
func TestQueryAsGeoJSON(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	w := get(h, "/query?f=geojson&outFields=Year,Name&objectIds=1&geometryPrecision=7")
	assert.Equal(t, "application/geo+json; charset=utf-8", w.Header().Get("Content-Type"))
	// echo "16 16" | cs2cs -f %.7f EPSG:3857 EPSG:4326
	assert.JSONEq(t, `{"type":"FeatureCollection","features":[{"type":"Feature","id":1,
		"geometry":{"type":"Polygon","coordinates":[[[0,0],[0.0001437,0],[0.0001437,0.0001437],[0,0.0001437],[0,0]]]},
		"properties":{"Year":2020,"Name":"Scene_A"}}]}`, w.Body.String())
	w = get(h, "/query?f=geojson&resultRecordCount=1&outSR=32633&returnGeometry=false")
	assert.Contains(t, w.Body.String(), `"crs":{"type":"name","properties":{"name":"EPSG:32633"}},"properties":{"exceededTransferLimit":true}`)
	assert.Contains(t, w.Body.String(), `"geometry":null`)
	assert.Contains(t, get(h, "/identify?geometry=1,1&f=geojson").Body.String(), "geojson is for queries")
}

func TestQueriesThatAreRefused(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	ring := strings.Repeat("[1,2],[3,4],", 40_000) + "[1,2]"
	for target, want := range map[string]string{
		"where=Year+<":                               "where: condition, at byte 6",
		"where=Yeer=1":                               `where: condition: there is no field \"Yeer\"`,
		"where=Year=1;DROP+TABLE+x":                  "where: condition, at byte 6",
		"outFields=Yeer":                             "outFields: there is no field",
		"resultOffset=-1":                            "resultOffset: -1 is not from 0",
		"resultOffset=99999999999":                   "resultOffset: 99999999999 is not from 0",
		"resultRecordCount=0":                        "resultRecordCount: 0 is no number",
		"spatialRel=esriSpatialRelRelation":          "spatialRel: \\\"esriSpatialRelRelation\\\" is not supported",
		"spatialRel=beside":                          "is not one of esriSpatialRelIntersects",
		"geometry=NaN,1":                             "'geometry' parameter is invalid.",
		"geometry=1,1&spatialRel=contains":           "spatialRel: a point or a line contains no outline",
		"geometry=" + `{"rings":[[` + ring + `]]}`:   "it has more than 65536 vertices",
		"objectIds=1,x":                              "objectIds:",
		"orderByFields=Yeer":                         "orderByFields: there is no field",
		"orderByFields=,":                            "orderByFields: a field has no name",
		"outStatistics={":                            "'outStatistics' parameter is invalid.",
		`outStatistics=[{"statisticType":"median"}]`: "outStatistics: statisticType:",
		`outStatistics=[{"statisticType":"percentile_cont","onStatisticField":"Year"}]`: "outStatistics: statisticType \\\"percentile_cont\\\" is not supported",
		"geometryPrecision=99":                            "geometryPrecision: 99 is not from 0 to 15",
		"maxAllowableOffset=-1":                           "maxAllowableOffset: -1 is no distance",
		"having=COUNT(Year)>1":                            "having:",
		"rasterQuery=x":                                   "rasterQuery:",
		"returnTrueCurves=true":                           "returnTrueCurves:",
		"relationParam=FFFTTT***":                         "relationParam:",
		"quantizationParameters={mode:'view'}":            "quantizationParameters:",
		"multidimensionalDefinition=[{variableName:'t'}]": "multidimensionalDefinition:",
		"time=yesterday":                                  "time:",
	} {
		w := post(h, "/query", "application/x-www-form-urlencoded", "f=json&"+strings.ReplaceAll(target, ";", "%3B"))
		assert.GreaterOrEqual(t, w.Code, 400, target)
		assert.Contains(t, strings.ReplaceAll(w.Body.String(), `\u003c`, "<"), want, "%.99s", target)
		assert.True(t, json.Valid(w.Body.Bytes()), target)
		assert.Less(t, w.Body.Len(), 750)
	}
	h = rest.NewHandler(scenes(t), &rest.Options{Without: rest.Catalog})
	assert.Equal(t, http.StatusNotFound, get(h, "/query?f=json").Code)
	assert.NotContains(t, get(h, "/?f=json").Body.String(), "Catalog")
}

func TestServiceDescribesItsCatalogue(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	var d struct {
		ObjectIDField, Capabilities string
		MaxRecordCount              int
		Fields                      []struct {
			Name, Type string
			Length     int
		}
		AdvancedQueryCapabilities map[string]bool
	}
	require.NoError(t, json.Unmarshal(get(h, "/?f=json").Body.Bytes(), &d))
	assert.Equal(t, "OBJECTID Image,Metadata,Catalog,Mensuration", d.ObjectIDField+" "+d.Capabilities)
	assert.Equal(t, 1000, d.MaxRecordCount)
	assert.True(t, d.AdvancedQueryCapabilities["supportsPagination"])
	types := map[string]string{}
	for _, f := range d.Fields {
		types[f.Name] = strings.TrimPrefix(f.Type, "esriFieldType")
	}
	assert.Equal(t, map[string]string{"OBJECTID": "OID", "Name": "String", "MinPS": "Double", "MaxPS": "Double", "Year": "Integer",
		"AcquisitionDate": "Date", "CloudCover": "Double", "Category": "Integer", "Best": "Integer", "Tag": "String"}, types)
	one, _ := service(world(t))
	assert.Contains(t, get(rest.NewHandler(one, nil), "/?f=json").Body.String(), `"objectIdField":"","fields":[]`)
}

func TestQueryPage(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	form := get(h, "/query").Body.String()
	assert.Contains(t, form, `<input id="where" name="where" value="1=1">`)
	assert.Contains(t, form, `<option>esriSpatialRelWithin</option>`)
	assert.NotContains(t, form, "rasterQuery")
	w := get(h, "/query?where=Year>=2021+AND+Name<>'<b>'&outFields=*")
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Contains(t, w.Body.String(), "2 found")
	assert.Contains(t, w.Body.String(), `<a href="/3">3</a>`)
	assert.Contains(t, w.Body.String(), "2017-08-20 00:00:00")
	assert.Contains(t, w.Body.String(), "&lt;b&gt;")
	assert.NotContains(t, w.Body.String(), "<b>")
	assert.Contains(t, get(h, "/query?returnCountOnly=true").Body.String(), "&#34;count&#34;: 3")
	assert.Contains(t, get(h, "/").Body.String(), `<a href="/query">Query</a>`)
	assert.Contains(t, get(h, "/query?where=x").Body.String(), "Invalid or missing input parameters.")
}

// Whatever a query asks, the answer is JSON, and never a fault of the server.
func FuzzQuery(f *testing.F) {
	for _, seed := range [][4]string{
		{"Year > 2020 AND Name LIKE 'S%'", "8,8", "Year DESC", `[{"statisticType":"sum","onStatisticField":"Year"}]`},
		{"AcquisitionDate > CURRENT_TIMESTAMP - INTERVAL '3' DAY", `{"rings":[[[0,0],[9,0],[9,9],[0,0]]]}`, "Name", ""},
		{"", `{"paths":[[[1e300,1],[2,-1e300]]],"spatialReference":{"wkid":4326}}`, "OBJECTID asc,Year", "{}"},
		{"1=1", `{"xmin":180,"ymin":-90,"xmax":-180,"ymax":90,"spatialReference":{"wkid":4326}}`, "", "[]"},
	} {
		for relation := range 8 {
			f.Add(seed[0], seed[1], seed[2], seed[3], uint8(relation))
		}
	}
	h := rest.NewHandler(scenes(f), nil)
	relations := []string{"Intersects", "Contains", "Within", "Touches", "Overlaps", "Crosses", "EnvelopeIntersects", "IndexIntersects"}
	f.Fuzz(func(t *testing.T, where, geometry, order, statistics string, relation uint8) {
		if len(where)+len(geometry)+len(order)+len(statistics) > 8192 {
			return
		}
		q := url.Values{"where": {where}, "geometry": {geometry}, "orderByFields": {order}, "outStatistics": {statistics},
			"spatialRel": {"esriSpatialRel" + relations[int(relation)%len(relations)]}, "outFields": {"*"}}
		for _, form := range []string{"json", "geojson"} {
			q.Set("f", form)
			w := post(h, "/query", "application/x-www-form-urlencoded", q.Encode())
			if w.Code >= 500 && w.Code != http.StatusNotImplemented || !json.Valid(w.Body.Bytes()) {
				t.Fatalf("%d %s for %v", w.Code, w.Body, q)
			}
		}
	})
}
