package projection

import (
	"slices"
	"strings"
)

// A Method is one form of a projection, as authorities name and number it. A projection is written by the first of its
// descriptor's methods whose name and parameters express all of it. A name of a text is read by the first method that has
// it.
type Method struct {
	EPSG string // EPSG's name, or PROJ's where EPSG has none, in WKT 2 and PROJJSON. "" if the method is only read.
	Code int    // EPSG's code, or 0

	Esri    string // Esri's name, in its dialect of WKT 1. "" if that has none for the form
	GeoTIFF uint16 // the code of ProjCoordTransGeoKey, or 0

	OGC     []string // names in WKT 1 that is not Esri's, GDAL's first. Some mean something else in Esri's dialect.
	Aliases []string // other names in texts, such as those of other editions of the EPSG data set

	// Parameters are in EPSG's order.
	Parameters []Parameter

	// What follows decides which projections the method is written for.

	Surface Surface
	Variant string
	Axes    Axes

	// Form reports whether a projection has the method's form, and resets in it what the name implies, so that only what
	// parameters express is left. Variant and axes are reset by then. nil means true.
	Form func(p *Projection) bool

	// EsriForm does the same for Esri's name and parameters, after Form.
	EsriForm func(p *Projection) bool

	// What follows decides how the method is read: as a PROJ operation.

	// Operation is PROJ's, by default the first of the projection.
	Operation string

	// Sets are arguments that the name implies.
	Sets map[string]string

	// Renames are keys of parameters that are arguments of other names here.
	Renames []Rename

	// Read sees to what does not map one to one. It may be nil.
	Read func(r *Reading) error
}

// A Rename makes the value of a key that of other keys.
type Rename struct {
	From string
	To   []string
}

// trueScale renames the standard parallel of texts to PROJ's latitude of true scale.
var trueScale = []Rename{{"lat_1", []string{"lat_ts"}}}

// A Surface is what a method maps, by the datum's ellipsoid.
type Surface uint8

const (
	OnEllipsoid Surface = iota // the datum's, which may be a sphere
	OnSphere                   // the sphere of its semi-major axis
	OnAuthalic                 // the sphere with the same surface
)

func (s Surface) is(e, datum Ellipsoid) bool {
	switch s {
	case OnSphere:
		return e == datum.Sphere()
	case OnAuthalic:
		return e == datum.AuthalicSphere()
	}
	return e == datum
}

// A Spelling is a method's name and the values of its parameters.
type Spelling struct {
	Method *Method
	Values []SpelledValue
}

// A SpelledValue is a parameter with its value in the parameter's unit.
type SpelledValue struct {
	Parameter
	Value float64
}

// Spell returns the projection in EPSG's words, in which WKT 2 and GeoTIFF speak. datum is the ellipsoid of the datum. ok
// is false if no method expresses all of it.
func (p Projection) Spell(datum Ellipsoid) (s Spelling, ok bool) {
	return p.spell(datum, func(m *Method) bool { return m.EPSG != "" }, nil, func(a Parameter) bool { return a.EPSG != "" })
}

// SpellEsri returns the projection in the words of Esri's dialect of WKT 1, in their order there.
func (p Projection) SpellEsri(datum Ellipsoid) (s Spelling, ok bool) {
	s, ok = p.spell(datum, func(m *Method) bool { return m.Esri != "" },
		func(m *Method) func(*Projection) bool { return m.EsriForm }, func(a Parameter) bool { return a.Esri != "" })
	slices.SortStableFunc(s.Values, func(a, b SpelledValue) int {
		return slices.Index(esriOrder, a.Esri) - slices.Index(esriOrder, b.Esri)
	})
	return s, ok
}

// esriOrder is the order of parameters in Esri's texts.
var esriOrder = strings.Fields(`False_Easting False_Northing Height Central_Meridian Standard_Parallel_1 Standard_Parallel_2
	Central_Parallel Scale_Factor Azimuth Longitude_Of_Center Latitude_Of_1st_Point Latitude_Of_2nd_Point
	Longitude_Of_1st_Point Longitude_Of_2nd_Point Latitude_Of_Origin Latitude_Of_Center Auxiliary_Sphere_Type Option
	Pseudo_Standard_Parallel_1 X_Scale Y_Scale XY_Plane_Rotation`)

func (p Projection) spell(datum Ellipsoid, has func(*Method) bool, form func(*Method) func(*Projection) bool,
	speaks func(Parameter) bool) (s Spelling, ok bool) {
	for i := range p.Descriptor.Methods {
		m, left := &p.Descriptor.Methods[i], p
		if !has(m) || !m.Surface.is(p.Ellipsoid, datum) || m.Variant != p.Variant || m.Axes != p.Axes {
			continue
		}
		left.Variant, left.Axes = "", EastNorth
		if m.Form != nil && !m.Form(&left) {
			continue
		}
		if form != nil && form(m) != nil && !form(m)(&left) {
			continue
		}
		s = Spelling{Method: m}
		for _, a := range m.Parameters {
			if !speaks(a) {
				continue
			}
			v := a.Fixed
			if field := left.at(a.Field); field != nil {
				v = *field
			}
			s.Values = append(s.Values, SpelledValue{a, v})
		}
		for _, v := range s.Values {
			if field := left.at(v.Field); field != nil {
				*field = 0
			}
		}
		// What is left has not been expressed.
		if left.ScaleFactor == 1 {
			left.ScaleFactor = 0
		}
		if left == (Projection{Descriptor: p.Descriptor, Ellipsoid: p.Ellipsoid}) {
			return s, true
		}
	}
	return Spelling{}, false
}
