package overview

import (
	"context"
	"fmt"
	"image"
	"reflect"
	"strconv"

	"github.com/geoexport/geoexport/raster"
)

// A Pyramid shows a dataset as if it had overviews all the way down to one pixel. Below the coarsest one stored, levels
// are made when they are asked for, each from the one above it: in tiles that lie on a lattice from the raster's
// origin, so that a pixel does not depend on the window that asked for it, and kept in a cache.
//
// It is a dataset itself, and safe for concurrent use. New makes one; the zero value has no levels.
type Pyramid struct {
	dataset   raster.Dataset
	reduction Reduction
	cache     *raster.Cache
	budget    func(pixels int64) error // or nil

	typ    raster.PixelType
	bands  int
	levels []Level
	stored int
	id     any   // of the dataset, in the cache's keys
	share  int64 // of the cache
}

var _ raster.Versioned = (*Pyramid)(nil)

// Options configure a Pyramid. The zero value averages, uses stored overviews and keeps nothing.
type Options struct {
	Reduction Reduction // which makes the levels that are not stored
	// Cache keeps the tiles that were made. Pyramids over the same dataset, if that is of a comparable type such as a
	// pointer, share them, also if one of them is over the dataset as raster.Check returns it. Nil keeps nothing.
	Cache *raster.Cache
	// SkipStored leaves stored overviews aside, which is for classes that somebody averaged.
	SkipStored bool
}

// tileSide is the side of a virtual level's tiles, in pixels. One tile is made of four of the level above. A tile of
// one band of bytes is then as large as a block of most tiled files, 64 KiB.
const tileSide = 256

// New returns a pyramid over ds.
func New(ds raster.Dataset, o Options) *Pyramid {
	info := ds.Info()
	p := &Pyramid{dataset: ds, reduction: o.Reduction, cache: o.Cache, id: ds, typ: info.Type, bands: len(info.Bands)}
	if p.cache == nil {
		p.cache = &raster.Cache{}
	}
	p.share = info.CacheShare()
	if c, ok := ds.(*raster.Checked); ok {
		p.id = c.Dataset()
	}
	if !reflect.ValueOf(p.id).Comparable() {
		p.id = p
	}
	sizes := info.Levels
	if o.SkipStored {
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

// WithBudget returns a pyramid that shares the levels and the tiles of p, and calls budget with the number of pixels
// before it reads them from the dataset. An error of budget ends the read.
func (p *Pyramid) WithBudget(budget func(pixels int64) error) *Pyramid {
	q := *p
	q.budget = budget
	return &q
}

// Info describes the dataset, with all of the pyramid's levels.
func (p *Pyramid) Info() raster.Info {
	if p.dataset == nil {
		return raster.Info{}
	}
	info := p.dataset.Info()
	info.Levels = make([]image.Point, len(p.levels))
	for i, l := range p.levels {
		info.Levels[i] = l.Size
	}
	return info
}

// Levels returns all levels, full resolution first. The slice must not be written to.
func (p *Pyramid) Levels() []Level { return p.levels }

// Virtual reports whether a level is made rather than stored.
func (p *Pyramid) Virtual(level int) bool { return level >= p.stored }

// Read reads pixels of any level, as raster.Dataset describes.
func (p *Pyramid) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if level < 0 || level >= len(p.levels) {
		return nil, fmt.Errorf("overview: there is no level %d of %d", level, len(p.levels))
	}
	if !p.Virtual(level) {
		return p.read(ctx, dst, level, win, bands)
	}
	if bounds := (image.Rectangle{Max: p.levels[level].Size}); win.Empty() || !win.In(bounds) {
		return nil, fmt.Errorf("overview: window %v of level %d, which is %v", win, level, bounds)
	}
	if err := raster.CheckDestination(dst, p.typ, p.count(bands), win); err != nil {
		return nil, err
	}
	tiles := tilesOf(win)
	if len(tiles) == 1 {
		t, err := p.tile(ctx, level, tiles[0], bands)
		if err != nil {
			return nil, err
		}
		return t.Sub(win), nil
	}
	out := dst
	for _, at := range tiles {
		t, err := p.tile(ctx, level, at, bands)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = raster.NewBlock(t.Type, len(t.Bands), win)
		}
		if out.Valid == nil {
			out.Valid = image.NewAlpha(win)
		}
		paste(out, t)
	}
	if out.Valid.Opaque() {
		out.Valid = nil
	}
	return out, nil
}

