package resample_test

import (
	"errors"
	"fmt"
	"image"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// drawMapping gives a mapping that leads a destination of about 100 pixels to a source of about 60.
func drawMapping(t *rapid.T) resample.Mapping {
	f := func(lo, hi float64, name string) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
	a := raster.Affine{A: f(0.2, 2, "A"), C: f(-20, 20, "C"), E: f(-2, 2, "E"), F: f(-20, 60, "F")}
	var m resample.Mapping
	switch kind := rapid.IntRange(0, 5).Draw(t, "mapping"); kind {
	case 0:
		m = affine(a)
	case 1: // whole pixels, so that rows are copied
		m = shift(float64(rapid.IntRange(-10, 10).Draw(t, "dx")), float64(rapid.IntRange(-10, 10).Draw(t, "dy")))
	case 2:
		a.B, a.D = f(-1, 1, "B"), f(-1, 1, "D")
		m = affine(a)
	case 3:
		m = resample.Placement{DstToMap: a, MapToSrc: raster.Affine{A: 1, E: 1}}.Separable(nil, func(ys []float64) {
			for i, y := range ys {
				if ys[i] = 30 + 25*math.Sin(y/25); y > 58 {
					ys[i] = math.NaN()
				}
			}
		})
	default: // a smooth bend, with a domain that ends and a jump
		p := resample.Placement{DstToMap: a, MapToSrc: raster.Affine{A: 1, B: 0.1, D: -0.05, E: 1}}
		m = p.Through(func(xs, ys []float64) {
			for i, x := range xs {
				y := ys[i]
				xs[i], ys[i] = x+3*math.Sin(y/20), y+2*math.Cos(x/30)
				if x*x+y*y > 55*55 {
					xs[i], ys[i] = math.NaN(), math.NaN()
				}
				if x > 40 {
					xs[i] -= 50
				}
			}
		})
		if kind == 5 {
			m = resample.Approximate(m, f(0.001, 0.2, "tol"))
		}
	}
	return m
}

func drawRect(t *rapid.T, maxSide int) image.Rectangle {
	p := image.Pt(rapid.IntRange(-70, 20).Draw(t, "x"), rapid.IntRange(-70, 20).Draw(t, "y"))
	side := rapid.IntRange(1, maxSide)
	return image.Rectangle{p, p.Add(image.Pt(side.Draw(t, "w"), side.Draw(t, "h")))}
}

// noise returns a block whose samples depend on nothing but their position.
func noise[T raster.Real](r image.Rectangle, bands int, scale float64) *raster.Block {
	return rastertest.FillBlock(r, bands, func(band, x, y int) T {
		h := uint32(x)*2654435761 ^ uint32(y)*2246822519 ^ uint32(band)*3266489917
		h ^= h >> 15
		h *= 2246822519
		h ^= h >> 13
		return T(float64(h) / (1 << 32) * scale)
	})
}

func drawSource(t *rapid.T) *raster.Block {
	r := image.Rect(0, 0, rapid.IntRange(1, 70).Draw(t, "src w"), rapid.IntRange(1, 70).Draw(t, "src h"))
	bands := rapid.IntRange(1, 2).Draw(t, "bands")
	var b *raster.Block
	switch rapid.IntRange(0, 8).Draw(t, "type") {
	case 0:
		b = noise[uint8](r, bands, 256)
	case 1:
		b = noise[int8](r, bands, 127)
	case 2:
		b = noise[uint16](r, bands, 65535)
	case 3:
		b = noise[int16](r, bands, -32768)
	case 4:
		b = noise[uint32](r, bands, math.MaxUint32)
	case 5:
		b = noise[int32](r, bands, math.MinInt32)
	case 6:
		b = noise[float32](r, bands, 1e30)
	case 7: // few values, among them both zeros
		b = noise[float64](r, bands, 4)
		for _, p := range b.Bands {
			for i, v := range p.(*raster.PlaneOf[float64]).Pix {
				p.(*raster.PlaneOf[float64]).Pix[i] = []float64{0, math.Copysign(0, -1), 1, -1}[int(v)]
			}
		}
	default:
		b = noise[float64](r, bands, 1e300)
	}
	b.Valid = nil
	switch rapid.IntRange(0, 2).Draw(t, "validity") {
	case 1: // holes
		b.Valid = image.NewAlpha(r)
		for i := range b.Valid.Pix {
			if i*i%37 > 8 {
				b.Valid.Pix[i] = 255
			}
		}
	case 2: // soft, with whole parts
		b.Valid = image.NewAlpha(r)
		for i := range b.Valid.Pix {
			b.Valid.Pix[i] = uint8(min(255, i%r.Dx()*i/r.Dx()))
		}
	}
	return b
}

func drawKernel(t *rapid.T) resample.Interpolation {
	return rapid.SampledFrom(kernels).Draw(t, "kernel")
}

func drawOptions(t *rapid.T) resample.Options {
	return resample.Options{Interpolation: drawKernel(t), Antialias: rapid.Bool().Draw(t, "antialias")}
}

// The bits of an image do not depend on its division into tiles, on the number of goroutines, or on the way that Warp
// takes; and the part of the source that SourceWindow returns is enough for the same bits.
func TestTilesMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, m, o := drawSource(t), drawMapping(t), drawOptions(t)
		r := drawRect(t, 150)
		whole := warpWith(t, src, r, m, o)
		same(t, whole, warpWith(t, src, r, unseparated{m}, o), "the general way")

		stitched := raster.NewBlock(src.Type, len(src.Bands), r)
		stepX := rapid.IntRange(1+r.Dx()/5, r.Dx()).Draw(t, "tile w")
		stepY := rapid.IntRange(1+r.Dy()/5, r.Dy()).Draw(t, "tile h")
		var tiles []image.Rectangle
		for y := r.Min.Y; y < r.Max.Y; y += stepY {
			for x := r.Min.X; x < r.Max.X; x += stepX {
				tiles = append(tiles, image.Rect(x, y, x+stepX, y+stepY).Intersect(r))
			}
		}
		workers := rapid.IntRange(1, 4).Draw(t, "goroutines")
		failures := make([]error, len(tiles))
		var wg sync.WaitGroup
		for first := range workers {
			wg.Go(func() {
				for n := first; n < len(tiles); n += workers {
					win := o.SourceWindow(m, tiles[n], src.Bounds())
					if other := o.SourceWindow(unseparated{m}, tiles[n], src.Bounds()); other != win || !win.In(src.Bounds()) {
						failures[n] = fmt.Errorf("windows %v, %v", win, other)
						continue
					}
					failures[n] = o.Warp(stitched.Sub(tiles[n]), cut(src, win), m)
				}
			})
		}
		wg.Wait()
		require.NoError(t, errors.Join(failures...))
		same(t, whole, stitched)
	})
}

