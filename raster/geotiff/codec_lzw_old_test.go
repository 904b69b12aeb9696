package geotiff

import (
	"bytes"
	"compress/lzw"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// oldLZW compresses as writers from before TIFF 6.0 did.
func oldLZW(t testing.TB, b []byte) []byte {
	var buf bytes.Buffer
	w := lzw.NewWriter(&buf, lzw.LSB, 8)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buf.Bytes()
}

// TestOldLZW checks that the codec recognises old streams by their first bytes. File testdata/sample_u8_lzw_old.tif,
// which libtiff reads, shows that they have the code of GIF.
func TestOldLZW(t *testing.T) {
	for name, want := range samplesOfBytes() {
		src := oldLZW(t, want)
		require.True(t, src[0] == 0 && src[1]&1 == 1)
		for _, n := range []int{len(want), len(want) / 2} {
			got := make([]byte, n)
			require.NoError(t, decodeLZW(got, src, BlockShape{}), name)
			require.True(t, bytes.Equal(want[:n], got), name)
		}
		require.ErrorIs(t, decodeLZW(make([]byte, len(want)+1), src, BlockShape{}), io.ErrUnexpectedEOF, name)
		if len(want) > 2 {
			require.Error(t, decodeLZW(make([]byte, len(want)), src[:len(src)/2], BlockShape{}), name)
		}
	}
	require.Error(t, decodeLZW(make([]byte, 9), []byte{0, 1, 0xff, 0xff}, BlockShape{}))
}

// BenchmarkRareCodecs measures the codecs that are not in BenchmarkCodecs and BenchmarkCCITT.
func BenchmarkRareCodecs(b *testing.B) {
	picture := bytes.Clone(samplesOfBytes()["noise, then zeros"])
	for i := range picture {
		picture[i] &= 0x1f // fewer values, as in an image
	}
	for len(picture) < 1<<18 {
		picture = append(picture, picture...)
	}
	codecs := DefaultCodecs()
	for _, c := range []struct {
		name        string
		compression Compression
		src         []byte
	}{
		{"ZSTD", ZSTD, zstdFrame(b, picture, false)},
		{"ZSTD, size known", ZSTD, zstdFrame(b, picture, true)},
		{"LZMA", LZMA, xzStream(b, picture, 1, 1, 22)},
		{"old LZW", LZW, oldLZW(b, picture)},
		{"PackBits", PackBits, pack(b, int(PackBits), picture)},
	} {
		b.Run(c.name, func(b *testing.B) {
			dst := make([]byte, len(picture))
			b.SetBytes(int64(len(dst)))
			b.ReportAllocs()
			for b.Loop() {
				if err := codecs[c.compression].Decode(dst, c.src, BlockShape{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
