package jpegdec

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// slowDCT computes the definition in T.81, A.3.3, in floating point.
func slowDCT(c *[64]int32) (out [64]float64) {
	for y := range 8 {
		for x := range 8 {
			sum := 0.0
			for v := range 8 {
				for u := range 8 {
					k := float64(c[8*v+u])
					if u == 0 {
						k *= math.Sqrt2 / 2
					}
					if v == 0 {
						k *= math.Sqrt2 / 2
					}
					sum += k * math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) * math.Cos(float64(2*y+1)*float64(v)*math.Pi/16)
				}
			}
			out[8*y+x] = min(max(sum/4+128, 0), 255)
		}
	}
	return out
}

func TestInverseDCT(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var c [64]int32
		last := rapid.SampledFrom([]int{0, 1, 2, 5, 9, 10, 20, 63}).Draw(rt, "last")
		for k := range last + 1 {
			c[zigzag[k]] = rapid.Int32Range(-1023, 1023).Draw(rt, "coefficient") >> min(k/2, 8)
		}
		want, all := slowDCT(&c), c
		var got, whole [64]byte
		inverseDCT8(whole[:], 8, &all)
		inverseDCT(got[:], 8, &c, last)
		require.Equal(rt, whole, got, "the short ways lead to the same")
		for i := range want {
			require.LessOrEqual(rt, math.Abs(want[i]-float64(got[i])), 1.0, "sample %d", i)
		}
	})
}

func BenchmarkInverseDCT(b *testing.B) {
	for _, last := range []int{0, last4, 20, 63} {
		b.Run(fmt.Sprint(last), func(b *testing.B) {
			var c [64]int32
			for k := range last + 1 {
				c[zigzag[k]] = int32(100 - k)
			}
			var dst [64]byte
			b.SetBytes(64)
			for b.Loop() {
				coefs := c
				inverseDCT(dst[:], 8, &coefs, last)
			}
		})
	}
}
