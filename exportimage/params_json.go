package exportimage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// maxDepth is how deep JSON and XML in parameters may nest. Rendering rules nest a function a level.
const maxDepth = 32

// checkJSON refuses what is not one JSON object of bounded depth, before any of it is decoded into values.
func checkJSON(s string) error {
	dec := json.NewDecoder(strings.NewReader(s))
	depth := 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errors.New("it is not well-formed JSON")
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return fmt.Errorf("it nests deeper than %d", maxDepth)
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// members is a JSON object, its keys in lower case, since clients spell them in any.
type members map[string]json.RawMessage

func readMembers(s string) (members, error) {
	if err := checkJSON(s); err != nil {
		return nil, err
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(s), &m); err != nil || m == nil {
		return nil, errors.New("it is not one JSON object")
	}
	out := make(members, len(m))
	for k, v := range m {
		if bytes.Equal(v, []byte("null")) {
			continue
		}
		key := strings.ToLower(k)
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("member %s comes twice", quote(k))
		}
		out[key] = v
	}
	return out, nil
}

// take decodes a member into v and removes it; it reports false if the object does not have it.
func (m members) take(key string, v any) (bool, error) {
	raw, ok := m[strings.ToLower(key)]
	if !ok {
		return false, nil
	}
	delete(m, strings.ToLower(key))
	if err := json.Unmarshal(raw, v); err != nil {
		return false, fmt.Errorf("member %q has a value of the wrong kind", key)
	}
	return true, nil
}

// takeCRS is take for a spatial reference.
func (m members) takeCRS(key string, c *srs.CRS) error {
	raw, ok := m[strings.ToLower(key)]
	if !ok {
		return nil
	}
	delete(m, strings.ToLower(key))
	return readCRS(c, string(raw))
}

// readJSONBox reads an envelope object, as ArcGIS Pro sends it. Its own spatial reference counts unless bboxSR is there.
func readJSONBox(r *Request, s string) error {
	m, err := readMembers(s)
	if err != nil {
		return err
	}
	var e srs.Envelope
	for _, side := range []struct {
		name string
		v    *float64
	}{{"xmin", &e.XMin}, {"ymin", &e.YMin}, {"xmax", &e.XMax}, {"ymax", &e.YMax}} {
		ok, err := m.take(side.name, side.v)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("member %q is missing", side.name)
		}
	}
	if err := m.takeCRS("spatialReference", &r.BBoxSR); err != nil {
		return err
	}
	return setBox(r, e)
}

// methods are the mosaic methods by the names that clients use: the REST ones, and the short ones of service properties
// and of 9.3.
var methods = map[string]mosaic.Method{
	"esrimosaicnone": mosaic.None, "none": mosaic.None,
	"esrimosaiccenter": mosaic.Center, "center": mosaic.Center,
	"esrimosaicnadir": mosaic.Nadir, "nadir": mosaic.Nadir,
	"esrimosaicviewpoint": mosaic.Viewpoint, "viewpoint": mosaic.Viewpoint,
	"esrimosaicattribute": mosaic.Attribute, "byattribute": mosaic.Attribute, "attribute": mosaic.Attribute,
	"esrimosaiclockraster": mosaic.LockRaster, "lockraster": mosaic.LockRaster,
	"esrimosaicnorthwest": mosaic.Northwest, "northwest": mosaic.Northwest,
	"esrimosaicseamline": mosaic.Seamline, "seamline": mosaic.Seamline,
}

var operations = map[string]mosaic.Operation{
	"mt_first": mosaic.First, "mt_last": mosaic.Last, "mt_min": mosaic.Min, "mt_max": mosaic.Max,
	"mt_mean": mosaic.Mean, "mt_blend": mosaic.Blend, "mt_sum": mosaic.Sum,
}

// readMosaicRule reads the rule of 10.0 and later. It replaces what the parameters of 9.3 said.
func readMosaicRule(r *Request, s string) error {
	m, err := readMembers(s)
	if err != nil {
		return err
	}
	var rule mosaic.Rule
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
			return err
		}
	}
	if method != "" {
		if err := enumerated(&rule.Method, method, methods); err != nil {
			return fmt.Errorf("mosaicMethod: %w", err)
		}
	}
	if operation != "" {
		if err := enumerated(&rule.Operation, operation, operations); err != nil {
			return fmt.Errorf("mosaicOperation: %w", err)
		}
	}
	switch rule.SortValue.(type) {
	case nil, float64, string:
	default:
		return errors.New("sortValue is neither a number nor a text")
	}
	rule.Descending = !ascending
	if rule.Viewpoint, err = m.takePoint("viewpoint"); err != nil {
		return err
	}
	var item json.RawMessage
	if ok, _ := m.take("itemRenderingRule", &item); ok {
		f, err := readFunction(string(item))
		if err != nil {
			return fmt.Errorf("itemRenderingRule: %w", err)
		}
		if f != nil && f != NoFunction {
			return unsupported("", "itemRenderingRule is not supported")
		}
	}
	for name := range m {
		return unsupported("", "member %s is not supported", quote(name))
	}
	r.MosaicRule = rule
	return nil
}

func (m members) takePoint(key string) (*mosaic.Point, error) {
	var raw json.RawMessage
	if ok, err := m.take(key, &raw); !ok {
		return nil, err
	}
	in, err := readMembers(string(raw))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	var p mosaic.Point
	if _, err := in.take("x", &p.X); err != nil {
		return nil, err
	}
	if _, err := in.take("y", &p.Y); err != nil {
		return nil, err
	}
	return &p, in.takeCRS("spatialReference", &p.CRS)
}
