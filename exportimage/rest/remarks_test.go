package rest_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// With explain=true, every operation says which parameters it passed over and what it forgave; without, answers are as ever.
func TestRemarksOfOperations(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	for path, q := range map[string]url.Values{
		"/identify":                    {"geometry": {"{'x': '8', 'y': 8}"}},
		"/getSamples":                  {"geometry": {"{'x': '8', 'y': 8}"}},
		"/computeHistograms":           {"geometry": {"{'x': '8', 'y': 8}"}},
		"/computeStatisticsHistograms": {"geometry": {"{'x': '8', 'y': 8}"}},
		"/query":                       {"geometry": {"{'x': '8', 'y': 8}"}},
		"/measure":                     {"fromGeometry": {"{'x': '8', 'y': 8}"}, "measureOperation": {"point"}},
		"/project":                     {"geometries": {"[{'x': '8', 'y': 8}]"}},
		"/computePixelLocation":        {"geometries": {"[{'x': '8', 'y': 8}]"}, "rasterId": {"1"}},
	} {
		q.Set("f", "json")
		q.Set("resolution", "5")
		q.Set("token", "secret")
		plain := get(h, path+"?"+q.Encode())
		assert.NotContains(t, plain.Body.String(), "trace", path)
		q.Set("explain", "true")
		var with map[string]any
		require.NoError(t, json.Unmarshal(get(h, path+"?"+q.Encode()).Body.Bytes(), &with), path)
		trace, ok := with["trace"].(map[string]any)
		require.True(t, ok, path)
		assert.Equal(t, []any{"resolution: the operation has no such parameter"}, trace["ignored"], path)
		assert.NotEmpty(t, trace["forgiven"], path)
		delete(with, "trace")
		same, err := json.Marshal(with)
		require.NoError(t, err)
		assert.JSONEq(t, plain.Body.String(), string(same), path)
	}
}
