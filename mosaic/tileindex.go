package mosaic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/sqlitefile"
	"github.com/geoexport/geoexport/raster/source"
)

// TileIndex reads the items of a tile index, as gdaltindex writes it, from a file of fsys: a Shapefile, of which name
// is the .shp file, a GeoPackage, or GeoJSON, which Features describes. The form is recognised by the file's content,
// not by its name. The items suit a Slice or an Index.
//
// A polygon is its item's footprint, in the CRS of the index; a Shapefile's is that of the .prj file beside it. If the
// rasters are in several CRSs, gdaltindex must have been given one for the index with -t_srs. The outer ring of a
// polygon counts; the footprint of several polygons is the box around all. The column o.Location holds the raster's
// location, which is the item's Name; all columns are attributes, dates and times as time.Time in UTC. An item's ID is
// the fid of a GeoPackage's row; a Shapefile's rows count from 1, deleted ones included.
//
// A GeoPackage must have one layer of features, unless o.Layer names one; committed changes in a write-ahead log beside it
// count. The encoding of a Shapefile's text is that of its .cpg file, by number or name as Esri and GDAL write them, or
// else of the language driver in its table; if both are silent, text is UTF-8 if it is valid UTF-8, or else ISO-8859-1.
// The endings of a Shapefile's files may be in capital letters.
// A row without a location or a polygon is an error that contains the item's ID. Files of other forms, such as
// FlatGeobuf, are an error, too.
//
// Files of the index that are symbolic links out of fsys are a *LinkError, as in Folder, unless o.FollowLinks is set.
//
// An index that is written to while it is read is read again, up to three times, and then is a *source.ChangedError.
func TileIndex(ctx context.Context, fsys fs.FS, name string, o *FeatureOptions) (items []*Item, err error) {
	for range openTries {
		items, err = readTileIndex(ctx, fsys, name, o)
		if _, changed := errors.AsType[*source.ChangedError](err); !changed {
			break
		}
	}
	return items, err
}

func readTileIndex(ctx context.Context, fsys fs.FS, name string, o *FeatureOptions) ([]*Item, error) {
	f, err := newFeatureReader(o)
	if err != nil {
		return nil, err
	}
	if f.o.Folder == nil {
		if f.o.Folder, err = fs.Sub(fsys, path.Dir(name)); err != nil {
			return nil, fmt.Errorf("mosaic: %w", err)
		}
	}
	data, err := f.file(ctx, fsys, name)
	if err != nil {
		return nil, fmt.Errorf("mosaic: %w", err)
	}
	switch {
	case bytes.HasPrefix(data, []byte(sqlitefile.Magic)):
		err = f.geoPackage(ctx, fsys, name, data)
	case bytes.HasPrefix(data, shapeMagic):
		err = f.shapefile(ctx, fsys, name, data)
	case bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n\uFEFF"), []byte("{")):
		return Features(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))), &f.o)
	default:
		err = errors.New("it is neither a Shapefile, a GeoPackage nor GeoJSON")
	}
	// The files of an index belong together: an error may come from files of two versions, too.
	if changed := f.changed(fsys); changed != nil {
		err = changed
	}
	if err != nil {
		return nil, fmt.Errorf("mosaic: tile index %q: %w", name, err)
	}
	return f.items, nil
}

// file reads a file of the index that may have MaxBytes.
func (f *featureReader) file(ctx context.Context, fsys fs.FS, name string) ([]byte, error) {
	if !f.o.FollowLinks && leadsOut(fsys, name) {
		return nil, &LinkError{name}
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		info = nil
	}
	f.read = append(f.read, indexFile{name, info})
	data, err := source.ReadFile(ctx, fsys, name, f.o.MaxBytes)
	if err == nil && int64(len(data)) > f.o.MaxBytes {
		err = fmt.Errorf("%q is longer than %d bytes", name, f.o.MaxBytes)
	}
	f.size += int64(len(data))
	return data, err
}

