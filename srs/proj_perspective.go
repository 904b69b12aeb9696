package srs

import (
	"errors"
	"math"

	"github.com/go-spatial/proj/core"
)

// gnomonic is the gnomonic projection of the sphere, as Esri and PROJ up to 9.1 define it. Source: Snyder (1987), pages
// 164 to 168. The domain is the hemisphere about the centre, up to 0.6 mm from its edge, which is at infinity.
type gnomonic struct{ sin0, cos0 float64 }

func newGnomonic(sys *core.System) (gnomonic, error) {
	sin, cos := math.Sincos(sys.Phi0)
	return gnomonic{sin, cos}, nil
}

func (p gnomonic) extent() extent { return extent{top: math.Inf(1), bounds: everywhere} }

func (p gnomonic) project(lam, phi float64) (x, y float64) {
	u, v, w := rotated(lam, phi, p.sin0, p.cos0)
	if !(w > planeSlack) {
		return math.NaN(), math.NaN()
	}
	return u / w, v / w
}

func (p gnomonic) unproject(x, y float64) (lam, phi float64) {
	if !(math.Hypot(x, y) < 1/planeSlack) {
		return math.NaN(), math.NaN()
	}
	return unrotated(x, y, 1, p.sin0, p.cos0)
}

// rotated gives the point of the unit sphere in axes east, north and up at a centre on the central meridian.
func rotated(lam, phi, sin0, cos0 float64) (u, v, w float64) {
	sin, cos := math.Sincos(phi)
	sinLam, cosLam := math.Sincos(lam)
	c := float64(cos * cosLam)
	return cos * sinLam, float64(cos0*sin) - float64(sin0*c), float64(sin0*sin) + float64(cos0*c)
}

// unrotated undoes rotated. The vector may have any length but 0.
func unrotated(u, v, w, sin0, cos0 float64) (lam, phi float64) {
	t := float64(w*cos0) - float64(v*sin0)
	return math.Atan2(u, t), math.Atan2(float64(w*sin0)+float64(v*cos0), math.Hypot(t, u))
}

// nearSide is the vertical near-side perspective of the sphere, from a finite height: EPSG method 9838 on the sphere,
// as Esri and PROJ define it. Source: Snyder (1987), pages 173 to 177. The domain is what is seen from there.
type nearSide struct{ sin0, cos0, height float64 }

func newNearSide(sys *core.System) (nearSide, error) {
	h, _ := sys.ProjString.GetAsFloat("h")
	sin, cos := math.Sincos(sys.Phi0)
	p := nearSide{sin, cos, h / sys.Ellipsoid.A}
	if !(p.height > 0 && p.height <= 1e10) {
		return p, errors.New("the height of a perspective is not positive, or too great")
	}
	return p, nil
}

func (p nearSide) extent() extent {
	r := p.height/math.Sqrt(p.height*(2+p.height)) + planeSlack
	return extent{top: math.Inf(1), bounds: Envelope{-r, -r, r, r}}
}

func (p nearSide) project(lam, phi float64) (x, y float64) {
	u, v, w := rotated(lam, phi, p.sin0, p.cos0)
	if !(w*(1+p.height) >= 1-planeSlack) {
		return math.NaN(), math.NaN()
	}
	k := p.height / (1 + p.height - w)
	return k * u, k * v
}

func (p nearSide) unproject(x, y float64) (lam, phi float64) {
	// The ray's direction is (x, y, −h) from (0, 0, 1+h); the first of two points on the sphere.
	r2, h := float64(x*x)+float64(y*y), p.height
	d := h*h - float64(r2*h*(2+h))
	if !(d >= -planeSlack*h*h) {
		return math.NaN(), math.NaN()
	}
	d = math.Sqrt(max(0, d))
	t := (float64(h*(1+h)) - d) / (r2 + h*h)
	return unrotated(t*x, t*y, 1+h-t*h, p.sin0, p.cos0)
}

// orthographic is the orthographic projection of the sphere or the ellipsoid: EPSG method 9840, and with an azimuth and
// a scale 1130, local orthographic. Source: IOGP Guidance Note 7-2. The inverse is where the line of sight meets the
// ellipsoid, in closed form.
//
// The domain is the hemisphere whose horizon is seen from infinity. Next to the horizon the inverse is ill-conditioned.
type orthographic struct {
	es, sin0, cos0 float64
	nu0            float64
	sinA, cosA, k0 float64
}

func newOrthographic(sys *core.System) (orthographic, error) {
	p := orthographic{es: sys.Ellipsoid.Es, k0: sys.K0}
	p.sin0, p.cos0 = math.Sincos(sys.Phi0)
	p.nu0 = primeVertical(p.sin0, p.es)
	p.sinA, p.cosA = math.Sincos(parameter(sys, "alpha"))
	return p, nil
}

func (p orthographic) extent() extent {
	// The centre's projection is up to e² sin φ0 cos φ0 off the outline's.
	r := p.k0 * (1 + p.es + planeSlack)
	return extent{top: math.Inf(1), bounds: Envelope{-r, -r, r, r}}
}

