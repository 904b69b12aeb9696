package geotiff

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math/bits"
	"slices"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// A large strip is read in pieces, see layout.pieces. Those of a compression can only be decoded from the strip's first
// row on, so the decoder is kept where it has got to, for the piece after it: reading the pieces in their order decodes
// the strip once, and reading another piece first decodes the rows above it, and drops them.

// A streamer is how a codec decodes a strip that is read in pieces. The zero value stands for a codec that cannot.
type streamer struct {
	// open returns a reader of a strip's samples, which decode to size bytes, out of the bytes of the strip in the file.
	open func(src *bufio.Reader, size int64) (io.Reader, error)
	// memory returns about how many bytes of memory the reader takes for a strip that decodes to size bytes and begins
	// with head, of streamHead bytes if there are so many.
	memory func(head []byte, size int64) int64
}

// streamHead is how many bytes of a strip state how much memory its decoder takes.
const streamHead = 64

const (
	maxStrands = 4
	// maxStrandBytes is the memory that the decoders kept for one strip take together, if there are several.
	maxStrandBytes = 8 << 20

	strandBuffer    = 64 << 10
	strandBufferFar = 1 << 20
)

// A strip has the decoders of a large strip.
type strip struct {
	off, n uint64 // the bytes of the strip in the file
	size   int64  // that they decode to
	memory int64  // that one decoder takes

	turn    chan struct{} // holds an element while somebody uses strands
	strands []*strand     // the one used last is last
}

// A strand is a decoder that has got to a place in a strip.
type strand struct {
	src stripSource
	dec io.Reader // nil before the first byte
	at  int64     // number of bytes that it has decoded
}

// A stripSource reads the bytes of a strip.
type stripSource struct {
	ctx      context.Context // of the read in progress
	in       *input
	off, end uint64
	reversed bool
	err      error // why bytes could not be read
}

func (s *stripSource) Read(b []byte) (int, error) {
	b = b[:min(uint64(len(b)), s.end-s.off)]
	if len(b) == 0 {
		return 0, io.EOF
	}
	if s.err = s.in.readAt(s.ctx, b, s.off); s.err != nil {
		return 0, s.err
	}
	if s.reversed {
		for i, v := range b {
			b[i] = bits.Reverse8(v)
		}
	}
	s.off += uint64(len(b))
	return len(b), nil
}

// strip returns the decoders of the strip of n bytes at off, which has a number of rows. They are in the cache, so that
// it bounds their memory.
func (f *File) strip(ctx context.Context, p *pixels, off, n uint64, rows int) (*strip, error) {
	size := int64(rows) * int64(p.layout.rowBytes)
	build := func(ctx context.Context) (*strip, int64, error) {
		s := &strip{off: off, n: n, size: size, turn: make(chan struct{}, 1)}
		head := make([]byte, min(n, streamHead))
		src := stripSource{ctx: ctx, in: p.d.s.in, off: off, end: off + n, reversed: p.layout.reversed}
		if _, err := io.ReadFull(&src, head); err != nil {
			return nil, 0, err
		}
		s.memory = p.layout.codec.stream.memory(head, size) + strandBuffer
		return s, entryCost + s.memory*int64(s.most()), nil
	}
	keep := raster.Keep{Owner: f, Share: f.info.CacheShare(), Last: true}
	s, err := raster.CachedAs(ctx, f.caches.of(ctx), cacheKey{f, p.id, kindStrip, off}, keep, build)
	if err == nil && (s.n != n || s.size != size) { // strips that overlap
		s, _, err = build(ctx)
	}
	return s, err
}

// most returns the number of decoders that are kept, at least one.
func (s *strip) most() int { return int(max(1, min(maxStrands, maxStrandBytes/s.memory))) }

