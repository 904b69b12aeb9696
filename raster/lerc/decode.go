package lerc

import (
	"bytes"
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/littleendian"
)

// DefaultMaxBytes is the value of Options.MaxBytes if that is 0.
const DefaultMaxBytes = 256 << 20

// Options configure decoding. Nil and the zero value mean the defaults.
type Options struct {
	// MaxBytes is the most memory that the decoded image may take, with its masks. It is compared with what the header
	// states before anything is allocated: 94 bytes can state an image of 2 GiB. 0 means DefaultMaxBytes. DecodeInto,
	// which takes the caller's memory, has no use for it but for what it needs beside.
	MaxBytes int64

	// Interrupt, if not nil, is called about once for each MiB of samples. Its error ends decoding and is returned.
	Interrupt func() error
}

// Decode decodes all bands of an image. Bytes that follow the last band are ignored.
//
// The error is a *FormatError, an *UnsupportedError, a *LimitError, or that of Options.Interrupt. Decode never panics
// and is safe for concurrent use.
func Decode(data []byte, o *Options) (*Image, error) {
	h, err := DecodeHeader(data)
	if err != nil {
		return nil, err
	}
	if err := o.permit(&h, true); err != nil {
		return nil, err
	}
	m := &Image{Width: h.Width, Height: h.Height, Bands: h.Bands, Depth: h.Depth}
	m.Pix = newPix(h.Type, h.Bands*h.samples())
	if h.Masks > 0 {
		m.Valid = make([]uint8, h.Masks*h.pixels())
	}
	var noData []float64
	if h.NoData {
		noData = make([]float64, h.Bands)
	}
	switch pix := m.Pix.(type) {
	case []int8:
		err = decodeBands(&h, pix, m.Valid, noData, data, o)
	case []uint8:
		err = decodeBands(&h, pix, m.Valid, noData, data, o)
	case []int16:
		err = decodeBands(&h, pix, m.Valid, noData, data, o)
	case []uint16:
		err = decodeBands(&h, pix, m.Valid, noData, data, o)
	case []int32:
		err = decodeBands(&h, pix, m.Valid, noData, data, o)
	case []uint32:
		err = decodeBands(&h, pix, m.Valid, noData, data, o)
	case []float32:
		err = decodeBands(&h, pix, m.Valid, noData, data, o)
	case []float64:
		err = decodeBands(&h, pix, m.Valid, noData, data, o)
	}
	if err != nil {
		return nil, err
	}
	m.NoData = noData
	return m, nil
}

// DecodeInto decodes all bands of an image into the caller's memory. dst has Bands × Height × Width × Depth samples, as
// in Image.Pix; valid has as many bytes as Image.Valid, for one band or for all of them, and may be nil if the
// header states no masks. A destination of another size or type is a *ShapeError, and so is a valid for one band if
// Header.Masks is larger. After another error dst has arbitrary contents.
//
// A blob that marks single samples of a pixel as without data (Header.NoData) is decoded by Decode alone, which returns
// the value that marks them.
func DecodeInto[T Sample](dst []T, valid []uint8, data []byte, o *Options) error {
	h, err := DecodeHeader(data)
	if err != nil {
		return err
	}
	if t := TypeOf[T](); t != h.Type {
		return &ShapeError{"type of samples", t.String(), h.Type.String()}
	}
	if h.NoData {
		return &ShapeError{"samples", "without a value for no data", "some with it"}
	}
	if int64(len(dst)) != int64(h.Bands)*int64(h.samples()) {
		return &ShapeError{"samples", fmt.Sprint(len(dst)), fmt.Sprint(int64(h.Bands) * int64(h.samples()))}
	}
	masks := 0
	if len(valid) > 0 {
		if masks = len(valid) / h.pixels(); len(valid)%h.pixels() != 0 || masks != 1 && masks != h.Bands {
			return &ShapeError{"validity", fmt.Sprintf("%d bytes", len(valid)), fmt.Sprintf("%d pixels", h.pixels())}
		}
	}
	if masks < h.Masks {
		return &ShapeError{"validity", fmt.Sprintf("%d masks", masks), fmt.Sprintf("%d masks", h.Masks)}
	}
	if err := o.permit(&h, false); err != nil {
		return err
	}
	h.Masks = masks
	return decodeBands(&h, dst, valid, nil, data, o)
}

