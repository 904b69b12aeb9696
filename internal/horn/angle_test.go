package horn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// slopesOf yields gradients of all sizes and directions, flat and hostile ones among them.
func slopesOf(n int) (east, south []float64) {
	r := rand.New(rand.NewPCG(1, 2))
	special := []float64{0, math.Copysign(0, -1), 1, -1, 1e-40, 1e-9, 15.9, 16, 300, -1e10, 1e200, math.Inf(1), math.Inf(-1), math.NaN()}
	for _, p := range special {
		for _, q := range special {
			east, south = append(east, p), append(south, q)
		}
	}
	for len(east) < n {
		size, angle := math.Exp(r.Float64()*30-24), r.Float64()*2*math.Pi
		east, south = append(east, size*math.Cos(angle)), append(south, size*math.Sin(angle))
	}
	return east, south
}

func allSet(n int) []uint8 {
	valid := make([]uint8, n)
	for i := range valid {
		valid[i] = 255
	}
	return valid
}

// The tables of angles give what arc tangents do.
func TestAnglesAgree(t *testing.T) {
	east, south := slopesOf(8_000)
	single, double := make([]float32, len(east)), make([]float64, len(east))
	valid := allSet(len(east))
	DegreesOf(single, valid, east, south)
	DegreesOf(double, allSet(len(east)), east, south)
	for i := range double {
		want := steepness(float64(east[i]*east[i]) + float64(south[i]*south[i]))
		if want != want {
			require.Zero(t, valid[i])
			continue
		}
		require.NotZero(t, valid[i])
		require.LessOrEqual(t, math.Abs(double[i]-want), 5e-10*want, "%v, %v", east[i], south[i])
		off := int64(math.Float32bits(single[i])) - int64(math.Float32bits(float32(want)))
		require.LessOrEqual(t, max(off, -off), int64(1), "%v, %v", east[i], south[i])
	}

	valid = allSet(len(east))
	AspectsOf(single, valid, east, south)
	AspectsOf(double, allSet(len(east)), east, south)
	for i := range double {
		want := exactAspect(east[i], south[i])
		if want != want {
			require.Zero(t, valid[i])
			continue
		}
		require.NotZero(t, valid[i])
		off, over := math.Abs(double[i]-want), 0.0
		if off > 180 {
			over = 2 * (360 - belowNorth)
		}
		require.LessOrEqual(t, min(off, 360-off), 1e-7+over, "%v, %v", east[i], south[i])
		require.Less(t, single[i], float32(360))
		require.Equal(t, want == -1, single[i] == -1, "%v, %v", east[i], south[i])
	}

	valid = allSet(len(east))
	PercentsOf(single, valid, east, south)
	for i, v := range single {
		want := 100 * math.Sqrt(float64(east[i]*east[i])+float64(south[i]*south[i]))
		require.Equal(t, want-want == 0, valid[i] != 0)
		if valid[i] != 0 {
			require.Equal(t, float32(min(want, math.MaxFloat32)), v)
		}
	}
}
