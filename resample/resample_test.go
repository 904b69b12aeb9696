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

// weighting are the interpolations that weight samples.
var weighting = []resample.Interpolation{resample.Bilinear, resample.Cubic}

// kernels are the interpolations.
var kernels = []resample.Interpolation{resample.Nearest, resample.Bilinear, resample.Cubic, resample.Majority}

// ramp returns a raster in which each value shows its place: column + 1000·row.
func ramp(size int) *raster.Block {
	b := rastertest.FillBlock(image.Rect(0, 0, size, size), 1, func(_, x, y int) float32 {
		return float32(x) + 1000*float32(y)
	})
	b.Valid = nil
	return b
}

// rampGrid places ramp(512): 1 m pixels, its first corner at (0, 512).
var rampGrid = raster.Affine{A: 1, E: -1, F: 512}

func inverse(t testing.TB, a raster.Affine) raster.Affine {
	inv, ok := a.Inverse()
	require.True(t, ok)
	return inv
}

// shift maps pixel (0,0)'s corner to (x, y), at the same scale.
func shift(x, y float64) resample.Mapping {
	return affine(raster.Affine{A: 1, C: x, E: 1, F: y})
}

// affine maps destination pixels to source pixels by a.
func affine(a raster.Affine) resample.Mapping {
	return resample.Placement{DstToMap: a, MapToSrc: raster.Affine{A: 1, E: 1}}.Through(nil)
}

// A tester is a *testing.T or a *rapid.T.
type tester interface {
	require.TestingT
	Helper()
}

// unseparated hides that a mapping is separable or approximated, so that Warp takes its general way.
type unseparated struct{ m resample.Mapping }

func (u unseparated) Map(xs, ys []float64) { u.m.Map(xs, ys) }

func warpWith(t tester, src *raster.Block, r image.Rectangle, m resample.Mapping, o resample.Options) *raster.Block {
	t.Helper()
	dst := raster.NewBlock(src.Type, len(src.Bands), r)
	require.NoError(t, o.Warp(dst, src, m))
	return dst
}

func warp(t tester, src *raster.Block, r image.Rectangle, m resample.Mapping, i resample.Interpolation) *raster.Block {
	t.Helper()
	dst := raster.NewBlock(src.Type, len(src.Bands), r)
	require.NoError(t, resample.Warp(dst, src, m, i))
	return dst
}

// same checks that two blocks hold the same bits.
func same(t tester, want, got *raster.Block, about ...any) {
	t.Helper()
	require.Empty(t, rastertest.Diff(want, got), about...)
	for n := range want.Bands {
		switch w := want.Bands[n].(type) {
		case *raster.PlaneOf[float32]:
			sameSigns(t, w, got.Bands[n].(*raster.PlaneOf[float32]), got.Valid, about...)
		case *raster.PlaneOf[float64]:
			sameSigns(t, w, got.Bands[n].(*raster.PlaneOf[float64]), got.Valid, about...)
		}
	}
}

// sameSigns compares the signs of zeros, which == does not.
func sameSigns[T float32 | float64](t tester, want, got *raster.PlaneOf[T], valid *image.Alpha, about ...any) {
	t.Helper()
	for y := want.Rect.Min.Y; y < want.Rect.Max.Y; y++ {
		w, g := want.Row(y), got.Row(y)
		for i := range w {
			if math.Signbit(float64(w[i])) != math.Signbit(float64(g[i])) && valid.AlphaAt(want.Rect.Min.X+i, y).A != 0 {
				require.Fail(t, "the sign of zero", about...)
			}
		}
	}
}

// samples lists a band row by row.
func samples[T raster.Sample](b *raster.Block, band int) []T {
	return b.Bands[band].(*raster.PlaneOf[T]).Pix
}

// T01: a raster asked for in its own grid comes back bit for bit.
func TestOwnGrid(t *testing.T) {
	src := ramp(512)
	m := resample.Placement{DstToMap: rampGrid, MapToSrc: inverse(t, rampGrid)}.Through(nil)
	for _, i := range kernels {
		same(t, src, warp(t, src, src.Bounds(), m, i), i)
		same(t, src, warp(t, src, src.Bounds(), unseparated{m}, i), i)
	}
}

