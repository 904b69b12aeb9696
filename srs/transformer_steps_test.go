package srs

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The expected values are the projections' formulas at a point.
func TestSteps(t *testing.T) {
	transformer := func(from, to int) *Transformer {
		a, err := FromWKID(from)
		require.NoError(t, err)
		b, err := FromWKID(to)
		require.NoError(t, err)
		tr, err := NewTransformer(a, b)
		require.NoError(t, err)
		return tr
	}
	// A step in web Mercator: x is the radius times the longitude, and y stretches by 1/cos(latitude).
	const radius = 6378137.0
	for _, lon := range []float64{0, 179.999, 400} {
		ax, ay, ok := transformer(3857, 4326).Steps(lon, 60, 20, 20)
		require.True(t, ok)
		assert.InDelta(t, 20/radius*180/math.Pi, ax[0], 1e-12, "at %v", lon)
		assert.InDelta(t, 10/radius*180/math.Pi, ay[1], 1e-12, "at %v", lon)
		assert.Zero(t, ax[1])
		assert.Zero(t, ay[0])
	}

	// An equal-area projection keeps areas: those of a degree times a degree are the radii of curvature of the ellipsoid. It
	// does so at 170° west as well, where longitudes of EPSG:3575 end.
	const flattening, lat = 1 / 298.257223563, 65 * math.Pi / 180
	const e2 = flattening * (2 - flattening)
	w := math.Sqrt(1 - e2*math.Sin(lat)*math.Sin(lat))
	metres := radius / w * math.Cos(lat) * radius * (1 - e2) / (w * w * w) * math.Pi / 180 * math.Pi / 180
	for lon := -180.0; lon <= 180; lon += 10 {
		ax, ay, ok := transformer(3575, 4326).Steps(lon, 65, 20, 20)
		require.True(t, ok)
		assert.InEpsilon(t, 20*20/metres, math.Abs(ax[0]*ay[1]-ax[1]*ay[0]), 1e-9, "at %v", lon)
	}

	// A step over both poles has no end in Mercator. A 16th of it does.
	mercator := transformer(4326, 3857)
	ax, ay, ok := mercator.Steps(0, 0, 180, 180)
	require.True(t, ok)
	assert.InEpsilon(t, 180*math.Pi/180*radius, ax[0], 1e-12)
	assert.InEpsilon(t, 32*radius*math.Asinh(math.Tan(180.0/32*math.Pi/180)), ay[1], 1e-12)

	_, _, ok = mercator.Steps(math.NaN(), 0, 1, 1)
	assert.False(t, ok)
	_, _, ok = transformer(3857, 32633).Steps(1e12, 1e12, 1, 1)
	assert.False(t, ok)
}
