package function

import (
	"math"
	"strings"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// RasterCalculator computes an expression of the first bands of rasters, which have names in it.
//
// Expressions have, from what binds least, | and & (or, and), comparisons < <= > >= == !=, sums, products with / and %
// (remainder), signs with ~ (not), ** (power), and parentheses. What is true is 1, and what is false 0; any number but 0
// counts as true. Functions are Abs, Sqrt, Exp, Ln, Log10, Log2, Sin, Cos, Tan, Int, Min and Max of any number of
// arguments, Con(condition, then, otherwise), SetNull(condition, value) and IsNull(value), in any case. Where an operand
// holds no data, or the result is no number, such as a quotient by zero, there is no data, but for IsNull, for branches
// that Con does not take, and for the value of SetNull where that is not used.
type RasterCalculator struct {
	Inputs     []Function
	Names      []string // of the inputs in Expression
	Expression string
	Output     raster.PixelType // Unknown is F32
}

var calculatorSpec = newSpec("RasterCalculator", func() *RasterCalculator { return &RasterCalculator{} },
	func(f *RasterCalculator) *raster.PixelType { return &f.Output },
	append([]arg{
		rastersArg("Rasters", func(f *RasterCalculator) *[]Function { return &f.Inputs }),
		texts("InputNames", func(f *RasterCalculator) *[]string { return &f.Names }),
		text("Expression", func(f *RasterCalculator) *string { return &f.Expression }),
	}, extentArgs()...)...,
)

func (f *RasterCalculator) spec() *spec { return &calculatorSpec }

func (f *RasterCalculator) compile(_ *compilation, in []input) (step, error) {
	uses := make([][]int, len(in))
	for i, one := range in {
		if err := oneBand(one); err != nil {
			return step{}, err
		}
		uses[i] = []int{0}
	}
	if len(f.Names) != len(in) {
		return step{}, invalid("InputNames", "there are %d names for %d rasters", len(f.Names), len(in))
	}
	for i, name := range f.Names {
		if name == "" || !letter(name[0]) || strings.ContainsFunc(name, func(r rune) bool { return r > 127 || !letter(byte(r)) && !digit(byte(r)) }) {
			return step{}, invalid("InputNames", "%s is no name of letters and digits", quote.Text(name))
		}
		for _, other := range f.Names[:i] {
			if strings.EqualFold(name, other) {
				return step{}, invalid("InputNames", "%s names two rasters", quote.Text(name))
			}
		}
	}
	named := make([]bool, len(in)) // in the expression
	e, err := parseExpression(f.Expression, calculatorGrammar, func(name string) (int, bool) {
		for i, known := range f.Names {
			if strings.EqualFold(known, name) {
				named[i] = true
				return i, true
			}
		}
		return 0, false
	})
	if err != nil {
		return step{}, invalid("Expression", "%w", err)
	}
	out := computed(typeOr(f.Output, raster.F32), 1, nil)
	st := step{out: out, uses: uses, notes: unused(f.Names, named)}
	st.run = perRowNull(out.Type, 1, drops, func(dst, src [][]float64) {
		copy(dst[0], e.run(src, len(dst[0])))
	})
	return st, nil
}

// unused returns notes on rasters whose names are not in the expression.
func unused(names []string, named []bool) (notes []string) {
	for i, is := range named {
		if !is {
			notes = append(notes, "RasterCalculator: "+passedOver("InputNames", quote.Text(names[i])+" is not in the Expression"))
		}
	}
	return notes
}

// calculatorFunction returns a function of expressions, by its name in lower case.
func calculatorFunction(name string, n int) (operation, bool) {
	if f, ok := map[string]func(float64) float64{
		"abs": math.Abs, "sqrt": math.Sqrt, "exp": portable.Exp, "ln": positive(portable.Log), "log10": positive(portable.Log10),
		"log2": positive(log2), "sin": portable.Sin, "cos": portable.Cos, "tan": portable.Tan, "int": math.Trunc,
		"isnull": func(v float64) float64 { return truth(v != v) }, "not": not,
	}[name]; ok && n == 1 {
		return unaryOperation(f), true
	}
	fold := func(better func(a, b float64) float64) (operation, bool) {
		return operation{variable: -1, takes: n, do: func(dst []float64, args [][]float64) {
			pair := eachPair(better)
			if n == 1 {
				copy(dst, args[0])
			}
			for _, row := range args[min(1, n-1):] {
				if n > 1 {
					pair(dst, args[0], row)
					args[0] = dst
				}
			}
		}}, true
	}
	switch {
	case name == "min":
		return fold(func(a, b float64) float64 { return min(a, b) })
	case name == "max":
		return fold(func(a, b float64) float64 { return max(a, b) })
	case name == "con" && n == 3:
		return operation{variable: -1, takes: 3, do: func(dst []float64, args [][]float64) { conditional(dst, args[0], args[1], args[2]) }}, true
	case name == "setnull" && n == 2:
		return operation{variable: -1, takes: 2, do: func(dst []float64, args [][]float64) { setNull(dst, args[0], args[1]) }}, true
	}
	return operation{}, false
}

// positive returns a logarithm that is no number where it is infinite.
func positive(log func(float64) float64) func(float64) float64 {
	return func(v float64) float64 {
		if v <= 0 {
			return math.NaN()
		}
		return log(v)
	}
}

// conditional sets dst to yes where c is not 0, to no where it is, and to NaN where it is NaN.
func conditional(dst, c, yes, no []float64) {
	for x := range dst {
		switch v := c[x]; {
		case v != v:
			dst[x] = v
		case v != 0:
			dst[x] = yes[x]
		default:
			dst[x] = no[x]
		}
	}
}

// setNull sets dst to v where c is 0, and to NaN elsewhere.
func setNull(dst, c, v []float64) {
	for x := range dst {
		if c[x] == 0 {
			dst[x] = v[x]
		} else {
			dst[x] = math.NaN()
		}
	}
}
