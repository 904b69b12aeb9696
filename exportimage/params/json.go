package params

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// maxDepth bounds how deep JSON in parameters may nest. Rendering rules nest one level for each function.
const maxDepth = 32

// checkJSON refuses anything but one JSON object of bounded depth, before any of it is decoded into values.
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

// members are those of a JSON object, by their names in lower case, since clients spell them in any case.
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
			return nil, fmt.Errorf("member %s comes twice", quote.Text(k))
		}
		out[key] = v
	}
	return out, nil
}

// take decodes a member into v and removes it. It reports false if the object does not have the member.
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
func (m members) takeCRS(key string, c *srs.CRS) (err error) {
	raw, ok := m[strings.ToLower(key)]
	if !ok {
		return nil
	}
	delete(m, strings.ToLower(key))
	*c, err = srs.Parse(string(raw))
	return err
}

// readJSONBox reads an envelope object, as ArcGIS Pro sends it.
func readJSONBox(s string) (Box, error) {
	m, err := readMembers(s)
	if err != nil {
		return Box{}, err
	}
	b, err := m.takeBox()
	if err == nil {
		b.Envelope, err = notZero(b.Envelope)
	}
	return b, err
}

// takeBox takes the members of an envelope.
func (m members) takeBox() (b Box, err error) {
	for _, side := range []struct {
		name string
		v    *float64
	}{{"xmin", &b.Envelope.XMin}, {"ymin", &b.Envelope.YMin}, {"xmax", &b.Envelope.XMax}, {"ymax", &b.Envelope.YMax}} {
		ok, err := m.take(side.name, side.v)
		if err != nil {
			return b, err
		}
		if !ok {
			return b, fmt.Errorf("member %q is missing", side.name)
		}
	}
	return b, m.takeCRS("spatialReference", &b.CRS)
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
