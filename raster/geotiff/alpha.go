package geotiff

import (
	"context"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// alphaPlane scales an alpha plane to 8 bits. The largest value of an integer type, or 1 in floating point, becomes
// 255, fully valid; values of 0 and below, and NaN, become 0. Of complex samples the real part counts.
func alphaPlane(p raster.Plane, t raster.PixelType) *image.Alpha {
	a := image.NewAlpha(p.Bounds())
	_, top := t.Range()
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		scaleAlpha(a.Pix, p.Pix, top)
	case *raster.PlaneOf[int8]:
		scaleAlpha(a.Pix, p.Pix, top)
	case *raster.PlaneOf[uint16]:
		scaleAlpha(a.Pix, p.Pix, top)
	case *raster.PlaneOf[int16]:
		scaleAlpha(a.Pix, p.Pix, top)
	case *raster.PlaneOf[uint32]:
		scaleAlpha(a.Pix, p.Pix, top)
	case *raster.PlaneOf[int32]:
		scaleAlpha(a.Pix, p.Pix, top)
	case *raster.PlaneOf[float32]:
		scaleAlpha(a.Pix, p.Pix, 1)
	case *raster.PlaneOf[float64]:
		scaleAlpha(a.Pix, p.Pix, 1)
	case *raster.PlaneOf[complex64]:
		scaleAlpha(a.Pix, realParts(p.Pix), 1)
	case *raster.PlaneOf[complex128]:
		scaleAlpha(a.Pix, realParts(p.Pix), 1)
	}
	return a
}

func realParts[T complex64 | complex128](pix []T) []float64 {
	r := make([]float64, len(pix))
	for i, v := range pix {
		r[i] = real(complex128(v))
	}
	return r
}

func scaleAlpha[T raster.Real](dst []uint8, src []T, top float64) {
	for i, v := range src {
		f := float64(v)
		switch {
		case f >= top:
			dst[i] = 0xff
		case f > 0:
			dst[i] = uint8(math.Round(f / top * 0xff))
		}
	}
}

// maskPlane sets dst to 0 wherever the mask plane p is 0.
func maskPlane(dst *image.Alpha, p *raster.PlaneOf[uint8]) {
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		i := dst.PixOffset(p.Rect.Min.X, y)
		to := dst.Pix[i : i+p.Rect.Dx()]
		for j, v := range p.Row(y) {
			if v == 0 {
				to[j] = 0
			}
		}
	}
}

// eachMask calls do for each plane of the mask m in the block at (col, row): one plane, or one for each band of the
// image.
func (f *File) eachMask(ctx context.Context, m *pixels, col, row int, do func(*raster.PlaneOf[uint8])) error {
	for plane := range m.layout.planes() {
		b, err := f.block(ctx, m, plane, col, row)
		if err != nil {
			return err
		}
		for _, p := range b.Bands {
			do(p.(*raster.PlaneOf[uint8]))
		}
	}
	return nil
}
