package mosaic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
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

	// Extensions are the extensions of the files that are rasters, with the dot, in any case; nil is ".tif", ".tiff" and,
	// of files beside which there is a world file or an .aux.xml file, ".png", ".jpg", ".jpeg", ".gif" and ".bmp"; also
	// the plain grids ".asc", ".agr", ".grd", ".hgt", ".dt0", ".dt1", ".dt2", ".bil", ".bip", ".bsq" and ".flt", and of files
	// beside which there is a header, ".img", ".dat" and ".raw".
	Extensions []string

	// Pattern chooses files by their names, as path.Match does; an empty pattern matches all.
	Pattern string

	// FollowLinks allows files of the folder that are symbolic links out of it, or absolute ones. Otherwise such a link
	// is a *LinkError, as far as fsys reads links; that of os.DirFS does. What lies beside a raster is opened by Open, and
	// a folder that somebody changes meanwhile can deceive the check: for folders of strangers, fsys is the FS of an
	// os.Root, and Open opens files, and those beside them, from it.
	FollowLinks bool

	// Refresh is how long a LiveFolder may be out of date; 0 is 30 s. Folder does not need it.
	Refresh time.Duration

	// Logger gets one message with the files that look like rasters and are no items; nil is slog.Default.
	Logger *slog.Logger
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
// are an io.Closer. The exception are pictures, such as PNG, and plain grids, such as ".asc", which may not have been meant
// as rasters: they are passed over, and so are files of formats that are not read. Logger names them, and ScanFolder returns them. Otherwise it is up to the caller to close them, once nobody uses the catalogue any more.
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
// case, are the items' PixelSize, MinPS and MaxPS. Dates in "time", or else in "starttime" and "endtime", or else in
// "stdtime" and perhaps "stdtime_max", are their Time, and other texts there are errors. All of them are attributes as well. Without one in the table, the PixelSize is the side of a square as large as
// a pixel of the raster's grid.
//
// A raster whose bands state slices of multidimensional variables, as GDAL's translations of netCDF do, is one item for each
// slice: see SplitSlices. A row with a "Variable" states instead that the raster is a slice as a whole; "Dimensions" names
// the columns with its places, as Item.Slice describes.
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
	s, err := ScanFolder(ctx, fsys, o)
	return s.Items, err
}

var errNoOpen = errors.New("mosaic: FolderOptions.Open is missing")

func (o *FolderOptions) extensions() []string {
	if o.Extensions == nil {
		return []string{".tif", ".tiff"}
	}
	return o.Extensions
}

// optional reports whether a file may not have been meant as a raster.
func (o *FolderOptions) optional(file string) bool {
	return o.Extensions == nil && (isPicture(file) || hasExtension(file, gridExtensions) || hasExtension(file, headedExtensions))
}

func scanFolder(ctx context.Context, fsys fs.FS, o *FolderOptions) (Scan, error) {
	if o == nil || o.Open == nil {
		return Scan{}, errNoOpen
	}
	extensions := o.extensions()
	for try := 1; ; try++ {
		before, err := listFolder(fsys, extensions, o)
		if errors.Is(err, fs.ErrNotExist) && try < openTries {
			continue // a file went after its folder was read
		}
		if err != nil {
			return Scan{}, err
		}
		items, datasets, err := readFolder(ctx, fsys, before, extensions, o)
		after, again := listFolder(fsys, extensions, o)
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
		return Scan{}, fmt.Errorf("mosaic: %w", again)
	}
}

// readFolder returns the catalogue of a folder's rasters, and what it opened.
func readFolder(
	ctx context.Context, fsys fs.FS, l folderListing, extensions []string, o *FolderOptions,
) (s Scan, datasets []raster.Dataset, err error) {
	t, err := folderTable(ctx, fsys, l.files)
	if err != nil {
		return s, nil, err
	}
	files, err := matching(l.files, o.Pattern)
	if err != nil {
		return s, nil, err
	}
	others, err := matching(l.names, o.Pattern)
	if err != nil {
		return s, nil, err
	}
	s.PassedOver = passedOver(others, l.files)
	if len(files) == 0 {
		return Scan{}, nil, noRaster(extensions, o.Pattern, &s)
	}
	datasets, failed, err := openAll(ctx, files, o.Open, o.optional)
	if err != nil {
		return Scan{}, nil, err
	}
	if files, datasets = s.withoutFailed(files, datasets, failed); len(files) == 0 {
		return Scan{}, nil, noRaster(extensions, o.Pattern, &s)
	}
	rasters := make([]*folderRaster, len(files))
	for i, file := range files {
		rasters[i] = newFolderRaster(file, datasets[i], o.Open)
	}
	if s.Items, err = t.items(rasters, folderIDs{}); err != nil {
		closeAll(datasets)
		return Scan{}, nil, err
	}
	were := len(s.Items)
	if s.Items = SplitSlices(s.Items, infosOf(rasters)); !t.numbered {
		s.Items = renumbered(s.Items, were)
	}
	return s, datasets, nil
}

