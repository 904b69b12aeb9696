package exportimage

import (
	"fmt"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// commonType returns the first type, in the order of raster's constants, that holds every sample of all types exactly,
// or types[0] if there is none. Unknown types are passed over. All types count together: U16, S16 and F32 have F32 in
// common, which two at a time might not lead to. For two types, the result is that of GDAL 3.6's GDALDataTypeUnion,
// except for U32 with signed integers, where GDAL takes 64-bit integers.
func commonType(types ...raster.PixelType) raster.PixelType {
	for t := raster.U1; t <= raster.C128; t++ {
		if !slices.ContainsFunc(types, func(of raster.PixelType) bool { return of != raster.Unknown && !holds(t, of) }) {
			return t
		}
	}
	return types[0]
}

// holds reports whether t holds every sample of type of exactly. Complex types hold only their own samples: nothing is
// converted to them.
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
	if t == raster.F32 { // which holds integers of up to 24 bits
		tlo, thi = -(1 << 24), 1<<24
	}
	return tlo <= lo && hi <= thi
}

// mosaicType returns the type of a service's mosaic: the stated one, or else what those that items state and first, the
// type of the raster with the lowest ID, have in common.
func (s *Service) mosaicType(first raster.PixelType, stated []raster.PixelType) raster.PixelType {
	if s.PixelType != raster.Unknown {
		return s.PixelType
	}
	return commonType(append([]raster.PixelType{first}, stated...)...)
}

// fitsType returns why a raster's pixels cannot be part of a mosaic, nil if they can. They are converted after they
// were read and before they are resampled.
func fitsType(mosaic, of raster.PixelType) error {
	if holds(mosaic, of) {
		return nil
	}
	return fmt.Errorf(
		"pixels of type %v in a mosaic of %v are not supported: the service must state another pixel type", of, mosaic)
}
