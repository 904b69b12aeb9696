package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/srs"
)

// maxOperations is how many datum operations may stand in a row. Published ones have up to four.
const maxOperations = 16

// readDatumTransformation reads the code of a datum operation, its text, {"wkid":…} or {"wkt":…}, or several in a row as
// {"geoTransforms":[…]} or a list. Those of a list may state transformForward.
func readDatumTransformation(s string, f *Forgiven) ([]srs.Operation, error) {
	out, err := readOperations(s, f)
	if e, ok := errors.AsType[*srs.OperationError](err); ok && e.Unsupported {
		return nil, &exportimage.Error{Kind: exportimage.Unsupported, Err: e}
	}
	if e, ok := errors.AsType[*srs.UnsupportedError](err); ok {
		return nil, &exportimage.Error{Kind: exportimage.Unsupported, Err: e}
	}
	return out, err
}

func readOperations(s string, f *Forgiven) ([]srs.Operation, error) {
	s = strings.TrimSpace(s)
	if code, err := strconv.Atoi(strings.TrimPrefix(s, "+")); err == nil {
		o, err := srs.OperationFromWKID(code)
		return []srs.Operation{o}, err
	}
	switch first := strings.TrimLeft(s, `"`); {
	case strings.HasPrefix(first, "{"), strings.HasPrefix(first, "["), len(first) < len(s):
	default:
		o, err := srs.OperationFromWKT(s)
		return []srs.Operation{o}, err
	}
	strict, err := readJSON(s, f)
	if err != nil {
		return nil, err
	}
	var text string
	if json.Unmarshal(strict, &text) == nil {
		return readOperations(text, f)
	}
	var list []json.RawMessage
	if json.Unmarshal(strict, &list) == nil {
		return readOperationList(list, f)
	}
	m, err := readMembers(string(strict), f)
	if err != nil {
		return nil, err
	}
	if raw, ok := m.takeRaw("geoTransforms"); ok {
		if name := m.left(); name != "" {
			return nil, fmt.Errorf("member %s is not known beside geoTransforms", quote.Text(name))
		}
		if json.Unmarshal(raw, &list) != nil {
			return nil, errors.New("geoTransforms is not a list")
		}
		return readOperationList(list, f)
	}
	if m.left() == "" {
		return nil, nil
	}
	o, err := readOperation(m)
	return []srs.Operation{o}, err
}

func readOperationList(list []json.RawMessage, f *Forgiven) ([]srs.Operation, error) {
	if len(list) > maxOperations {
		return nil, fmt.Errorf("%d transformations are more than %d", len(list), maxOperations)
	}
	var out []srs.Operation
	for i, raw := range list {
		var code int
		if json.Unmarshal(raw, &code) == nil {
			raw = fmt.Appendf(nil, `{"wkid":%d}`, code)
		}
		m, err := readMembers(string(raw), f)
		if err != nil {
			return nil, fmt.Errorf("transformation %d: %w", i+1, err)
		}
		o, err := readOperation(m)
		if err != nil {
			return nil, fmt.Errorf("transformation %d: %w", i+1, err)
		}
		out = append(out, o)
	}
	return out, nil
}

// readOperation reads one operation with its direction, if it states one. A text counts before a code, and the newest code
// before others, if it is known.
func readOperation(m members) (o srs.Operation, err error) {
	var wkid, latest int
	var text string
	var isForward, isStated bool
	for key, v := range map[string]any{"wkid": &wkid, "latestWkid": &latest, "wkt": &text} {
		if _, err := m.take(key, v); err != nil {
			return o, err
		}
	}
	for _, key := range []string{"transformForward", "forward"} {
		var v bool
		has, err := m.take(key, &v)
		if err != nil {
			return o, err
		}
		if has && isStated && v != isForward {
			return o, errors.New("forward contradicts transformForward")
		}
		if has {
			isForward, isStated = v, true
		}
	}
	m.drop("name")
	if name := m.left(); name != "" {
		return o, fmt.Errorf("member %s is not known", quote.Text(name))
	}
	switch {
	case text != "":
		o, err = srs.OperationFromWKT(text)
	case latest != 0:
		if o, err = srs.OperationFromWKID(latest); err != nil && wkid != 0 && wkid != latest {
			o, err = srs.OperationFromWKID(wkid)
		}
	case wkid != 0:
		o, err = srs.OperationFromWKID(wkid)
	default:
		err = errors.New("it has neither wkid nor wkt")
	}
	switch {
	case err != nil || !isStated:
		return o, err
	case isForward:
		return o.Forward(), nil
	}
	return o.Backward(), nil
}
