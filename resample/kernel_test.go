package resample

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// A kernel's fast weights are those of its weight function, at the distances of its taps.
func TestWeightsFollowTheKernel(t *testing.T) {
	for _, i := range interpolations {
		m := newMethod(i.kernel)
		if m.weigh == nil {
			continue
		}
		for n := range 1 << 10 {
			f := float64(n) / (1 << 10)
			sum := 0.0
			for tap, w := range m.weigh(f) {
				if tap >= m.taps {
					assert.Zero(t, w)
				} else if m.taps > 1 {
					assert.InDelta(t, m.weight(math.Abs(float64(tap-m.before)-f)), w, 1e-15, "%s at %v", i.name, f)
				}
				sum += w
			}
			assert.InDelta(t, 1, sum, 1e-15, "%s at %v", i.name, f)
		}
	}
}

// toys are kernels as one would add them: a value each, and a line in interpolations.
var toys = map[string]kernel{
	"Lanczos": {support: 3, at: func(d float64) float64 { return sinc(d) * sinc(d/3) }},
	"Spline": {support: 1.5, at: func(d float64) float64 { // the quadratic B-spline
		if d < 0.5 {
			return 0.75 - d*d
		}
		return (1.5 - d) * (1.5 - d) / 2
	}},
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// toyMappings returns mappings of all kinds. In the last one only some of the points have an image.
func toyMappings() []Mapping {
	one := raster.Affine{A: 1, E: 1}
	bend := func(xs, ys []float64) {
		for i, x := range xs {
			xs[i], ys[i] = x+3*math.Sin(ys[i]/20), ys[i]+2*math.Cos(x/30)
		}
	}
	half := func(xs []float64) {
		for i, x := range xs {
			if x > 18.5 { // between a pixel's centre and its corner, along both axes
				xs[i] = math.NaN()
			}
		}
	}
	return []Mapping{
		Placement{one, one}.Through(nil),
		Placement{raster.Affine{A: 0.7, C: -3.2, E: 1.9, F: 1.3}, one}.Through(nil),
		Placement{raster.Affine{A: 1.3, B: 0.4, C: -5, D: -0.4, E: 1.3, F: 8}, one}.Through(nil),
		Approximate(Placement{raster.Affine{A: 1.5, C: -3.2, E: 1.5, F: 1.3}, one}.Through(bend), 0.01),
		Placement{raster.Affine{A: 2.5, C: -3.2, E: 3, F: 1.3}, one}.Separable(half, half),
	}
}

// pointwise hides what kind of mapping one is.
type pointwise struct{ m Mapping }

func (p pointwise) Map(xs, ys []float64) { p.m.Map(xs, ys) }

// toySource returns noise: opaque, with scattered holes or with soft validity, by its seed.
func toySource(r image.Rectangle, seed uint64) *raster.Block {
	rnd := rand.New(rand.NewPCG(seed, 1))
	b := rastertest.FillBlock(r, 1, func(_, _, _ int) float64 { return rnd.Float64() * 1000 })
	b.Valid = nil
	if seed%3 == 0 {
		return b
	}
	b.Valid = image.NewAlpha(r)
	for i := range b.Valid.Pix {
		b.Valid.Pix[i] = [][]uint8{{255, 255, 0, 255}, {0, 255, 100, 30}}[seed%3-1][rnd.IntN(4)]
	}
	return b
}

func toyWarp(t *testing.T, src *raster.Block, r image.Rectangle, m Mapping, k method) *raster.Block {
	dst := raster.NewBlock(src.Type, len(src.Bands), r)
	require.NoError(t, warp(dst, src, m, k))
	return dst
}

// A kernel that is a support and a weight function keeps the package's promises: an image stitched of tiles, each from
// its part of the source, is the whole one, by all ways that Warp has; pixels are valid where those of Nearest are; and
// where all samples are there, the value is their weighted mean.
func TestAnyKernel(t *testing.T) {
	for name, toy := range toys {
		for n, m := range toyMappings() {
			for seed := range uint64(3) {
				src := toySource(image.Rect(-4, 3, 36, 43), seed)
				for _, antialias := range []bool{false, true} {
					k := newMethod(toy)
					k.antialias = antialias
					t.Run(fmt.Sprintf("%s, mapping %d, source %d, antialias %v", name, n, seed, antialias), func(t *testing.T) {
						assertPromises(t, src, m, k)
					})
				}
			}
		}
	}
}

func assertPromises(t *testing.T, src *raster.Block, m Mapping, k method) {
	r := image.Rect(-3, -2, 42, 37)
	want := toyWarp(t, src, r, m, k)
	require.Empty(t, rastertest.Diff(want, toyWarp(t, src, r, pointwise{m}, k)))

	stitched := raster.NewBlock(src.Type, 1, r)
	for y := r.Min.Y; y < r.Max.Y; y += 13 {
		for x := r.Min.X; x < r.Max.X; x += 17 {
			tile := image.Rect(x, y, x+17, y+13).Intersect(r)
			window := sourceWindow(m, tile, src.Bounds(), k)
			require.Equal(t, sourceWindow(pointwise{m}, tile, src.Bounds(), k), window)
			require.NoError(t, warp(stitched.Sub(tile), src.Sub(window), m, k))
		}
	}
	require.Empty(t, rastertest.Diff(want, stitched))

	single := toyWarp(t, src, r, m, newMethod(nearestKernel))
	for i, a := range single.Valid.Pix {
		require.Equal(t, a == 0, want.Valid.Pix[i] == 0)
	}
	if !k.antialias && src.Valid == nil {
		assertMeans(t, src, want, m, k.kernel)
	}
}

// assertMeans compares pixels whose samples are all there with weighted means.
func assertMeans(t *testing.T, src, got *raster.Block, m Mapping, k kernel) {
	p, r := src.Bands[0], got.Bounds()
	for i, v := range got.Bands[0].(*raster.PlaneOf[float64]).Pix {
		xs, ys := []float64{float64(r.Min.X+i%r.Dx()) + 0.5}, []float64{float64(r.Min.Y+i/r.Dx()) + 0.5}
		m.Map(xs, ys)
		x, y := math.Round(xs[0]*snapOne)/snapOne, math.Round(ys[0]*snapOne)/snapOne
		s := k.support
		reach := image.Rect(int(math.Floor(x-s)), int(math.Floor(y-s)), int(x+s)+1, int(y+s)+1)
		if got.Valid.Pix[i] == 0 || !reach.In(src.Bounds()) {
			continue
		}
		var sum, weights float64
		for sy := src.Bounds().Min.Y; sy < src.Bounds().Max.Y; sy++ {
			for sx := src.Bounds().Min.X; sx < src.Bounds().Max.X; sx++ {
				w := k.weight(math.Abs(float64(sx)+0.5-x)) * k.weight(math.Abs(float64(sy)+0.5-y))
				sum, weights = sum+w*real(rastertest.At(p, sx, sy)), weights+w
			}
		}
		require.InDelta(t, sum/weights, v, 1e-9, "pixel %d", i)
	}
}

// A constant stays constant, to the bit, for any kernel, mapping and pattern of holes.
func TestAnyKernelKeepsConstants(t *testing.T) {
	for name, toy := range toys {
		for n, m := range toyMappings() {
			for seed := range uint64(3) {
				src := toySource(image.Rect(-4, 3, 36, 43), seed)
				for i := range src.Bands[0].(*raster.PlaneOf[float64]).Pix {
					src.Bands[0].(*raster.PlaneOf[float64]).Pix[i] = 0.1
				}
				for _, m := range []Mapping{m, pointwise{m}} {
					got := toyWarp(t, src, image.Rect(-3, -2, 42, 37), m, newMethod(toy))
					for i, v := range got.Bands[0].(*raster.PlaneOf[float64]).Pix {
						if got.Valid.Pix[i] == 0 {
							require.Zero(t, v)
						} else {
							require.Equal(t, 0.1, v, "%s, mapping %d, source %d", name, n, seed)
						}
					}
				}
			}
		}
	}
}

// The loops written for a kernel give what the loops for any kernel give, but for rounding.
func TestLoopsMatchWideLoops(t *testing.T) {
	for _, k := range []kernel{bilinearKernel, cubicKernel} {
		plain := kernel{support: k.support, at: k.at}
		for n, m := range toyMappings() {
			for seed := range uint64(3) {
				src, r := toySource(image.Rect(-4, 3, 36, 43), seed), image.Rect(-3, -2, 42, 37)
				want, got := toyWarp(t, src, r, m, newMethod(plain)), toyWarp(t, src, r, m, newMethod(k))
				require.Equal(t, want.Valid, got.Valid)
				for i, v := range want.Bands[0].(*raster.PlaneOf[float64]).Pix {
					require.InDelta(t, v, got.Bands[0].(*raster.PlaneOf[float64]).Pix[i], 1e-9, "mapping %d, source %d", n, seed)
				}
			}
		}
	}
}
