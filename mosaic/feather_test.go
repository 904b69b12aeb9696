package mosaic_test

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// metres is a grid of metres: pixel (0,0) has its outer corner at 0,0, and y grows downwards in pixels.
func metres(size float64) raster.Affine { return raster.Affine{A: size, E: -size} }

func TestWeightsGrowFromTheEdge(t *testing.T) {
	utm := crs(t, 32633)
	f := mosaic.Footprint{CRS: utm, Envelope: box(0, -100, 1000, 0)}
	a, err := f.FeatherPolygon(utm)
	require.NoError(t, err)
	w := a.Weights(metres(1), image.Rect(-5, 0, 1005, 100))
	for _, c := range []struct {
		x, y int
		want float32
	}{
		{-1, 50, 0}, {-5, 0, 0}, {1000, 50, 0}, {0, 50, 0.5}, {3, 50, 3.5}, {999, 50, 0.5}, {500, 0, 0.5}, {500, 10, 10.5}, {500, 99, 0.5}, {500, 80, 19.5},
	} {
		assert.InDelta(t, c.want, w.Row(c.y)[c.x+5], 1e-4, "%d,%d", c.x, c.y)
	}
}

// The weight of a pixel depends on where it is, not on the window that it is asked for in.
func TestWeightsDoNotDependOnWindows(t *testing.T) {
	lonLat, mercator, utm := crs(t, 4326), crs(t, 3857), crs(t, 32633)
	footprints := []mosaic.Footprint{
		{CRS: utm, Envelope: box(4e5, 5e6, 5e5, 5.1e6)},
		{CRS: lonLat, Envelope: box(14, 45, 15, 46), Ring: mosaic.Ring{{14, 45}, {15, 45.2}, {14.5, 46}}},
		{CRS: lonLat, Envelope: box(179, 45, 181, 46), Ring: mosaic.Ring{{179, 45}, {-179, 45.2}, {180, 46}}},
	}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		a, err := footprints[rng.IntN(len(footprints))].FeatherPolygon(mercator)
		require.NoError(t, err)
		size := []float64{30, 500, 20000}[rng.IntN(3)]
		x, y := int(14.5*111319/size), -int(5.7e6/size)
		whole := image.Rect(x-40, y-40, x+40, y+40)
		part := image.Rect(x-40+rng.IntN(40), y-40+rng.IntN(40), x+1+rng.IntN(39), y+1+rng.IntN(39))
		all, some := a.Weights(metres(size), whole), a.Weights(metres(size), part)
		for y := part.Min.Y; y < part.Max.Y; y++ {
			require.Equal(t, all.Sub(part).Row(y)[:part.Dx()], some.Row(y))
		}
	})
}

// Adjacent images compute the position of a pixel with different rounding errors, and agree nevertheless.
func TestWeightsDoNotDependOnRounding(t *testing.T) {
	a, err := mosaic.Footprint{CRS: crs(t, 32633), Envelope: box(4e5, 5e6, 5e5, 5.1e6)}.FeatherPolygon(crs(t, 3857))
	require.NoError(t, err)
	toMap := metres(305.7481131)
	r := image.Rect(5200, -18800, 5264, -18700)
	want := a.Weights(toMap, r)
	assert.Greater(t, want.Pix[0], float32(0))
	for _, off := range []float64{1e-9, -2e-9, 4e-9} {
		moved := toMap
		moved.C, moved.F = off, -off
		assert.Equal(t, want.Pix, a.Weights(moved, r).Pix)
	}
}

