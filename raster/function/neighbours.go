package function

import (
	"image"

	"github.com/geoexport/geoexport/raster"
)

// A window is a rectangle of pixels around one: Left and Top of it, and Right and Bottom.
func windowMargin(columns, rows int) Margin {
	// Of an even size, the larger part is to the left and above.
	return Margin{columns / 2, rows / 2, (columns - 1) / 2, (rows - 1) / 2}
}

// checkWindow returns an error unless a window has a size that is possible.
func checkWindow(columns, rows int) error {
	const most = 127
	name := "Rows"
	if columns < 1 || columns > most {
		name = "Columns"
	}
	if columns < 1 || rows < 1 || columns > most || rows > most {
		return invalid(name, "a window of %d by %d pixels is not between 1 and %d on a side", columns, rows, most)
	}
	return nil
}

// A windowFunc computes a row of a band. rows are those of the window, the topmost first, each longer than dst by the
// margin, and marks their validity, nil for rows that hold data everywhere. valid is the row's own, and may be changed.
type windowFunc func(dst []float64, rows [][]float64, marks [][]uint8, valid []uint8)

// perWindow returns a run that computes each band from windows of the input's. The result's validity is the input's but for
// what f changes; changes of one band are those of all.
func perWindow(t raster.PixelType, columns, rows int, f windowFunc) runFunc {
	m := windowMargin(columns, rows)
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		src := in[0]
		out := raster.NewBlock(t, len(src.Bands), rect)
		wide := rect.Dx() + m.Left + m.Right
		inner := image.Rect(rect.Min.X-m.Left, rect.Min.Y-m.Top, rect.Max.X+m.Right, rect.Max.Y+m.Bottom)
		for b, p := range src.Bands {
			own := make([][]float64, rows)
			lines, marks := make([][]float64, rows), make([][]uint8, rows)
			for i := range own {
				own[i] = make([]float64, wide)
			}
			dst := make([]float64, rect.Dx())
			load := func(i, y int) {
				lines[i], marks[i] = loadRow(own[i], p, y), nil
				if row := src.ValidRow(y); row != nil {
					marks[i] = row[inner.Min.X-src.Bounds().Min.X:][:wide]
				}
			}
			for i := range rows - 1 {
				load(i+1, inner.Min.Y+i)
			}
			for y := rect.Min.Y; y < rect.Max.Y; y++ {
				first, firstLine, firstMark := own[0], lines[0], marks[0]
				copy(own, own[1:])
				copy(lines, lines[1:])
				copy(marks, marks[1:])
				own[rows-1], lines[rows-1], marks[rows-1] = first, firstLine, firstMark
				load(rows-1, y+m.Bottom)
				valid := raster.AlphaRow(out.Valid, y, rect)
				if b == 0 {
					setValid(valid, marks[m.Top], m.Left)
				}
				f(dst, lines, marks, valid)
				storeRow(out.Bands[b], y, dst, valid, clamps, t)
			}
		}
		return out, nil
	}
}

// setValid sets a row to a part of another one, or to full.
func setValid(valid, marks []uint8, left int) {
	if marks != nil {
		copy(valid, marks[left:])
		return
	}
	for x := range valid {
		valid[x] = 255
	}
}
