package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// writeConfig writes a configuration into a folder in which "rasters" are the demo's.
func writeConfig(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	at, err := filepath.Abs(demo)
	require.NoError(t, err)
	text = strings.ReplaceAll(text, "DEMO", filepath.ToSlash(at))
	name = filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestConfigThatIsWrong(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"empty", "a.yaml", "", "there are no services"},
		{"unknown member", "a.yaml", "service: []", `line 1: there is no member "service"`},
		{"unknown member of a service", "a.yaml", "services:\n- path: a.tif\n  nam: b", `line 3: there is no member "nam"`},
		{"unknown member in JSON", "a.json", "{\"services\":[\n\t{\"path\":\"a.tif\",\n\t\"Name\":\"b\"}]}", `line 3: there is no member "Name"`},
		{"twice", "a.yaml", "services:\n- path: a.tif\n  path: b.tif", `"path" already defined`},
		{"twice in JSON", "a.json", `{"demo":true,"demo":false}`, `"demo" already defined`},
		{"JSON that is none", "a.json", "services: []", "invalid character"},
		{"two documents", "a.yaml", "demo: true\n---\ndemo: false", "more than one document"},
		{"no path", "a.yaml", "services: [{name: a}]", "service 1: there is no path"},
		{"empty path", "a.yaml", "services: [{path: [a.tif, '']}]", "service 1: a path is empty"},
		{"another type", "a.yaml", "services: [{path: a.tif, max-size: large}]", "cannot unmarshal"},
		{"size below zero", "a.yaml", "services: [{path: a.tif, max-size: -3}]", "max-size -3"},
		{"tiles", "a.yaml", "services: [{path: a.tif, tiles: x}]", `tiles "x" is not web`},
		{"missing raster", "a.yaml", "services: [{path: none.tif}]", "none.tif"},
		{"reference", "a.yaml", "services: [{path: DEMO/world.tif, sr: nonsense}]", `service "world": sr: `},
		{"format", "a.yaml", "services: [{path: DEMO/world.tif, format: webp}]", `format "webp" is not one of`},
		{"stretch", "a.yaml", "services: [{path: DEMO/world.tif, stretch: [[5, 5]]}]", "stretch: 5 is not below 5"},
		{"stretch of three", "a.yaml", "services: [{path: DEMO/world.tif, stretch: [[5, 6, 7]]}]", "invalid array"},
		{"name", "a.yaml", "services: [{path: DEMO/world.tif, name: a/b/c}]", `cannot be called "a/b/c"`},
		{"name of the demo", "a.yaml", "demo: true\nservices: [{path: DEMO/world.tif}]", `there is a service "world" already`},
		{"long", "a.yaml", "# " + strings.Repeat("x", maxConfig), "longer than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := writeConfig(t, c.file, c.text)
			var out bytes.Buffer
			err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-config", file}, &out, io.Discard)
			require.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, file)
			assert.NotContains(t, err.Error(), "\n")
			assert.NotContains(t, err.Error(), "main.")
			assert.Empty(t, out.String())
		})
	}
}

// What a configuration states about services is what they are, in YAML and in JSON.
func TestConfig(t *testing.T) {
	text := `
services:
  - path: DEMO/world.tif
    name: global/earth
    description: All of it.
    credits: NASA
    sr: EPSG:3857
    format: jpgpng
    max-size: 321
    tiles: web
  - path: [DEMO/olinda_mosaic/olinda_west.tif, DEMO/olinda_mosaic/olinda_coarse.tif]
  - {path: DEMO/olinda_elevation.tif, stretch: [[0, 100]], skip-unreadable: true}
`
	asJSON := `{"services": [
	{"path": "DEMO/world.tif", "name": "global/earth", "description": "All of it.", "credits": "NASA", "sr": "EPSG:3857",
	 "format": "jpgpng", "max-size": 321, "tiles": "web"},
	{"path": ["DEMO/olinda_mosaic/olinda_west.tif", "DEMO/olinda_mosaic/olinda_coarse.tif"]},
	{"path": "DEMO/olinda_elevation.tif", "stretch": [[0, 100]], "skip-unreadable": true}
	]}`
	for _, file := range []string{writeConfig(t, "a.yaml", text), writeConfig(t, "a.JSON", asJSON)} {
		g, err := newShared(options{config: file, maxSize: 2000}, schemes{}, slog.New(slog.DiscardHandler)).open(t.Context())
		require.NoError(t, err)
		defer g.rasters.Close()
		require.Len(t, g.services, 3)
		earth, mosaic, heights := g.services[0], g.services[1], g.services[2]
		assert.Equal(t, "global/earth", earth.Name)
		assert.Equal(t, []string{"All of it.", "NASA", "EPSG:3857", "jpgpng"},
			[]string{earth.Description, earth.Copyright, earth.CRS.String(), earth.Defaults.Format})
		assert.Equal(t, 321, earth.Limits.Side)
		assert.NotNil(t, earth.Tiles)
		assert.Equal(t, "olinda_west", mosaic.Name)
		assert.Equal(t, 2000, mosaic.Limits.Side)
		d, err := mosaic.Describe(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 2, d.Rasters)
		assert.Equal(t, []exportimage.Range{{Min: 0, Max: 100}}, heights.Stretch)
		assert.True(t, heights.SkipUnreadable)
	}
}

