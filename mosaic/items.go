package mosaic

import (
	"context"
	"errors"
	"iter"
	"math"

	"github.com/geoexport/geoexport/internal/guard"
)

// Items yields the items that c has for a query, and checks them: a panic in the catalogue becomes an error, and an
// item that is nil or whose footprint is not finite is an *ItemError. After an error it yields nothing more. A panic in
// the body of the caller's loop passes through.
func Items(ctx context.Context, c Catalog, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		if err := eachItem(ctx, c, q, yield); err != nil {
			yield(nil, err)
		}
	}
}

// eachItem yields items and returns the error, unless the caller has left the loop.
func eachItem(ctx context.Context, c Catalog, q Query, yield func(*Item, error) bool) (err error) {
	ours := false // whether the caller's loop is running, or has ended
	defer func() {
		if ours {
			return
		}
		if v := recover(); v != nil {
			err = guard.NewPanicError("the catalogue's Items", v)
		}
	}()
	for it, err := range c.Items(ctx, q) {
		if err == nil {
			err = checkItem(it)
		}
		if err != nil {
			return err
		}
		ours = true
		if !yield(it, nil) {
			return nil
		}
		ours = false
	}
	return nil
}

// checkItem returns an *ItemError for an item without a usable position.
func checkItem(it *Item) error {
	switch {
	case it == nil:
		return &ItemError{Err: errors.New("it is nil")}
	case !it.Footprint.Envelope.Finite():
		return &ItemError{it.ID, it.Name, errors.New("its box is not finite")}
	case math.IsNaN(it.MinPS + it.MaxPS + it.PixelSize):
		return &ItemError{it.ID, it.Name, errors.New("a pixel size of its is not a number")}
	}
	return nil
}
