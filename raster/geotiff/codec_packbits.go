package geotiff

import "io"

// decodePackBits decodes the PackBits of section 9 of TIFF 6.0. Runs may cross the ends of rows, as in libtiff.
func decodePackBits(dst, src []byte, b BlockShape) error {
	for len(dst) > 0 {
		if err := b.interrupted(); err != nil {
			return err
		}
		var err error
		if dst, src, err = unpackRuns(dst, src, max(0, len(dst)-interruptBytes)); err != nil {
			return err
		}
	}
	return nil
}

// unpackRuns unpacks runs until no more than left bytes of dst are to be filled. It returns the rest of dst and src.
func unpackRuns(dst, src []byte, left int) (_, _ []byte, err error) {
	for len(dst) > left {
		if len(src) < 2 {
			return nil, nil, io.ErrUnexpectedEOF
		}
		n := int(int8(src[0]))
		src = src[1:]
		switch {
		case n >= 0:
			n = min(n+1, len(dst))
			if n > len(src) {
				return nil, nil, io.ErrUnexpectedEOF
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
	return dst, src, nil
}
