package function

import (
	"github.com/geoexport/geoexport/internal/horn"
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
	return gradientStep(out, false, func(c Cell, _ *raster.Block) gradientRow {
		var buf []float64
		row := gradientRow{fx: 1 / c.Width, fy: 1 / c.Height}
		row.of = func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
			storeFloats(planes[0], y, valid, out.Type, &buf,
				func(dst []float32) { horn.AspectsOf(dst, valid, east, south) },
				func(dst []float64) { horn.AspectsOf(dst, valid, east, south) })
		}
		if out.Type == raster.F32 {
			row.ofSingles = func(planes []raster.Plane, y, from int, valid []uint8, heights horn.Rows) {
				heights.Aspects(planes[0].(*raster.PlaneOf[float32]).Row(y)[from:from+len(valid)], valid)
			}
		}
		return row
	}), nil
}
