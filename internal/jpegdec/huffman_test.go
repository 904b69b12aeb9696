package jpegdec

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHuffman decodes codes of all lengths by both ways, with values that fit in the lookup tables and values that do
// not.
func TestHuffman(t *testing.T) {
	spec := []byte{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2,
		0x01, 0x02, 0x00, 0x11, 0xf0, 0x03, 0x21, 0x04, 0x31, 0x12, 0x0a, 0x05, 0xa1, 0x71, 0x13, 0x08}
	var h huffman
	require.NoError(t, h.define(spec, true))
	code, at := 0, 16
	for length := 1; length <= 16; length++ {
		for range spec[length-1] {
			for _, rest := range []uint64{0, 0x5555555555555555, math.MaxUint64} {
				acc := uint64(code)<<(64-length) | rest>>length
				symbol, n := h.long(acc)
				require.Equal(t, spec[at], symbol)
				require.EqualValues(t, length, n)
				run, size := int(symbol>>4), uint(symbol&15)
				if e := h.fast[acc>>(64-lookBits)]; length+int(size) <= lookBits {
					value := extend(uint32(acc<<length>>32>>(32-size)), size)
					if symbol == 0 {
						run = endOfBlock
					}
					require.Equal(t, uint32(value)<<16|uint32(run)<<8|uint32(length+int(size)), e)
				} else {
					require.Zero(t, e)
				}
			}
			code++
			at++
		}
		code <<= 1
	}
	_, n := h.long(math.MaxUint64)
	require.Zero(t, n, "the code of all ones is not there")
	assert.Error(t, new(huffman).define([]byte{3, 15: 0, 18: 0}, true), "three codes of one bit")
	assert.Error(t, new(huffman).define([]byte{1, 15: 0, 16: 16}, false), "a difference of 16 bits")
}

func TestExtend(t *testing.T) {
	for _, c := range []struct {
		bits uint32
		size uint
		want int32
	}{{0, 0, 0}, {0, 1, -1}, {1, 1, 1}, {0, 2, -3}, {1, 2, -2}, {2, 2, 2}, {3, 2, 3}, {0, 15, -32767}, {32767, 15, 32767}} {
		assert.Equal(t, c.want, extend(c.bits, c.size), "%d in %d bits", c.bits, c.size)
	}
}
