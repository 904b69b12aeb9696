package encode

import (
	"image/color"
	"io"
	"slices"
	"sync"

	"github.com/geoexport/geoexport/raster"
)

// JPEG (ITU-T T.81) of our own: baseline, its strips coded side by side and joined by restart markers. The standard
// library's encoder takes several times as long, and wants the whole picture in memory; tests and BenchmarkJPEG compare
// the two.

// maxJPEGSide is the largest width and height that a JPEG can state.
const maxJPEGSide = 1<<16 - 1

// jpegStrips lend out strips, for their memory. Safe for concurrent use; the zero value is ready.
type jpegStrips struct{ pool sync.Pool }

func (z *jpegStrips) get() *jpegStrip {
	if s, ok := z.pool.Get().(*jpegStrip); ok {
		return s
	}
	return new(jpegStrip)
}

// encode writes a grey or a YCbCr picture. In a grey one the background is the grey of the same luma.
func (z *jpegStrips) encode(w io.Writer, p *Picture, o *Options) error {
	if err := p.check("jpg", maxJPEGSide, raster.U8); err != nil {
		return err
	}
	quality, err := o.quality()
	if err != nil {
		return err
	}
	f := newJPEGFrame(p.Size.X, p.Size.Y, p.grey(), o.halved(quality), quality)
	f.alpha = !p.Opaque || p.Palette != nil
	if _, err := w.Write(f.header()); err != nil {
		return err
	}
	fill := planarRows(p, o.background())

	strips := newLine(w, o.workers(), func() *jpegStrip {
		s := z.get()
		s.init(f)
		return s
	})
	defer strips.stop(func(s *jpegStrip) {
		s.frame = nil
		z.pool.Put(s)
	})
	left, sent := p.Size.Y, 0
	var s *jpegStrip
	if err := p.each(func(b *raster.Block, y int) error {
		if s == nil {
			if s, err = strips.take(); err != nil {
				return err
			}
			s.rows = 0
		}
		fill(s, b, y)
		s.rows++
		left--
		if s.rows < s.height() && left > 0 {
			return nil
		}
		s.marker = 0
		if left > 0 {
			s.marker = 0xd0 + sent%8
		}
		sent++
		full := s
		s = nil
		return strips.send(full)
	}); err != nil {
		return err
	}
	if err := strips.finish(); err != nil {
		return err
	}
	_, err = w.Write([]byte{0xff, 0xd9}) // EOI
	return err
}

// planarRows is what writes row y of a strip of the picture into the next row of s, over the background.
func planarRows(p *Picture, bg color.NRGBA) func(s *jpegStrip, b *raster.Block, y int) {
	over := [3]uint8{bg.R, bg.G, bg.B}
	if p.grey() {
		over[0] = color.GrayModel.Convert(bg).(color.Gray).Y
	}
	var colours [3][256]uint8
	var alphas [256]uint8
	if p.Palette != nil {
		for i, c := range paletteTable(p.Palette) {
			colours[0][i], colours[1][i], colours[2][i], alphas[i] = c.R, c.G, c.B, c.A
		}
	}
	return func(s *jpegStrip, b *raster.Block, y int) {
		valid := validRow(b, y)
		var alpha []uint8
		if s.frame.alpha {
			alpha = s.row(s.alpha, s.rows)
			if valid == nil {
				fillBytes(alpha, 255)
			} else {
				copy(alpha, valid)
			}
			if p.Palette != nil {
				for x, v := range row8(b, 0, y) {
					if a := alphas[v]; a != 255 {
						alpha[x] = blend(a, 0, alpha[x])
					}
				}
			}
		}
		for i, plane := range s.planes() {
			dst := s.row(plane, s.rows)
			if p.Palette != nil {
				for x, v := range row8(b, 0, y) {
					dst[x] = colours[i][v]
				}
			} else {
				copy(dst, row8(b, i, y))
			}
			if valid == nil && p.Palette == nil {
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

// header is all that comes before the coefficients (T.81, annex B; the first segment is JFIF's, T.871).
func (f *jpegFrame) header() []byte {
	h := []byte{0xff, 0xd8} // SOI
	segment := func(marker byte, body ...byte) {
		n := len(body) + 2
		h = append(append(h, 0xff, marker, byte(n>>8), byte(n)), body...)
	}
	segment(0xe0, 'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0) // version 1.02, square pixels, no thumbnail

	// A component: number, sampling across and down, table.
	components := [][3]byte{{1, 0x11, 0}, {2, 0x11, 1}, {3, 0x11, 1}}
	tables := []*[64]uint8{&f.lumaTable, &f.chromaTable}
	codes := []*huffmanSpec{&lumaDC, &lumaAC, &chromaDC, &chromaAC}
	if f.halved {
		components[0][1] = 0x22
	}
	if f.grey {
		components, tables, codes = components[:1], tables[:1], codes[:2]
	}
	for i, table := range tables { // DQT
		var body [65]byte
		body[0] = byte(i)
		for j, v := range table {
			body[1+zigzag[j]] = v
		}
		segment(0xdb, body[:]...)
	}
	frame := []byte{8, byte(f.height >> 8), byte(f.height), byte(f.width >> 8), byte(f.width), byte(len(components))}
	scan := []byte{byte(len(components))}
	for _, c := range components {
		frame = append(frame, c[:]...)
		scan = append(scan, c[0], c[2]<<4|c[2])
	}
	segment(0xc0, frame...) // SOF0
	for i, c := range codes {
		segment(0xc4, slices.Concat([]byte{byte(i%2<<4 | i/2)}, c.counts[:], c.symbols)...) // DHT
	}
	if units := f.stripUnits(); units*f.unit() < f.height {
		n := units * f.across()
		segment(0xdd, byte(n>>8), byte(n)) // DRI
	}
	segment(0xda, append(scan, 0, 63, 0)...) // SOS
	return h
}
