package function

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// StatisticsType is what Statistics makes of a window. The numbers are ArcGIS's.
type StatisticsType uint8

// The types. Ties of majority and minority go to the least value, and the median of an even number is the lower one.
const (
	StatisticsMinimum   StatisticsType = 1
	StatisticsMaximum   StatisticsType = 2
	StatisticsMean      StatisticsType = 3
	StatisticsDeviation StatisticsType = 4 // of a population
	StatisticsMedian    StatisticsType = 5
	StatisticsMajority  StatisticsType = 6
	StatisticsMinority  StatisticsType = 7
)

// Statistics makes each pixel of the window around it, of the pixels in it that hold data. A pixel without data gets a
// value, too, if there is one in its window. At the edges of the data a window is smaller. Of windows of an even size, the
// larger part is to the left and above.
type Statistics struct {
	Input         Function
	Type          StatisticsType // 0 is StatisticsMean
	Columns, Rows int            // of the window; 0 means 3
	// FillNoDataOnly leaves pixels that hold data as they are.
	FillNoDataOnly bool
	// Output is the type of the result. Unknown is F32 for mean and deviation of integers, and the input's otherwise.
	Output raster.PixelType
}

var statisticsSpec = newSpec("Statistics", func() *Statistics { return &Statistics{Type: StatisticsMean, Columns: 3, Rows: 3} },
	func(f *Statistics) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Statistics) *Function { return &f.Input }),
	enum("Type", func(f *Statistics) *StatisticsType { return &f.Type }, []choice{
		{1, []string{"Min", "Minimum"}}, {2, []string{"Max", "Maximum"}}, {3, []string{"Mean"}},
		{4, []string{"StandardDeviation", "Std"}}, {5, []string{"Median"}}, {6, []string{"Majority"}}, {7, []string{"Minority"}},
	}).alias("StatisticsType"),
	windowSide("KernelColumns", func(f *Statistics) *int { return &f.Columns }).alias("Columns", "Cols"),
	windowSide("KernelRows", func(f *Statistics) *int { return &f.Rows }).alias("Rows"),
	flag("FillNoDataOnly", func(f *Statistics) *bool { return &f.FillNoDataOnly }),
)

// windowSide is a width or height of a window. In rules a 0 is an error, and not the default that it is in Go.
func windowSide(name string, at func(*Statistics) *int) arg {
	return field(name, "a whole number above 0", at, func(v any) (int, error) {
		n, err := readWhole(v)
		if err == nil && n < 1 {
			err = fmt.Errorf("%d is not above 0", n)
		}
		return n, err
	}, func(n int) any { return cmp.Or(n, 3) })
}

func (f *Statistics) spec() *spec { return &statisticsSpec }

func (f *Statistics) compile(_ *compilation, in []input) (step, error) {
	if err := quantities(in[0]); err != nil {
		return step{}, err
	}
	columns, rows, t := f.Columns, f.Rows, f.Type
	if columns == 0 {
		columns = 3
	}
	if rows == 0 {
		rows = 3
	}
	if t == 0 {
		t = StatisticsMean
	}
	if err := checkWindow(columns, rows); err != nil {
		return step{}, err
	}
	of, ok := map[StatisticsType]func(*Local, []float64, bool) float64{
		StatisticsMinimum: localMinimum, StatisticsMaximum: localMaximum, StatisticsMean: localMean, StatisticsDeviation: localDeviation,
		StatisticsMedian: lowerMedian, StatisticsMajority: localMajority, StatisticsMinority: localMinority,
	}[t]
	if !ok {
		return step{}, invalid("Type", "there is no type %d", t)
	}
	own := in[0].Type
	if own.Integer() && (t == StatisticsMean || t == StatisticsDeviation) {
		own = raster.F32
	}
	out := in[0].Samples
	out.Type, out.Bands = typeOr(f.Output, own), slices.Clone(out.Bands)
	for i := range out.Bands {
		if out.Bands[i].Origin = nil; t == StatisticsDeviation {
			out.Bands[i].Known = nil
		}
	}
	m := windowMargin(columns, rows)
	w := statisticsWindow{columns, rows, m, f.FillNoDataOnly, of}
	return step{out: out, margin: m, run: fillingWindow(out.Type, columns, rows, w.row)}, nil
}

// A statisticsWindow computes rows of Statistics.
type statisticsWindow struct {
	columns, rows int
	margin        Margin
	fill          bool // only pixels without data
	of            func(*Local, []float64, bool) float64
}

func (w *statisticsWindow) row(dst []float64, lines [][]float64, marks [][]uint8, _ []uint8) {
	values := make([]float64, 0, w.columns*w.rows)
	left := w.margin.Left
	// What the validity was, which other bands may have changed.
	centre := marks[w.margin.Top]
	for x := range dst {
		if w.fill && (centre == nil || centre[left+x] != 0) {
			dst[x] = lines[w.margin.Top][left+x]
			continue
		}
		values = values[:0]
		for i, line := range lines {
			values = appendValid(values, line[x:x+w.columns], marks[i], x)
		}
		dst[x] = math.NaN()
		if len(values) > 0 {
			dst[x] = w.of(nil, values, false)
		}
	}
}

// appendValid appends the values of a part of a row, which begins at x, that hold data.
func appendValid(values, part []float64, marks []uint8, x int) []float64 {
	if marks == nil {
		return append(values, part...)
	}
	for j, mark := range marks[x : x+len(part)] {
		if mark != 0 {
			values = append(values, part[j])
		}
	}
	return values
}

// lowerMedian returns the middle value, and the lower one of the middle two of an even number.
func lowerMedian(_ *Local, v []float64, _ bool) float64 {
	slices.Sort(v)
	return v[(len(v)-1)/2]
}

// fillingWindow is perWindow for a function that gives pixels without data a value, and NaN to those that stay without:
// all bands of a pixel agree on that, since they have one validity.
func fillingWindow(t raster.PixelType, columns, rows int, f windowFunc) runFunc {
	return perWindow(t, columns, rows, func(dst []float64, lines [][]float64, marks [][]uint8, valid []uint8) {
		f(dst, lines, marks, valid)
		for x, v := range dst {
			if v == v && valid[x] == 0 {
				valid[x] = math.MaxUint8
			}
		}
	})
}
