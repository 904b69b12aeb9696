package function

import (
	"math"
	"sync"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// SlopeType is the unit of a slope. The numbers are ArcGIS's.
type SlopeType uint8

// The units.
const (
	SlopeDegree  SlopeType = 1
	SlopePercent SlopeType = 2 // rise over run, in hundredths
	SlopeScaled  SlopeType = 3 // degrees, of heights multiplied by ZFactor + PSZFactor·size^PSPower
)

// Slope is how steep the heights of its input's first band are. It needs a margin of one pixel. A pixel holds data if it
// and at least seven of its eight neighbours do.
type Slope struct {
	Input              Function
	Type               SlopeType // 0 is SlopeDegree
	ZFactor            float64   // by which heights are multiplied; 0 means 1
	PSPower, PSZFactor float64   // of SlopeScaled; the defaults of the operation are 0.664 and 0.024
	RemoveEdgeEffect   bool      // all eight neighbours must hold data
	Output             raster.PixelType
}

// NewSlope returns a Slope of the given input with the operation's defaults.
func NewSlope(in Function) *Slope {
	return &Slope{Input: in, Type: SlopeDegree, ZFactor: 1, PSPower: 0.664, PSZFactor: 0.024}
}

var slopeSpec = newSpec("Slope", func() *Slope { return NewSlope(nil) },
	func(f *Slope) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Slope) *Function { return &f.Input }).alias("DEM"),
	enum("SlopeType", func(f *Slope) *SlopeType { return &f.Type }, []choice{
		{1, []string{"Degree", "Degrees"}}, {2, []string{"PercentRise", "Percent"}}, {3, []string{"Scaled", "Adjusted"}},
	}).alias("ScalingType", "Scaling"),
	zFactorArg(func(f *Slope) *float64 { return &f.ZFactor }),
	number("PSPower", func(f *Slope) *float64 { return &f.PSPower }),
	number("PSZFactor", func(f *Slope) *float64 { return &f.PSZFactor }),
	flag("RemoveEdgeEffect", func(f *Slope) *bool { return &f.RemoveEdgeEffect }),
)

func (f *Slope) spec() *spec { return &slopeSpec }

func (f *Slope) compile(_ *compilation, in []input) (step, error) {
	if err := oneBand(in[0]); err != nil {
		return step{}, err
	}
	switch {
	case f.Type > SlopeScaled:
		return step{}, unsupported("SlopeType", "there is no type %d", f.Type)
	case !finite(f.ZFactor, f.PSPower, f.PSZFactor):
		return step{}, invalid("ZFactor", "factors must be finite")
	}
	percent := f.Type == SlopePercent
	known := nominal(0, 90, 1, 1)
	if percent {
		known = nil
	}
	scale := slopeScale{f.ZFactor, f.Type == SlopeScaled, f.PSPower, f.PSZFactor}
	out := computed(typeOr(f.Output, raster.F32), 1, known)
	return gradientStep(out, f.RemoveEdgeEffect, percent && out.Type == raster.F32, func(c Cell, _ *raster.Block) (fx, fy float64, row gradientFunc) {
		fx, fy = scale.factors(c)
		var buf []float64
		return fx, fy, func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
			storeFloats(planes[0], y, valid, out.Type, &buf,
				func(dst []float32) { slopes(dst, valid, east, south, percent) },
				func(dst []float64) { slopes(dst, valid, east, south, percent) })
		}
	}), nil
}

// slopes computes slopes from gradients, and marks those that are none.
func slopes[T float32 | float64](dst []T, valid []uint8, east, south []float64, percent bool) {
	if percent {
		slopePercents(dst, valid, east, south)
	} else {
		slopeDegrees(dst, valid, east, south, steepnesses())
	}
}

func slopePercents[T float32 | float64](dst []T, valid []uint8, east, south []float64) {
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	for x := range dst {
		p, q := east[x], south[x]
		v := float64(100 * math.Sqrt(float64(p*p)+float64(q*q)))
		if !(v <= math.MaxFloat32) {
			v, valid[x] = rareValue(v, valid[x], dst)
		}
		dst[x] = T(v)
	}
}

// rareValue returns the nearest value to v that samples of a row hold, and its validity: that of the pixel, or 0 if v is
// infinite or no number.
func rareValue[T float32 | float64](v float64, valid uint8, _ []T) (float64, uint8) {
	switch {
	case v-v != 0:
		return 0, 0
	case T(v)-T(v) != 0:
		return math.Copysign(math.MaxFloat32, v), valid
	}
	return v, valid
}

func slopeDegrees[T float32 | float64](dst []T, valid []uint8, east, south []float64, table *steepnessTable) {
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	for x := range dst {
		p, q := east[x], south[x]
		s := float64(p*p) + float64(q*q)
		if i := table.index(s); i < uint64(len(table)) {
			dst[x] = T(table[i].at(s))
			continue
		}
		v := 0.0
		if s != 0 {
			v = steepness(s)
		}
		if v != v {
			valid[x] = 0
		}
		dst[x] = T(v)
	}
}

// steepness returns the angle in degrees of a slope whose square is s.
func steepness(s float64) float64 { return portable.Atan(math.Sqrt(s)) * (180 / math.Pi) }

const (
	steepnessBits  = 5                            // of a number's fraction that its piece has
	steepnessFirst = (1023 - 60) << steepnessBits // squares below 2^-60 have no piece
	steepnessCount = (60 + 20) << steepnessBits   // nor have those from 2^20
)

// A steepnessTable has pieces of steepness that are wrong by less than 5e-10 of the value.
type steepnessTable [steepnessCount]cubic

var steepnesses = sync.OnceValue(func() *steepnessTable {
	t := new(steepnessTable)
	at := func(i int) float64 { return math.Float64frombits(uint64(i+steepnessFirst) << (52 - steepnessBits)) }
	for i := range t {
		t[i] = newCubic(steepness, at(i), at(i+1))
	}
	return t
})

// index returns the number of the piece for s; one that is too large if there is none.
func (t *steepnessTable) index(s float64) uint64 {
	return math.Float64bits(s)>>(52-steepnessBits) - steepnessFirst
}
