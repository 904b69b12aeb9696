package exportimage

import (
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// A lattice is pixels of one size over a service's extent. The first begins at the extent's upper left corner.
type lattice struct {
	crs    srs.CRS
	extent srs.Envelope // in crs
	cell   PixelSize
}

// lattice returns the pixels of a size, in its spatial reference; of size zero, the service's own.
func (s *Service) lattice(d *Description, size PixelSize) (lattice, error) {
	l := lattice{d.CRS, d.Extent, size}
	if size.X == 0 && size.Y == 0 {
		l.cell = d.PixelSize
	} else if !size.CRS.IsZero() {
		l.crs = size.CRS
	}
	if !(finite(l.cell.X, l.cell.Y) && l.cell.X > 0 && l.cell.Y > 0) {
		return l, invalid("pixelSize", "width and height must be positive")
	}
	if l.crs == d.CRS {
		return l, nil
	}
	t, err := s.transformer(d.CRS, l.crs, d.Extent)
	if err != nil {
		return l, &Error{Kind: Unsupported, Param: "pixelSize", Err: err}
	}
	if l.extent, err = t.Envelope(d.Extent); err != nil {
		return l, unsupported("pixelSize", "the service has no image in its spatial reference: %w", err)
	}
	return l, nil
}

// coarser returns the lattice with pixels 2^n times as wide and as high.
func (l lattice) coarser(n int) lattice {
	l.cell.X, l.cell.Y = math.Ldexp(l.cell.X, n), math.Ldexp(l.cell.Y, n)
	return l
}

// bounds returns the pixels whose middles are in the extent; false if they are too many to be counted.
func (l lattice) bounds() (image.Rectangle, bool) {
	w, h := math.Ceil(l.extent.Width()/l.cell.X-0.5), math.Ceil(l.extent.Height()/l.cell.Y-0.5)
	if !near(w, h) {
		return image.Rectangle{}, false
	}
	return image.Rect(0, 0, max(1, int(w)), max(1, int(h))), true
}

// box returns the box around pixels.
func (l lattice) box(r image.Rectangle) srs.Envelope {
	x := func(n int) float64 { return l.extent.XMin + float64(l.cell.X*float64(n)) }
	y := func(n int) float64 { return l.extent.YMax - float64(l.cell.Y*float64(n)) }
	return srs.Envelope{XMin: x(r.Min.X), YMin: y(r.Max.Y), XMax: x(r.Max.X), YMax: y(r.Min.Y)}
}

// pixels returns places of the lattice's spatial reference in pixels.
func (l lattice) pixels(xs, ys []float64) []function.Point {
	out := make([]function.Point, len(xs))
	for i := range xs {
		out[i] = function.Point{X: (xs[i] - l.extent.XMin) / l.cell.X, Y: (l.extent.YMax - ys[i]) / l.cell.Y}
	}
	return out
}

// maxAreaVertices bounds how many vertices a geometry has whose pixels are counted.
const maxAreaVertices = 1 << 20

// checkShape returns an error for what is no geometry in a CRS.
func checkShape(g Geometry, crs srs.CRS) error {
	fewest := 1
	switch g.Type {
	case 0:
		return invalid("geometry", "it is missing: pixels are counted inside of one")
	case EnvelopeGeometry:
		if _, err := g.box(crs); err != nil {
			return &Error{Kind: Invalid, Param: "geometry", Err: err}
		}
		return nil
	case PointGeometry, MultipointGeometry:
	case PolylineGeometry:
		fewest = 2
	case PolygonGeometry:
		fewest = 3
	default:
		return invalid("geometry", "%d is no type of geometries", g.Type)
	}
	n := 0
	for _, part := range g.Parts {
		if n += len(part); n > maxAreaVertices {
			return &Error{Kind: TooLarge, Param: "geometry", Err: fmt.Errorf("it has more than %d vertices", maxAreaVertices)}
		}
		if len(part) < fewest {
			return invalid("geometry", "a part has %d vertices, and at least %d are wanted", len(part), fewest)
		}
		for _, v := range part {
			if !finite(v[:]...) {
				return invalid("geometry", "the coordinates must be finite numbers")
			}
		}
	}
	if n == 0 {
		return invalid("geometry", "it has no vertices")
	}
	return nil
}

// outline returns a geometry, which is checked, in pixels of a lattice. Where x repeats, it is there once for each turn
// of the world in which it meets the lattice.
func (s *Service) outline(g Geometry, l lattice, d *Description) (outline, error) {
	crs := orCRS(g.CRS, d.CRS)
	parts := closedParts(g, crs)
	e := boxOf(parts)
	t, err := s.transformer(crs, l.crs, e)
	if err != nil {
		return outline{}, &Error{Kind: Unsupported, Param: "geometry", Err: err}
	}
	t = t.Unwrapped()
	out := outline{kind: g.Type}
	clip, turns, torn := everywhere(), []float64{0}, math.Inf(1)
	if !t.Identity() {
		clip = s.reach(d, crs)
	}
	period := crs.Period()
	switch grid := l.crs.Period(); {
	case grid > 0 && period > 0:
		clip.XMin, clip.XMax = math.Inf(-1), math.Inf(1) // in the lattice instead
	case grid > 0 && g.Type != MultipointGeometry:
		torn = grid / l.cell.X / 2
	case period > 0:
		if turns, err = turnsOf(e, clip, period); err != nil {
			return out, err
		}
	}
	onto := func(points []function.Point) []function.Point {
		xs, ys := make([]float64, len(points)), make([]float64, len(points))
		for i, p := range points {
			xs[i], ys[i] = p.X, p.Y
		}
		t.Transform(xs, ys)
		return l.pixels(xs, ys)
	}
	total := 0
	for shape, turn := range turns {
		for _, part := range parts {
			for _, line := range clipped(g.Type, moved(part, turn), clip) {
				var at []function.Point
				if t.Identity() || g.Type == PointGeometry || g.Type == MultipointGeometry {
					at = onto(line)
				} else {
					at = bentLine(line, onto, 1.0/1024)
				}
				if total += len(at); total > maxBent {
					return out, &Error{Kind: TooLarge, Param: "geometry", Err: fmt.Errorf(
						"it bends so much in %v that it is of more than %d points", l.crs, maxBent)}
				}
				if err := l.checkPlaces(at, torn); err != nil {
					return out, err
				}
				out.parts = append(out.parts, outlinePart{shape, at})
			}
		}
	}
	return l.turned(out)
}

// checkPlaces returns an error for a line that is not whole in the lattice's spatial reference: it has points without
// an image, or jumps of as many pixels as torn.
func (l lattice) checkPlaces(line []function.Point, torn float64) error {
	for i, p := range line {
		if !finite(p.X, p.Y) {
			return invalid("geometry", "a part of it has no image in %v", l.crs)
		}
		if i > 0 && math.Abs(p.X-line[i-1].X) >= torn {
			return unsupported("geometry", "it lies across the pole or the antimeridian of %v", l.crs)
		}
	}
	return nil
}

// turned returns an outline with a copy for each turn of the world in which it meets the lattice.
func (l lattice) turned(o outline) (outline, error) {
	period := l.crs.Period()
	if period == 0 || len(o.parts) == 0 {
		return o, nil
	}
	e := srs.Envelope{XMin: math.Inf(1), XMax: math.Inf(-1)}
	for _, p := range o.parts {
		for _, v := range p.points {
			e.XMin, e.XMax = min(e.XMin, v.X), max(e.XMax, v.X)
		}
	}
	turns, err := turnsOf(e, srs.Envelope{XMax: l.extent.Width() / l.cell.X}, period/l.cell.X)
	if err != nil {
		return o, err
	}
	shapes := 1
	for _, p := range o.parts {
		shapes = max(shapes, p.shape+1)
	}
	out := outline{kind: o.kind}
	for i, turn := range turns {
		for _, p := range o.parts {
			points := slices.Clone(p.points)
			for j := range points {
				points[j].X += turn
			}
			out.parts = append(out.parts, outlinePart{p.shape + i*shapes, points})
		}
	}
	return out, nil
}

// turnsOf returns by which multiples of a period e has to be moved to meet to.
func turnsOf(e, to srs.Envelope, period float64) (turns []float64, err error) {
	first, last := math.Ceil((to.XMin-e.XMax)/period), math.Floor((to.XMax-e.XMin)/period)
	if !(last-first < maxTurns) {
		return nil, invalid("geometry", "it reaches around the world more than %d times", maxTurns)
	}
	for k := first; k <= last; k++ {
		turns = append(turns, float64(k*period))
	}
	return turns, nil
}

// reach returns a box of a spatial reference outside of which the service has no pixel, as far as one is known.
func (s *Service) reach(d *Description, crs srs.CRS) srs.Envelope {
	t, err := s.transformer(d.CRS, crs, d.Extent)
	if err != nil {
		return everywhere()
	}
	grown := d.Extent
	grown.XMin, grown.XMax = grown.XMin-d.PixelSize.X, grown.XMax+d.PixelSize.X
	grown.YMin, grown.YMax = grown.YMin-d.PixelSize.Y, grown.YMax+d.PixelSize.Y
	for _, e := range []srs.Envelope{grown, d.Extent} {
		if out, err := t.Envelope(e); err == nil && out.Finite() {
			return out
		}
	}
	return everywhere()
}

func everywhere() srs.Envelope {
	far := math.Inf(1)
	return srs.Envelope{XMin: -far, YMin: -far, XMax: far, YMax: far}
}

// closedParts returns the vertices of a geometry, with rings that end where they begin.
func closedParts(g Geometry, crs srs.CRS) [][][2]float64 {
	switch g.Type {
	case EnvelopeGeometry:
		e, _ := g.box(crs) // which is checked
		return [][][2]float64{boxRing(e)}
	case PolygonGeometry:
		parts := slices.Clone(g.Parts)
		for i, ring := range parts {
			if ring[0] != ring[len(ring)-1] {
				parts[i] = append(slices.Clip(ring), ring[0])
			}
		}
		return parts
	}
	return g.Parts
}

func moved(part [][2]float64, by float64) []function.Point {
	out := make([]function.Point, len(part))
	for i, v := range part {
		out[i] = function.Point{X: v[0] + by, Y: v[1]}
	}
	return out
}
