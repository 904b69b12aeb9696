package geotiff

import (
	"encoding/binary"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// TestSampleTypes lists the type of each width: the smallest that holds all its values.
func TestSampleTypes(t *testing.T) {
	for format, want := range map[uint64]map[uint64]raster.PixelType{
		formatUint: {
			1: raster.U1, 2: raster.U2, 3: raster.U4, 4: raster.U4, 5: raster.U8, 7: raster.U8, 8: raster.U8, 9: raster.U16,
			10: raster.U16, 12: raster.U16, 15: raster.U16, 16: raster.U16, 17: raster.U32, 20: raster.U32, 24: raster.U32,
			31: raster.U32, 32: raster.U32, 33: raster.Unknown, 48: raster.Unknown, 64: raster.F64, 0: raster.Unknown,
		},
		formatInt: {1: raster.Unknown, 7: raster.Unknown, 8: raster.S8, 12: raster.Unknown, 16: raster.S16,
			24: raster.Unknown, 32: raster.S32, 64: raster.F64},
		formatFloat:        {8: raster.Unknown, 16: raster.F32, 24: raster.F32, 32: raster.F32, 64: raster.F64, 128: raster.Unknown},
		formatComplexInt:   {8: raster.Unknown, 16: raster.Unknown, 32: raster.C64, 64: raster.C128, 128: raster.Unknown},
		formatComplexFloat: {32: raster.Unknown, 64: raster.C64, 128: raster.C128, 256: raster.Unknown},
		0:                  {8: raster.Unknown},
		7:                  {8: raster.Unknown},
	} {
		for bits, typ := range want {
			assert.Equal(t, typ, sampleType(sampleKind{format, bits}), "format %d, %d bits", format, bits)
		}
	}
	for bits := uint64(1); bits <= 32; bits++ {
		_, top := sampleType(sampleKind{formatUint, bits}).Range()
		assert.LessOrEqual(t, float64(uint64(1)<<bits-1), top, "%d bits", bits)
	}
}

// slowBits returns sample i of a row of samples with the given number of bits, read bit by bit.
func slowBits(src []byte, i, bits int) (v uint64) {
	for at := i * bits; at < (i+1)*bits; at++ {
		v = v<<1 | uint64(src[at/8]>>(7-at%8)&1)
	}
	return v
}

func TestUnpackBits(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	for bits := 1; bits <= 31; bits++ {
		for _, n := range []int{1, 2, 3, 5} {
			for _, width := range []int{1, 2, 7, 40} {
				l := &layout{bands: n, bits: bits, format: formatUint, typ: sampleType(sampleKind{formatUint, uint64(bits)})}
				if bits == 8 || bits == 16 {
					continue
				}
				l.block, l.rowBytes = image.Pt(width, 2), (width*n*bits+7)/8
				raw := make([]byte, 2*l.rowBytes)
				for i := range raw {
					raw[i] = byte(rnd.Uint32())
				}
				for b, p := range unpack(l, raw, image.Rect(0, 0, width, 2)) {
					for i := range 2 * width {
						want := slowBits(raw[i/width*l.rowBytes:], i%width*n+b, bits)
						switch p := p.(type) {
						case *raster.PlaneOf[uint8]:
							require.EqualValues(t, want, p.Pix[i])
						case *raster.PlaneOf[uint16]:
							require.EqualValues(t, want, p.Pix[i])
						case *raster.PlaneOf[uint32]:
							require.EqualValues(t, want, p.Pix[i])
						default:
							require.Failf(t, "type", "%T", p)
						}
					}
				}
			}
		}
	}
}

// slowFloat computes a number of IEEE 754 from its parts in float64, which holds it exactly.
func slowFloat(sign, exponent, fraction uint32, exponentBits, fractionBits int) float64 {
	bias := 1<<(exponentBits-1) - 1
	f := math.Ldexp(float64(fraction), -fractionBits)
	switch {
	case exponent == 1<<exponentBits-1 && fraction == 0:
		f = math.Inf(1)
	case exponent == 1<<exponentBits-1:
		return math.NaN()
	case exponent == 0:
		f = math.Ldexp(f, 1-bias)
	default:
		f = math.Ldexp(1+f, int(exponent)-bias)
	}
	if sign == 1 {
		f = -f
	}
	return f
}

// TestFloat16 tries all numbers; TestFloat24 tries those at the ends of the range.
func TestFloat16(t *testing.T) {
	for v := range uint32(1 << 16) {
		sameFloat(t, slowFloat(v>>15, v>>10&0x1f, v&0x3ff, 5, 10), float16(uint16(v)), v)
	}
}

func TestFloat24(t *testing.T) {
	for v := uint32(0); v < 1<<24; v++ {
		if exponent := v >> 16 & 0x7f; exponent > 1 && exponent < 0x7e && v&0xffff < 0xff00 {
			v += 96
		}
		sameFloat(t, slowFloat(v>>23, v>>16&0x7f, v&0xffff, 7, 16), float24(v), v)
	}
}

func sameFloat(t *testing.T, want float64, got float32, v uint32) {
	if g := float64(got); g != want && (g == g || want == want) || math.Signbit(g) != math.Signbit(want) && want == want {
		t.Fatalf("%#x is %v, want %v", v, got, want)
	}
}

// TestPredictorFloatSizes checks predictor 3 on samples of all sizes.
func TestPredictorFloatSizes(t *testing.T) {
	for _, size := range []int{2, 3, 4, 8} {
		const samples, pixels = 2, 5
		row := make([]byte, samples*pixels*size)
		for i := range row {
			row[i] = byte(i*i + 7*i)
		}
		// Photoshop TIFF technical note 3: the most significant bytes of all samples, then the next ones and so on,
		// then differences.
		coded := make([]byte, len(row))
		n := samples * pixels
		for i := range n {
			for b := range size {
				coded[b*n+i] = row[i*size+size-1-b]
			}
		}
		for i := len(coded) - 1; i >= samples; i-- {
			coded[i] -= coded[i-samples]
		}
		undoFloat(coded, make([]byte, len(row)), samples, size)
		assert.Equal(t, row, coded, "%d bytes", size)
	}
}

func TestSwapBytes(t *testing.T) {
	for size, want := range map[int][]byte{
		1: {1, 2, 3, 4, 5, 6}, 2: {2, 1, 4, 3, 6, 5}, 3: {3, 2, 1, 6, 5, 4},
	} {
		b := []byte{1, 2, 3, 4, 5, 6}
		swapBytes(b, size)
		assert.Equal(t, want, b, "%d bytes", size)
	}
	b := binary.BigEndian.AppendUint64(nil, 0x0102030405060708)
	swapBytes(b, 8)
	assert.Equal(t, uint64(0x0102030405060708), binary.LittleEndian.Uint64(b))
}

func BenchmarkUnpackKinds(b *testing.B) {
	for _, k := range []sampleKind{
		{formatUint, 1}, {formatUint, 3}, {formatUint, 12}, {formatUint, 20}, {formatInt, 64}, {formatFloat, 16}, {formatComplexInt, 32},
	} {
		l := &layout{bands: 1, bits: int(k.bits), format: int(k.format), typ: sampleType(k), block: image.Pt(512, 512)}
		l.rowBytes = (512*l.bits + 7) / 8
		raw := make([]byte, 512*l.rowBytes)
		b.Run(map[uint64]string{formatUint: "uint", formatInt: "int", formatFloat: "float", formatComplexInt: "cint"}[k.format]+
			fmt.Sprint(k.bits), func(b *testing.B) {
			b.SetBytes(int64(512 * 512 * l.typ.Size()))
			for b.Loop() {
				unpack(l, raw, image.Rect(0, 0, 512, 512))
			}
		})
	}
}
