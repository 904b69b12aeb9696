package geotiff

import (
	"errors"
	"io"
)

const (
	lzwClear    = 256
	lzwEnd      = 257
	lzwFirst    = 258
	lzwMaxWidth = 12
)

var errLZWCode = errors.New("lzw: invalid code")

// decodeLZW is section 13 of TIFF 6.0: codes of 9 to 12 bits, most significant bit first, that get longer one code earlier
// than in other formats.
//
// Every string of the table is a piece of what was decoded before, so the table holds where in dst each one starts and
// how long it is: an entry is the string of the code before it and the byte after that string.
func decodeLZW(dst, src []byte, _ BlockShape) error {
	if len(src) >= 2 && src[0] == 0 && src[1]&1 == 1 {
		// libtiff's test (tif_lzw.c, LZWPreDecode): the clear code that each stream starts with, in the other bit order.
		return unsupported(tagCompression, LZW, "an old-style stream, least significant bit first")
	}
	var (
		start, length [1 << lzwMaxWidth]uint32

		bits     uint64 // the next codes, at the top
		nbits    uint   // how many of them there are
		in, out  int
		width    uint = 9
		next     uint = lzwFirst // the entry to be made
		prev, pn int             // where the string of the code before starts, and its length, 0 after a clear code
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
			// The entry that this code is about to make: the string before, and its first byte again.
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
