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
	units [][]tile
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
		p := phase{name: fmt.Sprintf("draw level %d", n)}
		var units [][]tile
		units, p.units = inUnits(tiles, v.o.together(), func(t tile) string {
			return fmt.Sprintf("overview_%d_%d_%d.tif", n, t.col, t.row)
		})
		v.levels = append(v.levels, level{pixel, tiles, units})
		all = append(all, p, phase{fmt.Sprintf("enter level %d", n), []string{fmt.Sprintf("level %d in the table", n)}})
		if len(tiles) == 1 {
			return all, nil
		}
	}
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
	for _, t := range v.levels[n-1].units[unit] {
		below, err := v.below(n, t, failed)
		if err != nil {
			return err
		}
		if len(below) == 0 {
			continue
		}
		if err := draw(ctx, serviceOf(below, v.crs), v.drawn(t.file), t.grid); err != nil {
			return fmt.Errorf("%s: %w", t.file, err)
		}
	}
	return nil
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
		if why, ok := failed[b.unit]; ok {
			return nil, &lackError{b.unit, why}
		}
		it, err := v.m.itemOf(int64(len(out)+1), filepath.Join(v.o.out, b.file), b)
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
			name := t.file
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
	units [][]tile
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
	w.units, parts.units = inUnits(w.tiles, w.o.together(), func(t tile) string {
		return fmt.Sprintf("part_%d_%d.tif", t.col, t.row)
	})
	return []phase{w.m.checked(), parts, {"put together", []string{w.o.out}}}, nil
}

func (w *wholeTIFF) do(ctx context.Context, phase, unit int, failed map[string]string) error {
	folder := w.o.out + ".parts"
	switch phase {
	case 0:
		return w.m.check(ctx, unit)
	case 1:
		for _, t := range w.units[unit] {
			err := draw(ctx, serviceOf(w.m.items, t.grid.CRS), filepath.Join(folder, t.file), t.grid)
			if err != nil {
				return fmt.Errorf("%s: %w", t.file, err)
			}
		}
		return nil
	}
	var parts mosaic.Slice
	for _, t := range w.tiles {
		if why, ok := failed[t.unit]; ok {
			return &lackError{t.unit, why}
		}
		it, err := w.m.itemOf(int64(len(parts)+1), filepath.Join(folder, t.file), t)
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
