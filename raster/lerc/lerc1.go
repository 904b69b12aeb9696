package lerc

import (
	"bytes"
	"encoding/binary"
	"math"
)

// Lerc1 holds float32 alone. A band is a header, then the part of the mask (in the first band only: others share it),
// and the part of the samples. A part is cut into tiles: as many equal ones as it states, and what is left over on the
// right and at the bottom.

const (
	version1 = 11 // of Lerc1, the only one
	type1    = 8  // of an image of counts and samples
	maxSide1 = 40000
)

// A blob1 is one band of Lerc1.
type blob1 struct {
	width, height int
	maxZError     float64
	size          int   // bytes of the band
	mask, samples part1 // mask is empty after the first band
}

// A part1 is a part of a band.
type part1 struct {
	down, across int // numbers of tiles
	top          float32
	b            []byte
}

// readBlob1 reads the headers of a band and of its parts.
func readBlob1(data []byte, first bool) (b blob1, err error) {
	r := reader{b: data}
	if !bytes.Equal(r.take(len(magic1)), []byte(magic1)) {
		return b, wrong("these bytes do not start with %q", magic1)
	}
	version, typ := r.int32(), r.int32()
	b.height, b.width, b.maxZError = r.int32(), r.int32(), r.float64()
	if r.short {
		return b, wrong("the header is cut off")
	}
	switch {
	case version != version1 || typ != type1:
		return b, wrong("version %d, type %d of Lerc1, want %d, %d", version, typ, version1, type1)
	case b.width < 1 || b.height < 1 || b.width > maxSide1 || b.height > maxSide1 ||
		int64(b.width)*int64(b.height) > maxBandBytes/8:
		return b, wrong("there are %d × %d pixels", b.width, b.height)
	case !(b.maxZError >= 0) || math.IsInf(b.maxZError, 1):
		return b, wrong("the largest error is %v", b.maxZError)
	}
	if first {
		b.mask = readPart1(&r)
	}
	b.samples = readPart1(&r)
	if r.short {
		return b, errShort()
	}
	b.size = r.at
	for _, p := range [...]part1{b.mask, b.samples} {
		if p.down < 0 || p.across < 0 || p.down > b.height || p.across > b.width {
			return b, wrong("%d × %d tiles of %d × %d pixels", p.across, p.down, b.width, b.height)
		}
	}
	if b.samples.down == 0 || b.samples.across == 0 || (b.mask.down == 0) != (b.mask.across == 0) {
		return b, wrong("there are no tiles")
	}
	return b, nil
}

func readPart1(r *reader) part1 {
	p := part1{down: r.int32(), across: r.int32()}
	size := r.int32()
	p.top = r.float32()
	p.b = r.take(size)
	return p
}

func decodeHeader1(data []byte) (Header, error) {
	h := Header{Depth: 1, Type: Float32, Min: math.NaN(), Max: math.Inf(-1)}
	for h.Bands == 0 || bytes.HasPrefix(data[h.Size:], []byte(magic1)) {
		b, err := readBlob1(data[h.Size:], h.Bands == 0)
		if err != nil {
			return Header{}, inBand(err, h.Bands)
		}
		if h.Bands == 0 {
			h.Width, h.Height = b.width, b.height
			if !b.allValid() {
				h.Masks = 1
			}
		} else if b.width != h.Width || b.height != h.Height {
			return Header{}, &FormatError{h.Bands, "the size differs from that of the first band"}
		}
		h.Bands++
		h.Size += b.size
		h.MaxZError = max(h.MaxZError, b.maxZError)
		h.Max = max(h.Max, float64(b.samples.top))
	}
	return h, nil
}

// allValid reports whether the part of the mask states that all pixels are valid.
func (b *blob1) allValid() bool { return b.mask.down == 0 && len(b.mask.b) == 0 && b.mask.top > 0 }

// A band1Reader decodes one band of Lerc1.
type band1Reader struct {
	*blob1
	reader
	pulse *pulse
	pix   []float32
	ok    []uint8 // validity; nil if all pixels are valid
	// numbers are those of a tile. Tiles may be as large as the image, so it grows.
	numbers []uint32
}

// decodeBands1 decodes the bands that h describes.
func decodeBands1(h *Header, pix []float32, valid []uint8, data []byte, p *pulse) error {
	var mask []uint8
	for band := range h.Bands {
		b, err := readBlob1(data, band == 0)
		if err != nil {
			return inBand(err, band)
		}
		data = data[b.size:]
		d := &band1Reader{blob1: &b, pulse: p, pix: pix[band*h.pixels():][:h.pixels()]}
		if band == 0 {
			if h.Masks > 0 {
				mask = valid[:h.pixels()]
			}
			if err := d.readMask(mask); err != nil {
				return inBand(err, band)
			}
			if d.allValid() {
				mask = nil
			}
		}
		if band < h.Masks && band > 0 {
			copy(valid[band*h.pixels():][:h.pixels()], valid)
		}
		d.ok, d.reader = mask, reader{b: b.samples.b}
		err = eachTile1(&b, b.samples, func(at rect) error {
			if err := d.tile(at); err != nil {
				return err
			}
			return p.add(4 * at.pixels())
		})
		if err != nil {
			return inBand(err, band)
		}
	}
	return nil
}

