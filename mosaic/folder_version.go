package mosaic

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// A folderListing is what must stay the same while a folder is read.
type folderListing struct {
	files []string    // the rasters, sorted by name
	names []string    // of all files
	table fs.FileInfo // nil if there is none
}

func listFolder(fsys fs.FS, extensions []string, o *FolderOptions) (l folderListing, err error) {
	if l.files, l.names, err = rasterFiles(fsys, extensions, o); err != nil {
		return l, err
	}
	if !o.FollowLinks && leadsOut(fsys, tableName) {
		return l, &LinkError{tableName}
	}
	switch table, err := fs.Stat(fsys, tableName); {
	case err == nil:
		l.table = table
	case !errors.Is(err, fs.ErrNotExist):
		return l, fmt.Errorf("mosaic: %w", err)
	}
	return l, nil
}

func (l folderListing) equal(o folderListing) bool {
	return sameFile(l.table, o.table) && slices.Equal(l.files, o.files)
}

// A folderRaster is the raster of a file of a folder, which may change.
type folderRaster struct {
	file string
	grid raster.Grid // as of when the folder was read
	typ  raster.PixelType
	info raster.Info // as of when the folder was read
	open func(ctx context.Context, name string) (raster.Dataset, error)
	held chan raster.Dataset // of one: who takes the dataset out may open another one
}

func newFolderRaster(
	file string, ds raster.Dataset, open func(ctx context.Context, name string) (raster.Dataset, error),
) *folderRaster {
	info := ds.Info()
	r := &folderRaster{file, info.Grid, info.Type, info, open, make(chan raster.Dataset, 1)}
	r.held <- ds
	return r
}

func infosOf(rasters []*folderRaster) []raster.Info {
	infos := make([]raster.Info, len(rasters))
	for i, r := range rasters {
		infos[i] = r.info
	}
	return infos
}

// close closes the dataset. The raster cannot be opened any more, which is the error why.
func (r *folderRaster) close(why error) error {
	ds := <-r.held
	err := closeDataset(ds)
	r.held <- closedRaster{why}
	return err
}

// A closedRaster is in the place of a dataset that was closed.
type closedRaster struct{ why error }

func (c closedRaster) Info() raster.Info { return raster.Info{} }

func (c closedRaster) Read(context.Context, *raster.Block, int, image.Rectangle, []int) (*raster.Block, error) {
	return nil, fs.ErrClosed
}

// Open returns the dataset that was opened last, if its version is current, and otherwise opens the raster anew.
func (r *folderRaster) Open(ctx context.Context) (raster.Dataset, error) {
	var ds raster.Dataset
	select {
	case ds = <-r.held:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { r.held <- ds }()
	if closed, ok := ds.(closedRaster); ok {
		return nil, closed.why
	}
	v := raster.VersionOf(ds)
	if v == nil || v.Current(ctx) == nil {
		return ds, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	fresh, err := openSettled(ctx, r.file, r.open)
	if err != nil {
		return nil, err
	}
	if raster.SameVersion(raster.VersionOf(fresh), v) {
		return nil, &source.ChangedError{Name: r.file, Err: errors.New("it is not opened anew")}
	}
	if g := fresh.Info().Grid; g.CRS != r.grid.CRS || g.Envelope() != r.grid.Envelope() {
		_ = closeDataset(fresh) // nothing was written
		return nil, fmt.Errorf("mosaic: raster %q is in another place than when the folder was read: %v", r.file, g.Envelope())
	}
	old := ds
	ds = fresh
	_ = closeDataset(old) // nothing was written; who still reads from it finds that it is of a former version
	return ds, nil
}
