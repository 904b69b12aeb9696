package function

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// unwrap returns what a value of a rule stands for: the value of a variable, the object that a number refers to, the
// scalar in its wrapper or the elements of an array. Elements of lists are left as they are.
func (r *resolver) unwrap(v any, depth int) (any, error) {
	o, ok := v.(*object)
	if !ok {
		return v, nil
	}
	if depth > maxNested {
		return nil, tooLarge("", "values nest deeper than %d", maxNested)
	}
	if *r.visits++; *r.visits > maxLookups {
		return nil, tooLarge("", "it has more than %d values in objects", maxLookups)
	}
	if len(o.members) == 1 && strings.EqualFold(o.members[0].name, "_object_ref_id") {
		to, err := r.object(o.members[0].value)
		if err != nil {
			return nil, err
		}
		return r.unwrap(to, depth+1)
	}
	kind, _ := o.get("type")
	switch kind {
	case "RasterFunctionVariable":
		if name, ok := o.get("name"); ok {
			for _, over := range r.overrides {
				if text, ok := name.(string); ok && strings.EqualFold(text, over.name) {
					over.used = true
					return over.value, nil
				}
			}
		}
		inner, ok := o.get("value")
		if !ok {
			return nil, nil // the raster itself, or what is left out
		}
		return r.unwrap(inner, depth+1)
	case "Scalar":
		inner, _ := o.get("value")
		return r.unwrap(inner, depth+1)
	case "ArgumentArray":
		inner, _ := o.get("elements")
		if _, ok := inner.([]any); !ok && inner != nil {
			return nil, wrongKind(inner, "a list of elements")
		}
		return inner, nil
	}
	return v, nil
}

// plain unwraps a value and all elements of lists in it.
func (r *resolver) plain(v any, depth int) (any, error) {
	v, err := r.unwrap(v, depth)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		return v, nil
	}
	out := make([]any, len(list))
	for i, item := range list {
		if out[i], err = r.plain(item, depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// object returns the object that has a number anywhere in the rule.
func (r *resolver) object(id any) (any, error) {
	n, err := readWhole(id)
	if err != nil {
		return nil, err
	}
	if r.objects == nil {
		r.objects = map[int]*object{}
		collectObjects(r.root, r.objects)
	}
	o, ok := r.objects[n]
	if !ok {
		return nil, invalid("", "no object of the rule has the _object_id %d", n)
	}
	return o, nil
}

func collectObjects(v any, into map[int]*object) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			collectObjects(item, into)
		}
	case *object:
		if id, ok := v.get("_object_id"); ok {
			if n, err := readWhole(id); err == nil {
				into[n] = v
			}
		}
		for _, m := range v.members {
			collectObjects(m.value, into)
		}
	}
}

// elsewhere returns the error of a raster that is named by a URL.
func elsewhere() error { return unsupported("", "rasters of other services are not supported") }

// raster reads a value that stands for one raster.
func (r *resolver) raster(v any, constants bool) (Function, error) {
	v, err := r.unwrap(v, 0)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return r.leaf(), nil
	case string:
		return r.reference(v)
	case json.Number:
		if !constants {
			return nil, unsupported("", "a number is no raster here")
		}
		n, err := readNumber(v)
		return Constant(n), err
	case []any:
		return r.items(v)
	case *object:
		return r.nested(v)
	}
	return nil, wrongKind(v, "a raster")
}

// nested reads an object that stands for a raster: a function.
func (r *resolver) nested(o *object) (Function, error) {
	if _, ok := o.get("url"); ok {
		return nil, elsewhere()
	}
	if len(o.members) == 0 {
		return nil, invalid("", "an empty object is no raster: leave the argument out for the service's own, or write \"$$\"")
	}
	if v, ok := o.get("type"); ok {
		if kind, ok := v.(string); ok && (strings.HasSuffix(kind, "DatasetName") || kind == "Raster") {
			return nil, unsupported("", "a raster of type %s that is stored in a template is not supported", quote.Text(kind))
		}
	}
	rule, err := ruleOf(o, r.root)
	if err != nil {
		return nil, err
	}
	return r.function(rule)
}

