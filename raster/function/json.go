package function

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// Rules come from outside: their length, the depth of their JSON and the number of values in it are bounded. A chain of
// Limits.Depth templates nests about four levels a function.
const (
	maxText     = 4 << 20
	maxNesting  = 160
	maxElements = 1 << 19
)

// readJSON reads one value of JSON, with members of objects in their order.
func readJSON(text string) (any, error) {
	if len(text) > maxText {
		return nil, tooLarge("", "it is longer than %d bytes", maxText)
	}
	d := &decoder{Decoder: json.NewDecoder(strings.NewReader(text))}
	d.UseNumber()
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("it is not one value of JSON")
	}
	return v, nil
}

type decoder struct {
	*json.Decoder
	values int
}

var errJSON = errors.New("it is not well-formed JSON")

func (d *decoder) value(depth int) (any, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, errJSON
	}
	if d.values++; d.values > maxElements {
		return nil, tooLarge("", "it has more than %d values", maxElements)
	}
	delim, ok := tok.(json.Delim)
	if !ok {
		return tok, nil
	}
	if depth >= maxNesting {
		return nil, tooLarge("", "its JSON nests deeper than %d", maxNesting)
	}
	if delim == '[' {
		list := []any{}
		for d.More() {
			v, err := d.value(depth + 1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, d.end()
	}
	o := &object{}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, errJSON
		}
		name, _ := key.(string)
		lower := strings.ToLower(name)
		if seen[lower] {
			return nil, fmt.Errorf("member %s comes twice", quote.Text(name))
		}
		seen[lower] = true
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.members = append(o.members, member{name, v})
	}
	return o, d.end()
}

// end reads the bracket that ends a list or an object.
func (d *decoder) end() error {
	if _, err := d.Token(); err != nil {
		return errJSON
	}
	return nil
}
