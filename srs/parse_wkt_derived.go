package srs

import (
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// poleParameters are the parameters of the ways in which texts state where the pole of a rotated grid is, by canonical name.
var poleParameters = map[string]string{
	"latitudeofthesouthernpolegribconvention":  "south",
	"longitudeofthesouthernpolegribconvention": "southLon",
	"axisrotationgribconvention":               "axis",
	"gridnorthpolelatitudenetcdfcfconvention":  "o_lat_p",
	"gridnorthpolelongitudenetcdfcfconvention": "northLon",
	"northpolegridlongitudenetcdfcfconvention": "o_lon_p",
	"lon0": "lon_0", "olonp": "o_lon_p", "olatp": "o_lat_p",
}

// poleMethods are the methods that have them.
var poleMethods = []string{
	"Pole rotation (GRIB convention)", "Pole rotation (netCDF CF convention)", "PROJ ob_tran o_proj=longlat",
	"PROJ ob_tran o_proj=lonlat", "PROJ ob_tran o_proj=latlon", "PROJ ob_tran o_proj=latlong",
}

// readDerived reads a geographic system that is derived from another by turning the globe, as those of regional climate
// models are. It counts as a projection onto longitudes and latitudes.
func (t *description) readDerived(n *wktNode) (definition, error) {
	base, conversion := n.find("BASEGEOGCRS", "BASEGEODCRS"), n.find("DERIVINGCONVERSION")
	method := conversion.find("METHOD")
	if base == nil || method == nil {
		return definition{}, fmt.Errorf("%s lacks BASEGEOGCRS or METHOD", n.keyword)
	}
	known := false
	for _, name := range poleMethods {
		known = known || strings.EqualFold(name, method.value(0))
	}
	if !known {
		return definition{}, &UnsupportedError{"derived system", method.value(0)}
	}
	if err := t.readGeographic(base); err != nil {
		return definition{}, err
	}
	t.system = base.code()
	args, err := readPoleParameters(conversion)
	if err != nil {
		return definition{}, err
	}
	if unit, err := readUnit(n, degree); err != nil || exactAngle(unit) != degree {
		return definition{}, &UnsupportedError{"unit of a rotated pole", "other than a degree"}
	}
	d, err := t.definition()
	if err != nil {
		return d, err
	}
	if d.projection, err = parseProjection("ob_tran", d.datum.ellipsoid, args); err != nil {
		return d, err
	}
	d.unit = rotatedUnit(d.projection)
	return d, nil
}

// readPoleParameters reads the place of the pole as the parameters of PROJ's operation.
func readPoleParameters(conversion *wktNode) (projection.Arguments, error) {
	given := map[string]float64{}
	for i := range conversion.nodes {
		p := &conversion.nodes[i]
		if p.keyword != "PARAMETER" {
			continue
		}
		key, ok := poleParameters[canonical(p.value(0))]
		if !ok {
			return nil, &UnsupportedError{"parameter", p.value(0)}
		}
		v, err := p.number(1)
		if err != nil {
			return nil, err
		}
		if u := p.find("ANGLEUNIT", "UNIT"); u != nil {
			factor, err := u.number(1)
			if err != nil {
				return nil, err
			}
			if unit := exactAngle(factor); unit != degree {
				v *= unit / degree
			}
		}
		given[key] = v
	}
	args := projection.Arguments{"o_proj": {Word: "longlat"}}
	set := func(key string, v float64) { args[key] = projection.Value{Number: v, IsNumber: true} }
	for key, v := range given {
		switch key {
		case "south": // the southern pole of the grid is opposite the northern one
			set("o_lat_p", -v)
		case "southLon":
			set("lon_0", v)
		case "axis":
			set("o_lon_p", -v)
		case "northLon":
			set("lon_0", 180+v)
		default:
			set(key, v)
		}
	}
	return args, nil
}
