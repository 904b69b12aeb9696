// Package caller finds out whether something that was computed for one caller is good for others. What others' code
// (catalogues, rasters, hooks) can learn of a caller, besides what is in the request, are the values of the context: a tenant,
// a user. So what was computed without looking at one is the same for all callers, and what was not is for that caller alone,
// or for those of whom it is known that they are alike.
package caller

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"
)

// A Watch knows whether anybody has looked at a value of a context.
type Watch struct {
	once   sync.Once
	looked chan struct{}
}

// Neutral is embedded by the types of this module's own keys of contexts, which say nothing of the caller.
type Neutral struct{}

func (Neutral) neutral() {}

// neutralPackages have keys of unexported or internal types, for what is measured on the way and not for what comes out.
var neutralPackages = []string{"net/http/httptrace", "internal/nettrace", "runtime/pprof", "runtime/trace"}

func isNeutral(key any) bool {
	if _, ok := key.(interface{ neutral() }); ok {
		return true
	}
	t := reflect.TypeOf(key)
	if t == nil {
		return false
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return slices.Contains(neutralPackages, t.PkgPath())
}

// watched is a context whose values are watched.
type watched struct {
	context.Context
	watch *Watch
}

func (w *watched) Value(key any) any {
	if !isNeutral(key) {
		w.watch.once.Do(func() { close(w.watch.looked) })
	}
	return w.Context.Value(key)
}

// Watching returns a context with the values of ctx that notes whether anybody looks at one. cancel must be called in the end.
func Watching(ctx context.Context) (_ context.Context, w *Watch, cancel context.CancelFunc) {
	inner := &watched{ctx, &Watch{looked: make(chan struct{})}}
	// Contexts derived from this one look for the nearest that can be cancelled, by a key of package context. They find
	// outer, so that what reaches inner after outer was made is a look at a value.
	outer, cancel := context.WithCancel(inner)
	w = &Watch{looked: make(chan struct{})}
	inner.watch = w
	return outer, w, cancel
}

// Looked returns a channel that is closed when somebody looks at a value, found or not. A result depends on the caller at
// most if it is closed when the result is there.
func (w *Watch) Looked() <-chan struct{} { return w.looked }

// HasLooked reports whether anybody has looked at a value.
func (w *Watch) HasLooked() bool {
	select {
	case <-w.looked:
		return true
	default:
		return false
	}
}

type touchKey struct{}

// Touch counts as a look at a value of ctx. It is for those who use what was computed by looking at one.
func Touch(ctx context.Context) { ctx.Value(touchKey{}) }

type alikeKey struct{ Neutral }

// Alike returns a context for callers of which those with equal keys are alike. Keys must be comparable.
func Alike(ctx context.Context, key any) context.Context {
	return context.WithValue(ctx, alikeKey{}, key)
}

// KeyOf returns the key that Alike gave a context; nil if there is none.
func KeyOf(ctx context.Context) any { return ctx.Value(alikeKey{}) }

type deadlineKey struct{ Neutral }

// WithDeadline returns a context of several callers that does not end with one of them. latest returns the last of their
// deadlines, if all have one; it may change from call to call.
func WithDeadline(ctx context.Context, latest func() (time.Time, bool)) context.Context {
	return context.WithValue(ctx, deadlineKey{}, latest)
}

// Deadline returns the time after which nobody wants a result any more: the context's own deadline, or that of the callers
// of WithDeadline if it is earlier.
func Deadline(ctx context.Context) (deadline time.Time, ok bool) {
	deadline, ok = ctx.Deadline()
	if latest, shared := ctx.Value(deadlineKey{}).(func() (time.Time, bool)); shared {
		if last, all := latest(); all && (!ok || last.Before(deadline)) {
			return last, true
		}
	}
	return deadline, ok
}
