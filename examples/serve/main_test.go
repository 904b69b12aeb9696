package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/testdata"
)

func TestMain(m *testing.M) { commandtest.Main(m, main) }

// grace is how long a test waits for a server to end.
const grace = 10 * time.Second

const demo = "../../testdata/demo/"

// A running is a server that was started by a test.
type running struct {
	t      *testing.T
	stdout *buffer
	log    *buffer
	client *http.Client
	cancel context.CancelCauseFunc
	ended  chan error
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var directoryLine = regexp.MustCompile(`^directory: (http://127\.0\.0\.1:\d+)/arcgis/rest/services/\n`)

// start runs the program on a free port and waits until it has announced all services.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	transport := &http.Transport{}
	r := &running{t: t, stdout: &buffer{}, log: &buffer{}, cancel: cancel, ended: make(chan error, 1)}
	r.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	t.Cleanup(transport.CloseIdleConnections)
	go func() { r.ended <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), r.stdout, r.log) }()
	require.Eventually(t, func() bool { return directoryLine.MatchString(r.stdout.String()) }, 10*time.Second, time.Millisecond)
	resp, _ := r.get(r.base() + root) // answered once all is announced
	require.Equal(t, http.StatusOK, resp.StatusCode)
	return r
}

func (r *running) base() string { return directoryLine.FindStringSubmatch(r.stdout.String())[1] }

func (r *running) get(url string) (*http.Response, []byte) {
	r.t.Helper()
	resp, err := r.client.Get(url)
	require.NoError(r.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	return resp, body
}

// names are the services in the directory.
func (r *running) names() []string {
	r.t.Helper()
	_, body := r.get(r.base() + root + "/?f=json")
	var d struct {
		Services []struct{ Name, Type string } `json:"services"`
	}
	require.NoError(r.t, json.Unmarshal(body, &d), "%s", body)
	var names []string
	for _, s := range d.Services {
		assert.Equal(r.t, "ImageServer", s.Type)
		names = append(names, s.Name)
	}
	return names
}

// stop ends the server as a signal would.
func (r *running) stop() {
	r.t.Helper()
	r.cancel(errors.New("the test is over"))
	select {
	case err := <-r.ended:
		require.NoError(r.t, err)
	case <-time.After(grace):
		require.Fail(r.t, "the server does not end")
	}
}

// demoNames are the services of the demo, found out otherwise than by the program.
func demoNames(t *testing.T) (names []string) {
	entries, err := testdata.Demo.ReadDir("demo")
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".tif"))
	}
	require.NotEmpty(t, names)
	return names
}

func TestDemo(t *testing.T) {
	r := start(t)
	defer r.stop()
	assert.Equal(t, demoNames(t), r.names())
	for _, name := range demoNames(t) {
		at := r.base() + root + "/" + name + "/ImageServer"
		assert.Contains(t, r.stdout.String(), name)
		resp, body := r.get(at + "?f=json")
		require.Equal(t, http.StatusOK, resp.StatusCode)
		var about struct{ Name, Description string }
		require.NoError(t, json.Unmarshal(body, &about))
		assert.Equal(t, name, about.Name)
		assert.NotEmpty(t, about.Description, "aboutDemo does not know %s", name)
		resp, _ = r.get(at + "/")
		assert.Contains(t, resp.Header.Get("Content-Type"), "text/html")
	}
	assert.Empty(t, r.log.String())
}

// The program prints one URL, in the first of two lines, and it is that of a page which links the services.
func TestPrintedURL(t *testing.T) {
	r := start(t)
	defer r.stop()
	assert.Equal(t, 2, strings.Count(r.stdout.String(), "\n"))
	urls := regexp.MustCompile(`http://\S+`).FindAllString(r.stdout.String(), -1)
	require.Len(t, urls, 1)
	resp, body := r.get(urls[0])
	require.Equal(t, http.StatusOK, resp.StatusCode)
	for _, name := range demoNames(t) {
		assert.Contains(t, string(body), `href="`+root+`/`+name+`/ImageServer/"`)
	}
	var many []*exportimage.Service
	for i := range 12 {
		many = append(many, &exportimage.Service{Name: fmt.Sprint("s", i)})
	}
	var out bytes.Buffer
	require.NoError(t, announce(&out, "http://h", many))
	assert.Equal(t, "directory: http://h/arcgis/rest/services/\nservices: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, and 2 more\n", out.String())
}

