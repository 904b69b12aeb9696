package mosaic

import (
	"context"
	"iter"
)

// Select yields the items of c in a view that the rule's Where, IDs and Time choose and whose MinPS and MaxPS allow the
// view's resolution, in no particular order, each once: those that Choose returns, of the methods that lock none. A
// view without an envelope is everywhere. After an error it yields nothing more; an error about Where may come after items, so callers
// must see the end of the sequence before they use any. Errors are those of Choose.
func (r Rule) Select(ctx context.Context, c Catalog, v View) iter.Seq2[*Item, error] {
	r.Method, r.SortField, r.SortValue = None, "", nil
	return r.items(ctx, c, v, nil)
}

// Find returns the items of c with the given IDs, in any order. The error is a *NotFoundError if some do not exist.
func Find(ctx context.Context, c Catalog, ids ...int64) ([]*Item, error) { return lookup(ctx, c, ids) }
