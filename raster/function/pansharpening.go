package function

import (
	"github.com/geoexport/geoexport/raster"
)

// PansharpeningType is how Pansharpening lets a sharper band act on others. The numbers are ArcGIS's.
type PansharpeningType uint8

// The types. Gram-Schmidt (4), which needs covariances of whole rasters, is refused.
const (
	PansharpenIHS        PansharpeningType = 0 // the intensity becomes that of Pan, hue and saturation stay
	PansharpenBrovey     PansharpeningType = 1 // each band by its share of the weighted sum
	PansharpenEsri       PansharpeningType = 2 // the difference from the weighted mean is added
	PansharpenSimpleMean PansharpeningType = 3 // the mean of each band and Pan
)

// Pansharpening sharpens colours by a band of finer pixels. All lie on the grid of the output here.
type Pansharpening struct {
	Colors   Function // of bands red, green, blue and, perhaps, infrared
	Pan      Function // whose first band is used; it must be stated
	Infrared Function // whose first band is used; nil is none
	Type     PansharpeningType
	// Weights are of red, green, blue and infrared. Nil means 0.166, 0.167, 0.167 and 0.5.
	Weights []float64
	// FourthIsInfrared takes the fourth band of Colors for infrared, if there is no other.
	FourthIsInfrared bool
	Output           raster.PixelType // Unknown is that of Colors
}

var pansharpeningSpec = newSpec("Pansharpening", func() *Pansharpening {
	return &Pansharpening{Type: PansharpenEsri, FourthIsInfrared: true}
},
	func(f *Pansharpening) *raster.PixelType { return &f.Output },
	rasterArg("MSImage", func(f *Pansharpening) *Function { return &f.Colors }).alias("Raster"),
	neededRaster("PanImage", func(f *Pansharpening) *Function { return &f.Pan }),
	extraRaster("InfraredImage", func(f *Pansharpening) *Function { return &f.Infrared }),
	enum("PansharpeningType", func(f *Pansharpening) *PansharpeningType { return &f.Type }, []choice{
		{0, []string{"IHS"}}, {1, []string{"Brovey"}}, {2, []string{"Esri"}}, {3, []string{"SimpleMean", "Mean"}},
		{4, []string{"GramSchmidt"}},
	}),
	numbers("Weights", func(f *Pansharpening) *[]float64 { return &f.Weights }),
	flag("UseFourthBandOfMSAsIR", func(f *Pansharpening) *bool { return &f.FourthIsInfrared }),
	ignoredArg("Sensor", "a text", readText), // the weights are what it would change
).alias("Pansharpen")

func (f *Pansharpening) spec() *spec { return &pansharpeningSpec }

func (f *Pansharpening) compile(_ *compilation, in []input) (step, error) {
	for _, one := range in {
		if err := oneBand(one); err != nil {
			return step{}, err
		}
	}
	n := len(in[0].Bands)
	weights := f.Weights
	if len(weights) == 0 {
		weights = []float64{0.166, 0.167, 0.167, 0.5}
	}
	switch {
	case n < 3:
		return step{}, invalid("MSImage", "it has %d bands, and red, green and blue are needed", n)
	case f.Type > PansharpenSimpleMean:
		return step{}, unsupported("PansharpeningType", "type %d is not supported", f.Type)
	case len(weights) < 3 || len(weights) > 4 || !finite(weights...):
		return step{}, invalid("Weights", "they are three or four finite numbers, of red, green, blue and infrared")
	}
	w := [4]float64{}
	copy(w[:], weights)
	infrared := -1 // the row
	switch {
	case len(in) > 2:
		infrared = n + 1
	case f.FourthIsInfrared && n > 3:
		infrared = 3
	default:
		w[3] = 0
	}
	if sum := w[0] + w[1] + w[2] + w[3]; sum == 0 {
		return step{}, invalid("Weights", "they add up to 0")
	}
	uses := [][]int{nil, {0}, {0}}[:len(in)]
	out := computed(typeOr(f.Output, in[0].Type), n, nil)
	return step{out: out, uses: uses, run: perRow(out.Type, n, clamps, func(dst, src [][]float64, _ []uint8) {
		var colors [4]float64
		for x := range dst[0] {
			for i := range 3 {
				colors[i] = src[i][x]
			}
			if colors[3] = 0; infrared >= 0 {
				colors[3] = src[infrared][x]
			}
			factor, more := f.change(w, colors, src[n][x])
			for i := range dst {
				dst[i][x] = float64(src[i][x]*factor) + more
			}
		}
	})}, nil
}

// change returns what each band is multiplied with, and what is added then.
func (f *Pansharpening) change(w, c [4]float64, pan float64) (factor, more float64) {
	sum := float64(c[0]*w[0]) + float64(c[1]*w[1]) + float64(c[2]*w[2])
	infrared := float64(c[3] * w[3])
	switch f.Type {
	case PansharpenIHS: // of which hue and saturation are those of all multiples
		return ratio(pan-infrared, (c[0]+c[1]+c[2])/3), 0
	case PansharpenBrovey:
		return ratio(pan-infrared, sum), 0
	case PansharpenEsri:
		return 1, pan - (sum+infrared)/(w[0]+w[1]+w[2]+w[3])
	}
	return 0.5, pan / 2
}
