package function

import (
	"encoding/json"
	"maps"
	"reflect"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// Marshal returns a tree as a function object of JSON, which Parse reads back. Arguments that have their default are left
// out. A Rule becomes the JSON that it was read from, which ParseRule reads back.
func Marshal(f Function) ([]byte, error) {
	if r, ok := f.(*Rule); ok && r != nil {
		return r.written()
	}
	v, err := written(f, 0)
	if err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

func written(f Function, depth int) (any, error) {
	if depth > maxNested {
		return nil, tooLarge("", "functions nest deeper than %d", maxNested)
	}
	switch f := f.(type) {
	case nil:
		return Source{}.String(), nil
	case Source:
		return f.String(), nil
	case Item:
		return f.String(), nil
	case Items:
		list := []string{}
		for _, id := range f.IDs() {
			list = append(list, Item(id).String())
		}
		return list, nil
	case Constant:
		return float64(f), nil
	case *Rule:
		return nil, invalid("", "a rule that is not resolved cannot be written inside a tree")
	}
	if isNil(f) {
		return nil, invalid("", "a %T is nil", f)
	}
	s := f.spec()
	args := map[string]any{}
	for _, a := range s.args {
		if err := writeArgument(args, f, s, a, depth); err != nil {
			return nil, err
		}
	}
	if s.switches != nil {
		maps.Copy(args, s.switches(f))
	}
	out := map[string]any{"rasterFunction": s.name, "rasterFunctionArguments": args}
	if t := s.outputType(f); t != raster.Unknown {
		out["outputPixelType"] = t.String()
	}
	return out, nil
}

// written returns the JSON that a rule was read from: its name, or the object that holds all of it. A rule that was taken
// out of another one is an error, since it may refer to objects around it.
func (r *Rule) written() ([]byte, error) {
	if r.args == nil && r.output == nil && !r.stored && !r.onItems {
		return json.Marshal(map[string]string{"rasterFunction": r.name})
	}
	if whole, ok := r.root.(*object); ok {
		if again, err := ruleOf(whole, whole); err == nil && reflect.DeepEqual(again, r) {
			return json.Marshal(whole)
		}
	}
	return nil, invalid("", "the rule %s is a part of another, and cannot be written without it", quote.Text(r.name))
}

func writeArgument(args map[string]any, f Function, s *spec, a arg, depth int) (err error) {
	switch {
	case a.raster != nil:
		if in := *a.raster(f); in != nil || a.implied {
			args[a.name], err = written(in, depth+1)
		}
	case a.rasters != nil:
		list := []any{}
		for _, in := range *a.rasters(f) {
			v, err := written(in, depth+1)
			if err != nil {
				return err
			}
			list = append(list, v)
		}
		args[a.name] = list
	case a.write != nil && !a.ignored:
		v := a.write(f)
		if jsonText(v) != jsonText(a.write(s.fresh())) {
			args[a.name] = v
		}
	}
	return err
}

// jsonText returns a value as JSON, for comparing two; empty for what JSON cannot hold.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
