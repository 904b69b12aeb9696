package sqlitefile

import (
	"encoding/binary"
	"math"
)

// varint reads a number of one to nine bytes, big end first, 7 bits in each byte but the ninth, which holds 8.
func varint(b []byte) (v int64, rest []byte, ok bool) {
	var u uint64
	for i := range min(9, len(b)) {
		if i == 8 {
			return int64(u<<8 | uint64(b[8])), b[9:], true
		}
		u = u<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return int64(u), b[i+1:], true
		}
	}
	return 0, nil, false
}

// decodeRecord returns the first values of a row, at most most of them: 2.1 Record Format.
func decodeRecord(b []byte, most int) ([]any, error) {
	size, types, ok := varint(b)
	if !ok || size < int64(len(b)-len(types)) || size > int64(len(b)) {
		return nil, malformed("a record's header is cut off")
	}
	body := b[size:]
	types = types[:size-int64(len(b)-len(types))]
	var out []any
	for len(types) > 0 && len(out) < most {
		var t int64
		if t, types, ok = varint(types); !ok || t < 0 {
			return nil, malformed("a record's header is malformed")
		}
		n := valueSize(t)
		if n > int64(len(body)) {
			return nil, malformed("a record is cut off")
		}
		v, err := value(t, body[:n])
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		body = body[n:]
	}
	return out, nil
}

// valueSize returns the number of bytes of a value of a type.
func valueSize(t int64) int64 {
	if t >= 12 {
		return (t - 12) / 2
	}
	return [12]int64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}[t]
}

// value decodes a value of a type, whose bytes are b.
func value(t int64, b []byte) (any, error) {
	switch {
	case t == 0:
		return nil, nil
	case t <= 6:
		v := int64(int8(b[0]))
		for _, c := range b[1:] {
			v = v<<8 | int64(c)
		}
		return v, nil
	case t == 7:
		return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
	case t <= 9:
		return t - 8, nil
	case t < 12:
		return nil, malformed("a value of type %d", t)
	case t%2 == 0:
		return b, nil
	}
	return string(b), nil
}
