package srs

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unique"
)

// A CRS is a coordinate reference system. It is one pointer to an interned definition, so that CRSs can be compared
// with == and used as map keys, and copies cost nothing. The zero CRS means "not stated".
//
// Two CRSs are equal if they come from the same code or the same definition. Codes of the same system, such as 102100
// and 3857, are different CRSs, between which a Transformer is an identity: an answer can thus repeat the code of its
// request.
type CRS struct{ def unique.Handle[definition] }

// FromWKID returns the CRS of an EPSG or Esri code. Both share one number space, as in ArcGIS. The error is an
// *UnknownError if neither has the code, and an *UnsupportedError if it is that of a system which is not geographic 2D
// or projected, such as 5703 (vertical), 4978 (geocentric), 4979 (geographic 3D) and 7415 (compound), or of one with a
// projection that is not supported.
func FromWKID(wkid int) (CRS, error) {
	d, err := lookup("", wkid)
	if err != nil {
		return CRS{}, err
	}
	return makeCRS(d)
}

// makeCRS interns a definition. The error is an *UnsupportedError if no Transformer can be made from it.
func makeCRS(d definition) (CRS, error) {
	s, err := newConversion(d.system)
	if err != nil {
		return CRS{}, &UnsupportedError{"projection parameters", err.Error()}
	}
	d.period = s.period
	return CRS{unique.Make(d)}, nil
}

// definition returns what makes the CRS, the zero definition for the zero CRS.
func (c CRS) definition() definition {
	if c.IsZero() {
		return definition{}
	}
	return c.def.Value()
}

// IsZero reports whether the CRS is the zero CRS.
func (c CRS) IsZero() bool { return c == CRS{} }

// WKID returns the code that the CRS comes from, and its newest equivalent as ArcGIS reports it. Both are 0 if a text
// or GeoKeys without a code defined the CRS, and for the zero CRS.
func (c CRS) WKID() (wkid, latest int) {
	d := c.definition()
	return d.wkid, d.latest
}

// Name returns the authority's name of the CRS, such as "WGS 84 / UTM zone 33N", or the name in the text that defined
// it.
func (c CRS) Name() string { return c.definition().name }

// Note states what was set aside in the text that defined the CRS: a code that means something else than the text, a
// text beside a code that is not understood, or keys of a PROJ string that are not known. It is "" if there is
// nothing to say.
func (c CRS) Note() string { return c.definition().note }

// Geographic reports whether coordinates are longitudes and latitudes. The zero CRS is not geographic.
func (c CRS) Geographic() bool { return !c.IsZero() && c.definition().geographic() }

// Unit returns the size of the coordinates' unit: radians per unit if the CRS is geographic, metres per unit if it is
// projected. It is 0 for the zero CRS.
func (c CRS) Unit() float64 { return c.definition().unit }

// Period returns the width along x, in units of the CRS, after which the world repeats: 360 where coordinates are
// degrees, 40075016.685578488 for web Mercator. It is 0 where x does not repeat, as in UTM, and for the zero CRS.
func (c CRS) Period() float64 { return c.definition().period }

// AreaOfUse returns the box of longitudes and latitudes on WGS 84, in degrees, for which the authority defined the CRS:
// the world where it names no area. XMax exceeds 180 if the box crosses the antimeridian. Coordinates outside are
// transformed as well, if they have an image. ok is false if a text or GeoKeys defined the CRS, and for the zero CRS.
func (c CRS) AreaOfUse() (e Envelope, ok bool) {
	d := c.definition()
	switch d.area {
	case 0:
		return Envelope{}, false
	case -1:
		return Envelope{-180, -90, 180, 90}, true
	}
	e = openRegistry().areaOfUse(d.area - 1)
	if e.XMax < e.XMin {
		e.XMax += 360
	}
	return e, true
}

// String returns the code, with its authority if that is known: "EPSG:4326". Without a code it returns the name, and
// "not stated" for the zero CRS.
func (c CRS) String() string {
	switch d := c.definition(); {
	case c.IsZero():
		return "not stated"
	case d.wkid != 0 && d.authority == "":
		return strconv.Itoa(d.wkid)
	case d.wkid != 0:
		return fmt.Sprintf("%s:%d", d.authority, d.wkid)
	default:
		return d.name
	}
}

// MarshalJSON returns the spatial reference object of ArcGIS's REST API: {"wkid":102100,"latestWkid":3857}, or
// {"wkt":"…"} where there is no code. That is the text that defined the CRS if it was well-known text, otherwise the
// text of WKT, or of WKT2 if WKT cannot express the CRS. The zero CRS is null.
func (c CRS) MarshalJSON() ([]byte, error) {
	if c.IsZero() {
		return []byte("null"), nil
	}
	d := c.definition()
	if d.wkid == 0 {
		return json.Marshal(struct {
			WKT string `json:"wkt"`
		}{c.anyWKT()})
	}
	return json.Marshal(struct {
		WKID   int `json:"wkid"`
		Latest int `json:"latestWkid"`
	}{d.wkid, d.latest})
}

// anyWKT returns the well-known text that most readers understand best.
func (c CRS) anyWKT() string {
	d := c.definition()
	if d.wkt != "" && !isPROJ(d.wkt) && d.wkt[0] != '{' {
		return d.wkt
	}
	_, shifted := d.datum.operations.numbers() // which Esri's text cannot express
	if text, err := c.WKT(); err == nil && !shifted {
		return text
	}
	if text, err := c.WKT2(); err == nil {
		return text
	}
	return d.wkt // a PROJ string or PROJJSON, which Parse reads in this place
}
