package geotiff

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"math"
	"os"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/geoexport/geoexport/raster"
)

// Read reads the pixels of a window, as raster.Dataset says. Blocks that the window touches are decoded side by side,
// on up to GOMAXPROCS goroutines, unless the cache has them. The context is looked at for every block.
func (f *File) Read(ctx context.Context, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.closed {
		return nil, fmt.Errorf("geotiff: %w", os.ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w, err := f.plan(level, win, bands)
	if err != nil {
		return nil, err
	}
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	return w.result(), nil
}

// A window is a read on its way: what is to be put together from which blocks.
type window struct {
	f     *File
	level *level
	dst   *raster.Block
	bands []int
	// wanted are the planes to be read of each place; -1 stands for the place's validity. Where bands are stored by
	// pixel there is but plane 0, which has all.
	wanted []int
	passes bool        // whether whole blocks go past the cache
	holes  atomic.Bool // whether any pixel is not fully valid
}

const wantValidity = -1

// plan checks a request and allocates its result.
func (f *File) plan(level int, win image.Rectangle, bands []int) (*window, error) {
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

	w := &window{f: f, level: lv, bands: bands, wanted: []int{0}, passes: f.passes(lv.layout, bands, size)}
	w.dst = &raster.Block{Type: f.info.Type, Bands: make([]raster.Plane, len(bands))}
	for i := range bands {
		w.dst.Bands[i] = raster.NewPlane(f.info.Type, win)
	}
	samples := f.alpha >= 0 || f.noData.active
	if samples || lv.mask != nil {
		w.dst.Valid = opaque(win)
	}
	if lv.layout.planar {
		w.wanted = nil
		seen := make(map[int]bool, len(bands))
		for _, b := range bands {
			if !seen[b] {
				seen[b] = true
				w.wanted = append(w.wanted, b)
			}
		}
		if samples {
			w.wanted = append(w.wanted, wantValidity)
		}
	}
	return w, nil
}

// run reads all blocks. The mask comes first, so that the samples' NaNs can be taken out of it.
func (w *window) run(ctx context.Context) error {
	win := w.dst.Bands[0].Bounds()
	if m := w.level.mask; m != nil && w.f.alpha < 0 {
		err := eachPlace(ctx, m.layout, win, []int{0}, func(ctx context.Context, _, col, row int) error {
			w.holes.Store(true)
			return w.f.eachMask(ctx, m, col, row, func(p *raster.PlaneOf[uint8]) { maskPlane(w.dst.Valid, p.Sub(win)) })
		})
		if err != nil {
			return err
		}
	}
	return eachPlace(ctx, w.level.layout, win, w.wanted, w.place)
}

// place reads one plane of one place, or its validity.
func (w *window) place(ctx context.Context, plane, col, row int) error {
	p := w.level.pixels
	if plane == wantValidity {
		valid, err := w.f.validity(ctx, p, col, row)
		if err != nil {
			return err
		}
		w.copyValid(valid)
		return nil
	}
	if w.passes {
		if done, err := w.direct(ctx, plane, col, row); done || err != nil {
			return err
		}
	}
	b, err := w.f.block(ctx, p, plane, col, row)
	if err != nil {
		return err
	}
	for i, band := range w.bands {
		switch {
		case !p.layout.planar:
			raster.Copy(w.dst.Bands[i], b.Bands[band], w.dst.Bounds())
		case band == plane:
			raster.Copy(w.dst.Bands[i], b.Bands[0], w.dst.Bounds())
		}
	}
	w.copyValid(b.Valid)
	return nil
}

// copyValid takes over what the samples of a place say about validity. What a mask has said stays where it is less.
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

// result is the block that was read.
func (w *window) result() *raster.Block {
	if !w.holes.Load() || w.dst.Valid.Opaque() {
		w.dst.Valid = nil
	}
	return w.dst
}

// eachPlace calls do for each of planes at each block that win touches, several at once, until one fails.
func eachPlace(ctx context.Context, l *layout, win image.Rectangle, planes []int, do func(ctx context.Context, plane, col, row int) error) error {
	c0, c1 := win.Min.X/l.block.X, (win.Max.X-1)/l.block.X
	r0, r1 := win.Min.Y/l.block.Y, (win.Max.Y-1)/l.block.Y
	if c0 == c1 && r0 == r1 && len(planes) == 1 {
		return do(ctx, planes[0], c0, r0)
	}
	g, groupCtx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for row := r0; row <= r1; row++ {
		for col := c0; col <= c1; col++ {
			for _, plane := range planes {
				if groupCtx.Err() != nil {
					return cmp.Or(g.Wait(), ctx.Err())
				}
				g.Go(func() error {
					if err := groupCtx.Err(); err != nil {
						return err
					}
					return do(groupCtx, plane, col, row)
				})
			}
		}
	}
	return g.Wait()
}
