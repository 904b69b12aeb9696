package horn

// A Number is a type of heights.
type Number interface {
	~uint8 | ~int8 | ~uint16 | ~int16 | ~uint32 | ~int32 | ~float32 | ~float64
}

// Rows are heights above, at and below a row of pixels, each of which is one pixel longer than the row at both ends, and what
// their gradients over eight pixels are multiplied with. All float32 heights have gradients that float64 holds.
type Rows struct {
	Above, At, Below []float32
	FX, FY           float64
}

// part returns the rows of n pixels from the given one.
func (r Rows) part(from, n int) Rows {
	return Rows{r.Above[from : from+n+2], r.At[from : from+n+2], r.Below[from : from+n+2], r.FX, r.FY}
}

// runs calls row for parts of n pixels. They are short, because assembly leaves a part in which one pixel is rare to Go.
func (r Rows) runs(n int, row func(from, to int, part Rows)) {
	const most = 256
	for from := 0; from < n; from += most {
		to := min(from+most, n)
		row(from, to, r.part(from, to-from))
	}
}

// Gradients fills east and south with how much heights rise in these directions, times fx and fy. The rows of heights are
// two pixels longer.
func Gradients[T Number](east, south []float64, above, at, below []T, fx, fy float64) {
	if a, ok := any(above).([]float32); ok {
		r := Rows{a, any(at).([]float32), any(below).([]float32), fx, fy}.part(0, len(east))
		done := assembledGradients(east, south[:len(east)], r)
		r = r.part(done, len(east)-done)
		gradients(east[done:], south[done:], r.Above, r.At, r.Below, fx, fy)
		return
	}
	gradients(east, south, above, at, below, fx, fy)
}

// gradients computes once what neighbouring pixels share.
func gradients[T Number](east, south []float64, above, at, below []T, fx, fy float64) {
	w := newWalk(above, at, below, fx, fy)
	n := len(east)
	south, above, at, below = south[:n], above[2:n+2], at[2:n+2], below[2:n+2]
	for x := range east {
		east[x], south[x] = w.next(float64(above[x]), float64(at[x]), float64(below[x]))
	}
}

// A walk is what a pixel's gradients share with those of the pixels before it.
type walk struct {
	column0, column1 float64 // weighted sums of heights in the columns to the left and at the pixel
	fall1            float64 // how much the topmost height of the pixel's column is below the lowest
	falls0           float64 // the same of the column to the left, and of the pixel's
	fx, fy           float64
}

func newWalk[T Number](above, at, below []T, fx, fy float64) walk {
	column0, fall0 := column(float64(above[0]), float64(at[0]), float64(below[0]))
	column1, fall1 := column(float64(above[1]), float64(at[1]), float64(below[1]))
	return walk{column0, column1, fall1, fall0 + fall1, fx, fy}
}

// next returns the gradients of a pixel, given the heights in the column to its right, and steps to it.
func (w *walk) next(above, at, below float64) (east, south float64) {
	column2, fall2 := column(above, at, below)
	falls1 := w.fall1 + fall2
	east, south = float64((column2-w.column0)*w.fx), float64((w.falls0+falls1)*w.fy)
	w.column0, w.column1, w.fall1, w.falls0 = w.column1, column2, fall2, falls1
	return east, south
}

// column returns the weighted sum of three heights, one above the other, and how much the first is below the last.
func column(above, at, below float64) (sum, fall float64) {
	return above + (at + at) + below, below - above
}
