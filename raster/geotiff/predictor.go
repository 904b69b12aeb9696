package geotiff

import (
	"encoding/binary"
)

// swapBytes converts samples of size bytes from big endian to little endian, in place.
func swapBytes(b []byte, size int) {
	switch size {
	case 2:
		const odd = 0xff00ff00ff00ff00
		for ; len(b) >= 8; b = b[8:] {
			v := binary.LittleEndian.Uint64(b)
			binary.LittleEndian.PutUint64(b, v&odd>>8|v<<8&odd)
		}
		for i := 0; i+2 <= len(b); i += 2 {
			binary.LittleEndian.PutUint16(b[i:], binary.BigEndian.Uint16(b[i:]))
		}
	case 3:
		for i := 0; i+3 <= len(b); i += 3 {
			b[i], b[i+2] = b[i+2], b[i]
		}
	case 4:
		for i := 0; i+4 <= len(b); i += 4 {
			binary.LittleEndian.PutUint32(b[i:], binary.BigEndian.Uint32(b[i:]))
		}
	case 8:
		for i := 0; i+8 <= len(b); i += 8 {
			binary.LittleEndian.PutUint64(b[i:], binary.BigEndian.Uint64(b[i:]))
		}
	}
}

// undoHorizontal undoes predictor 2 (TIFF 6.0, section 14) on one row of little endian samples of size bytes: each is
// stored as its difference from the sample of the same band one pixel to the left. Floating-point samples are treated
// as integers.
func undoHorizontal(row []byte, samples, size int) {
	step := samples * size
	switch size {
	case 1:
		for i := step; i < len(row); i++ {
			row[i] += row[i-step]
		}
	case 2:
		for i := step; i+2 <= len(row); i += 2 {
			binary.LittleEndian.PutUint16(row[i:],
				binary.LittleEndian.Uint16(row[i:])+binary.LittleEndian.Uint16(row[i-step:]))
		}
	case 4:
		for i := step; i+4 <= len(row); i += 4 {
			binary.LittleEndian.PutUint32(row[i:],
				binary.LittleEndian.Uint32(row[i:])+binary.LittleEndian.Uint32(row[i-step:]))
		}
	case 8:
		for i := step; i+8 <= len(row); i += 8 {
			binary.LittleEndian.PutUint64(row[i:],
				binary.LittleEndian.Uint64(row[i:])+binary.LittleEndian.Uint64(row[i-step:]))
		}
	}
}

// undoFloat undoes predictor 3 (Adobe Photoshop TIFF technical note 3) on one row. The row stores the most significant
// bytes of all samples, then the second bytes of all samples and so on, each byte as its difference from the byte that
// is the given number of samples to its left. The result is little endian for either byte order of the file. tmp is as
// long as row.
func undoFloat(row, tmp []byte, samples, size int) {
	for i := samples; i < len(row); i++ {
		row[i] += row[i-samples]
	}
	n := len(row) / size
	for b := range size {
		plane := row[(size-1-b)*n:][:n]
		for i, v := range plane {
			tmp[i*size+b] = v
		}
	}
	copy(row, tmp)
}
