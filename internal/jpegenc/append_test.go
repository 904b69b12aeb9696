package jpegenc

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// appendBits is Append, bit by bit.
func (c *Code) appendBits(dst []byte, symbols []uint32) []byte {
	free := 0 // bits of the last byte
	one := func(bit uint32) {
		if free == 0 {
			if n := len(dst); n > 0 && dst[n-1] == 0xff {
				dst = append(dst, 0)
			}
			dst, free = append(dst, 0), 8
		}
		free--
		dst[len(dst)-1] |= byte(bit << free)
	}
	for _, v := range symbols {
		word := c.words[v>>symbolShift&(4<<8-1)]
		for n := int(word&31) - 1; n >= 0; n-- {
			one((word>>5 | v&0xffff) >> n & 1)
		}
	}
	for free > 0 {
		one(1)
	}
	if n := len(dst); n > 0 && dst[n-1] == 0xff {
		dst = append(dst, 0)
	}
	return dst
}

// randomSymbols returns symbols of all tables, whose bits are often all ones.
func randomSymbols(r *rand.Rand, n int) []uint32 {
	symbols := make([]uint32, 0, n)
	for len(symbols) < n {
		table, s := r.IntN(4), r.IntN(256)
		if !possible(table, s) {
			continue
		}
		low := uint32(1)<<(s&15) - 1
		if r.IntN(3) == 0 {
			low &= r.Uint32()
		}
		symbols = append(symbols, uint32(table<<8|s)<<symbolShift|low)
	}
	return symbols
}

func TestAppend(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	stuffed := 0
	for n := range 400 {
		symbols := randomSymbols(r, n)
		var counts Counts
		counts.Add(symbols)
		code := counts.Code(n%2 == 0)
		want := code.appendBits(nil, symbols)
		stuffed += bytes.Count(want, []byte{0xff, 0})
		got := code.Append([]byte{1, 2, 0xff}[:2+n%2], symbols)
		require.Equal(t, []byte{1, 2, 0xff}[:2+n%2], got[:2+n%2])
		require.Equal(t, want, append([]byte(nil), got[2+n%2:]...), "%d symbols", n)
	}
	require.Greater(t, stuffed, 400)
}

func BenchmarkAppend(b *testing.B) {
	r := rand.New(rand.NewPCG(11, 12))
	symbols := make([]uint32, 1<<14)
	for i := range symbols { // as in pictures: short runs and small coefficients
		s := uint32(r.ExpFloat64()*1.2)&15<<4 | 1 + uint32(r.ExpFloat64())%10
		if i%6 == 5 {
			s = endOfBlock
		}
		symbols[i] = acTable | s<<symbolShift | r.Uint32()&(1<<(s&15)-1)
	}
	var counts Counts
	counts.Add(symbols)
	code := counts.Code(true)
	var dst []byte
	b.SetBytes(int64(len(symbols)))
	for b.Loop() {
		dst = code.Append(dst[:0], symbols)
	}
}
