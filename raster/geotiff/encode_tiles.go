package geotiff

import (
	"encoding/binary"
	"errors"
	"image"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
)

// A tileCompressor appends to dst the compressed tile at r of b, which is a row of tiles. raw is memory for the tile's
// samples and is overwritten. r may extend beyond b.
type tileCompressor func(dst, raw []byte, b *raster.Block, r image.Rectangle) ([]byte, error)

// tileBuffers are buffers that are reused from one row of tiles to the next, and from one image to the next.
type tileBuffers [][]byte

// reach makes sure that there are n buffers of at least a size.
func (t *tileBuffers) reach(n, size int) {
	for len(*t) < n {
		*t = append(*t, nil)
	}
	for i, b := range (*t)[:n] {
		if cap(b) < size {
			(*t)[i] = make([]byte, 0, size)
		}
	}
}

// newCompressor returns the compressor for the compression in the options.
func (e *encoder) newCompressor() (tileCompressor, error) {
	var code func(dst, raw []byte) ([]byte, error)
	switch c := e.options.Compression; c {
	case None:
		return e.appendSamples, nil
	case LZW:
		code = func(dst, raw []byte) ([]byte, error) { return e.memory.appendLZW(dst, raw), nil }
	case Deflate:
		code = e.memory.appendDeflate
	case ZSTD:
		code = e.memory.appendZSTD
	case JPEG:
		return e.newJPEGCompressor()
	case LERC:
		return e.newLERCCompressor()
	default:
		return nil, cannotEncode("EncodeOptions.Compression", c, "want none, LZW, Deflate, ZSTD, LERC or JPEG")
	}
	return func(dst, raw []byte, b *raster.Block, r image.Rectangle) ([]byte, error) {
		raw = raw[:e.tileBytes]
		e.gather(raw, b, r)
		e.predict(raw)
		return code(dst, raw)
	}, nil
}

// appendSamples appends a tile that is not compressed. It is a tileCompressor.
func (e *encoder) appendSamples(dst, _ []byte, b *raster.Block, r image.Rectangle) ([]byte, error) {
	r.Max.Y = r.Min.Y + e.tileRows(b.Bounds().Max.Y-r.Min.Y)
	n := len(dst)
	dst = slices.Grow(dst, e.rowBytes()*r.Dy())[:n+e.rowBytes()*r.Dy()]
	e.gather(dst[n:], b, r)
	return dst, nil
}

// gather writes the samples of a tile as TIFF orders them: pixel after pixel, least significant byte first or, below 8
// bits, most significant bit first. Pixels beyond the edge of the image are 0.
func (e *encoder) gather(raw []byte, b *raster.Block, r image.Rectangle) {
	in := r.Intersect(b.Bounds())
	if in != r {
		clear(raw)
	}
	size := e.image.Type.Size()
	pixel := e.samples * size
	rowBytes := e.rowBytes()
	var whole []byte // the tile with a byte for each sample
	if e.bits < 8 {
		whole = make([]byte, in.Dx()*pixel)
	}
	for y := in.Min.Y; y < in.Max.Y; y++ {
		row := raw[(y-r.Min.Y)*rowBytes:][:rowBytes]
		to := row
		if e.bits < 8 {
			to = whole
		}
		if e.alpha == nil {
			raster.PutPixels(to, size, b.Bands, y, in.Min.X, in.Max.X)
		} else {
			for i, p := range b.Bands {
				raster.PutRow(to[i*size:], pixel, p, y, in.Min.X, in.Max.X)
			}
			var valid []uint8
			if b.Valid != nil {
				valid = raster.AlphaRow(b.Valid, y, in)
			}
			e.putAlpha(to[len(b.Bands)*size:], pixel, size, valid, in.Dx())
		}
		if e.bits < 8 {
			packBits(row, whole, uint(e.bits))
		}
	}
}

// putAlpha writes the alpha samples of n pixels, step bytes apart. A nil valid means that all hold data.
func (e *encoder) putAlpha(dst []byte, step, size int, valid []uint8, n int) {
	for i := range n {
		v := 255
		if valid != nil {
			v = int(valid[i])
		}
		copy(dst[i*step:i*step+size], e.alpha[v*size:])
	}
}

// packBits packs the lowest bits of each sample, the first sample in the most significant bits of the first byte.
func packBits(dst, samples []byte, bits uint) {
	per := 8 / int(bits)
	for i := 0; i < len(samples); i += per {
		var v byte
		for j := range per {
			v <<= bits
			if i+j < len(samples) {
				v |= samples[i+j] & (1<<bits - 1)
			}
		}
		dst[i/per] = v
	}
}

