package srs

import "strconv"

// Text returns a text that Parse reads as this very CRS: its code, with an authority where the number alone is another
// system; ArcGIS's object; or the text that defined it. It is empty for the zero CRS, and for the few CRSs that come from no
// text, such as those of GeoKeys without a code, where what WKT or WKT2 write is another definition of the same system.
func (c CRS) Text() string {
	if c.IsZero() {
		return ""
	}
	d := c.definition()
	code := strconv.Itoa(d.wkid)
	var object string
	if b, err := c.MarshalJSON(); err == nil {
		object = string(b)
	}
	for _, text := range []string{code, d.authority + ":" + code, object, d.wkt} {
		if same, err := Parse(text); err == nil && same == c {
			return text
		}
	}
	return ""
}
