package geotiff

import (
	"bufio"
	"compress/lzw"
	"io"
)

// An lzwReader decodes what lzwCodec decodes, but piece by piece: it keeps the strings of its table as chains of bytes,
// since the bytes decoded before are gone. That takes about twice as long.
type lzwReader struct {
	src   *bufio.Reader
	err   error
	hold  uint32 // the next bits, in the lowest count ones
	count uint
	width uint
	next  int // index of the entry to be made

	prev   int // the previous code; -1 after a clear code
	before [1 << lzwMaxWidth]uint16
	last   [1 << lzwMaxWidth]byte
	first  [1 << lzwMaxWidth]byte
	length [1 << lzwMaxWidth]uint16 // 0 for codes that are no strings

	text  [1 << lzwMaxWidth]byte // the string that is being handed out
	ready []byte                 // what is left of it
}

// streamLZW decodes strips of either order of bits.
func streamLZW() streamer {
	return streamer{
		open: func(src *bufio.Reader, _ int64) (io.Reader, error) {
			if head, err := src.Peek(2); err == nil && head[0] == 0 && head[1]&1 == 1 {
				return lzw.NewReader(src, lzw.LSB, 8), nil // see decodeOldLZW
			}
			r := &lzwReader{src: src}
			for i := range lzwClear {
				r.last[i], r.first[i], r.length[i] = byte(i), byte(i), 1
			}
			r.clear()
			return r, nil
		},
		memory: func([]byte, int64) int64 { return 32 << 10 },
	}
}

func (r *lzwReader) clear() { r.width, r.next, r.prev = 9, lzwFirst, -1 }

func (r *lzwReader) Read(b []byte) (n int, err error) {
	for n < len(b) {
		if len(r.ready) == 0 {
			if r.err == nil {
				r.err = r.decode()
			}
			if len(r.ready) == 0 {
				return n, r.err
			}
		}
		k := copy(b[n:], r.ready)
		n, r.ready = n+k, r.ready[k:]
	}
	return n, nil
}

// decode makes the next string ready.
func (r *lzwReader) decode() error {
	for {
		code, err := r.code()
		if err != nil {
			return err
		}
		// As in lzwCodec.decode: this code adds an entry, and may be that of the new entry itself.
		made := 0
		if r.prev >= 0 && r.next < 1<<lzwMaxWidth-1 {
			r.before[r.next], r.first[r.next] = uint16(r.prev), r.first[r.prev]
			r.length[r.next], r.last[r.next] = r.length[r.prev]+1, r.first[r.prev]
			made = 1
		}
		switch {
		case code >= r.next+made:
			return errLZWCode
		case code == lzwEnd:
			return io.ErrUnexpectedEOF
		case code == lzwClear:
			r.clear()
			continue
		}
		if made == 1 {
			r.last[r.next] = r.first[code]
			if r.next++; r.next+1 >= 1<<r.width && r.width < lzwMaxWidth {
				r.width++
			}
		}
		r.prev = code
		n := int(r.length[code])
		for i := n - 1; i > 0; i-- {
			r.text[i], code = r.last[code], int(r.before[code])
		}
		r.text[0] = byte(code)
		r.ready = r.text[:n]
		return nil
	}
}

// code returns the next code.
func (r *lzwReader) code() (int, error) {
	for r.count < r.width {
		b, err := r.src.ReadByte()
		if err != nil {
			return 0, noEOF(err)
		}
		r.hold, r.count = r.hold<<8|uint32(b), r.count+8
	}
	r.count -= r.width
	return int(r.hold >> r.count & (1<<r.width - 1)), nil
}
