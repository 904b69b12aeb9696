package resample

import (
	"encoding/binary"
	"image"
	"math"
)

// solidSide is the side of the squares that a solid sums up: as many bytes as a register holds.
const (
	solidBits = 3
	solidSide = 1 << solidBits
)

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
	w, h := (r.Dx()+solidSide-1)/solidSide, (r.Dy()+solidSide-1)/solidSide
	s := solid{flags: make([]solidFlags, w*h), stride: w}
	for i := range s.flags {
		s.flags[i] = solidFull | solidEmpty
	}
	for y := range r.Dy() {
		addRow(s.flags[y/solidSide*w:][:w], alphaRow(mask, r.Min.Y+y, r.Min.X, r.Max.X))
	}
	// Samples past the right or lower side are not asked for.
	for y := range h {
		row := s.flags[y*w:][:w]
		for x := range w - 1 {
			row[x] &= row[x+1]
		}
	}
	for i := range len(s.flags) - w {
		s.flags[i] &= s.flags[i+w]
	}
	return s
}

// addRow takes a row of samples into the flags of the squares that it runs through.
func addRow(flags []solidFlags, row []uint8) {
	for len(row) >= solidSide {
		switch binary.LittleEndian.Uint64(row) {
		case math.MaxUint64:
			flags[0] &^= solidEmpty
		case 0:
			flags[0] &^= solidFull
		default:
			flags[0] = 0
		}
		row, flags = row[solidSide:], flags[1:]
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

// at says what is known of the samples from x, y of the source window on, for as many columns and rows as a kernel has. They
// must be in the window.
func (s *solid) at(x, y int32) solidFlags { return s.row(y)[x>>solidBits] }

// row is the squares that hold row y of the source window.
func (s *solid) row(y int32) []solidFlags { return s.flags[int(y>>solidBits)*s.stride:] }
