package resample

import (
	"encoding/binary"
	"image"
	"math"
)

// solidBits is the logarithm of the side of the squares that a solid tells of: as many bytes as a register holds.
const solidBits = 3

// A solid tells quickly, of most places, that all samples about them fully hold data, or that none holds any. It sums a mask
// up by squares of eight by eight pixels.
type solid struct {
	flags  []solidFlags // of each square with its neighbours to the right and below
	stride int
}

type solidFlags uint8

const (
	solidFull  solidFlags = 1 << iota // all hold data fully
	solidEmpty                        // none holds data
)

// newSolid sums up the part of a mask that a source window has.
func newSolid(mask *image.Alpha, r image.Rectangle) solid {
	const side = 1 << solidBits
	w, h := (r.Dx()+side-1)/side, (r.Dy()+side-1)/side
	s := solid{flags: make([]solidFlags, w*h), stride: w}
	for i := range s.flags {
		s.flags[i] = solidFull | solidEmpty
	}
	for y := range r.Dy() {
		row, flags := alphaRow(mask, r.Min.Y+y, r.Min.X, r.Max.X), s.flags[y/side*w:][:w]
		for len(row) >= side {
			switch binary.LittleEndian.Uint64(row) {
			case math.MaxUint64:
				flags[0] &^= solidEmpty
			case 0:
				flags[0] &^= solidFull
			default:
				flags[0] = 0
			}
			row, flags = row[side:], flags[1:]
		}
		for _, a := range row {
			if a != math.MaxUint8 {
				flags[0] &^= solidFull
			}
			if a != 0 {
				flags[0] &^= solidEmpty
			}
		}
	}
	// What is past the right or lower side is not asked for.
	for y := range h {
		for x := range w {
			i := y*w + x
			if x+1 < w {
				s.flags[i] &= s.flags[i+1]
			}
			if y+1 < h {
				s.flags[i] &= s.flags[i+w]
			}
			if x+1 < w && y+1 < h {
				s.flags[i] &= s.flags[i+w+1]
			}
		}
	}
	return s
}

// at says what is known of the samples from x, y of the source window on, for as many columns and rows as a kernel has. They
// must be in the window.
func (s *solid) at(x, y int32) solidFlags { return s.row(y)[x>>solidBits] }

// row is the squares that hold row y of the source window.
func (s *solid) row(y int32) []solidFlags { return s.flags[int(y>>solidBits)*s.stride:] }