// predict applies the predictor to the samples of a tile.
func (e *encoder) predict(raw []byte) {
	if e.predictor == predictorNone {
		return
	}
	rowBytes := e.rowBytes()
	var tmp []byte
	if e.predictor == predictorFloat {
		tmp = make([]byte, rowBytes)
	}
	for ; len(raw) > 0; raw = raw[rowBytes:] {
		if e.predictor == predictorFloat {
			doFloat(raw[:rowBytes], tmp, e.samples, e.bits/8)
		} else {
			doHorizontal(raw[:rowBytes], e.samples, e.bits/8)
		}
	}
}

// doHorizontal applies predictor 2 to a row; undoHorizontal is its inverse.
func doHorizontal(row []byte, samples, size int) {
	step := samples * size
	switch size {
	case 1:
		for i := len(row) - 1; i >= step; i-- {
			row[i] -= row[i-step]
		}
	case 2:
		for i := len(row) - 2; i >= step; i -= 2 {
			binary.LittleEndian.PutUint16(row[i:], binary.LittleEndian.Uint16(row[i:])-binary.LittleEndian.Uint16(row[i-step:]))
		}
	case 4:
		for i := len(row) - 4; i >= step; i -= 4 {
			binary.LittleEndian.PutUint32(row[i:], binary.LittleEndian.Uint32(row[i:])-binary.LittleEndian.Uint32(row[i-step:]))
		}
	case 8:
		for i := len(row) - 8; i >= step; i -= 8 {
			binary.LittleEndian.PutUint64(row[i:], binary.LittleEndian.Uint64(row[i:])-binary.LittleEndian.Uint64(row[i-step:]))
		}
	}
}

// doFloat applies predictor 3 to a row; undoFloat is its inverse.
func doFloat(row, tmp []byte, samples, size int) {
	n := len(row) / size
	for b := range size {
		plane := tmp[(size-1-b)*n:][:n]
		for i := range plane {
			plane[i] = row[i*size+b]
		}
	}
	copy(row, tmp[:samples])
	for i := samples; i < len(row); i++ {
		row[i] = tmp[i] - tmp[i-samples]
	}
}

// writeTiles compresses one row of a level's tiles in parallel, and writes the tiles and their masks in order.
func (e *encoder) writeTiles(l *encodeLevel, b *raster.Block) error {
	across := (l.size.X + e.tile.X - 1) / e.tile.X
	workers := min(e.options.workers(), across)
	e.rows.packed.reach(across, e.tileBytes/2)
	e.rows.raw.reach(workers, e.tileBytes)
	compressAll := func(compress tileCompressor) error {
		errs := make([]error, workers)
		var next atomic.Int64
		work := func(worker int) error {
			for col := int(next.Add(1)) - 1; col < across && errs[worker] == nil; col = int(next.Add(1)) - 1 {
				out := &e.rows.packed[col]
				r := image.Rect(col*e.tile.X, 0, (col+1)*e.tile.X, e.tile.Y)
				*out, errs[worker] = compress((*out)[:0], e.rows.raw[worker][:e.tileBytes], b, r)
			}
			return errs[worker]
		}
		var running sync.WaitGroup
		for worker := 1; worker < workers; worker++ {
			guard.Go(&running, "compressing a tile", func() error { return work(worker) },
				func(err error) { errs[worker] = err })
		}
		errs[0] = guard.Call("compressing a tile", func() error { return work(0) })
		running.Wait()
		return errors.Join(errs...)
	}
	if err := compressAll(e.compress); err != nil {
		return err
	}
	l.pixels.rows++
	for _, p := range e.rows.packed[:across] {
		if !e.direct {
			if err := l.pixels.keep(&e.spool, p); err != nil {
				return err
			}
		} else if _, err := e.w.Write(p); err != nil {
			return err
		}
	}
	if l.mask == nil {
		return nil
	}
	if err := compressAll(e.compressMask); err != nil {
		return err
	}
	for _, p := range e.rows.packed[:across] {
		if err := l.mask.keep(&e.spool, p); err != nil {
			return err
		}
	}
	return nil
}

// compressMask compresses a tile of a mask. It is a tileCompressor. Pixels beyond the edge of the image are not valid.
func (e *encoder) compressMask(dst, _ []byte, b *raster.Block, r image.Rectangle) ([]byte, error) {
	raw := make([]byte, e.maskRowBytes()*e.tileRows(b.Bounds().Max.Y-r.Min.Y))
	in := r.Intersect(b.Bounds())
	for y := in.Min.Y; y < in.Max.Y; y++ {
		row := raw[(y-r.Min.Y)*e.maskRowBytes():]
		var valid []uint8
		if b.Valid != nil {
			valid = raster.AlphaRow(b.Valid, y, in)
		}
		for x := range in.Dx() {
			if valid == nil || valid[x] != 0 {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return e.memory.appendDeflate(dst, raw)
}

// An appender is an io.Writer that appends to a slice.
type appender struct{ b []byte }

func (a *appender) Write(p []byte) (int, error) {
	a.b = append(a.b, p...)
	return len(p), nil
}
