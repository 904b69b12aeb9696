package resample_test

import (
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// An image of 4 by 4 pixels in one spatial reference is made from a raster in another: which part of the raster it
// needs, and what comes out.
func Example() {
	src := rastertest.Parse(`
		111222
		1.1222
		111222
		333444
		333444`)
	source := raster.Affine{A: 10, C: 0, E: -10, F: 50} // 10 m pixels, from (0,50) down and right
	toPixel, _ := source.Inverse()

	grids := resample.Placement{DstToMap: raster.Affine{A: 12, C: 5, E: -12, F: 48}, MapToSrc: toPixel}
	bend := func(xs, ys []float64) { // from the image's spatial reference to the source's
		for i := range xs {
			ys[i] += math.Sin(xs[i] / 100)
		}
	}
	m := resample.Approximate(grids.Through(bend), 0.125)

	o := resample.Options{Interpolation: resample.Nearest}
	r := image.Rect(0, 0, 4, 4)
	window := o.SourceWindow(m, r, src.Bounds())
	dst := raster.NewBlock(src.Type, 1, r)
	if err := o.Warp(dst, src.Sub(window), m); err != nil {
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

// Three rows move down by half a pixel: each pixel is the mean of the samples above and below its centre, or one of
// them where the other is missing. The hole stays as large as it is. The centres of the last row lie on the raster's
// far edge, which belongs to no pixel.
func ExampleWarp() {
	src := rastertest.Parse(`
		2468
		4444
		68.2`)
	down := resample.Placement{
		DstToMap: raster.Affine{A: 1, E: 1, F: -0.5},
		MapToSrc: raster.Affine{A: 1, E: 1},
	}
	dst := raster.NewBlock(src.Type, 1, image.Rect(0, 0, 4, 4))
	if err := resample.Warp(dst, src, down.Through(nil), resample.Bilinear); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rastertest.Text(dst))
	// Output:
	// 2468
	// 3456
	// 56.3
	// ....
}

// Mapping a row of a thousand pixels takes some 200 exact points, which do for 63 more rows, and is within a hundredth
// of a pixel.
func ExampleApproximate() {
	mapped := 0
	bend := func(xs, ys []float64) {
		mapped += len(xs)
		for i := range xs {
			ys[i] += 5 * math.Sin(xs[i]/300)
		}
	}
	pixels := raster.Affine{A: 1, E: 1}
	exact := resample.Placement{DstToMap: pixels, MapToSrc: pixels}.Through(bend)
	approximate := resample.Approximate(exact, 0.01)

	xs, ys := make([]float64, 1000), make([]float64, 1000)
	for i := range xs {
		xs[i], ys[i] = float64(i)+0.5, 0.5
	}
	approximate.Map(xs, ys)
	fmt.Println("exact points:", mapped)

	worst := 0.0
	for i := range xs {
		worst = max(worst, math.Abs(ys[i]-0.5-5*math.Sin((float64(i)+0.5)/300)))
	}
	fmt.Println("within 0.01 pixels:", worst <= 0.01)
	// Output:
	// exact points: 208
	// within 0.01 pixels: true
}