// eachTile1 calls do for the tiles of a part.
func eachTile1(b *blob1, p part1, do func(rect) error) error {
	high, wide := b.height/p.down, b.width/p.across
	for i := range p.down + 1 {
		y := i * high
		h := high
		if i == p.down {
			h = b.height - y
		}
		for j := range p.across + 1 {
			x := j * wide
			w := wide
			if j == p.across {
				w = b.width - x
			}
			if w == 0 || h == 0 {
				continue
			}
			if err := do(rect{x, y, x + w, y + h}); err != nil {
				return err
			}
		}
	}
	return nil
}

// readMask sets the validity of all pixels. ok is nil if nobody wants to know and all are valid.
func (d *band1Reader) readMask(ok []uint8) error {
	p := d.mask
	switch {
	case d.allValid():
		setValid(ok)
		return nil
	case p.down == 0 && len(p.b) == 0:
		clear(ok)
		return nil
	case p.down == 0:
		_, err := unpackMask(ok, p.b)
		return err
	}
	d.reader, d.ok = reader{b: p.b}, ok
	clear(ok)
	return eachTile1(d.blob1, p, func(at rect) error {
		if err := d.maskTile(at); err != nil {
			return err
		}
		return d.pulse.add(at.pixels())
	})
}

// maskTile reads a tile of counts. A pixel is valid if its count is greater than 0.
func (d *band1Reader) maskTile(at rect) error {
	set := func(v func(i int) bool) {
		i := 0
		for y := at.y0; y < at.y1; y++ {
			for x := at.x0; x < at.x1; x++ {
				if v(i) {
					d.ok[y*d.width+x] = valid
				}
				i++
			}
		}
	}
	head := d.byte()
	switch {
	case d.short:
		return errShort()
	case head == 2 || head == 3: // all are 0, or all are -1
		return nil
	case head == 4:
		set(func(int) bool { return true })
		return nil
	case head&63 > 4:
		return wrong("a tile of the mask starts with %#02x", head)
	case head == 0:
		b := d.take(4 * at.pixels())
		if b == nil {
			return errShort()
		}
		set(func(i int) bool { return math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])) > 0 })
		return nil
	}
	low, err := d.low(head >> 6)
	if err != nil {
		return err
	}
	numbers, err := d.stuffed(at.pixels())
	if err != nil {
		return err
	}
	if len(numbers) < at.pixels() {
		return errShort()
	}
	set(func(i int) bool { return low+float32(numbers[i]) > 0 })
	return nil
}

// low reads the least value of a tile.
func (d *band1Reader) low(code byte) (v float32, err error) {
	switch code {
	case 0:
		v = d.float32()
	case 1:
		v = float32(int16(d.uint16()))
	case 2:
		v = float32(int8(d.byte()))
	default:
		return 0, wrong("a tile has no least value of kind %d", code)
	}
	if d.short {
		return 0, errShort()
	}
	return v, nil
}

// stuffed reads up to n numbers.
func (d *band1Reader) stuffed(n int) ([]uint32, error) {
	head := d.byte()
	count, err := readCount(&d.reader, head)
	if err != nil {
		return nil, err
	}
	if uint64(count) > uint64(n) {
		return nil, wrong("%d numbers where there can be %d", count, n)
	}
	width := int(head & 63)
	if width > 31 || stuffedBytes(int(count), width) > len(d.b)-d.at {
		return nil, wrong("%d numbers of %d bits", count, width)
	}
	if int(count) > len(d.numbers) {
		d.numbers = make([]uint32, count)
	}
	numbers := d.numbers[:count]
	if width == 0 {
		clear(numbers)
		return numbers, nil
	}
	return numbers, unstuffNext(&d.reader, numbers, width, unstuffOld)
}

// tile reads a tile of samples.
func (d *band1Reader) tile(at rect) error {
	head := d.byte()
	if d.short {
		return errShort()
	}
	switch head & 63 {
	case 0:
		return d.set(at, func(int) (float32, bool) {
			v := d.float32()
			return v, !d.short
		})
	case 2:
		return d.set(at, func(int) (float32, bool) { return 0, true })
	case 1, 3:
	default:
		return wrong("a tile starts with %#02x", head)
	}
	low, err := d.low(head >> 6)
	if err != nil {
		return err
	}
	if head&63 == 3 {
		return d.set(at, func(int) (float32, bool) { return low, true })
	}
	numbers, err := d.stuffed(at.pixels())
	if err != nil {
		return err
	}
	step := 2 * d.maxZError
	return d.set(at, func(i int) (float32, bool) {
		if i >= len(numbers) {
			return 0, false
		}
		v := float32(float64(low) + float64(float64(numbers[i])*step))
		return min(v, d.samples.top), true
	})
}

// set sets the valid pixels of a tile to the values that next returns for 0, 1, and so on. It fails where next does.
func (d *band1Reader) set(at rect, next func(i int) (float32, bool)) error {
	i := 0
	for y := at.y0; y < at.y1; y++ {
		for p := y*d.width + at.x0; p < y*d.width+at.x1; p++ {
			if d.ok != nil && d.ok[p] == invalid {
				d.pix[p] = 0
				continue
			}
			v, ok := next(i)
			if !ok {
				return errShort()
			}
			d.pix[p] = v
			i++
		}
	}
	return nil
}
