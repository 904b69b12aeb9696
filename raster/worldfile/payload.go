package worldfile

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
)

// payload returns how many bytes of a file of size bytes can be pixels of the image that is decoded. Profiles,
// comments, further frames and what follows the image do not count, so that a file does not gain by them. r may hold
// less than the file, such as its head; then the rest counts. It looks at the context's error now and then, since the
// longest walk is through a file of empty chunks.
func payload(ctx context.Context, r io.ReaderAt, size int64) (int64, error) {
	w := &walker{ctx: ctx, r: r, size: size}
	magic := w.next(2)
	var n int64
	switch {
	case bytes.Equal(magic, []byte("\x89P")):
		n = w.png()
	case bytes.Equal(magic, []byte("GI")):
		n = w.gif()
	case bytes.Equal(magic, []byte("\xff\xd8")):
		n = w.jpeg()
	default:
		n = size
	}
	return n, w.err
}

// walkerBytes is how many bytes a walker reads at a time: the headers in them are short.
const walkerBytes = 4 << 10

// A walker goes through the parts of a file.
type walker struct {
	ctx  context.Context
	r    io.ReaderAt
	size int64
	at   int64
	ends bool // the part of the file that r holds ends before what was asked for
	err  error

	buf  [walkerBytes]byte
	from int64 // where buf is from
	have []byte
}

// next returns the next n bytes, of at most walkerBytes, and goes past them; nil if they are not all there.
func (w *walker) next(n int) []byte {
	at := w.at - w.from
	if at < 0 || at+int64(n) > int64(len(w.have)) {
		if w.err = w.ctx.Err(); w.err != nil {
			w.ends = true
			return nil
		}
		got, err := w.r.ReadAt(w.buf[:], w.at)
		if err != nil && err != io.EOF {
			w.err = err
		}
		w.from, w.have, at = w.at, w.buf[:got], 0
		if got < n {
			w.ends = true
			return nil
		}
	}
	w.at += int64(n)
	return w.have[at : at+int64(n)]
}

// rest returns the number of bytes from here on.
func (w *walker) rest() int64 { return max(0, w.size-w.at) }

// png adds up the IDAT chunks (PNG, section 5.3). Chunks behind the image's end are not looked at.
func (w *walker) png() (n int64) {
	w.at = 8
	for {
		head := w.next(8)
		if head == nil {
			return n + w.rest()
		}
		length := int64(binary.BigEndian.Uint32(head))
		switch string(head[4:]) {
		case "IDAT":
			n += min(length, w.rest())
		case "IEND":
			return n
		}
		w.at += length + 4
	}
}

// gif returns the size of the first frame's data (GIF89a, sections 18 to 22).
func (w *walker) gif() (n int64) {
	w.at = 6
	screen := w.next(7)
	if screen == nil {
		return w.rest()
	}
	w.palette(screen[4])
	for {
		switch kind := w.next(1); {
		case kind == nil:
			return w.rest()
		case kind[0] == 0x21: // an extension
			w.at++
			w.blocks()
		case kind[0] == 0x2c:
			if frame := w.next(9); frame != nil {
				w.palette(frame[8])
			}
			w.at++ // the size of codes
			n := w.blocks()
			if w.ends {
				n += w.rest()
			}
			return n
		default:
			return 0 // the end, or what no decoder understands
		}
	}
}

// palette goes past a palette, if the flags say that there is one.
func (w *walker) palette(flags byte) {
	if flags&0x80 != 0 {
		w.at += 3 << (flags&7 + 1)
	}
}

// blocks goes past a list of blocks of up to 255 bytes, and returns the number of bytes in them.
func (w *walker) blocks() (n int64) {
	for {
		length := w.next(1)
		if length == nil || length[0] == 0 {
			return n
		}
		n += int64(length[0])
		w.at += int64(length[0])
	}
}

// jpeg returns the number of bytes from the first scan on.
func (w *walker) jpeg() int64 {
	for {
		marker := w.next(4)
		switch {
		case marker == nil || marker[0] == 0xff && marker[1] == 0xda: // start of scan
			return w.rest()
		case marker[0] != 0xff: // the decoder searches for the next marker, too
			w.at -= 3
		case marker[1] == 0xff || marker[1] == 0 || marker[1] >= 0xd0 && marker[1] <= 0xd9: // without a segment
			w.at -= 3
		default:
			w.at += max(0, int64(binary.BigEndian.Uint16(marker[2:]))-2)
		}
	}
}