// permit returns an error if decoding takes too much memory. own states that samples and masks are allocated as well.
func (o *Options) permit(h *Header, own bool) error {
	most := int64(DefaultMaxBytes)
	if o != nil && o.MaxBytes != 0 {
		most = o.MaxBytes
	}
	need := float64(h.pixels()) // a mask beside those of the image
	if h.Version >= 6 && h.Type.Float() {
		need = max(need, float64(h.samples())) // a plane of bytes
	}
	if h.Version == 0 {
		need += float64(4 * float64(h.pixels())) // the numbers of a tile, which may be all
	}
	if own {
		need += float64(float64(h.samples())*float64(h.Bands)*float64(h.Type.Size())) +
			float64(float64(h.Masks)*float64(h.pixels()))
	}
	if need > float64(most) || need > math.MaxInt/2 {
		return &LimitError{"Options.MaxBytes", int64(min(need, math.MaxInt64/2)), most}
	}
	return nil
}

// A pulse calls a function about once for each MiB.
type pulse struct {
	interrupt func() error
	bytes     int
}

const pulseBytes = 1 << 20

func (p *pulse) add(n int) error {
	if p.bytes += n; p.bytes < pulseBytes || p.interrupt == nil {
		return nil
	}
	p.bytes = 0
	return p.interrupt()
}

// A bandReader decodes one band.
type bandReader[T Sample] struct {
	*blob
	reader
	pulse *pulse
	pix   []T
	ok    []uint8 // validity; nil if all pixels are valid
	tops  []T     // the greatest sample of each of the Depth samples; nil for one
	// isInt states that T is a type of whole numbers and that steps are whole.
	isInt  bool
	layout bitLayout
	types  [4]Type // of the least sample of a micro-block, by its code; see quick

	numbers [maxBlock * maxBlock]uint32 // of a micro-block
	values  [maxBlock * maxBlock]T      // of the numbers
	lut     [256]uint32
}

// maxBlock is the largest side of a micro-block.
const maxBlock = 32

// decodeBands decodes the bands that h describes. The masks that are wanted are in h.Masks.
func decodeBands[T Sample](h *Header, pix []T, valid []uint8, noData []float64, data []byte, o *Options) error {
	p := &pulse{}
	if o != nil {
		p.interrupt = o.Interrupt
	}
	if h.Version == 0 {
		return decodeBands1(h, any(pix).([]float32), valid, data, p)
	}
	d := &bandReader[T]{pulse: p}
	var mask []uint8
	for band := range h.Bands {
		b, err := readBlob(data)
		if err != nil {
			return inBand(err, band)
		}
		if err := b.checksum(data); err != nil {
			return inBand(err, band)
		}
		data = data[b.size:]
		// Where the caller wants the band's mask, it is unpacked there.
		own := h.Masks > band
		last := mask
		if own {
			mask = valid[band*h.pixels():][:h.pixels()]
		} else if b.valid < h.pixels() && mask == nil {
			mask = make([]uint8, h.pixels())
		}
		if err := b.unpack(mask, last, band > 0); err != nil {
			return inBand(err, band)
		}
		d.blob, d.reader, d.pix = &b, reader{b: b.body}, pix[band*h.samples():][:h.samples()]
		if d.ok = mask; b.valid == h.pixels() {
			d.ok = nil
		}
		if err := d.decode(); err != nil {
			return inBand(err, band)
		}
		if noData != nil {
			noData[band] = d.restoreNoData()
		}
	}
	return nil
}

// unpack sets the mask of a band; it is nil if there is none and all pixels are valid. A band without a mask of its own
// has that of the band before, which is last, unless all or no pixels are valid.
func (b *blob) unpack(mask, last []uint8, hasLast bool) error {
	all := b.width * b.height
	switch {
	case b.valid == all:
		setValid(mask)
	case b.valid == 0:
		clear(mask)
	case len(b.mask) > 0:
		n, err := unpackMask(mask, b.mask)
		if err != nil {
			return err
		}
		if n != b.valid {
			return wrong("the mask has %d valid pixels, the header states %d", n, b.valid)
		}
	case !hasLast:
		return wrong("%d of %d pixels hold data, but there is no mask", b.valid, all)
	default:
		if len(last) == 0 || bytes.Count(last, []byte{valid}) != b.valid {
			return wrong("%d pixels hold data, but not in the mask of the band before", b.valid)
		}
		copy(mask, last)
	}
	return nil
}

