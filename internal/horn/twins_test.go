package horn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// hostileHeights are rows of heights: flat ones, ramps, rough ones, and with the ends of float32 and no numbers among them.
func hostileHeights(r *rand.Rand, n int, kind int) Rows {
	ends := []float32{
		0, float32(math.Copysign(0, -1)), 1, -1, math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-39, 0x1p-126, 1e20,
		math.MaxFloat32, -math.MaxFloat32, -9999, -32768, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
	}
	row := func(y int) []float32 {
		out := make([]float32, n+2)
		for x := range out {
			switch {
			case kind == 0: // flat, or a plane
				out[x] = float32(y)*float32(n%3) - float32(x)*float32(n%2)
			case kind == 1:
				out[x] = float32(r.NormFloat64() * math.Exp(r.Float64()*20-10))
			case kind == 2 && r.IntN(40) > 0, kind == 3 && r.IntN(4) > 0: // with few ends, and many
				out[x] = float32(900 + 100*r.NormFloat64())
			default:
				out[x] = ends[r.IntN(len(ends))]
			}
		}
		return out
	}
	factors := []float64{1, 1. / 240, -2, 1e-300, 1e200, 5e-324, 1. / 3}
	return Rows{row(0), row(1), row(2), factors[r.IntN(len(factors))], factors[r.IntN(len(factors))]}
}

// Assembly has the bits of Go, whatever heights are, and writes nowhere else.
func TestAssemblyAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	slanted := NewLights(Light{180.3, 127.5, -127.5})
	flat := NewLights(Light{255, 0, 0})
	six := NewLights(Light{36, 15, 15}, Light{61, -35, 1e-15}, Light{36, -15, -15}, Light{24, 0, 14}, Light{12, -1e-14, -7}, Light{56, 0, 0})
	for i := range 800 {
		n := r.IntN(40)
		if i%100 == 0 {
			n += 500
		}
		rows := hostileHeights(r, n, i%4)
		check(t, n, uint8(7), func(dst, valid []uint8) { rows.Shades(dst, valid, slanted) }, func(dst, valid []uint8) { rows.shades(dst, valid, slanted) })
		check(t, n, uint8(7), func(dst, valid []uint8) { rows.Shades(dst, valid, flat) }, func(dst, valid []uint8) { rows.shades(dst, valid, flat) })
		check(t, n, uint8(7), func(dst, valid []uint8) { rows.Shades(dst, valid, six) }, func(dst, valid []uint8) { rows.shades(dst, valid, six) })
		check(t, n, float32(7), rows.Percents, rows.percents)
		check(t, n, float32(7), rows.Aspects, rows.aspects)

		east, south := make([]float64, n+1), make([]float64, n+1)
		Gradients(east[:n], south[:n], rows.Above, rows.At, rows.Below, rows.FX, rows.FY)
		wantEast, wantSouth := make([]float64, n+1), make([]float64, n+1)
		gradients(wantEast[:n], wantSouth[:n], rows.Above, rows.At, rows.Below, rows.FX, rows.FY)
		require.Equal(t, bits(wantEast), bits(east))
		require.Equal(t, bits(wantSouth), bits(south))

		// What is made of rows is what is made of their gradients.
		east, south = east[:n], south[:n]
		check(t, n, uint8(7), func(dst, valid []uint8) { rows.Shades(dst, valid, slanted) }, func(dst, valid []uint8) { ShadesOf(dst, valid, east, south, slanted) })
		check(t, n, uint8(7), func(dst, valid []uint8) { rows.Shades(dst, valid, six) }, func(dst, valid []uint8) { ShadesOf(dst, valid, east, south, six) })
		check(t, n, float32(7), rows.Percents, func(dst []float32, valid []uint8) { PercentsOf(dst, valid, east, south) })
		check(t, n, float32(7), rows.Aspects, func(dst []float32, valid []uint8) { AspectsOf(dst, valid, east, south) })
	}
}

// check requires that two ways to compute a row of n pixels make the same, and change nothing beyond.
func check[T float32 | uint8](t *testing.T, n int, fill T, got, want func(dst []T, valid []uint8)) {
	t.Helper()
	var dst [2][]T
	var valid [2][]uint8
	for i, of := range []func([]T, []uint8){got, want} {
		for range n + 8 {
			dst[i], valid[i] = append(dst[i], fill), append(valid[i], 255)
		}
		of(dst[i][:n:n], valid[i][:n:n])
		for x := n; x < n+8; x++ {
			require.Equal(t, fill, dst[i][x], "beyond the row")
			require.EqualValues(t, 255, valid[i][x], "beyond the row")
		}
	}
	require.Equal(t, valid[1], valid[0])
	if !slices.Equal(dst[1], dst[0]) {
		require.Equal(t, dst[1], dst[0])
	}
}

// bits are those of numbers, of which all that are no numbers count as the same.
func bits(row []float64) (b []uint64) {
	for _, v := range row {
		if v != v {
			v = math.NaN()
		}
		b = append(b, math.Float64bits(v))
	}
	return b
}

// Rows that hold no number are left out of valid, and others are not.
func TestValidity(t *testing.T) {
	one := float32(1)
	for _, hole := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		rows := Rows{[]float32{one, one, one, one, one, hole, one}, []float32{one, one, one, one, one, one, one}, make([]float32, 7), 1, 1}
		for name, of := range map[string]func(valid []uint8){
			"shades": func(valid []uint8) { rows.Shades(make([]uint8, 5), valid, NewLights(Light{200, 10, 10})) },
			"many": func(valid []uint8) {
				rows.Shades(make([]uint8, 5), valid, NewLights(Light{100, 10, 10}, Light{90, 0, 0}))
			},
			"percents": func(valid []uint8) { rows.Percents(make([]float32, 5), valid) },
			"aspects":  func(valid []uint8) { rows.Aspects(make([]float32, 5), valid) },
		} {
			valid := []uint8{255, 255, 255, 255, 17}
			of(valid)
			if name == "aspects" && hole == hole {
				continue // a wall has a direction
			}
			require.Equal(t, []uint8{255, 255, 255, 0}, valid[:4], "%s of %v", name, hole)
		}
	}
}
