package jpegdec

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// decode decodes a stream to n planes of the given size, whose stride is larger than their width.
func decode(d *Decoder, src []byte, size image.Point, n int, o Options) ([]Plane, error) {
	planes := make([]Plane, n)
	for i := range planes {
		stride := size.X + 3
		planes[i] = Plane{Pix: make([]byte, stride*size.Y), Stride: stride, Width: size.X, Height: size.Y}
	}
	o.MaxWidth, o.MaxHeight = max(o.MaxWidth, size.X), max(o.MaxHeight, size.Y)
	return planes, d.Decode(planes, src, o)
}

// colors are options that treat components as YCbCr. The constants are those of T.871, section 7, times 2^16, rounded.
var colors = Options{YCbCr: func(red, green, blue, luma, cb, cr []byte) {
	clamp := func(v int32) byte { return byte(min(max(v, 0), 255)) }
	for i := range red {
		y, b, r := int32(luma[i])<<16+1<<15, int32(cb[i])-128, int32(cr[i])-128
		red[i] = clamp((y + 91881*r) >> 16)
		green[i] = clamp((y - 22554*b - 46802*r) >> 16)
		blue[i] = clamp((y + 116130*b) >> 16)
	}
}}

func stream(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".jpg"))
	require.NoError(t, err)
	return b
}

// gdalChecksum returns GDAL's checksum of the samples.
func gdalChecksum(p Plane) int {
	primes := [...]int{7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43}
	sum := 0
	for y := range p.Height {
		for x, v := range p.row(y) {
			sum = (sum + int(v)%primes[(y*p.Width+x)%len(primes)]) & 0xffff
		}
	}
	return sum
}

// streams lists the files of testdata with the checksums that testdata/generate.sh prints for libjpeg-turbo's results:
// of the components as they are, and of RGB if the components are treated as YCbCr.
var streams = []struct {
	name     string
	size     image.Point
	raw, rgb []int
}{
	{"gray", image.Pt(37, 29), []int{12473}, nil},
	{"gray_2x2", image.Pt(37, 29), []int{12473}, nil},
	{"gray_progressive", image.Pt(37, 29), []int{12473}, nil},
	{"gray_16_bit_tables", image.Pt(37, 29), []int{13366}, nil},
	{"gray_alpha", image.Pt(37, 29), []int{12473, 12517}, nil},
	{"rgb", image.Pt(37, 29), []int{12473, 12517, 11958}, []int{7082, 12357, 11639}},
	{"rgb_progressive", image.Pt(37, 29), []int{12473, 12517, 11958}, []int{7082, 12357, 11639}},
	{"ycbcr_444", image.Pt(37, 29), []int{12811, 12554, 12742}, []int{12745, 12362, 11791}},
	{"ycbcr_422", image.Pt(37, 29), []int{12811, 12278, 12692}, []int{12533, 12504, 11971}},
	{"ycbcr_420", image.Pt(37, 29), []int{12811, 12535, 12788}, []int{12541, 12681, 12024}},
	{"ycbcr_420_even", image.Pt(32, 48), []int{17419, 18279, 18212}, []int{18492, 13357, 17631}},
	{"ycbcr_420_narrow", image.Pt(4, 9), []int{462, 377, 421}, []int{369, 368, 192}},
	{"ycbcr_420_progressive", image.Pt(37, 29), []int{12811, 12535, 12788}, []int{12541, 12681, 12024}},
	{"ycbcr_420_restarts", image.Pt(37, 29), []int{12811, 12535, 12788}, []int{12541, 12681, 12024}},
	{"ycbcr_420_scans", image.Pt(37, 29), []int{12811, 12535, 12788}, []int{12541, 12681, 12024}},
	{"ycbcr_440", image.Pt(37, 29), []int{12811, 12872, 12497}, []int{12638, 12593, 12187}},
	{"ycbcr_441", image.Pt(37, 29), []int{12811, 12484, 12717}, []int{12459, 12804, 11669}},
	{"ycbcr_411", image.Pt(37, 29), []int{12811, 12469, 12774}, []int{12796, 12981, 11894}},
	{"ycbcr_410", image.Pt(37, 29), []int{12811, 12584, 12627}, []int{12255, 12919, 12301}},
	{"ycbcr_luma_less", image.Pt(37, 29), []int{12705, 12872, 12692}, []int{12685, 12711, 12035}},
	{"cmyk", image.Pt(37, 29), []int{12473, 12517, 11958, 12770}, nil},
	{"rgba_420", image.Pt(37, 29), []int{12473, 12521, 12259, 12770}, nil},
}

