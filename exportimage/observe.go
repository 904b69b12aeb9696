package exportimage

import (
	"context"
	"image"
	"iter"
	"log/slog"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
)

// A Phase is a moment in an operation of a service.
type Phase uint8

// The phases. Begun and Ended come once for each operation, in this order, and Progress any number of times between them.
const (
	Begun Phase = iota
	Progress
	Ended
)

func (p Phase) String() string {
	switch p {
	case Begun:
		return "begun"
	case Progress:
		return "progress"
	case Ended:
		return "ended"
	}
	return "unknown"
}

// An Event is what Service.Observe gets: that an operation begins, gets on or ends. The zero value is the beginning of an
// operation without a name.
type Event struct {
	Phase     Phase
	Operation string          // what the service does, such as "exporting" or "identifying"
	ID        uint64          // of the operation: its events have the same, and no other operation of the service has it
	Context   context.Context // of the caller, for values such as those of a tracer
	Start     time.Time       // of the operation, its waiting included

	Request *Request // of an image; nil for other operations. It must not be changed

	Done, Of int // rows of the image, of Progress

	// The following are known when the operation has ended.

	Took   time.Duration
	Result *Result // of an image, with its Trace; nil for other operations and after an error
	Err    error   // an *Error, nil if there was none
}

// observed is guarded for an operation that the hook and the log hear of.
func observed[T any](ctx context.Context, s *Service, place string, req *Request, do func() (T, error)) (T, error) {
	debug := s.debugs(ctx)
	if s.Observe == nil && !debug {
		return guarded(ctx, s, place, do)
	}
	e := Event{Operation: place, ID: s.operations.Add(1), Context: ctx, Start: time.Now(), Request: req}
	s.tell(e)
	if req != nil && s.Observe != nil {
		req.progress = func(done, of int) {
			now := e
			now.Phase, now.Done, now.Of = Progress, done, of
			s.tell(now)
		}
	}
	out, err := guarded(ctx, s, place, do)
	e.Phase, e.Took, e.Err = Ended, time.Since(e.Start), err
	if err == nil {
		e.Result = resultIn(out)
	}
	s.tell(e)
	if debug {
		s.log(ctx, slog.LevelDebug, place, e.args()...)
	}
	return out, err
}

// resultIn returns the image's result in what an operation returned.
func resultIn(out any) *Result {
	switch r := out.(type) {
	case Result:
		return &r
	case *Spooled:
		res := r.Result
		return &res
	}
	return nil
}

// debugs reports whether the log takes messages at the level Debug.
func (s *Service) debugs(ctx context.Context) (yes bool) {
	_ = guard.Call("logging", func() error {
		yes = s.logger().Enabled(ctx, slog.LevelDebug)
		return nil
	})
	return yes
}

// tell calls the hook. A hook that panics loses the event and nothing else.
func (s *Service) tell(e Event) {
	if s.Observe == nil {
		return
	}
	err := guard.Call("observing", func() error {
		s.Observe(e)
		return nil
	})
	if err != nil {
		s.log(e.Context, slog.LevelError, "panic", "error", err, "stack", string(guard.Stack(err)))
	}
}

// args are what the log holds of an operation that has ended.
func (e Event) args() []any {
	args := []any{"operation", e.ID, "took", e.Took}
	if e.Request != nil {
		args = append(args, "bbox", e.Request.BBox.String(), "size", e.Request.Size)
	}
	if r := e.Result; r != nil {
		args = append(args, "format", r.Format, "crs", r.CRS, "rasters", len(r.Trace.Rasters), "coverage", r.Trace.Coverage)
	}
	if e.Err != nil {
		args = append(args, "kind", AsError(e.Err).Kind, "error", e.Err)
	}
	return args
}

// reporting yields strips, and reports how many of the rows are ready.
func (r Request) reporting(rect image.Rectangle, strips iter.Seq2[*raster.Block, error]) iter.Seq2[*raster.Block, error] {
	if r.progress == nil {
		return strips
	}
	return func(yield func(*raster.Block, error) bool) {
		for b, err := range strips {
			if err == nil {
				r.progress(b.Bounds().Max.Y-rect.Min.Y, rect.Dy())
			}
			if !yield(b, err) {
				return
			}
		}
	}
}
