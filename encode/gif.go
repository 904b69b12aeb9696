package encode

import (
	"bufio"
	"compress/lzw"
	"encoding/binary"
	"io"
	"math/bits"
	"slices"
	"sync"

	"github.com/geoexport/geoexport/raster"
)

// maxGIFSide is the largest width and height that the format states.
const maxGIFSide = 1<<16 - 1

func gifFormat() Format {
	return Format{Name: "gif", MediaType: "image/gif", Ext: "gif", Types: u8(), Bands: drawnBands, Alpha: true,
		Encode: encodeGIF}
}

// encodeGIF writes indices of at most 256 colours, of which one is transparent if there are pixels without data. One
// band keeps its values if an index is free for such pixels. The format is that of CompuServe's specification 89a; it
// is written here because the standard library's encoder needs the whole image in memory.
func encodeGIF(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "gif", maxGIFSide, raster.U8); err != nil {
		return err
	}
	ix, err := indexHard(m, o)
	if err != nil {
		return err
	}
	defer ix.release()
	depth := max(1, bits.Len(uint(len(ix.palette)-1))) // bits of an index

	le := binary.LittleEndian
	head := []byte("GIF89a")
	head = le.AppendUint16(head, uint16(m.Grid.Size.X))
	head = le.AppendUint16(head, uint16(m.Grid.Size.Y))
	head = append(head, 0x80|byte(depth-1), 0, 0) // a global table of colours; background; no aspect ratio
	for _, c := range ix.palette {
		head = append(head, c.R, c.G, c.B)
	}
	head = append(head, make([]byte, 3*(1<<depth-len(ix.palette)))...)
	for i, c := range ix.palette {
		if c.A == 0 { // there is no other
			head = append(head, 0x21, 0xf9, 4, 1, 0, 0, byte(i), 0) // graphic control
			break
		}
	}
	head = append(head, 0x2c, 0, 0, 0, 0) // the image, at the origin
	head = le.AppendUint16(head, uint16(m.Grid.Size.X))
	head = le.AppendUint16(head, uint16(m.Grid.Size.Y))
	literals := max(2, depth)
	head = append(head, 0, byte(literals)) // rows from the top down, in the global colours
	out := bufio.NewWriterSize(w, gifBuffer)
	if _, err := out.Write(head); err != nil {
		return err
	}

	pack := gifPackers.Get().(*lzw.Writer)
	defer gifPackers.Put(pack)
	blocks := bufio.NewWriterSize(&gifBlocks{w: out}, 255)
	pack.Reset(blocks, lzw.LSB, literals)
	if err := ix.each(m.Grid.Size.X, func(row []uint8) error {
		_, err := pack.Write(row)
		return err
	}); err != nil {
		return err
	}
	if err := pack.Close(); err != nil {
		return err
	}
	if _, err := out.Write([]byte{0, 0x3b}); err != nil { // no more blocks, and the trailer
		return err
	}
	return out.Flush()
}

// gifBuffer is the number of bytes of a write.
const gifBuffer = 32 << 10

var gifPackers = sync.Pool{New: func() any { return lzw.NewWriter(io.Discard, lzw.LSB, 8).(*lzw.Writer) }}

// gifBlocks writes bytes as blocks of at most 255 bytes, each after its length.
type gifBlocks struct {
	w   io.Writer
	buf [256]byte
}

func (g *gifBlocks) Write(b []byte) (int, error) {
	for block := range slices.Chunk(b, 255) {
		g.buf[0] = byte(len(block))
		if _, err := g.w.Write(g.buf[:1+copy(g.buf[1:], block)]); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// indexHard makes an indexed image whose colours are all opaque, except at most one.
func indexHard(m *raster.Image, o *Options) (*indexed, error) {
	if m.Palette == nil && !grey(m) {
		return indexColours(m, true, o)
	}
	palette := greyTable()[:]
	if m.Palette != nil {
		palette = nrgbaPalette(m.Palette)
	}
	ix, ok, err := indexValues(m, palette, true, o)
	if err != nil || ok {
		return ix, err
	}
	colours, err := ix.recolour(palette, true, o)
	if err != nil {
		ix.release()
	}
	return colours, err
}