// Relative paths begin at the configuration's folder, wherever the program runs.
func TestConfigPaths(t *testing.T) {
	file := writeConfig(t, "a.yaml", "services: [{path: w.tif, functions: .}, {path: 'https://h.example/a.tif'}, {path: DEMO/world.tif}]")
	c, err := readConfig(file)
	require.NoError(t, err)
	dir := filepath.Dir(file)
	assert.Equal(t, texts{filepath.Join(dir, "w.tif")}, c.Services[0].Path)
	assert.Equal(t, dir, c.Services[0].Functions)
	assert.Equal(t, texts{"https://h.example/a.tif"}, c.Services[1].Path)
	assert.True(t, filepath.IsAbs(c.Services[2].Path[0]))
}

// Flags reach the services and the answers.
func TestFlagsOfServices(t *testing.T) {
	r := start(t, "-demo=false", "-max-size", "50", "-cors", "https://maps.example.org", "-log", "debug", "-cache", "1", demo+"world.tif")
	defer r.stop()
	at := r.base() + root + "/world/ImageServer"
	resp, body := r.get(at + "/exportImage?bbox=0,0,9,9&size=51,20&f=image")
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode, "%s", body)
	resp, _ = r.get(at + "/exportImage?bbox=0,0,9,9&size=50,20&f=image")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Contains(t, r.log.String(), "level=DEBUG")
	for origin, want := range map[string]string{"https://maps.example.org": "https://maps.example.org", "https://evil.example": ""} {
		req, err := http.NewRequest(http.MethodGet, at+"?f=json", nil)
		require.NoError(t, err)
		req.Header.Set("Origin", origin)
		resp, err := r.client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, want, resp.Header.Get("Access-Control-Allow-Origin"))
	}
}

// On SIGHUP the process serves what the configuration now says, answers all requests meanwhile, and keeps what it has where
// the configuration is wrong.
func TestReload(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes there cannot be sent a signal")
	}
	file := writeConfig(t, "a.yaml", "services: [{path: DEMO/world.tif, name: one}]")
	cmd := commandtest.Command(t.Context(), "-addr", "127.0.0.1:0", "-config", file)
	var out, log buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return directoryLine.MatchString(out.String()) }, 10*time.Second, time.Millisecond)
	base := directoryLine.FindStringSubmatch(out.String())[1] + root
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	get := func(path string) (int, string) {
		resp, err := client.Get(base + path)
		if err != nil {
			return 0, err.Error()
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return 0, err.Error()
		}
		return resp.StatusCode, string(body)
	}
	names := func() (all []string) {
		_, body := get("/?f=json")
		var d struct{ Services []struct{ Name string } }
		require.NoError(t, json.Unmarshal([]byte(body), &d), body)
		for _, s := range d.Services {
			all = append(all, s.Name)
		}
		return all
	}
	rewrite := func(text, until string) {
		old, err := os.ReadFile(file)
		require.NoError(t, err)
		at := string(old)[strings.Index(string(old), "path: ")+6 : strings.Index(string(old), "/world.tif")]
		require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(text, "DEMO", at)), 0o600))
		before := strings.Count(log.String(), until)
		require.NoError(t, cmd.Process.Signal(syscall.SIGHUP))
		require.Eventually(t, func() bool { return strings.Count(log.String(), until) > before }, 10*time.Second, time.Millisecond, log.String())
	}
	assert.Equal(t, []string{"one"}, names())

	ctx, stop := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	var faults []string
	asking.Go(func() { // requests for a service that is there all the time
		for ctx.Err() == nil {
			if status, body := get("/one/ImageServer/exportImage?bbox=0,0,90,45&size=40,20&f=image"); status != http.StatusOK {
				faults = append(faults, fmt.Sprint(status, " ", body))
			}
		}
	})
	rewrite("services: [{path: DEMO/world.tif, name: one}, {path: DEMO/olinda_mosaic, name: two}]", "msg=reloaded services=2")
	assert.Equal(t, []string{"one", "two"}, names())
	rewrite("services: [{path: DEMO/world.tif, nam: three}]", `there is no member`)
	assert.Equal(t, []string{"one", "two"}, names(), "what is wrong changes nothing")
	assert.Contains(t, log.String(), "not reloaded")
	rewrite("services: [{path: DEMO/world.tif, name: one}]", "msg=reloaded services=1")
	assert.Equal(t, []string{"one"}, names())
	stop()
	asking.Wait()
	assert.Empty(t, faults)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Wait(), log.String())
}

// A generation is closed when the last of its requests has ended, and no earlier.
func TestGenerations(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	generation := func(name string, wait bool) *generation {
		rasters := new(exportimage.Opener)
		return &generation{rasters: rasters, health: &rest.Health{}, handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if wait {
				close(entered)
				<-leave
			}
			_, err := rasters.Rasters(r.Context(), demo+"world.tif")
			fmt.Fprint(w, name, " ", err)
		})}
	}
	l := new(live)
	old, newer := generation("old", true), generation("new", false)
	l.replace(old)
	ask := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		l.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	slow := make(chan string)
	go func() { slow <- ask("/").Body.String() }()
	<-entered
	l.replace(newer)
	assert.Equal(t, "new <nil>", ask("/").Body.String())
	close(leave)
	assert.Equal(t, "old <nil>", <-slow)
	_, err := old.rasters.Rasters(t.Context(), demo+"world.tif")
	require.Error(t, err, "it is closed")
	assert.Equal(t, http.StatusOK, ask("/readyz").Code)
	l.drain()
	third := generation("third", false)
	l.replace(third)
	assert.Equal(t, http.StatusServiceUnavailable, ask("/readyz").Code, "what comes later drains, too")
	l.replace(nil)
	l.drain()
	assert.Equal(t, http.StatusServiceUnavailable, ask("/").Code)
	_, err = third.rasters.Rasters(t.Context(), demo+"world.tif")
	require.Error(t, err)
}
