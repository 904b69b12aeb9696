package function

import (
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// Convolution weighs each pixel with its neighbours. The kernel is laid on as it is written, its first row in the north. A
// neighbour without data has the value of the pixel itself, and a pixel without data stays one.
type Convolution struct {
	Input Function
	// Type is ArcGIS's number of a kernel, 0 to 21, -1 for Kernel, or 255 for none.
	Type int
	// Kernel is that of Type -1, row after row; it is not divided by its sum. Beside another Type it does not count, which
	// Program.Notes says unless it is that of the Type.
	Kernel        []float64
	Rows, Columns int // of Kernel; 0 means 3
	Output        raster.PixelType
}

// kernelOf is a kernel of ArcGIS, row after row.
type kernelOf struct {
	name string
	side int
	w    []float64
}

var kernels = map[int]kernelOf{
	0:  {"LineDetectionHorizontal", 3, []float64{-1, -1, -1, 2, 2, 2, -1, -1, -1}},
	1:  {"LineDetectionVertical", 3, []float64{-1, 2, -1, -1, 2, -1, -1, 2, -1}},
	2:  {"LineDetectionLeftDiagonal", 3, []float64{2, -1, -1, -1, 2, -1, -1, -1, 2}},
	3:  {"LineDetectionRightDiagonal", 3, []float64{-1, -1, 2, -1, 2, -1, 2, -1, -1}},
	4:  {"GradientNorth", 3, []float64{-1, -2, -1, 0, 0, 0, 1, 2, 1}},
	5:  {"GradientWest", 3, []float64{-1, 0, 1, -2, 0, 2, -1, 0, 1}},
	6:  {"GradientEast", 3, []float64{1, 0, -1, 2, 0, -2, 1, 0, -1}},
	7:  {"GradientSouth", 3, []float64{1, 2, 1, 0, 0, 0, -1, -2, -1}},
	8:  {"GradientNorthEast", 3, []float64{0, -1, -2, 1, 0, -1, 2, 1, 0}},
	9:  {"GradientNorthWest", 3, []float64{-2, -1, 0, -1, 0, 1, 0, 1, 2}},
	10: {"SmoothArithmeticMean", 3, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	11: {"Smoothing3x3", 3, []float64{1, 2, 1, 2, 4, 2, 1, 2, 1}},
	12: {"Smoothing5x5", 5, []float64{
		1, 1, 1, 1, 1, 1, 4, 4, 4, 1, 1, 4, 12, 4, 1, 1, 4, 4, 4, 1, 1, 1, 1, 1, 1}},
	13: {"Sharpening3x3", 3, []float64{-1, -1, -1, -1, 9, -1, -1, -1, -1}},
	14: {"Sharpening5x5", 5, []float64{
		-1, -3, -4, -3, -1, -3, 0, 6, 0, -3, -4, 6, 21, 6, -4, -3, 0, 6, 0, -3, -1, -3, -4, -3, -1}},
	15: {"Laplacian3x3", 3, []float64{0, -1, 0, -1, 4, -1, 0, -1, 0}},
	16: {"Laplacian5x5", 5, []float64{
		0, 0, -1, 0, 0, 0, -1, -2, -1, 0, -1, -2, 17, -2, -1, 0, -1, -2, -1, 0, 0, 0, -1, 0, 0}},
	17: {"SobelHorizontal", 3, []float64{-1, -2, -1, 0, 0, 0, 1, 2, 1}},
	18: {"SobelVertical", 3, []float64{-1, 0, 1, -2, 0, 2, -1, 0, 1}},
	19: {"Sharpen", 3, []float64{0, -0.25, 0, -0.25, 2, -0.25, 0, -0.25, 0}},
	20: {"Sharpen2", 3, []float64{-0.25, -0.25, -0.25, -0.25, 3, -0.25, -0.25, -0.25, -0.25}},
	21: {"PointSpread", 3, []float64{-0.627, 0.352, -0.627, 0.352, 2.923, 0.352, -0.627, 0.352, -0.627}},
}

const (
	userKernel = -1
	noKernel   = 255
)

func kernelChoices() []choice {
	out := []choice{{userKernel, []string{"UserDefined"}}}
	for n := range len(kernels) {
		out = append(out, choice{n, []string{kernels[n].name}})
	}
	return append(out, choice{noKernel, []string{"None", "Undefined"}})
}

var convolutionSpec = newSpec("Convolution", func() *Convolution { return &Convolution{Type: 19, Rows: 3, Columns: 3} },
	func(f *Convolution) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Convolution) *Function { return &f.Input }),
	enum("Type", func(f *Convolution) *int { return &f.Type }, kernelChoices()).alias("ConvolutionType"),
	moot(whole("Rows", func(f *Convolution) *int { return &f.Rows }),
		func(f *Convolution) string { return f.ownSide(f.Rows) }),
	moot(whole("Columns", func(f *Convolution) *int { return &f.Columns }),
		func(f *Convolution) string { return f.ownSide(f.Columns) }),
	moot(numbers("Kernel", func(f *Convolution) *[]float64 { return &f.Kernel }), (*Convolution).ownKernel),
).completed(func(f Function, states func(string) bool) error {
	c := f.(*Convolution)
	if states("Kernel") && !states("Type") {
		c.Type = userKernel
	}
	for name, n := range map[string]int{"Rows": c.Rows, "Columns": c.Columns} {
		if n == 0 && c.Type == userKernel { // which a Convolution takes for the default
			return invalid(name, "0 is not above 0")
		}
	}
	return nil
})

