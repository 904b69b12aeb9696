package raster

import (
	"fmt"
	"math"
	"strings"
)

// A PixelType is the type of the samples of a raster. The names are those of the Export Image operation.
type PixelType uint8

// The pixel types. U1, U2 and U4 are held one sample to a byte, in planes of uint8.
const (
	Unknown PixelType = iota // not stated: the type of the source
	U1
	U2
	U4
	U8
	S8
	U16
	S16
	U32
	S32
	F32
	F64
	C64  // complex of two F32
	C128 // complex of two F64
)

var pixelTypeNames = [...]string{
	"UNKNOWN", "U1", "U2", "U4", "U8", "S8", "U16", "S16", "U32", "S32", "F32", "F64", "C64", "C128",
}

// String returns the type's name, such as "U8", and "UNKNOWN" for the zero value.
func (t PixelType) String() string {
	if int(t) < len(pixelTypeNames) {
		return pixelTypeNames[t]
	}
	return fmt.Sprintf("PixelType(%d)", uint8(t))
}

// ParsePixelType reads a name as String writes it, in any case.
func ParsePixelType(s string) (PixelType, bool) {
	for t, name := range pixelTypeNames {
		if strings.EqualFold(s, name) {
			return PixelType(t), true
		}
	}
	return Unknown, false
}

// Size returns the number of bytes that one sample takes in memory; 0 for Unknown.
func (t PixelType) Size() int {
	switch t {
	case U1, U2, U4, U8, S8:
		return 1
	case U16, S16:
		return 2
	case U32, S32, F32:
		return 4
	case F64, C64:
		return 8
	case C128:
		return 16
	}
	return 0
}

// Integer reports whether samples are whole numbers.
func (t PixelType) Integer() bool { return t >= U1 && t <= S32 }

// Complex reports whether samples have an imaginary part.
func (t PixelType) Complex() bool { return t == C64 || t == C128 }

// Range returns the least and the largest finite value a sample can hold. It is 0, 0 for Unknown and, for complex
// types, the range of either part.
func (t PixelType) Range() (lo, hi float64) {
	switch t {
	case U1:
		return 0, 1
	case U2:
		return 0, 3
	case U4:
		return 0, 15
	case U8:
		return 0, math.MaxUint8
	case S8:
		return math.MinInt8, math.MaxInt8
	case U16:
		return 0, math.MaxUint16
	case S16:
		return math.MinInt16, math.MaxInt16
	case U32:
		return 0, math.MaxUint32
	case S32:
		return math.MinInt32, math.MaxInt32
	case F32, C64:
		return -math.MaxFloat32, math.MaxFloat32
	case F64, C128:
		return -math.MaxFloat64, math.MaxFloat64
	}
	return 0, 0
}
