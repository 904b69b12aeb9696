package function

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// An overflow is what becomes of a value that the type of a result cannot hold.
type overflow uint8

const (
	clamps overflow = iota // it becomes the nearest value that the type holds
	drops                  // the pixel becomes one without data
)

// A rowFunc computes the rows of a result's bands from those of all bands of the inputs, input after input, in float64.
// valid is the result's, and holds the least validity of the inputs. Values of pixels without data are unspecified.
type rowFunc func(dst, src [][]float64, valid []uint8)

// perRow returns a run that computes pixels from those at the same place.
func perRow(t raster.PixelType, bands int, o overflow, f rowFunc) runFunc {
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		out := raster.NewBlock(t, bands, rect)
		w := rect.Dx()
		var planes []raster.Plane
		for _, b := range in {
			planes = append(planes, b.Bands...)
		}
		buf := make([]float64, (len(planes)+bands)*w)
		rows := make([][]float64, len(planes)+bands)
		for i := range rows {
			rows[i] = buf[i*w : (i+1)*w : (i+1)*w]
		}
		src, dst := rows[:len(planes)], rows[len(planes):]
		own := make([][]float64, len(src))
		copy(own, src)
		for y := rect.Min.Y; y < rect.Max.Y; y++ {
			for i, p := range planes {
				src[i] = loadRow(own[i], p, y)
			}
			valid := raster.AlphaRow(out.Valid, y, rect)
			leastValid(valid, in, y)
			f(dst, src, valid)
			for i, p := range out.Bands {
				storeRow(p, y, dst[i], valid, o, t)
			}
		}
		return out, nil
	}
}

// perRowNull is perRow for functions that see which samples hold data: src has NaN for those that do not, and f makes NaN
// where the result holds none. Every pixel of the result otherwise holds data.
func perRowNull(t raster.PixelType, bands int, o overflow, f func(dst, src [][]float64)) runFunc {
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		out := raster.NewBlock(t, bands, rect)
		w := rect.Dx()
		n := 0
		for _, b := range in {
			n += len(b.Bands)
		}
		buf := make([]float64, (n+bands)*w)
		rows := make([][]float64, n+bands)
		for i := range rows {
			rows[i] = buf[i*w : (i+1)*w : (i+1)*w]
		}
		for y := rect.Min.Y; y < rect.Max.Y; y++ {
			i := 0
			for _, b := range in {
				marks := b.ValidRow(y)
				for _, p := range b.Bands {
					loadNull(rows[i], p, y, marks)
					i++
				}
			}
			valid := raster.AlphaRow(out.Valid, y, rect)
			for x := range valid {
				valid[x] = math.MaxUint8
			}
			f(rows[n:], rows[:n])
			for i, p := range out.Bands {
				storeRow(p, y, rows[n+i], valid, o, t)
			}
		}
		return out, nil
	}
}

// loadNull loads row y of a plane into dst, with NaN where marks are 0.
func loadNull(dst []float64, p raster.Plane, y int, marks []uint8) {
	if row := loadRow(dst, p, y); &row[0] != &dst[0] {
		copy(dst, row) // the plane's own
	}
	for x, m := range marks {
		if m == 0 {
			dst[x] = math.NaN()
		}
	}
}

// leastValid sets a row to the least validity of some blocks.
func leastValid(valid []uint8, in []*raster.Block, y int) {
	first := true
	for _, b := range in {
		marks := b.ValidRow(y)
		switch {
		case marks == nil:
			continue
		case first:
			copy(valid, marks)
			first = false
			continue
		}
		for x, v := range marks {
			valid[x] = min(valid[x], v)
		}
	}
	if first {
		fillValid(valid)
	}
}

