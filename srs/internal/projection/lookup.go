package projection

import (
	"slices"
	"sync"
)

// A table finds descriptors by their spellings.
type table struct {
	operations map[string]namedOperation
	dialects   [3]map[string]namedMethod // by names that mean something else in another dialect, and all of EPSG's
	names      map[string]namedMethod
	geoTIFF    map[uint16][]namedMethod
	exact      map[string]namedMethod // by EPSG's names as they are: "PROJ mbt_fps" is not "PROJ mbtfps"
	parameters map[string]Parameter
}

type namedOperation struct {
	descriptor *Descriptor
	operation  *Operation
}

type namedMethod struct {
	descriptor *Descriptor
	method     *Method
}

// lookup returns the table of All. It is made on the first call.
var lookup = sync.OnceValue(func() *table { return newTable(All) })

func newTable(all []*Descriptor) *table {
	t := &table{
		operations: map[string]namedOperation{}, names: map[string]namedMethod{}, geoTIFF: map[uint16][]namedMethod{},
		exact: map[string]namedMethod{}, dialects: [3]map[string]namedMethod{{}, {}, {}}, parameters: map[string]Parameter{},
	}
	t.addMethods(all, func(m *Method) []string { return []string{m.Esri} }, t.names)
	t.addMethods(all, func(m *Method) []string { return []string{m.EPSG} }, t.names, t.dialects[EPSG])
	t.addMethods(all, func(m *Method) []string { return m.OGC }, t.names, t.dialects[OGC])
	t.addMethods(all, func(m *Method) []string { return m.Aliases }, t.names)
	for _, d := range all {
		for i := range d.Operations {
			t.operations[d.Operations[i].Name] = namedOperation{d, &d.Operations[i]}
		}
		for i := range d.Methods {
			m := &d.Methods[i]
			if _, taken := t.exact[m.EPSG]; !taken {
				t.exact[m.EPSG] = namedMethod{d, m}
			}
			if m.GeoTIFF != 0 {
				t.geoTIFF[m.GeoTIFF] = append(t.geoTIFF[m.GeoTIFF], namedMethod{d, m})
			}
			for _, p := range m.Parameters {
				t.addParameter(p, p.EPSG, p.Esri)
			}
		}
	}
	for _, a := range aliases {
		t.addParameter(a.of, a.names...)
	}
	return t
}

// GeoTIFFMethod returns the method of a code of ProjCoordTransGeoKey, nil if there is none. has reports whether a key is
// present: of several methods with one code, the first one counts that has no standard parallel or whose one is present.
func GeoTIFFMethod(code uint16, has func(key uint16) bool) *Method {
	methods := lookup().geoTIFF[code]
	for _, m := range methods {
		lacks := func(p Parameter) bool { return p.GeoKey == firstParallel.GeoKey && !has(p.GeoKey) }
		if !slices.ContainsFunc(m.method.Parameters, lacks) {
			return m.method
		}
	}
	if len(methods) == 0 {
		return nil
	}
	return methods[0].method
}

// addMethods adds all methods under some of their names. The first method of a name keeps it.
func (t *table) addMethods(all []*Descriptor, names func(*Method) []string, to ...map[string]namedMethod) {
	for _, d := range all {
		for i := range d.Methods {
			for _, name := range names(&d.Methods[i]) {
				for _, index := range to {
					if _, taken := index[Canonical(name)]; !taken && name != "" {
						index[Canonical(name)] = namedMethod{d, &d.Methods[i]}
					}
				}
			}
		}
	}
}

func (t *table) addParameter(p Parameter, names ...string) {
	for _, name := range names {
		if key := Canonical(name); key != "" {
			t.parameters[key] = p
		}
	}
}
