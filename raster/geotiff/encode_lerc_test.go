package geotiff

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/lerc"
)

var lercTypes = []raster.PixelType{
	raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32, raster.F32, raster.F64,
}

// numbersOf returns the samples of a plane.
func numbersOf(t *testing.T, p raster.Plane, typ raster.PixelType) []float64 {
	b, err := raster.Convert(&raster.Block{Type: typ, Bands: []raster.Plane{p}}, raster.F64)
	require.NoError(t, err)
	return b.Bands[0].(*raster.PlaneOf[float64]).Pix
}

// TestLERCBack: samples come back within the bound, and validity as it was, in all types and with all compressions.
func TestLERCBack(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, and shorter tests run the same code")
	}
	for _, typ := range lercTypes {
		for i, inside := range []Compression{0, Deflate, ZSTD} {
			for _, bound := range []float64{0, 3} {
				b := noiseBlock(typ, 1+i, image.Pt(300, 70), 1+i%2, uint64(i))
				o := &EncodeOptions{Compression: LERC, LERCCompression: inside, MaxZError: bound, Overviews: i == 1}
				requireLERCBack(t, b, o)
				if typ != raster.S8 {
					o.Validity = ValidityAlpha
					requireLERCBack(t, b, o)
				}
			}
		}
	}
}

func requireLERCBack(t *testing.T, b *raster.Block, o *EncodeOptions) {
	got, _ := readBack(t, encodeAll(t, imageOf(b, 33), o), 0)
	if o.Validity != ValidityAlpha {
		b = hard(b)
	}
	if b.Type == raster.U8 || o.Validity != ValidityAlpha {
		require.Equal(t, b.Valid.Pix, got.Valid.Pix, "%v, %v", b.Type, o.Validity)
	}
	for k, p := range b.Bands {
		want, have := numbersOf(t, p, b.Type), numbersOf(t, got.Bands[k], b.Type)
		for j, v := range want {
			if b.Valid.Pix[j] > 0 && !(math.Abs(have[j]-v) <= o.MaxZError) {
				t.Fatalf("%v, bound %v: sample %d is %v, was %v", b.Type, o.MaxZError, j, have[j], v)
			}
		}
	}
}

// TestLERCKeepsNoData: with loss, no pixel gets or loses its data.
func TestLERCKeepsNoData(t *testing.T) {
	for _, typ := range []raster.PixelType{raster.U8, raster.S16, raster.F32} {
		b := noiseBlock(typ, 1, image.Pt(600, 300), 1, 3)
		m := imageOf(b)
		m.NoData = new(7.0)
		got, info := readBack(t, encodeAll(t, m, &EncodeOptions{Compression: LERC, MaxZError: 5}), 0)
		require.Equal(t, 7.0, *info.Bands[0].NoData)
		want := numbersOf(t, b.Bands[0], typ)
		for i, v := range b.Valid.Pix {
			if v == 255 && want[i] != 7 && got.Valid.Pix[i] != 255 {
				t.Fatalf("%v: pixel %d lost its data, %v", typ, i, want[i])
			}
			if v == 0 && got.Valid.Pix[i] != 0 {
				t.Fatalf("%v: pixel %d got data", typ, i)
			}
		}
	}
}

// TestLERCKeepsNaN: samples that are NaN are so again, alone or in all bands of a pixel.
func TestLERCKeepsNaN(t *testing.T) {
	for _, bands := range []int{1, 3} {
		for _, alone := range []bool{false, true} {
			b := noiseBlock(raster.F32, bands, image.Pt(40, 30), 0, 5)
			for k, p := range b.Bands {
				setNaN(p.(*raster.PlaneOf[float32]).Pix, func(i int) bool { return i%7 == 0 && (!alone || i%3 == k) })
			}
			got, _ := readBack(t, encodeAll(t, imageOf(b), &EncodeOptions{Compression: LERC}), 0)
			for k := range b.Bands {
				want, have := numbersOf(t, b.Bands[k], b.Type), numbersOf(t, got.Bands[k], b.Type)
				for i, v := range want {
					if have[i] != v && !(math.IsNaN(v) && math.IsNaN(have[i])) {
						t.Fatalf("%d bands: sample %d is %v, was %v", bands, i, have[i], v)
					}
				}
			}
		}
	}
}

func setNaN(pix []float32, at func(i int) bool) {
	for i := range pix {
		if at(i) {
			pix[i] = float32(math.NaN())
		}
	}
}

