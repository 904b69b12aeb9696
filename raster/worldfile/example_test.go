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
	// {XMin:500000 YMin:4e+06 XMax:500190 YMax:4.00013e+06}
}
