package params

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

func decoded[V any](t *testing.T, raw string) (V, []string, error) {
	t.Helper()
	require.True(t, json.Valid([]byte(raw)), raw)
	var v V
	f := &Forgiven{}
	err := decode(json.RawMessage(raw), &v, f)
	return v, f.Notes(), err
}

// A value of another kind that has one meaning is taken, and noted; any other is an error, never a zero.
func TestValuesOfAnotherKind(t *testing.T) {
	for raw, want := range map[string]bool{`true`: true, `"true"`: true, `"False"`: false, `1`: true, `"0"`: false, `[true]`: true, `["true"]`: true} {
		v, notes, err := decoded[bool](t, raw)
		require.NoError(t, err, raw)
		assert.Equal(t, want, v, raw)
		assert.Equal(t, raw == "true", notes == nil, raw)
	}
	for raw, want := range map[string]int64{`7`: 7, `"7"`: 7, `" -7 "`: -7, `7.0`: 7, `"7.0"`: 7, `7e2`: 700, `[7]`: 7, `"9007199254740993"`: 9007199254740993} {
		v, notes, err := decoded[int64](t, raw)
		require.NoError(t, err, raw)
		assert.Equal(t, want, v, raw)
		assert.Equal(t, raw == "7", notes == nil, raw)
	}
	for raw, want := range map[string]float64{`1.5`: 1.5, `"1.5"`: 1.5, `".5"`: .5, `["1e3"]`: 1000} {
		v, _, err := decoded[float64](t, raw)
		require.NoError(t, err, raw)
		assert.Equal(t, want, v, raw)
	}
	for raw, want := range map[string][]int64{`[1,2]`: {1, 2}, `[]`: {}, `[1.0,"2"]`: {1, 2}, `5`: {5}, `5.0`: {5}, `"5"`: {5}, `"1,2, 3"`: {1, 2, 3}, `"[1 2]"`: {1, 2}} {
		v, notes, err := decoded[[]int64](t, raw)
		require.NoError(t, err, raw)
		assert.Equal(t, want, v, raw)
		assert.Equal(t, raw == "[1,2]" || raw == "[]", notes == nil, raw)
	}
	text, _, err := decoded[string](t, `["a"]`)
	require.NoError(t, err)
	assert.Equal(t, "a", text)
	rows, _, err := decoded[[][]float64](t, `[["1","255",0,0],"2,0,0,9"]`)
	require.NoError(t, err)
	assert.Equal(t, [][]float64{{1, 255, 0, 0}, {2, 0, 0, 9}}, rows)

	for _, raw := range []string{`"up"`, `2`, `{}`, `[]`, `[true,false]`, `null`, `[null]`, `[[true]]`} {
		_, _, err := decoded[bool](t, raw)
		assert.Error(t, err, raw)
	}
	for _, raw := range []string{`1.5`, `"1.5"`, `"0x1"`, `"1 2"`, `true`, `"NaN"`, `1e30`, `99999999999999999999`, `{}`, `[1,2]`, `null`} {
		_, _, err := decoded[int64](t, raw)
		assert.Error(t, err, raw)
	}
	for _, raw := range []string{`[1,null]`, `null`, `[1,[2,3]]`, `"1;2"`, `"[1"`, `"a"`, `{"a":1}`, `true`, `[1.5]`} {
		_, _, err := decoded[[]int64](t, raw)
		assert.Error(t, err, raw)
	}
	for _, raw := range []string{`1`, `true`, `{}`, `null`} {
		_, _, err := decoded[string](t, raw)
		assert.Error(t, err, raw)
	}
}

// resolved returns a request whose function is a tree of values in place of what was written.
func resolved(t *testing.T, r exportimage.Request) exportimage.Request {
	if r.Function != nil {
		f, err := function.Resolve(r.Function, nil)
		require.NoError(t, err)
		r.Function = f
	}
	return r
}

