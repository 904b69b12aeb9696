package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// exportsWithFaults is how many exports TestFaults makes, or GEOEXPORT_FAULTS.
const exportsWithFaults = 300

// outcome is what became of a request.
type outcome struct {
	status  int
	body    []byte
	aborted bool // the connection ended in the middle
}

func (o outcome) String() string {
	return fmt.Sprintf("status %d, aborted %t: %.300q", o.status, o.aborted, o.body)
}

// serveOne sends a request to a handler, as a server would.
func serveOne(h http.Handler, path string) (o outcome) {
	w := httptest.NewRecorder()
	defer func() {
		if v := recover(); v != nil {
			if v != http.ErrAbortHandler {
				panic(v)
			}
			o = outcome{aborted: true}
		}
	}()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return outcome{status: w.Code, body: w.Body.Bytes()}
}

// ways are the ways to get an image: all give the same bytes.
var ways = []string{"image", "stored", "go", "stream"}

// ask gets an image in one of the ways.
func (w *faultyWorld) ask(way string, r faultRequest) outcome {
	q := url.Values{}
	maps.Copy(q, r.query)
	switch way {
	case "image":
		q.Set("f", "image")
		return serveOne(w.handlers[r.service], "/exportImage?"+q.Encode())
	case "stored":
		q.Set("f", "json")
		o := serveOne(w.handlers[r.service], "/exportImage?"+q.Encode())
		if o.status != http.StatusOK {
			return o
		}
		var j struct{ Href string }
		if err := json.Unmarshal(o.body, &j); err != nil {
			return outcome{status: -1, body: o.body}
		}
		if o = serveOne(w.handlers[r.service], strings.TrimPrefix(j.Href, "http://x")); o.status == http.StatusNotFound {
			o.aborted = true // others' files took its place
		}
		return o
	}
	req, err := params.ParseRequest(r.query)
	var res exportimage.Result
	if err == nil && way == "go" {
		res, err = w.services[r.service].Export(context.Background(), req)
	} else if err == nil {
		var buf bytes.Buffer
		res, err = w.services[r.service].ExportTo(context.Background(), &buf, req)
		res.Data = buf.Bytes()
	}
	if err == nil {
		return outcome{status: http.StatusOK, body: res.Data}
	}
	return goError(err)
}

// goError is the outcome that the handler would make of an error.
func goError(err error) outcome {
	e, ok := errors.AsType[*exportimage.Error](err)
	if !ok {
		return outcome{status: -1, body: []byte(err.Error())}
	}
	public := ""
	if p, ok := errors.AsType[interface {
		error
		Public() string
	}](err); ok {
		public = p.Public()
	} else if e.Kind != exportimage.Internal && e.Kind != exportimage.Timeout {
		public = e.Error()
	}
	status := map[exportimage.Kind]int{
		exportimage.Internal: 500, exportimage.Timeout: 504, exportimage.Unavailable: 503, exportimage.Unsupported: 501,
		exportimage.Invalid: 400, exportimage.TooLarge: 413, exportimage.Canceled: 499,
	}[e.Kind]
	body, _ := json.Marshal(map[string]any{"error": map[string]any{"code": status, "details": []string{public}}})
	return outcome{status: status, body: body}
}

// wrong reports why an outcome may not be, if the faultless one is want.
func wrong(got, want outcome, alone bool) string {
	switch {
	case got.aborted:
		return ""
	case got.status == want.status && bytes.Equal(got.body, want.body):
		return ""
	case got.status == want.status && want.status >= 400 && want.status != http.StatusInternalServerError:
		return "" // the same mistake, perhaps in other words
	case got.status < 500:
		return "is neither right nor an error of the server"
	case bytes.Contains(got.body, []byte("secret")), bytes.Contains(got.body, []byte("goroutine")):
		return "says what is not for strangers"
	}
	var j struct {
		Error struct {
			Code    int
			Details []string
		}
	}
	if err := json.Unmarshal(got.body, &j); err != nil || j.Error.Code != got.status {
		return "is no error in JSON"
	}
	details := strings.Join(j.Error.Details, "\n")
	named := slices.ContainsFunc([]string{`raster "part `, "temporary file", "store of images", "catalogue"},
		func(s string) bool { return strings.Contains(details, s) })
	// Who waits for others, or for a place, cannot know what holds them up.
	waited := !alone && (got.status == http.StatusServiceUnavailable || got.status == http.StatusGatewayTimeout)
	if !named && !waited {
		return "names nothing that failed"
	}
	return ""
}

