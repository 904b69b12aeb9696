// Package sqlitefile reads the tables of an SQLite database, such as a GeoPackage, from its bytes: row by row, without
// SQL, indexes, views or writing. Open a database, find a Table by its name, and go through its Rows.
//
// Files may be hostile: a scan visits no page twice, and the cells of a page must not overlap, so that the work of a
// scan is bounded by the length of the file, whatever the file says.
//
// The format is https://www.sqlite.org/fileformat2.html; comments name its sections.
package sqlitefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// Magic is the text with which every SQLite database begins.
const Magic = "SQLite format 3\x00"

// A FormatError describes what is wrong with a file.
type FormatError string

func (e FormatError) Error() string { return "sqlite: " + string(e) }

func malformed(format string, args ...any) error { return FormatError(fmt.Sprintf(format, args...)) }

// A DB is a database. It is immutable and safe for concurrent use.
type DB struct {
	data   []byte
	page   int // bytes of a page
	usable int // bytes of a page before those that are reserved at its end
	schema []entry
}

// An entry is a row of the table of all tables, indexes, views and triggers.
type entry struct {
	name, sql string
	root      int64
}

// Open reads the schema of a database. It keeps data, which must not change.
func Open(data []byte) (*DB, error) {
	const header = 100 // 1.3 The Database Header
	if len(data) < header || string(data[:16]) != Magic {
		return nil, malformed("it is no SQLite database")
	}
	db := &DB{data: data, page: int(binary.BigEndian.Uint16(data[16:]))}
	if db.page == 1 {
		db.page = 1 << 16
	}
	if db.page < 512 || db.page&(db.page-1) != 0 {
		return nil, malformed("pages of %d bytes", db.page)
	}
	db.usable = db.page - int(data[20])
	if db.usable < 480 {
		return nil, malformed("%d reserved bytes a page", data[20])
	}
	// An empty database has 0.
	if enc := binary.BigEndian.Uint32(data[56:]); enc > 1 {
		return nil, malformed("text in encoding %d is not supported, only UTF-8", enc)
	}
	for r, err := range db.rows(1, 5) {
		if err != nil {
			return nil, err
		}
		if len(r.values) < 5 || r.values[0] != "table" {
			continue
		}
		name, _ := r.values[1].(string)
		root, _ := r.values[3].(int64)
		sql, _ := r.values[4].(string)
		db.schema = append(db.schema, entry{name, sql, root})
	}
	return db, nil
}

// ErrNoTable reports that a database has no table of the given name.
var ErrNoTable = errors.New("sqlite: there is no such table")

// A Table is a table of a database.
type Table struct {
	Columns []string // names, as the table's definition spells them
	db      *DB
	root    int64
	rowID   int // the column that is an alias of the row number; -1 if none is
	missing []fallback
}

// Table returns the table of the given name, in any case. The error is ErrNoTable if there is none.
func (db *DB) Table(name string) (*Table, error) {
	for _, e := range db.schema {
		if !strings.EqualFold(e.name, name) {
			continue
		}
		d, err := parseDefinition(e.sql)
		if err != nil {
			return nil, malformed("table %q: %v", name, err)
		}
		return &Table{Columns: d.columns, db: db, root: e.root, rowID: d.rowID, missing: d.missing}, nil
	}
	return nil, ErrNoTable
}

// Column returns the index of the column of that name, in any case; -1 if there is none.
func (t *Table) Column(name string) int {
	for i, c := range t.Columns {
		if strings.EqualFold(c, name) {
			return i
		}
	}
	return -1
}

// RowID returns the index of the column that is an alias of the row number, a different int64 in every row; -1 if there
// is none.
func (t *Table) RowID() int { return t.rowID }

// rowBytes is how many bytes the rows of a table may take for each byte of the database. A row takes 16 for each column,
// and a value takes a byte of the file at least, but columns that were added later take none: a row of three bytes may
// have 2000.
const rowBytes = 64

// Rows returns an iterator over the rows of the table in the order of their numbers. A row has a value for each column:
// nil, int64, float64, string or []byte. Columns that were added after a row was written have their default, or nil.
// Slices must not be written to. Nothing follows an error. It is one if rows are much shorter than what their columns
// take in memory.
func (t *Table) Rows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		left := rowBytes * len(t.db.data)
		for r, err := range t.db.rows(t.root, len(t.Columns)) {
			if err != nil {
				yield(nil, err)
				return
			}
			if left -= 16 * len(t.Columns); left < 0 {
				yield(nil, malformed("its rows are too short for %d columns", len(t.Columns)))
				return
			}
			row := make([]any, len(t.Columns))
			for i := copy(row, r.values); i < len(row); i++ {
				if bad := t.missing[i].bad; bad != "" {
					yield(nil, malformed("the default %s of column %q is not understood", bad, t.Columns[i]))
					return
				}
				row[i] = t.missing[i].value
			}
			if t.rowID >= 0 {
				row[t.rowID] = r.id
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

type row struct {
	id     int64
	values []any
}

// rows returns an iterator over the table whose tree has its root at the given page, with the first columns values of
// each row.
func (db *DB) rows(root int64, columns int) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		w := walk{db: db, columns: columns, visited: map[int64]bool{}, yield: yield}
		if err := w.tree(root); err != nil && !errors.Is(err, errStopped) {
			yield(row{}, err)
		}
	}
}