// reference reads the text that stands for a raster: "$$" and "$" with letters for the source, "$" with digits for an
// item.
func (r *resolver) reference(s string) (Function, error) {
	s = strings.TrimSpace(s)
	name, dollar := strings.CutPrefix(s, "$")
	switch {
	case s == "" || s == "$$":
		return r.leaf(), nil
	case strings.Contains(s, "://"):
		return nil, elsewhere()
	case name == "":
		return nil, invalid("", "raster %s is neither an item's ID nor a variable", quote.Text(s))
	case !dollar:
		return nil, unsupported("", "raster %s is not supported", quote.Text(s))
	}
	if id, err := strconv.ParseInt(name, 10, 64); err == nil && id >= 0 && name[0] != '+' {
		return Item(id), nil
	}
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' {
			return nil, invalid("", "raster %s is neither an item's ID nor a variable", quote.Text(s))
		}
	}
	return r.leaf(), nil
}

// items reads the list of items that stands for one raster, the first on top.
func (r *resolver) items(list []any) (Function, error) {
	if len(list) == 1 {
		return r.element(list[0], 0, false)
	}
	var ids []int64
	for _, v := range list {
		v, err := r.unwrap(v, 0)
		if err != nil {
			return nil, err
		}
		s, ok := v.(string)
		if !ok {
			return nil, errors.New("a list that stands for one raster holds items such as \"$5\"")
		}
		f, err := r.reference(s)
		if err != nil {
			return nil, err
		}
		item, ok := f.(Item)
		if !ok {
			return nil, errors.New("a list that stands for one raster holds items such as \"$5\"")
		}
		ids = append(ids, int64(item))
	}
	if len(ids) > maxVisits {
		return nil, tooLarge("", "more than %d rasters", maxVisits)
	}
	return NewItems(ids...), nil
}

// rasters reads a list of rasters, or a single one.
func (r *resolver) rasters(v any, constants bool) ([]Function, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var out []Function
	unset := ""
	for i, item := range list {
		inner, err := r.unwrap(item, 0)
		if err != nil {
			return nil, err
		}
		if name, is := r.datasetVariable(item); is == yes && nothing(inner) {
			if unset != "" && name != unset {
				return nil, invalid("", "element %d: neither variable %s nor %s names a raster, and the service has one",
					i, quote.Text(unset), quote.Text(name))
			}
			unset = name
			out = append(out, r.leaf()) // the first such variable is the service's raster
			continue
		}
		f, err := r.element(item, i, constants)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// nothing reports whether a value that stands for a raster is left out.
func nothing(v any) bool {
	text, ok := v.(string)
	return absent(v) || ok && strings.TrimSpace(text) == ""
}

// element reads an element of a list, which must name a raster.
func (r *resolver) element(v any, i int, constants bool) (Function, error) {
	v, err := r.unwrap(v, 0)
	if err != nil {
		return nil, err
	}
	if nothing(v) {
		return nil, invalid("", "element %d: %w", i, errMissing)
	}
	return r.raster(v, constants)
}

// An answer is what a template says, or does not say.
type answer uint8

const (
	silent answer = iota
	yes
	no
)

// datasetVariable returns the name of a variable of a template, and whether it says that it is for a raster.
func (r *resolver) datasetVariable(v any) (name string, is answer) {
	o, _ := v.(*object)
	if o == nil {
		return "", silent
	}
	if id, ok := o.get("_object_ref_id"); ok && len(o.members) == 1 {
		if to, err := r.object(id); err == nil {
			o, _ = to.(*object)
		}
	}
	if kind, _ := o.get("type"); kind != "RasterFunctionVariable" {
		return "", silent
	}
	text, _ := o.get("name")
	name, _ = text.(string)
	says, _ := o.get("isDataset")
	switch is, err := readBool(says); {
	case err != nil:
		return name, silent
	case is:
		return name, yes
	}
	return name, no
}
