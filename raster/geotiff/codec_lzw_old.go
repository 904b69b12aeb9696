package geotiff

import (
	"bytes"
	"compress/lzw"
	"io"
)

// decodeOldLZW decodes the streams of TIFF writers of before version 6.0: codes come least significant bit first, and
// get longer only when the table needs it, not one code earlier. No document of TIFF has them; they are GIF's, and this
// is what libtiff reads (LZWDecodeCompat in tif_lzw.c).
func decodeOldLZW(dst, src []byte) error {
	r := lzw.NewReader(bytes.NewReader(src), lzw.LSB, 8)
	defer r.Close()
	_, err := io.ReadFull(r, dst)
	return noEOF(err)
}
