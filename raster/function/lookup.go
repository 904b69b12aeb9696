package function

import (
	"image"
	"sync"

	"github.com/geoexport/geoexport/raster"
)

// A runFunc computes the pixels of a rectangle: see step.
type runFunc = func(Cell, []*raster.Block, image.Rectangle) (*raster.Block, error)

// lookup returns a run that agrees with another one, which makes one band of another band of a small type, pixel by pixel
// and without looking at the cell. It runs the other one once, on every value that the type has.
func lookup(from, to raster.PixelType, run runFunc) runFunc {
	table := sync.OnceValues(func() (*raster.Block, error) { return run(Cell{}, []*raster.Block{allValues(from)}, everyValue(from)) })
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		t, err := table()
		if err != nil {
			return nil, err
		}
		out := &raster.Block{Type: to, Bands: raster.NewPlanes(to, 1, rect), Valid: image.NewAlpha(rect)}
		known := t.ValidRow(0)
		first, _ := from.Range()
		switch src := in[0].Bands[0].(type) {
		case *raster.PlaneOf[uint8]:
			lookUp(out, src, in[0], t, known, int(first))
		case *raster.PlaneOf[int8]:
			lookUp(out, src, in[0], t, known, int(first))
		case *raster.PlaneOf[uint16]:
			lookUp(out, src, in[0], t, known, int(first))
		case *raster.PlaneOf[int16]:
			lookUp(out, src, in[0], t, known, int(first))
		}
		return out, nil
	}
}

// everyValue returns a rectangle of one row that is as long as a type has values. Types of less than 8 bits count as of 8,
// as which they are held.
func everyValue(t raster.PixelType) image.Rectangle {
	lo, hi := t.Range()
	return image.Rect(0, 0, max(int(hi-lo)+1, 256), 1)
}

// allValues returns a block of all values of a small type.
func allValues(t raster.PixelType) *raster.Block {
	r := everyValue(t)
	lo, _ := t.Range()
	b := &raster.Block{Type: raster.F64, Bands: raster.NewPlanes(raster.F64, 1, r)}
	for x := range b.Bands[0].(*raster.PlaneOf[float64]).Pix {
		b.Bands[0].(*raster.PlaneOf[float64]).Pix[x] = lo + float64(x)
	}
	return b
}

func lookUp[S uint8 | int8 | uint16 | int16](
	out *raster.Block, src *raster.PlaneOf[S], in, table *raster.Block, known []uint8, first int,
) {
	switch dst := out.Bands[0].(type) {
	case *raster.PlaneOf[uint8]:
		lookUpRows(dst, src, out, in, rowOf[uint8](table), known, first)
	case *raster.PlaneOf[int8]:
		lookUpRows(dst, src, out, in, rowOf[int8](table), known, first)
	case *raster.PlaneOf[uint16]:
		lookUpRows(dst, src, out, in, rowOf[uint16](table), known, first)
	case *raster.PlaneOf[int16]:
		lookUpRows(dst, src, out, in, rowOf[int16](table), known, first)
	case *raster.PlaneOf[uint32]:
		lookUpRows(dst, src, out, in, rowOf[uint32](table), known, first)
	case *raster.PlaneOf[int32]:
		lookUpRows(dst, src, out, in, rowOf[int32](table), known, first)
	case *raster.PlaneOf[float32]:
		lookUpRows(dst, src, out, in, rowOf[float32](table), known, first)
	case *raster.PlaneOf[float64]:
		lookUpRows(dst, src, out, in, rowOf[float64](table), known, first)
	}
}

func rowOf[D raster.Real](b *raster.Block) []D { return b.Bands[0].(*raster.PlaneOf[D]).Pix }

func lookUpRows[D raster.Real, S uint8 | int8 | uint16 | int16](
	dst *raster.PlaneOf[D], src *raster.PlaneOf[S], out, in *raster.Block, table []D, known []uint8, first int,
) {
	for y := dst.Rect.Min.Y; y < dst.Rect.Max.Y; y++ {
		to, valid := dst.Row(y), raster.AlphaRow(out.Valid, y, dst.Rect)
		marks := in.ValidRow(y)
		for x, v := range src.Row(y) {
			i := int(v) - first
			to[x], valid[x] = table[i], known[i]
		}
		for x, m := range marks {
			valid[x] = min(valid[x], m)
		}
	}
}
