package function

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// NoFunction is the name, in any case, of the rule that leaves pixels as they are.
const NoFunction = "None"

// A Template gives a function a name for rules, as ArcGIS's raster function templates do. Rules may override its
// arguments, by the names that its variables have or, if its Function is no Rule, that its functions' arguments have.
type Template struct {
	Name, Description, Help string
	Function                Function // nil is Source
	// OnItems states that the function is of each raster before they are merged, as functionType 1 of stored templates
	// does. This package knows no mosaics and leaves it to its callers: see the function OnItems.
	OnItems bool
}

// Parse reads a rule that names no templates. The function of an empty object is nil.
func Parse(text string) (Function, error) {
	r, err := ParseRule(text)
	if err != nil || r == nil {
		return nil, err
	}
	return Resolve(r, nil)
}

// Resolve returns f with the functions that its Rules stand for in their place. A template's name counts before that of
// a function. It returns f itself if there is no Rule in it.
func Resolve(f Function, templates []Template) (Function, error) {
	r := &resolver{templates: templates, visits: new(int)}
	out, err := r.function(f)
	if err != nil {
		return nil, asError(err)
	}
	return out, nil
}

// The following bound what one rule makes of templates and of objects that are referred to by number.
const (
	maxVisits  = 4096
	maxNested  = 64
	maxLookups = 1 << 16
)

// A resolver replaces rules. Each template has one of its own, with the arguments that the rule overrides.
type resolver struct {
	templates []Template
	visits    *int
	depth     int
	root      any
	objects   map[int]*object // of root, by _object_id
	source    Function        // what the innermost rasters of a template are; nil is Source
	overrides []*override
	// split, if not nil, takes what is of each raster before they are merged out of the tree; single states that all is, and own
	// that the next rule is what a template is made of, which has judged that.
	split       *splitting
	single, own bool
}

// An override is an argument of a rule that names a template.
type override struct {
	name  string
	value any
	used  bool
}

// visit counts a function, one inside the other.
func (r *resolver) visit() error {
	if *r.visits++; *r.visits > maxVisits {
		return tooLarge("", "it is made of more than %d functions", maxVisits)
	}
	if r.depth++; r.depth > maxNested {
		return tooLarge("", "functions nest deeper than %d", maxNested)
	}
	return nil
}

