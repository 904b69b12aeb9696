package diskcache_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/diskcache"
)

// far is a source whose versions have identities, and which counts what is read of it.
type far struct {
	data       []byte
	identity   atomic.Pointer[string]
	reads      atomic.Int64
	ranges     atomic.Int64
	duringRead func()
}

func newFar(data []byte, identity string) *far {
	f := &far{data: data}
	f.identity.Store(&identity)
	return f
}

func (f *far) Size() int64                              { return int64(len(f.data)) }
func (f *far) Identity(context.Context) (string, error) { return *f.identity.Load(), nil }

func (f *far) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	f.reads.Add(1)
	return bytes.NewReader(f.data).ReadAt(p, off)
}

func (f *far) ReadRanges(ctx context.Context, ranges []source.Range) error {
	f.ranges.Add(int64(len(ranges)))
	if f.duringRead != nil {
		f.duringRead()
	}
	for _, r := range ranges {
		if err := source.ReadFull(ctx, f, r.Buffer, r.Offset); err != nil {
			return err
		}
	}
	return nil
}

func random(n int, seed uint64) []byte {
	data := make([]byte, n)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

func open(t testing.TB, dir string, o *diskcache.Options) *diskcache.Cache {
	c, err := diskcache.Open(dir, o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	return c
}

// readSome reads random ranges, several in one call, and compares them.
func readSome(t testing.TB, src source.Source, data []byte, r *rand.Rand) {
	ranges := make([]source.Range, 1+r.IntN(5))
	for i := range ranges {
		off := r.IntN(len(data) + 1)
		ranges[i] = source.Range{Offset: int64(off), Buffer: make([]byte, r.IntN(min(5000, len(data)-off)+1))}
	}
	require.NoError(t, src.(source.RangeReader).ReadRanges(t.Context(), ranges))
	for _, r := range ranges {
		require.True(t, bytes.Equal(data[r.Offset:r.Offset+int64(len(r.Buffer))], r.Buffer))
	}
}

// What is read is the source's, whatever the size of pages; once all pages are kept, nothing is read of the source, also by
// the next program.
func TestReads(t *testing.T) {
	for _, size := range []int{1, 1023, 1024, 1025, 70_000} {
		for _, page := range []int{1024, 3000, 100_000} {
			dir, data, r := t.TempDir(), random(size, 1), rand.New(rand.NewPCG(uint64(size), uint64(page)))
			f := newFar(data, "v1")
			c := open(t, dir, &diskcache.Options{Page: page})
			src := c.Source("a", f)
			for range 200 {
				readSome(t, src, data, r)
			}
			whole := make([]byte, size)
			require.NoError(t, source.ReadFull(t.Context(), src, whole, 0))
			f.ranges.Store(0)
			next := open(t, dir, &diskcache.Options{Page: page})
			require.Equal(t, c.Bytes(), next.Bytes())
			again := next.Source("a", f)
			for range 100 {
				readSome(t, again, data, r)
			}
			require.Zero(t, f.ranges.Load())
			require.NoError(t, next.Err())
			_, err := again.ReadAtContext(t.Context(), make([]byte, 2), int64(size)-1)
			require.ErrorContains(t, err, "EOF")
			require.Error(t, again.(source.RangeReader).ReadRanges(t.Context(), []source.Range{{Offset: int64(size), Buffer: make([]byte, 1)}}))
		}
	}
}

// Pages beside each other are fetched as one range.
func TestRuns(t *testing.T) {
	f := newFar(random(100_000, 2), "v1")
	src := open(t, t.TempDir(), &diskcache.Options{Page: 1024}).Source("a", f)
	require.NoError(t, source.ReadFull(t.Context(), src, make([]byte, 50_000), 100))
	require.EqualValues(t, 1, f.ranges.Load())
	require.NoError(t, source.ReadFull(t.Context(), src, make([]byte, 100_000), 0))
	require.EqualValues(t, 2, f.ranges.Load())
}

// Neither another version nor another key gets a page, and a version that changes while pages are fetched keeps none.
func TestVersions(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, &diskcache.Options{Page: 1024})
	first, second := random(10_000, 3), random(10_000, 4)
	r := rand.New(rand.NewPCG(5, 5))
	readSome(t, c.Source("a", newFar(first, "v1")), first, r)
	for range 50 {
		readSome(t, c.Source("a", newFar(second, "v2")), second, r)
		readSome(t, c.Source("b", newFar(second, "v1")), second, r)
		readSome(t, c.Source("a", newFar(first, "v1")), first, r)
		readSome(t, c.Source("av1", newFar(second, "")), second, r)
	}
	f := newFar(first, "v3")
	f.duringRead = func() { other := "v4"; f.identity.Store(&other) }
	before := c.Bytes()
	err := source.ReadFull(t.Context(), c.Source("a", f), make([]byte, 100), 0)
	require.ErrorAs(t, err, new(*source.ChangedError))
	require.Equal(t, before, c.Bytes())
}

// unvalidated is a source that knows its versions by size alone.
type unvalidated struct{ *far }

func (unvalidated) Validated() bool { return false }

func TestVersionsBySizeAreNotKept(t *testing.T) {
	c := open(t, t.TempDir(), nil)
	readSome(t, c.Source("a", unvalidated{newFar(random(5000, 6), "5000")}), random(5000, 6), rand.New(rand.NewPCG(1, 1)))
	require.Zero(t, c.Bytes())
}

// pages returns the files of a directory.
func pages(t testing.TB, dir string) (names []string, bytes int64) {
	require.NoError(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, e := d.Info()
			err = e
			names, bytes = append(names, name), bytes+info.Size()
		}
		return err
	}))
	return names, bytes
}

