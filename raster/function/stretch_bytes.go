package function

import (
	"image"
	"math"
	"sync"

	"github.com/geoexport/geoexport/raster"
)

// stretchBytes returns the run of curves from bytes to bytes, by tables.
func stretchBytes(curves []curve) runFunc {
	tables := make([][256]uint8, len(curves))
	for i := range curves {
		for v := range tables[i] {
			tables[i][v] = byteOf(curves[i].at(float64(v)))
		}
	}
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		out := &raster.Block{Type: raster.U8, Bands: raster.NewPlanes(raster.U8, len(curves), rect), Valid: in[0].Valid}
		for i, p := range in[0].Bands {
			table := &tables[i]
			src, dst := p.(*raster.PlaneOf[uint8]), out.Bands[i].(*raster.PlaneOf[uint8])
			for y := rect.Min.Y; y < rect.Max.Y; y++ {
				row := dst.Row(y)
				for x, v := range src.Row(y) {
					row[x] = table[v]
				}
			}
		}
		return out, nil
	}
}

// byteOf returns the byte that is nearest to a value.
func byteOf(v float64) uint8 { return uint8(math.Min(math.Max(math.Round(v), 0), 255)) }

// A byteCurve is a curve to bytes that needs no rows of F64: by a table for integers, or in proportion. It gives what a
// curve's row does, stored as bytes.
type byteCurve struct {
	curve
	table func() []uint8
	first int64
}

// byteCurves returns curves that end in bytes; false unless all can.
func byteCurves(curves []curve) ([]byteCurve, bool) {
	out := make([]byteCurve, len(curves))
	for i, c := range curves {
		b := byteCurve{curve: c}
		switch {
		case c.table != nil:
			b.first = int64(c.first)
			b.table = sync.OnceValue(func() []uint8 {
				wide := c.table()
				table := make([]uint8, len(wide))
				for i, v := range wide {
					table[i] = byteOf(v)
				}
				return table
			})
		case !c.linear() || !c.meetsEnds() || min(c.out.min, c.out.max) < 0 || max(c.out.min, c.out.max) > math.MaxUint8:
			return nil, false
		}
		out[i] = b
	}
	return out, true
}

// stretchToBytes returns the run of curves to bytes from samples of any real type.
func stretchToBytes(curves []byteCurve) runFunc {
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		out := raster.NewBlock(raster.U8, len(curves), rect)
		for y := rect.Min.Y; y < rect.Max.Y; y++ {
			valid := raster.AlphaRow(out.Valid, y, rect)
			leastValid(valid, in, y)
			for i, p := range in[0].Bands {
				curves[i].plane(out.Bands[i].(*raster.PlaneOf[uint8]).Row(y), p, y, valid)
			}
		}
		return out, nil
	}
}

// plane maps row y of a plane.
func (c *byteCurve) plane(dst []uint8, p raster.Plane, y int, valid []uint8) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		wholeToBytes(c, dst, p.Row(y), valid)
	case *raster.PlaneOf[int8]:
		wholeToBytes(c, dst, p.Row(y), valid)
	case *raster.PlaneOf[uint16]:
		wholeToBytes(c, dst, p.Row(y), valid)
	case *raster.PlaneOf[int16]:
		wholeToBytes(c, dst, p.Row(y), valid)
	case *raster.PlaneOf[uint32]:
		wholeToBytes(c, dst, p.Row(y), valid)
	case *raster.PlaneOf[int32]:
		wholeToBytes(c, dst, p.Row(y), valid)
	case *raster.PlaneOf[float32]:
		toBytes(c, dst, p.Row(y), valid)
	case *raster.PlaneOf[float64]:
		toBytes(c, dst, p.Row(y), valid)
	}
}

func wholeToBytes[T uint8 | int8 | uint16 | int16 | uint32 | int32](c *byteCurve, dst []uint8, src []T, valid []uint8) {
	if c.table == nil {
		toBytes(c, dst, src, valid)
		return
	}
	table := c.table()
	first, last := c.first, int64(len(table)-1)
	src = src[:len(dst)]
	for x := range dst {
		dst[x] = table[min(max(int64(src[x])-first, 0), last)]
	}
}

// toBytes maps samples in proportion, as curve.rowInProportion does, and rounds half away from zero.
func toBytes[T raster.Real](c *byteCurve, dst []uint8, src []T, valid []uint8) {
	lo, hi, from := c.in.min, c.in.max, c.out.min
	half, width, height := float64(lo/2), float64(hi/2)-float64(lo/2), c.out.max-c.out.min
	src, valid = src[:len(dst)], valid[:len(dst)]
	for x, s := range src {
		v := min(max(float64(s), lo), hi)
		if v != v {
			valid[x] = 0
			continue
		}
		v = from + float64(height*((float64(v/2)-half)/width))
		i := int32(v)
		dst[x] = uint8(i + int32(2*(v-float64(i))))
	}
}
