package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var obliqueEqualAreaProjection = Descriptor{
	Name: "Oblique Cylindrical Equal Area",
	Operations: []Operation{{
		Name: "ocea", Keys: []Key{lat0, lonC, alpha, k0, lat1Of, lon1Of, lat2Of, lon2Of}, Sphere: true,
		Check: checkObliqueEqualArea,
	}},
	Methods: []Method{{
		EPSG: "PROJ ocea",
		Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), projNamed("lonc",
			CentralMeridian).keyAs("lonc"),
			projNamed("alpha", Azimuth), projNamed("k_0", ScaleFactor)),
		Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: snyder + ", pages 76 to 80",
	RimAccuracy: 0.2, // distances from the line crowd at its poles
	Samples: []string{
		"+proj=ocea +lat_0=40 +lonc=10 +alpha=30 +k_0=0.98",
		"+proj=ocea +lat_1=45 +lon_1=0 +lat_2=60 +lon_2=40",
	},
	New: pointwise(newObliqueEqualArea),
}

// obliqueEqualArea is the cylindrical equal-area projection about a great circle, which a point and an azimuth there
// state, or two points. x counts from where the circle is 90° from the pole's meridian.
type obliqueEqualArea struct {
	k, sin, cos float64 // of the pole's latitude
	lon         float64 // of the origin, from the point
}

// poleOfLine returns the pole of the great circle through a point at a latitude with an azimuth: its latitude, and by
// how much its longitude exceeds the point's. Source: Snyder (1987), equations 9-7 and 9-8.
func poleOfLine(phi, azimuth float64) (lam, polePhi float64) {
	sin, cos := portable.Sincos(phi)
	sinA, cosA := portable.Sincos(azimuth)
	return portable.Atan2(cosA, sin*sinA), -portable.Asin(float64(cos * sinA))
}

func newObliqueEqualArea(def *Projection) (obliqueEqualArea, error) {
	lam, phi := poleOfLine(def.phi0(), def.Azimuth*degree)
	p := obliqueEqualArea{k: def.k0(), lon: wrapped(lam + math.Pi/2)}
	p.sin, p.cos = portable.Sincos(phi)
	return p, nil
}

func (p obliqueEqualArea) extent() Extent {
	x, y := float64(float64(math.Pi*p.k)*1.5)+planeSlack, 1/p.k+planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

func (p obliqueEqualArea) project(lam, phi float64) (x, y float64) {
	sinLam, cosLam := portable.Sincos(lam - p.lon)
	sin, cos := portable.Sincos(phi)
	u, v := float64(cos*sinLam), float64(cos*cosLam)
	x = portable.Atan2(float64(sin*p.cos)+float64(u*p.sin), v)
	if x < -math.Pi/2 { // from −90° on, as PROJ does
		x += 2 * math.Pi
	}
	return p.k * x, (float64(p.sin*sin) - float64(p.cos*u)) / p.k
}

func (p obliqueEqualArea) unproject(x, y float64) (lam, phi float64) {
	x, d := x/p.k, arcsine(y*p.k)
	if !(x >= -math.Pi/2-planeSlack && x <= 3*math.Pi/2+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sinX, cosX := portable.Sincos(x)
	sinD, cosD := portable.Sincos(d)
	along := float64(cosD * sinX)
	u, v := float64(along*p.sin)-float64(sinD*p.cos), float64(cosD*cosX)
	return wrapped(portable.Atan2(u, v) + p.lon), portable.Atan2(float64(sinD*p.sin)+float64(along*p.cos),
		portable.Hypot(u, v))
}

// checkObliqueEqualArea turns two points into the point where their line crosses the equator, and its azimuth there.
func checkObliqueEqualArea(p *Projection, a Arguments) error {
	if a.Has("alpha") {
		p.LatitudeOfPoint1, p.LongitudeOfPoint1, p.LatitudeOfPoint2, p.LongitudeOfPoint2 = 0, 0, 0, 0
		return nil
	}
	sin1, cos1 := portable.Sincos(p.LatitudeOfPoint1 * degree)
	sin2, cos2 := portable.Sincos(p.LatitudeOfPoint2 * degree)
	lon1 := float64(p.LongitudeOfPoint1 * degree)
	sinL1, cosL1 := portable.Sincos(lon1)
	sinL2, cosL2 := portable.Sincos(p.LongitudeOfPoint2 * degree)
	u := float64(cos1*sin2*cosL1) - float64(sin1*cos2*cosL2)
	v := float64(sin1*cos2*sinL2) - float64(cos1*sin2*sinL1)
	if portable.Hypot(u, v) < 1e-12 || math.Abs(sin1) < 1e-12 {
		return &Unsupported{"projection", "ocea through points of which the first is on the equator, or both on one meridian"}
	}
	lam := portable.Atan2(u, v)
	if p.LongitudeOfPoint1 == -90 {
		lam = -lam // as PROJ does
	}
	phi := portable.Atan(-portable.Cos(lam-lon1) * cos1 / sin1)
	p.LatitudeOfPoint1, p.LongitudeOfPoint1, p.LatitudeOfPoint2, p.LongitudeOfPoint2 = 0, 0, 0, 0
	// At latitude 0 the pole is 90° east of the point and at the latitude of minus the azimuth.
	p.LatitudeOfOrigin, p.Azimuth = 0, -phi/degree
	p.CentralMeridian = math.Remainder(lam/degree-90, 360)
	return nil
}
