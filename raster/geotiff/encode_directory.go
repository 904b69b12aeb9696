package geotiff

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/spool"
)

// typeUndefined is the type of bytes without a meaning of their own. The encoder writes it; the reader never uses it.
const typeUndefined = 7

// An encodeField is one field of a directory: a tag, and its values as bytes in the order of the file.
type encodeField struct {
	tag  tag
	typ  uint16
	data []byte
}

// An encodeDirectory collects one directory: its fields, and its tiles.
type encodeDirectory struct {
	fields []encodeField // all fields except the offsets and sizes of tiles
	strips bool          // the tiles are strips
	rows   int           // number of rows of tiles that have been added
	sizes  []uint32      // of the tiles
	spans  []spoolSpan   // places of the tiles in the spool, in their order

	at, data uint64 // offsets of the directory and of its first tile in the file
}

// A spoolSpan is a part of the spool.
type spoolSpan struct{ off, n int64 }

// fileHeader returns the header of a file (TIFF 6.0, section 2; or BigTIFF), with the offset of the first directory.
func fileHeader(big bool, first uint64) []byte {
	h := []byte("II")
	if !big {
		h = binary.LittleEndian.AppendUint16(h, 42)
		return binary.LittleEndian.AppendUint32(h, uint32(first))
	}
	h = binary.LittleEndian.AppendUint16(h, 43)
	h = binary.LittleEndian.AppendUint16(h, 8) // size of an offset in bytes
	h = binary.LittleEndian.AppendUint16(h, 0)
	return binary.LittleEndian.AppendUint64(h, first)
}

// fileHeaderBytes returns the size of the header in bytes.
func fileHeaderBytes(big bool) uint64 { return uint64(len(fileHeader(big, 0))) }

// shortsField, longsField, doublesField and asciiField return fields with values of 16 and 32 bits, of floating-point
// numbers, and of a text.
func shortsField[T ~int | ~uint16](t tag, v ...T) encodeField {
	var b []byte
	for _, v := range v {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return encodeField{t, typeShort, b}
}

func longsField(t tag, v ...int) encodeField {
	var b []byte
	for _, v := range v {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return encodeField{t, typeLong, b}
}

func doublesField(t tag, v ...float64) encodeField {
	var b []byte
	for _, v := range v {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return encodeField{t, typeDouble, b}
}

func asciiField(t tag, s string) encodeField { return encodeField{t, typeASCII, append([]byte(s), 0)} }

// repeated returns a slice of n times the value v.
func repeated(n, v int) []int { return slices.Repeat([]int{v}, n) }

// size returns the size of the directory in bytes, including the values that do not fit in their entries. It is even,
// since directories have to start at even offsets.
func (d *encodeDirectory) size(big bool) uint64 {
	n, offset, inline := uint64(2+12*(len(d.fields)+2)+4), uint64(4), uint64(4)
	if big {
		n, offset, inline = uint64(8+20*(len(d.fields)+2)+8), 8, 8
	}
	add := func(v uint64) {
		if v > inline {
			n += v + v%2
		}
	}
	for _, f := range d.fields {
		add(uint64(len(f.data)))
	}
	add(offset * uint64(len(d.sizes)))
	add(4 * uint64(len(d.sizes)))
	return n
}

// bytes returns the size of all tiles in bytes.
func (d *encodeDirectory) bytes() (n uint64) {
	for _, v := range d.sizes {
		n += uint64(v)
	}
	return n
}

// append appends the bytes of the directory, whose offset is d.at, to dst. next is the offset of the next directory, or
// 0 after the last one.
func (d *encodeDirectory) append(dst []byte, big bool, next uint64) []byte {
	fields := append(slices.Clone(d.fields), d.places(big)...)
	slices.SortFunc(fields, func(a, b encodeField) int { return cmp.Compare(a.tag, b.tag) })
	number := func(v uint64) {
		if big {
			dst = binary.LittleEndian.AppendUint64(dst, v)
		} else {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(v))
		}
	}
	if big {
		number(uint64(len(fields)))
	} else {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(len(fields)))
	}
	inline, values := 4, d.at+uint64(2+12*len(fields)+4)
	if big {
		inline, values = 8, d.at+uint64(8+20*len(fields)+8)
	}
	var outside []byte
	for _, f := range fields {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(f.tag))
		dst = binary.LittleEndian.AppendUint16(dst, f.typ)
		number(uint64(len(f.data)) / typeSize(f.typ))
		if len(f.data) <= inline {
			dst = append(dst, f.data...)
			dst = append(dst, make([]byte, inline-len(f.data))...)
			continue
		}
		number(values + uint64(len(outside)))
		outside = append(outside, f.data...)
		if len(f.data)%2 != 0 {
			outside = append(outside, 0)
		}
	}
	number(next)
	return append(dst, outside...)
}

// places returns the fields of the tiles' offsets and sizes. The tiles lie one after the other from d.data on.
func (d *encodeDirectory) places(big bool) []encodeField {
	offsets, counts := encodeField{tag: tagTileOffsets, typ: typeLong}, encodeField{tag: tagTileByteCounts, typ: typeLong}
	if big {
		offsets.typ = typeLong8
	}
	if d.strips {
		offsets.tag, counts.tag = tagStripOffsets, tagStripByteCounts
	}
	at := d.data
	for _, n := range d.sizes {
		if big {
			offsets.data = binary.LittleEndian.AppendUint64(offsets.data, at)
		} else {
			offsets.data = binary.LittleEndian.AppendUint32(offsets.data, uint32(at))
		}
		counts.data = binary.LittleEndian.AppendUint32(counts.data, n)
		at += uint64(n)
	}
	return []encodeField{offsets, counts}
}

