package mosaic

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

var errOpened = errors.New("opened")

func features(text string, o FeatureOptions) ([]*Item, error) {
	o.Open = func(_ context.Context, location string) (raster.Dataset, error) {
		return nil, errors.Join(errOpened, errors.New(location))
	}
	return Features(strings.NewReader(text), &o)
}

// gdaltindex -f GeoJSON index.json l8_west_autumn.tif l8_east_summer.tif, by GDAL 3.6.2, of two scenes of 600 m.
const tileIndex = `{
"type": "FeatureCollection",
"name": "index",
"crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::32618" } },
"features": [
{ "type": "Feature", "properties": { "location": "l8_west_autumn.tif" }, "geometry": { "type": "Polygon", "coordinates": [ [ [ 425085.0, 5215515.0 ], [ 659085.0, 5215515.0 ], [ 659085.0, 4978515.0 ], [ 425085.0, 4978515.0 ], [ 425085.0, 5215515.0 ] ] ] } },
{ "type": "Feature", "properties": { "location": "l8_east_summer.tif" }, "geometry": { "type": "Polygon", "coordinates": [ [ [ 547185.0, 5216115.0 ], [ 778185.0, 5216115.0 ], [ 778185.0, 4981515.0 ], [ 547185.0, 4981515.0 ], [ 547185.0, 5216115.0 ] ] ] } }
]
}`

func TestTileIndex(t *testing.T) {
	items, err := features(tileIndex, FeatureOptions{})
	require.NoError(t, err)
	require.Len(t, items, 2)
	utm18, err := srs.FromWKID(32618)
	require.NoError(t, err)
	it := items[1]
	assert.Equal(t, int64(2), it.ID)
	assert.Equal(t, "l8_east_summer.tif", it.Name)
	assert.Equal(t, utm18, it.Footprint.CRS)
	assert.Equal(t, srs.Envelope{XMin: 547185, YMin: 4981515, XMax: 778185, YMax: 5216115}, it.Footprint.Envelope)
	assert.Len(t, it.Footprint.Ring, 4)
	_, err = it.Open(t.Context())
	require.ErrorIs(t, err, errOpened)
	require.ErrorContains(t, err, "l8_east_summer.tif")
	_, err = NewIndex(items)
	require.NoError(t, err)
}

// stac is a STAC item collection of the given features' members.
func stac(members ...string) string {
	var out []string
	for _, m := range members {
		out = append(out, `{"type":"Feature","stac_version":"1.0.0","geometry":{"type":"Polygon","coordinates":[[[10,40],[12,40],[12,42],[10,42],[10,40]]]},`+m+`}`)
	}
	return `{"type":"FeatureCollection","links":[],"features":[` + strings.Join(out, ",") + `]}`
}

func TestSTACItems(t *testing.T) {
	text := stac(
		`"id":"S2A_1","properties":{"datetime":"2020-05-01T10:00:00.5Z","eo:cloud_cover":3,"gsd":10,"view":null,"ok":true,"list":[1]},
			"assets":{"B04":{"href":"a/B04.tif","roles":["data"]},"thumb":{"href":"a/t.jpg","roles":["thumbnail"]}}`,
		`"id":"S2A_2","properties":{"datetime":null,"start_datetime":"2020-05-01T00:00:00Z","end_datetime":"2020-06-01T00:00:00Z","n":1.5},
			"assets":{"visual":{"href":"b/TCI.tif","roles":["visual"]},"meta":{"href":"b/m.xml"}}`)
	items, err := features(text, FeatureOptions{})
	require.NoError(t, err)
	require.Len(t, items, 2)
	a, b := items[0], items[1]
	assert.Equal(t, "S2A_1", a.Name)
	assert.Equal(t, int64(1), a.ID)
	at := day(2020, 5, 1).Add(10*3600e9 + 5e8)
	assert.Equal(t, map[string]any{"datetime": at, "eo:cloud_cover": int64(3), "gsd": int64(10), "ok": int64(1)}, a.Attrs)
	assert.Equal(t, TimeExtent{at, at}, a.Time)
	assert.InDelta(t, 10.0/111195, a.PixelSize, 1e-8, "metres in degrees of 111195 m")
	assert.Equal(t, TimeExtent{day(2020, 5, 1), day(2020, 6, 1)}, b.Time)
	assert.Equal(t, 1.5, b.Attrs["n"])
	_, err = a.Open(t.Context())
	require.ErrorContains(t, err, "a/B04.tif")
	_, err = b.Open(t.Context())
	require.ErrorContains(t, err, "b/TCI.tif")

	items, err = features(stac(`"id":7,"assets":{"a":{"href":"1"},"b":{"href":"2"}}`, `"id":"3","assets":{"b":{"href":"4"}}`), FeatureOptions{Asset: "b"})
	require.NoError(t, err)
	assert.Equal(t, []int64{7, 3}, []int64{items[0].ID, items[1].ID}, "whole numbers")
}

