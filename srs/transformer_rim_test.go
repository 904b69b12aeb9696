package srs

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An envelope of the world, of which much has no image, is not short of a dense sample by more than 1/40,000 of its size.
func TestEnvelopesAreNotShort(t *testing.T) {
	for _, c := range []struct {
		from, to int
		part     float64 // of the world's width that is left out on the right
	}{
		{54014, 32323, 0}, {54014, 32323, 0.25}, {54032, 102023, 0}, {54032, 102023, 0.25}, {54032, 32633, 0}, {4326, 32323, 0.1},
		{3408, 32633, 0.25},
	} {
		e, err := mustTransformer(t, 4326, c.from).Envelope(Envelope{-180, -90, 180, 90})
		require.NoError(t, err)
		e.XMax -= float64(e.Width() * c.part)
		tr := mustTransformer(t, c.from, c.to)
		got, err := tr.Envelope(e)
		require.NoError(t, err)
		const n = 300
		want := nowhere
		for j := 0; j <= n; j++ {
			var xs, ys []float64
			for i := 0; i <= n; i++ {
				xs = append(xs, e.XMin+float64(e.Width()*float64(i)/n))
				ys = append(ys, e.YMin+float64(e.Height()*float64(j)/n))
			}
			tr.Transform(xs, ys)
			for i := range xs {
				if !math.IsNaN(xs[i]) {
					want = want.Union(Envelope{xs[i], ys[i], xs[i], ys[i]})
				}
			}
		}
		w, h := want.Width()/40000, want.Height()/40000
		assert.LessOrEqual(t, got.XMin, want.XMin+w, "%v", c)
		assert.LessOrEqual(t, got.YMin, want.YMin+h, "%v", c)
		assert.GreaterOrEqual(t, got.XMax, want.XMax-w, "%v", c)
		assert.GreaterOrEqual(t, got.YMax, want.YMax-h, "%v", c)
	}
}

// A pole in a corner or on an edge of a box leaves a quarter or a half of the longitudes.
func TestEnvelopesOfPolesOnEdges(t *testing.T) {
	for _, c := range []struct {
		box        Envelope
		west, east float64
	}{
		{Envelope{0, 0, 1e6, 1e6}, 45, 135},
		{Envelope{-1e6, 0, 0, 1e6}, 135, 225},
		{Envelope{0, -1e6, 1e6, 0}, -45, 45},
		{Envelope{-1e6, -1e6, 0, 0}, -135, -45},
		{Envelope{-1e6, 0, 1e6, 1e6}, 45, 225},
		{Envelope{0, -5e5, 1e6, 1e6}, -45, 135},
		{Envelope{0, -123456.7, 1e6, 1e6}, -45, 135},
		{Envelope{-1, -5e5, 1e6, 1e6}, -180, 180},
	} {
		got, err := mustTransformer(t, 3413, 4326).Envelope(c.box)
		require.NoError(t, err)
		assert.InDelta(t, c.west, got.XMin, 1e-9, "%v", c)
		assert.InDelta(t, c.east, got.XMax, 1e-9, "%v", c)
		assert.Equal(t, 90.0, got.YMax)
	}
}
