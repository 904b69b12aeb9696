package exportimage

import (
	"cmp"
	"image/color"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// classValue is the index of the column that has the value of each row of a table; -1 if there is none, as in tables of
// ranges of values.
func classValue(t *raster.AttributeTable) int {
	if i := t.Column("MinMax"); i >= 0 {
		return i
	}
	if t == nil || t.Column("Min") >= 0 {
		return -1
	}
	return columnNamed(t, "value")
}

// columnNamed returns the index of the first column of a name, in any case; -1 if there is none.
func columnNamed(t *raster.AttributeTable, names ...string) int {
	for _, name := range names {
		i := slices.IndexFunc(t.Columns, func(c raster.AttributeColumn) bool { return strings.EqualFold(c.Name, name) })
		if i >= 0 {
			return i
		}
	}
	return -1
}

// className is the index of the column that names classes; -1 if there is none.
func className(t *raster.AttributeTable) int {
	if i := t.Column("Name"); i >= 0 {
		return i
	}
	i := columnNamed(t, "ClassName", "Class_Name", "Class", "Name", "Label", "Description")
	if i >= 0 && t.Columns[i].Type != "String" {
		return -1
	}
	return i
}

// cell returns a text of a table's row; empty if the row is shorter.
func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}

// classTable returns the table of the only band if its rows are of single values.
func (d *Description) classTable() *raster.AttributeTable {
	if len(d.Bands) != 1 || !d.PixelType.Integer() || len(d.rows()) == 0 || classValue(d.Bands[0].Table) < 0 {
		return nil
	}
	return d.Bands[0].Table
}

func (d *Description) rows() [][]string {
	if len(d.Bands) != 1 || d.Bands[0].Table == nil {
		return nil
	}
	return d.Bands[0].Table.Rows
}

// AttributeTable returns what the raster attribute table of a service is made of: the table of the only band, or else
// its named values; nil if there is neither. In a table of single values, the column of these is called Value, and
// columns that have the parts of colours Red, Green, Blue and Alpha. Names that only the band's categories have are
// added as ClassName, and colours that only the palette has as Red, Green and Blue. The table must not be written to.
func (d *Description) AttributeTable() *raster.AttributeTable {
	t := d.classTable()
	switch {
	case t == nil && len(d.rows()) > 0 && !d.HasClasses():
		return d.Bands[0].Table // of ranges
	case t == nil && !d.HasClasses():
		return nil
	case t == nil:
		t = categoryTable(d.Bands[0].Categories)
	}
	out := &raster.AttributeTable{Columns: slices.Clone(t.Columns), Rows: slices.Clone(t.Rows)}
	value := classValue(t)
	for i, c := range out.Columns {
		name := ""
		switch c.Usage {
		case "Red", "Green", "Blue", "Alpha":
			name = c.Usage
		case "PixelCount":
			name = "Count"
		}
		if i == value {
			name = "Value"
		}
		if name != "" && (columnNamed(out, name) < 0 || columnNamed(out, name) == i) {
			out.Columns[i].Name = name
		}
	}
	if names := d.Bands[0].Categories; className(t) < 0 && len(names) > 0 {
		addColumn(out, raster.AttributeColumn{Name: "ClassName", Type: "String", Usage: "Name"}, func(row []string) string {
			if v, err := strconv.Atoi(cell(row, value)); err == nil && v >= 0 && v < len(names) {
				return names[v]
			}
			return ""
		})
	}
	if d.Palette != nil && columnNamed(out, "Red") < 0 {
		for i, name := range []string{"Red", "Green", "Blue"} {
			addColumn(out, raster.AttributeColumn{Name: name, Type: "Integer", Usage: name}, func(row []string) string {
				v, err := strconv.Atoi(cell(row, value))
				if err != nil || v < 0 || v >= len(d.Palette) {
					return ""
				}
				c := color.NRGBAModel.Convert(d.Palette[v]).(color.NRGBA)
				return strconv.Itoa(int([3]uint8{c.R, c.G, c.B}[i]))
			})
		}
	}
	return out
}

// addColumn adds a column whose texts are made of rows.
func addColumn(t *raster.AttributeTable, c raster.AttributeColumn, text func(row []string) string) {
	n := len(t.Columns)
	t.Columns = append(t.Columns, c)
	for i, row := range t.Rows {
		longer := make([]string, n+1)
		copy(longer[:n], row)
		longer[n] = text(row)
		t.Rows[i] = longer
	}
}

// categoryTable returns names of the values 0, 1, 2 and so on as a table.
func categoryTable(names []string) *raster.AttributeTable {
	t := &raster.AttributeTable{Columns: []raster.AttributeColumn{
		{Name: "Value", Type: "Integer", Usage: "MinMax"}, {Name: "ClassName", Type: "String", Usage: "Name"},
	}}
	for v, name := range names {
		if name != "" {
			t.Rows = append(t.Rows, []string{strconv.Itoa(v), name})
		}
	}
	return t
}

// A class is a value with a meaning.
type class struct {
	value float64
	name  string
}

// classes returns the named values of the only band, at most a number of them, in the order in which they are stated.
func (d *Description) classes(most int) (out []class) {
	t := d.classTable()
	if t == nil || className(t) < 0 {
		if !d.HasClasses() {
			return nil
		}
		t = categoryTable(d.Bands[0].Categories)
	}
	value, name := classValue(t), className(t)
	for _, row := range t.Rows {
		v, err := strconv.ParseFloat(strings.TrimSpace(cell(row, value)), 64)
		if err == nil && v-v == 0 && len(out) < most {
			out = append(out, class{v, cmp.Or(cell(row, name), cell(row, value))})
		}
	}
	return out
}
