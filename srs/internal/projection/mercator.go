package projection

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var mercatorProjection = Descriptor{
	Name: "Mercator",
	Operations: []Operation{
		{Name: "merc", Keys: []Key{k0, latTS, lat0}, Check: checkMercator},
		{Name: "webmerc", Keys: []Key{lat0}, Sphere: true, Check: checkMercator},
		{Name: "merc_false", Keys: []Key{latTS.must(), {Name: "lat_f", Field: LatitudeOfOrigin}}, Check: checkMercatorFalse},
	},
	Methods: []Method{
		{
			EPSG: "Mercator (variant B)", Code: 9805, Esri: "Mercator", GeoTIFF: 7,
			OGC:        []string{"Mercator_2SP"},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin.onlyGeoTIFF(), firstParallel, longitudeOfNaturalOrigin),
			Form:       func(p *Projection) bool { return p.StandardParallel1 != 0 }, Renames: trueScale,
		},
		{
			EPSG: "Mercator (variant A)", Code: 9804, Esri: "Mercator", GeoTIFF: 7,
			OGC: []string{"Mercator_1SP"},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin.notEsri(), longitudeOfNaturalOrigin,
				scaleAtNaturalOrigin.notEsri(), firstParallel.onlyEsri()),
			EsriForm: scaleAsParallel,
		},
		{
			EPSG: "Popular Visualisation Pseudo Mercator", Code: 1024, Aliases: []string{"Mercator (Spherical)", "Mercator (1SP) (Spherical)"},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin),
			Surface:    onSphere, Sets: map[string]string{"f": "0"},
		},
		{
			// EPSG's 1044, which is variant B with another northing of its false origin.
			Aliases:    []string{"Mercator (variant C)", "Mercator_Variant_C"},
			Parameters: of(atFalseOrigin, firstParallel, longitudeOfNaturalOrigin, latitudeOfFalseOrigin),
			Operation:  "merc_false", Renames: append(trueScale[:1:1], rename{"lat_0", []string{"lat_f"}}),
		},
		{
			Esri:       "Mercator_Auxiliary_Sphere",
			Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, firstParallel, auxiliarySphereType),
			Surface:    onSphere, Sets: map[string]string{"f": "0"}, Renames: trueScale,
		},
	},
	Domain: "all of the earth but 0.6 mm about the poles", Source: snyder + ", pages 41 and 44",
	Samples: []string{
		"+proj=merc +lat_ts=20",
		"+proj=merc +k_0=0.997 +lon_0=110",
		"+proj=webmerc",
		"+proj=merc_false +lat_ts=42 +lat_f=42 +lon_0=51",
	},
	New: newMercator,
}

// mercator is the Mercator projection in the normal aspect, on the sphere or the ellipsoid. Source: J. P. Snyder, Map
// Projections: A Working Manual, USGS Professional Paper 1395 (1987), pages 41 and 44; the inverse by the series of
// math_series.go.
type mercator struct {
	k0         float64
	e          float64 // eccentricity
	toGeodetic sineSeries
}

// mercatorPole is the latitude from which on Mercator has no image, 0.6 mm short of the pole.
const mercatorPole = math.Pi/2 - 1e-10

func newMercator(def *Projection) (Kernel, error) {
	p := &mercator{k0: def.k0(), e: def.Ellipsoid.e()}
	if ts := def.phi1(); ts != 0 {
		p.k0 = scaleAt(ts, def.Ellipsoid.es())
	}
	p.toGeodetic = newSineSeries(&conformalToGeodetic, def.Ellipsoid.f()/(2-def.Ellipsoid.f()))
	return p, nil
}

// extent ends boxes where the world is a square, as ArcGIS and all web maps do: at 85.0511° on the sphere.
func (p *mercator) Extent() Extent {
	return Extent{Period: 2 * math.Pi * p.k0, Top: math.Pi * p.k0, Bounds: everywhere}
}

func (p *mercator) Forward(x, y []float64) {
	y = y[:len(x)]
	for i, lam := range x {
		x[i] = p.k0 * lam
	}
	for i, phi := range y {
		if !(math.Abs(phi) < mercatorPole) {
			y[i] = math.NaN()
			continue
		}
		// (1 + sin φ) / cos φ = tan(π/4 + φ/2), which keeps its precision near the pole if φ is positive.
		sin, cos := portable.Sincos(math.Abs(phi))
		psi := portable.Log((1 + sin) / cos)
		if p.e != 0 {
			es := float64(p.e * sin)
			psi -= float64(0.5 * p.e * portable.Log((1+es)/(1-es)))
		}
		y[i] = math.Copysign(p.k0*psi, phi)
	}
}

func (p *mercator) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		x[i] /= p.k0
	}
	for i, v := range y {
		if math.IsInf(v, 0) {
			y[i] = math.NaN()
			continue
		}
		exp := portable.Exp(-math.Abs(v) / p.k0)
		chi := math.Pi/2 - float64(2*portable.Atan(exp))
		if p.e != 0 {
			// sech and tanh of ψ are the cosine and the sine of χ.
			inv := 1 / (1 + float64(exp*exp))
			sin, cos := float64((1-float64(exp*exp))*inv), float64(2*exp*inv)
			chi += p.toGeodetic.at(2*sin*cos, float64(cos*cos)-float64(sin*sin))
		}
		y[i] = math.Copysign(chi, v)
	}
}

func checkMercator(p *Projection, a Arguments) error {
	if p.LatitudeOfOrigin != 0 {
		return &Unsupported{"latitude of origin of a Mercator projection", fmt.Sprint(p.LatitudeOfOrigin)}
	}
	return checkTrueScale(p, a)
}

// checkMercatorFalse turns coordinates at a false origin on a parallel to those at the equator.
func checkMercatorFalse(p *Projection, a Arguments) error {
	phi := p.phi0()
	if !(math.Abs(phi) < mercatorPole) {
		return &Unsupported{"latitude of false origin of a Mercator projection", fmt.Sprint(p.LatitudeOfOrigin)}
	}
	k := scaleAt(p.phi1(), p.Ellipsoid.es())
	p.FalseNorthing -= float64(p.Ellipsoid.A * k * isometric(phi, p.Ellipsoid.e()))
	p.LatitudeOfOrigin = 0
	return checkTrueScale(p, a)
}

// scaleAsParallel turns a scale factor, which Esri's method lacks, into the standard parallel of the same scale:
// cos φ / √(1 − e² sin² φ).
func scaleAsParallel(p *Projection) bool {
	if p.StandardParallel1 == 0 && p.ScaleFactor < 1 {
		k2 := float64(p.ScaleFactor * p.ScaleFactor)
		p.StandardParallel1 = portable.Asin(math.Sqrt((1-k2)/(1-float64(k2*p.Ellipsoid.esOfAxes())))) / degree
		p.ScaleFactor = 1
	}
	return true
}