// count returns the number of bands that a read of the given ones gives.
func (p *Pyramid) count(bands []int) int {
	if len(bands) == 0 {
		return p.bands
	}
	return len(bands)
}

// read reads from the dataset.
func (p *Pyramid) read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if p.budget != nil {
		if err := p.budget(int64(win.Dx()) * int64(win.Dy())); err != nil {
			return nil, err
		}
	}
	return p.dataset.Read(ctx, dst, level, win, bands)
}

// tilesOf returns the tiles, by column and row, that win touches.
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

// tile returns a tile of a virtual level from the cache, or makes it. Each level of recursion holds at most one window
// of two by two tiles at a time.
func (p *Pyramid) tile(ctx context.Context, level int, at image.Point, bands []int) (*raster.Block, error) {
	key := tileKey{p.id, p.reduction, p.stored, level, at, bandsText(bands)}
	return raster.CachedAs(ctx, p.cache, key, p.keep(bands), func(ctx context.Context) (*raster.Block, int64, error) {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		r := image.Rectangle{Min: at.Mul(tileSide), Max: at.Add(image.Pt(1, 1)).Mul(tileSide)}
		r = r.Intersect(image.Rectangle{Max: p.levels[level].Size})
		finer := image.Rectangle{Min: r.Min.Mul(2), Max: r.Max.Mul(2)}
		finer = finer.Intersect(image.Rectangle{Max: p.levels[level-1].Size})
		scratch := p.cache.Scratch() // an export makes a pyramid for each raster, and reads a few tiles of it
		buf := scratch.Buffer()
		src, err := p.Read(ctx, buf.Block(p.typ, p.count(bands), finer), level-1, finer, bands)
		if err != nil {
			return nil, 0, err // and leave the buffer to whoever may still write to it
		}
		defer scratch.PutBuffer(buf)
		b := p.reduction.Halve(src, r) // which shares no memory with src
		cost := int64(r.Dx()) * int64(r.Dy()) * int64(len(b.Bands)*b.Type.Size()+1)
		return b, cost, nil
	})
}

// keep returns how the cache keeps tiles of some bands: up to the dataset's share, and 8 in any case, the tiles of two
// levels, so that one made of four of the level before finds them.
func (p *Pyramid) keep(bands []int) raster.Keep {
	if p.share <= 0 {
		return raster.Keep{}
	}
	const tiles = 8 * tileSide * tileSide
	return raster.Keep{Owner: p.id, Share: max(p.share, tiles*int64(p.count(bands)*p.typ.Size()+1))}
}

func bandsText(bands []int) string {
	var out []byte
	for _, b := range bands {
		out = append(strconv.AppendInt(out, int64(b), 10), ',')
	}
	return string(out)
}

// paste copies what b has inside dst's bounds, validity too.
func paste(dst, b *raster.Block) {
	r := b.Bounds().Intersect(dst.Bounds())
	for i := range dst.Bands {
		raster.Copy(dst.Bands[i], b.Bands[i], r)
	}
	if b.Valid == nil {
		raster.SetAllValid(dst.Valid.SubImage(r).(*image.Alpha))
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(raster.AlphaRow(dst.Valid, y, r), raster.AlphaRow(b.Valid, y, r))
	}
}

// Version returns the version of the dataset; nil if it is not known.
func (p *Pyramid) Version() raster.Version { return raster.VersionOf(p.dataset) }
