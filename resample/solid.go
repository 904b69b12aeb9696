package resample

import (
	"encoding/binary"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// solidSide is the side of the squares that a solid sums up: as many bytes as a register holds.
const (
	solidBits = 3
	solidSide = 1 << solidBits
)

// A solid is a summary of a mask by squares of eight by eight pixels. At most places it shows quickly that all samples
// of a stencil fully hold data, or that none holds any.
type solid struct {
	flags  []solidFlags // of each square together with its neighbours to the right and below
	stride int          // squares in a row
}

// solidFlags are what is known of the samples of a square.
type solidFlags uint8

const (
	solidFull  solidFlags = 1 << iota // all samples hold data fully
	solidEmpty                        // no sample holds data
)

// newSolid summarises the part of a mask that belongs to a source window.
func newSolid(mask *image.Alpha, r image.Rectangle) solid {
	w, h := (r.Dx()+solidSide-1)/solidSide, (r.Dy()+solidSide-1)/solidSide
	s := solid{flags: make([]solidFlags, w*h), stride: w}
	for i := range s.flags {
		s.flags[i] = solidFull | solidEmpty
	}
	for y := range r.Dy() {
		addRow(s.flags[y/solidSide*w:][:w], raster.AlphaRow(mask, r.Min.Y+y, r))
	}
	// Squares at the right and lower sides have no such neighbours; nobody asks for samples there.
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

// addRow clears those flags of the squares that a row of samples runs through which the row contradicts.
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

// at returns what is known of the samples of a stencil whose first tap is x, y of the source window. All must be in the
// window. A stencil may have up to nine taps along an axis, from any sample of a square to the end of the next square.
func (s *solid) at(x, y int32) solidFlags { return s.row(y)[x>>solidBits] }

// row returns the squares from the first one that holds row y of the source window.
func (s *solid) row(y int32) []solidFlags { return s.flags[int(y>>solidBits)*s.stride:] }
