package geotiff

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// decodePicture decodes a stream with a codec to n planes of the given size.
func decodePicture(c Codec, src []byte, size image.Point, n int, b BlockShape) ([]*raster.PlaneOf[uint8], error) {
	planes := make([]*raster.PlaneOf[uint8], n)
	for i := range planes {
		planes[i] = raster.MakePlane[uint8](image.Rectangle{Max: size}.Add(image.Pt(64, 32)))
	}
	b.Samples, b.Bits = n, 8
	b.Width, b.Height = max(b.Width, size.X), max(b.Height, size.Y)
	return planes, c.Planes(planes, src, b)
}

func testJPEG(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "jpeg", name+".jpg"))
	require.NoError(t, err)
	return b
}

// gdalChecksum is GDAL's checksum of bytes.
func gdalChecksum(p *raster.PlaneOf[uint8]) int {
	primes := [...]int{7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43}
	sum := 0
	for i, v := range p.Pix {
		sum = (sum + int(v)%primes[i%len(primes)]) & 0xffff
	}
	return sum
}

// jpegFiles are the streams of testdata/jpeg: what libjpeg-turbo makes of them, as testdata/generate_jpeg.sh prints it: the
// checksums of components as they are, and of RGB where components are taken for YCbCr.
var jpegFiles = []struct {
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

func TestJPEG(t *testing.T) {
	codec := newJPEGCodec() // one for all: what one stream leaves in a decoder must not show in the next
	for round := range 2 {
		for _, c := range jpegFiles {
			src := testJPEG(t, c.name)
			for photometric, want := range map[int][]int{photometricRGB: c.raw, photometricYCbCr: c.rgb} {
				if want == nil {
					continue
				}
				whole, err := decodePicture(codec, src, c.size, len(want), BlockShape{Photometric: photometric})
				require.NoError(t, err, c.name)
				for i := range want {
					assert.Equal(t, want[i], gdalChecksum(whole[i]), "%s, round %d, photometric %d, band %d", c.name, round, photometric, i)
				}
				// Any part from the top left corner is the same as that part of the whole: fewer rows are decoded then.
				for _, size := range []image.Point{{1, 1}, {c.size.X, 1}, {3, 2}, {c.size.X - 1, c.size.Y / 2}, {2, c.size.Y - 1}} {
					part, err := decodePicture(codec, src, size, len(want), BlockShape{Photometric: photometric, Width: 64, Height: 64})
					require.NoError(t, err)
					for i := range want {
						for y := part[i].Rect.Min.Y; y < part[i].Rect.Max.Y; y++ {
							require.Equal(t, whole[i].Row(y)[:size.X], part[i].Row(y), "%s, part %v, row %d", c.name, size, y)
						}
					}
				}
			}
		}
	}
}

// slowJPEG decodes with the standard library, and brings components to the size of the picture as libjpeg does, pixel by pixel.
func slowJPEG(src []byte) (planes [][]byte, size image.Point, ok bool) {
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

// slowUpsample makes a component h times as wide and v times as high: what libjpeg's upsampling comes to for one pixel.
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

// assertLikeSlow compares with slowJPEG, whose inverse DCT rounds in its own way: a component may be off by 1, after
// upsampling too.
func assertLikeSlow(t *testing.T, src []byte, name string) {
	t.Helper()
	want, size, ok := slowJPEG(src)
	if !ok {
		return
	}
	got, err := decodePicture(newJPEGCodec(), src, size, len(want), BlockShape{Photometric: photometricRGB})
	require.NoError(t, err, name)
	for i := range want {
		worst := 0
		for j, v := range got[i].Pix {
			worst = max(worst, int(v)-int(want[i][j]), int(want[i][j])-int(v))
		}
		assert.LessOrEqual(t, worst, 2, "%s: component %d", name, i)
	}
}

func TestJPEGLikeStandardLibrary(t *testing.T) {
	for _, c := range jpegFiles {
		if c.name == "gray_16_bit_tables" {
			continue // it has no room for the rounding of coarse coefficients
		}
		assertLikeSlow(t, testJPEG(t, c.name), c.name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		size := image.Pt(rapid.IntRange(1, 70).Draw(rt, "width"), rapid.IntRange(1, 70).Draw(rt, "height"))
		src := testPicture(t, size, rapid.Bool().Draw(rt, "gray"), rapid.IntRange(0, 40).Draw(rt, "noise"),
			rapid.IntRange(20, 100).Draw(rt, "quality"))
		assertLikeSlow(t, src, fmt.Sprint(size))
	})
}

// testPicture encodes a picture with the standard library: gray, or 4:2:0.
func testPicture(t testing.TB, size image.Point, gray bool, noise, quality int) []byte {
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

// slowDCT is the definition of T.81, A.3.3, in floating point.
func slowDCT(c *[64]int32) (out [64]float64) {
	for y := range 8 {
		for x := range 8 {
			sum := 0.0
			for v := range 8 {
				for u := range 8 {
					k := float64(c[8*v+u])
					if u == 0 {
						k *= math.Sqrt2 / 2
					}
					if v == 0 {
						k *= math.Sqrt2 / 2
					}
					sum += k * math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) * math.Cos(float64(2*y+1)*float64(v)*math.Pi/16)
				}
			}
			out[8*y+x] = min(max(sum/4+128, 0), 255)
		}
	}
	return out
}

func TestInverseDCT(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var c [64]int32
		last := rapid.SampledFrom([]int{0, 1, 2, 5, 9, 10, 20, 63}).Draw(rt, "last")
		for k := range last + 1 {
			c[jpegZigzag[k]] = rapid.Int32Range(-1023, 1023).Draw(rt, "coefficient") >> min(k/2, 8)
		}
		want, all := slowDCT(&c), c
		var got, whole [64]byte
		inverseDCT8(whole[:], 8, &all)
		inverseDCT(got[:], 8, &c, last)
		require.Equal(rt, whole, got, "the short ways lead to the same")
		for i := range want {
			require.LessOrEqual(rt, math.Abs(want[i]-float64(got[i])), 1.0, "sample %d", i)
		}
	})
}