// decode decodes the samples.
func (d *bandReader[T]) decode() error {
	d.isInt = !d.typ.Float() && 2*d.maxZError == math.Trunc(2*d.maxZError) && d.maxZError < 1<<30
	d.layout = unstuff
	if d.version < 3 {
		d.layout = unstuffOld
	}
	d.tops = nil
	if d.valid == 0 {
		clear(d.pix)
		return d.pulse.add(len(d.pix) * d.typ.Size())
	}
	if d.lo == d.hi {
		return d.fill([]T{toSample[T](d.lo)})
	}
	if d.version >= 4 {
		lows, highs := d.samples(d.depth), d.samples(d.depth)
		if d.short {
			return errShort()
		}
		if equalBits(lows, highs) {
			return d.fill(lows)
		}
		if d.depth > 1 {
			d.tops = highs
		}
	}
	raw := d.byte()
	if d.short {
		return errShort()
	}
	if raw != 0 {
		return d.sweep()
	}
	return d.coded()
}

// The ways in which samples may be coded, where there is a choice.
const (
	modeTiles        = 0
	modeHuffmanDelta = 1
	modeHuffman      = 2
	modeBytePlanes   = 3
)

// coded decodes samples that are not stored as they are.
func (d *bandReader[T]) coded() error {
	bytewise := d.version >= 2 && d.typ.Size() == 1 && d.maxZError == 0.5
	lossless := d.version >= 6 && d.typ.Float() && d.maxZError == 0
	if !bytewise && !lossless {
		return d.tiles()
	}
	mode := d.byte()
	switch {
	case d.short:
		return errShort()
	case mode == modeTiles:
		return d.tiles()
	case bytewise && mode == modeHuffmanDelta, bytewise && mode == modeHuffman && d.version >= 4:
		return d.huffman(mode)
	case lossless && mode == modeBytePlanes:
		return d.bytePlanes()
	}
	return wrong("samples of type %v are coded in way %d", d.typ, mode)
}

// samples reads n samples as they are.
func (d *bandReader[T]) samples(n int) []T {
	s := make([]T, min(n, len(d.b)/max(1, d.typ.Size())+1))
	b := d.take(n * d.typ.Size())
	if b == nil {
		return s
	}
	littleendian.Get(s, b)
	return s
}

// fill sets all valid pixels to the same samples.
func (d *bandReader[T]) fill(pixel []T) error {
	if len(pixel) < d.depth {
		value := pixel[0]
		pixel = make([]T, d.depth)
		for i := range pixel {
			pixel[i] = value
		}
	}
	for y := range d.height {
		row := d.pix[y*d.width*d.depth:][:d.width*d.depth]
		if d.depth == 1 {
			for i := range row {
				row[i] = pixel[0]
			}
		} else {
			for x := 0; x < len(row); x += d.depth {
				copy(row[x:], pixel)
			}
		}
		d.blank(row, y)
		if err := d.pulse.add(len(row) * d.typ.Size()); err != nil {
			return err
		}
	}
	return nil
}

// blank sets the invalid pixels of a row to 0.
func (d *bandReader[T]) blank(row []T, y int) {
	if d.ok == nil {
		return
	}
	for x, v := range d.ok[y*d.width:][:d.width] {
		if v == invalid {
			clear(row[x*d.depth:][:d.depth])
		}
	}
}

// sweep decodes samples that are stored as they are: those of valid pixels, row after row.
func (d *bandReader[T]) sweep() error {
	size := d.typ.Size()
	b := d.take(d.valid * d.depth * size)
	if b == nil {
		return errShort()
	}
	pixel := d.depth * size
	for y := range d.height {
		row := d.pix[y*d.width*d.depth:][:d.width*d.depth]
		if d.ok == nil {
			littleendian.Get(row, b)
			b = b[len(row)*size:]
		} else {
			for x, v := range d.ok[y*d.width:][:d.width] {
				to := row[x*d.depth:][:d.depth]
				if v == invalid {
					clear(to)
					continue
				}
				littleendian.Get(to, b)
				b = b[pixel:]
			}
		}
		if err := d.pulse.add(len(row) * size); err != nil {
			return err
		}
	}
	return nil
}

// restoreNoData replaces the value that stands for no data in the samples by the one that the caller of the encoder
// used, and returns it; NaN if there is none.
func (d *bandReader[T]) restoreNoData() float64 {
	if !d.noData {
		return math.NaN()
	}
	in, out := toSample[T](d.noDataIn), toSample[T](d.noDataOut)
	if d.depth > 1 && in != out {
		for i, v := range d.pix {
			if v == in && (d.ok == nil || d.ok[i/d.depth] != invalid) {
				d.pix[i] = out
			}
		}
	}
	return d.noDataOut
}

// equalBits reports whether two rows of samples are the same, bit for bit.
func equalBits[T Sample](a, b []T) bool {
	for i, v := range a {
		if math.Float64bits(float64(v)) != math.Float64bits(float64(b[i])) {
			return false
		}
	}
	return true
}
