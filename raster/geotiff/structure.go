package geotiff

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/google/tiff"
	"github.com/google/tiff/bigtiff"

	"github.com/geoexport/geoexport/internal/filetype"
)

// The structure of a file is its header and a chain of directories. Each directory is fetched as one bounded block,
// whose entries google/tiff parses. The functions of google/tiff that read whole files and fields are not used, since
// they trust the sizes and offsets in the file: values stay in the file until fields.go reads them.

// structure is the header of a file.
type structure struct {
	in     *input
	limits Limits
	order  binary.ByteOrder
	big    bool
	first  uint64 // offset of the first directory
	// entryBytes counts the bytes of the directories read so far. Directories do not overlap, so together they cannot
	// be larger than the file. That bounds the work that overlapping directories in a hostile file could cause.
	entryBytes uint64
	seen       map[uint64]bool
}

// A directory is the list of fields that describes one image of a file.
type directory struct {
	s      *structure
	offset uint64
	next   uint64
	fields map[tag]field
}

// A field is an entry of a directory whose value has not been read.
type field struct {
	typ    uint16
	count  uint64
	inline [8]byte // the value, or its offset
	size   uint64  // size of the value in bytes
	offset uint64  // offset of the value, if that is not inline
	// bad is the reason why the value cannot be read, or empty. It becomes an error only when the value is needed.
	bad string
}

var errLoop = errors.New("directories form a loop")

// isTIFF reports whether a file begins with a byte order of TIFF.
func isTIFF(h []byte) bool {
	return bytes.HasPrefix(h, []byte("II")) || bytes.HasPrefix(h, []byte("MM"))
}

func readStructure(ctx context.Context, in *input, limits Limits) (*structure, error) {
	s := &structure{in: in, limits: limits, seen: map[uint64]bool{}}
	h := in.head
	if format := filetype.Of(h, in.name); format != "" && !isTIFF(h) {
		return nil, &UnsupportedError{Name: "format", Value: format, Reason: "this package reads TIFF"}
	}
	if len(h) < 8 {
		return nil, &FormatError{Name: "file", Reason: fmt.Sprintf("%d bytes are no TIFF", len(h))}
	}
	switch string(h[:2]) {
	case "II":
		s.order = binary.LittleEndian
	case "MM":
		s.order = binary.BigEndian
	default:
		return nil, &FormatError{Name: "byte order", Value: fmt.Sprintf("%q", h[:2]), Reason: "not a TIFF"}
	}
	switch version := s.order.Uint16(h[2:]); version {
	case tiff.Version:
		s.first = uint64(s.order.Uint32(h[4:]))
	case bigtiff.Version:
		if len(h) < 16 {
			return nil, &FormatError{Name: "file", Reason: fmt.Sprintf("%d bytes are no BigTIFF", len(h))}
		}
		if n := s.order.Uint16(h[4:]); n != 8 {
			return nil, wrong(part("offset size"), n, "BigTIFF has 8")
		}
		s.big = true
		s.first = s.order.Uint64(h[8:])
	default:
		return nil, wrong(part("version"), version, "TIFF has 42, BigTIFF 43")
	}
	return s, ctx.Err()
}

