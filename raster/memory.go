package raster

import (
	"context"
	"fmt"
	"image"
	"slices"
)

// A Memory is a Dataset whose pixels are in memory. It is made by NewMemory, immutable, and safe for concurrent use. The
// zero value has no levels.
type Memory struct {
	info   Info
	levels []*Block
}

var _ Dataset = (*Memory)(nil)

// NewMemory returns a dataset of levels, full resolution first, that info describes. Its Type and Levels are those of
// the blocks; if it has no Bands, nothing is known of them. Which pixels hold data is stated by the blocks' Valid: the
// bands' NoData are compared with no sample. The blocks are shared, not copied, and must not be changed any more.
//
// A block begins at (0,0), each is smaller than the one before, and all have as many bands of one type.
func NewMemory(info Info, levels ...*Block) (*Memory, error) {
	if len(levels) == 0 || levels[0] == nil || len(levels[0].Bands) == 0 {
		return nil, fmt.Errorf("raster: there is no level with bands")
	}
	first := levels[0]
	if first.Bounds() != info.Grid.Bounds() {
		return nil, fmt.Errorf("raster: block %v on a grid of %v", first.Bounds(), info.Grid.Bounds())
	}
	info.Type, info.Levels = first.Type, nil
	if info.Bands == nil {
		info.Bands = make([]Band, len(first.Bands))
	}
	if len(info.Bands) != len(first.Bands) {
		return nil, fmt.Errorf("raster: %d bands are described, and there are %d", len(info.Bands), len(first.Bands))
	}
	for i, b := range levels {
		if b == nil || b.Type != first.Type || len(b.Bands) != len(first.Bands) {
			return nil, fmt.Errorf("raster: level %d is not of %d bands of %v", i, len(first.Bands), first.Type)
		}
		r := b.Bounds()
		if last := levels[max(0, i-1)].Bounds(); r.Min != (image.Point{}) || r.Empty() || i > 0 && (!r.In(last) || r == last) {
			return nil, fmt.Errorf("raster: level %d is %v, after %v", i, r, last)
		}
		for n, p := range b.Bands {
			if !b.Type.Fits(p) || !p.complete() || p.Bounds() != r {
				return nil, fmt.Errorf("raster: band %d of level %d does not hold %v of type %v", n, i, r, b.Type)
			}
		}
		if b.Valid != nil && (b.Valid.Rect != r || !complete(len(b.Valid.Pix), b.Valid.Stride, r)) {
			return nil, fmt.Errorf("raster: the validity of level %d is of %v, not %v", i, b.Valid.Rect, r)
		}
		info.Levels = append(info.Levels, r.Size())
	}
	return &Memory{info, slices.Clone(levels)}, nil
}

// Info describes the raster.
func (m *Memory) Info() Info { return m.info }

// Read returns a block that shares the dataset's memory, not dst's.
func (m *Memory) Read(ctx context.Context, dst *Block, level int, win image.Rectangle, bands []int) (*Block, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if level < 0 || level >= len(m.levels) {
		return nil, fmt.Errorf("raster: level %d of %d", level, len(m.levels))
	}
	src := m.levels[level]
	if win.Empty() || !win.In(src.Bounds()) {
		return nil, fmt.Errorf("raster: window %v of level %d, which is %v", win, level, src.Bounds())
	}
	for _, b := range bands {
		if b < 0 || b >= len(src.Bands) {
			return nil, fmt.Errorf("raster: band %d of %d", b, len(src.Bands))
		}
	}
	if len(bands) == 0 {
		bands = nil
	}
	out := src.Select(bands).Sub(win)
	if err := CheckDestination(dst, out.Type, len(out.Bands), win); err != nil {
		return nil, err
	}
	return out, nil
}