// With faults in rasters, files, the catalogue, temporary files and the store, each of many random exports, alone and
// side by side, has the bytes that it has without faults, or an error that names what failed. None hangs, and no
// goroutine, file or memory is left. When the faults end, everything is right again: none was remembered.
//
// For more exports: GEOEXPORT_FAULTS=10000 go test ./exportimage/rest -run TestFaults -v -timeout 1h
func TestFaults(t *testing.T) {
	total := exportsWithFaults
	if testing.Short() {
		total = 40
	}
	if text := os.Getenv("GEOEXPORT_FAULTS"); text != "" {
		var err error
		total, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	rasters := newFaultyRasters(t)
	clean := rasters.serve(t, t.TempDir(), nil)
	before := takes(t)
	sum := faultSum{kinds: map[rastertest.Fault]int{}}
	for batch := 0; sum.exports < total; batch++ {
		rasters.batch(t, clean, uint64(batch), &sum)
		if t.Failed() {
			return
		}
	}
	after := takes(t)
	require.LessOrEqual(t, after.goroutines, before.goroutines)
	require.LessOrEqual(t, after.files, before.files)
	require.Less(t, after.heap, before.heap+32<<20)
	t.Logf("%d exports met %d faults: %d right, %d errors, %d cut off",
		sum.exports, sum.faults, sum.right, sum.errors, sum.aborted)
	t.Logf("faults: %v", sum.kinds)
	t.Logf("left: heap %d → %d kB, files %d → %d", before.heap>>10, after.heap>>10, before.files, after.files)
	require.Greater(t, sum.right, total/40)
	require.Greater(t, sum.errors, total/40)
}

type faultSum struct {
	mu                                      sync.Mutex
	exports, faults, right, errors, aborted int
	kinds                                   map[rastertest.Fault]int
}

func (s *faultSum) add(o outcome, want outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.exports++; {
	case o.aborted:
		s.aborted++
	case o.status == want.status:
		s.right++
	default:
		s.errors++
	}
}

type taken struct {
	goroutines, files int
	heap              uint64
}

// takes measures what the process takes.
func takes(t *testing.T) (n taken) {
	for range 3 { // pools live for two collections
		debug.FreeOSMemory()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	n.heap, n.goroutines = m.HeapAlloc, runtime.NumGoroutine()
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		n.files = len(entries)
	}
	return n
}

// batch makes new services with faults and exports some images, alone and side by side, and at last without faults.
func (r *faultyRasters) batch(t *testing.T, clean *faultyWorld, seed uint64, sum *faultSum) {
	const alone, beside = 16, 24
	rnd := rand.New(rand.NewPCG(seed, 7))
	type job struct {
		faultRequest
		way  string
		want outcome
	}
	var jobs []job
	for range alone + beside {
		j := job{faultRequest: r.request(rnd), way: ways[rnd.IntN(len(ways))]}
		j.want = clean.ask(j.way, j.faultRequest)
		require.False(t, j.want.aborted)
		jobs = append(jobs, j)
	}
	f := &rastertest.Faults{Seed: seed, Rate: []float64{.01, .05, .2}[seed%3], Delay: time.Second}
	dir := t.TempDir()
	check := func(j job, alone bool) {
		met := f.Total()
		o := r.world.ask(j.way, j.faultRequest)
		why := wrong(o, j.want, alone)
		if alone && (o.aborted || o.status >= 500 && o.status != j.want.status) && f.Total() == met {
			why = "fails without a fault"
		}
		if why != "" {
			t.Errorf("batch %d, %s of service %d, %s: %v %s; want %v", seed, j.way, j.service, j.query.Encode(), o, why, j.want)
		}
		sum.add(o, j.want)
	}
	synctest.Test(t, func(t *testing.T) {
		r.world = r.serve(t, dir, f)
		for _, j := range jobs[:alone] {
			check(j, true)
		}
		var group sync.WaitGroup
		for _, j := range jobs[alone:] {
			group.Go(func() { check(j, false) })
		}
		group.Wait()
		f.Pause(true)
		for _, j := range jobs {
			if o := r.world.ask(j.way, j.faultRequest); o.status != j.want.status || !bytes.Equal(o.body, j.want.body) {
				t.Errorf("batch %d, %s of service %d, %s: %v after the faults; want %v",
					seed, j.way, j.service, j.query.Encode(), o, j.want)
			}
		}
		r.world.close(t)
	})
	sum.faults += f.Total()
	for kind := rastertest.Fail; kind <= rastertest.OpenFail; kind++ {
		sum.kinds[kind] += f.Count(kind)
	}
}