// directory reads the directory at offset off.
func (s *structure) directory(ctx context.Context, off uint64) (*directory, error) {
	where := part(fmt.Sprintf("directory at %d", off))
	if s.seen[off] {
		return nil, &FormatError{Name: where.String(), Err: errLoop}
	}
	s.seen[off] = true
	if exceeds(uint64(len(s.seen)), s.limits.Directories) {
		return nil, &LimitError{"Directories", "directories", uint64(len(s.seen)), int64(s.limits.Directories)}
	}

	countSize, entrySize, nextSize := uint64(2), uint64(12), uint64(4)
	if s.big {
		countSize, entrySize, nextSize = 8, 20, 8
	}
	if !s.in.has(off, countSize) {
		return nil, wrong(where, nil, fmt.Sprintf("the file has %d bytes", s.in.size))
	}
	var buf [8]byte
	if err := s.in.readAt(ctx, buf[:countSize], off); err != nil {
		return nil, err
	}
	n := uint64(s.order.Uint16(buf[:]))
	if s.big {
		n = s.order.Uint64(buf[:])
	}
	if exceeds(n, s.limits.Entries) {
		return nil, &LimitError{"Entries", where.String() + ": entries", n, int64(s.limits.Entries)}
	}
	size := n * entrySize
	if n == 0 || !s.in.has(off+countSize, size) {
		return nil, wrong(where, nil, fmt.Sprintf("%d entries in a file of %d bytes", n, s.in.size))
	}
	s.entryBytes += countSize + size
	if s.entryBytes > s.in.size {
		return nil, wrong(where, nil, "directories overlap")
	}

	// The offset of the next directory may be missing at the end of a file: libtiff tolerates that.
	if s.in.has(off+countSize, size+nextSize) {
		size += nextSize
	}
	block := make([]byte, size)
	if err := s.in.readAt(ctx, block, off+countSize); err != nil {
		return nil, err
	}
	d := &directory{s: s, offset: off, fields: make(map[tag]field, min(n, 32))}
	br := tiff.NewBReader(bytes.NewReader(block[:n*entrySize]), s.order)
	for range n {
		// Of entries with the same tag the last one counts, as in libtiff. Entries need not be sorted.
		if err := s.entry(br, d.fields); err != nil {
			return nil, &FormatError{Name: where.String(), Err: err}
		}
	}
	switch next := block[n*entrySize:]; len(next) {
	case 4:
		d.next = uint64(s.order.Uint32(next))
	case 8:
		d.next = s.order.Uint64(next)
	}
	return d, nil
}

// entry adds the next entry of br to fields, if its tag is known.
func (s *structure) entry(br tiff.BReader, fields map[tag]field) error {
	var (
		t      tag
		f      field
		inline uint64
	)
	if s.big {
		e, err := bigtiff.ParseEntry(br)
		if err != nil {
			return err
		}
		t, f.typ, f.count, f.inline, inline = tag(e.TagID()), e.TypeID(), e.Count(), e.ValueOffset(), 8
		f.offset = s.order.Uint64(f.inline[:])
	} else {
		e, err := tiff.ParseEntry(br)
		if err != nil {
			return err
		}
		v := e.ValueOffset()
		t, f.typ, f.count, inline = tag(e.TagID()), e.TypeID(), uint64(e.Count()), 4
		copy(f.inline[:], v[:])
		f.offset = uint64(s.order.Uint32(v[:]))
	}
	if !t.known() {
		return nil
	}
	unit := typeSize(f.typ)
	switch {
	case unit == 0:
		return nil // TIFF 6.0, page 16: readers skip fields of unknown types
	case f.count > s.in.size/unit:
		f.bad = fmt.Sprintf("%d values of %d bytes in a file of %d bytes", f.count, unit, s.in.size)
	default:
		f.size = f.count * unit
		if f.size <= inline {
			f.offset = 0
		} else if f.offset == 0 || !s.in.has(f.offset, f.size) { // a value cannot lie in the header
			f.bad = fmt.Sprintf("%d bytes at %d in a file of %d bytes", f.size, f.offset, s.in.size)
		}
	}
	fields[t] = f
	return nil
}

// The types of fields.
const (
	typeByte     = 1
	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5
	typeFloat    = 11
	typeDouble   = 12
	typeIFD      = 13
	typeLong8    = 16
	typeIFD8     = 18
)

// typeSize returns the size in bytes of one value of a type; 0 for unknown types.
func typeSize(typ uint16) uint64 {
	if typ < typeByte || typ > typeIFD8 {
		return 0 // google/tiff would treat them as bytes
	}
	return tiff.DefaultFieldTypeSpace.GetFieldType(typ).Size()
}
