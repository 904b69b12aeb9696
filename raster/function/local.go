package function

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// Local computes each pixel from those of its inputs at the same place, band by band. Where an operand holds no data, or
// the result is no number, there is no data, unless the operation says otherwise.
//
// Operations have ArcGIS's numbers; those on bits cut fractions off. Of one input: 4 square root, 6 acos, 7 asin, 8 atan, 9 atanh, 10 absolute value, 13
// bitwise not, 18 not, 21 cos, 22 cosh, 25 e to the power of, 26 of 10, 27 of 2, 30 Int, 31 IsNull (0 or 1, always with
// data), 32 Float, 35 ln, 36 log10, 37 log2, 45 negative, 48 floor, 49 ceiling, 51 sin, 52 sinh, 53 square, 56 tan, 57
// tanh, 59 acosh, 60 asinh. Of two: 1 sum, 2 difference, 3 product, 5 power, 11 bitwise and, 12 shift left, 14 bitwise or,
// 15 shift right, 16 bitwise exclusive or, 17 and, 19 or, 20 exclusive or, 23 and 64 quotient, 24 equal, 28 greater, 29
// greater or equal, 33 less, 34 less or equal, 44 remainder, 46 unequal, 50 SetNull (no data where the first is not 0), 61
// atan2, 65 quotient rounded down. Of three: 78 Con. Of any number: 38 majority, 39 maximum, 40 mean, 41 median, 42
// minimum, 43 minority, 47 range, 54 standard deviation, 55 sum, 58 variety, 66 to 75 the same ten without operands that
// hold no data, 84 pick (of the inputs after the first, which counts them from 1), 93 percentile, 94 the same without operands that hold no data.
//
// Ties of majority and minority go to the least value.
type Local struct {
	Inputs    []Function // none is Source
	Operation int
	// OneBand makes one band of all bands of all inputs, for the operations of any number of operands.
	OneBand    bool
	Percentile float64 // of 93 and 94, from 0 to 100; the default of the operation is 90
	// Interpolation is how percentiles are found between values.
	Interpolation PercentileInterpolation
	// Output is the type of the result. Unknown is U8 for truth values, the input's type for Int of integers, and F32
	// otherwise.
	Output raster.PixelType
}

// PercentileInterpolation determines what percentiles between two values are.
type PercentileInterpolation uint8

// The interpolations.
const (
	PercentileAuto    PercentileInterpolation = iota // the nearest of integers, linear otherwise
	PercentileNearest                                // the lower of two that are equally near
	PercentileLinear
)

// NewLocal returns a Local with the operation's defaults.
func NewLocal() *Local { return &Local{Percentile: 90} }

var localSpec = newSpec("Local", NewLocal,
	func(f *Local) *raster.PixelType { return &f.Output },
	append([]arg{
		rastersArg("Rasters", func(f *Local) *[]Function { return &f.Inputs }),
		enum("Operation", func(f *Local) *int { return &f.Operation }, localChoices()),
		field("ProcessAsMultiband", "true or false", func(f *Local) *bool { return &f.OneBand }, func(v any) (bool, error) {
			multi, err := readBool(v)
			return !multi, err
		}, func(one bool) any { return !one }),
		number("PercentileValue", func(f *Local) *float64 { return &f.Percentile }),
		enum("PercentileInterpolationType", func(f *Local) *PercentileInterpolation { return &f.Interpolation }, []choice{
			{0, []string{"AUTO_DETECT"}}, {1, []string{"NEAREST"}}, {2, []string{"LINEAR"}},
		}),
	}, extentArgs()...)...,
)

// A localOperation is what Local does.
type localOperation struct {
	name string
	// arity is the number of inputs; 0 is any.
	arity int
	one   func(a float64) float64
	two   func(a, b float64) float64
	three func(dst, a, b, c []float64)
	many  func(f *Local, values []float64, integers bool) float64
	// The following are of operations of any number.
	skips bool // operands without data
	// logical results are 0 and 1.
	logical  bool
	lo, hi   float64 // the range of the result, if they differ
	nullable bool    // NaN is seen by the operation
}

