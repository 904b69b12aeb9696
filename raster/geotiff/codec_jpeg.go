package geotiff

import (
	"errors"
	"fmt"
	"image"
	"sync"

	"github.com/geoexport/geoexport/internal/jpegdec"
	"github.com/geoexport/geoexport/raster"
)

// JPEG in TIFF is section 22 of TIFF 6.0 as amended by Adobe's Technical Note 2: each strip or tile is a JPEG stream,
// whose tables may be in the JPEGTables tag instead. As in libtiff, the PhotometricInterpretation tag states whether
// its colours are YCbCr, not the stream.

// newJPEGCodec returns a codec that keeps its decoders, with their tables and planes, for later blocks.
func newJPEGCodec() Codec {
	c := &jpegCodec{}
	return Codec{Planes: c.planes, MaxExpansion: jpegdec.MaxExpansion, memory: jpegMemory}
}

// jpegMemory returns the memory of a progressive frame, padded to whole MCUs: for each sample one byte, and two for its
// coefficient.
func jpegMemory(_ int64, b *BlockShape) int64 {
	return 3 * int64(b.Samples) * int64(b.Width+31) * int64(max(b.Height, b.FrameHeight)+31)
}

const (
	// maxFrameRows is the largest number of rows of a JPEG frame: T.81, B.2.2.
	maxFrameRows = 65535
	// spareRows is how many rows more than its strip the frame of a last strip may have: writers round up to whole MCUs, of
	// up to 32 rows, or to a strip of their own.
	spareRows = 64
)

// frameHeight returns the largest number of rows that the JPEG frame of the block at r may have. Like libtiff, which warns of
// it, this accepts more rows than the strip has in the last strip of an image; they are not decoded.
func (l *layout) frameHeight(r image.Rectangle) int {
	if l.tiled || r.Max.Y < l.size.Y {
		return l.block.Y
	}
	return min(max(l.block.Y+spareRows, min(l.stripRows, 4*l.block.Y)), maxFrameRows)
}

type jpegCodec struct{ decoders sync.Pool } // of *jpegBlock

// A jpegBlock holds the memory for decoding a block.
type jpegBlock struct {
	decoder jpegdec.Decoder
	planes  [4]jpegdec.Plane
}

func (c *jpegCodec) planes(dst []*raster.PlaneOf[uint8], src []byte, b BlockShape) error {
	o := jpegdec.Options{Tables: b.JPEGTables, MaxWidth: b.Width, MaxHeight: max(b.Height, b.FrameHeight), Interrupt: b.Interrupt}
	if b.Photometric == photometricYCbCr {
		if len(dst) != 3 {
			return unsupported(tagPhotometric, b.Photometric, fmt.Sprintf("JPEG with YCbCr in %d components", len(dst)))
		}
		o.YCbCr = jpegColors.row
	}
	d, ok := c.decoders.Get().(*jpegBlock)
	if !ok {
		d = new(jpegBlock)
	}
	planes := d.planes[:0]
	for _, p := range dst {
		planes = append(planes, jpegdec.Plane{Pix: p.Pix, Stride: p.Stride, Width: p.Rect.Dx(), Height: p.Rect.Dy()})
	}
	err := d.decoder.Decode(planes, src, o)
	clear(d.planes[:]) // the planes belong to the caller
	c.decoders.Put(d)
	if u, ok := errors.AsType[*jpegdec.UnsupportedError](err); ok {
		return unsupported(tagCompression, JPEG, u.Reason)
	}
	if t, ok := errors.AsType[*jpegdec.TablesError](err); ok {
		return fmt.Errorf("%v: %w", tagJPEGTables, t.Err)
	}
	return err
}
