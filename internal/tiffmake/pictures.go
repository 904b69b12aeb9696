package tiffmake

import (
	"bytes"
	giflzw "compress/lzw"
	"encoding/binary"
	"hash/crc32"
)

// PNGOfSize returns a black PNG of any size. color is the type of PNG: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB
// with alpha.
func PNGOfSize(width, height int, depth, color byte) []byte {
	samples := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
	chunk := func(kind string, data []byte) []byte {
		b := append([]byte(kind), data...)
		b = append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), b...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = append(binary.BigEndian.AppendUint32(head, uint32(height)), depth, color, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...)
	if color == 3 {
		out = append(out, chunk("PLTE", make([]byte, 3))...)
	}
	rowBytes := (width*samples*int(depth) + 7) / 8
	out = append(out, chunk("IDAT", ZlibZeros((1+rowBytes)*height))...)
	return append(out, chunk("IEND", nil)...)
}

// GIFOfSize returns a black GIF of a number of frames, each as large as the image.
func GIFOfSize(width, height, frames int) []byte {
	size := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, uint16(width)), uint16(height))
	out := append([]byte("GIF89a"), size...)
	out = append(out, 0x80, 0, 0, 0, 0, 0, 255, 255, 255) // a palette of two colours
	var data bytes.Buffer
	w := giflzw.NewWriter(&data, giflzw.LSB, 2)
	zeros := make([]byte, 1<<20)
	for n := width * height; n > 0; n -= len(zeros) {
		w.Write(zeros[:min(n, len(zeros))]) // memory does not fail
	}
	w.Close()
	var frame []byte
	frame = append(append(frame, 0x2c, 0, 0, 0, 0), size...)
	frame = append(frame, 0, 2)
	for b := data.Bytes(); len(b) > 0; {
		n := min(len(b), 255)
		frame = append(append(frame, byte(n)), b[:n]...)
		b = b[n:]
	}
	frame = append(frame, 0)
	return append(append(out, bytes.Repeat(frame, frames)...), 0x3b)
}

// BMPHeader returns the start of a BMP of 24 bits, of which no pixel is there.
func BMPHeader(width, height int) []byte {
	b := append([]byte("BM"), make([]byte, 52)...)
	binary.LittleEndian.PutUint32(b[10:], 54)
	binary.LittleEndian.PutUint32(b[14:], 40)
	binary.LittleEndian.PutUint32(b[18:], uint32(width))
	binary.LittleEndian.PutUint32(b[22:], uint32(height))
	binary.LittleEndian.PutUint16(b[26:], 1)
	binary.LittleEndian.PutUint16(b[28:], 24)
	return b
}
