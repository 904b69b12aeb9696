package geotiff_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// TestTextsOfNoData checks the texts of GDAL_NODATA that writers other than GDAL leave, on files whose left tile is
// sparse: it is without data, also if the text is not understood. gdalinfo 3.6 reports the same values.
func TestTextsOfNoData(t *testing.T) {
	for _, c := range []struct {
		text string
		typ  raster.PixelType
		want *float64 // nil: not understood, with a note
	}{
		{"-nan", raster.F32, new(math.NaN())},
		{"1.#QNAN", raster.F32, new(math.NaN())},
		{"-9999,0", raster.F32, new(-9999.0)},
		{"-9999 -9999", raster.F32, new(-9999.0)},
		{"none", raster.F32, nil},
		{"-9999", raster.U8, nil},
		{"1.5", raster.S16, nil},
	} {
		for _, planar := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s as %v, planar %t", c.text, c.typ, planar), func(t *testing.T) {
				file := ramp().NorthUp(0, 512, 1)
				file.Size, file.Tile, file.RowsPerStrip, file.Type, file.NoData = image.Pt(32, 16), image.Pt(16, 16), 0, c.typ, c.text
				file.Bands, file.Planar = 2, planar
				file.Sample = func(_, _, _, _ int) float64 { return 5 }
				file.Sparse = func(_, _, col, _ int) bool { return col == 0 }
				f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil)
				require.NoError(t, err)
				b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 32, 16), nil)
				require.NoError(t, err)
				require.NotNil(t, b.Valid)
				assert.Equal(t, uint8(0), b.Valid.AlphaAt(4, 4).A)
				assert.Equal(t, uint8(255), b.Valid.AlphaAt(20, 4).A)
				for _, band := range f.Info().Bands {
					if c.want == nil {
						assert.Nil(t, band.NoData)
						assert.Contains(t, fmt.Sprint(f.Info().Notes), "left aside")
					} else if assert.NotNil(t, band.NoData) {
						assert.InDelta(t, *c.want, *band.NoData, 0)
					}
				}
			})
		}
	}
}

// TestPartlySparse checks a pixel of which one band is in the file and the other is not, if the noData value is not
// understood: unsigned samples are without data only if all bands are, others if any is.
func TestPartlySparse(t *testing.T) {
	for typ, valid := range map[raster.PixelType]uint8{raster.U8: 255, raster.S16: 0} {
		for sparse := range 2 {
			file := ramp().NorthUp(0, 512, 1)
			file.Size, file.Tile, file.RowsPerStrip, file.Type, file.NoData = image.Pt(16, 16), image.Pt(16, 16), 0, typ, "none"
			file.Bands, file.Planar = 2, true
			file.Sample = func(_, _, _, _ int) float64 { return 5 }
			file.Sparse = func(_, plane, _, _ int) bool { return plane == sparse }
			f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil)
			require.NoError(t, err)
			b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 16, 16), nil)
			require.NoError(t, err)
			got := uint8(255)
			if b.Valid != nil {
				got = b.Valid.Pix[0]
			}
			assert.Equal(t, valid, got, "%v, band %d is sparse", typ, sparse)
		}
	}
}

// TestListOfNoData checks a list of values that differ, one for each band.
func TestListOfNoData(t *testing.T) {
	file := ramp().NorthUp(0, 512, 1)
	file.Size, file.RowsPerStrip, file.Type, file.Bands, file.NoData = image.Pt(2, 1), 0, raster.U8, 2, "1 2"
	file.Sample = func(_, band, x, _ int) float64 { return float64(x + band*(1+x)) }
	f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil) // pixels (0, 1) and (1, 3)
	require.NoError(t, err)
	assert.Equal(t, []float64{1, 2}, []float64{*f.Info().Bands[0].NoData, *f.Info().Bands[1].NoData})
	assert.Empty(t, f.Info().Notes)
}
