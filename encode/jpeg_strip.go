package encode

import (
	"io"
	"slices"
)

// A jpegFrame is what all strips of a JPEG have in common.
type jpegFrame struct {
	width, height int
	grey          bool
	halved        bool // chroma, both ways
	quality       int
	alpha         bool // there may be pixels without data

	luma, chroma           *quantiser
	lumaTable, chromaTable [64]uint8
	code                   [2]struct{ dc, ac *huffmanCode } // of luma and chroma
}

func newJPEGFrame(width, height int, grey, halved bool, quality int) *jpegFrame {
	f := &jpegFrame{width: width, height: height, grey: grey, halved: halved && !grey, quality: quality}
	f.lumaTable, f.chromaTable = scaled(&lumaQuantisers, quality), scaled(&chromaQuantisers, quality)
	f.luma, f.chroma = newQuantiser(&f.lumaTable), newQuantiser(&f.chromaTable)
	f.code[0].dc, f.code[0].ac = lumaDC.code(), lumaAC.code()
	f.code[1].dc, f.code[1].ac = chromaDC.code(), chromaAC.code()
	return f
}

// unit is the side of what is coded at once (an MCU): a block of chroma and the pixels under it.
func (f *jpegFrame) unit() int {
	if f.halved {
		return 16
	}
	return 8
}

// across is how many units make a row.
func (f *jpegFrame) across() int { return (f.width + f.unit() - 1) / f.unit() }

// stripPixels is about how many pixels make a strip: few enough that a tile of 256² has some and that all planes stay in
// the cache, many enough that what a strip costs does not show.
const stripPixels = 32 << 10

// stripUnits is how many rows of units make a strip. It goes by the picture's size alone.
func (f *jpegFrame) stripUnits() int {
	return max(1, stripPixels/(f.across()*f.unit()*f.unit()))
}

// A jpegStrip is some rows of the picture that are coded on their own: from one restart marker to the next (T.81, E.1.4).
// Rows are padded to whole units.
type jpegStrip struct {
	frame  *jpegFrame
	stride int
	rows   int        // that are filled
	plane  [3][]uint8 // of red, green and blue, or the first of grey
	alpha  []uint8    // 0 without data
	ycc    [3][]uint8 // luma, and two of chroma
	bits   bitWriter  // the strip's bytes
	marker int        // that ends the strip, 0xd0 to 0xd7; 0 after the last
	blk    coefficients
}

func (s *jpegStrip) init(f *jpegFrame) {
	s.frame, s.rows = f, 0
	s.stride = f.across() * f.unit()
	n := s.stride * f.stripUnits() * f.unit()
	fit := func(b []uint8) []uint8 { return slices.Grow(b[:0], n)[:n] }
	s.plane[0] = fit(s.plane[0])
	if f.alpha {
		s.alpha = fit(s.alpha)
	}
	if f.grey {
		return
	}
	s.plane[1], s.plane[2] = fit(s.plane[1]), fit(s.plane[2])
	for i := range s.ycc {
		s.ycc[i] = fit(s.ycc[i])
	}
}

// height is how many rows the strip holds.
func (s *jpegStrip) height() int { return s.frame.stripUnits() * s.frame.unit() }

// row is the part of a plane for row y.
func (s *jpegStrip) row(plane []uint8, y int) []uint8 { return plane[y*s.stride:][:s.frame.width] }

func (s *jpegStrip) write(w io.Writer) error {
	_, err := w.Write(s.bits.out)
	return err
}

// pack codes the strip.
func (s *jpegStrip) pack() error {
	s.bits = bitWriter{out: s.bits.out[:0]}
	if s.frame.alpha {
		s.fillHoles()
	}
	s.pad()
	if s.frame.grey {
		s.codeGrey()
	} else {
		s.convert()
		s.codeColour()
	}
	s.bits.end()
	if s.marker != 0 {
		s.bits.out = append(s.bits.out, 0xff, byte(s.marker))
	}
	return nil
}

func (s *jpegStrip) planes() [][]uint8 {
	if s.frame.grey {
		return s.plane[:1]
	}
	return s.plane[:]
}

// fillHoles continues pixels under those without data, in units that have both.
func (s *jpegStrip) fillHoles() {
	unit := s.frame.unit()
	for y := 0; y < s.rows; y += unit {
		h := min(unit, s.rows-y)
		for x := 0; x < s.frame.width; x += unit {
			w, at := min(unit, s.frame.width-x), y*s.stride+x
			if some, all := holes(s.alpha[at:], s.stride, w, h); !some || all {
				continue
			}
			for _, p := range s.planes() {
				continued(p[at:], s.alpha[at:], s.stride, w, h)
				smoothed(p[at:], s.alpha[at:], s.stride, w, h)
			}
		}
	}
}

// pad repeats the last pixel of each row and the last row to whole units.
func (s *jpegStrip) pad() {
	for _, p := range s.planes() {
		if w := s.frame.width; w < s.stride {
			for y := range s.rows {
				row := p[y*s.stride:][:s.stride]
				for x := w; x < len(row); x++ {
					row[x] = row[w-1]
				}
			}
		}
		for y := s.rows; y%s.frame.unit() != 0; y++ {
			copy(p[y*s.stride:(y+1)*s.stride], p[(y-1)*s.stride:])
		}
	}
	s.rows += (s.frame.unit() - s.rows%s.frame.unit()) % s.frame.unit()
}

// convert makes YCbCr of RGB.
func (s *jpegStrip) convert() {
	n := s.rows * s.stride
	luma(s.ycc[0][:n], s.plane[0], s.plane[1], s.plane[2])
	if !s.frame.halved {
		chroma(s.ycc[1][:n], s.ycc[2], s.plane[0], s.plane[1], s.plane[2])
		return
	}
	half := s.stride / 2
	for y := range s.rows / 2 {
		i, j := 2*y*s.stride, (2*y+1)*s.stride
		chromaHalved(s.ycc[1][y*half:(y+1)*half], s.ycc[2][y*half:(y+1)*half],
			s.plane[0][i:j], s.plane[1][i:j], s.plane[2][i:j], s.plane[0][j:], s.plane[1][j:], s.plane[2][j:])
	}
}

func (s *jpegStrip) codeGrey() {
	f, dc := s.frame, int32(0)
	for y := 0; y < s.rows; y += 8 {
		for x := 0; x < s.stride; x += 8 {
			transform(&s.blk, f.luma, s.plane[0][y*s.stride+x:], s.stride)
			dc = s.bits.block(&s.blk, dc, f.code[0].dc, f.code[0].ac)
		}
	}
}

func (s *jpegStrip) codeColour() {
	f, unit := s.frame, s.frame.unit()
	narrow := s.stride * 8 / unit // stride of chroma
	var dc [3]int32
	for y := 0; y < s.rows; y += unit {
		for x := 0; x < s.stride; x += unit {
			for at := range unit * unit / 64 { // blocks in rows
				v, h := at*8/unit*8, at*8%unit
				transform(&s.blk, f.luma, s.ycc[0][(y+v)*s.stride+x+h:], s.stride)
				dc[0] = s.bits.block(&s.blk, dc[0], f.code[0].dc, f.code[0].ac)
			}
			for c := 1; c < 3; c++ {
				transform(&s.blk, f.chroma, s.ycc[c][(y*narrow+x)*8/unit:], narrow)
				dc[c] = s.bits.block(&s.blk, dc[c], f.code[1].dc, f.code[1].ac)
			}
		}
	}
}