// errStopped ends a walk whose caller wants no more.
var errStopped = errors.New("stopped")

// A walk goes once through a table.
type walk struct {
	db      *DB
	columns int
	visited map[int64]bool
	yield   func(row, error) bool
}

// take returns a page that was not visited before.
func (w *walk) take(n int64) ([]byte, error) {
	if n < 1 || n > int64(len(w.db.data)/w.db.page) {
		return nil, malformed("page %d is not in the file", n)
	}
	if w.visited[n] {
		return nil, malformed("page %d is used twice", n)
	}
	w.visited[n] = true
	return w.db.data[(n-1)*int64(w.db.page):][:w.db.usable], nil
}

// Kinds of pages, from 1.6 B-tree Pages.
const (
	interiorTable = 0x05
	leafTable     = 0x0d
)

// tree walks a page and all below it. The depth is bounded by the pages, of which none is visited twice, and by
// maxDepth.
func (w *walk) tree(root int64) error { return w.subtree(root, 0) }

// maxDepth bounds the depth of a tree: with two children a page, the deepest that SQLite makes has fewer levels.
const maxDepth = 64

func (w *walk) subtree(n int64, depth int) error {
	if depth > maxDepth {
		return malformed("a tree is deeper than %d pages", maxDepth)
	}
	page, err := w.take(n)
	if err != nil {
		return err
	}
	head := page
	if n == 1 {
		head = page[100:] // behind the header of the database
	}
	kind, cells := head[0], int(binary.BigEndian.Uint16(head[3:]))
	pointers := head[8:]
	if kind == interiorTable {
		pointers = head[12:]
	} else if kind != leafTable {
		return malformed("page %d is of kind %#x, which no table has", n, kind)
	}
	if cells*2 > len(pointers) {
		return malformed("page %d has %d cells", n, cells)
	}
	left := len(page) // bytes that cells may still take: overlapping ones would make a small file a large table
	for i := range cells {
		at := int(binary.BigEndian.Uint16(pointers[2*i:]))
		if at >= len(page) {
			return malformed("page %d: cell %d is outside of it", n, i)
		}
		cell := page[at:]
		if kind == leafTable {
			var size int
			size, err = w.leaf(cell)
			if left -= size; left < 0 {
				err = malformed("page %d: its cells overlap", n)
			}
		} else if len(cell) < 4 {
			err = malformed("page %d: cell %d is cut off", n, i)
		} else {
			err = w.subtree(int64(binary.BigEndian.Uint32(cell)), depth+1)
		}
		if err != nil {
			return err
		}
	}
	if kind == interiorTable {
		return w.subtree(int64(binary.BigEndian.Uint32(head[8:])), depth+1)
	}
	return nil
}

// leaf yields the row in a cell, and returns the size of the cell.
func (w *walk) leaf(cell []byte) (int, error) {
	size, rest, ok := varint(cell)
	if !ok || size < 0 || size > int64(len(w.db.data)) {
		return 0, malformed("a row of %d bytes", size)
	}
	id, rest, ok := varint(rest)
	if !ok {
		return 0, malformed("a row is cut off")
	}
	payload, local, err := w.payload(rest, int(size))
	if err != nil {
		return 0, err
	}
	values, err := decodeRecord(payload, w.columns)
	if err != nil {
		return 0, err
	}
	if !w.yield(row{id, values}, nil) {
		return 0, errStopped
	}
	return len(cell) - len(rest) + local, nil
}

// payload returns the bytes of a row, from the cell and from overflow pages (1.6, "The following values"), and the
// number of them in the cell.
func (w *walk) payload(cell []byte, size int) (all []byte, local int, err error) {
	u := w.db.usable
	if size <= u-35 {
		if size > len(cell) {
			return nil, 0, malformed("a row is cut off")
		}
		return cell[:size], size, nil
	}
	least := (u-12)*32/255 - 23
	local = least + (size-least)%(u-4)
	if local > u-35 {
		local = least
	}
	if len(cell) < local+4 {
		return nil, 0, malformed("a row is cut off")
	}
	out := append([]byte(nil), cell[:local]...)
	for next := int64(binary.BigEndian.Uint32(cell[local:])); len(out) < size; {
		page, err := w.take(next)
		if err != nil {
			return nil, 0, err
		}
		next = int64(binary.BigEndian.Uint32(page))
		out = append(out, page[4:min(len(page), 4+size-len(out))]...)
	}
	return out, local + 4, nil
}