func TestLERCEncodeErrors(t *testing.T) {
	size := image.Pt(20, 20)
	for _, c := range []struct {
		want string
		typ  raster.PixelType
		o    EncodeOptions
	}{
		{"samples of type U4", raster.U4, EncodeOptions{}},
		{"samples of type C64", raster.C64, EncodeOptions{}},
		{"MaxZError", raster.F32, EncodeOptions{MaxZError: -1}},
		{"MaxZError", raster.F32, EncodeOptions{MaxZError: math.NaN()}},
		{"LERCCompression", raster.F32, EncodeOptions{LERCCompression: LZW}},
		{"Predictor", raster.F32, EncodeOptions{Predictor: 3}},
	} {
		c.o.Compression = LERC
		err := Encode(nil, imageOf(noiseBlock(c.typ, 1, size, 0, 1)), &c.o)
		assert.ErrorContains(t, err, c.want)
		var e *EncodeError
		assert.ErrorAs(t, err, &e)
	}
}

// TestLERCBlocks: blobs that do not fit their block are refused before their memory is allocated.
func TestLERCBlocks(t *testing.T) {
	codec := DefaultCodecs()[LERC]
	blob := func(m *lerc.Image) []byte {
		b, err := lerc.Append(nil, m, nil)
		require.NoError(t, err)
		return b
	}
	pix := make([]uint8, 64)
	pix[7] = 9
	good := &lerc.Image{Width: 8, Height: 8, Pix: pix}
	shape := BlockShape{Width: 8, Height: 8, Samples: 1, Bits: 8, SampleFormat: formatUint}
	dst := make([]byte, 64)
	require.NoError(t, codec.Decode(dst, blob(good), shape))
	require.Equal(t, pix, dst)
	require.NoError(t, codec.Decode(dst[:24], blob(good), shape), "fewer rows, at the end of an image")
	large := blob(&lerc.Image{Width: 8000, Height: 8000, Pix: make([]uint8, 64e6)})
	valid := make([]uint8, 64)
	valid[3] = 1
	for name, c := range map[string]struct {
		src   []byte
		shape func(s *BlockShape)
		want  string
	}{
		"bomb":       {large, nil, "8000 × 8000 pixels in a block of 8 × 8"},
		"too few":    {blob(&lerc.Image{Width: 8, Height: 7, Pix: make([]uint8, 56)}), nil, "7 rows, want 8"},
		"other type": {blob(&lerc.Image{Width: 8, Height: 8, Pix: make([]int8, 64)}), nil, "type int8, want uint8"},
		"two bands":  {blob(&lerc.Image{Width: 8, Height: 8, Bands: 2, Pix: make([]uint8, 128)}), nil, "2 bands of 1"},
		"a mask":     {blob(&lerc.Image{Width: 8, Height: 8, Pix: pix, Valid: valid}), nil, "pixels without data"},
		"no alpha":   {blob(good), func(s *BlockShape) { s.Samples = 2 }, "1 bands of 1 samples, want 2"},
		"12 bits":    {blob(good), func(s *BlockShape) { s.Bits = 12 }, "have no type in LERC"},
		"complex":    {blob(good), func(s *BlockShape) { s.Bits, s.SampleFormat = 64, 6 }, "have no type in LERC"},
		"compressed": {blob(good), func(s *BlockShape) { s.LERCCompression = lercDeflate }, ""},
		"as ZSTD":    {blob(good), func(s *BlockShape) { s.LERCCompression = lercZSTD }, ""},
		"unknown":    {blob(good), func(s *BlockShape) { s.LERCCompression = 3 }, "want 0, 1 (Deflate) or 2 (ZSTD)"},
		"nothing":    {nil, nil, "do not start with"},
	} {
		s := shape
		if c.shape != nil {
			c.shape(&s)
		}
		var err error
		n := allocatedBy(func() { err = codec.Decode(make([]byte, s.packedBytes()), c.src, s) })
		assert.ErrorContains(t, err, c.want, name)
		assert.Less(t, n, uint64(1<<20), name)
	}
	s := shape
	s.Samples, s.LERCAlpha = 2, true
	two := make([]byte, 128)
	require.NoError(t, codec.Decode(two, blob(&lerc.Image{Width: 8, Height: 8, Pix: pix, Valid: valid}), s))
	require.Equal(t, []byte{0, 0, 0, 0, 0, 0, 0, 255}, two[:8], "the mask is alpha")
}
