package exportimage_test

import (
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A globe is a smooth image of the whole Earth, of 1° pixels from the given longitude on. Its values are those of shade
// at the pixels' centres.
func globe(t testing.TB, west float64) *rastertest.Memory {
	g := raster.NorthUp(crs(t, 4326), srs.Envelope{XMin: west, YMin: -90, XMax: west + 360, YMax: 90}, image.Pt(360, 180))
	return rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(shade(west+float64(x)+.5, 89.5-float64(y)) + .5) })
}

// shade is a function on the sphere without a jump anywhere, changing by less than 1.5 a degree: a fixed direction's
// cosine, and a ripple with the latitude.
func shade(lon, lat float64) float64 {
	const rad = math.Pi / 180
	return 128 + 60*math.Cos(lat*rad)*math.Cos((lon-40)*rad) + 20*math.Sin(lat*rad)
}

// pixelsAt are the longitudes and latitudes of the middles of an image's pixels, row by row; NaN where there are none.
func pixelsAt(t testing.TB, res exportimage.Result) (lons, lats []float64) {
	e, n := res.Envelope, res.Size
	for y := range n.Y {
		for x := range n.X {
			lons = append(lons, e.XMin+e.Width()*(float64(x)+.5)/float64(n.X))
			lats = append(lats, e.YMax-e.Height()*(float64(y)+.5)/float64(n.Y))
		}
	}
	tr, err := srs.NewTransformer(res.CRS, crs(t, 4326))
	require.NoError(t, err)
	tr.Transform(lons, lats)
	return lons, lats
}

// T27, and the other pole: a box over the pole is filled, to the pole itself, and no wedge shows where the raster's
// sides meet: every pixel has the Earth's value there.
func TestT27OverThePoles(t *testing.T) {
	for _, west := range []float64{-180, 0} {
		s, raw := service(globe(t, west))
		for _, sr := range []int{3413, 3995, 3031} {
			for _, k := range kernels {
				got, res := export(t, s, raw, fmt.Sprintf("bbox=-3e6,-3e6,3e6,3e6&bboxSR=%d&imageSR=%d&size=151,151&interpolation=%s", sr, sr, k))
				require.True(t, got.Opaque(), "%d, %s, from %v", sr, k, west)
				lons, lats := pixelsAt(t, res)
				require.Greater(t, math.Abs(lats[75*151+75]), 89.999, "the pole is the picture's middle")
				for i, lon := range lons {
					// Half a degree off for Nearest, and half a level of rounding.
					require.InDelta(t, shade(lon, lats[i]), u8(got, i%151, i/151), 1.5, "%d, %s, from %v, at %v %v", sr, k, west, lon, lats[i])
				}
			}
		}
	}
}

// T25: no pixel is missing or blurred where a raster's sides meet at 180° or, for one from 0 to 360, at 0°, and the
// level is the one that is used elsewhere.
func TestT25NoSeamAtTheSides(t *testing.T) {
	for _, c := range []struct {
		west float64
		box  [4]float64
	}{
		{-180, [4]float64{-180, -5, -175, 5}}, {-180, [4]float64{175, -5, 185, 5}},
		{0, [4]float64{355, -5, 365, 5}}, {0, [4]float64{-5, -5, 5, 5}}, {-180, [4]float64{15, -5, 25, 5}},
	} {
		s, raw := service(globe(t, c.west))
		for _, sr := range []int{4326, 3857, 32661} { // two by columns and rows, one point by point
			for _, k := range kernels[1:] {
				got, res := export(t, s, raw, fmt.Sprintf("bbox=%v,%v,%v,%v&bboxSR=4326&imageSR=%d&size=80,80&interpolation=%s",
					c.box[0], c.box[1], c.box[2], c.box[3], sr, k))
				require.True(t, got.Opaque(), "%v in %d", c, sr)
				for _, r := range res.Trace.Rasters {
					assert.Zero(t, r.Level, "%v in %d", c, sr)
				}
				lons, lats := pixelsAt(t, res)
				for i, lon := range lons {
					// A pixel at the side goes without the samples past it: half a degree of slope, and rounding.
					require.InDelta(t, shade(lon, lats[i]), u8(got, i%80, i/80), 1.5, "%v in %d, %s, at %v", c, sr, k, lon)
				}
			}
		}
	}
}

