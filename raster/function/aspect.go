package function

import (
	"math"
	"sync"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// Aspect is the direction to which the heights of its input's first band fall, in degrees clockwise from north, from 0 up
// to 360, and -1 where they are flat. It needs a margin of one pixel. A pixel holds data if it and at least seven of its
// eight neighbours do.
type Aspect struct {
	Input  Function
	Output raster.PixelType
}

var aspectSpec = newSpec("Aspect", func() *Aspect { return &Aspect{} },
	func(f *Aspect) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Aspect) *Function { return &f.Input }).alias("DEM"),
)

func (f *Aspect) spec() *spec { return &aspectSpec }

func (f *Aspect) compile(_ *compilation, in []input) (step, error) {
	if err := oneBand(in[0]); err != nil {
		return step{}, err
	}
	out := computed(typeOr(f.Output, raster.F32), 1, nominal(-1, 360, 180, 30))
	return gradientStep(out, false, false, func(c Cell, _ *raster.Block) (fx, fy float64, row gradientFunc) {
		var buf []float64
		return 1 / c.Width, 1 / c.Height, func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
			storeFloats(planes[0], y, valid, out.Type, &buf,
				func(dst []float32) { aspects(dst, valid, east, south, arcTangents()) },
				func(dst []float64) { aspects(dst, valid, east, south, arcTangents()) })
		}
	}), nil
}

// aspects computes the directions of slopes from gradients, and marks those that are none.
func aspects[T float32 | float64](dst []T, valid []uint8, east, south []float64, table *arcTable) {
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	for x := range dst {
		// The components of the direction to which heights fall, as integers, which order as numbers without signs do.
		toEast, toNorth := math.Float64bits(-east[x]), math.Float64bits(south[x])
		octant := toEast>>63 | toNorth>>62&2
		toEast, toNorth = toEast&^signBit, toNorth&^signBit
		if toEast > toNorth {
			octant |= 4
		}
		least, most := min(toEast, toNorth), max(toEast, toNorth)
		if most-1 >= infinity-1 { // zero, infinite or no number
			v := aspect(east[x], south[x])
			if v != v {
				v, valid[x] = 0, 0
			}
			dst[x] = T(v)
			continue
		}
		ratio := math.Float64frombits(least) / math.Float64frombits(most)
		o := &octants[octant]
		v := o.from + float64(o.sign*table[uint64(ratio*arcPieces)%uint64(len(table))].at(ratio))
		if v >= belowNorth {
			v = 0
		}
		dst[x] = T(v)
	}
}

const (
	signBit  = 1 << 63
	infinity = 0x7ff << 52 // the bits of infinity
	// belowNorth is what F32 rounds to 360 from.
	belowNorth = 360 - 0x1p-16
	arcPieces  = 128
)

// octants have the angle in degrees from north at which the ratio of the components is 0, and whether angles grow with it.
// Bits of their numbers: 1 to the west, 2 to the south, 4 more to the east or west than to the north or south.
var octants = [8]struct{ from, sign float64 }{{0, 1}, {360, -1}, {180, -1}, {180, 1}, {90, -1}, {270, 1}, {90, 1}, {270, -1}}

// An arcTable has pieces of the arc tangent in degrees of ratios from 0 to 1, which are wrong by less than 1e-7 degrees. The
// last is for 1 itself.
type arcTable [2 * arcPieces]cubic

var arcTangents = sync.OnceValue(func() *arcTable {
	t := new(arcTable)
	arc := func(ratio float64) float64 { return portable.Atan(ratio) * (180 / math.Pi) }
	for i := range t[:arcPieces+1] {
		t[i] = newCubic(arc, float64(i)/arcPieces, float64(i+1)/arcPieces)
	}
	t[0] = cubic{0, 180 / math.Pi, 0, -180 / math.Pi / 3} // so that small angles keep their digits
	return t
})

// aspect returns the direction, in degrees, of a slope that rises by east to the east and by south to the south.
func aspect(east, south float64) float64 {
	if east == 0 && south == 0 {
		return -1
	}
	d := 90 - float64(portable.Atan2(south, -east)*(180/math.Pi))
	if d < 0 {
		d += 360
	}
	if d >= belowNorth {
		d = 0
	}
	return d
}
