package exportimage_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster/rastertest"
)

// The right image, the right way up, in the right place: the samples are those of testdata/README.md, which has the
// gdallocationinfo command that made them. Each is the middle of an image of 5×5 pixels about as large as the raster's,
// in the raster's own system and in two others.
func TestDemoShowsTheRightPlaces(t *testing.T) {
	for _, c := range []struct {
		file     string
		pixel    float64 // in degrees
		srs      []int
		lon, lat float64
		want     []float64
	}{
		{"world.tif", 0.18, []int{4326, 3857, 3395}, -116.53125, 34.40625, []float64{175, 161, 117}},
		{"world.tif", 0.18, []int{4326, 3857, 5070}, -119.90625, 29.90625, []float64{4, 23, 76}},
		{"world.tif", 0.18, []int{4326, 3857, 3395}, -40.03125, 71.90625, []float64{253, 255, 254}},
		{"world.tif", 0.18, []int{4326, 3857, 32753}, 133.03125, -25.03125, []float64{143, 91, 48}},
		{"world.tif", 0.18, []int{4326, 3857, 32701}, 178.03125, -17.71875, []float64{12, 49, 6}},
		{"olinda_landsat7.tif", 0.00025, []int{31985, 4326, 3857}, -34.83178, -8.00779, []float64{98, 89, 62, 13, 13, 13}},
		{"olinda_landsat7.tif", 0.00025, []int{31985, 4326, 3857}, -34.83792, -7.99437, []float64{147, 147, 177, 86, 186, 170}},
		{"olinda_landsat7.tif", 0.00025, []int{31985, 4326, 3857}, -34.9109, -7.9577, []float64{56, 41, 29, 65, 51, 25}},
		{"olinda_landsat7.tif", 0.00025, []int{31985, 4326, 32725}, -34.8265, -8.0408, []float64{100, 91, 64, 13, 14, 12}},
		{"puertorico_landcover.tif", 0.02, []int{5070, 4326, 3857}, -66.09281, 18.42252, []float64{22}},
		{"puertorico_landcover.tif", 0.02, []int{5070, 4326, 3857}, -66.62408, 18.00747, []float64{52}},
		{"puertorico_landcover.tif", 0.02, []int{5070, 4326, 32619}, -66.10189, 18.48473, []float64{11}},
		{"olinda_elevation.tif", 0.0008, []int{31985, 4326, 3857}, -34.91008, -7.95839, []float64{88}},
		{"olinda_elevation.tif", 0.0008, []int{31985, 4326, 3857}, -34.85401, -8.01072, []float64{32}},
	} {
		s, raw := demo(t, c.file)
		for _, sr := range c.srs {
			half := 2.5 * c.pixel / 8
			box := fmt.Sprintf("bbox=%f,%f,%f,%f&bboxSR=4326", c.lon-half, c.lat-half, c.lon+half, c.lat+half)
			got, _ := export(t, s, raw, box+fmt.Sprintf("&imageSR=%d&size=5,5&interpolation=RSP_NearestNeighbor", sr))
			for band, want := range c.want {
				assert.Equal(t, want, real(rastertest.At(got.Bands[band], 2, 2)), "%s band %d at %v,%v in %d", c.file, band, c.lon, c.lat, sr)
			}
		}
	}
}
