package mosaic_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// files opens rasters and keeps account. Each has its number, the byte after "r", for its pixels.
type files struct {
	t             *testing.T
	open, most    atomic.Int64
	opened        atomic.Int64
	fail, reading func(name string) error
}

type file struct {
	raster.Dataset
	files *files
	name  string
	// reads counts those at work; -1 once closed.
	mu     sync.Mutex
	reads  int
	closed bool
}

func (f *files) Open(_ context.Context, name string) (raster.Dataset, error) {
	if f.fail != nil {
		if err := f.fail(name); err != nil {
			return nil, err
		}
	}
	f.opened.Add(1)
	n := f.open.Add(1)
	for most := f.most.Load(); n > most && !f.most.CompareAndSwap(most, n); most = f.most.Load() {
	}
	g := raster.NorthUp(crs(f.t, 4326), srs.Envelope{XMax: 4, YMax: 4}, image.Pt(4, 4))
	return &file{Dataset: rastertest.FromFunc(g, 1, func(int, int, int) uint8 { return name[1] }), files: f, name: name}, nil
}

func (f *file) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	f.mu.Lock()
	assert.False(f.files.t, f.closed, "read after it was closed")
	f.reads++
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.reads--
		f.mu.Unlock()
	}()
	if f.files.reading != nil {
		if err := f.files.reading(f.name); err != nil {
			return nil, err
		}
	}
	return f.Dataset.Read(ctx, dst, level, win, bands)
}

func (f *file) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	assert.Zero(f.files.t, f.reads, "closed while it is read")
	assert.False(f.files.t, f.closed, "closed twice")
	f.closed = true
	f.files.open.Add(-1)
	return nil
}

func name(i int) string { return fmt.Sprintf("r%c.tif", i) }

// readOne checks that a raster has its own pixels.
func readOne(ctx context.Context, t testing.TB, p *mosaic.Pool, i int) error {
	ds, err := p.Open(ctx, name(i))
	if err != nil {
		return err
	}
	b, err := ds.Read(ctx, nil, 0, image.Rect(0, 0, 2, 2), nil)
	if err == nil {
		assert.Equal(t, uint8(i), b.Bands[0].(*raster.PlaneOf[uint8]).Pix[0])
	}
	return err
}

func TestPoolIsADataset(t *testing.T) {
	f := &files{t: t}
	p := mosaic.NewPool(1, f.Open)
	ds, err := p.Open(t.Context(), name(7))
	require.NoError(t, err)
	rastertest.Test(t, ds)
	again, err := p.Open(t.Context(), name(7))
	require.NoError(t, err)
	assert.Same(t, ds, again)
	require.NoError(t, p.Close())
}

func TestPoolClosesTheLeastRecentlyUsed(t *testing.T) {
	f := &files{t: t}
	p := mosaic.NewPool(2, f.Open)
	for _, c := range []struct{ raster, opened int }{
		{1, 1}, {2, 2}, {1, 2}, {3, 3}, {1, 3}, {2, 4}, {1, 4}, {3, 5},
	} {
		require.NoError(t, readOne(t.Context(), t, p, c.raster))
		assert.Equal(t, int64(c.opened), f.opened.Load(), "after %v", c)
	}
	assert.Equal(t, int64(2), f.most.Load())
	require.NoError(t, p.Close())
	assert.Zero(t, f.open.Load())
	require.ErrorIs(t, readOne(t.Context(), t, p, 1), os.ErrClosed)
	require.NoError(t, p.Close())
}

// T53: with any number of readers, no more files are open than allowed, none is closed while it is read, and all reads
// succeed.
func TestT53OpenFilesAreBounded(t *testing.T) {
	defer goleak.VerifyNone(t)
	f := &files{t: t}
	const most = 5
	p := mosaic.NewPool(most, f.Open)
	var running sync.WaitGroup
	for g := range 16 {
		running.Go(func() {
			for i := range 400 {
				assert.NoError(t, readOne(t.Context(), t, p, 1+(i*(g+3)+g)%40))
			}
		})
	}
	running.Wait()
	assert.LessOrEqual(t, f.most.Load(), int64(most))
	require.NoError(t, p.Close())
	assert.Zero(t, f.open.Load())
}

func TestFullPoolWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &files{t: t}
		p := mosaic.NewPool(1, f.Open)
		hold := make(chan struct{})
		f.reading = func(n string) error {
			if n == name(1) {
				<-hold
			}
			return nil
		}
		var running sync.WaitGroup
		running.Go(func() { assert.NoError(t, readOne(t.Context(), t, p, 1)) })
		synctest.Wait()

		ctx, cancel := context.WithCancel(t.Context())
		running.Go(func() { assert.ErrorIs(t, readOne(ctx, t, p, 2), context.Canceled) })
		synctest.Wait()
		cancel()
		synctest.Wait()

		second := make(chan error, 1)
		go func() { second <- readOne(t.Context(), t, p, 2) }()
		synctest.Wait()
		assert.Empty(t, second, "there is no place")
		close(hold)
		require.NoError(t, <-second)
		running.Wait()
		require.NoError(t, p.Close())
	})
}

func TestClosingAPoolWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &files{t: t}
		p := mosaic.NewPool(1, f.Open)
		hold := make(chan struct{})
		f.reading = func(string) error { <-hold; return nil }
		read, waits := make(chan error, 1), make(chan error, 1)
		go func() { read <- readOne(t.Context(), t, p, 1) }()
		synctest.Wait()
		go func() { waits <- readOne(t.Context(), t, p, 2) }()
		synctest.Wait()
		require.NoError(t, p.Close())
		assert.Equal(t, int64(1), f.open.Load(), "it is being read")
		close(hold)
		require.NoError(t, <-read)
		require.ErrorIs(t, <-waits, os.ErrClosed)
		assert.Zero(t, f.open.Load())
	})
}

// What cannot be opened takes no place, and is tried again.
func TestPoolForgetsFailures(t *testing.T) {
	f := &files{t: t}
	failure := errors.New("no such file")
	f.fail = func(n string) error {
		if n == name(9) {
			return failure
		}
		return nil
	}
	p := mosaic.NewPool(1, f.Open)
	for range 3 {
		require.ErrorIs(t, readOne(t.Context(), t, p, 9), failure)
		require.NoError(t, readOne(t.Context(), t, p, 1))
	}
	f.fail = nil
	require.NoError(t, readOne(t.Context(), t, p, 9))
	require.NoError(t, p.Close())
}

// A raster that many goroutines open together is opened once.
func TestPoolOpensOnce(t *testing.T) {
	f := &files{t: t}
	p := mosaic.NewPool(3, f.Open)
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() { assert.NoError(t, readOne(t.Context(), t, p, 1)) })
	}
	running.Wait()
	assert.Equal(t, int64(1), f.opened.Load())
	require.NoError(t, p.Close())
}

func TestRasterThatChangedIsRefused(t *testing.T) {
	side := 4
	p := mosaic.NewPool(1, func(_ context.Context, n string) (raster.Dataset, error) {
		g := raster.NorthUp(crs(t, 4326), srs.Envelope{XMax: 4, YMax: 4}, image.Pt(side, side))
		return rastertest.FromFunc(g, 1, func(int, int, int) uint8 { return n[1] }), nil
	})
	require.NoError(t, readOne(t.Context(), t, p, 1))
	require.NoError(t, readOne(t.Context(), t, p, 2))
	side = 8
	require.ErrorAs(t, readOne(t.Context(), t, p, 1), new(*source.ChangedError))
	require.NoError(t, p.Close())
}

// A folder of more files than may be open.
func TestPoolOfAFolder(t *testing.T) {
	f := &files{t: t}
	p := mosaic.NewPool(3, f.Open)
	dir := fstest.MapFS{}
	for i := range 20 {
		dir[name('a'+i)] = &fstest.MapFile{}
	}
	s, err := mosaic.Folder(t.Context(), dir, &mosaic.FolderOptions{Open: p.Open})
	require.NoError(t, err)
	require.Len(t, s, 20)
	assert.LessOrEqual(t, f.most.Load(), int64(3))
	for i, it := range s {
		ds, err := it.Open(t.Context())
		require.NoError(t, err)
		b, err := ds.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
		require.NoError(t, err)
		assert.Equal(t, uint8('a'+i), b.Bands[0].(*raster.PlaneOf[uint8]).Pix[0])
	}
	assert.LessOrEqual(t, f.most.Load(), int64(3))
	require.NoError(t, p.Close())
}
