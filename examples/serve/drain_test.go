package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
)

// After a signal the process says that it is not ready, takes requests for a while, and ends well.
func TestDrain(t *testing.T) {
	cmd := commandtest.Command(t.Context(), "-addr", "127.0.0.1:0", "-drain", "400ms", "-demo=false", demo+"world.tif")
	var out, log buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return directoryLine.MatchString(out.String()) }, 10*time.Second, time.Millisecond)
	base := directoryLine.FindStringSubmatch(out.String())[1]
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get := func(path string) (int, string) {
		resp, err := client.Get(base + path)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(body)
	}
	status, body := get("/readyz")
	assert.Equal(t, http.StatusOK, status, body)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool {
		status, body = get("/readyz")
		return status == http.StatusServiceUnavailable
	}, 10*time.Second, 5*time.Millisecond)
	assert.Contains(t, body, "draining")
	status, body = get("/healthz")
	assert.Equal(t, http.StatusOK, status, body)
	status, _ = get(root + "/world/ImageServer/exportImage?bbox=0,0,9,9&size=9&f=image")
	assert.Equal(t, http.StatusOK, status, "requests are still answered")
	require.NoError(t, cmd.Wait(), "%s", log.String())
	_, err := client.Get(base + "/readyz")
	require.Error(t, err, "nobody listens any more")
}

// Rasters that come into a folder show without a restart.
func TestFolderIsFollowed(t *testing.T) {
	dir := t.TempDir()
	put := func(name string) {
		text, err := os.ReadFile(demo + "olinda_mosaic/" + name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "part"), text, 0o600))
		require.NoError(t, os.Rename(filepath.Join(dir, "part"), filepath.Join(dir, name)))
	}
	put("olinda_west.tif")
	r := start(t, "-demo=false", "-refresh", "1ns", "live="+dir)
	defer r.stop()
	names := func() string {
		_, body := r.get(r.base() + root + "/live/ImageServer/query?where=1%3D1&outFields=Name&returnGeometry=false&f=json")
		return string(body)
	}
	assert.Contains(t, names(), "olinda_west")
	assert.NotContains(t, names(), "olinda_coarse")
	put("olinda_coarse.tif")
	assert.Contains(t, names(), "olinda_coarse")
	require.NoError(t, os.Remove(filepath.Join(dir, "olinda_west.tif")))
	assert.NotContains(t, names(), "olinda_west")
}
