package geotiff

import (
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// lzwSlow decodes by the letter of section 13 of TIFF 6.0.
//
// Every string of the table is a piece of the bytes decoded before, so the table holds where in dst each string starts
// and how long it is: an entry is the string of the previous code and the byte after that string.
func lzwSlow(dst, src []byte) error {
	var (
		start, length [1 << lzwMaxWidth]uint32

		bits     uint64 // the next codes, at the top
		nbits    uint   // number of bits in bits
		in, out  int
		width    uint = 9
		next     uint = lzwFirst // the entry to be made
		prev, pn int             // where the string of the previous code starts, and its length, 0 after a clear code
	)
	for out < len(dst) {
		for nbits <= 56 && in < len(src) {
			bits |= uint64(src[in]) << (56 - nbits)
			nbits += 8
			in++
		}
		if nbits < width {
			return io.ErrUnexpectedEOF
		}
		code := uint(bits >> (64 - width))
		bits <<= width
		nbits -= width

		var n int // length of this code's string
		switch {
		case code < lzwClear:
			dst[out] = byte(code)
			n = 1
		case code == lzwClear:
			width, next, pn = 9, lzwFirst, 0
			continue
		case code == lzwEnd:
			return io.ErrUnexpectedEOF
		case code < next:
			from := int(start[code])
			n = copy(dst[out:], dst[from:from+int(length[code])])
		case code == next && pn > 0 && next < 1<<lzwMaxWidth-1:
			// The code is that of the entry to be made now: the previous string, and its first byte again.
			n = copy(dst[out:], dst[prev:prev+pn])
			if out+n < len(dst) {
				dst[out+n] = dst[prev]
				n++
			}
		default:
			return errLZWCode
		}
		if pn > 0 && next < 1<<lzwMaxWidth-1 {
			start[next], length[next] = uint32(prev), uint32(pn+1)
			next++
		}
		// TIFF's early change. The last entry of the table, 4095, is never made.
		if next+1 >= 1<<width && width < lzwMaxWidth {
			width++
		}
		prev, pn = out, n
		out += n
	}
	return nil
}

func decodeLZW(dst, src []byte, b BlockShape) error { return new(lzwCodec).decode(dst, src, b) }

// sameLZW compares decodeLZW with lzwSlow, for a dst of n bytes.
func sameLZW(t *testing.T, src []byte, n int) {
	t.Helper()
	want, got := make([]byte, n), make([]byte, n)
	errWant, err := lzwSlow(want, src), decodeLZW(got, src, BlockShape{})
	require.Equal(t, errWant, err)
	if err == nil {
		require.Equal(t, want, got)
	}
}

// TestLZWAgrees compares intact, damaged and cut streams, with a dst that is larger or smaller than the data, or empty.
func TestLZWAgrees(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for _, b := range samplesOfBytes() {
		b = b[:min(len(b), 40_000)]
		src := pack(t, int(LZW), b)
		for n := max(0, len(b)-40); n < len(b)+3; n++ {
			sameLZW(t, src, n)
		}
		for range 200 {
			bad := append([]byte{}, src[:1+rnd.IntN(len(src))]...)
			if rnd.IntN(4) > 0 {
				bad[rnd.IntN(len(bad))] ^= byte(rnd.Uint32())
			}
			if bad[0] != 0 {
				sameLZW(t, bad, rnd.IntN(len(b)+100))
			}
		}
	}
}

func FuzzLZWAgrees(f *testing.F) {
	for _, b := range samplesOfBytes() {
		f.Add(pack(f, int(LZW), b[:min(len(b), 5000)]), 5000)
	}
	f.Fuzz(func(t *testing.T, src []byte, n int) {
		if len(src) > 1<<16 || n < 0 || n > 1<<20 || len(src) > 0 && src[0] == 0 {
			t.Skip("large, or of the old style")
		}
		sameLZW(t, src, n)
	})
}
