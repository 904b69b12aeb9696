package relate

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// area returns the area of rings, positive with the clock.
func area(rings [][][2]float64) (sum float64) {
	for _, r := range rings {
		for i := 1; i < len(r); i++ {
			sum += (r[i][0] - r[i-1][0]) * (r[i][1] + r[i-1][1]) / 2
		}
	}
	return sum
}

func rectangle(x, y, w, h float64) [][2]float64 {
	return [][2]float64{{x, y}, {x, y + h}, {x + w, y + h}, {x + w, y}, {x, y}}
}

func TestUnion(t *testing.T) {
	for name, c := range map[string]struct {
		rings [][][2]float64
		want  int // rings
		area  float64
	}{
		"none":            {nil, 0, 0},
		"one":             {[][][2]float64{rectangle(0, 0, 2, 3)}, 1, 6},
		"the same twice":  {[][][2]float64{rectangle(0, 0, 2, 3), rectangle(0, 0, 2, 3)}, 1, 6},
		"against it":      {[][][2]float64{{{0, 0}, {2, 0}, {2, 3}, {0, 3}, {0, 0}}, rectangle(0, 0, 2, 3)}, 1, 6},
		"side by side":    {[][][2]float64{rectangle(0, 0, 2, 3), rectangle(2, 0, 2, 3)}, 1, 12},
		"half a side":     {[][][2]float64{rectangle(0, 0, 2, 3), rectangle(2, 1, 2, 1)}, 1, 8},
		"apart":           {[][][2]float64{rectangle(0, 0, 1, 1), rectangle(5, 0, 1, 1)}, 2, 2},
		"one in another":  {[][][2]float64{rectangle(0, 0, 9, 9), rectangle(2, 2, 1, 1)}, 1, 81},
		"a frame":         {[][][2]float64{rectangle(0, 0, 9, 1), rectangle(0, 8, 9, 1), rectangle(0, 0, 1, 9), rectangle(8, 0, 1, 9)}, 2, 32},
		"a cross":         {[][][2]float64{rectangle(0, 4, 9, 1), rectangle(4, 0, 1, 9)}, 1, 17},
		"turned":          {[][][2]float64{{{0, 2}, {2, 4}, {4, 2}, {2, 0}, {0, 2}}, rectangle(0, 0, 4, 4)}, 1, 16},
		"without an area": {[][][2]float64{{{0, 0}, {1, 1}, {0, 0}}, {}}, 0, 0},
	} {
		got, ok := Union(c.rings, tolerance, plenty())
		require.True(t, ok, name)
		assert.Len(t, got, c.want, name)
		assert.InDelta(t, c.area, area(got), 1e-9, name)
	}
	square, ok := Union([][][2]float64{rectangle(0, 0, 2, 3), rectangle(2, 0, 2, 3)}, tolerance, plenty())
	require.True(t, ok)
	assert.Len(t, square[0], 5, "without corners in the middle of sides")
}

// A place is inside the union if it is inside any of the rings, and the boundary encloses nothing else.
func TestUnionEnclosesWhatItsPartsDo(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for n := range 300 {
		var rings [][][2]float64
		for range 1 + n%6 {
			x, y := float64(random.IntN(8)), float64(random.IntN(8))
			if random.IntN(2) == 0 {
				rings = append(rings, rectangle(x, y, float64(1+random.IntN(4)), float64(1+random.IntN(4))))
				continue
			}
			r := ring(3+random.IntN(4), x, y, 3)
			for i := range r {
				r[i] = [2]float64{math.Round(r[i][0]), math.Round(r[i][1])}
			}
			rings = append(rings, r)
		}
		by := float64(0)
		size := 1.0
		if n%2 == 1 { // with rounding errors
			rings, by, size = moved(rings, 0.7, 1000, 5e6), 5e6, 1000
		}
		eps := 1e-9
		if n%2 == 1 {
			eps = 1e-3
		}
		got, ok := Union(rings, eps, plenty())
		require.True(t, ok, rings)
		union := NewShape(Area, got)
		var parts []*Shape
		for _, r := range rings {
			parts = append(parts, NewShape(Area, [][][2]float64{r}))
		}
		for range 200 {
			p := [2]float64{by + size*(20*random.Float64()-8), -by + size*(20*random.Float64()-8)}
			in, near := false, false
			for _, s := range parts {
				in = in || s.inside(p, plenty())
				near = near || s.onEdge(p, 10*eps, plenty())
			}
			if !near {
				require.Equal(t, in, union.inside(p, plenty()), "%v in %v", p, rings)
			}
		}
	}
}

func TestUnionIsBounded(t *testing.T) {
	var many [][][2]float64
	for i := range 50 {
		many = append(many, ring(400, float64(i)/100, 0, 10))
	}
	w := &Work{10_000}
	_, ok := Union(many, tolerance, w)
	assert.False(t, ok)
	assert.True(t, w.Done())
}
