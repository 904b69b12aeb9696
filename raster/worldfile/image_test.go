package worldfile_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io/fs"
	"os"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/bmp"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/worldfile"
	"github.com/geoexport/geoexport/srs"
)

// TestGolden opens images that GDAL wrote; testdata/README.md describes how they and these numbers were made.
func TestGolden(t *testing.T) {
	rgb := []raster.ColorInterp{raster.ColorRed, raster.ColorGreen, raster.ColorBlue}
	grey, palette := []raster.ColorInterp{raster.ColorGray}, []raster.ColorInterp{raster.ColorPalette}
	for _, c := range []struct {
		file      string
		typ       raster.PixelType
		colors    []raster.ColorInterp
		checksums []int // of the bands; empty for JPEG, whose decoders differ
		mask      int   // 2991 if all pixels are valid
		palette   int   // number of colours
		epsg      int
	}{
		{"bilevel.png", raster.U8, grey, []int{134}, 2991, 0, 0},
		{"grey16.png", raster.U16, grey, []int{2675}, 2991, 0, 32633},
		{"greyalpha.png", raster.U8, grey, []int{2979}, 2722, 0, 0},
		{"rgba.png", raster.U8, rgb, []int{2979, 2680, 2628}, 2722, 0, 32633},
		{"rgba16.png", raster.U16, rgb, []int{2596, 2979, 2979}, 2722, 0, 0},
		{"palette.png", raster.U8, palette, []int{1661}, 2991, 16, 0},
		{"palette.gif", raster.U8, palette, []int{1661}, 2695, 256, 0},
		{"palette.bmp", raster.U8, palette, []int{1661}, 2991, 256, 0},
		{"rgb.bmp", raster.U8, rgb, []int{2979, 2680, 2628}, 2991, 0, 0},
		{"grey.jpeg", raster.U8, grey, nil, 2991, 0, 0},
		{"rgb.jpg", raster.U8, rgb, nil, 2991, 0, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			p, err := worldfile.OpenFile("testdata/"+c.file, nil)
			require.NoError(t, err)
			info := p.Info()
			assert.Equal(t, raster.Affine{A: 10, C: 500000, E: -10, F: 4000130}, info.Grid.Affine)
			assert.Equal(t, image.Pt(19, 13), info.Grid.Size)
			assert.Equal(t, c.typ, info.Type)
			require.Len(t, info.Bands, len(c.colors))
			assert.Len(t, info.Palette, c.palette)
			if c.palette > 0 {
				r, g, b, _ := color.NRGBAModel.Convert(info.Palette[3]).RGBA()
				if c.file == "palette.gif" { // colour 3 is the transparent one
					assert.Zero(t, r|g|b)
				} else {
					assert.Equal(t, color.RGBA{72, 176, 88, 255}, info.Palette[3])
				}
			}
			wkid, _ := info.Grid.CRS.WKID()
			if c.epsg == 0 {
				assert.True(t, info.Grid.CRS.IsZero())
				assert.Equal(t, []string{"no spatial reference is stated"}, info.Notes)
			} else {
				assert.Equal(t, "[]", toString(info.Notes))
				assert.True(t, wkid == c.epsg || !info.Grid.CRS.IsZero(), "Esri's text has no code")
			}
			b, err := p.Read(t.Context(), nil, 0, info.Grid.Bounds(), nil)
			require.NoError(t, err)
			for i, want := range c.checksums {
				assert.Equal(t, want, checksum(b.Bands[i], c.file == "bilevel.png"), "band %d", i)
			}
			for i, want := range c.colors {
				assert.Equal(t, want, info.Bands[i].Color)
			}
			mask := raster.NewPlane[uint8](b.Bounds())
			for i := range mask.Pix {
				mask.Pix[i] = 255
				if b.Valid != nil {
					mask.Pix[i] = b.Valid.Pix[i]
				}
			}
			assert.Equal(t, c.mask, checksum(mask, false))
			rastertest.Test(t, p)
		})
	}
}

func toString(s []string) string {
	if len(s) == 0 {
		return "[]"
	}
	return s[0]
}

// checksum computes GDALChecksumImage of GDAL 3.6. stretched states that GDAL has 0 and 1 for our samples 0 and 255.
func checksum(p raster.Plane, stretched bool) int {
	primes := [...]int{7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43}
	sum, n := 0, 0
	r := p.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			v := int(real(rastertest.At(p, x, y)))
			if stretched {
				v /= 255
			}
			sum = (sum + v%primes[n%len(primes)]) & 0xffff
			n++
		}
	}
	return sum
}

