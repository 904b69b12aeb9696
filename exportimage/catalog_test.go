package exportimage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// A living catalogue is one that changes.
type living struct {
	mu      sync.Mutex
	items   mosaic.Slice
	version int
	err     error
}

func (l *living) put(items ...*mosaic.Item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items, l.version = items, l.version+1
}

func (l *living) Version(context.Context) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strconv.Itoa(l.version), l.err
}

func (l *living) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.items.Items(ctx, q)
}

// A tile is a raster of 8 by 8 pixels of 1 m, in the given place of a row of them, whose samples are all v.
func tile[T raster.Real](t testing.TB, place int, v T) *mosaic.Item {
	x := float64(8 * place)
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMin: x, XMax: x + 8, YMax: 8}, image.Pt(8, 8))
	return item(int64(place+1), rastertest.FromFunc(g, 1, func(int, int, int) T { return v }))
}

const leftTile, bothTiles = "bbox=0,0,8,8&size=8,8", "bbox=0,0,16,8&size=16,8"

// New, changed and withdrawn rasters show in the next image, and in the description after Refresh at most.
func TestCatalogueChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &living{}
		s, raw := service()
		s.Catalog, s.Refresh = l, time.Minute
		l.put(tile(t, 0, uint8(1)))
		about := func() exportimage.Description {
			d, err := s.Describe(t.Context())
			require.NoError(t, err)
			return d
		}
		value := func(query string, x int) float64 {
			b, _ := export(t, s, raw, query)
			return real(rastertest.At(b.Bands[0], x, 0))
		}
		require.Equal(t, 8., about().Extent.XMax)
		require.Equal(t, 1., value(leftTile, 0))

		l.put(tile(t, 0, uint8(1)), tile(t, 1, uint8(2)))
		assert.Equal(t, 8., about().Extent.XMax, "a minute has not passed")
		time.Sleep(time.Minute)
		assert.Equal(t, 16., about().Extent.XMax)

		l.put(tile(t, 0, int16(-3)), tile(t, 1, uint8(2)))
		assert.Equal(t, -3., value(bothTiles, 0), "an image is of the version at hand")
		assert.Equal(t, raster.S16, about().PixelType)

		l.put(tile(t, 1, uint8(2)))
		b, res := export(t, s, raw, bothTiles)
		assert.Len(t, res.Trace.Rasters, 1)
		assert.Equal(t, uint8(0), b.Valid.AlphaAt(0, 0).A)
		assert.Equal(t, 8., about().Extent.XMin)

		ask := exportimage.QueryRequest{Part: exportimage.QueryCount}
		l.put(tile(t, 0, uint8(1)), tile(t, 1, uint8(2)), tile(t, 2, uint8(3)))
		found, err := s.Query(t.Context(), ask)
		require.NoError(t, err)
		assert.Equal(t, 3, found.Count)
		l.put(tile(t, 4, uint8(1)))
		outline, err := s.Boundary(t.Context(), srs.CRS{})
		require.NoError(t, err)
		assert.Len(t, outline.Rings, 1)
		assert.Equal(t, 32., about().Extent.XMin)
	})
}

// A catalogue that cannot state its version fails images by name, and is asked again.
func TestCatalogueWithoutVersion(t *testing.T) {
	l := &living{}
	s, _ := service()
	s.Catalog = l
	l.put(tile(t, 0, uint8(1)))
	_, err := s.Describe(t.Context())
	require.NoError(t, err)
	l.err = errors.New("the database is away")
	_, err = s.Describe(t.Context())
	require.NoError(t, err, "what is known stays")
	err = exportErr(s, leftTile)
	require.ErrorContains(t, err, "the database is away")
	require.IsType(t, &exportimage.CatalogError{}, exportimage.AsError(err).Err)
	l.err = nil
	require.NoError(t, exportErr(s, leftTile))
}

