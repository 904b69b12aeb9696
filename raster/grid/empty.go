package grid

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// emptiness says by a pixel's samples whether it is without data. It looks at all bands, not only at the requested
// ones, and follows the rule of package geotiff: a pixel of unsigned samples is without data if all bands that have a
// noData value hold it, and one of other samples if any band holds its own, or NaN.
type emptiness struct {
	typ    raster.PixelType
	values []*float64 // noData values of the bands; nil for those that have none
	above  bool       // so are larger samples than a noData value
}

// all reports whether all bands with a noData value must hold it.
func (e *emptiness) all() bool {
	switch e.typ {
	case raster.U1, raster.U2, raster.U4, raster.U8, raster.U16, raster.U32:
		return true
	}
	return false
}

// decides returns the bands that decide which pixels hold data.
func (e *emptiness) decides() (bands []int) {
	for i, v := range e.values {
		if v != nil || !e.typ.Integer() {
			bands = append(bands, i)
		}
	}
	return bands
}

// mark sets the validity of a part of which the planes of bands were read, among them all that decide. A band that
// was read twice counts once or twice alike. It reports whether all pixels are valid.
func (e *emptiness) mark(valid *image.Alpha, planes []raster.Plane, bands []int, part image.Rectangle) bool {
	start := uint8(math.MaxUint8)
	if e.all() {
		start = 0
	}
	full := true
	for y := part.Min.Y; y < part.Max.Y; y++ {
		row := raster.AlphaRow(valid, y, part)
		for i := range row {
			row[i] = start
		}
		for i, p := range planes {
			if v := e.values[bands[i]]; v != nil || !e.typ.Integer() {
				e.markRow(row, p, y, v)
			}
		}
		for _, v := range row {
			full = full && v != 0
		}
	}
	return full
}

func (e *emptiness) markRow(valid []uint8, p raster.Plane, y int, noData *float64) {
	v := math.NaN() // equal to no sample
	if noData != nil {
		v = *noData
	}
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		keep(valid, p.Row(y), uint8(v))
	case *raster.PlaneOf[uint16]:
		keep(valid, p.Row(y), uint16(v))
	case *raster.PlaneOf[uint32]:
		keep(valid, p.Row(y), uint32(v))
	case *raster.PlaneOf[int8]:
		drop(valid, p.Row(y), int8(v))
	case *raster.PlaneOf[int16]:
		drop(valid, p.Row(y), int16(v))
	case *raster.PlaneOf[int32]:
		drop(valid, p.Row(y), int32(v))
	case *raster.PlaneOf[float32]:
		if e.above {
			dropAbove(valid, p.Row(y), float32(v))
		} else {
			drop(valid, p.Row(y), float32(v))
		}
	case *raster.PlaneOf[float64]:
		if e.above {
			dropAbove(valid, p.Row(y), v)
		} else {
			drop(valid, p.Row(y), v)
		}
	case *raster.PlaneOf[complex64]:
		drop(valid, p.Row(y), complex(float32(v), 0))
	case *raster.PlaneOf[complex128]:
		drop(valid, p.Row(y), complex(v, 0))
	}
}

// keep makes the pixels valid whose sample is not v.
func keep[T uint8 | uint16 | uint32](valid []uint8, row []T, v T) {
	for i, s := range row {
		if s != v {
			valid[i] = math.MaxUint8
		}
	}
}

// drop makes the pixels invalid whose sample is v or NaN.
func drop[T raster.Sample](valid []uint8, row []T, v T) {
	for i, s := range row {
		if s == v || s != s {
			valid[i] = 0
		}
	}
}

// dropAbove makes the pixels invalid whose sample is at least v, or NaN.
func dropAbove[T float32 | float64](valid []uint8, row []T, v T) {
	for i, s := range row {
		if s >= v || s != s {
			valid[i] = 0
		}
	}
}
