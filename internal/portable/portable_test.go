package portable_test

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/internal/portable"
)

// functions are those of one argument, with package math's.
var functions = map[string][2]func(float64) float64{
	"Sin": {portable.Sin, math.Sin}, "Cos": {portable.Cos, math.Cos}, "Tan": {portable.Tan, math.Tan},
	"Asin": {portable.Asin, math.Asin}, "Acos": {portable.Acos, math.Acos}, "Atan": {portable.Atan, math.Atan},
	"Exp": {portable.Exp, math.Exp}, "Expm1": {portable.Expm1, math.Expm1}, "Log": {portable.Log, math.Log},
	"Log1p": {portable.Log1p, math.Log1p}, "Log10": {portable.Log10, math.Log10}, "Sinh": {portable.Sinh, math.Sinh},
	"Cosh": {portable.Cosh, math.Cosh}, "Tanh": {portable.Tanh, math.Tanh}, "Asinh": {portable.Asinh, math.Asinh},
	"Atanh": {portable.Atanh, math.Atanh}, "Cbrt": {portable.Cbrt, math.Cbrt},
	"sine of Sincos":   {func(x float64) float64 { s, _ := portable.Sincos(x); return s }, math.Sin},
	"cosine of Sincos": {func(x float64) float64 { _, c := portable.Sincos(x); return c }, math.Cos},
}

var functions2 = map[string][2]func(float64, float64) float64{
	"Atan2": {portable.Atan2, math.Atan2}, "Hypot": {portable.Hypot, math.Hypot}, "Pow": {portable.Pow, math.Pow},
}

// arguments returns special values, and random ones of all sizes. None is subnormal: math.Log of those is wrong on amd64.
func arguments(n int) []float64 {
	xs := []float64{0, math.Copysign(0, -1), 1, -1, .5, math.Pi, math.Pi / 4, math.Inf(1), math.Inf(-1), math.NaN(),
		1e300, 1e-300, 0x1p-1022,
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		xs = append(xs, (2*r.Float64()-1)*math.Ldexp(1, r.IntN(40)-30))
	}
	return xs
}

// near reports whether two results differ by little, or are both no number.
func near(a, b float64) bool {
	return a == b && math.Signbit(a) == math.Signbit(b) || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 5e-14*math.Abs(b)
}

// The results are those of package math but for the last bits, by which that differs from machine to machine.
func TestFunctionsAreThoseOfPackageMath(t *testing.T) {
	xs := arguments(20_000)
	for name, f := range functions {
		for _, x := range xs {
			if got, want := f[0](x), f[1](x); !near(got, want) {
				t.Errorf("%s(%v) = %v, not %v", name, x, got, want)
			}
		}
	}
	for name, f := range functions2 {
		for i, x := range xs {
			y := xs[(i*7+3)%len(xs)]
			if got, want := f[0](x, y), f[1](x, y); !near(got, want) {
				t.Errorf("%s(%v, %v) = %v, not %v", name, x, y, got, want)
			}
		}
	}
}

// Results have the same bits on every machine. The checksum was made on amd64.
func TestBitsAreTheSameOnEveryMachine(t *testing.T) {
	h := fnv.New64a()
	add := func(v float64) {
		if math.IsNaN(v) {
			v = math.NaN() // their bits are nobody's concern
		}
		_ = binary.Write(h, binary.LittleEndian, v)
	}
	xs := arguments(2000)
	for _, name := range []string{
		"Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Exp", "Expm1", "Log", "Log1p", "Log10", "Sinh", "Cosh", "Tanh", "Asinh",
		"Atanh", "Cbrt", "sine of Sincos", "cosine of Sincos",
	} {
		for _, x := range xs {
			add(functions[name][0](x))
		}
	}
	for _, name := range []string{"Atan2", "Hypot", "Pow"} {
		for i, x := range xs {
			add(functions2[name][0](x, xs[(i*7+3)%len(xs)]))
		}
	}
	assert.Equal(t, uint64(0xb42b36cfd03b04f8), h.Sum64(), "%#x", h.Sum64())
}
