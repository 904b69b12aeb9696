package srs

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEnvelopesOfManyProjections has boxes between longitudes and latitudes and other planes. Values were made by
// mapping 201 × 201 points of each box with cs2cs -f %.2f EPSG:4326 EPSG:<code> and taking extremes.
func TestEnvelopesOfManyProjections(t *testing.T) {
	for _, c := range []struct {
		from, to    int
		box, want   Envelope
		tolerance   float64
		description string
	}{
		{4326, 3413, Envelope{-75, 60, -15, 70}, Envelope{-1661580.13, -3323160.27, 1661580.13, -1894800.93}, 1, "the edges bulge"},
		{3413, 4326, Envelope{-1e6, -1e6, 2e6, 2e6}, Envelope{-180, 64.3, 180, 90}, 1, "the pole is inside"},
		{3031, 4326, Envelope{-3e6, -3e6, 3e6, 3e6}, Envelope{-180, -90, 180, -53}, 2, "the other pole is inside"},
		{54009, 4326, Envelope{-2e7, -1e7, 2e7, 1e7}, Envelope{-180, -90, 180, 90}, 0.2, "more than the world"},
		{54030, 4326, Envelope{-2e7, -1e7, 2e7, 1e7}, Envelope{-180, -90, 180, 90}, 0.2, "more than the world"},
		{4326, 54009, Envelope{-180, -90, 180, 90}, Envelope{-18040095.70, -9020047.85, 18040095.70, 9020047.85}, 1, "the world in an ellipse"},
		{4326, 54030, Envelope{-180, -90, 180, 90}, Envelope{-17005833.33, -8625154.47, 17005833.33, 8625154.47}, 1, "the world"},
		{4326, 3035, Envelope{-180, -90, 180, 90}, Envelope{-8426600, -9536600, 17068600, 15956600}, 4e4, "the world in a circle"},
	} {
		got, err := mustTransformer(t, c.from, c.to).Envelope(c.box)
		require.NoError(t, err, c.description)
		for i, v := range [][2]float64{{c.want.XMin, got.XMin}, {c.want.YMin, got.YMin}, {c.want.XMax, got.XMax}, {c.want.YMax, got.YMax}} {
			assert.InDelta(t, v[0], v[1], c.tolerance, "%d to %d, %s, side %d: %v", c.from, c.to, c.description, i, got)
		}
	}
}
