package exportimage

import (
	"context"
	"log/slog"
	"strconv"
	"sync"

	"github.com/geoexport/geoexport/internal/caller"
	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// A holder holds the datasets that an operation has opened and that are to be released after it.
type holder struct {
	mu   sync.Mutex
	held []heldDataset
}

type heldDataset struct {
	item *mosaic.Item
	ds   raster.Dataset
}

type holderKey struct{ caller.Neutral }

// holding returns a context in which open notes what it opens, until release is called, which releases all of it.
func (s *Service) holding(ctx context.Context) (_ context.Context, release func()) {
	h := &holder{}
	inner := context.WithValue(ctx, holderKey{}, h)
	return inner, func() {
		h.mu.Lock()
		held := h.held
		h.held = nil
		h.mu.Unlock()
		for _, d := range held {
			if err := d.release(); err != nil {
				s.log(ctx, slog.LevelError, "panic", "error", err, "stack", string(guard.Stack(err)))
			}
		}
	}
}

// hold notes that a dataset is to be released, if its item wants to know.
func hold(ctx context.Context, it *mosaic.Item, ds raster.Dataset) {
	if h, ok := ctx.Value(holderKey{}).(*holder); ok && it.Release != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.held = append(h.held, heldDataset{it, ds})
	}
}

func (d heldDataset) release() error {
	return guard.Call("releasing raster "+strconv.Quote(d.item.Name), func() error {
		d.item.Release(d.ds)
		return nil
	})
}
