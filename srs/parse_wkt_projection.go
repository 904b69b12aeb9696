package srs

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// parameters are a PROJCS's PARAMETERs by canonical name, angles in degrees.
type parameters map[string]float64

// angles are the parameters that are in the unit of the geographic system; the others are lengths in the projected
// system's unit, or numbers.
var angles = map[string]bool{
	"centralmeridian": true, "longitudeofcenter": true, "longitudeoforigin": true,
	"latitudeoforigin": true, "latitudeofcenter": true,
	"standardparallel1": true, "standardparallel2": true,
}

func readParameters(n *wktNode, degrees float64) (parameters, error) {
	params := parameters{}
	for i := range n.nodes {
		p := &n.nodes[i]
		if p.keyword != "PARAMETER" {
			continue
		}
		key := canonical(p.value(0))
		if _, ok := params[key]; ok {
			return nil, fmt.Errorf("parameter %.40q is there twice", p.value(0))
		}
		v, err := p.number(1)
		if err != nil {
			return nil, err
		}
		if angles[key] {
			v *= degrees
			if !(math.Abs(v) <= 360) {
				return nil, fmt.Errorf("parameter %.40q is %g degrees", p.value(0), v)
			}
		}
		params[key] = v
	}
	return params, nil
}

// take gives a parameter under any of its names, or else a default, and removes it.
func (p parameters) take(otherwise float64, names ...string) float64 {
	for _, name := range names {
		if v, ok := p[name]; ok {
			delete(p, name)
			return v
		}
	}
	return otherwise
}

// project turns a method's name and parameters into a projection whose ellipsoid is set.
func (p parameters) project(method string, out *projection) error {
	out.x0, out.y0 = p.take(0, "falseeasting"), p.take(0, "falsenorthing")
	out.lon0 = p.take(0, "centralmeridian", "longitudeofcenter", "longitudeoforigin")
	out.k0 = 1
	switch canonical(method) {
	case "mercatorauxiliarysphere":
		out.kernel = "x_merc"
		out.lat1 = p.take(0, "standardparallel1")
		if v := p.take(0, "auxiliaryspheretype"); v != 0 && out.ellipsoid.rf != 0 {
			return &UnsupportedError{"auxiliary sphere type", fmt.Sprint(v)}
		}
		out.ellipsoid = out.ellipsoid.sphere()
	case "mercator", "mercator1sp", "mercator2sp":
		out.kernel = "x_merc"
		out.k0 = p.take(1, "scalefactor")
		out.lat1 = p.take(0, "standardparallel1")
		if v := p.take(0, "latitudeoforigin"); v != 0 {
			return &UnsupportedError{"latitude of origin of a Mercator projection", fmt.Sprint(v)}
		}
		if out.k0 != 1 && out.lat1 != 0 {
			return errors.New("a Mercator projection has both a scale factor and a standard parallel")
		}
	case "transversemercator", "gausskruger":
		out.kernel = "x_tmerc"
		out.k0 = p.take(1, "scalefactor")
		out.lat0 = p.take(0, "latitudeoforigin")
	case "albers", "albersconicequalarea":
		out.kernel = "x_aea"
		if _, ok := p["standardparallel1"]; !ok {
			return errors.New("an Albers projection has no standard parallel")
		}
		out.lat0 = p.take(0, "latitudeoforigin", "latitudeofcenter")
		out.lat1 = p.take(0, "standardparallel1")
		out.lat2 = p.take(out.lat1, "standardparallel2")
	case "platecarree", "equidistantcylindrical":
		out.kernel = "x_eqc"
		out.lat1 = p.take(0, "standardparallel1")
		if v := p.take(0, "latitudeoforigin"); v != 0 {
			return &UnsupportedError{"latitude of origin of a cylindrical projection", fmt.Sprint(v)}
		}
		out.ellipsoid = out.ellipsoid.sphere()
	default:
		return &UnsupportedError{"projection", method}
	}
	for _, name := range slices.Sorted(maps.Keys(p)) {
		return &UnsupportedError{"parameter of " + method, name}
	}

	if out.kernel == "x_merc" || out.kernel == "x_eqc" {
		// North and south are the same here, so that there is one spelling of each system.
		out.lat1 = math.Abs(out.lat1)
		if out.lat1 > 89.9 {
			return fmt.Errorf("the standard parallel is %g", out.lat1)
		}
	}
	if !(math.Abs(out.lat0) <= 90) {
		return fmt.Errorf("the latitude of origin is %g", out.lat0)
	}
	if !(out.k0 >= 1e-3 && out.k0 <= 1e3) {
		return fmt.Errorf("the scale factor is %g", out.k0)
	}
	if !(math.Abs(out.x0) <= 1e15) || !(math.Abs(out.y0) <= 1e15) {
		return fmt.Errorf("the false origin is %g, %g", out.x0, out.y0)
	}
	return nil
}
