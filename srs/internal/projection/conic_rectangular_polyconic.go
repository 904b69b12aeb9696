package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var rectangularPolyconicProjection = Descriptor{
	Name:       "Rectangular Polyconic",
	Operations: []Operation{{Name: "rpoly", Keys: []Key{lat0, latTS}, Sphere: true, Check: checkTrueScale}},
	Methods: []Method{{
		EPSG: "PROJ rpoly",
		Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin,
			projNamed("lat_ts", StandardParallel1).keyAs("lat_ts")),
		Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", page 100",
	Samples: []string{"+proj=rpoly +lat_0=20", "+proj=rpoly +lat_ts=40"},
	New:     pointwise(newRectangularPolyconic),
}

// rectangularPolyconic is the War Office's polyconic projection: the parallels are those of the American one, and
// meridians meet them at right angles. Longitudes are true along one parallel.
type rectangularPolyconic struct {
	polyconic
	phi0, sin1 float64
}

func newRectangularPolyconic(def *Projection) (rectangularPolyconic, error) {
	sphere := *def
	sphere.LatitudeOfOrigin = 0
	p, err := newPolyconic(&sphere)
	return rectangularPolyconic{p, def.phi0(), portable.Sin(def.phi1())}, err
}

func (p rectangularPolyconic) extent() Extent {
	const r = 8
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -p.phi0 - r, r, r - p.phi0}}
}

// half returns half of x of a meridian at the equator.
func (p rectangularPolyconic) half(lam float64) float64 {
	if p.sin1 < 1e-9 {
		return 0.5 * lam
	}
	return portable.Tan(0.5*lam*p.sin1) / p.sin1
}

func (p rectangularPolyconic) project(lam, phi float64) (x, y float64) {
	a := p.half(lam)
	if math.Abs(phi) < 1e-12 {
		return 2 * a, phi - p.phi0
	}
	sin, cos := portable.Sincos(phi)
	// The parallel's angle is E with tan E/2 = a sin φ: sin E/sin φ = 2a/(1 + a² sin² φ), 1 − cos E = 2 a² sin² φ/(…).
	t := float64(a * sin)
	d := 1 + float64(t*t)
	return 2 * a * cos / d, phi - p.phi0 + 2*a*t*cos/d
}

func (p rectangularPolyconic) unproject(x, y float64) (lam, phi float64) {
	y += p.phi0
	if !(math.Abs(x) <= 8 && math.Abs(y) <= 8) {
		return math.NaN(), math.NaN()
	}
	if phi = p.parallel(x, y); math.IsNaN(phi) {
		return phi, phi
	}
	sin, cos := portable.Sincos(phi)
	a := 0.5 * x
	if cos < 1e-12 {
		a = 0
	} else if math.Abs(phi) > 1e-12 && x != 0 {
		// t = a sin φ is d/x, and next to the central meridian the smaller root of x sin φ/cos φ = 2t/(1 + t²).
		d := y - phi
		a = d / (x * sin)
		if math.Abs(d) < 0.5*math.Abs(x) {
			w := x * sin / cos
			a = x / cos / (1 + math.Sqrt(max(0, 1-float64(w*w))))
		}
	}
	if p.sin1 < 1e-9 {
		lam = 2 * a
	} else {
		lam = 2 * portable.Atan(a*p.sin1) / p.sin1
	}
	if !(math.Abs(lam) <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	lam = max(-math.Pi, min(math.Pi, lam))
	// Beyond a pole no parallel goes through the point.
	if u, v := p.project(lam, phi); !(math.Abs(u-x)+math.Abs(v+p.phi0-y) < 1e-9) {
		return math.NaN(), math.NaN()
	}
	return lam, phi
}
