package resample_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// hole returns ramp(64) with a square of ten by ten pixels without data, in which the samples are -9999.
func hole() *raster.Block {
	b := ramp(64)
	b.Valid = image.NewAlpha(b.Bounds())
	p := b.Bands[0].(*raster.PlaneOf[float32])
	for y := range 64 {
		for x := range 64 {
			if image.Pt(x, y).In(image.Rect(20, 30, 30, 40)) {
				p.Row(y)[x] = -9999
			} else {
				b.Valid.Pix[b.Valid.PixOffset(x, y)] = 255
			}
		}
	}
	return b
}

// T35, T36: the samples in a hole affect no pixel outside it, and the hole is as large as with Nearest.
func TestHole(t *testing.T) {
	src := hole()
	for _, c := range []struct {
		name string
		m    resample.Mapping
	}{
		{"half a pixel", shift(0.5, 0.5)},
		{"less", shift(0.25, 0.125)},
		{"more", shift(0.75, 0.9)},
		{"larger", affine(raster.Affine{A: 0.7, C: 10.3, E: 0.6, F: 12.1})},
		{"smaller", affine(raster.Affine{A: 1.7, C: 0.3, E: 1.9, F: 0.1})},
		{"turned", affine(raster.Affine{A: 0.8, B: 0.6, C: -7.7, D: -0.6, E: 0.8, F: 20.2})},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := image.Rect(-3, -3, 67, 67)
			nearest := warp(t, src, r, c.m, resample.Nearest)
			for _, i := range weighting {
				for _, m := range []resample.Mapping{c.m, unseparated{c.m}} {
					got := warp(t, src, r, m, i)
					require.Equal(t, nearest.Valid.Pix, got.Valid.Pix, "%v: the hole", i)
					assertTextbook(t, src, c.m, got, i)
				}
			}
		})
	}
}

// assertTextbook checks valid samples against the formulas, written out plainly: a pixel is the weighted mean of the
// samples that hold data, and if some of them do not, it lies within their range.
func assertTextbook(t *testing.T, src *raster.Block, m resample.Mapping, got *raster.Block, i resample.Interpolation) {
	t.Helper()
	reach := 1
	if i == resample.Cubic {
		reach = 2
	}
	r := got.Bounds()
	for n, v := range samples[float32](got, 0) {
		if got.Valid.Pix[n] == 0 {
			require.Zero(t, v)
			continue
		}
		x, y := []float64{float64(r.Min.X+n%r.Dx()) + 0.5}, []float64{float64(r.Min.Y+n/r.Dx()) + 0.5}
		m.Map(x, y)
		cx, cy := math.Round(x[0]*0x1p20)/0x1p20-0.5, math.Round(y[0]*0x1p20)/0x1p20-0.5 // with centres at whole numbers
		var sum, weights, sizes float64
		lo, hi := math.Inf(1), math.Inf(-1)
		missing := false
		for sy := int(math.Floor(cy)) - reach + 1; sy <= int(math.Floor(cy))+reach; sy++ {
			for sx := int(math.Floor(cx)) - reach + 1; sx <= int(math.Floor(cx))+reach; sx++ {
				if src.Valid.AlphaAt(sx, sy).A == 0 {
					missing = true
					continue
				}
				w, s := weightAt(i, cx-float64(sx))*weightAt(i, cy-float64(sy)), real(rastertest.At(src.Bands[0], sx, sy))
				if w != 0 {
					lo, hi = min(lo, s), max(hi, s)
				}
				sum, weights, sizes = sum+w*s, weights+w, sizes+math.Abs(w)
			}
		}
		if missing {
			require.True(t, lo <= float64(v) && float64(v) <= hi, "%v: %v not in %v..%v", i, v, lo, hi)
		}
		if weights >= sizes/2 {
			want := sum / weights
			if missing {
				want = min(max(want, lo), hi)
			}
			require.InDelta(t, want, v, 0.004, i) // float32 at 65000
		}
	}
}

