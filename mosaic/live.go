package mosaic

import (
	"context"
	"errors"
	"iter"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster/source"
)

// A Versioned catalogue may change while it is in use: items are added, changed and withdrawn. A catalogue without versions
// counts as one that does not change, whatever it yields.
type Versioned interface {
	Catalog
	// Version returns a text that differs between versions of the catalogue and is never that of a former one again. What
	// the other methods return between two calls that return the same text is of that version. It is called for each
	// view, so it should take a millisecond at most.
	Version(ctx context.Context) (string, error)
}

// VersionOf returns the version of a catalogue, and "" for one that is not Versioned. A panic in it is an error.
func VersionOf(ctx context.Context, c Catalog) (version string, err error) {
	v, ok := c.(Versioned)
	if !ok {
		return "", nil
	}
	defer guard.Catch("the catalogue's Version", &err)
	return v.Version(ctx)
}

// At returns a catalogue as of a version: what it yields is of that version, or the last it yields is an error that wraps
// a *source.ChangedError. It is c itself for a catalogue that is not Versioned.
func At(c Catalog, version string) Catalog {
	if v, ok := c.(Versioned); ok {
		return &pinned{v, version}
	}
	return c
}

// A pinned catalogue is one of a version.
type pinned struct {
	catalog Versioned
	version string
}

var (
	_ Lookup     = (*pinned)(nil)
	_ Schema     = (*pinned)(nil)
	_ Summarizer = (*pinned)(nil)
)

var errOtherVersion = errors.New("rasters were added, changed or withdrawn")

// check returns an error unless the catalogue is still of the version.
func (p *pinned) check(ctx context.Context) error {
	version, err := VersionOf(ctx, p.catalog)
	if err == nil && version != p.version {
		err = &source.ChangedError{Name: "the catalogue", Err: errOtherVersion}
	}
	return err
}

// Items yields the items of the version. The error about another one comes last.
func (p *pinned) Items(ctx context.Context, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		for it, err := range p.catalog.Items(ctx, q) {
			if !yield(it, err) || err != nil {
				return
			}
		}
		if err := p.check(ctx); err != nil {
			yield(nil, err)
		}
	}
}

// Lookup returns the items of the version with the given IDs.
func (p *pinned) Lookup(ctx context.Context, ids []int64) ([]*Item, error) {
	items, err := itemsByID(ctx, p.catalog, ids)
	if err != nil {
		return nil, err
	}
	return items, p.check(ctx)
}

// itemsByID does what Lookup does, for any catalogue.
func itemsByID(ctx context.Context, c Catalog, ids []int64) (items []*Item, err error) {
	if l, ok := c.(Lookup); ok {
		return l.Lookup(ctx, ids)
	}
	wanted := idSet(ids)
	for it, err := range c.Items(ctx, Query{}) {
		if err != nil {
			return nil, err
		}
		if it != nil && wanted[it.ID] {
			items = append(items, it)
		}
	}
	return items, nil
}

// HasField reports whether any item of the version has an attribute with the given name.
func (p *pinned) HasField(ctx context.Context, name string) (bool, error) {
	has, err := hasField(ctx, p.catalog, name)
	if err != nil {
		return false, err
	}
	return has, p.check(ctx)
}

// Summary returns the summary of the version.
func (p *pinned) Summary(ctx context.Context) (Summary, error) {
	s, err := Summarize(ctx, p.catalog)
	if err != nil {
		return Summary{}, err
	}
	return s, p.check(ctx)
}
