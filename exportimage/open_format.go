package exportimage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/filetype"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/grid"
	files "github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/worldfile"
)

// A RasterFormat is a format of rasters that an Opener reads. A dataset that is an io.Closer is closed when a place in the
// pool is needed.
type RasterFormat struct {
	Name       string   // such as "GeoTIFF"
	Extensions []string // of its files, in small letters with the dot
	// Matches reports whether a file is of the format by its first bytes, at most 1024. Nil: extensions decide.
	Matches func(head []byte) bool
	// Open opens the file called name in fsys, with what lies beside it. Nil: not read from folders.
	Open func(ctx context.Context, fsys fs.FS, name string, cache *raster.Cache) (raster.Dataset, error)
	// OpenSource opens a file that is far away. If it returns a dataset, that closes src if it has to be closed. Nil: not
	// read from far away.
	OpenSource func(ctx context.Context, src files.Source, cache *raster.Cache) (raster.Dataset, error)
}

// DefaultRasterFormats returns the formats that an Opener reads if it is given none: GeoTIFF, pictures with a world file, and
// plain grids.
func DefaultRasterFormats() []RasterFormat {
	return []RasterFormat{
		{
			Name: "GeoTIFF", Extensions: []string{".tif", ".tiff"},
			Matches: beginsWith("II*\x00", "MM\x00*", "II+\x00", "MM\x00+"),
			Open: func(ctx context.Context, fsys fs.FS, name string, cache *raster.Cache) (raster.Dataset, error) {
				f, err := geotiff.OpenFS(ctx, fsys, name, &geotiff.Options{Cache: cache})
				if err != nil {
					return nil, err
				}
				return f, nil
			},
			OpenSource: openFarTIFF,
		},
		{
			Name: "picture with a world file", Extensions: []string{".png", ".jpg", ".jpeg", ".gif", ".bmp"},
			Matches: beginsWith("\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF8", "BM"),
			Open: func(ctx context.Context, fsys fs.FS, name string, cache *raster.Cache) (raster.Dataset, error) {
				p, err := worldfile.Open(ctx, fsys, name, &worldfile.Options{Cache: cache})
				if err != nil {
					return nil, err
				}
				return p, nil
			},
		},
		{
			Name: "plain grid", Extensions: []string{".asc", ".agr", ".grd", ".dt0", ".dt1", ".dt2"},
			Matches: grid.Matches, Open: openGrid, OpenSource: openFarGrid,
		},
		{
			// Files of which the name or a header beside says what they hold.
			Name: "plain grid", Extensions: []string{".hgt", ".bil", ".bip", ".bsq", ".flt", ".img", ".dat", ".raw"}, Open: openGrid,
		},
	}
}