func TestFeatureGeometry(t *testing.T) {
	for _, c := range []struct {
		name, geometry string
		want           srs.Envelope
		ring           int
	}{
		{"across the antimeridian", `"Polygon","coordinates":[[[179,0],[-179,0],[-179,1],[179,1],[179,0]]]`, srs.Envelope{XMin: 179, XMax: 181, YMax: 1}, 4},
		{"heights are left out", `"Polygon","coordinates":[[[0,0,5],[2,0,5],[0,2,5],[0,0,5]]]`, srs.Envelope{XMax: 2, YMax: 2}, 3},
		{"holes are left out", `"Polygon","coordinates":[[[0,0],[3,0],[0,3],[0,0]],[[1,1],[1.5,1],[1,1.5],[1,1]]]`, srs.Envelope{XMax: 3, YMax: 3}, 3},
		{"cut at the antimeridian", `"MultiPolygon","coordinates":[[[[179,0],[180,0],[180,1],[179,1],[179,0]]],[[[-180,0],[-179,0],[-179,1],[-180,1],[-180,0]]]]`,
			srs.Envelope{XMin: 179, XMax: 181, YMax: 1}, 0},
		{"the world", `"Polygon","coordinates":[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]`, srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			items, err := features(`{"features":[{"properties":{"location":"x"},"geometry":{"type":`+c.geometry+`}}]}`, FeatureOptions{})
			require.NoError(t, err)
			assert.Equal(t, c.want, items[0].Footprint.Envelope)
			assert.Len(t, items[0].Footprint.Ring, c.ring)
		})
	}
}

func TestFeaturesThatAreWrong(t *testing.T) {
	one := func(feature string) string { return `{"features":[` + feature + `]}` }
	for _, c := range []struct{ text, want string }{
		{"", "EOF"},
		{"[]", "it is not a JSON object"},
		{"{}", `it has no member "features"`},
		{`{"features":{}}`, `"features" is not a list`},
		{`{"features":[`, "EOF"},
		{`{"features":[]`, "EOF"},
		{one(`{}`), `feature 1: it has no property "location"`},
		{one(`{"properties":{"location":7}}`), `feature 1: it has no property "location"`},
		{one(`{"properties":{"location":"x"}}`), "feature 1: it has no geometry"},
		{one(`{"properties":{"location":"x"},"geometry":{"type":"Point","coordinates":[1,2]}}`), `feature 1: its geometry is "Point", not a polygon`},
		{one(`{"properties":{"location":"x"},"geometry":{"type":"Polygon","coordinates":[1,2]}}`), "feature 1: its coordinates are malformed"},
		{one(`{"properties":{"location":"x"},"geometry":{"type":"Polygon","coordinates":[[[1],[2],[3]]]}}`), "feature 1: its coordinates are malformed"},
		{one(`{"properties":{"location":"x"},"geometry":{"type":"Polygon","coordinates":[]}}`), "feature 1: its polygon has no area"},
		{one(`{"properties":{"location":"x"},"geometry":{"type":"Polygon","coordinates":[[]]}}`), "feature 1: its polygon has no area"},
		{one(`{"properties":{"location":"x"},"geometry":{"type":"MultiPolygon","coordinates":[]}}`), "feature 1: its polygon has no area"},
		{one(`{"properties":{"location":"x"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[2,2],[0,0]]]}}`), "feature 1: its polygon has no area"},
		{`{"crs":{"properties":{"name":"local"}}}`, `spatial reference "local" is not understood`},
		{`{"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::999999"}}}`, "999999"},
		{`{"features":[],"crs":{"properties":{"name":"EPSG:3857"}}}`, "comes after the features"},
		{stac(`"assets":{"a":{"href":"1"},"b":{"href":"2"}}`), "feature 1: which of its 2 assets is meant is not stated"},
	} {
		_, err := features(c.text, FeatureOptions{})
		require.ErrorContains(t, err, c.want, "%s", c.text)
	}
	_, err := features(stac(`"assets":{"a":{"href":"1"}}`), FeatureOptions{Asset: "b"})
	require.ErrorContains(t, err, `feature 1: it has no asset "b"`)
	_, err = features(tileIndex, FeatureOptions{MaxBytes: 300})
	require.EqualError(t, err, "mosaic: the feature collection is longer than 300 bytes")
	_, err = Features(strings.NewReader(tileIndex), nil)
	require.ErrorContains(t, err, "Open is missing")
}

func FuzzFeatures(f *testing.F) {
	f.Add(tileIndex)
	f.Add(stac(`"id":"x","properties":{"datetime":"2020-05-01T10:00:00Z","gsd":10},"assets":{"a":{"href":"1","roles":["data"]}}`))
	f.Add(`{"crs":null,"features":[{"id":1e9,"properties":{"location":"x"},"geometry":{"type":"MultiPolygon","coordinates":[[[[179,0],[-179,0],[179,1]]]]}}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<14 {
			return
		}
		items, err := features(s, FeatureOptions{MaxBytes: 1 << 13})
		if err != nil {
			return
		}
		seen := map[int64]bool{}
		for _, it := range items {
			if seen[it.ID] {
				t.Fatalf("ID %d comes twice", it.ID)
			}
			seen[it.ID] = true
			if e := it.Footprint.Envelope; !e.Finite() {
				t.Fatalf("footprint %v", e)
			}
		}
	})
}