// TestJPEGHuffman decodes codes of all lengths, with values that are looked up with them and ones that are not, in both ways.
func TestJPEGHuffman(t *testing.T) {
	spec := []byte{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2,
		0x01, 0x02, 0x00, 0x11, 0xf0, 0x03, 0x21, 0x04, 0x31, 0x12, 0x0a, 0x05, 0xa1, 0x71, 0x13, 0x08}
	var h jpegHuffman
	require.NoError(t, h.define(spec, true))
	code, at := 0, 16
	for length := 1; length <= 16; length++ {
		for range spec[length-1] {
			for _, rest := range []uint64{0, 0x5555555555555555, math.MaxUint64} {
				acc := uint64(code)<<(64-length) | rest>>length
				symbol, n := h.long(acc)
				require.Equal(t, spec[at], symbol)
				require.EqualValues(t, length, n)
				run, size := int(symbol>>4), uint(symbol&15)
				if e := h.fast[acc>>(64-jpegLookBits)]; length+int(size) <= jpegLookBits {
					value := jpegExtend(uint32(acc<<length>>32>>(32-size)), size)
					if symbol == 0 {
						run = jpegEnd
					}
					require.Equal(t, uint32(value)<<16|uint32(run)<<8|uint32(length+int(size)), e)
				} else {
					require.Zero(t, e)
				}
			}
			code++
			at++
		}
		code <<= 1
	}
	_, n := h.long(math.MaxUint64)
	require.Zero(t, n, "the code of all ones is not there")
	assert.Error(t, new(jpegHuffman).define([]byte{3, 15: 0, 18: 0}, true), "three codes of one bit")
	assert.Error(t, new(jpegHuffman).define([]byte{1, 15: 0, 16: 16}, false), "a difference of 16 bits")
}

func TestJPEGExtend(t *testing.T) {
	for _, c := range []struct {
		bits uint32
		size uint
		want int32
	}{{0, 0, 0}, {0, 1, -1}, {1, 1, 1}, {0, 2, -3}, {1, 2, -2}, {2, 2, 2}, {3, 2, 3}, {0, 15, -32767}, {32767, 15, 32767}} {
		assert.Equal(t, c.want, jpegExtend(c.bits, c.size), "%d in %d bits", c.bits, c.size)
	}
}