func openGrid(ctx context.Context, fsys fs.FS, name string, _ *raster.Cache) (raster.Dataset, error) {
	f, err := grid.OpenFS(ctx, fsys, name, nil)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func beginsWith(magic ...string) func(head []byte) bool {
	return func(head []byte) bool {
		return slices.ContainsFunc(magic, func(m string) bool { return bytes.HasPrefix(head, []byte(m)) })
	}
}

// A farTIFF is a file together with the source that it is read from.
type farTIFF struct {
	*geotiff.File
	src io.Closer
}

// Close closes both.
func (t *farTIFF) Close() error { return errors.Join(t.File.Close(), t.src.Close()) }

func openFarTIFF(ctx context.Context, src files.Source, cache *raster.Cache) (raster.Dataset, error) {
	f, err := geotiff.Open(ctx, src, &geotiff.Options{Cache: cache})
	if err != nil {
		return nil, err
	}
	if c, ok := src.(io.Closer); ok {
		return &farTIFF{f, c}, nil
	}
	return f, nil
}

// A farGrid is a grid together with the source that it is read from.
type farGrid struct {
	*grid.File
	src io.Closer
}

// Close closes both.
func (g *farGrid) Close() error { return errors.Join(g.File.Close(), g.src.Close()) }

func openFarGrid(ctx context.Context, src files.Source, _ *raster.Cache) (raster.Dataset, error) {
	f, err := grid.Open(ctx, src, "", nil)
	if err != nil {
		return nil, err
	}
	if c, ok := src.(io.Closer); ok {
		return &farGrid{f, c}, nil
	}
	return f, nil
}

// A shape is what a file turns out to be.
type shape uint8

const (
	unknownShape shape = iota
	rasterShape
	jsonShape // of GeoJSON or STAC
	indexShape
)

// shapeOf returns what a file is by its first bytes and, if they are of nothing that is known, by its name.
func (o *Opener) shapeOf(head []byte, name string) (shape, *RasterFormat) {
	formats := o.formats()
	for i := range formats {
		if m := formats[i].Matches; m != nil && m(head) {
			return rasterShape, &formats[i]
		}
	}
	ext := strings.ToLower(path.Ext(name))
	for i := range formats {
		if formats[i].Matches == nil && slices.Contains(formats[i].Extensions, ext) {
			return rasterShape, &formats[i]
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		return jsonShape, nil
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")), bytes.HasPrefix(head, []byte("\x00\x00\x27\x0a")):
		return indexShape, nil
	}
	for i := range formats {
		if slices.Contains(formats[i].Extensions, ext) {
			return rasterShape, &formats[i] // which knows best what is wrong with it
		}
	}
	return unknownShape, nil
}

func (o *Opener) formats() []RasterFormat {
	if o.Formats != nil {
		return o.Formats
	}
	return DefaultRasterFormats()
}

// extensions returns those of all formats; nil for the formats that mosaic.Folder expects.
func (o *Opener) extensions() (all []string) {
	for _, f := range o.Formats {
		all = append(all, f.Extensions...)
	}
	return all
}

// An unreadError reports a file of a format that is not read.
type unreadError struct {
	format string // empty if it is not known
	where  string // where the format is not read; empty if it is read nowhere
}

func (e *unreadError) Error() string {
	switch {
	case e.format == "":
		return "it is neither a raster of a format that is read, nor a tile index or a STAC document"
	case e.where == "":
		return fmt.Sprintf("files of its format, %s, are not read", e.format)
	}
	return fmt.Sprintf("files of its format, %s, are not read %s", e.format, e.where)
}

func unread(head []byte, name string) error {
	return &Error{Kind: Unsupported, Err: &unreadError{format: filetype.Of(head, name)}}
}

// dataset opens a raster for the pool, by a key: a URL, or the number of a folder and a name in it.
func (o *Opener) dataset(ctx context.Context, key string) (raster.Dataset, error) {
	number, name, _ := strings.Cut(key, ":")
	if n, err := strconv.Atoi(number); err == nil {
		return o.nearDataset(ctx, o.folder(n), name)
	}
	return o.farDataset(ctx, key)
}

// folder returns the file system with a number.
func (o *Opener) folder(n int) fs.FS {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.folders[n]
}

func (o *Opener) nearDataset(ctx context.Context, fsys fs.FS, name string) (raster.Dataset, error) {
	head, err := headOf(ctx, fsys, name)
	if err != nil {
		return nil, err
	}
	switch _, format := o.shapeOf(head, name); {
	case format == nil:
		return nil, unread(head, name)
	case format.Open == nil:
		return nil, &Error{Kind: Unsupported, Err: &unreadError{format.Name, "from folders"}}
	default:
		return format.Open(ctx, fsys, name, o.tiles())
	}
}

// headOf returns the first bytes of a file.
func headOf(ctx context.Context, fsys fs.FS, name string) ([]byte, error) {
	f, err := files.OpenFS(fsys, name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // it was only read
	return headOfSource(ctx, f)
}

func headOfSource(ctx context.Context, src files.Source) ([]byte, error) {
	head := make([]byte, min(filetype.HeadBytes, src.Size()))
	if err := files.ReadFull(ctx, src, head, 0); err != nil {
		return nil, err
	}
	return head, nil
}

// An indexError reports a far file that is a document about rasters, and no raster. It was read.
type indexError struct{ data []byte }

func (e *indexError) Error() string { return "it is a JSON document, and no raster" }

func (o *Opener) farDataset(ctx context.Context, location string) (_ raster.Dataset, err error) {
	src, err := o.Schemes.Open(ctx, location)
	if err != nil {
		return nil, err
	}
	kept := false
	defer func() {
		if c, ok := src.(io.Closer); ok && !kept {
			_ = c.Close() // nothing was written
		}
	}()
	head, err := headOfSource(ctx, src)
	if err != nil {
		return nil, err
	}
	name := pathOf(location)
	switch kind, format := o.shapeOf(head, name); {
	case kind == jsonShape:
		data, err := readDocument(ctx, src, maxDocument)
		if err != nil {
			return nil, err
		}
		return nil, &indexError{data}
	case kind == indexShape:
		return nil, &Error{Kind: Unsupported, Err: &unreadError{filetype.Of(head, name), "from far away; GeoJSON and STAC are"}}
	case format == nil:
		return nil, unread(head, name)
	case format.OpenSource == nil:
		return nil, &Error{Kind: Unsupported, Err: &unreadError{format.Name, "from far away"}}
	default:
		ds, err := format.OpenSource(ctx, src, o.tiles())
		kept = err == nil
		return ds, err
	}
}
