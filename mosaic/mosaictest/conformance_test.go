package mosaictest_test

import (
	"context"
	"errors"
	"image"
	"iter"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/mosaic/mosaictest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// A catalog is a function as a catalogue.
type catalog func(ctx context.Context, q mosaic.Query, yield func(*mosaic.Item, error) bool)

func (c catalog) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) { c(ctx, q, yield) }
}

// A found is a catalogue whose Lookup and HasField are functions.
type found struct {
	mosaic.Slice
	lookup func(ctx context.Context, ids []int64) ([]*mosaic.Item, error)
	field  func(name string) bool
}

func (f found) Lookup(ctx context.Context, ids []int64) ([]*mosaic.Item, error) {
	return f.lookup(ctx, ids)
}

func (f found) HasField(_ context.Context, name string) (bool, error) { return f.field(name), nil }

// A versioned catalogue has a version, which is a function, and a summary.
type versioned struct {
	mosaic.Slice
	version func() (string, error)
	summary mosaic.Summary
}

func (v versioned) Version(context.Context) (string, error) { return v.version() }

func (v versioned) Summary(context.Context) (mosaic.Summary, error) { return v.summary, nil }

// Every promise of a catalogue is broken once.
func TestBrokenCataloguesFail(t *testing.T) {
	lonLat, err := srs.FromWKID(4326)
	require.NoError(t, err)
	box := func(x float64) mosaic.Footprint {
		return mosaic.Footprint{CRS: lonLat, Envelope: srs.Envelope{XMin: x, YMin: 40, XMax: x + 2, YMax: 42}}
	}
	good := mosaic.Slice{{ID: 1, Footprint: box(10), Attrs: map[string]any{"Month": int64(6)}}, {ID: 2, Footprint: box(179)}}
	require.NoError(t, mosaictest.Check(t.Context(), good))
	lookup := func(ctx context.Context, ids []int64) (out []*mosaic.Item, _ error) {
		for _, id := range ids {
			if id == 1 || id == 2 {
				out = append(out, good[id-1])
			}
		}
		return out, ctx.Err()
	}
	field := func(name string) bool { return name == "Month" }
	require.NoError(t, mosaictest.Check(t.Context(), found{good, lookup, field}))

	always := func() (string, error) { return "7", nil }
	require.NoError(t, mosaictest.Check(t.Context(), versioned{good, always, mosaic.SummaryOf(good)}))
	calls := 0
	summary := func(change func(*mosaic.Summary)) versioned {
		s := mosaic.SummaryOf(good)
		change(&s)
		return versioned{good, always, s}
	}

	// like is good but for one query.
	like := func(except func(ctx context.Context, q mosaic.Query, yield func(*mosaic.Item, error) bool) (done bool)) catalog {
		return func(ctx context.Context, q mosaic.Query, yield func(*mosaic.Item, error) bool) {
			if !except(ctx, q, yield) {
				good.Items(ctx, q)(yield)
			}
		}
	}
	isAll := func(q mosaic.Query) bool { return q == (mosaic.Query{}) }
	elsewhere := raster.NorthUp(lonLat, srs.Envelope{XMin: 50, YMin: 0, XMax: 51, YMax: 1}, image.Pt(2, 2))
	for want, c := range map[string]mosaic.Catalog{
		"items: neither an item nor an error": like(func(_ context.Context, _ mosaic.Query, yield func(*mosaic.Item, error) bool) bool {
			return !yield(nil, nil) || true
		}),
		"item 1 comes twice": like(func(_ context.Context, _ mosaic.Query, yield func(*mosaic.Item, error) bool) bool {
			for range 2 {
				if !yield(good[0], nil) {
					break
				}
			}
			return true
		}),
		"items: broken": like(func(_ context.Context, _ mosaic.Query, yield func(*mosaic.Item, error) bool) bool {
			return !yield(nil, errors.New("broken")) || true
		}),
		"boxes: item 1, ": like(func(_ context.Context, q mosaic.Query, _ func(*mosaic.Item, error) bool) bool {
			return !isAll(q) // forgets items in boxes
		}),
		"is not among all items": like(func(_ context.Context, q mosaic.Query, yield func(*mosaic.Item, error) bool) bool {
			return !isAll(q) && !yield(&mosaic.Item{ID: 3, Footprint: box(0)}, nil)
		}),
		"turns: ": like(func(_ context.Context, q mosaic.Query, _ func(*mosaic.Item, error) bool) bool {
			return q.Envelope.XMin > 360 // knows one world
		}),
		"cancellation: ": like(func(_ context.Context, q mosaic.Query, yield func(*mosaic.Item, error) bool) bool {
			good.Items(context.Background(), q)(yield)
			return true
		}),
		"something comes after an error": like(func(ctx context.Context, q mosaic.Query, yield func(*mosaic.Item, error) bool) bool {
			return ctx.Err() != nil && yield(nil, ctx.Err()) && yield(good[0], nil)
		}),
		`attribute "a" is a []int`:  mosaic.Slice{{Footprint: box(0), Attrs: map[string]any{"a": []int{1}}}},
		"items: item 1: footprint":  mosaic.Slice{{ID: 1, Footprint: mosaic.Footprint{CRS: lonLat}}},
		"items: item 1: pixel size": mosaic.Slice{{ID: 1, Footprint: box(0), PixelSize: -1}},
		"rasters: item 1: its raster is at": mosaic.Slice{{ID: 1, Footprint: box(0), Open: func(context.Context) (raster.Dataset, error) {
			return rastertest.FromFunc(elsewhere, 1, func(int, int, int) uint8 { return 1 }), nil
		}}},
		"rasters: item 1: no such file": mosaic.Slice{{ID: 1, Footprint: box(0), Open: func(context.Context) (raster.Dataset, error) {
			return nil, errors.New("no such file")
		}}},
		"lookup: 1 items were not found": found{good, func(ctx context.Context, ids []int64) ([]*mosaic.Item, error) {
			return good[:1], ctx.Err()
		}, field},
		"lookup: item 3 was not asked for": found{good, func(ctx context.Context, ids []int64) ([]*mosaic.Item, error) {
			return append(good, &mosaic.Item{ID: 3}), ctx.Err()
		}, field},
		"lookup: no error although the context is over": found{good, func(_ context.Context, ids []int64) ([]*mosaic.Item, error) {
			return lookup(context.Background(), ids)
		}, field},
		`schema: attribute "Month" of item 1`:   found{good, lookup, func(string) bool { return false }},
		"schema: an attribute that no item has": found{good, lookup, func(string) bool { return true }},
		`version: version "1"`: versioned{good, func() (string, error) {
			calls++
			return strconv.Itoa(calls), nil
		}, mosaic.SummaryOf(good)},
		"version: no version":          versioned{good, func() (string, error) { return "", errors.New("no version") }, mosaic.SummaryOf(good)},
		"summary: 3 items, of 2":       summary(func(s *mosaic.Summary) { s.Count++ }),
		"summary: 1 first items, of 2": summary(func(s *mosaic.Summary) { s.First = s.First[:1] }),
		"summary: the item at 1 has":   summary(func(s *mosaic.Summary) { slices.Reverse(s.First) }),
		"summary: types":               summary(func(s *mosaic.Summary) { s.Types = []raster.PixelType{raster.U8} }),
		"summary: from":                summary(func(s *mosaic.Summary) { s.Time.From = time.Unix(0, 0) }),
		"summary: fields":              summary(func(s *mosaic.Summary) { s.Fields = nil }),
		"no box covers item 2":         summary(func(s *mosaic.Summary) { s.Boxes = s.Boxes[:1] }),
		"is that of no item":           summary(func(s *mosaic.Summary) { s.Boxes[0].Envelope.XMax++ }),
	} {
		assert.ErrorContains(t, mosaictest.Check(t.Context(), c), want)
	}
}
