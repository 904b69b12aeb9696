package sidecar

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster"
)

// TestParseNoData has what gdalinfo 3.6 reports for the same texts in GDAL_NODATA, except for lists of values that
// differ, of which GDAL takes the first, and numbers that the type cannot hold.
func TestParseNoData(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	one := func(v float64) []float64 { return []float64{v} }
	for _, c := range []struct {
		text  string
		typ   raster.PixelType
		bands int
		want  []float64 // nil: not understood
	}{
		{"0", raster.U8, 3, one(0)},
		{" 255 \x00", raster.U8, 3, one(255)},
		{"256", raster.U8, 3, nil},
		{"-9999", raster.U8, 1, nil},
		{"-9999", raster.S16, 1, one(-9999)},
		{"1.5", raster.S16, 1, nil},
		{"nan", raster.F32, 1, one(nan)},
		{"-nan", raster.F32, 1, one(nan)},
		{"+NaN", raster.F64, 1, one(nan)},
		{"nan(0x8000)", raster.F64, 1, one(nan)},
		{"-nan(ind)", raster.F64, 1, one(nan)},
		{"1.#QNAN", raster.F32, 1, one(nan)},
		{"1.#QNAN0", raster.F32, 1, one(nan)},
		{"-1.#IND00", raster.F32, 1, one(nan)},
		{"1.#INF", raster.F32, 1, one(inf)},
		{"-inf", raster.F64, 1, one(-inf)},
		{"nan", raster.U8, 1, nil},
		{"nano", raster.F32, 1, nil},
		{"-9999,0", raster.F32, 1, one(-9999)},
		{"-9999,0", raster.S16, 1, one(-9999)},
		{"0,5", raster.F64, 2, one(0.5)},
		{"-9999 -9999", raster.F32, 1, one(-9999)},
		{"-9999, -9999, -9999", raster.F32, 3, one(-9999)},
		{"255,255,255", raster.U8, 1, one(255)},
		{"nan nan", raster.F32, 1, one(nan)},
		{"0 255 0", raster.U8, 3, []float64{0, 255, 0}},
		{"0;1", raster.U8, 2, []float64{0, 1}},
		{"0,1", raster.U8, 2, []float64{0, 1}},
		{"0 255", raster.U8, 1, nil},
		{"0 nan", raster.F32, 1, nil},
		{"-3.4028234663852886e+38", raster.F32, 1, one(-math.MaxFloat32)},
		{"-1.79769313486231e+308", raster.F32, 1, nil},
		{"1e999", raster.F64, 1, nil},
		{"0x10", raster.U8, 1, nil},
		{"1_000", raster.U16, 1, nil},
		{"none", raster.U8, 1, nil},
		{"", raster.U8, 1, nil},
		{",", raster.U8, 1, nil},
	} {
		got, ok := ParseNoData(c.text, c.typ, c.bands)
		if assert.Equal(t, c.want != nil, ok, "%q as %v: %v", c.text, c.typ, got) && ok {
			assert.InDeltaSlice(t, c.want, got, 0, "%q", c.text)
		}
	}
}

func FuzzNoData(f *testing.F) {
	for _, s := range []string{"-nan", "1.#QNAN", "-9999,0", "0 255 0", "255,255", "-1.#IND"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, typ := range []raster.PixelType{raster.U8, raster.S16, raster.F32, raster.F64} {
			v, ok := ParseNoData(text, typ, 3)
			if ok != (len(v) == 1 || len(v) == 3) {
				t.Fatalf("%q: %v %v", text, v, ok)
			}
			if lo, hi := typ.Range(); ok && typ.Integer() && (v[0] < lo || v[0] > hi) {
				t.Fatalf("%q: %v", text, v)
			}
		}
	})
}
