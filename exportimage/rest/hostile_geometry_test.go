package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// geometryOperations are the operations that take a geometry, with what is left of their answers in one line.
var geometryOperations = []struct {
	name, target string
	short        func(answer geometryAnswer) string
}{
	{"identify", "/identify?geometry=", func(a geometryAnswer) string { return a.Value }},
	{"samples", "/getSamples?geometry=", func(a geometryAnswer) string {
		return fmt.Sprintf("%d of %s", len(a.Samples), a.Samples[0].Value)
	}},
	{"statistics", "/computeStatisticsHistograms?geometry=", func(a geometryAnswer) string {
		if len(a.Statistics) == 0 {
			return "none"
		}
		return fmt.Sprint(a.Statistics[0].Count)
	}},
	{"histograms", "/computeHistograms?geometry=", func(a geometryAnswer) string {
		if len(a.Histograms) == 0 {
			return "none"
		}
		sum := 0
		for _, n := range a.Histograms[0].Counts {
			sum += n
		}
		return fmt.Sprint(sum)
	}},
	{"query", "/query?returnIdsOnly=true&geometry=", func(a geometryAnswer) string { return fmt.Sprint(a.ObjectIDs) }},
	{"area", "/measure?measureOperation=esriMensurationAreaAndPerimeter&fromGeometry=",
		func(a geometryAnswer) string { return fmt.Sprintf("%.6g", a.Area.Value) }},
	{"centroid", "/measure?measureOperation=esriMensurationCentroid&fromGeometry=",
		func(a geometryAnswer) string { return fmt.Sprintf("%.6g,%.6g", a.Point.Value.X, a.Point.Value.Y) }},
	{"project", "/project?outSR=3857&geometries=", func(a geometryAnswer) string { return string(a.Geometries[0]) }},
	{"pixel", "/computePixelLocation?rasterId=1&geometries=", func(a geometryAnswer) string { return string(a.Geometries[0]) }},
}

// A geometryAnswer has what any of the operations answers.
type geometryAnswer struct {
	Error      *struct{ Details []string }
	Value      string
	Samples    []struct{ Value string }
	Statistics []struct{ Count int }
	Histograms []struct{ Counts []int }
	ObjectIDs  []int64 `json:"objectIds"`
	Area       struct{ Value float64 }
	Point      struct{ Value struct{ X, Y float64 } }
	Geometries []json.RawMessage
}

// asked returns the answer of an operation about a geometry in one line: the status and the reason of an error.
func asked(t *testing.T, h http.Handler, i int, geometry string) string {
	op := geometryOperations[i]
	if strings.HasSuffix(op.target, "geometries=") && strings.HasPrefix(geometry, "{") {
		geometry = `{"geometries":[` + geometry + `]}`
	}
	target, more, _ := strings.Cut(op.target, "?")
	start := time.Now()
	w := post(h, target, "application/x-www-form-urlencoded", "f=json&"+more+url.QueryEscape(geometry))
	assert.Less(t, time.Since(start), 10*time.Second)
	var a geometryAnswer
	if !assert.NoError(t, json.Unmarshal(w.Body.Bytes(), &a), w.Body.String()) {
		return ""
	}
	if a.Error != nil {
		assert.Less(t, w.Body.Len(), 750)
		return fmt.Sprint(w.Code, " ", a.Error.Details[len(a.Error.Details)-1])
	}
	return op.short(a)
}

