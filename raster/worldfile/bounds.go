package worldfile

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"io"
	"io/fs"
	"math"
)

// freeExpansion is the number of bytes that decoding an image may take whatever the size of its file is: enough for a
// blank image of 1500 by 1000 pixels.
const freeExpansion = 16 << 20

// bounds are the limits of an image.
type bounds struct {
	pixels int64
	bytes  int64 // of memory
}

// sizeOf returns the size of a file in bytes.
func sizeOf(f io.ReadCloser) (int64, error) {
	switch f := f.(type) {
	case picture:
		return f.Size(), nil
	case fs.File:
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	return 0, nil
}

// newBounds returns the bounds of an image in a format, of which the file has size bytes of pixels.
func newBounds(o *Options, f *format, size int64) bounds {
	b := bounds{pixels: o.MaxPixels, bytes: math.MaxInt64}
	if b.pixels == 0 {
		b.pixels = DefaultMaxPixels
	}
	expansion := o.Expansion
	if expansion == 0 {
		expansion = DefaultExpansion
	}
	if f.expansion > 0 {
		expansion = min(expansion, f.expansion)
	}
	if expansion = max(0, expansion); expansion == 0 || size <= math.MaxInt64/expansion {
		b.bytes = max(freeExpansion, size*expansion)
	}
	return b
}

// check returns the number of bytes that decoding an image takes, or a *LimitError if these bytes or its pixels exceed
// the bounds.
func (b bounds) check(name string, c image.Config, head []byte) (memory int64, err error) {
	// Sides have at most 32 bits, so the product fits.
	n := int64(c.Width) * int64(c.Height)
	if n > b.pixels {
		return 0, &LimitError{Name: name, Pixels: n, Max: b.pixels}
	}
	memory = n * pixelBytes(c.ColorModel, head)
	if memory > b.bytes {
		return 0, &LimitError{Name: name, Pixels: n, Bytes: memory, Max: b.bytes}
	}
	return memory, nil
}

// pixelBytes returns the number of bytes of memory that a pixel takes while an image is decoded: in the decoder, and in
// the planes and the validity that are made from its output. The decoder makes four samples of a grey PNG that has a
// transparent colour.
func pixelBytes(m color.Model, head []byte) int64 {
	switch m {
	case color.GrayModel, color.Gray16Model:
		decoded, sample := int64(1), int64(1)
		if m == color.Gray16Model {
			decoded, sample = 2, 2
		}
		if bytes.Contains(head, []byte("tRNS")) {
			decoded *= 4
		}
		if m == color.GrayModel && decoded == 1 {
			sample = 0 // the plane is the decoder's
		}
		return decoded + sample + 1 + coefficientBytes(head)
	case color.RGBAModel, color.NRGBAModel:
		return 4 + 3 + 1
	case color.RGBA64Model, color.NRGBA64Model:
		return 8 + 6 + 1
	case color.YCbCrModel:
		return 3 + 3 + 3*coefficientBytes(head)
	case color.CMYKModel:
		return 8 + 3 + 4*coefficientBytes(head) // the decoder converts one image to another
	}
	return 1 + 1 // a palette: the plane is the decoder's
}

// coefficientBytes returns the number of bytes that the standard library's decoder takes for a sample of a progressive
// JPEG besides the sample. If the head of the file has no frame header, it assumes a progressive one.
func coefficientBytes(head []byte) int64 {
	const progressive = 4
	if len(head) < 2 || head[0] != 0xff || head[1] != 0xd8 {
		return 0
	}
	for b := head[2:]; len(b) >= 4; {
		if b[0] != 0xff {
			b = b[1:] // the decoder searches for the next marker, too
			continue
		}
		switch marker := b[1]; {
		case marker == 0xc0 || marker == 0xc1: // sequential frames
			return 0
		case marker == 0xc2:
			return progressive
		case marker == 0xff || marker == 0 || marker >= 0xd0 && marker <= 0xd9: // these markers have no segment
			b = b[1:]
			continue
		}
		b = b[min(len(b), 2+int(binary.BigEndian.Uint16(b[2:]))):]
	}
	return progressive
}
