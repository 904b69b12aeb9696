package exportimage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	files "github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// Rasters finds the rasters at a path, on disk or of a URL.
func (o *Opener) Rasters(ctx context.Context, location string) (Rasters, error) {
	if _, far, err := o.Schemes.Of(location); err != nil {
		return Rasters{}, failed(fmt.Errorf("%s: %w", files.Redacted(location), err))
	} else if far {
		return completed(o.far(ctx, location))
	}
	dir, base := filepath.Dir(location), filepath.Base(location)
	if info, err := os.Stat(location); err == nil && info.IsDir() {
		dir, base = location, "."
	} else if err != nil {
		dir, base = splitPattern(location)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Rasters{}, failed(err)
	}
	fsys, err := o.onDisk(dir, location)
	if err != nil {
		return Rasters{}, failed(fmt.Errorf("%s: %w", location, withoutPath(err)))
	}
	return completed(o.near(ctx, fsys, filepath.ToSlash(base), location, filepath.Base(abs)))
}

// splitPattern takes a path apart in front of the first part with wildcards, or of the last part if there is none.
func splitPattern(location string) (dir, pattern string) {
	dir, pattern = filepath.Dir(location), filepath.Base(location)
	for strings.ContainsAny(dir, "*?[") {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			break // a folder that is called like a pattern
		}
		dir, pattern = filepath.Dir(dir), filepath.Join(filepath.Base(dir), pattern)
	}
	return dir, pattern
}

// onDisk returns the file system of a folder in which the file of a name, or several, are opened.
func (o *Opener) onDisk(dir, name string) (fs.FS, error) {
	if info, err := os.Lstat(name); o.FollowLinks || err == nil && info.Mode()&fs.ModeSymlink != 0 && name != dir {
		return os.DirFS(dir), nil // it was named, so it is meant
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.roots = append(o.roots, root)
	return root.FS(), nil
}

// RastersFS finds the rasters at a path in fsys, whose files must be io.ReaderAt. The path is not a URL, but STAC documents
// and indexes may name URLs.
func (o *Opener) RastersFS(ctx context.Context, fsys fs.FS, name string) (Rasters, error) {
	dir, base := path.Dir(name), path.Base(name)
	if info, err := fs.Stat(fsys, name); err == nil && info.IsDir() {
		dir, base = name, "."
	} else if err != nil {
		for dir != "." && strings.ContainsAny(dir, "*?[") {
			dir, base = path.Dir(dir), path.Join(path.Base(dir), base)
		}
	}
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		return Rasters{}, failed(err)
	}
	return completed(o.near(ctx, sub, base, name, path.Base(dir)))
}

// near finds a file or those that match a pattern in fsys, or all in its root for ".". Errors use name, by which the
// caller asked for the whole; folder is the folder's own name.
func (o *Opener) near(ctx context.Context, fsys fs.FS, base, name, folder string) (Rasters, error) {
	pool, err := o.shared()
	if err != nil {
		return Rasters{}, err
	}
	o.mu.Lock()
	o.folders = append(o.folders, fsys)
	in := &opened{o, pool, fsys, strconv.Itoa(len(o.folders)-1) + ":"}
	o.mu.Unlock()
	if base == "." {
		return in.folder(ctx, "", name, folder)
	}
	info, err := fs.Stat(fsys, base)
	switch {
	case err == nil && info.Mode().IsRegular():
		return in.file(ctx, base, name)
	case err == nil:
		return Rasters{}, fmt.Errorf("%s: neither a file nor a folder", name)
	case !strings.ContainsAny(base, "*?["):
		return Rasters{}, fmt.Errorf("%s: %w", name, withoutPath(err))
	case strings.Contains(base, "/"):
		return in.matching(ctx, base, name, folder)
	}
	return in.folder(ctx, base, name, folder)
}

// opened is a folder whose rasters are opened through the pool.
type opened struct {
	*Opener
	pool *mosaic.Pool
	fsys fs.FS
	key  string // of the folder in the pool
}

func (in *opened) open(ctx context.Context, name string) (raster.Dataset, error) {
	return in.pool.Open(ctx, in.key+name)
}

