package diskcache_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/diskcache"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

// Two programs read a file on a server, one after the other.
func Example() {
	fetched := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetched++
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(strings.Repeat("pixels", 20_000)))
	}))
	defer server.Close()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	ctx := context.Background()
	for range 2 {
		cache, err := diskcache.Open(dir, nil)
		if err != nil {
			log.Fatal(err)
		}
		client := &httpsource.Client{HTTP: server.Client()}
		far, err := client.Open(ctx, server.URL)
		if err != nil {
			log.Fatal(err)
		}
		p := make([]byte, 6)
		if err := source.ReadFull(ctx, cache.Source(server.URL, far), p, 90_000); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s after %d requests\n", p, fetched)
		if err := cache.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// pixels after 2 requests
	// pixels after 3 requests
}
