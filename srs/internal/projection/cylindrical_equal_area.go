package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var equalAreaCylindricalProjection = Descriptor{
	Name:       "Equal Area Cylindrical",
	Operations: []Operation{{Name: "cea", Keys: []Key{latTS, k0}, Check: checkTrueScale}},
	Methods: []Method{
		{
			EPSG: "Lambert Cylindrical Equal Area", Code: 9835, Esri: "Cylindrical_Equal_Area", GeoTIFF: 28,
			OGC:        []string{"Cylindrical_Equal_Area"},
			Parameters: of(atNaturalOrigin, firstParallel, longitudeOfNaturalOrigin), Renames: trueScale,
		},
		{
			EPSG: "Lambert Cylindrical Equal Area (Spherical)", Code: 9834, Aliases: []string{"Cylindrical_Equal_Area_Spherical"},
			Parameters: of(atNaturalOrigin, firstParallel, longitudeOfNaturalOrigin),
			Surface:    onAuthalic, Sets: map[string]string{"R_A": ""}, Renames: trueScale,
		},
		{Aliases: []string{"Behrmann"}, Sets: map[string]string{"lat_ts": "30"}, Renames: trueScale},
	},
	Domain: "all of the earth", Source: snyder + ", pages 76 to 81",
	Samples: []string{
		"+proj=cea +lat_ts=30",
		"+proj=cea +lat_ts=45 +R_A",
		"+proj=cea +k_0=0.9",
	},
	New: pointwise(newEqualAreaCylindrical),
}

// equalAreaCylindrical is Lambert's cylindrical equal-area projection with any latitude of true scale, such as
// Behrmann's 30°, on the sphere or the ellipsoid: EPSG methods 9834 and 9835. Source: Snyder (1987), pages 76 to 81;
// authalic latitude by the series of math_series.go.
//
// The domain is all of the earth. Next to the poles the inverse is ill-conditioned, as the projection flattens them: 6 cm
// at the pole itself.
type equalAreaCylindrical struct {
	authalic
	kx, ky float64
}

func newEqualAreaCylindrical(def *Projection) (equalAreaCylindrical, error) {
	p := equalAreaCylindrical{authalic: newAuthalic(def), kx: def.k0()}
	if ts := def.phi1(); ts != 0 {
		p.kx = scaleAt(ts, def.Ellipsoid.es())
	}
	p.ky = p.q / (2 * p.kx)
	return p, nil
}

func (p equalAreaCylindrical) extent() Extent { return cylinderExtent(p) }

func (p equalAreaCylindrical) project(lam, phi float64) (x, y float64) {
	sin, _ := p.toAuthalic.sincos(portable.Sincos(phi))
	return p.kx * lam, p.ky * sin
}

func (p equalAreaCylindrical) unproject(x, y float64) (lam, phi float64) {
	sin := y / p.ky
	if !(math.Abs(sin) <= 1+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sin = max(-1, min(1, sin))
	return x / p.kx, p.toGeodetic.geodetic(sin, math.Sqrt((1-sin)*(1+sin)))
}
