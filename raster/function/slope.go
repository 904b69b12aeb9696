package function

import (
	"github.com/geoexport/geoexport/internal/horn"
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
	moot(number("PSPower", func(f *Slope) *float64 { return &f.PSPower }),
		func(f *Slope) string { return onlyFor(f.Type == SlopeScaled, "SlopeType", "3 (Scaled)") }),
	moot(number("PSZFactor", func(f *Slope) *float64 { return &f.PSZFactor }),
		func(f *Slope) string { return onlyFor(f.Type == SlopeScaled, "SlopeType", "3 (Scaled)") }),
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
	return gradientStep(out, f.RemoveEdgeEffect, func(c Cell, _ *raster.Block) gradientRow {
		fx, fy := scale.factors(c)
		var buf []float64
		row := gradientRow{fx: fx, fy: fy}
		row.of = func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
			storeFloats(planes[0], y, valid, out.Type, &buf,
				func(dst []float32) { slopes(dst, valid, east, south, percent) },
				func(dst []float64) { slopes(dst, valid, east, south, percent) })
		}
		if percent && out.Type == raster.F32 {
			row.ofSingles = func(planes []raster.Plane, y, from int, valid []uint8, heights horn.Rows) {
				heights.Percents(planes[0].(*raster.PlaneOf[float32]).Row(y)[from:from+len(valid)], valid)
			}
		}
		return row
	}), nil
}

// slopes computes slopes from gradients, and marks those that are none.
func slopes[T float32 | float64](dst []T, valid []uint8, east, south []float64, percent bool) {
	if percent {
		horn.PercentsOf(dst, valid, east, south)
	} else {
		horn.DegreesOf(dst, valid, east, south)
	}
}
