package geotiff_test

import (
	"image"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// A goldenLevel holds GDAL's results for the first band of a level.
type goldenLevel struct {
	size           image.Point
	checksum, mask int // mask is GetMaskBand().Checksum(), which is of 255s if all pixels are valid
}

// TestGolden reads files that GDAL wrote; testdata/README.md describes how the files and these numbers were made.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		file   string
		typ    raster.PixelType
		epsg   int
		noData string
		affine raster.Affine
		bands  []int // checksums
		levels []goldenLevel
	}{
		{"bilevel_min_is_white_nodata.tif", raster.U1, 32633, "0", raster.Affine{A: 10, C: 500000, E: -10, F: 4000290}, []int{556}, []goldenLevel{{image.Pt(37, 29), 556, 6841}}},
		{"cog_deflate.tif", raster.U8, 32633, "199", raster.Affine{A: 2.642857142857143, C: 500000, E: -4.833333333333333, F: 4000290}, []int{32346}, []goldenLevel{{image.Pt(140, 60), 32346, 33073}, {image.Pt(70, 30), 24729, 25010}}},
		{"f32_deflate_predictor3.tif", raster.F32, 32633, "", raster.Affine{A: 10, C: 500000, E: -10, F: 4000290}, []int{768}, []goldenLevel{{image.Pt(37, 29), 768, 13118}}},
		{"f64_lzw_predictor2.tif", raster.F64, 32633, "", raster.Affine{A: 10, C: 500120, E: -10, F: 4000210}, []int{40}, []goldenLevel{{image.Pt(14, 11), 40, 1890}}},
		{"mask_overviews.tif", raster.U8, 32633, "", raster.Affine{A: 10, C: 500000, E: -10, F: 4000290}, []int{12408}, []goldenLevel{{image.Pt(37, 29), 12408, 13047}, {image.Pt(19, 15), 3269, 3465}, {image.Pt(10, 8), 819, 955}}},
		{"point.tif", raster.U8, 32633, "", raster.Affine{A: 10, C: 500000, E: -10, F: 4000290}, []int{932}, []goldenLevel{{image.Pt(9, 9), 932, 958}}},
		{"rgba_deflate.tif", raster.U8, 32633, "", raster.Affine{A: 10, C: 500000, E: -10, F: 4000290}, []int{12408, 12408, 12408, 12506}, []goldenLevel{{image.Pt(37, 29), 12408, 12506}}},
		{"s16_be_deflate_nodata.tif", raster.S16, 32633, "199", raster.Affine{A: 10, C: 500000, E: -10, F: 4000290}, []int{764}, []goldenLevel{{image.Pt(37, 29), 764, 12495}}},
		{"south_up.tif", raster.U8, 32633, "", raster.Affine{A: 41.111111111111114, C: 500000, E: 32.22222222222222, F: 4000000}, []int{932}, []goldenLevel{{image.Pt(9, 9), 932, 958}}},
		{"sparse_nodata.tif", raster.S16, 4326, "-5", raster.Affine{A: 0.015625, C: 10, E: -0.020833333333333332, F: 50}, []int{50176, 50176}, []goldenLevel{{image.Pt(64, 48), 50176, 0}}},
		{"u16_planar_packbits_big.tif", raster.U16, 32633, "", raster.Affine{A: 10, C: 500050, E: -10, F: 4000240}, []int{2342, 2391, 2342}, []goldenLevel{{image.Pt(16, 12), 2342, 2316}}},
		{"u8_tiled_lzw.tif", raster.U8, 32633, "", raster.Affine{A: 10, C: 500000, E: -10, F: 4000290}, []int{12408}, []goldenLevel{{image.Pt(37, 29), 12408, 13118}}},
	} {
		t.Run(c.file, func(t *testing.T) {
			f, err := geotiff.OpenFile(filepath.Join("testdata", c.file), nil)
			require.NoError(t, err)
			t.Cleanup(func() { f.Close() })
			info := f.Info()
			assert.Empty(t, info.Notes)
			assert.Equal(t, c.typ, info.Type)
			assert.Equal(t, c.affine, info.Grid.Affine)
			wkid, _ := info.Grid.CRS.WKID()
			assert.Equal(t, c.epsg, wkid)
			if c.noData == "" {
				assert.Nil(t, info.Bands[0].NoData)
			} else if assert.NotNil(t, info.Bands[0].NoData) {
				assert.Equal(t, c.noData, strconv.FormatFloat(*info.Bands[0].NoData, 'g', -1, 64))
			}
			require.Len(t, info.Levels, len(c.levels))
			for l, want := range c.levels {
				b := whole(t, f, l)
				assert.Equal(t, want.size, b.Bounds().Size())
				assert.Equal(t, want.checksum, checksum(b.Bands[0], ""), "level %d", l)
				assert.Equal(t, want.mask, checksum(validPlane(b), ""), "mask of level %d", l)
				for i := range c.bands {
					if l == 0 {
						assert.Equal(t, c.bands[i], checksum(b.Bands[i], ""), "band %d", i)
					}
				}
			}
			rastertest.Test(t, f)
		})
	}
}

// validPlane returns the validity of a block as a plane.
func validPlane(b *raster.Block) raster.Plane {
	p := raster.NewPlane[uint8](b.Bounds())
	for i := range p.Pix {
		p.Pix[i] = 255
		if b.Valid != nil {
			p.Pix[i] = b.Valid.Pix[i]
		}
	}
	return p
}
