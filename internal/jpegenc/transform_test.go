package jpegenc

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// slowTransform returns the quantised coefficients, in rows, of the cosine transform as T.81, A.3.3 defines it.
func slowTransform(table *[64]uint8, pix []uint8, stride int) (out [64]float64) {
	for v := range 8 {
		for u := range 8 {
			sum := 0.0
			for y := range 8 {
				for x := range 8 {
					sum += (float64(pix[y*stride+x]) - 128) *
						math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) * math.Cos(float64(2*y+1)*float64(v)*math.Pi/16)
				}
			}
			for _, k := range []int{u, v} {
				if k == 0 {
					sum /= math.Sqrt2
				}
			}
			out[8*v+u] = sum / 4 / float64(table[8*v+u])
		}
	}
	return out
}

func TestTransformIsTheCosineTransform(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const stride = 11
	pix := make([]uint8, 8*stride)
	for n := range 600 {
		quality := []int{0, 10, 50, 75, 95, 100}[n%6]
		for i := range pix {
			switch n / 6 % 4 {
			case 0:
				pix[i] = uint8(r.Uint32())
			case 1:
				pix[i] = uint8(r.Uint32N(2) * 255)
			case 2:
				pix[i] = uint8(i * n)
			case 3:
				pix[i] = uint8(n)
			}
		}
		table := scaled(&lumaQuantisers, quality)
		var c coefficients
		transform(&c, newQuantiser(&table), pix, stride)
		for i, want := range slowTransform(&table, pix, stride) {
			got := int32(0)
			if z := zigzag[i]; c.set>>z&1 != 0 {
				got = c.value[z]
				require.NotZero(t, got)
			}
			// Half a step of rounding; before division, an eighth of a unit at most from rounding between the passes,
			// and a sixteenth for constants of 13 bits.
			require.InDelta(t, want, float64(got), 0.5+0.1875/float64(table[i]), "case %d, coefficient %d, quality %d", n, i, quality)
		}
	}
}

func BenchmarkTransform(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	pix := make([]uint8, 64)
	for i := range pix {
		pix[i] = uint8(100 + i + r.IntN(9))
	}
	table := scaled(&lumaQuantisers, 75)
	q := newQuantiser(&table)
	var c coefficients
	for b.Loop() {
		transform(&c, q, pix, 8)
	}
}
