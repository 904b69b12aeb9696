package lerc

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/littleendian"
)

// EncodeOptions configure encoding. Nil and the zero value mean the defaults.
type EncodeOptions struct {
	// MaxZError is the most by which a decoded sample may differ from the one that was encoded. 0, the default, loses
	// nothing, and nor does anything below 1 for whole numbers. Where the precision of float32 is coarser than the
	// bound allows, samples are kept exactly. Negative numbers and NaN are an *EncodeError.
	MaxZError float64

	// Version is the version of Lerc2 that is written, 3 to 6. 0, the default, is the lowest in which nothing
	// becomes larger: 4; 5 with Depth above 1; 6 for floating-point samples without loss and for
	// Image.NoData. Version 3 cannot hold a Depth above 1, and none but 6 can hold Image.NoData with it.
	Version int

	// Lerc1 writes Lerc1, the format before Lerc2, for readers that know no other. It holds float32 alone: samples of
	// another type that float32 does not hold exactly are an *EncodeError, and so are masks that differ between bands, a
	// Depth above 1 and a side of more than 40000 pixels. Readers have to know how samples were meant.
	Lerc1 bool

	// Interrupt, if not nil, is called about once for each MiB of samples. Its error ends encoding and is returned.
	Interrupt func() error
}

// The versions of Lerc2 that are written.
const (
	oldestWritten  = 3
	versionDefault = 4 // the first with Depth
	versionDiff    = 5 // the first with differences between the Depth samples of a pixel
	versionPlanes  = 6 // the first with planes of bytes and values for no data
)

// Encode writes an image. A sample that is NaN becomes invalid; with a Depth above 1 this needs Image.NoData, unless
// all samples of the pixel are NaN. The sign of a zero may be lost.
//
// A band states its size and its checksum at its beginning, so that it waits in memory until it is complete. Beside the
// image, Encode takes about as much memory as the samples of one band have, and not more with more bands.
//
// The error is an *EncodeError, that of EncodeOptions.Interrupt, or that of w. With Lerc1, an *EncodeError comes before
// anything is written. Encode is safe for concurrent use. Equal images and options give equal bytes on every machine.
func Encode(w io.Writer, m *Image, o *EncodeOptions) error {
	_, err := encode(nil, w, m, o)
	return err
}

// Append appends to dst what Encode writes.
func Append(dst []byte, m *Image, o *EncodeOptions) ([]byte, error) { return encode(dst, nil, m, o) }

// encode appends an image to dst or, if out is not nil, writes it band by band.
func encode(dst []byte, out io.Writer, m *Image, o *EncodeOptions) ([]byte, error) {
	if m == nil {
		return nil, cannotEncode("Image", "there is none")
	}
	e := encoding{width: m.Width, height: m.Height, bands: max(1, m.Bands), depth: max(1, m.Depth), typ: m.Type(),
		mask: m.Valid, noData: m.NoData, out: out}
	if o != nil {
		e.options = *o
	}
	if err := e.check(m); err != nil {
		return nil, err
	}
	switch pix := m.Pix.(type) {
	case []int8:
		return appendAll(dst, &e, pix)
	case []uint8:
		return appendAll(dst, &e, pix)
	case []int16:
		return appendAll(dst, &e, pix)
	case []uint16:
		return appendAll(dst, &e, pix)
	case []int32:
		return appendAll(dst, &e, pix)
	case []uint32:
		return appendAll(dst, &e, pix)
	case []float32:
		return appendAll(dst, &e, pix)
	case []float64:
		return appendAll(dst, &e, pix)
	}
	return nil, cannotEncode("Image.Pix", "%T is no slice of samples", m.Pix)
}

// encoding is what all bands of an image have in common.
type encoding struct {
	options                     EncodeOptions
	width, height, bands, depth int
	typ                         Type
	mask                        []uint8
	noData                      []float64
	version                     int
	out                         io.Writer // of bands that are complete; nil if they are appended
}

