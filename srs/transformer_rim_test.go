package srs

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shortfall returns how far an envelope falls short of images of a lattice of the box, as a part of the size of these.
func shortfall(t *testing.T, tr *Transformer, box Envelope, cells int) float64 {
	got, err := tr.Envelope(box)
	middle, _ := got.Center()
	want := nowhere
	for j := 0; j <= cells; j++ {
		var xs, ys []float64
		for i := 0; i <= cells; i++ {
			xs = append(xs, box.XMin+float64(box.Width()*float64(i)/float64(cells)))
			ys = append(ys, box.YMin+float64(box.Height()*float64(j)/float64(cells)))
		}
		tr.Transform(xs, ys)
		for i, x := range xs {
			y := max(tr.to.y0-tr.to.top, min(tr.to.y0+tr.to.top, ys[i]))
			if tr.to.period > 0 {
				x = near(x, middle, tr.to.period)
				if tr.to.kernel == nil && math.Abs(y) > 90-1e-8 {
					x = middle // of a pole, which has all longitudes
				}
			}
			if !math.IsNaN(x) {
				want = want.Union(Envelope{x, y, x, y})
			}
		}
	}
	if want == nowhere {
		return 0
	}
	require.NoError(t, err, "%v", box)
	w, h := want.Width(), want.Height()
	return max((got.XMin-want.XMin)/w, (want.XMax-got.XMax)/w, (got.YMin-want.YMin)/h, (want.YMax-got.YMax)/h)
}

// An envelope of the world, of which much has no image, is not short of a dense sample by more than 1/40,000 of its size.
func TestEnvelopesAreNotShort(t *testing.T) {
	for _, c := range []struct {
		from, to int
		part     float64 // of the world's width that is left out on the right
	}{
		{54014, 32323, 0}, {54014, 32323, 0.25}, {54032, 102023, 0}, {54032, 102023, 0.25}, {54032, 32633, 0}, {4326, 32323, 0.1},
		{3408, 32633, 0.25}, {54009, 3035, 0}, {8857, 102023, 0.3}, {3410, 3035, 0}, {2193, 3577, 0}, {102031, 102020, 0},
	} {
		e, err := mustTransformer(t, 4326, c.from).Envelope(Envelope{-180, -90, 180, 90})
		require.NoError(t, err)
		e.XMax -= float64(e.Width() * c.part)
		assert.LessOrEqual(t, shortfall(t, mustTransformer(t, c.from, c.to), e, 200), 1./40000, "%v", c)
	}
}

// The same holds for boxes of any size between systems of all kinds whose planes end somewhere, drawn at random.
func TestEnvelopesOfRandomBoxesAreNotShort(t *testing.T) {
	codes := []int{
		4326, 3035, 32633, 32723, 5070, 3577, 54009, 54008, 54012, 54030, 54042, 54043, 54032, 54052, 54019, 54024, 54027,
		54029, 54016, 54014, 54028, 54090, 54098, 54077, 54079, 3408, 102023, 102017, 102020, 102031, 27700, 2193, 2056, 5514, 54002,
		3410, 32323, 8857, 54022, 102016, 54049,
	}
	rng := rand.New(rand.NewPCG(15, 3))
	for range 24 {
		from, to := codes[rng.IntN(len(codes))], codes[rng.IntN(len(codes))]
		world, err := mustTransformer(t, 4326, from).Envelope(Envelope{-180, -90, 180, 90})
		require.NoError(t, err)
		part := math.Pow(10, -1.5*rng.Float64())
		w, h := world.Width()*part, world.Height()*part*(0.3+float64(0.7*rng.Float64()))
		x, y := world.XMin+float64(rng.Float64()*(world.Width()-w)), world.YMin+float64(rng.Float64()*(world.Height()-h))
		box := Envelope{x, y, x + w, y + h}
		assert.LessOrEqual(t, shortfall(t, mustTransformer(t, from, to), box, 100), 1./40000, "%d to %d: %v", from, to, box)
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
