package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// flat is a grid in 3857 of pixels of 1 m with its lower left corner at the origin.
func flat(t testing.TB, w, h int) raster.Grid {
	return raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: float64(w), YMax: float64(h)}, image.Pt(w, h))
}

func u8(b *raster.Block, x, y int) uint8 {
	p := b.Bands[0].(*raster.PlaneOf[uint8])
	return p.Row(y)[x-p.Rect.Min.X]
}

// T05: the overviews that IMP lacks are averaged, so no sample is passed over: 255/64 is 4 at both places.
func TestT05ShrinkingPassesNoSampleOver(t *testing.T) {
	s, raw := service(rastertest.FromFunc(flat(t, 512, 512), 1, func(_, x, y int) uint8 {
		if x == 100 && y == 100 || x == 202 && y == 202 {
			return 255
		}
		return 0
	}))
	got, res := export(t, s, raw, "size=64,64&interpolation=RSP_BilinearInterpolation")
	assert.Equal(t, uint8(4), u8(got, 12, 12))
	assert.Equal(t, uint8(4), u8(got, 25, 25))
	assert.Equal(t, 3, res.Trace.Rasters[0].Level)
	assert.True(t, res.Trace.Rasters[0].Virtual)
}

// T11: overviews of odd size show the whole raster, so their pixels are not quite two or four wide. A peak stays where
// it is.
func TestT11OverviewsOfOddSize(t *testing.T) {
	const side, at = 1001, 900.5
	peak := func(size int) func(_, x, y int) float32 {
		scale := side / float64(size)
		return func(_, x, y int) float32 {
			dx, dy := (float64(x)+.5)*scale-at, (float64(y)+.5)*scale-at
			return float32(math.Exp(-(dx*dx + dy*dy) / 800))
		}
	}
	ds := rastertest.FromFunc(flat(t, side, side), 1, peak(side))
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, 501, 501), 1, peak(501)))
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, 251, 251), 1, peak(251)))
	s, raw := service(ds)
	for level, size := range []int{1001, 501, 251} {
		got, res := export(t, s, raw, fmt.Sprintf("size=%d,%d&interpolation=RSP_BilinearInterpolation", size, size))
		require.Equal(t, level, res.Trace.Rasters[0].Level)
		var sum, sumX float64
		p := got.Bands[0].(*raster.PlaneOf[float32])
		for y := range size {
			for x, v := range p.Row(y) {
				sum += float64(v)
				sumX += float64(v) * (float64(x) + .5)
			}
		}
		assert.InDelta(t, at*float64(size)/side, sumX/sum, 0.01, "level %d", level)
	}
}

// T12: a level shows on its side of the threshold alone, for small images and large ones.
func TestT12TheThresholdOfALevel(t *testing.T) {
	ds := rastertest.FromFunc(flat(t, 2048, 2048), 1, func(_, _, _ int) uint8 { return 10 })
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, 1024, 1024), 1, func(_, _, _ int) uint8 { return 20 }))
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, 512, 512), 1, func(_, _, _ int) uint8 { return 30 }))
	s, raw := service(ds)
	for _, side := range []int{64, 128, 256} {
		for _, c := range []struct {
			scale float64
			want  uint8
		}{{1.99, 10}, {2, 20}, {3.99, 20}, {4, 30}, {4.01, 30}} {
			w := c.scale * float64(side)
			got, _ := export(t, s, raw, fmt.Sprintf("bbox=100,100,%f,%f&size=%d,%d", 100+w, 100+w, side, side))
			assert.Equal(t, c.want, u8(got, side/2, side/2), "%v source pixels to one, %d pixels", c.scale, side)
		}
	}
}

