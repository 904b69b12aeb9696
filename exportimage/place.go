package exportimage

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A placement is one place of a picture where a raster may show.
type placement struct {
	shift float64         // how far east of the raster's own place this one is, in units of the picture's CRS
	rect  image.Rectangle // in absolute pixels
}

// placements finds where in the picture a raster shows: nowhere, once, or, where x repeats, once a turn.
//
// Between systems where x depends on x alone, each turn is a placement of its own, with a shift that keeps the mapping
// free of jumps. Other operations take any longitude for what it is, so that one placement around all turns does.
func placements(g raster.Grid, rect image.Rectangle, t *srs.Transformer, src raster.Grid) []placement {
	e, err := t.Inverse().Envelope(src.Envelope())
	if err != nil {
		return nil // no point of the raster has an image in the picture's CRS
	}
	box, period := g.Envelope(), g.CRS.Period()
	if period == 0 {
		return nonEmpty(placement{rect: pixels(g, rect, e)})
	}
	first := math.Floor((box.XMin-e.XMax)/period) + 1
	last := math.Ceil((box.XMax-e.XMin)/period) - 1
	var out []placement
	for k := first; k <= last; k++ {
		moved := e
		moved.XMin, moved.XMax = e.XMin+k*period, e.XMax+k*period
		out = append(out, nonEmpty(placement{shift: k * period, rect: pixels(g, rect, moved)})...)
	}
	if t.Separable() || len(out) == 0 {
		return out
	}
	all := placement{}
	for _, p := range out {
		all.rect = all.rect.Union(p.rect)
	}
	return []placement{all}
}

func nonEmpty(p placement) []placement {
	if p.rect.Empty() {
		return nil
	}
	return []placement{p}
}

// pixels is the part of rect that e covers, with one pixel more on every side for the rounding of coordinates.
func pixels(g raster.Grid, rect image.Rectangle, e srs.Envelope) image.Rectangle {
	a := g.Affine
	span := func(lo, hi float64, n int) (int, int) {
		lo, hi = math.Floor(lo)-1, math.Ceil(hi)+1
		return int(math.Max(0, math.Min(lo, float64(n)))), int(math.Max(0, math.Min(hi, float64(n))))
	}
	var r image.Rectangle
	r.Min.X, r.Max.X = span((e.XMin-a.C)/a.A, (e.XMax-a.C)/a.A, g.Size.X)
	r.Min.Y, r.Max.Y = span((e.YMax-a.F)/a.E, (e.YMin-a.F)/a.E, g.Size.Y)
	return r.Add(rect.Min)
}

// tolerance is how far, in pixels of the picture, an approximated mapping may be off. The operation's peers take an
// eighth of a source pixel, by which the nearest of 1:1 is another sample in three of a thousand pixels. A 1024th, at which none
// is, was measured to cost an export nothing, since errors fall with the square of the distance of nodes.
const tolerance = 1.0 / 1024

// mapping leads from absolute pixels of the picture to pixels of a raster's level.
func mapping(g raster.Grid, org image.Point, t *srs.Transformer, shift float64, src raster.Grid, toLevel raster.Affine) resample.Mapping {
	dst := absolute(g, org)
	dst.C -= shift
	between := resample.Placement{DstToMap: dst, MapToSrc: toLevel}
	if t.Identity() {
		return between.Through(nil)
	}
	if t.Separable() {
		x, y := axes(t)
		return between.Separable(x, y)
	}
	onto := ontoGlobe(src, toLevel)
	return resample.Approximate(between.Through(func(xs, ys []float64) {
		t.Transform(xs, ys)
		onto(xs, ys)
	}), tolerance)
}

// axes are the two functions of an operation in which x depends on x alone and y on y alone. Each is found at 0 of the
// other, which is inside the domain of every such operation.
func axes(t *srs.Transformer) (x, y func([]float64)) {
	x = func(xs []float64) { t.Transform(xs, make([]float64, len(xs))) }
	y = func(ys []float64) { t.Transform(make([]float64, len(ys)), ys) }
	return x, y
}

// ontoGlobe brings coordinates of a CRS whose x repeats to where a raster has them: into the turn around its middle, so that
// rasters that count 0 to 360 are found as well as those from -180.
//
// Pixels own their first sides but not their last ones, and what is less than a 2^20th of a pixel before a side counts as on
// it. So points there, the pole among them, are moved before it, by a 65536th of a pixel: on a globe they are in no other pixel.
func ontoGlobe(src raster.Grid, toLevel raster.Affine) func(xs, ys []float64) {
	period := src.CRS.Period()
	if period == 0 {
		return func(_, _ []float64) {}
	}
	mid, _ := src.Envelope().Center()
	last := mid + period/2 - 0x1p-16/math.Hypot(toLevel.A, toLevel.D)
	pole := math.Inf(1)
	if src.CRS.Geographic() {
		pole = period/4 - 0x1p-16/math.Hypot(toLevel.B, toLevel.E)
	}
	return func(xs, ys []float64) {
		for i, x := range xs {
			if d := x - mid; d < -period/2 || d >= period/2 {
				x -= period * math.Floor(d/period+0.5)
			}
			if x > last {
				x = last
			}
			xs[i] = x
			if y := ys[i]; y > pole {
				ys[i] = pole
			} else if y < -pole {
				ys[i] = -pole
			}
		}
	}
}

// scale is how many pixels of a raster one pixel of the picture spans, along the raster's columns and rows. It is
// measured on the raster, not in the picture, so that pictures of one scale agree on the level wherever they lie: at the
// raster's middle, or at the first point of a coarse lattice that has an image in the picture's CRS.
func scale(g raster.Grid, t *srs.Transformer, src raster.Grid) (x, y float64) {
	inv, ok := src.Affine.Inverse()
	if !ok {
		return math.NaN(), math.NaN()
	}
	dx, dy := g.Affine.A, g.Affine.E
	if t.Identity() {
		return math.Hypot(inv.A*dx, inv.B*dy), math.Hypot(inv.D*dx, inv.E*dy)
	}
	for _, at := range [...][2]float64{{.5, .5}, {.5, .25}, {.5, .75}, {.25, .5}, {.75, .5}, {.25, .25}, {.75, .75}} {
		x, y := src.Affine.Apply(at[0]*float64(src.Size.X), at[1]*float64(src.Size.Y))
		if ax, ay, ok := t.Steps(x, y, dx, dy); ok {
			return math.Hypot(inv.A*ax[0]+inv.B*ax[1], inv.A*ay[0]+inv.B*ay[1]),
				math.Hypot(inv.D*ax[0]+inv.E*ax[1], inv.D*ay[0]+inv.E*ay[1])
		}
	}
	return math.NaN(), math.NaN()
}
