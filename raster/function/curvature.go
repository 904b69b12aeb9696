package function

import (
	"image"

	"github.com/geoexport/geoexport/raster"
)

// CurvatureType is the direction in which a surface is bent. The numbers are those of ArcGIS's server; Esri's client in
// JavaScript has 1 and 2 the other way round.
type CurvatureType uint8

// The directions.
const (
	CurvatureStandard CurvatureType = 0 // of both: planform less profile
	CurvatureProfile  CurvatureType = 1 // along the slope, negative where it is convex
	CurvaturePlanform CurvatureType = 2 // across the slope, positive where it is convex
)

// Curvature is how the heights of its input's first band are bent, in hundredths of the inverse of their unit, by a
// surface of the fourth order through nine pixels (Zevenbergen and Thorne 1987). It needs a margin of one pixel. A pixel
// holds data if it and at least seven of its eight neighbours do.
type Curvature struct {
	Input   Function
	Type    CurvatureType
	ZFactor float64 // by which heights are multiplied; 0 means 1
	Output  raster.PixelType
}

var curvatureSpec = newSpec("Curvature", func() *Curvature { return &Curvature{ZFactor: 1} },
	func(f *Curvature) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Curvature) *Function { return &f.Input }).alias("DEM"),
	enum("CurvatureType", func(f *Curvature) *CurvatureType { return &f.Type }, []choice{
		{0, []string{"Standard"}}, {1, []string{"Profile"}}, {2, []string{"Planform"}},
	}).alias("Type"),
	zFactorArg(func(f *Curvature) *float64 { return &f.ZFactor }),
)

func (f *Curvature) spec() *spec { return &curvatureSpec }

func (f *Curvature) compile(_ *compilation, in []input) (step, error) {
	if err := oneBand(in[0]); err != nil {
		return step{}, err
	}
	if f.Type > CurvaturePlanform {
		return step{}, invalid("CurvatureType", "there is no type %d", f.Type)
	}
	if !finite(f.ZFactor) {
		return step{}, invalid("ZFactor", "it must be finite")
	}
	out := computed(typeOr(f.Output, raster.F32), 1, nil)
	run := func(c Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		if err := checkCell(c); err != nil {
			return nil, err
		}
		z := f.ZFactor
		if z == 0 {
			z = 1
		}
		cx, cy := c.size(z)
		side := (cx + cy) / 2
		k := 200 * z / (side * side)
		return surface{
			rows: func(dst, above, at, below []float64) {
				for x := range dst {
					w := neighbourhood{
						above[x], above[x+1], above[x+2], at[x], at[x+1], at[x+2], below[x], below[x+1], below[x+2],
					}
					dst[x] = k * w.curvature(f.Type)
				}
			},
			one: func(w *neighbourhood) float64 { return k * w.curvature(f.Type) },
		}.run(out.Type, in[0], rect)
	}
	return step{out: out, uses: [][]int{{0}}, margin: evenly(1), run: run}, nil
}

// curvature returns the curvature for pixels of the size 1, without its factor.
func (w *neighbourhood) curvature(t CurvatureType) float64 {
	d := (w[3]+w[5])/2 - w[4]
	e := (w[1]+w[7])/2 - w[4]
	if t == CurvatureStandard {
		return -(d + e)
	}
	f := (w[2] - w[0] + w[6] - w[8]) / 4
	g, h := (w[5]-w[3])/2, (w[1]-w[7])/2
	steep := float64(g*g) + float64(h*h)
	if steep == 0 {
		return 0
	}
	if t == CurvatureProfile {
		return (float64(d*g*g) + float64(e*h*h) + float64(f*g*h)) / steep
	}
	return -(float64(d*h*h) + float64(e*g*g) - float64(f*g*h)) / steep
}
