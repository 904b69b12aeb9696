package function

import (
	"github.com/geoexport/geoexport/raster"
)

// ResamplingType is how pixels of a raster are found between its own. The numbers are ArcGIS's.
type ResamplingType uint8

// The types that are served.
const (
	ResampleNearest  ResamplingType = 0
	ResampleBilinear ResamplingType = 1
	ResampleCubic    ResamplingType = 2
	ResampleMajority ResamplingType = 3
	ResampleAverage  ResamplingType = 7
)

// Resample determines how the raster it is of is resampled to the grid of the output. Its input must be a leaf: what is
// computed lies on that grid already.
type Resample struct {
	Input  Function
	Type   ResamplingType
	Output raster.PixelType
}

var resampleSpec = newSpec("Resample", func() *Resample { return &Resample{} },
	func(f *Resample) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Resample) *Function { return &f.Input }),
	enum("ResamplingType", func(f *Resample) *ResamplingType { return &f.Type }, []choice{
		{0, []string{"NearestNeighbor", "Nearest"}}, {1, []string{"Bilinear"}}, {2, []string{"Cubic"}}, {3, []string{"Majority"}},
		{4, []string{"BilinearPlus"}}, {5, []string{"GaussBlur"}}, {6, []string{"GaussBlurPlus"}}, {7, []string{"Average"}},
		{8, []string{"Minimum"}}, {9, []string{"Maximum"}}, {10, []string{"VectorAverage"}},
	}).alias("Type"),
	ignoredArg("InputCellsize", "a size of pixels", func(v any) (any, error) { return v, nil }),
	ignoredArg("OutputCellsize", "a size of pixels", readNoSize),
)

// readNoSize reads a size of pixels that leaves them as they are: 0.
func readNoSize(v any) (bool, error) {
	o, ok := v.(*object)
	if !ok {
		return false, wrongKind(v, "a size of pixels")
	}
	for _, m := range o.members {
		if n, err := readNumber(m.value); named(m.name, "x", []string{"y"}) && (err != nil || n != 0) {
			return false, unsupported("", "pixels of another size than the image's are not supported")
		}
	}
	return true, nil
}

func (f *Resample) spec() *spec { return &resampleSpec }

func (f *Resample) compile(_ *compilation, in []input) (step, error) {
	switch f.Type {
	case ResampleNearest, ResampleBilinear, ResampleCubic, ResampleMajority, ResampleAverage:
	default:
		return step{}, unsupported("ResamplingType", "type %d is not supported", f.Type)
	}
	if _, ok := in[0].function.(Leaf); !ok {
		return step{}, unsupported("Raster", "a function inside of it is not supported: let it be the innermost one")
	}
	return step{out: in[0].Samples, resampling: &f.Type}, nil
}
