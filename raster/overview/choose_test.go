package overview_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster/overview"
)

// stored are levels of the given sizes, each of the whole raster.
func stored(sizes ...image.Point) (levels []overview.Level) {
	for _, s := range sizes {
		levels = append(levels, overview.Level{
			Size: s, ScaleX: float64(sizes[0].X) / float64(s.X), ScaleY: float64(sizes[0].Y) / float64(s.Y),
		})
	}
	return levels
}

func TestChoose(t *testing.T) {
	powers := stored(image.Pt(4000, 4000), image.Pt(2000, 2000), image.Pt(1000, 1000), image.Pt(500, 500))
	odd := stored(image.Pt(1001, 1001), image.Pt(501, 501), image.Pt(251, 251))
	for _, c := range []struct {
		levels []overview.Level
		x, y   float64
		want   int
	}{
		{powers, 0.1, 0.1, 0},
		{powers, 1, 1, 0},
		{powers, 1.999, 1.999, 0},
		{powers, 2, 2, 1},
		{powers, 2 * (1 - 1e-9), 2, 1}, // noise does not cost a level
		{powers, 3.999, 3.999, 1},
		{powers, 4, 4, 2},
		{powers, 4, 2, 1}, // the finer axis decides
		{powers, 1e12, 1e12, 3},
		{powers, math.Inf(1), math.Inf(1), 3},
		{powers, math.NaN(), math.NaN(), 0},
		{powers, -1, -1, 0},
		{odd, 1001.0 / 501, 1001.0 / 501, 1}, // T11: a ratio of 1.998, not 2
		{odd, 1.99, 1.99, 0},
		{odd, 1001.0 / 251, 1001.0 / 251, 2},
		{odd[:1], 99, 99, 0},
		{nil, 2, 2, 0},
	} {
		assert.Equal(t, c.want, overview.Choose(c.levels, c.x, c.y), "%v at %v, %v", c.levels, c.x, c.y)
	}
}

// T09: a larger scale never picks a finer level.
func TestChooseIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		levels := []image.Point{{rapid.IntRange(1, 1e5).Draw(t, "w"), rapid.IntRange(1, 1e5).Draw(t, "h")}}
		for last := levels[0]; last.X > 1 && last.Y > 1; last = levels[len(levels)-1] {
			levels = append(levels, image.Pt((last.X+1)/2, (last.Y+1)/2))
		}
		a := rapid.Float64Range(0.01, 1e5).Draw(t, "a")
		b := a * rapid.Float64Range(1, 4).Draw(t, "b")
		l := stored(levels...)
		require.LessOrEqual(t, overview.Choose(l, a, a), overview.Choose(l, b, b))
	})
}
