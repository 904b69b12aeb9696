package sidecar_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/geoexport/geoexport/raster/sidecar"
)

// Find the world file of a scanned map by the map's name.
func Example() {
	folder := fstest.MapFS{"map.pgw": {Data: []byte("10\n0\n0\n-10\n500005\n4000285\n")}}
	open := sidecar.In(folder, "map.png")
	for _, suffix := range sidecar.WorldFiles(".png") {
		text, err := sidecar.ReadText(context.Background(), open, suffix, 1<<20)
		if err != nil {
			fmt.Println(err)
			return
		}
		if text == nil {
			continue // there is no such file
		}
		a, err := sidecar.ParseWorldFile(text.Bytes)
		fmt.Printf("%s: %+v %v\n", text.Name, a, err)
		return
	}
	// Output:
	// map.pgw: {A:10 B:0 C:500000 D:0 E:-10 F:4.00029e+06} <nil>
}