// Images made while the catalogue changes show one version each, or fail saying so.
func TestCatalogueIsNeverMixed(t *testing.T) {
	l := &living{}
	s, _ := service()
	s.Catalog = l
	versions := [][]*mosaic.Item{
		{tile(t, 0, uint8(1)), tile(t, 1, uint8(1))},
		{tile(t, 0, int16(2)), tile(t, 1, int16(2))}, // which needs another description
		{tile(t, 0, uint8(3)), tile(t, 1, uint8(3))},
	}
	l.put(versions[0]...)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			l.put(versions[i%3]...)
			time.Sleep(time.Duration(i%7) * 100 * time.Microsecond)
		}
	})
	images, changed := 0, 0
	for range 400 {
		res, err := s.Export(t.Context(), parse(t, bothTiles+"&format=bip"))
		if err != nil {
			require.Equal(t, exportimage.Unavailable, exportimage.AsError(err).Kind, "%v", err)
			changed++
			continue
		}
		images++
		sample := res.Data[:len(res.Data)/128]
		for i := range 128 {
			require.Equal(t, sample, res.Data[i*len(sample):][:len(sample)], "of two versions")
		}
	}
	cancel()
	group.Wait()
	t.Logf("%d images, and %d errors since the catalogue changed three times in a row", images, changed)
	assert.Positive(t, images)
}

// A summarized catalogue is never read whole.
type summarized struct {
	*living
	t *testing.T
}

func (s summarized) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	if q == (mosaic.Query{}) {
		s.t.Error("all items were asked for")
	}
	return s.living.Items(ctx, q)
}

func (s summarized) Summary(context.Context) (mosaic.Summary, error) {
	return mosaic.SummaryOf(s.items), nil
}

func TestSummaryStandsForAllItems(t *testing.T) {
	l := &living{}
	var all []*mosaic.Item
	for i := range 20 {
		all = append(all, tile(t, i, uint8(i)))
	}
	l.put(all...)
	s, raw := service()
	s.Catalog = summarized{l, t}
	d, err := s.Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 20, d.Rasters)
	assert.Equal(t, 160., d.Extent.XMax)
	b, _ := export(t, s, raw, bothTiles)
	assert.Equal(t, 1., real(rastertest.At(b.Bands[0], 15, 0)))
	stats, err := s.Statistics(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, 15., stats[0].Max, "of the sixteen rasters with the lowest IDs")
}

// Rasters that are put into a folder, replaced, moved and taken out show while the service runs.
func TestLiveFolder(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, v, east int) {
		require.NoError(t, replaceFile(filepath.Join(dir, name), sceneOf(v, 1, east)))
	}
	put("a.tif", 1, 0)
	pool := mosaic.NewPool(0, openedBy(dir))
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	folder, err := mosaic.WatchFolder(t.Context(), os.DirFS(dir), &mosaic.FolderOptions{Open: pool.Open, Refresh: time.Nanosecond})
	require.NoError(t, err)
	s := &exportimage.Service{Catalog: folder}
	// shows exports three places of the row, and compares them; 0 is no data.
	shows := func(want ...byte) {
		t.Helper()
		req := parse(t, fmt.Sprintf("bbox=%d,%d,%d,%d&bboxSR=32618&imageSR=32618&size=3,1&format=bip",
			testX, testY-testSide, testX+3*testSide, testY))
		req.Aspect = exportimage.ExactBox
		res, err := s.Export(t.Context(), req)
		require.NoError(t, err)
		require.Equal(t, want, res.Data[:3])
		d, err := s.Describe(t.Context())
		require.NoError(t, err)
		last := bytes.LastIndexFunc(want, func(v rune) bool { return v != 0 })
		require.InDelta(t, testX+(last+1)*testSide, d.Extent.XMax, 1e-6)
	}
	shows(1, 0, 0)
	put("b.tif", 2, 1)
	shows(1, 2, 0)
	put("a.tif", 7, 2)
	shows(0, 2, 7)
	require.NoError(t, os.Remove(filepath.Join(dir, "a.tif")))
	shows(0, 2, 0)
	put("a.tif", 5, 0)
	require.NoError(t, os.Rename(filepath.Join(dir, "b.tif"), filepath.Join(dir, "c.tif")))
	put("c.tif", 9, 1)
	shows(5, 9, 0)
}
