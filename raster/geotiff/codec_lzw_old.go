package geotiff

import (
	"bytes"
	"compress/lzw"
)

// decodeOldLZW decodes the streams of TIFF writers from before version 6.0: codes come least significant bit first, and
// become wider only when the table needs it, not one code earlier. This is the coding of GIF. No document of TIFF
// describes it, but libtiff reads it (LZWDecodeCompat in tif_lzw.c).
func decodeOldLZW(dst, src []byte, b BlockShape) error {
	r := lzw.NewReader(bytes.NewReader(src), lzw.LSB, 8)
	defer r.Close()
	return noEOF(readFull(r, dst, b))
}