// loadRow returns the samples of row y of a plane as float64: in dst, or the plane's own if they are of that type.
func loadRow(dst []float64, p raster.Plane, y int) []float64 {
	switch p := p.(type) {
	case *raster.PlaneOf[float64]:
		return p.Row(y)
	case *raster.PlaneOf[uint8]:
		widen(dst, p.Row(y))
	case *raster.PlaneOf[int8]:
		widen(dst, p.Row(y))
	case *raster.PlaneOf[uint16]:
		widen(dst, p.Row(y))
	case *raster.PlaneOf[int16]:
		widen(dst, p.Row(y))
	case *raster.PlaneOf[uint32]:
		widen(dst, p.Row(y))
	case *raster.PlaneOf[int32]:
		widen(dst, p.Row(y))
	case *raster.PlaneOf[float32]:
		widen(dst, p.Row(y))
	}
	return dst
}

func widen[T raster.Real](dst []float64, src []T) {
	dst = dst[:len(src)]
	for x, v := range src {
		dst[x] = float64(v)
	}
}

// storeRow stores values as row y of a plane of type t, and marks those that are none: NaN, infinities and, if o drops
// them, those that the type cannot hold.
func storeRow(p raster.Plane, y int, values []float64, valid []uint8, o overflow, t raster.PixelType) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		storeWhole(p.Row(y), values, valid, o, t)
	case *raster.PlaneOf[int8]:
		storeWhole(p.Row(y), values, valid, o, t)
	case *raster.PlaneOf[uint16]:
		storeWhole(p.Row(y), values, valid, o, t)
	case *raster.PlaneOf[int16]:
		storeWhole(p.Row(y), values, valid, o, t)
	case *raster.PlaneOf[uint32]:
		storeWhole(p.Row(y), values, valid, o, t)
	case *raster.PlaneOf[int32]:
		storeWhole(p.Row(y), values, valid, o, t)
	case *raster.PlaneOf[float32]:
		storeSingle(p.Row(y), values, valid, o)
	case *raster.PlaneOf[float64]:
		copy(p.Row(y), values)
		for x, v := range values {
			if v-v != 0 {
				valid[x] = 0
			}
		}
	}
}

// storeWhole rounds half away from zero. Adding a half before cutting the fraction off would round what is just below a
// half up, so the fraction is looked at instead.
func storeWhole[T uint8 | int8 | uint16 | int16 | uint32 | int32](
	dst []T, values []float64, valid []uint8, o overflow, t raster.PixelType,
) {
	lo, hi := t.Range()
	dst, valid = dst[:len(values)], valid[:len(values)]
	for x, v := range values {
		if !(v >= lo && v <= hi) {
			if v-v != 0 || o == drops && !(v > lo-0.5 && v < hi+0.5) {
				valid[x] = 0
				continue
			}
			v = min(max(v, lo), hi)
		}
		i := int64(v)
		i += int64(2 * (v - float64(i))) // without a branch, which nobody could predict
		dst[x] = T(i)
	}
}

func storeSingle(dst []float32, values []float64, valid []uint8, o overflow) {
	dst, valid = dst[:len(values)], valid[:len(values)]
	for x, v := range values {
		s := float32(v)
		if s-s != 0 { // no number, or beyond the largest
			if o == drops || v-v != 0 {
				valid[x] = 0
				continue
			}
			s = float32(math.Copysign(math.MaxFloat32, v))
		}
		dst[x] = s
	}
}

// typeOr returns the type that is asked for, or else the function's own.
func typeOr(asked, own raster.PixelType) raster.PixelType {
	if asked == raster.Unknown {
		return own
	}
	return asked
}

// realInput returns an error if an input is of complex samples, or of indices of colours.
func realInput(in input) error {
	if in.Type.Complex() {
		return unsupported("", "pixels of type %v are not supported", in.Type)
	}
	return nil
}

// quantities returns an error unless an input's samples are numbers with an order.
func quantities(in input) error {
	if in.Palette != nil {
		return invalid("", "its input is of palette indices, which are no quantities")
	}
	return realInput(in)
}
