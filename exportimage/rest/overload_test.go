package rest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// A countedBody is a form of a request, and counts the bytes that are read of it.
type countedBody struct {
	*strings.Reader
	read atomic.Int64
}

func (c *countedBody) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read.Add(int64(n))
	return n, err
}

func (c *countedBody) Close() error { return nil }

// TestOverloadIsShedUnread: with a full queue a request is refused before its parameters and its body are read, unless it
// is shared, or small enough that another one makes room for it.
func TestOverloadIsShedUnread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = "size=1000,1000"
		large := strings.Replace(small, "size=32,32", size, 1)
		ds := newSlow(t)
		s, _ := service(ds)
		s.Stretch = []exportimage.Range{{Max: 1}}
		s.Limits = exportimage.Limits{Exports: 1, Queue: 3, Wait: time.Hour, Time: 2 * time.Hour}
		s.Gate = exportimage.NewGate(s.Limits)
		h := rest.NewHandler(s, nil)
		var group sync.WaitGroup
		var fine, shed atomic.Int64
		ask := func(target string) {
			group.Go(func() {
				switch w := get(h, target); w.Code {
				case http.StatusOK:
					fine.Add(1)
				case http.StatusServiceUnavailable:
					shed.Add(1)
				default:
					t.Errorf("%d: %s", w.Code, w.Body)
				}
			})
			synctest.Wait()
		}
		for i := range 4 {
			ask(large + fmt.Sprint("&noData=", i))
		}
		require.Equal(t, exportimage.Load{Running: 1, Waiting: 3}, without(s.Gate.Load()))

		// What is wrong with these is never seen.
		for _, wrong := range []string{"&bbox=nonsense", "&imageSR=x", "&%zz", "&mosaicRule={"} {
			for _, f := range []string{"f=image", "F=json", "f=kmz"} {
				target := strings.Replace(large, "f=image", f, 1) + wrong
				w := get(h, target)
				assert.Equal(t, http.StatusServiceUnavailable, w.Code, target)
				assert.NotEmpty(t, w.Header().Get("Retry-After"))
				assert.Contains(t, w.Body.String(), `"code":503`)
			}
		}
		assert.Equal(t, http.StatusBadRequest, get(h, "/exportImage?f=html&bbox=nonsense&"+size).Code, "a page, which says more")
		assert.Contains(t, get(h, strings.Replace(large, "f=image", "f=json", 1)+"&callback=show&bandIds=x").Body.String(), "show(")

		// A small one makes the last large one give way; an equal one is shared; neither is refused unread.
		ask(small + "&noData=7")
		assert.EqualValues(t, 1, shed.Load())
		ask(large + "&noData=0")
		assert.EqualValues(t, 1, shed.Load())
		require.Equal(t, exportimage.Load{Running: 1, Waiting: 3}, without(s.Gate.Load()))
		close(ds.release)
		group.Wait()
		assert.EqualValues(t, 5, fine.Load())
		assert.Equal(t, http.StatusBadRequest, get(h, large+"&bbox=nonsense").Code, "there is room again")
		assert.Equal(t, exportimage.Load{}, s.Gate.Load())
	})
}

// TestOverloadReadsNoBody: of a POST with its parameters in the query, the body is left unread.
func TestOverloadReadsNoBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ds := newSlow(t)
		s, _ := service(ds)
		s.Stretch = []exportimage.Range{{Max: 1}}
		s.Limits = exportimage.Limits{Exports: 1, Queue: 2, Wait: time.Hour, Time: 2 * time.Hour}
		s.Gate = exportimage.NewGate(s.Limits)
		h := rest.NewHandler(s, nil)
		var group sync.WaitGroup
		for i := range 3 {
			// Of the smallest class, so that no other makes room.
			group.Go(func() { get(h, strings.Replace(small, "size=32,32", "size=1,1", 1)+fmt.Sprint("&noData=", i)) })
		}
		synctest.Wait()
		body := &countedBody{Reader: strings.NewReader("bbox=" + strings.Repeat("1,", 100_000))}
		r := httptest.NewRequest(http.MethodPost, "/exportImage?f=image", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		assert.Equal(t, http.StatusServiceUnavailable, do(h, r).Code)
		assert.Zero(t, body.read.Load())
		close(ds.release)
		group.Wait()
	})
}

// TestSharedDeadlines: an export that several callers share knows the latest of their deadlines, and ends with it.
func TestSharedDeadlines(t *testing.T) {
	setup := func(t *testing.T) (*slow, *exportimage.Service, func(target string, timeout time.Duration) <-chan int) {
		ds := newSlow(t)
		s, _ := service(ds)
		s.Stretch = []exportimage.Range{{Max: 1}}
		s.Limits = exportimage.Limits{Exports: 1, Queue: 10, Wait: time.Hour, Time: 2 * time.Hour}
		s.Gate = exportimage.NewGate(s.Limits)
		h := rest.NewHandler(s, nil)
		return ds, s, func(target string, timeout time.Duration) <-chan int {
			code := make(chan int, 1)
			go func() {
				ctx := context.Background()
				if timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, timeout)
					defer cancel()
				}
				code <- do(h, httptest.NewRequest(http.MethodGet, target, nil).WithContext(ctx)).Code
			}()
			synctest.Wait()
			return code
		}
	}
	t.Run("it ends with the last", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ds, s, ask := setup(t)
			first, second := ask(small, time.Second), ask(small, 3*time.Second)
			assert.Equal(t, http.StatusGatewayTimeout, <-first)
			assert.Equal(t, 1, s.Gate.Load().Running, "the second waits")
			start := time.Now()
			assert.Equal(t, http.StatusGatewayTimeout, <-second)
			assert.Equal(t, 2*time.Second, time.Since(start))
			synctest.Wait()
			assert.Equal(t, exportimage.Load{}, s.Gate.Load(), "nobody waits any more")
			assert.EqualValues(t, 1, ds.started.Load())
		})
	})
	t.Run("it leaves the queue in time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ds, s, ask := setup(t)
			// One takes ten seconds, so that the gate knows how long they take.
			first := ask(small+"&noData=1", 0)
			time.Sleep(10 * time.Second)
			ds.release <- struct{}{}
			require.Equal(t, http.StatusOK, <-first)
			running := ask(small+"&noData=2", 0)
			start := time.Now()
			hurried := ask(small+"&noData=3", 15*time.Second)
			assert.Equal(t, http.StatusServiceUnavailable, <-hurried)
			assert.Less(t, time.Since(start), 6*time.Second, "as soon as it cannot be ready any more")
			require.Equal(t, exportimage.Load{Running: 1}, without(s.Gate.Load()))

			start = time.Now()
			hurried, patient := ask(small+"&noData=4", 15*time.Second), ask(small+"&noData=4", 40*time.Second)
			assert.Equal(t, http.StatusGatewayTimeout, <-hurried, "the export goes on for the other one")
			assert.Equal(t, 1, s.Gate.Load().Waiting)
			assert.Equal(t, http.StatusServiceUnavailable, <-patient)
			assert.InDelta(t, 30, time.Since(start).Seconds(), 1)
			close(ds.release)
			assert.Equal(t, http.StatusOK, <-running)
			synctest.Wait()
			assert.Equal(t, exportimage.Load{}, s.Gate.Load())
		})
	})
}
