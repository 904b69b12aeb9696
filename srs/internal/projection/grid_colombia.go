package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var colombiaUrbanProjection = Descriptor{
	Name:       "Colombia Urban",
	Operations: []Operation{{Name: "col_urban", Keys: []Key{lat0, heightO}}},
	Methods: []Method{{
		EPSG: "Colombia Urban", Code: 1052, Esri: "IGAC_Plano_Cartesiano",
		Parameters: []Parameter{
			latitudeOfNaturalOrigin.esriAs("Latitude_Of_Center"), longitudeOfNaturalOrigin.esriAs("Longitude_Of_Center"),
			falseEasting, falseNorthing, heightOfProjectionPlane,
		},
		Renames: []rename{{"h", []string{"h_0"}}},
	}},
	Lacks:  LacksGeoTIFF,
	Domain: "5° around the origin", Source: guidance,
	Samples: []string{"+proj=col_urban +lat_0=4.68 +lon_0=-74.15 +h_0=2550"},
	New:     pointwise(newColombiaUrban),
}

// colombiaUrban is the projection of Colombia's city grids onto a plane at the city's height: EPSG method 1052. Source:
// IOGP Guidance Note 7-2. The inverse undoes it by iteration, where the Note has an approximation which is exact to a
// millimetre within a city only.
//
// The domain is 5° around the origin.
type colombiaUrban struct {
	es, phi0   float64
	rho0, a, b float64
	height     float64 // of the plane
}

const colombiaReach = 5 * degree

func newColombiaUrban(def *Projection) (colombiaUrban, error) {
	es := def.Ellipsoid.es()
	h := def.Height
	h /= def.Ellipsoid.A
	sin, cos := portable.Sincos(def.phi0())
	nu0, rho0 := primeVertical(sin, es), alongMeridian(sin, es)
	return colombiaUrban{es: es, phi0: def.phi0(), rho0: rho0, a: 1 + h/nu0, b: sin / cos / (2 * rho0 * nu0), height: h}, nil
}

func (p colombiaUrban) extent() Extent {
	const r = colombiaReach * 1.1
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p colombiaUrban) project(lam, phi float64) (x, y float64) {
	if !(math.Abs(lam) <= colombiaReach && math.Abs(phi-p.phi0) <= colombiaReach) {
		return math.NaN(), math.NaN()
	}
	sin, cos := portable.Sincos(phi)
	w := lam * primeVertical(sin, p.es) * cos
	mid := alongMeridian(portable.Sin(0.5*(phi+p.phi0)), p.es)
	return p.a * w, p.rho0 * (1 + p.height/mid) * (phi - p.phi0 + float64(p.b*w*w))
}

func (p colombiaUrban) unproject(x, y float64) (lam, phi float64) {
	w := x / p.a
	phi = p.phi0
	for range 12 { // the height over the radius, at most 1e-3, is what changes; each step gains three digits and more
		mid := alongMeridian(portable.Sin(0.5*(phi+p.phi0)), p.es)
		next := p.phi0 + y/(p.rho0*(1+p.height/mid)) - float64(p.b*w*w)
		done := math.Abs(next-phi) < 1e-15
		phi = next
		if done {
			break
		}
	}
	sin, cos := portable.Sincos(phi)
	lam = w / (primeVertical(sin, p.es) * cos)
	if !(math.Abs(lam) <= colombiaReach+planeSlack && math.Abs(phi-p.phi0) <= colombiaReach+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return lam, phi
}
