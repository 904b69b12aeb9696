package srs

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

const (
	// samples is the number of points along each side of the lattice that Envelope maps first, to find the edge on
	// which an extreme lies, and the point of the lattice nearest to it.
	samples = 21

	// halvings is the number of times that the search around that point is narrowed: to 1/81,920 of the box's side.
	halvings = 12

	// poleSamples is the number of meridians on which Envelope looks for the poles in a box of the plane.
	poleSamples = 73
)

// Envelope returns the smallest box in the target CRS around the image of a box in the source CRS, edges and interior.
//
// Corners are exact. Where an edge bulges, the extreme is found by mapping 21 × 21 points and narrowing in on the best
// of them, which misses less than 1e-8 of the bulge; if an edge bulges more than once, the highest bulge may be missed
// for another that is lower by up to 1/400. Between separable systems the result is exact.
//
// Points without an image are ignored, as long as there are others; if the box's image ends at the rim of a
// projection's domain, or where its plane is cut open, which are followed, its envelope may fall short by 1/40,000 of
// its size. The error is an *EnvelopeError if no point has an image, or if the box has a NaN, an infinity, or a minimum
// above its maximum. Boxes of no width or height are allowed.
//
// The image of a box that holds a pole reaches to ±90° and all around, or half around if the pole lies on the box's
// edge. In a geographic or cylindrical target an image is one piece, even across the antimeridian: zone 60 of UTM is
// 174 to 180, and a box across its eastern edge may be 178 to 182. XMin is then at least -180. Boxes from systems
// whose x repeats may be wider than 360°; they are brought into the range of Transform if they begin in it; but
// latitudes beyond ±90° are cut off. The image in Mercator of a box that reaches beyond the square world,
// ±20037508.34 or 85.05° in web Mercator, ends there, although Transform goes farther; only a box that lies beyond it
// altogether is mapped as it is.
func (t *Transformer) Envelope(e Envelope) (Envelope, error) {
	if !e.Finite() {
		return Envelope{}, &EnvelopeError{e, "is not finite"}
	}
	if e.XMin > e.XMax || e.YMin > e.YMax {
		return Envelope{}, &EnvelopeError{e, "has a minimum above its maximum"}
	}
	switch {
	case !t.changes:
		return e, nil
	case t.turns:
		return t.turnedEnvelope(e)
	}
	// Points outside of the bounds have no image, and would only thin out the lattice.
	b := t.from.bounds
	box := Envelope{max(e.XMin, b.XMin), max(e.YMin, b.YMin), min(e.XMax, b.XMax), min(e.YMax, b.YMax)}

	var out Envelope
	var ok bool
	switch {
	case box.XMin > box.XMax || box.YMin > box.YMax:
		// no image
	case t.separable:
		out, ok = t.separableEnvelope(box)
	case t.from.period > 0 && t.to.period > 0:
		out, ok = t.shiftedEnvelope(box)
	case t.from.period > 0:
		out, ok = t.envelopeFromPeriodic(box)
	case t.to.period > 0:
		out, ok = t.envelopeToPeriodic(box)
	default:
		out, ok = t.survey(box).envelope()
	}
	if !ok {
		return Envelope{}, &EnvelopeError{e, "has no image in the target spatial reference"}
	}
	return t.clipToSquare(out), nil
}

// turnedEnvelope maps a box as one piece between two systems whose x repeats about different meridians. If the box
// begins within half a turn of the source's central meridian, so does its envelope of the target's, or to the east of
// that.
func (t *Transformer) turnedEnvelope(e Envelope) (Envelope, error) {
	out, err := t.Unwrapped().Envelope(e)
	if err != nil || math.Abs(e.XMin-t.from.x0) > t.from.period/2*(1+1e-12) {
		return out, err
	}
	return t.beginInPeriod(out), nil
}

// beginInPeriod moves a box by whole turns so that it begins within half a turn of the target's central meridian. The
// slack keeps a box in place that begins at the edge, within rounding.
func (t *Transformer) beginInPeriod(e Envelope) Envelope {
	first := t.to.x0 - t.to.period/2
	shift := float64(t.to.period * math.Floor((e.XMin-first)/t.to.period+1e-9))
	e.XMin -= shift
	e.XMax -= shift
	return e
}