// keep spools a tile of the directory.
func (d *encodeDirectory) keep(s *spool.Spool, tile []byte) error {
	at := s.Len()
	if _, err := s.Write(tile); err != nil {
		return err
	}
	d.sizes = append(d.sizes, uint32(len(tile)))
	if n := len(d.spans); n > 0 && d.spans[n-1].off+d.spans[n-1].n == at {
		d.spans[n-1].n += int64(len(tile))
	} else {
		d.spans = append(d.spans, spoolSpan{at, int64(len(tile))})
	}
	return nil
}

// copyTiles writes the tiles that keep has spooled.
func (d *encodeDirectory) copyTiles(w io.Writer, s *spool.Spool) error {
	for _, p := range d.spans {
		if err := s.CopyTo(w, p.off, p.n); err != nil {
			return err
		}
	}
	return nil
}

// placeDirectories assigns offsets from at on: to the directories, one after the other, and then to their tiles,
// beginning with the tiles of the last directory. It returns the offset after the last tile.
func placeDirectories(dirs []*encodeDirectory, at uint64, big bool) uint64 {
	for _, d := range dirs {
		d.at = at
		at += d.size(big)
	}
	for _, d := range slices.Backward(dirs) {
		d.data = at
		at += d.bytes()
	}
	return at
}

// writeDirectories writes directories whose offsets have been assigned, the last one without a successor.
func writeDirectories(w io.Writer, dirs []*encodeDirectory, big bool) error {
	for i, d := range dirs {
		next := uint64(0)
		if i+1 < len(dirs) {
			next = dirs[i+1].at
		}
		if _, err := w.Write(d.append(nil, big, next)); err != nil {
			return err
		}
	}
	return nil
}

// end writes everything that had to wait until all rows were there.
func (e *encoder) end() error {
	if e.direct {
		return e.endDirect()
	}
	var dirs []*encodeDirectory
	for _, l := range e.levels {
		dirs = append(dirs, l.pixels)
		if l.mask != nil && e.holes {
			dirs = append(dirs, l.mask)
		}
	}
	big := e.options.BigTIFF || placeDirectories(dirs, fileHeaderBytes(false), false) > math.MaxUint32
	placeDirectories(dirs, fileHeaderBytes(big), big)
	if _, err := e.w.Write(fileHeader(big, dirs[0].at)); err != nil {
		return err
	}
	if err := writeDirectories(e.w, dirs, big); err != nil {
		return err
	}
	for _, d := range slices.Backward(dirs) {
		if err := d.copyTiles(e.w, &e.spool); err != nil {
			return err
		}
	}
	return nil
}

// begin writes everything that comes before uncompressed samples, the sizes of whose tiles are known: the header, and
// the directory, unless a mask may follow. Whether it will is known after the samples, and then the directories come there.
func (e *encoder) begin() error {
	l := e.levels[0]
	l.pixels.sizes = slices.Repeat([]uint32{uint32(e.tileBytes)}, e.tiles(l.size))
	if e.strips {
		last := len(l.pixels.sizes) - 1
		l.pixels.sizes[last] = uint32(e.rowBytes() * e.tileRows(l.size.Y-last*e.tile.Y))
	}
	dirs := []*encodeDirectory{l.pixels}
	most := placeDirectories(dirs, fileHeaderBytes(false), false)
	if l.mask != nil {
		// Deflate makes tiles of noise larger by a few bytes; 2^16 bytes are reserved for the directory itself.
		most += uint64(len(l.pixels.sizes))*uint64(e.maskTileBytes()+e.maskTileBytes()/64+64+8) + 1<<16
	}
	e.big = e.options.BigTIFF || most > math.MaxUint32
	if l.mask != nil {
		l.pixels.data = fileHeaderBytes(e.big)
		end := l.pixels.data + l.pixels.bytes()
		l.pixels.at = end + end%2
		_, err := e.w.Write(fileHeader(e.big, l.pixels.at))
		return err
	}
	placeDirectories(dirs, fileHeaderBytes(e.big), e.big)
	if _, err := e.w.Write(fileHeader(e.big, l.pixels.at)); err != nil {
		return err
	}
	return writeDirectories(e.w, dirs, e.big)
}

// endDirect writes the directories and the mask that follow uncompressed samples.
func (e *encoder) endDirect() error {
	l := e.levels[0]
	if l.mask == nil {
		return nil
	}
	end := l.pixels.data + l.pixels.bytes()
	if _, err := e.w.Write(bytes.Repeat([]byte{0}, int(end%2))); err != nil {
		return err
	}
	dirs := []*encodeDirectory{l.pixels}
	if e.holes {
		dirs = append(dirs, l.mask)
		placeDirectories(dirs[1:], l.pixels.at+l.pixels.size(e.big), e.big)
	}
	if err := writeDirectories(e.w, dirs, e.big); err != nil {
		return err
	}
	if !e.holes {
		return nil
	}
	return l.mask.copyTiles(e.w, &e.spool)
}