// T01 for grids whose arithmetic is not exact, and with holes.
func TestOwnGridInexact(t *testing.T) {
	for _, a := range []raster.Affine{
		{A: 0.3, C: 499980.1, E: -0.3, F: 5300040.7},
		{A: 1.0 / 3600, C: 11.9998611, E: -1.0 / 3600, F: 48.0001389},
		{A: 0.3, B: 0.1, C: 499980.1, D: 0.07, E: -0.3, F: 5300040.7},
	} {
		src := ramp(100)
		src.Valid = image.NewAlpha(src.Bounds())
		for i := range src.Valid.Pix {
			src.Valid.Pix[i] = uint8(i * i % 251)
		}
		m := resample.Placement{DstToMap: a, MapToSrc: inverse(t, a)}.Through(nil)
		for _, i := range kernels {
			same(t, src, warp(t, src, src.Bounds(), m, i), "%v %+v", i, a)
			same(t, src, warp(t, src, src.Bounds(), unseparated{m}, i), "%v %+v", i, a)
		}
	}
}

// T02: half a pixel off, right and down, each pixel is the mean of four.
func TestHalfPixel(t *testing.T) {
	src := ramp(512)
	// The grid of the box 0.5,0.5,511.5,511.5 at 511 by 511 pixels.
	grid := raster.Affine{A: 1, C: 0.5, E: -1, F: 511.5}
	m := resample.Placement{DstToMap: grid, MapToSrc: inverse(t, rampGrid)}.Through(nil)
	for _, m := range []resample.Mapping{m, unseparated{m}} {
		got := warp(t, src, image.Rect(0, 0, 511, 511), m, resample.Bilinear)
		require.True(t, got.Opaque())
		for i, v := range samples[float32](got, 0) {
			require.Equal(t, float32(i%511)+1000*float32(i/511)+500.5, v)
		}
	}
}

// T04: ten pixels of frame around the raster.
func TestFrame(t *testing.T) {
	src := ramp(512)
	grid := raster.Affine{A: 1, C: -10, E: -1, F: 522}
	m := resample.Placement{DstToMap: grid, MapToSrc: inverse(t, rampGrid)}.Through(nil)
	want := raster.NewBlock(src.Type, 1, image.Rect(0, 0, 532, 532))
	inner := image.Rect(10, 10, 522, 522)
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		copy(want.Bands[0].(*raster.PlaneOf[float32]).Row(y)[10:], src.Bands[0].(*raster.PlaneOf[float32]).Row(y-10))
		for x := inner.Min.X; x < inner.Max.X; x++ {
			want.Valid.Pix[want.Valid.PixOffset(x, y)] = 255
		}
	}
	for _, i := range kernels {
		for _, m := range []resample.Mapping{m, unseparated{m}} {
			got := warp(t, src, want.Bounds(), m, i)
			same(t, want, got, i)
			assert.Equal(t, samples[float32](want, 0), samples[float32](got, 0), "samples in the frame")
		}
	}
}

// T15: rasters that are turned or sheared come out with every landmark in its place.
func TestTurnedAndSheared(t *testing.T) {
	marks := []image.Point{{3, 4}, {60, 2}, {5, 58}, {61, 59}}
	src := rastertest.FillBlock(image.Rect(0, 0, 64, 64), 1, func(_, x, y int) uint8 {
		for n, m := range marks {
			if image.Pt(x, y) == m {
				return uint8(n + 1)
			}
		}
		return 0
	})
	sin, cos := math.Sincos(math.Pi / 6)
	for name, a := range map[string]raster.Affine{
		"turned by 30°": {A: 10 * cos, B: 10 * sin, C: 5000, D: 10 * sin, E: -10 * cos, F: 7000},
		"sheared":       {A: 10, B: 4, C: 5000, D: 0, E: -10, F: 7000},
		"both":          {A: 9, B: 7, C: 5000, D: 2, E: -11, F: 7000},
		"a quarter":     {A: 0, B: 10, C: 5000, D: 10, E: 0, F: 7000},
	} {
		grid := raster.Affine{A: 5, C: 4000, E: -5, F: 8000}
		toPixel := inverse(t, grid)
		mapping := resample.Placement{DstToMap: grid, MapToSrc: inverse(t, a)}.Through(nil)
		got := warp(t, src, image.Rect(0, 0, 500, 500), mapping, resample.Nearest)
		for n, m := range marks {
			x, y := toPixel.Apply(a.Apply(float64(m.X)+0.5, float64(m.Y)+0.5))
			v := rastertest.At(got.Bands[0], int(math.Floor(x)), int(math.Floor(y)))
			assert.Equal(t, complex(float64(n+1), 0), v, "%s: %v", name, m)
		}
	}
}

