package mosaictest_test

import (
	"context"
	"fmt"
	"iter"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/mosaic/mosaictest"
	"github.com/geoexport/geoexport/srs"
)

// topmost is a catalogue that forgets all items of a box but the first.
type topmost struct{ mosaic.Slice }

func (t topmost) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) {
		for it, err := range t.Slice.Items(ctx, q) {
			if !yield(it, err) || q != (mosaic.Query{}) {
				return
			}
		}
	}
}

// Check outside of a test. In a test, it is mosaictest.Test(t, catalog).
func ExampleCheck() {
	lonLat, err := srs.FromWKID(4326)
	if err != nil {
		fmt.Println(err)
		return
	}
	f := mosaic.Footprint{CRS: lonLat, Envelope: srs.Envelope{XMin: 10, YMin: 40, XMax: 12, YMax: 42}}
	s := mosaic.Slice{{ID: 1, Footprint: f}, {ID: 2, Footprint: f}}
	fmt.Println(mosaictest.Check(context.Background(), s))
	fmt.Println(mosaictest.Check(context.Background(), topmost{s}) != nil)
	// Output:
	// <nil>
	// true
}
