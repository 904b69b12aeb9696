package projection

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var spilhausProjection = Descriptor{
	Name: "Adams World in a Square II, oblique",
	Operations: []Operation{{
		Name: "spilhaus", Check: checkSpilhaus, Keys: []Key{
			lat0.or(-49.56371678), lon0.or(66.94970198), k0,
			{Name: "azi", Field: Azimuth, Default: 40.17823482, hasDefault: true},
			{Name: "rot", Field: RectifiedGridAngle, Default: 45, hasDefault: true},
		},
	}},
	Methods: []Method{
		{
			EPSG: "PROJ spilhaus",
			Parameters: []Parameter{
				projNamed("lat_0", LatitudeOfOrigin), projNamed("lon_0", CentralMeridian), projNamed("azi", Azimuth),
				projNamed("rot", RectifiedGridAngle), projNamed("k_0", ScaleFactor), projNamed("x_0", FalseEasting),
				projNamed("y_0", FalseNorthing),
			},
		},
		{
			Esri: "Adams_Square_II",
			Parameters: of(atNaturalOrigin, scaleAtNaturalOrigin, azimuthOfInitialLine, longitudeOfCentre, latitudeOfCentre,
				xyPlaneRotation.inField(RectifiedGridAngle)),
			EsriForm: scaleOfEsri, Read: readSpilhaus,
		},
	},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "O. S. Adams, U.S. Coast and Geodetic Survey Special Publication 153 (1929)",
	Accuracy: 1e-5, RimAccuracy: 0.2, // the corners are singular
	Samples: []string{"+proj=spilhaus", "+proj=spilhaus +lat_0=20 +lon_0=10 +azi=-30 +rot=10 +k_0=2.8284271247461903"},
	New:     pointwise(newSpilhaus),
}

// spilhaus is O. S. Adams's second world in a square about any centre, of which A. F. Spilhaus made a map of one world ocean:
// ESRI:54099. Latitudes are conformal ones, so that the projection is conformal on the ellipsoid, and true to scale at
// the centre. The line through the centre with the azimuth becomes a diagonal, and the whole is turned at last.
type spilhaus struct {
	adams
	sphere           gaussSphere // the conformal one
	sinPole, cosPole float64     // of the latitude of the square's pole
	lam0, beta       float64     // longitudes of that pole and of the centre about it
	scale            float64
	sinTurn, cosTurn float64
}

func newSpilhaus(def *Projection) (spilhaus, error) {
	p := spilhaus{sphere: gaussSphere{
		e: def.Ellipsoid.e(), c: 1, toGeodetic: newSineSeries(&conformalToGeodetic, def.Ellipsoid.n()),
	}}
	p.adams, _ = newAdams(def)
	sin, cos := p.sphere.sincos(def.phi0())
	sinA, cosA := portable.Sincos(def.Azimuth * degree)
	p.sinPole = -cos * cosA
	p.cosPole = math.Sqrt(1 - float64(p.sinPole*p.sinPole))
	p.lam0 = portable.Atan2(sinA/cosA, -sin)
	p.beta = math.Pi + portable.Atan2(-sinA, -sin/cos)
	p.scale = def.k0() * scaleAt(def.phi0(), def.Ellipsoid.es()) / cos
	p.sinTurn, p.cosTurn = portable.Sincos(def.RectifiedGridAngle * degree)
	return p, nil
}

func (p spilhaus) extent() Extent {
	r := float64(math.Sqrt2*quarterPeriod*p.scale) + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p spilhaus) project(lam, phi float64) (x, y float64) {
	sin, cos := p.sphere.sincos(phi)
	sinLam, cosLam := portable.Sincos(lam - p.lam0)
	up := float64(p.sinPole*sin) - float64(p.cosPole*cos*cosLam)
	east, north := cos*sinLam, float64(p.sinPole*cos*cosLam)+float64(p.cosPole*sin)
	turned := p.beta + portable.Atan2(east, north)
	if math.Abs(turned) > math.Pi {
		turned = math.Remainder(turned, 2*math.Pi)
	}
	u, v := p.adams.project(turned, portable.Atan2(up, portable.Hypot(east, north)))
	return -p.scale * (float64(u*p.cosTurn) + float64(v*p.sinTurn)), p.scale * (float64(u*p.sinTurn) - float64(v*p.cosTurn))
}

func (p spilhaus) unproject(x, y float64) (lam, phi float64) {
	u := (float64(y*p.sinTurn) - float64(x*p.cosTurn)) / p.scale
	v := -(float64(x*p.sinTurn) + float64(y*p.cosTurn)) / p.scale
	turned, lat := p.adams.unproject(u, v)
	sin, cos := portable.Sincos(lat)
	sinLam, cosLam := portable.Sincos(turned - p.beta)
	up := float64(p.sinPole*sin) + float64(p.cosPole*cos*cosLam)
	east, north := cos*sinLam, float64(p.sinPole*cos*cosLam)-float64(p.cosPole*sin)
	lam = p.lam0 + portable.Atan2(east, north)
	if math.Abs(lam) > math.Pi {
		lam = math.Remainder(lam, 2*math.Pi)
	}
	return p.sphere.geodetic(lam, up, portable.Hypot(east, north))
}

func checkSpilhaus(p *Projection, _ Arguments) error {
	if !(math.Abs(p.LatitudeOfOrigin) <= 89.9) {
		return &Unsupported{"latitude of origin of spilhaus", fmt.Sprint(p.LatitudeOfOrigin)}
	}
	if math.Abs(math.Remainder(p.Azimuth, 180)) > 89.9 {
		return &Unsupported{"azimuth of spilhaus", fmt.Sprint(p.Azimuth)}
	}
	return nil
}

// spilhausKeys are the arguments of the keys of Esri's texts.
var spilhausKeys = map[string]string{"lat_0": "lat_0", "lon_0": "lon_0", "alpha": "azi", "rotation": "rot", "k_0": "k_0"}

// readSpilhaus reads Esri's Adams_Square_II, whose scale factor is less by √2, as PROJ found.
func readSpilhaus(r *reading) error {
	if _, ok := r.Values["k_0"]; !ok {
		r.Values["k_0"] = 1
	}
	r.Values["k_0"] *= math.Sqrt2
	for from, to := range spilhausKeys { // also those that are not there, as PROJ's defaults are not 0
		r.Sets[to] = numberValue(r.Values[from])
		delete(r.Values, from)
	}
	return nil
}

// scaleOfEsri undoes the factor of readSpilhaus.
func scaleOfEsri(p *Projection) bool {
	p.ScaleFactor /= math.Sqrt2
	return true
}
