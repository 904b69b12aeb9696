package httpsource_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/faultserver"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

// TestOneRequest: those who want the same bytes at the same time wait for one request, also if the one who asked first
// gives up.
func TestOneRequest(t *testing.T) {
	data := noise(1 << 20)
	h := &faultserver.Handler{}
	h.Put("/a", data)
	var waiting atomic.Pointer[chan struct{}]
	var held atomic.Int32
	at, c := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hold := waiting.Load(); hold != nil {
			held.Add(1)
			select {
			case <-*hold:
			case <-r.Context().Done():
				return
			}
		}
		h.ServeHTTP(w, r)
	}), &httpsource.Client{})
	src, err := c.Open(t.Context(), at+"/a")
	require.NoError(t, err)
	hold := make(chan struct{})
	waiting.Store(&hold)
	first, cancel := context.WithCancel(t.Context())
	read := func(ctx context.Context) error {
		p := make([]byte, 1000)
		err := src.ReadRanges(ctx, []source.Range{{Offset: 100_000, Buffer: p}})
		if err == nil {
			assert.Equal(t, data[100_000:101_000], p)
		}
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { assert.ErrorIs(t, read(first), context.Canceled) })
	require.Eventually(t, func() bool { return held.Load() == 1 }, 10*time.Second, time.Millisecond)
	for range 20 {
		wg.Go(func() { assert.NoError(t, read(t.Context())) })
	}
	cancel()
	require.Eventually(t, func() bool { return held.Load() == 2 }, 10*time.Second, time.Millisecond)
	time.Sleep(20 * time.Millisecond)
	close(hold)
	wg.Wait()
	assert.LessOrEqual(t, held.Load(), int32(4)) // some may come when it is over
}

// TestSharedRanges: of several ranges, those that others are fetching are not fetched again.
func TestSharedRanges(t *testing.T) {
	data := noise(1 << 20)
	h := &faultserver.Handler{}
	h.Put("/a", data)
	hold := make(chan struct{})
	var held, waiting atomic.Int32
	at, c := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if waiting.Load() > 0 {
			held.Add(1)
			<-hold
		}
		h.ServeHTTP(w, r)
	}), &httpsource.Client{})
	src, err := c.Open(t.Context(), at+"/a")
	require.NoError(t, err)
	waiting.Store(1)
	read := func(offsets ...int64) {
		var ranges []source.Range
		for _, off := range offsets {
			ranges = append(ranges, source.Range{Offset: off, Buffer: make([]byte, 1000)})
		}
		assert.NoError(t, src.ReadRanges(t.Context(), ranges))
		for _, r := range ranges {
			assert.Equal(t, data[r.Offset:r.Offset+1000], r.Buffer)
		}
	}
	before := h.Bytes()
	var wg sync.WaitGroup
	wg.Go(func() { read(100_000, 101_000) })
	require.Eventually(t, func() bool { return held.Load() == 1 }, 10*time.Second, time.Millisecond)
	wg.Go(func() { read(99_000, 100_000, 101_000, 102_000) })
	require.Eventually(t, func() bool { return held.Load() == 2 }, 10*time.Second, time.Millisecond)
	close(hold)
	wg.Wait()
	assert.EqualValues(t, 2, held.Load())
	assert.Equal(t, before+2000+4000, h.Bytes(), "the second range spans the gap")
}
