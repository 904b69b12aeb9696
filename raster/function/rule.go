package function

import (
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// A Rule is a function as a client wrote it, in JSON: its name may be that of a service's Template. Resolve makes the
// function of it that it stands for; a Rule itself does not compile. ParseRule makes one; the zero value names no
// function.
type Rule struct {
	name   string  // as it is written
	args   *object // as they are written; nil for none
	output any     // outputPixelType
	stored bool    // in the form of stored templates, which name functions and no templates
	// onItems states that it is of each raster before they are merged; it is of stored ones.
	onItems bool
	root    any // where objects that are referred to by number are; nil is the arguments
}

func (*Rule) spec() *spec { return nil }

func (r *Rule) compile(*compilation, []input) (step, error) {
	return step{}, invalid("", "the rule %s is not resolved", quote.Text(r.name))
}

// Named returns the rule that is nothing but a name.
func Named(name string) *Rule { return &Rule{name: name} }

// IsNone reports whether the rule leaves pixels as they are.
func (r *Rule) IsNone() bool {
	return r != nil && strings.EqualFold(r.name, NoFunction) && (r.output == nil || r.output == "")
}

// Name returns the name that the rule gives its outermost function.
func (r *Rule) Name() string { return r.name }

// ParseRule reads a rule in any of the forms in use: a function object with rasterFunction and rasterFunctionArguments, a
// raster function template as ArcGIS Pro stores it, or a bare name. It returns nil for an empty object, which some clients
// send for no rule. What arguments mean, and whether the functions exist, Resolve finds.
func ParseRule(text string) (*Rule, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") {
		name := strings.Trim(text, `"`)
		if name == "" {
			return nil, invalid("", "it names no raster function")
		}
		return &Rule{name: name}, nil
	}
	v, err := readJSON(text)
	if err != nil {
		return nil, asError(err)
	}
	o := v.(*object)
	if len(o.members) == 0 {
		return nil, nil
	}
	return ruleOf(o, v)
}

// asError returns err as an *Error.
func asError(err error) error {
	if _, ok := err.(*Error); ok || err == nil {
		return err
	}
	return &Error{Err: err}
}

// ruleOf reads an object as a rule. root is the value that it is a part of.
func ruleOf(o *object, root any) (*Rule, error) {
	if _, ok := o.get("function"); ok {
		return templateOf(o, root)
	}
	r := &Rule{root: root}
	var spelled string
	var other error // of a member that functions do not have, which counts after a name that is missing
	for _, m := range o.members {
		switch strings.ToLower(m.name) {
		case "rasterfunction", "name":
			name, ok := m.value.(string)
			if !ok {
				return nil, invalid("", "member %s has a value of the wrong kind", quote.Text(m.name))
			}
			if spelled == "" || strings.EqualFold(m.name, "rasterFunction") { // which counts
				r.name, spelled = strings.TrimSpace(name), m.name
			}
		case "rasterfunctionarguments":
			if m.value == nil {
				continue
			}
			args, ok := m.value.(*object)
			if !ok {
				return nil, invalid("", "member %s has a value of the wrong kind", quote.Text(m.name))
			}
			r.args = args
		case "outputpixeltype":
			r.output = m.value
		case "variablename": // whichever argument is the raster holds it
			if _, ok := m.value.(string); !ok && m.value != nil {
				return nil, invalid("", "member %s has a value of the wrong kind", quote.Text(m.name))
			}
		case "_object_id", "_object_ref_id":
		default:
			if m.value != nil && other == nil {
				other = unsupported("", "member %s of a raster function is not supported", quote.Text(m.name))
			}
		}
	}
	if r.name == "" {
		return nil, invalid("", "it names no raster function")
	}
	if r.args != nil && len(r.args.members) == 0 {
		r.args = nil
	}
	if r.args == nil && r.output == nil {
		r.root = nil
	}
	return r, other
}

// aboutTemplates are the members of a stored template that describe it to people and programs, in lower case.
var aboutTemplates = map[string]bool{
	"name": true, "description": true, "thumbnail": true, "thumbnailex": true, "help": true, "tag": true, "version": true,
	"_class": true, "definition": true, "group": true, "aliases": true, "properties": true, "type": true,
	"_object_id": true, "_object_ref_id": true,
}

