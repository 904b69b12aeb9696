package function_test

import (
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// Heights are shaded: the program needs one pixel more on each side than it makes.
func Example() {
	f, err := function.Parse(`{"rasterFunction":"Hillshade","rasterFunctionArguments":{"Azimuth":315,"Altitude":45,"Raster":"$$"}}`)
	if err != nil {
		panic(err)
	}
	heights := function.Samples{Type: raster.S16, Bands: make([]function.Band, 1)}
	p, err := function.Compile(f, map[function.Leaf]function.Samples{function.Source{}: heights})
	if err != nil {
		panic(err)
	}
	read := p.Reads()[0]
	block := raster.NewBlock(raster.S16, 1, read.Grow(image.Rect(0, 0, 4, 1)))
	plane := block.Bands[0].(*raster.PlaneOf[int16])
	for y := plane.Rect.Min.Y; y < plane.Rect.Max.Y; y++ {
		for x := range plane.Row(y) {
			plane.Row(y)[x] = int16(x * x) // rises to the east
		}
	}
	raster.SetAllValid(block.Valid)
	out, err := p.Run(map[function.Leaf]*raster.Block{function.Source{}: block}, function.Cell{Width: 10, Height: 10})
	if err != nil {
		panic(err)
	}
	fmt.Println(read.Leaf, read.Bands, read.Grow(image.Rect(0, 0, 4, 1)), out.Type, out.Bands[0].(*raster.PlaneOf[uint8]).Row(0))
	// Output: $$ [0] (-1,-1)-(5,2) U8 [201 214 220 220]
}
