package function

import (
	"image"

	"github.com/geoexport/geoexport/raster"
)

// CompositeBand puts the bands of rasters one after the other. A pixel holds data where it does in all of them.
type CompositeBand struct {
	Inputs []Function
	Output raster.PixelType // Unknown is the first type that holds the samples of all inputs
}

var compositeBandSpec = newSpec("CompositeBand", func() *CompositeBand { return &CompositeBand{} },
	func(f *CompositeBand) *raster.PixelType { return &f.Output },
	append([]arg{rastersArg("Rasters", func(f *CompositeBand) *[]Function { return &f.Inputs })}, extentArgs()...)...,
).alias("CompositeBands")

func (f *CompositeBand) spec() *spec { return &compositeBandSpec }

func (f *CompositeBand) compile(_ *compilation, in []input) (step, error) {
	var out Samples
	for i, one := range in {
		if err := quantities(one); err != nil {
			return step{}, err
		}
		if out.Type = joined(one.Type, out.Type); i == 0 {
			out.Type = one.Type
		}
		out.Bands = append(out.Bands, one.Bands...)
	}
	return step{out: out, run: func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		b := &raster.Block{Type: out.Type, Valid: image.NewAlpha(rect)}
		for y := rect.Min.Y; y < rect.Max.Y; y++ {
			leastValid(raster.AlphaRow(b.Valid, y, rect), in, y)
		}
		for _, one := range in {
			// What becomes no number in another type held no data before.
			typed, err := raster.Convert(&raster.Block{Type: one.Type, Bands: one.Bands}, out.Type)
			if err != nil {
				return nil, err
			}
			b.Bands = append(b.Bands, typed.Bands...)
		}
		return b, nil
	}}, nil
}
