package geotiff

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

const (
	// zstdMaxWindow is the largest window that a stream may have: that of level 22, the highest level.
	zstdMaxWindow = 128 << 20
	// zstdMaxStreamWindow is the largest window where it takes memory of its own: the default limit of a block.
	zstdMaxStreamWindow = 64 << 20
	// zstdStreamBytes is the size above which blocks are decoded as streams, piece by piece, so that decoding can end
	// early. That takes a window of memory and about a tenth more time than decoding in one call, which takes a few
	// milliseconds for blocks of this size.
	zstdStreamBytes = 8 << 20
)

// newZSTDCodec returns a codec for Zstandard frames (RFC 8878) that keeps its decoders for later blocks.
func newZSTDCodec() Codec {
	z := &zstdCodec{}
	// A block of a frame becomes at most 128 KiB, and takes at least 4 bytes: a header of three, and the byte to
	// repeat.
	return Codec{Decode: z.decode, MaxExpansion: 1 << 15, Predictor: true, memory: zstdMemory, stream: streamZSTD()}
}

type zstdCodec struct {
	decoders sync.Pool // of *zstd.Decoder
	blocks   sync.Pool // of *[]byte
}

// zstdMemory returns the memory of a window, which is no larger than the block, or that of a block with all its rows.
func zstdMemory(size int64, b *BlockShape) int64 {
	if whole := int64(b.packedBytes()); size < whole || size > zstdStreamBytes {
		return whole
	}
	return 0
}

// packedBytes returns the number of bytes of a whole block's samples.
func (b *BlockShape) packedBytes() int { return (b.Width*b.Samples*b.Bits + 7) / 8 * b.Height }

// decode decodes into dst or, if the block may hold more rows than the image has, into memory for all its rows:
// DecodeAll refuses frames that are larger than its destination.
func (z *zstdCodec) decode(dst, src []byte, b BlockShape) error {
	d, err := z.decoder()
	if err != nil {
		return err
	}
	defer z.decoders.Put(d)
	if err := b.interrupted(); err != nil {
		return err
	}
	if len(dst) > zstdStreamBytes {
		if window, err := zstdWindow(src); err == nil && window <= uint64(max(len(dst), zstdStreamBytes)) {
			return decodeZSTDStart(d, dst, src, b)
		}
	}
	block := dst
	if whole := b.packedBytes(); whole > len(dst) {
		buf, ok := z.blocks.Get().(*[]byte)
		if !ok || cap(*buf) < whole {
			buf = new([]byte)
			*buf = make([]byte, whole)
		}
		defer z.blocks.Put(buf)
		block = (*buf)[:whole]
	}
	// The output serves as the window, so DecodeAll takes no further memory.
	out, err := d.DecodeAll(src, block[:0:len(block)])
	switch {
	case err == nil && len(out) < len(dst):
		return io.ErrUnexpectedEOF
	case err == nil:
		copy(dst, out)
		return nil
	case errors.Is(err, zstd.ErrCRCMismatch):
		return err
	}
	return decodeZSTDStart(d, dst, src, b)
}

// decoder returns a decoder, which the caller gives back to decoders.
func (z *zstdCodec) decoder() (*zstd.Decoder, error) {
	if d, ok := z.decoders.Get().(*zstd.Decoder); ok {
		return d, nil
	}
	// With a concurrency of 1 a decoder has no goroutines, so it needs no Close.
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxWindow(zstdMaxWindow))
}

// decodeAll appends all of src to dst, whose capacity it must not exceed.
func (z *zstdCodec) decodeAll(dst, src []byte) ([]byte, error) {
	d, err := z.decoder()
	if err != nil {
		return nil, err
	}
	defer z.decoders.Put(d)
	return d.DecodeAll(src, dst)
}

// zstdWindow returns the size of the window of the first frame.
func zstdWindow(src []byte) (uint64, error) {
	var h zstd.Header
	if err := h.Decode(src); err != nil {
		return 0, err
	}
	if h.SingleSegment {
		return h.FrameContentSize, nil
	}
	return h.WindowSize, nil
}

// decodeZSTDStart decodes src until dst is full, and ignores the rest, which may be more rows or anything else.
func decodeZSTDStart(d *zstd.Decoder, dst, src []byte, b BlockShape) error {
	window, err := zstdWindow(src)
	if err != nil {
		return err
	}
	// No match reaches back beyond the block's first byte, but the decoder allocates the window that the frame states.
	if window > uint64(min(zstdMaxStreamWindow, max(2*b.packedBytes(), zstdStreamBytes))) {
		return zstd.ErrWindowSizeExceeded
	}
	if err := d.Reset(bytes.NewReader(src)); err != nil {
		return err
	}
	err = readFull(d, dst, b)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if again := d.Reset(nil); err == nil {
		err = again
	}
	return err
}
