package sidecar

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"strconv"

	"github.com/geoexport/geoexport/raster"
)

// A ColorTable is an element ColorTable: the colours of the values 0, 1, 2 and so on of a band.
type ColorTable struct {
	Entries [][4]string // red, green, blue and alpha of each; an empty alpha is 255
}

// readColorTable reads the entries of the element.
func readColorTable(r *xmlReader) (*ColorTable, error) {
	t := &ColorTable{}
	return t, r.children(func(e xml.StartElement) error {
		if e.Name.Local == "Entry" {
			t.Entries = append(t.Entries,
				[4]string{attribute(e, "c1"), attribute(e, "c2"), attribute(e, "c3"), attribute(e, "c4")})
		}
		return r.skip()
	})
}

// Palette returns the colours; nil if there are none. Opaque ones are of type color.RGBA, others of color.NRGBA.
func (t *ColorTable) Palette() (color.Palette, error) {
	if t == nil || len(t.Entries) == 0 {
		return nil, nil
	}
	p := make(color.Palette, len(t.Entries))
	for i, e := range t.Entries {
		var v [4]uint8
		for j, text := range e {
			if text == "" && j == 3 {
				text = "255"
			}
			n, err := strconv.ParseUint(text, 10, 8)
			if err != nil {
				return nil, fmt.Errorf("colour %d has a component %.20q, want 0 to 255", i, text)
			}
			v[j] = uint8(n)
		}
		if p[i] = color.RGBA(color.NRGBA{v[0], v[1], v[2], v[3]}); v[3] != 255 {
			p[i] = color.NRGBA{v[0], v[1], v[2], v[3]}
		}
	}
	return p, nil
}

// usages are GDAL's names of the meaning of a column, in the order of its numbers (GDALRATFieldUsage).
var usages = [...]string{
	"Generic", "PixelCount", "Name", "Min", "Max", "MinMax", "Red", "Green", "Blue", "Alpha", "RedMin", "GreenMin", "BlueMin",
	"AlphaMin", "RedMax", "GreenMax", "BlueMax", "AlphaMax",
}

// attributeTypes are the types of a column, in the order of GDAL's numbers (GDALRATFieldType).
var attributeTypes = [...]string{"Integer", "Real", "String"}

// nameOf returns the name with a number given as text; none if there is none.
func nameOf(names []string, number, none string) string {
	if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < len(names) {
		return names[n]
	}
	return none
}

// readAttributeTable reads an element GDALRasterAttributeTable.
func readAttributeTable(r *xmlReader) (*raster.AttributeTable, error) {
	t := &raster.AttributeTable{}
	err := r.children(func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "FieldDefn":
			c := raster.AttributeColumn{Usage: usages[0]}
			err = r.children(func(e xml.StartElement) error {
				text, err := r.text()
				switch e.Name.Local {
				case "Name":
					c.Name = text
				case "Type":
					c.Type = nameOf(attributeTypes[:], text, "")
				case "Usage":
					c.Usage = nameOf(usages[:], text, usages[0])
				}
				return err
			})
			t.Columns = append(t.Columns, c)
		case "Row":
			var row []string
			err = r.children(func(e xml.StartElement) error {
				text, err := r.text()
				if e.Name.Local == "F" && len(row) < len(t.Columns) {
					row = append(row, text)
				}
				return err
			})
			t.Rows = append(t.Rows, row)
		default:
			err = r.skip()
		}
		return err
	})
	return t, err
}
