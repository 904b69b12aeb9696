package mosaic_test

import (
	"context"
	"errors"
	"image"
	"iter"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// sequence is a catalogue of any behaviour.
type sequence func(yield func(*mosaic.Item, error) bool)

func (s sequence) Items(context.Context, mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return iter.Seq2[*mosaic.Item, error](s)
}

func (s sequence) Lookup(context.Context, []int64) ([]*mosaic.Item, error) { panic("lookup") }
func (s sequence) HasField(context.Context, string) (bool, error)          { panic("field") }

func TestItemsAreChecked(t *testing.T) {
	good := &mosaic.Item{ID: 1}
	for want, s := range map[string]sequence{
		"the catalogue's Items panicked: ouch": func(yield func(*mosaic.Item, error) bool) { yield(good, nil); panic("ouch") },
		"the catalogue's Items panicked: runt": nil,
		"it is nil":                            func(yield func(*mosaic.Item, error) bool) { yield(good, nil); yield(nil, nil) },
		"its box is not finite": func(yield func(*mosaic.Item, error) bool) {
			yield(&mosaic.Item{Footprint: mosaic.Footprint{Envelope: box(0, 0, math.NaN(), 1)}}, nil)
		},
		"its box is not fini": func(yield func(*mosaic.Item, error) bool) {
			yield(&mosaic.Item{Footprint: mosaic.Footprint{Envelope: box(0, 0, 1, math.Inf(1))}}, nil)
		},
		"not a number": func(yield func(*mosaic.Item, error) bool) { yield(&mosaic.Item{MaxPS: math.NaN()}, nil) },
		"a fault": func(yield func(*mosaic.Item, error) bool) {
			if yield(nil, errors.New("a fault")) {
				panic("not reached")
			}
		},
	} {
		var last error
		for it, err := range mosaic.Items(t.Context(), s, mosaic.Query{}) {
			require.NoError(t, last, "nothing comes after an error")
			if last = err; err == nil {
				assert.Same(t, good, it)
			}
		}
		require.ErrorContains(t, last, want)
		_, err := mosaic.Rule{}.Choose(t.Context(), s, mosaic.View{}, nil)
		require.ErrorContains(t, err, want)
	}
	_, err := mosaic.Rule{}.Choose(t.Context(), nil, mosaic.View{}, nil)
	require.NotNil(t, guard.Stack(err))
	two := sequence(func(yield func(*mosaic.Item, error) bool) {
		for range 2 {
			if !yield(good, nil) {
				return
			}
		}
	})
	_, err = mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{1}}.Choose(t.Context(), two, mosaic.View{}, nil)
	require.EqualError(t, err, "the catalogue's Lookup panicked: lookup")
	_, err = mosaic.Rule{Where: "x = 1"}.Choose(t.Context(), two, mosaic.View{}, nil)
	require.EqualError(t, err, "the catalogue's HasField panicked: field")
	offered := &mosaic.ChooseOptions{Offered: func(*mosaic.Item, mosaic.Reason) { panic("ouch") }}
	_, err = mosaic.Rule{}.Choose(t.Context(), two, mosaic.View{}, offered)
	require.EqualError(t, err, "ChooseOptions.Offered panicked: ouch")

	assert.PanicsWithValue(t, "mine", func() {
		for range mosaic.Items(t.Context(), two, mosaic.Query{}) {
			panic("mine")
		}
	}, "a panic of the loop's body is not the catalogue's")
	for range mosaic.Items(t.Context(), two, mosaic.Query{}) {
		break
	}
}

// A panic of one who opens or reads leaves the pool as it was: nobody waits for ever, and no place is lost.
func TestPoolOutlivesPanics(t *testing.T) {
	fs := &files{t: t}
	faulty := true
	p := mosaic.NewPool(1, func(ctx context.Context, name string) (raster.Dataset, error) {
		if faulty {
			panic("ouch")
		}
		ds, err := fs.Open(ctx, name)
		return panicking{ds, &faulty}, err
	})
	for range 3 {
		_, err := p.Open(t.Context(), "r1")
		require.EqualError(t, err, `opening raster "r1" panicked: ouch`)
	}
	faulty = false
	ds, err := p.Open(t.Context(), "r1")
	require.NoError(t, err)
	for range 3 {
		faulty = true
		_, err = ds.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
		require.ErrorContains(t, err, "panicked: ouch")
		faulty = false
		_, err = ds.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
		require.NoError(t, err)
		other, err := p.Open(t.Context(), "r2") // which needs the only place
		require.NoError(t, err)
		_, err = other.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
		require.NoError(t, err)
	}
	require.NoError(t, p.Close())

	nothing := mosaic.NewPool(1, func(context.Context, string) (raster.Dataset, error) { return nil, nil })
	_, err = nothing.Open(t.Context(), "r1")
	require.ErrorContains(t, err, "it is nil")
}

type panicking struct {
	raster.Dataset
	faulty *bool
}

func (p panicking) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if *p.faulty {
		panic("ouch")
	}
	return p.Dataset.Read(ctx, dst, level, win, bands)
}

func (p panicking) Close() error { return p.Dataset.(interface{ Close() error }).Close() }
