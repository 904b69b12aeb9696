package exportimage

import (
	"context"
	"fmt"
	"math"

	"github.com/tidwall/geodesic"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// Measurement is what is measured.
type Measurement uint8

// The measurements. The zero value is none of them.
const (
	MeasurePoint    Measurement = iota + 1 // where a point is
	MeasureDistance                        // the distance from a point to another, and the direction
	MeasureArea                            // the area and the perimeter of a polygon or an envelope
	MeasureCentroid                        // the centre of a polygon's or an envelope's area
)

// A MeasureRequest asks for the measures of a geometry on the ground.
type MeasureRequest struct {
	Measurement Measurement
	From, To    Geometry    // To is for distances alone
	MosaicRule  mosaic.Rule // names the raster that is measured
}

// A MeasureResult has what was asked for; the rest is zero.
type MeasureResult struct {
	Raster    *mosaic.Item // the topmost at the middle of the geometry, by its outline; nil if there is none
	Point     mosaic.Point // in the CRS of the geometry
	Distance  float64      // in metres
	Azimuth   float64      // of the way at the first point, in degrees clockwise from the true north, from 0 to 360
	Area      float64      // in square metres
	Perimeter float64      // in metres, with that of holes
}

// Measure measures on the ellipsoid of the geometry's datum, along geodesics, within 15 nanometres for a distance and
// 0.1 m² for a polygon's corner. A polygon's sides are geodesics between its corners; those of an envelope, which are
// straight in its CRS, are followed in 1024 steps each. A ring inside an odd number of others is a hole, in either
// direction; sides that cross are an error. The centroid is that of the plane of
// the CRS, in which a side goes the short way round the world, too. Heights are not measured. Errors are of type *Error.
func (s *Service) Measure(ctx context.Context, req MeasureRequest) (MeasureResult, error) {
	return observed(ctx, s, "measuring", nil, func() (MeasureResult, error) { return s.measure(ctx, req) })
}

func (s *Service) measure(ctx context.Context, req MeasureRequest) (res MeasureResult, err error) {
	ctx, t, leave, err := s.enter(ctx, planPixels)
	if err != nil {
		return res, err
	}
	defer leave()
	defer t.keep(need{})
	return again(ctx, s, func() (MeasureResult, error) { return s.measureOnce(ctx, req) })
}

func (s *Service) measureOnce(ctx context.Context, req MeasureRequest) (res MeasureResult, err error) {
	d, err := s.describe(ctx)
	if err != nil {
		return res, err
	}
	from, err := measurable("fromGeometry", req.From, d)
	if err != nil {
		return res, err
	}
	switch req.Measurement {
	case MeasurePoint:
		if req.From.Type != PointGeometry {
			return res, invalid("fromGeometry", "a point is wanted")
		}
		res.Point = mosaic.Point{CRS: from.crs, X: req.From.Envelope.XMin, Y: req.From.Envelope.YMin}
	case MeasureCentroid:
		if res.Point, err = from.centroid(); err != nil {
			return res, err
		}
	case MeasureDistance:
		to, err := measurable("toGeometry", req.To, d)
		if err != nil {
			return res, err
		}
		if req.From.Type != PointGeometry || req.To.Type != PointGeometry {
			return res, invalid("toGeometry", "a distance is that of two points")
		}
		if to, err = s.toward(to, from.crs); err != nil {
			return res, err
		}
		res.Distance, res.Azimuth, err = from.distance(to)
		if err != nil {
			return res, err
		}
	case MeasureArea:
		if res.Area, res.Perimeter, err = from.area(); err != nil {
			return res, err
		}
	default:
		return res, invalid("measureOperation", "there is no measurement %d", req.Measurement)
	}
	res.Raster, err = s.topmost(ctx, req.MosaicRule, from, d)
	return res, err
}

// measured is a geometry and its CRS.
type measured struct {
	param string
	kind  GeometryType
	parts [][][2]float64
	crs   srs.CRS
	fine  bool // vertices are so close that what lies between them does not matter
}

// farthest is the longitude in degrees up to which places are measured: of much farther ones, the turns of the world eat up
// the digits.
const farthest = 64 * 360

// envelopeSteps is the number of geodesics by which a side of an envelope is followed.
const envelopeSteps = 1024

// measurable checks a geometry, and makes a polygon of an envelope.
func measurable(param string, g Geometry, d *Description) (m measured, err error) {
	m = measured{param: param, kind: g.Type, parts: g.Parts, crs: orCRS(g.CRS, d.CRS)}
	if g.Type == 0 {
		return m, invalid(param, "it is missing")
	}
	if g.Type == EnvelopeGeometry {
		e, err := g.box(m.crs)
		if err != nil {
			return m, &Error{Kind: Invalid, Param: param, Err: err}
		}
		if e.Empty() {
			return m, invalid(param, "the envelope has no area")
		}
		m.kind, m.parts = PolygonGeometry, [][][2]float64{boxRing(e)}
	}
	corners := 0
	for _, part := range m.parts {
		corners += len(part)
		for _, p := range part {
			if !finite(p[:]...) {
				return m, &Error{Kind: Invalid, Param: param, Err: errNotFinite}
			}
			if m.crs.Geographic() && math.Abs(p[1]) > 90 {
				return m, invalid(param, "latitude %v is beyond the pole", p[1])
			}
		}
	}
	if corners > maxCorners {
		return m, &Error{Kind: TooLarge, Param: param, Err: fmt.Errorf("it has more than %d vertices", maxCorners)}
	}
	if corners == 0 {
		return m, invalid(param, "it has no vertices")
	}
	if g.Type == EnvelopeGeometry {
		m.parts[0], m.fine = stepped(m.parts[0], envelopeSteps), true
		return m, nil
	}
	return m, m.short()
}

// stepped returns a line with places at equal distances on each side.
func stepped(line [][2]float64, n int) [][2]float64 {
	out := line[:1:1]
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		for j := 1; j <= n; j++ {
			f := float64(j) / float64(n)
			out = append(out, [2]float64{a[0] + float64(f*(b[0]-a[0])), a[1] + float64(f*(b[1]-a[1]))})
		}
	}
	return out
}

