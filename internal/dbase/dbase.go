// Package dbase reads dBASE III tables, such as those of Shapefiles and of rasters' value attributes.
package dbase

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding"
)

// A Table is a dBASE III table: its columns, and its rows as bytes.
type Table struct {
	columns []Column
	records []byte
	rows    int
	length  int               // of a row
	charset encoding.Encoding // nil: UTF-8
	either  bool              // UTF-8 or else charset, text by text
}

// A Column describes one column of a table.
type Column struct {
	Name     string
	Type     byte // C of texts, N and F of numbers, D of dates, L of truth values; others have no values here
	Whole    bool // numbers have no decimals
	from, to int  // in a row
}

// Open reads a table. cpg is the text of the .cpg file beside it, which names the character set; empty if there is none.
// The table keeps b.
func Open(b []byte, cpg string) (*Table, error) {
	const fixed, field = 32, 32
	if len(b) < fixed {
		return nil, errors.New("its table is cut off")
	}
	head := int(binary.LittleEndian.Uint16(b[8:]))
	t := &Table{length: int(binary.LittleEndian.Uint16(b[10:]))}
	rows := int64(binary.LittleEndian.Uint32(b[4:]))
	if head < fixed || head > len(b) || t.length < 1 || rows*int64(t.length) > int64(len(b)-head) {
		return nil, errors.New("its table is cut off")
	}
	t.rows, t.records = int(rows), b[head:]
	if err := t.setCharset(cpg, b[29]); err != nil {
		return nil, err
	}
	at := 1 // behind the mark of deletion
	for fields := b[fixed:head]; len(fields) >= field && fields[0] != '\r'; fields = fields[field:] {
		name, _, _ := bytes.Cut(fields[:11], []byte{0})
		c := Column{Type: fields[11], from: at, to: at + int(fields[16]), Whole: fields[17] == 0}
		if c.to > t.length {
			return nil, errors.New("its table's columns are longer than a row")
		}
		if c.to == c.from {
			return nil, fmt.Errorf("column %d of its table is 0 bytes wide", len(t.columns)+1)
		}
		var err error
		if c.Name, err = t.text(name); err != nil {
			return nil, err
		}
		at = c.to
		t.columns = append(t.columns, c)
	}
	return t, nil
}

// Columns returns the columns, which must not be changed.
func (t *Table) Columns() []Column { return t.columns }

// Len returns the number of rows, deleted ones among them.
func (t *Table) Len() int { return t.rows }

// Names returns the names of the columns.
func (t *Table) Names() (names []string) {
	for _, c := range t.columns {
		names = append(names, c.Name)
	}
	return names
}

// Row returns the attributes of a row, and whether it is deleted. Values that are empty, or malformed for their type, are left out.
func (t *Table) Row(i int) (attrs map[string]any, deleted bool, err error) {
	if i >= t.rows {
		return nil, false, fmt.Errorf("the table has %d rows", t.rows)
	}
	b := t.records[i*t.length:][:t.length]
	if b[0] == '*' {
		return nil, true, nil
	}
	attrs = map[string]any{} // most of many columns may be blank
	for _, c := range t.columns {
		s, err := t.text(b[c.from:c.to])
		if err != nil {
			return nil, false, err
		}
		if v := c.value(s); v != nil {
			attrs[c.Name] = v
		}
	}
	return attrs, false, nil
}

func (c *Column) value(s string) any {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return nil
	}
	switch c.Type {
	case 'C':
		return s
	case 'N', 'F':
		if v, err := strconv.ParseInt(trimmed, 10, 64); err == nil && c.Whole {
			return v
		}
		if v, err := strconv.ParseFloat(trimmed, 64); err == nil && v-v == 0 {
			return v
		}
	case 'D':
		if v, err := time.Parse("20060102", trimmed); err == nil {
			return v
		}
	case 'L':
		switch trimmed {
		case "T", "t", "Y", "y":
			return int64(1)
		case "F", "f", "N", "n":
			return int64(0)
		}
	}
	return nil
}
