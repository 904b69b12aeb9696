package raster

import (
	"fmt"
	"image"
	"image/color"
	"iter"
	"slices"
)

// An Image is a raster on its way into a file: its size, type and georeference, and its pixels as strips of full width
// from the top down. Encoders take one and go through its strips once, so that an image need never be in memory as a
// whole.
//
// The zero value is not valid: an image has at least a size, a type, one band, and strips.
type Image struct {
	// Grid has the size in pixels, and georeferences the image in formats that can store it. A zero Affine or CRS is
	// left out of the file.
	Grid Grid

	Type  PixelType // of every band; not Unknown
	Bands int       // of every strip, at least 1, without bands of transparency, which Block.Valid carries

	// Info, if not nil, describes each of the bands, for formats that can store names and colours.
	Info []Band

	// Alpha states that the validity of pixels comes from alpha and may be partial: formats of samples that can keep it as a
	// band of alpha do. Premultiplied states that samples are colours multiplied with it.
	Alpha, Premultiplied bool

	// Palette, if not nil, has the colour of each value of the only band, which is of type U1, U2, U4, U8 or U16:
	// values are indices, not quantities. It has no more colours than the type has values. They may have alpha.
	Palette color.Palette

	// NoData, if not nil, is the value that stands for no data in formats that keep samples as they are. Pixels without
	// data hold it in all bands; samples that have it by chance become pixels without data.
	NoData *float64

	// Opaque promises that every pixel fully holds data. False promises nothing.
	Opaque bool

	// Strips are the pixels, in order from the top. Their heights are free and add up to the height of Grid. A strip's
	// bounds may start anywhere: only their size counts. The first error ends the image, and encoders return it as it
	// is. An encoder reads a strip before it asks for the next one, and does not keep it, so its memory may be used
	// again.
	Strips iter.Seq2[*Block, error]
}

// An ImageError reports that an Image contradicts itself, or that its strips are not what it states: a mistake of the
// calling code.
type ImageError struct {
	Field  string // of Image, such as "Bands" or "Grid.Size"
	Reason string // what is wrong with it
}

func (e *ImageError) Error() string { return fmt.Sprintf("raster: image: %s: %s", e.Field, e.Reason) }

func imageError(field, format string, args ...any) error {
	return &ImageError{Field: field, Reason: fmt.Sprintf(format, args...)}
}

// Check reports, as an *ImageError, what contradicts itself in m. It looks at no strip.
func (m *Image) Check() error {
	switch {
	case m.Grid.Size.X <= 0 || m.Grid.Size.Y <= 0:
		return imageError("Grid.Size", "%d by %d pixels", m.Grid.Size.X, m.Grid.Size.Y)
	case m.Type.Size() == 0:
		return imageError("Type", "%v is no type of samples", m.Type)
	case m.Bands <= 0:
		return imageError("Bands", "%d", m.Bands)
	case m.Strips == nil:
		return imageError("Strips", "nil")
	case m.Info != nil && len(m.Info) != m.Bands:
		return imageError("Info", "of %d bands, not %d", len(m.Info), m.Bands)
	case m.Palette == nil:
		return nil
	}
	lo, hi := m.Type.Range()
	switch {
	case m.Bands != 1:
		return imageError("Palette", "for %d bands, not one", m.Bands)
	case m.Type > U16 || lo < 0:
		return imageError("Palette", "for samples of type %v, not U1, U2, U4, U8 or U16", m.Type)
	case len(m.Palette) > int(hi)+1:
		return imageError("Palette", "%d colours for samples of type %v", len(m.Palette), m.Type)
	case slices.Contains(m.Palette, nil):
		return imageError("Palette", "a nil colour")
	}
	return nil
}

// Checked returns an iterator over Strips that ends with an *ImageError at the first strip that is not what m states,
// or where rows are missing. So a block without an error is not nil, has planes of the stated number and type and of
// equal bounds, and a validity that covers them. It does not check m itself, as Check does.
func (m *Image) Checked() iter.Seq2[*Block, error] {
	return func(yield func(*Block, error) bool) {
		rows := 0
		for b, err := range m.Strips {
			if err == nil {
				err = m.checkStrip(b, rows)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			rows += b.Bounds().Dy()
			if !yield(b, nil) {
				return
			}
		}
		if rows != m.Grid.Size.Y {
			yield(nil, imageError("Strips", "they end at row %d of %d", rows, m.Grid.Size.Y))
		}
	}
}

// checkStrip reports why b cannot be the strip of m that starts at the given row.
func (m *Image) checkStrip(b *Block, row int) error {
	fail := func(format string, args ...any) error {
		return imageError("Strips", "at row %d: %s", row, fmt.Sprintf(format, args...))
	}
	if b == nil {
		return fail("nil")
	}
	if slices.Contains(b.Bands, nil) {
		return fail("a nil band")
	}
	r := b.Bounds()
	switch {
	case b.Type != m.Type:
		return fail("samples of type %v, not %v", b.Type, m.Type)
	case len(b.Bands) != m.Bands:
		return fail("%d bands, not %d", len(b.Bands), m.Bands)
	case r.Empty():
		return fail("empty")
	case r.Dx() != m.Grid.Size.X:
		return fail("%d pixels wide, not %d", r.Dx(), m.Grid.Size.X)
	case r.Dy() > m.Grid.Size.Y-row:
		return fail("%d rows, but %d are left", r.Dy(), m.Grid.Size.Y-row)
	case b.Valid != nil && !r.In(b.Valid.Rect):
		return fail("validity for %v of %v only", b.Valid.Rect, r)
	case m.Opaque && b.Valid != nil && !opaque(b.Valid.SubImage(r).(*image.Alpha)):
		return fail("pixels without data in an opaque image")
	}
	for i, p := range b.Bands {
		if p.Bounds() != r {
			return fail("bands of different bounds")
		}
		if !m.Type.Fits(p) {
			return fail("band %d is a %T, though of type %v", i, p, m.Type)
		}
	}
	return nil
}