// T13: classes whose overviews were averaged. With SkipOverviews only classes show.
func TestT13SkipOverviewsOfClasses(t *testing.T) {
	ds := rastertest.FromFunc(flat(t, 256, 256), 1, func(_, x, _ int) uint8 { return uint8(x/8%2) * 100 })
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, 128, 128), 1, func(_, _, _ int) uint8 { return 50 }))
	s, raw := service(ds)
	got, res := export(t, s, raw, "size=128,128&interpolation=RSP_NearestNeighbor")
	assert.Equal(t, uint8(50), u8(got, 0, 0))
	assert.False(t, res.Trace.Rasters[0].Virtual)

	s, raw = service(ds)
	s.SkipOverviews = true
	got, res = export(t, s, raw, "size=128,128&interpolation=RSP_NearestNeighbor")
	assert.True(t, res.Trace.Rasters[0].Virtual)
	for x := range 128 {
		assert.Contains(t, []uint8{0, 100}, u8(got, x, 64))
	}
}

// T08: a narrow strip of an image is the same as the same rows of a square one.
func TestT08NarrowStrips(t *testing.T) {
	s, raw := service(scene(t))
	const res, left, top = 21.5, 1668000.0, 6085000.0
	box := func(y0, y1 int) string {
		return fmt.Sprintf("bbox=%f,%f,%f,%f&bboxSR=3857&imageSR=3857&size=300,%d&adjustAspectRatio=false",
			left, top-res*float64(y1), left+300*res, top-res*float64(y0), y1-y0)
	}
	whole, _ := export(t, s, raw, box(0, 300))
	strip, _ := export(t, s, raw, box(120, 124))
	assert.Empty(t, rastertest.Diff(moved(whole.Sub(image.Rect(0, 120, 300, 124)), image.Point{}), strip))
}

// T09: as a box is zoomed out across a threshold, the level changes once, and wherever the box lies at the same scale.
func TestT09TheLevelDoesNotFlap(t *testing.T) {
	s, _ := service(scene(t))
	last, changes := 0, 0
	for i := range 1000 {
		w := 5200 + 0.001*float64(i) + 8*float64(i) // metres of Web Mercator for 400 pixels
		x, y := 1672000+0.37*float64(i%17), 6083000-0.19*float64(i%13)
		res, err := s.Plan(context.Background(), parse(t, fmt.Sprintf("bbox=%f,%f,%f,%f&bboxSR=3857&imageSR=3857&size=400,400", x, y, x+w, y+w)))
		require.NoError(t, err)
		require.Len(t, res.Trace.Rasters, 1)
		if level := res.Trace.Rasters[0].Level; level != last {
			require.Greater(t, level, last)
			last, changes = level, changes+1
		}
	}
	assert.Equal(t, 1, changes)
}

// T16: rasters stored with south up or mirrored come out the right way round.
func TestT16SouthUpAndMirrored(t *testing.T) {
	plain := flat(t, 30, 20)
	value := func(x, y int) uint8 { return uint8(x + 7*y) }
	want := block(plain.Bounds(), value)
	for name, c := range map[string]struct {
		affine raster.Affine
		f      func(x, y int) uint8
	}{
		"south up": {raster.Affine{A: 1, E: 1}, func(x, y int) uint8 { return value(x, 19-y) }},
		"mirrored": {raster.Affine{A: -1, C: 30, E: -1, F: 20}, func(x, y int) uint8 { return value(29-x, y) }},
		"turned":   {raster.Affine{B: 1, D: -1, F: 20}, nil},
	} {
		g := raster.Grid{CRS: plain.CRS, Affine: c.affine, Size: plain.Size}
		f := c.f
		if name == "turned" { // columns run south, rows east
			g.Size = image.Pt(20, 30)
			f = func(x, y int) uint8 { return value(y, x) }
		}
		s, raw := service(rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return f(x, y) }))
		for _, k := range kernels {
			got, _ := export(t, s, raw, "bbox=0,0,30,20&size=30,20&interpolation="+k)
			assert.Empty(t, rastertest.Diff(want, got), "%s, %s", name, k)
		}
	}
}

