package resample

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A source is the window of samples that a Warp reads, apart from its bands: where it lies, and which samples hold
// data.
type source struct {
	rect  image.Rectangle
	x, y  axis
	mask  *image.Alpha // nil if every sample fully holds data
	first int          // where mask.Pix has the window's first sample
	solid solid        // of mask, for stencils of more than one tap
}

// newSource returns the source that a block is to a method.
func newSource(b *raster.Block, m *method) *source {
	s := &source{rect: b.Bounds()}
	s.x, s.y = newAxis(s.rect.Min.X, s.rect.Max.X), newAxis(s.rect.Min.Y, s.rect.Max.Y)
	if b.Opaque() {
		return s
	}
	s.mask, s.first = b.Valid, b.Valid.PixOffset(s.rect.Min.X, s.rect.Min.Y)
	if m.taps > 1 {
		s.solid = newSolid(s.mask, s.rect)
	}
	return s
}

// has reports whether the sample at x, y of the window is in it.
func (s *source) has(x, y int32) bool {
	return x >= 0 && y >= 0 && int(x) < s.rect.Dx() && int(y) < s.rect.Dy()
}

// validity returns how far the sample at x, y of the window holds data: 0 if it is not in the window.
func (s *source) validity(x, y int32) uint8 {
	switch {
	case !s.has(x, y):
		return 0
	case s.mask == nil:
		return math.MaxUint8
	}
	return s.mask.Pix[s.offset(x, y)]
}

// offset returns where the mask has the sample at x, y of the window.
func (s *source) offset(x, y int32) int { return s.first + int(y)*s.mask.Stride + int(x) }

// validities returns those of n samples in a row, the first at x, y of the window, or nil if there is no mask. All must
// be in the window.
func (s *source) validities(x, y int32, n int) []uint8 {
	if s.mask == nil {
		return nil
	}
	o := s.offset(x, y)
	return s.mask.Pix[o : o+n]
}

// opaque reports whether cols by rows samples, the first at x, y, fully hold data. All must be in the window.
func (s *source) opaque(x, y int32, cols, rows int) bool {
	if s.mask == nil {
		return true
	}
	o := s.offset(x, y)
	for range rows {
		for _, a := range s.mask.Pix[o : o+cols] {
			if a != math.MaxUint8 {
				return false
			}
		}
		o += s.mask.Stride
	}
	return true
}
