package postgis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/mosaic"
)

// encodeAttributes writes attributes as a JSON object. Numbers with a point are float64, and others int64: PostgreSQL's
// jsonb keeps zeros after the point. Times are texts of RFC 3339.
func encodeAttributes(attrs map[string]any) ([]byte, error) {
	out := make(map[string]any, len(attrs))
	for name, v := range attrs {
		switch v := v.(type) {
		case int64, string:
			out[name] = v
		case float64:
			text := strconv.FormatFloat(v, 'f', -1, 64)
			if !strings.Contains(text, ".") {
				text += ".0"
			}
			out[name] = json.Number(text)
		case time.Time:
			out[name] = v.UTC().Format(time.RFC3339Nano)
		default:
			return nil, fmt.Errorf("attribute %q is a %T", name, v)
		}
	}
	return json.Marshal(out) // which refuses NaN and infinities
}

// decodeAttributes reads them back. Truth values are 1 and 0; null, lists and objects are no attributes.
func decodeAttributes(text []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var attrs map[string]any
	if err := d.Decode(&attrs); err != nil {
		return nil, err
	}
	for name, v := range attrs {
		if v = mosaic.AttributeOf(v); v != nil {
			attrs[name] = v
		} else {
			delete(attrs, name)
		}
	}
	return attrs, nil
}
