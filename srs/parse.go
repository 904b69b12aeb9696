package srs

import (
	"strconv"
	"strings"
)

// maxText is the length, in bytes, of the longest text that Parse and FromWKT read. Real definitions stay below a tenth
// of it.
const maxText = 64 << 10

// Parse reads a spatial reference in any of the forms that requests and files use. Blanks around it are ignored.
//
//	4326                                   a code, EPSG's or else Esri's
//	EPSG:4326, ESRI:102100                 the same; a few codes mean different systems in the two
//	urn:ogc:def:crs:EPSG::4326             the same; OGC:CRS84 is WGS 84
//	http://www.opengis.net/def/crs/EPSG/0/4326
//	                                       the same, also with https, and http://www.opengis.net/gml/srs/epsg.xml#4326
//	{"wkid":102100,"latestWkid":3857}      ArcGIS's object
//	{"wkt":"PROJCS[…]"}                    the same
//	{"type":"ProjectedCRS",…}              PROJJSON
//	PROJCS[…], PROJCRS[…]                  well-known text, see FromWKT
//	+proj=utm +zone=33 +datum=WGS84        a PROJ string
//
// In ArcGIS's object latestWkid decides if it is known, else wkid if that is known, else wkt. In each case WKID returns
// the object's wkid, if that is positive. All other members are ignored, vertical codes among them.
//
// The error is a *SyntaxError if the text has none of these forms, an *UnknownError if it is a code that is not known,
// and an *UnsupportedError if it describes a system that is not supported: one that is vertical or geocentric, or has
// an unsupported projection method or a grid file.
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
	case isPROJ(text):
		return parsePROJ(text)
	case strings.ContainsAny(text, "[("):
		return FromWKT(text)
	}
	if uri, ok := cutURI(text); ok {
		if text, ok = parseURI(uri); !ok {
			return CRS{}, &SyntaxError{s, "the URI is not of a coordinate reference system"}
		}
	}
	authority, code, ok := strings.Cut(text, ":")
	switch {
	case !ok:
		authority, code = "", text
	case strings.EqualFold(authority, "urn"):
		if authority, code, ok = parseURN(code); !ok {
			return CRS{}, &SyntaxError{s, "the URN is not of a coordinate reference system"}
		}
	}
	if (strings.EqualFold(authority, "OGC") || strings.EqualFold(authority, "CRS")) && strings.TrimPrefix(strings.ToUpper(code), "CRS") == "84" {
		return FromWKID(4326)
	}
	wkid, isCode := parseCode(code)
	if !isCode || authority != "" && !isAuthority(authority) {
		return CRS{}, &SyntaxError{s, "it is neither a code nor JSON nor well-known text nor a PROJ string"}
	}
	d, err := lookup(strings.ToUpper(authority), wkid)
	if err != nil {
		return CRS{}, err
	}
	return makeCRS(d)
}

// parseURN reads what follows urn: in urn:ogc:def:crs:EPSG::4326 or urn:ogc:def:crs:EPSG:8.9:4326, and in the forms with
// x-ogc that came before, which may lack the version.
func parseURN(s string) (authority, code string, ok bool) {
	part := strings.Split(s, ":")
	old := len(part) > 0 && strings.EqualFold(part[0], "x-ogc")
	if len(part) != 6 && !(old && len(part) == 5) ||
		!old && !strings.EqualFold(part[0], "ogc") || !strings.EqualFold(strings.Join(part[1:3], ":"), "def:crs") {
		return "", "", false
	}
	return part[3], part[len(part)-1], true
}

// cutURI returns what follows http:// or https:// in a text.
func cutURI(text string) (rest string, ok bool) {
	scheme, rest, ok := strings.Cut(text, "://")
	return rest, ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// parseURI reads what follows the scheme in http://www.opengis.net/def/crs/EPSG/0/4326, of OGC's Name Type Specification
// (09-048), or in http://www.opengis.net/gml/srs/epsg.xml#4326, of GML 2.
func parseURI(uri string) (text string, ok bool) {
	host, path, _ := strings.Cut(uri, "/")
	if !strings.EqualFold(host, "www.opengis.net") && !strings.EqualFold(host, "opengis.net") {
		return "", false
	}
	if code, ok := strings.CutPrefix(path, "gml/srs/epsg.xml#"); ok {
		return "EPSG:" + code, true
	}
	part := strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(part) != 5 || part[0] != "def" || part[1] != "crs" {
		return "", false
	}
	return part[2] + ":" + part[4], true
}

// tooLong returns the error about a text above maxText.
func tooLong(s string) error {
	return &SyntaxError{s[:100], "it is longer than " + strconv.Itoa(maxText) + " bytes"}
}

// isAuthority reports whether a name is that of EPSG or Esri.
func isAuthority(s string) bool { return strings.EqualFold(s, "EPSG") || strings.EqualFold(s, "ESRI") }

// parseCode reads a positive decimal number without sign, blanks or other ornaments.
func parseCode(s string) (int, bool) {
	if s == "" || len(s) > 9 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