// If samples are missing, Cubic does not overshoot, for any pattern of holes.
func TestCubicBesideHoles(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 4, 4), 1, func(_, x, y int) float64 {
		return float64((x*x*31 + y*y*17 + x*y*7) % 92)
	})
	src.Valid = image.NewAlpha(src.Bounds())
	at := []resample.Mapping{shift(1, 1), shift(1.25, 1.25), shift(1.375, 1.4375), shift(1.5-0x1p-19, 1.5-0x1p-19)}
	for pattern := range 1 << 16 {
		lo, hi := math.Inf(1), math.Inf(-1)
		for i, v := range samples[float64](src, 0) {
			src.Valid.Pix[i] = uint8(pattern >> i & 1 * 255)
			if src.Valid.Pix[i] != 0 {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
		if pattern == 0xffff {
			break // complete
		}
		for _, m := range at {
			dst := raster.NewBlock(raster.F64, 1, image.Rect(0, 0, 1, 1))
			require.NoError(t, resample.Warp(dst, src, m, resample.Cubic))
			nearest := src.Valid.Pix[5] // tap 1,1
			require.Equal(t, nearest, dst.Valid.Pix[0])
			if v := samples[float64](dst, 0)[0]; nearest != 0 && (v < lo || v > hi) {
				require.Failf(t, "overshoot", "pattern %016b, %v not in %v..%v", pattern, v, lo, hi)
			}
		}
	}
}

// Where negative weights outweigh the others, the pixel stays with its own side.
func TestCubicOutweighed(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 4, 4), 1, func(_, x, _ int) float64 {
		return []float64{10, 20, 100, 90}[x]
	})
	for _, c := range []struct {
		alpha [4]uint8
		want  float64
	}{
		{[4]uint8{255, 0, 5, 0}, 100}, // the sum of weights would be negative, and 10 the result
		{[4]uint8{255, 0, 36, 0}, 100},
		{[4]uint8{0, 0, 1, 0}, 100},
		{[4]uint8{0, 255, 255, 0}, 60},
	} {
		src.Valid = image.NewAlpha(src.Bounds())
		for i := range src.Valid.Pix {
			src.Valid.Pix[i] = c.alpha[i%4]
		}
		got := warp(t, src, image.Rect(0, 0, 1, 1), shift(1.5, 1), resample.Cubic)
		assert.Equal(t, []float64{c.want}, samples[float64](got, 0), c.alpha)
	}
}

// The validity of that pixel does not overshoot either.
func TestCubicAlphaOutweighed(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 4, 4), 1, func(_, _, _ int) uint8 { return 1 })
	src.Valid = &image.Alpha{Stride: 4, Rect: src.Bounds(), Pix: []uint8{
		0, 255, 255, 0,
		255, 0, 0, 255,
		255, 0, 200, 255,
		0, 255, 255, 0,
	}}
	got := warp(t, src, image.Rect(0, 0, 1, 1), shift(1.5, 1.5), resample.Cubic)
	// The nearest weighs 81/256, the eight at the edge -9/256 each, together 9/256, half of their sizes 76.5/256:
	// 200 - 8·9·55/76.5.
	assert.Equal(t, []uint8{148}, got.Valid.Pix)
}

// T37: opaque red beside transparent green, eight times larger. The green must not shine through.
func TestTransparentColourStaysOut(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 8, 8), 3, func(band, x, _ int) uint8 {
		if x < 4 == (band == 0) && band < 2 {
			return 255
		}
		return 0
	})
	for name, edge := range map[string][2]uint8{"hard": {255, 0}, "soft": {200, 0}, "nearly": {255, 1}} {
		src.Valid = image.NewAlpha(src.Bounds())
		for i := range src.Valid.Pix {
			src.Valid.Pix[i] = edge[i%8/4]
		}
		for _, i := range kernels {
			got := warp(t, src, image.Rect(0, 0, 64, 64), affine(raster.Affine{A: 0.125, E: 0.125}), i)
			for n, a := range got.Valid.Pix {
				if edge[1] == 0 {
					require.Equal(t, edge[n%64/32], a, "%s %v: alpha", name, i)
				}
				if a == 0 || edge[1] != 0 && n%64 >= 28 {
					continue
				}
				rgb := [3]uint8{samples[uint8](got, 0)[n], samples[uint8](got, 1)[n], samples[uint8](got, 2)[n]}
				require.Equal(t, [3]uint8{255, 0, 0}, rgb, "%s %v: pixel %d", name, i, n)
			}
		}
	}
}

