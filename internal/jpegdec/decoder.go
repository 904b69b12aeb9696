package jpegdec

import (
	"errors"
	"fmt"
	"io"
)

// maxScans is the largest number of scans that a progressive frame may have. Encoders write about ten; a scan of a few
// bytes can walk over a whole frame, so thousands of them in a small file would keep a reader busy for minutes.
const maxScans = 100

// MaxExpansion is the largest number of bytes of samples that one byte of a stream can become.
//
// A block of 8 by 8 samples takes at least one bit, in a first scan of a progressive frame. An MCU has up to ten
// blocks, and at least as many as components; upsampling makes it 32 by 32 pixels at most. If each of four components
// has 1024 samples from one bit, a byte becomes 8192.
const MaxExpansion = 8192

var (
	errMarker  = errors.New("jpeg: marker missing")
	errSegment = errors.New("jpeg: segment of the wrong length")
	errTable   = errors.New("jpeg: invalid Huffman table")
	errCode    = errors.New("jpeg: invalid Huffman code")
	errRun     = errors.New("jpeg: coefficients run out of their block")
)

// An UnsupportedError reports a stream that may be correct, but that this package does not decode.
type UnsupportedError struct{ Reason string }

func (e *UnsupportedError) Error() string { return "jpeg: not supported: " + e.Reason }

func unsupported(reason string) error { return &UnsupportedError{reason} }

// A TablesError reports that Options.Tables is wrong.
type TablesError struct{ Err error }

func (e *TablesError) Error() string { return "jpeg: tables: " + e.Err.Error() }

// Unwrap returns the reason.
func (e *TablesError) Unwrap() error { return e.Err }

// A Plane is memory for the samples of one component: Height rows of Width samples, Stride apart. The zero value has no
// rows.
type Plane struct {
	Pix                   []byte
	Stride, Width, Height int
}

func (p *Plane) row(y int) []byte { return p.Pix[y*p.Stride:][:p.Width] }

// Options configure the decoding of a stream.
type Options struct {
	// Tables is a stream that holds tables only, for streams without their own; nil if there is none.
	Tables []byte
	// MaxWidth and MaxHeight are the size of the largest frame that is accepted, in pixels.
	MaxWidth, MaxHeight int
	// YCbCr, if not nil, converts one row of the three components to colours; all slices are as long as red. If it is
	// nil, samples are not converted.
	YCbCr func(red, green, blue, y, cb, cr []byte)
	// Interrupt, if not nil, is called before each row of MCUs that a scan decodes, and before each that is converted
	// to samples. Its error ends the decoding.
	Interrupt func() error
}

func (o *Options) interrupted() error {
	if o.Interrupt == nil {
		return nil
	}
	return o.Interrupt()
}

// A Decoder decodes one stream after the other. It keeps memory for the next stream, and Huffman tables, which need not
// be built again if the next stream has the same; otherwise no stream affects the next. The zero value is ready for
// use. A Decoder is not safe for concurrent use.
type Decoder struct {
	src     []byte // rest of the stream
	quant   [4]quantTable
	dc, ac  [4]huffman
	restart int // MCUs between restart markers; 0 if there are none
	frame   frame
	scan    scan
	bits    bitReader
	eobRun  int // number of further blocks of a progressive scan without coefficients
	scratch [4][]byte
}

// A frame holds the frame header and the state of decoding.
type frame struct {
	width, height int
	progressive   bool
	components    []component
	h, v          int // largest sampling factors
	across, down  int // numbers of MCUs
	rows          int // number of rows of MCUs to be decoded
	scans         int
}

type component struct {
	id            byte
	h, v          int // sampling factors
	table         int // index of the quantisation table
	width, height int // size in samples, without padding
	stride        int // stride of pix, whose rows are padded to whole MCUs
	pix           []byte
	coefs         []int16 // coefficients of a progressive frame: 64 for each block, in zigzag order
	scales        [64]int32
	seen          bool // a scan has had this component; scales are set
	pred          int32
	dc, ac        *huffman // tables of the current scan
}

// Decode fills dst, one plane for each component and all of one size, with the top left part of the stream's image. It
// keeps neither src nor o.Tables.
func (d *Decoder) Decode(dst []Plane, src []byte, o Options) error {
	defer func() { d.src = nil }()
	for i := range d.quant {
		d.quant[i].set, d.dc[i].set, d.ac[i].set = false, false, false
	}
	if len(o.Tables) > 0 {
		if err := d.readTables(o.Tables); err != nil {
			return &TablesError{err}
		}
	}
	d.src, d.restart = src, 0
	if err := d.start(); err != nil {
		return err
	}
	for done := false; !done; {
		var err error
		if done, err = d.next(dst, o); err != nil {
			return err
		}
	}
	return d.output(dst, &o)
}

// next reads a segment, and reports whether the image is complete.
func (d *Decoder) next(dst []Plane, o Options) (done bool, err error) {
	marker, body, err := d.segment()
	switch {
	case err != nil:
		return false, err
	case marker == markerEOI:
		return true, d.checkComplete()
	case isFrame(marker):
		return false, d.beginFrame(marker, body, dst, o)
	case marker == markerSOS:
		return d.readScan(body, &o)
	}
	return false, d.readMisc(marker, body)
}

// checkComplete returns an error unless each component was in a scan.
func (d *Decoder) checkComplete() error {
	if len(d.frame.components) == 0 {
		return fmt.Errorf("jpeg: no frame: %w", io.ErrUnexpectedEOF)
	}
	for i := range d.frame.components {
		if !d.frame.components[i].seen {
			return fmt.Errorf("jpeg: no scan of component %d: %w", i, io.ErrUnexpectedEOF)
		}
	}
	return nil
}

// beginFrame reads a frame header and allocates the memory of the frame.
func (d *Decoder) beginFrame(marker byte, body []byte, dst []Plane, o Options) error {
	if len(d.frame.components) > 0 {
		return errors.New("jpeg: a second frame")
	}
	if err := d.readFrame(marker, body); err != nil {
		return err
	}
	if err := d.frame.check(dst, o); err != nil {
		return err
	}
	d.plan(dst[0].Height)
	return nil
}

// check compares the frame with dst and o, before memory is allocated by its size.
func (f *frame) check(dst []Plane, o Options) error {
	switch {
	case len(f.components) != len(dst):
		return fmt.Errorf("jpeg: %d components, want %d", len(f.components), len(dst))
	case f.width == 0 || f.height == 0:
		return fmt.Errorf("jpeg: a frame of %d × %d", f.width, f.height)
	case f.width > o.MaxWidth || f.height > o.MaxHeight:
		return fmt.Errorf("jpeg: a frame of %d × %d in a block of %d × %d", f.width, f.height, o.MaxWidth, o.MaxHeight)
	case f.width < dst[0].Width || f.height < dst[0].Height:
		return fmt.Errorf("jpeg: a frame of %d × %d, want at least (%d,%d): %w", f.width, f.height, dst[0].Width, dst[0].Height,
			io.ErrUnexpectedEOF)
	}
	return nil
}

// plan allocates the memory of the frame. Only the rows of MCUs that contain the given number of pixel rows are
// decoded; upsampling needs one pixel row more.
func (d *Decoder) plan(rows int) {
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

// grow returns a slice of n elements with arbitrary contents.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
