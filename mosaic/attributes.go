package mosaic

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/geoexport/geoexport/srs"
)

const (
	tableName  = "catalog.csv"
	fileColumn = "file"
	idColumn   = "objectid"
	// outlineColumn begins the name of the column with the footprints.
	outlineColumn = "footprint_wkt"
)

// maxTableBytes bounds the length of a table of attributes. A table is read as a whole, because a column's type depends
// on all its cells. 16 MiB hold 100 000 rows of 160 bytes.
const maxTableBytes = 16 << 20

// maxTableColumns bounds the columns of a table of attributes. SQLite has the same bound by default.
const maxTableColumns = 2000

// maxID is the largest number that is used as an item's ID: numbers in JSON are exact up to it, and counting on from it
// cannot overflow.
const maxID = 1 << 53

// A TableError reports a mistake in a folder's table of attributes, and where it is.
type TableError struct {
	Line   int    // in the table, 1 is the first; 0 if the mistake is in no line
	Column string // as the table's first line spells it; empty if the mistake is in no column
	Err    error
}

func (e *TableError) Error() string {
	where := "mosaic: " + tableName
	if e.Line > 0 {
		where += fmt.Sprintf(", line %d", e.Line)
	}
	if e.Column != "" {
		where += fmt.Sprintf(", column %q", e.Column)
	}
	return fmt.Sprintf("%s: %v", where, e.Err)
}

// Unwrap returns the cause.
func (e *TableError) Unwrap() error { return e.Err }

// A table is a folder's table of attributes. The zero table has no rows.
type table struct {
	rows map[string]*tableRow // by the name of the raster's file
	// fileColumn is the name of the column with the files as the table spells it.
	fileColumn string
	// numbered is set if every row has an ID that no other has.
	numbered bool
	lastID   int64 // the largest ID, if numbered

	outlineColumn string  // the name of the column with the footprints; empty if there is none
	outlineCRS    srs.CRS // of the footprints; zero for each raster's own
}

type tableRow struct {
	line  int
	id    int64 // if the table is numbered
	attrs map[string]any
	outer []Ring // of the footprint; nil if the table has none
}

// readTable reads a table of attributes in CSV; the comment of Folder describes the format. The error is a *TableError,
// or the reader's own.
func readTable(r io.Reader) (table, error) { return readRows(r, math.MaxInt) }

// readRows is readTable for a number of rasters. It reads one row more at most: then one of them is wrong, and it does
// not matter what others there are.
func readRows(r io.Reader, rasters int) (table, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxTableBytes+1))
	if err != nil {
		return table{}, fmt.Errorf("mosaic: %s: %w", tableName, err)
	}
	if len(text) > maxTableBytes {
		return table{}, &TableError{Err: fmt.Errorf("it is longer than %d bytes", maxTableBytes)}
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF")) // spreadsheets put a byte order mark in front
	cells, err := readCells(text, rasters)
	if err != nil {
		return table{}, err
	}
	return cells.table()
}

// cells is a table as text. Cells are trimmed, and their values are not checked.
type cells struct {
	header  []string
	columns [][]string // one cell for each row
	lines   []int      // of each row
}

func readCells(text []byte, rasters int) (*cells, error) {
	if err := checkWidth(text); err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1 // counted below, for a better error
	r.ReuseRecord = true
	c := &cells{}
	for len(c.lines) <= rasters {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, syntaxError(err)
		}
		for i, cell := range record {
			if !utf8.ValidString(cell) {
				line, _ := r.FieldPos(i)
				return nil, &TableError{Line: line, Err: fmt.Errorf("cell %d is not UTF-8", i+1)}
			}
			record[i] = strings.TrimSpace(cell)
		}
		line, _ := r.FieldPos(0)
		if c.header == nil {
			c.header, err = slices.Clone(record), checkHeader(record)
			if err != nil {
				return nil, &TableError{Line: line, Err: err}
			}
			c.columns = make([][]string, len(c.header))
			continue
		}
		// Spreadsheets leave rows of empty cells at the end.
		if !slices.ContainsFunc(record, func(cell string) bool { return cell != "" }) {
			continue
		}
		if len(record) != len(c.header) {
			return nil, &TableError{Line: line,
				Err: fmt.Errorf("it has %d cells, and the first line %d", len(record), len(c.header))}
		}
		for i, cell := range record {
			c.columns[i] = append(c.columns[i], cell)
		}
		c.lines = append(c.lines, line)
	}
	if c.header == nil {
		return nil, &TableError{Err: errors.New("it is empty")}
	}
	return c, nil
}

// checkWidth returns an error if a row has more cells than a table may have columns. The reader of CSV takes a hundred
// bytes for each.
func checkWidth(text []byte) error {
	line, commas, inQuotes := 1, 0, false
	for _, c := range text {
		switch {
		case c == '"': // two of them, which stand for one inside quotes, change nothing
			inQuotes = !inQuotes
		case c == '\n':
			if line++; !inQuotes {
				commas = 0
			}
		case c == ',' && !inQuotes:
			if commas++; commas >= maxTableColumns {
				return &TableError{Line: line, Err: fmt.Errorf("it has more than %d cells", maxTableColumns)}
			}
		}
	}
	return nil
}

func syntaxError(err error) error {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return &TableError{Line: p.Line, Err: fmt.Errorf("at byte %d: %w", p.Column, p.Err)}
	}
	return &TableError{Err: err}
}

