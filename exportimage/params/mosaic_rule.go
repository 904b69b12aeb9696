package params

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// readMosaicRule reads the rule of 10.0 and later.
func readMosaicRule(s string, f *Forgiven) (rule mosaic.Rule, err error) {
	m, err := readMembers(s, f)
	if err != nil {
		return rule, err
	}
	var method, operation string
	ascending := true
	for _, member := range []struct {
		name string
		v    any
	}{
		{"mosaicMethod", &method}, {"mosaicOperation", &operation}, {"ascending", &ascending},
		{"where", &rule.Where}, {"fids", &rule.IDs}, {"lockRasterIds", &rule.LockIDs},
		{"sortField", &rule.SortField}, {"sortValue", &rule.SortValue},
	} {
		if _, err := m.take(member.name, member.v); err != nil {
			return rule, err
		}
	}
	if method != "" {
		if rule.Method, err = MosaicMethods.Parse(method); err != nil {
			return rule, fmt.Errorf("mosaicMethod: %w", err)
		}
	}
	if operation != "" {
		if rule.Operation, err = MosaicOperations.Parse(operation); err != nil {
			return rule, fmt.Errorf("mosaicOperation: %w", err)
		}
	}
	switch rule.SortValue.(type) {
	case nil, float64, string:
	default:
		return rule, errors.New("sortValue is neither a number nor a text")
	}
	rule.Descending = !ascending
	if rule.Viewpoint, err = m.takePoint("viewpoint"); err != nil {
		return rule, err
	}
	if item, ok := m.takeRaw("itemRenderingRule"); ok {
		fn, err := readFunction(string(item), f)
		if err != nil {
			return rule, fmt.Errorf("itemRenderingRule: %w", err)
		}
		if fn != nil && fn != exportimage.NoFunction {
			return rule, unsupported("itemRenderingRule is not supported")
		}
	}
	if name := m.left(); name != "" {
		return rule, unsupported("member %s is not supported", quote.Text(name))
	}
	return rule, nil
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
