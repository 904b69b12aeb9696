package exportimage

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// An approximated mapping misses the exact one by at most a 1024th of a pixel of the image, at 1,000 random views: 512
// pixels wide, of 1 m to 10 km, at random places of rasters in three CRSs.
func TestMappingsMissByATolerance(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, and shorter tests run the same code")
	}
	crs := func(code int) srs.CRS {
		c, err := srs.FromWKID(code)
		require.NoError(t, err)
		return c
	}
	r := rand.New(rand.NewPCG(12, 2))
	worst, views, points := 0.0, 0, 0
	for views < 1000 {
		from := crs([]int{4326, 3857, 32633}[r.IntN(3)])
		to := crs([]int{3857, 32633, 3035, 3413, 5070, 54009}[r.IntN(6)])
		back, err := srs.NewTransformer(from, to)
		require.NoError(t, err)
		there := back.Inverse()
		if there.Separable() {
			continue
		}
		// The raster's middle is the view's; its pixels are as large as the view's at most.
		lon, lat := []float64{-20 + 60*r.Float64()}, []float64{-60 + 140*r.Float64()}
		wgs84, err := srs.NewTransformer(crs(4326), from)
		require.NoError(t, err)
		if wgs84.Transform(lon, lat) > 0 {
			continue
		}
		pixel := math.Exp2(13.3 * r.Float64())
		unit := pixel
		if from.Geographic() {
			unit /= 111319.49
		}
		x, y := lon[0], lat[0]
		src := raster.NorthUp(from, srs.Envelope{XMin: x - 300*unit, YMin: y - 300*unit, XMax: x + 300*unit, YMax: y + 300*unit}, image.Pt(600, 600))
		toLevel, ok := src.Affine.Inverse()
		require.True(t, ok)
		if back.Transform(lon, lat) > 0 {
			continue
		}
		dst := raster.NorthUp(to, srs.Envelope{XMin: lon[0] - 256*pixel, YMin: lat[0] - 256*pixel, XMax: lon[0] + 256*pixel, YMax: lat[0] + 256*pixel}, image.Pt(512, 512))
		org := origin(dst)
		m := mapping(dst, org, there, 0, src, toLevel)
		views++

		// Points are compared on the image, to which a point of the raster leads back. Those that do not return from an exact
		// mapping are outside a domain.
		var xs, ys, exactX, exactY []float64
		row := float64(r.IntN(512)) + .5
		for range 64 {
			px, py := float64(r.IntN(512))+.5, row
			xs, ys = append(xs, px+float64(org.X)), append(ys, py+float64(org.Y))
			px, py = dst.Affine.Apply(px, py)
			exactX, exactY = append(exactX, px), append(exactY, py)
		}
		wantX, wantY := slices.Clone(exactX), slices.Clone(exactY)
		there.Transform(exactX, exactY)
		back.Transform(exactX, exactY)
		m.Map(xs, ys)
		for i := range xs {
			xs[i], ys[i] = src.Affine.Apply(xs[i], ys[i])
		}
		back.Transform(xs, ys)
		for i := range xs {
			if math.Hypot(exactX[i]-wantX[i], exactY[i]-wantY[i]) < pixel/1e4 {
				points++
				worst = max(worst, math.Hypot(xs[i]-exactX[i], ys[i]-exactY[i])/pixel)
				require.False(t, math.IsNaN(xs[i]), "a hole")
			}
		}
	}
	assert.Greater(t, points, 60_000)
	assert.LessOrEqual(t, worst, 1.0/1024+1e-6)
	assert.Greater(t, worst, 1.0/8192, "the mappings are approximated")
}

// A place has the same absolute pixel in all images of one scale, wherever their sides lie on whole, half and quarter
// pixels and however their coordinates were rounded.
func TestAbsolutePixelsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 3))
	for range 10_000 {
		pixel := math.Exp2(40*r.Float64() - 20)
		column, row := r.IntN(1<<22)-1<<21, r.IntN(1<<22)-1<<21
		phase := float64(r.IntN(4)) / 4
		at := func(n int) float64 { return (float64(n) + phase) * pixel }
		box := func(dx, dy int) raster.Grid {
			e := srs.Envelope{XMin: at(column + dx), YMax: at(row + dy)}
			e.XMax, e.YMin = at(column+dx+256), at(row+dy-256)
			return raster.NorthUp(srs.CRS{}, e, image.Pt(256, 256))
		}
		here := origin(box(0, 0))
		dx, dy := r.IntN(2000)-1000, r.IntN(2000)-1000
		require.Equal(t, here.Add(image.Pt(dx, -dy)), origin(box(dx, dy)), "pixels of %v from %d,%d and %v, by %d,%d", pixel, column, row, phase, dx, dy)
	}
}