func localChoices() (out []choice) {
	for n := range 100 {
		if op, ok := localOperations[n]; ok {
			out = append(out, choice{n, []string{op.name}})
		}
	}
	return out
}

func inside(f func(float64) float64, ok func(float64) bool) func(float64) float64 {
	return func(v float64) float64 {
		if !ok(v) {
			return math.NaN()
		}
		return f(v)
	}
}

func compare(f func(a, b float64) bool) func(a, b float64) float64 {
	return func(a, b float64) float64 { return truth(f(a, b)) }
}

func bits(f func(a, b int64) int64) func(a, b float64) float64 {
	return func(a, b float64) float64 {
		if math.Abs(a) > maxWhole || math.Abs(b) > maxWhole {
			return math.NaN()
		}
		return float64(f(int64(a), int64(b)))
	}
}

// maxWhole is the largest number up to which float64 holds all whole ones.
const maxWhole = 1 << 53

// shift returns a shifted by b, which must be 0 to 62.
func shift(f func(a int64, b uint) int64) func(a, b float64) float64 {
	return func(a, b float64) float64 {
		if b < 0 || b > 62 || math.Abs(a) > maxWhole {
			return math.NaN()
		}
		return float64(f(int64(a), uint(b)))
	}
}

var localOperations = map[int]localOperation{
	1:  {name: "Plus", arity: 2, two: func(a, b float64) float64 { return a + b }},
	2:  {name: "Minus", arity: 2, two: func(a, b float64) float64 { return a - b }},
	3:  {name: "Times", arity: 2, two: func(a, b float64) float64 { return a * b }},
	4:  {name: "SquareRoot", arity: 1, one: math.Sqrt},
	5:  {name: "Power", arity: 2, two: portable.Pow},
	6:  {name: "ACos", arity: 1, one: portable.Acos, hi: math.Pi},
	7:  {name: "ASin", arity: 1, one: portable.Asin, lo: -math.Pi / 2, hi: math.Pi / 2},
	8:  {name: "ATan", arity: 1, one: portable.Atan, lo: -math.Pi / 2, hi: math.Pi / 2},
	9:  {name: "ATanH", arity: 1, one: inside(portable.Atanh, func(v float64) bool { return math.Abs(v) < 1 })},
	10: {name: "Abs", arity: 1, one: math.Abs},
	11: {name: "BitwiseAnd", arity: 2, two: bits(func(a, b int64) int64 { return a & b })},
	12: {name: "BitwiseLeftShift", arity: 2, two: shift(func(a int64, b uint) int64 { return a << b })},
	13: {name: "BitwiseNot", arity: 1, one: func(v float64) float64 { return -math.Trunc(v) - 1 }},
	14: {name: "BitwiseOr", arity: 2, two: bits(func(a, b int64) int64 { return a | b })},
	15: {name: "BitwiseRightShift", arity: 2, two: shift(func(a int64, b uint) int64 { return a >> b })},
	16: {name: "BitwiseXOr", arity: 2, two: bits(func(a, b int64) int64 { return a ^ b })},
	17: {name: "BooleanAnd", arity: 2, logical: true, two: compare(func(a, b float64) bool { return a != 0 && b != 0 })},
	18: {name: "BooleanNot", arity: 1, logical: true, one: not},
	19: {name: "BooleanOr", arity: 2, logical: true, two: compare(func(a, b float64) bool { return a != 0 || b != 0 })},
	20: {name: "BooleanXOr", arity: 2, logical: true, two: compare(func(a, b float64) bool { return (a != 0) != (b != 0) })},
	21: {name: "Cos", arity: 1, one: portable.Cos, lo: -1, hi: 1},
	22: {name: "CosH", arity: 1, one: portable.Cosh},
	23: {name: "Divide", arity: 2, two: divideOrNone},
	24: {name: "EqualTo", arity: 2, logical: true, two: compare(func(a, b float64) bool { return a == b })},
	25: {name: "Exp", arity: 1, one: portable.Exp},
	26: {name: "Exp10", arity: 1, one: func(v float64) float64 { return portable.Pow(10, v) }},
	27: {name: "Exp2", arity: 1, one: exp2},
	28: {name: "GreaterThan", arity: 2, logical: true, two: compare(func(a, b float64) bool { return a > b })},
	29: {name: "GreaterThanEqual", arity: 2, logical: true, two: compare(func(a, b float64) bool { return a >= b })},
	30: {name: "Int", arity: 1, one: math.Trunc},
	31: {name: "IsNull", arity: 1, logical: true, nullable: true, one: func(v float64) float64 { return truth(v != v) }},
	32: {name: "Float", arity: 1, one: func(v float64) float64 { return v }},
	33: {name: "LessThan", arity: 2, logical: true, two: compare(func(a, b float64) bool { return a < b })},
	34: {name: "LessThanEqual", arity: 2, logical: true, two: compare(func(a, b float64) bool { return a <= b })},
	35: {name: "Ln", arity: 1, one: positive(portable.Log)},
	36: {name: "Log10", arity: 1, one: positive(portable.Log10)},
	37: {name: "Log2", arity: 1, one: positive(log2)},
	38: {name: "Majority", many: localMajority},
	39: {name: "Maximum", many: localMaximum},
	40: {name: "Mean", many: localMean},
	41: {name: "Median", many: localMedian},
	42: {name: "Minimum", many: localMinimum},
	43: {name: "Minority", many: localMinority},
	44: {name: "Mod", arity: 2, two: math.Mod},
	45: {name: "Negate", arity: 1, one: func(v float64) float64 { return -v }},
	46: {name: "NotEqual", arity: 2, logical: true, two: compare(func(a, b float64) bool { return a != b })},
	47: {name: "Range", many: localRange},
	48: {name: "RoundDown", arity: 1, one: math.Floor},
	49: {name: "RoundUp", arity: 1, one: math.Ceil},
	50: {name: "SetNull", arity: 2, nullable: true},
	51: {name: "Sin", arity: 1, one: portable.Sin, lo: -1, hi: 1},
	52: {name: "SinH", arity: 1, one: portable.Sinh},
	53: {name: "Square", arity: 1, one: func(v float64) float64 { return v * v }},
	54: {name: "StandardDeviation", many: localDeviation},
	55: {name: "Sum", many: localSum},
	56: {name: "Tan", arity: 1, one: portable.Tan},
	57: {name: "TanH", arity: 1, one: portable.Tanh},
	58: {name: "Variety", many: localVariety},
	59: {name: "ACosH", arity: 1, one: acosh},
	60: {name: "ASinH", arity: 1, one: portable.Asinh},
	61: {name: "ATan2", arity: 2, two: portable.Atan2},
	64: {name: "FloatDivide", arity: 2, two: divideOrNone},
	65: {name: "FloorDivide", arity: 2, two: func(a, b float64) float64 { return math.Floor(divideOrNone(a, b)) }},
	66: {name: "MajorityIgnoreNoData", many: localMajority, skips: true},
	67: {name: "MaximumIgnoreNoData", many: localMaximum, skips: true},
	68: {name: "MeanIgnoreNoData", many: localMean, skips: true},
	69: {name: "MedianIgnoreNoData", many: localMedian, skips: true},
	70: {name: "MinimumIgnoreNoData", many: localMinimum, skips: true},
	71: {name: "MinorityIgnoreNoData", many: localMinority, skips: true},
	72: {name: "RangeIgnoreNoData", many: localRange, skips: true},
	73: {name: "StandardDeviationIgnoreNoData", many: localDeviation, skips: true},
	74: {name: "SumIgnoreNoData", many: localSum, skips: true},
	75: {name: "VarietyIgnoreNoData", many: localVariety, skips: true},
	78: {name: "Con", arity: 3, three: conditional},
	84: {name: "Pick", many: localPick},
	93: {name: "Percentile", many: localPercentile},
	94: {name: "PercentileIgnoreNoData", many: localPercentile, skips: true},
}

