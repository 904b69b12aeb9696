package geotiff

import (
	"io"

	"github.com/geoexport/geoexport/internal/inflate"
)

// newDeflateCodec returns a codec for zlib streams. A deflate stream expands by at most 1032: a bit of length and a bit
// of distance copy 258 bytes.
func newDeflateCodec() Codec {
	return Codec{Decode: decodeDeflate, MaxExpansion: 1032, Predictor: true, stream: streamDeflate()}
}

// decodeDeflate decodes a zlib stream. Like other readers, it ignores bytes after the block's last byte, such as the
// padding rows of a last strip, and a missing checksum. A wrong checksum directly after the block is an error.
func decodeDeflate(dst, src []byte, b BlockShape) error {
	n, err := inflate.ZlibUntil(dst, src, b.Interrupt)
	if err == nil && n < len(dst) {
		return io.ErrUnexpectedEOF
	}
	return err
}
