package srs

import (
	"strconv"
	"strings"
)

// maxText is the longest text that Parse and FromWKT read, in bytes. Real definitions stay below a tenth of it.
const maxText = 64 << 10

// Parse reads a spatial reference in any of the forms that requests use. Blanks around it do not matter.
//
//	4326                                   a code, EPSG's or Esri's
//	EPSG:4326, ESRI:102100                 the same; both name one number space
//	{"wkid":102100,"latestWkid":3857}      ArcGIS's object
//	{"wkt":"PROJCS[…]"}                    the same
//	PROJCS[…]                              well-known text, see FromWKT
//
// Of an object's members latestWkid decides if it is known, else wkid if that is known, else wkt. The CRS reports the
// wkid of the object as its own, whichever decided. All other members are ignored, vertical codes among them.
//
// The error is a *SyntaxError if the text has none of these forms, an *UnknownError if it names a code that is not
// known, and an *UnsupportedError if it describes something that is not supported.
func Parse(s string) (CRS, error) {
	if len(s) > maxText {
		return CRS{}, tooLong(s)
	}
	text := strings.TrimSpace(s)
	switch {
	case text == "":
		return CRS{}, &SyntaxError{s, "it is empty"}
	case text[0] == '{':
		return parseJSON(text)
	case strings.ContainsAny(text, "[("):
		return FromWKT(text)
	}
	if authority, code, ok := strings.Cut(text, ":"); ok && isAuthority(authority) {
		text = code
	}
	wkid, ok := parseCode(text)
	if !ok {
		return CRS{}, &SyntaxError{s, "it is neither a code nor JSON nor well-known text"}
	}
	return FromWKID(wkid)
}

func tooLong(s string) error {
	return &SyntaxError{s[:100], "it is longer than " + strconv.Itoa(maxText) + " bytes"}
}

func isAuthority(s string) bool { return strings.EqualFold(s, "EPSG") || strings.EqualFold(s, "ESRI") }

// parseCode reads a positive decimal number without sign, blanks or other ornaments.
func parseCode(s string) (int, bool) {
	if s == "" || len(s) > 9 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
