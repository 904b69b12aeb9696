package encode

import (
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// The pixels of a PNG are one zlib stream. We make it in segments of whole rows that are filtered and packed each for
// itself: no segment refers to the bytes of another, so only the row above its first must be known. Each ends on a
// byte, by an empty block (a flush), and becomes one IDAT chunk. Where segments end depends on the picture's size
// alone.
//
// A segment is packed in one of three ways. Photographs after filtering have nearly no repetitions, and what a search
// finds costs more to state than it saves: Huffman codes alone give smaller files four times as fast. Where a search
// saves some, a quick one does. Where it saves much, as with maps and shaded relief, the compressor is fast, so there
// is time for a thorough one, which makes files a tenth smaller. Each segment chooses by a sample of itself;
// BenchmarkDeflateLevels has the figures.

// segmentSize is about how many filtered bytes make a segment: many windows of deflate, so that little is lost by
// starting each one anew, and few enough that a small picture has several.
const segmentSize = 128 << 10

// A packing is a way to pack a segment.
type packing int

const (
	huffman packing = iota
	quick
	thorough
)

// packingLevels are the levels of the compressor.
var packingLevels = [...]int{huffman: flate.HuffmanOnly, quick: 1, thorough: 6}

// A segment is some rows before filtering, and the row above them.
type segment struct {
	pixel  int    // bytes a pixel
	stride int    // bytes from one row to the next: a pixel of zeros, which stands left of the picture, and the row
	raw    []byte // rows; the first is the row above
	rows   int    // that are filled
	plain  bool   // not filtered
}

func (s *segment) init(h pngHeader) {
	s.pixel = h.pixelBytes()
	s.stride = s.pixel * (1 + h.size.X)
	rows := min(max(segmentSize/s.stride, 1), h.size.Y)
	s.raw = make([]byte, s.stride*(1+rows))
	// Differences between indices mean nothing (section 12.7 advises so too).
	s.plain = h.colour == pngIndex
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

// restart empties the segment. Its last row becomes the row above.
func (s *segment) restart() {
	copy(s.raw, s.raw[s.rows*s.stride:(1+s.rows)*s.stride])
	s.rows = 0
}

// packers lend out packers, because to make one costs as much as to pack a small picture. Safe for concurrent use; the
// zero value is ready.
type packers struct{ pool sync.Pool }

func (z *packers) get() *packer {
	if p, ok := z.pool.Get().(*packer); ok {
		return p
	}
	return new(packer)
}

func (z *packers) put(p *packer) { z.pool.Put(p) }

// A packer filters and packs segments, one at a time. The zero value is ready.
type packer struct {
	out      []byte // a chunk begun: room for its length, its name, packed bytes
	filtered []byte
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

// begin starts a chunk.
func (p *packer) begin() { p.out = append(p.out[:0], "\x00\x00\x00\x00IDAT"...) }

// Write takes what the compressors make.
func (p *packer) Write(b []byte) (int, error) {
	p.out = append(p.out, b...)
	return len(b), nil
}

// segment adds s, packed, to the chunk, and restarts s. It gives the filtered bytes, good until the next call. After the
// last segment the stream ends.
func (p *packer) segment(s *segment, last bool) ([]byte, error) {
	p.filtered = p.filtered[:0]
	for y := range s.rows {
		prev, cur := s.raw[y*s.stride:(y+1)*s.stride], s.raw[(y+1)*s.stride:(y+2)*s.stride]
		if s.plain {
			p.filtered = append(append(p.filtered, filterNone), cur[s.pixel:]...)
		} else {
			p.filtered = append(p.filtered, p.filter.filter(cur, prev, s.pixel)...)
		}
	}
	s.restart()

	k, err := p.choose()
	if err != nil {
		return nil, err
	}
	deflate, err := p.compressor(k, p)
	if err != nil {
		return nil, err
	}
	if _, err := deflate.Write(p.filtered); err != nil {
		return nil, err
	}
	if last {
		return p.filtered, deflate.Close()
	}
	return p.filtered, deflate.Flush()
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
