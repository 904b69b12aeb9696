package encode

import (
	"errors"
	"image"
	"image/color"
	"io"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// T66: 0, 1, 75 and 100 are qualities, 101 and -1 are not; nil is 75.
func TestT66Quality(t *testing.T) {
	size := image.Pt(200, 150)
	for _, bands := range []int{1, 3} {
		p := imageOf(block(raster.U8, bands, size, photo(size), nil), nil)
		last := 0
		for q := range 101 {
			n := len(encoded(t, "jpg", p, &Options{Quality: &q}))
			assert.GreaterOrEqual(t, n, last, "quality %d, %d bands", q, bands)
			last = n
		}
		assert.Less(t, len(encoded(t, "jpg", p, &Options{Quality: new(0)})), len(encoded(t, "jpg", p, nil)))
		assert.Equal(t, encoded(t, "jpg", p, &Options{Quality: new(75)}), encoded(t, "jpg", p, nil))
		assert.Equal(t, encoded(t, "jpg", p, nil), encoded(t, "jpg", p, &Options{}))
		for _, q := range []int{-1, 101, math.MinInt, 10000} {
			err := Default()["jpg"].Encode(io.Discard, p, &Options{Quality: &q})
			e, ok := errors.AsType[*OptionError](err)
			require.True(t, ok, "%d: %v", q, err)
			assert.Equal(t, "quality", e.Option)
		}
	}
}

func TestJPEGIsNearTheImage(t *testing.T) {
	size := image.Pt(203, 101)
	at := photo(size)
	for _, bands := range []int{1, 2, 3, 4} {
		b := block(raster.U8, bands, size, at, nil)
		m := decoded(t, "jpg", encoded(t, "jpg", imageOf(b, nil), &Options{Quality: new(95)}))
		require.Equal(t, image.Rectangle{Max: size}, m.Bounds())
		if bands < 3 {
			require.IsType(t, &image.Gray{}, m)
		} else {
			require.IsType(t, &image.YCbCr{}, m)
		}
		sum := 0.0
		for y := range size.Y {
			for x := range size.X {
				r, _, _, _ := m.At(x, y).RGBA()
				d := float64(r>>8) - float64(at(0, x, y))
				sum += d * d
			}
		}
		assert.Greater(t, 10*math.Log10(255*255*float64(size.X*size.Y)/sum), 35.0, "dB, %d bands", bands)
	}
}

func TestJPEGBackground(t *testing.T) {
	size := image.Pt(64, 32)
	valid := func(x, _ int) int { return x / 32 * 255 }
	white := func(_, _, _ int) int { return 255 }
	for _, c := range []struct {
		bands int
		bg    color.NRGBA
		want  color.NRGBA
	}{
		{3, color.NRGBA{}, color.NRGBA{A: 255}},
		{3, color.NRGBA{R: 200, G: 100, B: 50}, color.NRGBA{R: 200, G: 100, B: 50, A: 255}},
		{1, color.NRGBA{R: 200, G: 100, B: 50}, color.NRGBA{R: 124, G: 124, B: 124, A: 255}}, // 0.299·200 + 0.587·100 + 0.114·50
		{1, color.NRGBA{R: 80, G: 80, B: 80, A: 9}, color.NRGBA{R: 80, G: 80, B: 80, A: 255}},
	} {
		m := decoded(t, "jpg", encoded(t, "jpg", imageOf(block(raster.U8, c.bands, size, white, valid), nil), &Options{Background: c.bg, Quality: new(100)}))
		got := color.NRGBAModel.Convert(m.At(4, 4)).(color.NRGBA)
		assert.InDelta(t, c.want.R, got.R, 2, "%+v: %v", c, got)
		assert.InDelta(t, c.want.G, got.G, 2, "%+v: %v", c, got)
		assert.InDelta(t, c.want.B, got.B, 2, "%+v: %v", c, got)
		r, _, _, _ := m.At(60, 4).RGBA()
		assert.Greater(t, r>>8, uint32(253))
	}
}
