package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var orthographicProjection = Descriptor{
	Name:       "Orthographic",
	Operations: []Operation{{Name: "ortho", Keys: []Key{lat0, alpha, k0}}},
	Methods: []Method{
		{
			EPSG: "Orthographic", Code: 9840, Esri: "Local", GeoTIFF: 21, OGC: []string{"Orthographic"},
			Parameters: of(atNaturalOrigin, orthographicLatitude, orthographicLongitude,
				azimuthOfInitialLine.onlyEsri(), scaleOnInitialLine.onlyEsri()),
			Form: func(p *Projection) bool { return p.Ellipsoid.RF != 0 },
		},
		{
			EPSG: "Orthographic", Code: 9840, Esri: "Orthographic", GeoTIFF: 21,
			Parameters: of(atNaturalOrigin, orthographicLatitude, orthographicLongitude),
			Form:       func(p *Projection) bool { return p.Ellipsoid.RF == 0 }, Sets: map[string]string{"f": "0"},
		},
		{
			EPSG: "Orthographic (Spherical)", Esri: "Orthographic",
			Parameters: of(atNaturalOrigin, orthographicLatitude, orthographicLongitude),
			Surface:    onSphere, Sets: map[string]string{"f": "0"},
		},
		{
			EPSG: "Local Orthographic", Code: 1130, Esri: "Local",
			Parameters: of(atCentre, latitudeOfCentre, longitudeOfCentre, azimuthOfInitialLine, scaleOnInitialLine),
		},
	},
	Domain: "the hemisphere about the centre", Source: guidance,
	Accuracy: 2e-6, RimAccuracy: 1e-3, // the inverse is ill-conditioned next to the horizon
	Samples: []string{
		"+proj=ortho +lat_0=55 +lon_0=5",
		"+proj=ortho +lat_0=40 +R=6371000",
		"+proj=ortho +lat_0=40 +f=0",
		"+proj=ortho +lat_0=33.6 +lon_0=-84 +alpha=-12 +k_0=1.00005",
	},
	New: pointwise(newOrthographic),
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

func newOrthographic(def *Projection) (orthographic, error) {
	p := orthographic{es: def.Ellipsoid.es(), k0: def.k0()}
	p.sin0, p.cos0 = portable.Sincos(def.phi0())
	p.nu0 = primeVertical(p.sin0, p.es)
	p.sinA, p.cosA = portable.Sincos(def.Azimuth * degree)
	return p, nil
}

func (p orthographic) extent() Extent {
	// The centre's projection is up to e² sin φ0 cos φ0 off the outline's.
	r := p.k0 * (1 + p.es + planeSlack)
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p orthographic) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(phi)
	sinLam, cosLam := portable.Sincos(lam)
	if !(float64(p.sin0*sin)+float64(p.cos0*cos*cosLam) >= -planeSlack) {
		return math.NaN(), math.NaN()
	}
	nu := primeVertical(sin, p.es)
	x = nu * cos * sinLam
	y = float64(nu*(float64(sin*p.cos0)-float64(cos*p.sin0*cosLam))) +
		float64(p.es*(float64(p.nu0*p.sin0)-float64(nu*sin))*p.cos0)
	return p.k0 * (float64(x*p.cosA) - float64(y*p.sinA)), p.k0 * (float64(x*p.sinA) + float64(y*p.cosA))
}

func (p orthographic) unproject(x, y float64) (lam, phi float64) {
	x, y = (float64(x*p.cosA)+float64(y*p.sinA))/p.k0, (float64(y*p.cosA)-float64(x*p.sinA))/p.k0
	// The plane's point in axes of the earth, X to the central meridian and Z north, and the line up through it. In these,
	// X² + Y² + Z²/(1−e²) = 1.
	x0, z0 := float64(p.nu0*p.cos0)-float64(y*p.sin0), float64(p.nu0*(1-p.es)*p.sin0)+float64(y*p.cos0)
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
	return portable.Atan2(x, x0), portable.Atan2(q*z0, portable.Hypot(x, x0))
}

// The centre of a perspective, for which Esri and GeoTIFF have other names than EPSG.
var (
	orthographicLatitude  = latitudeOfAzimuthalCentre.esriAs("Latitude_Of_Center")
	orthographicLongitude = longitudeOfAzimuthalCentre.esriAs("Longitude_Of_Center")
)
