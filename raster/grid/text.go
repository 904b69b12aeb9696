package grid

import (
	"context"
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// text are samples that are written as numbers, row by row. Line breaks do not count: a row may take several lines,
// and a line may have several rows. The index has the offset of every step-th number, so that a window is read
// without all that is before it.
type text struct {
	src     source.Source
	size    image.Point
	step    int64
	marks   []int64
	upwards bool // the first row is the southernmost
}

var _ samples = (*text)(nil)

const (
	firstStep = 1 << 10 // numbers between two marks of the index, unless there are many
	maxMarks  = 1 << 17 // 1 MiB of them
)

// A census is what all numbers of a text are like.
type census struct {
	whole  bool // all are written as whole numbers that S32 holds
	digits bool // all are written as whole numbers
	wide   bool // one is finite and larger than F32 holds
}

// add takes a number into account.
func (c *census) add(word []byte, v float64) {
	if c.whole && isWhole(word, v) {
		return
	}
	c.whole = false
	c.digits = c.digits && isDigits(word)
	if math.IsInf(float64(float32(v)), 0) && !math.IsInf(v, 0) {
		c.wide = true
	}
}

// pixelType returns the type that holds all numbers: S32 for whole ones; F64 where these are too large for it, or
// others too large for F32; and else F32, as GDAL does.
func (c *census) pixelType() raster.PixelType {
	switch {
	case c.whole:
		return raster.S32
	case c.digits, c.wide:
		return raster.F64
	}
	return raster.F32
}

// scan reads all numbers once, which come next in w, and makes the index. Memory grows with what is in the file, not
// with what the header says.
func (t *text) scan(w *words, c *census) error {
	t.step = firstStep
	total := int64(t.size.X) * int64(t.size.Y)
	for n := range total {
		word := w.next()
		if word == nil {
			if w.err != nil {
				return w.err
			}
			return &FormatError{Name: "values", Value: show(n), Reason: fmt.Sprintf("the header says %d × %d", t.size.X, t.size.Y)}
		}
		if n%t.step == 0 {
			t.mark(n, w.at)
		}
		v, ok := parseNumber(word)
		if !ok {
			return &FormatError{Name: "value", Value: string(word), Reason: fmt.Sprintf(
				"no number, in column %d of row %d of the text", n%int64(t.size.X), n/int64(t.size.X))}
		}
		c.add(word, v)
	}
	if word := w.next(); word != nil {
		return &FormatError{Name: "values", Value: string(word), Reason: fmt.Sprintf(
			"it follows the last of %d × %d that the header says", t.size.X, t.size.Y)}
	}
	return w.err
}

// mark adds the offset of a number to the index, of which every second is dropped when there are too many.
func (t *text) mark(n, at int64) {
	if len(t.marks) == maxMarks {
		for i := range maxMarks / 2 {
			t.marks[i] = t.marks[2*i]
		}
		t.marks, t.step = t.marks[:maxMarks/2], 2*t.step
		if n%t.step != 0 {
			return
		}
	}
	t.marks = append(t.marks, at)
}

func (t *text) part(win image.Rectangle, _ int) image.Rectangle {
	const numbers = partBytes / 8
	win.Max.Y = min(win.Max.Y, win.Min.Y+max(1, numbers/win.Dx()))
	return win
}

func (t *text) memory(image.Rectangle, int) int64 { return wordsBytes }

func (t *text) read(ctx context.Context, planes []raster.Plane, _ []int) error {
	var err error
	switch p := planes[0].(type) {
	case *raster.PlaneOf[int32]:
		err = readRows(ctx, t, p)
	case *raster.PlaneOf[float32]:
		err = readRows(ctx, t, p)
	case *raster.PlaneOf[float64]:
		err = readRows(ctx, t, p)
	}
	for _, p := range planes[1:] { // of the same band
		raster.Copy(p, planes[0], p.Bounds())
	}
	return err
}

// readRows reads the numbers of a plane.
func readRows[T int32 | float32 | float64](ctx context.Context, t *text, p *raster.PlaneOf[T]) error {
	w := newWords(ctx, t.src)
	next := int64(-1) // which number comes next in w
	for i := range p.Rect.Dy() {
		if err := ctx.Err(); err != nil {
			return err
		}
		y, row := p.Rect.Min.Y+i, p.Rect.Min.Y+i
		if t.upwards {
			y = p.Rect.Max.Y - 1 - i
			row = t.size.Y - 1 - y
		}
		first := int64(row)*int64(t.size.X) + int64(p.Rect.Min.X)
		if mark := first / t.step; next < 0 || next > first || next < mark*t.step {
			w.seek(t.marks[mark])
			next = mark * t.step
		}
		for ; next < first; next++ {
			if w.next() == nil {
				return w.cut()
			}
		}
		if err := readRow(w, p.Row(y)); err != nil {
			return err
		}
		next += int64(p.Rect.Dx())
	}
	return nil
}

// readRow reads numbers that come next in w.
func readRow[T int32 | float32 | float64](w *words, row []T) error {
	for x := range row {
		word := w.next()
		if word == nil {
			return w.cut()
		}
		v, ok := parseNumber(word)
		if !ok {
			return &FormatError{Name: "value", Value: string(word), Reason: "no number, but it was one when the file was opened"}
		}
		row[x] = T(v)
	}
	return nil
}

// cut returns the error of a text that ends before its time, although it was whole when it was opened.
func (w *words) cut() error {
	if w.err != nil {
		return w.err
	}
	return &FormatError{Name: "values", Reason: "there are fewer than when the file was opened"}
}
