package projection

import "math"

var mollweideLandProjection = Descriptor{
	Name:       "Interrupted Mollweide",
	Operations: []Operation{{Name: "imoll", Sphere: true}},
	Methods: []Method{
		{EPSG: "Interrupted Mollweide", Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere},
	},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: snyder + ", page 251; lobes of Goode's homolosine",
	Samples: []string{"+proj=imoll"},
	New:     pointwise(newMollweideLand),
}

var mollweideOceanProjection = Descriptor{
	Name:       "Interrupted Mollweide Oceanic View",
	Operations: []Operation{{Name: "imoll_o", Sphere: true}},
	Methods: []Method{
		{EPSG: "Interrupted Mollweide Oceanic View", Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere},
	},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: snyder + ", page 251; lobes of Goode's homolosine",
	Samples: []string{"+proj=imoll_o"},
	New:     pointwise(newMollweideOcean),
}

// interruptedMollweide is Mollweide's projection in the lobes of J. P. Goode's homolosine, each about a meridian of its
// own, and side by side along the equator. As in PROJ, x of the first lobe's centre is its longitude, and not 0.9 times
// that, so that x is not 0 at longitude 0.
type interruptedMollweide struct {
	homolosine
	x0 float64 // of longitude 0
}

func newMollweideLand(def *Projection) (interruptedMollweide, error) {
	return newInterruptedMollweide(newHomolosineLand(def))
}

func newMollweideOcean(def *Projection) (interruptedMollweide, error) {
	return newInterruptedMollweide(newHomolosineOcean(def))
}

func newInterruptedMollweide(p homolosine, err error) (interruptedMollweide, error) {
	return interruptedMollweide{p, float64(p.north[0].center * (1 - p.polar.cx))}, err
}

func (p interruptedMollweide) extent() Extent {
	x, y := float64(p.polar.cx*math.Pi)+planeSlack, p.polar.cy+planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{p.x0 - x, -y, p.x0 + x, y}}
}

func (p interruptedMollweide) project(lam, phi float64) (x, y float64) {
	l := p.lobeAt(lam, phi)
	x, y = p.polar.project(lam-l.center, phi)
	return x + float64(p.polar.cx*l.center) + p.x0, y
}

func (p interruptedMollweide) unproject(x, y float64) (lam, phi float64) {
	x -= p.x0
	l := p.lobeAt(x/p.polar.cx, y)
	lam, phi = p.polar.unproject(x-float64(p.polar.cx*l.center), y)
	if math.Abs(phi) > math.Pi/2-1e-6 && math.Abs(lam) < 1e-6 { // the pole
		return l.center, phi
	}
	lam += l.center
	if !(lam >= l.west-planeSlack && lam <= l.east+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return max(l.west, min(l.east, lam)), phi
}