// One pixel of the scenes has the side 1, and they are from 0,0 to 16,16. Areas are on the ellipsoid, where a square metre of
// Web Mercator at the equator has 0.99331 m²; what lies on both sides of 8,8 has its middle there.
func TestGeometriesOfOperations(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	for _, c := range []struct {
		name, geometry string
		want           map[string]string
	}{
		{"self-crossing", `{"rings":[[[0,0],[16,16],[16,0],[0,16],[0,0]]]}`, map[string]string{
			"identify": "10", "samples": "91 of 10", "statistics": "128", "histograms": "128",
			"query":    "[1 2 3]",
			"area":     "400 fromGeometry: its sides cross at 8,8, so that its area has no meaning: part it there",
			"centroid": "400 fromGeometry: its sides cross at 8,8, so that its area has no meaning: part it there",
			"project":  `{"rings":[[[0,0],[16,16],[16,0],[0,16],[0,0]]]}`,
		}},
		{"a ring twice", `{"rings":[[[0,0],[0,16],[16,16],[16,0],[0,0]],[[0,0],[0,16],[16,16],[16,0],[0,0]]]}`, map[string]string{
			"identify": "10", "samples": "400 geometry: the area is empty", "statistics": "none",
			"histograms": "none", "query": "[1 2 3]",
			"area":     "400 fromGeometry: two of its rings have the same corners",
			"centroid": "400 fromGeometry: two of its rings have the same corners",
			"project":  `{"rings":[[[0,0],[0,16],[16,16],[16,0],[0,0]],[[0,0],[0,16],[16,16],[16,0],[0,0]]]}`,
		}},
		{"hole of the same direction", `{"rings":[[[0,0],[0,16],[16,16],[16,0],[0,0]],[[4,4],[4,12],[12,12],[12,4],[4,4]]]}`, map[string]string{
			"identify": "10", "samples": "108 of 10", "statistics": "192", "histograms": "192",
			"query": "[1 2 3]", "area": "190.715", "centroid": "8,8",
			"project": `{"rings":[[[0,0],[0,16],[16,16],[16,0],[0,0]],[[4,4],[4,12],[12,12],[12,4],[4,4]]]}`,
		}},
		{"unclosed", `{"rings":[[[0,0],[0,16],[16,16],[16,0]]]}`, map[string]string{
			"identify": "10", "samples": "100 of 10", "statistics": "256", "histograms": "256",
			"query": "[1 2 3]", "area": "254.286", "centroid": "8,8",
			"project": `{"rings":[[[0,0],[0,16],[16,16],[16,0],[0,0]]]}`,
		}},
		{"one place", `{"rings":[[[1,1],[1,1],[1,1],[1,1]]]}`, map[string]string{
			"identify": "10", "samples": "400 geometry: the area is empty", "statistics": "none",
			"histograms": "none", "query": "[1 2 3]", "area": "0",
			"centroid": "400 fromGeometry: it has no area", "project": `{"rings":[[[1,1],[1,1],[1,1],[1,1]]]}`,
		}},
		{"heights", `{"hasZ":true,"hasM":true,"rings":[[[0,0,5,null],[0,16,5,"NaN"],[16,16,5,6],[0,0,5,6]]]}`, map[string]string{
			"identify": "10", "samples": "102 of 10", "statistics": "120", "histograms": "120",
			"query": "[1 2 3]", "area": "127.143", "centroid": "5.33333,10.6667",
			"project": `{"rings":[[[0,0],[0,16],[16,16],[0,0]]]}`,
		}},
		{"corners swapped", `{"xmin":9,"ymin":9,"xmax":1,"ymax":1}`, map[string]string{
			"identify": "10", "samples": "100 of 10", "statistics": "64", "histograms": "64",
			"query": "[1 2 3]", "area": "63.5716", "centroid": "5,5",
			"project": `{"xmax":9,"xmin":1,"ymax":9,"ymin":1}`,
		}},
		{"corners swapped, short", `9,9,1,1`, map[string]string{
			"identify": "10", "samples": "100 of 10", "statistics": "64", "histograms": "64",
			"query": "[1 2 3]", "area": "63.5716", "centroid": "5,5", "project": `{"x":9,"y":9}`,
			"pixel": `{"x":9,"y":7}`,
		}},
		{"y swapped", `{"xmin":1,"ymin":9,"xmax":9,"ymax":1}`, map[string]string{
			"identify": "10", "samples": "100 of 10", "statistics": "64", "histograms": "64",
			"query": "[1 2 3]", "area": "63.5716", "centroid": "5,5",
			"project": `{"xmax":9,"xmin":1,"ymax":9,"ymin":1}`,
		}},
		{"x swapped", `{"xmin":16,"ymin":0,"xmax":0,"ymax":16}`, map[string]string{
			"identify": "400 geometry: xmin 16 is greater than xmax 0", "samples": "400 geometry: xmin 16 is greater than xmax 0",
			"statistics": "400 geometry: xmin 16 is greater than xmax 0", "histograms": "400 geometry: xmin 16 is greater than xmax 0",
			"query": "400 geometry: xmin 16 is greater than xmax 0", "area": "400 fromGeometry: xmin 16 is greater than xmax 0",
			"centroid": "400 fromGeometry: xmin 16 is greater than xmax 0", "project": "400 geometries: xmin 16 is greater than xmax 0",
		}},
		{"reference of nothing", `{"x":1,"y":2,"spatialReference":{}}`, map[string]string{
			"identify": "10", "samples": "1 of 10", "statistics": "1", "histograms": "1", "query": "[1 2 3]",
			"area":     "400 fromGeometry: an area is that of a polygon or an envelope",
			"centroid": "400 fromGeometry: a centroid is that of a polygon or an envelope",
			"project":  `{"x":1,"y":2}`, "pixel": `{"x":1,"y":14}`,
		}},
		{"reference null", `{"x":1,"y":2,"spatialReference":null}`, map[string]string{
			"identify": "10", "samples": "1 of 10", "statistics": "1", "histograms": "1", "query": "[1 2 3]",
			"area":     "400 fromGeometry: an area is that of a polygon or an envelope",
			"centroid": "400 fromGeometry: a centroid is that of a polygon or an envelope",
			"project":  `{"x":1,"y":2}`, "pixel": `{"x":1,"y":14}`,
		}},
		{"reference with a vertical one", `{"x":1,"y":2,"spatialReference":{"wkid":3857,"vcsWkid":5703}}`, map[string]string{
			"identify": "10", "samples": "1 of 10", "statistics": "1", "histograms": "1", "query": "[1 2 3]",
			"area":     "400 fromGeometry: an area is that of a polygon or an envelope",
			"centroid": "400 fromGeometry: a centroid is that of a polygon or an envelope",
			"project":  `{"x":1,"y":2}`, "pixel": `{"x":1,"y":14}`,
		}},
		{"across the antimeridian", `{"xmin":170,"ymin":-10,"xmax":-170,"ymax":10,"spatialReference":{"wkid":4326}}`, map[string]string{
			"identify": "NoData", "samples": "100 of NoData", "statistics": "none", "histograms": "none",
			"query": "[]", "area": "4.89933e+12", "centroid": "180,0",
			"project": `{"xmax":21150703.25072198,"xmin":18924313.434856508,"ymax":1118889.9748579597,"ymin":-1118889.9748579597}`,
		}},
		{"across the antimeridian, ring", `{"rings":[[[170,-10],[190,-10],[190,10],[170,10],[170,-10]]],"spatialReference":{"wkid":4326}}`, map[string]string{
			"identify": "NoData", "samples": "100 of NoData", "statistics": "none", "histograms": "none",
			"query": "[]", "area": "4.94848e+12", "centroid": "180,0",
			"project": `{"rings":[[[18924313.434856508,-1118889.9748579597],[21150703.25072198,-1118889.9748579597],[21150703.25072198,1118889.9748579597],[18924313.434856508,1118889.9748579597],[18924313.434856508,-1118889.9748579597]]]}`,
		}},
		{"across the antimeridian, narrow", `{"rings":[[[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]]],"spatialReference":{"wkid":4326}}`, map[string]string{
			"identify": "NoData", "samples": "82 of NoData", "statistics": "256", "histograms": "256",
			"query": "[1 2 3]", "area": "4.94848e+12", "centroid": "180,0",
			"project": `{"rings":[[[18924313.434856508,-1118889.9748579597],[-18924313.434856508,-1118889.9748579597],[-18924313.434856508,1118889.9748579597],[18924313.434856508,1118889.9748579597],[18924313.434856508,-1118889.9748579597]]]}`,
		}},
		{"outside", `1000,1000,2000,2000`, map[string]string{
			"identify": "NoData", "samples": "100 of NoData", "statistics": "none", "histograms": "none",
			"query": "[]", "area": "993306", "centroid": "1500,1500", "project": `{"x":1000,"y":1000}`,
			"pixel": `{"x":1000,"y":-984}`,
		}},
		{"very far", `1e300,1e300,1.1e300,1.1e300`, map[string]string{
			"identify":   "400 geometry: 1.05e+300,1.05e+300 is so far out that a pixel has no size there",
			"samples":    "400 geometry: the area is too large",
			"statistics": "400 geometry: it reaches around the world more than 64 times",
			"histograms": "400 geometry: it reaches around the world more than 64 times", "query": "[]",
			"area":     "400 fromGeometry: longitude 8.983152841195215e+294 is around the world many times",
			"centroid": "400 fromGeometry: it has no area", "project": `{"x":1e+300,"y":1e+300}`,
			"pixel": `{"x":1e+300,"y":-1e+300}`,
		}},
		{"tiny", `8,8,8.0000000001,8.0000000001`, map[string]string{
			"identify": "10", "samples": "100 of 10", "statistics": "none", "histograms": "none",
			"query": "[1 2 3]", "area": "3.65527e-26", "centroid": "8,8", "project": `{"x":8,"y":8}`,
			"pixel": `{"x":8,"y":8}`,
		}},
		{"no area", `8,8,8,8`, map[string]string{
			"identify": "10", "samples": "400 geometry: the area is empty", "statistics": "none",
			"histograms": "none", "query": "[1 2 3]", "area": "400 fromGeometry: the envelope has no area",
			"centroid": "400 fromGeometry: the envelope has no area", "project": `{"x":8,"y":8}`,
			"pixel": `{"x":8,"y":8}`,
		}},
		{"beyond the pole", `{"rings":[[[0,80],[0,100],[10,100],[0,80]]],"spatialReference":{"wkid":4326}}`, map[string]string{
			"identify": "400 geometry: 5,90 has no image in EPSG:3857",
			"samples":  "400 geometry: 0.5,99.5 has no image in EPSG:3857", "statistics": "none",
			"histograms": "none", "query": "400 geometry: a part of it has no image in EPSG:3857",
			"area":     "400 fromGeometry: latitude 100 is beyond the pole",
			"centroid": "400 fromGeometry: latitude 100 is beyond the pole",
			"project":  "400 geometries: 0,100 has no image",
		}},
	} {
		for i, op := range geometryOperations {
			want, ok := c.want[op.name]
			if got := asked(t, h, i, c.geometry); ok {
				assert.Equal(t, want, got, "%s: %s", c.name, op.name)
			} else {
				assert.Equal(t, "501 geometries: pixels are located at points", got, "%s: %s", c.name, op.name)
			}
		}
	}
}

