package rest_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// slow is a dataset whose reads wait until they are released, or until their context ends.
type slow struct {
	*rastertest.Memory
	started atomic.Int64
	release chan struct{}
}

func (s *slow) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	s.started.Add(1)
	select {
	case <-s.release:
		return s.Memory.Read(ctx, dst, level, win, bands)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func newSlow(t testing.TB) *slow { return &slow{Memory: ramp(t), release: make(chan struct{})} }

const small = "/exportImage?f=image&bbox=0,0,32,32&size=32,32&interpolation=RSP_NearestNeighbor"

// T98: many equal requests make one export; a caller who goes away ends only its own request.
func TestT98EqualRequestsShareOneExport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ds := newSlow(t)
		s, _ := service(ds)
		s.Stretch = []exportimage.Range{{Max: 1}} // no reads for statistics
		h := rest.NewHandler(s, nil)
		ctx, cancel := context.WithCancel(context.Background())
		var codes [50]int
		var group sync.WaitGroup
		for i := range codes {
			group.Go(func() {
				r := httptest.NewRequest(http.MethodGet, small, nil)
				if i == 0 {
					r = r.WithContext(ctx)
				}
				codes[i] = do(h, r).Code
			})
		}
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(ds.release)
		group.Wait()
		assert.EqualValues(t, 1, ds.started.Load())
		for i, code := range codes[1:] {
			assert.Equal(t, http.StatusOK, code, "caller %d", i+1)
		}

		// A failure is not kept for who comes next.
		ds.Err = assert.AnError
		assert.Equal(t, http.StatusInternalServerError, get(h, small+"&noData=1").Code)
		ds.Err = nil
		assert.Equal(t, http.StatusOK, get(h, small+"&noData=1").Code)
	})
}

// T97: an export ends when nobody waits for it any more, and when its time is over.
func TestT97AbandonedExportsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ds := newSlow(t)
		s, _ := service(ds)
		s.Stretch = []exportimage.Range{{Max: 1}} // no reads for statistics
		s.Limits.Time = time.Minute
		h := rest.NewHandler(s, nil)
		ctx, cancel := context.WithCancel(context.Background())
		var group sync.WaitGroup
		group.Go(func() {
			assert.Equal(t, 499, do(h, httptest.NewRequest(http.MethodGet, small, nil).WithContext(ctx)).Code)
		})
		synctest.Wait()
		start := time.Now()
		cancel()
		group.Wait()
		assert.Zero(t, time.Since(start))

		w := get(h, small)
		assert.Equal(t, http.StatusGatewayTimeout, w.Code)
		assert.Equal(t, time.Minute, time.Since(start))
	})
}

// Under overload, some requests wait a little and the rest are refused.
func TestOverloadIsShed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ds := newSlow(t)
		s, _ := service(ds)
		s.Stretch = []exportimage.Range{{Max: 1}} // no reads for statistics
		s.Limits = exportimage.Limits{Exports: 2, Queue: 3, Wait: 4 * time.Second}
		h := rest.NewHandler(s, nil)
		var shed, timed, fine atomic.Int64
		var group sync.WaitGroup
		start := time.Now()
		for i := range 20 {
			group.Go(func() {
				w := get(h, small+"&noData="+string(rune('0'+i%10))+string(rune('0'+i/10)))
				switch {
				case w.Code == http.StatusOK:
					fine.Add(1)
				case time.Since(start) == 0:
					shed.Add(1)
				default:
					timed.Add(1)
				}
				if w.Code != http.StatusOK {
					assert.Equal(t, http.StatusServiceUnavailable, w.Code)
					assert.Equal(t, "4", w.Header().Get("Retry-After"))
				}
			})
		}
		time.Sleep(5 * time.Second)
		close(ds.release)
		group.Wait()
		assert.EqualValues(t, [3]int64{15, 3, 2}, [3]int64{shed.Load(), timed.Load(), fine.Load()})
	})
}

func TestPicturesHaveATag(t *testing.T) {
	h := handler(t)
	w := get(h, documented+"&f=image&size=20,20")
	tag := w.Header().Get("ETag")
	require.NotEmpty(t, tag)
	assert.Equal(t, "no-cache", w.Header().Get("Cache-Control"))
	assert.Contains(t, w.Header().Get("Server-Timing"), "warp;dur=")
	for header, status := range map[string]int{tag: 304, `"x", W/` + tag: 304, "*": 304, `"x"`: 200, "": 200} {
		r := httptest.NewRequest(http.MethodGet, documented+"&f=image&size=20,20", nil)
		r.Header.Set("If-None-Match", header)
		w := do(h, r)
		assert.Equal(t, status, w.Code, header)
		assert.Equal(t, status == 200, w.Body.Len() > 0)
	}
	assert.NotEqual(t, tag, get(h, documented+"&f=image&size=21,20").Header().Get("ETag"))
}

