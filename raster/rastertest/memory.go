package rastertest

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"sync/atomic"

	"github.com/geoexport/geoexport/raster"
)

// A Memory is a raster.Dataset whose pixels are in memory. Make one with New or FromFunc, set the fields and add
// levels, and only then hand it out: from there on it is safe for concurrent use. The zero value has no levels.
//
// Which pixels hold data is stated by the blocks' Valid. Bands[i].NoData is reported by Info and compared with no
// sample.
type Memory struct {
	Bands   []raster.Band // one for each band of the block; New leaves them at their zero values
	Palette color.Palette // see raster.Info
	// Err, if not nil, is what every Read ends with.
	Err error

	grid   raster.Grid
	levels []*raster.Block
	reads  atomic.Int64
}

var _ raster.Dataset = (*Memory)(nil)

// New returns a dataset of one level. It panics unless the block's bounds are those of the grid. The block is shared,
// not copied.
func New(grid raster.Grid, blk *raster.Block) *Memory {
	if blk.Bounds() != grid.Bounds() {
		panic(fmt.Sprintf("rastertest: block %v on a grid of %v", blk.Bounds(), grid.Bounds()))
	}
	return &Memory{Bands: make([]raster.Band, len(blk.Bands)), grid: grid, levels: []*raster.Block{blk}}
}

// FromFunc returns a dataset of one level whose samples are f(band, x, y), x being the column and y the row, both from
// 0. A pixel is without data where any of its samples is NaN.
func FromFunc[T raster.Sample](grid raster.Grid, bands int, f func(band, x, y int) T) *Memory {
	return New(grid, FillBlock(grid.Bounds(), bands, f))
}

// FillBlock returns a block with the given bounds whose samples are f(band, x, y). A pixel is without data where any of
// its samples is NaN; Valid is nil if there is no such pixel.
func FillBlock[T raster.Sample](r image.Rectangle, bands int, f func(band, x, y int) T) *raster.Block {
	blk := &raster.Block{Type: typeOf[T](), Bands: make([]raster.Plane, bands)}
	var holes []image.Point
	for b := range bands {
		p := raster.NewPlane[T](r)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			row := p.Row(y)
			for i := range row {
				v := f(b, r.Min.X+i, y)
				row[i] = v
				if v != v {
					holes = append(holes, image.Pt(r.Min.X+i, y))
				}
			}
		}
		blk.Bands[b] = p
	}
	if len(holes) > 0 {
		blk.Valid = image.NewAlpha(r)
		for i := range blk.Valid.Pix {
			blk.Valid.Pix[i] = 0xff
		}
		for _, h := range holes {
			blk.Valid.SetAlpha(h.X, h.Y, color.Alpha{})
		}
	}
	return blk
}

// typeOf returns the pixel type whose planes are of T.
func typeOf[T raster.Sample]() raster.PixelType {
	switch any(*new(T)).(type) {
	case uint8:
		return raster.U8
	case int8:
		return raster.S8
	case uint16:
		return raster.U16
	case int16:
		return raster.S16
	case uint32:
		return raster.U32
	case int32:
		return raster.S32
	case float32:
		return raster.F32
	case float64:
		return raster.F64
	case complex64:
		return raster.C64
	}
	return raster.C128
}

// AddLevel adds an overview, after those that are there. It panics unless the block starts at (0,0), is smaller than
// the level before, and has the first level's type and number of bands. It returns m, for chaining.
func (m *Memory) AddLevel(blk *raster.Block) *Memory {
	first, last, r := m.levels[0], m.levels[len(m.levels)-1].Bounds(), blk.Bounds()
	if r.Min != (image.Point{}) || !r.In(last) || r == last || r.Empty() {
		panic(fmt.Sprintf("rastertest: level %v after %v", r, last))
	}
	if blk.Type != first.Type || len(blk.Bands) != len(first.Bands) {
		panic(fmt.Sprintf("rastertest: level with %d bands of %v in a raster with %d bands of %v",
			len(blk.Bands), blk.Type, len(first.Bands), first.Type))
	}
	m.levels = append(m.levels, blk)
	return m
}

// memory returns the raster as it is now.
func (m *Memory) memory() (*raster.Memory, error) {
	return raster.NewMemory(raster.Info{Grid: m.grid, Bands: m.Bands, Palette: m.Palette}, m.levels...)
}

// Info describes the raster.
func (m *Memory) Info() raster.Info {
	if inner, err := m.memory(); err == nil {
		return inner.Info()
	}
	info := raster.Info{Grid: m.grid, Bands: m.Bands, Palette: m.Palette} // of a raster that is wrong on purpose
	for _, l := range m.levels {
		info.Type = l.Type
		info.Levels = append(info.Levels, l.Bounds().Size())
	}
	return info
}

// Read returns a block that shares the dataset's memory, not dst.
func (m *Memory) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	m.reads.Add(1)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if m.Err != nil {
		return nil, m.Err
	}
	inner, err := m.memory()
	if err != nil {
		return nil, err
	}
	return inner.Read(ctx, dst, level, win, bands)
}

// Reads returns how often Read was called, failed calls included.
func (m *Memory) Reads() int { return int(m.reads.Load()) }
