// Package sources opens the rasters that the example programs draw: files, folders of files and globs, on disk or in an
// embedded file system, and files on servers. Files are GeoTIFF; a single one may also be a PNG, JPEG, GIF or BMP with a world file beside it.
package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/diskcache"
	"github.com/geoexport/geoexport/raster/source/httpsource"
	"github.com/geoexport/geoexport/raster/worldfile"
	"github.com/geoexport/geoexport/srs"
)

// cacheBytes is how many bytes of decoded blocks all files of a Set keep together.
const cacheBytes = 256 << 20

// A Set opens rasters and keeps them open until it is closed, at most 256 of a folder at a time. They share one cache.
// The zero Set is ready for use by one goroutine; the rasters are safe for concurrent use.
type Set struct {
	// FollowLinks lets files of folders, and those beside rasters, be symbolic links that lead out of their folder.
	FollowLinks bool
	// Private lets URLs lead to addresses that are not on the public internet.
	Private bool
	// Keep is a directory that keeps what was fetched of files on servers, up to 1 GiB; empty is none.
	Keep string

	far    *httpsource.Client
	disk   *diskcache.Cache
	cache  *raster.Cache
	opened []io.Closer
	roots  []*os.Root // of folders
}

// A Source holds the rasters of one path.
type Source struct {
	Name     string // of the file without its extension, or of the folder
	Items    mosaic.Slice
	Warnings []string // what was found wrong with rasters and left aside
}

// Open opens what is at a path on disk: a file, a folder as mosaic.Folder reads it, or those files of a folder that a
// pattern with the wildcards of path.Match at the end of the path chooses. Nothing is opened out of the folder, wherever
// symbolic links in it lead, but for a link that is itself the file of the name.
//
// A path that is an http or https URL is that of a GeoTIFF on a server.
func (s *Set) Open(ctx context.Context, name string) (Source, error) {
	if isFar(name) {
		return s.openFar(ctx, name)
	}
	dir, base := filepath.Dir(name), filepath.Base(name)
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		dir, base = name, "."
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Source{}, err
	}
	fsys, err := s.folder(dir, name)
	if err != nil {
		return Source{}, fmt.Errorf("%s: %w", name, cause(err))
	}
	return s.open(ctx, fsys, base, name, filepath.Base(abs))
}

// folder returns the file system of a folder in which the file of a name, or several, are opened.
func (s *Set) folder(dir, name string) (fs.FS, error) {
	if info, err := os.Lstat(name); s.FollowLinks || err == nil && info.Mode()&fs.ModeSymlink != 0 && name != dir {
		return os.DirFS(dir), nil // it was named, so it is meant
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	s.roots = append(s.roots, root)
	return root.FS(), nil
}

// OpenFS opens what is at a path in fsys, whose files must be io.ReaderAt.
func (s *Set) OpenFS(ctx context.Context, fsys fs.FS, name string) (Source, error) {
	dir, base := path.Dir(name), path.Base(name)
	if info, err := fs.Stat(fsys, name); err == nil && info.IsDir() {
		dir, base = name, "."
	}
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		return Source{}, err
	}
	return s.open(ctx, sub, base, name, path.Base(dir))
}

