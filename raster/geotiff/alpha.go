package geotiff

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// alphaPlane scales a plane of transparency to 8 bits: the largest value of a whole-number type, or 1 in floating point, is
// fully valid; 0 and less, and NaN, are not valid at all.
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
	}
	return a
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

// maskPlane turns a plane of a transparency mask into validity: all that is not 0 is valid.
func maskPlane(dst *image.Alpha, p *raster.PlaneOf[uint8]) {
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		i := dst.PixOffset(p.Rect.Min.X, y)
		to := dst.Pix[i : i+p.Rect.Dx()]
		for j, v := range p.Row(y) {
			to[j] = 0
			if v != 0 {
				to[j] = 0xff
			}
		}
	}
}
