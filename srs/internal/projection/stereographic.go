package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var stereographicProjection = Descriptor{
	Name: "Stereographic",
	Operations: []Operation{
		{Name: "stere", Keys: []Key{lat0, latTS, k0}, Check: checkStereographic},
		{Name: "ups", Keys: []Key{word("south")}, Check: checkUPS},
		{Name: "stere_false", Keys: []Key{latTS.must()}, Check: checkStereographicFalse},
	},
	Methods: []Method{
		{
			EPSG: "Stereographic", Esri: "Stereographic", GeoTIFF: 14,
			OGC:        []string{"Stereographic"},
			Parameters: of(atNaturalOrigin, latitudeOfAzimuthalCentre, longitudeOfAzimuthalCentre, scaleAtNaturalOrigin),
			Form:       func(p *Projection) bool { return math.Abs(p.LatitudeOfOrigin) != 90 }, Read: readParallelAtPole,
		},
		// GDAL's name and GeoTIFF's code are those of both variants.
		{
			OGC: []string{"Polar_Stereographic"}, GeoTIFF: 15,
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin.geoKeyAs(3095), scaleAtNaturalOrigin),
			Read:       readPolar,
		},
		{
			EPSG: "Polar Stereographic (variant A)", Code: 9810, Esri: "Stereographic", GeoTIFF: 15,
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin.geoKeyAs(3095), scaleAtNaturalOrigin),
			Form:       scaleAtPole,
		},
		{
			EPSG: "Polar Stereographic (variant B)", Code: 9829, Esri: "Stereographic_North_Pole", GeoTIFF: 15,
			Parameters: of(atNaturalOrigin, latitudeOfParallel, longitudeOfOrigin.geoKeyAs(3095)),
			Form:       func(p *Projection) bool { return scaleAtParallel(p, 90) }, Read: readPolarParallel(90),
		},
		{
			EPSG: "Polar Stereographic (variant B)", Code: 9829, Esri: "Stereographic_South_Pole", GeoTIFF: 15,
			Parameters: of(atNaturalOrigin, latitudeOfParallel, longitudeOfOrigin.geoKeyAs(3095)),
			Form:       func(p *Projection) bool { return scaleAtParallel(p, -90) }, Read: readPolarParallel(-90),
		},
		{
			// EPSG's 9830, which is variant B with another northing of its false origin.
			Aliases:    []string{"Polar Stereographic (variant C)"},
			Parameters: of(atFalseOrigin, latitudeOfParallel, longitudeOfOrigin),
			Operation:  "stere_false", Renames: trueScale,
		},
	},
	Domain: "all of the earth but the point opposite the centre", Source: guidance + "; " + snyder + ", pages 160 to 163",
	Samples: []string{
		"+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45",
		"+proj=stere +lat_0=-90 +lat_ts=-71",
		"+proj=stere +lat_0=90 +k_0=0.994",
		"+proj=ups +south",
		"+proj=stere_false +lat_ts=-67 +lon_0=140",
		"+proj=stere +lat_0=39 +lon_0=-96 +k_0=0.9999",
	},
	New: newStereographic,
}

// polarStereographic is the stereographic projection about a pole, on the sphere or the ellipsoid: EPSG methods 9810,
// 9829 and 9830, and Esri's Stereographic_North_Pole and _South_Pole. Sources: IOGP Guidance Note 7-2; Snyder (1987),
// pages 160 to 162; the inverse by the series of conformal latitude in math_series.go.
//
// The domain is all of the earth but the opposite pole, whose image is at infinity.
type polarStereographic struct {
	e, sign    float64 // sign is that of the pole
	scale      float64 // ρ exp ψ
	toGeodetic sineSeries
}

// newStereographic chooses between the polar and the oblique form.
func newStereographic(def *Projection) (Kernel, error) {
	if math.Abs(def.phi0()) <= math.Pi/2-polarCap {
		return newObliqueStereographic(def)
	}
	p := &polarStereographic{
		e: def.Ellipsoid.e(), sign: math.Copysign(1, def.phi0()),
		toGeodetic: newSineSeries(&conformalToGeodetic, def.Ellipsoid.n()),
	}
	ts := math.Abs(def.phi1())
	if def.StandardParallel1 == 0 && def.Variant != "equator" || ts > math.Pi/2-polarCap {
		p.scale = 2 * def.k0() / math.Sqrt(portable.Pow(1+p.e, 1+p.e)*portable.Pow(1-p.e, 1-p.e))
	} else {
		p.scale = scaleAt(ts, def.Ellipsoid.es()) * portable.Exp(isometric(ts, p.e))
	}
	return p, nil
}