// room makes room in dst for a band, if bands are written: dst then never grows, which would take twice its memory.
func (e *encoding) room(dst []byte) []byte {
	if e.out == nil {
		return dst
	}
	// A row of micro-blocks is complete before its size is looked at.
	row := min(e.height, largeBlock) * e.width * (e.depth*e.typ.Size() + 1)
	const headers = 256
	return slices.Grow(dst, e.pixels()*e.depth*e.typ.Size()+e.pixels()/7+row+headers+2*e.depth*e.typ.Size())
}

// flush writes a band that is complete, if bands are written, and returns the memory for the next one.
func (e *encoding) flush(dst []byte) ([]byte, error) {
	if e.out == nil {
		return dst, nil
	}
	_, err := e.out.Write(dst)
	return dst[:0], err
}

func (e *encoding) pixels() int { return e.width * e.height }

// band returns the mask of a band, nil for none, and its value for no data, NaN for none.
func (e *encoding) band(band int) (mask []uint8, noData float64) {
	if len(e.mask) > 0 {
		mask = e.mask[len(e.mask)/e.pixels()*band/e.bands*e.pixels():][:e.pixels()]
	}
	if len(e.noData) > 0 {
		return mask, e.noData[band]
	}
	return mask, math.NaN()
}

// check returns an error for an image that contradicts itself or cannot be held.
func (e *encoding) check(m *Image) error {
	o := e.options
	switch {
	case !(o.MaxZError >= 0) || math.IsInf(o.MaxZError, 1):
		return cannotEncode("EncodeOptions.MaxZError", "%v, want 0 or more", o.MaxZError)
	case o.Version != 0 && (o.Version < oldestWritten || o.Version > newestVersion):
		return cannotEncode("EncodeOptions.Version", "%d, want 0 or %d to %d", o.Version, oldestWritten, newestVersion)
	case m.Width < 1 || m.Height < 1 || m.Bands < 0 || m.Depth < 0:
		return cannotEncode("Image.Width", "%d × %d pixels, %d bands, %d samples", m.Width, m.Height, m.Bands, m.Depth)
	case e.typ == 0:
		return cannotEncode("Image.Pix", "%T is no slice of samples", m.Pix)
	case o.Version == oldestWritten && e.depth > 1:
		return cannotEncode("Image.Depth", "%d in version %d, want 1", e.depth, o.Version)
	}
	pixels := int64(m.Width) * int64(m.Height)
	if m.Width > maxBandBytes || m.Height > maxBandBytes || pixels > maxBandBytes ||
		pixels*int64(e.typ.Size()) > maxBandBytes/int64(e.depth) {
		return cannotEncode("Image.Width", "%d × %d pixels of %d samples take more than 2 GiB",
			m.Width, m.Height, e.depth)
	}
	want := pixels * int64(e.depth)
	if n := samplesIn(m.Pix); int64(n) != want*int64(e.bands) {
		return cannotEncode("Image.Pix", "%d samples, want %d × %d", n, e.bands, want)
	}
	if n := int64(len(m.Valid)); n != 0 && n != pixels && n != pixels*int64(e.bands) {
		return cannotEncode("Image.Valid", "%d bytes, want %d or none", n, pixels)
	}
	if n := len(m.NoData); n != 0 && n != e.bands {
		return cannotEncode("Image.NoData", "%d values, want %d", n, e.bands)
	}
	for band, v := range m.NoData {
		lo, hi := e.typ.limits()
		if !math.IsNaN(v) && (v < lo || v > hi || !e.typ.Float() && v != math.Trunc(v)) {
			return cannotEncode("Image.NoData", "%v in band %d is no %v", v, band, e.typ)
		}
	}
	if o.Lerc1 {
		return e.check1()
	}
	return nil
}

func samplesIn(pix any) int {
	switch pix := pix.(type) {
	case []int8:
		return len(pix)
	case []uint8:
		return len(pix)
	case []int16:
		return len(pix)
	case []uint16:
		return len(pix)
	case []int32:
		return len(pix)
	case []uint32:
		return len(pix)
	case []float32:
		return len(pix)
	case []float64:
		return len(pix)
	}
	return 0
}

