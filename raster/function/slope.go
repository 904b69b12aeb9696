package function

import (
	"image"
	"math"

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
	row := func(c Cell) func(dst, gx, gy []float64) {
		fx, fy := scale.factors(c)
		if percent {
			return func(dst, gx, gy []float64) {
				dst, gy = dst[:len(gx)], gy[:len(gx)]
				for x := range gx {
					p, q := gx[x]*fx, gy[x]*fy
					dst[x] = 100 * math.Sqrt(float64(p*p)+float64(q*q))
				}
			}
		}
		return func(dst, gx, gy []float64) {
			dst, gy = dst[:len(gx)], gy[:len(gx)]
			for x := range gx {
				p, q := gx[x]*fx, gy[x]*fy
				dst[x] = portable.Atan(math.Sqrt(float64(p*p)+float64(q*q))) * (180 / math.Pi)
			}
		}
	}
	return gradientStep(computed(typeOr(f.Output, raster.F32), 1, known), f.RemoveEdgeEffect, row), nil
}

// gradientStep returns the step of a function of heights that depends on their gradients alone. row returns how a row is
// computed for pixels of a size.
func gradientStep(out Samples, strict bool, row func(Cell) func(dst, gx, gy []float64)) step {
	run := func(c Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		if err := checkCell(c); err != nil {
			return nil, err
		}
		of := row(c)
		gx, gy := make([]float64, rect.Dx()), make([]float64, rect.Dx())
		s := surface{
			strict: strict,
			rows: func(dst [][]float64, above, at, below []float64) {
				gradients(gx, gy, above, at, below)
				of(dst[0], gx, gy)
			},
			one: func(w *neighbourhood, dst []float64) {
				x, y := w.gradient()
				of(dst, []float64{x}, []float64{y})
			},
		}
		return s.run(out.Type, 1, in[0], rect)
	}
	return step{out: out, uses: [][]int{{0}}, margin: evenly(1), run: run}
}
