package function

import (
	"math"

	"github.com/geoexport/geoexport/raster"
)

// NDVI is the normalised difference vegetation index of two bands, (infrared - visible) / (infrared + visible). Without
// Scientific it is drawn in bytes: 0 to 200, with 100 where the bands are equal, and 0 where both are 0.
type NDVI struct {
	Input            Function
	VisibleBandID    int // counted from 0
	InfraredBandID   int
	ScientificOutput bool // from -1 to 1, in F32; 0 where both bands are 0
	Output           raster.PixelType
}

var ndviSpec = newSpec("NDVI", func() *NDVI { return &NDVI{InfraredBandID: 1} },
	func(f *NDVI) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *NDVI) *Function { return &f.Input }),
	whole("VisibleBandID", func(f *NDVI) *int { return &f.VisibleBandID }),
	whole("InfraredBandID", func(f *NDVI) *int { return &f.InfraredBandID }),
	flag("ScientificOutput", func(f *NDVI) *bool { return &f.ScientificOutput }),
)

func (f *NDVI) spec() *spec { return &ndviSpec }

func (f *NDVI) compile(_ *compilation, in []input) (step, error) {
	if err := quantities(in[0]); err != nil {
		return step{}, err
	}
	for name, id := range map[string]int{"VisibleBandID": f.VisibleBandID, "InfraredBandID": f.InfraredBandID} {
		if n := len(in[0].Bands); id < 0 || id >= n {
			return step{}, invalid(name, "there is no band %d: there are %d, counted from 0", id, n)
		}
	}
	out := computed(typeOr(f.Output, raster.U8), 1, nominal(0, 200, 100, 10))
	row := ndviBytes
	if f.ScientificOutput {
		out = computed(typeOr(f.Output, raster.F32), 1, nominal(-1, 1, 0, 0.1))
		row = normalisedDifference
	}
	return step{
		out: out, uses: [][]int{{f.InfraredBandID, f.VisibleBandID}},
		run: perRow(out.Type, 1, clamps, func(dst, src [][]float64, _ []uint8) { row(dst[0], src[0], src[1]) }),
	}, nil
}

// normalisedDifference computes (a-b)/(a+b), and 0 where the sum is 0.
func normalisedDifference(dst, a, b []float64) {
	dst, b = dst[:len(a)], b[:len(a)]
	for x, n := range a {
		v := (n - b[x]) / (n + b[x])
		if n+b[x] == 0 {
			v = 0
		}
		dst[x] = v
	}
}

// ndviBytes computes trunc(100·n + 100.5) of the normalised difference n, and 0 where the sum is 0.
func ndviBytes(dst, a, b []float64) {
	dst, b = dst[:len(a)], b[:len(a)]
	for x, n := range a {
		v := (n - b[x]) / (n + b[x])
		v = math.Trunc(float64(100*v) + 100.5)
		if n+b[x] == 0 {
			v = 0
		}
		dst[x] = v
	}
}
