package mosaic

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strconv"
	"sync"
	"time"

	"github.com/geoexport/geoexport/raster/source"
)

// A LiveFolder is the catalogue of a folder whose files come, change and go. It is safe for concurrent use.
//
// It looks at its folder when it is asked for something and has not looked for FolderOptions.Refresh: at the names, sizes
// and dates of the files. New rasters become items, rasters that changed are opened anew, also in another place, and those
// whose files are gone are withdrawn, all at the same moment. One caller looks; others get what is known meanwhile. There
// is no goroutine.
//
// A raster keeps its ID as long as the LiveFolder is open, also while its file is away, and a new one gets an ID that no
// raster had. Where several processes must agree on IDs, the folder's table states them as objectid.
//
// A new file that cannot be opened is no item, and is tried again the next time. A raster whose new version cannot be
// opened stays an item, which cannot be opened either. If the folder or its table cannot be read, the catalogue stays as it
// is. The folder's logger gets one warning about each.
type LiveFolder struct {
	fsys    fs.FS
	o       FolderOptions
	refresh time.Duration

	// turn holds a value while somebody looks at the folder. It guards the following.
	turn    chan struct{}
	table   string               // the signature of the table
	files   map[string]*liveFile // those of the last look, by name
	ids     folderIDs
	retired []retiredRaster
	said    map[string]string // the last warning about a file, or the folder for ""

	mu      sync.Mutex // guards the following
	catalog Catalog    // does not change; nil after Close
	version int64
	items   Slice // of the catalogue, in the order of the files
	passed  []PassedOver
	due     time.Time // for the next look
}

// A liveFile is a file as it was seen last.
type liveFile struct {
	signature string
	raster    *folderRaster // nil if it never could be opened
	failed    error         // why it could not be opened the last time
}

// A retiredRaster is no item any more. It stays open for a while for those who have begun to read it.
type retiredRaster struct {
	raster *folderRaster
	at     time.Time
}

const defaultRefresh = 30 * time.Second

var (
	_ Versioned = (*LiveFolder)(nil)
	_ Lookup    = (*LiveFolder)(nil)
	_ Schema    = (*LiveFolder)(nil)
)

// WatchFolder returns the catalogue of a folder that may change while it is in use. It reads the folder as Folder does, and
// fails as Folder does.
func WatchFolder(ctx context.Context, fsys fs.FS, o *FolderOptions) (*LiveFolder, error) {
	if o == nil || o.Open == nil {
		return nil, errNoOpen
	}
	f := &LiveFolder{
		fsys: fsys, o: *o, refresh: o.Refresh, turn: make(chan struct{}, 1), said: map[string]string{},
		ids: folderIDs{byFile: map[string]int64{}}, catalog: Slice(nil),
	}
	if f.refresh <= 0 {
		f.refresh = defaultRefresh
	}
	if err := f.look(ctx, true); err != nil {
		return nil, err
	}
	return f, nil
}

// current returns the catalogue as of now, after a look at the folder if one is due.
func (f *LiveFolder) current(ctx context.Context) (Catalog, int64, error) {
	f.mu.Lock()
	due := f.catalog != nil && !time.Now().Before(f.due)
	f.mu.Unlock()
	if due {
		select {
		case f.turn <- struct{}{}:
			err := f.look(ctx, false)
			<-f.turn
			if ctx.Err() != nil {
				return nil, 0, ctx.Err()
			}
			f.say(ctx, "", err)
		default: // somebody else is looking
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.catalog == nil {
		return nil, 0, fmt.Errorf("mosaic: the folder: %w", fs.ErrClosed)
	}
	return f.catalog, f.version, nil
}

// Items yields the items that intersect the query's box.
func (f *LiveFolder) Items(ctx context.Context, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		c, _, err := f.current(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		c.Items(ctx, q)(yield)
	}
}

// Lookup returns the items with the given IDs.
func (f *LiveFolder) Lookup(ctx context.Context, ids []int64) ([]*Item, error) {
	c, _, err := f.current(ctx)
	if err != nil {
		return nil, err
	}
	return itemsByID(ctx, c, ids)
}

// HasField reports whether any item has an attribute with the given name, in any case.
func (f *LiveFolder) HasField(ctx context.Context, name string) (bool, error) {
	c, _, err := f.current(ctx)
	if err != nil {
		return false, err
	}
	return hasField(ctx, c, name)
}

// Version returns the number of times that the folder was found changed.
func (f *LiveFolder) Version(ctx context.Context) (string, error) {
	_, version, err := f.current(ctx)
	return strconv.FormatInt(version, 10), err
}

// PassedOver returns the files that look like rasters and are no items, in the order of their names.
func (f *LiveFolder) PassedOver() []PassedOver { return f.Scan().PassedOver }

// Scan returns what the last look at the folder found, as ScanFolder does. Nobody may change its slices.
func (f *LiveFolder) Scan() Scan {
	f.mu.Lock()
	defer f.mu.Unlock()
	return Scan{Items: f.items, PassedOver: f.passed}
}

// Close closes the rasters that are an io.Closer. The catalogue and its items fail from then on.
func (f *LiveFolder) Close() error {
	f.turn <- struct{}{}
	defer func() { <-f.turn }()
	f.mu.Lock()
	f.catalog, f.items = nil, nil
	f.mu.Unlock()
	for _, file := range f.files {
		f.retire(file.raster)
	}
	f.files = nil
	f.sweep(time.Now().Add(2 * retiredFor))
	return nil
}

// retire puts a raster aside that is no item any more.
func (f *LiveFolder) retire(r *folderRaster) {
	if r != nil {
		f.retired = append(f.retired, retiredRaster{r, time.Now()})
	}
}

// sweep closes rasters that were retired long ago.
func (f *LiveFolder) sweep(now time.Time) {
	for len(f.retired) > 0 && now.Sub(f.retired[0].at) > retiredFor {
		r := f.retired[0].raster
		_ = r.close(&source.ChangedError{Name: r.file, Err: errors.New("it was withdrawn")}) // nothing was written
		f.retired = f.retired[1:]
	}
}

// say logs an error about a file, or about the folder for "", unless it was the last one about it. nil is the end of errors.
func (f *LiveFolder) say(ctx context.Context, file string, err error) {
	if err == nil {
		delete(f.said, file)
		return
	}
	text := err.Error()
	if f.said[file] == text {
		return
	}
	f.said[file] = text
	message, args := "a folder of rasters cannot be read again", []any{"error", err}
	if file != "" {
		message, args = "a raster of a folder cannot be opened", []any{"file", file, "error", err}
	}
	f.o.logger().WarnContext(ctx, message, args...)
}
