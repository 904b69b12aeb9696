package resample_test

import (
	"image"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// votes is the slow twin of the package's votes. It returns the samples of bounds in the footprint of pixel x, y by the
// definition, in exact arithmetic, sample by sample, without limits of number.
func votes(m resample.Mapping, x, y int, bounds image.Rectangle) (in []image.Point) {
	var cx, cy [4]int64 // in 2^-21 pixel, so that centres are whole numbers too
	for i, at := range [4]image.Point{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		xs, ys := []float64{float64(x + at.X)}, []float64{float64(y + at.Y)}
		m.Map(xs, ys)
		if !(math.Abs(xs[0]) < 1e6 && math.Abs(ys[0]) < 1e6) {
			return nil
		}
		cx[i], cy[i] = 2*int64(math.RoundToEven(xs[0]*0x1p20)), 2*int64(math.RoundToEven(ys[0]*0x1p20))
	}
	// No footprint if its middle is off the centre's image by more than a quarter of its size.
	xs, ys := []float64{float64(x) + 0.5}, []float64{float64(y) + 0.5}
	m.Map(xs, ys)
	for c, at := range map[*[4]int64]float64{&cx: xs[0], &cy: ys[0]} {
		off := float64(c[0]+c[1]+c[2]+c[3]) - 8*math.RoundToEven(at*0x1p20)
		if math.Abs(off) > float64(slices.Max(c[:])-slices.Min(c[:])+16) {
			return nil
		}
	}
	for sy := bounds.Min.Y; sy < bounds.Max.Y; sy++ {
		for sx := bounds.Min.X; sx < bounds.Max.X; sx++ {
			px, py := int64(2*sx+1)<<20, int64(2*sy+1)<<20
			inside := false
			for i := range 4 {
				// The edge is crossed at or left of the sample: even-odd, each edge from its upper end to before its lower.
				ax, ay, bx, by := cx[i], cy[i], cx[(i+1)%4], cy[(i+1)%4]
				if ay > by {
					ax, ay, bx, by = bx, by, ax, ay
				}
				if py < ay || py >= by {
					continue
				}
				left := new(big.Int).Mul(big.NewInt(px-ax), big.NewInt(by-ay))
				right := new(big.Int).Mul(big.NewInt(bx-ax), big.NewInt(py-ay))
				if left.Cmp(right) >= 0 {
					inside = !inside
				}
			}
			if inside {
				in = append(in, image.Pt(sx, sy))
			}
		}
	}
	return in
}

// Majority agrees with its definition on random mappings, codes and holes.
func TestMajority(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := func(lo, hi float64, name string) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		a := raster.Affine{
			A: f(-4, 4, "A"), B: f(-4, 4, "B"), C: f(-5, 30, "C"),
			D: f(-4, 4, "D"), E: f(-4, 4, "E"), F: f(-5, 30, "F"),
		}
		if rapid.Bool().Draw(t, "parallel") {
			a.B, a.D = 0, 0
		}
		if rapid.Bool().Draw(t, "coarse") { // sides along samples' centres
			for _, v := range []*float64{&a.A, &a.B, &a.C, &a.D, &a.E, &a.F} {
				*v = math.Round(*v*2) / 2
			}
		}
		m := affine(a)
		if rapid.Bool().Draw(t, "bent") {
			m = mapFunc(func(x, y float64) (float64, float64) {
				x, y = a.Apply(x, y)
				return x + math.Sin(y/9), y + math.Cos(x/7)
			})
		}
		src := noise[int32](image.Rect(0, 0, 30, 30), 1, 4)
		src.Valid = image.NewAlpha(src.Bounds())
		for i := range src.Valid.Pix {
			if i*i%37 > 8 {
				src.Valid.Pix[i] = uint8(i | 1)
			}
		}
		r := drawRect(t, 25).Add(image.Pt(20, 20))
		got, nearest := warp(t, src, r, m, resample.Majority), warp(t, src, r, m, resample.Nearest)
		require.Equal(t, nearest.Valid, got.Valid)
		for n, v := range samples[int32](got, 0) {
			if got.Valid.Pix[n] == 0 {
				require.Zero(t, v)
				continue
			}
			in := votes(m, r.Min.X+n%r.Dx(), r.Min.Y+n/r.Dx(), src.Bounds())
			want, ok := elected(src, in)
			if !ok {
				want = samples[int32](nearest, 0)[n]
			}
			require.Equal(t, want, v, "pixel %d, voters %v", n, in)
		}
	})
}

