package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var lambertConicProjection = Descriptor{
	Name:       "Lambert Conformal Conic",
	Operations: []Operation{{Name: "lcc", Keys: []Key{lat0, lat1.must(), lat2, k0, word("belgium")}, Check: checkLambert}},
	Methods: []Method{
		{
			EPSG: "Lambert Conic Conformal (2SP)", Code: 9802, Esri: "Lambert_Conformal_Conic", GeoTIFF: 8,
			OGC: []string{"Lambert_Conformal_Conic_2SP"},
			Parameters: of(atFalseOrigin, latitudeOfFalseOrigin, longitudeOfFalseOrigin,
				firstParallel.required(), secondParallel.required()),
			Form: func(p *Projection) bool { return !oneParallel(p) },
		},
		{
			EPSG: "Lambert Conic Conformal (1SP)", Code: 9801, Esri: "Lambert_Conformal_Conic", GeoTIFF: 9,
			OGC: []string{"Lambert_Conformal_Conic_1SP"},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin, scaleAtNaturalOrigin,
				firstParallel.onlyEsri()),
			Form: atParallel, EsriForm: withParallel, Renames: originAsParallel,
		},
		{
			EPSG: "Lambert Conic Conformal (West Orientated)", Code: 9826,
			Aliases:    []string{"Lambert_Conformal_Conic_West_Orientated"},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin, scaleAtNaturalOrigin),
			Axes:       WestNorth, Form: atParallel, Sets: map[string]string{"axis": "wnu"}, Renames: originAsParallel,
		},
		{
			EPSG: "Lambert Conic Conformal (2SP Michigan)", Code: 1051, Esri: "Lambert_Conformal_Conic",
			Parameters: []Parameter{latitudeOfFalseOrigin, longitudeOfFalseOrigin, firstParallel, secondParallel,
				eastingAtFalseOrigin, northingAtFalseOrigin, ellipsoidScalingFactor},
		},
		{
			EPSG: "Lambert Conic Conformal (2SP Belgium)", Code: 9803, Aliases: []string{"Lambert_Conformal_Conic_2SP_Belgium"},
			Parameters: of(atFalseOrigin, latitudeOfFalseOrigin, longitudeOfFalseOrigin, firstParallel, secondParallel),
			Variant:    "belgium", Sets: map[string]string{"belgium": ""},
		},
	},
	Domain: "all of the earth but the pole away from the apex", Source: guidance + "; " + snyder + ", pages 107 to 109",
	Samples: []string{
		"+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44",
		"+proj=lcc +lat_1=46.8 +lon_0=2 +k_0=0.99987742",
		"+proj=lcc +axis=wnu +lat_1=65 +lon_0=-18",
		"+proj=lcc +lat_0=43.3 +lon_0=-84 +lat_1=44.2 +lat_2=45.7 +k_0=1.0000382",
		"+proj=lcc +belgium +lat_0=90 +lon_0=4.36 +lat_1=49.8 +lat_2=51.2",
	},
	New: newLambertConic,
}

// lambertConic is the Lambert conformal conic projection with one or two standard parallels, on the sphere or the
// ellipsoid: EPSG methods 9801, 9802 and 9803, and with axes 9826; 1051, Michigan's, is 9802 with a scale factor.
// Sources: IOGP Guidance Note 7-2; Snyder (1987), pages 107 to 109; the inverse by the series of conformal latitude in
// math_series.go.
//
// The domain is all of the earth but the pole away from the apex. Results are exact to some nanometres near the
// standard parallels.
type lambertConic struct {
	e          float64
	n, f, rho0 float64
	turn       float64 // by which Belgium's grid is turned, in radians
	apex       float64 // latitude of the pole at the apex
	toGeodetic sineSeries
}

// belgianTurn is 29.2985 seconds of arc: Guidance Note 7-2, method 9803.
const belgianTurn = 29.2985 / 3600 * degree

// polarCap is the distance from a pole, in radians, within which a point is the pole: 0.6 mm.
const polarCap = 1e-10

