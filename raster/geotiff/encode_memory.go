package geotiff

import (
	"image"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/geoexport/geoexport/raster"
)

// An Encoder encodes images, and keeps what compressing takes for the next one: a megabyte and more for each worker, until
// the garbage collector has run twice. It is safe for concurrent use, and the zero value is ready for use.
type Encoder struct {
	zlib, zstd, lzw, jpeg sync.Pool
	rows                  sync.Pool // of *rowMemory
}

// A rowMemory is what encoding one image takes for the rows of tiles at hand.
type rowMemory struct {
	raw, packed tileBuffers
	levels      []*raster.Buffer // rows of pixels, of each level
}

// level returns a block for rows of pixels of level i, with arbitrary contents.
func (m *rowMemory) level(i int, t raster.PixelType, bands int, rows image.Rectangle) *raster.Block {
	for len(m.levels) <= i {
		m.levels = append(m.levels, &raster.Buffer{})
	}
	return m.levels[i].Block(t, bands, rows)
}

// lendRows lends memory. What is given back must not be used any more.
func (c *Encoder) lendRows() *rowMemory {
	if m, ok := c.rows.Get().(*rowMemory); ok {
		return m
	}
	return new(rowMemory)
}

func (c *Encoder) appendDeflate(dst, raw []byte) ([]byte, error) {
	w, ok := c.zlib.Get().(*zlib.Writer)
	if !ok {
		var err error
		if w, err = zlib.NewWriterLevel(io.Discard, zlib.DefaultCompression); err != nil {
			return nil, err
		}
	}
	defer c.zlib.Put(w)
	a := &appender{dst}
	w.Reset(a)
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	err := w.Close()
	return a.b, err
}

func (c *Encoder) appendZSTD(dst, raw []byte) ([]byte, error) {
	w, ok := c.zstd.Get().(*zstd.Encoder)
	if !ok {
		var err error
		// With a concurrency of 1 an encoder has no goroutines, so it needs no Close.
		w, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false),
			zstd.WithLowerEncoderMem(true))
		if err != nil {
			return nil, err
		}
	}
	defer c.zstd.Put(w)
	return w.EncodeAll(raw, dst), nil
}

func (c *Encoder) appendLZW(dst, src []byte) []byte {
	e, ok := c.lzw.Get().(*lzwEncoder)
	if !ok {
		e = new(lzwEncoder)
	}
	defer c.lzw.Put(e)
	return e.append(dst, src)
}

func (c *Encoder) jpegTile() *jpegTile {
	if t, ok := c.jpeg.Get().(*jpegTile); ok {
		return t
	}
	return new(jpegTile)
}