// jpegSegments cuts a stream into its markers with their segments; entropy-coded bytes stay with their scan's header.
func jpegSegments(src []byte) (segments [][]byte) {
	start := 0
	for i := 2; i+1 < len(src); i++ {
		if src[i] == 0xff && src[i+1] != 0 && src[i+1]&^7 != markerRST0 {
			segments, start = append(segments, src[start:i]), i
			if src[i+1] != markerEOI {
				i += 1 + int(src[i+2])<<8 + int(src[i+3])
			}
		}
	}
	return append(segments, src[start:])
}

func TestJPEGTables(t *testing.T) {
	src := testJPEG(t, "ycbcr_420")
	tables, rest := []byte{0xff, markerSOI}, []byte{0xff, markerSOI}
	for _, s := range jpegSegments(src)[1:] {
		if s[1] == markerDQT || s[1] == markerDHT {
			tables = append(tables, s...)
		} else {
			rest = append(rest, s...)
		}
	}
	codec, size := newJPEGCodec(), image.Pt(37, 29)
	want, err := decodePicture(codec, src, size, 3, BlockShape{})
	require.NoError(t, err)
	for name, tables := range map[string][]byte{
		"tables":      append(bytes.Clone(tables), 0xff, markerEOI),
		"without EOI": tables,
		"with a restart interval, which does not count": append(bytes.Clone(tables), 0xff, markerDRI, 0, 4, 0, 1, 0xff, markerEOI),
	} {
		got, err := decodePicture(codec, rest, size, 3, BlockShape{JPEGTables: tables})
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
	_, err = decodePicture(codec, rest, size, 3, BlockShape{})
	assert.ErrorContains(t, err, "table", "tables of the stream before must be forgotten")
	// A stream's own tables come first.
	other := bytes.Clone(tables)
	other[7] ^= 0x55
	got, err := decodePicture(codec, src, size, 3, BlockShape{JPEGTables: other})
	require.NoError(t, err)
	assert.Equal(t, want, got)
	for name, tables := range map[string][]byte{
		"no SOI": {0, 0}, "a frame": src, "cut off": tables[:40], "not a marker": append(bytes.Clone(tables), 1, 2, 3),
	} {
		_, err := decodePicture(codec, rest, size, 3, BlockShape{JPEGTables: tables})
		assert.ErrorContains(t, err, "JPEGTables", name)
	}
}

// patch returns src with bytes changed that come so far after the start of the first occurrence of a marker.
func patch(src []byte, marker byte, at int, to ...byte) []byte {
	src = bytes.Clone(src)
	i := bytes.Index(src, []byte{0xff, marker})
	copy(src[i+at:], to)
	return src
}

func TestJPEGHostile(t *testing.T) {
	gray, color, progressive := testJPEG(t, "gray"), testJPEG(t, "ycbcr_420"), testJPEG(t, "ycbcr_420_progressive")
	many := bytes.Clone(progressive[:len(progressive)-2])
	for _, s := range jpegSegments(progressive) {
		// The last bit of the DC coefficients: a scan that needs no tables.
		if n := len(s); n > 9 && s[1] == markerSOS && bytes.Equal(s[11:14], []byte{0, 0, 0x10}) {
			many = append(append(many, bytes.Repeat(s, maxJPEGScans)...), 0xff, markerEOI)
		}
	}
	restarts := testJPEG(t, "ycbcr_420_restarts")
	for _, c := range []struct {
		name        string
		src         []byte
		bands       int
		unsupported string // part of the message of an UnsupportedError
	}{
		{"empty", nil, 1, ""},
		{"no SOI", gray[2:], 1, ""},
		{"SOI and EOI", []byte{0xff, markerSOI, 0xff, markerEOI}, 1, ""},
		{"two SOI", append([]byte{0xff, markerSOI}, gray...), 1, ""},
		{"frame larger than the block", patch(gray, markerSOF0, 5, 0xff, 0xff, 0xff, 0xff), 1, ""},
		{"frame too high", patch(gray, markerSOF0, 5, 0, 65), 1, ""},
		{"frame too wide", patch(gray, markerSOF0, 7, 0, 65), 1, ""},
		{"frame narrower", patch(gray, markerSOF0, 7, 0, 36), 1, ""},
		{"frame lower", patch(gray, markerSOF0, 5, 0, 28), 1, ""},
		{"no rows", patch(gray, markerSOF0, 5, 0, 0), 1, ""},
		{"other bands", gray, 3, ""},
		{"other bands than three", color, 4, ""},
		{"sampling 0", patch(color, markerSOF0, 11, 0x02), 3, ""},
		{"sampling 5", patch(color, markerSOF0, 11, 0x51), 3, ""},
		{"sampling 3 by 2", patch(patch(color, markerSOF0, 11, 0x31), markerSOF0, 14, 0x21), 3, "2 × 1 samples"},
		{"MCU of 18 blocks", patch(color, markerSOF0, 11, 0x44), 3, ""},
		{"quantisation table 9", patch(color, markerSOF0, 12, 9), 3, ""},
		{"quantisation table 3, which there is not", patch(color, markerSOF0, 12, 3), 3, ""},
		{"component twice in the frame", patch(color, markerSOF0, 13, 1), 3, ""},
		{"component twice in the scan", patch(color, markerSOS, 7, 1), 3, ""},
		{"component that there is not", patch(color, markerSOS, 7, 9), 3, ""},
		{"Huffman table 9", patch(color, markerSOS, 6, 0x99), 3, ""},
		{"Huffman table 3, which there is not", patch(color, markerSOS, 6, 0x33), 3, ""},
		{"scan of no components", patch(color, markerSOS, 2, 0, 6, 0), 3, ""},
		{"segment of length 1", patch(color, markerDQT, 2, 0, 1), 3, ""},
		{"segment beyond the end", patch(color, markerDQT, 2, 0xff, 0xff), 3, ""},
		{"12 bits", patch(gray, markerSOF0, 4, 12), 1, "12 bits"},
		{"lossless", patch(gray, markerSOF0, 1, 0xc3), 1, "lossless"},
		{"arithmetic", patch(gray, markerSOF0, 1, 0xc9), 1, "arithmetic"},
		{"arithmetic conditioning", patch(gray, markerDQT, 1, markerDAC), 1, "arithmetic"},
		{"hierarchical", patch(gray, markerSOF0, 1, 0xc5), 1, "hierarchical"},
		{"lines later", patch(gray, markerDQT, 1, markerDNL), 1, "DNL"},
		{"scan before the frame", bytes.Replace(gray, []byte{0xff, markerSOF0}, []byte{0xff, 0xe9}, 1), 1, ""},
		{"a hundred scans and more", many, 3, "more than 100 scans"},
		{"progressive scan of DC and AC", patch(progressive, markerSOS, 11, 0, 5), 3, ""},
		{"progressive bits", patch(progressive, markerSOS, 13, 0x30), 3, ""},
		{"progressive, cut off between scans", progressive[:bytes.LastIndex(progressive, []byte{0xff, markerSOS})], 3, ""},
		{"restart markers out of order", patch(restarts, markerRST0, 1, markerRST0+1), 3, ""},
		{"restart marker missing", bytes.Replace(restarts, []byte{0xff, markerRST0}, nil, 1), 3, ""},
		{"two frames", append(bytes.Clone(progressive[:len(progressive)-2]), progressive[2:]...), 3, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			shape := BlockShape{Width: 64, Height: 64, Photometric: photometricRGB}
			if c.bands == 3 {
				shape.Photometric = photometricYCbCr
			}
			_, err := decodePicture(newJPEGCodec(), c.src, image.Pt(37, 29), c.bands, shape)
			require.Error(t, err)
			u, ok := errors.AsType[*UnsupportedError](err)
			if assert.Equal(t, c.unsupported != "", ok, "%v", err) && ok {
				assert.ErrorContains(t, u, c.unsupported)
			}
		})
	}
	_, err := decodePicture(newJPEGCodec(), gray, image.Pt(37, 29), 1, BlockShape{Photometric: photometricYCbCr})
	assert.ErrorContains(t, err, "YCbCr in 1 components")
}

