package lerc

import (
	"bytes"
	"encoding/binary"
	"math"
)

// The first bytes of blobs.
const (
	magic1 = "CntZImage "
	magic2 = "Lerc2 "
)

// newestVersion is the newest version of Lerc2 that is known.
const newestVersion = 6

// maxBandBytes is the most that the samples of one band may take, by the format.
const maxBandBytes = math.MaxInt32

// A Header describes an image before it is decoded.
type Header struct {
	// Version is the version of Lerc2, 1 to 6; 0 stands for Lerc1.
	Version int
	Width   int
	Height  int
	Bands   int
	Depth   int // samples of a pixel in one band
	Type    Type
	// Masks is the number of masks: 0 if all pixels hold data, 1 if all bands share one, else Bands.
	Masks int
	// NoData reports that a band marks single samples of a pixel with a value; see Image.NoData.
	NoData bool
	// MaxZError is the most by which samples may differ from those that were encoded: the greatest of the bands'.
	MaxZError float64
	// Min and Max are the least and the greatest sample of all bands. Lerc1 does not state Min, which is NaN, and
	// states Max before it was quantised.
	Min, Max float64
	// Size is the number of bytes of all bands. Bytes that follow are ignored.
	Size int
}

// pixels returns the number of pixels of a band.
func (h *Header) pixels() int { return h.Width * h.Height }

// samples returns the number of samples of a band.
func (h *Header) samples() int { return h.Width * h.Height * h.Depth }

// A blob is the header of one band of Lerc2 and what follows it.
type blob struct {
	version, width, height, depth int
	typ                           Type
	valid                         int // number of valid pixels
	block                         int // side of a micro-block
	more                          int // number of bands that follow, from version 6 on
	maxZError, lo, hi             float64
	noData                        bool // noDataIn stands for noDataOut in samples
	noDataIn, noDataOut           float64
	size                          int    // bytes of the band
	mask                          []byte // packed; empty if there is none
	body                          []byte // what follows the mask
}

// hasNext reports whether another band may follow this one.
func (b *blob) hasNext() bool { return b.version <= 5 || b.more > 0 }

// readBlob reads the header of the band at the start of data. It checks all numbers against each other and the band's
// size against data, but not the checksum.
func readBlob(data []byte) (b blob, err error) {
	r := reader{b: data}
	if !bytes.Equal(r.take(len(magic2)), []byte(magic2)) {
		return b, wrong("these bytes do not start with %q or %q", magic2, magic1)
	}
	b.version = r.int32()
	if r.short {
		return b, wrong("the header is cut off")
	}
	if b.version < 1 || b.version > newestVersion {
		return b, &UnsupportedError{b.version}
	}
	if b.version >= 3 {
		r.take(4) // the checksum
	}
	b.height, b.width, b.depth = r.int32(), r.int32(), 1
	if b.version >= 4 {
		b.depth = r.int32()
	}
	b.valid, b.block, b.size = r.int32(), r.int32(), r.int32()
	typ := r.int32()
	if b.version >= 6 {
		b.more = r.int32()
		b.noData = r.byte() != 0
		r.take(3) // whether floating-point samples are whole numbers, which changes nothing; two are reserved
	}
	b.maxZError, b.lo, b.hi = r.float64(), r.float64(), r.float64()
	if b.version >= 6 {
		b.noDataIn, b.noDataOut = r.float64(), r.float64()
	}
	maskBytes := r.int32()
	if r.short {
		return b, wrong("the header is cut off")
	}
	if typ < 0 || typ > int(Float64-Int8) {
		return b, wrong("there is no type %d of samples", typ)
	}
	b.typ = Type(typ) + Int8
	if err := b.check(); err != nil {
		return b, err
	}
	if b.size < r.at || b.size > len(data) {
		return b, wrong("the band has %d bytes, the header states %d", len(data), b.size)
	}
	r.b = r.b[:b.size]
	if maskBytes < 0 || maskBytes > b.size-r.at {
		return b, wrong("the mask has %d bytes of %d", maskBytes, b.size-r.at)
	}
	if all := b.width * b.height; maskBytes > 0 && (b.valid == 0 || b.valid == all) {
		return b, wrong("there is a mask, but %d pixels of %d hold data", b.valid, all)
	}
	b.mask = r.take(maskBytes)
	b.body = r.rest()
	return b, nil
}

