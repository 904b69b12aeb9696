package function

import (
	"math"

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
	return gradientStep(out, false, func(c Cell) func(dst, gx, gy []float64) {
		return func(dst, gx, gy []float64) {
			dst, gy = dst[:len(gx)], gy[:len(gx)]
			for x := range gx {
				dst[x] = aspect(gx[x]/c.Width, gy[x]/c.Height)
			}
		}
	}), nil
}

// aspect returns the direction of a slope that rises by east to the east and by south to the south.
func aspect(east, south float64) float64 {
	if east == 0 && south == 0 {
		return -1
	}
	d := 90 - float64(portable.Atan2(south, -east)*(180/math.Pi))
	if d < 0 {
		d += 360
	}
	if d >= 360 {
		d = 0
	}
	return d
}
