package geotiff

import (
	"bufio"
	"io"
)

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

// A packBitsReader decodes PackBits piece by piece.
type packBitsReader struct {
	src   *bufio.Reader
	left  int // bytes of the run that are to come
	equal bool
	value byte // of a run of equal bytes
}

func (r *packBitsReader) Read(b []byte) (n int, err error) {
	for n < len(b) {
		if r.left == 0 {
			if err := r.start(); err != nil {
				return n, err
			}
			continue
		}
		k := min(r.left, len(b)-n)
		if r.equal {
			for i := range b[n : n+k] {
				b[n+i] = r.value
			}
		} else if k, err = io.ReadFull(r.src, b[n:n+k]); err != nil {
			return n + k, noEOF(err)
		}
		n, r.left = n+k, r.left-k
	}
	return n, nil
}

// start reads the head of the next run.
func (r *packBitsReader) start() error {
	head, err := r.src.ReadByte()
	if err != nil {
		return noEOF(err)
	}
	switch n := int(int8(head)); {
	case n >= 0:
		r.left, r.equal = n+1, false
	case n > -128:
		r.left, r.equal = 1-n, true
		r.value, err = r.src.ReadByte()
	}
	return noEOF(err)
}
