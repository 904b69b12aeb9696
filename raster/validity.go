package raster

import (
	"image"
	"math"
)

// AllValid returns a validity plane over r in which every pixel fully holds data.
func AllValid(r image.Rectangle) *image.Alpha {
	a := image.NewAlpha(r)
	SetAllValid(a)
	return a
}

// SetAllValid makes every pixel of a validity plane one that fully holds data.
func SetAllValid(a *image.Alpha) {
	for y := a.Rect.Min.Y; y < a.Rect.Max.Y; y++ {
		row := AlphaRow(a, y, a.Rect)
		for i := range row {
			row[i] = math.MaxUint8
		}
	}
}

// AlphaRow returns the part of row y of a validity plane that lies between the left and the right side of r, which must
// be inside the plane.
func AlphaRow(a *image.Alpha, y int, r image.Rectangle) []uint8 {
	i := a.PixOffset(r.Min.X, y)
	return a.Pix[i : i+r.Dx()]
}

// ValidRow returns the validity of row y; nil if Valid is nil.
func (b *Block) ValidRow(y int) []uint8 {
	if b.Valid == nil {
		return nil
	}
	return AlphaRow(b.Valid, y, b.Bounds())
}

// CopyValid returns a validity plane of the block's bounds equal to Valid, in memory of its own.
func (b *Block) CopyValid() *image.Alpha {
	if b.Valid == nil {
		return AllValid(b.Bounds())
	}
	r := b.Bounds()
	a := image.NewAlpha(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(AlphaRow(a, y, r), b.ValidRow(y))
	}
	return a
}

// Blank reports whether no pixel of a block holds data.
func (b *Block) Blank() bool {
	r := b.Bounds()
	if b.Valid == nil {
		return r.Empty()
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range b.ValidRow(y) {
			if v != 0 {
				return false
			}
		}
	}
	return true
}

// without returns valid less the pixels marked in gone; valid may be nil, which means all.
func without(valid, gone *image.Alpha) *image.Alpha {
	out := image.NewAlpha(gone.Rect)
	for y := gone.Rect.Min.Y; y < gone.Rect.Max.Y; y++ {
		marks, to := AlphaRow(gone, y, gone.Rect), AlphaRow(out, y, gone.Rect)
		if valid != nil {
			copy(to, AlphaRow(valid, y, gone.Rect))
		}
		for x, g := range marks {
			switch {
			case g != 0:
				to[x] = 0
			case valid == nil:
				to[x] = math.MaxUint8
			}
		}
	}
	return out
}