// The same request in strict and in other spellings: equal values, and notes only for the others.
func TestSpellingsOfOneRequest(t *testing.T) {
	for param, spellings := range map[string][]string{
		"bbox": {`{"xmin":1,"ymin":2,"xmax":3,"ymax":4,"spatialReference":{"wkid":4326}}`,
			`{'xmin': 1.0, 'ymin': '2', 'xmax': 3., 'ymax': 4, 'spatialReference': {'wkid': '4326', 'latestWkid': None}}`,
			`"{\"xmin\":1,\"ymin\":2,\"xmax\":3,\"ymax\":4,\"spatialReference\":{\"wkid\":4326.0,\"wkt\":\"\"}}"`,
			`+{xmin:1,ymin:2,xmax:3,ymax:4,spatialReference:{wkid:[4326]},}`},
		"imageSR": {`{"wkid":102100,"latestWkid":3857}`, `{'wkid': 102100, 'latestWkid': 3857}`, `{WKID:"102100",latestwkid:"3857"}`,
			`"{\"wkid\":102100,\"latestWkid\":3857}"`},
		"mosaicRule": {`{"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[2,3],"ascending":true}`,
			`{'mosaicMethod': 'esriMosaicLockRaster', 'lockRasterIds': (2, 3), 'ascending': True}`,
			`{mosaicMethod:esriMosaicLockRaster,lockRasterIds:[2.0,"3"],ascending:"true"}`,
			`{"mosaicMethod":["esriMosaicLockRaster"],"lockRasterIds":"2,3","ascending":1}`},
		"renderingRule": {`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"DRA":false,"Statistics":[[0,9,3,1]]}}`,
			`{'rasterFunction': 'Stretch', 'rasterFunctionArguments': {'StretchType': '5', 'DRA': 'false', 'Statistics': [['0','9',3,1]], 'Min': None}}`},
		"interpolation": {"RSP_BilinearInterpolation", "+RSP_BilinearInterpolation", "+ RSP_BilinearInterpolation +"},
		"noData":        {"3.4e+38", "3.4e 38"},
		"size":          {"400,300", "+400,+300"},
	} {
		want, err := ParseRequest(url.Values{param: {spellings[0]}})
		require.NoError(t, err, spellings[0])
		assert.Empty(t, want.Forgiven, spellings[0])
		for _, s := range spellings[1:] {
			got, err := ParseRequest(url.Values{param: {s}})
			require.NoError(t, err, s)
			if !strings.Contains("+400,+300", s) {
				assert.NotEmpty(t, got.Forgiven, s)
			}
			got.Forgiven = nil
			assert.Equal(t, resolved(t, want), resolved(t, got), s)
		}
	}
}

func TestForgivenThingsNameTheirParameter(t *testing.T) {
	r, err := ParseRequest(url.Values{"mosaicRule": {`{'ascending': "true"}`}, "format": {"+tiff"}})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"format: a plus sign for a blank", "mosaicRule: single quotes", "mosaicRule: ascending: true or false as text or number",
	}, r.Forgiven)
}

// A plus sign that belongs to the value stays.
func TestPlusSignsOfValues(t *testing.T) {
	for in, want := range map[string]string{
		"+RSP_x": "RSP_x", "++a": "a", "+1,2": "+1,2", "+.5": "+.5", "+ 5": "5", "+proj=utm +zone=33": "+proj=utm +zone=33",
		"a+b": "a+b", "+": "", "+{}": "{}", "-1": "-1", "+-1": "-1",
	} {
		assert.Equal(t, want, withoutPluses(in, nil), in)
	}
	c, err := SpatialReference("+proj=utm +zone=33 +datum=WGS84")
	require.NoError(t, err)
	utm, err := srs.FromWKID(32633)
	require.NoError(t, err)
	got, err := SpatialReference("+32633")
	require.NoError(t, err)
	assert.Equal(t, utm, got)
	assert.NotEqual(t, srs.CRS{}, c)
}

// Objects of a spatial reference may also be PROJJSON, whose names are case sensitive.
func TestSpatialReferencesInOtherForms(t *testing.T) {
	for _, text := range []string{`{"wkid":"x"}`, `{"wkid":4326,"WKID":3857}`, `{"wkid":1.5}`, `{"wkid":4326}{}`, `{}`, `{"wkid":null}`} {
		_, err := SpatialReference(text)
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, text)
		assert.Equal(t, exportimage.Invalid, e.Kind, text)
	}
}
