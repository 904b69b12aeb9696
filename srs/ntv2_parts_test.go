package srs

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// flatPart is a grid of 3 by 4 nodes with the same shift everywhere, in seconds.
func flatPart(name, parent string, west, north, step float64, lat, lon float32) GridPart {
	p := GridPart{Name: name, Parent: parent, West: west, North: north, StepLat: step, StepLon: step, Rows: 3, Columns: 4}
	for range 12 {
		p.Latitude, p.Longitude = append(p.Latitude, lat), append(p.Longitude, lon)
	}
	return p
}

// The finest part counts, by the parent's name or by where it lies, and shifts are positive to the north and east.
func TestNewNTv2(t *testing.T) {
	for _, parent := range []string{"a", ""} {
		g, err := NewNTv2("x", "y", []GridPart{flatPart("a", "", 10, 50, 1, 3.6, 7.2), flatPart("b", parent, 11, 49.5, 0.5, -3.6, 0)})
		require.NoError(t, err)
		lon, lat, ok := g.forward(10.5*degree, 49.75*degree)
		assert.True(t, ok)
		assert.InDelta(t, 10.502, lon/degree, 1e-8)
		assert.InDelta(t, 49.751, lat/degree, 1e-8)
		lon, lat, ok = g.forward(11.7*degree, 49.2*degree)
		assert.True(t, ok)
		assert.InDelta(t, 11.7, lon/degree, 1e-8)
		assert.InDelta(t, 49.199, lat/degree, 1e-8)
		_, _, ok = g.forward(9*degree, 49*degree)
		assert.False(t, ok)
	}
	hole := flatPart("a", "", 10, 50, 1, 1, 1)
	hole.Latitude[0] = float32(math.NaN())
	g, err := NewNTv2("", "", []GridPart{hole})
	require.NoError(t, err)
	_, _, ok := g.forward(10.5*degree, 49.5*degree)
	assert.False(t, ok)
	_, _, ok = g.inverse(10.5*degree, 49.5*degree)
	assert.False(t, ok)
	_, _, ok = g.forward(12.5*degree, 48.5*degree)
	assert.True(t, ok)
}

// TestBiquadratic: parabolas reproduce shifts that are polynomials of the second degree, everywhere in the grid, where straight
// lines do not; and a grid of two rows has no parabolas.
func TestBiquadratic(t *testing.T) {
	shift := func(lon, lat float64) (dLon, dLat float64) {
		u, v := lon-12, lat-48
		return 2 + u - 3*v + 0.5*u*u*v*v, 1 - u + v*v
	}
	part := GridPart{North: 50, West: 10, StepLat: 1, StepLon: 1, Rows: 5, Columns: 6}
	for j := range part.Rows {
		for i := range part.Columns {
			dLon, dLat := shift(10+float64(i), 50-float64(j))
			part.Latitude, part.Longitude = append(part.Latitude, float32(dLat)), append(part.Longitude, float32(dLon))
		}
	}
	for _, parabolas := range []bool{false, true} {
		part.Biquadratic = parabolas
		g, err := NewNTv2("", "", []GridPart{part})
		require.NoError(t, err)
		worst := 0.0
		for lon := 10.0; lon <= 15; lon += 0.2 {
			for lat := 46.0; lat <= 50; lat += 0.2 {
				dLon, dLat := shift(lon, lat)
				x, y, ok := g.forward(lon*degree, lat*degree)
				require.True(t, ok)
				worst = max(worst, math.Abs(x/degree-lon-dLon/3600), math.Abs(y/degree-lat-dLat/3600))
				u, v, ok := g.inverse(x, y)
				require.True(t, ok, "%v %v", lon, lat)
				assert.InDelta(t, lon*degree, u, 1e-12)
				assert.InDelta(t, lat*degree, v, 1e-12)
			}
		}
		assert.Equal(t, parabolas, worst < 1e-9, "%g", worst)
	}
	part.Rows, part.Latitude, part.Longitude = 2, part.Latitude[:12], part.Longitude[:12]
	g, err := NewNTv2("", "", []GridPart{part})
	require.NoError(t, err)
	assert.False(t, g.tops[0].biquadratic)
}

func TestNewNTv2Refuses(t *testing.T) {
	good := flatPart("a", "", 10, 50, 1, 1, 1)
	with := func(change func(p *GridPart)) []GridPart {
		p := good
		change(&p)
		return []GridPart{p}
	}
	for says, parts := range map[string][]GridPart{
		"0 grids":       nil,
		"fewer than":    with(func(p *GridPart) { p.Rows = 1 }),
		"beyond the":    with(func(p *GridPart) { p.Rows, p.Columns = math.MaxInt, 2 }),
		"for each node": with(func(p *GridPart) { p.Rows = 4 }),
		"no sense":      with(func(p *GridPart) { p.StepLat = math.NaN() }),
		"not there":     with(func(p *GridPart) { p.Parent = "z" }),
		"twice":         {good, good},
		"ancestors":     {flatPart("a", "b", 10, 50, 1, 1, 1), flatPart("b", "a", 10, 50, 1, 1, 1)},
	} {
		_, err := NewNTv2("", "", parts)
		assert.IsType(t, &NTv2Error{}, err, says)
		assert.ErrorContains(t, err, says)
	}
}
