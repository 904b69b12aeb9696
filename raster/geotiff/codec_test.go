package geotiff

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/tiff/lzw"

	"github.com/geoexport/geoexport/internal/tiffmake"
)

// pack compresses b with the tests' own writer, as one strip of one row.
func pack(t testing.TB, compression int, b []byte) []byte {
	t.Helper()
	f := &tiffmake.File{Compression: compression, Sample: func(_, _, x, _ int) float64 { return float64(b[x]) }}
	f.Size.X, f.Size.Y = len(b), 1
	f.Remove = []int{258, 262, 277, 284, 339, 278, 257, 256, 259}
	file := f.Bytes()
	// Find the length in the entry of the strip's size; its offset is 8.
	i := bytes.Index(file, []byte{0x17, 1, 4, 0, 1, 0, 0, 0}) + 8
	n := int(file[i]) | int(file[i+1])<<8 | int(file[i+2])<<16
	return file[8 : 8+n]
}

// samplesOfBytes returns inputs that make tables grow, fill up and start anew, with runs short and long.
func samplesOfBytes() map[string][]byte {
	noise, runs, words := make([]byte, 100_000), make([]byte, 100_000), bytes.Repeat([]byte("abracadabra"), 5000)
	h := uint32(1)
	for i := range noise {
		h = h*1664525 + 1013904223
		noise[i] = byte(h >> 24)
		runs[i] = byte(i / 300 * 7)
	}
	return map[string][]byte{"one byte": {7}, "two": {7, 7}, "zeros": make([]byte, 100_000), "noise": noise, "runs": runs, "words": words,
		"noise, then zeros": append(bytes.Clone(noise[:5000]), make([]byte, 5000)...)}
}

func TestCodecs(t *testing.T) {
	codecs := DefaultCodecs()
	for name, want := range samplesOfBytes() {
		for _, c := range []Compression{None, LZW, Deflate, DeflateOld, PackBits} {
			src := pack(t, int(c), want)
			for _, n := range []int{len(want), len(want) - 1, len(want) / 2} { // the decoder ignores a surplus
				got := make([]byte, n)
				require.NoError(t, codecs[c].Decode(got, src, BlockShape{}), "%s, %v", name, c)
				require.True(t, bytes.Equal(want[:n], got), "%s, %v", name, c)
			}
			err := codecs[c].Decode(make([]byte, len(want)+1), src, BlockShape{})
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%s, %v: more than there is", name, c)
			if len(want) > 2 { // two bytes fit in the first half of their deflate stream
				err = codecs[c].Decode(make([]byte, len(want)), src[:len(src)/2], BlockShape{})
				require.Error(t, err, "%s, %v: cut off", name, c)
			}
			require.LessOrEqual(t, len(want), max(1, codecs[c].MaxExpansion)*len(src))
		}
		// Another decoder reads the writer's LZW, too.
		theirs, err := io.ReadAll(lzw.NewReader(bytes.NewReader(pack(t, int(LZW), want)), lzw.MSB, 8))
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, theirs), name)
	}
}

// packBitsSlow decodes by the letter of section 9 of TIFF 6.0, byte by byte.
func packBitsSlow(src []byte) (dst []byte, whole bool) {
	for i := 0; i < len(src); {
		n := int(int8(src[i]))
		i++
		for range n + 1 { // copy the next n+1 bytes literally
			if i >= len(src) {
				return dst, false
			}
			dst = append(dst, src[i])
			i++
		}
		if n >= -127 && n <= -1 { // copy the next byte -n+1 times
			if i >= len(src) {
				return dst, false
			}
			for range -n + 1 {
				dst = append(dst, src[i])
			}
			i++
		}
	}
	return dst, true
}

func FuzzPackBits(f *testing.F) {
	f.Add([]byte{0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa}) // Apple's example
	f.Add([]byte{0x80, 0x80, 0, 1})
	f.Add([]byte{0x7f})
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<16 {
			t.Skip("large")
		}
		want, _ := packBitsSlow(src)
		got := make([]byte, len(want))
		require.NoError(t, decodePackBits(got, src, BlockShape{}))
		require.True(t, bytes.Equal(want, got))
		require.ErrorIs(t, decodePackBits(make([]byte, len(want)+1), src, BlockShape{}), io.ErrUnexpectedEOF)
	})
}

func FuzzLZW(f *testing.F) {
	for _, b := range samplesOfBytes() {
		f.Add(pack(f, int(LZW), b[:min(len(b), 20_000)]))
	}
	f.Add([]byte{0x80, 0x40, 0x40})
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<16 {
			t.Skip("large")
		}
		if len(src) > 1 && src[0] == 0 && src[1]&1 == 1 {
			t.Skip("the other bit order")
		}
		want, errWant := io.ReadAll(io.LimitReader(lzw.NewReader(bytes.NewReader(src), lzw.MSB, 8), 1<<20))
		got := make([]byte, len(want))
		err := decodeLZW(got, src, BlockShape{})
		switch {
		case err == nil:
			require.True(t, bytes.Equal(want, got))
		case errWant == nil:
			// Ours refuses code 4095, which TIFF never uses: a clear code precedes it.
			assert.ErrorIs(t, err, errLZWCode)
		}
	})
}

func BenchmarkCodecs(b *testing.B) {
	codecs := DefaultCodecs()
	words := samplesOfBytes()["noise, then zeros"]
	for i := range words {
		words[i] &= 0x1f // fewer values, as in an image
	}
	for len(words) < 1<<18 {
		words = append(words, words...)
	}
	dst := make([]byte, len(words))
	for _, c := range []Compression{LZW, Deflate, PackBits} {
		src := pack(b, int(c), words)
		b.Run(c.String(), func(b *testing.B) {
			b.SetBytes(int64(len(dst)))
			b.ReportAllocs()
			for b.Loop() {
				if err := codecs[c].Decode(dst, src, BlockShape{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("LZW of x/image", func(b *testing.B) {
		src := pack(b, int(LZW), words)
		b.SetBytes(int64(len(dst)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := io.ReadFull(lzw.NewReader(bytes.NewReader(src), lzw.MSB, 8), dst); err != nil {
				b.Fatal(err)
			}
		}
	})
}
