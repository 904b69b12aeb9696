package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var cassiniProjection = Descriptor{
	Name:       "Cassini-Soldner",
	Operations: []Operation{{Name: "cass", Keys: []Key{lat0, word("hyperbolic")}, Check: checkVariant("hyperbolic")}},
	Methods: []Method{
		{
			EPSG: "Cassini-Soldner", Code: 9806, Esri: "Cassini", GeoTIFF: 18,
			OGC:        []string{"Cassini_Soldner"},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin), Read: readCassini,
		},
		{
			EPSG: "Hyperbolic Cassini-Soldner", Code: 9833, Variant: "hyperbolic", Sets: map[string]string{"hyperbolic": ""},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin), Read: readCassini,
		},
		// EPSG has no methods for other axes: the axes of the system alone show them.
		cassiniWithAxes("Cassini-Soldner", 9806, "", WestSouth), cassiniWithAxes("Cassini-Soldner", 9806, "", SouthWest),
		cassiniWithAxes("Hyperbolic Cassini-Soldner", 9833, "hyperbolic", WestSouth),
		cassiniWithAxes("Hyperbolic Cassini-Soldner", 9833, "hyperbolic", SouthWest),
	},
	Domain: "30° on each side of the central meridian, and for the hyperbolic form 57° of latitude",
	Source: guidance + "; " + snyder + ", page 95",
	Samples: []string{
		"+proj=cass +lat_0=31.7 +lon_0=35.2",
		"+proj=cass +hyperbolic +lat_0=-16.25 +lon_0=179.33",
		"+proj=cass +axis=wsu +lat_0=10",
		"+proj=cass +axis=swu +lat_0=10",
		"+proj=cass +hyperbolic +axis=wsu",
		"+proj=cass +hyperbolic +axis=swu",
		"+proj=cass +lat_0=31 +R=6371000",
	},
	New: newCassini,
}

// cassini is the Cassini–Soldner projection of the ellipsoid: EPSG method 9806, and 9833, hyperbolic (variant
// "hyperbolic"), which subtracts y³/(6ρν) from y, as Fiji's Vanua Levu Grid does. Sources: IOGP Guidance Note 7-2;
// Snyder (1987), page 95. The series are the definition: they stop at the fifth power of the distance from the central
// meridian.
//
// The domain is 30° on each side of the central meridian, and for the hyperbolic form 57° of latitude; the series are 1
// mm off 4° from it, and metres at its end. The inverse undoes them by Newton's method to 1e-13 rad, rather than by
// series of its own.
type cassini struct {
	meridian
	es, arc0   float64
	hyperbolic bool
}

const cassiniWidth = 30 * degree

// hyperbolicReach bounds y of the hyperbolic form, in radii: y − y³/6 falls from √2 on.
const hyperbolicReach = 1

// newCassini uses the closed form on the sphere.
func newCassini(def *Projection) (Kernel, error) {
	if def.Ellipsoid.es() == 0 {
		return &pointKernel[sphericalCassini]{sphericalCassini{def.phi0()}}, nil
	}
	p := cassini{meridian: newMeridian(def), es: def.Ellipsoid.es(), hyperbolic: def.Variant == "hyperbolic"}
	p.arc0 = p.arc(def.phi0())
	return &pointKernel[cassini]{p}, nil
}

func (p cassini) extent() Extent {
	y := math.Pi/2 + 1.3 // the equator's images reach 1.3 beyond a pole at the domain's ends
	return Extent{Top: math.Inf(1), Bounds: Box{-0.6, -p.arc0 - y, 0.6, -p.arc0 + y}}
}