// cut copies a window of a block, so that reading past it would show.
func cut(b *raster.Block, r image.Rectangle) *raster.Block {
	c := raster.NewBlock(b.Type, len(b.Bands), r)
	if r.Empty() {
		return c
	}
	err := resample.Warp(c, b, shift(0, 0), resample.Nearest)
	if err != nil {
		panic(err)
	}
	if b.Valid == nil {
		c.Valid = nil
	}
	return c
}

// SourceWindow is not only enough but needed: a window smaller by a row or a column changes the image.
func TestSourceWindowIsTight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := noise[float64](image.Rect(0, 0, 60, 60), 1, 1000)
		m, i, r := drawMapping(t), rapid.SampledFrom(kernels[:3]).Draw(t, "kernel"), drawRect(t, 60)
		win := resample.Options{Interpolation: i}.SourceWindow(m, r, src.Bounds())
		got := warp(t, src, r, m, i)
		if win.Empty() {
			for _, v := range got.Valid.Pix {
				require.Zero(t, v)
			}
			return
		}
		want := image.Rectangle{}
		taps := map[resample.Interpolation]int{resample.Nearest: 1, resample.Bilinear: 2, resample.Cubic: 4}[i]
		xs, ys := make([]float64, r.Dx()), make([]float64, r.Dx())
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for n := range xs {
				xs[n], ys[n] = float64(r.Min.X+n)+0.5, float64(y)+0.5
			}
			m.Map(xs, ys)
			for n := range xs {
				x, y := math.Round(xs[n]*0x1p20)/0x1p20, math.Round(ys[n]*0x1p20)/0x1p20
				if x >= 0 && y >= 0 && x < 60 && y < 60 {
					// From the first to the last of the samples whose centres are within half the taps.
					half := float64(taps) / 2
					p := image.Pt(int(math.Floor(x+0.5-half)), int(math.Floor(y+0.5-half)))
					want = want.Union(image.Rectangle{p, p.Add(image.Pt(taps, taps))})
				}
			}
		}
		require.Equal(t, want.Intersect(src.Bounds()), win)
	})
}

// A constant stays constant, to the bit, for every kernel, type, mapping and pattern of holes.
func TestConstantStaysConstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := drawSource(t)
		v := rapid.OneOf(rapid.Float64(), rapid.Just(math.Copysign(0, -1))).Draw(t, "value")
		for n := range src.Bands {
			switch p := src.Bands[n].(type) {
			case *raster.PlaneOf[uint8]:
				fill(p, uint8(rapid.Uint8().Draw(t, "v")))
			case *raster.PlaneOf[int8]:
				fill(p, rapid.Int8().Draw(t, "v"))
			case *raster.PlaneOf[uint16]:
				fill(p, rapid.Uint16().Draw(t, "v"))
			case *raster.PlaneOf[int16]:
				fill(p, rapid.Int16().Draw(t, "v"))
			case *raster.PlaneOf[uint32]:
				fill(p, rapid.Uint32().Draw(t, "v"))
			case *raster.PlaneOf[int32]:
				fill(p, rapid.Int32().Draw(t, "v"))
			case *raster.PlaneOf[float32]:
				fill(p, float32(v))
			case *raster.PlaneOf[float64]:
				fill(p, v)
			}
		}
		got := warpWith(t, src, drawRect(t, 80), drawMapping(t), drawOptions(t))
		for n, p := range got.Bands {
			want := rastertest.At(src.Bands[n], 0, 0)
			b := p.Bounds()
			for y := b.Min.Y; y < b.Max.Y; y++ {
				for x := b.Min.X; x < b.Max.X; x++ {
					if got.Valid.AlphaAt(x, y).A == 0 {
						require.Zero(t, rastertest.At(p, x, y))
					} else if g := rastertest.At(p, x, y); g != want || math.Signbit(real(g)) != math.Signbit(real(want)) {
						require.Equal(t, want, g)
						require.Fail(t, "the sign of zero")
					}
				}
			}
		}
	})
}

