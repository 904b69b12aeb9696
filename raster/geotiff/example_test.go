package geotiff_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
)

// A file in memory is opened without looking for others beside it.
func ExampleOpen() {
	file, err := os.ReadFile("testdata/cog_deflate.tif")
	if err != nil {
		fmt.Println(err)
		return
	}
	src := source.FromReaderAt(bytes.NewReader(file), int64(len(file)))
	f, err := geotiff.Open(context.Background(), src, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()

	// One buffer serves window after window.
	var buf raster.Buffer
	info := f.Info()
	for _, win := range []image.Rectangle{image.Rect(0, 0, 64, 8), image.Rect(70, 50, 140, 60)} {
		b, err := f.Read(context.Background(), buf.Block(info.Type, len(info.Bands), win), 0, win, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(b.Type, b.Bounds(), b.Opaque())
	}
	// Output:
	// U8 (0,0)-(64,8) true
	// U8 (70,50)-(140,60) true
}

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
	// U8 [(140,60) (70,30)] 500000,4000000,500370,4000290
	// [33 37 43] <nil>
}
