package raster

import (
	"context"
	"fmt"
	"image"
	"reflect"
	"strconv"
)

// A Level is one resolution of a raster.
type Level struct {
	Size image.Point // in pixels
	// ScaleX and ScaleY are how many pixels of the first level one pixel spans, along columns and along rows. For stored
	// overviews they are the ratio of the sizes, since those show the whole raster: 1001 pixels have an overview of 501
	// with a scale of 1.998. For virtual levels they are powers of two.
	ScaleX, ScaleY float64
}

// A Pyramid sees a dataset as if it had overviews all the way down. Below the coarsest one stored, levels are made when
// they are asked for, each from the one above it: in tiles that lie on a lattice from the raster's origin, so that a pixel
// does not depend on the window that asked for it, and kept in a cache.
//
// It is safe for concurrent use if Account is.
type Pyramid struct {
	Dataset   Dataset
	Reduction Reduction
	// Cache keeps the tiles that were made. Pyramids over the same Dataset, if that is of a comparable type such as a
	// pointer, share them.
	Cache *Cache
	// Account, if not nil, is asked before pixels are read from the dataset, and told how many. An error of its ends the
	// read.
	Account func(pixels int64) error

	levels []Level
	stored int
	id     any // of the dataset, in the cache's keys
}

// tileSide is the side of a virtual level's tiles. One tile is made of four of the level above.
const tileSide = 256

// NewPyramid is a pyramid over ds. Stored overviews are used as they are; with skip they are left aside, which is for
// classes that somebody averaged.
func NewPyramid(ds Dataset, r Reduction, c *Cache, skip bool) *Pyramid {
	p := &Pyramid{Dataset: ds, Reduction: r, Cache: c, id: ds}
	if !reflect.ValueOf(ds).Comparable() {
		p.id = p
	}
	sizes := ds.Info().Levels
	if skip {
		sizes = sizes[:1]
	}
	for _, s := range sizes {
		p.levels = append(p.levels, Level{
			Size:   s,
			ScaleX: float64(sizes[0].X) / float64(s.X), ScaleY: float64(sizes[0].Y) / float64(s.Y),
		})
	}
	p.stored = len(p.levels)
	for l := p.levels[p.stored-1]; l.Size.X > 1 || l.Size.Y > 1; {
		l = Level{
			Size:   image.Pt((l.Size.X+1)/2, (l.Size.Y+1)/2),
			ScaleX: 2 * l.ScaleX, ScaleY: 2 * l.ScaleY,
		}
		p.levels = append(p.levels, l)
	}
	return p
}

// Levels are all levels, full resolution first. The slice must not be written to.
func (p *Pyramid) Levels() []Level { return p.levels }

// Virtual says whether a level is not stored.
func (p *Pyramid) Virtual(level int) bool { return level >= p.stored }

// Read is as Dataset.Read, for all levels.
func (p *Pyramid) Read(ctx context.Context, level int, win image.Rectangle, bands []int) (*Block, error) {
	if level < 0 || level >= len(p.levels) {
		return nil, fmt.Errorf("raster: there is no level %d of %d", level, len(p.levels))
	}
	if !p.Virtual(level) {
		return p.read(ctx, level, win, bands)
	}
	if bounds := (image.Rectangle{Max: p.levels[level].Size}); win.Empty() || !win.In(bounds) {
		return nil, fmt.Errorf("raster: window %v of level %d, which is %v", win, level, bounds)
	}
	tiles := tilesOf(win)
	if len(tiles) == 1 {
		t, err := p.tile(ctx, level, tiles[0], bands)
		if err != nil {
			return nil, err
		}
		return t.Sub(win), nil
	}
	var out *Block
	for _, at := range tiles {
		t, err := p.tile(ctx, level, at, bands)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = NewBlock(t.Type, len(t.Bands), win)
		}
		paste(out, t)
	}
	if out.Valid.Opaque() {
		out.Valid = nil
	}
	return out, nil
}

// read reads from the dataset.
func (p *Pyramid) read(ctx context.Context, level int, win image.Rectangle, bands []int) (*Block, error) {
	if p.Account != nil {
		if err := p.Account(int64(win.Dx()) * int64(win.Dy())); err != nil {
			return nil, err
		}
	}
	return p.Dataset.Read(ctx, level, win, bands)
}

// tilesOf lists the tiles, by column and row, that win touches.
func tilesOf(win image.Rectangle) []image.Point {
	var out []image.Point
	for y := win.Min.Y / tileSide; y*tileSide < win.Max.Y; y++ {
		for x := win.Min.X / tileSide; x*tileSide < win.Max.X; x++ {
			out = append(out, image.Pt(x, y))
		}
	}
	return out
}

// A tileKey names a tile in the cache.
type tileKey struct {
	dataset   any
	reduction Reduction
	stored    int // the levels before it that were not made
	level     int
	at        image.Point
	bands     string
}

// tile makes a tile of a virtual level, or finds it in the cache. Each level of recursion holds at most one window of two
// by two tiles at a time.
func (p *Pyramid) tile(ctx context.Context, level int, at image.Point, bands []int) (*Block, error) {
	key := tileKey{p.id, p.Reduction, p.stored, level, at, bandsText(bands)}
	return Cached(ctx, p.Cache, key, func(ctx context.Context) (*Block, int64, error) {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		r := image.Rectangle{Min: at.Mul(tileSide), Max: at.Add(image.Pt(1, 1)).Mul(tileSide)}
		r = r.Intersect(image.Rectangle{Max: p.levels[level].Size})
		finer := image.Rectangle{Min: r.Min.Mul(2), Max: r.Max.Mul(2)}
		src, err := p.Read(ctx, level-1, finer.Intersect(image.Rectangle{Max: p.levels[level-1].Size}), bands)
		if err != nil {
			return nil, 0, err
		}
		b := p.Reduction.Halve(src, r)
		cost := int64(r.Dx()) * int64(r.Dy()) * int64(len(b.Bands)*b.Type.Size()+1)
		return b, cost, nil
	})
}

func bandsText(bands []int) string {
	var out []byte
	for _, b := range bands {
		out = append(strconv.AppendInt(out, int64(b), 10), ',')
	}
	return string(out)
}

// paste copies what b has inside dst's bounds, validity too.
func paste(dst, b *Block) {
	r := b.Bounds().Intersect(dst.Bounds())
	for i := range dst.Bands {
		Copy(dst.Bands[i], b.Bands[i], r)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		i := dst.Valid.PixOffset(r.Min.X, y)
		row := dst.Valid.Pix[i : i+r.Dx()]
		if b.Valid == nil {
			for i := range row {
				row[i] = 255
			}
		} else {
			j := b.Valid.PixOffset(r.Min.X, y)
			copy(row, b.Valid.Pix[j:])
		}
	}
}
