package function

import "strings"

// OnItems reports whether f is a rule that is to be computed for each raster before they are merged: one that names a
// Template with OnItems, or is a stored template of functionType 1 itself. Others may hold one: see Split.
func OnItems(f Function, templates []Template) bool {
	r, ok := f.(*Rule)
	if !ok || r == nil {
		return false
	}
	if r.stored || strings.EqualFold(r.name, NoFunction) {
		return r.onItems
	}
	for i := range templates {
		if strings.EqualFold(templates[i].Name, r.name) {
			return templates[i].OnItems
		}
	}
	return false
}

// Split resolves f, as Resolve does, into what is computed of each raster before they are merged, nil if nothing is,
// and what is computed of their mosaic: Source if nothing is. A rule of functionType 1 may lie inside of others, which
// are then of the mosaic of its results. It is an error if there are two that differ, or if a function is also of the
// rasters themselves, as a place has one mosaic.
func Split(f Function, templates []Template) (each, mosaic Function, err error) {
	r := &resolver{templates: templates, visits: new(int), split: &splitting{}}
	if mosaic, err = r.function(f); err != nil {
		return nil, nil, asError(err)
	}
	if r.split.each == nil {
		return nil, mosaic, nil
	}
	for leaf := range Leaves(mosaic) {
		if leaf == Leaf(Source{}) {
			return nil, nil, of(r.split.name, unsupported("",
				"functionType 1 (item) inside of a function that is also of the rasters themselves is not supported"))
		}
	}
	mosaic, err = Compose(mosaic, Source{})
	return r.split.each, mosaic, err
}

// A splitting is what Split has found.
type splitting struct {
	name string   // of the rule
	each Function // nil if there is none
	text []byte   // of each
}

// merged stands for the mosaic of what is computed of single rasters, until Split puts Source in its place.
type merged struct{}

func (merged) spec() *spec { return nil }

func (merged) compile(*compilation, []input) (step, error) {
	return step{}, invalid("", "what is computed of single rasters is not known")
}

// takeOut resolves a rule of single rasters, and returns what stands for its result in the tree.
func (r *resolver) takeOut(rule *Rule) (Function, error) {
	inner := *r
	inner.single = true
	f, err := inner.rule(rule)
	if err != nil {
		return nil, err
	}
	if f, err = Compose(f, Source{}); err != nil { // with what else was taken out, which then differs
		return nil, err
	}
	text, err := Marshal(f)
	if err != nil {
		return nil, err
	}
	if r.split.each != nil && string(text) != string(r.split.text) {
		return nil, of(rule.name, unsupported("",
			"two functions of functionType 1 (item) that differ are not supported in one rule"))
	}
	r.split.name, r.split.each, r.split.text = rule.name, f, text
	return merged{}, nil
}