// Small polygons keep a middle, and those across the antimeridian lie on both sides of it, moved by any multiple of
// 360°.
func TestWeightsOfOddAreas(t *testing.T) {
	lonLat := crs(t, 4326)
	small, err := square(lonLat, 0, 0).FeatherPolygon(lonLat)
	require.NoError(t, err)
	w := small.Weights(metres(0.25), image.Rect(-6, -6, 6, 6))
	assert.InDelta(t, 0.875, w.Row(0)[6], 1e-6)
	assert.InDelta(t, 0.125, w.Row(0)[6+3], 1e-6)
	assert.Zero(t, w.Row(0)[6+4])

	turned, err := mosaic.Footprint{CRS: lonLat, Envelope: box(179, -1, 181, 1),
		Ring: mosaic.Ring{{179, -1}, {-179, -1}, {-179, 1}, {179, 1}}}.FeatherPolygon(lonLat)
	require.NoError(t, err)
	for _, x := range []int{-180, 180, 540} {
		w := turned.Weights(raster.Affine{A: 1, C: -0.5, E: -1, F: 0.5}, image.Rect(x, 0, x+1, 1))
		assert.InDelta(t, 1, w.Pix[0], 1e-6)
	}

	world, err := mosaic.Footprint{CRS: lonLat, Envelope: box(-180, -90, 180, 90)}.FeatherPolygon(crs(t, 3857))
	require.NoError(t, err)
	assert.Greater(t, world.Weights(metres(1e5), image.Rect(0, 0, 1, 1)).Pix[0], float32(1e7))

	_, err = mosaic.Footprint{CRS: crs(t, 32633), Envelope: box(1e9, 1e9, 2e9, 2e9)}.FeatherPolygon(lonLat)
	assert.ErrorContains(t, err, "no image")
	_, err = mosaic.Footprint{}.FeatherPolygon(lonLat)
	assert.ErrorIs(t, err, srs.ErrNotStated)
}

func TestClip(t *testing.T) {
	utm := crs(t, 32633)
	it := &mosaic.Item{Footprint: mosaic.Footprint{CRS: utm, Envelope: box(0, -6, 6, 0)}}
	a, err := it.SeamlinePolygon(utm)
	require.NoError(t, err)
	require.Nil(t, a, "no seamline")

	it.Seamline = mosaic.Ring{{3, 0}, {6, -3}, {3, -6}, {0, -3}}
	a, err = it.SeamlinePolygon(utm)
	require.NoError(t, err)
	b := rastertest.Parse("111111\n1111.1\n111111\n111111\n111111\n111111")
	// Edges run through the middles of pixels: those on the right are outside.
	assert.Equal(t, "..1...\n.111..\n11111.\n11111.\n.111..\n..1...", rastertest.Text(a.Clip(b, metres(1))))

	it.Seamline = mosaic.Ring{{0, 0}, {1, 1}}
	_, err = it.SeamlinePolygon(utm)
	assert.ErrorContains(t, err, "outline")
}

// Seamlines that share an edge leave no gap and no overlap, for any edge and any division into blocks.
func TestSeamlinesShareTheirEdge(t *testing.T) {
	utm, mercator := crs(t, 32633), crs(t, 3857)
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		x0, y0 := 4e5, 5e6
		var edge mosaic.Ring
		for i := range 4 {
			edge = append(edge, [2]float64{x0 + 2e4 + rng.Float64()*1e4, y0 + float64(i)*2e4})
		}
		left := append(mosaic.Ring{{x0, y0 + 6e4}, {x0, y0}}, edge...)
		right := append(mosaic.Ring{{x0 + 6e4, y0 + 6e4}, {x0 + 6e4, y0}}, edge...)
		var held [2]*raster.Block
		// 600 m pixels of web Mercator, well inside the two.
		r := image.Rect(2590, -9538, 2650, -9426)
		toMap := raster.Affine{A: 600, E: -600}
		for i, ring := range []mosaic.Ring{left, right} {
			a, err := (&mosaic.Item{Footprint: mosaic.Footprint{CRS: utm}, Seamline: ring}).SeamlinePolygon(mercator)
			require.NoError(t, err)
			b := raster.NewBlock(raster.U8, 1, r)
			b.Valid = nil
			held[i] = a.Clip(b, toMap)
		}
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if n := int(validAt(held[0], x, y)) + int(validAt(held[1], x, y)); n != 255 {
					require.Equal(t, 255, n, "%d,%d", x, y)
				}
			}
		}
	})
}

func BenchmarkWeights(b *testing.B) {
	utm, err := srs.FromWKID(32633)
	require.NoError(b, err)
	mercator, err := srs.FromWKID(3857)
	require.NoError(b, err)
	a, err := mosaic.Footprint{CRS: utm, Envelope: box(4e5, 5e6, 5e5, 5.1e6)}.FeatherPolygon(mercator)
	require.NoError(b, err)
	r := image.Rect(5400, -19000, 5400+512, -19000+128)
	b.SetBytes(int64(r.Dx() * r.Dy()))
	for b.Loop() {
		a.Weights(metres(300), r)
	}
}