func TestTextIsCompressed(t *testing.T) {
	h := handler(t)
	want := get(h, "/exportImage").Body.String()
	for header, packed := range map[string]bool{"gzip, br": true, "br;q=1, gzip;q=0.5": true, "gzip;q=0": false, "br": false, "": false} {
		r := httptest.NewRequest(http.MethodGet, "/exportImage", nil)
		r.Header.Set("Accept-Encoding", header)
		w := do(h, r)
		assert.Equal(t, packed, w.Header().Get("Content-Encoding") == "gzip", header)
		assert.Contains(t, w.Header().Values("Vary"), "Accept-Encoding")
		if packed {
			z, err := gzip.NewReader(w.Body)
			require.NoError(t, err)
			got := new(bytes.Buffer)
			_, err = got.ReadFrom(z)
			require.NoError(t, err)
			assert.Equal(t, want, got.String())
		}
	}
}

// T99: for a while, twice as many ask as can be served. Those that are let in wait no longer than the limits say, the
// others are turned away with a time to come back, and nothing is left over.
func TestT99OverloadIsShedForAsLongAsItLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const read, exports, minutes = 100 * time.Millisecond, 4, 1
		limits := exportimage.Limits{Exports: exports, Queue: 2 * exports, Wait: time.Second, Workers: 1}
		ds := &lagging{Memory: ramp(t), lag: read}
		s, _ := service(ds)
		s.Stretch = []exportimage.Range{{Max: 1}} // no reads for statistics
		s.Limits = limits
		h := rest.NewHandler(s, nil)
		get(h, small) // what is made once

		var fine, shed atomic.Int64
		var worst atomic.Int64
		var clients sync.WaitGroup
		end := time.Now().Add(minutes * time.Minute)
		// Each client asks again 50 ms after its answer: three waiting or served for each place, and as many again.
		for client := range 6 * exports {
			clients.Go(func() {
				for n := 0; time.Now().Before(end); n++ {
					start := time.Now()
					w := get(h, fmt.Sprintf("%s&noData=-%d.%d", small, client+1, n)) // no two alike
					switch w.Code {
					case http.StatusOK:
						fine.Add(1)
					case http.StatusServiceUnavailable:
						shed.Add(1)
						assert.Equal(t, "1", w.Header().Get("Retry-After"))
					default:
						t.Errorf("%d: %s", w.Code, w.Body)
					}
					if took := int64(time.Since(start)); took > worst.Load() {
						worst.Store(took)
					}
					time.Sleep(50 * time.Millisecond)
				}
			})
		}
		clients.Wait()
		synctest.Wait()
		capacity := int64(minutes * time.Minute / read * exports)
		assert.InDelta(t, capacity, fine.Load(), float64(capacity)/10, "no place stays empty")
		assert.Greater(t, shed.Load(), capacity/2)
		assert.LessOrEqual(t, time.Duration(worst.Load()), limits.Wait+read)
	}) // which returns when no goroutine is left that was started in it
}

// lagging is a dataset whose reads take their time.
type lagging struct {
	*rastertest.Memory
	lag time.Duration
}

func (l *lagging) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	time.Sleep(l.lag)
	return l.Memory.Read(ctx, dst, level, win, bands)
}

// A client that takes its time to read an image does not keep others from theirs.
func TestSlowClientsHoldNoPlace(t *testing.T) {
	s, _ := service(ramp(t))
	s.Limits = exportimage.Limits{Exports: 1, Queue: 1, Wait: time.Minute}
	h := rest.NewHandler(s, nil)
	stuck := &stuckWriter{header: http.Header{}, started: make(chan struct{}), release: make(chan struct{})}
	var group sync.WaitGroup
	group.Go(func() { h.ServeHTTP(stuck, httptest.NewRequest(http.MethodGet, small, nil)) })
	<-stuck.started
	assert.Equal(t, http.StatusOK, get(h, small+"&noData=1").Code)
	close(stuck.release)
	group.Wait()
}

// stuckWriter is a connection whose other side reads nothing until it is let go.
type stuckWriter struct {
	header           http.Header
	once             sync.Once
	started, release chan struct{}
}

func (w *stuckWriter) Header() http.Header { return w.header }
func (w *stuckWriter) WriteHeader(int)     {}
func (w *stuckWriter) Write(p []byte) (int, error) {
	w.once.Do(func() { close(w.started) })
	<-w.release
	return len(p), nil
}
