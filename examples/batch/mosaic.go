package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

// A folder is the mosaic of a folder's rasters.
type folder struct {
	dir   string
	items mosaic.Slice // of those that can be opened
	files []string     // all that look like GeoTIFFs
	pool  *mosaic.Pool // by path
	cache *raster.Cache
}

// openMosaic opens the rasters of a folder, with its table. One that cannot be opened is left out here, and fails
// its own unit.
func openMosaic(ctx context.Context, o *options) (*folder, error) {
	m := &folder{dir: o.dir, cache: raster.NewCache(128 << 20)}
	m.pool = mosaic.NewPool(0, func(_ context.Context, path string) (raster.Dataset, error) {
		return geotiff.OpenFile(path, &geotiff.Options{Cache: m.cache})
	})
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return nil, err
	}
	bad := hidden{os.DirFS(o.dir), map[string]bool{}}
	for _, e := range entries {
		if ext := strings.ToLower(filepath.Ext(e.Name())); ext != ".tif" && ext != ".tiff" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		m.files = append(m.files, e.Name())
		if _, err := m.open(ctx, e.Name()); err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			bad.names[e.Name()] = true
		}
	}
	if len(m.files) > 0 && len(bad.names) == len(m.files) {
		_, err := m.open(ctx, m.files[0])
		return nil, fmt.Errorf("no raster of %s can be opened: %w", o.dir, err)
	}
	m.items, err = mosaic.Folder(ctx, bad, &mosaic.FolderOptions{Open: m.open})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.dir, err)
	}
	for _, it := range m.items {
		it.MaxPS = 0 // coarser levels are made of these
	}
	return m, nil
}

func (m *folder) open(ctx context.Context, name string) (raster.Dataset, error) {
	ds, err := m.pool.Open(ctx, filepath.Join(m.dir, name))
	if err == nil && ds.Info().Grid.CRS.IsZero() {
		err = srs.ErrNotStated
	}
	return ds, err
}

// Close closes the rasters.
func (m *folder) Close() error { return m.pool.Close() }

// hidden is a folder without some of its files. A table that names them is refused.
type hidden struct {
	fs.FS
	names map[string]bool
}

// ReadDir lists the others.
func (h hidden) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(h.FS, name)
	var out []fs.DirEntry
	for _, e := range entries {
		if !h.names[e.Name()] {
			out = append(out, e)
		}
	}
	return out, err
}

// together is how many rasters a unit opens: one takes less time than the engine for a unit.
const together = 64

// checked is the phase in which all rasters are opened, so that those that cannot be fail by their names.
func (m *folder) checked() phase {
	p := phase{name: "open rasters"}
	for names := range slices.Chunk(m.files, together) {
		p.units = append(p.units, namesOf(names))
	}
	return p
}

// check opens the rasters of a unit of the phase.
func (m *folder) check(ctx context.Context, unit int) error {
	var failed []string
	for _, name := range m.files[unit*together : min((unit+1)*together, len(m.files))] {
		if _, err := m.open(ctx, name); err != nil {
			if ctx.Err() != nil {
				return err
			}
			failed = append(failed, fmt.Sprintf("%s: %v", name, err))
		}
	}
	if failed != nil {
		return errors.New(strings.Join(failed, "; "))
	}
	return nil
}

// namesOf returns the name of a unit that is of some files.
func namesOf(files []string) string {
	if len(files) == 1 {
		return files[0]
	}
	return fmt.Sprintf("%s … %s", files[0], files[len(files)-1])
}

// extent returns the box of the mosaic and the size of its finest pixels, in crs or, if that is zero, the mosaic's
// own.
func (m *folder) extent(ctx context.Context, crs srs.CRS) (srs.CRS, srs.Envelope, float64, error) {
	d, err := (&exportimage.Service{Catalog: m.items, CRS: crs}).Describe(ctx)
	if err != nil {
		return crs, srs.Envelope{}, 0, err
	}
	pixel, err := finest(m.items, d.CRS)
	return d.CRS, d.Extent, pixel, err
}

// A tile is one file of a level.
type tile struct {
	col, row int
	grid     raster.Grid
	file     string
	unit     string // that draws it, with its neighbours
}

// inUnits names the files of tiles and puts them into units: squares of side by side tiles.
func inUnits(tiles []tile, side int, name func(tile) string) (units [][]tile, names []string) {
	index := map[[2]int]int{}
	for i := range tiles {
		t := &tiles[i]
		t.file = name(*t)
		at := [2]int{t.col / side, t.row / side}
		n, ok := index[at]
		if !ok {
			n, index[at] = len(units), len(units)
			units = append(units, nil)
		}
		units[n] = append(units[n], *t)
	}
	unitOf := map[string]string{}
	for _, u := range units {
		files := make([]string, len(u))
		for i, t := range u {
			files[i] = t.file
		}
		names = append(names, namesOf(files))
		for _, f := range files {
			unitOf[f] = names[len(names)-1]
		}
	}
	for i := range tiles {
		tiles[i].unit = unitOf[tiles[i].file]
	}
	return units, names
}

// mostTiles bounds a level: a mosaic with more is one whose pixel sizes are wrong.
const mostTiles = 1 << 20

// tilesOf cuts a box into files from its upper left corner. Those on the right and at the bottom end where the box
// does.
func tilesOf(crs srs.CRS, box srs.Envelope, pixel float64, side int) (all []tile, whole raster.Grid, err error) {
	// A box that ends a rounding error beyond a pixel's edge does not need another one.
	pixels := func(length float64) float64 { return max(1, math.Ceil(length/pixel-1e-6)) }
	width, height := pixels(box.Width()), pixels(box.Height())
	if !(math.Ceil(width/float64(side))*math.Ceil(height/float64(side)) <= mostTiles) {
		return nil, whole, fmt.Errorf("pixels of %v in %v make more than %d files", pixel, box, mostTiles)
	}
	at := func(col, row, w, h int) raster.Grid {
		x, y := box.XMin+float64(float64(col*side)*pixel), box.YMax-float64(float64(row*side)*pixel)
		return raster.Grid{CRS: crs, Affine: raster.Affine{A: pixel, C: x, E: -pixel, F: y}, Size: image.Pt(w, h)}
	}
	w, h := int(width), int(height)
	for row := 0; row*side < h; row++ {
		for col := 0; col*side < w; col++ {
			all = append(all, tile{col: col, row: row, grid: at(col, row, min(side, w-col*side), min(side, h-row*side))})
		}
	}
	return all, at(0, 0, w, h), nil
}

// itemOf returns the item of a tile's file; nil if there is none, because the tile has no data.
func (m *folder) itemOf(id int64, path string, t tile) (*mosaic.Item, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return &mosaic.Item{
		ID: id, Name: filepath.Base(path), Footprint: mosaic.Footprint{CRS: t.grid.CRS, Envelope: t.grid.Envelope()},
		PixelSize: t.grid.Affine.A,
		Open:      func(ctx context.Context) (raster.Dataset, error) { return m.pool.Open(ctx, path) },
	}, nil
}

// taskOf returns the task of a command.
func taskOf(o *options, m *folder, to place) (task, error) {
	switch o.task {
	case "overviews":
		return &overviews{o: o, m: m}, o.needFolder()
	case "tiles":
		return &tileCache{o: o, m: m, to: to}, nil
	case "tiff":
		return &wholeTIFF{o: o, m: m}, o.needFolder()
	case "statistics":
		return &statistics{m: m, to: to}, nil
	}
	return nil, fmt.Errorf("there is no task %q", o.task)
}