// rasterFiles lists the rasters of a folder and the names of all that is in it, sorted.
func rasterFiles(fsys fs.FS, extensions []string, o *FolderOptions) (files, names []string, err error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, nil, fmt.Errorf("mosaic: %w", err)
	}
	there := make(map[string]bool, len(entries))
	for _, e := range entries {
		there[e.Name()] = true
	}
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
		// Some systems store further metadata of "a.tif" in "._a.tif", which is not a raster.
		if strings.HasPrefix(e.Name(), ".") ||
			!hasExtension(e.Name(), extensions) &&
				(o.Extensions != nil || !placedPicture(e.Name(), there) && !isGrid(e.Name(), there)) {
			continue
		}
		if !o.FollowLinks && e.Type()&fs.ModeSymlink != 0 && leadsOut(fsys, e.Name()) {
			return nil, nil, &LinkError{e.Name()}
		}
		info, err := fs.Stat(fsys, e.Name()) // of what a link points to
		if err != nil {
			return nil, nil, fmt.Errorf("mosaic: %w", err)
		}
		if info.Mode().IsRegular() {
			files = append(files, e.Name())
		}
	}
	return files, names, nil
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

func noRaster(extensions []string, pattern string, s *Scan) error {
	kinds, others := strings.Join(extensions, " or "), ""
	if len(s.PassedOver) > 0 {
		others = ", but " + s.named()
	}
	if pattern != "" {
		return fmt.Errorf("mosaic: no %s file in the folder matches %q%s", kinds, pattern, others)
	}
	return fmt.Errorf("mosaic: there is no %s file in the folder%s", kinds, others)
}

// openAll opens all files, or none, except for those that cannot be opened and are optional.
func openAll(
	ctx context.Context, files []string, open func(ctx context.Context, name string) (raster.Dataset, error),
	optional func(file string) bool,
) (datasets []raster.Dataset, failed []error, err error) {
	datasets, failed = make([]raster.Dataset, len(files)), make([]error, len(files))
	g, ctx := guard.WithContext(ctx)
	g.SetLimit(openAtOnce)
	for i, file := range files {
		g.Go("opening raster "+strconv.Quote(file), func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			ds, err := openSettled(ctx, file, open)
			if err != nil {
				err = fmt.Errorf("mosaic: opening raster %q: %w", file, err)
			} else {
				datasets[i] = ds
				checked, wrong := raster.Check(ds)
				if wrong == nil {
					wrong = checkPlaced(checked.Info().Grid)
				}
				if wrong != nil {
					err = fmt.Errorf("mosaic: raster %q: %w", file, wrong)
				}
			}
			if err != nil && optional(file) && ctx.Err() == nil {
				if failed[i] = err; datasets[i] != nil {
					_ = closeDataset(datasets[i]) // nothing was written
					datasets[i] = nil
				}
				return nil
			}
			return err
		})
	}
	if err = g.Wait(); err == nil {
		return datasets, failed, nil
	}
	closeAll(datasets)
	return nil, nil, err
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

// folderIDs are the IDs that rasters of a folder have had, by their files, and the largest of them.
type folderIDs struct {
	byFile map[string]int64
	last   int64
}

// items returns the catalogue of rasters. Those with an ID keep it, unless the table numbers its rows and has it.
func (t *table) items(rasters []*folderRaster, ids folderIDs) (Slice, error) {
	items := make(Slice, len(rasters))
	next := max(t.lastID, ids.last) + 1
	reader := newStandardReader()
	for i, r := range rasters {
		file := r.file
		it := &Item{
			Name:      strings.TrimSuffix(file, path.Ext(file)),
			Footprint: Footprint{CRS: r.grid.CRS, Envelope: r.grid.Envelope()},
			PixelSize: pixelSize(r.grid),
			Type:      r.typ,
			Open:      r.Open,
			close: func() error {
				return r.close(fmt.Errorf("mosaic: raster %q: its folder was closed: %w", file, fs.ErrClosed))
			},
		}
		row := t.rows[file]
		if row != nil {
			it.Attrs = row.attrs
			reader.fill(it)
			if row.outer != nil {
				var err error
				if it.Footprint, err = t.footprint(row, r.grid); err != nil {
					return nil, &TableError{row.line, t.outlineColumn, err}
				}
			}
		}
		switch id, known := ids.byFile[file]; {
		case row != nil && t.numbered:
			it.ID = row.id
		case known && id > t.lastID:
			it.ID = id
		default:
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
		"time", "starttime", "endtime", "stdtime", "stdtime_max")}
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
	if it.Time.IsZero() {
		if it.Time = (TimeExtent{From: at(9), To: at(10)}); it.Time.To.IsZero() {
			it.Time.To = it.Time.From
		}
	}
}