// elected returns the smallest of the most frequent values among the samples that hold data.
func elected(src *raster.Block, in []image.Point) (winner int32, ok bool) {
	counts := map[int32]int{}
	most := 0
	for _, p := range in {
		if src.Valid.AlphaAt(p.X, p.Y).A != 0 {
			c := src.Bands[0].(*raster.PlaneOf[int32]).Row(p.Y)[p.X]
			counts[c]++
			most = max(most, counts[c])
		}
	}
	winner = math.MaxInt32
	for c, n := range counts {
		if n == most {
			winner = min(winner, c)
		}
	}
	return winner, most > 0
}

// T59: codes beyond the range of exact float32 values stay exact, and a tie of two and two goes to the smaller code, in
// every window.
func TestMajorityClassCodes(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 40, 40), 1, func(_, x, y int) int32 {
		return []int32{100001729, 99999999}[(x+y)%2]
	})
	half := affine(raster.Affine{A: 2, E: 2})
	for _, m := range []resample.Mapping{half, unseparated{half}} {
		for x := range 10 {
			for _, v := range samples[int32](warp(t, src, image.Rect(x, x/2, x+3, 9), m, resample.Majority), 0) {
				require.Equal(t, int32(99999999), v)
			}
		}
	}
	three := rastertest.FillBlock(image.Rect(0, 0, 2, 2), 1, func(_, x, y int) uint32 {
		return []uint32{4294967295, 4294967294}[x*y]
	})
	got := warp(t, three, image.Rect(0, 0, 1, 1), half, resample.Majority)
	assert.Equal(t, []uint32{4294967295}, samples[uint32](got, 0))
}

// Floating-point values are counted, not averaged; NaN wins only if nothing else votes; a zero has the sign of the
// first one.
func TestMajorityFloats(t *testing.T) {
	nan, neg := math.NaN(), math.Copysign(0, -1)
	for _, c := range []struct {
		name string
		vs   [4]float64
		want float64
	}{
		{"frequent", [4]float64{3, 0.1, 0.1, 3e300}, 0.1},
		{"tie", [4]float64{3, -2, -2, 3}, -2},
		{"NaN", [4]float64{nan, nan, nan, 5}, 5},
		{"only NaN", [4]float64{nan, nan, nan, nan}, nan},
		{"zeros", [4]float64{neg, 0, 7, 7}, neg},
		{"infinite", [4]float64{math.Inf(1), math.Inf(1), 7, 8}, math.Inf(1)},
	} {
		src := rastertest.FillBlock(image.Rect(0, 0, 2, 2), 1, func(_, x, y int) float64 { return c.vs[2*y+x] })
		got := warp(t, src, image.Rect(0, 0, 1, 1), affine(raster.Affine{A: 2, E: 2}), resample.Majority)
		assert.Equal(t, bits(c.want), bits(samples[float64](got, 0)[0]), c.name)
	}
}

// Of a footprint of 40 by 20 samples every third column and every second row votes, counted from the source's first.
func TestMajorityOfMany(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 80, 40), 1, func(_, x, y int) uint8 {
		if x%3 == 0 && y%2 == 0 {
			return uint8(7 + x/39*2)
		}
		return 1
	})
	a := affine(raster.Affine{A: 40, E: 20})
	for _, m := range []resample.Mapping{a, unseparated{a}} {
		got := warp(t, src, image.Rect(0, 0, 2, 2), m, resample.Majority)
		assert.Equal(t, []uint8{7, 9, 7, 9}, samples[uint8](got, 0))
	}
	// A footprint wider than 1024 samples has no voters but the nearest sample.
	wide := rastertest.FillBlock(image.Rect(0, 0, 1100, 1), 1, func(_, x, _ int) uint8 {
		return uint8(x / 550 * (1100 - x))
	})
	a = affine(raster.Affine{A: 1100, E: 1})
	for _, m := range []resample.Mapping{a, unseparated{a}} {
		assert.Equal(t, []uint8{550 & 255}, samples[uint8](warp(t, wide, image.Rect(0, 0, 1, 1), m, resample.Majority), 0))
	}
}

// Where a seam runs through a pixel or a corner has no image, the nearest sample is taken.
func TestMajorityAtSeams(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 360, 4), 1, func(_, x, _ int) uint8 {
		if x < 3 {
			return uint8(5 + x)
		}
		return 77
	})
	seam := mapFunc(func(x, y float64) (float64, float64) { return math.Mod(2*x+359, 360), 2 * y })
	got := warp(t, src, image.Rect(0, 0, 2, 2), seam, resample.Majority)
	assert.Equal(t, []uint8{5, 6, 5, 6}, samples[uint8](got, 0))
	end := mapFunc(func(x, y float64) (float64, float64) {
		if x > 1.75 {
			return math.NaN(), math.NaN()
		}
		return 3 * x, 3 * y
	})
	got = warp(t, src, image.Rect(0, 0, 2, 1), end, resample.Majority)
	assert.Equal(t, []uint8{5, 77}, samples[uint8](got, 0))
}
