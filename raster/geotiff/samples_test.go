package geotiff_test

import (
	"image"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// TestSamples reads a file for each kind of sample and each compression, and compares it with GDAL's results: the type,
// the checksums of all bands, and of the first band the samples at the first corner, the last corner and (7,4). The
// table is the output of testdata/generate_samples.sh.
func TestSamples(t *testing.T) {
	for _, c := range []struct {
		name, dtype string
		checksums   []int
		samples     [3]complex128
	}{
		{"u3", "Byte", []int{1349}, [3]complex128{0, 3, 4}},
		{"u5", "Byte", []int{4075}, [3]complex128{0, 15, 18}},
		{"u7", "Byte", []int{4324}, [3]complex128{0, 63, 75}},
		{"u10", "UInt16", []int{5055, 5055, 5055, 4533}, [3]complex128{0, 505, 606}},
		{"u12", "UInt16", []int{4447, 4447, 4447, 4970}, [3]complex128{0, 2023, 2425}},
		{"u17", "UInt32", []int{4760}, [3]complex128{0, 64764, 77615}},
		{"u20", "UInt32", []int{4280}, [3]complex128{0, 518119, 620921}},
		{"u31", "UInt32", []int{4343}, [3]complex128{0, 1061109567, 1271647179}},
		{"u24", "UInt32", []int{3821}, [3]complex128{0, 8289918, 9934743}},
		{"u24_be", "UInt32", []int{3821}, [3]complex128{0, 8289918, 9934743}},
		{"s64_zstd_predictor2", "Int64", []int{65373}, [3]complex128{-901234559773, 901234559773, -395061724832}},
		{"s64_nodata", "Int64", []int{63886}, [3]complex128{-9223372036854775808, 901234559773, -395061724832}},
		{"u64_be_lzw_predictor2", "UInt64", []int{3561}, [3]complex128{0, 1802469119546, 506172834941}},
		{"f16", "Float32", []int{1206}, [3]complex128{complex(math.Inf(1), 0), 676.5, 1069.0}},
		{"f16_be_lzw", "Float32", []int{1206}, [3]complex128{complex(math.Inf(1), 0), 676.5, 1069.0}},
		{"f16_zstd_predictor3", "Float32", []int{1206}, [3]complex128{complex(math.Inf(1), 0), 676.5, 1069.0}},
		{"f64_lzma", "Float64", []int{3819}, [3]complex128{-1000.0, 494116647.0588235, 592155862.745098}},
		{"f64_zstd_predictor3", "Float64", []int{3819}, [3]complex128{-1000.0, 494116647.0588235, 592155862.745098}},
		{"cint16", "CInt16", []int{1074}, [3]complex128{complex(-30000.0, 30000.0), complex(-353.0, 5294.0), complex(5529.0, 392.0)}},
		{"cint16_be", "CInt16", []int{574, 585}, [3]complex128{complex(-30000.0, 30000.0), complex(26706.0, -17255.0), complex(5529.0, 392.0)}},
		{"cint32", "CInt32", []int{1132}, [3]complex128{complex(-30000000.0, 30000000.0), complex(-353000.0, 5294000.0), complex(5529000.0, 392000.0)}},
		{"cint32_be", "CInt32", []int{531, 607}, [3]complex128{complex(-30000000.0, 30000000.0), complex(26706000.0, -17255000.0), complex(5529000.0, 392000.0)}},
		{"cfloat32", "CFloat32", []int{782}, [3]complex128{complex(-7500.0, 7500.0), complex(-88.25, 1323.5), complex(1382.25, 98.0)}},
		{"cfloat32_be", "CFloat32", []int{367, 524}, [3]complex128{complex(-7500.0, 7500.0), complex(6676.5, -4313.75), complex(1382.25, 98.0)}},
		{"cfloat64", "CFloat64", []int{596}, [3]complex128{complex(-10000.0, 10000.0), complex(-117.66666666666666, 1764.6666666666665), complex(1843.0, 130.66666666666666)}},
		{"cfloat64_be", "CFloat64", []int{262, 442}, [3]complex128{complex(-10000.0, 10000.0), complex(8902.0, -5751.666666666666), complex(1843.0, 130.66666666666666)}},
		{"cint16_predictor2", "CInt16", []int{1074}, [3]complex128{complex(-30000.0, 30000.0), complex(-353.0, 5294.0), complex(5529.0, 392.0)}},
		{"cint16_be_predictor2", "CInt16", []int{1074}, [3]complex128{complex(-30000.0, 30000.0), complex(-353.0, 5294.0), complex(5529.0, 392.0)}},
		{"cfloat32_be_predictor2", "CFloat32", []int{782}, [3]complex128{complex(-7500.0, 7500.0), complex(-88.25, 1323.5), complex(1382.25, 98.0)}},
		{"u8_lzma_tiled", "Byte", []int{4169, 4481, 4036}, [3]complex128{0, 126, 151}},
		{"u16_be_lzma", "UInt16", []int{4655}, [3]complex128{0, 32382, 38807}},
		{"u8_zstd_tiled", "Byte", []int{4169, 4481, 4036}, [3]complex128{0, 126, 151}},
		{"ccitt_rle", "Byte", []int{14701}, [3]complex128{0, 0, 1}},
		{"ccitt_g3", "Byte", []int{14701}, [3]complex128{0, 0, 1}},
		{"ccitt_g4", "Byte", []int{14701}, [3]complex128{0, 0, 1}},
		{"ccitt_g4_tiled_min_is_white", "Byte", []int{2310}, [3]complex128{1, 1, 1}},
		{"ccitt_g3_2d", "Byte", []int{14701}, [3]complex128{0, 0, 1}},
		{"ccitt_g3_2d_aligned_lsb", "Byte", []int{14701}, [3]complex128{0, 0, 1}},
		{"ccitt_g4_lsb", "Byte", []int{14701}, [3]complex128{0, 0, 1}},
		{"u1_lsb", "Byte", []int{7036}, [3]complex128{0, 1, 1}},
		{"u8_none_lsb", "Byte", []int{4169}, [3]complex128{0, 126, 151}},
		{"u8_lzw_lsb", "Byte", []int{4169}, [3]complex128{0, 126, 151}},
		{"u8_deflate_lsb", "Byte", []int{4169}, [3]complex128{0, 126, 151}},
		{"u8_packbits_lsb", "Byte", []int{4169}, [3]complex128{0, 126, 151}},
		{"u16_be_lzw_lsb", "UInt16", []int{4655}, [3]complex128{0, 32382, 38807}},
		{"f24", "Float32", []int{65270}, [3]complex128{1.0, 1.3780733384777007e+19, -1.448036135442976e-12}},
		{"f24_be_lzw", "Float32", []int{65270}, [3]complex128{1.0, 1.3780733384777007e+19, -1.448036135442976e-12}},
		{"f24_deflate_predictor3", "Float32", []int{65270}, [3]complex128{1.0, 1.3780733384777007e+19, -1.448036135442976e-12}},
		{"u8_lzw_old", "Byte", []int{4144}, [3]complex128{0, 27, 6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := openSample(t, c.name)
			info := f.Info()
			m := matrixFile{Dtype: c.dtype}
			if bits, _, _ := strings.Cut(strings.TrimPrefix(c.name, "u"), "_"); c.dtype == "Byte" {
				m.NBits = bits
			}
			if strings.HasPrefix(c.name, "ccitt") {
				m.NBits = "1"
			}
			assert.Equal(t, m.pixelType(t), info.Type)
			wide := c.dtype == "Int64" || c.dtype == "UInt64"
			assert.Equal(t, wide, strings.Contains(strings.Join(info.Notes, " "), "64 bits"), "%v", info.Notes)
			b := whole(t, f, 0)
			require.Len(t, b.Bands, len(c.checksums))
			for i, want := range c.checksums {
				assert.Equal(t, want, checksum(b.Bands[i], c.dtype), "band %d", i)
			}
			last := info.Grid.Size.Sub(image.Pt(1, 1))
			for i, at := range []image.Point{{}, last, {X: 7, Y: 4}} {
				assert.Equal(t, c.samples[i], rastertest.At(b.Bands[0], at.X, at.Y), "%v", at)
			}
			rastertest.Test(t, f)
		})
	}
}

// openSample opens one of the files that generate_samples.sh makes. Those that libtiff writes have no georeference.
func openSample(t testing.TB, name string) *geotiff.File {
	mercator, err := srs.FromWKID(3857)
	require.NoError(t, err)
	f, err := geotiff.OpenFile(filepath.Join("testdata", "sample_"+name+".tif"),
		&geotiff.Options{Affine: raster.Affine{A: 1, E: -1}, CRS: mercator})
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

// TestWideNoData checks that a noData value of 64 bits is rounded as samples are, so that it still equals them.
func TestWideNoData(t *testing.T) {
	f := openSample(t, "s64_nodata")
	b := whole(t, f, 0)
	require.Equal(t, -math.Exp2(63), *f.Info().Bands[0].NoData)
	for y := range 17 {
		for x := range 23 {
			valid := (x+y)%5 != 0
			assert.Equal(t, valid, b.Valid.AlphaAt(x, y).A == 0xff)
			if valid {
				assert.Equal(t, float64((x-11)*3+(y-8)*5)*12345678901, real(rastertest.At(b.Bands[0], x, y)))
			}
		}
	}
}

// TestHalfFloats checks the first row, which has the ends of the range of float16.
func TestHalfFloats(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, name := range []string{"f16", "f16_be_lzw", "f16_zstd_predictor3"} {
		p := whole(t, openSample(t, name), 0).Bands[0].(*raster.PlaneOf[float32])
		want := []float32{inf, -inf, 65504, -65504, 0x1p-24, 0x1p-14, 1023 * 0x1p-24, float32(math.Copysign(0, -1)), 1}
		assert.Equal(t, want, p.Pix[:len(want)], name)
		assert.True(t, math.Signbit(float64(p.Pix[7])), name)
	}
	for _, name := range []string{"f24", "f24_be_lzw", "f24_deflate_predictor3"} {
		p := whole(t, openSample(t, name), 0).Bands[0].(*raster.PlaneOf[float32])
		assert.Equal(t, []float32{1, -1.5, inf, -inf}, p.Pix[:4], name)
	}
}
