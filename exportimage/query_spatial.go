package exportimage

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/relate"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// spatial is a query's geometry, and what compares it with the outlines of rasters.
type spatial struct {
	q         *querying
	box       srs.Envelope // that rasters of the catalogue may be in
	shapes    []turned
	tolerance float64
	outlines  *outliner
	work      relate.Work
}

const (
	// sameness is the part of the largest coordinate by which places are apart that are taken for one.
	sameness = 1.0 / (1 << 32)
	// maxRelating bounds the steps of comparing a geometry with outlines, less than a second.
	maxRelating = 1 << 25
	// maxCorners bounds the vertices of a geometry.
	maxCorners = 1 << 17
)

var relateKinds = map[GeometryType]relate.Kind{
	PointGeometry: relate.Points, MultipointGeometry: relate.Points, PolylineGeometry: relate.Lines,
	PolygonGeometry: relate.Area, EnvelopeGeometry: relate.Area,
}

// checkRelation returns an error for a relation that the request's geometry cannot have.
func (r *QueryRequest) checkRelation() error {
	kind, ok := relateKinds[r.Geometry.Type]
	if r.Geometry.Type != 0 && !ok {
		return invalid("geometry", "there is no geometry of type %d", r.Geometry.Type)
	}
	switch {
	case r.Relation > EnvelopesIntersect:
		return invalid("spatialRel", "there is no relation %d", r.Relation)
	case r.Geometry.Type == 0:
		return nil
	case r.Relation == Contains && kind != relate.Area:
		return invalid("spatialRel", "a point or a line contains no outline: the geometry must be an area")
	case r.Relation == Overlaps && kind != relate.Area:
		return invalid("spatialRel", "only areas overlap: a point or a line crosses an outline")
	case r.Relation == Crosses && kind == relate.Area:
		return invalid("spatialRel", "areas do not cross, but overlap: the geometry must be a line or points")
	}
	return nil
}

// newSpatial brings the request's geometry into the service's CRS.
func (q *querying) newSpatial() (*spatial, error) {
	g := q.Geometry
	corners := 0
	for _, part := range g.Parts {
		corners += len(part)
	}
	if corners > maxCorners {
		return nil, &Error{Kind: TooLarge, Param: "geometry", Err: fmt.Errorf("it has more than %d vertices", maxCorners)}
	}
	s := &spatial{q: q, outlines: q.s.outliner(q.d.CRS, min(q.d.PixelSize.X, q.d.PixelSize.Y)/2), work: relate.Work{Left: maxRelating}}
	parts, err := s.outlines.geometry(g, q.d)
	if err != nil {
		return nil, &Error{Kind: Invalid, Param: "geometry", Err: err}
	}
	box := boxOf(parts)
	if !box.Finite() {
		return nil, invalid("geometry", "it has no vertices")
	}
	far := func(e srs.Envelope) float64 {
		return max(math.Abs(e.XMin), math.Abs(e.XMax), math.Abs(e.YMin), math.Abs(e.YMax))
	}
	s.tolerance = max(far(box), far(q.d.Extent)) * sameness
	turns := []float64{0}
	if period := q.d.CRS.Period(); period > 0 { // rasters may be a turn away
		turns = []float64{0, -period, period}
	}
	for _, by := range turns {
		s.shapes = append(s.shapes, turned{kind: g.Type, parts: parts, box: srs.Envelope{
			XMin: box.XMin + by, YMin: box.YMin, XMax: box.XMax + by, YMax: box.YMax}, by: by})
	}
	// The catalogue is asked for a little more than the box, so that what touches it is found.
	s.box = box
	if q.d.CRS.Period() == 0 || box.Width() < q.d.CRS.Period() {
		by := float64(4*s.tolerance) + float64(1e-6*max(box.Width(), box.Height()))
		s.box = srs.Envelope{XMin: box.XMin - by, YMin: box.YMin - by, XMax: box.XMax + by, YMax: box.YMax + by}
	}
	return s, nil
}

// A turned is a geometry moved by a number of turns, which is made into a shape when it is needed.
type turned struct {
	kind  GeometryType
	parts [][][2]float64
	box   srs.Envelope
	by    float64
	shape *relate.Shape
}

// near reports whether the geometry's box and another are closer than a tolerance.
func (t *turned) near(e relate.Box, tolerance float64) bool {
	return t.box.XMin-tolerance <= e.Max[0] && e.Min[0] <= t.box.XMax+tolerance &&
		t.box.YMin-tolerance <= e.Max[1] && e.Min[1] <= t.box.YMax+tolerance
}

