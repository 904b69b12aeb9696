package geotiff

import (
	"fmt"
	"maps"
	"slices"
)

// A Compression is a value of the Compression tag.
type Compression uint16

// The compressions of DefaultCodecs.
const (
	None       Compression = 1
	LZW        Compression = 5
	Deflate    Compression = 8 // Adobe's: zlib streams
	DeflateOld Compression = 32946
	PackBits   Compression = 32773
)

var compressionNames = map[Compression]string{
	None: "none", 2: "CCITT RLE", 3: "CCITT Group 3", 4: "CCITT Group 4", LZW: "LZW", 6: "old JPEG", 7: "JPEG",
	Deflate: "Deflate", PackBits: "PackBits", DeflateOld: "old Deflate", 34661: "JBIG", 34712: "JPEG 2000",
	34887: "LERC", 34925: "LZMA", 50000: "ZSTD", 50001: "WebP", 50002: "JPEG XL",
}

// String is the compression's number and, if it has one, its name.
func (c Compression) String() string {
	if n := compressionNames[c]; n != "" {
		return fmt.Sprintf("%d (%s)", uint16(c), n)
	}
	return fmt.Sprint(uint16(c))
}

// A BlockShape says what a compressed strip or tile holds, for codecs that need to know.
type BlockShape struct {
	Width, Height int // in pixels; only rows that the image has are decoded, so the last blocks may be lower
	Samples       int // of each pixel in this block: 1 where bands are stored apart
	Bits          int // in a sample
}

// A Codec decodes the blocks of one compression. Its functions are safe for concurrent use.
type Codec struct {
	// Decode fills dst with what src holds. What would not fit in dst is left aside, and it is an error if src does not
	// hold enough. Samples come out in the file's byte order.
	Decode func(dst, src []byte, b BlockShape) error
	// MaxExpansion is how many bytes one byte of src can become at most; 0 if there is no bound. A block that would
	// have to grow by more is refused before its memory is allocated.
	MaxExpansion int
	// Predictor says whether the Predictor tag means anything with this compression.
	Predictor bool
}

// Codecs are the compressions that files may use. They can be copied and added to before they are handed in:
//
//	c := geotiff.DefaultCodecs()
//	c[50000] = zstdCodec
type Codecs map[Compression]Codec

// DefaultCodecs is a new map of the codecs of this package: none, LZW, Deflate (both numbers) and PackBits.
func DefaultCodecs() Codecs {
	deflate := newDeflateCodec()
	return Codecs{
		None:       {Decode: decodeNone, MaxExpansion: 1},
		LZW:        {Decode: decodeLZW, MaxExpansion: 4096, Predictor: true},
		Deflate:    deflate,
		DeflateOld: deflate,
		PackBits:   {Decode: decodePackBits, MaxExpansion: 64},
	}
}

// lookup finds a codec, or says which ones there are.
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
