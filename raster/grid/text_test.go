package grid_test

import (
	"fmt"
	"image"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// TestTextTypes: all numbers of a text decide on its type.
func TestTextTypes(t *testing.T) {
	for _, c := range []struct {
		noData, values string
		typ            raster.PixelType
		valid          string
	}{
		{"", "1 2 3 -4", raster.S32, "++++"},
		{"-9999", "1 2 3 -9999", raster.S32, "+++-"},
		{"-9999.0", "1 2 3 -9999", raster.F32, "+++-"},
		{"-9999", "1 2 3 -9999.00", raster.F32, "+++-"},
		{"-9999,5", "1 2 3 -9999.5", raster.F32, "+++-"},
		{"", "1 2 3 4.", raster.F32, "++++"},
		{"", "1 2 3 4e0", raster.F32, "++++"},
		{"", "1 2 +3 -0", raster.S32, "++++"},
		{"", "1 2 3 nan", raster.F32, "+++-"},
		{"nan", "1 2 3 4", raster.F32, "++++"},
		{"nan", "1 -nan 1.#QNAN NaN", raster.F32, "+---"},
		{"", "1 -1.#IND inf -Infinity", raster.F32, "+-++"},
		{"", "1 2 3 2147483647", raster.S32, "++++"},
		{"", "1 2 3 2147483648", raster.F64, "++++"},
		{"-9999999999", "1 2 3 4", raster.F64, "++++"},
		{"", "1 2 3.5 2147483648", raster.F32, "++++"},
		{"", "1 2 3 1e39", raster.F64, "++++"},
		{"-1.7976931348623157e308", "1 2 3.5 -1.7976931348623157e308", raster.F64, "+++-"},
		{"-3.4028234663852886e38", "1 2 3.5 -3.4028234663852886e38", raster.F32, "+++-"},
		{"-3.4028235e+38", "1 2 3.5 -3.4028234663852886e38", raster.F32, "+++-"},
	} {
		text := asciiHead
		if c.noData != "" {
			text += "nodata_VALUE " + c.noData + "\n"
		}
		info, b := readAll(t, "a.asc", text+c.values)
		assert.Equal(t, c.typ, info.Type, "%+v", c)
		var valid strings.Builder
		for y := range 2 {
			for x := range 2 {
				if b.Valid == nil || b.ValidRow(y)[x] != 0 {
					valid.WriteString("+")
				} else {
					valid.WriteString("-")
				}
			}
		}
		assert.Equal(t, c.valid, valid.String(), "%+v", c)
	}
}

// TestTextWindows: windows of a text with many numbers, of which the index has some, equal the same part of all.
func TestTextWindows(t *testing.T) {
	const w, h = 700, 150
	var b strings.Builder
	fmt.Fprintf(&b, "ncols %d\nnrows %d\nxllcorner 0\nyllcorner 0\ncellsize 1\n", w, h)
	for i := range w * h {
		b.WriteString(strconv.Itoa(i * i % 100003))
		b.WriteByte(" \n\t"[i%7%3])
	}
	f, err := open(t, "a.asc", b.String())
	require.NoError(t, err)
	rastertest.Test(t, f)
	for _, win := range []image.Rectangle{image.Rect(0, 0, w, h), image.Rect(699, 149, 700, 150), image.Rect(3, 5, 8, 140)} {
		got, err := f.Read(t.Context(), nil, 0, win, nil)
		require.NoError(t, err)
		p := got.Bands[0].(*raster.PlaneOf[int32])
		for y := win.Min.Y; y < win.Max.Y; y++ {
			for x, v := range p.Row(y) {
				i := y*w + win.Min.X + x
				require.Equal(t, int32(i*i%100003), v, "%d %d", x, y)
			}
		}
	}
	f, err = open(t, "a.grd", "DSAA 3 400 0 2 0 399 0 1 "+strings.Repeat("1 2 3 4 5 6 ", 200))
	require.NoError(t, err)
	rastertest.Test(t, f)
}

// TestByteOrderMark: what editors put in front and behind does not count.
func TestByteOrderMark(t *testing.T) {
	info, _ := readAll(t, "a.asc", "\ufeff"+asciiHead+"1 2 3 4\r\n\x1a")
	assert.Equal(t, raster.S32, info.Type)
}

// TestLargestNumbers: nothing is lost between a text and a sample.
func TestLargestNumbers(t *testing.T) {
	_, b := readAll(t, "a.grd", "DSAA 2 2 0 1 0 1 0 1 0.1 123456789012345678 -2.2250738585072014e-308 9007199254740993")
	assert.Equal(t, []float64{-2.2250738585072014e-308, 9007199254740992, .1, 123456789012345680}, b.Bands[0].(*raster.PlaneOf[float64]).Pix)
}
