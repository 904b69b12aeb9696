package projection

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// modifiedStereographic returns the descriptor of one of the modified stereographic projections, each of which is about
// one place.
func modifiedStereographic(name, operation string, centre [2]float64, s surface, terms modifiedTerms, samples ...string) Descriptor {
	return Descriptor{
		Name: name,
		Operations: []Operation{{
			Name: operation, Keys: []Key{lat0.or(centre[1]), lon0.or(centre[0])}, Sphere: s == onSphere,
		}},
		Methods: []Method{{
			EPSG: "PROJ " + operation, Surface: s,
			Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin),
		}},
		Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
		Domain: "what is within the greatest circle around the centre in which the projection is one to one",
		Source: snyder + ", pages 203 to 212", Samples: samples,
		New: pointwise(func(def *Projection) (modified, error) { return newModified(def, centre, terms) }),
	}
}

// modifiedTerms are the coefficients of powers from the first on, real and imaginary: of the ellipsoid, that is Clarke's of
// 1866, and of the sphere. If a radius is stated, it has to be that of the sphere.
type modifiedTerms struct {
	ellipsoid, sphere [][2]float64
	radius            float64
}

var (
	millerOblatedProjection = modifiedStereographic("Miller Oblated Stereographic", "mil_os", [2]float64{20, 18}, onSphere,
		modifiedTerms{sphere: [][2]float64{{0.924500, 0}, {0, 0}, {0.019430, 0}}}, "+proj=mil_os")
	leeOblatedProjection = modifiedStereographic("Lee Oblated Stereographic", "lee_os", [2]float64{-165, -10}, onSphere,
		modifiedTerms{sphere: [][2]float64{{0.721316, 0}, {0, 0}, {-0.0088162, -0.00617325}}}, "+proj=lee_os")
	states48Projection = modifiedStereographic("Modified Stereographic of 48 U.S.", "gs48", [2]float64{-96, 39}, onSphere,
		modifiedTerms{sphere: [][2]float64{{0.98879, 0}, {0, 0}, {-0.050909, 0}, {0, 0}, {0.075528, 0}}, radius: 6370997},
		"+proj=gs48 +R=6370997")
	alaskaProjection = modifiedStereographic("Modified Stereographic of Alaska", "alsk", [2]float64{-152, 64}, onEllipsoid,
		modifiedTerms{
			ellipsoid: [][2]float64{
				{.9945303, 0}, {.0052083, -.0027404}, {.0072721, .0048181}, {-.0151089, -.1932526}, {.0642675, -.1381226},
				{.3582802, -.2884586},
			},
			sphere: [][2]float64{
				{.9972523, 0}, {.0052513, -.0041175}, {.0074606, .0048125}, {-.0153783, -.1968253}, {.0636871, -.1408027},
				{.3660976, -.2937382},
			},
			radius: 6370997,
		}, "+proj=alsk +a=6378206.4 +rf=294.9786982138982", "+proj=alsk +R=6370997")
	states50Projection = modifiedStereographic("Modified Stereographic of 50 U.S.", "gs50", [2]float64{-120, 45}, onEllipsoid,
		modifiedTerms{
			ellipsoid: [][2]float64{
				{.9827497, 0}, {.0210669, .0053804}, {-.1031415, -.0571664}, {-.0323337, -.0322847}, {.0502303, .1211983},
				{.0251805, .0895678}, {-.0012315, -.1416121}, {.0072202, -.1317091}, {-.0194029, .0759677}, {-.0210072, .0834037},
			},
			sphere: [][2]float64{
				{.9842990, 0}, {.0211642, .0037608}, {-.1036018, -.0575102}, {-.0329095, -.0320119}, {.0499471, .1223335},
				{.0260460, .0899805}, {.0007388, -.1435792}, {.0075848, -.1334108}, {-.0216473, .0776645}, {-.0225161, .0853673},
			},
			radius: 6370997,
		}, "+proj=gs50 +a=6378206.4 +rf=294.9786982138982", "+proj=gs50 +R=6370997")
)

// of returns the terms for an ellipsoid.
func (t modifiedTerms) of(e Ellipsoid) ([][2]float64, error) {
	switch {
	case e.RF == 0 && (t.radius == 0 || math.Abs(e.A-t.radius) < 1e-3):
		return t.sphere, nil
	case math.Abs(e.A-6378206.4) < 1e-3 && math.Abs(e.RF-294.9786982138982) < 1e-4 && t.ellipsoid != nil:
		return t.ellipsoid, nil
	case t.ellipsoid != nil:
		return nil, fmt.Errorf("the projection is of Clarke's ellipsoid of 1866 or the sphere of %.0f m", t.radius)
	}
	return nil, fmt.Errorf("the projection is of the sphere of %.0f m", t.radius)
}

// modified is a conformal map of the stereographic plane of an ellipsoid's conformal sphere by a complex polynomial,
// which shapes lines of equal scale to a region. Its domain is the greatest circle around the centre, up to the
// hemisphere, within which the real part of the polynomial's derivative, turned by some angle, is positive. That makes it
// one to one there, by the theorem of Noshiro and Warschawski; farther out it folds, and no map of its makers goes there.
type modified struct {
	terms        [][2]float64
	sin0, cos0   float64 // of the centre's conformal latitude
	toConformal  sineSeries
	toGeodetic   sineSeries
	reach, bound float64
}

