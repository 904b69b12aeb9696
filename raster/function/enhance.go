package function

import (
	"fmt"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// Grayscale makes one band of several, by their weights.
type Grayscale struct {
	Input Function
	// Weights are of the first bands, and are divided by their sum. Nil means 0.299, 0.587 and 0.114, those of red, green
	// and blue.
	Weights []float64
	Output  raster.PixelType // Unknown is the input's
}

// usualGrey are the weights that templates have, also those for a single band.
var usualGrey = []float64{0.299, 0.587, 0.114}

var grayscaleSpec = newSpec("Grayscale", func() *Grayscale { return &Grayscale{} },
	func(f *Grayscale) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Grayscale) *Function { return &f.Input }),
	numbers("ConversionParameters", func(f *Grayscale) *[]float64 { return &f.Weights }),
)

func (f *Grayscale) spec() *spec { return &grayscaleSpec }

func (f *Grayscale) compile(_ *compilation, in []input) (step, error) {
	if err := quantities(in[0]); err != nil {
		return step{}, err
	}
	weights := f.Weights
	if len(weights) == 0 {
		weights = usualGrey
	}
	n := min(len(weights), len(in[0].Bands))
	var notes []string
	if n < len(f.Weights) && !slices.Equal(f.Weights, usualGrey) {
		notes = []string{fmt.Sprintf(
			"Grayscale: ConversionParameters: %d of %d weights were passed over, as there is no band for them", len(f.Weights)-n, len(f.Weights))}
	}
	sum := localSum(nil, weights[:n], false)
	if !finite(weights...) || sum == 0 || n == 0 {
		return step{}, invalid("ConversionParameters", "weights must be finite, and not add up to 0")
	}
	uses := make([]int, n)
	for i := range uses {
		uses[i] = i
	}
	out := computed(typeOr(f.Output, in[0].Type), 1, nil)
	st := step{out: out, notes: notes, uses: [][]int{uses}}
	st.run = perRow(out.Type, 1, clamps, func(dst, src [][]float64, _ []uint8) {
		clear(dst[0])
		for i, row := range src {
			k := weights[i] / sum
			for x, v := range row {
				dst[0][x] += float64(k * v)
			}
		}
	})
	return st, nil
}

// SpectralConversion makes as many bands as there are, each of all of them, by a matrix.
type SpectralConversion struct {
	Input  Function
	Matrix []float64        // row after row, a row for each band of the result
	Output raster.PixelType // Unknown is the input's
}

var spectralConversionSpec = newSpec("SpectralConversion", func() *SpectralConversion { return &SpectralConversion{} },
	func(f *SpectralConversion) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *SpectralConversion) *Function { return &f.Input }),
	numbers("ConversionMatrix", func(f *SpectralConversion) *[]float64 { return &f.Matrix }).alias("WeightingMatrix"),
)

func (f *SpectralConversion) spec() *spec { return &spectralConversionSpec }

func (f *SpectralConversion) compile(_ *compilation, in []input) (step, error) {
	if err := quantities(in[0]); err != nil {
		return step{}, err
	}
	n := len(in[0].Bands)
	if len(f.Matrix) != n*n {
		return step{}, invalid("ConversionMatrix", "%d numbers for %d bands: there must be %d", len(f.Matrix), n, n*n)
	}
	if !finite(f.Matrix...) {
		return step{}, invalid("ConversionMatrix", "its numbers must be finite")
	}
	out := computed(typeOr(f.Output, in[0].Type), n, nil)
	return step{out: out, run: perRow(out.Type, n, clamps, func(dst, src [][]float64, _ []uint8) {
		for i := range dst {
			clear(dst[i])
			for j, row := range src {
				k := f.Matrix[i*n+j]
				for x, v := range row {
					dst[i][x] += float64(k * v)
				}
			}
		}
	})}, nil
}

// ContrastBrightness changes the contrast and the brightness of bytes.
type ContrastBrightness struct {
	Input                Function
	Contrast, Brightness float64 // from -100 to 100
	Output               raster.PixelType
}

var contrastBrightnessSpec = newSpec("ContrastBrightness", func() *ContrastBrightness { return &ContrastBrightness{} },
	func(f *ContrastBrightness) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *ContrastBrightness) *Function { return &f.Input }),
	number("ContrastOffset", func(f *ContrastBrightness) *float64 { return &f.Contrast }),
	number("BrightnessOffset", func(f *ContrastBrightness) *float64 { return &f.Brightness }),
)

func (f *ContrastBrightness) spec() *spec { return &contrastBrightnessSpec }

func (f *ContrastBrightness) compile(_ *compilation, in []input) (step, error) {
	if err := quantities(in[0]); err != nil {
		return step{}, err
	}
	switch {
	case in[0].Type != raster.U8:
		return step{}, unsupported("", "it is for bytes, not for pixels of type %v: stretch them before", in[0].Type)
	case !(math.Abs(f.Contrast) <= 100):
		return step{}, invalid("ContrastOffset", "%v is not between -100 and 100", f.Contrast)
	case !(math.Abs(f.Brightness) <= 100):
		return step{}, invalid("BrightnessOffset", "%v is not between -100 and 100", f.Brightness)
	}
	out := computed(typeOr(f.Output, raster.U8), len(in[0].Bands), ranged(0, 255))
	var table [256]float64
	for v := range table {
		table[v] = math.Trunc(min(max(f.at(float64(v)), 0), 255))
	}
	return step{out: out, run: perRow(out.Type, len(out.Bands), clamps, func(dst, src [][]float64, _ []uint8) {
		for i := range dst {
			for x, v := range src[i] {
				dst[i][x] = table[uint8(v)]
			}
		}
	})}, nil
}

// at returns what becomes of a value, by the formulas of Esri's client.
func (f *ContrastBrightness) at(v float64) float64 {
	c, u := f.Contrast, float64(200*v)-25500+float64(510*f.Brightness)
	switch {
	case c == 100 && u > 0:
		return 255
	case c == 100:
		return 0
	case c > 0:
		return u/(2*(100-c)) + 128
	}
	return float64(u*(100+c))/20000 + 128
}
