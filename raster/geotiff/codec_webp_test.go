package geotiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/webp"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// decodePicture decodes a stream with a codec to n planes of the given size.
func decodePicture(c Codec, src []byte, size image.Point, n int, b BlockShape) ([]*raster.PlaneOf[uint8], error) {
	planes := make([]*raster.PlaneOf[uint8], n)
	for i := range planes {
		planes[i] = raster.NewPlane[uint8](image.Rectangle{Max: size}.Add(image.Pt(64, 32)))
	}
	b.Samples, b.Bits = n, 8
	b.Width, b.Height = max(b.Width, size.X), max(b.Height, size.Y)
	return planes, c.Planes(planes, src, b)
}

// webpTiles returns the WebP files inside a TIFF.
func webpTiles(t testing.TB, file string) (tiles [][]byte) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	for {
		i := bytes.Index(b, []byte("RIFF"))
		if i < 0 {
			return tiles
		}
		n := 8 + int(binary.LittleEndian.Uint32(b[i+4:]))
		tiles, b = append(tiles, b[i:i+n]), b[i+n:]
	}
}

// TestWebPSamples compares alpha, and the colours of lossless files, with the output of golang.org/x/image/webp.
// TestGoldenColors compares lossy colours with GDAL's.
func TestWebPSamples(t *testing.T) {
	codec, size := DefaultCodecs()[WebP], image.Pt(32, 32)
	for _, file := range []string{"webp_rgba.tif", "webp_rgba_lossless.tif", "webp_rgb.tif"} {
		for _, src := range webpTiles(t, file) {
			m, err := webp.Decode(bytes.NewReader(src))
			require.NoError(t, err)
			four, err := decodePicture(codec, src, size, 4, BlockShape{})
			require.NoError(t, err)
			three, err := decodePicture(codec, src, size, 3, BlockShape{})
			require.NoError(t, err)
			assert.Equal(t, four[:3], three, "alpha does not change colours")
			part, err := decodePicture(codec, src, image.Pt(5, 3), 4, BlockShape{Width: 32, Height: 32})
			require.NoError(t, err)
			for i := range part {
				for y := part[i].Rect.Min.Y; y < part[i].Rect.Max.Y; y++ {
					require.Equal(t, four[i].Row(y)[:5], part[i].Row(y), "part of band %d", i)
				}
			}
			for y := range size.Y {
				for x := range size.X {
					i := y*size.X + x
					_, _, _, a := m.At(x, y).RGBA()
					require.Equal(t, uint8(a>>8), four[3].Pix[i])
					if m, ok := m.(*image.NRGBA); ok {
						c := m.NRGBAAt(x, y)
						require.Equal(t, [3]uint8{c.R, c.G, c.B}, [3]uint8{four[0].Pix[i], four[1].Pix[i], four[2].Pix[i]})
					}
				}
			}
		}
	}
}

// TestVP8Colors compares with the definition in floating point: chroma interpolated between the centres of its samples,
// then ITU-R BT.601 with luma from 16 to 235.
func TestVP8Colors(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size := image.Pt(rapid.IntRange(1, 9).Draw(rt, "width"), rapid.IntRange(1, 9).Draw(rt, "height"))
		m := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
		for _, p := range [][]byte{m.Y, m.Cb, m.Cr} {
			for i := range p {
				p[i] = rapid.Byte().Draw(rt, "sample")
			}
		}
		dst := make([]*raster.PlaneOf[uint8], 3)
		for i := range dst {
			dst[i] = raster.NewPlane[uint8](image.Rectangle{Max: size})
		}
		planesFromVP8(dst, m)
		half := image.Pt((size.X+1)/2, (size.Y+1)/2)
		chroma := func(p []byte, x, y int) float64 {
			at := func(x, y int) float64 {
				return float64(p[min(max(y, 0), half.Y-1)*m.CStride+min(max(x, 0), half.X-1)])
			}
			cx, cy := x/2, y/2
			fx, fy := cx-1+2*(x%2), cy-1+2*(y%2)
			return (9*at(cx, cy) + 3*at(fx, cy) + 3*at(cx, fy) + at(fx, fy)) / 16
		}
		for y := range size.Y {
			for x := range size.X {
				l := 255.0 / 219 * (float64(m.Y[y*m.YStride+x]) - 16)
				cb, cr := 255.0/224*(chroma(m.Cb, x, y)-128), 255.0/224*(chroma(m.Cr, x, y)-128)
				for i, want := range []float64{l + 1.402*cr, l - 0.344136*cb - 0.714136*cr, l + 1.772*cb} {
					got := float64(dst[i].Row(y)[x])
					// Chroma is rounded to integers, and blue is twice the chroma.
					require.LessOrEqual(rt, math.Abs(min(max(want, 0), 255)-got), 2.7, "band %d of (%d,%d)", i, x, y)
				}
			}
		}
	})
}

