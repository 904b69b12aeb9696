package exportimage

import (
	"fmt"
	"slices"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// promote is the first type, in the order of raster's constants, that holds every sample of all types exactly; the first of
// types if there is none. Unknown ones say nothing. It looks at all at once: U16, S16 and F32 make F32, which two by two
// they need not. For two types that GDAL 3.6 has it is what its GDALDataTypeUnion gives, but for U32 with signed integers,
// which it puts into 64-bit integers.
func promote(types ...raster.PixelType) raster.PixelType {
	for t := raster.U1; t <= raster.C128; t++ {
		if !slices.ContainsFunc(types, func(of raster.PixelType) bool { return of != raster.Unknown && !holds(t, of) }) {
			return t
		}
	}
	return types[0]
}

// holds says whether t holds every sample of type of exactly. Complex types hold but their own: nothing is converted to
// them.
func holds(t, of raster.PixelType) bool {
	switch {
	case t == of:
		return true
	case t.Complex() || of.Complex():
		return false
	case !of.Integer():
		return t == raster.F64
	}
	lo, hi := of.Range()
	tlo, thi := t.Range()
	if t == raster.F32 { // whose integers are whole up to 24 bits
		tlo, thi = -(1 << 24), 1<<24
	}
	return tlo <= lo && hi <= thi
}

// mosaicType is the type of a service's mosaic: its own, or one for all items, first being the type of the lowest ID's.
func (s *Service) mosaicType(first raster.PixelType, items []*mosaic.Item) raster.PixelType {
	if s.PixelType != raster.Unknown {
		return s.PixelType
	}
	types := []raster.PixelType{first}
	for _, it := range items {
		if !slices.Contains(types, it.Type) {
			types = append(types, it.Type)
		}
	}
	return promote(types...)
}

// fitsType says why a raster's pixels cannot be among those of a mosaic. Those that can are converted after they were read
// and before they are resampled.
func fitsType(mosaic, of raster.PixelType) error {
	if holds(mosaic, of) {
		return nil
	}
	return fmt.Errorf("pixels of type %v in a mosaic of %v are not supported: the service must state another pixel type", of, mosaic)
}