func (p *polarStereographic) Extent() Extent { return Extent{Top: math.Inf(1), Bounds: everywhere} }

func (p *polarStereographic) Forward(x, y []float64) {
	y = y[:len(x)]
	halfE, e := float64(0.5*p.e), p.e
	for i, phi := range y {
		var rho float64 // 0 at the centre
		if math.Abs(phi) < math.Pi/2 {
			// exp −ψ, but for the ellipsoid's part
			sin, cos := portable.Sincos(phi)
			sin = float64(sin * p.sign)
			if sin > 0 {
				rho = cos / (1 + sin)
			} else {
				rho = (1 - sin) / cos
			}
			rho = float64(rho * p.scale)
			if e != 0 {
				es := float64(e * sin)
				rho = float64(rho * portable.Exp(halfE*portable.Log((1+es)/(1-es))))
			}
		}
		if !(math.Pi/2+float64(phi*p.sign) > polarCap) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		sin, cos := portable.Sincos(x[i])
		x[i] = float64(rho * sin)
		y[i] = float64(-p.sign * rho * cos)
	}
}

func (p *polarStereographic) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		u, v := x[i], -p.sign*y[i]
		t2 := (float64(u*u) + float64(v*v)) / float64(p.scale*p.scale)
		if !(t2 <= 1e20) { // 0.6 mm from the opposite pole
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		x[i] = portable.Atan2(u, v)
		y[i] = p.sign * p.toGeodetic.geodetic(1-t2, 2*math.Sqrt(t2))
	}
}

// obliqueStereographic is the oblique and equatorial stereographic projection by way of the conformal sphere, which
// PROJ calls stere and Esri Stereographic. It is not EPSG's Oblique Stereographic, which is doubleStereographic. Source:
// Snyder (1987), pages 160 to 163.
//
// The domain is all of the earth but the point opposite the centre, whose image is at infinity.
type obliqueStereographic struct {
	scale                   float64 // of a sphere of radius 1
	sin0, cos0              float64 // of the centre's conformal latitude
	toConformal, toGeodetic sineSeries
}

func newObliqueStereographic(def *Projection) (Kernel, error) {
	n := def.Ellipsoid.n()
	p := &obliqueStereographic{
		toConformal: newSineSeries(&geodeticToConformal, n),
		toGeodetic:  newSineSeries(&conformalToGeodetic, n),
	}
	p.sin0, p.cos0 = p.toConformal.sincos(portable.Sincos(def.phi0()))
	p.scale = def.k0() * scaleAt(def.phi0(), def.Ellipsoid.es()) / p.cos0
	return p, nil
}

func (p *obliqueStereographic) Extent() Extent { return Extent{Top: math.Inf(1), Bounds: everywhere} }

func (p *obliqueStereographic) Forward(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		sin, cos := p.toConformal.sincos(portable.Sincos(y[i]))
		x[i], y[i] = stereographic(sin, cos, x[i], p.sin0, p.cos0, p.scale)
	}
}

// stereographic maps the unit sphere.
func stereographic(sin, cos, lam, sin0, cos0, scale float64) (x, y float64) {
	sinLam, cosLam := portable.Sincos(lam)
	c := float64(sin0*sin) + float64(cos0*cos*cosLam)
	if !(c > antipode) {
		return math.NaN(), math.NaN()
	}
	u, v := cos*sinLam, float64(cos0*sin)-float64(sin0*cos*cosLam)
	b := 2 * scale / (1 + c)
	if c < -0.5 { // 1 + c without its cancellation
		b = 2 * scale * (1 - c) / (float64(u*u) + float64(v*v))
	}
	return b * u, b * v
}