func fill[T raster.Sample](p *raster.PlaneOf[T], v T) {
	for i := range p.Pix {
		p.Pix[i] = v
	}
}

// T36 as a law: which pixels are valid is the same for all kernels.
func TestKernelsAgreeOnHoles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src, m, r := drawSource(t), drawMapping(t), drawRect(t, 80)
		nearest := warp(t, src, r, m, resample.Nearest)
		got := warpWith(t, src, r, m, drawOptions(t))
		for n, a := range nearest.Valid.Pix {
			require.Equal(t, a == 0, got.Valid.Pix[n] == 0)
			if src.Valid == nil {
				require.Equal(t, a, got.Valid.Pix[n])
			}
		}
	})
}

// T10: panning by whole pixels leaves the overlap as it was. The destination's numbers are absolute, so that is tiling;
// but images of one scale may also be planned each from its own corner.
func TestPanning(t *testing.T) {
	src := noise[uint8](image.Rect(0, 0, 300, 300), 1, 256)
	at := raster.Affine{A: 0.3, C: 499980.1, E: -0.3, F: 5300040.7}
	const scale = 0.41
	for _, i := range kernels {
		grid := raster.Affine{A: scale, C: 499981.3, E: -scale, F: 5300033.9}
		m := resample.Placement{DstToMap: grid, MapToSrc: inverse(t, at)}.Through(nil)
		whole := warp(t, src, image.Rect(0, 0, 100, 100), m, i)
		for _, d := range []int{1, 7, 64} {
			moved := grid
			moved.C, moved.F = 499981.3+float64(d)*scale, 5300033.9-float64(d)*scale
			panned := resample.Placement{DstToMap: moved, MapToSrc: inverse(t, at)}.Through(nil)
			got := warp(t, src, image.Rect(0, 0, 100-d, 100-d), panned, i)
			for y := range 100 - d {
				for x := range 100 - d {
					require.Equal(t, rastertest.At(whole.Bands[0], x+d, y+d), rastertest.At(got.Bands[0], x, y))
				}
			}
		}
	}
}

// Strips of one image, warped at the same time, share mapping and source.
func TestConcurrentStrips(t *testing.T) {
	src := noise[uint8](image.Rect(0, 0, 200, 200), 3, 256)
	m := resample.Approximate(bend(200), 0.05)
	for n := range 2 * len(kernels) {
		o := resample.Options{Interpolation: kernels[n/2], Antialias: n%2 == 1}
		r := image.Rect(-50, -50, 200, 200)
		want := warpWith(t, src, r, m, o)
		got := raster.NewBlock(src.Type, 3, r)
		var wg sync.WaitGroup
		for y := r.Min.Y; y < r.Max.Y; y += 17 {
			wg.Go(func() {
				strip := image.Rect(r.Min.X, y, r.Max.X, y+17).Intersect(r)
				if err := o.Warp(got.Sub(strip), src, m); err != nil {
					panic(err)
				}
			})
		}
		wg.Wait()
		same(t, want, got)
	}
}

// Rows of bands and of the mask may be any distance apart, each its own.
func TestStrides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := drawSource(t)
		if src.Valid == nil {
			src.Valid = image.NewAlpha(src.Bounds())
			for i := range src.Valid.Pix {
				src.Valid.Pix[i] = 255
			}
		}
		apart := *src
		apart.Bands = append([]raster.Plane(nil), src.Bands...)
		n := rapid.IntRange(0, 1).Draw(t, "band") % len(src.Bands)
		wide := raster.NewBlock(src.Type, 1, src.Bounds().Inset(-3))
		raster.Copy(wide.Bands[0], src.Bands[n], src.Bounds())
		apart.Bands[n] = wide.Sub(src.Bounds()).Bands[0]
		if rapid.Bool().Draw(t, "mask") {
			mask := image.NewAlpha(src.Bounds().Inset(-2))
			for y := range src.Bounds().Dy() {
				copy(mask.Pix[mask.PixOffset(0, y):], src.Valid.Pix[y*src.Valid.Stride:][:src.Valid.Stride])
			}
			apart.Valid = mask
		}
		r, m, o := drawRect(t, 80), drawMapping(t), drawOptions(t)
		same(t, warpWith(t, src, r, m, o), warpWith(t, &apart, r, m, o))
	})
}
