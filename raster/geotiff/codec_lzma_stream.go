package geotiff

import (
	"bufio"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// An lzmaReader decodes what decodeLZMA decodes, but piece by piece.
type lzmaReader struct {
	header xzHeader
	src    *countedReader
	lzma   io.Reader
	before []byte // the bytes that the Delta filter adds, as many as its distance, in a ring
	oldest int
	sum    hash.Hash // of what was decoded; nil if the stream has no checksum that is known
}

// A countedReader counts the bytes that are taken from it.
type countedReader struct {
	*bufio.Reader
	n int
}

func (r *countedReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.n += n
	return n, err
}

func (r *countedReader) ReadByte() (byte, error) {
	b, err := r.Reader.ReadByte()
	if err == nil {
		r.n++
	}
	return b, err
}

func openLZMA(src *bufio.Reader, size int64) (io.Reader, error) {
	head, err := src.Peek(xzHeaderSize + xzMaxBlockHeader)
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
	r := &lzmaReader{header: h, src: &countedReader{Reader: src}, before: make([]byte, h.delta)}
	switch h.check {
	case 1:
		r.sum = crc32.NewIEEE()
	case 4:
		r.sum = crc64.New(crc64.MakeTable(crc64.ECMA))
	}
	// No match reaches back beyond the strip's first byte.
	dictionary := int(max(lzma.MinDictCap, min(int64(h.dictionary), size)))
	if r.lzma, err = (lzma.Reader2Config{DictCap: dictionary}).NewReader2(r.src); err != nil {
		return nil, fmt.Errorf("lzma: %w", noEOF(err))
	}
	return r, nil
}

func (r *lzmaReader) Read(b []byte) (int, error) {
	n, err := r.lzma.Read(b)
	if len(r.before) > 0 {
		for i := range b[:n] {
			b[i] += r.before[r.oldest]
			r.before[r.oldest] = b[i]
			if r.oldest++; r.oldest == len(r.before) {
				r.oldest = 0
			}
		}
	}
	if r.sum != nil {
		r.sum.Write(b[:n])
	}
	if err == io.EOF && n == 0 {
		return 0, r.check()
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("lzma: %w", err)
	}
	return n, err
}

// check returns errXZCheck if the checksum after the data is another one, and io.EOF otherwise.
func (r *lzmaReader) check() error {
	if _, err := r.src.Discard(-r.src.n & 3); err != nil || r.sum == nil {
		return io.EOF
	}
	stated := make([]byte, r.sum.Size())
	if _, err := io.ReadFull(r.src, stated); err != nil {
		return io.EOF
	}
	for i, v := range r.sum.Sum(nil) { // its first byte is the highest one
		if stated[len(stated)-1-i] != v {
			return errXZCheck
		}
	}
	return io.EOF
}
