package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var equidistantCylindricalProjection = Descriptor{
	Name: "Equidistant Cylindrical, sphere",
	// The spherical form, whatever the ellipsoid, as in PROJ up to 9.7 and as Esri means it.
	Operations: []Operation{{Name: "eqc", Keys: []Key{lat0, latTS}, Sphere: true, Check: checkTrueScale}},
	Methods: []Method{
		{
			EPSG: "Equidistant Cylindrical (Spherical)", Code: 1029, Esri: "Equidistant_Cylindrical", GeoTIFF: 17,
			OGC:        []string{"Equirectangular"},
			Aliases:    []string{"Plate_Carree"},
			Parameters: of(atNaturalOrigin, latitudeOfAzimuthalCentre.onlyGeoTIFF(), firstParallel, longitudeOfAzimuthalCentre),
			Surface:    onSphere, Renames: trueScale,
		},
		{Aliases: []string{"Pseudo Plate Carree"}},
	},
	Domain: "all of the earth", Source: snyder + ", page 91",
	Samples: []string{"+proj=eqc +lat_ts=30"},
	New:     newEquidistantCylindrical,
}

// equidistantCylindrical is plate carrée if the latitude of true scale is 0. It is the form for the sphere (Snyder
// 1987, page 91), which is what ArcGIS means by Plate_Carree and Equidistant_Cylindrical, on ellipsoids too.
type equidistantCylindrical struct {
	cos  float64 // of the latitude of true scale
	phi0 float64 // where y is 0
}

func newEquidistantCylindrical(def *Projection) (Kernel, error) {
	return &equidistantCylindrical{portable.Cos(def.phi1()), def.phi0()}, nil
}

func (p *equidistantCylindrical) Extent() Extent {
	return Extent{Period: 2 * math.Pi * p.cos, Top: math.Inf(1), Bounds: everywhere}
}

func (p *equidistantCylindrical) Forward(x, y []float64) {
	for i := range x {
		x[i] *= p.cos
	}
	if p.phi0 != 0 {
		for i := range y {
			y[i] -= p.phi0
		}
	}
}

func (p *equidistantCylindrical) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		x[i] /= p.cos
		y[i] += p.phi0
		if !(math.Abs(y[i]) <= maxLatitude) {
			y[i] = math.NaN()
		}
		y[i] = max(-math.Pi/2, min(math.Pi/2, y[i]))
	}
}
