package exportimage

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// A SkippedRaster is missing from an image because it could not be opened or read.
type SkippedRaster struct {
	ID   int64
	Name string
	Why  string // in words that may be shown to anyone; the cause is in the log
}

// skips reports whether a service goes on without a raster that failed with err, and logs the cause if so. Only rasters
// that cannot be opened or read are left out: one that does not fit the others is a mistake of whoever made the
// catalogue, and exceeded limits and ended contexts are not the raster's fault.
func (s *Service) skips(ctx context.Context, err error) (*RasterError, bool) {
	if !s.SkipUnreadable || ctx.Err() != nil {
		return nil, false
	}
	if _, ours := errors.AsType[*Error](err); ours {
		return nil, false
	}
	r, ok := errors.AsType[*RasterError](err)
	if !ok || r.Verb != "open" && r.Verb != "read" {
		return nil, false
	}
	args := []any{"error", err}
	if stack := guard.Stack(err); stack != nil {
		args = append(args, "stack", string(stack))
	}
	level := slog.LevelDebug
	if s.warned.first(r.Name) {
		level = slog.LevelWarn
	}
	s.log(ctx, level, "raster skipped", args...)
	return r, true
}

// skips is Service.skips, but for rasters that have changed while the image can be begun anew.
func (p *plan) skips(ctx context.Context, s *Service, err error) (*RasterError, bool) {
	if changed(err) && !p.last {
		return nil, false
	}
	return s.skips(ctx, err)
}

// firstInfo opens the first item or, if the service skips unreadable rasters, the first that can be
// opened.
func (s *Service) firstInfo(ctx context.Context, byID []*mosaic.Item) (*mosaic.Item, raster.Info, error) {
	ctx, release := s.holding(ctx)
	defer release()
	var failed error // of the first item
	for _, it := range byID {
		ds, err := open(ctx, it)
		if err == nil {
			return it, ds.Info(), seenOf(ctx).add(it, raster.VersionOf(ds))
		}
		failed = cmp.Or(failed, err)
		if _, ok := s.skips(ctx, err); !ok {
			break
		}
	}
	return nil, raster.Info{}, failed
}

// warnings knows of which rasters the log has a warning, so that a broken raster does not fill it: later messages about one have
// the level Debug. The zero value knows none.
type warnings struct {
	mu    sync.Mutex
	names map[string]bool
}

// mostWarned bounds how many names are kept. Once they are reached, all are forgotten.
const mostWarned = 4096

// first reports whether a raster has not been warned of.
func (w *warnings) first(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.names[name] {
		return false
	}
	if w.names == nil || len(w.names) >= mostWarned {
		w.names = map[string]bool{}
	}
	w.names[name] = true
	return true
}

// skipped collects the rasters left out of one image, each once, from several goroutines. The zero value is ready.
type skipped struct {
	mu   sync.Mutex
	list []SkippedRaster
}

func (k *skipped) add(it *mosaic.Item, why *RasterError) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.ContainsFunc(k.list, func(r SkippedRaster) bool { return r.ID == it.ID }) {
		k.list = append(k.list, SkippedRaster{it.ID, it.Name, why.Public()})
	}
}

// all returns the rasters collected so far, by ID: the order in which reads fail is a matter of chance.
func (k *skipped) all() []SkippedRaster {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := slices.Clone(k.list)
	slices.SortFunc(out, func(a, b SkippedRaster) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
