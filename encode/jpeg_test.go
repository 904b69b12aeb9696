package encode

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// psnrOfImage compares the three colours, in dB.
func psnrOfImage(m image.Image, b *raster.Block) float64 {
	r, sum := b.Bounds(), 0.0
	for y := range r.Dy() {
		for x := range r.Dx() {
			got := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			for i, v := range [...]uint8{got.R, got.G, got.B} {
				d := float64(v) - float64(row8(b, min(i, len(b.Bands)-1), r.Min.Y+y)[x])
				sum += d * d
			}
		}
	}
	return 10 * math.Log10(255*255*3*float64(r.Dx()*r.Dy())/sum)
}

// The standard library's encoder is the slow twin: at equal quality as good, and larger, for its code is not made to
// measure.
func TestJPEGIsLikeTheStandardLibrarys(t *testing.T) {
	size := image.Pt(333, 250)
	for _, bands := range []int{1, 3} {
		b := block(raster.U8, bands, size, photo(size), nil)
		for _, quality := range []int{1, 10, 30, 50, 75, 90, 100} {
			var std bytes.Buffer
			require.NoError(t, jpeg.Encode(&std, stdImage(b), &jpeg.Options{Quality: quality}))
			file := encoded(t, "jpg", imageOf(b, nil), &Options{Quality: &quality, Subsampling: Subsampling420})
			assert.Less(t, len(file), std.Len(), "quality %d", quality)
			want := psnrOfImage(decoded(t, "jpg", std.Bytes()), b)
			// At 100, near 60 dB, the two bits of fractions between the passes show, as they do in libjpeg.
			within := map[bool]float64{false: 0.2, true: 0.3}[quality == 100]
			assert.InDelta(t, want, psnrOfImage(decoded(t, "jpg", file), b), within, "quality %d", quality)
		}
	}
}

func TestJPEGHoldsEverySize(t *testing.T) {
	at := func(band, x, y int) int { return 40 + 5*x + 3*y - 20*band }
	for _, bands := range []int{1, 3} {
		for _, sub := range []Subsampling{SubsamplingByQuality, Subsampling420, Subsampling444} {
			for width := range 35 {
				for _, height := range []int{1, 7, 8, 9, 16, 17} {
					b := block(raster.U8, bands, image.Pt(width+1, height), at, nil)
					file := encoded(t, "jpg", imageOf(b, nil), &Options{Quality: new(95), Subsampling: sub})
					m := decoded(t, "jpg", file)
					require.Equal(t, b.Bounds().Size(), m.Bounds().Size())
					require.Greater(t, psnrOfImage(m, b), 30.0, "%v, %d bands, %d", b.Bounds().Size(), bands, sub)
				}
			}
		}
	}
	// Many strips, more than there are restart markers.
	size := image.Pt(700, 900)
	b := block(raster.U8, 3, size, photo(size), nil)
	assert.Greater(t, psnrOfImage(decoded(t, "jpg", encoded(t, "jpg", imageOf(b, nil), nil)), b), 30.0)
}

func TestSubsampling(t *testing.T) {
	b := block(raster.U8, 3, image.Pt(40, 40), noise(1), nil)
	for _, c := range []struct {
		quality int
		sub     Subsampling
		want    image.YCbCrSubsampleRatio
	}{
		{89, SubsamplingByQuality, image.YCbCrSubsampleRatio420}, {90, SubsamplingByQuality, image.YCbCrSubsampleRatio444},
		{10, Subsampling444, image.YCbCrSubsampleRatio444}, {100, Subsampling420, image.YCbCrSubsampleRatio420},
	} {
		m := decoded(t, "jpg", encoded(t, "jpg", imageOf(b, nil), &Options{Quality: &c.quality, Subsampling: c.sub}))
		assert.Equal(t, c.want, m.(*image.YCbCr).SubsampleRatio, "%+v", c)
	}
}

