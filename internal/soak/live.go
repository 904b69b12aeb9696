package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// The live folder holds a raster for each cell of a square, or none. All pixels of a raster have the same value, that
// of its version, so that a mixture of versions shows.
const (
	cellsAcross = 4
	cellSide    = 600 // pixels, and metres
)

// live is the folder that changes, and a catalogue of it that looks anew for every export.
type live struct {
	dir  string
	crs  srs.CRS
	pool *mosaic.Pool
	// version counts changes.
	version atomic.Int64
	changes [ways]atomic.Int64
	history history
}

// staleAfter is how long after a change answers may show what was there before.
const staleAfter = 5 * time.Second

// A span is a time in which a cell showed a value: that of a version, or 0 for none.
type span struct {
	value    uint8
	from, to time.Time // zero: up to now
}

// history is what the cells showed in the last minutes.
type history struct {
	mu    sync.Mutex
	cells [cellsAcross * cellsAcross][]span
}

// begin enters that a cell is about to show a value, or what it showed before.
func (h *history) begin(cell int, value uint8) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cells[cell] = append(h.cells[cell], span{value: value, from: time.Now()})
}

// end enters that a cell no longer shows what it showed before.
func (h *history) end(cell int) {
	const kept = 3 * time.Minute
	h.mu.Lock()
	defer h.mu.Unlock()
	spans := h.cells[cell]
	for i := range spans[:len(spans)-1] {
		if spans[i].to.IsZero() {
			spans[i].to = time.Now()
		}
	}
	h.cells[cell] = slices.DeleteFunc(spans, func(s span) bool { return !s.to.IsZero() && time.Since(s.to) > kept })
}

// showed reports whether a cell may have shown a value in an answer to a request of that time.
func (h *history) showed(cell int, value uint8, asked, answered time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.ContainsFunc(h.cells[cell], func(s span) bool {
		return s.value == value && s.from.Before(answered) && (s.to.IsZero() || s.to.Add(staleAfter).After(asked))
	})
}

// extent is the box of all cells.
func (l *live) extent() srs.Envelope {
	return srs.Envelope{XMax: cellsAcross * cellSide, YMax: cellsAcross * cellSide}
}

// box is that of one cell.
func (l *live) box(cell int) srs.Envelope {
	x, y := float64(cell%cellsAcross*cellSide), float64(cell/cellsAcross*cellSide)
	return srs.Envelope{XMin: x, YMin: y, XMax: x + cellSide, YMax: y + cellSide}
}

func cellName(cell int) string { return fmt.Sprintf("cell_%02d.tif", cell) }

// Items lists the cells that have a file.
func (l *live) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) {
		var items mosaic.Slice
		for cell := range cellsAcross * cellsAcross {
			name := cellName(cell)
			if _, err := os.Stat(filepath.Join(l.dir, name)); errors.Is(err, fs.ErrNotExist) {
				continue
			}
			items = append(items, &mosaic.Item{
				ID: int64(cell + 1), Name: name, Type: raster.U8, PixelSize: 1,
				Footprint: mosaic.Footprint{CRS: l.crs, Envelope: l.box(cell)},
				Open: func(ctx context.Context) (raster.Dataset, error) {
					return l.pool.Open(ctx, filepath.Join(l.dir, name))
				},
			})
		}
		items.Items(ctx, q)(yield)
	}
}

// A way is one in which the folder changes.
type way int

const (
	replaced way = iota // by a rename
	overwritten
	truncated // and then whole again
	removed
	added
	ways
)

var wayNames = [ways]string{"replaced", "overwritten", "truncated", "removed", "added"}

// change changes one file.
func (l *live) change(r *rand.Rand) error {
	cell := r.IntN(cellsAcross * cellsAcross)
	path := filepath.Join(l.dir, cellName(cell))
	version := l.version.Add(1)
	data, err := l.file(cell, version)
	if err != nil {
		return err
	}
	how := way(r.IntN(int(removed) + 1))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		how = added
	}
	l.changes[how].Add(1)
	value := valueOf(version)
	if how == removed {
		value = 0
	}
	l.history.begin(cell, value)
	defer l.history.end(cell)
	switch how {
	case overwritten:
		return os.WriteFile(path, data, 0o600)
	case truncated:
		if err := os.Truncate(path, int64(len(data)/2)); err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
		return os.WriteFile(path, data, 0o600)
	case removed:
		return os.Remove(path)
	}
	part := filepath.Join(l.dir, ".part")
	if err := os.WriteFile(part, data, 0o600); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// valueOf is the value of the pixels of a version.
func valueOf(version int64) uint8 { return uint8(1 + version%250) }

// file returns a version of a cell, as GeoTIFF of several tiles.
func (l *live) file(cell int, version int64) ([]byte, error) {
	size := image.Pt(cellSide, cellSide)
	v := valueOf(version)
	blk := rastertest.FillBlock(image.Rectangle{Max: size}, 1, func(_, _, _ int) uint8 { return v })
	m := &raster.Image{
		Grid: raster.NorthUp(l.crs, l.box(cell), size), Type: raster.U8, Bands: 1, Opaque: true,
		Strips: func(yield func(*raster.Block, error) bool) { yield(blk, nil) },
	}
	var buf bytes.Buffer
	compression := []geotiff.Compression{geotiff.None, geotiff.Deflate, geotiff.LZW}[version%3]
	err := geotiff.Encode(&buf, m, &geotiff.EncodeOptions{Compression: compression, Workers: 1})
	return buf.Bytes(), err
}

// uniform reports what is wrong with the answer of a box inside one cell, of the given number of pixels in format bip:
// it shows one version, or nothing. It returns the version's value, or 0.
func uniform(body []byte, pixels int) (uint8, error) {
	mask := (pixels + 7) / 8
	if len(body) != pixels+mask {
		return 0, fmt.Errorf("%d bytes, not %d", len(body), pixels+mask)
	}
	first := body[0]
	for i, v := range body[:pixels] {
		if v != first {
			return 0, fmt.Errorf("pixel %d is %d and the first %d: versions are mixed", i, v, first)
		}
	}
	want := byte(0xff)
	if first == 0 {
		want = 0
	}
	for i, v := range body[pixels : len(body)-1] {
		if v != want {
			return 0, fmt.Errorf("validity of pixels from %d on is %#x beside a value of %d", 8*i, v, first)
		}
	}
	return first, nil
}
