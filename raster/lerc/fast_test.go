package lerc

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestQuickBlocks: blocks that are decoded quickly are what the slow loops decode.
func TestQuickBlocks(t *testing.T) {
	quickBlocks[uint8](t)
	quickBlocks[int16](t)
	quickBlocks[uint32](t)
	quickBlocks[float32](t)
	quickBlocks[float64](t)
}

func quickBlocks[T Sample](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	_, most := TypeOf[T]().limits()
	for _, width := range []int{8, 16, 24, 33, 50} {
		for _, spread := range []float64{0, 2, 100, 3e4, 4e9} {
			for _, bound := range []float64{0.5, 3, 0.7} {
				for _, flat := range []int{0, 60} {
					pix := make([]T, width*31)
					for i := range pix {
						v := min(spread, most) * r.Float64()
						if i > 0 && r.IntN(64) < flat {
							v = float64(pix[i-1])
						}
						pix[i] = T(v)
					}
					m := &Image{Width: width, Height: 31, Pix: pix}
					data, err := Append(nil, m, &EncodeOptions{MaxZError: bound})
					require.NoError(t, err)
					b, err := readBlob(data)
					require.NoError(t, err)
					slow := make([]T, len(pix))
					d := &bandReader[T]{blob: &b, reader: reader{b: b.body}, pulse: &pulse{}, pix: slow}
					d.block = max(1, d.block)
					d.ok = make([]uint8, len(pix)) // a mask, which quick does not take
					setValid(d.ok)
					require.NoError(t, d.decode())
					fast := make([]T, len(pix))
					require.NoError(t, DecodeInto(fast, nil, data, nil))
					require.True(t, slices.Equal(slow, fast))
				}
			}
		}
	}
}

// TestDeepBlocks: blocks of several samples a pixel that are decoded quickly are what the slow loops decode.
func TestDeepBlocks(t *testing.T) {
	deepBlocks[uint8](t)
	deepBlocks[int16](t)
	deepBlocks[uint32](t)
	deepBlocks[float32](t)
	deepBlocks[float64](t)
}

func deepBlocks[T Sample](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	_, most := TypeOf[T]().limits()
	for _, depth := range []int{2, 3, 5} {
		for _, width := range []int{8, 33} {
			for _, spread := range []float64{2, 100, 3e4, 4e9} {
				for _, bound := range []float64{0.5, 3, 0.7} {
					pix := make([]T, width*19*depth)
					for i := range pix {
						pix[i] = T(min(spread, most) * (float64(i/depth%width)/float64(width+9) + r.Float64()/9))
					}
					data, err := Append(nil, &Image{Width: width, Height: 19, Depth: depth, Pix: pix},
						&EncodeOptions{MaxZError: bound})
					require.NoError(t, err)
					b, err := readBlob(data)
					require.NoError(t, err)
					slow := make([]T, len(pix))
					d := &bandReader[T]{blob: &b, reader: reader{b: b.body}, pulse: &pulse{}, pix: slow}
					d.ok = make([]uint8, width*19) // a mask, which deep does not take
					setValid(d.ok)
					require.NoError(t, d.decode())
					fast := make([]T, len(pix))
					require.NoError(t, DecodeInto(fast, nil, data, nil))
					require.True(t, slices.Equal(slow, fast))
				}
			}
		}
	}
}

// TestUnstuff compares with bits taken one by one.
func TestUnstuff(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for width := 1; width < 32; width++ {
		for _, n := range []int{1, 7, 8, 63, 64, 200} {
			numbers := make([]uint32, n)
			for i := range numbers {
				numbers[i] = r.Uint32() & (1<<width - 1)
			}
			src := appendBits(nil, numbers, width)
			require.Len(t, src, stuffedBytes(n, width))
			for i, v := range numbers {
				for bit := range width {
					at := i*width + bit
					require.Equal(t, v>>bit&1, uint32(src[at/8]>>(at%8)&1))
				}
			}
			for _, extra := range []int{0, 1, 40} {
				got := make([]uint32, n)
				unstuff(got, append(slices.Clip(src), make([]byte, extra)...), width)
				require.Equal(t, numbers, got, "%d numbers of %d bits", n, width)
			}
		}
	}
}

func TestFletcher(t *testing.T) {
	// One word at a time, as the format defines it.
	slow := func(b []byte) uint32 {
		a, s := uint32(0xffff), uint32(0xffff)
		for n := 0; len(b) >= 2; b = b[2:] {
			a += uint32(binary.BigEndian.Uint16(b))
			s += a
			if n++; n == 359 || len(b) < 4 {
				a, s, n = a&0xffff+a>>16, s&0xffff+s>>16, 0
			}
		}
		if len(b) == 1 {
			a += uint32(b[0]) << 8
			s += a
		}
		a, s = a&0xffff+a>>16, s&0xffff+s>>16
		return s<<16 | a
	}
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 2000 {
		b := make([]byte, n)
		for i := range b {
			if b[i] = byte(r.Uint32()); n%3 == 0 {
				b[i] = 0xff
			}
		}
		require.Equal(t, slow(b), fletcher32(b), n)
	}
}

// TestMasks: what packMask packs is unpacked, for runs of all lengths.
func TestMasks(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for n := range 300 {
		mask, want := make([]uint8, 1+n*n), 0
		for i, run, v := 0, 0, uint8(0); i < len(mask); i++ {
			if run--; run < 0 {
				run, v = r.IntN(1+n), valid-v
			}
			mask[i] = v
			want += int(v & 1)
		}
		got := make([]uint8, len(mask))
		count, err := unpackMask(got, packMask(nil, mask))
		require.NoError(t, err)
		require.Equal(t, want, count)
		require.Equal(t, mask, got)
	}
	long := make([]uint8, 8*100_000) // longer than a run can be
	count, err := unpackMask(slices.Clone(long), packMask(nil, long))
	require.NoError(t, err)
	require.Zero(t, count)
}

// TestMasksWithEmptyRuns: a run of no bytes has a byte all the same, and changes nothing, also behind the last pixel.
func TestMasksWithEmptyRuns(t *testing.T) {
	for pixels := 1; pixels < 40; pixels++ {
		for _, b := range []byte{0, 0xff, 0x5a} {
			empty := []byte{0, 0, b}
			packed := slices.Concat(empty, []byte{byte((pixels + 7) / 8), 0}, []byte("ABCDE")[:(pixels+7)/8], empty, empty, []byte{0, 0x80})
			got, want := make([]uint8, pixels), make([]uint8, pixels)
			count, err := unpackMask(got, packed)
			require.NoError(t, err)
			sum := 0
			for i := range want {
				want[i] = -("ABCDE"[i/8] >> (7 - i%8) & 1)
				sum += int(want[i] & 1)
			}
			require.Equal(t, want, got)
			require.Equal(t, sum, count)
		}
	}
}

// TestRotate: the bits of a float32 come back.
func TestRotate(t *testing.T) {
	for i := range 64 {
		v := uint32(1)<<(i%32) | uint32(i)<<26
		require.Equal(t, v, rotateBack(rotate(v)))
		require.Equal(t, byte(v>>23), byte(rotate(v)>>24), "the highest byte is the exponent")
	}
}