// T23: rasters on both sides of the antimeridian are a service of 4°, not of 360.
func TestT23ServiceAcrossTheAntimeridian(t *testing.T) {
	tile := func(west float64) *rastertest.Memory {
		g := raster.NorthUp(crs(t, 4326), srs.Envelope{XMin: west, YMin: -1, XMax: west + 2, YMax: 1}, image.Pt(20, 20))
		return rastertest.FromFunc(g, 1, func(_, _, _ int) uint8 { return 7 })
	}
	s, raw := service(tile(178), tile(-180))
	got, res := export(t, s, raw, "size=40,20")
	assert.Equal(t, srs.Envelope{XMin: 178, YMin: -1, XMax: 182, YMax: 1}, res.Envelope)
	assert.True(t, got.Opaque())

	s, _ = service(tile(-2), tile(0), tile(100), tile(-100)) // nothing is gained by going round
	_, res = export(t, s, raw, "size=202,2&adjustAspectRatio=false")
	assert.Equal(t, srs.Envelope{XMin: -100, YMin: -1, XMax: 102, YMax: 1}, res.Envelope)
}

// T14: a mapping approximated to an eighth of a pixel of the image is within that everywhere. Codes are drawn from all
// that there are, and boxes over scenes at 48°N and at 85°N. Each pixel's approximate source point is taken back by the
// exact way to where in the image it belongs.
func TestT14ApproximationInPixelsOfTheImage(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, and shorter tests run the same code")
	}
	const tol, side = 0.125, 192
	r := rand.New(rand.NewPCG(14, 0))
	for _, c := range []struct {
		name     string
		utm      int
		lon, lat float64
		always   []int
	}{{"48°N", 32633, 16.3, 48.2, []int{3857, 4326}}, {"85°N", 32633, 17, 85, []int{3413, 3857, 32661}}} {
		checked := 0
		for _, code := range tenCodes(t, r, c.always, crs(t, c.utm)) {
			x, y := []float64{c.lon}, []float64{c.lat}
			wgs84, err := srs.NewTransformer(crs(t, 4326), crs(t, c.utm))
			require.NoError(t, err)
			wgs84.Transform(x, y)
			src := raster.Affine{A: 10, C: x[0] - 20000, E: -10, F: y[0] + 20000} // UTM of docs/cases.md: 4000 pixels of 10 m
			there, err := srs.NewTransformer(crs(t, code), crs(t, c.utm))
			require.NoError(t, err)
			px, py := []float64{x[0], x[0] + 100, x[0]}, []float64{y[0], y[0], y[0] + 100}
			there.Inverse().Transform(px, py)
			pixel := math.Hypot(px[1]-px[0], py[1]-py[0]) / 10 // 10 m
			if !(pixel > 0) || math.IsInf(pixel, 0) {
				continue // the scene has no image there
			}
			for _, zoom := range []float64{0.3, 1, 30, 1000} { // up to 1920 km wide
				p := pixel * zoom
				dst := raster.Affine{A: p, C: px[0] - p*side/2, E: -p, F: py[0] + p*side/2}
				worst, n := worstMiss(t, src, dst, there, side, tol)
				require.LessOrEqual(t, worst, tol, "%s, %d at %v pixels to one", c.name, code, zoom)
				checked += n
			}
		}
		require.Greater(t, checked, 20*side*side, c.name)
	}
}

// tenCodes returns ten codes from which to comes by a transformation, the given ones first.
func tenCodes(t *testing.T, r *rand.Rand, codes []int, to srs.CRS) []int {
	for tried := 0; len(codes) < 10; tried++ {
		require.Less(t, tried, 10000)
		code := 2000 + r.IntN(30768)
		if place, err := srs.FromWKID(code); err != nil {
			continue
		} else if _, err := srs.NewTransformer(place, to); err != nil {
			continue
		}
		codes = append(codes, code)
	}
	return codes
}

