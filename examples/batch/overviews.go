package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// overviews makes coarser levels of a mosaic. Each level has two phases: its files are drawn from the level below,
// and then entered in the table all together.
type overviews struct {
	o      *options
	m      *folder
	crs    srs.CRS
	levels []level
}

// A level is one resolution.
type level struct {
	pixel float64 // the size of its pixels, in units of the CRS
	tiles []tile
}

// overlap is the factor by which the scales of two levels overlap. The scale at the middle of each raster decides
// whether it is drawn, and these differ in other projections: without an overlap there would be gaps. The coarser
// level is on top, so that the finer one is read only where the coarser has no data.
const overlap = 2

func (v *overviews) phases(ctx context.Context) ([]phase, error) {
	crs, box, pixel, err := v.m.extent(ctx, v.o.crs)
	if err != nil {
		return nil, err
	}
	v.crs = crs
	all := []phase{v.m.checked()}
	for n := 1; ; n++ {
		pixel *= float64(v.o.factor)
		tiles, _, err := tilesOf(crs, box, pixel, v.o.tile)
		if err != nil {
			return nil, err
		}
		v.levels = append(v.levels, level{pixel, tiles})
		p := phase{name: fmt.Sprintf("draw level %d", n)}
		for _, t := range tiles {
			p.units = append(p.units, v.file(n, t))
		}
		all = append(all, p, phase{fmt.Sprintf("enter level %d", n), []string{fmt.Sprintf("level %d in the table", n)}})
		if len(tiles) == 1 {
			return all, nil
		}
	}
}

func (v *overviews) file(n int, t tile) string {
	return fmt.Sprintf("overview_%d_%d_%d.tif", n, t.col, t.row)
}

// drawn is where a file waits until its level is complete.
func (v *overviews) drawn(name string) string { return filepath.Join(v.o.out, "part", name) }

func (v *overviews) do(ctx context.Context, phase, unit int, failed map[string]string) error {
	if phase == 0 {
		return v.m.check(ctx, unit)
	}
	n := (phase + 1) / 2
	if phase%2 == 0 {
		return v.enter(n)
	}
	t := v.levels[n-1].tiles[unit]
	below, err := v.below(n, t, failed)
	if err != nil {
		return err
	}
	if len(below) == 0 {
		return nil
	}
	return draw(ctx, serviceOf(below, v.crs), v.drawn(v.file(n, t)), t.grid)
}

// below returns what a tile of level n is drawn from.
func (v *overviews) below(n int, t tile, failed map[string]string) (mosaic.Slice, error) {
	if n == 1 {
		return v.m.items, nil
	}
	box := t.grid.Envelope()
	var out mosaic.Slice
	for _, b := range v.levels[n-2].tiles {
		e := b.grid.Envelope()
		margin := float64(8 * b.grid.Affine.A) // of kernels
		if e.XMax < box.XMin-margin || e.XMin > box.XMax+margin || e.YMax < box.YMin-margin || e.YMin > box.YMax+margin {
			continue
		}
		name := v.file(n-1, b)
		if why, ok := failed[name]; ok {
			return nil, &lackError{name, why}
		}
		it, err := v.m.itemOf(int64(len(out)+1), filepath.Join(v.o.out, name), b)
		if err != nil {
			return nil, err
		}
		if it != nil {
			out = append(out, it)
		}
	}
	return out, nil
}

// enter writes the table of the levels up to n, and puts the files of that beside it. A server that looks in between
// finds that the table names files that are not there, and goes on with what it knows.
func (v *overviews) enter(n int) error {
	rows := [][]string{{"file", "ZOrder", "MinPS", "MaxPS"}}
	var moved []string
	for i, l := range v.levels[:n] {
		for _, t := range l.tiles {
			name := v.file(i+1, t)
			_, there := os.Stat(filepath.Join(v.o.out, name))
			if i == n-1 {
				if _, err := os.Stat(v.drawn(name)); err == nil {
					moved, there = append(moved, name), nil
				}
			}
			if errors.Is(there, fs.ErrNotExist) {
				continue
			}
			if there != nil {
				return there
			}
			row := []string{name, number(float64(-1 - i)), number(l.pixel), ""}
			if i+1 < len(v.levels) {
				row[3] = number(float64(overlap * v.levels[i+1].pixel))
			}
			rows = append(rows, row)
		}
	}
	if err := writeTable(filepath.Join(v.o.out, "catalog.csv"), rows); err != nil {
		return err
	}
	for _, name := range moved {
		if err := os.Rename(v.drawn(name), filepath.Join(v.o.out, name)); err != nil {
			return err
		}
	}
	if n < len(v.levels) {
		return nil
	}
	return os.RemoveAll(filepath.Join(v.o.out, "part"))
}

// wholeTIFF makes one file of the mosaic: parts of it are drawn, and then put together.
type wholeTIFF struct {
	o     *options
	m     *folder
	tiles []tile
	whole tile
}

func (w *wholeTIFF) phases(ctx context.Context) ([]phase, error) {
	crs, box, pixel, err := w.m.extent(ctx, w.o.crs)
	if err != nil {
		return nil, err
	}
	if w.tiles, w.whole.grid, err = tilesOf(crs, box, pixel, w.o.tile); err != nil {
		return nil, err
	}
	parts := phase{name: "draw parts"}
	for _, t := range w.tiles {
		parts.units = append(parts.units, w.part(t))
	}
	return []phase{w.m.checked(), parts, {"put together", []string{w.o.out}}}, nil
}

func (w *wholeTIFF) part(t tile) string { return fmt.Sprintf("part_%d_%d.tif", t.col, t.row) }

func (w *wholeTIFF) do(ctx context.Context, phase, unit int, failed map[string]string) error {
	folder := w.o.out + ".parts"
	switch phase {
	case 0:
		return w.m.check(ctx, unit)
	case 1:
		t := w.tiles[unit]
		return draw(ctx, serviceOf(w.m.items, t.grid.CRS), filepath.Join(folder, w.part(t)), t.grid)
	}
	var parts mosaic.Slice
	for _, t := range w.tiles {
		if why, ok := failed[w.part(t)]; ok {
			return &lackError{w.part(t), why}
		}
		it, err := w.m.itemOf(int64(len(parts)+1), filepath.Join(folder, w.part(t)), t)
		if err != nil {
			return err
		}
		if it != nil {
			parts = append(parts, it)
		}
	}
	if len(parts) == 0 {
		return errors.New("no raster holds data")
	}
	s := serviceOf(parts, w.whole.grid.CRS)
	s.Defaults = exportimage.Request{Interpolation: nearest} // the parts have the same pixels
	if err := draw(ctx, s, w.o.out, w.whole.grid); err != nil {
		return err
	}
	return os.RemoveAll(folder)
}