// function resolves what stands at one place of a tree.
func (r *resolver) function(f Function) (Function, error) {
	if f == nil {
		return r.leaf(), nil
	}
	if isNil(f) {
		return nil, invalid("", "a %T is nil", f)
	}
	if err := r.visit(); err != nil {
		return nil, err
	}
	defer func() { r.depth-- }()
	switch f := f.(type) {
	case *Rule:
		return r.rule(f)
	case Source:
		return r.leaf(), nil
	case merged:
		if r.split != nil {
			return f, nil
		}
		return r.leaf(), nil
	}
	s := f.spec()
	if s == nil {
		return f, nil
	}
	out := clone(f)
	for _, a := range s.args {
		if err := r.override(out, &a); err != nil {
			return nil, of(s.name, err)
		}
		var err error
		switch {
		case a.raster != nil:
			if at := a.raster(out); *at != nil || a.implied {
				*at, err = r.function(*at)
			}
		case a.rasters != nil:
			list := slices.Clone(*a.rasters(out))
			for i := range list {
				if list[i], err = r.function(list[i]); err != nil {
					break
				}
			}
			*a.rasters(out) = list
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// leaf returns what the raster of a rule is where it states none.
func (r *resolver) leaf() Function {
	if r.source != nil {
		return r.source
	}
	return Source{}
}

// clone returns a copy of a function, whose inputs are the same.
func clone(f Function) Function {
	v := reflect.New(reflect.TypeOf(f).Elem())
	v.Elem().Set(reflect.ValueOf(f).Elem())
	return v.Interface().(Function)
}

// override sets an argument of a template's function to what the rule states for it, if it does.
func (r *resolver) override(f Function, a *arg) error {
	for _, o := range r.overrides {
		if a.read != nil && a.called(o.name) {
			o.used = true
			return r.read(f, a, o.name, o.value)
		}
	}
	return nil
}

// rule resolves a rule.
func (r *resolver) rule(rule *Rule) (Function, error) {
	own := r.own
	if r.own = false; !own && r.split != nil && !r.single && OnItems(rule, r.templates) {
		return r.takeOut(rule)
	}
	if rule.root != r.root && rule.root != nil {
		inner := *r
		inner.root, inner.objects = rule.root, nil
		r = &inner
	}
	typ, err := r.outputType(rule.output)
	if err != nil {
		return nil, of(rule.name, err)
	}
	if strings.EqualFold(rule.name, NoFunction) { // whose arguments do not matter
		if typ == raster.Unknown {
			return r.leaf(), nil
		}
		return &Identity{Input: r.leaf(), Output: typ}, nil
	}
	if !rule.stored {
		for i := range r.templates {
			if strings.EqualFold(r.templates[i].Name, rule.name) {
				f, err := r.template(&r.templates[i], rule)
				return typed(f, typ), err
			}
		}
	}
	s := specsByName()[strings.ToLower(rule.name)]
	if s == nil {
		return nil, &Error{Kind: Unsupported, Err: fmt.Errorf("raster function %s is not supported", quote.Text(rule.name))}
	}
	f := s.fresh()
	if s.output != nil {
		*s.output(f) = typ
	}
	if err := r.arguments(f, s, rule); err != nil {
		return nil, of(rule.name, err)
	}
	return f, nil
}

// typed returns f followed by a conversion to a type, if there is one.
func typed(f Function, t raster.PixelType) Function {
	if t == raster.Unknown || f == nil {
		return f
	}
	return &Identity{Input: f, Output: t}
}

func (r *resolver) outputType(v any) (raster.PixelType, error) {
	v, err := r.plain(v, 0)
	if err != nil {
		return 0, err
	}
	if v == nil || v == "" {
		return raster.Unknown, nil
	}
	text, ok := v.(string)
	if !ok {
		return 0, invalid("outputPixelType", "%w", wrongKind(v, "a pixel type"))
	}
	t, ok := raster.ParsePixelType(text)
	if !ok {
		return 0, invalid("outputPixelType", "%s is no pixel type", quote.Text(text))
	}
	return t, nil
}

// template resolves a rule that names a template.
func (r *resolver) template(t *Template, rule *Rule) (Function, error) {
	_, isRule := t.Function.(*Rule)
	inner := &resolver{
		templates: r.templates, visits: r.visits, depth: r.depth, source: r.source, split: r.split, single: r.single, own: isRule,
	}
	if rule, ok := t.Function.(*Rule); ok && !rule.stored && strings.EqualFold(rule.name, t.Name) {
		inner.templates = nil // a template called like the function it is made of
	}
	if rule.args != nil {
		for _, m := range rule.args.members {
			switch key := strings.ToLower(m.name); {
			case ignoredEverywhere[key]:
			case (key == "raster" || key == "dem") && !absent(m.value):
				var err error
				if inner.source, err = r.raster(m.value, false); err != nil {
					return nil, blame(rule.name, m.name, err)
				}
			case key == "raster" || key == "dem":
			default:
				value, err := r.plain(m.value, 0)
				if err != nil {
					return nil, blame(rule.name, m.name, err)
				}
				inner.overrides = append(inner.overrides, &override{name: m.name, value: value})
			}
		}
	}
	f, err := inner.function(t.Function)
	if err != nil {
		return nil, err
	}
	for _, o := range inner.overrides {
		if !o.used {
			return nil, unsupported("", "argument %s of raster function %s is not supported: no variable of this template has that name",
				quote.Text(o.name), quote.Text(rule.name))
		}
	}
	return f, nil
}

// ignoredEverywhere are arguments that change nothing, in lower case.
var ignoredEverywhere = map[string]bool{
	"variablename": true, "matchvariable": true, "uniondimension": true, "type": true, "_object_id": true, "_object_ref_id": true,
}

// arguments reads the arguments of a rule into f.
func (r *resolver) arguments(f Function, s *spec, rule *Rule) error {
	switches := map[string]any{}
	var members []member
	if rule.args != nil {
		members = rule.args.members
	}
	taken := map[*arg]string{}
	for _, m := range members {
		a := s.find(m.name)
		if a == nil {
			if ignoredEverywhere[strings.ToLower(m.name)] {
				continue
			}
			if v, err := r.plain(m.value, 0); rule.stored && err == nil && (absent(v) || v == "") {
				continue // stored templates list all arguments, also those that are not stated
			}
			return unsupported("", "argument %s of raster function %s is not supported", quote.Text(m.name), quote.Text(rule.name))
		}
		if before, twice := taken[a]; twice {
			return invalid(m.name, "it is stated already, as %s", before)
		}
		if err := r.argument(f, a, m, switches, taken); err != nil {
			return blame(rule.name, m.name, err)
		}
	}
	for i := range s.args { // those that are left out
		a := &s.args[i]
		if a.raster != nil && a.implied && taken[a] == "" {
			*a.raster(f) = r.leaf()
		}
		if a.rasters != nil && a.implied && taken[a] == "" {
			*a.rasters(f) = []Function{r.leaf()}
		}
	}
	var err error
	if s.complete != nil {
		err = s.complete(f, func(argument string) bool { return taken[s.find(argument)] != "" })
	}
	if s.finish != nil && err == nil {
		err = s.finish(f, switches)
	}
	if e, ok := err.(*Error); ok && e.Argument != "" && taken[s.find(e.Argument)] != "" {
		e.Argument = taken[s.find(e.Argument)]
	}
	return err
}

// argument reads one argument.
func (r *resolver) argument(f Function, a *arg, m member, switches map[string]any, taken map[*arg]string) error {
	if a.raster != nil || a.rasters != nil {
		v, err := r.unwrap(m.value, 0)
		if err != nil {
			return err
		}
		if absent(v) {
			if name, is := r.datasetVariable(m.value); is == no && a.implied {
				return invalid("", "variable %s has no value, and is for no raster (isDataset is false)", quote.Text(name))
			}
			return nil
		}
		taken[a] = m.name
		if a.raster != nil {
			*a.raster(f), err = r.raster(v, a.constants)
		} else {
			*a.rasters(f), err = r.rasters(v, a.constants)
		}
		return err
	}
	v, err := r.plain(m.value, 0)
	if err != nil {
		return err
	}
	if absent(v) {
		if name, is := r.datasetVariable(m.value); is == yes {
			return invalid("", "variable %s is for a raster (isDataset is true), and not for %s", quote.Text(name), a.kind)
		}
		return nil
	}
	taken[a] = m.name
	if a.readSwitch != nil {
		switches[a.name], err = a.readSwitch(v)
		return err
	}
	return a.read(f, v)
}

func (r *resolver) read(f Function, a *arg, name string, v any) error {
	if absent(v) {
		return nil
	}
	if err := a.read(f, v); err != nil {
		return blame(f.spec().name, name, err)
	}
	return nil
}

// blame names a function and an argument in an error about it.
func blame(function, argument string, err error) error {
	e, ok := err.(*Error)
	if !ok {
		return &Error{Function: function, Argument: argument, Err: err}
	}
	if e.Function == "" {
		e.Function = function
		if e.Argument == "" {
			e.Argument = argument
		}
	}
	return e
}
