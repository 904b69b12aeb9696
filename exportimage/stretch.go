package exportimage

import (
	"math"

	"github.com/geoexport/geoexport/raster"
)

// stretched returns a block of real samples as bytes: of each band, its range's Min becomes 0 and Max 255, and values are
// rounded half away from zero and clamped. An empty range is drawn black. What is no number becomes a pixel without data.
func stretched(b *raster.Block, ranges []Range) *raster.Block {
	r := b.Bounds()
	out := &raster.Block{Type: raster.U8, Bands: raster.NewPlanes(raster.U8, len(b.Bands), r), Valid: b.Valid}
	none := func(x, y int) {
		if out.Valid == b.Valid {
			out.Valid = b.CopyValid()
		}
		out.Valid.Pix[out.Valid.PixOffset(r.Min.X+x, y)] = 0
	}
	for i, p := range b.Bands {
		to := out.Bands[i].(*raster.PlaneOf[uint8])
		switch p := p.(type) {
		case *raster.PlaneOf[uint8]:
			stretchPlane(to, p, ranges[i], none)
		case *raster.PlaneOf[int8]:
			stretchPlane(to, p, ranges[i], none)
		case *raster.PlaneOf[uint16]:
			stretchPlane(to, p, ranges[i], none)
		case *raster.PlaneOf[int16]:
			stretchPlane(to, p, ranges[i], none)
		case *raster.PlaneOf[uint32]:
			stretchPlane(to, p, ranges[i], none)
		case *raster.PlaneOf[int32]:
			stretchPlane(to, p, ranges[i], none)
		case *raster.PlaneOf[float32]:
			stretchPlane(to, p, ranges[i], none)
		case *raster.PlaneOf[float64]:
			stretchPlane(to, p, ranges[i], none)
		}
	}
	return out
}

// stretchPlane stretches a band, and calls none with the column and the row of each sample that is no number.
func stretchPlane[T raster.Real](to *raster.PlaneOf[uint8], p *raster.PlaneOf[T], from Range, none func(x, y int)) {
	factor := 255 / (from.Max - from.Min)
	if !(factor > 0) || math.IsInf(factor, 0) {
		factor = 0
	}
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		src := p.Row(y)
		dst := to.Row(y)[:len(src)]
		for x, s := range src {
			v := float64((float64(s) - from.Min) * factor)
			if !(v > 0 && v < 255) {
				switch {
				case v >= 255:
					dst[x] = 255
				case v <= 0:
					dst[x] = 0
				default:
					none(x, y)
				}
				continue
			}
			i := int32(v)
			dst[x] = uint8(i + int32(float64(2*(v-float64(i))))) // twice the fraction has the whole part 1 or 0
		}
	}
}
