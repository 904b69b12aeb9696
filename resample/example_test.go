package resample_test

import (
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// A picture of 4 by 4 pixels in one spatial reference, from a raster in another: which part of the raster is needed, and
// what comes out.
func Example() {
	src := rastertest.Picture(`
		111222
		1.1222
		111222
		333444
		333444`)
	source := raster.Affine{A: 10, C: 0, E: -10, F: 50} // 10 m pixels, from (0,50) down and right
	toPixel, _ := source.Inverse()

	picture := raster.Affine{A: 12, C: 5, E: -12, F: 48}
	bend := func(xs, ys []float64) { // from the picture's spatial reference to the source's
		for i := range xs {
			ys[i] += math.Sin(xs[i] / 100)
		}
	}
	m := resample.Approximate(resample.Placement{DstToMap: picture, MapToSrc: toPixel}.Through(bend), 0.125)

	r := image.Rect(0, 0, 4, 4)
	window := resample.Options{Interpolation: resample.Nearest}.SourceWindow(m, r, src.Bounds())
	dst := raster.NewBlock(src.Type, 1, r)
	if err := resample.Warp(dst, src.Sub(window), m, resample.Nearest); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(window)
	fmt.Println(rastertest.Text(dst))
	// Output:
	// (1,0)-(5,5)
	// 1122
	// .122
	// 3344
	// 3344
}
