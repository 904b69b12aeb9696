package littleendian_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/littleendian"
)

// check compares with package binary.
func check[T littleendian.Number](t *testing.T, numbers ...T) {
	want, err := binary.Append([]byte{7}, binary.LittleEndian, numbers)
	require.NoError(t, err)
	require.Equal(t, want, littleendian.Append([]byte{7}, numbers))
	got := make([]T, len(numbers))
	littleendian.Get(got, append(want[1:], 1, 2, 3)) // there may be more
	require.Equal(t, numbers, got)
	require.Panics(t, func() { littleendian.Get(got, want[2:]) }, "a byte is missing")
}

func TestAsPackageBinary(t *testing.T) {
	check[int8](t, -128, -1, 0, 127)
	check[uint8](t, 0, 1, 255)
	check[int16](t, math.MinInt16, -2, 0x0102)
	check[uint16](t, math.MaxUint16, 0x0102)
	check[int32](t, math.MinInt32, -2, 0x01020304)
	check[uint32](t, math.MaxUint32, 0x01020304)
	check(t, float32(-1.5), float32(math.Inf(1)), math.MaxFloat32)
	check(t, -1.5, math.Inf(-1), math.SmallestNonzeroFloat64)
}
