package portable

import (
	"bufio"
	"flag"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// values are what mpmath computes at 1300 bits. For more of them, in the folder of this file:
//
//	python3 testdata/tables.py -values 2000 /tmp/values.txt && go test -run Values -v -values /tmp/values.txt
var values = flag.String("values", "testdata/values.txt", "a file that testdata/tables.py -values writes")

// A function has what package math has under its name, and the largest error in units in the last place.
type function struct {
	ours, standard func(float64) float64
	limit          float64
}

var functions = map[string]function{
	"Sin":   {Sin, math.Sin, 0.52},
	"Cos":   {Cos, math.Cos, 0.52},
	"Tan":   {Tan, math.Tan, 0.52},
	"Asin":  {Asin, math.Asin, 0.6},
	"Acos":  {Acos, math.Acos, 0.6},
	"Atan":  {Atan, math.Atan, 0.65},
	"Exp":   {Exp, math.Exp, 0.52},
	"Expm1": {Expm1, math.Expm1, 0.65},
	"Log":   {Log, math.Log, 0.52},
	"Log10": {Log10, math.Log10, 0.52},
	"Log1p": {Log1p, math.Log1p, 0.52},
	"Sinh":  {Sinh, math.Sinh, 0.65},
	"Cosh":  {Cosh, math.Cosh, 0.52},
	"Tanh":  {Tanh, math.Tanh, 0.75},
	"Asinh": {Asinh, math.Asinh, 0.52},
	"Atanh": {Atanh, math.Atanh, 0.52},
	"Cbrt":  {Cbrt, math.Cbrt, 0.52},
}

// A functionOfTwo is a function of two arguments.
type functionOfTwo struct {
	ours, standard func(x, y float64) float64
	limit          float64
}

var functionsOfTwo = map[string]functionOfTwo{
	"Atan2": {Atan2, math.Atan2, 0.65},
	"Hypot": {Hypot, math.Hypot, 0.9},
	"Pow":   {Pow, math.Pow, 0.52},
}

// TestValues compares with values of high precision.
func TestValues(t *testing.T) {
	f, err := os.Open(*values)
	require.NoError(t, err)
	defer f.Close()
	type tally struct {
		worst, standard float64
		line            string
		count           int
	}
	tallies := map[string]*tally{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		name := words[0]
		if tallies[name] == nil {
			tallies[name] = &tally{}
		}
		y := tallies[name]
		var v []float64
		for _, w := range words[1:] {
			x, err := strconv.ParseFloat(w, 64)
			require.NoError(t, err)
			v = append(v, x)
		}
		ours, standard := functions[name].ours, functions[name].standard
		if len(v) == 4 {
			ours = func(x float64) float64 { return functionsOfTwo[name].ours(x, v[1]) }
			standard = func(x float64) float64 { return functionsOfTwo[name].standard(x, v[1]) }
		}
		want, rest := v[len(v)-2], v[len(v)-1]
		if e := ulps(ours(v[0]), want, rest); !(e <= y.worst) {
			y.worst, y.line = e, lines.Text()
		}
		y.standard = max(y.standard, ulps(standard(v[0]), want, rest))
		y.count++
	}
	require.NoError(t, lines.Err())
	require.Len(t, tallies, len(functions)+len(functionsOfTwo))
	for _, name := range slices.Sorted(maps.Keys(tallies)) {
		y := tallies[name]
		t.Logf("%-6s %.3f ulp in %d values, package math %.3g", name, y.worst, y.count, y.standard)
		assert.LessOrEqual(t, y.worst, max(functions[name].limit, functionsOfTwo[name].limit), y.line)
	}
}

// ulps returns how far a number is from want and rest, in units in the last place of want.
func ulps(got, want, rest float64) float64 {
	_, e := math.Frexp(want)
	return math.Abs(((got - want) - rest) / math.Ldexp(1, e-53))
}

// hostile are arguments at which something changes.
func hostile() []float64 {
	xs := []float64{
		0, 1, 0.5, 2, 3, 4, 7, 8, 10, 27, 40, 50, 100, 708, 709, 709.7, 709.8, 710, 710.5, 744, 745, 745.2, 746, 1000, 1024,
		1.0 / 32, 7. / 256, 1. / 128, math.Pi / 128, math.Pi / 64, math.Pi / 4, math.Pi / 2, math.Pi, 2 * math.Pi, math.Ln2, math.Sqrt2,
		math.Inf(1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64, 0x1p-1022, 0x1p-1023, 0x1.8p-1060,
	}
	for _, e := range []int{-1000, -501, -500, -450, -100, -64, -60, -54, -53, -29, -28, -27, -26, 10, 22, 28, 31, 52, 53, 54, 60, 61, 64, 500, 501, 1000} {
		xs = append(xs, math.Ldexp(1, e))
	}
	for _, x := range xs[:len(xs):len(xs)] {
		xs = append(xs, math.Nextafter(x, 0), math.Nextafter(x, math.Inf(1)))
	}
	for _, x := range xs[:len(xs):len(xs)] {
		xs = append(xs, -x)
	}
	return xs
}

// same reports whether two results are the same NaN, infinity or zero, or close.
func same(a, b, tolerance float64) bool {
	switch {
	case a != a || b != b:
		return a != a && b != b
	case a == 0 || b == 0 || math.IsInf(a, 0) || math.IsInf(b, 0):
		return math.Float64bits(a) == math.Float64bits(b)
	}
	return math.Abs(a-b) <= tolerance*math.Abs(b)+2e-323
}

// standardIsOff reports whether package math lacks digits, or the sign; values.txt has some of these.
func standardIsOff(name string, x float64) bool {
	switch name {
	case "Sin", "Cos", "Tan":
		return math.Abs(x) > 100 // its reduction loses digits
	case "Exp", "Sinh", "Cosh", "Expm1":
		return math.Abs(x) > 709 && math.Abs(x) < 711 // it overflows early
	case "Log", "Log10":
		return x > 0 && x < 0x1p-1022
	case "Acos":
		return x > 0.999 && x < 1
	}
	return false
}

// standardOfTwoIsOff is standardIsOff for functions of two arguments.
func standardOfTwoIsOff(name string, x, y float64) bool {
	switch name {
	case "Atan2":
		return y < 0 && x < 0 && x/y == 0 // it loses the sign
	case "Pow":
		return math.Abs(y) > 1000 && !math.IsInf(y, 0) && math.Abs(x) > 0.9 && math.Abs(x) < 1.1 || math.Abs(x) < 0x1p-1022 && x != 0
	}
	return false
}

func TestHostileArguments(t *testing.T) {
	xs := hostile()
	for name, f := range functions {
		for _, x := range xs {
			if got, want := f.ours(x), f.standard(x); !same(got, want, 4e-15) && !standardIsOff(name, x) {
				t.Errorf("%s(%x) = %x, package math %x", name, x, got, want)
			}
		}
	}
	for name, f := range functionsOfTwo {
		tolerance := 4e-15
		if name == "Pow" {
			tolerance = 1e-12 // package math loses digits where the result is large or small
		}
		for _, x := range xs {
			for _, y := range xs {
				if got, want := f.ours(x, y), f.standard(x, y); !same(got, want, tolerance) && !standardOfTwoIsOff(name, x, y) {
					t.Errorf("%s(%x, %x) = %x, package math %x", name, x, y, got, want)
				}
			}
		}
	}
}

func TestSincosIsSinAndCos(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	xs := hostile()
	for range 10000 {
		xs = append(xs, (r.Float64()-0.5)*math.Ldexp(1, r.IntN(60)-30))
	}
	for _, x := range xs {
		s, c := Sincos(x)
		require.Equal(t, math.Float64bits(Sin(x)), math.Float64bits(s), x)
		require.Equal(t, math.Float64bits(Cos(x)), math.Float64bits(c), x)
	}
}

// TestSymmetry: what is odd or even is so to the last bit.
func TestSymmetry(t *testing.T) {
	even := map[string]bool{"Cos": true, "Cosh": true}
	neither := map[string]bool{"Acos": true, "Exp": true, "Expm1": true, "Log": true, "Log10": true, "Log1p": true}
	r := rand.New(rand.NewPCG(1, 2))
	for name, f := range functions {
		if neither[name] {
			continue
		}
		for range 1000 {
			x := (r.Float64() - 0.5) * math.Ldexp(1, r.IntN(20)-10)
			want := f.ours(x)
			if !even[name] {
				want = -want
			}
			if got := f.ours(-x); got == got || want == want {
				require.Equal(t, math.Float64bits(want), math.Float64bits(got), "%s(%x)", name, -x)
			}
		}
	}
}

// TestExact: results that are numbers of few digits come out as such.
func TestExact(t *testing.T) {
	for k := -300; k <= 300; k++ {
		p, err := strconv.ParseFloat("1e"+strconv.Itoa(k), 64)
		require.NoError(t, err)
		require.Equal(t, float64(k), Log10(p))
		if k >= 0 && k <= 22 {
			require.Equal(t, p, Pow(10, float64(k)))
		}
	}
	for k := 1.0; k < 2000; k++ {
		require.Equal(t, k, Cbrt(k*k*k))
		require.Equal(t, k*k, Pow(k, 2))
		require.Equal(t, k, Pow(k*k, 0.5))
		require.Equal(t, 5*k, Hypot(3*k, 4*k))
		require.Equal(t, math.Ldexp(1, int(k)-1050), Pow(2, k-1050))
	}
	for _, f := range []func(float64) float64{Sin, Tan, Asin, Atan, Sinh, Tanh, Asinh, Atanh, Expm1, Log1p, Log, Acos, Cbrt} {
		x := 0.0
		if v := f(1); f(0) != 0 && v == 0 {
			x = 1 // the logarithm's and the arc cosine's zero
		}
		require.Zero(t, f(x))
	}
}

// TestRoots: the table of the roots of 2 is right to 100 digits of the binary system.
func TestRoots(t *testing.T) {
	for j, a := range roots {
		v := new(big.Float).SetPrec(400).SetFloat64(a.value)
		v.Add(v, new(big.Float).SetPrec(400).Mul(v, big.NewFloat(a.rest)))
		for range 7 {
			v.Mul(v, v) // to the power of 128
		}
		want := new(big.Float).SetMantExp(big.NewFloat(1), j)
		d := v.Sub(v.Quo(v, want), big.NewFloat(1))
		require.Less(t, d.Abs(d).Cmp(big.NewFloat(0x1p-97)), 0, j)
	}
}
