package exportimage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"strconv"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// This file is where the service calls code that is not its own: catalogues, rasters, formats and loggers. What panics there,
// or returns what it must not, is an error of the call that met it.

// open opens an item's raster, under checks.
func open(ctx context.Context, it *mosaic.Item) (*raster.Checked, error) {
	var ds *raster.Checked
	err := guard.Call("opening raster "+strconv.Quote(it.Name), func() error {
		if it.Open == nil {
			return errors.New("its item has no function Open")
		}
		opened, err := it.Open(ctx)
		if err != nil {
			return err
		}
		hold(ctx, it, opened)
		ds, err = raster.Check(opened)
		return err
	})
	if err != nil {
		return nil, &RasterError{"open", it.Name, err}
	}
	return ds, nil
}

// catchDrawing is deferred by what draws a raster: a panic is an error about it.
func catchDrawing(it *mosaic.Item, err *error) {
	if v := recover(); v != nil {
		*err = &RasterError{"draw", it.Name, guard.NewPanicError("drawing raster "+strconv.Quote(it.Name), v)}
	}
}

// allItems returns all items of the catalogue as it was described.
func (s *Service) allItems(ctx context.Context, d *Description) ([]*mosaic.Item, error) {
	var items []*mosaic.Item
	for it, err := range mosaic.Items(ctx, s.catalog(d), mosaic.Query{}) {
		if err != nil {
			return nil, &CatalogError{err}
		}
		items = append(items, it)
	}
	return items, nil
}

// choose returns the format that f chooses for an image, f itself if it has no choice.
func choose(f encode.Format, img *raster.Image) (_ encode.Format, err error) {
	if f.Choose == nil {
		return f, nil
	}
	defer guard.Catch("choosing a format for "+strconv.Quote(f.Name), &err)
	return f.Choose(img), nil
}

// encodeImage writes an image in a format. A strip that could not be made fails it, also if the format passes over that.
func encodeImage(w io.Writer, f encode.Format, img *raster.Image, o *encode.Options) error {
	if f.Encode == nil {
		return fmt.Errorf("format %q has no function Encode", f.Name)
	}
	var failed error
	noted := *img
	noted.Strips = noteFailure(img.Strips, &failed)
	err := guard.Call("encoding as "+strconv.Quote(f.Name), func() error { return f.Encode(w, &noted, o) })
	if err == nil {
		err = failed
	}
	return err
}

// noteFailure yields what strips yields, and keeps the first error.
func noteFailure(strips iter.Seq2[*raster.Block, error], failed *error) iter.Seq2[*raster.Block, error] {
	return func(yield func(*raster.Block, error) bool) {
		for b, err := range strips {
			if err != nil && *failed == nil {
				*failed = err
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// guarded is the frame of the exported methods: do, with errors as *Error, panics among them.
func guarded[T any](ctx context.Context, s *Service, place string, do func() (T, error)) (T, error) {
	var out T
	err := guard.Call(place, func() (err error) {
		if err = s.sound(); err == nil {
			out, err = do()
		}
		return err
	})
	if err != nil {
		var none T
		return none, s.fail(ctx, err)
	}
	return out, nil
}

// fail returns what an exported method returns for an error, and logs panics with their stacks.
func (s *Service) fail(ctx context.Context, err error) error {
	if stack := guard.Stack(err); stack != nil {
		s.log(ctx, slog.LevelError, "panic", "error", err, "stack", string(stack))
	}
	e := AsError(err)
	if e.Kind == Canceled && ctx.Err() == nil {
		return &Error{Kind: Internal, Err: err} // a raster or the like gave up by itself: the caller did not
	}
	if cause := context.Cause(ctx); (e.Kind == Canceled || e.Kind == Timeout) && cause != nil && !errors.Is(e, cause) {
		return &Error{Kind: e.Kind, Param: e.Param, Err: fmt.Errorf("%w: %w", e.Err, cause)}
	}
	return e
}

// log writes to the service's log. A logger that panics loses the message and nothing else.
func (s *Service) log(ctx context.Context, level slog.Level, message string, args ...any) {
	_ = guard.Call("logging", func() error {
		s.logger().Log(ctx, level, message, append([]any{"service", s.Name}, args...)...)
		return nil
	})
}
