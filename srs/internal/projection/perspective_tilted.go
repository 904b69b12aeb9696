package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var tiltedProjection = Descriptor{
	Name: "Tilted Perspective",
	Operations: []Operation{{
		Name: "tpers", Keys: []Key{lat0, height, {Name: "tilt", Field: RectifiedGridAngle}, {Name: "azi", Field: Azimuth}}, Sphere: true,
	}},
	Methods: []Method{{
		EPSG: "PROJ tpers",
		Parameters: []Parameter{
			projNamed("lat_0", LatitudeOfOrigin), projNamed("lon_0", CentralMeridian), projNamed("h", Height),
			projNamed("tilt", RectifiedGridAngle), projNamed("azi", Azimuth), projNamed("x_0", FalseEasting), projNamed("y_0", FalseNorthing),
		},
		Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "what is seen from the viewpoint, and lies before the camera's plane", Source: snyder + ", pages 170 to 176",
	RimAccuracy: 1e-3,
	Samples:     []string{"+proj=tpers +lat_0=40 +lon_0=10 +h=5500000 +tilt=20 +azi=30"},
	New:         pointwise(newTilted),
}

// tilted is the perspective of the sphere from a finite height on a plane that is tilted, as in an oblique photograph: the
// vertical one's plane, turned to the azimuth and then about the axis across it. Source: Snyder (1987), pages 170 to 176.
type tilted struct {
	vertical         nearSide
	sinTilt, cosTilt float64
	sinAzi, cosAzi   float64
}

func newTilted(def *Projection) (tilted, error) {
	vertical, err := newNearSide(def)
	if err != nil {
		return tilted{}, err
	}
	p := tilted{vertical: vertical}
	p.sinTilt, p.cosTilt = portable.Sincos(def.RectifiedGridAngle * degree)
	p.sinAzi, p.cosAzi = portable.Sincos(def.Azimuth * degree)
	if !(p.cosTilt > 1e-6) {
		return p, errors.New("the tilt of a perspective is not within 90°")
	}
	return p, nil
}

func (p tilted) extent() Extent { return Extent{Top: math.Inf(1), Bounds: everywhere} }

func (p tilted) project(lam, phi float64) (x, y float64) {
	x, y = p.vertical.project(lam, phi)
	along := float64(y*p.cosAzi) + float64(x*p.sinAzi)
	across := float64(x*p.cosAzi) - float64(y*p.sinAzi)
	depth := p.cosTilt + float64(along*p.sinTilt/p.vertical.height)
	if !(depth > planeSlack) {
		return math.NaN(), math.NaN()
	}
	return across * p.cosTilt / depth, along / depth
}

func (p tilted) unproject(x, y float64) (lam, phi float64) {
	h := p.vertical.height
	depth := h - float64(y*p.sinTilt)
	if !(depth > planeSlack) {
		return math.NaN(), math.NaN()
	}
	across, along := h*x/depth, h*y*p.cosTilt/depth
	return p.vertical.unproject(float64(across*p.cosAzi)+float64(along*p.sinAzi), float64(along*p.cosAzi)-float64(across*p.sinAzi))
}