// unstereographic inverts stereographic. It returns the latitude as its sine and cosine times a common factor.
func unstereographic(x, y, sin0, cos0, scale float64) (lam, sin, cos float64) {
	u, v := x/(2*scale), y/(2*scale)
	r2 := float64(u*u) + float64(v*v)
	if !(r2 <= 4e14) { // that is antipode
		return math.NaN(), math.NaN(), math.NaN()
	}
	// twice tan of half the distance, and so on, all times 1 + tan²
	u, v = 2*u, 2*v
	w := 1 - r2
	t := float64(w*cos0) - float64(v*sin0)
	return portable.Atan2(u, t), float64(w*sin0) + float64(v*cos0), math.Sqrt(float64(t*t) + float64(u*u))
}

func (p *obliqueStereographic) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		lam, sin, cos := unstereographic(x[i], y[i], p.sin0, p.cos0, p.scale)
		x[i], y[i] = lam, p.toGeodetic.geodetic(sin, cos)
	}
}

// checkStereographic sets the latitude of true scale of a polar form without one to the pole itself.
func checkStereographic(p *Projection, a Arguments) error {
	switch {
	case math.Abs(p.LatitudeOfOrigin) != 90:
		p.StandardParallel1 = 0
	case !a.Has("lat_ts"):
		p.StandardParallel1 = p.LatitudeOfOrigin
	case p.StandardParallel1 == 0:
		p.Variant = "equator"
	default:
		p.StandardParallel1 = math.Copysign(p.StandardParallel1, p.LatitudeOfOrigin)
	}
	return nil
}

func checkUPS(p *Projection, a Arguments) error {
	p.LatitudeOfOrigin, p.ScaleFactor = 90, 0.994
	if a.Flag("south") {
		p.LatitudeOfOrigin = -90
	}
	p.StandardParallel1 = p.LatitudeOfOrigin
	p.FalseEasting, p.FalseNorthing = p.FalseEasting+2_000_000, p.FalseNorthing+2_000_000
	return nil
}

// scaleAtPole reports whether the form is polar and its latitude of true scale the pole, and takes that away.
func scaleAtPole(p *Projection) bool {
	polar := math.Abs(p.LatitudeOfOrigin) == 90 && p.StandardParallel1 == p.LatitudeOfOrigin
	p.StandardParallel1 = 0
	return polar
}

// scaleAtParallel reports whether the form is about a pole with true scale elsewhere, and takes away the pole, which is on
// the parallel's side of the equator.
func scaleAtParallel(p *Projection, pole float64) bool {
	is := p.LatitudeOfOrigin == pole && p.StandardParallel1 != pole
	p.LatitudeOfOrigin = 0
	return is
}

// readPolar finds the latitude of true scale in the place of the latitude of origin, as GDAL's WKT 1 and GeoTIFF have it.
func readPolar(r *reading) error {
	if lat := r.Values["lat_0"]; math.Abs(lat) != 90 {
		r.Values["lat_0"], r.Values["lat_ts"] = math.Copysign(90, lat), lat
	}
	return nil
}

// readPolarParallel finds the pole by the latitude of true scale. Without one the method's name says which pole it is, and
// the scale is true there, or what a scale factor makes of it.
func readPolarParallel(pole float64) func(*reading) error {
	return func(r *reading) error {
		lat, ok := r.Values["lat_1"]
		if !ok {
			lat, ok = r.Values["lat_0"]
		}
		if !ok {
			lat = pole
		}
		delete(r.Values, "lat_1")
		r.Values["lat_0"], r.Values["lat_ts"] = math.Copysign(90, lat), lat
		if pole < 0 {
			r.Values["lat_0"] = pole
		}
		return nil
	}
}

// readParallelAtPole drops a standard parallel that is the pole in the centre, which says no more than the scale factor.
func readParallelAtPole(r *reading) error {
	if lat := r.Values["lat_0"]; math.Abs(lat) == 90 {
		return r.drop("lat_1", lat)
	}
	return nil
}

// checkStereographicFalse turns coordinates at a false origin, where the central meridian meets the standard parallel, to
// those at the pole.
func checkStereographicFalse(p *Projection, a Arguments) error {
	p.LatitudeOfOrigin = math.Copysign(90, p.StandardParallel1)
	rho := p.Ellipsoid.A * scaleAt(p.phi1(), p.Ellipsoid.es())
	p.FalseNorthing += math.Copysign(rho, p.StandardParallel1)
	return checkStereographic(p, a)
}
