package srs

import "math"

// A Transformer takes coordinates from one CRS to another. It is immutable, and any number of goroutines may share it.
// The zero Transformer is an identity.
type Transformer struct {
	from, to  side
	changes   bool // it is no identity
	separable bool
	accuracy  float64

	// turn, in radians, is what longitudes from one central meridian grow by to count from the other.
	turn float64
}

// side is one CRS of a Transformer, made ready to compute with.
type side struct {
	kernel kernel   // nil if the CRS is geographic
	scale  float64  // units of the CRS per unit of the kernel's plane, or degrees per unit of a geographic CRS
	x0, y0 float64  // false origin in units of the CRS
	lon0   float64  // central meridian in degrees
	period float64  // as CRS.Period
	top    float64  // how far boxes reach above and below y0, in units of the CRS
	bounds Envelope // a box around all that has an image elsewhere, in units of the CRS
}

func newSide(s system) (side, error) {
	if s.geographic() {
		return newGeographicSide(s.unit), nil
	}
	k, err := newKernel(s.projection)
	if err != nil {
		return side{}, err
	}
	p, e := s.projection, k.extent()
	scale := p.ellipsoid.a / s.unit
	return side{
		kernel: k, scale: scale, x0: p.x0, y0: p.y0, lon0: p.lon0,
		period: e.period * scale, top: e.top * scale,
		bounds: Envelope{
			float64(e.bounds.XMin*scale) + p.x0, float64(e.bounds.YMin*scale) + p.y0,
			float64(e.bounds.XMax*scale) + p.x0, float64(e.bounds.YMax*scale) + p.y0,
		},
	}, nil
}

func newGeographicSide(unit float64) side {
	scale := unit / degree
	bounds := everywhere
	bounds.YMin, bounds.YMax = -90/scale, 90/scale
	return side{scale: scale, period: 2 * math.Pi / unit, top: math.Inf(1), bounds: bounds}
}

// NewTransformer plans the way from one CRS to another. It costs some microseconds, and a Transformer is worth keeping.
// The error is ErrNotStated if either CRS is zero.
func NewTransformer(from, to CRS) (*Transformer, error) {
	if from.IsZero() || to.IsZero() {
		return nil, ErrNotStated
	}
	a, b := from.definition().system, to.definition().system
	src, err := newSide(a)
	if err != nil {
		return nil, err
	}
	dst, err := newSide(b)
	if err != nil {
		return nil, err
	}
	// All datums coincide, so there is no step between the inverse kernel and the central meridians.
	t := newTransformer(src, dst)
	t.accuracy = shiftAccuracy(a.datum, b.datum)
	t.changes = a.projection != b.projection || a.unit != b.unit
	t.separable = src.period > 0 && dst.period > 0
	return t, nil
}

func newTransformer(from, to side) *Transformer {
	t := &Transformer{from: from, to: to}
	switch {
	case from.kernel == nil:
		// Longitudes become relative to the target's central meridian while they are still degrees, which is exact.
		t.from.lon0 = to.lon0
	case to.kernel == nil:
		t.to.lon0 = from.lon0
	default:
		t.turn = (from.lon0 - to.lon0) * degree
	}
	return t
}

// Inverse gives the Transformer for the way back.
func (t *Transformer) Inverse() *Transformer {
	return &Transformer{
		from: t.to, to: t.from, turn: -t.turn,
		changes: t.changes, separable: t.separable, accuracy: t.accuracy,
	}
}

// Identity says whether the Transformer leaves every coordinate as it is.
func (t *Transformer) Identity() bool { return !t.changes }

// Separable says whether the target's x depends on the source's x alone, and y on y alone, wherever a point has an
// image. x is then proportional to x, but for an offset. This is so between geographic, Mercator and plate carrée
// systems, and if the Transformer is an identity.
func (t *Transformer) Separable() bool { return t.separable || !t.changes }

// Accuracy is how far off results may be, in metres, because the datums of source and target are taken to coincide: 0
// if they are the same datum, NaN if unknown. It is a figure of the EPSG data set for the whole area of the datums. The
// projections themselves are exact to less than a millimetre.
func (t *Transformer) Accuracy() float64 { return t.accuracy }

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
			t.from.toRadians(x, y, t.to.period == 0)
			if t.from.kernel != nil && t.to.kernel != nil {
				rotate(x, t.turn, t.to.period == 0)
			}
			t.to.fromRadians(x, y)
		}
		lost += markLost(x, y)
	}
	return lost
}

// toRadians takes coordinates of a CRS to longitudes from lon0 and latitudes. If the CRS is geographic, wrap brings
// longitudes within a half turn, give or take 1e-11°: what lies on the cut should stay on its side of it.
func (s *side) toRadians(x, y []float64, wrap bool) {
	y = y[:len(x)]
	if s.kernel != nil {
		for i := range x {
			x[i] = (x[i] - s.x0) / s.scale
			y[i] = (y[i] - s.y0) / s.scale
		}
		s.kernel.inverse(x, y)
		return
	}
	for i := range x {
		lon := float64(x[i]*s.scale) - s.lon0
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

// fromRadians undoes toRadians, but for wrapping.
func (s *side) fromRadians(x, y []float64) {
	y = y[:len(x)]
	if s.kernel != nil {
		s.kernel.forward(x, y)
		for i := range x {
			x[i] = float64(x[i]*s.scale) + s.x0
			y[i] = float64(y[i]*s.scale) + s.y0
		}
		return
	}
	for i := range x {
		x[i] = (float64(x[i]*(180/math.Pi)) + s.lon0) / s.scale
		y[i] = y[i] * (180 / math.Pi) / s.scale
	}
}

// rotate adds an angle to longitudes in radians.
func rotate(x []float64, angle float64, wrap bool) {
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
