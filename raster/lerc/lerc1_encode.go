package lerc

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// sides1 are the sides of tiles that are tried, those of Esri's encoder. Tiles have fewer than 2^16 samples.
var sides1 = [...]int{8, 11, 15, 20, 32, 64}

// maxNumber1 is the largest number that is used for a sample; see settleSafe.
const maxNumber1 = 1<<30 - 1

// check1 returns an error for what Lerc1 cannot hold, whatever the samples are.
func (e *encoding) check1() error {
	switch {
	case e.options.Version != 0:
		return cannotEncode("EncodeOptions.Version", "%d, want 0 with Lerc1", e.options.Version)
	case e.depth > 1:
		return cannotEncode("Image.Depth", "%d, want 1 for Lerc1", e.depth)
	case e.width > maxSide1 || e.height > maxSide1 || int64(e.width)*int64(e.height) > maxBandBytes/8:
		return cannotEncode("Image.Width", "%d × %d pixels, Lerc1 has %d a side and %d at most",
			e.width, e.height, maxSide1, maxBandBytes/8)
	}
	return nil
}

// appendBands1 appends all bands as Lerc1.
func appendBands1[T Sample](dst []byte, e *encoding, pix []T) ([]byte, error) {
	e32 := *e
	if e32.typ = Float32; !e.typ.Float() {
		// Whole numbers lose nothing below an error of 1, which prepare cannot know of large ones as float32.
		e32.options.MaxZError = math.Floor(e.options.MaxZError)
	}
	w := &bandWriter[float32]{encoding: &e32, pulse: pulse{interrupt: e.options.Interrupt}}
	var own []float32
	if e.typ != Float32 {
		own = make([]float32, e.pixels())
	}
	if e.out != nil && e.bands > 1 {
		// What cannot be written fails before anything is.
		if err := eachBand1(w, e, pix, own, func(int) error { return nil }); err != nil {
			return nil, err
		}
	}
	dst = e32.room(dst)
	return dst, eachBand1(w, e, pix, own, func(band int) (err error) {
		if dst, err = w.append1(dst, band == 0); err != nil {
			return err
		}
		dst, err = e.flush(dst)
		return err
	})
}

// eachBand1 prepares bands one after the other, and calls do for each. own has memory for a band, if the samples have to
// be converted.
func eachBand1[T Sample](
	w *bandWriter[float32], e *encoding, pix []T, own []float32, do func(band int) error,
) error {
	n := e.pixels()
	var shared []uint8
	for band := range e.bands {
		mask, noData := e.band(band)
		samples, ours := any(pix).([]float32)
		if ours {
			samples = samples[band*n:][:n]
		} else {
			if err := toFloat32(own, pix[band*n:][:n], mask, noData); err != nil {
				return inEncodedBand(err, band)
			}
			samples, noData = own, math.NaN()
		}
		if err := w.prepare(samples, mask, noData); err != nil {
			return inEncodedBand(err, band)
		}
		if band > 0 && !slices.Equal(w.ok, shared) {
			return inEncodedBand(cannotEncode("Image.Valid", "bands share one mask in Lerc1"), band)
		}
		shared = w.ok
		if err := do(band); err != nil {
			return inEncodedBand(err, band)
		}
	}
	return nil
}

// toFloat32 converts the valid samples of a band, all of which float32 has to hold exactly. Those without data become
// NaN.
func toFloat32[T Sample](dst []float32, pix []T, mask []uint8, noData float64) error {
	marks, none := !math.IsNaN(noData), toSample[T](noData)
	for i, v := range pix {
		if dst[i] = float32(v); marks && v == none {
			dst[i] = float32(math.NaN())
		} else if float64(dst[i]) != float64(v) && v == v && (mask == nil || mask[i] != invalid) {
			return cannotEncode("Image.Pix", "sample %d is %v, which float32, the type of Lerc1, does not hold", i, v)
		}
	}
	return nil
}

