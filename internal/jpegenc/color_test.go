package jpegenc

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The lanes agree with pixel by pixel, for extremes too.
func TestColoursInLanes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	row := func(n int) []uint8 {
		v := make([]uint8, n)
		for i := range v {
			v[i] = []uint8{0, 255, uint8(r.Uint32()), uint8(r.Uint32())}[r.IntN(4)]
		}
		return v
	}
	for n := range 2000 {
		n := 2 * (n % 40)
		var p [6][]uint8 // red, green and blue of two rows
		for i := range p {
			p[i] = row(n)
		}
		y, cb, cr := make([]uint8, n), make([]uint8, n/2), make([]uint8, n/2)
		luma(y, p[0], p[1], p[2])
		chromaHalved(cb, cr, [3][]uint8{slices.Concat(p[0], p[3]), slices.Concat(p[1], p[4]), slices.Concat(p[2], p[5])}, n)
		y2, cb2, cr2 := make([]uint8, n), make([]uint8, n/2), make([]uint8, n/2)
		lumaLanes(y2, p[0], p[1], p[2])
		chromaHalvedLanes(cb2, cr2, p[0], p[1], p[2], p[3], p[4], p[5])
		require.Equal(t, [][]uint8{y2, cb2, cr2}, [][]uint8{y, cb, cr})
		for x := range y {
			require.Equal(t, lumaOf(p[0][x], p[1][x], p[2][x]), y[x])
		}
		for x := range cb {
			var sum [3]int32
			for c := range sum {
				for _, row := range [][]uint8{p[c], p[c+3]} {
					sum[c] += int32(row[2*x]) + int32(row[2*x+1])
				}
			}
			blue, red := chromaOf(sum[0], sum[1], sum[2], 2)
			require.Equal(t, []uint8{blue, red}, []uint8{cb[x], cr[x]})
		}
	}
}
