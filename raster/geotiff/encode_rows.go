package geotiff

import (
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
)

// bandRows collects rows of one band until they fill a row of tiles. Its implementation is *bandRowsOf[T].
type bandRows interface {
	plane(r image.Rectangle) raster.Plane // returns the part inside r
	// take copies n rows of p, beginning with row y, to the rows from at on. The bounds of p need not begin at 0.
	take(p raster.Plane, y, at, n int)
	// blank overwrites the samples of a row where valid is 0.
	blank(at int, valid []uint8)
}

type bandRowsOf[T raster.Sample] struct {
	*raster.PlaneOf[T]
	noData T
}

// newBandRows returns bandRows in the memory of a plane.
func newBandRows(p raster.Plane, noData float64) bandRows {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		return &bandRowsOf[uint8]{p, uint8(noData)}
	case *raster.PlaneOf[int8]:
		return &bandRowsOf[int8]{p, int8(noData)}
	case *raster.PlaneOf[uint16]:
		return &bandRowsOf[uint16]{p, uint16(noData)}
	case *raster.PlaneOf[int16]:
		return &bandRowsOf[int16]{p, int16(noData)}
	case *raster.PlaneOf[uint32]:
		return &bandRowsOf[uint32]{p, uint32(noData)}
	case *raster.PlaneOf[int32]:
		return &bandRowsOf[int32]{p, int32(noData)}
	case *raster.PlaneOf[float32]:
		return &bandRowsOf[float32]{p, float32(noData)}
	case *raster.PlaneOf[float64]:
		return &bandRowsOf[float64]{p, noData}
	case *raster.PlaneOf[complex64]:
		return &bandRowsOf[complex64]{p, complex(float32(noData), 0)}
	case *raster.PlaneOf[complex128]:
		return &bandRowsOf[complex128]{p, complex(noData, 0)}
	}
	panic(fmt.Sprintf("geotiff: rows of %T", p))
}

func (b *bandRowsOf[T]) plane(r image.Rectangle) raster.Plane { return b.Sub(r) }

func (b *bandRowsOf[T]) take(p raster.Plane, y, at, n int) {
	from := p.(*raster.PlaneOf[T])
	for i := range n {
		copy(b.Row(at+i), from.Row(y+i))
	}
}

func (b *bandRowsOf[T]) blank(at int, valid []uint8) {
	row := b.Row(at)
	for x, v := range valid {
		if v == 0 {
			row[x] = b.noData
		}
	}
}

// An encodeLevel writes one resolution of the image.
type encodeLevel struct {
	e       *encoder
	size    image.Point
	pixels  *encodeDirectory
	mask    *encodeDirectory // nil if the level has no mask
	coarser *encodeLevel     // nil for the last level

	// The following fields hold one row of tiles, whose first row of pixels has number 0.
	bands  []bandRows
	valid  *image.Alpha
	holes  bool // valid has a value other than 255
	filled int  // number of rows of pixels that are filled
}

// add takes the next rows of the level, and writes each row of tiles as soon as it is full.
func (l *encodeLevel) add(b *raster.Block) error {
	r := b.Bounds()
	for y := r.Min.Y; y < r.Max.Y; {
		n := min(r.Max.Y-y, l.valid.Rect.Dy()-l.filled)
		for i, band := range l.bands {
			band.take(b.Bands[i], y, l.filled, n)
		}
		for i := range n {
			l.addValidity(b, y+i, l.filled+i)
		}
		y += n
		if l.filled += n; l.filled == l.valid.Rect.Dy() || l.pixels.rows*l.e.tile.Y+l.filled == l.size.Y {
			if err := l.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// addValidity copies the validity of row y of b to row at, and blanks the samples that are not valid.
func (l *encodeLevel) addValidity(b *raster.Block, y, at int) {
	row := l.valid.Pix[at*l.valid.Stride:][:l.size.X]
	if b.Valid == nil {
		for x := range row {
			row[x] = 255
		}
		return
	}
	copy(row, b.ValidRow(y))
	holes := false
	for x, v := range row {
		if v == 255 {
			continue
		}
		holes = true
		if l.e.soft {
			continue
		}
		if v >= 128 {
			row[x] = 255
		} else {
			row[x] = 0
		}
	}
	if !holes {
		return
	}
	l.holes, l.e.holes = true, true
	for _, band := range l.bands {
		band.blank(at, row)
	}
}

// flush writes the row of tiles, and adds it, reduced to half its size, to the next level.
func (l *encodeLevel) flush() error {
	b := &raster.Block{Type: l.e.image.Type}
	r := image.Rect(0, 0, l.size.X, l.filled)
	for _, band := range l.bands {
		b.Bands = append(b.Bands, band.plane(r))
	}
	if l.holes {
		b.Valid = l.valid.SubImage(r).(*image.Alpha)
	}
	if err := l.e.writeTiles(l, b); err != nil {
		return err
	}
	l.filled, l.holes = 0, false
	if l.coarser == nil {
		return nil
	}
	half := image.Rect(0, 0, (r.Max.X+1)/2, (r.Max.Y+1)/2)
	return l.coarser.add(l.e.reduction.Halve(b, half))
}
