package rest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/srs"
)

// crsParam is the parameter with the reference of a map.
func crsParam(version string) string {
	if version == wms111 {
		return "SRS"
	}
	return "CRS"
}

// wmsCRS is the reference of a map. In version 1.3.0, coordinates are in the order of the authority's axes, and longitudes
// come first in 1.1.1 and in the references CRS:84, CRS:83 and CRS:27.
type wmsCRS struct {
	srs.CRS
	northFirst bool
}

// lonLatCodes are the references of the standard's own authority, in all of which longitudes come first, and what they mean.
var lonLatCodes = map[string]int{"84": 4326, "83": 4269, "27": 4267}

// parseWMSCRS reads a reference: AUTHORITY:CODE, or a URN or URI of one. Texts of other forms do not say how their axes are
// ordered.
func parseWMSCRS(text, version string) (wmsCRS, error) {
	param := crsParam(version)
	unknown := func(why string) error {
		return wmsInvalid("Invalid"+param, param, "%s is not served: %s", quote.Text(text), why)
	}
	if text == "" {
		return wmsCRS{}, wmsMissing(param)
	}
	authority, code := crsCode(text)
	if authority == "CRS" || authority == "OGC" {
		wkid, ok := lonLatCodes[strings.TrimPrefix(code, "CRS")]
		if !ok {
			return wmsCRS{}, unknown("CRS:84, CRS:83 and CRS:27 are")
		}
		c, err := srs.FromWKID(wkid)
		return wmsCRS{CRS: c}, err
	}
	if authority != "EPSG" && authority != "ESRI" {
		return wmsCRS{}, unknown("a reference is one such as EPSG:3857")
	}
	c, err := srs.Parse(authority + ":" + code)
	if err != nil {
		return wmsCRS{}, unknown(err.Error())
	}
	return wmsCRS{c, version == wms130 && northFirst(c)}, nil
}

// crsCode splits a name of a reference into its authority and its code, in upper case.
func crsCode(text string) (authority, code string) {
	upper := strings.ToUpper(text)
	_, rest, ok := strings.Cut(upper, "/DEF/CRS/")
	if ok && (strings.HasPrefix(upper, "HTTP://") || strings.HasPrefix(upper, "HTTPS://")) {
		if parts := strings.Split(rest, "/"); len(parts) == 3 { // authority, version, code
			return parts[0], parts[2]
		}
		return "", ""
	}
	for _, prefix := range []string{"URN:OGC:DEF:CRS:", "URN:X-OGC:DEF:CRS:"} {
		rest, ok := strings.CutPrefix(upper, prefix)
		if !ok {
			continue
		}
		parts := strings.Split(rest, ":") // authority, version, code; the version may be left out
		if len(parts) < 2 || len(parts) > 3 {
			return "", ""
		}
		return parts[0], parts[len(parts)-1]
	}
	authority, code, _ = strings.Cut(upper, ":")
	return authority, code
}

// northFirst reports whether a reference's first axis is that of y: it leads to the north or south and the second to the
// east or west or, if both lead to or from a pole, it is called Northing.
func northFirst(c srs.CRS) bool {
	axes := c.Axes()
	upright := func(a srs.Axis) bool { return a.Direction == "north" || a.Direction == "south" }
	switch {
	case !upright(axes[0]):
		return false
	case !upright(axes[1]):
		return true
	}
	return axes[0].Name == "Northing"
}

// box returns a box whose sides are listed in the order of the reference's axes, or lists it in that order.
func (c wmsCRS) box(e srs.Envelope) srs.Envelope {
	if c.northFirst {
		return srs.Envelope{XMin: e.YMin, YMin: e.XMin, XMax: e.YMax, YMax: e.XMax}
	}
	return e
}

// parseWMSBox reads BBOX: the lower and then the upper ends of both axes.
func parseWMSBox(text string, c wmsCRS) (e srs.Envelope, err error) {
	if text == "" {
		return e, wmsMissing("BBOX")
	}
	parts := strings.Split(text, ",")
	var v [4]float64
	for i := range parts {
		if len(parts) != len(v) {
			return e, wmsInvalid("InvalidParameterValue", "BBOX", "BBOX has four numbers, not %d", len(parts))
		}
		if v[i], err = strconv.ParseFloat(strings.TrimSpace(parts[i]), 64); err != nil || v[i]-v[i] != 0 {
			return e, wmsInvalid("InvalidParameterValue", "BBOX", "%s is no number", quote.Text(parts[i]))
		}
	}
	if !(v[0] < v[2] && v[1] < v[3]) {
		return e, wmsInvalid("InvalidParameterValue", "BBOX", "the box has no area: its lower ends come first")
	}
	return c.box(srs.Envelope{XMin: v[0], YMin: v[1], XMax: v[2], YMax: v[3]}), nil
}

// maxListed bounds how many references capabilities list besides the usual ones. Maps may have any.
const maxListed = 32

// A listedCRS is a reference as capabilities list it.
type listedCRS struct {
	name  string
	crs   wmsCRS
	usual bool // the box around the service is stated in it
}

// listedCRSs returns the references that capabilities list: the service's own, those that all clients know, and those of
// EPSG that are meant for places around all of the service, the most particular first.
func listedCRSs(d *exportimage.Description, degrees srs.Envelope, inWorld bool, version string) []listedCRS {
	var out []listedCRS
	add := func(name string, usual bool) {
		if slices.ContainsFunc(out, func(l listedCRS) bool { return l.name == name }) {
			return
		}
		if c, err := parseWMSCRS(name, version); err == nil {
			out = append(out, listedCRS{name, c, usual})
		}
	}
	if wkid, latest := d.CRS.WKID(); wkid != 0 {
		if c, err := srs.FromWKID(latest); err == nil && latest != 0 {
			add(c.String(), true)
		} else {
			add(d.CRS.String(), true)
		}
	}
	add("CRS:84", true)
	add("EPSG:4326", true)
	add("EPSG:3857", true)
	if !inWorld {
		return out
	}
	type candidate struct {
		name string
		area float64
	}
	var found []candidate
	for e := range srs.Search(srs.Query{Area: &degrees, Kind: srs.Projected}) {
		a := e.AreaOfUse
		around := a.XMin <= degrees.XMin && degrees.XMax <= a.XMax && a.YMin <= degrees.YMin && degrees.YMax <= a.YMax
		if e.Authority == "EPSG" && around {
			found = append(found, candidate{"EPSG:" + strconv.Itoa(e.WKID), a.Width() * a.Height()})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		switch {
		case a.area < b.area:
			return -1
		case a.area > b.area:
			return 1
		}
		return 0
	})
	for _, c := range found[:min(len(found), maxListed)] {
		add(c.name, false)
	}
	return out
}
