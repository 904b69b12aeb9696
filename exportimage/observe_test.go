package exportimage_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"log/slog"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

func openDemo(t *testing.T, name string) *exportimage.Service {
	t.Helper()
	s, err := exportimage.Open(t.Context(), demoFolder+"/"+name)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// Rendered pixels are those that formats hold: of a TIFF file, sample by sample, and of a PNG, colour by colour.
func TestRender(t *testing.T) {
	for _, name := range []string{"world.tif", "olinda_mosaic", "olinda_elevation.tif", "puertorico_landcover.tif"} {
		s := openDemo(t, name)
		req := exportimage.Request{Size: image.Pt(300, 200)}
		b, res, err := s.Render(t.Context(), req)
		require.NoError(t, err)
		assert.Equal(t, image.Rect(0, 0, 300, 200), b.Bounds())
		assert.Empty(t, res.Data)
		d, err := s.Describe(t.Context())
		require.NoError(t, err)
		assert.Equal(t, d.PixelType, b.Type)

		req.Format = "tiff"
		file, err := s.Export(t.Context(), req)
		require.NoError(t, err)
		assert.Equal(t, file.Envelope, res.Envelope)
		back := readTIFF(t, file.Data)
		for y := range 200 {
			for x := range 300 {
				valid := b.Valid == nil || b.Valid.AlphaAt(x, y).A != 0
				require.Equal(t, valid, back.Valid == nil || back.Valid.AlphaAt(x, y).A != 0, "%s at %d,%d", name, x, y)
			}
		}

		req.Format = "png32"
		file, err = s.Export(t.Context(), req)
		require.NoError(t, err)
		want, err := png.Decode(bytes.NewReader(file.Data))
		require.NoError(t, err)
		shown, _, err := s.Render(t.Context(), req)
		require.NoError(t, err)
		require.Equal(t, raster.U8, shown.Type)
		if d.Palette != nil {
			continue // its indices
		}
		got, err := shown.Image()
		require.NoError(t, err)
		for y := range 200 {
			for x := range 300 {
				r, g, b, a := want.At(x, y).RGBA()
				r2, g2, b2, a2 := got.At(x, y).RGBA()
				require.Equal(t, [4]uint32{r, g, b, a}, [4]uint32{r2, g2, b2, a2}, "%s at %d,%d", name, x, y)
			}
		}
	}
	s := openDemo(t, "world.tif")
	s.Formats = encode.Formats{"bmp": encode.Default()["bmp"]}
	_, _, err := s.Render(t.Context(), exportimage.Request{Size: image.Pt(3, 2)})
	require.NoError(t, err, "no format is needed")
	_, _, err = s.Render(t.Context(), exportimage.Request{Size: image.Pt(3, 2), Format: "gif"})
	require.ErrorContains(t, err, "gif is not served")
	_, _, err = s.Render(t.Context(), exportimage.Request{Size: image.Pt(20000, 2)})
	require.ErrorIs(t, err, exportimage.ErrSizeLimit)
}

func readTIFF(t *testing.T, data []byte) *raster.Block {
	t.Helper()
	o := exportimage.Opener{}
	t.Cleanup(func() { _ = o.Close() })
	r, err := o.RastersFS(t.Context(), fstest.MapFS{"a.tif": {Data: data}}, "a.tif")
	require.NoError(t, err)
	ds, err := r.Items[0].Open(t.Context())
	require.NoError(t, err)
	b, err := ds.Read(t.Context(), nil, 0, ds.Info().Grid.Bounds(), nil)
	require.NoError(t, err)
	return b
}

func TestObserve(t *testing.T) {
	s := openDemo(t, "world.tif")
	var mu sync.Mutex
	var events []exportimage.Event
	s.Observe = func(e exportimage.Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, e)
	}
	var log bytes.Buffer
	s.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "mine")
	res, err := s.Export(ctx, exportimage.Request{Size: image.Pt(1200, 1000)})
	require.NoError(t, err)
	first, last := events[0], events[len(events)-1]
	assert.Equal(t, exportimage.Begun, first.Phase)
	assert.Equal(t, "exporting", first.Operation)
	assert.Equal(t, image.Pt(1200, 1000), first.Request.Size)
	assert.Equal(t, "mine", first.Context.Value(key{}))
	assert.Equal(t, exportimage.Ended, last.Phase)
	assert.Equal(t, res.Trace.Coverage, last.Result.Trace.Coverage)
	assert.Positive(t, last.Took)
	rows := 0
	for _, e := range events[1 : len(events)-1] {
		assert.Equal(t, exportimage.Progress, e.Phase)
		assert.Equal(t, 1000, e.Of)
		assert.Greater(t, e.Done, rows)
		assert.Equal(t, first.ID, e.ID)
		rows = e.Done
	}
	assert.Equal(t, 1000, rows)
	assert.Contains(t, log.String(), "level=DEBUG msg=exporting")
	assert.Contains(t, log.String(), "size=(1200,1000)")

	events = nil
	_, err = s.Export(t.Context(), exportimage.Request{Format: "none"})
	require.Error(t, err)
	require.Len(t, events, 2)
	assert.Equal(t, err, events[1].Err)
	assert.Nil(t, events[1].Result)
	assert.Contains(t, log.String(), "kind=invalid")
	events = nil
	_, err = s.Describe(t.Context())
	require.NoError(t, err)
	require.Len(t, events, 2)
	assert.Equal(t, "describing", events[1].Operation)
	assert.Nil(t, events[1].Request)

	s = openDemo(t, "world.tif")
	log.Reset()
	s.Logger = slog.New(slog.NewTextHandler(&log, nil))
	s.Observe = func(exportimage.Event) { panic("a hook of a stranger") }
	_, err = s.Export(t.Context(), exportimage.Request{Size: image.Pt(30, 20)})
	require.NoError(t, err)
	assert.Contains(t, log.String(), "a hook of a stranger")
	assert.Contains(t, log.String(), "level=ERROR")
	assert.NotContains(t, log.String(), "level=DEBUG")
}

func TestCheck(t *testing.T) {
	require.NoError(t, openDemo(t, "olinda_mosaic").Check(t.Context()))
	require.ErrorContains(t, new(exportimage.Service).Check(t.Context()), "no catalogue")
	require.ErrorContains(t, (&exportimage.Service{Catalog: mosaic.Slice{}}).Check(t.Context()), "no raster")
	require.ErrorContains(t, (&exportimage.Service{Limits: exportimage.Limits{Side: -1}}).Check(t.Context()), "limit Side is -1")

	s := openDemo(t, "world.tif")
	item := *s.Catalog.(mosaic.Slice)[0]
	broken, twin := item, item
	broken.ID, broken.Name, broken.Type = 2, "broken", raster.F64
	broken.Open = func(context.Context) (raster.Dataset, error) { return nil, errors.New("/secret/path") }
	s.Catalog = mosaic.Slice{&item, &broken, &twin}
	s.Defaults.Format = "tga"
	s.Functions = []function.Template{{Name: "Bad", Function: &function.ExtractBand{IDs: []int{7}}}}
	err := s.Check(t.Context())
	for _, want := range []string{`"broken"`, "another item has its ID", `function "Bad"`, "the default image: format"} {
		require.ErrorContains(t, err, want)
	}
	named, ok := errors.AsType[*exportimage.RasterError](err)
	require.True(t, ok)
	assert.Equal(t, "broken", named.Name)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the program ends")
	cancel(why)
	_, err = s.Export(ctx, exportimage.Request{})
	require.ErrorIs(t, err, why)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, exportimage.Canceled, exportimage.AsError(err).Kind)
}
