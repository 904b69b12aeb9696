package function

import (
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// GDAL 3.6's results for heights of (37 x² + 91 x y + 53 y²) mod 211 on 9 by 7 pixels of 10 m, in F32, without the pixels at
// the edges, which have none: gdal.DEMProcessing("", heights, kind, format="MEM"), with slopeFormat="percent" for the second.
var gdaldem = map[string][5][7]float64{
	"slope": {
		{80.7087, 75.1618, 76.9498, 79.5081, 76.213, 63.9157, 71.0351},
		{77.9839, 52.3827, 64.2302, 76.7922, 77.5152, 64.0611, 56.4885},
		{78.7127, 68.4098, 75.1167, 77.1686, 64.3341, 80.2137, 28.8358},
		{63.7791, 72.1927, 74.2711, 80.0535, 74.1782, 82.1424, 57.8713},
		{72.3154, 75.9174, 66.4124, 72.7781, 49.5584, 80.3599, 73.1418},
	},
	"percent": {
		{611.2487, 377.4669, 431.4221, 539.9797, 407.5268, 204.267, 291.0004},
		{469.8138, 129.7714, 207.1382, 426.0905, 451.6394, 205.5861, 151.0174},
		{501.0302, 252.6979, 376.2687, 439.0366, 208.1015, 579.7656, 55.0568},
		{203.0394, 311.3278, 355.0748, 570.2439, 352.881, 724.6033, 159.2365},
		{313.6329, 398.6305, 229.0265, 322.6114, 117.327, 588.7274, 330.0047},
	},
	"aspect": {
		{256.7595, 139.0283, 175.3466, 234.8015, 79.9309, 338.459, 278.8959},
		{253.3008, 97.1935, 60.3409, 224.0491, 177.6207, 250.4633, 289.3348},
		{322.5011, 2.268, 9.3684, 58.9803, 208.7203, 263.6871, 2.6026},
		{232.0013, 150.141, 244.7881, 66.0758, 7.3264, 286.4341, 67.8645},
		{297.2799, 48.8141, 230.3145, 154.5271, 321.0542, 290.8978, 4.9979},
	},
	"hillshade": {
		{123, 1, 1, 64, 1, 228, 197},
		{122, 1, 36, 39, 1, 149, 235},
		{211, 180, 148, 1, 33, 142, 217},
		{100, 1, 108, 1, 156, 182, 37},
		{219, 33, 88, 1, 253, 193, 164},
	},
}

// Surfaces are those of gdaldem, but for the scale of its hillshade, which is round(1 + 254/255 v) of what is trunc(v) here.
func TestSurfacesOfGdaldem(t *testing.T) {
	heights := raster.NewPlane[float32](image.Rect(-1, -1, 8, 6))
	for y := range 7 {
		for x := range 9 {
			heights.Row(y - 1)[x] = float32((37*x*x + 91*x*y + 53*y*y) % 211)
		}
	}
	in := &raster.Block{Type: raster.F32, Bands: []raster.Plane{heights}}
	percent := NewSlope(nil)
	percent.Type = SlopePercent
	for kind, f := range map[string]Function{"slope": NewSlope(nil), "percent": percent, "aspect": &Aspect{}, "hillshade": NewHillshade(nil)} {
		p, err := Compile(f, map[Leaf]Samples{Source{}: {Type: raster.F32, Bands: make([]Band, 1)}})
		require.NoError(t, err)
		out, err := p.Run(map[Leaf]*raster.Block{Source{}: in}, Cell{Width: 10, Height: 10})
		require.NoError(t, err)
		out, err = raster.Convert(out, raster.F64)
		require.NoError(t, err)
		for y, row := range gdaldem[kind] {
			for x, want := range row {
				got, about := out.Bands[0].(*raster.PlaneOf[float64]).Row(y)[x], fmt.Sprintf("%s of %d,%d", kind, x, y)
				if kind != "hillshade" {
					assert.InDelta(t, want, got, 2e-4, about)
					continue
				}
				least, most := math.Round(1+254./255*got), math.Round(1+254./255*(got+1))
				assert.True(t, least <= want && want <= most, "%s: %v, of GDAL %v", about, got, want)
			}
		}
	}
}
