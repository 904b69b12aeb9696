package encode

import (
	"fmt"
	"image"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// check says whether p is a picture at all and the named format holds it, before the first strip is asked for.
func (p *Picture) check(format string, maxSide int, types ...raster.PixelType) error {
	switch {
	case p.Size.X <= 0 || p.Size.Y <= 0:
		return pictureErrorf("its size is %d by %d pixels", p.Size.X, p.Size.Y)
	case p.Bands <= 0:
		return pictureErrorf("it has %d bands", p.Bands)
	case p.Strips == nil:
		return pictureErrorf("it has no strips")
	case !slices.Contains(types, p.Type):
		return &UnsupportedError{Format: format, What: fmt.Sprintf("samples of type %v", p.Type)}
	case p.Size.X > maxSide || p.Size.Y > maxSide:
		return &UnsupportedError{Format: format, What: fmt.Sprintf("%d by %d pixels (%d a side at most)",
			p.Size.X, p.Size.Y, maxSide)}
	}
	if p.Palette == nil {
		return nil
	}
	switch {
	case p.Type != raster.U8:
		return pictureErrorf("it has a palette, but samples of type %v", p.Type)
	case p.Bands != 1:
		return pictureErrorf("it has a palette, but %d bands", p.Bands)
	case len(p.Palette) > 256:
		return pictureErrorf("its palette has %d colours", len(p.Palette))
	case slices.Contains(p.Palette, nil):
		return pictureErrorf("its palette has a nil colour")
	}
	return nil
}

// each hands every row of the picture to do, from the top down, after it has checked that the row's strip is what the
// picture states. In the end it checks that there were enough. Row y of b is in absolute pixel coordinates.
func (p *Picture) each(do func(b *raster.Block, y int) error) error {
	rows := 0
	for b, err := range p.Strips {
		if err != nil {
			return err
		}
		if err := p.checkStrip(b, rows); err != nil {
			return err
		}
		r := b.Bounds()
		for y := r.Min.Y; y < r.Max.Y; y++ {
			if err := do(b, y); err != nil {
				return err
			}
		}
		rows += r.Dy()
	}
	if rows != p.Size.Y {
		return pictureErrorf("its strips end at row %d of %d", rows, p.Size.Y)
	}
	return nil
}

// checkStrip says whether b can be the strip of p that starts at the given row.
func (p *Picture) checkStrip(b *raster.Block, row int) error {
	if b == nil {
		return pictureErrorf("the strip at row %d is nil", row)
	}
	if slices.Contains(b.Bands, nil) {
		return pictureErrorf("the strip at row %d has a nil band", row)
	}
	r := b.Bounds()
	switch {
	case b.Type != p.Type:
		return pictureErrorf("the strip at row %d has samples of type %v, not %v", row, b.Type, p.Type)
	case len(b.Bands) != p.Bands:
		return pictureErrorf("the strip at row %d has %d bands, not %d", row, len(b.Bands), p.Bands)
	case r.Empty():
		return pictureErrorf("the strip at row %d is empty", row)
	case r.Dx() != p.Size.X:
		return pictureErrorf("the strip at row %d is %d pixels wide, not %d", row, r.Dx(), p.Size.X)
	case r.Dy() > p.Size.Y-row:
		return pictureErrorf("the strip at row %d has %d rows, but %d are left", row, r.Dy(), p.Size.Y-row)
	}
	for i, plane := range b.Bands {
		if plane.Bounds() != r {
			return pictureErrorf("the strip at row %d has bands of different bounds", row)
		}
		if !p.Type.Fits(plane) {
			return pictureErrorf("band %d of the strip at row %d is a %T, though of type %v", i, row, plane, p.Type)
		}
	}
	if b.Valid == nil {
		return nil
	}
	if !r.In(b.Valid.Rect) {
		return pictureErrorf("the strip at row %d has validity for %v of its %v only", row, b.Valid.Rect, r)
	}
	if p.Opaque && !b.Valid.SubImage(r).(*image.Alpha).Opaque() {
		return pictureErrorf("the strip at row %d has pixels without data, though the picture is opaque", row)
	}
	return nil
}
