package geotiff

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/geoexport/geoexport/raster"
)

// JPEG in TIFF is section 22 of TIFF 6.0 as amended by Adobe's Technical Note 2: each strip or tile is a JPEG stream, which may
// be abbreviated, its tables then being in the JPEGTables tag. JPEG itself is ITU-T T.81. Its sequential and progressive
// Huffman-coded modes with samples of 8 bits are read, with one to four components of any sampling.
//
// T.81 leaves open how exact the inverse DCT is, and does not say how colours are restored. Both are done here in the integer
// arithmetic of libjpeg (its "slow" inverse DCT, "fancy" upsampling and colour tables), because nearly all files were looked
// at through it: pixels are equal to those that GDAL reads, bit for bit. The standard library's decoder refuses two components,
// and four without Adobe's marker, which both occur in TIFF; it is what the tests compare with.

// maxJPEGScans is how many scans a progressive frame may have. Encoders write about ten; a scan of a few bytes can
// walk over a whole frame, so thousands of them in a small file would keep a reader busy for minutes.
const maxJPEGScans = 100

var (
	errJPEGMarker  = errors.New("jpeg: marker missing")
	errJPEGSegment = errors.New("jpeg: segment of the wrong length")
	errJPEGTable   = errors.New("jpeg: invalid Huffman table")
	errJPEGCode    = errors.New("jpeg: invalid Huffman code")
	errJPEGRun     = errors.New("jpeg: coefficients run out of their block")
)

// newJPEGCodec is a codec that keeps its decoders, with their tables and planes, for the next block.
func newJPEGCodec() Codec {
	c := &jpegCodec{}
	// The least a block of 8 by 8 samples takes is a bit, in a first scan of a progressive frame. An MCU has up to ten blocks, and
	// not fewer than it has components; upsampling makes it 32 by 32 pixels at most. With each of four components' 1024
	// samples from one bit, a byte becomes 8192.
	return Codec{Planes: c.planes, MaxExpansion: 8192}
}

type jpegCodec struct{ decoders sync.Pool }

func (c *jpegCodec) planes(dst []*raster.PlaneOf[uint8], src []byte, b BlockShape) error {
	d, ok := c.decoders.Get().(*jpegDecoder)
	if !ok {
		d = new(jpegDecoder)
	}
	defer func() {
		d.src = nil // it is the caller's
		c.decoders.Put(d)
	}()
	return d.decode(dst, src, b)
}

// A jpegDecoder decodes one stream after the other. What it keeps between them is memory, and Huffman tables that need not
// be built again if the next stream has the same; nothing of one stream shows in the next.
type jpegDecoder struct {
	src     []byte // what is left of the stream
	quant   [4]jpegQuant
	dc, ac  [4]jpegHuffman
	restart int // MCUs between restart markers; 0 if there are none
	frame   jpegFrame
	scan    jpegScan
	bits    jpegBits
	eobRun  int // blocks of a progressive scan that are known to hold nothing more
	scratch [4][]byte
}

// A jpegFrame is what the frame header says, and how far decoding has got.
type jpegFrame struct {
	width, height int
	progressive   bool
	components    []jpegComponent
	h, v          int // largest sampling factors
	across, down  int // MCUs
	rows          int // of MCUs that are wanted
	scans         int
}

type jpegComponent struct {
	id            byte
	h, v          int // sampling factors
	table         int // of quant
	width, height int // samples that are no padding
	stride        int // of pix; its rows are padded to whole MCUs
	pix           []byte
	coefs         []int16 // of a progressive frame: 64 for each block, in zigzag order
	scales        [64]int32
	seen          bool // in a scan; then scales are set
	pred          int32
	dc, ac        *jpegHuffman // of the scan
}

// decode fills dst with the top left part of the stream's picture.
func (d *jpegDecoder) decode(dst []*raster.PlaneOf[uint8], src []byte, b BlockShape) error {
	for i := range d.quant {
		d.quant[i].set, d.dc[i].set, d.ac[i].set = false, false, false
	}
	if len(b.JPEGTables) > 0 {
		if err := d.readTables(b.JPEGTables); err != nil {
			return fmt.Errorf("%v: %w", tagJPEGTables, err)
		}
	}
	want := dst[0].Rect.Size()
	d.src, d.restart = src, 0
	if err := d.start(); err != nil {
		return err
	}
	for {
		marker, body, err := d.segment()
		if err != nil {
			return err
		}
		switch {
		case marker == markerEOI:
			if len(d.frame.components) == 0 {
				return fmt.Errorf("jpeg: no frame: %w", io.ErrUnexpectedEOF)
			}
			for i := range d.frame.components {
				if !d.frame.components[i].seen {
					return fmt.Errorf("jpeg: no scan of component %d: %w", i, io.ErrUnexpectedEOF)
				}
			}
			return d.output(dst, b)
		case isFrame(marker):
			if len(d.frame.components) > 0 {
				return errors.New("jpeg: a second frame")
			}
			if err := d.readFrame(marker, body); err != nil {
				return err
			}
			if err := d.checkFrame(b, len(dst)); err != nil {
				return err
			}
			if d.frame.width < want.X || d.frame.height < want.Y {
				return fmt.Errorf("jpeg: a frame of %d × %d, want at least %v: %w", d.frame.width, d.frame.height, want,
					io.ErrUnexpectedEOF)
			}
			d.plan(want.Y)
		case marker == markerSOS:
			done, err := d.readScan(body)
			if err != nil {
				return err
			}
			if done {
				return d.output(dst, b)
			}
		default:
			if err := d.readMisc(marker, body); err != nil {
				return err
			}
		}
	}
}

// checkFrame compares the frame with the block it should fill, before anything is allocated by its size.
func (d *jpegDecoder) checkFrame(b BlockShape, planes int) error {
	f := &d.frame
	switch {
	case len(f.components) != planes:
		return fmt.Errorf("jpeg: %d components, want %d", len(f.components), planes)
	case b.Photometric == photometricYCbCr && planes != 3:
		return unsupported(tagPhotometric, b.Photometric, fmt.Sprintf("JPEG with YCbCr in %d components", planes))
	case f.width == 0 || f.height == 0:
		return fmt.Errorf("jpeg: a frame of %d × %d", f.width, f.height)
	case f.width > b.Width || f.height > b.Height:
		return fmt.Errorf("jpeg: a frame of %d × %d in a block of %d × %d", f.width, f.height, b.Width, b.Height)
	}
	return nil
}

// plan allocates what the frame needs. Only the rows of MCUs that rows of pixels need are decoded; upsampling looks one
// row further.
func (d *jpegDecoder) plan(rows int) {
	f := &d.frame
	f.across, f.down = (f.width+8*f.h-1)/(8*f.h), (f.height+8*f.v-1)/(8*f.v)
	f.rows = min(f.down, (rows+f.v+8*f.v-1)/(8*f.v))
	f.scans = 0
	for i := range f.components {
		c := &f.components[i]
		c.width, c.height = (f.width*c.h+f.h-1)/f.h, (f.height*c.v+f.v-1)/f.v
		c.stride = f.across * c.h * 8
		c.pix = grow(c.pix, c.stride*f.down*c.v*8)
		if f.progressive {
			c.coefs = grow(c.coefs, len(c.pix))
			clear(c.coefs)
		}
	}
}

// grow is a slice of n elements, which hold whatever they did before.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
