package rest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// BenchmarkRefusal is what a server spends on a request that it has no room for.
func BenchmarkRefusal(b *testing.B) {
	ds := newSlow(b)
	s, _ := service(ds)
	s.Stretch = []exportimage.Range{{Max: 1}}
	s.Limits = exportimage.Limits{Exports: 1, Queue: 1, Wait: time.Hour}
	s.Gate = exportimage.NewGate(s.Limits)
	h := rest.NewHandler(s, nil)
	var group sync.WaitGroup
	for i := range 2 {
		group.Go(func() { get(h, small+fmt.Sprint("&noData=", i)) })
	}
	for s.Gate.Load().Waiting == 0 {
		time.Sleep(time.Millisecond)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		w := do(h, httptest.NewRequest(http.MethodGet, small+fmt.Sprint("&noData=", 100+i), nil))
		if w.Code != http.StatusServiceUnavailable {
			b.Fatal(w.Code)
		}
	}
	close(ds.release)
	group.Wait()
}
