package geotiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// zstdFrame compresses b as one frame. If known is set the frame states its size, which GDAL's frames do not.
func zstdFrame(t testing.TB, b []byte, known bool, o ...zstd.EOption) []byte {
	t.Helper()
	o = append(o, zstd.WithEncoderConcurrency(1))
	if known {
		w, err := zstd.NewWriter(nil, append(o, zstd.WithSingleSegment(true))...)
		require.NoError(t, err)
		return w.EncodeAll(b, nil)
	}
	var buf bytes.Buffer
	w, err := zstd.NewWriter(&buf, o...)
	require.NoError(t, err)
	for half := range 2 { // a frame that is written in one call states its size
		_, err = w.Write(b[half*len(b)/2 : (half+1)*len(b)/2])
		require.NoError(t, err)
		require.NoError(t, w.Flush())
	}
	require.NoError(t, w.Close())
	return buf.Bytes()
}

func TestZSTD(t *testing.T) {
	decode := newZSTDCodec().Decode
	for name, want := range samplesOfBytes() {
		for _, known := range []bool{true, false} {
			src := zstdFrame(t, want, known)
			for _, n := range []int{len(want), len(want) - 1, len(want) / 2, len(want) / 100} {
				for _, shape := range []BlockShape{{}, {Width: 10, Height: (len(want) + 9) / 10, Samples: 1, Bits: 8}} {
					got := make([]byte, n)
					require.NoError(t, decode(got, src, shape), "%s, %d bytes, size known: %v", name, n, known)
					require.True(t, bytes.Equal(want[:n], got), name)
				}
			}
			require.ErrorIs(t, decode(make([]byte, len(want)+1), src, BlockShape{}), io.ErrUnexpectedEOF, name)
			require.Error(t, decode(make([]byte, len(want)), src[:len(src)/2], BlockShape{}), "%s: cut off", name)
			// Bytes after the block are ignored, even another frame.
			got := make([]byte, len(want))
			require.NoError(t, decode(got, append(bytes.Clone(src), src...), BlockShape{}), name)
			require.True(t, bytes.Equal(want, got), name)
			require.NoError(t, decode(got, append(bytes.Clone(src), 1, 2, 3, 4, 5), BlockShape{}), name)
			require.True(t, bytes.Equal(want, got), name)
		}
	}
	src := zstdFrame(t, samplesOfBytes()["words"], true, zstd.WithEncoderCRC(true))
	src[len(src)-1] ^= 1
	require.ErrorIs(t, decode(make([]byte, 55000), src, BlockShape{}), zstd.ErrCRCMismatch)
}

// zstdBomb returns a frame of blocks that each repeat a byte, with a window of w bytes or, if w is 0, a stated size.
func zstdBomb(blocks int, w byte) []byte {
	b := []byte{0x28, 0xb5, 0x2f, 0xfd}
	if w != 0 {
		b = append(b, 0, w)
	} else {
		b = binary.LittleEndian.AppendUint64(append(b, 0xe0), uint64(blocks)<<17)
	}
	for i := range blocks {
		head := uint32(1<<17<<3 | 1<<1)
		if i == blocks-1 {
			head |= 1
		}
		b = append(b, byte(head), byte(head>>8), byte(head>>16), 7)
	}
	return b
}

// T78: decoding a small frame with very long contents allocates no more than the block, a window and a few buffers.
func TestZSTDBomb(t *testing.T) {
	decode := newZSTDCodec().Decode
	for name, src := range map[string][]byte{
		"window of 1 MiB": zstdBomb(20000, 10<<3), "window of 128 MiB": zstdBomb(20000, 17<<3),
		"a size of 2.6 GB": zstdBomb(20000, 0), "a size of 128 KiB": zstdBomb(1, 0),
	} {
		dst := make([]byte, 1000)
		n := allocatedBy(func() {
			err := decode(dst, src, BlockShape{})
			if !errors.Is(err, zstd.ErrWindowSizeExceeded) {
				require.NoError(t, err, name)
				require.Equal(t, bytes.Repeat([]byte{7}, len(dst)), dst, name)
			}
		})
		require.Less(t, n, uint64(8<<20), name)
	}
}

// allocatedBy returns the number of bytes that f allocates, if nothing else runs.
func allocatedBy(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func FuzzZSTD(f *testing.F) {
	for _, b := range samplesOfBytes() {
		f.Add(zstdFrame(f, b[:min(len(b), 3000)], true), uint16(min(len(b), 3000)), uint16(10))
		f.Add(zstdFrame(f, b[:min(len(b), 3000)], false), uint16(1000), uint16(0))
	}
	f.Add(zstdBomb(3, 0), uint16(1000), uint16(1000))
	f.Add(zstdBomb(3, 17<<3), uint16(1000), uint16(0))
	codec := newZSTDCodec()
	f.Fuzz(func(t *testing.T, src []byte, n, height uint16) {
		if len(src) > 1<<13 {
			t.Skip("large")
		}
		got := make([]byte, n)
		if err := codec.Decode(got, src, BlockShape{Width: 10, Height: int(height), Samples: 1, Bits: 8}); err != nil || n == 0 {
			return
		}
		r, err := zstd.NewReader(bytes.NewReader(src), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdMaxWindow))
		require.NoError(t, err)
		defer r.Close()
		want := make([]byte, n)
		_, err = io.ReadFull(r, want)
		require.NoError(t, err, "one that reads a stream")
		require.True(t, bytes.Equal(want, got))
		require.LessOrEqual(t, len(got), codec.MaxExpansion*len(src))
	})
}
