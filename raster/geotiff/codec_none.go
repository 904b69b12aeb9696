package geotiff

import "io"

func decodeNone(dst, src []byte, _ BlockShape) error {
	if copy(dst, src) < len(dst) {
		return io.ErrUnexpectedEOF
	}
	return nil
}
