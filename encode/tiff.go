package encode

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// allTypes are the types of formats that keep samples as they are.
func allTypes() []raster.PixelType {
	var all []raster.PixelType
	for t := raster.U1; t <= raster.C128; t++ {
		all = append(all, t)
	}
	return all
}

// tiffCompressions are the values of Options.Compression.
var tiffCompressions = []struct {
	name   string
	number geotiff.Compression
}{
	{"None", geotiff.None}, {"JPEG", geotiff.JPEG}, {"LZ77", geotiff.Deflate}, {"LZW", geotiff.LZW},
	{"Deflate", geotiff.Deflate}, {"ZSTD", geotiff.ZSTD},
}

// tiffCompression is the stated compression.
func (o *Options) tiffCompression() (geotiff.Compression, error) {
	if o == nil || o.Compression == "" {
		return geotiff.None, nil
	}
	var names []string
	for _, c := range tiffCompressions {
		if strings.EqualFold(c.name, o.Compression) {
			return c.number, nil
		}
		names = append(names, c.name)
	}
	return 0, &OptionError{Option: "compression", Value: o.Compression, Want: strings.Join(names, ", ")}
}

// encodeTIFF writes a GeoTIFF of all bands. Pixels without data hold NoData, where that is stated, and are told by a mask
// inside the file where it is not, or where JPEG would not keep it.
func encodeTIFF(w io.Writer, p *Picture, o *Options) error {
	if err := p.check("tiff", math.MaxInt32, allTypes()...); err != nil {
		return err
	}
	compression, err := o.tiffCompression()
	if err != nil {
		return err
	}
	quality, err := o.quality()
	if err != nil {
		return err
	}
	options := &geotiff.EncodeOptions{Compression: compression, Quality: &quality}
	if o != nil {
		options.Workers = o.Workers
	}
	m := &geotiff.Image{
		Grid: p.Grid, Type: p.Type, Bands: p.Bands, Palette: p.Palette, NoData: p.NoData, Opaque: p.Opaque, Strips: p.Strips,
	}
	m.Grid.Size = p.Size
	if compression == geotiff.JPEG {
		if p.Type != raster.U8 || p.Bands != 1 && p.Bands != 3 || p.Palette != nil {
			return &OptionError{Option: "compression", Value: o.Compression,
				Want: fmt.Sprintf("one without loss for %s", p.kind())}
		}
		m.NoData = nil
	}
	err = geotiff.Encode(w, m, options)
	refused, ok := errors.AsType[*geotiff.EncodeError](err)
	if !ok {
		return err
	}
	switch refused.Field {
	case "Image.NoData":
		return &OptionError{Option: "noData", Value: *p.NoData, Want: fmt.Sprintf("a value of type %v", p.Type)}
	case "Image.Strips":
		return pictureErrorf("%s", refused.Reason)
	}
	return &UnsupportedError{Format: "tiff", What: refused.Error()}
}

// kind is what the picture's samples are, for messages.
func (p *Picture) kind() string {
	if p.Palette != nil {
		return "indices of a palette"
	}
	if p.Bands == 1 {
		return fmt.Sprintf("1 band of type %v", p.Type)
	}
	return fmt.Sprintf("%d bands of type %v", p.Bands, p.Type)
}