// open opens a file or those that match a pattern in the root of fsys, or all for ".". Errors use name, by
// which the caller asked for the whole; folder is the folder's own name.
func (s *Set) open(ctx context.Context, fsys fs.FS, base, name, folder string) (src Source, err error) {
	if s.cache == nil {
		s.cache = raster.NewCache(cacheBytes)
	}
	pattern := ""
	if base != "." {
		info, err := fs.Stat(fsys, base)
		switch {
		case err == nil && info.Mode().IsRegular():
			return s.openFile(ctx, fsys, base, name)
		case err == nil:
			return Source{}, fmt.Errorf("%s: neither a file nor a folder", name)
		case !strings.ContainsAny(base, "*?["):
			return Source{}, fmt.Errorf("%s: %w", name, cause(err))
		}
		pattern = base
	}
	src.Name = folder
	pool := s.pool(fsys)
	scan, err := mosaic.ScanFolder(ctx, fsys, &mosaic.FolderOptions{
		Pattern: pattern, Open: pool.Open, FollowLinks: s.FollowLinks, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		_ = pool.Close() // nothing was written, and err is the one that matters
		return Source{}, fmt.Errorf("%s: %w", name, err)
	}
	s.opened = append(s.opened, pool)
	src.Items = scan.Items
	for _, p := range scan.PassedOver {
		src.Warnings = append(src.Warnings, p.String())
	}
	for _, it := range src.Items {
		ds, err := it.Open(ctx)
		if err != nil {
			return Source{}, err
		}
		s.keep(&src, it.Name, ds)
	}
	return src, nil
}

// pool returns a pool of rasters in fsys, which are opened anew when their files change.
func (s *Set) pool(fsys fs.FS) *mosaic.Pool {
	return mosaic.NewPool(0, func(ctx context.Context, file string) (raster.Dataset, error) {
		return s.dataset(ctx, fsys, file)
	})
}

// openFile returns a catalogue of one raster.
func (s *Set) openFile(ctx context.Context, fsys fs.FS, base, name string) (src Source, err error) {
	src.Name = strings.TrimSuffix(base, path.Ext(base))
	pool := s.pool(fsys)
	ds, err := pool.Open(ctx, base)
	if err != nil {
		_ = pool.Close() // nothing was written, and err is the one that matters
		return Source{}, fmt.Errorf("%s: %w", name, cause(err))
	}
	s.opened = append(s.opened, pool)
	s.keep(&src, src.Name, ds)
	grid := ds.Info().Grid
	if grid.CRS.IsZero() {
		return Source{}, fmt.Errorf("%s: %w", name, srs.ErrNotStated)
	}
	src.Items = mosaic.Slice{{
		ID: 1, Name: src.Name,
		Footprint: mosaic.Footprint{CRS: grid.CRS, Envelope: grid.Envelope()},
		Open:      func(ctx context.Context) (raster.Dataset, error) { return pool.Open(ctx, base) },
	}}
	return src, nil
}

// cause returns a file system's error without its path, for messages that name the full path already.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

func (s *Set) keep(src *Source, name string, ds raster.Dataset) {
	if c, ok := ds.(io.Closer); ok {
		s.opened = append(s.opened, c)
	}
	for _, w := range ds.Info().Notes {
		src.Warnings = append(src.Warnings, name+": "+w)
	}
}

// A dataset is a raster together with the file that it is read from.
type dataset struct {
	*geotiff.File
	file io.Closer
}

// Close closes both.
func (d *dataset) Close() error { return errors.Join(d.File.Close(), d.file.Close()) }

func (s *Set) dataset(ctx context.Context, fsys fs.FS, name string) (raster.Dataset, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".bmp":
		return worldfile.Open(ctx, fsys, name, &worldfile.Options{Cache: s.cache})
	}
	f, err := source.OpenFS(fsys, name)
	if err != nil {
		return nil, err
	}
	t, err := geotiff.Open(ctx, f, &geotiff.Options{Cache: s.cache, Sidecar: sidecar.In(fsys, name)})
	if err != nil {
		_ = f.Close() // nothing was written, and err is the one that matters
		return nil, err
	}
	return &dataset{t, f}, nil
}

// Close closes all rasters. Nobody may use them any more.
func (s *Set) Close() error {
	var errs []error
	for _, c := range s.opened {
		errs = append(errs, c.Close())
	}
	for _, r := range s.roots {
		errs = append(errs, r.Close())
	}
	s.opened, s.roots = nil, nil
	return errors.Join(errs...)
}

// Join makes one catalogue of several. One alone keeps its items as they are; else they are numbered anew from 1, in the
// order of the sources and, inside each, from the top down. Then only the
// numbers order them: pixel sizes, by which finer rasters would lie higher, are left out.
func Join(sources ...Source) mosaic.Slice {
	if len(sources) == 1 {
		return sources[0].Items
	}
	var all mosaic.Slice
	for _, s := range sources {
		items := slices.Clone(s.Items)
		mosaic.Rule{}.Order(items, mosaic.View{})
		for _, it := range items {
			renumbered := *it
			renumbered.ID, renumbered.PixelSize = int64(len(all)+1), 0
			all = append(all, &renumbered)
		}
	}
	return all
}