func TestJPEG(t *testing.T) {
	for file, rows := range map[string][][]float64{
		"grey.jpeg": {{78, 86, 92, 98, 107, 114, 120, 128, 134, 142, 148, 155, 164, 170, 176, 184, 189, 201, 0}},
		"rgb.jpg":   {{173, 169, 160, 153, 146, 140, 134, 127, 122, 114, 109, 100, 90, 81, 74, 93, 143, 169, 166}, {81, 86, 93, 100, 106, 112, 118, 125, 134, 139, 146, 154, 163, 171, 179, 173, 162, 128, 60}, {32, 36, 41, 48, 55, 62, 66, 68, 72, 73, 76, 78, 81, 83, 87, 84, 83, 66, 20}},
	} {
		p, err := worldfile.OpenFile("testdata/"+file, nil)
		require.NoError(t, err)
		b, err := p.Read(t.Context(), nil, 0, image.Rect(0, 6, 19, 7), nil)
		require.NoError(t, err)
		// Compare brightness: neighbouring pixels share colours, which decoders upsample in different ways.
		weights := [][]float64{1: {1}, 3: {0.299, 0.587, 0.114}}[len(rows)]
		for x := range 19 {
			var want, got float64
			for i, w := range weights {
				want += w * rows[i][x]
				got += w * real(rastertest.At(b.Bands[i], x, 6))
			}
			// At the right edge, a colour was clamped that exceeds the range of samples.
			if x < 16 || len(rows) == 1 {
				assert.InDelta(t, want, got, 2, "%s, column %d", file, x)
			}
		}
	}
}

func pngBytes(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }

const world = "1\n0\n0\n-1\n0.5\n-0.5\n"

// TestNamesOfWorldFiles checks the names of world files, and their order.
func TestNamesOfWorldFiles(t *testing.T) {
	img := string(pngBytes(t, image.NewGray(image.Rect(0, 0, 2, 3))))
	for _, c := range []struct {
		name, img string
		beside    []string // the first one is used
	}{
		{"small letters", "a.png", []string{"a.pgw", "a.PGW", "a.pngw", "a.PNGW", "a.wld", "a.WLD"}},
		{"capital letters", "A.PNG", []string{"A.pgw", "A.PGW", "A.pngw", "A.PNGW", "A.wld", "A.WLD"}},
		{"jpeg", "a.jpeg", []string{"a.jgw", "a.jpegw", "a.wld"}},
		{"jpg", "a.jpg", []string{"a.jgw", "a.jpgw", "a.wld"}},
		{"gif", "a.b.gif", []string{"a.b.gfw", "a.b.gifw", "a.b.wld"}},
		{"bmp", "a.bmp", []string{"a.bpw", "a.bmpw", "a.wld"}},
		{"no extension", "a", []string{"a.wld"}},
	} {
		for i := range c.beside {
			fsys := fstest.MapFS{c.img: file(img)}
			for j, n := range c.beside[i:] {
				fsys[n] = file(world)
				if j > 0 {
					fsys[n] = file("wrong")
				}
			}
			_, err := worldfile.Open(t.Context(), fsys, c.img, nil)
			assert.NoError(t, err, "%s: %s", c.name, c.beside[i])
		}
	}
	_, err := worldfile.Open(t.Context(), fstest.MapFS{"a.png": file(img), "a.tfw": file(world)}, "a.png", nil)
	require.ErrorIs(t, err, worldfile.ErrNoWorldFile)
	require.ErrorContains(t, err, "a.png")
}

func TestOptions(t *testing.T) {
	img := string(pngBytes(t, image.NewGray(image.Rect(0, 0, 20, 30))))
	mercator, err := srs.FromWKID(3857)
	require.NoError(t, err)
	fsys := fstest.MapFS{"a.png": file(img), "a.pgw": file("wrong"), "a.prj": file("wrong")}
	o := &worldfile.Options{Affine: raster.Affine{A: 2, E: 3}, CRS: mercator, MaxPixels: 600}
	p, err := worldfile.Open(t.Context(), fsys, "a.png", o)
	require.NoError(t, err)
	assert.Equal(t, raster.Grid{CRS: mercator, Affine: o.Affine, Size: image.Pt(20, 30)}, p.Info().Grid)
	assert.Empty(t, p.Info().Notes)

	o.MaxPixels = 599
	_, err = worldfile.Open(t.Context(), fsys, "a.png", o)
	assert.Equal(t, &worldfile.LimitError{Name: "a.png", Pixels: 600, Max: 599}, err)
	_, err = worldfile.Open(t.Context(), fsys, "a.png", &worldfile.Options{Affine: raster.Affine{A: 1}, CRS: mercator})
	require.ErrorContains(t, err, "Options.Affine")

	_, err = worldfile.Open(t.Context(), fsys, "a.png", nil)
	reason, ok := errors.AsType[*worldfile.FormatError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "a.pgw", reason.Name)
	fsys["a.pgw"] = file(world)
	_, err = worldfile.Open(t.Context(), fsys, "a.png", nil)
	_, ok = errors.AsType[*srs.SyntaxError](err)
	require.True(t, ok, "%v", err)
	require.ErrorContains(t, err, "a.prj")
	fsys["a.prj"] = file(string(make([]byte, 1<<20+1)))
	_, err = worldfile.Open(t.Context(), fsys, "a.png", nil)
	require.ErrorContains(t, err, "a.prj: more than 1048576 bytes")
}

