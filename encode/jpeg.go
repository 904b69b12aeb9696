package encode

import (
	"image/color"
	"io"
	"sync"

	"github.com/geoexport/geoexport/internal/jpegenc"
	"github.com/geoexport/geoexport/raster"
)

// JPEG (ITU-T T.81) of our own: baseline, its strips coded side by side and joined by restart markers. The standard
// library's encoder takes several times as long, makes larger files, and wants the whole picture in memory; tests and
// BenchmarkJPEG compare the two.
//
// The code is made to measure, and stated before the first pixel. So strips wait as symbols until all are known or
// heldSymbols of them are; what comes later goes by the code of the first.

// heldSymbols is how many symbols wait at most, besides those of a strip: 4 MiB, which photographs of four million pixels take
// at quality 75.
const heldSymbols = 1 << 20

// jpegBuffers lend out what encoders need memory for. Safe for concurrent use; the zero value is ready.
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

// encode writes a grey or a YCbCr picture. In a grey one the background is the grey of the same luma.
func (z *jpegBuffers) encode(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "jpg", jpegenc.MaxSide, raster.U8); err != nil {
		return err
	}
	quality, err := o.quality()
	if err != nil {
		return err
	}
	j := &jpegWriter{w: w, workers: o.workers(), buffers: z, held: lend[jpegHeld](&z.symbols)}
	j.frame = jpegenc.NewFrame(jpegenc.Picture{
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

// A jpegWriter takes strips in their order.
type jpegWriter struct {
	w       io.Writer
	workers int
	buffers *jpegBuffers
	frame   *jpegenc.Frame
	code    *jpegenc.Code // nil until it is settled
	held    *jpegHeld     // until then
	written int           // strips
}

// jpegHeld is strips that wait for their code.
type jpegHeld struct {
	symbols []uint32 // of all, one after the other
	ends    []int    // in symbols
	counts  jpegenc.Counts
}

func (h *jpegHeld) reset() {
	h.symbols, h.ends, h.counts = h.symbols[:0], h.ends[:0], jpegenc.Counts{}
}

// take writes a strip, or holds it.
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

// settle makes the code, and writes all before the first strip, and those that are held. More says that others may follow.
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

// write writes the next strip's bytes.
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

// planarRows is what writes row y of a strip of the picture into rows of planes, over the background.
func planarRows(m *raster.Image, bg color.NRGBA) func(planes [3][]uint8, alpha []uint8, b *raster.Block, y int) {
	over := [3]uint8{bg.R, bg.G, bg.B}
	if grey(m) {
		over[0] = color.GrayModel.Convert(bg).(color.Gray).Y
	}
	var colours [3][256]uint8
	var alphas [256]uint8
	if m.Palette != nil {
		for i, c := range paletteTable(m.Palette) {
			colours[0][i], colours[1][i], colours[2][i], alphas[i] = c.R, c.G, c.B, c.A
		}
	}
	return func(planes [3][]uint8, alpha []uint8, b *raster.Block, y int) {
		valid := validRow(b, y)
		if alpha != nil {
			if valid == nil {
				fillBytes(alpha, 255)
			} else {
				copy(alpha, valid)
			}
			if m.Palette != nil {
				for x, v := range row8(b, 0, y) {
					if a := alphas[v]; a != 255 {
						alpha[x] = blend(a, 0, alpha[x])
					}
				}
			}
		}
		for i, dst := range planes {
			if dst == nil {
				break
			}
			if m.Palette != nil {
				for x, v := range row8(b, 0, y) {
					dst[x] = colours[i][v]
				}
			} else {
				copy(dst, row8(b, i, y))
			}
			if valid == nil && m.Palette == nil {
				continue
			}
			for x, a := range alpha {
				if a != 255 {
					dst[x] = blend(dst[x], over[i], a)
				}
			}
		}
	}
}

// fillBytes sets all bytes to v.
func fillBytes(b []byte, v byte) {
	for i := range b {
		b[i] = v
	}
}