// decode decodes the bytes from at on into raw. Only one caller does so at a time: others would have to decode what it
// is about to decode.
func (s *strip) decode(ctx context.Context, p *pixels, raw []byte, at int64) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.turn }()
	t := s.take(p, at)
	t.src.ctx = ctx
	err := p.layout.decoded(func() error { return noEOF(t.decode(ctx, p.layout, raw, at, s.size)) })
	switch t.src.ctx = nil; {
	case t.src.err != nil:
		return t.src.err
	case err != nil:
		return err
	}
	if s.strands = append(s.strands, t); len(s.strands) > s.most() {
		s.strands = slices.Delete(s.strands, 0, 1)
	}
	return nil
}

// take removes the decoder that is nearest before a place, or returns a new one.
func (s *strip) take(p *pixels, at int64) *strand {
	nearest := -1
	for i, t := range s.strands {
		if t.at <= at && (nearest < 0 || t.at > s.strands[nearest].at) {
			nearest = i
		}
	}
	if nearest >= 0 {
		t := s.strands[nearest]
		s.strands = slices.Delete(s.strands, nearest, nearest+1)
		return t
	}
	return &strand{src: stripSource{in: p.d.s.in, off: s.off, end: s.off + s.n, reversed: p.layout.reversed}}
}

// decode decodes the bytes from at on into raw, of a strip that decodes to size bytes.
func (t *strand) decode(ctx context.Context, l *layout, raw []byte, at, size int64) (err error) {
	if t.dec == nil {
		buffer := strandBuffer
		if _, far := t.src.in.src.(source.RangeReader); far {
			buffer = strandBufferFar
		}
		if t.dec, err = l.codec.stream.open(bufio.NewReaderSize(&t.src, buffer), size); err != nil {
			return err
		}
	}
	b := BlockShape{Interrupt: ctx.Err}
	skipped := raw
	if t.at < at && int64(len(raw)) < interruptBytes {
		skipped = make([]byte, min(interruptBytes, at-t.at))
	}
	for t.at < at {
		n := min(int64(len(skipped)), at-t.at)
		if err := readFull(t.dec, skipped[:n], b); err != nil {
			return err
		}
		t.at += n
	}
	if err := readFull(t.dec, raw, b); err != nil {
		return err
	}
	if t.at += int64(len(raw)); t.at < size {
		return nil
	}
	// If the stream ends where the strip does, its checksum has to be right. It may be missing, and more rows or
	// anything else may follow, as in other readers.
	var more [1]byte
	n, err := t.dec.Read(more[:])
	if n == 0 && (errors.Is(err, zlib.ErrChecksum) || errors.Is(err, zstd.ErrCRCMismatch) || errors.Is(err, errXZCheck)) {
		return err
	}
	return nil
}

func streamNone() streamer {
	return streamer{
		open:   func(src *bufio.Reader, _ int64) (io.Reader, error) { return src, nil },
		memory: func([]byte, int64) int64 { return 0 },
	}
}

func streamPackBits() streamer {
	return streamer{
		open:   func(src *bufio.Reader, _ int64) (io.Reader, error) { return &packBitsReader{src: src}, nil },
		memory: func([]byte, int64) int64 { return 0 },
	}
}

func streamDeflate() streamer {
	return streamer{
		open:   func(src *bufio.Reader, _ int64) (io.Reader, error) { return zlib.NewReader(src) },
		memory: func([]byte, int64) int64 { return 96 << 10 },
	}
}

// streamZSTD decodes frames with windows of up to zstdMaxStreamWindow. The decoder keeps up to two windows.
func streamZSTD() streamer {
	return streamer{
		open: func(src *bufio.Reader, size int64) (io.Reader, error) {
			head, err := src.Peek(zstd.HeaderMaxSize)
			if err != nil && err != io.EOF {
				return nil, err
			}
			window, err := zstdWindow(head)
			if err != nil {
				return nil, err
			}
			if window > uint64(min(zstdMaxStreamWindow, max(2*size, zstdStreamBytes))) {
				return nil, zstd.ErrWindowSizeExceeded
			}
			return zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
				zstd.WithDecoderMaxWindow(zstdMaxWindow))
		},
		memory: func(head []byte, size int64) int64 {
			window, err := zstdWindow(head)
			if err != nil {
				return 0 // open reports it
			}
			return 2*int64(min(window, zstdMaxStreamWindow)) + 512<<10
		},
	}
}
