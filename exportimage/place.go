package exportimage

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A placement is one place of an image where a raster may show.
type placement struct {
	shift float64         // how far east of the raster's own place this one is, in units of the image's CRS
	rect  image.Rectangle // in absolute pixels
}

// placements returns the places of the image where a raster shows: none, one, or, where x repeats, one for each turn of
// the world.
//
// Between CRSs where x depends on x alone, each turn is a placement of its own, with a shift that keeps the mapping
// free of jumps. Other transformations accept longitudes of any turn, so that one placement around all turns is enough.
func placements(g raster.Grid, rect image.Rectangle, t *srs.Transformer, src raster.Grid) []placement {
	e, err := t.Inverse().Envelope(src.Envelope())
	if err != nil {
		return nil // no point of the raster has coordinates in the image's CRS
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
		moved.XMin, moved.XMax = e.XMin+float64(k*period), e.XMax+float64(k*period)
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

// pixels returns the part of rect that e covers, extended by one pixel on every side for the rounding of coordinates.
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

// tolerance is how far, in pixels of the image, an approximated mapping may be off. The operation's peers allow an
// eighth of a source pixel, with which the nearest sample at 1:1 is another one in three of a thousand pixels. With a
// 1024th it never is, and an export was measured to take no longer, since errors fall with the square of the distance
// between nodes.
const tolerance = 1.0 / 1024

// mapping returns the mapping from absolute pixels of the image to pixels of a raster's level.
func mapping(
	g raster.Grid, org image.Point, t *srs.Transformer, shift float64, src raster.Grid, toLevel raster.Affine,
) resample.Mapping {
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

// axes returns the two functions of a transformation whose x depends on x alone and y on y alone. Each is evaluated
// where the other coordinate is 0, which is inside the domain of every transformation of this kind.
func axes(t *srs.Transformer) (x, y func([]float64)) {
	x = func(xs []float64) { t.Transform(xs, make([]float64, len(xs))) }
	y = func(ys []float64) { t.Transform(make([]float64, len(ys)), ys) }
	return x, y
}

// ontoGlobe returns a function that moves coordinates of a CRS whose x repeats into the turn around a raster's middle,
// so that rasters that count from 0 to 360 are found as well as those from -180.
//
// Pixels own their first sides but not their last ones, and a point less than a 2^20th of a pixel before a side counts
// as on it. So points at the raster's last side, and at a pole, are moved a 65536th of a pixel before it: on a globe no
// other pixel holds them.
func ontoGlobe(src raster.Grid, toLevel raster.Affine) func(xs, ys []float64) {
	period := src.CRS.Period()
	if period == 0 {
		return func(_, _ []float64) {}
	}
	mid, _ := src.Envelope().Center()
	last := mid + period/2 - 0x1p-16/portable.Hypot(toLevel.A, toLevel.D)
	pole := math.Inf(1)
	if src.CRS.Geographic() {
		pole = period/4 - 0x1p-16/portable.Hypot(toLevel.B, toLevel.E)
	}
	return func(xs, ys []float64) {
		for i, x := range xs {
			if d := x - mid; d < -period/2 || d >= period/2 {
				x -= float64(period * math.Floor(d/period+0.5))
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

// scale returns how many pixels of a raster one pixel of the image spans, along the raster's columns and rows. It is
// measured on the raster, not in the image, so that images of one scale agree on the level wherever they lie: at the
// raster's middle, or at the first point of a coarse lattice that has coordinates in the image's CRS.
func scale(g raster.Grid, t *srs.Transformer, src raster.Grid) (x, y float64) {
	inv, ok := src.Affine.Inverse()
	if !ok {
		return math.NaN(), math.NaN()
	}
	dx, dy := g.Affine.A, g.Affine.E
	if t.Identity() {
		return portable.Hypot(inv.A*dx, inv.B*dy), portable.Hypot(inv.D*dx, inv.E*dy)
	}
	for _, at := range [...][2]float64{{.5, .5}, {.5, .25}, {.5, .75}, {.25, .5}, {.75, .5}, {.25, .25}, {.75, .75}} {
		x, y := src.Affine.Apply(at[0]*float64(src.Size.X), at[1]*float64(src.Size.Y))
		if ax, ay, ok := t.Steps(x, y, dx, dy); ok {
			return portable.Hypot(float64(inv.A*ax[0])+float64(inv.B*ax[1]), float64(inv.A*ay[0])+float64(inv.B*ay[1])),
				portable.Hypot(float64(inv.D*ax[0])+float64(inv.E*ax[1]), float64(inv.D*ay[0])+float64(inv.E*ay[1]))
		}
	}
	return math.NaN(), math.NaN()
}
