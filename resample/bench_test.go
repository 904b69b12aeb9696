package resample_test

import (
	"fmt"
	"image"
	"math"
	"sync"
	"testing"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// BenchmarkWarp warps a megapixel, from a source 1.3 times as fine. Mpx/s are destination pixels, of all bands
// together.
//
// The mappings: axes is separable, rows is whole pixels (so that rows are copied), turned is affine, and bend is a
// nonlinear one approximated to 0.125 pixel, its few exact points included.
func BenchmarkWarp(b *testing.B) {
	r := image.Rect(0, 0, 1024, 1024)
	sources := []struct {
		name string
		src  *raster.Block
	}{
		{"3xU8", noise[uint8](image.Rect(0, 0, 1500, 1500), 3, 256)},
		{"3xU8,holes", withHoles(noise[uint8](image.Rect(0, 0, 1500, 1500), 3, 256))},
		{"3xU8,soft", soft(noise[uint8](image.Rect(0, 0, 1500, 1500), 3, 256))},
		{"U16", noise[uint16](image.Rect(0, 0, 1500, 1500), 1, 65536)},
		{"F32", noise[float32](image.Rect(0, 0, 1500, 1500), 1, 1000)},
	}
	turned := affine(raster.Affine{A: 1.3, B: 0.1, C: 4, D: -0.1, E: 1.3, F: 110})
	mappings := []struct {
		name string
		m    resample.Mapping
	}{
		{"axes", affine(raster.Affine{A: 1.3, C: 10.1, E: 1.3, F: 20.2})},
		{"rows", shift(10, 20)},
		{"turned", turned},
		{"bend", resample.Approximate(mapFunc(func(x, y float64) (float64, float64) {
			return 1.3*x + 20 + 5*math.Sin(y/300), 1.3*y + 20 + 5*math.Cos(x/300)
		}), 0.125)},
	}
	for _, s := range sources {
		for _, m := range mappings {
			for _, i := range kernels {
				b.Run(s.name+"/"+m.name+"/"+i.String(), func(b *testing.B) {
					dst := raster.NewBlock(s.src.Type, len(s.src.Bands), r)
					b.ReportAllocs()
					for b.Loop() {
						if err := resample.Warp(dst, s.src, m.m, i); err != nil {
							b.Fatal(err)
						}
					}
					reportPixels(b, r)
				})
			}
		}
	}
}

// BenchmarkStrips makes an image of four megapixels in strips of 64 rows, shared out to goroutines.
func BenchmarkStrips(b *testing.B) {
	src := withHoles(noise[uint8](image.Rect(0, 0, 1500, 1500), 3, 256))
	r := image.Rect(0, 0, 2048, 2048)
	m := resample.Approximate(mapFunc(func(x, y float64) (float64, float64) {
		return 0.7*x + 20 + 5*math.Sin(y/300), 0.7*y + 20 + 5*math.Cos(x/300)
	}), 0.125)
	dst := raster.NewBlock(src.Type, len(src.Bands), r)
	for _, i := range kernels {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%v/goroutines=%d", i, workers), func(b *testing.B) {
				for b.Loop() {
					var wg sync.WaitGroup
					for n := range workers {
						wg.Go(func() {
							for y := 64 * n; y < r.Max.Y; y += 64 * workers {
								strip := image.Rect(0, y, r.Max.X, y+64)
								win := resample.Options{Interpolation: i}.SourceWindow(m, strip, src.Bounds())
								if err := resample.Warp(dst.Sub(strip), src.Sub(win), m, i); err != nil {
									panic(err)
								}
							}
						})
					}
					wg.Wait()
				}
				reportPixels(b, r)
			})
		}
	}
}

// BenchmarkAntialias shrinks by 3 with widened kernels.
func BenchmarkAntialias(b *testing.B) {
	src := withHoles(noise[uint8](image.Rect(0, 0, 1500, 1500), 3, 256))
	r := image.Rect(0, 0, 450, 450)
	for _, c := range []struct {
		name string
		m    resample.Mapping
	}{
		{"axes", affine(raster.Affine{A: 3, C: 10.1, E: 3, F: 20.2})},
		{"turned", affine(raster.Affine{A: 3, B: 0.2, C: 4, D: -0.2, E: 3, F: 100})},
	} {
		for _, o := range antialiased {
			b.Run(c.name+"/"+o.Interpolation.String(), func(b *testing.B) {
				dst := raster.NewBlock(src.Type, len(src.Bands), r)
				for b.Loop() {
					if err := o.Warp(dst, src, c.m); err != nil {
						b.Fatal(err)
					}
				}
				reportPixels(b, r)
			})
		}
	}
}

// BenchmarkSourceWindow finds the window of a megapixel.
func BenchmarkSourceWindow(b *testing.B) {
	r := image.Rect(0, 0, 1024, 1024)
	m := resample.Approximate(bend(1000), 0.125)
	for b.Loop() {
		resample.Options{Interpolation: resample.Cubic}.SourceWindow(m, r, r)
	}
	reportPixels(b, r)
}

// BenchmarkApproximate maps a megapixel row by row, as Warp does, in an interpolation that takes no time.
func BenchmarkApproximate(b *testing.B) {
	r := image.Rect(0, 0, 1024, 1024)
	m := resample.Approximate(bend(1000), 0.125)
	src := rastertest.Parse("1")
	dst := raster.NewBlock(raster.U8, 1, r)
	for b.Loop() {
		if err := resample.Warp(dst, src, m, resample.Nearest); err != nil {
			b.Fatal(err)
		}
	}
	reportPixels(b, r)
}

func reportPixels(b *testing.B, r image.Rectangle) {
	b.ReportMetric(float64(r.Dx()*r.Dy())*float64(b.N)/1e6/b.Elapsed().Seconds(), "Mpx/s")
}

// withHoles makes a tenth of the pixels invalid, in squares of 100.
func withHoles(b *raster.Block) *raster.Block {
	b.Valid = image.NewAlpha(b.Bounds())
	for i := range b.Valid.Pix {
		if x, y := i%1500, i/1500; x%100 > 31 || y%100 > 31 {
			b.Valid.Pix[i] = 255
		}
	}
	return b
}

// soft gives each pixel some alpha.
func soft(b *raster.Block) *raster.Block {
	b.Valid = image.NewAlpha(b.Bounds())
	for i := range b.Valid.Pix {
		b.Valid.Pix[i] = uint8(1 + i%1500*250/1500)
	}
	return b
}