// checkHeader returns an error unless every column has a name of its own. Conditions on attributes ignore case, so
// "Date" and "date" are one name.
func checkHeader(header []string) error {
	seen := make(map[string]bool, len(header))
	for i, name := range header {
		key := strings.ToLower(name)
		switch {
		case name == "":
			return fmt.Errorf("column %d has no name", i+1)
		case seen[key]:
			return fmt.Errorf("two columns are called %q", name)
		}
		seen[key] = true
	}
	return nil
}

// column returns the index of the column with the given name, in any case, or -1.
func (c *cells) column(name string) int {
	return slices.IndexFunc(c.header, func(h string) bool { return strings.EqualFold(h, name) })
}

func (c *cells) table() (table, error) {
	files := c.column(fileColumn)
	if files < 0 {
		return table{}, &TableError{Line: 1, Err: fmt.Errorf("there is no column %q", fileColumn)}
	}
	t := table{rows: make(map[string]*tableRow, len(c.lines)), fileColumn: c.header[files]}
	rows := make([]*tableRow, len(c.lines))
	for i, cell := range c.columns[files] {
		fail := func(format string, args ...any) error {
			return &TableError{Line: c.lines[i], Column: t.fileColumn, Err: fmt.Errorf(format, args...)}
		}
		name := cell[strings.LastIndexAny(cell, `/\`)+1:]
		if name == "" {
			return table{}, fail("%q names no file", cell)
		}
		if other, twice := t.rows[name]; twice {
			return table{}, fail("%q has a row already, in line %d", name, other.line)
		}
		rows[i] = &tableRow{line: c.lines[i], attrs: map[string]any{}}
		t.rows[name] = rows[i]
	}
	for i, name := range c.header {
		if i == files {
			continue
		}
		if code, ok := strings.CutPrefix(strings.ToLower(name), outlineColumn); ok && t.outlineColumn == "" {
			if err := t.outlines(rows, name, code, c.columns[i]); err != nil {
				return table{}, err
			}
			continue
		}
		if err := c.checkTimes(name, c.columns[i]); err != nil {
			return table{}, err
		}
		for row, v := range values(c.columns[i]) {
			if v != nil {
				rows[row].attrs[name] = v
			}
		}
	}
	if i := c.column(idColumn); i >= 0 {
		t.number(rows, c.header[i])
	}
	return t, nil
}

// outlines reads a column of footprints, whose CRS has the given code; no code stands for each raster's own CRS.
func (t *table) outlines(rows []*tableRow, name, code string, column []string) (err error) {
	t.outlineColumn = name
	if code != "" {
		if t.outlineCRS, err = srs.Parse(code); err != nil {
			return &TableError{Line: 1, Column: name, Err: err}
		}
	}
	for i, cell := range column {
		if cell == "" {
			continue
		}
		if rows[i].outer, err = parsePolygon(cell); err != nil {
			return &TableError{rows[i].line, name, err}
		}
	}
	return nil
}

// number numbers the rows by the attribute with the given name, if it has a different positive integer in each.
func (t *table) number(rows []*tableRow, name string) {
	seen := make(map[int64]bool, len(rows))
	var last int64
	for _, row := range rows {
		id, ok := row.attrs[name].(int64)
		if !ok || id < 1 || id > maxID || seen[id] {
			return
		}
		row.id, seen[id], last = id, true, max(last, id)
	}
	t.numbered, t.lastID = len(rows) > 0, last
}

// values converts the cells of a column to the narrowest type that holds all of them: int64, float64, time.Time or
// string. Empty cells become nil.
func values(column []string) []any {
	for _, parse := range []func(string) (any, bool){parseInt, parseFloat, parseTime} {
		if v, ok := parsed(column, parse); ok {
			return v
		}
	}
	v, _ := parsed(column, func(s string) (any, bool) { return s, true })
	return v
}

func parsed(column []string, parse func(string) (any, bool)) ([]any, bool) {
	out := make([]any, len(column))
	for i, cell := range column {
		if cell == "" {
			continue
		}
		v, ok := parse(cell)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// isCode reports whether digits are a code rather than a quantity, as in a path "015" or a postcode, whose leading
// zeros a number would lose.
func isCode(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && s[1] >= '0' && s[1] <= '9'
}

func parseInt(s string) (any, bool) {
	v, err := strconv.ParseInt(s, 10, 64)
	return v, err == nil && !isCode(s)
}

// parseFloat accepts finite decimal numbers only; strconv would accept hexadecimal ones and words, too.
func parseFloat(s string) (any, bool) {
	if strings.Trim(s, "0123456789+-.eE") != "" || isCode(s) {
		return nil, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

func parseTime(s string) (any, bool) {
	if v, ok := parseInstant(s); ok {
		return v, true
	}
	return nil, false
}

// timeColumns are the columns that state when an item is from.
var timeColumns = []string{"time", "starttime", "endtime"}

// checkTimes returns an error if a column states items' times and a cell is no time: the item would count as of all
// times.
func (c *cells) checkTimes(name string, column []string) error {
	if !slices.ContainsFunc(timeColumns, func(t string) bool { return strings.EqualFold(t, name) }) {
		return nil
	}
	for i, cell := range column {
		if _, ok := parseTime(cell); !ok && cell != "" {
			return &TableError{c.lines[i], name, fmt.Errorf("%.40q is no time", cell)}
		}
	}
	return nil
}