func (f *Local) spec() *spec { return &localSpec }

func (f *Local) compile(_ *compilation, in []input) (step, error) {
	op, ok := localOperations[f.Operation]
	if !ok {
		return step{}, unsupported("Operation", "there is no operation %d", f.Operation)
	}
	if op.arity > 0 && len(in) != op.arity {
		return step{}, invalid("Rasters", "%s is of %d rasters, not %d", op.name, op.arity, len(in))
	}
	if !(f.Percentile >= 0 && f.Percentile <= 100) {
		return step{}, invalid("PercentileValue", "%v is not between 0 and 100", f.Percentile)
	}
	if f.Interpolation > PercentileLinear {
		return step{}, invalid("PercentileInterpolationType", "there is no interpolation %d", f.Interpolation)
	}
	l, err := f.layout(in, op)
	if err != nil {
		return step{}, err
	}
	var known *Summary
	own := raster.F32
	switch {
	case op.logical:
		known, own = ranged(0, 1), raster.U8
	case op.lo != op.hi:
		known = ranged(op.lo, op.hi)
	case f.Operation == 30:
		if own = in[0].Type; !own.Integer() {
			own = raster.S32
		}
	case f.Operation == 45 && l.integers:
		lo, hi := in[0].Type.Range()
		own = smallest([]float64{-lo, -hi})
	}
	out := computed(typeOr(f.Output, own), l.bands, known)
	return step{out: out, run: perRowNull(out.Type, l.bands, drops, f.rows(op, l))}, nil
}

