package mosaictest

import (
	"cmp"
	"errors"
	"slices"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// testVersion checks that a catalogue that nobody changes keeps its version, and that others can tell another one.
func testVersion(t reporter, c mosaic.Versioned, all []*mosaic.Item) {
	version, err := c.Version(t.Context())
	if err != nil {
		t.Fatalf("%v", err)
	}
	got, err := ids(t.Context(), mosaic.At(c, version), mosaic.Query{})
	if err != nil {
		t.Errorf("version %q: %v", version, err)
	} else if len(got) != len(all) {
		t.Errorf("%d items of version %q, of %d", len(got), version, len(all))
	}
	_, err = ids(t.Context(), mosaic.At(c, "not "+version), mosaic.Query{})
	if _, ok := errors.AsType[*source.ChangedError](err); !ok {
		t.Errorf("of another version than %q: %v", version, err)
	}
}

// testSummary compares a catalogue's summary with that of its items.
func testSummary(t reporter, c mosaic.Summarizer, all []*mosaic.Item) {
	got, err := c.Summary(t.Context())
	if err != nil {
		t.Fatalf("%v", err)
	}
	want := mosaic.SummaryOf(all)
	if got.Count != want.Count {
		t.Errorf("%d items, of %d", got.Count, want.Count)
	}
	if n := min(len(all), mosaic.SummaryItems); len(got.First) < n {
		t.Errorf("%d first items, of %d at least", len(got.First), n)
	}
	known := map[int64]bool{}
	for _, it := range all {
		known[it.ID] = true
	}
	for i, it := range got.First {
		if !known[it.ID] || i > 0 && it.ID <= got.First[i-1].ID {
			t.Errorf("the item at %d has ID %d, which is that of no item, or not above the one before", i, it.ID)
		}
	}
	slices.Sort(got.Types)
	slices.Sort(want.Types)
	if !slices.Equal(got.Types, want.Types) {
		t.Errorf("types %v, of %v", got.Types, want.Types)
	}
	if !got.Time.From.Equal(want.Time.From) || !got.Time.To.Equal(want.Time.To) {
		t.Errorf("from %v to %v, of %v to %v", got.Time.From, got.Time.To, want.Time.From, want.Time.To)
	}
	byName := func(a, b mosaic.Field) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(got.Fields, byName)
	slices.SortFunc(want.Fields, byName)
	if !slices.Equal(got.Fields, want.Fields) {
		t.Errorf("fields %v, of %v", got.Fields, want.Fields)
	}
	testSummaryBoxes(t, got.Boxes, all)
}

// testSummaryBoxes checks that boxes cover all footprints, and that each of their sides is one of a footprint.
func testSummaryBoxes(t reporter, boxes []mosaic.Footprint, all []*mosaic.Item) {
	type side struct {
		crs  srs.CRS
		axis byte
		at   float64
	}
	sides := map[side]bool{}
	for _, it := range all {
		crs, e := it.Footprint.CRS, it.Footprint.Envelope
		for _, s := range []side{{crs, 'w', e.XMin}, {crs, 's', e.YMin}, {crs, 'e', e.XMax}, {crs, 'n', e.YMax}} {
			sides[s] = true
		}
		if !slices.ContainsFunc(boxes, func(b mosaic.Footprint) bool {
			return b.CRS == crs && b.Envelope.XMin <= e.XMin && b.Envelope.YMin <= e.YMin &&
				b.Envelope.XMax >= e.XMax && b.Envelope.YMax >= e.YMax
		}) {
			t.Errorf("no box covers item %d", it.ID)
		}
	}
	for _, b := range boxes {
		crs, e := b.CRS, b.Envelope
		for _, s := range []side{{crs, 'w', e.XMin}, {crs, 's', e.YMin}, {crs, 'e', e.XMax}, {crs, 'n', e.YMax}} {
			if !sides[s] {
				t.Errorf("a side of %v in %v is that of no item", e, crs)
			}
		}
	}
}
