package function

import (
	"image"

	"github.com/geoexport/geoexport/raster"
)

// A gradientFunc computes row y of the planes of a result from how much heights rise at each pixel to the east and to the
// south. It marks pixels in valid that have no value.
type gradientFunc func(planes []raster.Plane, y int, valid []uint8, east, south []float64)

// gradientStep returns the step of a function of heights that depends on their gradients. of returns the factors of the
// gradients over eight pixels to the east and to the south, and how a row is computed from the gradients, for pixels of a
// size and a strip of heights. percents states that a row is of slopes in percent as F32, for which there is a faster way.
func gradientStep(
	out Samples, strict, percents bool, of func(c Cell, heights *raster.Block) (fx, fy float64, row gradientFunc),
) step {
	run := func(c Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		if err := checkCell(c); err != nil {
			return nil, err
		}
		b := raster.NewBlock(out.Type, len(out.Bands), rect)
		fx, fy, row := of(c, in[0])
		g := gradientRows{out: b, in: in[0], strict: strict, percents: percents, fx: fx, fy: fy, row: row}
		g.run(in[0].Bands[0])
		return b, nil
	}
	return step{out: out, uses: [][]int{{0}}, margin: evenly(1), run: run}
}

// gradientRows are what is needed to compute a strip from gradients.
type gradientRows struct {
	out, in  *raster.Block
	strict   bool
	percents bool
	fx, fy   float64
	row      gradientFunc
}

// run computes the strip.
func (g gradientRows) run(heights raster.Plane) {
	switch p := heights.(type) {
	case *raster.PlaneOf[uint8]:
		gradientsOf(g, p)
	case *raster.PlaneOf[int8]:
		gradientsOf(g, p)
	case *raster.PlaneOf[uint16]:
		gradientsOf(g, p)
	case *raster.PlaneOf[int16]:
		gradientsOf(g, p)
	case *raster.PlaneOf[uint32]:
		gradientsOf(g, p)
	case *raster.PlaneOf[int32]:
		gradientsOf(g, p)
	case *raster.PlaneOf[float32]:
		gradientsOf(g, p)
	case *raster.PlaneOf[float64]:
		gradientsOf(g, p)
	}
}

// gradientsOf computes a strip from the gradients of heights of any type.
func gradientsOf[T raster.Real](g gradientRows, heights *raster.PlaneOf[T]) {
	rect := g.out.Bounds()
	w := rect.Dx()
	buf := make([]float64, 2*w)
	east, south := buf[:w:w], buf[w:]
	n := newNeighbours(g.in, rect.Min.Y)
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		rows := [3][]T{heights.Row(y - 1), heights.Row(y), heights.Row(y + 1)}
		valid := raster.AlphaRow(g.out.Valid, y, rect)
		whole := n.moveTo(y, valid, g.strict)
		if g.percents {
			dst := g.out.Bands[0].(*raster.PlaneOf[float32]).Row(y)
			percentRow(dst, valid, rows, whole, n.gaps, g.fx, g.fy)
			continue
		}
		gradients(east, south, rows[0], rows[1], rows[2], g.fx, g.fy)
		for _, gap := range n.gaps {
			a := fill(gap, rows)
			gradients(east[gap.x:gap.x+1], south[gap.x:gap.x+1], a[:3], a[3:6], a[6:], g.fx, g.fy)
		}
		for _, c := range [2]columns{{0, whole.from}, {whole.to, w}} {
			for x := c.from; x < c.to; x++ {
				if valid[x] == 0 { // there may be anything
					east[x], south[x] = 0, 0
				}
			}
		}
		g.row(g.out.Bands, y, valid, east, south)
	}
}

// gradients fills rows with how much heights rise to the east and to the south over eight pixels, by the weights of Horn
// (1981), times factors. The rows of heights are two pixels longer. What neighbouring pixels share is computed once.
func gradients[T raster.Real](east, south []float64, above, at, below []T, fx, fy float64) {
	n := len(east)
	south, above, at, below = south[:n], above[:n+2], at[:n+2], below[:n+2]
	column0, fall0 := column(above[0], at[0], below[0])
	column1, fall1 := column(above[1], at[1], below[1])
	falls0 := fall0 + fall1
	above, at, below = above[2:], at[2:], below[2:]
	above, at, below = above[:n], at[:n], below[:n]
	for x := range east {
		column2, fall2 := column(above[x], at[x], below[x])
		falls1 := fall1 + fall2
		east[x] = (column2 - column0) * fx
		south[x] = (falls0 + falls1) * fy
		column0, column1, fall1, falls0 = column1, column2, fall2, falls1
	}
}

// column returns the weighted sum of three heights, one above the other, and how much the first is above the last.
func column[T raster.Real](above, at, below T) (sum, fall float64) {
	a, m, b := float64(above), float64(at), float64(below)
	return a + (m + m) + b, b - a
}

// storeFloats stores row y of a plane of which fill computes values in F32 or F64, and marks those that are none. Where the
// plane has another type, values go through buf.
func storeFloats(
	p raster.Plane, y int, valid []uint8, t raster.PixelType, buf *[]float64,
	single func([]float32), double func([]float64),
) {
	switch p := p.(type) {
	case *raster.PlaneOf[float32]:
		single(p.Row(y))
	case *raster.PlaneOf[float64]:
		double(p.Row(y))
	default:
		if *buf == nil {
			*buf = make([]float64, len(valid))
		}
		double(*buf)
		storeRow(p, y, *buf, valid, clamps, t)
	}
}
