package geotiff

import (
	"bytes"
	"compress/lzw"
)

// decodeOldLZW decodes the streams of TIFF writers of before version 6.0: codes come least significant bit first, and
// get longer only when the table needs it, not one code earlier. No document of TIFF has them; they are GIF's, and this
// is what libtiff reads (LZWDecodeCompat in tif_lzw.c).
func decodeOldLZW(dst, src []byte, b BlockShape) error {
	r := lzw.NewReader(bytes.NewReader(src), lzw.LSB, 8)
	defer r.Close()
	return noEOF(readFull(r, dst, b))
}