// clipToSquare cuts an envelope in a Mercator target off where the world ends as a square, if part of it lies within.
func (t *Transformer) clipToSquare(e Envelope) Envelope {
	low, high := t.to.y0-t.to.top, t.to.y0+t.to.top
	if e.YMin < high && e.YMax > low {
		e.YMin, e.YMax = max(e.YMin, low), min(e.YMax, high)
	}
	return e
}

// separableEnvelope maps x and y apart. As both are monotonic, their extremes are at the ends; more than two rows are
// needed only for a box that ends at a pole, which may have no image.
func (t *Transformer) separableEnvelope(e Envelope) (Envelope, bool) {
	low, high := t.to.y0-t.to.top, t.to.y0+t.to.top
	limits := []float64{low, high}
	t.Inverse().Transform([]float64{t.to.x0, t.to.x0}, limits)
	within := e.YMin < limits[1] && e.YMax > limits[0]
	clipLow, clipHigh := within && e.YMin < limits[0], within && e.YMax > limits[1]
	if clipLow {
		e.YMin = limits[0]
	}
	if clipHigh {
		e.YMax = limits[1]
	}

	xs := []float64{e.XMin, e.XMax}
	t.Transform(xs, []float64{t.from.y0, t.from.y0}) // the equator has an image everywhere
	zeros, ys := make([]float64, samples), make([]float64, samples)
	for i := range ys {
		zeros[i], ys[i] = t.from.x0, between(e.YMin, e.YMax, i)
	}
	if t.Transform(zeros, ys) == samples {
		return Envelope{}, false
	}
	out := Envelope{xs[0], math.Inf(1), xs[1], math.Inf(-1)}
	for _, y := range ys {
		if !math.IsNaN(y) {
			out.YMin, out.YMax = min(out.YMin, y), max(out.YMax, y)
		}
	}
	if clipLow {
		out.YMin = low
	}
	if clipHigh {
		out.YMax = high
	}
	return out, out.Finite()
}

// shiftedEnvelope maps a box between a source and a target whose x repeats, on datums that differ: x and y are nearly
// linear, and longitudes run on without end. Around a pole, which moves by some hundred metres, longitudes may take any
// value: the part within 0.1° of it is represented by a column of points along the box's middle.
func (t *Transformer) shiftedEnvelope(e Envelope) (Envelope, bool) {
	world := newTransformer(newGeographicConversion(degree, 0), t.from)
	world.changes = true
	polar, zero := []float64{-89.9, 89.9}, []float64{t.from.lon0, t.from.lon0}
	world.Transform(zero, polar)

	inner := e
	inner.YMin, inner.YMax = max(e.YMin, polar[0]), min(e.YMax, polar[1])
	x, _ := e.Center()
	column := Envelope{x, e.YMin, x, e.YMax}
	if inner.YMin > inner.YMax {
		return t.survey(e).envelope()
	}
	out, ok := t.survey(inner).envelope()
	if inner == e || !ok {
		return out, ok
	}
	rest, ok := t.survey(column).envelope()
	if ok {
		out.YMin, out.YMax = min(out.YMin, rest.YMin), max(out.YMax, rest.YMax)
	}
	return out, true
}

// envelopeFromPeriodic maps a box between a source whose x repeats and a target whose x does not. The world is cut open
// opposite the target's central meridian, and the parts on either side of the cut are mapped apart.
func (t *Transformer) envelopeFromPeriodic(e Envelope) (Envelope, bool) {
	period := t.from.period
	center := t.from.x0 + float64((t.to.lon0-t.from.lon0)/360*period)
	if t.from.kernel == nil {
		center = (t.to.lon0 - t.from.lon0) / t.from.scale
	}
	left, right := center-period/2, center+period/2
	x, _ := e.Center()
	if e.Width() >= period || math.Abs(x-center) > 1e9*period { // so far out, rounding decides where a box is
		e.XMin, e.XMax = left, right
		return t.survey(e).envelope()
	}
	shift := float64(period * math.Round((x-center)/period))
	e.XMin -= shift
	e.XMax -= shift

	a, b := e, e
	switch {
	case e.XMin < left:
		a.XMin, b.XMin, b.XMax = left, e.XMin+period, right
	case e.XMax > right:
		a.XMax, b.XMin, b.XMax = right, left, e.XMax-period
	default:
		return t.survey(e).envelope()
	}
	out, ok := t.survey(a).envelope()
	other, otherOK := t.survey(b).envelope()
	switch {
	case !ok:
		return other, otherOK
	case otherOK:
		out = out.Union(other)
	}
	return out, true
}

