package mosaic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// openAtOnce is the number of rasters of a folder that are opened concurrently: enough to hide the latency of a network
// disk.
const openAtOnce = 16

// FolderOptions are options of Folder. Open is needed; the zero value of all else works.
type FolderOptions struct {
	// Open opens the file with the given name. It is called from several goroutines, and must not keep its context. For
	// more files than may be open at the same time, it is the method of a Pool.
	Open func(ctx context.Context, name string) (raster.Dataset, error)

	// Extensions are the extensions of the files that are rasters, with the dot, in any case; nil is ".tif" and
	// ".tiff".
	Extensions []string

	// Pattern chooses files by their names, as path.Match does; an empty pattern matches all.
	Pattern string

	// FollowLinks allows files of the folder that are symbolic links out of it, or absolute ones. Otherwise such a link
	// is a *LinkError, as far as fsys reads links; that of os.DirFS does. What lies beside a raster is opened by Open, and
	// a folder that somebody changes meanwhile can deceive the check: for folders of strangers, fsys is the FS of an
	// os.Root, and Open opens files, and those beside them, from it.
	FollowLinks bool
}

// Folder returns a catalogue of the rasters in the root folder of fsys: the files that o's extensions and pattern
// choose and whose names do not begin with a dot. Folders inside the folder are passed over. Finding no raster is an
// error.
//
// Each file is opened with o.Open, several side by side, and stays open: its item's Open returns the dataset that was
// opened then, as long as it is current. If it is raster.Versioned and its files have changed, the item's Open calls
// o.Open again and closes the former dataset, if that is an io.Closer. The new version must be in the same place; a
// raster that moved, like one that was deleted, cannot be opened any more. Names, places and attributes of items are
// those from when the folder was read; if the folder changes while Folder reads it, it is read again, up to three
// times.
//
// If a file cannot be opened, or does not state where it lies, Folder fails and closes the datasets that
// are an io.Closer. Otherwise it is up to the caller to close them, once nobody uses the catalogue any more.
//
// Items are in the order of their files' names, compared by bytes. An item's Name is the file's name without its
// extension. IDs count from 1 in that order, unless the table holds others.
//
// # Attributes
//
// If the folder holds a file "catalog.csv", that is a table of attributes, in UTF-8, of 16 MiB and 2000 columns at
// most, with commas between cells and the columns' names in its first line. The column "file", in any case, names the raster of a row;
// folders in front of the name are ignored, since tables are often written from the folder above. Every other column is
// an attribute with the column's name, and has the first of these types that all its cells have:
//
//	int64      decimal numbers without a point
//	float64    finite decimal numbers
//	time.Time  dates such as 2014-10-20, which are midnight UTC, or RFC 3339 times, converted to UTC; a zone may lack
//	string     anything else, and numbers with leading zeros such as "015", which are codes
//
// Blanks around cells are removed, and an empty cell is no attribute. Rasters without a row are in the catalogue, too,
// without attributes; rows of empty cells are ignored.
//
// If every row has a positive integer up to 2^53 in the column "objectid", in any case, and no two have the same, these
// are the items' IDs; rasters without a row get the IDs after the largest.
//
// Positive numbers in the columns "pixelsize", "minps" and "maxps", or "pixel_size", "min_ps" and "max_ps", in any
// case, are the items' PixelSize, MinPS and MaxPS. Dates in "time", or else in "starttime" and "endtime", are their
// Time, and other texts there are errors. All of them are attributes as well. Without one in the table, the PixelSize is the side of a square as large as
// a pixel of the raster's grid.
//
// The column "footprint_wkt", in any case, holds POLYGONs or MULTIPOLYGONs in WKT, the outlines of the rasters' data in
// their own CRSs. If it is called "footprint_wkt4326", they are in longitude and latitude, and with any other code in
// the CRS of that code. They are the items' footprints, and no attributes. The footprint of a raster with an empty cell
// is the box of its grid.
//
// It is a *TableError if a row names no raster of the folder (one that the pattern leaves out is allowed), if two rows
// name the same one or differ in length, and if the column "file" is missing, a column has no name or two have the
// same.
func Folder(ctx context.Context, fsys fs.FS, o *FolderOptions) (Slice, error) {
	if o == nil || o.Open == nil {
		return nil, errors.New("mosaic: FolderOptions.Open is missing")
	}
	extensions := o.Extensions
	if extensions == nil {
		extensions = []string{".tif", ".tiff"}
	}
	for try := 1; ; try++ {
		before, err := listFolder(fsys, extensions, o.FollowLinks)
		if errors.Is(err, fs.ErrNotExist) && try < openTries {
			continue // a file went after its folder was read
		}
		if err != nil {
			return nil, err
		}
		items, datasets, err := readFolder(ctx, fsys, before.files, extensions, o)
		after, again := listFolder(fsys, extensions, o.FollowLinks)
		if again == nil && !before.equal(after) {
			again = &source.ChangedError{Name: "the folder", Err: err}
		}
		switch {
		case again == nil:
			return items, err
		case ctx.Err() != nil:
			again = ctx.Err()
		case try < openTries:
			closeAll(datasets)
			continue
		}
		closeAll(datasets)
		return nil, fmt.Errorf("mosaic: %w", again)
	}
}