// append1 appends the band that was prepared. Only the first one has a mask.
func (w *bandWriter[T]) append1(dst []byte, first bool) ([]byte, error) {
	start := len(dst)
	dst = append(dst, magic1...)
	for _, v := range [...]uint32{version1, type1, uint32(w.height), uint32(w.width)} {
		dst = binary.LittleEndian.AppendUint32(dst, v)
	}
	atError := len(dst)
	dst = binary.LittleEndian.AppendUint64(dst, 0)
	if first {
		dst = w.appendMask1(dst)
	}
	part := len(dst)
	dst, err := w.appendPart1(dst)
	if err == nil && w.violated {
		w.fallBack()
		dst, err = w.appendPart1(dst[:part])
	}
	if err != nil {
		return nil, err
	}
	if len(dst)-start > maxBandBytes {
		return nil, cannotEncode("Image.Pix", "the band takes %d bytes, more than 2 GiB", len(dst)-start)
	}
	binary.LittleEndian.PutUint64(dst[atError:], math.Float64bits(w.maxZError))
	return dst, nil
}

// appendHead1 appends the header of a part.
func appendHead1(dst []byte, down, across, size int, top float32) []byte {
	for _, v := range [...]int{down, across, size} {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(v))
	}
	return binary.LittleEndian.AppendUint32(dst, math.Float32bits(top))
}

// appendMask1 appends the part of the mask.
func (w *bandWriter[T]) appendMask1(dst []byte) []byte {
	switch {
	case w.ok == nil:
		return appendHead1(dst, 0, 0, 0, 1)
	case w.valid == 0:
		return appendHead1(dst, 0, 0, 0, 0)
	}
	at := len(dst)
	dst = packMask(appendHead1(dst, 0, 0, 0, 1), w.ok)
	const head = 4 * 4
	binary.LittleEndian.PutUint32(dst[at+2*4:], uint32(len(dst)-at-head))
	return dst
}

// A tiling1 is how a part is cut into tiles.
type tiling1 struct{ down, across int }

func (w *bandWriter[T]) tiling1(side int) tiling1 {
	return tiling1{max(1, w.height/side), max(1, w.width/side)}
}

// appendPart1 appends the part of the samples, in tiles of the side that makes it smallest. Samples that are stored as
// they are make up one tile: Esri's decoder in JavaScript reads them in no other way.
func (w *bandWriter[T]) appendPart1(dst []byte) ([]byte, error) {
	t := &tiles1[T]{bandWriter: w}
	var best tiling1
	least := 1 + 4*w.valid // as they are
	for _, side := range sides1 {
		p := w.tiling1(side)
		if p == best {
			continue
		}
		size, err := t.size(p, least)
		if err != nil {
			return nil, err
		}
		if size < least {
			best, least = p, size
		}
	}
	if best.down == 0 {
		dst = append(appendHead1(dst, 1, 1, least, float32(w.hi)), tileRaw)
		return w.appendRaw(dst), w.pulse.add(4 * w.valid)
	}
	dst = slices.Grow(appendHead1(dst, best.down, best.across, least, float32(w.hi)), least)
	err := t.each(best, func(n int, lo, hi T) bool {
		dst = t.appendTile(dst, n, lo, hi)
		return !w.violated
	})
	return dst, err
}

// tiles1 has memory for a tile.
type tiles1[T Sample] struct {
	*bandWriter[T]
	tile   []T // valid samples of the tile
	counts []uint32
}

// size returns the bytes of all tiles, or more than limit, also if there is a tile that cannot be coded.
func (t *tiles1[T]) size(p tiling1, limit int) (size int, err error) {
	err = t.each(p, func(n int, lo, hi T) bool {
		kind, bytes := t.plan1(n, float64(lo), float64(hi))
		if size += bytes; kind == tileRaw {
			size = math.MaxInt
		}
		return size <= limit
	})
	return size, err
}

// each collects the valid samples of each tile, and calls do with their number and range until it returns false.
func (t *tiles1[T]) each(p tiling1, do func(n int, lo, hi T) bool) error {
	b := blob1{width: t.width, height: t.height}
	going := true
	return eachTile1(&b, part1{down: p.down, across: p.across}, func(at rect) error {
		if !going {
			return nil
		}
		t.tile = t.gather1(t.tile[:0], at)
		var lo, hi T
		if len(t.tile) > 0 {
			lo, hi = rangeOf(t.tile)
		}
		going = do(len(t.tile), lo, hi)
		return t.pulse.add(at.pixels() * t.typ.Size())
	})
}

