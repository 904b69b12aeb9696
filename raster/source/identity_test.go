package source_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source"
)

func TestIdentityOfAFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.tif")
	write := func(text string) { require.NoError(t, os.WriteFile(name, []byte(text), 0o600)) }
	for _, c := range []struct {
		name   string
		change func()
		open   bool // the open file has changed
	}{
		{"nothing", func() {}, false},
		{"as long as before", func() { write("two") }, true},
		{"longer", func() { write("three") }, true},
		{"renamed", func() { require.NoError(t, os.Rename(name, name+".old")) }, runtime.GOOS != "windows"},
		{"deleted", func() { require.NoError(t, os.Remove(name)) }, false},
		{"replaced", func() {
			other := filepath.Join(dir, "b")
			require.NoError(t, os.WriteFile(other, []byte("two"), 0o600))
			require.NoError(t, os.Rename(other, name))
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			write("one")
			f, err := source.Open(name)
			require.NoError(t, err)
			require.NoError(t, source.Settle(t.Context(), f))
			id, err := f.Identity(t.Context())
			require.NoError(t, err)
			latest, err := f.Latest(t.Context())
			require.NoError(t, err)
			require.Equal(t, id, latest)
			pin, err := source.NewPin(t.Context(), f)
			require.NoError(t, err)
			require.NoError(t, pin.Check(t.Context()))

			c.change()
			if c.open {
				for range 2 {
					require.ErrorAs(t, pin.Check(t.Context()), new(*source.ChangedError))
				}
				require.ErrorContains(t, pin.Check(t.Context()), name)
			} else {
				require.NoError(t, pin.Check(t.Context()))
			}
			require.NoError(t, f.Close())
			latest, err = f.Latest(t.Context())
			if _, gone := os.Stat(name); gone != nil {
				require.ErrorIs(t, err, fs.ErrNotExist)
			} else {
				require.NoError(t, err)
				require.Equal(t, c.name == "nothing", latest == id)
			}
		})
	}
}

// TestIdentityWithoutPause: changes that follow a moment after the file was opened are noticed as well.
func TestIdentityWithoutPause(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	for i := range 20 {
		require.NoError(t, os.WriteFile(name, []byte{1}, 0o600))
		f, err := source.Open(name)
		require.NoError(t, err)
		require.NoError(t, source.Settle(t.Context(), f))
		pin, err := source.NewPin(t.Context(), f)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(name, []byte{2}, 0o600))
		require.Error(t, pin.Check(t.Context()), "round %d", i)
		require.NoError(t, f.Close())
	}
}

func TestFromReaderAtOfAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	require.NoError(t, os.WriteFile(name, []byte("one"), 0o600))
	f, err := os.Open(name)
	require.NoError(t, err)
	src := source.FromReaderAt(f, 3)
	pin, err := source.NewPin(t.Context(), src)
	require.NoError(t, err)
	require.NotEmpty(t, pin.ID())
	require.NoError(t, pin.Check(t.Context()))
	latest, err := src.(source.Located).Latest(t.Context())
	require.NoError(t, err)
	require.Equal(t, pin.ID(), latest)
	require.NoError(t, os.WriteFile(name, []byte("three"), 0o600))
	require.ErrorContains(t, pin.Check(t.Context()), "a changed")
	require.NoError(t, f.Close())
	_, err = source.FromReaderAt(f, 3).ReadAtContext(t.Context(), make([]byte, 1), 0)
	require.ErrorIs(t, err, fs.ErrClosed)

	none, err := source.NewPin(t.Context(), source.FromReaderAt(bytes.NewReader(nil), 0))
	require.NoError(t, err)
	require.Nil(t, none)
}

// info is that of a file that was changed at a time.
type info struct {
	fs.FileInfo
	at time.Time
}

func (i info) ModTime() time.Time { return i.at }
func (i info) Size() int64        { return 0 }
func (i info) Name() string       { return "a" }
func (i info) Sys() any           { return nil }

type stated struct {
	*bytes.Reader
	info
}

func (s stated) Size() int64                { return s.info.Size() }
func (s stated) Stat() (fs.FileInfo, error) { return s.info, nil }

func TestSettle(t *testing.T) {
	at := func(change time.Time) source.Source {
		return source.FromReaderAt(stated{bytes.NewReader(nil), info{at: change}}, 0)
	}
	ago := func(d time.Duration) source.Source { return at(time.Now().Add(-d)) }
	for _, c := range []struct {
		name    string
		sources func() []source.Source
		want    time.Duration
	}{
		{"none", func() []source.Source { return nil }, 0},
		{"long ago", func() []source.Source { return []source.Source{ago(time.Hour)} }, 0},
		{"now", func() []source.Source { return []source.Source{ago(0)} }, 100 * time.Millisecond},
		{"in the future", func() []source.Source { return []source.Source{ago(-time.Hour)} }, 100 * time.Millisecond},
		{"the last one counts", func() []source.Source {
			return []source.Source{ago(time.Hour), ago(40 * time.Millisecond), ago(time.Minute)}
		}, 60 * time.Millisecond},
		{"whole seconds", func() []source.Source { return []source.Source{at(time.Now().Truncate(time.Second))} },
			2*time.Second + 100*time.Millisecond - time.Microsecond},
		{"no time", func() []source.Source { return []source.Source{at(time.Time{})} }, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Microsecond) // away from the whole second
			start := time.Now()
			require.NoError(t, source.Settle(t.Context(), c.sources()...))
			assert.Equal(t, c.want, time.Since(start), c.name)
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, source.Settle(ctx, ago(0)), context.Canceled)
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), []byte("0123456789"), 0o600))
	for _, fsys := range []fs.FS{os.DirFS(dir), fstest.MapFS{"a": {Data: []byte("0123456789")}}} {
		data, err := source.ReadFile(t.Context(), fsys, "a", 100)
		require.NoError(t, err)
		require.Equal(t, "0123456789", string(data))
		data, err = source.ReadFile(t.Context(), fsys, "a", 3)
		require.NoError(t, err)
		require.Equal(t, "0123", string(data))
		_, err = source.ReadFile(t.Context(), fsys, "b", 3)
		require.ErrorIs(t, err, fs.ErrNotExist)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = source.ReadFile(ctx, fsys, "a", 3)
		require.ErrorIs(t, err, context.Canceled)
	}
}

// TestReadFileThatChanges: a file is read again while somebody writes to it.
func TestReadFileThatChanges(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	require.NoError(t, os.WriteFile(name, bytes.Repeat([]byte{1}, 1<<20), 0o600))
	go func() {
		time.Sleep(20 * time.Millisecond)
		_ = os.WriteFile(name, bytes.Repeat([]byte{2}, 1<<20), 0o600)
	}()
	data, err := source.ReadFile(t.Context(), os.DirFS(dir), "a", 2<<20)
	require.NoError(t, err)
	require.Equal(t, 1<<20, bytes.Count(data, []byte{2}))
}