func (p orthographic) project(lam, phi float64) (x, y float64) {
	sin, cos := math.Sincos(phi)
	sinLam, cosLam := math.Sincos(lam)
	if !(float64(p.sin0*sin)+float64(p.cos0*cos*cosLam) >= -planeSlack) {
		return math.NaN(), math.NaN()
	}
	nu := primeVertical(sin, p.es)
	x = nu * cos * sinLam
	y = nu*(float64(sin*p.cos0)-float64(cos*p.sin0*cosLam)) + p.es*(p.nu0*p.sin0-float64(nu*sin))*p.cos0
	return p.k0 * (float64(x*p.cosA) - float64(y*p.sinA)), p.k0 * (float64(x*p.sinA) + float64(y*p.cosA))
}

func (p orthographic) unproject(x, y float64) (lam, phi float64) {
	x, y = (float64(x*p.cosA)+float64(y*p.sinA))/p.k0, (float64(y*p.cosA)-float64(x*p.sinA))/p.k0
	// The plane's point in axes of the earth, X to the central meridian and Z north, and the line up through it. In these,
	// X² + Y² + Z²/(1−e²) = 1.
	x0, z0 := p.nu0*p.cos0-float64(y*p.sin0), p.nu0*(1-p.es)*p.sin0+float64(y*p.cos0)
	q := 1 / (1 - p.es)
	a := float64(p.cos0*p.cos0) + float64(q*p.sin0*p.sin0)
	b := float64(p.cos0*x0) + float64(q*p.sin0*z0)
	c := float64(x0*x0) + float64(x*x) + float64(q*z0*z0) - 1
	d := float64(b*b) - float64(a*c)
	if !(d >= -planeSlack) {
		return math.NaN(), math.NaN()
	}
	t := (math.Sqrt(max(0, d)) - b) / a
	x0 += float64(t * p.cos0)
	z0 += float64(t * p.sin0)
	return math.Atan2(x, x0), math.Atan2(q*z0, math.Hypot(x, x0))
}

// geostationary is the view of a satellite above the equator, on the sphere or the ellipsoid, in angles of its scanner
// times its height. Source: CGMS 03, LRIT/HRIT Global Specification (2013), section 4.4.3.2, for the sweep about y of
// Meteosat; NOAA, GOES-R Series Product Definition and Users' Guide, volume 3, section 5.1.2.8, for that about x
// (variant "sweep_x").
//
// The domain is what is seen from the satellite. Next to the horizon the inverse is ill-conditioned.
type geostationary struct {
	height, radius float64 // of the satellite over the ground, and from the earth's centre
	polar2         float64 // 1 − e², the square of the polar radius
	sweepX         bool
}

func newGeostationary(sys *core.System) (geostationary, error) {
	h, _ := sys.ProjString.GetAsFloat("h")
	h /= sys.Ellipsoid.A
	if !(h > 0 && h <= 1e10) {
		return geostationary{}, errors.New("the height of a satellite is not positive, or too great")
	}
	return geostationary{h, 1 + h, 1 - sys.Ellipsoid.Es, variant(sys) == "sweep_x"}, nil
}

func (p geostationary) extent() extent {
	r := p.height*math.Asin(1/p.radius) + planeSlack
	return extent{top: math.Inf(1), bounds: Envelope{-r, -r, r, r}}
}

func (p geostationary) project(lam, phi float64) (x, y float64) {
	sin, cos := math.Sincos(phi)
	sinLam, cosLam := math.Sincos(lam)
	// a point of the ellipsoid in geocentric axes
	nu := 1 / math.Sqrt(float64(cos*cos)+float64(p.polar2*sin*sin))
	vx, vy, vz := nu*cos*cosLam, nu*cos*sinLam, nu*p.polar2*sin
	// seen if the satellite is above its horizon
	if !(float64((p.radius-vx)*vx)-float64(vy*vy)-float64(vz*vz)/p.polar2 >= -planeSlack) {
		return math.NaN(), math.NaN()
	}
	t := p.radius - vx
	if p.sweepX {
		return p.height * math.Atan(vy/math.Hypot(vz, t)), p.height * math.Atan(vz/t)
	}
	return p.height * math.Atan(vy/t), p.height * math.Atan(vz/math.Hypot(vy, t))
}

func (p geostationary) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.height, y/p.height
	if !(math.Abs(x) < math.Pi/2 && math.Abs(y) < math.Pi/2) {
		return math.NaN(), math.NaN()
	}
	vy, vz := math.Tan(x), math.Tan(y)
	if p.sweepX {
		vy *= math.Sqrt(1 + float64(vz*vz))
	} else {
		vz *= math.Sqrt(1 + float64(vy*vy))
	}
	// The ray from (radius, 0, 0) along (−1, vy, vz).
	a := 1 + float64(vy*vy) + float64(vz*vz)/p.polar2
	d := p.radius*p.radius - a*(p.radius*p.radius-1)
	if !(d >= -planeSlack) {
		return math.NaN(), math.NaN()
	}
	t := (p.radius - math.Sqrt(max(0, d))) / a
	vx := p.radius - t
	vy, vz = t*vy, t*vz
	return math.Atan2(vy, vx), math.Atan2(vz/p.polar2, math.Hypot(vx, vy))
}
