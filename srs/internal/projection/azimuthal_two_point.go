package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var twoPointProjection = Descriptor{
	Name:       "Two Point Equidistant",
	Operations: []Operation{{Name: "tpeqd", Keys: []Key{lat1Of, lon1Of, lat2Of, lon2Of}, Sphere: true, Check: checkTwoPoint}},
	Methods: []Method{{
		EPSG: "Two Point Equidistant", Esri: "Two_Point_Equidistant",
		Parameters: of(atNaturalOrigin, latitudeOfPoint1, longitudeOfPoint1, latitudeOfPoint2, longitudeOfPoint2),
		Surface:    onSphere, Form: pointsFromGreenwich,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth but part of the great circle beyond the points' opposites", Source: album + ", page 240",
	Accuracy: 1e-5,
	Samples:  []string{"+proj=tpeqd +lat_1=40 +lon_1=-100 +lat_2=50 +lon_2=-70"},
	New:      pointwise(newTwoPoint),
}

// twoPoint is the two-point equidistant projection of the sphere, on which distances z1 and z2 from two points are true.
// Source: Snyder & Voxland (1989), page 240. The origin is half-way between the points, and x runs to the second.
//
// With s half the sum of the sides of a triangle, y follows from Heron's formula in the plane,
// (y z0)² = 4 s (s−z0) (s−z1) (s−z2), and the distance h from the line through the points on the sphere from
// (sin h sin z0)² = 4 sin s sin(s−z0) sin(s−z1) sin(s−z2). The smallest factor of one is taken from the other, so that
// nothing is lost to cancellation next to that line.
//
// The domain is all of the earth but, in the plane, what is outside of the ellipse z1 + z2 = 2π − z0, where the part of
// the great circle beyond the points' opposites is shown twice.
type twoPoint struct {
	m, t, n     [3]float64 // axes from the earth's centre: to half-way, along the line, and the line's pole
	z0, sinZ0   float64
	sinH, cosH  float64 // of half of z0
	semi, minor float64 // axes of the ellipse
}

func newTwoPoint(def *Projection) (twoPoint, error) {
	sin1, cos1 := portable.Sincos(def.LatitudeOfPoint1 * degree)
	sin2, cos2 := portable.Sincos(def.LatitudeOfPoint2 * degree)
	sinL1, cosL1 := portable.Sincos(def.LongitudeOfPoint1 * degree)
	sinL2, cosL2 := portable.Sincos(def.LongitudeOfPoint2 * degree)
	a := [3]float64{cos1 * cosL1, cos1 * sinL1, sin1}
	b := [3]float64{cos2 * cosL2, cos2 * sinL2, sin2}
	var p twoPoint
	cross := [3]float64{float64(a[1]*b[2]) - float64(a[2]*b[1]), float64(a[2]*b[0]) - float64(a[0]*b[2]),
		float64(a[0]*b[1]) - float64(a[1]*b[0])}
	p.sinZ0 = math.Sqrt(dot(cross, cross))
	p.z0 = portable.Atan2(p.sinZ0, dot(a, b))
	if !(p.z0 > 1e-6 && p.z0 < math.Pi-1e-6) {
		return p, errors.New("the two points are the same, or opposite each other")
	}
	p.sinH, p.cosH = portable.Sincos(0.5 * p.z0)
	for i := range a {
		p.m[i] = (a[i] + b[i]) / (2 * p.cosH)
		p.t[i] = (b[i] - a[i]) / (2 * p.sinH)
		p.n[i] = cross[i] / p.sinZ0
	}
	p.semi = math.Pi - float64(0.5*p.z0)
	p.minor = math.Sqrt(float64(p.semi*p.semi) - float64(0.25*p.z0*p.z0))
	return p, nil
}

func dot(a, b [3]float64) float64 {
	return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2])
}

