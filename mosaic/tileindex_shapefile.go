package mosaic

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding"

	"github.com/geoexport/geoexport/srs"
)

// shapeMagic is the beginning of the main file of a Shapefile: 9994, big-endian.
var shapeMagic = []byte{0, 0, 0x27, 0x0a}

// shapefile reads a Shapefile: its main file, described in the ESRI Shapefile Technical Description of July 1998, and
// the dBASE table beside it.
func (f *featureReader) shapefile(ctx context.Context, fsys fs.FS, name string, shp []byte) error {
	base := strings.TrimSuffix(name, path.Ext(name))
	prj, err := f.part(ctx, fsys, base, ".prj")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: there is no %s.prj", srs.ErrNotStated, base)
	}
	if err != nil {
		return err
	}
	if f.crs, err = srs.FromWKT(strings.TrimSpace(string(prj))); err != nil {
		return err
	}
	dbf, err := f.part(ctx, fsys, base, ".dbf")
	if err != nil {
		return err
	}
	cpg, err := f.part(ctx, fsys, base, ".cpg")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	table, err := openDBF(dbf, strings.TrimSpace(string(cpg)))
	if err != nil {
		return err
	}
	if err := f.needLocation(table.names()); err != nil {
		return err
	}
	const header = 100
	if len(shp) < header {
		return errors.New("its header is cut off")
	}
	row := 0
	for rest := shp[header:]; len(rest) > 0; row++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		// A record's length is in words of two bytes, without its header of eight bytes.
		if len(rest) < 8 {
			return fmt.Errorf("item %d: its shape is cut off", row+1)
		}
		n := 2 * int64(binary.BigEndian.Uint32(rest[4:]))
		if n > int64(len(rest)-8) {
			return fmt.Errorf("item %d: its shape is cut off", row+1)
		}
		shape := rest[8 : 8+n]
		rest = rest[8+n:]
		attrs, deleted, err := table.row(row)
		if err != nil {
			return fmt.Errorf("item %d: %w", row+1, err)
		}
		if deleted {
			continue
		}
		outer, err := shapePolygon(shape)
		if err != nil {
			return fmt.Errorf("item %d: %w", row+1, err)
		}
		if err := f.row(int64(row+1), outer, attrs); err != nil {
			return err
		}
	}
	if row != table.rows {
		return fmt.Errorf("it has %d shapes, and its table %d rows", row, table.rows)
	}
	return nil
}

// shapePolygon returns the outer rings of a Polygon, PolygonZ or PolygonM, which run clockwise; nil for a null shape.
func shapePolygon(b []byte) ([]Ring, error) {
	const fixed = 44 // type, box, and the two counts
	if len(b) < 4 {
		return nil, errGeometry
	}
	switch t := binary.LittleEndian.Uint32(b); t {
	case 0:
		return nil, nil
	case 5, 15, 25:
	default:
		return nil, fmt.Errorf("its shape is of type %d, no polygon", t)
	}
	if len(b) < fixed {
		return nil, errGeometry
	}
	parts, points := int64(binary.LittleEndian.Uint32(b[36:])), int64(binary.LittleEndian.Uint32(b[40:]))
	if 4*parts+16*points > int64(len(b)-fixed) {
		return nil, errGeometry
	}
	starts, coords := b[fixed:fixed+4*parts], b[fixed+4*parts:]
	var outer, all []Ring
	for i := range parts {
		from, to := int64(binary.LittleEndian.Uint32(starts[4*i:])), points
		if i+1 < parts {
			to = int64(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		// Parts that overlap would take more memory than the file has bytes.
		if from >= to || to > points {
			return nil, errGeometry
		}
		r := make(Ring, to-from)
		for j := range r {
			at := coords[16*(from+int64(j)):]
			r[j] = [2]float64{
				math.Float64frombits(binary.LittleEndian.Uint64(at)), math.Float64frombits(binary.LittleEndian.Uint64(at[8:])),
			}
		}
		all = append(all, r)
		if r.area() < 0 {
			outer = append(outer, r)
		}
	}
	if outer == nil {
		return all, nil // their direction is wrong: take all as outer rings
	}
	return outer, nil
}

// A dbfTable is a dBASE III table: its columns, and its rows as bytes.
type dbfTable struct {
	columns []dbfColumn
	records []byte
	rows    int
	length  int               // of a row
	charset encoding.Encoding // nil: UTF-8
	either  bool              // UTF-8 or else charset, text by text
}

type dbfColumn struct {
	name     string
	typ      byte
	from, to int // in a row
	whole    bool
}

func openDBF(b []byte, cpg string) (*dbfTable, error) {
	const fixed, field = 32, 32
	if len(b) < fixed {
		return nil, errors.New("its table is cut off")
	}
	head := int(binary.LittleEndian.Uint16(b[8:]))
	t := &dbfTable{length: int(binary.LittleEndian.Uint16(b[10:]))}
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
		c := dbfColumn{typ: fields[11], from: at, to: at + int(fields[16]), whole: fields[17] == 0}
		if c.to > t.length {
			return nil, errors.New("its table's columns are longer than a row")
		}
		if c.to == c.from {
			return nil, fmt.Errorf("column %d of its table is 0 bytes wide", len(t.columns)+1)
		}
		var err error
		if c.name, err = t.text(name); err != nil {
			return nil, err
		}
		at = c.to
		t.columns = append(t.columns, c)
	}
	return t, nil
}

func (t *dbfTable) names() (names []string) {
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	return names
}

// row returns the attributes of a row. Values that are empty, or malformed for their type, are left out.
func (t *dbfTable) row(i int) (attrs map[string]any, deleted bool, err error) {
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
			attrs[c.name] = v
		}
	}
	return attrs, false, nil
}

func (c *dbfColumn) value(s string) any {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return nil
	}
	switch c.typ {
	case 'C':
		return s
	case 'N', 'F':
		if v, err := strconv.ParseInt(trimmed, 10, 64); err == nil && c.whole {
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
