package projection

import (
	"errors"
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var geostationaryProjection = Descriptor{
	Name:       "Geostationary Satellite View",
	Operations: []Operation{{Name: "geos", Keys: []Key{lat0, height, word("sweep")}, Check: checkGeostationary}},
	Methods: []Method{
		{
			EPSG: "Geostationary Satellite (Sweep Y)", Esri: "Geostationary_Satellite",
			Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin.esriAs("Longitude_Of_Center"), satelliteHeight, option),
			Sets:       map[string]string{"sweep": "y"},
		},
		{
			EPSG:       "Geostationary Satellite (Sweep X)",
			Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, satelliteHeight, option),
			Variant:    "sweep_x", Sets: map[string]string{"sweep": "x"},
		},
	},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "what is seen from the satellite",
	Source: "CGMS 03, LRIT/HRIT Global Specification (2013), section 4.4.3.2; " +
		"GOES-R Product Definition and Users' Guide, section 5.1.2.8",
	RimAccuracy: 5e-3, // the inverse is ill-conditioned next to the horizon
	Accuracy:    5e-5,
	Samples: []string{
		"+proj=geos +h=35785831",
		"+proj=geos +h=35786023 +lon_0=-75 +sweep=x",
	},
	New: pointwise(newGeostationary),
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

func newGeostationary(def *Projection) (geostationary, error) {
	h := def.Height
	h /= def.Ellipsoid.A
	if !(h > 0 && h <= 1e10) {
		return geostationary{}, errors.New("the height of a satellite is not positive, or too great")
	}
	return geostationary{h, 1 + h, 1 - def.Ellipsoid.es(), def.Variant == "sweep_x"}, nil
}

func (p geostationary) extent() Extent {
	r := float64(p.height*portable.Asin(1/p.radius)) + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p geostationary) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(phi)
	sinLam, cosLam := portable.Sincos(lam)
	// a point of the ellipsoid in geocentric axes
	nu := 1 / math.Sqrt(float64(cos*cos)+float64(p.polar2*sin*sin))
	vx, vy, vz := float64(nu*cos*cosLam), float64(nu*cos*sinLam), float64(nu*p.polar2*sin)
	// seen if the satellite is above its horizon
	if !(float64((p.radius-vx)*vx)-float64(vy*vy)-float64(vz*vz)/p.polar2 >= -planeSlack) {
		return math.NaN(), math.NaN()
	}
	t := p.radius - vx
	if p.sweepX {
		return p.height * portable.Atan(vy/portable.Hypot(vz, t)), p.height * portable.Atan(vz/t)
	}
	return p.height * portable.Atan(vy/t), p.height * portable.Atan(vz/portable.Hypot(vy, t))
}

func (p geostationary) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.height, y/p.height
	if !(math.Abs(x) < math.Pi/2 && math.Abs(y) < math.Pi/2) {
		return math.NaN(), math.NaN()
	}
	vy, vz := portable.Tan(x), portable.Tan(y)
	if p.sweepX {
		vy *= math.Sqrt(1 + float64(vz*vz))
	} else {
		vz *= math.Sqrt(1 + float64(vy*vy))
	}
	// The ray from (radius, 0, 0) along (−1, vy, vz).
	a := 1 + float64(vy*vy) + float64(vz*vz)/p.polar2
	d := float64(p.radius*p.radius) - float64(a*(float64(p.radius*p.radius)-1))
	if !(d >= -planeSlack) {
		return math.NaN(), math.NaN()
	}
	t := (p.radius - math.Sqrt(max(0, d))) / a
	vx := p.radius - t
	vy, vz = t*vy, t*vz
	return portable.Atan2(vy, vx), portable.Atan2(vz/p.polar2, portable.Hypot(vx, vy))
}

func checkGeostationary(p *Projection, a Arguments) error {
	switch s := a["sweep"].Word; {
	case p.LatitudeOfOrigin != 0:
		return &Unsupported{"latitude of origin of geos", fmt.Sprint(p.LatitudeOfOrigin)}
	case s == "x":
		p.Variant = "sweep_x"
	case s != "" && s != "y":
		return &Unsupported{"sweep of geos", s}
	}
	return nil
}
