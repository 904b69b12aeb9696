package resample

import (
	"encoding/binary"
	"image"
	"math"
)

// solidBits is the logarithm of the side of the squares that a solid tells of: as many bytes as a register holds.
const solidBits = 3

// A solid tells quickly, of most places, that all samples about them fully hold data. It sums a mask up by squares of eight
// by eight pixels.
type solid struct {
	flags  []bool // of each square: it and its neighbours to the right and below fully hold data
	stride int
}

// newSolid sums up the part of a mask that a source window has.
func newSolid(mask *image.Alpha, r image.Rectangle) solid {
	const side = 1 << solidBits
	w, h := (r.Dx()+side-1)/side, (r.Dy()+side-1)/side
	s := solid{flags: make([]bool, w*h), stride: w}
	for i := range s.flags {
		s.flags[i] = true
	}
	for y := range r.Dy() {
		row, flags := alphaRow(mask, r.Min.Y+y, r.Min.X, r.Max.X), s.flags[y/side*w:][:w]
		for len(row) >= side {
			if binary.LittleEndian.Uint64(row) != math.MaxUint64 {
				flags[0] = false
			}
			row, flags = row[side:], flags[1:]
		}
		for _, a := range row {
			if a != math.MaxUint8 {
				flags[0] = false
			}
		}
	}
	// What is past the right or lower side is not asked for.
	for y := range h {
		for x := range w {
			i := y*w + x
			if x+1 < w && !s.flags[i+1] || y+1 < h && !s.flags[i+w] || x+1 < w && y+1 < h && !s.flags[i+w+1] {
				s.flags[i] = false
			}
		}
	}
	return s
}

// at says whether the samples from x, y of the source window on, for as many columns and rows as a kernel has, are known to
// hold data fully. They must be in the window.
func (s *solid) at(x, y int32) bool { return s.row(y)[x>>solidBits] }

// row is the squares that hold row y of the source window.
func (s *solid) row(y int32) []bool { return s.flags[int(y>>solidBits)*s.stride:] }
