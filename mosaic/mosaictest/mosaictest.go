package mosaictest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/geoexport/geoexport/mosaic"
)

// Test checks that c keeps the contract of mosaic.Catalog, and those of mosaic.Lookup, mosaic.Schema, mosaic.Versioned and
// mosaic.Summarizer if it implements them. Nobody may change the catalogue meanwhile. It queries all items a few times and boxes about a thousand times, in part from several goroutines, so it is worth
// running with the race detector. It opens the rasters of a few items, where items have an Open function.
func Test(t *testing.T, c mosaic.Catalog) {
	t.Helper()
	run(c, func(name string, check func(reporter)) bool {
		return t.Run(name, func(t *testing.T) { check(t) })
	})
}

// Check does what Test does, and returns what Test would report; nil if c keeps its contract.
func Check(ctx context.Context, c mosaic.Catalog) error {
	var errs []error
	run(c, func(name string, check func(reporter)) bool {
		r := &recorder{ctx: ctx, name: name}
		r.do(check)
		errs = append(errs, r.errs...)
		return len(r.errs) == 0
	})
	return errors.Join(errs...)
}

// run runs the checks that suit c, each by a call of each, which reports whether it succeeded.
func run(c mosaic.Catalog, each func(name string, check func(reporter)) bool) {
	var all []*mosaic.Item
	if !each("items", func(t reporter) { all = testItems(t, c) }) {
		return // the other checks rely on this one
	}
	some := sample(all)
	each("boxes", func(t reporter) { testBoxes(t, c, all, some) })
	each("turns", func(t reporter) { testTurns(t, c, all) })
	each("breaks", func(t reporter) { testBreaks(t, c, all) })
	each("cancellation", func(t reporter) { testCancellation(t, c) })
	each("concurrency", func(t reporter) { testConcurrency(t, c, some) })
	each("rasters", func(t reporter) { testRasters(t, some) })
	if l, ok := c.(mosaic.Lookup); ok {
		each("lookup", func(t reporter) { testLookup(t, l, all, some) })
	}
	if s, ok := c.(mosaic.Schema); ok {
		each("schema", func(t reporter) { testSchema(t, s, some) })
	}
	if v, ok := c.(mosaic.Versioned); ok {
		each("version", func(t reporter) { testVersion(t, v, all) })
	}
	if s, ok := c.(mosaic.Summarizer); ok {
		each("summary", func(t reporter) { testSummary(t, s, all) })
	}
}

// A reporter is the part of *testing.T that the checks use.
type reporter interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// A recorder is a reporter that keeps errors.
type recorder struct {
	ctx  context.Context
	name string // of the check

	mu   sync.Mutex
	errs []error
}

// fatal is what Fatalf panics with.
type fatal struct{}

func (r *recorder) do(check func(reporter)) {
	defer func() {
		if v := recover(); v != nil && v != (fatal{}) {
			panic(v)
		}
	}()
	check(r)
}

func (r *recorder) Helper()                  {}
func (r *recorder) Context() context.Context { return r.ctx }

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, fmt.Errorf("%s: "+format, append([]any{r.name}, args...)...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	panic(fatal{})
}
