package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
)

// Measurements are those that are served. The others of ArcGIS are of heights.
var Measurements = Enum[exportimage.Measurement]{
	{Value: exportimage.MeasurePoint, Name: "esriMensurationPoint"},
	{Value: exportimage.MeasureDistance, Name: "esriMensurationDistanceAndAngle"},
	{Value: exportimage.MeasureArea, Name: "esriMensurationAreaAndPerimeter"},
	{Value: exportimage.MeasureCentroid, Name: "esriMensurationCentroid"},
}

// A Unit is a unit of lengths, areas or angles by its name. Size is what it has of metres, square metres or degrees.
type Unit struct {
	Name string
	Size float64
}

// Units by the names of ArcGIS. The foot is the international one, of 0.3048 m.
var (
	LinearUnits = unitsOf(
		Unit{"esriMeters", 1}, Unit{"esriKilometers", 1000}, Unit{"esriDecimeters", 0.1}, Unit{"esriCentimeters", 0.01},
		Unit{"esriMillimeters", 0.001}, Unit{"esriInches", 0.0254}, Unit{"esriFeet", 0.3048}, Unit{"esriYards", 0.9144},
		Unit{"esriMiles", 1609.344}, Unit{"esriNauticalMiles", 1852},
	)
	AreaUnits = unitsOf(
		Unit{"esriSquareMeters", 1}, Unit{"esriSquareKilometers", 1e6}, Unit{"esriHectares", 1e4}, Unit{"esriAres", 100},
		Unit{"esriSquareDecimeters", 0.01}, Unit{"esriSquareCentimeters", 0.0001}, Unit{"esriSquareMillimeters", 0.000001},
		Unit{"esriSquareInches", 0.00064516}, Unit{"esriSquareFeet", 0.09290304}, Unit{"esriSquareYards", 0.83612736},
		Unit{"esriAcres", 4046.8564224}, Unit{"esriSquareMiles", 2589988.110336},
	)
	AngularUnits = unitsOf(Unit{"esriDUDecimalDegrees", 1}, Unit{"esriDURadians", 57.295779513082320877})
)

func unitsOf(units ...Unit) (out Enum[Unit]) {
	for _, u := range units {
		out = append(out, Word[Unit]{Value: u, Name: u.Name, Aliases: []string{strings.TrimPrefix(u.Name, "esriDU")}})
	}
	return out
}

// The parameters of measurements and of operations on lists of geometries. They must not be changed.
var (
	FromGeometryParam = geometryNamed("fromGeometry", "`JSON` of the point, polygon or envelope that is measured, or x,y")
	ToGeometryParam   = geometryNamed("toGeometry", "`JSON` of the other point of a distance, or x,y")

	MeasureOperationParam = Param[exportimage.Measurement]{
		Info: Info{Name: "measureOperation", Help: "`what` is measured", Values: Measurements.Names()}, Read: readMeasurement,
	}
	LinearUnitParam = Param[Unit]{
		Info: Info{Name: "linearUnit", Help: "`unit` of lengths", Values: LinearUnits.Names(), Default: "esriMeters"}, Read: LinearUnits.Read,
	}
	AreaUnitParam = Param[Unit]{
		Info: Info{Name: "areaUnit", Help: "`unit` of areas", Values: AreaUnits.Names(), Default: "esriSquareMeters"}, Read: AreaUnits.Read,
	}
	AngularUnitParam = Param[Unit]{
		Info: Info{
			Name: "angularUnit", Help: "`unit` of angles", Values: AngularUnits.Names(), Default: "esriDUDecimalDegrees",
		},
		Read: AngularUnits.Read,
	}
	GeometriesParam = Param[[]exportimage.Geometry]{
		Info: Info{
			Name: "geometries", Help: "`JSON` with geometryType and a list geometries, or such a list, or x,y,x,y of points",
		},
		MaxBytes: 1 << 20, Read: readGeometries,
	}
	RasterIDParam = Param[int64]{Info: Info{Name: "rasterId", Help: "`ID` of a raster"}, Read: Exactly(integer)}
)

func geometryNamed(name, help string) Param[exportimage.Geometry] {
	p := GeometryParam
	p.Name, p.Help = name, help
	return p
}

func readMeasurement(s string, f *Forgiven) (exportimage.Measurement, error) {
	folded := fold(s)
	if strings.HasPrefix(folded, "height") || strings.HasSuffix(folded, "3d") {
		return 0, unsupported("%s is not supported: heights are not measured", quote.Text(s))
	}
	return Measurements.Read(s, f)
}

// maxGeometries bounds how many geometries a request may list.
const maxGeometries = 1 << 14

func readGeometries(s string, f *Forgiven) (out []exportimage.Geometry, err error) {
	if !isJSON(s) && !strings.HasPrefix(s, "[") {
		n, err := numbers(s, 2*maxGeometries, f)
		if err != nil {
			return nil, err
		}
		if len(n) == 0 || len(n)%2 != 0 {
			return nil, fmt.Errorf("x and y of each point are wanted, not %d numbers", len(n))
		}
		for i := 0; i < len(n); i += 2 {
			out = append(out, pointAt(n[i], n[i+1]))
		}
		return out, nil
	}
	strict, err := readJSON(s, f)
	if err != nil {
		return nil, err
	}
	var all []json.RawMessage
	kind := exportimage.GeometryType(0)
	if strict[0] == '{' {
		m, err := readMembers(string(strict), f)
		if err != nil {
			return nil, err
		}
		if kind, err = takeWord(m, GeometryTypes, "geometryType", "type"); err != nil {
			return nil, err
		}
		raw, ok := m.takeRaw("geometries")
		if !ok {
			return nil, errors.New(`member "geometries" is missing`)
		}
		strict = raw
	}
	if json.Unmarshal(strict, &all) != nil {
		return nil, errors.New("it has no list of geometries")
	}
	if len(all) > maxGeometries {
		return nil, fmt.Errorf("there are more than %d geometries", maxGeometries)
	}
	for i, raw := range all {
		g, err := readGeometry(string(raw), f)
		if err != nil {
			if e, ok := errors.AsType[*exportimage.Error](err); ok {
				return nil, &exportimage.Error{Kind: e.Kind, Err: fmt.Errorf("geometry %d: %w", i, e.Err)}
			}
			return nil, fmt.Errorf("geometry %d: %w", i, err)
		}
		if kind != 0 && g.Type != kind {
			return nil, fmt.Errorf("geometry %d is of type %s, and geometryType is %s", i, GeometryTypes.Name(g.Type), GeometryTypes.Name(kind))
		}
		out = append(out, g)
	}
	return out, nil
}