func TestRoot(t *testing.T) {
	r := start(t)
	defer r.stop()
	for _, above := range []string{"/", "/arcgis", "/arcgis/", "/arcgis/rest", "/arcgis/rest/"} {
		resp, _ := r.get(r.base() + above)
		assert.Equal(t, http.StatusFound, resp.StatusCode, above)
		assert.Equal(t, root+"/", resp.Header.Get("Location"), above)
	}
	for short, want := range map[string]string{
		"/services/world": "/world", "/services": "/", "/rest/services/world/ImageServer?f=json": "/world/ImageServer?f=json",
		"/arcgis/services/world/ImageServer/WMSServer?REQUEST=GetCapabilities": "/world/ImageServer/WMSServer?REQUEST=GetCapabilities",
		"/services/%2fevil.example": "/evil.example",
	} {
		resp, _ := r.get(r.base() + short)
		assert.Equal(t, http.StatusFound, resp.StatusCode, short)
		assert.Equal(t, root+want, resp.Header.Get("Location"), short)
	}
	resp, body := r.get(r.base() + "/elsewhere")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
	assert.Contains(t, string(body), `<a href="`+root+`/">Services</a>`)
	resp, _ = r.get(r.base() + "/world/ImageServer")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
	resp, body = r.get(r.base() + "/elsewhere?f=json")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
	assert.True(t, json.Valid(body))
	resp, _ = r.get(r.base() + root + "/nobody/ImageServer?f=json")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
}

func TestPaths(t *testing.T) {
	dir := t.TempDir()
	odd := filepath.Join(dir, "a=b.tif")
	text, err := os.ReadFile(demo + "puertorico_landcover.tif")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(odd, text, 0o600))

	r := start(t, "-demo=false", demo+"world.tif", "earth="+demo+"world.tif", demo+"olinda_mosaic",
		"coarse="+demo+"olinda_mosaic/*coarse*", "Two words="+demo+"world.tif", odd)
	defer r.stop()
	assert.Equal(t, []string{"Two words", "a=b", "coarse", "earth", "olinda_mosaic", "world"}, r.names())
	_, coarse := r.get(r.base() + root + "/coarse/ImageServer/exportImage?f=image&size=10,10&bboxSR=4326&bbox=-34.91,-8.03,-34.83,-7.96")
	_, all := r.get(r.base() + root + "/olinda_mosaic/ImageServer/exportImage?f=image&size=10,10&bboxSR=4326&bbox=-34.91,-8.03,-34.83,-7.96")
	assert.False(t, bytes.Equal(coarse, all))
}

func TestPathsBesideTheDemo(t *testing.T) {
	r := start(t, "-demo", "mine="+demo+"world.tif")
	defer r.stop()
	assert.ElementsMatch(t, append(demoNames(t), "mine"), r.names())
}

func TestBadInput(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	world := demo + "world.tif"
	for _, c := range []struct {
		name  string
		args  []string
		want  string
		usage bool
	}{
		{"unknown flag", []string{"-port", "80"}, "flag provided but not defined: -port", true},
		{"flag that is no truth", []string{"-demo=maybe"}, `invalid boolean value "maybe"`, true},
		{"scheme that is none", []string{"-tiles", "mercator"}, `-tiles "mercator" is not web, own or elevation`, true},
		{"nothing", []string{"-demo=false"}, "there is nothing to serve", true},
		{"cache that is too large", []string{"-cache", "1048577"}, "-cache 1048577 is not between 0 and 1048576", true},
		{"size below zero", []string{"-max-size", "-1"}, "-max-size -1 is not between", true},
		{"level that is none", []string{"-log", "loud"}, "-log", true},
		{"origin that is none", []string{"-cors", "maps.example.org"}, `"maps.example.org" is not like https://maps.example.org`, true},
		{"origin with a path", []string{"-cors", "https://a.example,https://b.example/x"}, `"https://b.example/x" is not like`, true},
		{"configuration that is missing", []string{"-config", "none.yaml"}, "none.yaml: ", false},
		{"missing file", []string{"none.tif"}, "none.tif: ", false},
		{"no raster", []string{"main.go"}, "main.go: it is neither a raster", false},
		{"folder without rasters", []string{"."}, "no .tif or .tiff file in the folder", false},
		{"name that the demo has", []string{"-demo", world}, `there is a service "world" already, from the demo`, true},
		{"name twice", []string{"-demo=false", "a=" + world, "A=" + demo + "olinda_mosaic"},
			`olinda_mosaic: there is a service "A" already, from ` + world, true},
		{"no name for a service", []string{"..=" + world}, `a service cannot be called ".."`, true},
		{"address in use", []string{"-addr", taken.Addr().String()}, taken.Addr().String(), false},
		{"address that is none", []string{"-addr", "nonsense"}, "nonsense", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, log bytes.Buffer
			err := run(t.Context(), append([]string{"-addr", "127.0.0.1:0"}, c.args...), &out, &log)
			require.ErrorContains(t, err, c.want)
			assert.NotContains(t, err.Error(), "\n")
			_, usage := errors.AsType[*command.UsageError](err)
			assert.Equal(t, c.usage, usage)
			assert.Empty(t, out.String())
		})
	}
}

