package geotiff

import (
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"sync"

	"github.com/geoexport/geoexport/raster"
)

// A Compression is a value of the Compression tag.
type Compression uint16

// The compressions of DefaultCodecs.
const (
	None        Compression = 1
	CCITTRLE    Compression = 2 // modified Huffman: rows of their own, which start on whole bytes
	CCITTGroup3 Compression = 3
	CCITTGroup4 Compression = 4
	LZW         Compression = 5
	JPEG        Compression = 7
	Deflate     Compression = 8 // Adobe's: zlib streams
	PackBits    Compression = 32773
	DeflateOld  Compression = 32946
	LERC        Compression = 34887
	LZMA        Compression = 34925
	ZSTD        Compression = 50000
	WebP        Compression = 50001
)

// compressionNames are the names that libtiff's tiff.h lists for these numbers.
var compressionNames = map[Compression]string{
	None: "none", CCITTRLE: "CCITT RLE", CCITTGroup3: "CCITT Group 3", CCITTGroup4: "CCITT Group 4", LZW: "LZW",
	6: "old JPEG", JPEG: "JPEG", Deflate: "Deflate", 9: "JBIG T.85", 10: "JBIG T.43", 32766: "NeXT",
	32771: "CCITT RLE with words", PackBits: "PackBits", 32809: "ThunderScan", 32895: "IT8 CT with padding",
	32896: "IT8 linework", 32897: "IT8 monochrome", 32898: "IT8 binary line art", 32908: "PixarFilm", 32909: "PixarLog",
	DeflateOld: "old Deflate", 32947: "Kodak DCS", 34661: "JBIG", 34676: "SGILog", 34677: "SGILog24", 34712: "JPEG 2000",
	LERC: "LERC", LZMA: "LZMA", ZSTD: "ZSTD", WebP: "WebP", 50002: "JPEG XL", 52546: "JPEG XL of DNG",
}

// String returns the compression's number and, if it has one, its name.
func (c Compression) String() string {
	if n := compressionNames[c]; n != "" {
		return fmt.Sprintf("%d (%s)", uint16(c), n)
	}
	return fmt.Sprint(uint16(c))
}

// A BlockShape describes the decoded contents of a strip or tile, for codecs that need them.
type BlockShape struct {
	// Width and Height are the size of a whole block in pixels. A last block may have fewer rows to decode than that,
	// since only rows inside the image are decoded; some writers pad such blocks to the whole size, others do not.
	Width, Height int
	// FrameHeight is the number of rows that the stream of a picture format may have, such as JPEG; rows beyond Height
	// are not decoded. 0 stands for Height.
	FrameHeight int
	Samples     int // samples of each pixel in this block: 1 if bands are stored apart
	Bits        int // bits in a sample
	// T4Options is the tag of that name, for CCITTGroup3: bit 0 states that rows are coded in two dimensions.
	T4Options uint32
	// SampleFormat is the tag of that name, for LERC: 1 unsigned, 2 signed, 3 floating-point.
	SampleFormat int
	// LERCCompression is the second value of the LercParameters tag, for LERC: 0 none, 1 Deflate, 2 ZSTD.
	LERCCompression uint32
	LERCAlpha       bool // the last sample of each pixel is unassociated alpha, which LERC may code as a mask
	// Photometric is the PhotometricInterpretation tag, which states the meaning of a JPEG stream's components.
	Photometric int
	JPEGTables  []byte // the tag of that name, for JPEG streams without tables; nil if the file has none
	// Interrupt, if not nil, must be called about once for each MiB that is decoded. Its error, which is that of the
	// read's context, must end the decoding.
	Interrupt func() error
}

// interruptBytes is about the number of bytes that are decoded between two calls of BlockShape.Interrupt. The slowest
// codec, LZMA, takes about 20 ms for them.
const interruptBytes = 1 << 20

// interrupted calls Interrupt, if there is one, and returns its error.
func (b *BlockShape) interrupted() error {
	if b.Interrupt == nil {
		return nil
	}
	return b.Interrupt()
}

