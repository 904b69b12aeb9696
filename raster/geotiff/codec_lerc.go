package geotiff

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/geoexport/geoexport/internal/inflate"
	"github.com/geoexport/geoexport/raster/lerc"
)

// The compressions of a LERC blob, the second value of the LercParameters tag (tif_lerc.h of libtiff). The first value
// is the version of Lerc2, which blobs state as well.
const (
	lercPlain   = 0
	lercDeflate = 1
	lercZSTD    = 2

	lercVersion = 4 // the one that libtiff writes
)

// lercCodec decodes blobs of LERC: one band of as many samples a pixel as the block has, or as many bands of one
// sample; or, for bytes, one sample fewer, with a mask for alpha. In floating point, invalid samples are NaN. This is
// how libtiff stores them.
type lercCodec struct {
	zstd  *zstdCodec
	pools [lerc.Float64 + 1]sync.Pool // of *[]T, by the type of samples
}

// newLERCCodec returns a codec that keeps memory for later blocks.
func newLERCCodec() Codec {
	c := &lercCodec{zstd: &zstdCodec{}}
	return Codec{Decode: c.decode, memory: lercMemory}
}

// lercMemory returns the memory for the samples and masks of a whole block, for a plane of their bytes, and for the
// blob if that is compressed.
func lercMemory(_ int64, b *BlockShape) int64 {
	whole := int64(b.packedBytes())
	return 2*whole + int64(b.Width)*int64(b.Height)*int64(b.Samples+1) + int64(b.mostLERC())
}

// mostLERC returns the greatest number of bytes of a blob. libtiff has room for as many.
func (b *BlockShape) mostLERC() int { return b.packedBytes()/3*4 + 1024 }

// lercType returns the type of samples, or an error if LERC has none.
func (b *BlockShape) lercType() (lerc.Type, error) {
	switch (sampleKind{uint64(b.SampleFormat), uint64(b.Bits)}) {
	case sampleKind{formatInt, 8}:
		return lerc.Int8, nil
	case sampleKind{formatUint, 8}:
		return lerc.Uint8, nil
	case sampleKind{formatInt, 16}:
		return lerc.Int16, nil
	case sampleKind{formatUint, 16}:
		return lerc.Uint16, nil
	case sampleKind{formatInt, 32}:
		return lerc.Int32, nil
	case sampleKind{formatUint, 32}:
		return lerc.Uint32, nil
	case sampleKind{formatFloat, 32}:
		return lerc.Float32, nil
	case sampleKind{formatFloat, 64}:
		return lerc.Float64, nil
	}
	reason := fmt.Sprintf("samples of format %d have no type in LERC", b.SampleFormat)
	return 0, unsupported(tagBitsPerSample, b.Bits, reason)
}

func (c *lercCodec) decode(dst, src []byte, b BlockShape) error {
	if err := b.interrupted(); err != nil {
		return err
	}
	switch b.LERCCompression {
	case lercPlain:
	case lercDeflate:
		blob := make([]byte, b.mostLERC())
		n, err := inflate.ZlibUntil(blob, src, b.Interrupt)
		if err != nil {
			return err
		}
		src = blob[:n]
	case lercZSTD:
		blob, err := c.zstd.decodeAll(make([]byte, 0, b.mostLERC()), src)
		if err != nil {
			return err
		}
		src = blob
	default:
		return unsupported(tagLERCParameters, b.LERCCompression, "want 0, 1 (Deflate) or 2 (ZSTD)")
	}
	h, err := lerc.DecodeHeader(src)
	if err != nil {
		return err
	}
	if err := b.checkLERC(&h, len(dst)); err != nil {
		return err
	}
	switch h.Type {
	case lerc.Int8:
		return decodeLERC[int8](c, dst, src, &h, &b)
	case lerc.Uint8:
		return decodeLERC[uint8](c, dst, src, &h, &b)
	case lerc.Int16:
		return decodeLERC[int16](c, dst, src, &h, &b)
	case lerc.Uint16:
		return decodeLERC[uint16](c, dst, src, &h, &b)
	case lerc.Int32:
		return decodeLERC[int32](c, dst, src, &h, &b)
	case lerc.Uint32:
		return decodeLERC[uint32](c, dst, src, &h, &b)
	case lerc.Float32:
		return decodeLERC[float32](c, dst, src, &h, &b)
	}
	return decodeLERC[float64](c, dst, src, &h, &b)
}

