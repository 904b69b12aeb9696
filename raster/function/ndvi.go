package function

import (
	"image"
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
	if f.InfraredBandID == f.VisibleBandID {
		return step{}, invalid("InfraredBandID", "band %d is the visible one, too", f.InfraredBandID)
	}
	out := computed(typeOr(f.Output, raster.U8), 1, nominal(0, 200, 100, 10))
	row := ndviBytes
	if f.ScientificOutput {
		out = computed(typeOr(f.Output, raster.F32), 1, nominal(-1, 1, 0, 0.1))
		row = normalisedDifference
	}
	st := step{out: out, uses: [][]int{{f.InfraredBandID, f.VisibleBandID}}}
	st.run = perRow(out.Type, 1, clamps, func(dst, src [][]float64, _ []uint8) { row(dst[0], src[0], src[1]) })
	if in[0].Type <= raster.F64 && (out.Type == raster.U8 && !f.ScientificOutput || out.Type == raster.F32 && f.ScientificOutput) {
		st.run = ndviRun(out.Type)
	}
	return st, nil
}

// ndviRun returns a run that agrees with perRow of ndviBytes for U8, and of normalisedDifference for F32, and computes results
// from samples without rows between them.
func ndviRun(t raster.PixelType) runFunc {
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		out := raster.NewBlock(t, 1, rect)
		switch p := in[0].Bands[0].(type) {
		case *raster.PlaneOf[uint8]:
			ndviRows(out, in, p)
		case *raster.PlaneOf[int8]:
			ndviRows(out, in, p)
		case *raster.PlaneOf[uint16]:
			ndviRows(out, in, p)
		case *raster.PlaneOf[int16]:
			ndviRows(out, in, p)
		case *raster.PlaneOf[uint32]:
			ndviRows(out, in, p)
		case *raster.PlaneOf[int32]:
			ndviRows(out, in, p)
		case *raster.PlaneOf[float32]:
			ndviRows(out, in, p)
		case *raster.PlaneOf[float64]:
			ndviRows(out, in, p)
		}
		return out, nil
	}
}

func ndviRows[S raster.Real](out *raster.Block, in []*raster.Block, infrared *raster.PlaneOf[S]) {
	visible := in[0].Bands[1].(*raster.PlaneOf[S])
	rect := out.Bounds()
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		valid := raster.AlphaRow(out.Valid, y, rect)
		leastValid(valid, in, y)
		switch p := out.Bands[0].(type) {
		case *raster.PlaneOf[uint8]:
			ndviBytesOf(p.Row(y), valid, infrared.Row(y), visible.Row(y))
		case *raster.PlaneOf[float32]:
			ndviSinglesOf(p.Row(y), valid, infrared.Row(y), visible.Row(y))
		}
	}
}

// ndviBytesOf computes what ndviBytes does.
func ndviBytesOf[S raster.Real](dst, valid []uint8, infrared, visible []S) {
	infrared, visible, valid = infrared[:len(dst)], visible[:len(dst)], valid[:len(dst)]
	for x := range dst {
		n, v := float64(infrared[x]), float64(visible[x])
		of200 := float64(100*((n-v)/(n+v))) + 100.5
		switch {
		case of200 > -1 && of200 < 256:
			dst[x] = uint8(int32(of200))
		case n+v == 0:
			dst[x] = 0
		case of200-of200 != 0:
			valid[x] = 0
		case of200 > 0:
			dst[x] = math.MaxUint8
		}
	}
}

// ndviSinglesOf computes what normalisedDifference does.
func ndviSinglesOf[S raster.Real](dst []float32, valid []uint8, infrared, visible []S) {
	infrared, visible, valid = infrared[:len(dst)], visible[:len(dst)], valid[:len(dst)]
	for x := range dst {
		n, v := float64(infrared[x]), float64(visible[x])
		d := (n - v) / (n + v)
		if !(d >= -math.MaxFloat32 && d <= math.MaxFloat32) {
			if n+v == 0 {
				d = 0
			} else {
				d, valid[x] = rareValue(d, valid[x], dst)
			}
		}
		dst[x] = float32(d)
	}
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

// rareValue returns the nearest value to v that samples of a row hold, and its validity: that of the pixel, or 0 if v is
// infinite or no number.
func rareValue[T float32 | float64](v float64, valid uint8, _ []T) (float64, uint8) {
	switch {
	case v-v != 0:
		return 0, 0
	case T(v)-T(v) != 0:
		return math.Copysign(math.MaxFloat32, v), valid
	}
	return v, valid
}
