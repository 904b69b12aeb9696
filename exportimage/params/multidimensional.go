package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// The parameters of operations about slices. They must not be changed.
var (
	MultidimensionalDefinitionParam = Param[[]mosaic.SliceCondition]{
		Info: Info{
			Name: "multidimensionalDefinition", Help: "`JSON` list of conditions about a variable and a dimension, which choose slices",
		},
		Read: readMultidimensionalDefinition,
	}
	VariableParam = Param[string]{
		Info: Info{Name: "variable", Help: "`name` of the variable that is described"},
		Read: Exactly(func(s string) (string, error) { return s, nil }),
	}
	ReturnDimensionValuesParam = Param[string]{
		Info: Info{
			Name: "returnDimensionValues", Help: "`whether` the values of dimensions are listed",
			Values: []string{"always", "never", "ifIrregular"}, Default: "always",
		},
		Read: func(s string, f *Forgiven) (string, error) {
			for _, v := range []string{"always", "never", "ifIrregular"} {
				if strings.EqualFold(s, v) {
					return v, nil
				}
			}
			return "", fmt.Errorf("%s is not one of always, never, ifIrregular", quote.Text(s))
		},
	}
)

// maxConditions bounds how many conditions and values a definition has.
const maxConditions = 4096

// readMultidimensionalDefinition reads a list of objects such as
//
//	{"variableName":"Temp","dimensionName":"StdTime","values":[0,[1,2]],"isSlice":true}
//
// or one of them. Values are numbers and pairs of the ends of ranges, times milliseconds since 1970. A variable that is
// missing, empty or "*" is any; an object without a dimension is about a variable alone.
func readMultidimensionalDefinition(s string, f *Forgiven) ([]mosaic.SliceCondition, error) {
	strict, err := readJSON(s, f)
	if err != nil {
		return nil, err
	}
	return sliceConditions(strict, f)
}

func sliceConditions(strict json.RawMessage, f *Forgiven) (out []mosaic.SliceCondition, err error) {
	var list []json.RawMessage
	if json.Unmarshal(strict, &list) != nil {
		if !isJSON(string(strict)) {
			return nil, errors.New("it is no list of objects")
		}
		f.Add("an object for a list of one")
		list = []json.RawMessage{strict}
	}
	if len(list) > maxConditions {
		return nil, fmt.Errorf("it has more than %d objects", maxConditions)
	}
	values := 0
	for _, raw := range list {
		if isEmpty(raw) {
			continue
		}
		m, err := readMembers(string(raw), f)
		if err != nil {
			return nil, err
		}
		c, err := m.takeSliceCondition()
		if err != nil {
			return nil, err
		}
		if values += len(c.Values); values > maxConditions {
			return nil, fmt.Errorf("it has more than %d values", maxConditions)
		}
		if c.Variable != "" || c.Dimension != "" {
			out = append(out, c)
		}
	}
	return out, nil
}

func (m members) takeSliceCondition() (c mosaic.SliceCondition, err error) {
	for _, member := range []struct {
		name string
		v    any
	}{{"variableName", &c.Variable}, {"dimensionName", &c.Dimension}, {"isSlice", &c.Exact}} {
		if _, err := m.take(member.name, member.v); err != nil {
			return c, err
		}
	}
	c.Variable, c.Dimension = strings.TrimSpace(c.Variable), strings.TrimSpace(c.Dimension)
	if c.Variable == "*" {
		c.Variable = ""
	}
	if raw, ok := m.takeRaw("values"); ok && !isEmpty(raw) {
		if c.Values, err = intervals(raw, m.forgiven); err != nil {
			return c, fmt.Errorf("values: %w", err)
		}
	}
	if name := m.left(); name != "" {
		return c, unsupported("member %s of a definition is not supported", quote.Text(name))
	}
	if c.Dimension == "" && len(c.Values) > 0 {
		return c, errors.New("values of no dimension: dimensionName is missing")
	}
	return c, nil
}

// intervals reads a list of numbers and pairs, or one number.
func intervals(raw json.RawMessage, f *Forgiven) (out []mosaic.Interval, err error) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		f.Add("a value for a list of one")
		list = []json.RawMessage{raw}
	}
	for _, raw := range list {
		var ends []json.RawMessage
		if json.Unmarshal(raw, &ends) != nil || ends == nil {
			ends = []json.RawMessage{raw}
		}
		var i mosaic.Interval
		switch len(ends) {
		case 1:
			if i.From, err = place(ends[0], f); err != nil {
				return nil, err
			}
			i.To = i.From
		case 2:
			i = mosaic.Interval{From: -math.MaxFloat64, To: math.MaxFloat64}
			for n, to := range []*float64{&i.From, &i.To} {
				if string(ends[n]) == "null" {
					continue // open
				}
				if *to, err = place(ends[n], f); err != nil {
					return nil, err
				}
			}
			if i.To < i.From {
				return nil, fmt.Errorf("the range from %v to %v ends before it begins", i.From, i.To)
			}
		default:
			return nil, fmt.Errorf("a range has two ends, not %d", len(ends))
		}
		out = append(out, i)
	}
	return out, nil
}

// place reads a place along a dimension: a number, or a date, which stands for milliseconds since 1970.
func place(raw json.RawMessage, f *Forgiven) (v float64, err error) {
	var text string
	if json.Unmarshal(raw, &text) == nil && raw[0] == '"' {
		if _, err := number(strings.TrimSpace(text)); err != nil {
			t, ok := mosaic.ParseTime(text)
			if !ok {
				return 0, fmt.Errorf("%s is neither a number nor a date", quote.Text(text))
			}
			f.Add("%s for %d", quote.Text(text), t.UnixMilli())
			return float64(t.UnixMilli()), nil
		}
	}
	switch err := decode(raw, &v, f); {
	case err != nil, string(raw) == "null":
		return 0, fmt.Errorf("%s is no number", quote.Text(string(raw)))
	case v-v != 0:
		return 0, errors.New("values must be finite numbers")
	}
	return v, nil
}