// A bandWriter encodes one band.
type bandWriter[T Sample] struct {
	*encoding
	pulse pulse
	pix   []T     // invalid samples have any value
	ok    []uint8 // validity; nil if all pixels are valid
	valid int     // number of valid pixels

	lows, highs []T // range of each of the Depth samples
	lo, hi      float64
	whole       bool // all samples are whole numbers that their type holds exactly
	maxZError   float64
	block       int
	pass        bool // noDataIn stands for noDataOut
	noDataIn    float64
	noDataOut   float64

	exact    bool // quantisation is checked, as it may break the bound
	violated bool // it has
	// room is how much smaller the error is than the bound, for rounding. careful states that it is too small for some
	// micro-blocks, which are stored as they are.
	room    float64
	careful bool

	counting bool // micro-blocks are not written, only counted
	counted  int  // bytes

	values          [maxBlock * maxBlock]T
	numbers, sorted *[maxBlock * maxBlock]uint32

	// before has the samples before, of the same pixels, as they are decoded; after becomes before.
	before, after *[maxBlock * maxBlock]T
	// others and otherSorted are those of differences while they are compared.
	others, otherSorted *[maxBlock * maxBlock]uint32
}

// appendAll appends all bands, in the format that is asked for.
func appendAll[T Sample](dst []byte, e *encoding, pix []T) ([]byte, error) {
	if e.options.Lerc1 {
		return appendBands1(dst, e, pix)
	}
	return appendBands(dst, e, pix)
}