func TestHelp(t *testing.T) {
	var out, log bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-h"}, &out, &log))
	assert.Contains(t, out.String(), "usage: serve [flags] [[NAME=]PATH...]")
	assert.Contains(t, out.String(), "-addr address")
}

func TestCancelledStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, log bytes.Buffer
	require.ErrorIs(t, run(ctx, []string{"-addr", "127.0.0.1:0"}, &out, &log), context.Canceled)
}

func TestOutputThatFails(t *testing.T) {
	r, w := io.Pipe()
	r.CloseWithError(errors.New("nobody listens"))
	require.EqualError(t, run(t.Context(), []string{"-addr", "127.0.0.1:0"}, w, io.Discard), "nobody listens")
}

// A service of rasters that do not go together serves what it can, and logs a warning.
func TestServiceThatCannotBeDrawnAsAWhole(t *testing.T) {
	r := start(t, "-demo=false", "all="+demo)
	defer r.stop()
	assert.Contains(t, r.stdout.String(), "services: all\n")
	assert.Contains(t, r.log.String(), "the whole of a service cannot be drawn")
}

// Requests that run when the signal comes are answered.
func TestRequestsAreFinished(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-ctx.Done()
		time.Sleep(50 * time.Millisecond) // the server is ending meanwhile
		assert.NoError(t, r.Context().Err())
		_, _ = io.WriteString(w, "finished")
	})
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, h, slog.New(slog.DiscardHandler), ending{grace: grace}) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + listener.Addr().String())
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, "finished", string(body))
	require.NoError(t, <-ended)
	_, err = client.Get("http://" + listener.Addr().String())
	require.Error(t, err, "nobody listens any more")
}

// Requests that take longer than the grace are cut off.
func TestRequestsAreCutOff(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan struct{})
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		close(gone)
		panic(http.ErrAbortHandler) // no answer, even if the connection is still there to take it
	})
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, listener, h, slog.New(slog.DiscardHandler), ending{grace: 20 * time.Millisecond})
	}()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	_, err = client.Get("http://" + listener.Addr().String())
	require.Error(t, err)
	require.EqualError(t, <-ended, "requests that were not answered after 20ms were cut off")
	<-gone
}

func TestBaseURL(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:80": "http://127.0.0.1:80", "[::1]:80": "http://[::1]:80",
		"0.0.0.0:80": "http://localhost:80", "[::]:80": "http://localhost:80",
	} {
		a, err := net.ResolveTCPAddr("tcp", addr)
		require.NoError(t, err)
		assert.Equal(t, want, baseURL(a))
	}
}

// Links lead to the address that the server listens at or the one that it was given, whatever Host a request names.
func TestLinks(t *testing.T) {
	link := func(r *running) string {
		req, err := http.NewRequest(http.MethodGet, r.base()+root+"/world/ImageServer/exportImage?f=json&size=9&bbox=0,0,5,5", nil)
		require.NoError(t, err)
		req.Host = "evil.example"
		req.Header.Set("X-Forwarded-Host", "evil.example")
		resp, err := r.client.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		var got struct{ Href string }
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&got))
		return got.Href
	}
	r := start(t)
	defer r.stop()
	assert.True(t, strings.HasPrefix(link(r), r.base()+root+"/world/ImageServer/exportImage?"))
	resp, _ := r.get(link(r))
	assert.Equal(t, "image/png", resp.Header.Get("Content-Type"))

	named := start(t, "-url", "https://gis.example.org/x/", "-demo=false", demo+"world.tif")
	defer named.stop()
	assert.True(t, strings.HasPrefix(link(named), "https://gis.example.org/x"+root+"/world/ImageServer/exportImage?"))

	for addr, want := range map[string]string{"0.0.0.0:80": "", "[::]:80": "", "127.0.0.1:80": "http://127.0.0.1:80"} {
		a, err := net.ResolveTCPAddr("tcp", addr)
		require.NoError(t, err)
		assert.Equal(t, want, linkBase("", a))
		assert.Equal(t, "http://h", linkBase("http://h/", a))
	}
}

