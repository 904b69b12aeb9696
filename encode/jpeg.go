package encode

import (
	"image/color"
	"io"
	"sync"

	"github.com/geoexport/geoexport/internal/jpegenc"
	"github.com/geoexport/geoexport/raster"
)

// This is an encoder of baseline JPEG (ITU-T T.81) of our own, whose strips are coded in parallel and joined by restart
// markers. The standard library's encoder takes several times as long, makes larger files, and needs the whole image in
// memory; tests and BenchmarkJPEG compare the two.
//
// The Huffman code is made for the image, and a file states it before the first pixel. So strips wait as symbols until
// all symbols are known or there are heldSymbols of them; later ones use the code made for the first.

// heldSymbols is the most symbols that wait, besides those of a strip: 4 MiB, which photographs of four million pixels
// take at quality 75.
const heldSymbols = 1 << 20

// jpegBuffers lend out the memory of encoders. They are safe for concurrent use; the zero value is ready.
type jpegBuffers struct{ strips, parts, symbols sync.Pool }

func lend[T any](p *sync.Pool) *T {
	if v, ok := p.Get().(*T); ok {
		return v
	}
	return new(T)
}

func jpgFormat(z *jpegBuffers) Format {
	return Format{Name: "jpg", MediaType: "image/jpeg", Ext: "jpg", Types: u8(), Bands: drawnBands, Lossy: true,
		Encode: z.encode}
}

// encode writes a grey or a YCbCr image. In a grey one the background is the grey of the same luma.
func (z *jpegBuffers) encode(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "jpg", jpegenc.MaxSide, raster.U8); err != nil {
		return err
	}
	quality, err := o.quality()
	if err != nil {
		return err
	}
	j := &jpegWriter{w: w, workers: o.workers(), buffers: z, held: lend[jpegHeld](&z.symbols)}
	j.frame = jpegenc.NewFrame(jpegenc.Image{
		Width: m.Grid.Size.X, Height: m.Grid.Size.Y, Grey: grey(m), Halved: o.halved(quality), Quality: quality,
		Holes: !m.Opaque || m.Palette != nil,
	})
	defer func() {
		j.held.reset()
		z.symbols.Put(j.held)
	}()
	fill := planarRows(m, o.background())

	strips := newLine(w, j.workers, func() *jpegStrip {
		s := lend[jpegStrip](&z.strips)
		s.to = j
		return s
	})
	defer strips.stop(func(s *jpegStrip) {
		s.to, s.code = nil, nil
		s.Release()
		z.strips.Put(s)
	})
	left := m.Grid.Size.Y
	var s *jpegStrip
	if err := eachRow(m, func(b *raster.Block, y int) error {
		if s == nil {
			if s, err = strips.take(); err != nil {
				return err
			}
			s.Reset(j.frame)
		}
		planes, alpha := s.AddRow()
		fill(planes, alpha, b, y)
		left--
		if s.Rows() < j.frame.StripRows() && left > 0 {
			return nil
		}
		s.code = j.code
		full := s
		s = nil
		return strips.send(full)
	}); err != nil {
		return err
	}
	if err := strips.finish(); err != nil {
		return err
	}
	if j.code == nil {
		if err := j.settle(false); err != nil {
			return err
		}
	}
	_, err = w.Write(jpegenc.AppendEnd(nil))
	return err
}

// A jpegWriter writes strips in their order.
type jpegWriter struct {
	w       io.Writer
	workers int
	buffers *jpegBuffers
	frame   *jpegenc.Frame
	code    *jpegenc.Code // nil until it is settled
	held    *jpegHeld     // strips that wait for it
	written int           // number of strips
}

// jpegHeld are strips that wait for their code.
type jpegHeld struct {
	symbols []uint32 // of all strips, one after the other
	ends    []int    // of each strip, in symbols
	counts  jpegenc.Counts
}

func (h *jpegHeld) reset() {
	h.symbols, h.ends, h.counts = h.symbols[:0], h.ends[:0], jpegenc.Counts{}
}

// take writes a strip, or holds it until there is a code.
func (j *jpegWriter) take(s *jpegStrip) error {
	if j.code != nil {
		if s.code == nil {
			s.part = j.code.Append(s.part[:0], s.symbols)
		}
		return j.write(s.part)
	}
	h := j.held
	h.symbols = append(h.symbols, s.symbols...)
	h.ends = append(h.ends, len(h.symbols))
	h.counts.Add(s.symbols)
	if len(h.symbols) < heldSymbols {
		return nil
	}
	return j.settle(true)
}

