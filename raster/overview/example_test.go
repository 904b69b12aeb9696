package overview_test

import (
	"context"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/overview"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// A raster without overviews is read at half of its resolution.
func Example() {
	grid := raster.Grid{Affine: raster.Affine{A: 1, E: -1}, Size: image.Pt(8, 4)}
	ds := rastertest.New(grid, rastertest.Parse(`
		11223344
		11223344
		55667788
		55667788`))
	p := overview.New(ds, overview.Options{Reduction: overview.Average})
	level := overview.Choose(p.Levels(), 2.5, 2.5) // one wanted pixel spans 2.5 by 2.5 of the raster's
	b, err := p.Read(context.Background(), nil, level, image.Rect(0, 0, 4, 2), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("level", level)
	fmt.Println(rastertest.Text(b))
	// Output:
	// level 1
	// 1234
	// 5678
}