// T16: rasters stored from south to north, or mirrored, come out upright.
func TestFlipped(t *testing.T) {
	src := rastertest.Parse("12.\n345")
	north := raster.Affine{A: 1, C: 100, E: -1, F: 200}
	for want, a := range map[string]raster.Affine{
		"345\n12.": {A: 1, C: 100, E: 1, F: 198},
		".21\n543": {A: -1, C: 103, E: -1, F: 200},
		"543\n.21": {A: -1, C: 103, E: 1, F: 198},
	} {
		for _, i := range kernels {
			got := warp(t, src, src.Bounds(), resample.Placement{DstToMap: north, MapToSrc: inverse(t, a)}.Through(nil), i)
			assert.Equal(t, want, rastertest.Text(got), i)
		}
	}
}

// T59, for Nearest: class codes stay unchanged, in the whole image or in parts of it.
func TestClassCodes(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 9, 9), 1, func(_, x, y int) int32 {
		return []int32{100001729, 99999999}[(x+y)%2]
	})
	m := affine(raster.Affine{A: 0.37, C: 0.1, E: 0.41, F: 0.2})
	for x := range 20 {
		for n, v := range samples[int32](warp(t, src, image.Rect(x, 3, x+1, 20), m, resample.Nearest), 0) {
			sx, sy := int(math.Floor(0.37*(float64(x)+0.5)+0.1)), int(math.Floor(0.41*(float64(n)+3.5)+0.2))
			assert.Equal(t, []int32{100001729, 99999999}[(sx+sy)%2], v)
		}
	}
}

// Pixels own half-open squares: a point at a pixel's left edge is in it, one at the raster's far edge is in none.
func TestEdges(t *testing.T) {
	src := rastertest.Parse("123\n456\n789")
	for _, c := range []struct {
		name string
		x, y float64 // of the first pixel's centre
		want string
	}{
		{"near edge", 0, 0, "12\n45"},
		{"before the near edge", -0x1p-20, 0, ".1\n.4"},
		{"noise before the near edge", -0x1p-22, 0, "12\n45"},
		{"far edge", 2, 2, "9.\n.."},
		{"before the far edge", 2 - 0x1p-20, 2 - 0x1p-20, "56\n89"},
		{"noise before the far edge", 2 - 0x1p-22, 2, "9.\n.."},
		{"far out", 1e300, 0, "..\n.."},
		{"nowhere", math.NaN(), 0, "..\n.."},
		{"no end", math.Inf(-1), 0, "..\n.."},
	} {
		for _, m := range []resample.Mapping{shift(c.x-0.5, c.y-0.5), unseparated{shift(c.x-0.5, c.y-0.5)}} {
			assert.Equal(t, c.want, rastertest.Text(warp(t, src, image.Rect(0, 0, 2, 2), m, resample.Nearest)), c.name)
		}
	}
}

