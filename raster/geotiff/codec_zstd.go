package geotiff

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

const (
	// zstdMaxWindow is how far back a stream may refer at most: as far as level 22 does, the highest there is.
	zstdMaxWindow = 128 << 20
	// zstdMaxStreamWindow is the same where the window takes memory of its own: as much as a block may have by default.
	zstdMaxStreamWindow = 64 << 20
	// zstdStreamBytes is the size of blocks that are decoded as streams, piece by piece, so that decoding can end early.
	// It takes a window of memory and about a tenth longer than decoding in one call, which takes a few milliseconds for
	// blocks of this size.
	zstdStreamBytes = 8 << 20
)

// newZSTDCodec returns a codec for Zstandard frames (RFC 8878) that keeps its decoders for the next block.
func newZSTDCodec() Codec {
	z := &zstdCodec{}
	// A block of a frame gives 128 KiB at most, and takes 4 bytes at least: a header of three and the byte to repeat.
	return Codec{Decode: z.decode, MaxExpansion: 1 << 15, Predictor: true, memory: zstdMemory}
}

type zstdCodec struct {
	decoders sync.Pool // of *zstd.Decoder
	blocks   sync.Pool // of *[]byte
}

// zstdMemory is what a window takes, which is no larger than the block, or a block with all its rows.
func zstdMemory(size int64, b *BlockShape) int64 {
	if whole := int64(b.packedBytes()); size < whole || size > zstdStreamBytes {
		return whole
	}
	return 0
}

// packedBytes is how many bytes a whole block's samples take.
func (b *BlockShape) packedBytes() int { return (b.Width*b.Samples*b.Bits + 7) / 8 * b.Height }

// decode decodes into dst, or for blocks that may hold more rows than the image has, into memory for all of them:
// DecodeAll gives up on frames that are larger than what they are to go to.
func (z *zstdCodec) decode(dst, src []byte, b BlockShape) error {
	d, ok := z.decoders.Get().(*zstd.Decoder)
	if !ok {
		var err error
		// With a concurrency of 1 a decoder has no goroutines, so it needs no Close.
		d, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxWindow(zstdMaxWindow))
		if err != nil {
			return err
		}
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
	// What was decoded serves as the window, so this takes no more memory.
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

// decodeZSTDStart decodes as much of src as is wanted, whatever comes after that: more than the block, or something
// else.
func decodeZSTDStart(d *zstd.Decoder, dst, src []byte, b BlockShape) error {
	window, err := zstdWindow(src)
	if err != nil {
		return err
	}
	// No byte of the block lies further back than its first one, but the decoder allocates what the frame says.
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
