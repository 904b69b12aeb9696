package function

import "github.com/geoexport/geoexport/raster"

// Identity leaves pixels as they are, but for their type.
type Identity struct {
	Input  Function
	Output raster.PixelType // Unknown is the input's
}

var identitySpec = newSpec("Identity", func() *Identity { return &Identity{} },
	func(f *Identity) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Identity) *Function { return &f.Input }),
)

func (f *Identity) spec() *spec { return &identitySpec }

func (f *Identity) compile(_ *compilation, in []input) (step, error) {
	return step{out: in[0].Samples}, nil
}