func TestStreams(t *testing.T) {
	d := new(Decoder) // one decoder for all: no stream may affect the next
	for round := range 2 {
		for _, c := range streams {
			src := stream(t, c.name)
			for in, want := range map[string][]int{"raw": c.raw, "RGB": c.rgb} {
				if want == nil {
					continue
				}
				var o Options
				if in == "RGB" {
					o = colors
				}
				whole, err := decode(d, src, c.size, len(want), o)
				require.NoError(t, err, c.name)
				for i := range want {
					assert.Equal(t, want[i], gdalChecksum(whole[i]), "%s, round %d, %s, band %d", c.name, round, in, i)
				}
				testParts(t, d, src, c.name, whole, o)
			}
		}
	}
}

// testParts checks that any part from the top left corner equals that part of the whole image, since fewer rows are
// decoded for it.
func testParts(t *testing.T, d *Decoder, src []byte, name string, whole []Plane, o Options) {
	w, h := whole[0].Width, whole[0].Height
	o.MaxWidth, o.MaxHeight = 64, 64
	for _, size := range []image.Point{{1, 1}, {w, 1}, {3, 2}, {w - 1, h / 2}, {2, h - 1}} {
		part, err := decode(d, src, size, len(whole), o)
		require.NoError(t, err)
		for i := range whole {
			for y := range size.Y {
				require.Equal(t, whole[i].row(y)[:size.X], part[i].row(y), "%s, part %v, row %d", name, size, y)
			}
		}
	}
}

// slowDecode decodes with the standard library, and upsamples components to the size of the image as libjpeg does,
// pixel by pixel.
func slowDecode(src []byte) (planes [][]byte, size image.Point, ok bool) {
	m, err := jpeg.Decode(bytes.NewReader(src))
	if err != nil {
		return nil, image.Point{}, false
	}
	size = m.Bounds().Size()
	switch m := m.(type) {
	case *image.Gray:
		p := make([]byte, 0, size.X*size.Y)
		for y := range size.Y {
			p = append(p, m.Pix[y*m.Stride:][:size.X]...)
		}
		return [][]byte{p}, size, true
	case *image.YCbCr:
		h, v := 1, 1
		switch m.SubsampleRatio {
		case image.YCbCrSubsampleRatio422:
			h = 2
		case image.YCbCrSubsampleRatio420:
			h, v = 2, 2
		case image.YCbCrSubsampleRatio440:
			v = 2
		case image.YCbCrSubsampleRatio411:
			h = 4
		case image.YCbCrSubsampleRatio410:
			h, v = 4, 2
		}
		return [][]byte{slowUpsample(m.Y, m.YStride, size, 1, 1), slowUpsample(m.Cb, m.CStride, size, h, v),
			slowUpsample(m.Cr, m.CStride, size, h, v)}, size, true
	}
	return nil, size, false
}

// slowUpsample makes a component h times as wide and v times as high, with the formula of libjpeg's upsampling for one
// pixel.
func slowUpsample(pix []byte, stride int, size image.Point, h, v int) []byte {
	width, height := (size.X+h-1)/h, (size.Y+v-1)/v
	at := func(x, y int) int { return int(pix[min(max(y, 0), height-1)*stride+min(max(x, 0), width-1)]) }
	out := make([]byte, 0, size.X*size.Y)
	for y := range size.Y {
		for x := range size.X {
			cx, cy := x/h, y/v
			fx, fy := cx-1+2*(x%h), cy-1+2*(y%v) // the farther neighbours, if h and v are 2
			near, value := at(cx, cy), 0
			switch {
			case h == 2 && v == 1 && width > 2:
				value = (3*near + at(fx, cy) + 1 + x%2) / 4
			case h == 1 && v == 2:
				value = (3*near + at(cx, fy) + 1 + y%2) / 4
			case h == 2 && v == 2 && width > 2:
				value = (9*near + 3*at(fx, cy) + 3*at(cx, fy) + at(fx, fy) + 8 - x%2) / 16
			default:
				value = near
			}
			out = append(out, byte(value))
		}
	}
	return out
}

