package function

import (
	"image"

	"github.com/geoexport/geoexport/internal/horn"
	"github.com/geoexport/geoexport/raster"
)

// A gradientFunc computes row y of the planes of a result from how much heights rise at each pixel to the east and to the
// south. It marks pixels in valid that have no value.
type gradientFunc func(planes []raster.Plane, y int, valid []uint8, east, south []float64)

// A heightsFunc computes the pixels of row y of the planes of a result from a column on, as many as valid has, from heights.
// It marks pixels in valid that have no value.
type heightsFunc func(planes []raster.Plane, y, from int, valid []uint8, heights horn.Rows)

// A gradientRow is how a row of a result is computed.
type gradientRow struct {
	fx, fy float64 // factors of the gradients over eight pixels
	of     gradientFunc
	// ofSingles, if there is one, makes of heights in F32 what of does of their gradients, and is faster.
	ofSingles heightsFunc
}

// gradientStep returns the step of a function of heights that depends on their gradients. row returns how a row is computed
// for pixels of a size and a strip of heights.
func gradientStep(out Samples, strict bool, row func(c Cell, heights *raster.Block) gradientRow) step {
	run := func(c Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		if err := checkCell(c); err != nil {
			return nil, err
		}
		b := raster.NewBlock(out.Type, len(out.Bands), rect)
		gradientRows{out: b, in: in[0], strict: strict, row: row(c, in[0])}.run(in[0].Bands[0])
		return b, nil
	}
	return step{out: out, uses: [][]int{{0}}, margin: evenly(1), run: run}
}

// gradientRows are what is needed to compute a strip from gradients.
type gradientRows struct {
	out, in *raster.Block
	strict  bool
	row     gradientRow
}

// run computes the strip.
func (g gradientRows) run(heights raster.Plane) {
	switch p := heights.(type) {
	case *raster.PlaneOf[uint8]:
		gradientsOf(g, p, true)
	case *raster.PlaneOf[int8]:
		gradientsOf(g, p, true)
	case *raster.PlaneOf[uint16]:
		gradientsOf(g, p, true)
	case *raster.PlaneOf[int16]:
		gradientsOf(g, p, true)
	case *raster.PlaneOf[uint32]:
		gradientsOf(g, p, false)
	case *raster.PlaneOf[int32]:
		gradientsOf(g, p, false)
	case *raster.PlaneOf[float32]:
		gradientsOf(g, p, true)
	case *raster.PlaneOf[float64]:
		gradientsOf(g, p, false)
	}
}

// gradientsOf computes a strip from heights of any type. single states that F32 holds all numbers of the type.
func gradientsOf[T raster.Real](g gradientRows, heights *raster.PlaneOf[T], single bool) {
	rect := g.out.Bounds()
	n := newNeighbours(g.in, rect.Min.Y)
	row := rowOfDoubles[T](g)
	if single && g.row.ofSingles != nil {
		row = rowOfSingles(g, heights)
	}
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		rows := [3][]T{heights.Row(y - 1), heights.Row(y), heights.Row(y + 1)}
		valid := raster.AlphaRow(g.out.Valid, y, rect)
		whole := n.moveTo(y, valid, g.strict)
		row(y, rows, valid, n.gaps)
		for _, c := range [2]columns{{0, whole.from}, {whole.to, len(valid)}} {
			for _, p := range g.out.Bands { // where there is no data there may be anything
				clearMissing(p, y, valid, c)
			}
		}
	}
}

// A typedRow computes row y of a result, and fills gaps.
type typedRow[T raster.Real] func(y int, rows [3][]T, valid []uint8, gaps []gap)

// rowOfDoubles computes rows from gradients.
func rowOfDoubles[T raster.Real](g gradientRows) typedRow[T] {
	w := g.out.Bounds().Dx()
	var east, south []float64
	return func(y int, rows [3][]T, valid []uint8, gaps []gap) {
		if east == nil {
			east, south = make([]float64, w), make([]float64, w)
		}
		horn.Gradients(east, south, rows[0], rows[1], rows[2], g.row.fx, g.row.fy)
		for _, gap := range gaps {
			a := fill(gap, rows)
			horn.Gradients(east[gap.x:gap.x+1], south[gap.x:gap.x+1], a[:3], a[3:6], a[6:], g.row.fx, g.row.fy)
		}
		g.row.of(g.out.Bands, y, valid, east, south)
	}
}

// rowOfSingles computes rows from heights in F32.
func rowOfSingles[T raster.Real](g gradientRows, heights *raster.PlaneOf[T]) typedRow[T] {
	ring := newSingles(heights, g.out.Bounds().Min.Y)
	return func(y int, rows [3][]T, valid []uint8, gaps []gap) {
		s := ring.moveTo(y)
		g.row.ofSingles(g.out.Bands, y, 0, valid, horn.Rows{Above: s[0], At: s[1], Below: s[2], FX: g.row.fx, FY: g.row.fy})
		for _, gap := range gaps {
			var a [9]float32
			for i, v := range fill(gap, rows) {
				a[i] = float32(v)
			}
			valid[gap.x] = gap.valid // what lies in the gap may have removed it
			g.row.ofSingles(g.out.Bands, y, gap.x, valid[gap.x:gap.x+1],
				horn.Rows{Above: a[:3], At: a[3:6], Below: a[6:], FX: g.row.fx, FY: g.row.fy})
		}
	}
}

// singles are three rows of heights in F32.
type singles[T raster.Real] struct {
	heights *raster.PlaneOf[T]
	rows    [3][]float32
}

// newSingles returns rows that are ready for moveTo row y.
func newSingles[T raster.Real](heights *raster.PlaneOf[T], y int) *singles[T] {
	s := &singles[T]{heights: heights}
	s.load(y - 1)
	s.load(y)
	return s
}

// moveTo returns the rows above, at and below y, which follows that of the last call.
func (s *singles[T]) moveTo(y int) [3][]float32 {
	s.load(y + 1)
	return s.rows
}

// load makes row y the one below.
func (s *singles[T]) load(y int) {
	free := s.rows[0]
	s.rows[0], s.rows[1] = s.rows[1], s.rows[2]
	row := s.heights.Row(y)
	if single, ok := any(row).([]float32); ok {
		s.rows[2] = single
		return
	}
	if free == nil {
		free = make([]float32, len(row))
	}
	for x, v := range row {
		free[x] = float32(v)
	}
	s.rows[2] = free
}

// clearMissing sets pixels of row y that are not valid to 0.
func clearMissing(p raster.Plane, y int, valid []uint8, c columns) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		clearRow(p.Row(y), valid, c)
	case *raster.PlaneOf[int8]:
		clearRow(p.Row(y), valid, c)
	case *raster.PlaneOf[uint16]:
		clearRow(p.Row(y), valid, c)
	case *raster.PlaneOf[int16]:
		clearRow(p.Row(y), valid, c)
	case *raster.PlaneOf[uint32]:
		clearRow(p.Row(y), valid, c)
	case *raster.PlaneOf[int32]:
		clearRow(p.Row(y), valid, c)
	case *raster.PlaneOf[float32]:
		clearRow(p.Row(y), valid, c)
	case *raster.PlaneOf[float64]:
		clearRow(p.Row(y), valid, c)
	}
}

func clearRow[T raster.Real](row []T, valid []uint8, c columns) {
	for x := c.from; x < c.to; x++ {
		if valid[x] == 0 {
			row[x] = 0
		}
	}
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
