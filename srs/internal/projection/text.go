package projection

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Dialect decides whose names the methods of a text bear where these clash.
type Dialect uint8

const (
	Esri Dialect = iota // WKT 1 as Esri writes it
	OGC                 // WKT 1 of others
	EPSG                // WKT 2 and PROJJSON
)

// A Text is a projection as a text spells it.
type Text struct {
	Method  string
	Dialect Dialect
	Values  map[string]TextValue // by Parameter.Key
	Axes    TextAxes
}

// A TextValue is the value of a parameter, in degrees, metres or as a number, and the name by which the text has it.
type TextValue struct {
	Name  string
	Value float64
}

// TextAxes are the axes of a projected system as far as a text states them. Both axes of a polar system point the same
// way, which states nothing.
type TextAxes uint8

const (
	AxesNotStated TextAxes = iota
	AxesPlain              // east and north, in any order
	AxesReversed           // one points to the west or to the south
	AxesSouthWest          // the first one to the south, and the second to the west
	AxesWestSouth          // the first one to the west, and the second to the south
)

// Reversed reports whether an axis points to the west or to the south.
func (a TextAxes) Reversed() bool { return a >= AxesReversed }

// A Reading is a text on its way to the arguments of a PROJ operation.
type reading struct {
	Operation string
	Values    map[string]float64
	Sets      Arguments
	Axes      TextAxes
}

func (r *reading) has(key string) bool { _, ok := r.Values[key]; return ok }

// drop removes a value, which must be one of the allowed ones.
func (r *reading) drop(key string, allowed ...float64) error {
	value, ok := r.Values[key]
	delete(r.Values, key)
	if ok && !slices.ContainsFunc(allowed, func(a float64) bool { return math.Abs(a-value) < 1e-9 }) {
		return &Unsupported{"value of a parameter", fmt.Sprintf("%s %v", key, value)}
	}
	return nil
}

// FromText turns a text's method and parameters into a projection on an ellipsoid. False eastings and northings are
// metres, as in Parse. The error is an *Unsupported.
func FromText(text Text, e Ellipsoid) (Projection, error) { return lookup().fromText(text, e) }

func (t *table) fromText(text Text, e Ellipsoid) (Projection, error) {
	d, m := t.methodNamed(text.Method, text.Dialect)
	if m == nil {
		return Projection{}, &Unsupported{"projection", text.Method}
	}
	r := reading{Operation: m.Operation, Values: map[string]float64{}, Sets: Arguments{}, Axes: text.Axes}
	if r.Operation == "" {
		r.Operation = d.Operations[0].Name
	}
	for key, v := range text.Values {
		r.Values[key] = v.Value
	}
	if err := r.apply(m); err != nil {
		return Projection{}, err
	}
	if known, ok := t.operations[r.Operation]; ok {
		r.dropNeutral(known.operation)
	}
	p, err := t.parse(r.Operation, e, r.Sets)
	if u, ok := err.(*Unsupported); ok && u.Element == "parameter of "+r.Operation {
		if v, ok := text.Values[u.Name]; ok {
			return p, &Unsupported{"parameter of " + text.Method, v.Name}
		}
	}
	if err == nil && text.Axes.Reversed() && p.Axes == EastNorth {
		return p, &Unsupported{"axis direction of projection", text.Method}
	}
	return p, err
}

// apply turns the values into arguments, as the method means them.
func (r *reading) apply(m *Method) error {
	for _, n := range m.Renames {
		if v, ok := r.Values[n.From]; ok {
			delete(r.Values, n.From)
			for _, key := range n.To {
				r.Values[key] = v
			}
		}
	}
	for key, value := range m.Sets {
		r.Sets[key] = Value{Word: value}
	}
	if m.Read != nil {
		if err := m.Read(r); err != nil {
			return err
		}
	}
	for _, a := range m.Parameters {
		if a.Field == NoField {
			if err := r.drop(a.Key, a.Fixed); err != nil {
				return err
			}
		}
	}
	if axis := r.Sets["axis"].Word; axis == "wsu" || axis == "wnu" { // a text gives the false origin along its own axes
		r.Values["x_0"] = -r.Values["x_0"]
		if axis == "wsu" {
			r.Values["y_0"] = -r.Values["y_0"]
		}
	}
	for key, v := range r.Values {
		r.Sets[key] = numberValue(v)
	}
	return nil
}

// dropNeutral removes values that the operation has no parameter for and that change nothing anywhere: a scale of one, and
// zeros. Many writers list them for all methods.
func (r *reading) dropNeutral(o *Operation) {
	for key, v := range r.Values {
		if _, sets := r.Sets[key]; !sets || o.takes(key) || o.takes(keyAliases[key]) {
			continue
		}
		if key == "k_0" && v == 1 || key != "k_0" && v == 0 {
			delete(r.Sets, key)
		}
	}
}

// TextParameter returns the parameter that a text calls by a name. Its spellings are those of one of its methods.
func TextParameter(name string) (Parameter, bool) {
	p, ok := lookup().parameters[Canonical(name)]
	return p, ok
}

// Canonical returns the form that all spellings of a name have in common: of Transverse_Mercator and "Transverse
// Mercator", of GCS_WGS_1984 and "WGS 1984".
func Canonical(name string) string {
	name = strings.ToLower(name)
	name = strings.TrimPrefix(name, "d_")
	name = strings.TrimPrefix(name, "gcs_")
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_ -()/", r) {
			return -1
		}
		return r
	}, name)
}

// methodNamed returns the method that a dialect's texts mean by a name, nil if there is none.
func (t *table) methodNamed(name string, dialect Dialect) (*Descriptor, *Method) {
	m, ok := t.exact[name]
	if ok && strings.HasPrefix(name, "PROJ ") {
		return m.descriptor, m.method
	}
	name = Canonical(name)
	if m, ok = t.dialects[dialect][name]; !ok {
		m = t.names[name]
	}
	return m.descriptor, m.method
}
