package srs

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// readExtension reads the EXTENSION in which GDAL writes a system as a PROJ string besides, and which counts for it where
// WKT 1 has no words for the system. It returns nil if there is none.
func readExtension(n *wktNode) (*definition, error) {
	e := n.find("EXTENSION")
	if e == nil {
		return nil, nil
	}
	if !strings.EqualFold(e.value(0), "PROJ4") || !isPROJ(strings.TrimSpace(e.value(1))+" ") {
		return nil, &UnsupportedError{"extension", e.value(0)}
	}
	d, err := definitionFromPROJ(e.value(1))
	if err != nil {
		return nil, &UnsupportedError{"extension", fmt.Sprintf("%s (%v)", e.value(1), err)}
	}
	return &d, nil
}

// extended returns the definition that the text's PROJ string means, with the text's name. The text's datum is kept if the
// string has no more to say about it than its ellipsoid.
func (t *description) extended() definition {
	d := *t.extension
	d.wkid, d.latest, d.authority, d.name = t.wkid, t.wkid, t.authority, t.name
	named := d.datum.id != "" || d.datum.operations != operations{}
	if own := t.datum(); !named && nearEllipsoid(own.ellipsoid, d.datum.ellipsoid) && nearMeridian(own.meridian, d.datum.meridian) {
		d.datum = own
	}
	return d
}

// isSemiAxis reports whether a parameter is one of those in which GeoTools repeats the ellipsoid.
func isSemiAxis(name string) bool {
	key := canonical(name)
	return key == "semimajor" || key == "semiminor"
}

// readSemiAxes reads the ellipsoid that a projection has among its parameters, as in GeoTools' texts. It may be a sphere
// where the datum has none: a Mercator projection is then web Mercator.
func (t *description) readSemiAxes(n *wktNode) error {
	own, _, _ := squares(t.ellipsoid)
	major, minor, found := t.ellipsoid.A, own, false
	for i := range n.nodes {
		p := &n.nodes[i]
		if p.keyword != "PARAMETER" || !isSemiAxis(p.value(0)) {
			continue
		}
		v, err := p.number(1)
		if err != nil {
			return err
		}
		found = true
		if canonical(p.value(0)) == "semimajor" {
			major = v
		} else {
			minor = v
		}
	}
	if !found {
		return nil
	}
	if !(minor > 0 && major >= minor && major <= 1e9) {
		return fmt.Errorf("an ellipsoid's axes are %g and %g", major, minor)
	}
	e := ellipsoid{A: major}
	if major-minor > 1e-6 {
		e.RF = major / (major - minor)
	}
	if math.Abs(major-t.ellipsoid.A) < 1e-3 && math.Abs(minor-own) < 1e-3 {
		return nil
	}
	if e.RF != 0 {
		return errors.New("a projection's ellipsoid is neither its datum's nor a sphere")
	}
	t.surface = e
	return nil
}

// webMercatorTexts are the names of web Mercator under which some writers describe it as a Mercator projection of the
// ellipsoid, for want of a method of its own.
var webMercatorTexts = []string{
	"WGS 84 / Pseudo-Mercator", "WGS_1984_Web_Mercator", "WGS_1984_Web_Mercator_Auxiliary_Sphere",
}

// isWebMercator reports whether a text means web Mercator by its name: its method is a Mercator projection, and its
// ellipsoid that of WGS 84.
func (t *description) isWebMercator() bool {
	switch canonical(t.method) {
	case "mercator", "mercator1sp", "mercator2sp", "mercatorvarianta", "mercatorvariantb":
	default:
		return false
	}
	for _, name := range webMercatorTexts {
		if canonical(t.name) == canonical(name) {
			return nearEllipsoid(t.ellipsoid, wgs84Ellipsoid)
		}
	}
	return false
}

// onSurface returns the ellipsoid that the projection maps, if it is the text's own datum's.
func (t *description) onSurface(datums ellipsoid) ellipsoid {
	switch {
	case t.surface != ellipsoid{}:
		return t.surface
	case t.isWebMercator():
		return datums.Sphere()
	}
	return datums
}