func (t *turned) get() *relate.Shape {
	if t.shape != nil {
		return t.shape
	}
	moved := t.parts
	if t.by != 0 {
		moved = make([][][2]float64, len(t.parts))
		for i, part := range t.parts {
			for _, p := range part {
				moved[i] = append(moved[i], [2]float64{p[0] + t.by, p[1]})
			}
		}
	}
	t.shape = shapeOf(t.kind, moved)
	return t.shape
}

func shapeOf(t GeometryType, parts [][][2]float64) *relate.Shape {
	if t == EnvelopeGeometry && len(parts[0]) == 5 { // it may have no area
		e := boxOf(parts)
		if parts[0][0] == [2]float64{e.XMin, e.YMin} && parts[0][2] == [2]float64{e.XMax, e.YMax} {
			return relate.NewBox(boxIn(e))
		}
	}
	return relate.NewShape(relateKinds[t], parts)
}

func boxIn(e srs.Envelope) relate.Box {
	return relate.Box{Min: [2]float64{e.XMin, e.YMin}, Max: [2]float64{e.XMax, e.YMax}}
}

// has reports whether the request's geometry has its relation to the outline of a raster.
func (s *spatial) has(it *mosaic.Item) (bool, error) {
	f := it.Footprint
	var area *relate.Shape // nil if it is a box
	box := boxIn(f.Envelope)
	if len(f.Ring) > 0 || f.CRS != s.q.d.CRS && !f.CRS.IsZero() || f.Envelope.Empty() {
		ring, err := s.outlines.footprint(f, s.q.d)
		if err != nil {
			return false, &RasterError{"place", it.Name, err}
		}
		area = relate.NewShape(relate.Area, [][][2]float64{ring})
		box = area.Box()
	}
	for i := range s.shapes {
		t := &s.shapes[i]
		if !t.near(box, s.tolerance) {
			continue
		}
		ok := s.q.Relation == EnvelopesIntersect
		switch shape := t.get(); {
		case ok:
		case area == nil && shape.FillsBox():
			ok = s.related(shape.Box().To(box, s.tolerance))
		default:
			if area == nil {
				area = relate.NewBox(box)
			}
			if ok = s.q.Relation == Intersects && shape.Meets(area, s.tolerance, &s.work); !ok && s.q.Relation != Intersects {
				ok = s.related(shape.To(area, s.tolerance, &s.work))
			}
		}
		if s.work.Done() {
			return false, &Error{Kind: TooLarge, Param: "geometry", Err: errTooMuch}
		}
		if ok {
			return true, nil
		}
	}
	return false, nil
}

// related reports whether the request's relation follows from how its geometry lies to an outline.
func (s *spatial) related(r relate.Relation) bool {
	switch s.q.Relation {
	case Intersects:
		return r.Meet
	case Contains:
		return r.Interiors && !r.AreaOutside
	case Within:
		return r.Interiors && !r.Outside
	case Touches:
		return r.Meet && !r.Interiors
	case Overlaps:
		return r.Interiors && r.Outside && r.AreaOutside
	}
	return r.Interiors && r.Outside
}

// simplified returns a closed ring without the corners that are at most offset away from the line between those that
// stay, by the method of Douglas and Peucker; the ring itself if fewer than three would stay.
func simplified(ring [][2]float64, offset float64) [][2]float64 {
	if len(ring) < 5 {
		return ring
	}
	last := len(ring) - 1
	keep := make([]bool, len(ring))
	half := 0 // the corner farthest from the first
	for i, p := range ring {
		if square(p, ring[0]) > square(ring[half], ring[0]) {
			half = i
		}
	}
	keep[0], keep[half], keep[last] = true, true, true
	for parts := [][2]int{{0, half}, {half, last}}; len(parts) > 0; {
		from, to := parts[len(parts)-1][0], parts[len(parts)-1][1]
		parts = parts[:len(parts)-1]
		far, at := offset*offset, -1
		for i := from + 1; i < to; i++ {
			if d := fromLine(ring[i], ring[from], ring[to]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			parts = append(parts, [2]int{from, at}, [2]int{at, to})
		}
	}
	var out [][2]float64
	for i, p := range ring {
		if keep[i] {
			out = append(out, p)
		}
	}
	if len(out) < 4 {
		return ring
	}
	return out
}

func square(p, q [2]float64) float64 {
	x, y := p[0]-q[0], p[1]-q[1]
	return float64(x*x) + float64(y*y)
}

// fromLine returns the square of a place's distance from the line between two others.
func fromLine(p, a, b [2]float64) float64 {
	length := square(a, b)
	if length == 0 {
		return square(p, a)
	}
	t := (float64((p[0]-a[0])*(b[0]-a[0])) + float64((p[1]-a[1])*(b[1]-a[1]))) / length
	t = min(max(t, 0), 1)
	return square(p, [2]float64{a[0] + float64(t*(b[0]-a[0])), a[1] + float64(t*(b[1]-a[1]))})
}
