package tiffmake

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// An encoder turns samples into the bytes of blocks.
type encoder struct {
	f     *File
	order binary.ByteOrder
	raw   []byte
	zbuf  bytes.Buffer
	z     *zlib.Writer
}

func newEncoder(f *File, order binary.ByteOrder) *encoder {
	e := &encoder{f: f, order: order}
	e.z = zlib.NewWriter(&e.zbuf)
	return e
}

// block returns the bytes of the block at r, of a level of the given size.
func (e *encoder) block(level, plane int, r image.Rectangle, size image.Point) []byte {
	f, n := e.f, e.f.samples()
	rowBytes := (r.Dx()*n*bits(f.typ()) + 7) / 8
	e.raw = append(e.raw[:0], make([]byte, rowBytes*r.Dy())...)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := e.raw[(y-r.Min.Y)*rowBytes:][:rowBytes]
		for x := r.Min.X; x < r.Max.X; x++ {
			for b := range n {
				v := f.Pad
				if x < size.X && y < size.Y {
					v = f.Sample(level, plane+b, x, y)
				}
				e.put(row, (x-r.Min.X)*n+b, v)
			}
		}
		e.predict(row, n)
	}
	switch f.compression() {
	case None:
		return e.raw
	case LZW:
		return lzw(e.raw)
	case Deflate, OldFlate:
		e.zbuf.Reset()
		e.z.Reset(&e.zbuf)
		e.z.Write(e.raw)
		e.z.Close()
		return e.zbuf.Bytes()
	case PackBits:
		var b []byte
		for i := 0; i < len(e.raw); i += rowBytes {
			b = packBits(b, e.raw[i:i+rowBytes])
		}
		return b
	}
	panic(fmt.Sprintf("tiffmake: compression %d", f.compression()))
}

// put sets sample i of a row.
func (e *encoder) put(row []byte, i int, v float64) {
	switch t := e.f.typ(); t {
	case raster.U1, raster.U2, raster.U4:
		n := bits(t)
		row[i*n/8] |= byte(v) << (8 - n - i*n%8)
	case raster.U8:
		row[i] = uint8(v)
	case raster.S8:
		row[i] = uint8(int8(v))
	case raster.U16:
		e.order.PutUint16(row[2*i:], uint16(v))
	case raster.S16:
		e.order.PutUint16(row[2*i:], uint16(int16(v)))
	case raster.U32:
		e.order.PutUint32(row[4*i:], uint32(v))
	case raster.S32:
		e.order.PutUint32(row[4*i:], uint32(int32(v)))
	case raster.F32:
		e.order.PutUint32(row[4*i:], math.Float32bits(float32(v)))
	case raster.F64:
		e.order.PutUint64(row[8*i:], math.Float64bits(v))
	default:
		panic(fmt.Sprintf("tiffmake: samples of type %v", t))
	}
}

// predict replaces a row of n samples a pixel by differences.
func (e *encoder) predict(row []byte, n int) {
	size := e.f.typ().Size()
	switch e.f.predictor() {
	case 1:
	case 2:
		for i := len(row) - size; i >= n*size; i -= size {
			a, b := row[i:i+size], row[i-n*size:]
			switch size {
			case 1:
				a[0] -= b[0]
			case 2:
				e.order.PutUint16(a, e.order.Uint16(a)-e.order.Uint16(b))
			case 4:
				e.order.PutUint32(a, e.order.Uint32(a)-e.order.Uint32(b))
			case 8:
				e.order.PutUint64(a, e.order.Uint64(a)-e.order.Uint64(b))
			}
		}
	case 3:
		// The planes of bytes go from the most significant one to the least, in either byte order.
		tmp := make([]byte, len(row))
		count := len(row) / size
		for i := range count {
			for b := range size {
				at := b
				if e.order == binary.ByteOrder(binary.LittleEndian) {
					at = size - 1 - b
				}
				tmp[b*count+i] = row[i*size+at]
			}
		}
		for i := len(tmp) - 1; i >= n; i-- {
			tmp[i] -= tmp[i-n]
		}
		copy(row, tmp)
	default:
		panic(fmt.Sprintf("tiffmake: predictor %d", e.f.predictor()))
	}
}

// packBits appends a row, packed as section 9 of TIFF 6.0 describes.
func packBits(b, row []byte) []byte {
	for len(row) > 0 {
		run := 1
		for run < len(row) && run < 128 && row[run] == row[0] {
			run++
		}
		if run > 1 {
			b, row = append(b, byte(1-run), row[0]), row[run:]
			continue
		}
		n := 1
		for n < len(row) && n < 128 && (n+1 == len(row) || row[n] != row[n+1]) {
			n++
		}
		b, row = append(append(b, byte(n-1)), row[:n]...), row[n:]
	}
	return b
}

// lzw compresses as section 13 of TIFF 6.0 describes.
func lzw(src []byte) []byte {
	const (
		clearCode, endCode, first = 256, 257, 258
		full                      = 4094 // the last entry; a clear code comes before another could be made
	)
	var (
		out   []byte
		acc   uint32
		nbits uint
		width uint = 9
	)
	put := func(code int) {
		acc = acc<<width | uint32(code)
		nbits += width
		for nbits >= 8 {
			out = append(out, byte(acc>>(nbits-8)))
			nbits -= 8
		}
	}
	type entry struct {
		prefix int
		next   byte
	}
	table := map[entry]int{}
	next := first
	put(clearCode)
	prefix := -1
	for _, c := range src {
		if prefix < 0 {
			prefix = int(c)
			continue
		}
		if code, ok := table[entry{prefix, c}]; ok {
			prefix = code
			continue
		}
		put(prefix)
		table[entry{prefix, c}] = next
		next++
		if next == full {
			put(clearCode)
			table, next, width = map[entry]int{}, first, 9
		} else if next >= 1<<width {
			// The decoder is one entry behind, so for it this is the early change of width.
			width++
		}
		prefix = int(c)
	}
	if prefix >= 0 {
		put(prefix)
		next++
		if next >= 1<<width && width < 12 {
			width++
		}
	}
	put(endCode)
	if nbits > 0 {
		out = append(out, byte(acc<<(8-nbits)))
	}
	return out
}
