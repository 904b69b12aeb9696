package exportimage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
)

const (
	testSide = 512
	testX    = 500000
	testY    = 4000000
)

// sceneOf is a raster whose samples are all v, in its overview too, east of others of its kind.
func sceneOf(v, compression, east int) []byte {
	return (&tiffmake.File{
		Size: image.Pt(testSide, testSide), Tile: image.Pt(64, 64), Compression: compression, EPSG: 32618,
		Levels: []image.Point{{X: testSide / 2, Y: testSide / 2}},
		Sample: func(int, int, int, int) float64 { return float64(v) },
	}).NorthUp(testX+float64(east*testSide), testY, 1).Bytes()
}

// maskOf is a mask that leaves out a stripe as wide as a version's number times 50.
func maskOf(v int) []byte {
	return (&tiffmake.File{Size: image.Pt(testSide, testSide), Sample: func(_, _, x, _ int) float64 {
		if x < 50*v {
			return 0
		}
		return 255
	}}).Bytes()
}

// openedBy returns an opener of GeoTIFF files that share a cache.
func openedBy(dir string) func(context.Context, string) (raster.Dataset, error) {
	cache := raster.NewCache(8 << 20)
	return func(_ context.Context, name string) (raster.Dataset, error) {
		f, err := geotiff.OpenFile(filepath.Join(dir, name), &geotiff.Options{Cache: cache})
		if err != nil {
			return nil, err
		}
		return f, nil
	}
}

// folderService serves a folder.
func folderService(t *testing.T, dir string) *exportimage.Service {
	pool := mosaic.NewPool(0, openedBy(dir))
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	items, err := mosaic.Folder(t.Context(), os.DirFS(dir), &mosaic.FolderOptions{Open: pool.Open})
	require.NoError(t, err)
	return &exportimage.Service{Catalog: items}
}

// sceneRequest is a random window of some scenes, at the full resolution, at the overview, or at one that is made.
func sceneRequest(t *testing.T, scenes int) exportimage.Request {
	side := 40 << rand.IntN(4)
	x, y := rand.IntN(scenes*testSide-side), rand.IntN(testSide-side)
	if rand.IntN(3) == 0 {
		x, y, side = 0, 0, testSide
	}
	size := max(20, side>>rand.IntN(4))
	return servicetest.Parse(t, fmt.Sprintf("bbox=%d,%d,%d,%d&bboxSR=32618&imageSR=32618&size=%d,%d&format=bip&interpolation=RSP_NearestNeighbor",
		testX+x, testY-y-side, testX+x+side, testY-y, size, size))
}

// versionsIn returns the versions in an image of the format bip, in which 0 is no data. A bit for each pixel follows
// them.
func versionsIn(res exportimage.Result) []byte {
	sorted := slices.Sorted(slices.Values(res.Data[:res.Size.X*res.Size.Y]))
	return slices.DeleteFunc(slices.Compact(sorted), func(v byte) bool { return v == 0 })
}

