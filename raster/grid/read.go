package grid

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// Read reads the pixels of a window, as raster.Dataset describes: of the file, the bytes of its rows that the window
// needs, and short gaps between them. The context is checked for every part of about 1 MiB.
func (f *File) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.closed {
		return nil, f.version.Because(ctx, fmt.Errorf("grid: %w", os.ErrClosed))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	bands, err := f.check(dst, level, win, bands)
	if err != nil {
		return nil, err
	}
	if dst == nil {
		dst = raster.NewBlock(f.info.Type, len(bands), win)
		dst.Valid = nil
	}
	if err := f.unchanged(ctx, f.fill(ctx, dst, win, bands)); err != nil {
		return nil, err
	}
	return dst, nil
}

// check checks a request and returns the bands that are read.
func (f *File) check(dst *raster.Block, level int, win image.Rectangle, bands []int) ([]int, error) {
	if level < 0 || level >= len(f.info.Levels) {
		return nil, fmt.Errorf("grid: level %d does not exist: there are %d", level, len(f.info.Levels))
	}
	if bounds := f.info.Grid.Bounds(); win.Empty() || !win.In(bounds) {
		return nil, fmt.Errorf("grid: window %v is empty or not inside %v", win, bounds)
	}
	if len(bands) == 0 {
		bands = make([]int, len(f.info.Bands))
		for i := range bands {
			bands[i] = i
		}
	}
	for _, b := range bands {
		if b < 0 || b >= len(f.info.Bands) {
			return nil, fmt.Errorf("grid: band %d does not exist: there are %d", b, len(f.info.Bands))
		}
	}
	bytes := mul(mul(uint64(win.Dx()), uint64(win.Dy())), mul(uint64(len(bands)), uint64(f.info.Type.Size())))
	if bytes > uint64(max(0, f.limits.ReadBytes)) {
		return nil, &LimitError{"ReadBytes", fmt.Sprintf("window %v of %d bands, in bytes", win, len(bands)), bytes, f.limits.ReadBytes}
	}
	return bands, raster.CheckDestination(dst, f.info.Type, len(bands), win)
}

// fill reads the samples of dst, part by part, and its validity.
func (f *File) fill(ctx context.Context, dst *raster.Block, win image.Rectangle, bands []int) error {
	planes, read := dst.Bands, bands
	decides := f.empty.decides()
	// A pixel's validity does not depend on the bands that are asked for.
	var more []int
	for _, b := range decides {
		if !slices.Contains(bands, b) {
			more = append(more, b)
		}
	}
	read = append(read[:len(read):len(read)], more...)
	if len(decides) == 0 {
		dst.Valid = nil
	} else if dst.Valid == nil {
		dst.Valid = image.NewAlpha(win)
	}
	opaque := true
	for rest := win; !rest.Empty(); {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := f.samples.part(rest, len(read))
		if part.Dx() == rest.Dx() {
			rest.Min.Y = part.Max.Y
		} else {
			rest.Min.X = part.Max.X
		}
		full, err := f.fillPart(ctx, dst.Valid, planes, part, read, len(bands))
		if err != nil {
			return err
		}
		opaque = opaque && full
	}
	if opaque {
		dst.Valid = nil
	}
	return nil
}

// fillPart reads one part of a window: the planes of the first bands of read, which are those that were asked for,
// and for the validity also the others. It reports whether all pixels are valid.
func (f *File) fillPart(
	ctx context.Context, valid *image.Alpha, asked []raster.Plane, part image.Rectangle, read []int, bands int,
) (bool, error) {
	planes := (&raster.Block{Type: f.info.Type, Bands: asked}).Sub(part).Bands
	more := len(read) - bands
	bytes := f.samples.memory(part, len(read)) + int64(part.Dx())*int64(part.Dy())*int64(more)*int64(f.info.Type.Size())
	budget := raster.BudgetOf(ctx)
	if err := budget.Acquire(ctx, bytes); err != nil {
		return false, err
	}
	defer budget.Release(bytes)
	if more > 0 {
		planes = append(planes[:bands:bands], raster.NewPlanes(f.info.Type, more, part)...)
	}
	if err := f.samples.read(ctx, planes, read); err != nil {
		return false, err
	}
	if valid == nil {
		return true, nil
	}
	return f.empty.mark(valid, planes, read, part), nil
}

// unchanged returns err, the result of a read, or a *source.ChangedError if the file has changed since it was opened.
func (f *File) unchanged(ctx context.Context, err error) error {
	changed := f.pin.Check(ctx)
	if err == nil {
		return changed
	}
	if c, ok := errors.AsType[*source.ChangedError](changed); ok {
		return &source.ChangedError{Name: c.Name, Err: err}
	}
	return err
}