// toward returns a geometry in another CRS.
func (s *Service) toward(m measured, crs srs.CRS) (measured, error) {
	if m.crs == crs {
		return m, nil
	}
	e := boxOf(m.parts)
	t, err := s.transformer(m.crs, crs, e)
	if err != nil {
		return m, &Error{Kind: Unsupported, Param: m.param, Err: err}
	}
	parts, err := m.transformed(t)
	m.parts, m.crs = parts, crs
	return m, err
}

// transformed returns the vertices in another CRS.
func (m measured) transformed(t *srs.Transformer) ([][][2]float64, error) {
	out := make([][][2]float64, len(m.parts))
	for i, part := range m.parts {
		for _, p := range part {
			xs, ys := [1]float64{p[0]}, [1]float64{p[1]}
			if t.Transform(xs[:], ys[:]) > 0 {
				return nil, invalid(m.param, "%v,%v has no image", p[0], p[1])
			}
			out[i] = append(out[i], [2]float64{xs[0], ys[0]})
		}
	}
	return out, nil
}

// onEllipsoid returns longitudes and latitudes in degrees, and the ellipsoid that they are on.
func (m measured) onEllipsoid() ([][][2]float64, *geodesic.Ellipsoid, error) {
	lonLat, err := m.crs.Geodetic()
	if err != nil {
		return nil, nil, &Error{Kind: Invalid, Param: m.param, Err: err}
	}
	t, err := srs.NewTransformer(m.crs, lonLat)
	if err != nil {
		return nil, nil, &Error{Kind: Unsupported, Param: m.param, Err: err}
	}
	parts, err := m.transformed(t)
	if err != nil {
		return nil, nil, err
	}
	for _, part := range parts {
		for _, p := range part {
			if math.Abs(p[1]) > 90 {
				return nil, nil, invalid(m.param, "latitude %v is beyond the pole", p[1])
			}
			if math.Abs(p[0]) > farthest {
				return nil, nil, invalid(m.param, "longitude %v is around the world many times", p[0])
			}
		}
	}
	radius, flattening := m.crs.Ellipsoid()
	if !finite(radius, flattening) || radius <= 0 || flattening < 0 || flattening >= 1 {
		return nil, nil, &Error{Kind: Unsupported, Param: m.param, Err: fmt.Errorf(
			"nothing is measured on an ellipsoid of radius %v and flattening %v", radius, flattening)}
	}
	return parts, geodesic.NewEllipsoid(radius, flattening), nil
}

