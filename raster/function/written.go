package function

import "strings"

// AsWritten returns an error of Compile with the function and the argument named as rule spells them, which is f before
// Resolve: a function compiles with one name for each argument, and a client may have written another. Where a rule
// has the function twice and spells it in two ways, and for other errors, it returns err.
func AsWritten(err error, f Function) error {
	e, ok := err.(*Error)
	rule, isRule := f.(*Rule)
	if !ok || !isRule || rule == nil {
		return err
	}
	s := specsByName()[strings.ToLower(e.Function)]
	if s == nil {
		return err
	}
	w := writing{spec: s}
	if e.Argument != "" {
		w.arg = s.find(e.Argument)
	}
	w.rule(rule)
	out := *e
	if w.arg != nil {
		out.Argument = w.arg.name
	}
	if len(w.functions) == 1 {
		for name := range w.functions {
			out.Function = name
		}
	}
	if len(w.arguments) == 1 {
		for name := range w.arguments {
			out.Argument = name
		}
	}
	return &out
}

// A writing collects how a rule spells a function and one of its arguments.
type writing struct {
	spec                 *spec
	arg                  *arg
	functions, arguments map[string]bool
}

func add(to *map[string]bool, name string) {
	if *to == nil {
		*to = map[string]bool{}
	}
	(*to)[name] = true
}

func (w *writing) rule(r *Rule) {
	own := specsByName()[strings.ToLower(r.name)] == w.spec
	if own {
		add(&w.functions, r.name)
	}
	if r.args == nil {
		return
	}
	for _, m := range r.args.members {
		if own && w.arg != nil && w.spec.find(m.name) == w.arg && !absent(m.value) {
			add(&w.arguments, m.name)
		}
		w.value(m.value)
	}
}

// value looks for rules in a value.
func (w *writing) value(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			w.value(item)
		}
	case *object:
		if _, ok := v.get("rasterFunction"); !ok {
			if _, ok = v.get("function"); !ok {
				for _, m := range v.members {
					w.value(m.value)
				}
				return
			}
		}
		if r, _ := ruleOf(v, nil); r != nil {
			w.rule(r)
		}
	}
}