// TestJPEGCutOff: a stream that ends early is an error wherever it ends, not a picture with a gray part.
func TestJPEGCutOff(t *testing.T) {
	codec := newJPEGCodec()
	for _, name := range []string{"gray", "ycbcr_420_restarts", "ycbcr_420_progressive", "ycbcr_420_scans"} {
		src, n := testJPEG(t, name), 3
		if name == "gray" {
			n = 1
		}
		for end := range len(src) - 3 { // the last byte may only fill up
			_, err := decodePicture(codec, src[:end], image.Pt(37, 29), n, BlockShape{})
			require.Error(t, err, "%s, %d bytes of %d", name, end, len(src))
		}
	}
	_, err := decodePicture(codec, bytes.TrimSuffix(testJPEG(t, "gray"), []byte{0xff, markerEOI}), image.Pt(37, 29), 1, BlockShape{})
	assert.NoError(t, err, "EOI alone is not missed")
}

// TestJPEGMemory: decoding again needs next to no memory.
func TestJPEGMemory(t *testing.T) {
	src := testPicture(t, image.Pt(256, 256), false, 10, 75)
	d := new(jpegDecoder)
	dst := make([]*raster.PlaneOf[uint8], 3)
	for i := range dst {
		dst[i] = raster.MakePlane[uint8](image.Rect(0, 0, 256, 256))
	}
	shape := BlockShape{Width: 256, Height: 256, Samples: 3, Bits: 8, Photometric: photometricYCbCr}
	assert.LessOrEqual(t, testing.AllocsPerRun(10, func() { require.NoError(t, d.decode(dst, src, shape)) }), 2.0)
}