// readFolder returns the catalogue of a folder's rasters, and what it opened.
func readFolder(
	ctx context.Context, fsys fs.FS, files, extensions []string, o *FolderOptions,
) (Slice, []raster.Dataset, error) {
	t, err := folderTable(ctx, fsys, files)
	if err != nil {
		return nil, nil, err
	}
	if files, err = matching(files, o.Pattern); err != nil {
		return nil, nil, err
	}
	if len(files) == 0 {
		return nil, nil, noRaster(extensions, o.Pattern)
	}
	datasets, err := openAll(ctx, files, o.Open)
	if err != nil {
		return nil, nil, err
	}
	items, err := t.items(files, datasets, o.Open)
	if err != nil {
		closeAll(datasets)
		return nil, nil, err
	}
	return items, datasets, nil
}

// rasterFiles lists the rasters of a folder, sorted by name.
func rasterFiles(fsys fs.FS, extensions []string, followLinks bool) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("mosaic: %w", err)
	}
	var files []string
	for _, e := range entries {
		// Some systems store further metadata of "a.tif" in "._a.tif", which is not a raster.
		if strings.HasPrefix(e.Name(), ".") || !hasExtension(e.Name(), extensions) {
			continue
		}
		if !followLinks && e.Type()&fs.ModeSymlink != 0 && leadsOut(fsys, e.Name()) {
			return nil, &LinkError{e.Name()}
		}
		info, err := fs.Stat(fsys, e.Name()) // of what a link points to
		if err != nil {
			return nil, fmt.Errorf("mosaic: %w", err)
		}
		if info.Mode().IsRegular() {
			files = append(files, e.Name())
		}
	}
	return files, nil
}

func hasExtension(name string, extensions []string) bool {
	ext := path.Ext(name)
	return slices.ContainsFunc(extensions, func(e string) bool { return strings.EqualFold(e, ext) })
}

// folderTable reads the table of attributes, if there is one, and checks that its rows name files of the folder.
func folderTable(ctx context.Context, fsys fs.FS, files []string) (table, error) {
	text, err := source.ReadFile(ctx, fsys, tableName, maxTableBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return table{}, nil
	}
	if err != nil {
		return table{}, fmt.Errorf("mosaic: %w", err)
	}
	t, err := readRows(bytes.NewReader(text), len(files))
	if err != nil {
		return table{}, err
	}
	there := make(map[string]bool, len(files))
	for _, f := range files {
		there[f] = true
	}
	var wrong *TableError // the first
	for name, row := range t.rows {
		if !there[name] && (wrong == nil || row.line < wrong.Line) {
			wrong = &TableError{row.line, t.fileColumn, fmt.Errorf("the folder holds no raster %q", name)}
		}
	}
	if wrong != nil {
		return table{}, wrong
	}
	return t, nil
}

// matching returns the files whose name matches pattern.
func matching(files []string, pattern string) ([]string, error) {
	if pattern == "" {
		return files, nil
	}
	var out []string
	for _, f := range files {
		ok, err := path.Match(pattern, f)
		if err != nil {
			return nil, fmt.Errorf("mosaic: pattern %q: %w", pattern, err)
		}
		if ok {
			out = append(out, f)
		}
	}
	return out, nil
}