// worstMiss returns how far, in pixels of dst, an approximated mapping is off at most, over how many of side by side
// pixels.
func worstMiss(t *testing.T, src, dst raster.Affine, there *srs.Transformer, side int, tol float64) (worst float64, checked int) {
	toSrc, _ := src.Inverse()
	toDst, _ := dst.Inverse()
	exact := resample.Placement{DstToMap: dst, MapToSrc: toSrc}.Through(func(xs, ys []float64) { there.Transform(xs, ys) })
	approximate := resample.Approximate(exact, tol)
	for row := range side {
		returned := func(m resample.Mapping) (xs, ys []float64) {
			xs, ys = make([]float64, side), make([]float64, side)
			for i := range xs {
				xs[i], ys[i] = float64(i)+.5, float64(row)+.5
			}
			m.Map(xs, ys)
			for i := range xs {
				xs[i], ys[i] = src.Apply(xs[i], ys[i])
			}
			there.Inverse().Transform(xs, ys)
			for i := range xs {
				xs[i], ys[i] = toDst.Apply(xs[i], ys[i])
			}
			return xs, ys
		}
		gotX, gotY := returned(approximate)
		wantX, wantY := returned(exact)
		for i := range gotX {
			if !(math.Hypot(wantX[i]-float64(i)-.5, wantY[i]-float64(row)-.5) < 1e-3) {
				continue // there and back does not return: outside one of the domains
			}
			checked++
			worst = max(worst, math.Hypot(gotX[i]-wantX[i], gotY[i]-wantY[i]))
			require.False(t, math.IsNaN(gotX[i]), "a hole at %d,%d", i, row)
		}
	}
	return worst, checked
}

// T60: indices of a palette are not mixed, and the trace states what was done instead.
func TestT60PalettesAreNotInterpolated(t *testing.T) {
	ds := rastertest.FromFunc(flat(t, 32, 32), 1, func(_, x, _ int) uint8 { return uint8(x / 16 * 9) })
	ds.Palette = make(color.Palette, 256)
	for i := range ds.Palette {
		ds.Palette[i] = color.NRGBA{R: uint8(i), G: uint8(255 - i), A: 255}
	}
	s, raw := service(ds)
	for _, k := range kernels {
		got, res := export(t, s, raw, "bbox=15,15,17,17&size=50,50&interpolation="+k)
		for _, v := range got.Bands[0].(*raster.PlaneOf[uint8]).Pix {
			require.Contains(t, []uint8{0, 9}, v, k)
		}
		assert.Equal(t, k != "RSP_NearestNeighbor", len(res.Trace.Notes) == 1, k)
	}
}

// T73: integer pixels are the same on every machine, through projections too. The checksums are this code's own, made
// on amd64 and found on 386 (GOARCH=386 go test): they are here for other machines to be compared with.
func TestT73SamePixelsOnEveryMachine(t *testing.T) {
	for _, c := range []struct {
		sr   int
		want [4]uint32 // a kernel each
	}{
		{32633, [4]uint32{0x87760a3d, 0x91f12fbd, 0x57a6e06a, 0x816a86a5}},
		{3857, [4]uint32{0xa1b78096, 0xc18b287f, 0x20d07679, 0xff749c45}},
		{3035, [4]uint32{0x9d5d388c, 0xb7efd36f, 0x75b55402, 0x861c692f}},
		{3413, [4]uint32{0x28b85572, 0xd5e39b82, 0xe0438612, 0xd5d379bd}},
	} {
		s, raw := service(scene(t))
		for i, k := range append(kernels, "RSP_Majority") {
			got, _ := export(t, s, raw, fmt.Sprintf("imageSR=%d&size=301,277&interpolation=%s", c.sr, k))
			sum := crc32.NewIEEE()
			for _, p := range got.Bands {
				sum.Write(p.(*raster.PlaneOf[uint8]).Pix)
			}
			if got.Valid != nil {
				sum.Write(got.Valid.Pix)
			}
			assert.Equal(t, c.want[i], sum.Sum32(), "%d, %s: %#08x", c.sr, k, sum.Sum32())
		}
	}
}
