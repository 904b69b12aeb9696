package rastertest

import (
	"fmt"
	"image"
	"math/cmplx"

	"github.com/geoexport/geoexport/raster"
)

// At returns the sample of one pixel, whatever the plane's type: slow, for tests. It panics outside the plane.
func At(p raster.Plane, x, y int) complex128 {
	if !image.Pt(x, y).In(p.Bounds()) {
		panic(fmt.Sprintf("rastertest: pixel (%d,%d) of %v", x, y, p.Bounds()))
	}
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		return complex(sample(p, x, y), 0)
	case *raster.PlaneOf[int8]:
		return complex(sample(p, x, y), 0)
	case *raster.PlaneOf[uint16]:
		return complex(sample(p, x, y), 0)
	case *raster.PlaneOf[int16]:
		return complex(sample(p, x, y), 0)
	case *raster.PlaneOf[uint32]:
		return complex(sample(p, x, y), 0)
	case *raster.PlaneOf[int32]:
		return complex(sample(p, x, y), 0)
	case *raster.PlaneOf[float32]:
		return complex(sample(p, x, y), 0)
	case *raster.PlaneOf[float64]:
		return complex(sample(p, x, y), 0)
	case *raster.PlaneOf[complex64]:
		return complex128(p.Row(y)[x-p.Rect.Min.X])
	case *raster.PlaneOf[complex128]:
		return p.Row(y)[x-p.Rect.Min.X]
	}
	panic(fmt.Sprintf("rastertest: a plane of type %T", p))
}

func sample[T raster.Real](p *raster.PlaneOf[T], x, y int) float64 {
	return float64(p.Row(y)[x-p.Rect.Min.X])
}

func validity(b *raster.Block, x, y int) uint8 {
	if b.Valid == nil {
		return 0xff
	}
	return b.Valid.AlphaAt(x, y).A
}

// Diff describes the first difference between two blocks, in bounds, type, number of bands, validity, or the samples of
// valid pixels; it is empty if there is none. Two NaNs are equal, and a nil Valid is the same as one of nothing but
// 255.
func Diff(want, got *raster.Block) string {
	switch {
	case want.Type != got.Type:
		return fmt.Sprintf("type %v, want %v", got.Type, want.Type)
	case len(want.Bands) != len(got.Bands):
		return fmt.Sprintf("%d bands, want %d", len(got.Bands), len(want.Bands))
	case want.Bounds() != got.Bounds():
		return fmt.Sprintf("bounds %v, want %v", got.Bounds(), want.Bounds())
	}
	r := want.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			v, w := validity(got, x, y), validity(want, x, y)
			if v != w {
				return fmt.Sprintf("pixel (%d,%d): validity %d, want %d", x, y, v, w)
			}
			if v == 0 {
				continue
			}
			for b := range want.Bands {
				v, w := At(got.Bands[b], x, y), At(want.Bands[b], x, y)
				if v != w && !(cmplx.IsNaN(v) && cmplx.IsNaN(w)) {
					return fmt.Sprintf("pixel (%d,%d) of plane %d: %v, want %v", x, y, b, v, w)
				}
			}
		}
	}
	return ""
}
