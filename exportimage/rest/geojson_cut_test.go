package rest

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func box(west, south, east, north float64) [][2]float64 {
	return [][2]float64{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
}

// signedArea is positive for a ring against the clock.
func signedArea(ring [][2]float64) (sum float64) {
	for i := 1; i < len(ring); i++ {
		sum += (ring[i][0] - ring[0][0]) * (ring[i-1][1] - ring[0][1])
		sum -= (ring[i-1][0] - ring[0][0]) * (ring[i][1] - ring[0][1])
	}
	return -sum / 2
}

func TestRingsAreCutAtTheAntimeridian(t *testing.T) {
	for name, c := range map[string]struct {
		ring  [][2]float64
		areas []float64 // of the parts
	}{
		"on one side":      {box(10, 0, 20, 10), []float64{100}},
		"up to it":         {box(170, 0, 180, 10), []float64{100}},
		"from it":          {box(-180, 0, -170, 10), []float64{100}},
		"beyond it":        {box(190, 0, 200, 10), []float64{100}},
		"before it":        {box(-200, 0, -190, 10), []float64{100}},
		"across it":        {box(170, 0, 195, 10), []float64{100, 150}},
		"across, jumping":  {[][2]float64{{170, 0}, {-165, 1}, {-165, 11}, {170, 10}, {170, 0}}, []float64{100, 150}},
		"from the west":    {box(-190, 0, -175, 10), []float64{100, 50}},
		"all around":       {box(-180, -90, 180, 90), []float64{360 * 180}},
		"more than around": {box(-190, 0, 200, 1), []float64{10, 360, 20}},
		"from 0 to 360":    {[][2]float64{{0, 0}, {120, 0}, {240, 0}, {360, 0}, {360, 1}, {240, 1}, {120, 1}, {0, 1}, {0, 0}}, []float64{180, 180}},
		"a comb": {[][2]float64{{170, 0}, {190, 0}, {190, 2}, {175, 2}, {175, 4}, {190, 4}, {190, 6}, {170, 6}, {170, 0}},
			[]float64{50, 20, 20}},
		"around the pole": {[][2]float64{{0, 80}, {90, 80}, {180, 80}, {-90, 81}, {0, 80}}, []float64{1800, 1710}},
	} {
		got := cutAtAntimeridian(c.ring)
		var areas []float64
		for _, r := range got {
			assert.Equal(t, r[0], r[len(r)-1], name)
			for _, p := range r {
				assert.True(t, p[0] >= -180 && p[0] <= 180, "%s: %v", name, r)
			}
			areas = append(areas, signedArea(r))
		}
		assert.ElementsMatch(t, c.areas, areas, "%s: %v", name, got)
	}
	for _, none := range [][][2]float64{nil, {{1, 2}}, {{190, 2}, {191, 2}, {190, 2}}, {{math.NaN(), 1}, {2, 2}, {3, 3}, {math.NaN(), 1}}} {
		assert.Len(t, cutAtAntimeridian(none), 1)
	}
}

// The parts have the area of the whole and its direction, whatever its shape is: stars, which cross the meridian often.
func TestPartsOfRingsHaveTheirArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(t, "corners")
		x := rapid.Float64Range(-400, 400).Draw(t, "x")
		ring := make([][2]float64, 0, n+1)
		for i := range n {
			angle, r := 2*math.Pi*float64(i)/float64(n), rapid.Float64Range(1, 80).Draw(t, "radius")
			ring = append(ring, [2]float64{x + r*math.Cos(angle), r * math.Sin(angle)})
		}
		ring = append(ring, ring[0])
		whole, sum := signedArea(ring), 0.0
		for _, r := range cutAtAntimeridian(ring) {
			part := signedArea(r)
			if part < -1e-9 {
				t.Fatalf("a part runs the other way: %v", r)
			}
			sum += part
			for _, p := range r {
				if p[0] < -180 || p[0] > 180 {
					t.Fatalf("%v", p)
				}
			}
		}
		if math.Abs(sum-whole) > 1e-6*whole {
			t.Fatalf("%v, not %v", sum, whole)
		}
	})
}
