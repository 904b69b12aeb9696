package params_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/srs"
)

func TestGeometriesAreRead(t *testing.T) {
	wgs84 := crs(t, 4326)
	box := func(xmin, ymin, xmax, ymax float64) srs.Envelope {
		return srs.Envelope{XMin: xmin, YMin: ymin, XMax: xmax, YMax: ymax}
	}
	for _, c := range []struct {
		text, kind string
		want       exportimage.Geometry
	}{
		{"", "", exportimage.Geometry{}},
		{"", "esriGeometryPoint", exportimage.Geometry{}},
		{" 7.5, 47 ", "", exportimage.Geometry{Type: exportimage.PointGeometry, Parts: [][][2]float64{{{7.5, 47}}}, Envelope: box(7.5, 47, 7.5, 47)}},
		{"7.5,47", "ESRIGEOMETRYPOINT", exportimage.Geometry{Type: exportimage.PointGeometry, Parts: [][][2]float64{{{7.5, 47}}}, Envelope: box(7.5, 47, 7.5, 47)}},
		{`{"x":-118.1,"y":33.8,"z":10,"m":null,"spatialReference":{"wkid":4326}}`, "esriGeometryPoint", exportimage.Geometry{
			Type: exportimage.PointGeometry, CRS: wgs84, Parts: [][][2]float64{{{-118.1, 33.8}}}, Envelope: box(-118.1, 33.8, -118.1, 33.8)}},
		{"-1,-2,3,4", "esriGeometryEnvelope", exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: box(-1, -2, 3, 4)}},
		{"170,-10,-170,10", "", exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: box(170, -10, -170, 10)}},
		{"170,10,-170,-10", "", exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: box(-170, -10, 170, 10)}}, // as in bbox
		{"1,4,3,2", "", exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: box(1, 2, 3, 4)}},
		{`{"type":"extent","xmin":1,"ymin":2,"xmax":3,"ymax":4,"zmin":5,"zmax":6,"_cache":{}}`, "esriGeometryEnvelope",
			exportimage.Geometry{Type: exportimage.EnvelopeGeometry, Envelope: box(1, 2, 3, 4)}},
		{`{"points":[[1,2,null],[3,-4,"NaN",5]],"hasZ":true}`, "esriGeometryMultipoint", exportimage.Geometry{
			Type: exportimage.MultipointGeometry, Parts: [][][2]float64{{{1, 2}, {3, -4}}}, Envelope: box(1, -4, 3, 2)}},
		{`{"paths":[[[0,0,null],[1,1,2]]],"curvePaths":[]}`, "", exportimage.Geometry{
			Type: exportimage.PolylineGeometry, Parts: [][][2]float64{{{0, 0}, {1, 1}}}, Envelope: box(0, 0, 1, 1)}},
		{`{"xmin":1,"YMIN":2,"xmax":3,"ymax":4,"spatialReference":{"wkid":4326}}`, "esriGeometryEnvelope",
			exportimage.Geometry{Type: exportimage.EnvelopeGeometry, CRS: wgs84, Envelope: box(1, 2, 3, 4)}},
		{`{"points":[[1,2],[3,-4,9]],"hasZ":true}`, "esriGeometryMultipoint", exportimage.Geometry{
			Type: exportimage.MultipointGeometry, Parts: [][][2]float64{{{1, 2}, {3, -4}}}, Envelope: box(1, -4, 3, 2)}},
		{`{"paths":[[[0,0],[1,1]],[[5,5],[6,6],[7,5]]],"spatialReference":{"wkid":4326}}`, "esriGeometryPolyline", exportimage.Geometry{
			Type: exportimage.PolylineGeometry, CRS: wgs84, Parts: [][][2]float64{{{0, 0}, {1, 1}}, {{5, 5}, {6, 6}, {7, 5}}}, Envelope: box(0, 0, 7, 6)}},
		{`{"rings":[[[0,0],[0,10],[10,10],[0,0]]]}`, "esriGeometryPolygon", exportimage.Geometry{
			Type: exportimage.PolygonGeometry, Parts: [][][2]float64{{{0, 0}, {0, 10}, {10, 10}, {0, 0}}}, Envelope: box(0, 0, 10, 10)}},
		{`{"rings":[[[0,0],[0,10],[10,10]]]}`, "", exportimage.Geometry{ // an open ring is closed
			Type: exportimage.PolygonGeometry, Parts: [][][2]float64{{{0, 0}, {0, 10}, {10, 10}, {0, 0}}}, Envelope: box(0, 0, 10, 10)}},
	} {
		got, err := params.Geometry(c.text, c.kind)
		require.NoError(t, err, c.text)
		assert.Equal(t, c.want, got, c.text)
	}
}