func replaceFile(name string, data []byte) error {
	if err := os.WriteFile(name+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// TestFilesThatChangeUnderReaders: while writers change rasters in every way there is, each image is of one version or
// an error that names a raster; when they have stopped, the next image is of the last version.
func TestFilesThatChangeUnderReaders(t *testing.T) {
	for _, c := range []struct {
		name   string
		scenes int
		mask   bool
		write  func(name string, data []byte, r *rand.Rand) error
	}{
		{"written over", 1, false, func(name string, data []byte, _ *rand.Rand) error { return os.WriteFile(name, data, 0o600) }},
		{"written over in place", 1, false, func(name string, data []byte, _ *rand.Rand) error {
			return inPlace(name, func(f *os.File) error { _, err := f.WriteAt(data, 0); return err })
		}},
		{"written over piece by piece", 1, false, func(name string, data []byte, r *rand.Rand) error {
			return inPlace(name, func(f *os.File) error {
				for i := 0; i < len(data); i += 8 << 10 {
					if _, err := f.WriteAt(data[i:min(i+8<<10, len(data))], int64(i)); err != nil {
						return err
					}
					if r.IntN(10) == 0 {
						time.Sleep(time.Millisecond)
					}
				}
				return nil
			})
		}},
		{"cut off and written", 1, false, func(name string, data []byte, _ *rand.Rand) error {
			if err := os.Truncate(name, int64(len(data)/2)); err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
			return os.WriteFile(name, data, 0o600)
		}},
		{"extended", 1, false, func(name string, data []byte, r *rand.Rand) error {
			return os.WriteFile(name, append(slices.Clip(data), make([]byte, r.IntN(5000))...), 0o600)
		}},
		{"replaced", 1, false, func(name string, data []byte, _ *rand.Rand) error { return replaceFile(name, data) }},
		{"deleted and written", 1, false, func(name string, data []byte, _ *rand.Rand) error {
			if err := os.Remove(name); err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
			return os.WriteFile(name, data, 0o600)
		}},
		{"replaced with its mask", 1, true, func(name string, data []byte, _ *rand.Rand) error { return replaceFile(name, data) }},
		{"several replaced", 3, false, func(name string, data []byte, _ *rand.Rand) error { return replaceFile(name, data) }},
		{"several written over", 3, true, func(name string, data []byte, _ *rand.Rand) error { return os.WriteFile(name, data, 0o600) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWriters(t, c.scenes, c.mask, c.write)
			s := folderService(t, w.dir)
			last := w.run(t, 1500*time.Millisecond, func() ([]byte, error) { return exportVersions(t, s, c.scenes) })
			for range 20 {
				v, err := exportVersions(t, s, c.scenes)
				require.NoError(t, err)
				require.Subset(t, []byte{byte(last)}, v)
			}
		})
	}
}

func inPlace(name string, write func(*os.File) error) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// exportVersions exports a random image and returns the versions that it shows, none if it shows no data.
func exportVersions(t *testing.T, s *exportimage.Service, scenes int) ([]byte, error) {
	res, err := s.Export(t.Context(), sceneRequest(t, scenes))
	if err != nil {
		return nil, err
	}
	return versionsIn(res), nil
}

// A span is a time from one moment to another.
type span struct{ from, to time.Time }

func (s span) overlaps(o span) bool { return s.from.Before(o.to) && o.from.Before(s.to) }

// tooSlow is how long writing one version may take for it to count as one change: a file whose last change is a tenth of a
// second ago counts as complete, which a writer that the system stopped for longer between two writes does not know.
const tooSlow = 60 * time.Millisecond

// writers write versions 1 and 2 of scenes in turn.
type writers struct {
	dir    string
	scenes [3][][]byte // by version
	masks  [3][]byte
	write  func(name string, data []byte, r *rand.Rand) error
}

func newWriters(t *testing.T, scenes int, mask bool, write func(string, []byte, *rand.Rand) error) *writers {
	w := &writers{dir: t.TempDir(), write: write}
	for v := 1; v <= 2; v++ {
		for i := range scenes {
			w.scenes[v] = append(w.scenes[v], sceneOf(v, tiffmake.None, i))
		}
		if mask {
			w.masks[v] = maskOf(v)
		}
	}
	for i, data := range w.scenes[1] {
		require.NoError(t, os.WriteFile(w.name(i), data, 0o600))
		if mask {
			require.NoError(t, os.WriteFile(w.name(i)+sidecar.Mask, w.masks[1], 0o600))
		}
	}
	return w
}

func (w *writers) name(i int) string { return filepath.Join(w.dir, fmt.Sprintf("scene%d.tif", i)) }

// writeAll writes one version.
func (w *writers) writeAll(v int, r *rand.Rand) error {
	for i, data := range w.scenes[v] {
		if err := w.write(w.name(i), data, r); err != nil {
			return err
		}
		if w.masks[v] != nil {
			if err := w.write(w.name(i)+sidecar.Mask, w.masks[v], r); err != nil {
				return err
			}
		}
	}
	return nil
}

// run writes versions for some time while eight goroutines read. It returns the last version. An image of two versions is
// an error, unless it was made while the machine was so busy that the files were of two for long.
func (w *writers) run(t *testing.T, long time.Duration, read func() ([]byte, error)) (last int) {
	stop := make(chan struct{})
	var counts [3]atomic.Int64
	var failed atomic.Int64
	var running sync.WaitGroup
	var mu sync.Mutex
	var mixed, slow []span
	for range 8 {
		running.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				start := time.Now()
				versions, err := read()
				if err == nil {
					if len(versions) > 1 {
						mu.Lock()
						mixed = append(mixed, span{start, time.Now()})
						mu.Unlock()
					} else {
						counts[append(versions, 0)[0]].Add(1)
					}
					continue
				}
				failed.Add(1)
				var named *exportimage.RasterError
				if assert.ErrorAs(t, err, &named) {
					assert.True(t, strings.HasPrefix(named.Name, "scene"), err.Error())
				}
			}
		})
	}
	r := rand.New(rand.NewPCG(1, uint64(long)))
	last = 1
	for start := time.Now(); time.Since(start) < long; {
		last = 3 - last
		begin := time.Now()
		require.NoError(t, w.writeAll(last, r))
		if took := (span{begin, time.Now()}); took.to.Sub(begin) > tooSlow {
			slow = append(slow, took)
		}
		pause := time.Duration(r.IntN(30)) * time.Millisecond
		if r.IntN(3) == 0 {
			pause = 200 * time.Millisecond
		}
		time.Sleep(pause)
	}
	close(stop)
	running.Wait()
	for _, m := range mixed {
		assert.True(t, slices.ContainsFunc(slow, m.overlaps), "an image of both versions, though none took long to write")
	}
	t.Logf("images of version 1: %d, of version 2: %d, empty: %d, errors: %d, of both while writing took long: %d",
		counts[1].Load(), counts[2].Load(), counts[0].Load(), failed.Load(), len(mixed))
	return last
}

