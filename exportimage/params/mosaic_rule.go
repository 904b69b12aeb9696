package params

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// readMosaicRule reads the rule of 10.0 and later.
func readMosaicRule(s string) (rule mosaic.Rule, err error) {
	m, err := readMembers(s)
	if err != nil {
		return rule, err
	}
	var method, operation string
	ascending := true
	for _, f := range []struct {
		name string
		v    any
	}{
		{"mosaicMethod", &method}, {"mosaicOperation", &operation}, {"ascending", &ascending},
		{"where", &rule.Where}, {"fids", &rule.IDs}, {"lockRasterIds", &rule.LockIDs},
		{"sortField", &rule.SortField}, {"sortValue", &rule.SortValue},
	} {
		if _, err := m.take(f.name, f.v); err != nil {
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
	var item json.RawMessage
	if ok, _ := m.take("itemRenderingRule", &item); ok {
		f, err := readFunction(string(item))
		if err != nil {
			return rule, fmt.Errorf("itemRenderingRule: %w", err)
		}
		if f != nil && f != exportimage.NoFunction {
			return rule, unsupported("itemRenderingRule is not supported")
		}
	}
	for name := range m {
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
	for name, text := range e {
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
	for name, text := range e {
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
