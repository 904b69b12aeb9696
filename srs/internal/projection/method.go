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

	Surface surface
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
	Renames []rename

	// Read sees to what does not map one to one. It may be nil.
	Read func(r *reading) error
}

// A rename makes the value of a key that of other keys.
type rename struct {
	From string
	To   []string
}

// trueScale renames the standard parallel of texts to PROJ's latitude of true scale.
var trueScale = []rename{{"lat_1", []string{"lat_ts"}}}

// A surface is what a method maps, by the datum's ellipsoid.
type surface uint8

const (
	onEllipsoid surface = iota // the datum's, which may be a sphere
	onSphere                   // the sphere of its semi-major axis
	onAuthalic                 // the sphere with the same surface
)

func (s surface) is(e, datum Ellipsoid) bool {
	switch s {
	case onSphere:
		return e == datum.Sphere()
	case onAuthalic:
		return e == datum.authalicSphere()
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
func (p Projection) Spell(datum Ellipsoid) (s Spelling, ok bool) { return p.spell(datum, wordsOfEPSG) }

// SpellEsri returns the projection in the words of Esri's dialect of WKT 1, in their order there.
func (p Projection) SpellEsri(datum Ellipsoid) (s Spelling, ok bool) {
	s, ok = p.spell(datum, wordsOfEsri)
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

// words are one authority's: the names of methods and parameters, and the form that a projection has besides Method.Form.
type words struct {
	method    func(m *Method) string
	parameter func(p Parameter) string
	form      func(m *Method) func(*Projection) bool
}

var (
	wordsOfEPSG = words{
		method:    func(m *Method) string { return m.EPSG },
		parameter: func(p Parameter) string { return p.EPSG },
		form:      func(*Method) func(*Projection) bool { return nil },
	}
	wordsOfEsri = words{
		method:    func(m *Method) string { return m.Esri },
		parameter: func(p Parameter) string { return p.Esri },
		form:      func(m *Method) func(*Projection) bool { return m.EsriForm },
	}
)

func (p Projection) spell(datum Ellipsoid, w words) (Spelling, bool) {
	if p.Descriptor == nil {
		return Spelling{}, false
	}
	for i := range p.Descriptor.Methods {
		m := &p.Descriptor.Methods[i]
		if w.method(m) == "" || !m.Surface.is(p.Ellipsoid, datum) || m.Variant != p.Variant || m.Axes != p.Axes {
			continue
		}
		if values, ok := m.express(p, w); ok {
			return Spelling{m, values}, true
		}
	}
	return Spelling{}, false
}

// express returns the values of the method's parameters. ok is false if the projection has another form, or something
// that no parameter expresses.
func (m *Method) express(p Projection, w words) (values []SpelledValue, ok bool) {
	left := p
	left.Variant, left.Axes = "", EastNorth
	for _, form := range [...]func(*Projection) bool{m.Form, w.form(m)} {
		if form != nil && !form(&left) {
			return nil, false
		}
	}
	for _, a := range m.Parameters {
		if w.parameter(a) == "" {
			continue
		}
		v := a.Fixed
		if field := left.at(a.Field); field != nil {
			v = *field
		}
		values = append(values, SpelledValue{a, v})
	}
	for _, v := range values {
		if field := left.at(v.Field); field != nil {
			*field = 0
		}
	}
	if left.ScaleFactor == 1 {
		left.ScaleFactor = 0
	}
	return values, left == Projection{Descriptor: p.Descriptor, Ellipsoid: p.Ellipsoid}
}