// T30: a raster far from the box is not read, and not repeated.
func TestT30FarAway(t *testing.T) {
	ds := scene(t) // at 15° E
	s, raw := service(ds)
	got, res := export(t, s, raw, "bbox=-12000000,5000000,-11000000,6000000&bboxSR=3857&imageSR=3857&size=100,100")
	assert.Zero(t, ds.Reads())
	assert.False(t, res.Trace.Covered)
	assert.False(t, got.Opaque())
}

// T47: rasters that share an edge show no gap along it, in whatever kernel, and each pixel has the value of the raster
// that its centre is in.
func TestT47NoGapBetweenNeighbours(t *testing.T) {
	utm := crs(t, 32633)
	tile := func(x float64, value uint8) *rastertest.Memory {
		g := raster.NorthUp(utm, srs.Envelope{XMin: x, YMin: 53e5, XMax: x + 2560, YMax: 53e5 + 2560}, image.Pt(256, 256))
		return rastertest.FromFunc(g, 1, func(_, _, _ int) uint8 { return value })
	}
	const edge = 5e5 + 2560
	s, raw := service(tile(5e5, 100), tile(edge, 200))
	toUTM, err := srs.NewTransformer(crs(t, 3857), utm)
	require.NoError(t, err)
	for _, k := range kernels {
		for _, size := range []int{100, 333, 700} {
			got, res := export(t, s, raw, fmt.Sprintf("bbox=501000,5300500,504000,5302000&bboxSR=32633&imageSR=3857&size=%d,%d&interpolation=%s", size, size/2, k))
			area := image.Rect(size/10, size/8, size*9/10, size*3/8)
			assert.True(t, got.Sub(area).Opaque(), "%s at %d", k, size)
			g := raster.NorthUp(res.CRS, res.Envelope, res.Size)
			seen := map[uint8]int{}
			for y := area.Min.Y; y < area.Max.Y; y++ {
				for x := area.Min.X; x < area.Max.X; x++ {
					px, py := g.Affine.Apply(float64(x)+.5, float64(y)+.5)
					e, n := []float64{px}, []float64{py}
					toUTM.Transform(e, n)
					want := uint8(100)
					if e[0] > edge {
						want = 200
					}
					if math.Abs(e[0]-edge) < 0.01*g.Affine.A {
						continue // the rounding of a mapping may take the centre to either side
					}
					require.Equal(t, want, u8(got, x, y), "%s at %d: %d,%d", k, size, x, y)
					seen[want]++
				}
			}
			assert.Len(t, seen, 2)
		}
	}
}

// T59: codes that single precision cannot hold come out exact, and a tie always goes to the smallest.
func TestT59MajorityOfLargeCodes(t *testing.T) {
	const a, b = 100001729, 99999999
	ds := rastertest.FromFunc(flat(t, 64, 64), 1, func(_, x, y int) int32 {
		if (x+y)%2 == 0 {
			return a
		}
		return b
	})
	s, raw := service(ds)
	for _, size := range []int{64, 32, 16, 5} {
		for shift := range 4 {
			got, _ := export(t, s, raw, fmt.Sprintf("bbox=%d,%d,%d,%d&size=%d,%d&interpolation=RSP_Majority", shift, shift, 32+shift, 32+shift, size, size))
			for _, v := range got.Bands[0].(*raster.PlaneOf[int32]).Pix {
				require.Contains(t, []int32{a, b}, v)
				if size <= 16 {
					require.EqualValues(t, b, v, "as many of either, at %d pixels", size)
				}
			}
		}
	}
	got, res := export(t, s, raw, "size=8,8&interpolation=RSP_Majority")
	assert.EqualValues(t, b, got.Bands[0].(*raster.PlaneOf[int32]).Pix[0])
	assert.Equal(t, 2, res.Trace.Rasters[0].Level, "one finer than the scale of 8 asks for")
}
