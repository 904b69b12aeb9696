package encode

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/lerc"
)

// lercVersion is the version of Lerc2 that is written: the one that ArcGIS services and TIFF files have, which readers
// know since 2018. Version 6, which keeps floating-point samples without loss in less space, is known to few.
const lercVersion = 4

func lercFormat() Format {
	var types []raster.PixelType
	for t := raster.U1; t <= raster.F64; t++ {
		types = append(types, t)
	}
	return Format{Name: "lerc", MediaType: "application/octet-stream", Ext: "lerc", Types: types, Alpha: true,
		Tolerance: true, Whole: true, Encode: encodeLERC}
}

// encodeLERC writes LERC: a blob for each band, one after the other, and a mask that all share. Samples differ from the
// image's by Options.Tolerance at most, or by nothing. Pixels without data are invalid, and so are samples that are
// NaN; a pixel whose validity is soft holds data from 128 on. A blob states at its beginning how long it is, and what
// the least and greatest samples are, so that all samples wait in memory, and one blob.
func encodeLERC(w io.Writer, m *raster.Image, o *Options) error {
	f := lercFormat()
	if err := check(m, f.Name, math.MaxInt32, f.Types...); err != nil {
		return err
	}
	options := &lerc.EncodeOptions{Version: lercVersion}
	if o != nil && o.Tolerance != nil {
		options.MaxZError = *o.Tolerance
		if t := options.MaxZError; !(t >= 0) || math.IsInf(t, 1) {
			return &OptionError{Option: "tolerance", Value: t, Want: "0 or more"}
		}
	}
	if o != nil && o.LERCVersion != 0 && o.LERCVersion != 2 {
		if options.Lerc1, options.Version = true, 0; o.LERCVersion != 1 {
			return &OptionError{Option: "lercVersion", Value: o.LERCVersion, Want: "1 or 2"}
		}
	}
	if m.Palette != nil {
		options.MaxZError = 0 // an index next to another is another colour
	}
	size := m.Grid.Size
	if n := int64(size.X) * int64(size.Y); n > math.MaxInt32/int64(m.Type.Size()) {
		return &UnsupportedError{Format: f.Name, What: fmt.Sprintf("%d by %d pixels (2 GiB a band at most)", size.X, size.Y)}
	}
	switch m.Type {
	case raster.S8:
		return lercOf[int8](w, m, options, o)
	case raster.U16:
		return lercOf[uint16](w, m, options, o)
	case raster.S16:
		return lercOf[int16](w, m, options, o)
	case raster.U32:
		return lercOf[uint32](w, m, options, o)
	case raster.S32:
		return lercOf[int32](w, m, options, o)
	case raster.F32:
		return lercOf[float32](w, m, options, o)
	case raster.F64:
		return lercOf[float64](w, m, options, o)
	}
	return lercOf[uint8](w, m, options, o) // also for fewer bits
}

// lercOf writes an image whose samples have one type.
func lercOf[T interface {
	lerc.Sample
	raster.Sample
}](w io.Writer, m *raster.Image, options *lerc.EncodeOptions, o *Options) error {
	width := m.Grid.Size.X
	pixels := width * m.Grid.Size.Y
	pix := make([]T, m.Bands*pixels)
	var valid []uint8
	row := 0
	err := eachRow(m, func(b *raster.Block, y int) error {
		at := row * width
		for i, p := range b.Bands {
			copy(pix[i*pixels+at:][:width], p.(*raster.PlaneOf[T]).Row(y))
		}
		if v := b.ValidRow(y); v != nil {
			if valid == nil {
				valid = make([]uint8, pixels)
				for i := range valid {
					valid[i] = 255
				}
			}
			for x, a := range v {
				if a < halfValid {
					valid[at+x] = 0
				}
			}
		}
		row++
		return nil
	})
	if err != nil {
		return err
	}
	file := &lerc.Image{Width: width, Height: m.Grid.Size.Y, Bands: m.Bands, Pix: pix, Valid: valid}
	err = lerc.Encode(w, file, options)
	if e, ok := errors.AsType[*lerc.EncodeError](err); ok && options.Lerc1 {
		o.note("lercVersion: Lerc2, since Lerc1 cannot hold the image: " + e.Reason)
		options.Lerc1, options.Version = false, lercVersion
		err = lerc.Encode(w, file, options)
	}
	return err
}
