package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

const (
	prefix     = "overview_"     // of the tiles' files
	partFolder = "overview.part" // in the mosaic's folder, of tiles that are not in the table yet
)

// options are read from the command line.
type options struct {
	dir          string
	crs          srs.CRS // zero is that of the raster with the lowest ID
	factor, tile int
	progress     func(done, of int)
}

// A builder makes the tiles of one mosaic.
type builder struct {
	options
	base   mosaic.Slice // the mosaic's rasters
	files  *mosaic.Pool // by path
	levels []level
	made   int
}

// build makes all tiles that are not there yet and enters them in the table. It returns the numbers of tiles that it
// made and of all tiles. After an error, those that it made are there, but not in the table.
func build(ctx context.Context, o options) (made, all int, err error) {
	cache := raster.NewCache(256 << 20)
	b := &builder{options: o, files: mosaic.NewPool(0, func(_ context.Context, path string) (raster.Dataset, error) {
		return geotiff.OpenFile(path, &geotiff.Options{Cache: cache})
	})}
	defer b.files.Close() // they were only read
	table, err := readTable(o.dir)
	if err != nil {
		return 0, 0, err
	}
	if b.base, err = readBase(ctx, o.dir, table, b.files); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", o.dir, err)
	}
	if err := b.plan(ctx); err != nil {
		return 0, 0, err
	}
	if err := os.MkdirAll(filepath.Join(o.dir, partFolder), 0o777); err != nil {
		return 0, 0, err
	}
	done, of := 0, 0
	for _, l := range b.levels {
		of += len(l.tiles)
	}
	below := b.base
	for i, l := range b.levels {
		if below, err = b.level(ctx, l, below, func() { done++; o.progress(done, of) }); err != nil {
			return b.made, 0, fmt.Errorf("level %d: %w", i+1, err)
		}
		all += len(below)
	}
	// The files that were read are closed before others take their places.
	if err := b.files.Close(); err != nil {
		return b.made, 0, err
	}
	return b.made, all, b.publish(table)
}

// plan decides on the levels.
func (b *builder) plan(ctx context.Context) error {
	whole, err := (&exportimage.Service{Catalog: b.base, CRS: b.crs}).Plan(ctx, exportimage.Request{Aspect: exportimage.ExactBox})
	if err != nil {
		return err
	}
	b.crs = whole.CRS
	pixel, err := finest(b.base, b.crs)
	if err != nil {
		return err
	}
	b.levels, err = plan(b.crs, whole.Envelope, pixel, b.options)
	return err
}

// level makes the missing tiles of a level from the rasters below it, which are the mosaic's own or the tiles of the
// level before, and returns all of the level's tiles as items. Tiles without data are left out.
func (b *builder) level(ctx context.Context, l level, below mosaic.Slice, done func()) (mosaic.Slice, error) {
	service := &exportimage.Service{
		Catalog: below, CRS: b.crs, Formats: encode.Formats{cog.Name: cog},
		// The user owns the machine and can interrupt the program.
		Limits: exportimage.Limits{Side: math.MaxInt32, Pixels: 1 << 30, Items: 1 << 20, SourcePixels: math.MaxInt64, Time: 24 * time.Hour},
	}
	var tiles mosaic.Slice
	for _, t := range l.tiles {
		path, err := b.finished(ctx, t, below)
		if errors.Is(err, fs.ErrNotExist) {
			path, err = b.draw(ctx, t, service)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.file, err)
		}
		if path != "" {
			tiles = append(tiles, &mosaic.Item{
				ID: int64(len(tiles) + 1), Name: t.file,
				Footprint: mosaic.Footprint{CRS: t.grid.CRS, Envelope: t.grid.Envelope()},
				PixelSize: l.pixel,
				Open:      func(ctx context.Context) (raster.Dataset, error) { return b.open(ctx, path) },
			})
		}
		done()
	}
	return tiles, nil
}

// open opens the raster at a path.
func (b *builder) open(ctx context.Context, path string) (raster.Dataset, error) {
	ds, err := b.files.Open(ctx, path)
	return located{ds, path}, err
}

// finished returns the path of a tile that need not be made again, because its grid is right and it is no older than
// any raster that it shows. The path is empty for a tile that shows no raster. The error is fs.ErrNotExist if the tile
// has to be made.
func (b *builder) finished(ctx context.Context, t tile, below mosaic.Slice) (string, error) {
	var newest time.Time
	none := true
	for it, err := range below.Items(ctx, mosaic.Query{CRS: t.grid.CRS, Envelope: t.grid.Envelope()}) {
		if err != nil {
			return "", err
		}
		ds, err := it.Open(ctx)
		if err != nil {
			return "", err
		}
		info, err := os.Stat(ds.(located).path)
		if err != nil {
			return "", err
		}
		none = false
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	if none {
		return "", nil
	}
	for _, path := range b.places(t) {
		info, err := os.Stat(path)
		if err != nil || info.ModTime().Before(newest) {
			continue
		}
		ds, err := geotiff.OpenFile(path, nil)
		if err != nil {
			continue // not a file of ours: it is replaced
		}
		grid := ds.Info().Grid
		if err := ds.Close(); err != nil {
			return "", err
		}
		if sameGrid(grid, t.grid) {
			return path, nil
		}
	}
	return "", fs.ErrNotExist
}

// sameGrid reports whether two grids are the same but for rounding.
func sameGrid(a, b raster.Grid) bool {
	t, err := srs.NewTransformer(a.CRS, b.CRS)
	if err != nil || !t.Identity() || a.Size != b.Size || !a.Affine.AxisParallel() {
		return false
	}
	e, f := a.Envelope(), b.Envelope()
	far := max(math.Abs(e.XMin-f.XMin), math.Abs(e.YMin-f.YMin), math.Abs(e.XMax-f.XMax), math.Abs(e.YMax-f.YMax))
	return far < 1e-3*b.Affine.A
}

// places returns the paths that a tile may have, the newest first.
func (b *builder) places(t tile) [2]string {
	return [2]string{filepath.Join(b.dir, partFolder, t.file), filepath.Join(b.dir, t.file)}
}

// draw writes a tile and returns its path, or none if the tile has no data. The file gets its name when it is complete.
func (b *builder) draw(ctx context.Context, t tile, service *exportimage.Service) (path string, err error) {
	path = b.places(t)[0]
	unfinished := path + ".tmp"
	f, err := os.Create(unfinished)
	if err != nil {
		return "", err
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(unfinished) // unless it has its name already
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	res, err := service.ExportTo(ctx, w, exportimage.Request{
		BBox: t.grid.Envelope(), BBoxSR: b.crs, ImageSR: b.crs, Size: t.grid.Size, Aspect: exportimage.ExactBox, Format: cog.Name,
	})
	if err != nil || !res.Trace.Covered {
		return "", err
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return "", err
	}
	b.made++
	return path, os.Rename(unfinished, path)
}

// cog is the format of the tiles: a cloud-optimised GeoTIFF that keeps every sample, with a mask where no noData value
// is stated.
var cog = encode.Format{
	Name: "cog", MediaType: "image/tiff", Ext: "tif", Types: encode.Default()["tiff"].Types, Alpha: true,
	Encode: func(w io.Writer, m *raster.Image, _ *encode.Options) error {
		return geotiff.Encode(w, m, &geotiff.EncodeOptions{Compression: geotiff.Deflate, Overviews: true})
	},
}
