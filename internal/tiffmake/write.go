package tiffmake

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// Bytes returns the file.
func (f *File) Bytes() []byte {
	var m memory
	if _, err := f.WriteAt(&m); err != nil {
		panic(err) // memory does not fail
	}
	return m
}

// memory is an io.WriterAt that grows.
type memory []byte

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	if need := int(off) + len(p); need > len(*m) {
		*m = slices.Grow(*m, need-len(*m))[:need]
	}
	return copy((*m)[off:], p), nil
}

// WriteAt writes the file to w, from offset 0 on, and returns its size.
func (f *File) WriteAt(w io.WriterAt) (int64, error) {
	t := &writer{w: w, big: f.Big, order: binary.LittleEndian}
	if f.BigEndian {
		t.order = binary.BigEndian
	}
	t.off = 8
	if f.Big {
		t.off = 16
	}

	var main, others, subs []*directory
	for l, size := range append([]image.Point{f.Size}, f.Levels...) {
		d := f.image(t, l, size)
		switch {
		case l == 0:
			main = append(main, d)
		case f.SubIFDs:
			subs = append(subs, d)
		default:
			others = append(others, d)
		}
		if f.Mask != nil {
			m := f.mask(t, l, size)
			if l > 0 && f.SubIFDs {
				subs = append(subs, m)
			} else {
				others = append(others, m)
			}
		}
	}
	// The directories come after all values, the last one first, so that the offset of each is known to the one before.
	var offsets []uint64
	for _, d := range subs {
		t.directory(d, 0)
		offsets = append(offsets, d.offset)
	}
	if len(offsets) > 0 {
		main[0].set(Tag{Number: tagSubIFDs, Value: t.offsets(offsets)})
	}
	chain := append(main, others...)
	next := f.NextIFD
	for _, d := range slices.Backward(chain) {
		t.directory(d, next)
		next = d.offset
	}
	t.header(next)
	return t.off, t.err
}

// A writer writes numbers of one byte order, and keeps the first error.
type writer struct {
	w     io.WriterAt
	off   int64
	big   bool
	order binary.ByteOrder
	err   error
}

// append writes p at the end, on a word boundary, and returns the offset.
func (t *writer) append(p []byte) uint64 {
	t.off += t.off & 1
	at := t.off
	t.writeAt(p, at)
	t.off += int64(len(p))
	return uint64(at)
}

func (t *writer) writeAt(p []byte, off int64) {
	if t.err == nil {
		_, t.err = t.w.WriteAt(p, off)
	}
}

// header writes the header of the file, with the offset of the first directory.
func (t *writer) header(first uint64) {
	h := []byte("II")
	if t.order == binary.ByteOrder(binary.BigEndian) {
		h = []byte("MM")
	}
	if t.big {
		h = t.uint16(t.uint16(t.uint16(h, 43), 8), 0)
		h = t.uint64(h, first)
	} else {
		h = t.uint32(t.uint16(h, 42), uint32(first))
	}
	t.writeAt(h, 0)
}

func (t *writer) uint16(b []byte, v uint16) []byte {
	return t.order.(binary.AppendByteOrder).AppendUint16(b, v)
}
func (t *writer) uint32(b []byte, v uint32) []byte {
	return t.order.(binary.AppendByteOrder).AppendUint32(b, v)
}
func (t *writer) uint64(b []byte, v uint64) []byte {
	return t.order.(binary.AppendByteOrder).AppendUint64(b, v)
}

// offsets returns file offsets as a value of a tag: of 64 bits in BigTIFF, else of 32.
func (t *writer) offsets(v []uint64) any {
	if t.big {
		return v
	}
	o := make([]uint32, len(v))
	for i := range v {
		if v[i] > math.MaxUint32 {
			panic("tiffmake: classic TIFF beyond 4 GiB")
		}
		o[i] = uint32(v[i])
	}
	return o
}

// A directory is a set of tags. It is written after everything that it points to.
type directory struct {
	tags   map[int]Tag
	offset uint64
}

func (d *directory) set(tags ...Tag) {
	for _, t := range tags {
		d.tags[t.Number] = t
	}
}