// assertLikeSlow compares Decode with slowDecode, whose inverse DCT rounds differently: a component may be off by 1,
// after upsampling too.
func assertLikeSlow(t *testing.T, src []byte, name string) {
	t.Helper()
	want, size, ok := slowDecode(src)
	if !ok {
		return
	}
	got, err := decode(new(Decoder), src, size, len(want), Options{})
	require.NoError(t, err, name)
	for i := range want {
		worst := 0
		for y := range size.Y {
			for x, v := range got[i].row(y) {
				w := int(want[i][y*size.X+x])
				worst = max(worst, int(v)-w, w-int(v))
			}
		}
		assert.LessOrEqual(t, worst, 2, "%s: component %d", name, i)
	}
}

func TestLikeStandardLibrary(t *testing.T) {
	for _, c := range streams {
		if c.name == "gray_16_bit_tables" {
			continue // it cannot hold the rounding of coarse coefficients
		}
		assertLikeSlow(t, stream(t, c.name), c.name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		size := image.Pt(rapid.IntRange(1, 70).Draw(rt, "width"), rapid.IntRange(1, 70).Draw(rt, "height"))
		src := encoded(t, size, rapid.Bool().Draw(rt, "gray"), rapid.IntRange(0, 40).Draw(rt, "noise"),
			rapid.IntRange(20, 100).Draw(rt, "quality"))
		assertLikeSlow(t, src, fmt.Sprint(size))
	})
}

// encoded encodes an image with the standard library: grey, or 4:2:0.
func encoded(t testing.TB, size image.Point, gray bool, noise, quality int) []byte {
	t.Helper()
	rnd := rand.New(rand.NewPCG(uint64(size.X), uint64(size.Y)))
	var m interface {
		image.Image
		Set(x, y int, c color.Color)
	}
	if m = image.NewRGBA(image.Rectangle{Max: size}); gray {
		m = image.NewGray(image.Rectangle{Max: size})
	}
	for y := range size.Y {
		for x := range size.X {
			n := rnd.IntN(noise + 1)
			m.Set(x, y, color.RGBA{uint8(3*x + n), uint8(128 + y + n), uint8((x^y)&0x78 + n), 255})
		}
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}))
	return b.Bytes()
}

// TestMemory checks that decoding a second stream allocates next to nothing.
func TestMemory(t *testing.T) {
	src := encoded(t, image.Pt(256, 256), false, 10, 75)
	d := new(Decoder)
	dst := make([]Plane, 3)
	for i := range dst {
		dst[i] = Plane{Pix: make([]byte, 1<<16), Stride: 256, Width: 256, Height: 256}
	}
	o := Options{MaxWidth: 256, MaxHeight: 256, YCbCr: colors.YCbCr}
	assert.LessOrEqual(t, testing.AllocsPerRun(10, func() { require.NoError(t, d.Decode(dst, src, o)) }), 2.0)
}

func FuzzDecode(f *testing.F) {
	for _, c := range streams {
		f.Add(stream(f, c.name), []byte(nil))
	}
	src := stream(f, "ycbcr_420")
	f.Add(src[:2], src)
	d := new(Decoder)
	f.Fuzz(func(t *testing.T, src, tables []byte) {
		if len(src)+len(tables) > 1<<14 {
			t.Skip("large")
		}
		for n := 1; n <= 4; n++ {
			o := Options{Tables: tables, MaxWidth: 64, MaxHeight: 64}
			if len(src)%2 == 0 {
				o.YCbCr = colors.YCbCr
			}
			first, err := decode(d, src, image.Pt(5, 9), n, o)
			if err != nil {
				continue
			}
			// A used decoder and a new one return the same.
			again, err := decode(new(Decoder), src, image.Pt(5, 9), n, o)
			require.NoError(t, err)
			require.Equal(t, first, again)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	size := image.Pt(256, 256)
	for name, gray := range map[string]bool{"gray": true, "4:2:0": false} {
		src, n, o := encoded(b, size, gray, 10, 75), 3, colors
		if gray {
			n, o = 1, Options{}
		}
		b.Run(name, func(b *testing.B) {
			d := new(Decoder)
			b.SetBytes(int64(n * size.X * size.Y))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(d, src, size, n, o); err != nil {
					b.Fatal(err)
				}
			}
		})
		// The baseline, which neither converts colours nor upsamples.
		b.Run(name+"/standard library", func(b *testing.B) {
			b.SetBytes(int64(n * size.X * size.Y))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := jpeg.Decode(bytes.NewReader(src)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
