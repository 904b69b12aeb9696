package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/internal/relaxed"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/function"
)

// A Mosaic is what a mosaicRule states: how rasters are chosen, ordered and merged, and the function, if any, that computes
// the pixels of each before.
type Mosaic struct {
	mosaic.Rule
	ItemFunction function.Function // exportimage.Request.ItemFunction
}

// readMosaicRule reads the rule of 10.0 and later. Members that are null or empty count as not there, and those that are not
// understood are errors.
func readMosaicRule(s string, f *Forgiven) (rule Mosaic, err error) {
	m, err := readMembersWithin(s, f, relaxed.Limits{Bytes: functionLimits.Bytes, Depth: functionLimits.Depth + 1})
	if err != nil {
		return rule, err
	}
	if rule.Method, err = takeWord(m, MosaicMethods, "mosaicMethod", "method"); err != nil {
		return rule, err
	}
	if rule.Operation, err = takeWord(m, MosaicOperations, "mosaicOperation", "operation"); err != nil {
		return rule, err
	}
	ascending := true
	for _, member := range []struct {
		name string
		v    any
	}{
		{"ascending", &ascending}, {"where", &rule.Where}, {"fids", &rule.IDs}, {"lockRasterIds", &rule.LockIDs},
		{"sortField", &rule.SortField},
	} {
		if _, err := m.take(member.name, member.v); err != nil {
			return rule, err
		}
	}
	rule.Where, rule.SortField = strings.TrimSpace(rule.Where), strings.TrimSpace(rule.SortField)
	if rule.SortValue, err = m.takeSortValue(f); err != nil {
		return rule, err
	}
	rule.Descending = !ascending
	if rule.Viewpoint, err = m.takePoint("viewpoint"); err != nil {
		return rule, err
	}
	if item, ok := m.takeRaw("itemRenderingRule"); ok && !isEmpty(item) {
		if rule.ItemFunction, err = readFunction(string(item), f); err != nil {
			return rule, within("itemRenderingRule", err)
		}
	}
	if raw, ok := m.takeRaw("multidimensionalDefinition"); ok && !isEmpty(raw) {
		if rule.Slices, err = sliceConditions(raw, f); err != nil {
			return rule, within("multidimensionalDefinition", err)
		}
	}
	if name := m.left(); name != "" {
		return rule, unsupported("member %s is not supported", quote.Text(name))
	}
	return rule, nil
}

// within adds a name to an error and keeps its kind.
func within(name string, err error) error {
	if e, ok := err.(*exportimage.Error); ok {
		return &exportimage.Error{Kind: e.Kind, Param: e.Param, Err: fmt.Errorf("%s: %w", name, e.Err)}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// takeWord takes a member that is a value of an enumeration. It may also have the name that ArcGIS's libraries give it;
// if both are there, they must agree.
func takeWord[V comparable](m members, e Enum[V], name, library string) (V, error) {
	var value, none V
	for _, key := range []string{name, library} {
		var text string
		if ok, err := m.take(key, &text); err != nil {
			return none, err
		} else if text = strings.TrimSpace(text); !ok || text == "" {
			continue
		}
		var v V
		err := m.forgiven.about(key, func() (err error) {
			v, err = e.Read(text, m.forgiven)
			return err
		})
		switch {
		case err != nil:
			return none, fmt.Errorf("%s: %w", key, err)
		case key == library && value != none && value != v:
			return none, fmt.Errorf("%s and %s do not agree", name, library)
		case key == library && value == none:
			m.forgiven.Add("%s for %s", library, name)
		}
		value = v
	}
	return value, nil
}

// takeSortValue takes the value to sort by: a number or a text.
func (m members) takeSortValue(f *Forgiven) (any, error) {
	raw, ok := m.takeRaw("sortValue")
	if !ok || isEmpty(raw) {
		return nil, nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && len(list) == 1 {
		f.Add("sortValue: a list of one for a value")
		raw = list[0]
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, errors.New("sortValue is neither a number nor a text")
	}
	switch v.(type) {
	case nil, float64, string:
		return v, nil
	}
	return nil, errors.New("sortValue is neither a number nor a text")
}

// readMosaicProperties reads the mosaic rule of 9.3.
func readMosaicProperties(s string) (rule mosaic.Rule, err error) {
	e, err := elements(s)
	if err != nil {
		return rule, err
	}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		text := e[name]
		if text == "" {
			continue
		}
		switch name {
		case "mosaicmethod":
			if rule.Method, err = MosaicMethods.Parse(text); err != nil {
				return rule, fmt.Errorf("MosaicMethod: %w", err)
			}
		case "tileorderfield":
			rule.SortField = text
		case "tileorderbase":
			rule.SortValue = text
			if n, err := number(text); err == nil {
				rule.SortValue = n
			}
		case "lockrasterid":
			if rule.LockIDs, err = integers(text, maxBytes); err != nil {
				return rule, fmt.Errorf("LockRasterID: %w", err)
			}
		default:
			return rule, unsupported("element %s is not supported", quote.Text(name))
		}
	}
	return rule, nil
}

// readViewpointProperties reads the viewpoint of 9.3 for the method Viewpoint of mosaicProperties, moved by the shift.
// Its coordinates are in the service's spatial reference.
func readViewpointProperties(s string) (*mosaic.Point, error) {
	e, err := elements(s)
	if err != nil {
		return nil, err
	}
	p := &mosaic.Point{}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		text := e[name]
		if text == "" {
			continue
		}
		n, err := number(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", quote.Text(name), err)
		}
		switch name {
		case "viewpointx", "viewpointdefshiftx":
			p.X += n
		case "viewpointy", "viewpointdefshifty":
			p.Y += n
		default:
			return nil, unsupported("element %s is not supported", quote.Text(name))
		}
	}
	return p, nil
}
