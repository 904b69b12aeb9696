package encode

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/flate"

	"github.com/geoexport/geoexport/internal/pngfilter"
)

// The pixels of a PNG are one zlib stream. We make it in segments of whole rows, each filtered and packed without the
// others: no segment refers to the bytes of another, so only the row above its first must be known. Each ends on a
// byte, by an empty block (a flush), and becomes one IDAT chunk. Where segments end depends on the size of the image
// alone, so segments are packed in parallel and the file is the same for any number of workers.
//
// A segment is packed in one of four ways. Maps of flat colours are best left unfiltered, which also saves the time for
// the thorough search that pays for them. Photographs after filtering have nearly no repetitions, and a match costs
// more to state than it saves: Huffman codes alone give smaller files four times as fast. Where a search saves a
// little, a quick search is enough. Where it saves much, as with maps and shaded relief, the compressor is fast, so
// there is time for a thorough one, which makes files a tenth smaller. Each segment chooses by a sample of itself;
// BenchmarkDeflateLevels has the figures.

// The approximate number of filtered bytes in a segment: many windows of deflate, so that little is lost by starting
// each one anew, and few enough that a small image has several segments.
const (
	minSegment  = 128 << 10
	maxSegment  = 512 << 10
	minSegments = 12 // number of segments of the least size, before they grow
)

// A packing is a way to pack a segment.
type packing int

const (
	huffman packing = iota
	quick
	thorough
	flat
)

// packingLevels are the levels of the compressor.
var packingLevels = [...]int{huffman: flate.HuffmanOnly, quick: 1, thorough: 6, flat: 8}

// A segment holds some rows before filtering, and the row above them.
type segment struct {
	from   *packers
	sum    *adler // checksum of all segments
	pixel  int    // bytes a pixel
	stride int    // bytes from one row to the next: a pixel of zeros, which stands left of the image, and the row
	raw    []byte // rows; the first is the row above
	rows   int    // number of rows that are filled
	plain  bool   // rows are not filtered
	first  bool   // begins the stream
	last   bool   // ends the stream

	chunk []byte // a chunk begun: room for its length, its name, packed bytes
	own   adler  // checksum of the filtered bytes
}

func (s *segment) init(h pngHeader) {
	s.pixel = h.pixelBytes()
	s.stride = s.pixel * (1 + h.size.X)
	size := min(max(int64(s.stride)*int64(h.size.Y)/minSegments, minSegment), maxSegment)
	rows := min(max(int(size)/s.stride, 1), h.size.Y)
	n := s.stride * (1 + rows)
	s.raw = slices.Grow(s.raw[:0], n)[:n]
	for y := range 1 + rows {
		clear(s.raw[y*s.stride:][:s.pixel])
	}
	// Differences between indices mean nothing (section 12.7 advises so too).
	s.plain = h.colour == pngIndex
}

// restart empties the segment, and sets the row above its first; nil stands for a row of zeros.
func (s *segment) restart(above []byte) {
	s.rows, s.first, s.last = 0, above == nil, false
	if above == nil {
		clear(s.raw[:s.stride])
	} else {
		copy(s.raw, above)
	}
}

// row returns the slice for the next row.
func (s *segment) row() []byte {
	i := (1+s.rows)*s.stride + s.pixel
	return s.raw[i : i+s.stride-s.pixel]
}

// next takes the row, which has been filled, and reports whether the segment is full.
func (s *segment) next() bool {
	s.rows++
	return (2+s.rows)*s.stride > len(s.raw)
}

// lastRow returns the row that was filled last, with the pixel before it.
func (s *segment) lastRow() []byte { return s.raw[s.rows*s.stride : (1+s.rows)*s.stride] }

// flat reports, by every eighth row, whether nearly all pixels equal their left neighbours and there are few colours.
func (s *segment) flat() bool {
	var colours [flatColours][8]byte
	seen, n, changes := 0, 0, 0
	for y := 1; y <= s.rows; y += 8 {
		row := s.raw[y*s.stride : (y+1)*s.stride]
		n += len(row) / s.pixel
		for i := s.pixel; i+s.pixel <= len(row); i += s.pixel {
			p := row[i : i+s.pixel]
			if bytes.Equal(p, row[i-s.pixel:i]) {
				continue
			}
			if changes++; changes*flatAbove > len(s.raw)/s.pixel/8 {
				return false
			}
			var colour [8]byte
			copy(colour[:], p)
			if slices.Contains(colours[:seen], colour) {
				continue
			}
			if seen == len(colours) {
				return false
			}
			colours[seen] = colour
			seen++
		}
	}
	return changes*flatAbove <= n
}

// In a flat segment, at most one pixel in flatAbove differs from its left neighbour, and there are at most flatColours
// colours. Maps change at one pixel in 20, shaded relief at every other.
const (
	flatAbove   = 8
	flatColours = 64
)

