package params

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/relaxed"
	"github.com/geoexport/geoexport/raster/function"
)

// functionLimits bound the JSON of functions, which nest two levels each, and four as stored templates.
var functionLimits = relaxed.Limits{Bytes: 1 << 20, Depth: 160}

// readFunction reads a raster function in any of the forms in use. Names stay names: which of them are the service's
// templates, and what arguments mean, is found when a service resolves them. An empty object, or one whose members are
// empty, which some clients send for no rule, is nil.
func readFunction(s string, f *Forgiven) (function.Function, error) {
	text := strings.Trim(s, `"'`)
	if isJSON(s) {
		strict, err := readJSONWithin(s, f, functionLimits)
		if err != nil {
			return nil, err
		}
		if saysNothing(strict) {
			f.Add("an object whose members are empty")
			return nil, nil
		}
		text = string(strict)
	}
	r, err := function.ParseRule(text)
	if fault, ok := errors.AsType[*function.Error](err); ok && fault.Kind == function.Unsupported {
		return nil, &exportimage.Error{Kind: exportimage.Unsupported, Err: err}
	}
	if err != nil || r == nil {
		return nil, err
	}
	return r, nil
}

// saysNothing reports whether strict JSON is an object that has members, and nothing in any of them.
func saysNothing(strict json.RawMessage) bool {
	var m map[string]json.RawMessage
	if json.Unmarshal(strict, &m) != nil || len(m) == 0 {
		return false
	}
	for _, raw := range m {
		if !isEmpty(raw) {
			return false
		}
	}
	return true
}
