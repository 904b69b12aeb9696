package srs

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBetweenDatums has points of pairs between which the rules for third datums decide. Numbers are those of PROJ 9.9.0 without
// grids, by compare/pairs.py --seed 15.
func TestBetweenDatums(t *testing.T) {
	for _, c := range []struct {
		why        string
		from, to   string
		x, y, u, v float64
	}{
		{"the direct operation is for Quebec", "EPSG:2233", "EPSG:4617", 2240354.769723142, 1613619.18461874, -108.1481806849511, 38.32225764743977},
		{"of equally accurate ones the island's", "EPSG:9055", "EPSG:4665", -28.823296375, 39.08668951, -28.82438993662627, 39.08677646861412},
		{"Tokyo 1892 is older than both", "EPSG:5174", "EPSG:3093", 225452.099776341, 132084.791500509, 342514.2383648014, 3838936.043858244},
		{"the smaller area is offshore", "EPSG:32430", "EPSG:4143", 311261.407245957, 275533.005971146, -4.6976489315449745, 2.4877410948032415},
		{"Paris, by its twin and ED50", "EPSG:27571", "ESRI:112034", 363616.125900948, 1355415.590665804, 11042.826161688776, 277141.5106570426},
		{"Ferro, by its twin", "EPSG:5243", "EPSG:31283", 330772.444542196, -398351.997080271, -110290.62013131399, 5244373.178244181},
		{"the one that moves nothing", "EPSG:4324", "EPSG:7858", 165.153875425, -30.581066373, 514775.3975153457, 6616816.269812112},
	} {
		from, err := Parse(c.from)
		require.NoError(t, err)
		to, err := Parse(c.to)
		require.NoError(t, err)
		tr, err := NewTransformer(from, to)
		require.NoError(t, err)
		x, y := []float64{c.x}, []float64{c.y}
		require.Zero(t, tr.Transform(x, y))
		tolerance := 1e-2
		if to.Geographic() {
			tolerance /= 111e3
		}
		assert.InDelta(t, c.u, x[0], tolerance, "%s: %v", c.why, tr.Operations())
		assert.InDelta(t, c.v, y[0], tolerance, "%s: %v", c.why, tr.Operations())
		tr.Inverse().Transform(x, y)
		scale := tolerance
		if from.Geographic() != to.Geographic() {
			scale = 1e-2
			if from.Geographic() {
				scale /= 111e3
			}
		}
		assert.InDelta(t, c.x, x[0], scale, c.why)
		assert.InDelta(t, c.y, y[0], scale, c.why)
	}
}
