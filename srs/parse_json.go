package srs

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A reference is the spatial reference object of ArcGIS's REST API. A nil member is absent or null.
type reference struct {
	wkid, latest *int
	wkt          *string
	kind         *string // PROJJSON's "type"
}

// parseJSON reads ArcGIS's object or PROJJSON.
func parseJSON(s string) (CRS, error) {
	ref, err := readReference(s)
	if err != nil {
		return CRS{}, &SyntaxError{s, err.Error()}
	}
	asked := ref.wkid
	if asked == nil || *asked <= 0 && ref.latest != nil { // some writers write 0 or -1 for none
		asked = ref.latest
	}
	if ref.latest != nil {
		if latest, err := lookup("", *ref.latest); err == nil {
			// The older code has a name of its own, and the newest equivalent that ArcGIS gives it.
			if d, err := lookup("", *asked); err == nil && d.system == latest.system {
				return makeCRS(d)
			}
			if latest.wkid != *asked {
				latest.wkid, latest.authority = *asked, "" // whose code that is, is not known
			}
			return makeCRS(latest)
		}
	}
	if ref.wkid != nil {
		if d, err := lookup("", *ref.wkid); err == nil {
			return makeCRS(d)
		}
	}
	switch {
	case ref.wkt != nil:
		d, err := definitionFromText(*ref.wkt)
		if err != nil {
			return CRS{}, err
		}
		if asked != nil && *asked > 0 {
			d.wkid, d.latest = *asked, *asked
			if ref.latest != nil && *ref.latest > 0 {
				d.latest = *ref.latest
			}
		}
		return makeCRS(d)
	case asked != nil:
		_, err := lookup("", *asked) // which fails, as above
		return CRS{}, err
	case ref.kind != nil:
		return parsePROJJSON(s)
	}
	return CRS{}, &SyntaxError{s, "it has neither wkid nor wkt"}
}

// readReference reads an object member by member. Into a struct, encoding/json would read names in any case, and the
// last of several members with one name.
func readReference(s string) (ref reference, err error) {
	dec := json.NewDecoder(strings.NewReader(s))
	if _, err := dec.Token(); err != nil { // the brace
		return ref, err
	}
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return ref, err
		}
		key, _ := token.(string)
		if seen[key] {
			return ref, fmt.Errorf("it has %.20q twice", key)
		}
		seen[key] = true

		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return ref, err
		}
		// Each member may be null, which leaves its pointer nil.
		switch key {
		case "wkid":
			err = json.Unmarshal(value, &ref.wkid)
		case "latestWkid":
			err = json.Unmarshal(value, &ref.latest)
		case "wkt":
			err = json.Unmarshal(value, &ref.wkt)
		case "type":
			err = json.Unmarshal(value, &ref.kind)
		}
		if err != nil {
			return ref, fmt.Errorf("its %s is %.20q", key, value)
		}
	}
	if _, err := dec.Token(); err != nil {
		return ref, err
	}
	if dec.InputOffset() != int64(len(s)) {
		return ref, fmt.Errorf("something follows the object")
	}
	return ref, nil
}