func newModified(def *Projection, centre [2]float64, all modifiedTerms) (modified, error) {
	if math.Abs(def.CentralMeridian-centre[0]) > 1e-9 || math.Abs(def.LatitudeOfOrigin-centre[1]) > 1e-9 {
		return modified{}, fmt.Errorf("the projection is about %g, %g", centre[0], centre[1])
	}
	terms, err := all.of(def.Ellipsoid)
	if err != nil {
		return modified{}, err
	}
	n := def.Ellipsoid.n()
	if n != 0 {
		const root = 0.9966099236913106 // √(1 − e²) of e² = 0.00676866, which the coefficients are for
		n = (1 - root) / (1 + root)
	}
	p := modified{
		terms: terms, toConformal: newSineSeries(&geodeticToConformal, n), toGeodetic: newSineSeries(&conformalToGeodetic, n),
	}
	p.sin0, p.cos0 = portable.Sincos(p.toConformal.shift(def.phi0()))
	for turn := -60.0; turn <= 60; turn += 5 {
		reach := 0.0
		for reach < 2 && p.isOneToOne(reach+0.01, turn*degree) {
			reach += 0.01
		}
		p.reach = max(p.reach, reach)
	}
	power := p.reach
	for _, c := range terms {
		p.bound += float64((math.Abs(c[0]) + math.Abs(c[1])) * power)
		power *= p.reach
	}
	return p, nil
}

// isOneToOne reports whether the derivative's real part after a turn, which is least on the circle, is clearly positive
// there.
func (p modified) isOneToOne(r, turn float64) bool {
	sinT, cosT := portable.Sincos(turn)
	for i := range 180 {
		sin, cos := portable.Sincos(float64(i) * 2 * degree)
		if _, _, dr, di := p.at(r*cos, r*sin); float64(dr*cosT)-float64(di*sinT) < 0.02 {
			return false
		}
	}
	return true
}

// at returns the polynomial's value and derivative at u + iv.
func (p modified) at(u, v float64) (zr, zi, dr, di float64) {
	for i := len(p.terms) - 1; i >= 0; i-- {
		c, n := p.terms[i], float64(i+1)
		zr, zi = float64(zr*u)-float64(zi*v)+c[0], float64(zr*v)+float64(zi*u)+c[1]
		dr, di = float64(dr*u)-float64(di*v)+float64(n*c[0]), float64(dr*v)+float64(di*u)+float64(n*c[1])
	}
	return float64(zr*u) - float64(zi*v), float64(zr*v) + float64(zi*u), dr, di
}

func (p modified) extent() Extent {
	return Extent{Top: math.Inf(1), Bounds: Box{-p.bound, -p.bound, p.bound, p.bound}}
}

func (p modified) project(lam, phi float64) (x, y float64) {
	u, v, w := rotated(lam, p.toConformal.shift(phi), p.sin0, p.cos0)
	k := 2 / (1 + w)
	u, v = u*k, v*k
	if !(portable.Hypot(u, v) <= p.reach) {
		return math.NaN(), math.NaN()
	}
	x, y, _, _ = p.at(u, v)
	return x, y
}

func (p modified) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(x) <= p.bound && math.Abs(y) <= p.bound) {
		return math.NaN(), math.NaN()
	}
	u, v := x/p.terms[0][0], y/p.terms[0][0]
	if r := portable.Hypot(u, v); r > p.reach {
		u, v = u*p.reach/r, v*p.reach/r
	}
	u, v, ok := p.root(x, y, u, v)
	if !ok || !(portable.Hypot(u, v) <= p.reach+planeSlack) {
		// Another root is closer, or none: follow the right one from the centre.
		const steps = 16
		u, v = 0, 0
		for i := range steps {
			t := float64(i+1) / steps
			u, v, ok = p.root(t*x, t*y, u, v)
		}
	}
	if !ok || !(portable.Hypot(u, v) <= p.reach+planeSlack) {
		return math.NaN(), math.NaN()
	}
	r2 := float64(u*u) + float64(v*v)
	lam, phi = unrotated(4*u, 4*v, 4-r2, p.sin0, p.cos0)
	return lam, latitude(p.toGeodetic.shift(phi))
}

// root finds where the polynomial is x + iy by Newton's method from u + iv, with steps that bring it closer. ok is false
// if there is no such place next to where they lead.
func (p modified) root(x, y, u, v float64) (float64, float64, bool) {
	zr, zi, dr, di := p.at(u, v)
	miss := portable.Hypot(zr-x, zi-y)
	for range 60 {
		inv := 1 / (float64(dr*dr) + float64(di*di))
		er, ei := zr-x, zi-y
		su, sv := (float64(er*dr)+float64(ei*di))*inv, (float64(ei*dr)-float64(er*di))*inv
		if math.Abs(su)+math.Abs(sv) <= 1e-15 {
			return u, v, miss <= planeSlack
		}
		closer := false
		for step := 1.0; step > 1e-3 && !closer; step /= 2 {
			nu, nv := u-float64(step*su), v-float64(step*sv)
			nzr, nzi, ndr, ndi := p.at(nu, nv)
			if now := portable.Hypot(nzr-x, nzi-y); now < miss {
				u, v, zr, zi, dr, di, miss, closer = nu, nv, nzr, nzi, ndr, ndi, now, true
			}
		}
		if !closer {
			return u, v, miss <= planeSlack
		}
	}
	return u, v, miss <= planeSlack
}
