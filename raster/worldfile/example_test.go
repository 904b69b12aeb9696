package worldfile_test

import (
	"fmt"

	"github.com/geoexport/geoexport/raster/worldfile"
)

// Open a scanned map, which its world file georeferences.
func Example() {
	p, err := worldfile.OpenFile("testdata/rgba.png", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	info := p.Info()
	fmt.Println(info.Grid.Size, info.Type, len(info.Bands), info.Bands[0].Color)
	fmt.Printf("%+v\n", info.Grid.Envelope())
	// Output:
	// (19,13) U8 3 Red
	// 500000,4000000,500190,4000130
}
