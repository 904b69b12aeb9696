package resample_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// gdalValues are of GDAL 3.6.2, of an 8 by 8 raster of 1 m pixels, from (0,0) down and right, whose values are
// (7x² + 13y² + 31xy) mod 97, by
//
//	from osgeo import gdal; import numpy as np
//	y, x = np.mgrid[0:8, 0:8]
//	def ds(a, gt):
//	    d = gdal.GetDriverByName('MEM').Create('', a.shape[1], a.shape[0], 1, gdal.GDT_Float64)
//	    d.SetGeoTransform(gt); d.GetRasterBand(1).WriteArray(a); return d
//	src = ds((7*x*x + 13*y*y + 31*x*y) % 97, (0, 1, 0, 0, 0, -1))
//	def warp(alg, x, y, scale, w, h):
//	    d = ds(np.zeros((h, w)), (x, scale, 0, -y, 0, -scale))
//	    gdal.Warp(d, src, resampleAlg=alg, errorThreshold=0, srcSRS='EPSG:3857', dstSRS='EPSG:3857',
//	              warpOptions=['XSCALE=1', 'YSCALE=1'])
//	    return d.ReadAsArray()
//
// Only pixels whose samples are all inside the raster are here: at its edges GDAL has rules of its own.
var gdalValues = []struct {
	i           resample.Interpolation
	x, y, scale float64
	w           int
	want        []float64
}{
	{resample.Bilinear, 2.25, 2.375, 1, 3, []float64{
		24.15625, 30.1875, 32.03125, 62.5625, 57.15625, 35.4375, 84.53125, 64.65625, 49.6875}},
	{resample.Bilinear, 2, 2.5, 0.4, 5, []float64{
		18.34, 16.62, 19.1, 21.58, 22.44, 26.62, 29.86, 37.3, 44.74, 38.92,
		34.9, 43.1, 55.5, 67.9, 55.4, 53.58, 62.86, 64.7, 66.54, 55.12}},
	{resample.Bilinear, 2, 2, 1.25, 3, []float64{
		14.234375, 19.78125, 43.296875, 61.78125, 52.109375, 48.28125, 84.671875, 70.390625, 39.21875}},
	{resample.Cubic, 2.25, 2.375, 1, 3, []float64{
		20.005569458007812, 24.96892547607422, 26.965866088867188,
		67.1880874633789, 61.33336639404297, 29.346405029296875,
		93.81916046142578, 65.31220245361328, 50.43003845214844}},
	{resample.Cubic, 2, 2.5, 0.4, 5, []float64{
		14.936664, 13.678364, 13.8635, 15.109116, 15.858944,
		21.712228, 26.531368, 37.377, 45.620392, 38.452888,
		33.43, 42.9065, 59.8125, 71.1985, 58.004,
		56.473356, 65.77972, 72.149, 72.43956, 58.10764}},
	{resample.Cubic, 2, 2, 1.25, 3, []float64{
		11.768430709838867, 14.150309562683105, 40.90689659118652,
		64.67370700836182, 53.74237537384033, 50.22645950317383,
		90.34229946136475, 75.99215030670166, 35.211172103881836}},
}

func TestAgainstGDAL(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 8, 8), 1, func(_, x, y int) float64 {
		return float64((7*x*x + 13*y*y + 31*x*y) % 97)
	})
	for _, c := range gdalValues {
		m := affine(raster.Affine{A: c.scale, C: c.x, E: c.scale, F: c.y})
		for _, m := range []resample.Mapping{m, unseparated{m}} {
			got := warp(t, src, image.Rect(0, 0, c.w, len(c.want)/c.w), m, c.i)
			// Coordinates are rounded to 2^-20 pixel, and the steepest slope is below 150 a pixel.
			assert.InDeltaSlice(t, c.want, samples[float64](got, 0), 150*0x1p-20, "%v %v,%v", c.i, c.x, c.y)
		}
	}
}