// gather1 appends the valid samples of a tile.
func (w *bandWriter[T]) gather1(dst []T, at rect) []T {
	for y := at.y0; y < at.y1; y++ {
		row := w.pix[y*w.width+at.x0 : y*w.width+at.x1]
		if w.ok == nil {
			dst = append(dst, row...)
			continue
		}
		for i, v := range w.ok[y*w.width+at.x0:][:len(row)] {
			if v != invalid {
				dst = append(dst, row[i])
			}
		}
	}
	return dst
}

// The ways to store a tile of Lerc1, the low bits of its first byte.
const (
	tileRaw   = 0
	tileBits  = 1
	tileZero  = 2
	tileConst = 3
)

// plan1 returns how n samples of a range are coded, and in how many bytes. tileRaw stands for not at all.
func (w *bandWriter[T]) plan1(n int, lo, hi float64) (kind byte, size int) {
	switch {
	case n == 0 || lo == 0 && hi == 0:
		return tileZero, 1
	case hi == lo:
		return tileConst, 1 + low1Bytes(lo)
	case w.maxZError == 0 || !(numbersIn(lo, hi, w.maxZError) <= maxNumber1):
		return tileRaw, 0
	}
	width := width1(lo, hi, w.maxZError)
	if width == 0 {
		return tileConst, 1 + low1Bytes(lo)
	}
	return tileBits, 1 + low1Bytes(lo) + 1 + countBytes(n) + stuffedBytes(n, width)
}

// width1 returns the bits of the numbers of samples of a range.
func width1(lo, hi, maxZError float64) int {
	return bits.Len32(uint32(numbersIn(lo, hi, maxZError) + 0.5))
}

// low1Bytes returns the size of the least sample of a tile: an int8 or int16 if that holds it.
func low1Bytes(v float64) int {
	switch v {
	case float64(int8(max(math.MinInt8, min(v, math.MaxInt8)))):
		return 1
	case float64(int16(max(math.MinInt16, min(v, math.MaxInt16)))):
		return 2
	}
	return 4
}

// appendTile appends the tile that was collected, of n samples.
func (t *tiles1[T]) appendTile(dst []byte, n int, lo, hi T) []byte {
	kind, _ := t.plan1(n, float64(lo), float64(hi))
	if kind == tileZero {
		return append(dst, kind)
	}
	switch v := float64(lo); low1Bytes(v) {
	case 1:
		dst = append(dst, kind|2<<6, byte(int8(v)))
	case 2:
		dst = binary.LittleEndian.AppendUint16(append(dst, kind|1<<6), uint16(int16(v)))
	default:
		dst = binary.LittleEndian.AppendUint32(append(dst, kind), math.Float32bits(float32(v)))
	}
	t.counts = slices.Grow(t.counts[:0], n)[:n]
	if kind == tileConst {
		clear(t.counts)
	} else {
		scale, low := 1/(2*t.maxZError), float64(lo)
		for i, v := range t.tile {
			t.counts[i] = uint32(int64(float64((float64(v)-low)*scale) + 0.5))
		}
	}
	if t.exact {
		t.verify(t.tile, t.counts, lo)
	}
	if kind == tileConst {
		return dst
	}
	width := width1(float64(lo), float64(hi), t.maxZError)
	return appendBitsOld(appendCount(dst, byte(width), n), t.counts, width)
}

// appendBitsOld appends numbers of width bits, as unstuffOld reads them.
func appendBitsOld(dst []byte, numbers []uint32, width int) []byte {
	acc, n := uint64(0), 0
	for _, v := range numbers {
		acc = acc<<width | uint64(v)
		if n += width; n >= 32 {
			n -= 32
			dst = binary.LittleEndian.AppendUint32(dst, uint32(acc>>n))
		}
	}
	if n == 0 {
		return dst
	}
	// The last word is stored without its least significant bytes, which hold no number.
	bytes := (n + 7) / 8
	last := uint32(acc<<(32-n)) >> (32 - 8*bytes)
	for range bytes {
		dst = append(dst, byte(last))
		last >>= 8
	}
	return dst
}
