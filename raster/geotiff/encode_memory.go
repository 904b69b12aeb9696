package geotiff

import (
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// An Encoder encodes images, and keeps what compressing takes for the next one: a megabyte and more for each worker, until
// the garbage collector has run twice. It is safe for concurrent use, and the zero value is ready for use.
type Encoder struct{ zlib, zstd, lzw, jpeg sync.Pool }

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
