package raster_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// The standard library's encoding/binary is the slow twin, which knows no steps.
func checkPutRow[T raster.Sample](t *testing.T, at func(x int) T) {
	r := image.Rect(-3, 5, 9, 7)
	b := rastertest.FillBlock(r, 1, func(_, x, y int) T { return at(x + 100*y) })
	p := b.Bands[0].(*raster.PlaneOf[T])
	size := b.Type.Size()
	for _, step := range []int{size, size + 3, 3 * size} {
		var want bytes.Buffer
		for x := -1; x < 8; x++ {
			require.NoError(t, binary.Write(&want, binary.LittleEndian, p.Row(6)[x+3]))
			want.Write(bytes.Repeat([]byte{0xee}, step-size))
		}
		got := bytes.Repeat([]byte{0xee}, 9*step)
		raster.PutRow(got, step, p, 6, -1, 8)
		assert.Equal(t, want.Bytes(), got, "%T, step %d", p, step)
	}
}

func TestPutRow(t *testing.T) {
	checkPutRow(t, func(x int) uint8 { return uint8(37 * x) })
	checkPutRow(t, func(x int) int8 { return int8(37 * x) })
	checkPutRow(t, func(x int) uint16 { return uint16(3701 * x) })
	checkPutRow(t, func(x int) int16 { return int16(-3701 * x) })
	checkPutRow(t, func(x int) uint32 { return uint32(370100123 * x) })
	checkPutRow(t, func(x int) int32 { return int32(-3701001 * x) })
	checkPutRow(t, func(x int) float32 { return float32(math.Exp(float64(x) / 40)) })
	checkPutRow(t, func(x int) float64 { return -math.Exp(float64(x) / 7) })
	checkPutRow(t, func(x int) complex64 { return complex(float32(x)/3, -float32(x)) })
	checkPutRow(t, func(x int) complex128 { return complex(float64(x)/3, -float64(x)) })
}

// Three bands of bytes at once are what three times one are.
func TestPutPixelsAgrees(t *testing.T) {
	r := image.Rect(-3, 5, 14, 7)
	bytesOf := rastertest.FillBlock(r, 3, func(b, x, y int) uint8 { return uint8(37*x + 11*y + 101*b) })
	shorts := rastertest.FillBlock(r, 3, func(b, x, y int) int16 { return int16(370*x + 11*y - 1010*b) })
	for _, b := range []*raster.Block{bytesOf, shorts, {Type: raster.U8, Bands: bytesOf.Bands[:2]}} {
		size, n := b.Type.Size(), len(b.Bands)
		for _, span := range [][2]int{{-3, 14}, {0, 1}, {5, 5}, {-1, 9}} {
			got, want := make([]byte, (span[1]-span[0])*size*n), make([]byte, (span[1]-span[0])*size*n)
			raster.PutPixels(got, size, b.Bands, 6, span[0], span[1])
			for i, p := range b.Bands {
				if len(want) > 0 {
					raster.PutRow(want[i*size:], size*n, p, 6, span[0], span[1])
				}
			}
			assert.Equal(t, want, got, "%v %v", b.Type, span)
		}
	}
}

func BenchmarkPutPixels(b *testing.B) {
	r := image.Rect(0, 0, 4096, 1)
	block := rastertest.FillBlock(r, 3, func(b, x, y int) uint8 { return uint8(37*x + 101*b) })
	dst := make([]byte, 3*4096)
	b.Run("at once", func(b *testing.B) {
		b.SetBytes(int64(len(dst)))
		for b.Loop() {
			raster.PutPixels(dst, 1, block.Bands, 0, 0, 4096)
		}
	})
	b.Run("band by band", func(b *testing.B) {
		b.SetBytes(int64(len(dst)))
		for b.Loop() {
			for i, p := range block.Bands {
				raster.PutRow(dst[i:], 3, p, 0, 0, 4096)
			}
		}
	})
}
