package exportimage

import (
	"image"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// This file bounds what an export takes at its peak, before anything is allocated. The figures are upper bounds of what
// the code allocates, by its own sizes of strips and buffers; a test compares them with what exports take.

const (
	// stripBytes is about the size of the samples of a strip of many or wide bands, which has fewer pixels than
	// stripPixels.
	stripBytes = 2 << 20
	// windowShare is how many source samples are read at a time for each pixel of a full strip. An overview has at most
	// 4 for a pixel, and margins add some; where a projection tears or stretches more, strips are read in parts.
	windowShare = 6
	// encoderBytes is what an encoder keeps at most: one row of tiles raw and packed, or symbols and segments, and a
	// spool before it goes to disk.
	encoderBytes = 24 << 20
	// answerMemory is up to which size an answer waits in memory, and not in a temporary file.
	answerMemory = 4 << 20
)

// where is where an answer goes.
type where uint8

const (
	streamed where = iota // to a writer, at once
	inMemory              // into one slice
	spooled               // into memory if it is small, and into a temporary file otherwise
)

// stripShape returns the number of pixels in a strip of an image, given the most bytes that a pixel has.
func stripShape(bytes int) int { return min(stripPixels, max(1, stripBytes/bytes)) }

// pixelBytes returns the most bytes that a pixel of the plan's strips has, with its validity, at any stage.
func (p *plan) pixelBytes(r renderer) int {
	n := 0
	for _, l := range p.layers {
		n += max(len(l.bands)*p.typ.Size(), l.count*l.typ.Size())
	}
	return 1 + max(n, r.bands*r.typ.Size())
}

// need returns what an export takes, and settles with how many workers: fewer than allowed if their strips would take
// more than a quarter of the memory for exports. It does not count on an image to pack.
func (p *plan) need(r renderer, l Limits, to where) (n need) {
	pixels := area(p.rect)
	samples := p.sampleBytes(r)

	each, strip := p.stripNeed(r)
	ahead := 3 * strip * int64(r.bands*r.typ.Size()+1) // two finished, one on its way to the encoder

	workers := min((pixels+strip-1)/strip, int64(l.Workers))
	workers = max(1, min(workers, l.exportBytes()/4/(each+ahead)))
	p.workers = int(workers)
	n.memory = workers * (each + ahead)

	held, spool := p.holds(r)
	n.memory += held + min(encoderBytes, 4*samples) + workers<<20
	if p.format.Whole {
		n.memory += samples + area(p.rect) + p.encodedBytes(r)
		if p.req.LERCVersion == 1 {
			n.memory += 2 * 4 * pixels // a band as float32, and its blob
		}
	} else if spool || samples > encoderBytes/4 {
		n.spool = samples + 4*pixels // in the encoder
	}
	switch to {
	case inMemory:
		n.memory += 2 * p.encodedBytes(r) // in pieces, and in one
	case spooled:
		n.memory += min(answerMemory, p.encodedBytes(r))
		if encoded := p.encodedBytes(r); encoded > answerMemory {
			n.spool += encoded
		}
	}
	return n
}

// stripNeed returns the most bytes that making one strip takes, and its pixels, and settles how many source pixels are read at a
// time.
func (p *plan) stripNeed(r renderer) (bytes, strip int64) {
	strip = min(int64(p.rect.Dx())*int64(p.stripRows(stripShape(p.pixelBytes(r)))), area(p.rect))
	p.window = windowShare * int64(max(stripShape(p.pixelBytes(r)), minWindow))
	return p.stripMemory(r, strip) + p.window*p.windowBytes() + p.virtualBytes(), strip
}

// sampleBytes returns the size of an image as samples, with its validity.
func (p *plan) sampleBytes(r renderer) int64 { return area(p.rect) * int64(r.bands*r.typ.Size()+1) }

// encodedBytes returns the most bytes that an image has in its format: its samples with the padding of tiles and, for
// what does not pack, a sixteenth more, or a half for compressions such as LZW, whose codes may be longer than what they
// stand for. GIF and PNG may keep 4 samples of a pixel where the image has one.
func (p *plan) encodedBytes(r renderer) int64 {
	samples := padded(p.rect.Dx()) * padded(p.rect.Dy()) * int64(max((r.bands+1)*r.typ.Size()+1, 4)) // with alpha
	more := samples / 16
	if p.req.Compression != "" {
		more = samples / 2
	}
	const headers = 64 << 10
	return samples + more + headers
}

// padded returns a side with the padding of tiles: 256 pixels, or in small images a multiple of 16.
func padded(side int) int64 {
	tile := 256
	if side < tile {
		tile = 16
	}
	return int64((side + tile - 1) / tile * tile)
}

// stripMemory returns the bytes that a strip of that many pixels takes while it is made. Its layers are read with their
// margins.
func (p *plan) stripMemory(r renderer, pixels int64) (bytes int64) {
	rows := (pixels + int64(p.rect.Dx()) - 1) / int64(p.rect.Dx())
	grown := pixels
	for _, l := range p.layers {
		n := l.count
		each := 2 * (n*l.typ.Size() + 1) // warped, or computed, and merged
		if l.op != mosaic.First && l.op != mosaic.Last && l.op != mosaic.DefaultOperation {
			each += 8*n + 8 + 4 // sums and weights
		}
		own := int64(l.rect.Dx()) * (rows + int64(l.margin.Top+l.margin.Bottom))
		grown = max(grown, own)
		bytes += own * int64(each)
		if l.item != nil { // of one raster at a time, warped twice and the function's strips, and what lies inside
			wide := int64(p.rect.Dx()+l.reach.Left+l.reach.Right) * (rows + int64(l.reach.Top+l.reach.Bottom))
			bytes += wide * int64(2*(len(l.bands)*p.typ.Size()+1)+l.item.program.BytesPerPixel()+4)
		}
	}
	if !p.rule.program.Copies() {
		bytes += grown * int64(p.rule.program.BytesPerPixel())
	}
	each := r.bands*r.typ.Size() + 1
	if r.stretch != nil {
		each += 2 * len(p.rule.out.Bands) * 8
	}
	return bytes + pixels*int64(each)
}

// readBands returns the most bands that are read at a time.
func (p *plan) readBands() (n int) {
	for _, l := range p.layers {
		n = max(n, len(l.bands))
	}
	return n
}

// tornWindow is how many windows a single pixel may be made of, where a projection tears.
const tornWindow = 4

// minWindow keeps windows from being cut into needlessly small parts.
const minWindow = 1 << 14

// windowBytes returns the bytes that one source pixel takes from reading until it is warped.
func (p *plan) windowBytes() int64 {
	n, bytes := p.readBands(), 0
	for _, s := range p.sources {
		b := n*s.typ.Size() + 1
		if s.typ != p.typ {
			b += n * p.typ.Size()
		}
		bytes = max(bytes, b)
	}
	return int64(bytes)
}

// virtualBytes returns the bytes that making a tile of an overview takes: at each level two by two tiles of the level
// below.
func (p *plan) virtualBytes() int64 {
	const tile = 256 * 256
	depth, bytes := 0, 0
	for _, s := range p.sources {
		for l := s.level; l >= 0 && s.pyramid.Virtual(l); l-- {
			depth = max(depth, s.level-l+1)
		}
		bytes = max(bytes, p.readBands()*s.typ.Size()+1)
	}
	return int64(depth) * 5 * tile * int64(bytes)
}

// holds returns how much memory the samples take that are held before the first is encoded, and whether they are
// spooled instead: see image.
func (p *plan) holds(r renderer) (memory int64, spool bool) {
	large := area(p.rect)*int64(r.bands*r.typ.Size()) > heldBytes
	switch {
	case large && p.format.Choose == nil:
		return 0, false
	case large && r.typ == raster.U8:
		return 0, true
	}
	return p.sampleBytes(r), false
}

// A piece is a part of a strip, and the source pixels under it.
type piece struct{ dst, win image.Rectangle }

// pieces cuts a strip into parts with at most the given number of source pixels under each, where that is possible. No
// pixel depends on how a strip is cut.
func (s *source) pieces(rect image.Rectangle, most int64) []piece {
	win := s.kernel.SourceWindow(s.mapping, rect, s.bounds)
	if win.Empty() {
		return nil
	}
	if area(win) <= most || area(rect) <= 1 {
		return []piece{{rect, win}}
	}
	one, two := rect, rect
	if rect.Dx() > rect.Dy() {
		one.Max.X = rect.Min.X + rect.Dx()/2
		two.Min.X = one.Max.X
	} else {
		one.Max.Y = rect.Min.Y + rect.Dy()/2
		two.Min.Y = one.Max.Y
	}
	return append(s.pieces(one, most), s.pieces(two, most)...)
}
