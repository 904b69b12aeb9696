package mosaic

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/geoexport/geoexport/internal/filetype"
	"github.com/geoexport/geoexport/raster"
)

// look looks at the folder and makes what it holds the catalogue. The first time it fails as Folder does; later on, an
// error leaves the catalogue as it is. The caller has the turn.
func (f *LiveFolder) look(ctx context.Context, first bool) error {
	now := time.Now()
	f.sweep(now)
	l, err := f.list()
	if err == nil {
		err = f.follow(ctx, l, first)
	}
	for try := 2; first && err != nil && ctx.Err() == nil && try <= openTries; try++ {
		again, listed := f.list()
		if listed != nil || again.equal(l) {
			break
		}
		l, err = again, f.follow(ctx, again, first) // it changed meanwhile
	}
	if ctx.Err() == nil {
		f.mu.Lock()
		f.due = now.Add(f.refresh)
		f.mu.Unlock()
	}
	return err
}

// A liveListing is what is in a folder. Signatures tell versions of files apart by names, sizes and dates.
type liveListing struct {
	folderListing
	rasters []string          // the files that the pattern chooses
	others  []string          // the names of all files that it chooses
	of      map[string]string // signatures of rasters with all that lies beside them
	table   string            // signature of the table
}

func (l *liveListing) equal(o *liveListing) bool {
	return l.table == o.table && slices.Equal(l.rasters, o.rasters) &&
		!slices.ContainsFunc(l.rasters, func(file string) bool { return l.of[file] != o.of[file] })
}

// list lists the folder, again if a file goes meanwhile.
func (f *LiveFolder) list() (l *liveListing, err error) {
	for range openTries {
		if l, err = f.listOnce(); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return l, err
}

func (f *LiveFolder) listOnce() (l *liveListing, err error) {
	l = &liveListing{of: map[string]string{}}
	if l.folderListing, err = listFolder(f.fsys, f.o.extensions(), &f.o); err != nil {
		return nil, err
	}
	if l.rasters, err = matching(l.files, f.o.Pattern); err != nil {
		return nil, err
	}
	if l.others, err = matching(l.names, f.o.Pattern); err != nil {
		return nil, err
	}
	signed := make([]string, len(l.names)) // in the order of the names
	for i, name := range l.names {
		info, err := fs.Stat(f.fsys, name)
		if _, raster := slices.BinarySearch(l.rasters, name); err != nil && (raster || name == tableName) {
			return nil, fmt.Errorf("mosaic: %w", err)
		}
		if err != nil { // a link that leads nowhere, or out of the folder, is not read, or fails when it is
			signed[i] = fmt.Sprintf("%q %v\n", name, err)
			continue
		}
		signed[i] = fmt.Sprintf("%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		if name == tableName {
			l.table = signed[i]
		}
	}
	for _, file := range l.rasters {
		// What lies beside a raster has its name up to the last dot, and sorts right after that.
		stem := file[:strings.LastIndexByte(file, '.')+1]
		from, _ := slices.BinarySearch(l.names, stem)
		to := from
		for to < len(l.names) && strings.HasPrefix(l.names[to], stem) {
			to++
		}
		l.of[file] = strings.Join(signed[from:to], "")
	}
	return l, nil
}

// follow makes a listing the catalogue.
func (f *LiveFolder) follow(ctx context.Context, l *liveListing, first bool) error {
	var fresh []string
	for _, file := range l.rasters {
		if known := f.files[file]; known == nil || known.failed != nil || known.signature != l.of[file] {
			fresh = append(fresh, file)
		}
	}
	if !first && len(fresh) == 0 && len(l.rasters) == len(f.files) && l.table == f.table {
		return nil
	}
	t, err := folderTable(ctx, f.fsys, l.files)
	if err != nil {
		return err
	}
	optional := f.o.optional
	if !first {
		optional = func(string) bool { return true }
	}
	opened, failed, err := openAll(ctx, fresh, f.o.Open, optional)
	if err != nil {
		return err
	}
	files := make(map[string]*liveFile, len(l.rasters))
	for i, file := range fresh {
		files[file] = &liveFile{signature: l.of[file], failed: failed[i]}
		if opened[i] != nil {
			files[file].raster = newFolderRaster(file, opened[i], f.o.Open)
		} else if known := f.files[file]; known != nil {
			files[file].raster = known.raster // the item of a version that is gone
		}
	}
	var rasters []*folderRaster
	var passed []PassedOver
	same := len(l.rasters) == len(f.files) && l.table == f.table
	for _, file := range l.rasters {
		known := f.files[file]
		if files[file] == nil {
			files[file] = known
		}
		now := files[file]
		if !first {
			f.say(ctx, file, now.failed)
		}
		same = same && known != nil && now.raster == known.raster
		if now.raster != nil {
			rasters = append(rasters, now.raster)
		} else {
			passed = append(passed, PassedOver{file, filetype.Raster(file), now.failed})
		}
	}
	passed = append(passed, passedOver(l.others, l.files)...)
	slices.SortFunc(passed, func(a, b PassedOver) int { return strings.Compare(a.Name, b.Name) })
	if !first && same { // files that failed before failed again
		f.files = files
		return nil
	}
	items, err := t.items(rasters, f.ids)
	if first && err == nil && len(items) == 0 {
		err = noRaster(f.o.extensions(), f.o.Pattern, &Scan{PassedOver: passed})
	}
	if err != nil {
		closeAll(opened)
		return err
	}
	f.become(ctx, l, files, items, rasters, passed, first)
	return nil
}

// become makes files and their items the catalogue.
func (f *LiveFolder) become(
	ctx context.Context, l *liveListing, files map[string]*liveFile, items Slice, rasters []*folderRaster,
	passed []PassedOver, first bool,
) {
	i := 0
	for _, file := range l.rasters {
		if files[file].raster == nil {
			continue
		}
		f.ids.byFile[file] = items[i].ID
		f.ids.last = max(f.ids.last, items[i].ID)
		i++
	}
	for file, former := range f.files {
		if now := files[file]; now == nil || now.raster != former.raster {
			f.retire(former.raster)
		}
		if files[file] == nil {
			delete(f.said, file)
		}
	}
	f.files, f.table = files, l.table
	items = splitSlices(items, infosOf(rasters), func(i int, s *raster.Slice) int64 {
		key := rasters[i].file + "\x00" + sliceKey(s) // no file's name has a zero byte
		id, known := f.ids.byFile[key]
		if !known {
			f.ids.last++
			id = f.ids.last
			f.ids.byFile[key] = id
		}
		return id
	})
	var catalog Catalog = items
	if x, err := NewIndex(items); err == nil { // a raster without a place on Earth has no place in an index
		catalog = x
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.catalog, f.items, f.passed = catalog, items, passed
	f.version++
	if first {
		(&Scan{PassedOver: passed}).log(ctx, &f.o)
	}
}
