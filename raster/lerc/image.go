package lerc

import (
	"fmt"
	"math"
)

// A Sample is a type of samples that LERC can hold.
type Sample interface {
	int8 | uint8 | int16 | uint16 | int32 | uint32 | float32 | float64
}

// A Type names a type of samples. The zero value names none.
type Type uint8

// The types of samples.
const (
	Int8 Type = iota + 1 // the format counts them from 0, in this order
	Uint8
	Int16
	Uint16
	Int32
	Uint32
	Float32
	Float64
)

var typeNames = [...]string{"no type", "int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"}

// String returns the name that the type has in Go.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("lerc.Type(%d)", uint8(t))
}

// Size returns the number of bytes of a sample, 0 for no type.
func (t Type) Size() int {
	switch t {
	case Int8, Uint8:
		return 1
	case Int16, Uint16:
		return 2
	case Int32, Uint32, Float32:
		return 4
	case Float64:
		return 8
	}
	return 0
}

// Float reports whether the type is one of the two floating-point types.
func (t Type) Float() bool { return t == Float32 || t == Float64 }

// limits returns the least and greatest value of a type.
func (t Type) limits() (lo, hi float64) {
	switch t {
	case Int8:
		return math.MinInt8, math.MaxInt8
	case Uint8:
		return 0, math.MaxUint8
	case Int16:
		return math.MinInt16, math.MaxInt16
	case Uint16:
		return 0, math.MaxUint16
	case Int32:
		return math.MinInt32, math.MaxInt32
	case Uint32:
		return 0, math.MaxUint32
	case Float32:
		return -math.MaxFloat32, math.MaxFloat32
	}
	return -math.MaxFloat64, math.MaxFloat64
}

// TypeOf returns the type of the samples of T.
func TypeOf[T Sample]() Type {
	switch any(T(0)).(type) {
	case int8:
		return Int8
	case uint8:
		return Uint8
	case int16:
		return Int16
	case uint16:
		return Uint16
	case int32:
		return Int32
	case uint32:
		return Uint32
	case float32:
		return Float32
	}
	return Float64
}

// An Image is a grid of pixels. Each pixel has one sample or Depth samples in each band. The zero value has no pixels:
// it cannot be encoded.
type Image struct {
	Width, Height int
	// Bands is the number of bands. Each is a blob of its own, one after the other. 0 means 1.
	Bands int
	// Depth is the number of samples of a pixel that are stored together, such as the three of a colour. Two samples of
	// one pixel share their validity. 0 means 1.
	Depth int

	// Pix is a slice of one of the types of Sample, such as []float32, of Bands × Height × Width × Depth samples: one
	// band after the other, rows from the top down, and the Depth samples of a pixel side by side.
	Pix any

	// Valid states which pixels hold data: a byte for each pixel, 0 if it holds none. Decode sets the others to 255.
	// Valid has Height × Width bytes for all bands, or Bands × Height × Width if bands differ. Nil means that all
	// pixels hold data. Decode leaves the samples of pixels without data 0.
	Valid []uint8

	// NoData has a value for each band, or is nil. A sample of this value holds no data; it differs from Valid where
	// some of the Depth samples of a pixel hold data and others do not. NaN means that the band has no value of this
	// kind. Encode writes the value with Depth > 1 alone; otherwise pixels of this value become invalid.
	NoData []float64
}

// Type returns the type of the samples of Pix.
func (m *Image) Type() Type {
	switch m.Pix.(type) {
	case []int8:
		return Int8
	case []uint8:
		return Uint8
	case []int16:
		return Int16
	case []uint16:
		return Uint16
	case []int32:
		return Int32
	case []uint32:
		return Uint32
	case []float32:
		return Float32
	case []float64:
		return Float64
	}
	return 0
}

// newPix returns a slice of n samples of a type.
func newPix(t Type, n int) any {
	switch t {
	case Int8:
		return make([]int8, n)
	case Uint8:
		return make([]uint8, n)
	case Int16:
		return make([]int16, n)
	case Uint16:
		return make([]uint16, n)
	case Int32:
		return make([]int32, n)
	case Uint32:
		return make([]uint32, n)
	case Float32:
		return make([]float32, n)
	}
	return make([]float64, n)
}
