package geotiff

import (
	"context"
	"fmt"
	"image"
	"math"
	"os"
	"runtime"
	"sync/atomic"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
)

// Read reads the pixels of a window, as raster.Dataset describes. Blocks of the file that the window touches are
// decoded side by side, on up to GOMAXPROCS goroutines, unless the cache has them. The context is checked for every
// block.
func (f *File) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.closed {
		return nil, f.version.Because(ctx, fmt.Errorf("geotiff: %w", os.ErrClosed))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w, err := f.plan(ctx, dst, level, win, bands)
	if err != nil {
		return nil, err
	}
	b, err := w.read(ctx, dst, win)
	if err := w.level.unchanged(ctx, err); err != nil {
		return nil, err
	}
	return b, nil
}

// read reads the window, into dst unless the block can be lent from the cache.
func (w *window) read(ctx context.Context, dst *raster.Block, win image.Rectangle) (*raster.Block, error) {
	if lent, err := w.lend(ctx, win); lent != nil || err != nil {
		return lent, err
	}
	w.prepare(dst, win)
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	return w.result(), nil
}

// A window is a read in progress: the block to fill, and the blocks of the file that it needs.
type window struct {
	f     *File
	level *level
	dst   *raster.Block
	bands []int
	// stored has the planes of dst in the order of the file's bands, for blocks that are decoded right into them.
	stored raster.Block
	// wanted lists the planes to be read at each place; wantValidity stands for the place's validity. If bands are
	// stored by pixel, plane 0 contains all of them.
	wanted  []int
	samples bool        // whether samples state which pixels are valid
	passes  bool        // whether whole blocks bypass the cache
	parts   bool        // whether blocks may be read in part
	holes   atomic.Bool // whether any pixel is not fully valid
}

const wantValidity = kindValidity

// plan checks a request and returns its window.
func (f *File) plan(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*window, error) {
	if level < 0 || level >= len(f.levels) {
		return nil, fmt.Errorf("geotiff: level %d does not exist: there are %d", level, len(f.levels))
	}
	lv := f.levels[level]
	if win.Empty() || !win.In(lv.bounds()) {
		return nil, fmt.Errorf("geotiff: window %v is empty or not inside level %d, %v", win, level, lv.bounds())
	}
	if len(bands) == 0 {
		bands = make([]int, len(f.info.Bands))
		for i := range bands {
			bands[i] = i
		}
	}
	for _, b := range bands {
		if b < 0 || b >= len(f.info.Bands) {
			return nil, fmt.Errorf("geotiff: band %d does not exist: there are %d", b, len(f.info.Bands))
		}
	}
	pixels := mul(uint64(win.Dx()), uint64(win.Dy()))
	size := mul(pixels, uint64(len(bands)*f.info.Type.Size()+1))
	if exceeds(size, f.s.limits.ReadBytes) || size > math.MaxInt {
		return nil, &LimitError{"ReadBytes", "bytes of samples in a read", size, f.s.limits.ReadBytes}
	}

	if err := raster.CheckDestination(dst, f.info.Type, len(bands), win); err != nil {
		return nil, err
	}
	w := &window{f: f, level: lv, bands: bands, wanted: []int{0}, samples: f.alpha >= 0 || f.noData.active,
		passes: f.passes(ctx, lv.layout, bands, size), parts: f.parts(lv.pixels, bands)}
	if lv.layout.planar {
		w.wanted = nil
		seen := make(map[int]bool, len(bands))
		for _, b := range bands {
			if !seen[b] {
				seen[b] = true
				w.wanted = append(w.wanted, b)
			}
		}
		if w.samples {
			w.wanted = append(w.wanted, wantValidity)
		}
	}
	return w, nil
}