// T57: cubic rings past the range of a byte. A quarter pixel past the second sample the raw values are 260.98 and
// -5.98.
func TestRingingIsClamped(t *testing.T) {
	for _, c := range []struct {
		row  [4]uint8
		want uint8
	}{{[4]uint8{255, 255, 255, 0}, 255}, {[4]uint8{0, 0, 0, 255}, 0}} {
		src := rastertest.FillBlock(image.Rect(0, 0, 4, 4), 1, func(_, x, _ int) uint8 { return c.row[x] })
		for _, m := range []resample.Mapping{shift(1.25, 1), unseparated{shift(1.25, 1)}} {
			got := warp(t, src, image.Rect(0, 0, 1, 1), m, resample.Cubic)
			assert.Equal(t, []uint8{c.want}, samples[uint8](got, 0))
		}
		f := rastertest.FillBlock(image.Rect(0, 0, 4, 4), 1, func(_, x, _ int) float64 { return float64(c.row[x]) })
		got := warp(t, f, image.Rect(0, 0, 1, 1), shift(1.25, 1), resample.Cubic)
		assert.Contains(t, []float64{260.9765625, -5.9765625}, samples[float64](got, 0)[0])
	}
}

// Half is rounded away from zero, in every integer type, and results stay in the type's range.
func TestRounding(t *testing.T) {
	checkHalves[uint8](t, []halves{{0, 1, 1}, {1, 2, 2}, {254, 255, 255}, {255, 255, 255}})
	checkHalves[int8](t, []halves{{0, -1, -1}, {-1, -2, -2}, {-128, -127, -128}, {1, 2, 2}, {-1, 0, -1}})
	checkHalves[uint16](t, []halves{{65534, 65535, 65535}, {0, 1, 1}})
	checkHalves[int16](t, []halves{{-32768, -32767, -32768}})
	checkHalves[uint32](t, []halves{{4294967294, 4294967295, 4294967295}, {0, 4294967295, 2147483648}})
	checkHalves[int32](t, []halves{{-2147483648, -2147483647, -2147483648}, {-2147483648, 2147483647, -1}})
}

// halves holds two values and the rounded value halfway between them.
type halves struct{ a, b, want int64 }

func checkHalves[T raster.Real](t *testing.T, rows []halves) {
	t.Helper()
	for _, r := range rows {
		src := rastertest.FillBlock(image.Rect(0, 0, 2, 2), 1, func(_, x, _ int) T { return T([]int64{r.a, r.b}[x]) })
		got := samples[T](warp(t, src, image.Rect(0, 0, 1, 1), shift(0.5, 0), resample.Bilinear), 0)[0]
		assert.Equal(t, r.want, int64(got), "%+v", r)
	}
}

// Planes of bytes also hold types of fewer bits, whose range is smaller.
func TestFewBits(t *testing.T) {
	src := rastertest.Parse("0330\n0330\n0330\n0330")
	src.Type = raster.U2
	got := warp(t, src, image.Rect(0, 0, 1, 1), shift(1.5, 1), resample.Cubic) // 3.375
	assert.Equal(t, "3", rastertest.Text(got))
}