func TestWebPHostile(t *testing.T) {
	codec, size := DefaultCodecs()[WebP], image.Pt(32, 32)
	lossy, lossless, alpha := webpTiles(t, "webp_rgb.tif")[0], webpTiles(t, "webp_rgba_lossless.tif")[0], webpTiles(t, "webp_rgba.tif")[0]
	change := func(src []byte, at int, to ...byte) []byte {
		src = bytes.Clone(src)
		copy(src[at:], to)
		return src
	}
	for name, src := range map[string][]byte{
		"empty":                      nil,
		"not WebP":                   change(lossy, 8, 'A', 'V', 'I', ' '),
		"longer than it is":          change(lossy, 4, 0xff, 0xff, 0xff, 0x7f),
		"lossy larger":               change(lossy, 26, 0xff, 0x3f, 0xff, 0x3f),
		"lossy one pixel smaller":    change(lossy, 26, 31, 0),
		"lossless larger":            change(lossless, 21, 0xff, 0xff, 0xff, 0x0f),
		"canvas larger":              change(alpha, 24, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
		"canvas of another size":     change(alpha, 24, 30, 0, 0),
		"chunk longer than the file": change(lossy, 16, 0xff, 0xff, 0xff, 0x7f),
	} {
		_, err := decodePicture(codec, src, size, 4, BlockShape{})
		assert.Error(t, err, name)
	}
	for _, src := range [][]byte{lossy, lossless, alpha} {
		for end := range len(src) - 1 {
			_, err := decodePicture(codec, src[:end], size, 4, BlockShape{})
			require.Error(t, err, "%d bytes of %d", end, len(src))
		}
	}
	_, err := decodePicture(codec, lossy, size, 2, BlockShape{})
	assert.IsType(t, &UnsupportedError{}, err)
}

// TestWebPInterrupted checks that decoding a lossless picture ends at whichever KiB of it the context does.
func TestWebPInterrupted(t *testing.T) {
	stop := errors.New("stop")
	src := webpTiles(t, "webp_rgb_lossless.tif")[0]
	config, err := webp.DecodeConfig(bytes.NewReader(src))
	require.NoError(t, err)
	size := image.Pt(config.Width, config.Height)
	calls, last := 0, 1<<30
	shape := BlockShape{Width: size.X, Height: size.Y, Samples: 3, Bits: 8, Interrupt: func() error {
		if calls++; calls >= last {
			return stop
		}
		return nil
	}}
	_, err = decodePicture(Codec{Planes: decodeWebP}, src, size, 3, shape)
	require.NoError(t, err)
	all := calls
	require.Greater(t, all, len(src)>>10)
	for last = 1; last <= all; last++ {
		calls = 0
		_, err := decodePicture(Codec{Planes: decodeWebP}, src, size, 3, shape)
		require.ErrorIs(t, err, stop, "call %d of %d", last, all)
	}
}

func FuzzWebP(f *testing.F) {
	for _, file := range []string{"webp_rgb.tif", "webp_rgb_lossless.tif", "webp_rgba.tif", "webp_rgba_lossless.tif"} {
		for _, src := range webpTiles(f, file) {
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<14 {
			t.Skip("large")
		}
		codec, size, shape := DefaultCodecs()[WebP], image.Pt(5, 9), BlockShape{Width: 64, Height: 64}
		four, err := decodePicture(codec, src, size, 4, shape)
		three, err3 := decodePicture(codec, src, size, 3, shape)
		require.Equal(t, err == nil, err3 == nil)
		if err == nil {
			require.Equal(t, four[:3], three)
		}
	})
}

func BenchmarkWebP(b *testing.B) {
	for _, file := range []string{"webp_rgb.tif", "webp_rgb_lossless.tif"} {
		src := webpTiles(b, file)[0]
		m, err := webp.DecodeConfig(bytes.NewReader(src))
		require.NoError(b, err)
		size := image.Pt(m.Width, m.Height)
		b.Run(file, func(b *testing.B) {
			b.SetBytes(int64(3 * size.X * size.Y))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decodePicture(Codec{Planes: decodeWebP}, src, size, 3, BlockShape{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(file+"/planes only", func(b *testing.B) { // without conversion to RGB
			b.SetBytes(int64(3 * size.X * size.Y))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := webp.Decode(bytes.NewReader(src)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
