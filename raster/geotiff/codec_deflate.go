package geotiff

import (
	"io"

	"github.com/geoexport/geoexport/internal/inflate"
)

// newDeflateCodec returns a codec for zlib streams. No deflate stream expands by more than 1032, which takes 258 bytes
// for a bit of length and one of distance.
func newDeflateCodec() Codec {
	return Codec{Decode: decodeDeflate, MaxExpansion: 1032, Predictor: true}
}

// decodeDeflate decodes a zlib stream. Whatever comes after the block's last byte, such as the rows of a last strip
// that some writers fill up, or no checksum at all, other readers do not mind either; a wrong checksum just there is an
// error.
func decodeDeflate(dst, src []byte, b BlockShape) error {
	n, err := inflate.ZlibUntil(dst, src, b.Interrupt)
	if err == nil && n < len(dst) {
		return io.ErrUnexpectedEOF
	}
	return err
}
