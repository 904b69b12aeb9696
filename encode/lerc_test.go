package encode

import (
	"bytes"
	"image"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/lerc"
)

// T70: floating-point samples with holes, without and with loss, in one band and in three.
func TestT70LERCMasksAndBounds(t *testing.T) {
	size := image.Pt(70, 41)
	hole := func(x, y int) int {
		if (x-30)*(x-30)+(y-20)*(y-20) < 150 {
			return x % 3 * 60 // 0, 60 and 120 hold no data
		}
		return 128 + (x+y)%128
	}
	for _, bands := range []int{1, 3} {
		for _, tolerance := range []float64{0, 0.1} {
			b := lercBlock(t, raster.F32, bands, size, hole)
			want := samplesIn(t, b)
			for i := range want {
				want[i] = float64(float32(want[i]*0.37 + float64(i)/7))
			}
			want[5] = math.NaN()
			b = &raster.Block{Type: raster.F32, Bands: planesOf(b.Bounds(), want), Valid: b.Valid}
			file := encoded(t, "lerc", imageOf(b, nil), &Options{Tolerance: &tolerance})
			m, err := lerc.Decode(file, nil)
			require.NoError(t, err)
			require.Equal(t, [4]int{size.X, size.Y, bands, 1}, [4]int{m.Width, m.Height, m.Bands, m.Depth})
			pixels := size.X * size.Y
			require.Len(t, m.Valid, bands*pixels, "NaN is in one band alone, so that masks differ")
			for i, v := range m.Pix.([]float32) {
				valid := b.ValidRow(b.Bounds().Min.Y + i%pixels/size.X)[i%size.X] >= 128 && want[i] == want[i]
				require.Equal(t, valid, m.Valid[i] != 0, "sample %d", i)
				if valid && !(math.Abs(float64(v)-want[i]) <= tolerance) {
					t.Fatalf("sample %d is %v, was %v", i, v, want[i])
				}
			}
		}
	}
}

// lercBlock returns noise of any type, which covers less than 2^16.
func lercBlock(t *testing.T, typ raster.PixelType, bands int, size image.Point, valid func(x, y int) int) *raster.Block {
	b, err := raster.Convert(block(raster.U16, bands, size, noise(7), valid), typ)
	require.NoError(t, err)
	return b
}

// samplesIn returns the samples of all bands, one after the other.
func samplesIn(t *testing.T, b *raster.Block) (out []float64) {
	b, err := raster.Convert(b, raster.F64)
	require.NoError(t, err)
	for _, p := range b.Bands {
		for y := b.Bounds().Min.Y; y < b.Bounds().Max.Y; y++ {
			out = append(out, p.(*raster.PlaneOf[float64]).Row(y)...)
		}
	}
	return out
}

// planesOf returns samples as planes.
func planesOf(r image.Rectangle, samples []float64) (planes []raster.Plane) {
	for n := r.Dx() * r.Dy(); len(samples) > 0; samples = samples[n:] {
		p := raster.NewPlane[float32](r)
		for i, v := range samples[:n] {
			p.Pix[i] = float32(v)
		}
		planes = append(planes, p)
	}
	return planes
}

// TestLERCHoldsAllTypes: every type that the format states comes back, without loss by default.
func TestLERCHoldsAllTypes(t *testing.T) {
	f := Default()["lerc"]
	for _, typ := range f.Types {
		b := lercBlock(t, typ, 2, image.Pt(33, 20), nil)
		file := encoded(t, "lerc", imageOf(b, nil), nil)
		h, err := lerc.DecodeHeader(file)
		require.NoError(t, err)
		assert.Equal(t, 4, h.Version)
		assert.Zero(t, h.Masks)
		m, err := lerc.Decode(file, nil)
		require.NoError(t, err)
		assert.True(t, slices.Equal(samplesIn(t, b), floats(m.Pix)), "%v", typ)
	}
	complexes := lercBlock(t, raster.C64, 1, image.Pt(3, 3), nil)
	assert.Error(t, f.Encode(io.Discard, imageOf(complexes, nil), nil))
}

// floats returns samples as float64.
func floats(pix any) (out []float64) {
	switch pix := pix.(type) {
	case []int8:
		out = appendFloats(pix)
	case []uint8:
		out = appendFloats(pix)
	case []int16:
		out = appendFloats(pix)
	case []uint16:
		out = appendFloats(pix)
	case []int32:
		out = appendFloats(pix)
	case []uint32:
		out = appendFloats(pix)
	case []float32:
		out = appendFloats(pix)
	case []float64:
		out = pix
	}
	return out
}

func appendFloats[T lerc.Sample](pix []T) (out []float64) {
	for _, v := range pix {
		out = append(out, float64(v))
	}
	return out
}

func TestLERCOptions(t *testing.T) {
	b := lercBlock(t, raster.S32, 1, image.Pt(40, 40), nil)
	var sizes []int
	for _, tolerance := range []float64{0, 2, 100} {
		sizes = append(sizes, len(encoded(t, "lerc", imageOf(b, nil), &Options{Tolerance: &tolerance})))
	}
	assert.IsDecreasing(t, sizes)
	for _, bad := range []float64{-1, math.NaN(), math.Inf(1)} {
		err := Default()["lerc"].Encode(&bytes.Buffer{}, imageOf(b, nil), &Options{Tolerance: &bad})
		var o *OptionError
		if assert.ErrorAs(t, err, &o) {
			assert.Equal(t, "tolerance", o.Option)
		}
	}
}