// Browsers guess the type of no answer, nor of the redirects and the errors of the mux.
func TestNoAnswerIsSniffed(t *testing.T) {
	r := start(t)
	defer r.stop()
	for _, path := range []string{"/", "/none", "//", "/x/../y", root, root + "//world", root + "/world/ImageServer?f=json", "/arcgis/rest/info"} {
		resp, _ := r.get(r.base() + path)
		assert.Equal(t, []string{"nosniff"}, resp.Header["X-Content-Type-Options"], path)
	}
}

func TestSplitName(t *testing.T) {
	for arg, want := range map[string][2]string{
		"a.tif": {"", "a.tif"}, "n=a.tif": {"n", "a.tif"}, "n=a=b.tif": {"n", "a=b.tif"}, "./a=b.tif": {"", "./a=b.tif"},
		`d\a=b.tif`: {"", `d\a=b.tif`}, "=a.tif": {"", "=a.tif"}, "n=": {"n", ""},
	} {
		name, path := splitName(arg)
		assert.Equal(t, want, [2]string{name, path}, arg)
	}
}

// The demo's mosaic has the attributes of its table.
func TestDemoAttributes(t *testing.T) {
	first, err := newShared(options{demo: true}, schemes{}, slog.New(slog.DiscardHandler)).open(t.Context())
	require.NoError(t, err)
	defer first.rasters.Close()
	mosaics := 0
	for _, s := range first.services {
		if _, err := testdata.Demo.ReadFile(path.Join("demo", s.Name, "catalog.csv")); err != nil {
			continue
		}
		mosaics++
		for it, err := range s.Catalog.Items(t.Context(), mosaic.Query{}) {
			require.NoError(t, err)
			assert.NotEmpty(t, it.Attrs, "%s of %s", it.Name, s.Name)
		}
	}
	assert.Positive(t, mosaics)
}

// A signal ends the program with status 0.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes there cannot be sent a signal")
	}
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			cmd := commandtest.Command(t.Context(), "-addr", "127.0.0.1:0")
			var out, log buffer
			cmd.Stdout, cmd.Stderr = &out, &log
			require.NoError(t, cmd.Start())
			require.Eventually(t, func() bool { return directoryLine.MatchString(out.String()) }, 10*time.Second, time.Millisecond)
			resp, err := http.Get(directoryLine.FindStringSubmatch(out.String())[1] + root + "?f=json")
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			http.DefaultClient.CloseIdleConnections()
			require.NoError(t, cmd.Process.Signal(s))
			require.NoError(t, cmd.Wait(), "%s", log.String())
			assert.Contains(t, log.String(), "signal received")
		})
	}
}

// URLs are services like paths: of rasters, and of STAC items whose assets lie far.
func TestURLs(t *testing.T) {
	files := http.FileServer(http.Dir("../../testdata/demo"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/item.json" {
			fmt.Fprintf(w, `{"type":"Feature","id":"A","properties":{},"geometry":{"type":"Polygon","coordinates":
				[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]},"assets":{"data":{"href":"http://%s/world.tif"},"b":{"href":"none"}}}`, r.Host)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()
	r := start(t, "-demo=false", "-private", "-asset", "data", "-keep", t.TempDir(), server.URL+"/item.json", "near=../../testdata/demo/world.tif")
	defer r.stop()
	assert.Equal(t, []string{"item", "near"}, r.names())
	var images [][]byte
	for _, name := range r.names() {
		resp, body := r.get(r.base() + root + "/" + name + "/ImageServer/exportImage?bbox=-180,-90,180,90&size=80,40&f=image")
		require.Equal(t, http.StatusOK, resp.StatusCode, "%s", body)
		images = append(images, body)
	}
	assert.Equal(t, images[1], images[0])
	err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-demo=false", server.URL + "/item.json"}, io.Discard, io.Discard)
	require.ErrorAs(t, err, new(*source.AddressError))
}