// tooMany returns the error wanted for an image with more pixels than a 32-bit int can count: where int has 32 bits,
// the decoders refuse it first.
func tooMany(want string) string {
	if strconv.IntSize == 32 {
		return "not supported"
	}
	return want
}

// TestHostile checks that a wrong file leads to an error of a stated type, and takes no more memory than its header
// allows.
func TestHostile(t *testing.T) {
	good := pngBytes(t, image.NewGray(image.Rect(0, 0, 4, 4)))
	huge := bytes.Clone(good)
	binary.BigEndian.PutUint32(huge[16:], 1<<20)
	binary.BigEndian.PutUint32(huge[20:], 1<<20)
	// The decoder checks the checksum before the size, so correct it.
	binary.BigEndian.PutUint32(huge[29:], crcPNG(huge[12:29]))
	var bitmap bytes.Buffer
	require.NoError(t, bmp.Encode(&bitmap, image.NewGray(image.Rect(0, 0, 4, 4))))
	rle := bytes.Clone(bitmap.Bytes())
	rle[30] = 1 // compression
	hugeBMP := bytes.Clone(bitmap.Bytes())
	binary.LittleEndian.PutUint32(hugeBMP[18:], 1<<30)
	binary.LittleEndian.PutUint32(hugeBMP[22:], 1<<30)
	for _, c := range []struct {
		name, data, want string
	}{
		{"empty", "", "neither PNG"},
		{"text", "no image", "neither PNG"},
		{"TIFF", "II*\x00\x08\x00\x00\x00", "format TIFF: this package reads PNG"},
		{"PNG signature", string(good[:8]), "a.png"},
		{"PNG cut off", string(good[:len(good)-20]), "a.png"},
		{"PNG of a wrong checksum", string(good[:30]) + "x" + string(good[31:]), "a.png"},
		{"PNG of 2^40 pixels", string(huge), tooMany("1099511627776 pixels exceed MaxPixels of 67108864")},
		{"JPEG signature", "\xff\xd8", "a.png"},
		{"JPEG of 2^32 pixels", "\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", "4294836225 pixels exceed"},
		{"JPEG, arithmetic coding", "\xff\xd8\xff\xc9\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00\xff\xd9", "a.png"},
		{"GIF without pixels", "GIF89a\x00\x00\x00\x00\x00\x00\x00;", "without pixels"},
		{"GIF without frame", "GIF89a\x01\x00\x01\x00\x00\x00\x00;", "a.png"},
		{"BMP, RLE", string(rle), "not supported"},
		{"BMP of 2^60 pixels", string(hugeBMP), tooMany("exceed MaxPixels")},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{"a.png": file(c.data), "a.wld": file(world)}
			_, err := worldfile.Open(t.Context(), fsys, "a.png", nil)
			require.ErrorContains(t, err, c.want)
			ours(t, err)
		})
	}
	_, err := worldfile.Open(t.Context(), fstest.MapFS{"a.wld": file(world)}, "a.png", nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = worldfile.OpenFile("testdata/none.png", nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = worldfile.Open(ctx, os.DirFS("testdata"), "rgba.png", nil)
	require.ErrorIs(t, err, context.Canceled)
	_, err = worldfile.Open(ctx, os.DirFS("testdata"), "rgba.png", &worldfile.Options{Affine: raster.Affine{A: 1, E: 1}})
	require.ErrorIs(t, err, context.Canceled)
}

func ours(t *testing.T, err error) {
	t.Helper()
	_, isFormat := errors.AsType[*worldfile.FormatError](err)
	_, isUnsupported := errors.AsType[*worldfile.UnsupportedError](err)
	_, isLimit := errors.AsType[*worldfile.LimitError](err)
	assert.True(t, isFormat || isUnsupported || isLimit, "%T: %v", err, err)
}

// crcPNG returns the checksum of a chunk's type and data (PNG, annex D).
func crcPNG(b []byte) uint32 {
	c := ^uint32(0)
	for _, v := range b {
		c ^= uint32(v)
		for range 8 {
			c = c>>1 ^ 0xedb88320*(c&1)
		}
	}
	return ^c
}

// TestConversions compares each type of image with its own method At.
func TestConversions(t *testing.T) {
	r := image.Rect(0, 0, 7, 5)
	value := func(x, y, i int) uint8 { return uint8(31*x + 57*y + 91*i) }
	nrgba, rgba64 := image.NewNRGBA(r), image.NewNRGBA64(r)
	paletted := image.NewPaletted(r, color.Palette{color.NRGBA{1, 2, 3, 255}, color.NRGBA{4, 5, 6, 0}, color.NRGBA{7, 8, 9, 100}})
	for y := range 5 {
		for x := range 7 {
			nrgba.SetNRGBA(x, y, color.NRGBA{value(x, y, 0), value(x, y, 1), value(x, y, 2), value(x, y, 3)})
			wide := func(i int) uint16 { return uint16(value(x, y, i))<<8 | uint16(value(x, y, i+1)) }
			rgba64.SetNRGBA64(x, y, color.NRGBA64{wide(0), wide(1), wide(2), wide(3)})
			paletted.SetColorIndex(x, y, uint8((x+y)%3))
		}
	}
	for _, m := range []image.Image{nrgba, rgba64, paletted} {
		p, err := worldfile.Open(t.Context(), fstest.MapFS{"a.png": file(string(pngBytes(t, m))), "a.wld": file(world)}, "a.png", nil)
		require.NoError(t, err)
		b, err := p.Read(t.Context(), nil, 0, r, nil)
		require.NoError(t, err)
		for y := range 5 {
			for x := range 7 {
				got := func(i int) uint16 { return uint16(real(rastertest.At(b.Bands[i], x, y))) }
				switch c := m.At(x, y).(type) {
				case color.NRGBA64:
					require.Equal(t, []uint16{c.R, c.G, c.B}, []uint16{got(0), got(1), got(2)})
					require.InDelta(t, float64(c.A)/257, b.Valid.AlphaAt(x, y).A, 0.5)
				case color.NRGBA:
					require.Equal(t, c.A, b.Valid.AlphaAt(x, y).A)
					if m == image.Image(paletted) {
						require.EqualValues(t, (x+y)%3, got(0))
						require.Equal(t, c, color.NRGBAModel.Convert(p.Info().Palette[got(0)]))
						continue
					}
					require.Equal(t, []uint16{uint16(c.R), uint16(c.G), uint16(c.B)}, []uint16{got(0), got(1), got(2)})
				default:
					t.Fatalf("%T", c)
				}
			}
		}
		rastertest.Test(t, p)
	}
}

// TestFrameOfGIF checks that pixels outside the first frame hold no data.
func TestFrameOfGIF(t *testing.T) {
	frame := image.NewPaletted(image.Rect(1, 1, 3, 2), color.Palette{color.Black, color.White})
	frame.Pix[1] = 1
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: 4, Height: 3}}))
	p, err := worldfile.Open(t.Context(), fstest.MapFS{"a.gif": file(b.String()), "a.wld": file(world)}, "a.gif", nil)
	require.NoError(t, err)
	blk, err := p.Read(t.Context(), nil, 0, image.Rect(0, 0, 4, 3), nil)
	require.NoError(t, err)
	assert.Equal(t, []uint8{0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0}, blk.Valid.Pix)
	assert.Equal(t, []uint8{0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}, blk.Bands[0].(*raster.PlaneOf[uint8]).Pix)
	rastertest.Test(t, p)
}

// FuzzOpen opens any bytes. It checks for panics, and for errors of other types than this package's.
func FuzzOpen(f *testing.F) {
	entries, err := os.ReadDir("testdata")
	require.NoError(f, err)
	for _, e := range entries {
		if e.IsDir() { // the corpus of fuzzing
			continue
		}
		b, err := os.ReadFile("testdata/" + e.Name())
		require.NoError(f, err)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<14 {
			t.Skip("large")
		}
		fsys := fstest.MapFS{"a": &fstest.MapFile{Data: b}}
		p, err := worldfile.Open(t.Context(), fsys, "a", &worldfile.Options{Affine: raster.Affine{A: 1, E: -1}, MaxPixels: 1 << 16})
		if err != nil {
			ours(t, err)
			return
		}
		blk, err := p.Read(t.Context(), nil, 0, p.Info().Grid.Bounds(), nil)
		require.NoError(t, err)
		require.Equal(t, p.Info().Grid.Bounds(), blk.Bounds())
	})
}