// distance returns the length of the geodesic to another point of the same CRS, and its azimuth at the first one.
func (m measured) distance(to measured) (length, azimuth float64, err error) {
	a, g, err := m.onEllipsoid()
	if err != nil {
		return 0, 0, err
	}
	b, _, err := to.onEllipsoid()
	if err != nil {
		return 0, 0, err
	}
	p, q := a[0][0], b[0][0]
	g.Inverse(p[1], p[0], q[1], q[0], &length, &azimuth, nil)
	if azimuth < 0 {
		azimuth += 360
	}
	return length, azimuth, nil
}

// area returns the area that rings enclose, and their length.
func (m measured) area() (area, perimeter float64, err error) {
	if m.kind != PolygonGeometry {
		return 0, 0, invalid(m.param, "an area is that of a polygon or an envelope")
	}
	signs, err := m.signs()
	if err != nil {
		return 0, 0, err
	}
	rings, g, err := m.onEllipsoid()
	if err != nil {
		return 0, 0, err
	}
	if m.fine {
		return math.Abs(followedArea(rings, g, m.crs.Period() > 0)), followedLength(rings, g), nil
	}
	for i, ring := range rings {
		p := g.PolygonInit(false)
		for _, at := range ring[:len(ring)-1] {
			p.AddPoint(at[1], at[0])
		}
		var inside, around float64
		p.Compute(false, true, &inside, &around)
		area += math.Copysign(inside, signs[i])
		perimeter += around
	}
	return math.Abs(area), perimeter, nil
}

// centroid returns the centre of area of rings in their plane.
func (m measured) centroid() (mosaic.Point, error) {
	if m.kind != PolygonGeometry {
		return mosaic.Point{}, invalid(m.param, "a centroid is that of a polygon or an envelope")
	}
	signs, err := m.signs()
	if err != nil {
		return mosaic.Point{}, err
	}
	o := m.parts[0][0] // relative to which large coordinates cost no digits
	var area, x, y float64
	for n, ring := range m.parts {
		sign := signs[n] * math.Copysign(1, ringArea(ring))
		for i := 1; i < len(ring); i++ {
			ax, ay, bx, by := ring[i-1][0]-o[0], ring[i-1][1]-o[1], ring[i][0]-o[0], ring[i][1]-o[1]
			c := float64(sign * (float64(ax*by) - float64(bx*ay)))
			area += c
			x += float64((ax + bx) * c)
			y += float64((ay + by) * c)
		}
	}
	p := mosaic.Point{CRS: m.crs, X: wrapped(o[0]+x/(3*area), m.crs), Y: o[1] + y/(3*area)}
	if !finite(p.X, p.Y) {
		return p, invalid(m.param, "it has no area")
	}
	return p, nil
}

// topmost returns the raster on top at the middle of a geometry, nil if there is none.
func (s *Service) topmost(ctx context.Context, rule mosaic.Rule, m measured, d *Description) (*mosaic.Item, error) {
	x, y := boxOf(m.parts).Center()
	at, err := s.pixelAt(d, mosaic.Point{CRS: m.crs, X: x, Y: y}, PixelSize{}, Request{MosaicRule: rule})
	if err != nil {
		return nil, nil // the middle has no place among the rasters
	}
	at = s.dated(at.withDefaults(s.Defaults))
	if err := at.MosaicRule.Validate(); err != nil {
		return nil, &Error{Kind: Invalid, Param: "mosaicRule", Err: err}
	}
	items, err := at.MosaicRule.Choose(ctx, s.catalog(d), mosaic.View{CRS: at.BBoxSR, Envelope: at.BBox}, nil)
	if err != nil {
		return nil, ruleError(err)
	}
	if len(items) == 0 {
		return nil, nil
	}
	return items[0], nil
}
