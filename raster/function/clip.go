package function

import (
	"cmp"
	"image"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// Clip takes the data out of pixels outside of an area, or inside of it. A pixel is inside if its centre is.
type Clip struct {
	Input    Function
	Geometry *Geometry // nil is everywhere
	Inside   bool      // data are taken out inside
	// Extent, if not nil, is an area outside of which data are taken out in any case.
	Extent *Geometry
	Output raster.PixelType
}

// maxVertices bounds the points of a geometry.
const maxVertices = 1 << 17

var clipSpec = newSpec("Clip", func() *Clip { return &Clip{} },
	func(f *Clip) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Clip) *Function { return &f.Input }),
	field("ClippingGeometry", "a polygon or an envelope", func(f *Clip) **Geometry { return &f.Geometry }, readGeometry, writeGeometry),
	clippingArg(func(f *Clip) *bool { return &f.Inside }).alias("ClipType"),
	field("Extent", "an envelope", func(f *Clip) **Geometry { return &f.Extent }, readGeometry, writeGeometry),
	switchArg("UseInputFeatureGeometry", "true or false", readBool),
	refusedArg("ClippingRaster"),
).finished(func(f Function, switches map[string]any) error {
	c := f.(*Clip)
	if use, stated := switches["UseInputFeatureGeometry"].(bool); stated && !use && c.Geometry != nil {
		c.Geometry = c.Geometry.envelope()
	}
	if c.Geometry == nil && c.Extent == nil {
		return invalid("ClippingGeometry", "it is not stated")
	}
	return nil
}, nil)

func clippingArg[F any](at func(*F) *bool) arg {
	choices := []choice{{1, []string{"Outside"}}, {2, []string{"Inside"}}}
	return field("ClippingType", "one of "+choiceList(choices), at, func(v any) (bool, error) {
		n, err := readChoice(v, choices)
		return n == 2, err
	}, func(inside bool) any {
		if inside {
			return 2
		}
		return 1
	})
}

func (f *Clip) spec() *spec { return &clipSpec }

func (f *Clip) compile(c *compilation, in []input) (step, error) {
	if f.Geometry == nil && f.Extent == nil {
		return step{}, invalid("ClippingGeometry", "it is not stated")
	}
	area, err := c.area("ClippingGeometry", f.Geometry)
	if err != nil {
		return step{}, err
	}
	extent, err := c.area("Extent", f.Extent)
	if err != nil {
		return step{}, err
	}
	return step{out: in[0].Samples, run: func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		b := &raster.Block{Type: in[0].Type, Bands: in[0].Bands, Valid: in[0].CopyValid()}
		if f.Geometry != nil {
			area.clip(b.Valid, f.Inside)
		}
		if f.Extent != nil {
			extent.clip(b.Valid, false)
		}
		return b, nil
	}}, nil
}

// An area is the inside of rings in absolute pixels, as edges by their upper ends.
type area []edge

// An edge crosses the rows whose centres are in from ≤ y < to.
type edge struct {
	from, to int
	x, slope float64 // where it crosses the centre of row from, and how far it goes on from row to row
}

// area returns the area of a geometry; empty for nil.
func (c *compilation) area(argument string, g *Geometry) (area, error) {
	if g == nil {
		return nil, nil
	}
	rings := g.Rings
	if c.Project != nil {
		var err error
		if rings, err = c.Project(g); err != nil {
			return nil, &Error{Argument: argument, Err: err}
		}
	}
	var a area
	for _, ring := range rings {
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			if !finite(p.X, p.Y, q.X, q.Y) {
				return nil, invalid(argument, "a part of it has no place in the image's spatial reference")
			}
			a.add(p, q)
		}
	}
	slices.SortFunc(a, func(a, b edge) int { return cmp.Compare(a.from, b.from) })
	return a, nil
}

func (a *area) add(p, q Point) {
	if p.Y > q.Y {
		p, q = q, p
	}
	const far = 1 << 40
	from, to := math.Ceil(max(p.Y, -far)-0.5), math.Ceil(min(q.Y, far)-0.5)
	if !(from < to) {
		return
	}
	slope := (q.X - p.X) / (q.Y - p.Y)
	*a = append(*a, edge{int(from), int(to), p.X + float64(slope*(from+0.5-p.Y)), slope})
}

// clip sets pixels of valid to 0: those inside of the area, or those outside.
func (a area) clip(valid *image.Alpha, inside bool) {
	var crossings []float64
	r := valid.Rect
	for y := r.Min.Y; y < r.Max.Y; y++ {
		crossings = crossings[:0]
		for _, e := range a {
			if e.from > y {
				break
			}
			if y < e.to {
				crossings = append(crossings, e.x+float64(e.slope*float64(y-e.from)))
			}
		}
		slices.Sort(crossings)
		row := raster.AlphaRow(valid, y, r)
		at := r.Min.X // pixels before it are done
		within := false
		for _, x := range append(crossings, math.Inf(1)) {
			to := r.Max.X
			if x < float64(r.Max.X) {
				to = max(r.Min.X, int(math.Ceil(max(x, float64(r.Min.X)-1)-0.5)))
			}
			if within == inside {
				clear(row[at-r.Min.X : to-r.Min.X])
			}
			at, within = to, !within
		}
	}
}
