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

// The transform of this machine and the one in lanes agree, for all qualities and for the largest coefficients too.
func TestTransformsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const stride = 9
	pix := make([]uint8, 7*stride+8)
	for n := range 4000 {
		for i := range pix {
			x, y := i%stride, i/stride
			switch n / 101 % 5 {
			case 0:
				pix[i] = uint8(r.Uint32())
			case 1:
				pix[i] = uint8(r.Uint32N(2) * 255)
			case 2: // the signs of a frequency, which make its coefficient as large as it gets
				if math.Cos(float64(2*x+1)*float64(n%8)*math.Pi/16)*math.Cos(float64(2*y+1)*float64(n/8%8)*math.Pi/16) > 0 {
					pix[i] = 255
				} else {
					pix[i] = 0
				}
			case 3:
				pix[i] = uint8(x*n + y)
			case 4:
				pix[i] = uint8(n)
			}
		}
		tables := []*[64]uint8{&lumaQuantisers, &chromaQuantisers}
		table := scaled(tables[n%2], n%101)
		var got, want coefficients
		q := newQuantiser(&table)
		transform(&got, q, pix, stride)
		transformLanes(&want, q, pix, stride)
		require.Equal(t, want.set, got.set)
		for z := range 64 {
			if want.set>>z&1 != 0 {
				require.Equal(t, want.value[z], got.value[z])
			}
		}
	}
}

// The factors of vectors divide exactly.
func TestVectorsDivide(t *testing.T) {
	for v := 1; v < 256; v++ {
		var q vectors
		q.set(9, uint8(v), 1)
		const at = 1*8 + 1
		for n := range uint32(1 << 11) {
			got := 4 * n * uint32(q[vectorTimes+at]) >> 16 * uint32(q[vectorScale+at]) >> 16
			require.Equal(t, n/uint32(v), got, "%d / %d", n, v)
		}
	}
}

func BenchmarkTransform(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	pix := make([]uint8, 64)
	for i := range pix {
		pix[i] = uint8(i*2 + r.IntN(16))
	}
	table := scaled(&lumaQuantisers, 75)
	q := newQuantiser(&table)
	var c coefficients
	for _, f := range []struct {
		name string
		do   func(*coefficients, *quantiser, []uint8, int)
	}{{"used", transform}, {"lanes", transformLanes}} {
		b.Run(f.name, func(b *testing.B) {
			for b.Loop() {
				f.do(&c, q, pix, 8)
			}
		})
	}
}
