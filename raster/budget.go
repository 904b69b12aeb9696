package raster

import (
	"context"
	"fmt"

	"golang.org/x/sync/semaphore"

	"github.com/geoexport/geoexport/internal/caller"
)

// A Budget bounds how many bytes of memory its users hold together. A service gives one to its datasets with the
// context of each call (see WithBudget); a dataset takes what it needs for a moment, such as a block that it decodes:
//
//	budget := raster.BudgetOf(ctx)
//	if err := budget.Acquire(ctx, bytes); err != nil {
//		return err
//	}
//	defer budget.Release(bytes)
//
// Whoever waits for bytes holds none of the same budget, or all could wait for each other. So it is taken where memory
// is filled, by the innermost call, and given back before the next block is asked for. What outlives the call, such as
// a block in a Cache, is bounded there.
//
// A Budget is safe for concurrent use. Nil and the zero value are without a bound.
type Budget struct {
	limit string
	bytes int64
	free  *semaphore.Weighted
}

// NewBudget returns a budget of a number of bytes. Errors call it by the name of the limit, such as "Limits.Bytes".
func NewBudget(limit string, bytes int64) *Budget {
	return &Budget{limit: limit, bytes: bytes, free: semaphore.NewWeighted(bytes)}
}

// Bytes returns the size of the budget; ok is false if it is without a bound.
func (b *Budget) Bytes() (n int64, ok bool) {
	if b == nil || b.free == nil {
		return 0, false
	}
	return b.bytes, true
}

// Acquire takes a number of bytes, and waits for others to release them where needed. Who waits is served in the order
// of arrival, whatever the sizes. It returns a *BudgetError, without waiting, if the whole budget is smaller, and the
// context's error if that ends first; then nothing is taken.
func (b *Budget) Acquire(ctx context.Context, bytes int64) error {
	if err := b.check(bytes); err != nil || b == nil || b.free == nil {
		return err
	}
	return b.free.Acquire(ctx, bytes)
}

// TryAcquire takes a number of bytes if they are free and nobody waits, and reports whether it has.
func (b *Budget) TryAcquire(bytes int64) bool {
	if b == nil || b.free == nil {
		return true
	}
	return b.check(bytes) == nil && b.free.TryAcquire(bytes)
}

// Release gives back bytes that Acquire or TryAcquire took, all together or in parts. It panics on more than are held.
func (b *Budget) Release(bytes int64) {
	if b != nil && b.free != nil {
		b.free.Release(bytes)
	}
}

func (b *Budget) check(bytes int64) error {
	if most, bounded := b.Bytes(); bounded && (bytes < 0 || bytes > most) {
		return &BudgetError{Limit: b.limit, Bytes: bytes, Most: most}
	}
	return nil
}

// A BudgetError reports a need that is larger than the whole budget, so that waiting would be in vain.
type BudgetError struct {
	Limit string // the name of the limit
	Bytes int64  // needed
	Most  int64  // of the budget
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("raster: %d bytes of memory are needed, more than %d (limit %s)", e.Bytes, e.Most, e.Limit)
}

type budgetKey struct{ caller.Neutral }

// WithBudget returns a context for calls whose memory counts against b.
func WithBudget(ctx context.Context, b *Budget) context.Context {
	return context.WithValue(ctx, budgetKey{}, b)
}

// BudgetOf returns the budget against which memory counts that is filled under a context: nil, which is without a
// bound, if nobody has set one.
func BudgetOf(ctx context.Context) *Budget {
	b, _ := ctx.Value(budgetKey{}).(*Budget)
	return b
}