func (f *Convolution) spec() *spec { return &convolutionSpec }

// kernel returns the weights, columns and rows.
func (f *Convolution) kernel() (w []float64, columns, rows int, err error) {
	if f.Type != userKernel {
		k, ok := kernels[f.Type]
		if !ok {
			return nil, 0, 0, invalid("Type", "there is no kernel %d", f.Type)
		}
		sum := localSum(nil, k.w, false)
		if sum == 0 || sum == 1 {
			return k.w, k.side, k.side, nil
		}
		w := slices.Clone(k.w)
		for i := range w {
			w[i] /= sum
		}
		return w, k.side, k.side, nil
	}
	columns, rows = f.Columns, f.Rows
	if columns == 0 {
		columns = 3
	}
	if rows == 0 {
		rows = 3
	}
	switch err := checkWindow(columns, rows); {
	case err != nil:
		return nil, 0, 0, err
	case len(f.Kernel) != columns*rows:
		return nil, 0, 0, invalid("Kernel", "%d weights for %d by %d pixels", len(f.Kernel), columns, rows)
	case !finite(f.Kernel...):
		return nil, 0, 0, invalid("Kernel", "weights must be finite")
	}
	return f.Kernel, columns, rows, nil
}

func (f *Convolution) compile(_ *compilation, in []input) (step, error) {
	if err := quantities(in[0]); err != nil {
		return step{}, err
	}
	if f.Type == noKernel {
		return step{out: in[0].Samples}, nil
	}
	w, columns, rows, err := f.kernel()
	if err != nil {
		return step{}, err
	}
	var known *Summary
	if in[0].Type == raster.U8 {
		known = ranged(0, 255)
	}
	out := computed(typeOr(f.Output, in[0].Type), len(in[0].Bands), known)
	m := windowMargin(columns, rows)
	centre := m.Top*columns + m.Left
	weigh := func(dst []float64, lines [][]float64, marks [][]uint8, _ []uint8) {
		clear(dst)
		for i, k := range w {
			if k == 0 {
				continue
			}
			line := lines[i/columns][i%columns:][:len(dst)]
			at := lines[m.Top][m.Left:][:len(dst)]
			mark := marks[i/columns]
			if mark == nil || i == centre {
				for x, v := range line {
					dst[x] += float64(k * v)
				}
				continue
			}
			mark = mark[i%columns:][:len(dst)]
			for x, v := range line {
				if mark[x] == 0 {
					v = at[x]
				}
				dst[x] += float64(k * v)
			}
		}
	}
	return step{out: out, margin: m, run: perWindow(out.Type, columns, rows, weigh)}, nil
}
