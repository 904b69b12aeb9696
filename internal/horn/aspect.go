package horn

import (
	"math"
	"sync"

	"github.com/geoexport/geoexport/internal/portable"
)

// Aspects computes the directions to which heights fall, in degrees clockwise from north, from 0 up to 360, and -1 where they
// are flat. Pixels of which none can be computed become 0, also in valid.
func (r Rows) Aspects(dst []float32, valid []uint8) {
	r.runs(len(dst), func(from, to int, part Rows) {
		done := assembledAspects(dst[from:to], part)
		part.part(done, to-from-done).aspects(dst[from+done:to], valid[from+done:to])
	})
}

func (r Rows) aspects(dst []float32, valid []uint8) {
	if len(dst) == 0 {
		return
	}
	w, arcs := newWalk(r.Above, r.At, r.Below, r.FX, r.FY), arcTangents()
	n := len(dst)
	valid, above, at, below := valid[:n], r.Above[2:n+2], r.At[2:n+2], r.Below[2:n+2]
	for x := range dst {
		p, q := w.next(float64(above[x]), float64(at[x]), float64(below[x]))
		v := aspect(arcs, p, q)
		if v != v {
			v, valid[x] = 0, 0
		}
		dst[x] = float32(v)
	}
}

// AspectsOf does what Aspects does, from gradients.
func AspectsOf[T float32 | float64](dst []T, valid []uint8, east, south []float64) {
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	arcs := arcTangents()
	for x := range dst {
		v := aspect(arcs, east[x], south[x])
		if v != v {
			v, valid[x] = 0, 0
		}
		dst[x] = T(v)
	}
}

const (
	signBit  = 1 << 63
	infinity = 0x7ff << 52 // the bits of infinity
	// belowNorth is what float32 rounds to 360 from.
	belowNorth = 360 - 0x1p-16
	arcPieces  = 128
)

// octants have the angle in degrees from north at which the ratio of the components is 0, and whether angles grow with it.
// Bits of their numbers: 1 to the west, 2 to the south, 4 more to the east or west than to the north or south.
var octants = [8]struct{ from, sign float64 }{{0, 1}, {360, -1}, {180, -1}, {180, 1}, {90, -1}, {270, 1}, {90, 1}, {270, -1}}

// pairsOfOctants have the octants of two pixels: from of both, then sign of both. Each bit of an octant's number is a pair of
// bits, of which the first pixel's is the lower one.
var pairsOfOctants = sync.OnceValue(func() *[64][4]float64 {
	t := new([64][4]float64)
	for i := range t {
		first, second := octants[i&1|i>>1&2|i>>2&4], octants[i>>1&1|i>>2&2|i>>3&4]
		t[i] = [4]float64{first.from, second.from, first.sign, second.sign}
	}
	return t
})

// An arcTable has pieces of the arc tangent in degrees of ratios from 0 to 1, which are wrong by less than 1e-7 degrees. The
// last is for 1 itself.
type arcTable = [2 * arcPieces][4]float64

var arcTangents = sync.OnceValue(func() *arcTable {
	t := new(arcTable)
	arc := func(ratio float64) float64 { return portable.Atan(ratio) * (180 / math.Pi) }
	for i := range t[:arcPieces+1] {
		t[i] = newCubic(arc, float64(i)/arcPieces, float64(i+1)/arcPieces)
	}
	t[0] = cubic{0, 180 / math.Pi, 0, -180 / math.Pi / 3} // so that small angles keep their digits
	return t
})

// aspect returns the direction to which heights fall: NaN if there is none.
func aspect(arcs *arcTable, east, south float64) float64 {
	// The components of the direction as integers, which order as numbers without signs do.
	toEast, toNorth := math.Float64bits(-east), math.Float64bits(south)
	octant := toEast>>63 | toNorth>>62&2
	toEast, toNorth = toEast&^signBit, toNorth&^signBit
	if toEast > toNorth {
		octant |= 4
	}
	least, most := min(toEast, toNorth), max(toEast, toNorth)
	if most-1 >= infinity-1 { // zero, infinite or no number
		return exactAspect(east, south)
	}
	ratio := math.Float64frombits(least) / math.Float64frombits(most)
	o := &octants[octant]
	v := o.from + float64(o.sign*(*cubic)(&arcs[uint64(ratio*arcPieces)%uint64(len(arcs))]).at(ratio))
	if v >= belowNorth {
		v = 0
	}
	return v
}

// exactAspect does what aspect does for all numbers, without a table.
func exactAspect(east, south float64) float64 {
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
