package srs

import (
	"math"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A Transformer takes coordinates from one CRS to another. It is immutable and safe for concurrent use. The zero
// Transformer is an identity.
type Transformer struct {
	from, to  conversion
	changes   bool // false for an identity
	separable bool
	turns     bool // x goes round the world to the side of the target's central meridian
	accuracy  float64

	// datums leads from the source's datum to the target's; nil moves nothing.
	datums datumStep
	// way is datums with the steps that move nothing, for Operations, and wayBack is set if it leads the other way.
	way     datumStep
	wayBack bool

	// Longitudes are brought from the meridian of the source to that of the target in up to two of four places:
	fromMeridian float64 // degrees, subtracted from longitudes of a geographic source
	fromRotation float64 // radians, added to longitudes of a projected source, before the datum step
	toRotation   float64 // radians, added after the datum step for a projected target
	toMeridian   float64 // degrees, added to longitudes of a geographic target
}

// A conversion is one CRS of a Transformer, ready to convert between coordinates of the CRS and longitudes and
// latitudes in radians.
type conversion struct {
	kernel projection.Kernel // nil if the CRS is geographic
	scale  float64           // units of the CRS per unit of the kernel's plane, or degrees per unit of a geographic CRS
	x0, y0 float64           // false origin in units of the CRS
	lon0   float64           // the central or prime meridian, where x is x0, in degrees from Greenwich
	period float64           // as CRS.Period
	top    float64           // where boxes end above and below y0, in units of the CRS; +Inf if nowhere
	bounds Envelope          // a box around all points that have an image elsewhere, in units of the CRS
}

// newConversion sets up the conversion of a system. The error says what is impossible in its projection's parameters.
func newConversion(s system) (conversion, error) {
	if s.geographic() {
		return newGeographicConversion(s.unit, s.datum.meridian), nil
	}
	k, err := projection.NewKernel(s.projection)
	if err != nil {
		return conversion{}, err
	}
	p, e := s.projection, k.Extent()
	scale := p.Ellipsoid.A / s.unit
	return conversion{
		kernel: k, scale: scale, x0: p.FalseEasting, y0: p.FalseNorthing, lon0: p.CentralMeridian + s.datum.meridian,
		period: e.Period * scale, top: e.Top * scale,
		bounds: Envelope{
			float64(e.Bounds.XMin*scale) + p.FalseEasting, float64(e.Bounds.YMin*scale) + p.FalseNorthing,
			float64(e.Bounds.XMax*scale) + p.FalseEasting, float64(e.Bounds.YMax*scale) + p.FalseNorthing,
		},
	}, nil
}

// bounded reports whether the plane ends where the projection's domain does: images then do not grow without end there.
func (c *conversion) bounded() bool {
	return c.kernel == nil || c.bounds.Finite() && c.period == 0 || c.period > 0 && math.IsInf(c.top, 1)
}

// newGeographicConversion returns the conversion of a geographic system: unit is in radians, and meridian, the prime
// meridian, in degrees from Greenwich.
func newGeographicConversion(unit, meridian float64) conversion {
	scale := unit / degree
	bounds := everywhere
	bounds.YMin, bounds.YMax = -90/scale, 90/scale
	return conversion{scale: scale, lon0: meridian, period: 2 * math.Pi / unit, top: math.Inf(1), bounds: bounds}
}

// newTransformer returns a Transformer without a datum step.
func newTransformer(from, to conversion) *Transformer {
	t := &Transformer{from: from, to: to}
	t.setMeridians()
	return t
}

// setMeridians decides where longitudes are brought from the source's meridian to the target's.
func (t *Transformer) setMeridians() {
	t.fromMeridian, t.fromRotation, t.toRotation, t.toMeridian = 0, 0, 0, 0
	difference := t.to.lon0 - t.from.lon0
	switch {
	case t.datums != nil:
		// The datum step takes longitudes from Greenwich.
		if t.from.kernel == nil {
			t.fromMeridian = -t.from.lon0
		} else {
			t.fromRotation = t.from.lon0 * degree
		}
		if t.to.kernel == nil {
			t.toMeridian = -t.to.lon0
		} else {
			t.toRotation = -t.to.lon0 * degree
		}
	case t.from.kernel == nil:
		// Longitudes become relative to the target's central meridian while they are still degrees, which is exact.
		t.fromMeridian = difference
	case t.to.kernel == nil:
		t.toMeridian = -difference
	default:
		t.fromRotation = -difference * degree
	}
}

// Inverse returns the Transformer for the way back.
//
// There and back, a point returns to itself but for rounding. If the datum changes, it may miss itself by some
// hundredths of a millimetre, as Helmert transformations with rotations are not exactly reversible, and by up to a
// millimetre where two ellipsoids are a hundred metres apart, as heights are dropped on the way.
func (t *Transformer) Inverse() *Transformer {
	out := &Transformer{
		from: t.to, to: t.from,
		changes: t.changes, separable: t.separable, turns: t.turns, accuracy: t.accuracy, way: t.way, wayBack: !t.wayBack,
	}
	if t.datums != nil {
		out.datums = t.datums.reversed()
	}
	out.setMeridians()
	return out
}

// Identity reports whether the Transformer leaves every coordinate as it is.
func (t *Transformer) Identity() bool { return !t.changes }

// Separable reports whether the target's x depends on the source's x alone, and y on y alone, wherever a point has an
// image. The target's x is then a linear function of the source's, but for whole turns of the world; see Unwrapped. This
// is so between geographic, Mercator and plate carrée systems, and if the Transformer is an identity.
func (t *Transformer) Separable() bool { return t.separable || !t.changes }

// Accuracy returns the largest error of results, in metres, that comes from the step between two datums: 0 if there is
// none, NaN if it is unknown, as where coordinates are copied because nothing better is known. It is the figure that
// the EPSG data set gives for an operation, or that of a ShiftGrid. If there are several operations, it is the largest
// figure of those that any point is taken by, and the figures of two in a row add up. With Options.Area it is the
// figure of the operations at the area's centre. The projections themselves are exact to less than a millimetre.
func (t *Transformer) Accuracy() float64 { return t.accuracy }

// Operations returns the names of the datum operations in the order in which they are used, for people to read: those of
// the EPSG data set or of Esri with their codes, such as "inverse of OSGB36 to WGS 84 (6) [1314]", grid files, and others in
// words. Where the operation depends on the place, one text names all of them. There is none if the datum is the same.
func (t *Transformer) Operations() []string {
	switch {
	case t.way == nil:
		return nil
	case t.wayBack:
		return t.way.reversed().describe()
	}
	return t.way.describe()
}

var everywhere = Envelope{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}

// maxLatitude is π/2 with room for the rounding of coordinates that lie on a pole: 1e-9°, which is 0.1 mm.
const maxLatitude = math.Pi/2 + 1e-9*degree

// block is the number of points that go through all steps together. Two blocks of coordinates fit a level 1 cache.
const block = 256

// Transform replaces coordinates of the source CRS by coordinates of the target CRS. xs and ys hold one point per
// index; the rest of a longer one is not changed. Points that have no image become NaN, NaN, and lost is their number.
// Transform never panics and does not allocate.
//
// These points have no image: those with a coordinate that is NaN or infinite, latitudes beyond ±90°, the poles in
// Mercator, points outside the cone's opening in Albers, and those more than 67° of arc away from the central meridian
// of a transverse Mercator, or on its far side and more than 45° from the pole. An identity leaves every finite point
// as it is.
//
// Longitudes may be any finite number. Between two systems whose x repeats, points within half a turn of the source's
// central meridian come within half a turn of the target's, as in PROJ: about a central meridian of 180°, longitude -175
// is at 5 degrees of x. Points that lie farther out are not wrapped: longitudes 170 to 190 become one piece of web
// Mercator, although it lies beyond the world's edge, and come back as 170 to 190. From any other projection, longitudes
// come within ±180° of its central meridian, so that zone 60 of UTM reaches from 174 to 180 and beyond. Use CRS.Period to
// bring them into another range.
func (t *Transformer) Transform(xs, ys []float64) (lost int) {
	n := min(len(xs), len(ys))
	for i := 0; i < n; i += block {
		j := min(i+block, n)
		x, y := xs[i:j], ys[i:j]
		switch {
		case t.turns:
			var before [block]float64
			copy(before[:], x)
			t.change(x, y)
			t.turn(before[:len(x)], x)
		case t.changes:
			t.change(x, y)
		}
		lost += markLost(x, y)
	}
	return lost
}

// change takes at most block points through all steps.
func (t *Transformer) change(x, y []float64) {
	wrap := t.to.period == 0
	t.from.toRadians(x, y, t.fromMeridian, wrap && t.datums == nil)
	switch {
	case t.datums != nil:
		rotate(x, t.fromRotation, false)
		t.datums.apply(x, y)
		rotate(x, t.toRotation, wrap)
	case t.from.kernel != nil && t.to.kernel != nil:
		rotate(x, t.fromRotation, wrap)
	}
	t.to.fromRadians(x, y, t.toMeridian)
}

// turn brings x of the target within half a turn of its central meridian, for the points whose x in the source, before,
// was within half a turn of the source's.
func (t *Transformer) turn(before, x []float64) {
	const edge = 1 + 1e-12 // points on the cut stay on their side of it
	from, to := float64(t.from.period*0.5*edge), float64(t.to.period*0.5*edge)
	first, center := t.from.x0, t.to.x0 // 0 for longitudes
	for i, v := range before {
		if d := x[i] - center; math.Abs(v-first) <= from && !(math.Abs(d) <= to) {
			x[i] -= float64(t.to.period * math.Round(d/t.to.period))
		}
	}
}

// Unwrapped returns a Transformer that lets x run on without end between two systems whose x repeats: x of the target is
// then continuous everywhere, which the mapping of an image must be, but may lie whole turns away from where Transform
// puts a single point. All other Transformers are returned as they are.
func (t *Transformer) Unwrapped() *Transformer {
	if !t.turns {
		return t
	}
	out := *t
	out.turns = false
	return &out
}

// toRadians converts coordinates of the CRS to longitudes and latitudes. If the CRS is geographic, longitudes are
// counted from a meridian, in degrees, and wrap brings them within ±180°, with a tolerance of 1e-11° so that points on
// the cut stay on their side of it. Otherwise they count from the central meridian.
func (c *conversion) toRadians(x, y []float64, meridian float64, wrap bool) {
	y = y[:len(x)]
	if c.kernel != nil {
		for i := range x {
			x[i] = (x[i] - c.x0) / c.scale
			y[i] = (y[i] - c.y0) / c.scale
		}
		c.kernel.Inverse(x, y)
		return
	}
	for i := range x {
		lon := float64(x[i]*c.scale) - meridian
		if wrap && !(math.Abs(lon) <= 180+1e-11) {
			lon = math.Remainder(lon, 360)
		}
		x[i] = lon * degree
		lat := y[i] * c.scale * degree
		if !(math.Abs(lat) <= maxLatitude) {
			lat = math.NaN()
		}
		y[i] = max(-math.Pi/2, min(math.Pi/2, lat))
	}
}

// fromRadians converts longitudes and latitudes to coordinates of the CRS. If that is geographic, meridian, in degrees,
// is added to longitudes.
func (c *conversion) fromRadians(x, y []float64, meridian float64) {
	y = y[:len(x)]
	if c.kernel != nil {
		c.kernel.Forward(x, y)
		for i := range x {
			x[i] = float64(x[i]*c.scale) + c.x0
			y[i] = float64(y[i]*c.scale) + c.y0
		}
		return
	}
	for i := range x {
		x[i] = (float64(x[i]*(180/math.Pi)) + meridian) / c.scale
		y[i] = y[i] * (180 / math.Pi) / c.scale
	}
}

// rotate adds an angle to longitudes in radians, and wrap brings them within ±π.
func rotate(x []float64, angle float64, wrap bool) {
	if angle == 0 && !wrap {
		return
	}
	for i := range x {
		lam := x[i] + angle
		if wrap && !(math.Abs(lam) <= math.Pi*(1+1e-13)) {
			lam = math.Remainder(lam, 2*math.Pi)
		}
		x[i] = lam
	}
}

// markLost makes both coordinates of a point NaN if one is not finite, and returns the number of those points.
func markLost(x, y []float64) (lost int) {
	y = y[:len(x)]
	for i := range x {
		if !(math.Abs(x[i]) <= math.MaxFloat64 && math.Abs(y[i]) <= math.MaxFloat64) {
			x[i], y[i] = math.NaN(), math.NaN()
			lost++
		}
	}
	return lost
}