// deltaE returns the CIE's colour difference of 1976 between two colours of sRGB.
func deltaE(a, b color.NRGBA) float64 {
	lab := func(c color.NRGBA) (l, u, v float64) {
		linear := func(v uint8) float64 {
			f := float64(v) / 255
			if f <= 0.04045 {
				return f / 12.92
			}
			return math.Pow((f+0.055)/1.055, 2.4)
		}
		r, g, bl := linear(c.R), linear(c.G), linear(c.B)
		f := func(t float64) float64 {
			if t > 216.0/24389 {
				return math.Cbrt(t)
			}
			return (24389.0/27*t + 16) / 116
		}
		x := f((0.4124*r + 0.3576*g + 0.1805*bl) / 0.9505)
		y := f(0.2126*r + 0.7152*g + 0.0722*bl)
		z := f((0.0193*r + 0.1192*g + 0.9505*bl) / 1.089)
		return 116*y - 16, 500 * (x - y), 200 * (y - z)
	}
	l1, a1, b1 := lab(a)
	l2, a2, b2 := lab(b)
	return math.Hypot(l1-l2, math.Hypot(a1-a2, b1-b2))
}

// T64: pixels around a hole are nearly as near to the image as if there were no hole, and the background has no
// influence on them at all.
func TestT64NoFringesAroundHoles(t *testing.T) {
	size := image.Pt(200, 160)
	at := func(band, x, y int) int {
		return 150 + int(60*math.Sin(float64(x)/30+float64(band))+35*math.Cos(float64(y)/23))
	}
	disc := func(x, y int) int {
		if math.Hypot(float64(x-100), float64(y-80)) < 40 || x < 3 {
			return 0
		}
		return 255
	}
	whole, holed := block(raster.U8, 3, size, at, nil), block(raster.U8, 3, size, at, disc)
	worst := func(b *raster.Block, o *Options) (most float64, drawn []color.NRGBA) {
		m := decoded(t, "jpg", encoded(t, "jpg", imageOf(b, nil), o))
		for y := range size.Y {
			for x := range size.X {
				if disc(x, y) == 255 {
					got := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
					drawn = append(drawn, got)
					most = max(most, deltaE(got, color.NRGBA{uint8(at(0, x, y)), uint8(at(1, x, y)), uint8(at(2, x, y)), 255}))
				}
			}
		}
		return most, drawn
	}
	for _, bg := range []color.NRGBA{{}, {R: 255, G: 255, B: 255}, {R: 255, B: 255}} {
		for _, quality := range []int{50, 75, 95} {
			o := &Options{Quality: &quality, Background: bg}
			without, _ := worst(whole, o)
			with, drawn := worst(holed, o)
			_, overBlack := worst(holed, &Options{Quality: &quality})
			assert.Equal(t, overBlack, drawn, "quality %d over %v", quality, bg)
			assert.Less(t, with, without+6, "quality %d over %v; without a hole %.1f", quality, bg, without)
			m := decoded(t, "jpg", encoded(t, "jpg", imageOf(holed, nil), o))
			bg.A = 255
			assert.Less(t, deltaE(color.NRGBAModel.Convert(m.At(100, 80)).(color.NRGBA), bg), 3.0, "the middle of the hole")
		}
	}
}

// If there are more symbols than are held, later ones use the code made for the first, whichever symbols they are.
func TestJPEGOfManySymbols(t *testing.T) {
	size := image.Pt(700, 2200)
	values := noise(1)
	at := func(band, x, y int) int { // flat at the top, so that most symbols come later
		if y < 100 {
			return 90
		}
		return values(band, x, y)
	}
	b := block(raster.U8, 3, size, at, nil)
	file := encoded(t, "jpg", imageOf(b, nil), &Options{Quality: new(100), Workers: 1})
	assert.Greater(t, psnrOfImage(decoded(t, "jpg", file), b), 40.0)
	assert.True(t, bytes.Equal(file, encoded(t, "jpg", imageOf(b, nil), &Options{Quality: new(100), Workers: 5})))
}

// T72: bytes on all machines, since there are whole numbers alone.
func TestT72JPEGBytesAreFixed(t *testing.T) {
	at := func(band, x, y int) int { return (x*x + y*y*(band+1) + x*y) / 40 % 256 }
	for _, bands := range []int{1, 3} {
		b := block(raster.U8, bands, image.Pt(210, 300), at, nil)
		sum := sumOf(encoded(t, "jpg", imageOf(b, nil), nil)).value
		assert.Equal(t, map[int]string{1: "9026cb6b", 3: "d8d95177"}[bands], fmt.Sprintf("%08x", sum))
	}
}