// settle makes the code, and writes what comes before the first strip and the strips that are held. more reports that
// other strips may follow.
func (j *jpegWriter) settle(more bool) error {
	h := j.held
	j.code = h.counts.Code(more)
	head := j.frame.AppendQuantisers(jpegenc.AppendJFIF(jpegenc.AppendStart(nil)))
	if _, err := j.w.Write(j.frame.AppendFrame(head, j.code)); err != nil {
		return err
	}
	parts := newLine(j.w, j.workers, func() *jpegPart { return lend[jpegPart](&j.buffers.parts) })
	defer parts.stop(func(p *jpegPart) {
		p.to, p.symbols = nil, nil
		j.buffers.parts.Put(p)
	})
	from := 0
	for _, end := range h.ends {
		p, err := parts.take()
		if err != nil {
			return err
		}
		p.to, p.symbols = j, h.symbols[from:end]
		from = end
		if err := parts.send(p); err != nil {
			return err
		}
	}
	return parts.finish()
}

// write writes the bytes of the next strip.
func (j *jpegWriter) write(b []byte) error {
	if j.written > 0 {
		if _, err := j.w.Write(jpegenc.AppendRestart(nil, j.written-1)); err != nil {
			return err
		}
	}
	j.written++
	_, err := j.w.Write(b)
	return err
}

// A jpegStrip is a piece that becomes symbols and, once the code is settled, bytes.
type jpegStrip struct {
	jpegenc.Strip
	to      *jpegWriter
	code    *jpegenc.Code
	symbols []uint32
	part    []byte
}

func (s *jpegStrip) pack() error {
	s.symbols = s.Transform()
	if s.code != nil {
		s.part = s.code.Append(s.part[:0], s.symbols)
	}
	return nil
}

func (s *jpegStrip) write(io.Writer) error { return s.to.take(s) }

// A jpegPart is a piece of symbols that were held.
type jpegPart struct {
	to      *jpegWriter
	symbols []uint32
	out     []byte
}

func (p *jpegPart) pack() error {
	p.out = p.to.code.Append(p.out[:0], p.symbols)
	return nil
}

func (p *jpegPart) write(io.Writer) error { return p.to.write(p.out) }

// A planarFunc writes row y of a strip into rows of planes, over the background, and its validity into alpha, which is
// nil if the image is known to have no holes.
type planarFunc func(planes [3][]uint8, alpha []uint8, b *raster.Block, y int)

// planarRows returns the planarFunc of an image.
func planarRows(m *raster.Image, bg color.NRGBA) planarFunc {
	over := [3]uint8{bg.R, bg.G, bg.B}
	if grey(m) {
		over[0] = color.GrayModel.Convert(bg).(color.Gray).Y
	}
	if m.Palette != nil {
		return palettePlanes(paletteTable(m.Palette), over)
	}
	return func(planes [3][]uint8, alpha []uint8, b *raster.Block, y int) {
		valid := b.ValidRow(y)
		copyValidity(alpha, valid)
		for i, dst := range planes {
			if dst == nil {
				break
			}
			copy(dst, row8(b, i, y))
			if valid != nil {
				blendRow(dst, alpha, over[i])
			}
		}
	}
}

// palettePlanes returns a planarFunc that draws the only band by a table of colours.
func palettePlanes(table *[256]color.NRGBA, over [3]uint8) planarFunc {
	var colours [3][256]uint8
	var alphas [256]uint8
	for i, c := range table {
		colours[0][i], colours[1][i], colours[2][i], alphas[i] = c.R, c.G, c.B, c.A
	}
	return func(planes [3][]uint8, alpha []uint8, b *raster.Block, y int) {
		copyValidity(alpha, b.ValidRow(y))
		values := row8(b, 0, y)
		for x, v := range values {
			if a := alphas[v]; a != 255 {
				alpha[x] = blend(a, 0, alpha[x])
			}
		}
		for i, dst := range planes {
			for x, v := range values {
				dst[x] = colours[i][v]
			}
			blendRow(dst, alpha, over[i])
		}
	}
}

// blendRow blends samples over the background where alpha is not 255.
func blendRow(dst, alpha []uint8, bg uint8) {
	for x, a := range alpha {
		if a != 255 {
			dst[x] = blend(dst[x], bg, a)
		}
	}
}

// fillBytes sets all bytes to v.
func fillBytes(b []byte, v byte) {
	for i := range b {
		b[i] = v
	}
}
