package grid_test

import (
	"context"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/grid"
)

// Open a text of heights and read two of its rows.
func Example() {
	f, err := grid.OpenFile("testdata/whole.asc", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	info := f.Info()
	fmt.Println(info.Grid.Size, info.Type, *info.Bands[0].NoData)
	fmt.Printf("%+v\n", info.Grid.Envelope())

	b, err := f.Read(context.Background(), nil, 0, image.Rect(1, 1, 5, 3), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(b.Bands[0].(*raster.PlaneOf[int32]).Pix, b.ValidRow(2))
	// Output:
	// (19,13) S32 -9999
	// 500000,4000000,500190,4000130
	// [192 556 1019 -509 2284 -137 -9999 -9999] [255 255 0 0]
}