func FuzzJPEG(f *testing.F) {
	for _, c := range jpegFiles {
		f.Add(testJPEG(f, c.name), []byte(nil))
	}
	src := testJPEG(f, "ycbcr_420")
	f.Add(src[:2], src)
	codec := newJPEGCodec()
	f.Fuzz(func(t *testing.T, src, tables []byte) {
		if len(src)+len(tables) > 1<<14 {
			t.Skip("large")
		}
		for n := 1; n <= 4; n++ {
			shape := BlockShape{Width: 64, Height: 64, Photometric: photometricRGB, JPEGTables: tables}
			if n == 3 || len(src)%2 == 0 {
				shape.Photometric = photometricYCbCr
			}
			first, err := decodePicture(codec, src, image.Pt(5, 9), n, shape)
			if err != nil {
				continue
			}
			// What another stream left in a decoder makes no difference.
			again, err := decodePicture(newJPEGCodec(), src, image.Pt(5, 9), n, shape)
			require.NoError(t, err)
			require.Equal(t, first, again)
		}
	})
}

func BenchmarkJPEG(b *testing.B) {
	size := image.Pt(256, 256)
	for name, gray := range map[string]bool{"gray": true, "4:2:0": false} {
		src, n, photometric := testPicture(b, size, gray, 10, 75), 3, photometricYCbCr
		if gray {
			n, photometric = 1, photometricRGB
		}
		b.Run(name, func(b *testing.B) {
			codec := newJPEGCodec()
			b.SetBytes(int64(n * size.X * size.Y))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decodePicture(codec, src, size, n, BlockShape{Photometric: photometric}); err != nil {
					b.Fatal(err)
				}
			}
		})
		// The baseline, which converts no colours and upsamples nothing.
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

func BenchmarkInverseDCT(b *testing.B) {
	for _, last := range []int{0, jpegLast4, 20, 63} {
		b.Run(fmt.Sprint(last), func(b *testing.B) {
			var c [64]int32
			for k := range last + 1 {
				c[jpegZigzag[k]] = int32(100 - k)
			}
			var dst [64]byte
			b.SetBytes(64)
			for b.Loop() {
				coefs := c
				inverseDCT(dst[:], 8, &coefs, last)
			}
		})
	}
}