func (s *segment) pack() error {
	p := s.from.get()
	defer s.from.put(p)
	return p.segment(s)
}

// write completes and writes the chunk. The last one ends with the checksum of all filtered bytes, as zlib requires.
func (s *segment) write(w io.Writer) error {
	s.sum.append(s.own)
	if s.last {
		s.chunk = binary.BigEndian.AppendUint32(s.chunk, s.sum.value)
	}
	s.chunk = sealChunk(s.chunk)
	_, err := w.Write(s.chunk)
	return err
}

// packers lend out packers, because making one costs as much as packing a small image. They are safe for concurrent
// use; the zero value is ready.
type packers struct{ pool, segments sync.Pool }

func (z *packers) get() *packer {
	if p, ok := z.pool.Get().(*packer); ok {
		return p
	}
	return new(packer)
}

func (z *packers) put(p *packer) { z.pool.Put(p) }

func (z *packers) getSegment() *segment {
	if s, ok := z.segments.Get().(*segment); ok {
		return s
	}
	return new(segment)
}

func (z *packers) putSegment(s *segment) {
	s.sum = nil
	z.segments.Put(s)
}

// A packer filters and packs segments, one at a time. The zero value is ready.
type packer struct {
	filtered []byte
	to       *segment
	filter   pngfilter.Chooser
	deflate  [len(packingLevels)]*flate.Writer // nil until needed
	counter  counter
}

// compressor returns the compressor of the given packing, set to write to w.
func (p *packer) compressor(k packing, w io.Writer) (*flate.Writer, error) {
	if z := p.deflate[k]; z != nil {
		z.Reset(w)
		return z, nil
	}
	z, err := flate.NewWriter(w, packingLevels[k])
	p.deflate[k] = z
	return z, err
}

// Write appends the output of a compressor to the chunk.
func (p *packer) Write(b []byte) (int, error) {
	p.to.chunk = append(p.to.chunk, b...)
	return len(b), nil
}

// segment filters and packs s into its chunk.
func (p *packer) segment(s *segment) error {
	p.filtered = p.filtered[:0]
	flatly := s.flat()
	for y := range s.rows {
		prev, cur := s.raw[y*s.stride:(y+1)*s.stride], s.raw[(y+1)*s.stride:(y+2)*s.stride]
		if s.plain || flatly {
			p.filtered = append(append(p.filtered, pngfilter.None), cur[s.pixel:]...)
		} else {
			p.filtered = append(p.filtered, p.filter.Filter(cur, prev, s.pixel)...)
		}
	}
	s.own = sumOf(p.filtered)

	k := flat
	if !flatly {
		var err error
		if k, err = p.choose(); err != nil {
			return err
		}
	}
	s.chunk = append(s.chunk[:0], "\x00\x00\x00\x00IDAT"...)
	if s.first {
		// The header of zlib (RFC 1950): deflate with a window of 32 KiB, the fastest compression.
		s.chunk = append(s.chunk, 0x78, 0x01)
	}
	p.to = s
	defer func() { p.to = nil }()
	deflate, err := p.compressor(k, p)
	if err != nil {
		return err
	}
	if _, err := deflate.Write(p.filtered); err != nil {
		return err
	}
	if s.last {
		return deflate.Close()
	}
	return deflate.Flush()
}

// The sample of a segment is samplePieces pieces of sampleSize bytes: a sixteenth of it. In anything but photographs, a
// piece is longer than the usual distance between repetitions.
const (
	samplePieces = 2
	sampleSize   = 4 << 10
)

// choose returns how to pack the filtered bytes. It counts in whole numbers, so that all machines choose alike.
func (p *packer) choose() (packing, error) {
	if len(p.filtered) < samplePieces*sampleSize {
		return quick, nil // so little is packed in no time
	}
	coded, err := p.sample(huffman)
	if err != nil {
		return quick, err
	}
	searched, err := p.sample(quick)
	if err != nil {
		return quick, err
	}
	switch {
	case searched >= coded:
		return huffman, nil
	case searched >= coded*worthwhile/100:
		return quick, nil
	}
	return thorough, nil
}

// worthwhile bounds when a thorough search is worth its time: when a quick one makes a sample smaller than this
// percentage of what Huffman codes alone make. Shaded relief and class maps come under 70, photographs hardly under 85.
const worthwhile = 75

// sample returns the packed size of the sample.
func (p *packer) sample(k packing) (int, error) {
	p.counter = 0
	deflate, err := p.compressor(k, &p.counter)
	if err != nil {
		return 0, err
	}
	for i := range samplePieces {
		at := (2*i + 1) * len(p.filtered) / (2 * samplePieces)
		if _, err := deflate.Write(p.filtered[at-sampleSize/2 : at+sampleSize/2]); err != nil {
			return 0, err
		}
	}
	err = deflate.Close()
	return int(p.counter), err
}

// A counter counts bytes.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