// TestChangeDuringAnImage: a raster that changes between the strips of an image makes it begin anew, also with a
// service that leaves out unreadable rasters, and an image that was already sent in part fails.
func TestChangeDuringAnImage(t *testing.T) {
	for _, skip := range []bool{false, true} {
		w := newWriters(t, 1, false, func(name string, data []byte, _ *rand.Rand) error { return os.WriteFile(name, data, 0o600) })
		open := openedBy(w.dir)
		pool := mosaic.NewPool(0, func(ctx context.Context, name string) (raster.Dataset, error) { return open(ctx, name) })
		items, err := mosaic.Folder(t.Context(), os.DirFS(w.dir), &mosaic.FolderOptions{Open: pool.Open})
		require.NoError(t, err)
		var reads, change atomic.Int64
		for _, it := range items {
			open := it.Open
			it.Open = func(ctx context.Context) (raster.Dataset, error) {
				ds, err := open(ctx)
				if err != nil {
					return nil, err
				}
				return counting{ds, func() {
					if reads.Add(1) == change.Load() {
						assert.NoError(t, w.writeAll(2, nil))
					}
				}}, nil
			}
		}
		s := &exportimage.Service{Catalog: items, SkipUnreadable: skip, Limits: exportimage.Limits{Workers: 1}}
		req := servicetest.Parse(t, fmt.Sprintf("bbox=%d,%d,%d,%d&imageSR=32618&bboxSR=32618&size=512,512&format=bip",
			testX, testY-testSide, testX+testSide, testY))
		for n := int64(1); n <= 4; n++ {
			require.NoError(t, w.writeAll(1, nil))
			reads.Store(0)
			change.Store(n)
			res, err := s.Export(t.Context(), req)
			require.NoError(t, err)
			require.Empty(t, res.Trace.Skipped)
			require.Equal(t, []byte{2}, versionsIn(res), "changed at read %d", n)

			require.NoError(t, w.writeAll(1, nil))
			reads.Store(0)
			spooled, err := s.ExportSpooled(t.Context(), req)
			require.NoError(t, err)
			data, err := spooled.Bytes(t.Context())
			require.NoError(t, err)
			again := spooled.Result
			again.Data = data
			require.Equal(t, []byte{2}, versionsIn(again), "changed at read %d", n)
			require.True(t, bytes.Equal(res.Data, data))
			require.NoError(t, spooled.Close())
		}
		require.NoError(t, pool.Close())
	}
}

// A counting dataset calls before for each read.
type counting struct {
	raster.Dataset
	before func()
}

func (c counting) Version() raster.Version { return raster.VersionOf(c.Dataset) }

func (c counting) Read(
	ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int,
) (*raster.Block, error) {
	c.before()
	return c.Dataset.Read(ctx, dst, level, win, bands)
}

// TestErrorOfARasterThatChanged: the public text says what happened, and no more.
func TestErrorOfARasterThatChanged(t *testing.T) {
	err := &exportimage.RasterError{Verb: "read", Name: "a", Err: &source.ChangedError{Name: "/secret/a.tif"}}
	require.Equal(t, `raster "a": it changed while it was read`, err.Public())
}

// TestWhatAServiceRemembersChanges: type, bands and statistics are those of the rasters as they are.
func TestWhatAServiceRemembersChanges(t *testing.T) {
	dir := t.TempDir()
	write := func(typ raster.PixelType, most float64, bands int) {
		f := (&tiffmake.File{Size: image.Pt(64, 64), Type: typ, Bands: bands, EPSG: 32618, Sample: func(_, _, x, _ int) float64 {
			return float64(x) / 63 * most
		}}).NorthUp(testX, testY, 1)
		require.NoError(t, replaceFile(filepath.Join(dir, "a.tif"), f.Bytes()))
	}
	write(raster.U16, 630, 1)
	s := folderService(t, dir)
	req := servicetest.Parse(t, fmt.Sprintf("bbox=%d,%d,%d,%d&bboxSR=32618&imageSR=32618&size=64,64&format=png24&interpolation=RSP_NearestNeighbor",
		testX, testY-64, testX+64, testY))
	before, err := s.Export(t.Context(), req)
	require.NoError(t, err)
	write(raster.U16, 6300, 1)
	after, err := s.Export(t.Context(), req)
	require.NoError(t, err)
	require.Equal(t, before.Data, after.Data, "stretched by its own statistics, not by those of the former version")
	stats, err := s.Statistics(t.Context(), nil)
	require.NoError(t, err)
	require.InDelta(t, 6300, stats[0].Max, 0)

	write(raster.F32, 1, 1)
	_, err = s.Export(t.Context(), req)
	require.NoError(t, err)
	d, err := s.Describe(t.Context())
	require.NoError(t, err)
	require.Equal(t, raster.F32, d.PixelType)

	write(raster.F32, 1, 2)
	require.Eventually(t, func() bool {
		d, err := s.Describe(t.Context())
		return err == nil && len(d.Bands) == 2
	}, 10*time.Second, 100*time.Millisecond, "a description is renewed without an image")

	require.NoError(t, os.Remove(filepath.Join(dir, "a.tif")))
	time.Sleep(1100 * time.Millisecond)
	_, err = s.Describe(t.Context())
	require.NoError(t, err, "nothing newer is known")
	_, err = s.Export(t.Context(), req)
	require.ErrorContains(t, err, `raster "a"`)
}
