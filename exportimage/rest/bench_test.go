package rest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// BenchmarkHandler measures what the handler adds to an export, which is the first of each pair of lines, and the time
// of its other answers. The budget is 0.3 ms and 64 kB above an export, and 1 ms for a description.
func BenchmarkHandler(b *testing.B) {
	s, _ := service(world(b))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	for _, side := range []int{16, 400} {
		query := fmt.Sprintf("bbox=-117,34,-116,35&bboxSR=4326&size=%d,%d", side, side)
		req := parse(b, query)
		b.Run(fmt.Sprintf("%d/export", side), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.Export(context.Background(), req)
				require.NoError(b, err)
			}
		})
		b.Run(fmt.Sprintf("%d/handler", side), func(b *testing.B) { benchGet(b, h, "/exportImage?f=image&"+query) })
	}
	for _, target := range []string{
		"/?f=json", "/?f=html", "/exportImage?f=json&bbox=-117,34,-116,35", "/exportImage", "/keyProperties?f=json", "/statistics?f=json",
	} {
		b.Run(target, func(b *testing.B) { benchGet(b, h, target) })
	}
}

func benchGet(b *testing.B, h http.Handler, target string) {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	b.ReportAllocs()
	for b.Loop() {
		w := &discard{header: http.Header{}}
		r.Form = nil
		h.ServeHTTP(w, r)
		require.Equal(b, http.StatusOK, w.status)
	}
}

// discard is a connection that takes everything without a delay.
type discard struct {
	header http.Header
	status int
}

func (w *discard) Header() http.Header         { return w.header }
func (w *discard) WriteHeader(status int)      { w.status = status }
func (w *discard) Write(p []byte) (int, error) { return len(p), nil }