// A Codec decodes the blocks of one compression. Its functions must be safe for concurrent use. Read converts a panic
// in them to a *FormatError.
type Codec struct {
	// Decode decodes src until dst is full, and ignores the rest. It returns an error if src does not hold enough.
	// Samples are in the file's byte order.
	Decode func(dst, src []byte, b BlockShape) error
	// MaxExpansion is the largest number of bytes that one byte of src can become; 0 if there is no bound. A block that
	// would have to grow by more is refused before its memory is allocated.
	MaxExpansion int
	// Predictor states that the Predictor tag applies to this compression.
	Predictor bool
	// Planes, if not nil, replaces Decode for compressions that code images rather than bytes. It fills a plane for
	// each sample of the block. All planes have the same rectangle, which is the part of the block that lies inside the
	// image, from the block's first pixel on; BlockShape has the size of the whole block. Planes converts YCbCr to RGB.
	Planes func(dst []*raster.PlaneOf[uint8], src []byte, b BlockShape) error

	bilevel bool // blocks hold one sample of 1 bit a pixel
	// memory returns the number of bytes that decoding a block takes besides src and dst. size is the length of dst.
	// memory may be nil if these bytes need not be counted.
	memory func(size int64, b *BlockShape) int64
	stream streamer // how strips are decoded in pieces
}

// reversed returns a codec for blocks in whose bytes the least significant bit comes first. As in libtiff
// (TIFF_NOBITREV in tif_read.c), FillOrder applies to the bytes in the file, compressed or not; only JPEG ignores it.
func (c Codec) reversed() Codec {
	turned := func(src []byte) []byte {
		b := make([]byte, len(src)) // src must not be changed
		for i, v := range src {
			b[i] = bits.Reverse8(v)
		}
		return b
	}
	if decode := c.Decode; decode != nil {
		c.Decode = func(dst, src []byte, b BlockShape) error { return decode(dst, turned(src), b) }
	}
	if planes := c.Planes; planes != nil {
		c.Planes = func(dst []*raster.PlaneOf[uint8], src []byte, b BlockShape) error { return planes(dst, turned(src), b) }
	}
	return c
}

// Codecs are the compressions that a file may use. A caller can add to a copy and put it into Options:
//
//	c := geotiff.DefaultCodecs()
//	c[50002] = jpegXLCodec
type Codecs map[Compression]Codec

// DefaultCodecs returns a new map of the codecs of this package: none, CCITT (RLE, Group 3, Group 4), LZW, JPEG,
// Deflate (both numbers), PackBits, LERC, LZMA, ZSTD and WebP.
func DefaultCodecs() Codecs { return maps.Clone(defaultCodecs()) }

// defaultCodecs returns the one map of default codecs, which must not be changed. It is shared, so that memory that a
// codec keeps for the next block serves the next file, too.
var defaultCodecs = sync.OnceValue(func() Codecs {
	deflate := newDeflateCodec()
	return Codecs{
		None:        {Decode: decodeNone, MaxExpansion: 1, stream: streamNone()},
		CCITTRLE:    ccittCodec(decodeCCITTRLE),
		CCITTGroup3: ccittCodec(decodeCCITTGroup3),
		CCITTGroup4: ccittCodec(decodeCCITTGroup4),
		LZW:         {Decode: new(lzwCodec).decode, MaxExpansion: 4096, Predictor: true, stream: streamLZW()},
		JPEG:        newJPEGCodec(),
		Deflate:     deflate,
		DeflateOld:  deflate,
		PackBits:    {Decode: decodePackBits, MaxExpansion: 64, stream: streamPackBits()},
		LERC:        newLERCCodec(),
		LZMA:        {Decode: decodeLZMA, MaxExpansion: lzmaMaxExpansion, Predictor: true, memory: lzmaMemory, stream: streamLZMA()},
		ZSTD:        newZSTDCodec(),
		WebP:        {Planes: decodeWebP, memory: webpMemory},
	}
})

// lookup returns the codec with a number, or an error that lists the available ones.
func (c Codecs) lookup(number uint64) (Codec, error) {
	if number <= 0xffff {
		if codec, ok := c[Compression(number)]; ok {
			return codec, nil
		}
		return Codec{}, unsupported(tagCompression, Compression(number),
			fmt.Sprintf("want one of %v", slices.Sorted(maps.Keys(c))))
	}
	return Codec{}, wrong(tagCompression, number, "out of range")
}

// decoded calls decode, and wraps its error with the name of the compression. A panic becomes such an error as well:
// most codecs are other packages' code that decodes hostile bytes, and a panic in a goroutine of Read would end the
// process.
func (l *layout) decoded(decode func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &FormatError{Name: tagCompression.String(), Value: l.compression.String(), Reason: fmt.Sprintf("the codec panicked: %v", p)}
		}
	}()
	err = decode()
	if u, ok := errors.AsType[*UnsupportedError](err); ok {
		return u
	}
	if isContext(err) {
		return err
	}
	if err != nil {
		return &FormatError{Name: tagCompression.String(), Value: l.compression.String(), Err: err}
	}
	return nil
}