// templateOf reads an object in the form in which functions are stored.
func templateOf(o *object, root any) (*Rule, error) {
	r := &Rule{stored: true, root: root}
	for _, m := range o.members {
		var err error
		switch key := strings.ToLower(m.name); {
		case key == "function":
			err = r.takeFunction(m.value)
		case key == "arguments":
			args, ok := m.value.(*object)
			if !ok && m.value != nil {
				err = invalid("", "member %s has a value of the wrong kind", quote.Text(m.name))
			}
			r.args = argumentsOf(args)
		case key == "functiontype":
			r.onItems, err = readFunctionType(m.value)
		case aboutTemplates[key]:
		case m.value != nil:
			err = unsupported("", "member %s of a raster function template is not supported", quote.Text(m.name))
		}
		if err != nil {
			return nil, err
		}
	}
	if r.name == "" {
		return nil, invalid("", "it names no raster function")
	}
	return r, nil
}

// readFunctionType reports whether a stored template is of each raster before they are merged. Such numbers are ArcGIS's: 0 is
// the mosaic, 1 each item of it, and 2 each group of items, by an attribute that catalogues have here without that meaning.
func readFunctionType(v any) (onItems bool, err error) {
	if v == nil {
		return false, nil
	}
	n, err := readWhole(v)
	switch {
	case err != nil:
		return false, invalid("", "functionType: %w", err)
	case n == 2:
		return false, unsupported("", "functionType 2 (item groups) is not supported, as rasters have no groups; 0 (mosaic) and 1 (item) are")
	case n != 0 && n != 1:
		return false, invalid("", "functionType %d is neither 0 (mosaic), 1 (item) nor 2 (item groups)", n)
	}
	return n == 1, nil
}

// argumentsOf returns the arguments of a stored template. Those of CompositeBand may be its rasters themselves.
func argumentsOf(args *object) *object {
	if args == nil {
		return nil
	}
	switch kind, _ := args.get("type"); kind {
	case "RasterFunctionVariable", "ArgumentArray", "RasterFunctionTemplate":
		return &object{members: []member{{"Rasters", args}}}
	}
	return args
}

// takeFunction reads the member function of a stored template.
func (r *Rule) takeFunction(v any) error {
	o, ok := v.(*object)
	if !ok {
		return invalid("", "member \"function\" has a value of the wrong kind")
	}
	var kind, name string
	for _, m := range o.members {
		text, isText := m.value.(string)
		switch strings.ToLower(m.name) {
		case "type":
			kind = text
		case "name":
			name = text
		case "pixeltype":
			r.output, isText = m.value, true
		case "description", "_object_id", "_object_ref_id", "_class", "help", "aliases", "properties":
			isText = true
		default:
			return unsupported("", "member %s of the function of a template is not supported", quote.Text(m.name))
		}
		if !isText && m.value != nil {
			return invalid("", "member %s has a value of the wrong kind", quote.Text(m.name))
		}
	}
	if r.name = strings.TrimSuffix(kind, "Function"); r.name == "" {
		r.name = name
	}
	return nil
}

// ParseTemplate reads a raster function template as ArcGIS stores it, in JSON or in XML, with its name and description.
func ParseTemplate(text string) (Template, error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	read := readJSON
	if strings.HasPrefix(text, "<") {
		read = readXML
	}
	v, err := read(text)
	if err != nil {
		return Template{}, asError(err)
	}
	o, ok := v.(*object)
	if !ok {
		return Template{}, invalid("", "a template is an object")
	}
	if _, ok := o.get("function"); !ok {
		return Template{}, invalid("", "it has no member \"function\"")
	}
	rule, err := templateOf(o, v)
	if err != nil {
		return Template{}, asError(err)
	}
	t := Template{Function: rule, OnItems: rule.onItems}
	for name, to := range map[string]*string{"name": &t.Name, "description": &t.Description, "help": &t.Help} {
		if m, ok := o.get(name); ok && m != nil {
			if *to, ok = m.(string); !ok {
				return Template{}, invalid("", "member %s has a value of the wrong kind", quote.Text(name))
			}
		}
	}
	if _, err := Resolve(rule, nil); err != nil {
		return Template{}, err
	}
	return t, nil
}