// folder returns the rasters of the folder itself, of which a pattern chooses some.
func (in *opened) folder(ctx context.Context, pattern, name, folder string) (Rasters, error) {
	r := Rasters{Name: folder}
	options := &mosaic.FolderOptions{
		Pattern: pattern, Open: in.open, Extensions: in.extensions(), FollowLinks: in.FollowLinks,
		Refresh: in.Refresh, Logger: slog.New(slog.DiscardHandler),
	}
	var scan mosaic.Scan
	var err error
	if in.Refresh < 0 {
		scan, err = mosaic.ScanFolder(ctx, in.fsys, options)
	} else {
		later := quietHandler{in.logger().With("folder", name).Handler(), new(atomic.Bool)}
		options.Logger = slog.New(later)
		var live *mosaic.LiveFolder
		if live, err = mosaic.WatchFolder(ctx, in.fsys, options); err == nil {
			in.mu.Lock()
			in.Opener.live = append(in.Opener.live, live)
			in.mu.Unlock()
			scan, r.Catalog = live.Scan(), live
			later.loud.Store(true)
		}
	}
	if err != nil {
		return Rasters{}, fmt.Errorf("%s: %w", name, err)
	}
	r.Items = scan.Items
	for _, p := range scan.PassedOver {
		r.Warnings = append(r.Warnings, p.String())
	}
	return r, r.warn(ctx)
}

// A quietHandler logs nothing until it is loud: what is wrong in the beginning becomes Warnings.
type quietHandler struct {
	slog.Handler
	loud *atomic.Bool
}

func (h quietHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.loud.Load() && h.Handler.Enabled(ctx, level)
}

// matching returns the rasters that match a pattern with folders.
func (in *opened) matching(ctx context.Context, pattern, name, folder string) (Rasters, error) {
	found, err := fs.Glob(in.fsys, pattern)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("no file matches: %w", fs.ErrNotExist)
	}
	if err != nil {
		return Rasters{}, fmt.Errorf("%s: %w", name, err)
	}
	slices.Sort(found)
	items, err := mosaic.Files(ctx, in.open, found...)
	if err != nil {
		return Rasters{}, fmt.Errorf("%s: %w", name, err)
	}
	r := Rasters{Name: folder, Items: items}
	return r, r.warn(ctx)
}

// file returns the raster in a file, or those that it lists.
func (in *opened) file(ctx context.Context, base, name string) (Rasters, error) {
	head, err := headOf(ctx, in.fsys, base)
	if err != nil {
		return Rasters{}, fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	r := Rasters{Name: stem(base)}
	switch kind, _ := in.shapeOf(head, base); kind {
	case jsonShape:
		r.Items, err = in.documents(ctx, base, in.fsys, func(ctx context.Context, location string, limit int64) ([]byte, error) {
			return files.ReadFile(ctx, in.fsys, location, limit)
		})
	case indexShape:
		features := in.features(in.fsys)
		r.Items, err = mosaic.TileIndex(ctx, in.fsys, base, &features)
	default:
		ds, err := in.open(ctx, base)
		if err != nil {
			return Rasters{}, fmt.Errorf("%s: %w", name, withoutPath(err))
		}
		if ds.Info().Grid.CRS.IsZero() {
			return Rasters{}, fmt.Errorf("%s: %w", name, srs.ErrNotStated)
		}
		r.Items = mosaic.Reopened(r.Name, ds.Info(), func(ctx context.Context) (raster.Dataset, error) { return in.open(ctx, base) })
		return r, r.warn(ctx)
	}
	if err != nil {
		return Rasters{}, fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	return r, nil
}

// features are the options for indexes and documents of a folder.
func (in *opened) features(fsys fs.FS) mosaic.FeatureOptions {
	return mosaic.FeatureOptions{
		Allow: in.Allow, Folder: fsys, FollowLinks: in.FollowLinks, Asset: in.Asset, MaxBytes: maxDocument,
		Open: func(ctx context.Context, location string) (raster.Dataset, error) {
			if _, far, err := in.Schemes.Of(location); far || err != nil {
				if err != nil {
					return nil, err
				}
				return in.pool.Open(ctx, location)
			}
			if in.fsys == nil {
				return nil, fmt.Errorf("%q is not a URL", location)
			}
			return in.open(ctx, path.Clean(filepath.ToSlash(location)))
		},
	}
}

// warn adds the notes of rasters that are open.
func (r *Rasters) warn(ctx context.Context) error {
	for _, it := range r.Items {
		ds, err := it.Open(ctx)
		if err != nil {
			return err
		}
		if notes := ds.Info().Notes; len(notes) > 0 {
			r.Warnings = append(r.Warnings, it.Name+": "+strings.Join(notes, "; "))
		}
	}
	return nil
}

// stem returns a file's name without its extension.
func stem(base string) string { return strings.TrimSuffix(base, path.Ext(base)) }

// withoutPath returns a file system's error without its path, for messages that name the full path already.
func withoutPath(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
