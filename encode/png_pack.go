package encode

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/flate"
)

// The pixels of a PNG are one zlib stream. We make it in segments of whole rows that are filtered and packed each for
// itself: no segment refers to the bytes of another, so only the row above its first must be known. Each ends on a
// byte, by an empty block (a flush), and becomes one IDAT chunk. Where segments end depends on the picture's size
// alone, so segments are packed side by side and the file is the same however many are at a time.
//
// A segment is packed in one of four ways. Maps of flat colours are best left unfiltered, which also saves the time for
// the search they deserve. Photographs after filtering have nearly no repetitions, and what a search
// finds costs more to state than it saves: Huffman codes alone give smaller files four times as fast. Where a search
// saves some, a quick one does. Where it saves much, as with maps and shaded relief, the compressor is fast, so there
// is time for a thorough one, which makes files a tenth smaller. Each segment chooses by a sample of itself;
// BenchmarkDeflateLevels has the figures.

// About how many filtered bytes make a segment: many windows of deflate, so that little is lost by starting each one
// anew, and few enough that a small picture has several.
const (
	minSegment  = 128 << 10
	maxSegment  = 512 << 10
	minSegments = 12 // before segments grow
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

// A segment is some rows before filtering, and the row above them.
type segment struct {
	from   *packers
	sum    *adler // of all segments
	pixel  int    // bytes a pixel
	stride int    // bytes from one row to the next: a pixel of zeros, which stands left of the picture, and the row
	raw    []byte // rows; the first is the row above
	rows   int    // that are filled
	plain  bool   // not filtered
	first  bool   // begins the stream
	last   bool   // ends it

	chunk []byte // a chunk begun: room for its length, its name, packed bytes
	own   adler  // of the filtered bytes
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

// restart empties the segment, and gives it the row above its first; nil for one of zeros.
func (s *segment) restart(above []byte) {
	s.rows, s.first, s.last = 0, above == nil, false
	if above == nil {
		clear(s.raw[:s.stride])
	} else {
		copy(s.raw, above)
	}
}

// row is where the next row goes.
func (s *segment) row() []byte {
	i := (1+s.rows)*s.stride + s.pixel
	return s.raw[i : i+s.stride-s.pixel]
}

// next takes the row as filled; it reports whether the segment is full.
func (s *segment) next() bool {
	s.rows++
	return (2+s.rows)*s.stride > len(s.raw)
}

// lastRow is the one last filled, with the pixel before it.
func (s *segment) lastRow() []byte { return s.raw[s.rows*s.stride : (1+s.rows)*s.stride] }

// flat says whether nearly all pixels are as the ones to their left and there are few colours, by every eighth row.
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

// Of how many pixels one may differ from its left neighbour in a flat segment, and how many colours it may have. Maps
// change at one pixel in 20, shaded relief at every other.
const (
	flatAbove   = 8
	flatColours = 64
)

func (s *segment) pack() error {
	p := s.from.get()
	defer s.from.put(p)
	return p.segment(s)
}

// write completes the chunk: with the sum of all filtered bytes, as zlib wants it, if the stream ends.
func (s *segment) write(w io.Writer) error {
	s.sum.append(s.own)
	if s.last {
		s.chunk = binary.BigEndian.AppendUint32(s.chunk, s.sum.value)
	}
	s.chunk = sealChunk(s.chunk)
	_, err := w.Write(s.chunk)
	return err
}

// packers lend out packers, because to make one costs as much as to pack a small picture. Safe for concurrent use; the
// zero value is ready.
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
	filter   rowFilter
	deflate  [len(packingLevels)]*flate.Writer // nil until needed
	counter  counter
}

// compressor is the one of the given packing, about to write to w.
func (p *packer) compressor(k packing, w io.Writer) (*flate.Writer, error) {
	if z := p.deflate[k]; z != nil {
		z.Reset(w)
		return z, nil
	}
	z, err := flate.NewWriter(w, packingLevels[k])
	p.deflate[k] = z
	return z, err
}

// Write takes what the compressors make.
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
			p.filtered = append(append(p.filtered, filterNone), cur[s.pixel:]...)
		} else {
			p.filtered = append(p.filtered, p.filter.filter(cur, prev, s.pixel)...)
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

// A segment's sample is so many pieces of so many bytes: a sixteenth of it. A piece is longer than what is not a
// photograph usually takes to repeat itself.
const (
	samplePieces = 2
	sampleSize   = 4 << 10
)

// choose says how to pack the filtered bytes. It counts in whole numbers, so that all machines choose alike.
func (p *packer) choose() (packing, error) {
	if len(p.filtered) < samplePieces*sampleSize {
		return quick, nil // of so little nothing takes time
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

// worthwhile is to what percentage of Huffman codes alone a quick search has to bring a sample down before a thorough
// one is worth its time. Shaded relief and class maps come under 70, photographs hardly under 85.
const worthwhile = 75

// sample is how long the sample becomes.
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