// A localLayout is which rows are the operands of each band of the result.
type localLayout struct {
	bands    int
	operands [][]int // by band
	integers bool    // all inputs
	most     int     // operands of a band
}

func (f *Local) layout(in []input, op localOperation) (l localLayout, err error) {
	l.integers = true
	first := make([]int, len(in)) // rows of the inputs
	rows := 0
	for i, one := range in {
		if err := quantities(one); err != nil {
			return l, err
		}
		whole := one.Type.Integer() || one.constant != nil && *one.constant == math.Trunc(*one.constant)
		l.integers = l.integers && whole
		first[i] = rows
		rows += len(one.Bands)
		if l.bands == 0 || len(one.Bands) > l.bands {
			l.bands = len(one.Bands)
		}
	}
	if f.OneBand && op.many != nil {
		l.bands = 1
		all := make([]int, rows)
		for i := range all {
			all[i] = i
		}
		l.operands, l.most = [][]int{all}, rows
		return l, nil
	}
	for band := range l.bands {
		var of []int
		for i, one := range in {
			switch n := len(one.Bands); {
			case n == 1:
				of = append(of, first[i])
			case n == l.bands:
				of = append(of, first[i]+band)
			default:
				return l, invalid("Rasters", "rasters of %d and %d bands do not go together", n, l.bands)
			}
		}
		l.operands, l.most = append(l.operands, of), len(of)
	}
	return l, nil
}

// rows returns what computes a row of each band.
func (f *Local) rows(op localOperation, l localLayout) func(dst, src [][]float64) {
	return func(dst, src [][]float64) {
		for band, of := range l.operands {
			to := dst[band]
			switch {
			case op.one != nil:
				for x, v := range src[of[0]] {
					to[x] = op.one(v)
				}
			case op.two != nil:
				eachPair(op.two)(to, src[of[0]], src[of[1]])
			case op.three != nil:
				op.three(to, src[of[0]], src[of[1]], src[of[2]])
			case op.many != nil:
				f.many(op, l, to, src, of)
			default:
				setNull(to, src[of[0]], src[of[1]])
			}
		}
	}
}

// many computes a row of an operation of any number of operands.
func (f *Local) many(op localOperation, l localLayout, to []float64, src [][]float64, of []int) {
	values := make([]float64, 0, l.most)
	for x := range to {
		values = values[:0]
		missing := false
		for _, row := range of {
			v := src[row][x]
			if v == v {
				values = append(values, v)
			} else {
				missing = true
			}
		}
		if len(values) == 0 || missing && !op.skips {
			to[x] = math.NaN()
			continue
		}
		to[x] = op.many(f, values, l.integers)
	}
}
