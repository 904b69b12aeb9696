//go:build linux

package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"

	"github.com/geoexport/geoexport/examples/catalog/postgres"
	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
)

// bucket starts a server of S3 in this process and returns the URL of a prefix in a bucket.
func bucket(t *testing.T) string {
	t.Helper()
	backend := s3mem.New()
	require.NoError(t, backend.CreateBucket("results"))
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	options := url.Values{"region": {"eu-central-1"}, "endpoint": {server.URL}, "use_path_style": {"true"}}
	return "s3://results/out/?" + options.Encode()
}

// objects are the contents of all objects below a prefix, by their names.
func objects(t *testing.T, at string) map[string]string {
	t.Helper()
	b, err := blob.OpenBucket(t.Context(), strings.Replace(at, "/out/", "", 1))
	require.NoError(t, err)
	defer func() { assert.NoError(t, b.Close()) }()
	out := map[string]string{}
	list := b.List(&blob.ListOptions{Prefix: "out/"})
	for {
		o, err := list.Next(t.Context())
		if err != nil {
			return out
		}
		data, err := b.ReadAll(t.Context(), o.Key)
		require.NoError(t, err)
		out[strings.TrimPrefix(o.Key, "out/")] = sumOf(data)
	}
}

// Three processes that share a queue in PostgreSQL put into a bucket what one with a file puts into a folder, and
// no unit is done twice.
func TestPostgresAndBucket(t *testing.T) {
	server, err := postgres.Start(context.Background())
	if errors.Is(err, postgres.ErrNotInstalled) {
		t.Skip("NOT CHECKED: ", err)
	}
	require.NoError(t, err)
	defer server.Stop()
	dir, folder, at := scenes(t, 3, 128), filepath.Join(t.TempDir(), "alone"), bucket(t)
	args := []string{"-level", "14", "tiles", dir}
	text, err := batch(t, append(args, folder)...)
	require.NoError(t, err, text)
	want := contents(t, folder)
	require.Greater(t, len(want), 10)

	args = append([]string{"-work", server.URL(), "-wait", "10ms"}, append(args, at)...)
	var running []*exec.Cmd
	outs := make([]strings.Builder, 3)
	for i := range outs {
		cmd := commandtest.Command(t.Context(), args...)
		cmd.Stdout, cmd.Stderr = &outs[i], &outs[i]
		require.NoError(t, cmd.Start())
		running = append(running, cmd)
	}
	lines := map[string]int{}
	for i, cmd := range running {
		require.NoError(t, cmd.Wait(), outs[i].String())
		for _, l := range doneLine.FindAllString(outs[i].String(), -1) {
			lines[l]++
			assert.Equal(t, 1, lines[l], l)
		}
	}
	assert.Len(t, lines, len(doneLine.FindAllString(text, -1)))
	assert.Equal(t, want, objects(t, at))

	_, err = batch(t, "-work", server.URL(), "statistics", dir, at)
	require.ErrorContains(t, err, "another run")
	assert.NotRegexp(t, regexp.MustCompile(`user=|host=`), err.Error(), "the URL's options are not shown")
}

// Statistics are put together out of what lies in the bucket. What is made in a folder refuses a bucket.
func TestBucket(t *testing.T) {
	dir, at := scenes(t, 2, 64), bucket(t)
	text, err := batch(t, "-work", filepath.Join(t.TempDir(), "queue"), "statistics", dir, at)
	require.NoError(t, err, text)
	files := objects(t, at)
	assert.Len(t, files, 5)
	assert.Contains(t, files, "statistics.geojson")
	for _, task := range []string{"overviews", "tiff"} {
		_, err := batch(t, "-work", filepath.Join(t.TempDir(), "queue"), task, dir, at)
		require.ErrorContains(t, err, task+" are made in a folder, and not in s3://results/out/")
	}
	_, err = batch(t, "tiles", dir, at)
	require.ErrorContains(t, err, "-work")
}