// Soft alpha is interpolated, and weighs the colours.
func TestSoftAlpha(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 2, 1), 1, func(_, x, _ int) float64 { return float64(100 + 100*x) })
	src.Valid = &image.Alpha{Pix: []uint8{255, 85}, Stride: 2, Rect: src.Bounds()}
	got := warp(t, src, image.Rect(0, 0, 1, 1), shift(0.5, 0), resample.Bilinear)
	assert.Equal(t, []uint8{170}, got.Valid.Pix)
	assert.InDelta(t, 125, samples[float64](got, 0)[0], 1e-12) // (100·1 + 200/3) / (1 + 1/3)
}

// T38: colours survive the faintest alpha.
func TestFaintAlpha(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 16, 16), 1, func(_, x, y int) uint8 { return uint8(x / 4 % 2 * 255) })
	src.Valid = image.NewAlpha(src.Bounds())
	for i := range src.Valid.Pix {
		src.Valid.Pix[i] = uint8(1 + i/128*254) // 1 above, 255 below
	}
	opaque := *src
	opaque.Valid = nil
	for _, i := range weighting {
		r, m := image.Rect(0, 0, 61, 61), affine(raster.Affine{A: 0.26, E: 0.26})
		want, got := warp(t, &opaque, r, m, i), warp(t, src, r, m, i)
		for n, a := range got.Valid.Pix {
			if want.Valid.Pix[n] == 0 {
				require.Zero(t, a)
				continue
			}
			require.NotZero(t, a, i)
			d := int(samples[uint8](want, 0)[n]) - int(samples[uint8](got, 0)[n])
			if y := float64(n/61) * 0.26; y < 6 || y > 10 { // a kernel's reach from where alpha changes
				require.LessOrEqual(t, max(d, -d), 1, "%v: pixel %d", i, n)
			}
		}
	}
}

// T39: zeros are no data, ones stay one, and none is altered.
func TestBinaryMask(t *testing.T) {
	src := rastertest.Parse(`
		1.1..1
		.1.11.
		111...
		...111`)
	got := warp(t, src, image.Rect(0, 0, 12, 8), affine(raster.Affine{A: 0.5, E: 0.5}), resample.Nearest)
	assert.Equal(t, "11..11....11\n11..11....11\n"+"..11..1111..\n..11..1111..\n"+
		"111111......\n111111......\n"+"......111111\n......111111", rastertest.Text(got))
	for _, i := range weighting {
		weighted := warp(t, src, got.Bounds(), affine(raster.Affine{A: 0.5, E: 0.5}), i)
		assert.Equal(t, rastertest.Text(got), rastertest.Text(weighted), i)
	}
}

// Infinite samples do not affect pixels in which they have no weight, and never make a pixel NaN.
func TestInfinity(t *testing.T) {
	inf := math.Inf(1)
	src := rastertest.FillBlock(image.Rect(0, 0, 8, 8), 1, func(_, x, y int) float64 {
		switch {
		case x == 4 && y == 4:
			return inf
		case x == 5 && y == 4:
			return -inf
		}
		return 3
	})
	for n, m := range []resample.Mapping{shift(0, 0), shift(0.25, 0), shift(0.5, 0.5), unseparated{shift(0.25, 0)}} {
		for _, i := range weighting {
			got := warp(t, src, image.Rect(0, 0, 7, 7), m, i)
			p := got.Bands[0].(*raster.PlaneOf[float64])
			for _, v := range p.Pix {
				require.False(t, math.IsNaN(v), i)
			}
			assert.Equal(t, 3.0, p.Row(1)[1])
			if n == 0 {
				same(t, src.Sub(got.Bounds()), got, i)
				same(t, got, warp(t, src, image.Rect(0, 0, 7, 7), unseparated{m}, i), i)
			}
		}
	}
	full := rastertest.FillBlock(image.Rect(0, 0, 8, 8), 1, func(_, _, _ int) float64 { return inf })
	got := warp(t, full, image.Rect(2, 2, 5, 5), shift(0.3, 0.2), resample.Cubic)
	assert.Equal(t, inf, samples[float64](got, 0)[4])
}