// Pages that are damaged, cut off or grown are fetched again.
func TestDamage(t *testing.T) {
	dir, data := t.TempDir(), random(30_000, 7)
	f := newFar(data, "v1")
	c := open(t, dir, &diskcache.Options{Page: 1024})
	src := c.Source("a", f)
	for i, damage := range []func(b []byte) []byte{
		func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		func(b []byte) []byte { b[0] ^= 1; return b },
		func(b []byte) []byte { return b[:len(b)-1] },
		func(b []byte) []byte { return append(b, 0) },
		func([]byte) []byte { return nil },
	} {
		require.NoError(t, source.ReadFull(t.Context(), src, make([]byte, len(data)), 0))
		names, _ := pages(t, dir)
		require.Len(t, names, 30)
		b, err := os.ReadFile(names[i])
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(names[i], damage(b), 0o600))
		f.ranges.Store(0)
		got := make([]byte, len(data))
		require.NoError(t, source.ReadFull(t.Context(), src, got, 0))
		require.True(t, bytes.Equal(data, got))
		require.EqualValues(t, 1, f.ranges.Load(), "damage %d", i)
	}
	require.ErrorContains(t, c.Err(), "damaged")
}

// The directory stays within the budget, and what was used last stays longest.
func TestBudget(t *testing.T) {
	dir, data := t.TempDir(), random(400_000, 8)
	c := open(t, dir, &diskcache.Options{Page: 1024, Bytes: 100_000})
	f := newFar(data, "v1")
	src := c.Source("a", f)
	for off := 0; off < len(data); off += 5000 {
		require.NoError(t, source.ReadFull(t.Context(), src, make([]byte, 5000), int64(off)))
		_, kept := pages(t, dir)
		require.LessOrEqual(t, kept, int64(100_000))
		require.Equal(t, kept, c.Bytes())
	}
	old := time.Now().Add(-time.Hour)
	names, _ := pages(t, dir)
	for _, name := range names {
		require.NoError(t, os.Chtimes(name, old, old))
	}
	last := make([]byte, 5000)
	require.NoError(t, source.ReadFull(t.Context(), src, last, int64(len(data)-5000)))
	for off := range 8 {
		require.NoError(t, source.ReadFull(t.Context(), src, make([]byte, 5000), int64(off*5000)))
	}
	f.ranges.Store(0)
	require.NoError(t, source.ReadFull(t.Context(), src, last, int64(len(data)-5000)))
	require.Zero(t, f.ranges.Load(), "what was used a moment ago was removed before what was not used for an hour")
	require.NoError(t, c.Err())
}

// Several programs share a directory: here as many caches, two of which begin with a budget that the others exceed.
func TestSeveralPrograms(t *testing.T) {
	dir, data := t.TempDir(), random(300_000, 9)
	var group sync.WaitGroup
	for i := range uint64(4) {
		group.Go(func() {
			c, err := diskcache.Open(dir, &diskcache.Options{Page: 2048, Bytes: 60_000 + 100_000*int64(i%2)})
			if !assert.NoError(t, err) {
				return
			}
			src, r := c.Source("a", newFar(data, "v1")), rand.New(rand.NewPCG(i, 1))
			for range 150 {
				off, got := r.IntN(len(data)-9000), make([]byte, r.IntN(9000))
				assert.NoError(t, source.ReadFull(t.Context(), src, got, int64(off)))
				assert.True(t, bytes.Equal(data[off:off+len(got)], got))
			}
			assert.NoError(t, c.Err())
			assert.NoError(t, c.Close())
		})
	}
	group.Wait()
	names, _ := pages(t, dir)
	for _, name := range names {
		require.NotContains(t, name, ".new")
	}
}

// A directory that cannot be written to, or that is gone, costs speed and no answer.
func TestDiskFails(t *testing.T) {
	dir, data := filepath.Join(t.TempDir(), "cache"), random(9000, 10)
	require.NoError(t, os.Mkdir(dir, 0o700))
	c := open(t, dir, &diskcache.Options{Page: 1024})
	src, r := c.Source("a", newFar(data, "v1")), rand.New(rand.NewPCG(2, 2))
	for i := range 256 { // where pages go there is a file
		require.NoError(t, os.WriteFile(filepath.Join(dir, strings.ToLower(string("0123456789abcdef"[i/16])+string("0123456789abcdef"[i%16]))), nil, 0o600))
	}
	for range 20 {
		readSome(t, src, data, r)
	}
	require.Error(t, c.Err())
	require.NoError(t, os.RemoveAll(dir))
	for range 20 {
		readSome(t, src, data, r)
	}
	_, err := diskcache.Open(dir, nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
	for _, o := range []diskcache.Options{{Bytes: -1}, {Page: 10}, {Page: 1 << 30}} {
		_, err := diskcache.Open(t.TempDir(), &o)
		require.Error(t, err)
	}
}

func TestCancelled(t *testing.T) {
	src := open(t, t.TempDir(), nil).Source("a", newFar(random(100, 11), "v1"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := src.ReadAtContext(ctx, make([]byte, 10), 0)
	require.True(t, errors.Is(err, context.Canceled))
}
