package geotiff

import (
	"bufio"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

const (
	// lzmaMaxStreamDictionary is the largest dictionary of a strip that is read in pieces: that of level 9, the highest.
	lzmaMaxStreamDictionary = 64 << 20
	// xzMostHeaders is the size of the largest headers before a block's data.
	xzMostHeaders = xzHeaderSize + 1024
)

// An lzmaReader decodes what decodeLZMA decodes, but piece by piece. After the last byte it verifies the checksum.
type lzmaReader struct {
	src  *countingReader
	z    io.Reader
	sum  hash.Hash // nil if the stream has no checksum that is known
	want int       // its size
	err  error     // how the stream ended

	delta int // distance of the Delta filter; 0 without one
	last  [256]byte
	at    byte // where the next byte goes in last
}

// A countingReader counts bytes.
type countingReader struct {
	src io.Reader
	n   int
}

func (r *countingReader) Read(b []byte) (int, error) {
	n, err := r.src.Read(b)
	r.n += n
	return n, err
}

// streamLZMA decodes streams with dictionaries of up to lzmaMaxStreamDictionary, or of the strip's size.
func streamLZMA() streamer {
	return streamer{
		open: openLZMA,
		memory: func(head []byte, size int64) int64 {
			dictionary := int64(lzmaMaxStreamDictionary)
			if h, _, err := parseXZHeader(head); err == nil {
				dictionary = min(dictionary, int64(h.dictionary))
			}
			return min(dictionary, size) + 64<<10
		},
	}
}

func openLZMA(src *bufio.Reader, size int64) (io.Reader, error) {
	head, err := src.Peek(min(xzMostHeaders, src.Size()))
	if err != nil && err != io.EOF {
		return nil, err
	}
	h, rest, err := parseXZHeader(head)
	if err != nil {
		return nil, err
	}
	if _, err := src.Discard(len(head) - len(rest)); err != nil {
		return nil, err
	}
	// No match reaches back beyond the strip's first byte.
	dictionary := min(int64(h.dictionary), size)
	if dictionary > lzmaMaxStreamDictionary {
		return nil, errXZDictionary
	}
	r := &lzmaReader{src: &countingReader{src: src}, delta: h.delta}
	switch h.check {
	case 1:
		r.sum, r.want = crc32.NewIEEE(), 4
	case 4:
		r.sum, r.want = crc64.New(crc64.MakeTable(crc64.ECMA)), 8
	}
	r.z, err = lzma.Reader2Config{DictCap: max(lzma.MinDictCap, int(dictionary))}.NewReader2(r.src)
	return r, noEOF(err)
}

func (r *lzmaReader) Read(b []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.z.Read(b)
	if r.delta > 0 {
		for i, v := range b[:n] {
			v += r.last[r.at-byte(r.delta)]
			b[i], r.last[r.at] = v, v
			r.at++
		}
	}
	if r.sum != nil {
		r.sum.Write(b[:n])
	}
	if err == io.EOF {
		err = r.verify()
	}
	r.err = err
	return n, err
}

// verify compares the checksum after the data, which are padded to a multiple of four bytes, and returns io.EOF if it is
// right. It may be cut off, see xzHeader.verify.
func (r *lzmaReader) verify() error {
	if r.sum == nil {
		return io.EOF
	}
	tail := make([]byte, -r.src.n&3+r.want)
	if _, err := io.ReadFull(r.src, tail); err != nil {
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		return err
	}
	check := tail[len(tail)-r.want:]
	var got uint64
	switch s := r.sum.(type) {
	case hash.Hash64:
		got = s.Sum64() ^ binary.LittleEndian.Uint64(check)
	case hash.Hash32:
		got = uint64(s.Sum32() ^ binary.LittleEndian.Uint32(check))
	}
	if got != 0 {
		return errXZCheck
	}
	return io.EOF
}