// appendBands appends all bands as Lerc2.
func appendBands[T Sample](dst []byte, e *encoding, pix []T) ([]byte, error) {
	w := &bandWriter[T]{encoding: e, pulse: pulse{interrupt: e.options.Interrupt}}
	w.numbers, w.sorted = new([maxBlock * maxBlock]uint32), new([maxBlock * maxBlock]uint32)
	if e.depth > 1 {
		w.before, w.after = new([maxBlock * maxBlock]T), new([maxBlock * maxBlock]T)
		w.others, w.otherSorted = new([maxBlock * maxBlock]uint32), new([maxBlock * maxBlock]uint32)
	}
	n := e.pixels() * e.depth
	if err := w.settleVersion(pix); err != nil {
		return nil, err
	}
	var last []uint8
	dst = e.room(dst)
	for band := range e.bands {
		mask, noData := e.band(band)
		if err := w.prepare(pix[band*n:][:n], mask, noData); err != nil {
			return nil, inEncodedBand(err, band)
		}
		same := band > 0 && slices.Equal(w.ok, last)
		last = w.ok
		var err error
		if dst, err = w.append(dst, band, same); err != nil {
			return nil, inEncodedBand(err, band)
		}
		if dst, err = e.flush(dst); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// inEncodedBand adds the number of a band to an *EncodeError.
func inEncodedBand(err error, band int) error {
	if e, ok := err.(*EncodeError); ok && band > 0 {
		return &EncodeError{e.Field, fmt.Sprintf("band %d: %s", band, e.Reason)}
	}
	return err
}

// settleVersion chooses the version for all bands.
func (w *bandWriter[T]) settleVersion(pix []T) error {
	w.version = w.options.Version
	passes := w.depth > 1 && slices.ContainsFunc(w.noData, func(v float64) bool { return !math.IsNaN(v) })
	if w.version != 0 {
		if passes && w.version < versionPlanes {
			return cannotEncode("Image.NoData", "version %d cannot hold it, want %d", w.version, versionPlanes)
		}
		return nil
	}
	switch w.version = versionDefault; {
	case passes:
		w.version = versionPlanes
	case w.typ.Float():
		if w.options.MaxZError == 0 && slices.ContainsFunc(pix, func(v T) bool { return !isWhole(v) }) {
			w.version = versionPlanes
		}
	}
	if w.version == versionDefault && w.depth > 1 {
		w.version = versionDiff
	}
	return nil
}

// append appends the band that was prepared. same states that its mask is that of the band before.
func (w *bandWriter[T]) append(dst []byte, band int, same bool) ([]byte, error) {
	start := len(dst)
	dst = append(dst, make([]byte, headerBytes(w.version))...)
	if w.ok == nil || w.valid == 0 || same {
		dst = append(dst, 0, 0, 0, 0)
	} else {
		at := len(dst)
		dst = packMask(append(dst, 0, 0, 0, 0), w.ok)
		binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	dst, err := w.appendSamples(dst)
	if err != nil {
		return nil, err
	}
	if len(dst)-start > maxBandBytes {
		return nil, cannotEncode("Image.Pix", "the band takes %d bytes, more than 2 GiB", len(dst)-start)
	}
	w.putHeader(dst[start:], band)
	return dst, nil
}

// headerBytes returns the number of bytes before the mask.
func headerBytes(version int) int {
	switch {
	case version >= 6:
		return len(magic2) + 2*4 + 8*4 + 4 + 5*8
	case version >= 4:
		return len(magic2) + 2*4 + 7*4 + 3*8
	}
	return len(magic2) + 2*4 + 6*4 + 3*8
}

// putHeader writes the header of a band that is complete.
func (w *bandWriter[T]) putHeader(b []byte, band int) {
	h := append(b[:0], magic2...)
	put := func(v int) { h = binary.LittleEndian.AppendUint32(h, uint32(int32(v))) }
	putFloat := func(v float64) { h = binary.LittleEndian.AppendUint64(h, math.Float64bits(v)) }
	put(w.version)
	put(0) // the checksum
	put(w.height)
	put(w.width)
	if w.version >= 4 {
		put(w.depth)
	}
	put(w.valid)
	put(w.block)
	put(len(b))
	put(int(w.typ - Int8))
	if w.version >= 6 {
		put(w.bands - 1 - band)
		h = append(h, bit(w.pass), bit(w.whole && w.typ.Float()), 0, 0)
	}
	putFloat(w.maxZError)
	putFloat(w.lo)
	putFloat(w.hi)
	if w.version >= 6 {
		putFloat(w.noDataIn)
		putFloat(w.noDataOut)
	}
	const at = len(magic2) + 4
	binary.LittleEndian.PutUint32(b[at:], fletcher32(b[at+4:]))
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// appendSamples appends what follows the mask.
func (w *bandWriter[T]) appendSamples(dst []byte) ([]byte, error) {
	w.block = smallBlock
	if w.valid == 0 || w.lo == w.hi {
		return dst, nil
	}
	if w.version >= 4 {
		dst = littleendian.Append(littleendian.Append(dst, w.lows), w.highs)
		if equalBits(w.lows, w.highs) {
			return dst, nil
		}
	}
	dst = append(dst, 0) // samples are coded
	flag := len(dst) - 1
	bytewise := w.typ.Size() == 1 && w.maxZError == 0.5
	planes := w.version >= versionPlanes && w.typ.Float() && w.maxZError == 0
	if bytewise || planes {
		dst = append(dst, modeTiles)
	}
	dst, err := w.appendBest(dst, bytewise, planes)
	if err != nil {
		return nil, err
	}
	if raw := w.valid * w.depth * w.typ.Size(); raw <= len(dst)-flag-1 {
		dst = append(dst[:flag], 1)
		w.block = smallBlock
		return w.appendRaw(dst), nil
	}
	return dst, nil
}

// appendRaw appends the samples of all valid pixels as they are.
func (w *bandWriter[T]) appendRaw(dst []byte) []byte {
	if w.ok == nil {
		return littleendian.Append(dst, w.pix)
	}
	for i, v := range w.ok {
		if v != invalid {
			dst = littleendian.Append(dst, w.pix[i*w.depth:][:w.depth])
		}
	}
	return dst
}
