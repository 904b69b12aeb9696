package jpegenc

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// lengthsOf returns the length of each symbol's code, and requires codes as T.81, annex C and F.1.2, demand them.
func lengthsOf(t require.TestingT, table huffmanTable) map[uint8]int {
	lengths, i, filled := map[uint8]int{}, 0, 0.0
	for n, count := range table.counts {
		for range count {
			lengths[table.symbols[i]] = n + 1
			filled += math.Pow(2, -float64(n+1))
			i++
		}
	}
	require.Len(t, table.symbols, i)
	require.Len(t, lengths, i)
	require.Less(t, filled, 1.0, "the code of ones is free")
	return lengths
}

func TestCodesAreNearTheEntropy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var counts [256]uint32
		total, n := 0.0, rapid.IntRange(1, 162).Draw(t, "symbols")
		skew := rapid.Float64Range(0, 4).Draw(t, "skew")
		for range n {
			s := r.IntN(256)
			total -= float64(counts[s])
			counts[s] = 1 + uint32(1e4*math.Pow(r.Float64(), skew))
			total += float64(counts[s])
		}
		lengths := lengthsOf(t, newHuffmanTable(&counts))
		bits, entropy := 0.0, 0.0
		for s, c := range counts {
			require.Equal(t, c > 0, lengths[uint8(s)] > 0)
			if c > 0 {
				bits += float64(c) * float64(lengths[uint8(s)])
				entropy += float64(c) * math.Log2(total/float64(c))
			}
		}
		require.GreaterOrEqual(t, bits, entropy)
		// A Huffman code is within a bit a symbol; the reserved one takes a little.
		require.LessOrEqual(t, bits, entropy+total+16)
	})
}

// Counts of Fibonacci make the longest codes there are.
func TestCodesAreOf16BitsAtMost(t *testing.T) {
	var counts [256]uint32
	a, b := uint32(1), uint32(1)
	for s := range 40 {
		counts[s], a, b = a, b, a+b
	}
	lengths := lengthsOf(t, newHuffmanTable(&counts))
	for s := 1; s < 40; s++ {
		assert.LessOrEqual(t, lengths[uint8(s)], lengths[uint8(s-1)])
	}
	assert.Equal(t, 1, lengths[39])
	assert.Empty(t, newHuffmanTable(new([256]uint32)).symbols)
}

// A code for others too has all symbols of baseline JPEG: 12 of DC, and 162 of AC.
func TestCodeOfOthers(t *testing.T) {
	code := new(Counts).Code(true)
	for i, want := range []int{12, 162, 12, 162} {
		assert.Len(t, lengthsOf(t, code.tables[i]), want)
	}
}
