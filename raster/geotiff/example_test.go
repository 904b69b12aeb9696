package geotiff_test

import (
	"context"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

func ExampleOpenFile() {
	f, err := geotiff.OpenFile("testdata/cog_deflate.tif", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()

	info := f.Info()
	fmt.Println(info.Type, info.Levels, info.Grid.Envelope())

	b, err := f.Read(context.Background(), nil, 1, image.Rect(30, 10, 33, 11), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(b.Bands[0].(*raster.PlaneOf[uint8]).Row(10), b.Valid)
	// Output:
	// U8 [(140,60) (70,30)] {500000 4e+06 500370 4.00029e+06}
	// [33 37 43] <nil>
}