func noRaster(extensions []string, pattern string) error {
	kinds := strings.Join(extensions, " or ")
	if pattern != "" {
		return fmt.Errorf("mosaic: no %s file in the folder matches %q", kinds, pattern)
	}
	return fmt.Errorf("mosaic: there is no %s file in the folder", kinds)
}

// openAll opens all files, or none.
func openAll(ctx context.Context, files []string,
	open func(ctx context.Context, name string) (raster.Dataset, error)) ([]raster.Dataset, error) {
	datasets := make([]raster.Dataset, len(files))
	g, ctx := guard.WithContext(ctx)
	g.SetLimit(openAtOnce)
	for i, file := range files {
		g.Go("opening raster "+strconv.Quote(file), func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			ds, err := openSettled(ctx, file, open)
			if err != nil {
				return fmt.Errorf("mosaic: opening raster %q: %w", file, err)
			}
			datasets[i] = ds
			checked, err := raster.Check(ds)
			if err == nil {
				err = checkPlaced(checked.Info().Grid)
			}
			if err != nil {
				return fmt.Errorf("mosaic: raster %q: %w", file, err)
			}
			return nil
		})
	}
	err := g.Wait()
	if err == nil {
		return datasets, nil
	}
	closeAll(datasets)
	return nil, err
}

// closeAll closes datasets from which nobody has read yet: a failure to close them loses nothing.
func closeAll(datasets []raster.Dataset) {
	for _, ds := range datasets {
		_ = closeDataset(ds)
	}
}

// checkPlaced returns an error if a grid cannot be the place of an item.
func checkPlaced(g raster.Grid) error {
	if g.CRS.IsZero() {
		return srs.ErrNotStated
	}
	if e := g.Envelope(); e.Empty() || !e.Finite() {
		return fmt.Errorf("its box has no area: %v", e)
	}
	return nil
}

// items returns the catalogue of the given files.
func (t *table) items(
	files []string, datasets []raster.Dataset, open func(ctx context.Context, name string) (raster.Dataset, error),
) (Slice, error) {
	items := make(Slice, len(files))
	next := t.lastID + 1
	reader := newStandardReader()
	for i, file := range files {
		ds := datasets[i]
		info := ds.Info()
		it := &Item{
			Name:      strings.TrimSuffix(file, path.Ext(file)),
			Footprint: Footprint{CRS: info.Grid.CRS, Envelope: info.Grid.Envelope()},
			PixelSize: pixelSize(info.Grid),
			Type:      info.Type,
			Open:      newFolderRaster(file, ds, open).Open,
		}
		row := t.rows[file]
		if row != nil {
			it.Attrs = row.attrs
			reader.fill(it)
			if row.outer != nil {
				var err error
				if it.Footprint, err = t.footprint(row, info.Grid); err != nil {
					return nil, &TableError{row.line, t.outlineColumn, err}
				}
			}
		}
		if row != nil && t.numbered {
			it.ID = row.id
		} else {
			it.ID = next
			next++
		}
		items[i] = it
	}
	return items, nil
}

// pixelSize returns the side of a square as large as a pixel.
func pixelSize(g raster.Grid) float64 {
	a := g.Affine
	return math.Sqrt(math.Abs(float64(a.A*a.E) - float64(a.B*a.D)))
}

// A standardReader finds the attributes that are also fields of an item. Their names are those of the attribute tables
// of mosaic datasets.
type standardReader struct{ fields *fieldReader }

func newStandardReader() standardReader {
	return standardReader{newFieldReader("pixelsize", "minps", "maxps", "pixel_size", "min_ps", "max_ps",
		"time", "starttime", "endtime")}
}

func (r standardReader) fill(it *Item) {
	// either returns a size by its first or its second name.
	either := func(first, second int) float64 {
		for _, i := range []int{first, second} {
			if v := r.fields.number(it, i); v > 0 {
				return v
			}
		}
		return 0
	}
	at := func(i int) time.Time {
		v, _ := r.fields.get(it, i)
		return v.date
	}
	if size := either(0, 3); size > 0 {
		it.PixelSize = size
	}
	it.MinPS, it.MaxPS = either(1, 4), either(2, 5)
	it.Time = TimeExtent{From: at(6), To: at(6)}
	if it.Time.IsZero() {
		it.Time = TimeExtent{From: at(7), To: at(8)}
	}
}
