package exportimage_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// Each dataset that is opened is released once, when the operation that opened it has ended and not before, whatever becomes
// of the operation.
func TestDatasetsAreReleased(t *testing.T) {
	var opened, released atomic.Int64
	counting := func(s *exportimage.Service) *exportimage.Service {
		var items mosaic.Slice
		for it, err := range s.Catalog.Items(t.Context(), mosaic.Query{}) {
			require.NoError(t, err)
			counted := *it
			counted.Open = func(ctx context.Context) (raster.Dataset, error) {
				ds, err := it.Open(ctx)
				if err != nil {
					return nil, err
				}
				opened.Add(1)
				return &leased{Dataset: ds}, nil
			}
			counted.Release = func(ds raster.Dataset) {
				l := ds.(*leased)
				assert.False(t, l.over.Swap(true), "released twice")
				released.Add(1)
			}
			items = append(items, &counted)
		}
		return &exportimage.Service{Name: s.Name, Catalog: items}
	}
	s, _ := service(world(t))
	s = counting(s)
	for name, do := range map[string]func() error{
		"Export":   func() error { _, err := s.Export(t.Context(), exportimage.Request{}); return err },
		"ExportTo": func() error { _, err := s.ExportTo(t.Context(), &bytes.Buffer{}, exportimage.Request{}); return err },
		"Spooled": func() error {
			a, err := s.ExportSpooled(t.Context(), exportimage.Request{})
			if err == nil {
				err = a.Close()
			}
			return err
		},
		"Plan":       func() error { _, err := s.Plan(t.Context(), exportimage.Request{}); return err },
		"Describe":   func() error { _, err := (&exportimage.Service{Catalog: s.Catalog}).Describe(t.Context()); return err },
		"Statistics": func() error { _, err := s.Statistics(t.Context(), nil); return err },
		"Function's statistics": func() error {
			_, err := s.Statistics(t.Context(), &function.Grayscale{Input: function.Source{}, Weights: []float64{1, 2, 3}})
			return err
		},
		"Check":      func() error { return s.Check(t.Context()) },
		"RasterInfo": func() error { _, err := s.RasterInfo(t.Context(), 1); return err },
	} {
		before := opened.Load()
		require.NoError(t, do(), name)
		assert.Equal(t, opened.Load(), released.Load(), name)
		if name != "Statistics" {
			assert.Greater(t, opened.Load(), before, name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Export(ctx, exportimage.Request{})
	require.Error(t, err)
	_, err = s.Export(t.Context(), exportimage.Request{BandIDs: []int{40}})
	require.Error(t, err)
	assert.Equal(t, opened.Load(), released.Load())
}

// A leased dataset fails once it is released.
type leased struct {
	raster.Dataset
	over atomic.Bool
}

func (l *leased) Info() raster.Info {
	if l.over.Load() {
		panic("a dataset is used after it was released")
	}
	return l.Dataset.Info()
}

// A panic in Release is logged, and the answer is not lost.
func TestReleaseThatPanics(t *testing.T) {
	s, _ := service(world(t))
	var log bytes.Buffer
	s.Logger = slog.New(slog.NewTextHandler(&log, nil))
	item := *s.Catalog.(mosaic.Slice)[0]
	item.Release = func(raster.Dataset) { panic("no") }
	s.Catalog = mosaic.Slice{&item}
	_, err := s.Export(t.Context(), exportimage.Request{})
	require.NoError(t, err)
	assert.Contains(t, log.String(), "releasing raster")
}

// A raster that stays broken is one warning in the log, however often it is met.
func TestBrokenRasterIsOneWarning(t *testing.T) {
	s, _ := service(world(t))
	var log bytes.Buffer
	s.Logger = slog.New(slog.NewTextHandler(&log, nil))
	s.SkipUnreadable = true
	good := *s.Catalog.(mosaic.Slice)[0]
	broken := good
	broken.ID, broken.Name = 2, "broken"
	broken.Open = func(context.Context) (raster.Dataset, error) { return nil, assert.AnError }
	s.Catalog = mosaic.Slice{&good, &broken}
	for range 5 {
		res, err := s.Export(t.Context(), exportimage.Request{})
		require.NoError(t, err)
		require.Len(t, res.Trace.Skipped, 1)
	}
	assert.Equal(t, 1, strings.Count(log.String(), "raster skipped"), log.String())
	assert.Contains(t, log.String(), "level=WARN")
}