// An indexFile is a file of an index that was looked for.
type indexFile struct {
	name string
	info fs.FileInfo // nil if it was missing
}

// changed returns a *source.ChangedError if a file of the index is no longer what it was before it was read.
func (f *featureReader) changed(fsys fs.FS) error {
	for _, r := range f.read {
		info, err := fs.Stat(fsys, r.name)
		if err != nil {
			info = nil
		}
		if !sameFile(info, r.info) {
			return &source.ChangedError{Name: r.name}
		}
	}
	return nil
}

// sameFile reports whether two statements of the file system, nil if there was no file, can be about one version.
func sameFile(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// part reads the file of a Shapefile with an ending, in small or in capital letters.
func (f *featureReader) part(ctx context.Context, fsys fs.FS, base, ending string) ([]byte, error) {
	data, err := f.file(ctx, fsys, base+ending)
	if errors.Is(err, fs.ErrNotExist) {
		if capital, failed := f.file(ctx, fsys, base+strings.ToUpper(ending)); !errors.Is(failed, fs.ErrNotExist) {
			return capital, failed
		}
	}
	return data, err
}

// beside reads a file that may be missing, and then returns nil.
func (f *featureReader) beside(ctx context.Context, fsys fs.FS, name string) ([]byte, error) {
	data, err := f.file(ctx, fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// row adds an item for a row of an index.
func (f *featureReader) row(id int64, outer []Ring, attrs map[string]any) error {
	location, _ := attrs[f.o.Location].(string)
	if location == "" {
		return fmt.Errorf("item %d: it has no value in column %q", id, f.o.Location)
	}
	if outer == nil {
		return fmt.Errorf("item %d: it has no polygon", id)
	}
	footprint, err := outline(f.crs, outer)
	if err != nil {
		return fmt.Errorf("item %d: %w", id, err)
	}
	if err := f.spend(outer, attrs); err != nil {
		return fmt.Errorf("item %d: %w", id, err)
	}
	f.items = append(f.items, &Item{
		ID: id, Name: location, Footprint: footprint, Attrs: attrs,
		Open: f.checked(location, location),
	})
	return nil
}

const (
	// itemsExpansion is how many bytes the items of an index may take for each byte of its files: four times what real
	// ones take. A value of a table can take one byte or none.
	itemsExpansion = 16
	freeItems      = 32 << 20 // bytes that items may take whatever the size of the files
	attributeBytes = 80       // that an attribute takes about, in a map that is half full
)

// spend counts what an item takes, and returns an error if that is too much for the size of the index.
func (f *featureReader) spend(outer []Ring, attrs map[string]any) error {
	f.spent += int64(attributeBytes * len(attrs))
	for _, v := range attrs {
		if s, ok := v.(string); ok {
			f.spent += int64(len(s))
		}
	}
	for _, r := range outer {
		f.spent += int64(16 * len(r))
	}
	if most := max(freeItems, itemsExpansion*f.size); f.spent > most {
		return fmt.Errorf("the items take more than %d bytes of memory, too many for files of %d bytes", most, f.size)
	}
	return nil
}

// needLocation returns an error unless o.Location is one of the columns: otherwise the option is wrong, not a value
// missing.
func (f *featureReader) needLocation(columns []string) error {
	if slices.Contains(columns, f.o.Location) {
		return nil
	}
	return fmt.Errorf("it has no column %q, but %q", f.o.Location, columns)
}

// layerNamed returns the name of the layer asked for, or of the only one.
func layerNamed[V any](layers map[string]V, name string) (string, error) {
	names := slices.Sorted(maps.Keys(layers))
	switch {
	case name == "" && len(names) == 1:
		return names[0], nil
	case name == "":
		return "", fmt.Errorf("which of its %d layers is meant is not stated: %q", len(names), names)
	case !slices.Contains(names, name):
		return "", fmt.Errorf("it has no layer %q, but %q", name, names)
	}
	return name, nil
}
