package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/internal/relaxed"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// jsonLimits bound JSON in parameters.
var jsonLimits = relaxed.Limits{Bytes: 1 << 20, Depth: 32}

// readJSON reads JSON in any of the forms of package relaxed and returns it in strict JSON. A text in JSON that is itself
// JSON, as from a program that encodes twice, is read once more.
func readJSON(s string, f *Forgiven) (json.RawMessage, error) {
	return readJSONWithin(s, f, jsonLimits)
}

// readJSONWithin is readJSON with other limits.
func readJSONWithin(s string, f *Forgiven, limits relaxed.Limits) (json.RawMessage, error) {
	for {
		strict, forgiven, err := relaxed.JSON(s, limits)
		if err != nil {
			return nil, err
		}
		for _, what := range forgiven {
			f.Add("%s", what)
		}
		var inner string
		if json.Unmarshal([]byte(strict), &inner) != nil || !strings.HasPrefix(inner, "{") || !strings.HasPrefix(s, `"`) {
			return json.RawMessage(strict), nil
		}
		f.Add("JSON within a text")
		s = inner
	}
}

// isJSON reports whether a text is meant to be a JSON object rather than a short form.
func isJSON(s string) bool { return strings.HasPrefix(s, "{") || strings.HasPrefix(s, `"{`) }

// members are those of a JSON object, by their names in lower case, since clients spell them in any case. Members that are
// null are not there.
type members struct {
	raw      map[string]json.RawMessage
	forgiven *Forgiven // of the reader of the object
}

// readMembers reads one object, in any of the forms of package relaxed.
func readMembers(s string, f *Forgiven) (members, error) { return readMembersWithin(s, f, jsonLimits) }

func readMembersWithin(s string, f *Forgiven, limits relaxed.Limits) (members, error) {
	strict, err := readJSONWithin(s, f, limits)
	if err != nil {
		return members{}, err
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(strict, &m); err != nil || m == nil {
		return members{}, errors.New("it is not one JSON object")
	}
	out := members{make(map[string]json.RawMessage, len(m)), f}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if string(m[k]) == "null" {
			continue
		}
		key := strings.ToLower(strings.TrimSpace(k))
		if _, twice := out.raw[key]; twice {
			return members{}, fmt.Errorf("member %s comes twice", quote.Text(k))
		}
		out.raw[key] = m[k]
	}
	return out, nil
}

func (m members) has(key string) bool { return m.raw[strings.ToLower(key)] != nil }

// drop removes members that do not count.
func (m members) drop(keys ...string) {
	for _, key := range keys {
		delete(m.raw, strings.ToLower(key))
	}
}

// left returns the first by name of the members that were not taken, "" if there is none.
func (m members) left() string {
	if len(m.raw) == 0 {
		return ""
	}
	return slices.Sorted(maps.Keys(m.raw))[0]
}

// take decodes a member into v, as decode does, and removes it. It reports false if the object does not have the member, or
// has an empty text where v is no text.
func (m members) take(key string, v any) (bool, error) {
	raw, ok := m.takeRaw(key)
	if !ok {
		return false, nil
	}
	var f *Forgiven
	if m.forgiven != nil {
		f = &Forgiven{}
	}
	switch err := decode(raw, v, f); err {
	case nil:
	case errNone:
		return false, nil
	default:
		return false, fmt.Errorf("member %q has %w", key, err)
	}
	for _, note := range f.Notes() {
		m.forgiven.Add("%s: %s", key, note)
	}
	return true, nil
}

// takeRaw removes a member and returns its JSON, which is strict.
func (m members) takeRaw(key string) (json.RawMessage, bool) {
	raw, ok := m.raw[strings.ToLower(key)]
	m.drop(key)
	return raw, ok
}

// takeCRS is take for a spatial reference.
func (m members) takeCRS(key string, c *srs.CRS) (err error) {
	raw, ok := m.takeRaw(key)
	if !ok || isEmpty(raw) {
		return nil
	}
	*c, err = readCRS(string(raw), m.forgiven)
	return err
}

// isEmpty reports whether strict JSON is a value that holds nothing.
func isEmpty(raw json.RawMessage) bool {
	return slices.Contains([]string{`null`, `""`, `{}`, `[]`}, string(raw))
}

// readCRS reads a spatial reference: a code, WKT, or JSON, whose codes may be texts.
func readCRS(s string, f *Forgiven) (srs.CRS, error) {
	c, err := readReference(s, f)
	if e, ok := errors.AsType[*srs.UnsupportedError](err); ok && e.Element != "kind of spatial reference" {
		return c, &exportimage.Error{Kind: exportimage.Unsupported, Err: e}
	}
	return c, err
}

func readReference(s string, f *Forgiven) (srs.CRS, error) {
	if !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, `"`) {
		if code, signed := strings.CutPrefix(s, "+"); signed && strings.Trim(code, "0123456789") == "" {
			f.Add("a plus sign for a blank")
			return srs.Parse(code)
		}
		return srs.Parse(s)
	}
	strict, err := readJSON(s, f)
	if err != nil {
		return srs.CRS{}, err
	}
	var text string
	if json.Unmarshal(strict, &text) == nil {
		return srs.Parse(text)
	}
	object, err := referenceMembers(strict, f)
	if err != nil {
		return srs.CRS{}, err
	}
	plain, err := json.Marshal(object)
	if err != nil {
		return srs.CRS{}, err
	}
	return srs.Parse(string(plain))
}

// referenceMembers returns the members of a spatial reference with codes that are numbers, and without those that are empty.
// All others stay, since the object may also be PROJJSON.
func referenceMembers(strict json.RawMessage, f *Forgiven) (map[string]json.RawMessage, error) {
	var in map[string]json.RawMessage
	if err := json.Unmarshal(strict, &in); err != nil {
		return nil, errors.New("it is not one JSON object")
	}
	out := make(map[string]json.RawMessage, len(in))
	for _, name := range slices.Sorted(maps.Keys(in)) {
		raw, key := in[name], name
		for _, known := range []string{"wkid", "latestWkid", "wkt"} {
			if strings.EqualFold(name, known) {
				key = known
			}
		}
		if key != "wkt" && key != "wkid" && key != "latestWkid" {
			out[name] = raw
			continue
		}
		if isEmpty(raw) {
			continue
		}
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("member %q comes twice", key)
		}
		if key != "wkt" {
			var code int64
			m := members{map[string]json.RawMessage{strings.ToLower(key): raw}, f}
			if _, err := m.take(key, &code); err != nil {
				return nil, err
			}
			raw = json.RawMessage(strconv.FormatInt(code, 10))
		}
		out[key] = raw
	}
	return out, nil
}

// readJSONBox reads an envelope object, as ArcGIS Pro sends it.
func readJSONBox(s string, f *Forgiven) (Box, error) {
	m, err := readMembers(s, f)
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
	raw, ok := m.takeRaw(key)
	if !ok || isEmpty(raw) {
		return nil, nil
	}
	in, err := readMembers(string(raw), m.forgiven)
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