// check returns an error for numbers that contradict each other.
func (b *blob) check() error {
	if b.width <= 0 || b.height <= 0 || b.depth <= 0 {
		return wrong("there are %d × %d pixels of %d samples", b.width, b.height, b.depth)
	}
	pixels := int64(b.width) * int64(b.height)
	if pixels > maxBandBytes || pixels*int64(b.typ.Size()) > maxBandBytes/int64(b.depth) {
		return wrong("%d × %d pixels of %d samples are more than a band can have", b.width, b.height, b.depth)
	}
	if b.valid < 0 || int64(b.valid) > pixels {
		return wrong("%d of %d pixels hold data", b.valid, pixels)
	}
	if b.block < 1 || b.block > maxBlock {
		return wrong("micro-blocks have %d pixels a side, want 1 to %d", b.block, maxBlock)
	}
	if !(b.maxZError >= 0) || math.IsInf(b.maxZError, 1) {
		return wrong("the largest error is %v", b.maxZError)
	}
	return nil
}

// checksum compares the checksum of the band, which versions from 3 on have, with its bytes. data starts with the
// band.
func (b *blob) checksum(data []byte) error {
	if b.version < 3 {
		return nil
	}
	const at = len(magic2) + 4
	want, got := binary.LittleEndian.Uint32(data[at:]), fletcher32(data[at+4:b.size])
	if want != got {
		return wrong("the checksum is %08x, that of the bytes %08x", want, got)
	}
	return nil
}

// DecodeHeader reads the header of an image, without decoding it. It takes no memory. Checksums are not checked.
func DecodeHeader(data []byte) (Header, error) {
	if bytes.HasPrefix(data, []byte(magic1)) {
		return decodeHeader1(data)
	}
	first, err := readBlob(data)
	if err != nil {
		return Header{}, err
	}
	h := Header{Version: first.version, Width: first.width, Height: first.height, Depth: first.depth, Type: first.typ,
		Min: math.Inf(1), Max: math.Inf(-1)}
	b := first
	for {
		h.Bands++
		h.Size += b.size
		h.NoData = h.NoData || b.noData
		h.MaxZError = max(h.MaxZError, b.maxZError)
		h.Min, h.Max = min(h.Min, b.lo), max(h.Max, b.hi)
		switch {
		case h.Bands == 1 && b.valid < h.pixels():
			h.Masks = 1
		case h.Bands > 1 && (len(b.mask) > 0 || b.valid != first.valid):
			h.Masks = 2
		}
		if !b.hasNext() || !bytes.HasPrefix(data[h.Size:], []byte(magic2)) {
			break
		}
		if b, err = readBlob(data[h.Size:]); err != nil {
			return Header{}, inBand(err, h.Bands)
		}
		if b.width != h.Width || b.height != h.Height || b.depth != h.Depth || b.typ != h.Type {
			return Header{}, &FormatError{h.Bands, "the size or type differs from that of the first band"}
		}
	}
	if b.more > 0 {
		return Header{}, &FormatError{h.Bands, "the band is missing"}
	}
	if h.Masks > 1 {
		h.Masks = h.Bands
	}
	return h, nil
}

// inBand returns the error with the number of a band.
func inBand(err error, band int) error {
	if e, ok := err.(*FormatError); ok {
		return &FormatError{band, e.Reason}
	}
	return err
}

// A reader reads numbers, least significant byte first. Past the end it reads 0 and sets short.
type reader struct {
	b     []byte
	at    int
	short bool
}

// take returns the next n bytes, or nil if there are fewer.
func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b)-r.at {
		r.short = true
		return nil
	}
	r.at += n
	return r.b[r.at-n : r.at : r.at]
}

// rest returns the bytes that are left.
func (r *reader) rest() []byte { return r.b[r.at:] }

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint16() uint16 {
	if b := r.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) int32() int { return int(int32(r.uint32())) }

func (r *reader) float32() float32 { return math.Float32frombits(r.uint32()) }

func (r *reader) float64() float64 {
	if b := r.take(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

// sample reads a number of type t, as a float64 can hold all of them.
func (r *reader) sample(t Type) float64 {
	switch t {
	case Int8:
		return float64(int8(r.byte()))
	case Uint8:
		return float64(r.byte())
	case Int16:
		return float64(int16(r.uint16()))
	case Uint16:
		return float64(r.uint16())
	case Int32:
		return float64(int32(r.uint32()))
	case Uint32:
		return float64(r.uint32())
	case Float32:
		return float64(r.float32())
	}
	return r.float64()
}
