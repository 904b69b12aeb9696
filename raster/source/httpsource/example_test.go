package httpsource_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Unix(1, 0), strings.NewReader(strings.Repeat("geoexport", 1e5)))
	}))
	defer server.Close()

	// The zero Client would refuse the address, which is not a public one.
	client := &httpsource.Client{HTTP: server.Client()}
	var counter source.Counter
	ctx := source.WithCounter(context.Background(), &counter)
	src, err := client.Open(ctx, server.URL+"/scene.tif")
	if err != nil {
		log.Fatal(err)
	}
	word := make([]byte, 9)
	if err := source.ReadFull(ctx, src, word, 450_000); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d bytes, %s, %d requests\n", src.Size(), word, counter.Requests())
	// Output: 900000 bytes, geoexport, 2 requests
}