// directory writes d, with the offset of the next one, and sets its own.
func (t *writer) directory(d *directory, next uint64) {
	var numbers []int
	for n := range d.tags {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	var b []byte
	if t.big {
		b = t.uint64(b, uint64(len(numbers)))
	} else {
		b = t.uint16(b, uint16(len(numbers)))
	}
	for _, n := range numbers {
		b = t.entry(b, d.tags[n])
	}
	if t.big {
		b = t.uint64(b, next)
	} else {
		b = t.uint32(b, uint32(next))
	}
	d.offset = t.append(b)
}

// entry appends the entry of a tag, and writes its value if that does not fit in the entry.
func (t *writer) entry(b []byte, tag Tag) []byte {
	var typ uint16
	var value []byte
	var count int
	switch v := tag.Value.(type) {
	case string:
		typ, value, count = 2, []byte(v), len(v)
	case []uint8:
		typ, value, count = 1, v, len(v)
	case []uint16:
		typ, count = 3, len(v)
		for _, x := range v {
			value = t.uint16(value, x)
		}
	case []uint32:
		typ, count = 4, len(v)
		for _, x := range v {
			value = t.uint32(value, x)
		}
	case []uint64:
		typ, count = 16, len(v)
		for _, x := range v {
			value = t.uint64(value, x)
		}
	case []float64:
		typ, count = 12, len(v)
		for _, x := range v {
			value = t.uint64(value, math.Float64bits(x))
		}
	default:
		panic(fmt.Sprintf("tiffmake: tag %d is a %T", tag.Number, tag.Value))
	}
	n := uint64(count)
	if tag.Count != 0 {
		n = tag.Count
	}
	b = t.uint16(t.uint16(b, uint16(tag.Number)), typ)
	inline := 4
	if t.big {
		b, inline = t.uint64(b, n), 8
	} else {
		b = t.uint32(b, uint32(n))
	}
	if len(value) <= inline && tag.Offset == 0 {
		return append(append(b, value...), make([]byte, inline-len(value))...)
	}
	at := tag.Offset
	if at == 0 {
		at = t.append(value)
	}
	if t.big {
		return t.uint64(b, at)
	}
	return t.uint32(b, uint32(at))
}

const (
	tagSubfileType  = 254
	tagWidth        = 256
	tagLength       = 257
	tagBits         = 258
	tagCompression  = 259
	tagPhotometric  = 262
	tagStripOffsets = 273
	tagSamples      = 277
	tagRowsPerStrip = 278
	tagStripCounts  = 279
	tagPlanar       = 284
	tagPredictor    = 317
	tagColorMap     = 320
	tagTileWidth    = 322
	tagTileLength   = 323
	tagTileOffsets  = 324
	tagTileCounts   = 325
	tagSubIFDs      = 330
	tagExtra        = 338
	tagFormat       = 339
	tagScale        = 33550
	tagTiePoint     = 33922
	tagMatrix       = 34264
	tagGeoKeys      = 34735
	tagNoData       = 42113
)

// image writes the blocks of a level, and returns its directory.
func (f *File) image(t *writer, level int, size image.Point) *directory {
	d := f.blocks(t, f, level, size)
	short := func(n int, v ...int) Tag {
		s := make([]uint16, len(v))
		for i := range v {
			s[i] = uint16(v[i])
		}
		return Tag{Number: n, Value: s}
	}
	each := func(v int) []int { return slices.Repeat([]int{v}, f.bands()) }
	planar := 1
	if f.Planar {
		planar = 2
	}
	d.set(short(tagBits, each(bits(f.typ()))...), short(tagPhotometric, f.photometric()),
		short(tagSamples, f.bands()), short(tagPlanar, planar), short(tagFormat, each(format(f.typ()))...))
	if extra := f.extraSamples(); len(extra) > 0 {
		d.set(short(tagExtra, extra...))
	}
	if f.predictor() != 1 {
		d.set(short(tagPredictor, f.predictor()))
	}
	if f.ColorMap != nil {
		d.set(Tag{Number: tagColorMap, Value: f.ColorMap})
	}
	if level > 0 {
		d.set(Tag{Number: tagSubfileType, Value: []uint32{1}})
		return d
	}
	f.geo(d)
	d.set(f.Tags...)
	for _, n := range f.Remove {
		delete(d.tags, n)
	}
	return d
}

// geo sets the tags of the georeference, and of noData.
func (f *File) geo(d *directory) {
	if f.NoData != "" {
		d.set(Tag{Number: tagNoData, Value: f.NoData + "\x00"})
	}
	if f.TiePoint != nil {
		d.set(Tag{Number: tagTiePoint, Value: f.TiePoint})
	}
	if f.Scale != nil {
		d.set(Tag{Number: tagScale, Value: f.Scale})
	}
	if f.Matrix != nil {
		d.set(Tag{Number: tagMatrix, Value: f.Matrix})
	}
	if f.EPSG == 0 && !f.PixelIsPoint {
		return
	}
	model, key, kind := 1, 3072, 1
	if f.Geographic {
		model, key = 2, 2048
	}
	if f.PixelIsPoint {
		kind = 2
	}
	keys := []uint16{1, 1, 0, 3, 1024, 0, 1, uint16(model), 1025, 0, 1, uint16(kind), uint16(key), 0, 1, uint16(f.EPSG)}
	if f.EPSG == 0 {
		keys = []uint16{1, 1, 0, 1, 1025, 0, 1, uint16(kind)}
	}
	d.set(Tag{Number: tagGeoKeys, Value: keys})
}

// mask writes the mask of a level, and returns its directory.
func (f *File) mask(t *writer, level int, size image.Point) *directory {
	m := &File{Big: f.Big, BigEndian: f.BigEndian, Tile: f.Tile, RowsPerStrip: f.RowsPerStrip, Compression: f.Compression,
		Type: raster.U1, Photometric: 4,
		Sample: func(level, _, x, y int) float64 {
			switch {
			case !f.Mask(level, x, y):
				return 0
			case f.Mask8:
				return 255
			}
			return 1
		}}
	if f.Mask8 {
		m.Type = raster.U8
	}
	d := m.blocks(t, f, level, size)
	kind := uint32(4)
	if level > 0 {
		kind |= 1
	}
	d.set(Tag{Number: tagSubfileType, Value: []uint32{kind}}, Tag{Number: tagBits, Value: []uint16{uint16(bits(m.Type))}},
		Tag{Number: tagPhotometric, Value: []uint16{4}}, Tag{Number: tagSamples, Value: []uint16{1}})
	return d
}

// blocks writes the blocks of a level, and returns a directory with their offsets.
func (f *File) blocks(t *writer, parent *File, level int, size image.Point) *directory {
	block := f.Tile
	if block == (image.Point{}) {
		block = image.Pt(size.X, min(size.Y, f.RowsPerStrip))
		if f.RowsPerStrip == 0 {
			block.Y = size.Y
		}
	}
	across, down := (size.X+block.X-1)/block.X, (size.Y+block.Y-1)/block.Y
	planes := f.bands() / f.samples()
	offsets, counts := make([]uint64, planes*across*down), make([]uint64, planes*across*down)
	e := newEncoder(f, t.order)
	made := 0
	for i := range offsets {
		plane, col, row := i/(across*down), i%across, i/across%down
		if f.Sparse != nil && f.Sparse(level, plane, col, row) {
			continue
		}
		if parent.ShareTiles > 0 && made >= parent.ShareTiles {
			offsets[i], counts[i] = offsets[i-parent.ShareTiles], counts[i-parent.ShareTiles]
			continue
		}
		r := image.Rectangle{Max: block}.Add(image.Pt(col*block.X, row*block.Y))
		if f.Tile == (image.Point{}) {
			r.Max.Y = min(r.Max.Y, size.Y) // the last strip ends with the image
		}
		var b []byte
		if f.Block != nil {
			b = f.Block(level, plane, r)
		} else {
			b = e.block(level, plane, r, size)
		}
		offsets[i], counts[i] = t.append(b), uint64(len(b))
		made++
	}

	d := &directory{tags: map[int]Tag{}}
	d.set(Tag{Number: tagWidth, Value: []uint32{uint32(size.X)}}, Tag{Number: tagLength, Value: []uint32{uint32(size.Y)}},
		Tag{Number: tagCompression, Value: []uint16{uint16(f.compression())}})
	if f.Tile == (image.Point{}) {
		d.set(Tag{Number: tagStripOffsets, Value: t.offsets(offsets)}, Tag{Number: tagStripCounts, Value: t.offsets(counts)},
			Tag{Number: tagRowsPerStrip, Value: []uint32{uint32(block.Y)}})
	} else {
		d.set(Tag{Number: tagTileOffsets, Value: t.offsets(offsets)}, Tag{Number: tagTileCounts, Value: t.offsets(counts)},
			Tag{Number: tagTileWidth, Value: []uint32{uint32(block.X)}}, Tag{Number: tagTileLength, Value: []uint32{uint32(block.Y)}})
	}
	return d
}
