package function

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// Values of JSON are nil, bool, json.Number, string, []any and *object, whose members keep their order and spelling.
type object struct{ members []member }

type member struct {
	name  string
	value any
}

// get returns the member of a name in any case.
func (o *object) get(name string) (any, bool) {
	for _, m := range o.members {
		if strings.EqualFold(m.name, name) {
			return m.value, true
		}
	}
	return nil, false
}

// MarshalJSON returns the object with its members in their order, which ArcGIS's arrays of arguments may depend on.
func (o *object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range o.members {
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// absent reports whether a value is how clients write that an argument is left out.
func absent(v any) bool {
	list, isList := v.([]any)
	return v == nil || isList && len(list) == 0
}

func readNumber(v any) (float64, error) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	default:
		return 0, wrongKind(v, "a number")
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n-n != 0 || strings.ContainsAny(text, "xX_") {
		return 0, wrongKind(v, "a number")
	}
	return n, nil
}

func readWhole(v any) (int, error) {
	n, err := readNumber(v)
	if err != nil || n != math.Trunc(n) || math.Abs(n) > math.MaxInt32 {
		return 0, wrongKind(v, "a whole number")
	}
	return int(n), nil
}

func readBool(v any) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		switch {
		case strings.EqualFold(v, "true"):
			return true, nil
		case strings.EqualFold(v, "false"):
			return false, nil
		}
	}
	switch n, err := readNumber(v); {
	case err == nil && n == 0:
		return false, nil
	case err == nil && n == 1:
		return true, nil
	}
	return false, wrongKind(v, "true or false")
}

func readText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	}
	return "", wrongKind(v, "a text")
}

// readList reads a list, or a single value for a list of one.
func readList[T any](v any, read func(any) (T, error)) ([]T, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := make([]T, len(list))
	for i, item := range list {
		var err error
		if out[i], err = read(item); err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
	}
	return out, nil
}

// readSeries is readList for numbers, which clients also write as one text: "2,0", "2 0" or "[2,0]".
func readSeries[T any](v any, read func(any) (T, error)) ([]T, error) {
	text, ok := v.(string)
	if !ok {
		return readList(v, read)
	}
	if inner, ok := strings.CutPrefix(strings.TrimSpace(text), "["); ok {
		if text, ok = strings.CutSuffix(inner, "]"); !ok {
			return nil, wrongKind(v, "a list")
		}
	}
	list := []any{}
	for part := range strings.SplitSeq(text, ",") {
		words := strings.Fields(part)
		if len(words) == 0 && strings.Contains(text, ",") {
			return nil, wrongKind(v, "a list of numbers")
		}
		for _, word := range words {
			list = append(list, word)
		}
	}
	return readList(any(list), read)
}

// readChoice reads a value of an enumeration: its number, also as text, or one of its names, in which blanks, hyphens and
// underscores do not count.
func readChoice(v any, choices []choice) (int, error) {
	if n, err := readWhole(v); err == nil {
		for _, c := range choices {
			if c.value == n {
				return n, nil
			}
		}
		return 0, invalid("", "%d is not one of %s", n, choiceList(choices))
	}
	s, ok := v.(string)
	if !ok {
		return 0, wrongKind(v, "one of "+choiceList(choices))
	}
	for _, c := range choices {
		for _, name := range c.names {
			if strings.EqualFold(squeeze(name), squeeze(s)) {
				return c.value, nil
			}
		}
	}
	return 0, invalid("", "%s is not one of %s", quote.Text(s), choiceList(choices))
}

func squeeze(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(s)
}

// wrongKind returns an error that shows a value and what was wanted.
func wrongKind(v any, want string) error {
	switch v := v.(type) {
	case nil:
		return errors.New("null is not " + want)
	case string:
		return fmt.Errorf("%s is not %s", quote.Text(v), want)
	case json.Number:
		return fmt.Errorf("%s is not %s", quote.Short(v.String()), want)
	case bool:
		return fmt.Errorf("%v is not %s", v, want)
	case []any:
		return errors.New("a list is not " + want)
	}
	return errors.New("an object is not " + want)
}

// unordered returns a value as package json writes it.
func unordered(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = unordered(item)
		}
		return out
	case *object:
		out := map[string]any{}
		for _, m := range v.members {
			out[m.name] = unordered(m.value)
		}
		return out
	}
	return v
}
