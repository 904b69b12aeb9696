package raster_test

import (
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// A raster with north up: where a pixel lies, and which pixel a place is in.
func ExampleGrid() {
	utm, err := srs.FromWKID(32633)
	if err != nil {
		fmt.Println(err)
		return
	}
	g := raster.NorthUp(utm, srs.Envelope{XMin: 500000, YMin: 4000000, XMax: 501000, YMax: 4000500}, image.Pt(100, 50))
	x, y := g.Affine.Apply(0.5, 0.5) // the centre of the first pixel
	fmt.Println(x, y)

	toPixel, ok := g.Affine.Inverse()
	if !ok {
		return // its pixels have no area
	}
	column, row := toPixel.Apply(500123, 4000321)
	fmt.Printf("%.1f %.1f\n", column, row)
	// Output:
	// 500005 4.000495e+06
	// 12.3 17.9
}

// Samples lie in typed planes, and one plane states which pixels hold data.
func ExampleBlock() {
	b := raster.NewBlock(raster.S16, 1, image.Rect(0, 0, 3, 1))
	copy(b.Bands[0].(*raster.PlaneOf[int16]).Row(0), []int16{-5, 300, -9999})
	copy(b.Valid.Pix, []uint8{255, 255, 0})

	bytes, err := raster.Convert(b, raster.U8) // rounds and clamps
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bytes.Bands[0].(*raster.PlaneOf[uint8]).Row(0)[:2], bytes.Valid.Pix)
	// Output:
	// [0 255] [255 255 0]
}