func (p cassini) project(lam, phi float64) (x, y float64) {
	if !(math.Abs(lam) <= cassiniWidth*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	sin, cos := portable.Sincos(phi)
	nu := primeVertical(sin, p.es)
	a := float64(lam * cos)
	a2 := float64(a * a)
	c := cos * cos * p.es / (1 - p.es)
	// tan² φ A², which stays finite at the pole
	ta2 := float64(float64(lam*sin) * float64(lam*sin))
	x = float64(nu * a * (1 - ta2/6 + float64((ta2-float64(8*(1+c)*a2))*ta2/120)))
	// ν tan φ A² (1/2 + (5 − T + 6C) A²/24)
	y = p.arcAt(phi, sin, cos) - p.arc0 + float64(nu*sin*cos*lam*lam*(0.5+(float64(5*a2)-ta2+float64(6*c*a2))/24))
	if p.hyperbolic {
		if !(math.Abs(y) <= hyperbolicReach) {
			return math.NaN(), math.NaN()
		}
		y -= y * y * y / (6 * alongMeridian(sin, p.es) * nu)
	}
	return x, y
}

func (p cassini) unproject(x, y float64) (lam, phi float64) {
	b := p.extent().Bounds
	if !(math.Abs(x) <= b.XMax && y >= b.YMin && y <= b.YMax) {
		return math.NaN(), math.NaN()
	}
	north := y
	if p.hyperbolic {
		north += y * y * y / 6
	}
	foot := max(-math.Pi/2, min(math.Pi/2, p.latitude(p.arc0+north)))
	lam, phi = p.near(x, foot)
	return solvePair(p, x, y, max(-cassiniWidth, min(cassiniWidth, lam)), phi)
}

// near returns about which point is at a distance from the central meridian, given the latitude of the point there: by
// Snyder's equations 13-10 to 13-12, and close to the poles as on the sphere.
func (p cassini) near(x, foot float64) (lam, phi float64) {
	sin, cos := portable.Sincos(foot)
	nu := primeVertical(sin, p.es)
	d := x / nu
	if math.Abs(d*sin) > 0.3*cos {
		return portable.Atan2(portable.Tan(x), cos), portable.Asin(sin * portable.Cos(x))
	}
	tan := sin / cos
	t, d2 := float64(tan*tan), float64(d*d)
	lam = d / cos * (1 - float64(t*d2*(1./3-float64((1+float64(3*t))*d2*(1./15)))))
	rho := float64(nu * nu * nu * (1 - p.es))
	return lam, foot - float64(nu*tan/rho*d2*(0.5-float64((1+float64(3*t))*d2*(1./24))))
}

// projectWithSlopes is project and its derivatives, of which it leaves out the ellipsoid's share in what grows with the
// fifth power of the distance from the central meridian.
func (p cassini) projectWithSlopes(lam, phi float64) (x, y float64, s slopes) {
	sin, cos := portable.Sincos(phi)
	nu := primeVertical(sin, p.es)
	rho := float64(nu * nu * nu * (1 - p.es))
	a := float64(lam * cos)
	a2 := float64(a * a)
	c := cos * cos * p.es / (1 - p.es)
	ta2 := float64(float64(lam*sin) * float64(lam*sin))
	far := ta2 - float64(8*(1+c)*a2)
	g := 0.5 + (float64(5*a2)-ta2+float64(6*c*a2))/24
	across := float64(nu * sin * cos * lam)
	turn := float64(2 * lam * lam * sin * cos) // the derivative of ta2, and minus that of a2, by latitude
	x = float64(nu * a * (1 - ta2/6 + float64(far*ta2/120)))
	y = p.arcAt(phi, sin, cos) - p.arc0 + float64(across*lam*g)
	s = slopes{
		xLam: float64(nu * cos * (1 - float64(0.5*ta2) + float64(far*ta2*(1./24)))),
		xPhi: float64(nu*a*turn*(float64((far+float64((9+float64(8*c))*ta2))*(1./120))-1./6)) -
			float64(rho*lam*sin*(1-float64(ta2*(1./6))+float64(far*ta2*(1./120)))),
		yLam: float64(across * (float64(4*g) - 1)),
		yPhi: rho + float64(lam*lam*(float64(nu*cos*cos)-float64(rho*sin*sin))*g) - float64(across*lam*turn*(0.25+float64(0.5*c))),
	}
	if p.hyperbolic {
		if !(math.Abs(y) <= hyperbolicReach) {
			return math.NaN(), math.NaN(), s
		}
		inv := 1 / (rho * nu)
		bend := 1 - float64(0.5*y*y*inv)
		cube := float64(y * y * y * inv * (1. / 6))
		s.yLam, s.yPhi = float64(s.yLam*bend), float64(s.yPhi*bend)+float64(4*cube*p.es*sin*cos*nu*nu)
		y -= cube
	}
	if !(math.Abs(lam) <= cassiniWidth*(1+coneSlack)) {
		return math.NaN(), math.NaN(), s
	}
	return x, y, s
}

// sphericalCassini is the projection of the sphere in closed form: Snyder (1987), page 94.
type sphericalCassini struct{ phi0 float64 }

func (p sphericalCassini) extent() Extent {
	const x, y = math.Pi/2 + planeSlack, math.Pi + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -p.phi0 - y, x, -p.phi0 + y}}
}

func (p sphericalCassini) project(lam, phi float64) (x, y float64) {
	sinLam, cosLam := portable.Sincos(lam)
	sin, cos := portable.Sincos(phi)
	return portable.Atan2(cos*sinLam, portable.Hypot(sin, cos*cosLam)), portable.Atan2(sin, cos*cosLam) - p.phi0
}

func (p sphericalCassini) unproject(x, y float64) (lam, phi float64) {
	y += p.phi0
	if !(math.Abs(x) <= math.Pi/2+planeSlack && math.Abs(y) <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sinX, cosX := portable.Sincos(x)
	sinY, cosY := portable.Sincos(y)
	return portable.Atan2(sinX, cosX*cosY), portable.Atan2(cosX*sinY, portable.Hypot(sinX, cosX*cosY))
}

// cassiniWithAxes returns a method for axes that its name does not mention.
func cassiniWithAxes(name string, code int, variant string, axes Axes) Method {
	m := Method{
		EPSG: name, Code: code, Variant: variant, Axes: axes,
		Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin),
	}
	if axes == SouthWest {
		m.Form = falseOriginEastNorth
	}
	return m
}

// falseOriginEastNorth turns the false origin to the east and north, which is how it is read.
func falseOriginEastNorth(p *Projection) bool {
	p.FalseEasting, p.FalseNorthing = 0-p.FalseNorthing, 0-p.FalseEasting // no negative zeros
	return true
}

// readCassini turns the axes if the text's are turned.
func readCassini(r *reading) error {
	if r.Axes == AxesSouthWest {
		r.Sets["axis"] = Value{Word: "swu"}
		return nil
	}
	return readWestSouth(r)
}
