package srs

import (
	"math"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A Transformer takes coordinates from one CRS to another. It is immutable, and any number of goroutines may share it.
// The zero Transformer is an identity.
type Transformer struct {
	from, to  side
	changes   bool // it is no identity
	separable bool
	accuracy  float64

	// datums leads from the source's datum to the target's. nil moves nothing.
	datums datumStep

	// Longitudes of a geographic source are counted from before, in degrees. Those of a projected one grow by turn, in
	// radians, and by turnTo after the datum step. What after is in degrees is added for a geographic target.
	before, turn, turnTo, after float64
}

// side is one CRS of a Transformer, made ready to compute with.
type side struct {
	kernel projection.Kernel // nil if the CRS is geographic
	scale  float64           // units of the CRS per unit of the kernel's plane, or degrees per unit of a geographic CRS
	x0, y0 float64           // false origin in units of the CRS
	lon0   float64           // where x is x0, in degrees from Greenwich: the central meridian, or the prime meridian
	period float64           // as CRS.Period
	top    float64           // how far boxes reach above and below y0, in units of the CRS
	bounds Envelope          // a box around all that has an image elsewhere, in units of the CRS
}

func newSide(s system) (side, error) {
	if s.geographic() {
		return newGeographicSide(s.unit, s.datum.meridian), nil
	}
	k, err := projection.NewKernel(s.projection)
	if err != nil {
		return side{}, err
	}
	p, e := s.projection, k.Extent()
	scale := p.Ellipsoid.A / s.unit
	return side{
		kernel: k, scale: scale, x0: p.FalseEasting, y0: p.FalseNorthing, lon0: p.CentralMeridian + s.datum.meridian,
		period: e.Period * scale, top: e.Top * scale,
		bounds: Envelope{
			float64(e.Bounds.XMin*scale) + p.FalseEasting, float64(e.Bounds.YMin*scale) + p.FalseNorthing,
			float64(e.Bounds.XMax*scale) + p.FalseEasting, float64(e.Bounds.YMax*scale) + p.FalseNorthing,
		},
	}, nil
}

func newGeographicSide(unit, meridian float64) side {
	scale := unit / degree
	bounds := everywhere
	bounds.YMin, bounds.YMax = -90/scale, 90/scale
	return side{scale: scale, lon0: meridian, period: 2 * math.Pi / unit, top: math.Inf(1), bounds: bounds}
}

func newTransformer(from, to side) *Transformer {
	t := &Transformer{from: from, to: to}
	t.setTurns()
	return t
}

// setTurns decides where the difference of the central meridians is taken.
func (t *Transformer) setTurns() {
	t.before, t.turn, t.turnTo, t.after = 0, 0, 0, 0
	between := t.to.lon0 - t.from.lon0
	switch {
	case t.datums != nil:
		// The datum step takes longitudes from Greenwich.
		if t.from.kernel == nil {
			t.before = -t.from.lon0
		} else {
			t.turn = t.from.lon0 * degree
		}
		if t.to.kernel == nil {
			t.after = -t.to.lon0
		} else {
			t.turnTo = -t.to.lon0 * degree
		}
	case t.from.kernel == nil:
		// Longitudes become relative to the target's central meridian while they are still degrees, which is exact.
		t.before = between
	case t.to.kernel == nil:
		t.after = -between
	default:
		t.turn = -between * degree
	}
}

// Inverse gives the Transformer for the way back.
//
// There and back returns to where it started from but for rounding, and if the datum changes, but for some hundredths of
// a millimetre by which Helmert transformations with rotations are not exactly reversible, and for the height that gets
// lost on the way, which matters by a millimetre where two ellipsoids are a hundred metres apart.
func (t *Transformer) Inverse() *Transformer {
	out := &Transformer{
		from: t.to, to: t.from,
		changes: t.changes, separable: t.separable, accuracy: t.accuracy,
	}
	if t.datums != nil {
		out.datums = t.datums.reversed()
	}
	out.setTurns()
	return out
}

// Identity says whether the Transformer leaves every coordinate as it is.
func (t *Transformer) Identity() bool { return !t.changes }

// Separable says whether the target's x depends on the source's x alone, and y on y alone, wherever a point has an
// image. x is then proportional to x, but for an offset. This is so between geographic, Mercator and plate carrée
// systems, and if the Transformer is an identity.
func (t *Transformer) Separable() bool { return t.separable || !t.changes }

// Accuracy is how far off results may be, in metres, because of the step from datum to datum: 0 if there is none, NaN if
// unknown, as where coordinates are copied for want of anything better. It is the EPSG data set's figure for each
// operation's area, or that of a ShiftGrid; if there are several operations, it is the largest of those that some point is
// taken by, and two of them in a row add up. With Options.Area it is the figure for the area's centre. The projections themselves are
// exact to less than a millimetre.
func (t *Transformer) Accuracy() float64 { return t.accuracy }

var everywhere = Envelope{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}

// maxLatitude is π/2 with room for the rounding of coordinates that lie on a pole: 1e-9°, which is 0.1 mm.
const maxLatitude = math.Pi/2 + 1e-9*degree

// block is how many points go through all steps at a time. Two blocks of coordinates fit a level 1 cache.
const block = 256

// Transform replaces coordinates of the source CRS by coordinates of the target CRS. xs and ys hold one point per
// index; if one of them is longer, its rest is left alone. Points that have no image become NaN, NaN, and lost is their
// number. It never panics and does not allocate.
//
// No image have: points with a coordinate that is NaN or infinite, latitudes beyond ±90°, the poles in Mercator, what
// lies outside the cone's opening in Albers, and what is more than 67° of arc away from a transverse Mercator's central
// meridian, or on its far side and more than 45° from the pole. An identity gives every finite point back as it is.
//
// Longitudes may be any finite number. Between two systems whose x repeats, nothing is wrapped: longitudes 170 to 190
// become one piece of web Mercator, although it lies beyond the world's edge, and come back as 170 to 190; about a
// central meridian of 180°, longitude -175 is at -355 degrees of x. From any other projection, longitudes come within
// ±180° of its central meridian, so that zone 60 of UTM reaches from 174 to 180 and beyond. Use CRS.Period to bring
// them elsewhere.
func (t *Transformer) Transform(xs, ys []float64) (lost int) {
	n := min(len(xs), len(ys))
	for i := 0; i < n; i += block {
		j := min(i+block, n)
		x, y := xs[i:j], ys[i:j]
		if t.changes {
			t.change(x, y)
		}
		lost += markLost(x, y)
	}
	return lost
}

// change takes a block through all steps.
func (t *Transformer) change(x, y []float64) {
	wrap := t.to.period == 0
	t.from.toRadians(x, y, t.before, wrap && t.datums == nil)
	switch {
	case t.datums != nil:
		rotate(x, t.turn, false)
		t.datums.apply(x, y)
		rotate(x, t.turnTo, wrap)
	case t.from.kernel != nil && t.to.kernel != nil:
		rotate(x, t.turn, wrap)
	}
	t.to.fromRadians(x, y, t.after)
}

// toRadians takes coordinates of a CRS to longitudes and latitudes. If the CRS is geographic, longitudes are counted
// from a meridian, in degrees, and wrap brings them within a half turn, give or take 1e-11°: what lies on the cut should
// stay on its side of it. If not, they count from the central meridian.
func (s *side) toRadians(x, y []float64, meridian float64, wrap bool) {
	y = y[:len(x)]
	if s.kernel != nil {
		for i := range x {
			x[i] = (x[i] - s.x0) / s.scale
			y[i] = (y[i] - s.y0) / s.scale
		}
		s.kernel.Inverse(x, y)
		return
	}
	for i := range x {
		lon := float64(x[i]*s.scale) - meridian
		if wrap && !(math.Abs(lon) <= 180+1e-11) {
			lon = math.Remainder(lon, 360)
		}
		x[i] = lon * degree
		lat := y[i] * s.scale * degree
		if !(math.Abs(lat) <= maxLatitude) {
			lat = math.NaN()
		}
		y[i] = max(-math.Pi/2, min(math.Pi/2, lat))
	}
}

// fromRadians undoes toRadians, but for wrapping, and adds to longitudes in degrees.
func (s *side) fromRadians(x, y []float64, meridian float64) {
	y = y[:len(x)]
	if s.kernel != nil {
		s.kernel.Forward(x, y)
		for i := range x {
			x[i] = float64(x[i]*s.scale) + s.x0
			y[i] = float64(y[i]*s.scale) + s.y0
		}
		return
	}
	for i := range x {
		x[i] = (float64(x[i]*(180/math.Pi)) + meridian) / s.scale
		y[i] = y[i] * (180 / math.Pi) / s.scale
	}
}

// rotate adds an angle to longitudes in radians.
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

// markLost makes both coordinates of a point NaN if one is not finite, and counts such points.
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