// What a stranger may send for a geometry is refused by an error of kind Invalid that names the parameter.
func TestHostileGeometries(t *testing.T) {
	for _, text := range []string{
		"1", "1,2,3", "1,2,3,4,5", ",", "a,b", "NaN,1", "inf,1", "0x1,2", "1e999,0", "1;2", "[1,2]", `"1,2"`, "{", "{}", "[]",
		`{"x":1}`, `{"y":1}`, `{"x":"1m","y":2}`, `{"x":null,"y":2}`, `{"x":"NaN","y":"NaN"}`, `{"x":1e999,"y":0}`, `{"x":[1,2],"y":2}`, `{"x":[[1]],"y":2}`, `{"points":[[null,2]]}`,
		`{"x":1,"X":2,"y":3}`, `{"x":1,"y":2}{"x":1,"y":2}`, `{"x":1,"y":2,"spatialReference":{"wkid":"x"}}`, `{"x":1,"y":2,"spatialReference":7.5}`,
		`{"points":[]}`, `{"points":[[]]}`, `{"points":[[1]]}`, `{"points":[[1,2,3,4,5]]}`, `{"points":[["a",2]]}`, `{"points":{}}`, `{"points":1}`,
		`{"paths":[[[0,0]]]}`, `{"paths":[[]]}`, `{"paths":[]}`, `{"paths":[[0,0]]}`,
		`{"rings":[[[0,0],[1,1]]]}`, `{"rings":[[[0,0],[1,1],[0,0]]]}`, `{"rings":[[[0,0],[1,1],[1,0],[0,0]],[]]}`, `{"rings":[null]}`, `{"rings":[[null,null,null]]}`,
		`{"rings":[[[0,null,1],[1,1,1],[1,0,1],[0,0,1]]]}`, `{"points":[[1,2,"high"]]}`, `{"points":[[1,"NaN",null]]}`,
		`{"x":1,"y":2,"rings":[[[0,0],[1,1],[1,0],[0,0]]]}`, `{"x":1,"xmin":0}`, `{"points":[[1,2]],"paths":[[[0,0],[1,1]]]}`,
		`{"x":1,"y":2,"type":"polygon"}`, `{"x":1,"y":2,"geometryType":"esriGeometryEnvelope"}`, `{"type":"Point","coordinates":[1,2]}`,
		`{"xmin":1,"ymin":2,"xmax":3}`, `{"xmin":"NaN","ymin":2,"xmax":3,"ymax":4}`, `{"xmin":1,"ymin":2,"xmax":3,"ymax":4,"spatialReference":{"wkid":""}}`,
		strings.Repeat("[", 1000), `{"rings":` + strings.Repeat("[", 100_000),
		`{"points":[` + strings.Repeat("[0,0],", 70_000) + `[0,0]]}`, "1," + strings.Repeat("2", 2<<20),
	} {
		_, err := params.Geometry(text, "")
		var e *exportimage.Error
		if assert.ErrorAs(t, err, &e, "%.60s", text) {
			assert.Equal(t, exportimage.Invalid, e.Kind, "%.60s: %v", text, err)
			assert.Equal(t, "geometry", e.Param)
			assert.Less(t, len(err.Error()), 200)
		}
	}
	for text, kind := range map[string]string{
		"1,2": "esriGeometryEnvelope", "1,2,3,4": "esriGeometryPoint", `{"x":1,"y":2}`: "esriGeometryMultipoint",
		`{"rings":[[[0,0],[0,10],[10,10],[0,0]]]}`: "esriGeometryPolyline",
	} {
		_, err := params.Geometry(text, kind)
		assert.ErrorContains(t, err, "geometry: it is of type esriGeometry")
	}
	_, err := params.Geometry("1,2", "esriGeometryBlob")
	assert.ErrorContains(t, err, `geometryType: "esriGeometryBlob" is not one of esriGeometryPoint, esriGeometryMultipoint`)
	for _, text := range []string{
		`{"curveRings":[[[0,0]]]}`, `{"curvePaths":[[[0,0],{"b":[[1,1],[0,1],[1,0]]}]]}`, `{"x":1,"y":2,"buffer":100}`,
		`{"rings":[[[0,0],[0,9],[9,9],[0,0]]],"curveRings":[[[0,0],{"c":[[1,1],[2,2]]}]]}`, `{"x":1,"y":2,"srid":4326}`,
	} {
		_, err = params.Geometry(text, "")
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, text)
		assert.Equal(t, exportimage.Unsupported, e.Kind, text)
	}
}

func TestPixelSizesAreRead(t *testing.T) {
	for text, want := range map[string]exportimage.PixelSize{
		"": {}, "30": {X: 30, Y: 30}, "0.5, 2": {X: .5, Y: 2}, `{"x":1,"y":2}`: {X: 1, Y: 2},
		`{"x":1,"y":2,"spatialReference":{"wkid":4326}}`: {X: 1, Y: 2, CRS: crs(t, 4326)},
	} {
		got, err := params.PixelSize(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"0", "-1", "1,0", "1,2,3", "a", "NaN", "{}", `{"x":1}`, `{"x":0,"y":1}`, `{"x":1,"y":-1}`, "inf,inf", "1e999", "{"} {
		_, err := params.PixelSize(text)
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, text)
		assert.Equal(t, "invalid pixelSize", e.Kind.String()+" "+e.Param, text)
	}
}

func FuzzGeometry(f *testing.F) {
	for _, text := range []string{
		"1,2", "1,2,3,4", `{"x":1,"y":2,"spatialReference":{"wkid":4326}}`, `{"points":[[1,2],[3,4,5]]}`, `{"paths":[[[0,0],[1,1]]]}`,
		`{"rings":[[[0,0],[0,1],[1,1]]]}`, `{"xmin":1,"ymin":2,"xmax":3,"ymax":4}`, `{"curvePaths":[]}`, `{"rings":[[[1e999,0]]]}`,
	} {
		f.Add(text, "")
	}
	f.Fuzz(func(t *testing.T, text, kind string) {
		if len(text) > 1<<16 {
			t.Skip("longer than any geometry here")
		}
		g, err := params.Geometry(text, kind)
		if err != nil {
			var e *exportimage.Error
			require.ErrorAs(t, err, &e)
			require.NotEqual(t, exportimage.Internal, e.Kind, "%v", err)
			return
		}
		require.True(t, g.Envelope.Finite())
		for _, part := range g.Parts {
			require.NotEmpty(t, part)
		}
		_, err = json.Marshal(g.Parts)
		require.NoError(t, err, "all numbers are finite")
	})
}
