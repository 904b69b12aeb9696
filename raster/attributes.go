package raster

// An AttributeTable says what the values of a band of classes mean: a row for each value or range of values. It is
// carried as the raster's metadata have it; nothing in this package acts on it.
type AttributeTable struct {
	Columns []AttributeColumn
	Rows    [][]string // at most as many texts in each as there are columns; those that are missing are empty
}

// An AttributeColumn describes one column of an AttributeTable.
type AttributeColumn struct {
	Name  string
	Type  string // "Integer", "Real" or "String"; empty if it is not stated
	Usage string // GDAL's name of the column's meaning, such as "PixelCount", "MinMax" or "Red"; "Generic" if it has none
}

// Column returns the index of the first column of a usage; -1 if there is none.
func (t *AttributeTable) Column(usage string) int {
	if t == nil {
		return -1
	}
	for i, c := range t.Columns {
		if c.Usage == usage {
			return i
		}
	}
	return -1
}