func newLambertConic(def *Projection) (Kernel, error) {
	p := &lambertConic{e: def.Ellipsoid.e()}
	p.toGeodetic = newSineSeries(&conformalToGeodetic, def.Ellipsoid.n())
	phi1, phi2 := def.phi1(), def.phi2()
	if !(math.Abs(phi1+phi2) > 1e-10) || !(math.Abs(phi1) < mercatorPole) || !(math.Abs(phi2) < mercatorPole) {
		return nil, errors.New("standard parallels are opposite each other, or at a pole")
	}
	m1, psi1 := scaleAt(phi1, def.Ellipsoid.es()), isometric(phi1, p.e)
	p.n = portable.Sin(phi1)
	if math.Abs(phi1-phi2) > 1e-10 {
		m2, psi2 := scaleAt(phi2, def.Ellipsoid.es()), isometric(phi2, p.e)
		p.n = portable.Log(m1/m2) / (psi2 - psi1)
	}
	p.f = float64(def.k0() * m1 / p.n * portable.Exp(p.n*psi1))
	p.apex = math.Copysign(math.Pi/2, p.n)
	switch {
	case math.Abs(def.phi0()-p.apex) <= polarCap:
	case math.Abs(def.phi0()) >= mercatorPole:
		return nil, errors.New("the latitude of origin is the pole away from the apex")
	default:
		p.rho0 = float64(p.f * portable.Exp(-p.n*isometric(def.phi0(), p.e)))
	}
	if def.Variant == "belgium" {
		p.turn = belgianTurn
	}
	return p, nil
}

func (p *lambertConic) Extent() Extent { return Extent{Top: math.Inf(1), Bounds: everywhere} }

func (p *lambertConic) Forward(x, y []float64) {
	y = y[:len(x)]
	halfE, e := 0.5*p.e, p.e
	for i, phi := range y {
		var rho float64 // 0 at the apex
		if math.Abs(phi) < math.Pi/2 {
			sin, cos := portable.Sincos(math.Abs(phi))
			psi := portable.Log((1 + sin) / cos)
			if e != 0 {
				es := float64(e * sin)
				psi -= float64(halfE * portable.Log((1+es)/(1-es)))
			}
			rho = p.f * portable.Exp(-p.n*math.Copysign(psi, phi))
		}
		if !(math.Abs(phi+p.apex) > polarCap) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		sin, cos := portable.Sincos(float64(p.n*x[i]) - p.turn)
		x[i] = rho * sin
		y[i] = p.rho0 - float64(rho*cos)
	}
}

func (p *lambertConic) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		u, v := x[i], p.rho0-y[i]
		if p.n < 0 {
			u, v = -u, -v
		}
		rho2 := float64(u*u) + float64(v*v)
		if rho2 < polarCap*polarCap*1e-6 {
			x[i], y[i] = 0, p.apex
			continue
		}
		lam := (portable.Atan2(u, v) + p.turn) / p.n
		if !(math.Abs(lam) <= math.Pi*(1+coneSlack)) || rho2 > math.MaxFloat64 {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		psi := -portable.Log(rho2/float64(p.f*p.f)) / (2 * p.n)
		x[i] = lam
		y[i] = latitudeOf(psi, &p.toGeodetic)
	}
}

// originAsParallel takes the latitude of origin for the standard parallel, too.
var originAsParallel = []rename{{"lat_0", []string{"lat_0", "lat_1"}}}

// checkLambert sets what PROJ takes for the second standard parallel if only one is given, and for the latitude of
// origin if none is.
func checkLambert(p *Projection, a Arguments) error {
	if !a.Has("lat_2") {
		p.StandardParallel2 = p.StandardParallel1
		if !a.Has("lat_0") {
			p.LatitudeOfOrigin = p.StandardParallel1
		}
	}
	return checkVariant("belgium")(p, a)
}

// oneParallel reports whether the origin is on the only standard parallel.
func oneParallel(p *Projection) bool {
	return p.StandardParallel1 == p.StandardParallel2 && p.StandardParallel1 == p.LatitudeOfOrigin
}

// atParallel reports whether the origin is on the only standard parallel, and takes the parallels away.
func atParallel(p *Projection) bool {
	one := oneParallel(p)
	p.StandardParallel1, p.StandardParallel2 = 0, 0
	return one
}

// withParallel restores one parallel, which Esri's method has. PROJ would overlook a latitude of origin that differs.
func withParallel(p *Projection) bool {
	p.StandardParallel1 = p.LatitudeOfOrigin
	return true
}
