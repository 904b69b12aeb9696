package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var lambertAzimuthalProjection = Descriptor{
	Name:       "Lambert Azimuthal Equal Area",
	Operations: []Operation{{Name: "laea", Keys: []Key{lat0}}},
	Methods: []Method{
		{
			EPSG: "Lambert Azimuthal Equal Area", Code: 9820, Esri: "Lambert_Azimuthal_Equal_Area", GeoTIFF: 10,
			OGC:        []string{"Lambert_Azimuthal_Equal_Area"},
			Parameters: of(atNaturalOrigin, latitudeOfAzimuthalCentre, longitudeOfAzimuthalCentre),
		},
		{
			EPSG: "Lambert Azimuthal Equal Area (Spherical)", Code: 1027,
			Parameters: of(atNaturalOrigin, latitudeOfAzimuthalCentre, longitudeOfAzimuthalCentre),
			Surface:    onAuthalic, Sets: map[string]string{"R_A": ""},
		},
	},
	Domain: "all of the earth but the point opposite the centre", Source: snyder + ", pages 187 to 190",
	RimAccuracy: 5e-4, // next to the point opposite the centre, whose image is a circle
	Samples: []string{
		"+proj=laea +lat_0=52 +lon_0=10",
		"+proj=laea +lat_0=90",
		"+proj=laea +lat_0=0 +lon_0=20",
		"+proj=laea +lat_0=45 +lon_0=-100 +R_A",
	},
	New: newLambertAzimuthal,
}

// lambertAzimuthal is the Lambert azimuthal equal-area projection in all aspects, on the sphere or the ellipsoid: EPSG
// methods 9820 and 1027. Sources: Snyder (1987), pages 187 to 190; authalic latitude by the series of math_series.go,
// which are exact to nanometres at the poles, too.
//
// The domain is all of the earth but the point opposite the centre, which is a circle in the plane. Near that circle the
// inverse is ill-conditioned.
type lambertAzimuthal struct {
	authalic
	sin0, cos0 float64 // of the centre's authalic latitude
	stretch    float64 // Snyder's D
}

// antipode bounds the cosine of the distance from the centre: 1.4e-7 rad, 0.9 m, from the opposite point.
const antipode = -1 + 1e-14

func newLambertAzimuthal(def *Projection) (Kernel, error) {
	p := &lambertAzimuthal{authalic: newAuthalic(def), stretch: 1}
	p.sin0, p.cos0 = p.toAuthalic.sincos(portable.Sincos(def.phi0()))
	if math.Abs(def.phi0()) > math.Pi/2-polarCap {
		p.sin0, p.cos0 = math.Copysign(1, def.phi0()), 0
	} else if def.Ellipsoid.es() != 0 {
		p.stretch = scaleAt(def.phi0(), def.Ellipsoid.es()) / (p.radius * p.cos0)
	}
	return p, nil
}

func (p *lambertAzimuthal) Extent() Extent {
	r := 2 * p.radius * (1 + 1e-9)
	return Extent{Top: math.Inf(1), Bounds: Box{-r * p.stretch, -r / p.stretch, r * p.stretch, r / p.stretch}}
}

func (p *lambertAzimuthal) Forward(x, y []float64) {
	y = y[:len(x)]
	rx, ry := p.radius*p.stretch, p.radius/p.stretch
	if p.cos0 == 0 {
		p.forwardPolar(x, y)
		return
	}
	for i := range x {
		sin, cos := p.toAuthalic.sincos(portable.Sincos(y[i]))
		sinLam, cosLam := portable.Sincos(x[i])
		c := float64(p.sin0*sin) + float64(p.cos0*cos*cosLam)
		if !(c > antipode) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		u, v := cos*sinLam, float64(p.cos0*sin)-float64(p.sin0*cos*cosLam)
		b := 2 / (1 + c)
		if c < -0.5 { // 1 + c without its cancellation
			b = 2 * (1 - c) / (float64(u*u) + float64(v*v))
		}
		b = math.Sqrt(b)
		x[i] = rx * b * u
		y[i] = ry * b * v
	}
}

// forwardPolar keeps the precision that 1 + cos c loses near the opposite pole and 1 − sin β near this one.
func (p *lambertAzimuthal) forwardPolar(x, y []float64) {
	for i := range x {
		sin, cos := p.toAuthalic.sincos(portable.Sincos(y[i]))
		sin = float64(sin * p.sin0)
		if !(sin > antipode) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		var rho float64
		if sin > 0 {
			rho = p.radius * math.Sqrt2 * cos / math.Sqrt(1+sin)
		} else {
			rho = float64(p.radius * math.Sqrt(2*(1-sin)))
		}
		sinLam, cosLam := portable.Sincos(x[i])
		x[i] = float64(rho * sinLam)
		y[i] = float64(-p.sin0 * rho * cosLam)
	}
}

func (p *lambertAzimuthal) Inverse(x, y []float64) {
	y = y[:len(x)]
	rx, ry := 1/(p.radius*p.stretch), p.stretch/p.radius
	for i := range x {
		u, v := float64(x[i]*rx), float64(y[i]*ry)
		s2 := float64(0.25 * (float64(u*u) + float64(v*v))) // sin² of half the distance from the centre
		if !(s2 <= 1+1e-10) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		w := 1 - float64(2*s2)
		half := math.Sqrt(max(0, 1-s2))
		u, v = float64(u*half), float64(v*half)
		sin := float64(w*p.sin0) + float64(v*p.cos0)
		t := float64(w*p.cos0) - float64(v*p.sin0)
		cos := math.Sqrt(float64(t*t) + float64(u*u))
		x[i] = portable.Atan2(u, t)
		y[i] = p.toGeodetic.geodetic(sin, cos)
	}
}