func TestRefusals(t *testing.T) {
	u8 := func(r image.Rectangle, bands int) *raster.Block { return raster.NewBlock(raster.U8, bands, r) }
	r := image.Rect(0, 0, 2, 2)
	noMask := u8(r, 1)
	noMask.Valid = nil
	uneven := u8(r, 2)
	uneven.Bands[1] = raster.NewPlanes(raster.U8, 1, image.Rect(0, 0, 1, 1))[0]
	mixed := u8(r, 1)
	mixed.Bands[0] = raster.NewPlanes(raster.U16, 1, r)[0]
	untrue, untyped := raster.NewBlock(raster.F32, 1, r), raster.NewBlock(raster.F32, 1, r)
	untrue.Type, untyped.Type = raster.U8, raster.Unknown
	false64 := raster.NewBlock(raster.F32, 1, r)
	false64.Type = raster.C64
	smallMask := u8(r, 1)
	smallMask.Valid = image.NewAlpha(image.Rect(0, 0, 1, 1))
	for _, c := range []struct {
		name     string
		dst, src *raster.Block
		i        resample.Interpolation
		want     string
	}{
		{"types", u8(r, 1), raster.NewBlock(raster.S8, 1, r), resample.Nearest, "is of type U8, source of type S8"},
		{"bands", u8(r, 1), u8(r, 3), resample.Nearest, "destination has 1 bands, source 3"},
		{"no mask", noMask, u8(r, 1), resample.Nearest, "no validity plane"},
		{"uneven", uneven, u8(r, 2), resample.Nearest, "band 1 of the destination"},
		{"uneven source", u8(r, 2), uneven, resample.Nearest, "band 1 of the source"},
		{"mixed", u8(r, 1), mixed, resample.Nearest, "band 0: blocks of type U8 have a *raster.PlaneOf[uint16]"},
		{"another type's planes", untrue, untrue, resample.Cubic, "band 0: blocks of type U8 have a"},
		{"no type", untyped, untyped, resample.Cubic, "blocks of type UNKNOWN have a"},
		{"no complex planes", false64, false64, resample.Bilinear, "blocks of type C64 have a"},
		{"a nil band", u8(r, 1), &raster.Block{Type: raster.U8, Bands: make([]raster.Plane, 1)}, resample.Nearest, "band 0"},
		{"small mask", smallMask, u8(r, 1), resample.Nearest, "its validity plane"},
		{"small source mask", u8(r, 1), smallMask, resample.Nearest, "its validity plane"},
	} {
		err := resample.Warp(c.dst, c.src, shift(0, 0), c.i)
		assert.ErrorContains(t, err, c.want, c.name)
		assert.ErrorAs(t, err, new(*resample.InvalidError), c.name)
	}
	var unsupported *resample.UnsupportedError
	require.ErrorAs(t, resample.Warp(u8(r, 1), u8(r, 1), shift(0, 0), 77), &unsupported)
	assert.ErrorContains(t, unsupported, "Interpolation(77)")
	c128 := raster.NewBlock(raster.C128, 1, r)
	require.ErrorAs(t, resample.Warp(c128, c128, shift(0, 0), resample.Majority), &unsupported)
	assert.ErrorContains(t, unsupported, "Majority of samples of type C128")
	assert.Empty(t, resample.Options{Interpolation: 77}.SourceWindow(shift(0, 0), r, r))
}

func TestComplexNearest(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 3, 1), 1, func(_, x, _ int) complex64 { return complex(float32(x), -1) })
	double := affine(raster.Affine{A: 0.5, C: 1, E: 1})
	for _, m := range []resample.Mapping{shift(1, 0), unseparated{shift(1, 0)}, double} {
		got := warp(t, src, image.Rect(0, 0, 2, 1), m, resample.Nearest)
		assert.Equal(t, complex64(complex(1, -1)), samples[complex64](got, 0)[0])
	}
}

// An empty destination, an empty source and a source without bands are all in order.
func TestNothing(t *testing.T) {
	r := image.Rect(0, 0, 2, 2)
	for _, i := range kernels {
		empty := raster.NewBlock(raster.U8, 1, image.Rectangle{})
		require.NoError(t, resample.Warp(empty, raster.NewBlock(raster.U8, 1, r), shift(0, 0), i))
		require.NoError(t, resample.Warp(&raster.Block{}, &raster.Block{}, shift(0, 0), i))
		for _, m := range []resample.Mapping{shift(0, 0), unseparated{shift(0, 0)}} {
			dst := rastertest.FillBlock(r, 1, func(_, _, _ int) uint8 { return 7 })
			dst.Valid = image.NewAlpha(r)
			for n := range dst.Valid.Pix {
				dst.Valid.Pix[n] = 9
			}
			require.NoError(t, resample.Warp(dst, raster.NewBlock(raster.U8, 1, image.Rectangle{}), m, i))
			assert.Equal(t, raster.NewBlock(raster.U8, 1, r), dst, "everything is written to")
		}
	}
}

func TestNames(t *testing.T) {
	for i, want := range map[resample.Interpolation]string{
		0: "Default", resample.Nearest: "Nearest", resample.Bilinear: "Bilinear", resample.Cubic: "Cubic",
		resample.Majority: "Majority", 9: "Interpolation(9)",
	} {
		assert.Equal(t, want, i.String())
	}
}
