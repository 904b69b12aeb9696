package lerc

import (
	"encoding/binary"
	"math"
)

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
