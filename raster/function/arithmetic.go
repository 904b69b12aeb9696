package function

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// An ArithmeticOperation is what Arithmetic does with two values. The numbers are ArcGIS's.
type ArithmeticOperation uint8

// The operations. Quotients by zero, and powers and remainders that are no numbers, are pixels without data.
const (
	Plus     ArithmeticOperation = 1
	Minus    ArithmeticOperation = 2
	Multiply ArithmeticOperation = 3
	Divide   ArithmeticOperation = 4
	Power    ArithmeticOperation = 5
	Mod      ArithmeticOperation = 6 // with the sign of the dividend
)

// Arithmetic computes with the values of two rasters, band by band. A raster of one band goes with all bands of the
// other; otherwise the bands that only one of them has are left out.
type Arithmetic struct {
	Input, Input2 Function            // Input2 must be stated
	Operation     ArithmeticOperation // 0 is Plus
	Output        raster.PixelType    // Unknown is the type of Input, or of Input2 if Input is a Constant
}

var extentTypes = []choice{
	{0, []string{"FirstOf"}}, {1, []string{"IntersectionOf"}}, {2, []string{"UnionOf"}}, {3, []string{"LastOf"}},
}

var cellsizeTypes = []choice{
	{0, []string{"FirstOf"}}, {1, []string{"MinOf"}}, {2, []string{"MaxOf"}}, {3, []string{"MeanOf"}}, {4, []string{"LastOf"}},
}

// extentArgs are understood by functions of several rasters. All rasters lie on one grid here, so that they change nothing.
func extentArgs() []arg {
	read := func(choices []choice) func(any) (int, error) {
		return func(v any) (int, error) { return readChoice(v, choices) }
	}
	return []arg{
		ignoredArg("ExtentType", "one of "+choiceList(extentTypes), read(extentTypes)),
		ignoredArg("CellsizeType", "one of "+choiceList(cellsizeTypes), read(cellsizeTypes)),
	}
}

var arithmeticSpec = newSpec("Arithmetic", func() *Arithmetic { return &Arithmetic{Operation: Plus} },
	func(f *Arithmetic) *raster.PixelType { return &f.Output },
	append([]arg{
		rasterArg("Raster", func(f *Arithmetic) *Function { return &f.Input }).orConstant(),
		neededRaster("Raster2", func(f *Arithmetic) *Function { return &f.Input2 }).orConstant(),
		enum("Operation", func(f *Arithmetic) *ArithmeticOperation { return &f.Operation }, []choice{
			{1, []string{"Plus", "Add"}}, {2, []string{"Minus", "Subtract"}}, {3, []string{"Multiply", "Times"}},
			{4, []string{"Divide"}}, {5, []string{"Power"}}, {6, []string{"Mode", "Mod"}},
		}),
	}, extentArgs()...)...,
)

func (f *Arithmetic) spec() *spec { return &arithmeticSpec }

func (f *Arithmetic) compile(_ *compilation, in []input) (step, error) {
	for _, one := range in {
		if err := realInput(one); err != nil {
			return step{}, err
		}
	}
	a, b := len(in[0].Bands), len(in[1].Bands)
	n := min(a, b)
	if n == 1 {
		n = max(a, b)
	}
	own := in[0].Type
	switch {
	case in[0].constant != nil && in[1].constant != nil:
		own = raster.F32
	case in[0].constant != nil:
		own = in[1].Type
	}
	row, err := f.row()
	if err != nil {
		return step{}, err
	}
	out := computed(typeOr(f.Output, own), n, nil)
	return step{out: out, run: perRow(out.Type, n, drops, func(dst, src [][]float64, _ []uint8) {
		for i := range dst {
			row(dst[i], src[min(i, a-1)], src[a+min(i, b-1)])
		}
	})}, nil
}

// row returns the operation for a row.
func (f *Arithmetic) row() (func(dst, a, b []float64), error) {
	switch f.Operation {
	case 0, Plus:
		return func(dst, a, b []float64) {
			for x, v := range a {
				dst[x] = v + b[x]
			}
		}, nil
	case Minus:
		return func(dst, a, b []float64) {
			for x, v := range a {
				dst[x] = v - b[x]
			}
		}, nil
	case Multiply:
		return func(dst, a, b []float64) {
			for x, v := range a {
				dst[x] = v * b[x]
			}
		}, nil
	case Divide:
		return func(dst, a, b []float64) {
			for x, v := range a {
				dst[x] = v / b[x] // an infinity or NaN, which become pixels without data
			}
		}, nil
	case Power:
		return func(dst, a, b []float64) {
			for x, v := range a {
				dst[x] = portable.Pow(v, b[x])
			}
		}, nil
	case Mod:
		return func(dst, a, b []float64) {
			for x, v := range a {
				dst[x] = math.Mod(v, b[x])
			}
		}, nil
	}
	return nil, unsupported("Operation", "there is no operation %d", f.Operation)
}
