package geotiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// libtiff's LZMA is a .xz stream (The .xz File Format 1.1.0, tukaani.org/xz/xz-file-format.txt) of one block, whose
// filters are LZMA2 and, before it, Delta. github.com/ulikunitz/xz has LZMA2 but refuses streams with Delta, so this
// file reads the parts of the stream around LZMA2. That also keeps the dictionary, 8 MiB in most files, as small as the
// block.

// lzmaMaxExpansion is the largest number of bytes that a byte of LZMA2 can become. The longest match is 273 bytes. It
// takes 14 bits that are coded with a probability of up to 2017/2048, which is 0.31 bits in the stream: 7,100 bytes a
// byte.
const lzmaMaxExpansion = 8192

const (
	xzHeaderSize  = 12
	xzFilterDelta = 3
	xzFilterLZMA2 = 0x21
)

var (
	errXZHeader = errors.New("lzma: invalid header of an .xz stream")
	errXZCheck  = errors.New("lzma: wrong checksum")
	// errXZDictionary is of strips that are read in pieces.
	errXZDictionary = fmt.Errorf("lzma: the dictionary is larger than %d MiB", lzmaMaxStreamDictionary>>20)
)

// lzmaMemory returns the size of the dictionary.
func lzmaMemory(size int64, _ *BlockShape) int64 { return size }

func decodeLZMA(dst, src []byte, b BlockShape) error {
	h, rest, err := parseXZHeader(src)
	if err != nil {
		return err
	}
	in := bytes.NewReader(rest)
	// No match reaches back beyond the block's first byte.
	z, err := lzma.Reader2Config{DictCap: max(lzma.MinDictCap, min(h.dictionary, len(dst)))}.NewReader2(in)
	if err != nil {
		return fmt.Errorf("lzma: %w", noEOF(err))
	}
	if err := readFull(z, dst, b); err != nil {
		return fmt.Errorf("lzma: %w", noEOF(err))
	}
	if h.delta > 0 {
		for i := h.delta; i < len(dst); i++ {
			dst[i] += dst[i-h.delta]
		}
	}
	// If the stream ends where the block does, verify its checksum. It goes on if it has rows below the image's last
	// one; these are ignored, as libtiff does.
	var more [1]byte
	if n, err := z.Read(more[:]); n > 0 || err != io.EOF {
		return nil
	}
	at := len(rest) - in.Len()
	return h.verify(dst, rest[min(len(rest), at+(-at&3)):]) // padded to a multiple of four bytes
}

// readFull fills dst from r, and calls Interrupt before each MiB.
func readFull(r io.Reader, dst []byte, b BlockShape) error {
	for len(dst) > 0 {
		if err := b.interrupted(); err != nil {
			return err
		}
		n := min(len(dst), interruptBytes)
		if _, err := io.ReadFull(r, dst[:n]); err != nil {
			return err
		}
		dst = dst[n:]
	}
	return nil
}

// noEOF returns err, but io.ErrUnexpectedEOF for io.EOF: the end comes too early.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// An xzHeader holds the headers before the LZMA2 data.
type xzHeader struct {
	check      byte // kind of the checksum after the data
	size       int  // size of the block's header
	delta      int  // distance of the Delta filter; 0 without one
	dictionary int  // size in bytes
}

// parseXZHeader parses the header of the stream and that of its first block. It also returns the bytes after them.
func parseXZHeader(src []byte) (xzHeader, []byte, error) {
	var h xzHeader
	if len(src) < xzHeaderSize+1 {
		return h, nil, io.ErrUnexpectedEOF
	}
	flags := src[6:8]
	if string(src[:6]) != "\xfd7zXZ\x00" || flags[0] != 0 || flags[1] > 0xf || !crc32Matches(flags, src[8:]) {
		return h, nil, errXZHeader
	}
	h.check = flags[1]
	src = src[xzHeaderSize:]
	h.size = (int(src[0]) + 1) * 4
	switch {
	case src[0] == 0: // an index: a stream without blocks
		return h, nil, io.ErrUnexpectedEOF
	case h.size > len(src):
		return h, nil, io.ErrUnexpectedEOF
	case !crc32Matches(src[:h.size-4], src[h.size-4:]):
		return h, nil, errXZHeader
	}
	return h, src[h.size:], h.parseBlock(src[1 : h.size-4])
}

// parseBlock parses the header of a block, without its size and checksum.
func (h *xzHeader) parseBlock(b []byte) error {
	flags := b[0]
	b = b[1:]
	if flags&0x3c != 0 {
		return errXZHeader
	}
	for _, bit := range [...]byte{0x40, 0x80} { // compressed and uncompressed size, which the data contain as well
		if flags&bit != 0 {
			_, n := binary.Uvarint(b)
			if n <= 0 {
				return errXZHeader
			}
			b = b[n:]
		}
	}
	for i, last := 0, int(flags&3); i <= last; i++ {
		id, n := binary.Uvarint(b)
		// All supported filters have one byte of properties.
		switch {
		case n <= 0 || len(b) < n+2:
			return errXZHeader
		case b[n] != 1, id != xzFilterLZMA2 && (id != xzFilterDelta || i > 0), (id == xzFilterLZMA2) != (i == last):
			return &UnsupportedError{Name: "LZMA filter", Value: fmt.Sprint(id), Reason: "want LZMA2, with or without Delta before it"}
		}
		property := b[n+1]
		b = b[n+2:]
		switch {
		case id == xzFilterDelta:
			h.delta = int(property) + 1
		case property > 40:
			return errXZHeader
		case property == 40:
			h.dictionary = 1<<31 - 1 // 4 GiB; the block is smaller
		default:
			h.dictionary = int(min(uint64(2+property&1)<<(property/2+11), 1<<31-1))
		}
	}
	return nil
}

// verify compares the data of a block with the checksum after it. The checksum may be cut off, since libtiff does not
// read that far.
func (h *xzHeader) verify(data, check []byte) error {
	switch {
	case h.check == 1 && len(check) >= 4:
		if binary.LittleEndian.Uint32(check) != crc32.ChecksumIEEE(data) {
			return errXZCheck
		}
	case h.check == 4 && len(check) >= 8:
		if binary.LittleEndian.Uint64(check) != crc64.Checksum(data, crc64.MakeTable(crc64.ECMA)) {
			return errXZCheck
		}
	}
	return nil
}

func crc32Matches(b, sum []byte) bool {
	return len(sum) >= 4 && binary.LittleEndian.Uint32(sum) == crc32.ChecksumIEEE(b)
}
