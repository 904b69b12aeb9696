package jpegenc

import "slices"

// A Strip is some rows of an image that are coded without the others: from one restart marker to the next (T.81,
// E.1.4). The zero value is ready for Reset. It serves one goroutine at a time, and keeps its memory.
type Strip struct {
	frame   *Frame
	stride  int // rows are padded to whole units
	rows    int // number of rows that are filled
	plane   [3][]uint8
	alpha   []uint8
	ycc     [3][]uint8 // luma, and two of chroma
	blk     coefficients
	symbols []uint32
}

// Reset empties the strip, for rows of the image of f.
func (s *Strip) Reset(f *Frame) {
	s.rows = 0
	if s.frame == f {
		return
	}
	s.frame = f
	s.stride = f.across() * f.unit()
	n := s.stride * f.StripRows()
	fit := func(b []uint8) []uint8 { return slices.Grow(b[:0], n)[:n] }
	for i := range f.Planes() {
		s.plane[i] = fit(s.plane[i])
	}
	if f.Holes {
		s.alpha = fit(s.alpha)
	}
	if f.Grey {
		return
	}
	for i := range s.ycc {
		s.ycc[i] = fit(s.ycc[i])
	}
}

// Release drops the frame, and keeps the memory.
func (s *Strip) Release() { s.frame = nil }

// AddRow returns the next row, to be filled by the caller: the samples of all planes and, if the image has holes, an
// alpha of 0 for each pixel without data and of anything else for the others. Their contents are undefined. There are
// at most Frame.StripRows rows.
func (s *Strip) AddRow() (planes [3][]uint8, alpha []uint8) {
	at := s.rows * s.stride
	s.rows++
	for i := range s.frame.Planes() {
		planes[i] = s.plane[i][at:][:s.frame.Width]
	}
	if s.frame.Holes {
		alpha = s.alpha[at:][:s.frame.Width]
	}
	return planes, alpha
}

// Rows returns the number of rows that have been added.
func (s *Strip) Rows() int { return s.rows }

// Transform returns the symbols of the rows, of which there must be one at least. They are valid until the next call.
func (s *Strip) Transform() (symbols []uint32) {
	s.symbols = s.symbols[:0]
	if s.frame.Holes {
		s.fillHoles()
	}
	s.pad()
	if s.frame.Grey {
		s.codeGrey()
	} else {
		s.convert()
		s.codeColour()
	}
	return s.symbols
}

// fillHoles replaces the pixels without data in units that have others too.
func (s *Strip) fillHoles() {
	unit := s.frame.unit()
	for y := 0; y < s.rows; y += unit {
		h := min(unit, s.rows-y)
		for x := 0; x < s.frame.Width; x += unit {
			w, at := min(unit, s.frame.Width-x), y*s.stride+x
			if some, all := holes(s.alpha[at:], s.stride, w, h); !some || all {
				continue
			}
			for _, p := range s.plane[:s.frame.Planes()] {
				continued(p[at:], s.alpha[at:], s.stride, w, h)
				smoothed(p[at:], s.alpha[at:], s.stride, w, h)
			}
		}
	}
}

// pad repeats the last pixel of each row, and the last row, up to whole units.
func (s *Strip) pad() {
	for _, p := range s.plane[:s.frame.Planes()] {
		if w := s.frame.Width; w < s.stride {
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

// convert computes YCbCr from RGB.
func (s *Strip) convert() {
	n := s.rows * s.stride
	luma(s.ycc[0][:n], s.plane[0], s.plane[1], s.plane[2])
	if !s.frame.Halved {
		chroma(s.ycc[1][:n], s.ycc[2], s.plane[0], s.plane[1], s.plane[2])
		return
	}
	half := s.stride / 2
	for y := range s.rows / 2 {
		i := 2 * y * s.stride
		chromaHalved(s.ycc[1][y*half:(y+1)*half], s.ycc[2][y*half:(y+1)*half],
			[3][]uint8{s.plane[0][i:], s.plane[1][i:], s.plane[2][i:]}, s.stride)
	}
}

func (s *Strip) codeGrey() {
	dc := int32(0)
	for y := 0; y < s.rows; y += 8 {
		for x := 0; x < s.stride; x += 8 {
			transform(&s.blk, s.frame.luma, s.plane[0][y*s.stride+x:], s.stride)
			dc = s.add(lumaTables, dc)
		}
	}
}

func (s *Strip) codeColour() {
	f, unit := s.frame, s.frame.unit()
	narrow := s.stride * 8 / unit // stride of chroma
	var dc [3]int32
	for y := 0; y < s.rows; y += unit {
		for x := 0; x < s.stride; x += unit {
			for at := range unit * unit / 64 { // blocks in rows
				v, h := at*8/unit*8, at*8%unit
				transform(&s.blk, f.luma, s.ycc[0][(y+v)*s.stride+x+h:], s.stride)
				dc[0] = s.add(lumaTables, dc[0])
			}
			for c := 1; c < 3; c++ {
				transform(&s.blk, f.chroma, s.ycc[c][(y*narrow+x)*8/unit:], narrow)
				dc[c] = s.add(chromaTables, dc[c])
			}
		}
	}
}
