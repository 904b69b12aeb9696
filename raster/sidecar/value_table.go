package sidecar

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/internal/dbase"
	"github.com/geoexport/geoexport/raster"
)

// The suffixes of Esri's table of the values of a raster of one band, and of what names its character set.
const (
	ValueTable        = ".vat.dbf"
	ValueTableCharset = ".vat.cpg"
)

// valueUsages are GDAL's names of the meaning of Esri's columns.
var valueUsages = map[string]string{
	"VALUE": "MinMax", "COUNT": "PixelCount", "RED": "Red", "GREEN": "Green", "BLUE": "Blue", "ALPHA": "Alpha",
}

// ReadValueTable reads the table of values with the suffix ValueTable, of max bytes at most; nil if there is none. Dates
// become texts such as 2006-01-02. Errors are those of ReadText, or say what is wrong with the table.
func ReadValueTable(ctx context.Context, open Opener, limit int64) (*raster.AttributeTable, error) {
	text, err := ReadText(ctx, open, ValueTable, limit)
	if err != nil || text == nil {
		return nil, err
	}
	charset := ""
	switch cpg, err := ReadText(ctx, open, ValueTableCharset, limit); {
	case err != nil:
		return nil, err
	case cpg != nil:
		charset = strings.TrimSpace(string(cpg.Bytes))
	}
	table, err := dbase.Open(text.Bytes, charset)
	if err != nil {
		return nil, err
	}
	out := &raster.AttributeTable{}
	for _, c := range table.Columns() {
		column := raster.AttributeColumn{Name: c.Name, Type: "String", Usage: "Generic"}
		switch {
		case c.Type == 'L', (c.Type == 'N' || c.Type == 'F') && c.Whole:
			column.Type = "Integer"
		case c.Type == 'N' || c.Type == 'F':
			column.Type = "Real"
		}
		// Colours with a point are parts of 1.
		usage, ok := valueUsages[strings.ToUpper(c.Name)]
		if ok && (column.Type == "Integer" || column.Type == "Real" && (usage == "PixelCount" || usage == "MinMax")) {
			column.Usage = usage
		}
		out.Columns = append(out.Columns, column)
	}
	for i := range table.Len() {
		attrs, deleted, err := table.Row(i)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
		if deleted {
			continue
		}
		row := make([]string, len(out.Columns))
		for n, c := range out.Columns {
			row[n] = valueText(attrs[c.Name])
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// valueText returns a value of a dBASE table as text; empty if there is none.
func valueText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return ""
}

// AddValueTable gives the only band of a raster a table of values, unless it has a table.
func (m *Metadata) AddValueTable(t *raster.AttributeTable) {
	if b := m.band(0); b.Table == nil {
		b.Table = t
	}
}