func (p twoPoint) extent() Extent {
	x, y := p.semi+planeSlack, p.minor+planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

func (p twoPoint) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(phi)
	sinLam, cosLam := portable.Sincos(lam)
	v := [3]float64{cos * cosLam, cos * sinLam, sin}
	along, up, side := dot(v, p.t), dot(v, p.m), dot(v, p.n)
	z1 := portable.Atan2(portable.Hypot(side, float64(along*p.cosH)+float64(up*p.sinH)),
		float64(up*p.cosH)-float64(along*p.sinH))
	z2 := portable.Atan2(portable.Hypot(side, float64(along*p.cosH)-float64(up*p.sinH)),
		float64(up*p.cosH)+float64(along*p.sinH))
	s := float64(0.5 * (p.z0 + z1 + z2))
	f := [3]float64{max(0, s-p.z0), max(0, s-z1), max(0, s-z2)}
	i, j, k := smallest(&f)
	if sinS := portable.Sin(s); sinS > 1e-3 && f[i] < 0.1 {
		w := float64(side * p.sinZ0)
		if d := float64(4 * sinS * portable.Sin(f[j]) * portable.Sin(f[k])); d > 0 {
			f[i] = portable.Asin(min(1, w*w/d))
		}
	}
	x = (z1 - z2) * (z1 + z2) / (2 * p.z0)
	y = float64(2 / p.z0 * math.Sqrt(s*f[0]*f[1]*f[2]))
	return x, math.Copysign(y, side)
}

// smallest returns the index of the smallest of three numbers, and the other two indices.
func smallest(f *[3]float64) (i, j, k int) {
	switch {
	case f[0] <= f[1] && f[0] <= f[2]:
		return 0, 1, 2
	case f[1] <= f[2]:
		return 1, 0, 2
	default:
		return 2, 0, 1
	}
}

func (p twoPoint) unproject(x, y float64) (lam, phi float64) {
	z1, z2 := portable.Hypot(x+float64(0.5*p.z0), y), portable.Hypot(x-float64(0.5*p.z0), y)
	s := float64(0.5 * (p.z0 + z1 + z2))
	if !(s <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	f := [3]float64{max(0, s-p.z0), max(0, s-z1), max(0, s-z2)}
	i, j, k := smallest(&f)
	if d := float64(4 * s * f[j] * f[k]); d > 0 {
		w := float64(y * p.z0)
		f[i] = w * w / d
	}
	cos1, cos2 := portable.Cos(z1), portable.Cos(z2)
	up, along := (cos1+cos2)/(2*p.cosH), (cos2-cos1)/(2*p.sinH)
	side := float64(2 / p.sinZ0 * math.Sqrt(max(0,
		portable.Sin(s)*portable.Sin(f[0])*portable.Sin(f[1])*portable.Sin(f[2]))))
	side = math.Copysign(side, y)
	var v [3]float64
	for i := range v {
		v[i] = float64(up*p.m[i]) + float64(along*p.t[i]) + float64(side*p.n[i])
	}
	return portable.Atan2(v[1], v[0]), portable.Atan2(v[2], portable.Hypot(v[0], v[1]))
}

// checkTwoPoint counts the points' longitudes from the middle of both.
func checkTwoPoint(p *Projection, _ Arguments) error {
	p.countPointsFrom(math.Remainder((p.LongitudeOfPoint1+p.LongitudeOfPoint2)/2, 360))
	return nil
}

// countPointsFrom makes a longitude the central meridian, and counts those of two points from it.
func (p *Projection) countPointsFrom(lon float64) {
	p.CentralMeridian = lon
	p.LongitudeOfPoint1 = math.Remainder(p.LongitudeOfPoint1-lon, 360)
	p.LongitudeOfPoint2 = math.Remainder(p.LongitudeOfPoint2-lon, 360)
}

// pointsFromGreenwich undoes countPointsFrom, as texts have no central meridian beside two points.
func pointsFromGreenwich(p *Projection) bool {
	p.LongitudeOfPoint1 = math.Remainder(p.CentralMeridian+p.LongitudeOfPoint1, 360)
	p.LongitudeOfPoint2 = math.Remainder(p.CentralMeridian+p.LongitudeOfPoint2, 360)
	p.CentralMeridian = 0
	return true
}
