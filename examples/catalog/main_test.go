//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/catalog/postgres"
	"github.com/geoexport/geoexport/examples/internal/command"
)

const olinda = "../../testdata/demo/olinda_mosaic"

// The program loads and serves.
func TestProgram(t *testing.T) {
	server, err := postgres.Start(t.Context())
	if errors.Is(err, postgres.ErrNotInstalled) {
		t.Skip("skipped: ", err, "; check.sh installs what is missing")
	}
	require.NoError(t, err)
	defer server.Stop()
	db := server.URL()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-db", db, "load", olinda}, &out, io.Discard))
	assert.Equal(t, "3 rasters\n", out.String())

	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-db", db, "serve", "-addr", "127.0.0.1:0"}, w, io.Discard) }()
	buf := make([]byte, 200)
	n, err := r.Read(buf)
	require.NoError(t, err)
	resp, err := http.Get(strings.TrimSpace(string(buf[:n])) + "exportImage?f=image&size=40,30")
	require.NoError(t, err)
	defer resp.Body.Close()
	c, format, err := image.DecodeConfig(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "png 40x30", fmt.Sprintf("%s %dx%d", format, c.Width, c.Height))
	stop()
	assert.NoError(t, <-ended)
}

func TestCommandLine(t *testing.T) {
	for _, args := range []string{"", "load", "load a b", "draw", "serve x", "-x", "serve -x"} {
		var usage *command.UsageError
		assert.ErrorAs(t, run(t.Context(), strings.Fields(args), io.Discard, io.Discard), &usage, args)
	}
	assert.NoError(t, run(t.Context(), []string{"-h"}, io.Discard, io.Discard))
}