// envelopeToPeriodic maps a box between a source whose x does not repeat and a target whose x does.
func (t *Transformer) envelopeToPeriodic(e Envelope) (Envelope, bool) {
	period := t.to.period
	s := t.survey(e)
	p := t.polesIn(e)
	around := p.around
	switch {
	case p.edge && !around:
		s.dropPoles(p)
		s.unwrapAll(period, p.xs)
	case s.lost == 0:
		around = s.unwrapEdges(period) || around
	default:
		s.unwrapAll(period, p.xs)
	}
	out, ok := s.envelope()
	if !ok {
		return Envelope{}, false
	}
	for _, x := range p.xs {
		x = near(x, out.XMin+out.Width()/2, period)
		out.XMin, out.XMax = min(out.XMin, x), max(out.XMax, x)
	}
	if p.north {
		out.YMax = max(out.YMax, p.yNorth)
	}
	if p.south {
		out.YMin = min(out.YMin, p.ySouth)
	}
	first := t.to.x0 - period/2
	if around || out.Width() > period*(1-1e-4) {
		out.XMin, out.XMax = first, first+period
		return out, true
	}
	return t.beginInPeriod(out), true
}

// poles states which of the poles lie in a box of a plane, and where they lie in the target.
type poles struct {
	north, south   bool
	yNorth, ySouth float64 // the poles' y in the target, or where its boxes end

	// around is set if a pole is one point of the plane, and in the box: all meridians meet there. edge is set if
	// that point lies on the box's edge or in its corner, from where meridians go into a half or a quarter of the
	// circle only.
	around, edge bool

	// xs are the target's x of the points in the box of a pole that is more than one point of the plane.
	xs []float64
}

// polesIn finds the poles in a box of the source by mapping poleSamples meridians' ends to its plane.
func (t *Transformer) polesIn(e Envelope) poles {
	world := newGeographicConversion(degree, 0)
	toSource, toTarget := newTransformer(world, t.from), newTransformer(world, t.to)
	toSource.changes, toTarget.changes = true, true

	var p poles
	tolerance := float64(1e-9 * math.Abs(t.from.scale)) // of the ellipsoid's radius: 6 mm
	for _, lat := range [...]float64{90, -90} {
		lons, xs, ys := make([]float64, poleSamples), make([]float64, poleSamples), make([]float64, poleSamples)
		for i := range lons {
			lons[i] = t.from.lon0 - 180 + 360*float64(i)/(poleSamples-1)
			xs[i], ys[i] = lons[i], lat
		}
		lost := toSource.Transform(xs, ys)
		point, found := lost == 0, false
		var inside []float64
		for i := range lons {
			point = point && portable.Hypot(xs[i]-xs[0], ys[i]-ys[0]) < tolerance
			if xs[i] >= e.XMin-tolerance && xs[i] <= e.XMax+tolerance &&
				ys[i] >= e.YMin-tolerance && ys[i] <= e.YMax+tolerance {
				found = true
				inside = append(inside, lons[i])
			}
		}
		if !found {
			continue
		}
		if point {
			inside := xs[0] > e.XMin+tolerance && xs[0] < e.XMax-tolerance && ys[0] > e.YMin+tolerance && ys[0] < e.YMax-tolerance
			p.around, p.edge = p.around || inside, p.edge || !inside
		} else {
			toTarget.Transform(inside, make([]float64, len(inside)))
			p.xs = append(p.xs, inside...)
		}
		x, y := []float64{t.to.lon0}, []float64{lat}
		lost = toTarget.Transform(x, y)
		switch {
		case lat > 0:
			p.north, p.yNorth = true, y[0]
			if lost > 0 {
				p.yNorth = t.to.y0 + t.to.top
			}
		default:
			p.south, p.ySouth = true, y[0]
			if lost > 0 {
				p.ySouth = t.to.y0 - t.to.top
			}
		}
	}
	return p
}
