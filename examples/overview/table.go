package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

const tableName = "catalog.csv"

// A table is a folder's table of attributes. Its first row has the columns' names.
type table [][]string

// readTable reads the table of a folder, without the rows of tiles. Without one, it is empty.
func readTable(dir string) (table, error) {
	text, err := os.ReadFile(filepath.Join(dir, tableName))
	if errors.Is(err, fs.ErrNotExist) {
		return table{{"file"}}, nil
	}
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF"))))
	r.FieldsPerRecord = -1 // mosaic.Folder reports more exactly what is wrong
	t, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tableName, err)
	}
	if len(t) == 0 {
		return nil, fmt.Errorf("%s is empty", tableName)
	}
	file := table(t).find("file")
	return slices.DeleteFunc(t, func(row []string) bool {
		empty := !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" })
		return empty || file >= 0 && file < len(row) && strings.HasPrefix(fileName(row[file]), prefix)
	}), nil
}

// fileName returns the name of the file in a cell, without folders.
func fileName(cell string) string {
	cell = strings.TrimSpace(cell)
	return cell[strings.LastIndexAny(cell, `/\`)+1:]
}

// find returns the column of the first of the names that the table has, in any case, or -1 if it has none.
func (t table) find(names ...string) int {
	for _, name := range names {
		if i := slices.IndexFunc(t[0], func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) }); i >= 0 {
			return i
		}
	}
	return -1
}

// column is like find, but adds a column with the first name if there is none.
func (t table) column(names ...string) int {
	if i := t.find(names...); i >= 0 {
		return i
	}
	for i := range t {
		t[i] = append(t[i], "")
	}
	t[0][len(t[0])-1] = names[0]
	return len(t[0]) - 1
}

// row returns the row of a file, which is added if there is none.
func (t *table) row(file string) []string {
	i := t.find("file")
	for _, row := range (*t)[1:] {
		if fileName(row[i]) == file {
			return row
		}
	}
	row := make([]string, len((*t)[0]))
	row[i] = file
	*t = append(*t, row)
	return row
}

func (t table) text() []byte {
	var b bytes.Buffer
	_ = csv.NewWriter(&b).WriteAll(t) // to memory
	return b.Bytes()
}

// A located raster knows the path of its file.
type located struct {
	raster.Dataset
	path string
}

// Version returns that of the file.
func (l located) Version() raster.Version { return raster.VersionOf(l.Dataset) }

// readBase reads the catalogue of a folder without its tiles. Its items are drawn at any scale.
func readBase(ctx context.Context, dir string, t table, files *mosaic.Pool) (mosaic.Slice, error) {
	items, err := mosaic.Folder(ctx, baseFS{os.DirFS(dir), t}, &mosaic.FolderOptions{Open: func(ctx context.Context, name string) (raster.Dataset, error) {
		path := filepath.Join(dir, name)
		ds, err := files.Open(ctx, path)
		return located{ds, path}, err
	}})
	for _, it := range items {
		it.MaxPS = 0
	}
	return items, err
}

// baseFS is a folder without its tiles, whose table does not list them either.
type baseFS struct {
	fs.FS
	table table
}

func (b baseFS) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(b.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), prefix) }), err
}

func (b baseFS) Open(name string) (fs.File, error) {
	if name == tableName {
		return memory{bytes.NewReader(b.table.text())}, nil
	}
	return b.FS.Open(name)
}

// memory is the table as a file, and what is known of it: it never changes.
type memory struct{ *bytes.Reader }

func (m memory) Stat() (fs.FileInfo, error) { return m, nil }
func (memory) Close() error                 { return nil }
func (memory) Name() string                 { return tableName }
func (memory) Mode() fs.FileMode            { return 0o444 }
func (memory) ModTime() time.Time           { return time.Time{} }
func (memory) IsDir() bool                  { return false }
func (memory) Sys() any                     { return nil }

// overlap is the factor by which the scales of two levels overlap. The scale at the middle of each raster and of each
// tile decides whether it is drawn, and these differ in other projections: without an overlap there would be gaps. The
// coarser level is on top, so that the finer one is read only where the coarser has no data.
const overlap = 2

// publish puts the tiles into the folder, enters them in the table, and removes those of other builds.
func (b *builder) publish(t table) error {
	planned := map[string]bool{}
	for _, l := range b.levels {
		for _, tile := range l.tiles {
			from, to := b.places(tile)[0], b.places(tile)[1]
			if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			_, err := os.Stat(to)
			planned[tile.file] = err == nil
		}
	}
	if err := b.enter(&t, planned); err != nil {
		return err
	}
	path := filepath.Join(b.dir, tableName)
	if err := os.WriteFile(path+".tmp", t.text(), 0o666); err != nil {
		return err
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return err
	}
	found, err := filepath.Glob(filepath.Join(b.dir, prefix+"*.tif"))
	for _, old := range found {
		if !planned[filepath.Base(old)] {
			err = errors.Join(err, os.Remove(old))
		}
	}
	return errors.Join(err, os.RemoveAll(filepath.Join(b.dir, partFolder)))
}

// enter writes the pixel sizes between which each raster and each tile is drawn into the table.
func (b *builder) enter(t *table, there map[string]bool) error {
	id, z := t.column("objectid"), t.column("ZOrder")
	least, most := t.column("MinPS", "min_ps"), t.column("MaxPS", "max_ps")
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	lastID, top := int64(0), 0.0
	for _, it := range b.base {
		s, err := scale(it.Footprint, b.crs)
		if err != nil {
			return err
		}
		ds, err := it.Open(context.Background())
		if err != nil {
			return err
		}
		file := filepath.Base(ds.(located).path)
		row := t.row(file)
		if cell := strings.TrimSpace(row[id]); cell != "" && cell != strconv.FormatInt(it.ID, 10) {
			return fmt.Errorf("%s: the column %q does not number the rasters: %q of %s", tableName, (*t)[0][id], cell, file)
		}
		row[id], row[most] = strconv.FormatInt(it.ID, 10), number(overlap*b.levels[0].pixel/s)
		lastID = max(lastID, it.ID)
		if v, err := strconv.ParseFloat(cmp.Or(strings.TrimSpace(row[z]), "0"), 64); err == nil {
			top = min(top, v)
		}
	}
	for i, l := range b.levels {
		for _, tile := range l.tiles {
			if !there[tile.file] {
				continue
			}
			lastID++
			row := t.row(tile.file)
			row[id], row[z], row[least] = strconv.FormatInt(lastID, 10), number(top-float64(i+1)), number(l.pixel)
			if i+1 < len(b.levels) {
				row[most] = number(overlap * b.levels[i+1].pixel)
			}
		}
	}
	return nil
}