// checkLERC compares a blob with the block, of which size bytes are wanted, before it is decoded.
func (b *BlockShape) checkLERC(h *lerc.Header, size int) error {
	typ, err := b.lercType()
	if err != nil {
		return err
	}
	row := b.Width * b.Samples * typ.Size()
	interleaved := h.Bands == 1 && h.Depth == b.Samples
	apart := h.Bands == b.Samples && h.Depth == 1
	alpha := b.LERCAlpha && typ == lerc.Uint8 && h.Bands == 1 && h.Depth == b.Samples-1
	switch {
	case h.Type != typ:
		return fmt.Errorf("lerc: samples of type %v, want %v", h.Type, typ)
	case h.Width != b.Width || h.Height > b.Height:
		return fmt.Errorf("lerc: %d × %d pixels in a block of %d × %d", h.Width, h.Height, b.Width, b.Height)
	case int64(h.Height)*int64(row) < int64(size):
		return fmt.Errorf("lerc: %d rows, want %d: %w", h.Height, size/row, io.ErrUnexpectedEOF)
	case !interleaved && !apart && !alpha:
		return fmt.Errorf("lerc: %d bands of %d samples, want %d samples", h.Bands, h.Depth, b.Samples)
	case h.Masks > 0 && !typ.Float() && !alpha:
		return fmt.Errorf("lerc: pixels without data, for which samples of type %v have no value", typ)
	case h.NoData:
		return fmt.Errorf("lerc: samples without data, by a value of the blob's own")
	}
	return nil
}

// decodeLERC decodes a blob whose header fits.
func decodeLERC[T lerc.Sample](c *lercCodec, dst, src []byte, h *lerc.Header, b *BlockShape) error {
	pixels := h.Width * h.Height
	// DecodeInto takes no memory but for a mask and a plane of bytes.
	o := &lerc.Options{MaxBytes: 2 * int64(pixels) * int64(b.Samples), Interrupt: b.Interrupt}
	if bytes, ok := any(dst).([]T); ok && h.Masks == 0 && h.Bands == 1 && h.Depth*pixels == len(dst) {
		return lerc.DecodeInto(bytes, nil, src, o)
	}
	pool := &c.pools[h.Type]
	pix, ok := pool.Get().(*[]T)
	if n := h.Bands * h.Depth * pixels; !ok || cap(*pix) < n {
		pix = new([]T)
		*pix = make([]T, n)
	} else {
		*pix = (*pix)[:n]
	}
	defer pool.Put(pix)
	valid := make([]uint8, h.Masks*pixels)
	if err := lerc.DecodeInto(*pix, valid, src, o); err != nil {
		return err
	}
	size := h.Type.Size()
	rows := pixelsOf(dst, b.Samples*size)
	for k := range b.Samples {
		from, step, mask := (*pix)[min(k, h.Depth-1):], h.Depth, valid
		if h.Bands > 1 {
			from = (*pix)[k*pixels:]
			mask = valid[min(k, max(0, h.Masks-1))*pixels:]
			if h.Masks == 0 {
				mask = nil
			}
		}
		if h.Bands == 1 && h.Depth < b.Samples && k == h.Depth {
			putAlpha(dst[k:], b.Samples, mask, rows)
			continue
		}
		putLERC(dst[k*size:], b.Samples*size, from, step, mask, rows)
	}
	return nil
}

// pixelsOf returns the number of pixels in a slice.
func pixelsOf(dst []byte, pixel int) int { return len(dst) / pixel }

// putAlpha writes the alpha of n pixels: that of a mask, or opaque.
func putAlpha(dst []byte, step int, mask []uint8, n int) {
	for i := range n {
		dst[i*step] = 255
		if len(mask) > 0 {
			dst[i*step] = mask[i]
		}
	}
}

// putLERC writes n samples, every step-th of pix, least significant byte first and pixel bytes apart. In floating point
// samples of invalid pixels are NaN.
func putLERC[T lerc.Sample](dst []byte, pixel int, pix []T, step int, mask []uint8, n int) {
	switch pix := any(pix).(type) {
	case []int8:
		for i := range n {
			dst[i*pixel] = byte(pix[i*step])
		}
	case []uint8:
		for i := range n {
			dst[i*pixel] = pix[i*step]
		}
	case []int16:
		for i := range n {
			binary.LittleEndian.PutUint16(dst[i*pixel:], uint16(pix[i*step]))
		}
	case []uint16:
		for i := range n {
			binary.LittleEndian.PutUint16(dst[i*pixel:], pix[i*step])
		}
	case []int32:
		for i := range n {
			binary.LittleEndian.PutUint32(dst[i*pixel:], uint32(pix[i*step]))
		}
	case []uint32:
		for i := range n {
			binary.LittleEndian.PutUint32(dst[i*pixel:], pix[i*step])
		}
	case []float32:
		for i := range n {
			binary.LittleEndian.PutUint32(dst[i*pixel:], math.Float32bits(pix[i*step]))
		}
		for i, v := range mask[:min(n, len(mask))] {
			if v == 0 {
				binary.LittleEndian.PutUint32(dst[i*pixel:], 0x7fc00000)
			}
		}
	case []float64:
		for i := range n {
			binary.LittleEndian.PutUint64(dst[i*pixel:], math.Float64bits(pix[i*step]))
		}
		for i, v := range mask[:min(n, len(mask))] {
			if v == 0 {
				binary.LittleEndian.PutUint64(dst[i*pixel:], 0x7ff8000000000000)
			}
		}
	}
}
