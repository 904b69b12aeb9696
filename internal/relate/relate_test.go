package relate

import (
	_ "embed"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// pairs are of testdata/make.py, by GEOS.
//
//go:embed testdata/pairs.txt
var pairs string

const tolerance = 1e-9

func plenty() *Work { return &Work{1 << 30} }

// names returns the relations as GEOS calls them.
func names(s *Shape, r Relation) string {
	var out []string
	add := func(name string, yes bool) {
		if yes {
			out = append(out, name)
		}
	}
	add("Intersects", r.Meet)
	add("Contains", r.Interiors && !r.AreaOutside)
	add("Within", r.Interiors && !r.Outside)
	add("Touches", r.Meet && !r.Interiors)
	add("Overlaps", s.kind == Area && r.Interiors && r.Outside && r.AreaOutside)
	add("Crosses", s.kind != Area && r.Interiors && r.Outside)
	return strings.Join(out, " ")
}

func parse(t *testing.T, text string) (Kind, [][][2]float64) {
	name, rest, _ := strings.Cut(text, "(")
	rest = strings.TrimSuffix(rest, ")")
	var parts [][][2]float64
	for part := range strings.SplitSeq(rest, "),(") {
		var points [][2]float64
		for p := range strings.SplitSeq(strings.Trim(part, "()"), ",") {
			var at [2]float64
			_, err := fmt.Sscan(p, &at[0], &at[1])
			require.NoError(t, err, text)
			points = append(points, at)
		}
		parts = append(parts, points)
	}
	return map[string]Kind{"POLYGON": Area, "LINESTRING": Lines, "MULTIPOINT": Points}[strings.TrimSpace(name)], parts
}

// moved returns parts turned, scaled and moved, so that their coordinates have rounding errors.
func moved(parts [][][2]float64, angle, scale, by float64) [][][2]float64 {
	out := make([][][2]float64, len(parts))
	for i, part := range parts {
		for _, p := range part {
			c, s := math.Cos(angle), math.Sin(angle)
			out[i] = append(out[i], [2]float64{by + scale*(c*p[0]-s*p[1]), -by + scale*(s*p[0]+c*p[1])})
		}
	}
	return out
}

func TestRelationsAreThoseOfGEOS(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(pairs), "\n")
	require.Len(t, lines, 400)
	for _, line := range lines {
		f := strings.Split(line, "\t")
		kind, a := parse(t, f[0])
		_, b := parse(t, f[1])
		s, area := NewShape(kind, a), NewShape(Area, b)
		r := s.To(area, tolerance, plenty())
		assert.Equal(t, f[2], names(s, r), line)
		assert.Equal(t, r.Meet, s.Meets(area, tolerance, plenty()), line)
		for i, angle := range []float64{0.3, 1, 2} {
			s, area := NewShape(kind, moved(a, angle, 1000, 5e6)), NewShape(Area, moved(b, angle, 1000, 5e6))
			r := s.To(area, 1e-3, plenty())
			assert.Equal(t, f[2], names(s, r), "%s, turned %d", line, i)
			assert.Equal(t, r.Meet, s.Meets(area, 1e-3, plenty()), "%s, turned %d", line, i)
		}
	}
}

func TestBoxesAreAreas(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		box := func(name string) *Shape {
			n := func(what string) float64 { return float64(rapid.IntRange(0, 6).Draw(rt, name+what)) }
			x, y := n(" x"), n(" y")
			return NewBox(Box{[2]float64{x, y}, [2]float64{x + 1 + n(" w"), y + 1 + n(" h")}})
		}
		a, b := box("a"), box("b")
		require.True(rt, a.rect && b.rect)
		require.Equal(rt, a.slowTo(b, tolerance, plenty()), a.To(b, tolerance, plenty()))
	})
}

func TestBoxesOfNoArea(t *testing.T) {
	area := NewBox(Box{[2]float64{0, 0}, [2]float64{3, 3}})
	for want, b := range map[string]Box{
		"Intersects Within":  {[2]float64{1, 1}, [2]float64{1, 1}},
		"Intersects Crosses": {[2]float64{1, 1}, [2]float64{5, 1}},
		"Intersects Touches": {[2]float64{0, 1}, [2]float64{0, 9}},
	} {
		s := NewBox(b)
		assert.Equal(t, want, names(s, s.To(area, tolerance, plenty())))
		assert.True(t, s.Meets(area, tolerance, plenty()))
	}
	flat := NewShape(Area, [][][2]float64{{{1, 1}, {2, 2}, {1, 1}}})
	assert.Equal(t, "Intersects Touches", names(flat, flat.To(area, tolerance, plenty())), "it has no interior")
}

// ring returns a star of many corners around a place.
func ring(n int, x, y, r float64) [][2]float64 {
	random := rand.New(rand.NewPCG(1, 2))
	out := make([][2]float64, n)
	for i := range out {
		a, d := 2*math.Pi*float64(i)/float64(n), r*(0.8+0.2*random.Float64())
		out[i] = [2]float64{x + d*math.Cos(a), y + d*math.Sin(a)}
	}
	return out
}

// Shapes of many segments, which are in a tree, relate as those of few.
func TestTreesChangeNothing(t *testing.T) {
	star := ring(500, 0, 0, 10)
	s := NewShape(Area, [][][2]float64{star})
	plain := NewShape(Area, [][][2]float64{star})
	plain.tree = nil
	for i := range 200 {
		at := ring(5, float64(i%20)-10, float64(i/20)*2-10, 1+float64(i%3))
		area := NewShape(Area, [][][2]float64{at})
		want := plain.To(area, tolerance, plenty())
		assert.Equal(t, want, s.To(area, tolerance, plenty()))
		assert.Equal(t, want.Meet, s.Meets(area, tolerance, plenty()))
	}
}

func TestWorkIsBounded(t *testing.T) {
	a := NewShape(Area, [][][2]float64{ring(3000, 0, 0, 10)})
	b := NewShape(Area, [][][2]float64{ring(3000, 0.1, 0, 10)})
	w := &Work{1000}
	a.To(b, tolerance, w)
	assert.True(t, w.Done())
	w = &Work{10}
	NewShape(Points, [][][2]float64{ring(3000, 100, 0, 95)}).Meets(b, tolerance, w)
	assert.True(t, w.Done())
}

func BenchmarkMeets(b *testing.B) {
	star := NewShape(Area, [][][2]float64{ring(1000, 0, 0, 10)})
	area := NewShape(Area, [][][2]float64{ring(4, 9, 0, 1)})
	w := plenty()
	for b.Loop() {
		w.Left = 1 << 30
		star.Meets(area, tolerance, w)
	}
}