// What is no geometry is refused by every operation alike.
func TestGeometriesThatNoOperationTakes(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	for geometry, want := range map[string]string{
		`{"rings":[]}`:              "400 it has no vertices",
		`{"rings":[[]]}`:            "400 a part of rings has 0 vertices, at least 4 are wanted",
		`{"rings":[[[1,1]]]}`:       "400 a part of rings has 1 vertices, at least 4 are wanted",
		`{"rings":[[[1,1],[2,2]]]}`: "400 a part of rings has 3 vertices, at least 4 are wanted",
		`{"rings":null}`:            "400 it is no point, multipoint, polyline, polygon or envelope",
		`{"rings":[[[0,0],["NaN",16],[16,16],[0,0]]]}`: `400 member "rings" has a value of the wrong kind`,
		`{"rings":[[[0,0],[NaN,16],[16,16],[0,0]]]}`:   `400 it is not well-formed JSON`,
		`{"rings":[[[0,0],[0,Infinity],[9,9],[0,0]]]}`: `400 it is not well-formed JSON`,
		`{"rings":[[[0,0],[0,1e999],[9,9],[0,0]]]}`:    `400 member "rings" has a value of the wrong kind`,
		`{"points":[]}`:       "400 a part of points has 0 vertices, at least 1 are wanted",
		`{"paths":[[[0,0]]]}`: "400 a part of paths has 1 vertices, at least 2 are wanted",
		`{"curveRings":[[[0,0],{"c":[[1,1],[2,2]]}]]}`:                                     "501 curves are not supported",
		`{"curvePaths":[[[0,0],{"a":[[3,3],[0,0],0,1]}]]}`:                                 "501 curves are not supported",
		`{"rings":[[[0,0],[0,9],[9,9],[0,0]]],"curveRings":[[[0,0],{"c":[[1,1],[2,2]]}]]}`: "501 curves are not supported",
		`{"rings":[[[0,0],[0,9],[9,9],[0,0]]],"x":1,"y":2}`:                                "400 it has both x and rings: a geometry is one shape",
		`{"xmin":0,"ymin":0,"xmax":9,"ymax":9,"points":[[1,1]]}`:                           "400 it has both points and xmin: a geometry is one shape",
		`{"x":1,"y":2,"spatialReference":{"wkid":999999}}`:                                 "400 unknown spatial reference 999999",
		`{"x":1,"y":2,"spatialReference":"moon"}`:                                          `400 cannot read spatial reference "moon"`,
		`{"x":1,"y":2,"buffer":100}`:                                                       `501 member "buffer" of a geometry is not supported`,
		`{"x":1}`:                                                                          `400 member "y" is missing`,
		`{"x":null,"y":null}`:                                                              "400 it is no point, multipoint, polyline, polygon or envelope",
		`{"xmin":"NaN","ymin":"NaN","xmax":"NaN","ymax":"NaN"}`:                            `400 member "xmin" has a value of the wrong kind`,
		`{"type":"Point","coordinates":[1,2]}`:                                             "400 it is no point, multipoint, polyline, polygon or envelope",
		`POINT(1 2)`:                                                                       `400 "POINT(1" is not a number`,
	} {
		for i, op := range geometryOperations {
			status, reason, _ := strings.Cut(want, " ")
			got := asked(t, h, i, geometry)
			assert.True(t, strings.HasPrefix(got, status), "%s of %.80s: %s", op.name, geometry, got)
			assert.Contains(t, got, reason, "%s of %.80s", op.name, geometry)
		}
	}
}

