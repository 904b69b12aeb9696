package lerc

import (
	"encoding/binary"
	"math"
)

// getSamples reads samples as they are stored, least significant byte first. src may be longer.
func getSamples[T Sample](dst []T, src []byte) {
	switch dst := any(dst).(type) {
	case []int8:
		for i, v := range src[:len(dst)] {
			dst[i] = int8(v)
		}
	case []uint8:
		copy(dst, src)
	case []int16:
		for i := range dst {
			dst[i] = int16(binary.LittleEndian.Uint16(src[2*i:]))
		}
	case []uint16:
		for i := range dst {
			dst[i] = binary.LittleEndian.Uint16(src[2*i:])
		}
	case []int32:
		for i := range dst {
			dst[i] = int32(binary.LittleEndian.Uint32(src[4*i:]))
		}
	case []uint32:
		for i := range dst {
			dst[i] = binary.LittleEndian.Uint32(src[4*i:])
		}
	case []float32:
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:]))
		}
	case []float64:
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:]))
		}
	}
}

// appendSamples appends samples as getSamples reads them.
func appendSamples[T Sample](b []byte, src []T) []byte {
	switch src := any(src).(type) {
	case []int8:
		for _, v := range src {
			b = append(b, byte(v))
		}
	case []uint8:
		b = append(b, src...)
	case []int16:
		for _, v := range src {
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		}
	case []uint16:
		for _, v := range src {
			b = binary.LittleEndian.AppendUint16(b, v)
		}
	case []int32:
		for _, v := range src {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	case []uint32:
		for _, v := range src {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	case []float32:
		for _, v := range src {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	case []float64:
		for _, v := range src {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b
}

// toSample converts a number to a sample. Numbers outside the range of a type of whole numbers become its nearest
// number, NaN becomes 0, and fractions are cut off: a conversion by Go alone would depend on the machine.
func toSample[T Sample](v float64) T {
	t := TypeOf[T]()
	if t.Float() {
		return T(v)
	}
	if math.IsNaN(v) {
		return 0
	}
	lo, hi := t.limits()
	return T(min(max(v, lo), hi))
}

// appendNumber appends a number that type t holds, as reader.sample reads it.
func appendNumber(b []byte, v float64, t Type) []byte {
	switch t {
	case Int8, Uint8:
		return append(b, byte(int64(v)))
	case Int16, Uint16:
		return binary.LittleEndian.AppendUint16(b, uint16(int64(v)))
	case Int32, Uint32:
		return binary.LittleEndian.AppendUint32(b, uint32(int64(v)))
	case Float32:
		return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
	}
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
}
