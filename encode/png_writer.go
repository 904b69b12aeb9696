package encode

import (
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"io"
)

// This file writes the structure of PNG files by ISO/IEC 15948 (PNG, third edition), to whose sections the comments
// refer. It is our own because the standard library's writer takes many times as long; BenchmarkPNG compares the two.

// Colour types of section 11.2.1.
const (
	pngGrey  = 0
	pngRGB   = 2
	pngIndex = 3
	pngAlpha = 4 // added to pngGrey or pngRGB
)

// A pngHeader describes the rows of a file.
type pngHeader struct {
	size    image.Point
	depth   int // bits a sample, 8 or 16
	colour  uint8
	palette []color.NRGBA // of pngIndex, 1 to 256 colours
}

// pixelBytes returns the size of one pixel in bytes.
func (h *pngHeader) pixelBytes() int {
	samples := 1
	if h.colour&^pngAlpha == pngRGB {
		samples = 3
	}
	if h.colour&pngAlpha != 0 {
		samples++
	}
	return samples * h.depth / 8
}

// A pngWriter writes one file, a row at a time. For each row, fill the slice that row returns, then call next; after
// the last row call close. In any case call release in the end. It buffers some segments.
type pngWriter struct {
	w     io.Writer
	from  *packers
	line  *line[*segment]
	seg   *segment
	above []byte // the last row of the segment before
	left  int    // rows that are still to come
	sum   adler
}

// start writes all that comes before the pixels, and returns the writer of a file.
func (z *packers) start(w io.Writer, h pngHeader, o *Options) (*pngWriter, error) {
	if err := writePNGHeader(w, h); err != nil {
		return nil, err
	}
	pw := &pngWriter{w: w, from: z, left: h.size.Y, sum: sumOf(nil)}
	pw.line = newLine(w, o.workers(), func() *segment {
		s := z.getSegment()
		s.from, s.sum = z, &pw.sum
		s.init(h)
		return s
	})
	pw.seg = pw.line.fresh()
	pw.seg.restart(nil)
	return pw, nil
}

// row returns the slice for the next row. Its contents are undefined.
func (pw *pngWriter) row() []byte { return pw.seg.row() }

// next takes the row, which has been filled, and sends the segment on if that completes it.
func (pw *pngWriter) next() (err error) {
	pw.left--
	if !pw.seg.next() && pw.left > 0 {
		return nil
	}
	pw.above = append(pw.above[:0], pw.seg.lastRow()...)
	pw.seg.last = pw.left == 0
	full := pw.seg
	pw.seg = nil
	if err := pw.line.send(full); err != nil || pw.left == 0 {
		return err
	}
	if pw.seg, err = pw.line.take(); err != nil {
		return err
	}
	pw.seg.restart(pw.above)
	return nil
}

// close writes the segments that are left and the end of the file, after the last row.
func (pw *pngWriter) close() error {
	if err := pw.line.finish(); err != nil {
		return err
	}
	return writeChunk(pw.w, "IEND", nil)
}

// release returns all memory to the pools.
func (pw *pngWriter) release() {
	if pw.seg != nil {
		pw.from.putSegment(pw.seg)
	}
	pw.line.stop(pw.from.putSegment)
}

// writePNGHeader writes the signature, IHDR and, for indexed pixels, PLTE and tRNS.
func writePNGHeader(w io.Writer, h pngHeader) error {
	if _, err := io.WriteString(w, "\x89PNG\r\n\x1a\n"); err != nil {
		return err
	}
	ihdr := binary.BigEndian.AppendUint32(nil, uint32(h.size.X))
	ihdr = binary.BigEndian.AppendUint32(ihdr, uint32(h.size.Y))
	ihdr = append(ihdr, byte(h.depth), h.colour, 0, 0, 0) // deflate, the five filters, not interlaced
	if err := writeChunk(w, "IHDR", ihdr); err != nil {
		return err
	}
	if h.colour != pngIndex {
		return nil
	}
	var plte, trns []byte
	stated := 0 // number of alphas: none need be stated after the last colour that is not opaque
	for i, c := range h.palette {
		plte, trns = append(plte, c.R, c.G, c.B), append(trns, c.A)
		if c.A != 255 {
			stated = i + 1
		}
	}
	if err := writeChunk(w, "PLTE", plte); err != nil {
		return err
	}
	if stated == 0 {
		return nil
	}
	return writeChunk(w, "tRNS", trns[:stated])
}

// writeChunk writes one chunk (section 5.3) with one write.
func writeChunk(w io.Writer, name string, data []byte) error {
	chunk := append(make([]byte, 4, 12+len(data)), name...)
	_, err := w.Write(sealChunk(append(chunk, data...)))
	return err
}

// sealChunk completes a chunk, which begins with room for its length and then has its name and its data.
func sealChunk(chunk []byte) []byte {
	binary.BigEndian.PutUint32(chunk, uint32(len(chunk)-8))
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}
