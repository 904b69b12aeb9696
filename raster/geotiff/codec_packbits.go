package geotiff

import "io"

// decodePackBits decodes the PackBits of section 9 of TIFF 6.0. Runs may cross the ends of rows, as in libtiff.
func decodePackBits(dst, src []byte, b BlockShape) error {
	next := len(dst) // number of bytes left when the next call of Interrupt is due
	for len(dst) > 0 {
		if len(dst) <= next {
			if err := b.interrupted(); err != nil {
				return err
			}
			next = len(dst) - interruptBytes
		}
		if len(src) < 2 {
			return io.ErrUnexpectedEOF
		}
		n := int(int8(src[0]))
		src = src[1:]
		switch {
		case n >= 0:
			n = min(n+1, len(dst))
			if n > len(src) {
				return io.ErrUnexpectedEOF
			}
			copy(dst, src[:n])
			dst, src = dst[n:], src[n:]
		case n > -128:
			n = min(1-n, len(dst))
			for i := range dst[:n] {
				dst[i] = src[0]
			}
			dst, src = dst[n:], src[1:]
		}
	}
	return nil
}
