package function

import (
	"github.com/geoexport/geoexport/raster"
)

// TransposeBits copies bits of its input to other places. The other bits are those of Fill, or of the raster FillRaster.
type TransposeBits struct {
	Input      Function
	FillRaster Function // nil is Fill
	From, To   []int    // positions, of which 0 is the least significant bit
	Fill       int
	Output     raster.PixelType // Unknown is the input's
}

var transposeBitsSpec = newSpec("TransposeBits", func() *TransposeBits { return &TransposeBits{} },
	func(f *TransposeBits) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *TransposeBits) *Function { return &f.Input }),
	extraRaster("FillRaster", func(f *TransposeBits) *Function { return &f.FillRaster }),
	wholes("InputBitPositions", func(f *TransposeBits) *[]int { return &f.From }),
	wholes("OutputBitPositions", func(f *TransposeBits) *[]int { return &f.To }),
	whole("ConstantFillValue", func(f *TransposeBits) *int { return &f.Fill }),
	switchArg("ConstantFillCheck", "true or false", readBool),
).finished(func(f Function, switches map[string]any) error {
	if use, stated := switches["ConstantFillCheck"].(bool); stated && use {
		f.(*TransposeBits).FillRaster = nil
	}
	return nil
}, nil)

func (f *TransposeBits) spec() *spec { return &transposeBitsSpec }

func (f *TransposeBits) compile(_ *compilation, in []input) (step, error) {
	for _, one := range in {
		if err := realInput(one); err != nil {
			return step{}, err
		}
		if !one.Type.Integer() {
			return step{}, unsupported("", "it is of integers, not of pixels of type %v", one.Type)
		}
	}
	if len(f.From) != len(f.To) || len(f.From) == 0 {
		return step{}, invalid("OutputBitPositions", "%d positions for %d of the input", len(f.To), len(f.From))
	}
	for name, list := range map[string][]int{"InputBitPositions": f.From, "OutputBitPositions": f.To} {
		for _, n := range list {
			if n < 0 || n > 31 {
				return step{}, invalid(name, "there is no bit %d", n)
			}
		}
	}
	n := len(in[0].Bands)
	if len(in) > 1 && len(in[1].Bands) != n && len(in[1].Bands) != 1 {
		return step{}, invalid("FillRaster", "it has %d bands, and the input %d", len(in[1].Bands), n)
	}
	out := computed(typeOr(f.Output, in[0].Type), n, nil)
	return step{out: out, run: perRow(out.Type, n, clamps, func(dst, src [][]float64, _ []uint8) {
		for i := range dst {
			var fill []float64
			if len(src) > n {
				fill = src[n+min(i, len(src)-n-1)]
			}
			for x, v := range src[i] {
				bits := uint64(int64(f.Fill))
				if fill != nil {
					bits = uint64(int64(fill[x]))
				}
				dst[i][x] = float64(int64(f.transpose(bits, uint64(int64(v)))))
			}
		}
	})}, nil
}

// transpose returns bits with those of v at their places.
func (f *TransposeBits) transpose(bits, v uint64) uint64 {
	for i, from := range f.From {
		to := f.To[i]
		bits = bits&^(1<<to) | v>>from&1<<to
	}
	return bits
}