// A million vertices are refused before they are read, and those that are read are counted.
func TestGeometriesOfManyVertices(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	many := strings.Repeat("[1,2],[3,4],", 500_000)
	for _, i := range []int{0, 7} {
		got := asked(t, h, i, `{"rings":[[`+many+`[1,2]]]}`)
		assert.True(t, strings.HasPrefix(got, "413 "), got)
	}
	for _, i := range []int{0, 7} {
		assert.Contains(t, asked(t, h, i, `{"rings":[[`+many[:66_000*6]+`[1,2]]]}`), "it has more than 65536 vertices")
	}
}

// A geometryType that contradicts the geometry is refused, wherever it stands.
func TestTypesOfGeometries(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	for _, path := range []string{"identify", "getSamples", "computeHistograms", "computeStatisticsHistograms", "query"} {
		for geometry, kind := range map[string]string{
			"1,2": "esriGeometryPolygon", "1,2,3,4": "esriGeometryPoint", `{"points":[[1,2]]}`: "esriGeometryPolyline",
			`{"rings":[[[0,0],[0,9],[9,9],[0,0]]]}`: "esriGeometryEnvelope",
		} {
			q := url.Values{"geometry": {geometry}, "geometryType": {kind}, "f": {"json"}}
			w := get(h, "/"+path+"?"+q.Encode())
			assert.Equal(t, http.StatusBadRequest, w.Code, path)
			assert.Contains(t, w.Body.String(), "geometry: it is of type esriGeometry", path)
			assert.Contains(t, w.Body.String(), "and geometryType is "+kind, path)
		}
	}
	for target, want := range map[string]string{
		"/measure?measureOperation=point&geometryType=esriGeometryPolygon&fromGeometry=1,2":       "fromGeometry: it is of type esriGeometryPoint",
		`/project?geometries={"geometryType":"esriGeometryPolygon","geometries":[{"x":1,"y":2}]}`: "geometry 0 is of type esriGeometryPoint",
	} {
		w := get(h, strings.ReplaceAll(target, `"`, "%22")+"&f=json")
		assert.Equal(t, http.StatusBadRequest, w.Code, target)
		assert.Contains(t, w.Body.String(), want)
	}
}
