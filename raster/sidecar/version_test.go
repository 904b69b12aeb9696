package sidecar_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
)

// A file that comes beside a raster is noticed, also in a folder that was left alone for long.
func TestVersionOfAnOldFolder(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.tif")
	require.NoError(t, os.WriteFile(name, []byte("a"), 0o600))
	old := time.Now().Add(-time.Hour).Truncate(time.Second).Add(1e6)
	age := func() { require.NoError(t, os.Chtimes(dir, old, old)) }
	age()
	src, err := source.Open(name)
	require.NoError(t, err)
	defer src.Close()
	v, open, err := sidecar.Watch(t.Context(), src, sidecar.In(os.DirFS(dir), "a.tif"))
	require.NoError(t, err)
	text, err := sidecar.ReadText(t.Context(), open, sidecar.PAM, 100)
	require.NoError(t, err)
	require.Nil(t, text)
	require.NoError(t, v.Settle(t.Context(), nil))
	for range 3 {
		require.NoError(t, v.Current(t.Context()))
	}
	for _, beside := range []string{"a.tif.aux.xml", "a.aux.xml"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, beside), []byte("b"), 0o600))
		require.ErrorAs(t, v.Current(t.Context()), new(*source.ChangedError))
		require.ErrorContains(t, v.Current(t.Context()), "a.tif .aux.xml changed")
		require.NoError(t, os.Remove(filepath.Join(dir, beside)))
		require.NoError(t, v.Current(t.Context()))
		age()
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.tif.msk"), []byte("b"), 0o600))
	require.NoError(t, v.Current(t.Context()), "nobody has asked for it")
}

// What is found beside a raster is part of its version.
func TestVersionOfFilesBeside(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"a.tif", "a.tif.aux.xml", "a.tfw"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, n), []byte(n), 0o600))
	}
	watch := func() *sidecar.Version {
		src, err := source.Open(filepath.Join(dir, "a.tif"))
		require.NoError(t, err)
		defer src.Close()
		v, open, err := sidecar.Watch(t.Context(), src, sidecar.In(os.DirFS(dir), "a.tif"))
		require.NoError(t, err)
		for _, suffix := range []string{sidecar.PAM, ".tfw", sidecar.PAM} {
			text, err := sidecar.ReadText(t.Context(), open, suffix, 100)
			require.NoError(t, err)
			require.NotNil(t, text)
		}
		require.NoError(t, v.Settle(t.Context(), nil))
		return v
	}
	one := watch()
	require.Equal(t, one.String(), watch().String())
	for _, n := range []string{"a.tif", "a.tif.aux.xml", "a.tfw"} {
		require.NoError(t, one.Current(t.Context()))
		require.NoError(t, os.WriteFile(filepath.Join(dir, n), []byte("other"), 0o600))
		require.ErrorAs(t, one.Current(t.Context()), new(*source.ChangedError), n)
		require.ErrorIs(t, one.Because(t.Context(), os.ErrInvalid), os.ErrInvalid)
		require.ErrorAs(t, one.Because(t.Context(), os.ErrInvalid), new(*source.ChangedError))
		two := watch()
		require.NotEqual(t, one.String(), two.String())
		one = two
	}
}
