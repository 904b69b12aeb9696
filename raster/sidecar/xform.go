package sidecar

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// An Xform is Esri's element GeodataXform, which says how a raster is georeferenced.
type Xform struct {
	Type  string // without its prefix, such as "PolynomialXform"
	Order string // of a polynomial
	WKT   string // the spatial reference; empty if it is not stated
	X, Y  string // the coefficients of a polynomial, separated by blanks
}

// readXform reads the element, which e begins.
func readXform(r *xmlReader, e xml.StartElement) (*Xform, error) {
	_, typ, found := strings.Cut(attribute(e, "type"), ":")
	if !found {
		typ = attribute(e, "type")
	}
	x := &Xform{Type: typ}
	return x, r.children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "PolynomialOrder":
			x.Order, err = r.text()
		case "CoeffX":
			x.X, err = r.texts("Double")
		case "CoeffY":
			x.Y, err = r.texts("Double")
		case "SpatialReference":
			err = r.children(func(e xml.StartElement) (err error) {
				if e.Name.Local != "WKT" {
					return r.skip()
				}
				x.WKT, err = r.text()
				return err
			})
		default:
			err = r.skip()
		}
		return err
	})
}

// texts returns the texts of the elements of a name, separated by blanks.
func (r *xmlReader) texts(name string) (string, error) {
	var words []string
	err := r.children(func(e xml.StartElement) error {
		word, err := r.text()
		if e.Name.Local == name {
			words = append(words, strings.TrimSpace(word))
		}
		return err
	})
	return strings.Join(words, " "), err
}

// Affine returns the map from the coordinates of the raster as it is without the element: its map coordinates or, if it
// is not georeferenced, columns and rows of which the latter count upwards from 0 at the top, so that they are negative.
// (GDAL 3.7 reads coefficients so.) identity states that the element changes nothing. The error says why the map is not
// affine.
func (x *Xform) Affine() (a raster.Affine, identity bool, err error) {
	if x.Type == "IdentityXform" {
		return a, true, nil
	}
	if x.Type != "PolynomialXform" || strings.TrimSpace(x.Order) != "1" {
		return a, false, fmt.Errorf("a %.40s of order %.10q is no affine map", x.Type, x.Order)
	}
	var v [6]float64
	words := strings.Fields(x.X)
	if y := strings.Fields(x.Y); len(words) != 3 || len(y) != 3 {
		return a, false, fmt.Errorf("%d and %d coefficients, want 3 and 3", len(words), len(y))
	}
	for i, w := range append(words, strings.Fields(x.Y)...) {
		if v[i], err = strconv.ParseFloat(w, 64); err != nil || v[i]-v[i] != 0 {
			return a, false, fmt.Errorf("coefficient %.40q is no finite number", w)
		}
	}
	a = raster.Affine{A: v[1], B: v[2], C: v[0], D: v[4], E: v[5], F: v[3]}
	if _, ok := a.Inverse(); !ok {
		return a, false, fmt.Errorf("%v: pixels without area", a)
	}
	return a, false, nil
}

// after returns the map that applies first and then a.
func after(a, first raster.Affine) raster.Affine {
	return raster.Affine{
		A: float64(a.A*first.A) + float64(a.B*first.D), B: float64(a.A*first.B) + float64(a.B*first.E),
		C: float64(a.A*first.C) + float64(a.B*first.F) + a.C,
		D: float64(a.D*first.A) + float64(a.E*first.D), E: float64(a.D*first.B) + float64(a.E*first.E),
		F: float64(a.D*first.C) + float64(a.E*first.F) + a.F,
	}
}

// Affine returns the map from pixel corners to map coordinates that an .aux.xml file states by a GeoTransform or an
// Xform; ok is false if it states none. own is the map that the raster states itself, zero if it states none: an Xform
// starts from there. An error says that a map is stated which is not understood, or not affine.
func (m *Metadata) Affine(own raster.Affine) (a raster.Affine, ok bool, err error) {
	if m.GeoTransform != "" {
		if a, ok = ParseGeoTransform(m.GeoTransform); !ok {
			return a, false, fmt.Errorf("GeoTransform %q", shorten(m.GeoTransform))
		}
		return a, true, nil
	}
	if m.Xform == nil {
		return a, false, nil
	}
	x, identity, err := m.Xform.Affine()
	if err != nil {
		return a, false, fmt.Errorf("GeodataXform: %w", err)
	}
	if identity {
		return a, false, nil
	}
	if own == (raster.Affine{}) {
		own = raster.Affine{A: 1, E: -1}
	}
	return after(x, own), true, nil
}

// Reference returns the text of the spatial reference that an .aux.xml file states; empty if it states none.
func (m *Metadata) Reference() string {
	if m.SRS == "" && m.Xform != nil {
		return m.Xform.WKT
	}
	return m.SRS
}
