package rest_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
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

// Fourteen services of a directory run no more exports side by side than one, shed what is too much, and leave nothing
// behind.
func TestDirectorySharesOneGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most, wait = 4, 2 * time.Second
		ds := newSlow(t)
		var services []*exportimage.Service
		for i := range 14 {
			s, _ := service(ds)
			s.Name = fmt.Sprint("s", i)
			s.Stretch = []exportimage.Range{{Max: 1}}
			s.Limits = exportimage.Limits{Exports: most, Queue: 16, Wait: wait, Workers: 1}
			services = append(services, s)
		}
		own := exportimage.NewGate(exportimage.Limits{Exports: 1})
		services[13].Gate = own
		h := rest.NewDirectory(services, nil)
		for _, s := range services[:13] {
			assert.Same(t, services[0].Gate, s.Gate)
			assert.Same(t, services[0].Cache, s.Cache)
		}
		assert.Same(t, own, services[13].Gate)

		var fine, shed atomic.Int64
		var group sync.WaitGroup
		for i := range 13 * 10 {
			group.Go(func() {
				start := time.Now()
				w := get(h, fmt.Sprintf("/s%d/ImageServer%s&noData=%d", i%13, small, i))
				switch w.Code {
				case http.StatusOK:
					fine.Add(1)
				case http.StatusServiceUnavailable:
					shed.Add(1)
					assert.LessOrEqual(t, time.Since(start), wait)
					assert.Equal(t, "2", w.Header().Get("Retry-After"))
				default:
					t.Errorf("%d: %s", w.Code, w.Body)
				}
			})
		}
		synctest.Wait()
		assert.EqualValues(t, most, ds.started.Load())
		assert.Equal(t, exportimage.Load{Running: most, Waiting: 16}, without(services[0].Gate.Load()))
		assert.EqualValues(t, 13*10-most-16, shed.Load(), "shed without waiting")
		close(ds.release)
		group.Wait()
		assert.EqualValues(t, most+16, fine.Load())
		assert.Equal(t, exportimage.Load{}, services[0].Gate.Load())
	})
}

// without returns a load without its bytes.
func without(l exportimage.Load) exportimage.Load {
	return exportimage.Load{Running: l.Running, Waiting: l.Waiting}
}

// A large answer waits in a temporary file, which counts until the last client has read it, and is gone then.
func TestLargeAnswersAreSpooled(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s, _ := service(ramp(t))
	s.Gate = &exportimage.Gate{}
	h := rest.NewHandler(s, &rest.Options{Parts: rest.StoreLimits{Bytes: 1}}) // which keeps nothing
	const large = "/exportImage?f=image&bbox=0,0,32,32&size=1500,1000&format=bip&pixelType=F64"
	const bytes = 1500*1000*8 + 1500*1000/8
	stuck := &stuckWriter{header: http.Header{}, started: make(chan struct{}), release: make(chan struct{})}
	var group sync.WaitGroup
	group.Go(func() { h.ServeHTTP(stuck, httptest.NewRequest(http.MethodGet, large, nil)) })
	<-stuck.started
	assert.Equal(t, exportimage.Load{Spool: bytes}, s.Gate.Load(), "no place, and no more than there is")

	w := get(h, large)
	require.Equal(t, http.StatusOK, w.Code)
	res, err := s.Export(t.Context(), parse(t, "bbox=0,0,32,32&size=1500,1000&format=bip&pixelType=F64"))
	require.NoError(t, err)
	assert.Equal(t, res.Data, w.Body.Bytes())
	sum := sha256.Sum256(res.Data)
	assert.Equal(t, `"`+hex.EncodeToString(sum[:16])+`"`, w.Header().Get("ETag"))
	assert.Equal(t, fmt.Sprint(bytes), w.Header().Get("Content-Length"))
	head := do(h, httptest.NewRequest(http.MethodHead, large, nil))
	assert.Equal(t, w.Header().Get("ETag"), head.Header().Get("ETag"))
	assert.Zero(t, head.Body.Len())

	close(stuck.release)
	group.Wait()
	assert.Equal(t, exportimage.Load{}, s.Gate.Load())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// An answer that no temporary file can hold is an error, not a part of an image.
func TestSpoolThatFails(t *testing.T) {
	t.Setenv("TMPDIR", "/nonexistent")
	s, _ := service(ramp(t))
	s.Gate = &exportimage.Gate{}
	h := rest.NewHandler(s, nil)
	w := get(h, "/exportImage?f=image&bbox=0,0,32,32&size=1500,1000&format=bip&pixelType=F64")
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "nonexistent")
	assert.Equal(t, exportimage.Load{}, s.Gate.Load())
}

// What the kmz and the stores take in memory is given back, and a directory's store takes it from the file.
func TestAnswersOfOtherKindsAreGivenBack(t *testing.T) {
	dir, err := rest.OpenDirectoryStore(t.TempDir(), rest.StoreLimits{})
	require.NoError(t, err)
	defer dir.Close()
	for name, store := range map[string]rest.Store{"directory": dir, "memory": rest.NewMemoryStore(rest.StoreLimits{})} {
		s, _ := service(ramp(t))
		s.Gate = &exportimage.Gate{}
		h := rest.NewHandler(s, &rest.Options{Output: store})
		for _, query := range []string{"f=kmz&size=300,300", "f=json&size=1500,1000&format=bip&pixelType=F64", "f=image"} {
			w := get(h, "/exportImage?"+query)
			assert.Equal(t, http.StatusOK, w.Code, "%s %s %s", name, query, w.Body)
			assert.Equal(t, exportimage.Load{}, s.Gate.Load(), "%s %s", name, query)
		}
	}
	err = dir.PutFrom(t.Context(), "0123456789abcdef0123456789abcdef.png", io.LimitReader(zeros{}, 10), 11)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