// prepare allocates the planes of the window, unless it can use those of dst.
func (w *window) prepare(dst *raster.Block, win image.Rectangle) {
	w.dst = dst
	if dst == nil {
		typ := w.f.info.Type
		w.dst = &raster.Block{Type: typ, Bands: raster.NewPlanes(typ, len(w.bands), win)}
	}
	if w.passes || w.parts {
		w.stored.Bands = make([]raster.Plane, len(w.f.info.Bands))
		for i, band := range w.bands {
			w.stored.Bands[band] = w.dst.Bands[i]
		}
	}
	if w.samples || w.level.mask != nil {
		if w.dst.Valid == nil {
			w.dst.Valid = image.NewAlpha(win)
		}
		raster.SetAllValid(w.dst.Valid)
	}
}

// run reads all blocks. The mask comes first, so that pixels with NaN can be removed from it.
func (w *window) run(ctx context.Context) error {
	win := w.dst.Bands[0].Bounds()
	if m := w.level.mask; m != nil && w.f.alpha < 0 {
		err := w.f.eachPlace(ctx, m, win, []int{0}, func(ctx context.Context, m *pixels, at place) error {
			w.holes.Store(true)
			return w.f.eachMask(ctx, m, at.col, at.row, func(p *raster.PlaneOf[uint8]) { maskPlane(w.dst.Valid, p.Sub(win)) })
		})
		if err != nil {
			return err
		}
	}
	return w.f.eachPlace(ctx, w.level.pixels, win, w.wanted, w.place)
}

// place reads one plane of one place, or the validity there.
func (w *window) place(ctx context.Context, p *pixels, at place) error {
	if at.plane == wantValidity {
		valid, err := w.f.validity(ctx, p, at.col, at.row)
		if err != nil {
			return err
		}
		w.copyValid(valid)
		return nil
	}
	if w.passes {
		if done, err := w.direct(ctx, p, at.plane, at.col, at.row); done || err != nil {
			return err
		}
	}
	if w.parts {
		if done, err := w.part(ctx, p, at); done || err != nil {
			return err
		}
	}
	b, err := w.f.block(ctx, p, at.plane, at.col, at.row)
	if err != nil {
		return err
	}
	for i, band := range w.bands {
		switch {
		case !p.layout.planar:
			raster.Copy(w.dst.Bands[i], b.Bands[band], w.dst.Bounds())
		case band == at.plane:
			raster.Copy(w.dst.Bands[i], b.Bands[0], w.dst.Bounds())
		}
	}
	w.copyValid(b.Valid)
	return nil
}

// copyValid applies the validity that follows from the samples of a place. A pixel keeps the validity of the mask if
// that is lower.
func (w *window) copyValid(valid *image.Alpha) {
	if valid == nil {
		return
	}
	w.holes.Store(true)
	r := valid.Rect.Intersect(w.dst.Valid.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		i, j := w.dst.Valid.PixOffset(r.Min.X, y), valid.PixOffset(r.Min.X, y)
		dst := w.dst.Valid.Pix[i : i+r.Dx()]
		for k, v := range valid.Pix[j : j+r.Dx()] {
			dst[k] = min(dst[k], v)
		}
	}
}

// result returns the block that was read.
func (w *window) result() *raster.Block {
	if !w.holes.Load() || w.dst.Valid.Opaque() {
		w.dst.Valid = nil
	}
	return w.dst
}

// eachPlace calls do for each of the planes of each block of p that win touches, on several goroutines, until a call
// fails.
func (f *File) eachPlace(ctx context.Context, p *pixels, win image.Rectangle, planes []int, do func(context.Context, *pixels, place) error) error {
	return f.inBatches(ctx, p, placesOf(p.layout, win, planes), func(p *pixels, some places) error {
		var next atomic.Int64
		work := func(ctx context.Context) error {
			for i := int(next.Add(1)) - 1; i < some.n; i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := do(ctx, p, some.at(i)); err != nil {
					return err
				}
			}
			return nil
		}
		workers := min(runtime.GOMAXPROCS(0), some.n)
		if p.layout.streamed() {
			workers = min(workers, len(planes)) // pieces of one strip are decoded one after the other
		}
		if workers <= 1 {
			return work(ctx)
		}
		g, groupCtx := guard.WithContext(ctx)
		for range workers {
			g.Go("decoding a block", func() error { return work(groupCtx) })
		}
		return g.Wait()
	})
}
