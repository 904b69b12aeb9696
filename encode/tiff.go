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

func tiffFormat() Format {
	f := Format{Name: "tiff", MediaType: "image/tiff", Ext: "tif", Types: allTypes(), Alpha: true,
		LossyCompressions: []string{"JPEG"}, Encode: (&tiffEncoder{}).encode}
	for _, c := range tiffCompressions {
		f.Compressions = append(f.Compressions, c.name)
	}
	return f
}

// tiffCompressions are the values of Options.Compression, the default first.
var tiffCompressions = []struct {
	name   string
	number geotiff.Compression
}{
	{"None", geotiff.None}, {"JPEG", geotiff.JPEG}, {"LZ77", geotiff.Deflate}, {"LZW", geotiff.LZW},
	{"Deflate", geotiff.Deflate}, {"ZSTD", geotiff.ZSTD},
}

// tiffCompression returns the stated compression or the default.
func (o *Options) tiffCompression() (geotiff.Compression, error) {
	if o == nil || o.Compression == "" {
		return geotiff.None, nil
	}
	for _, c := range tiffCompressions {
		if strings.EqualFold(c.name, o.Compression) {
			return c.number, nil
		}
	}
	names := strings.Join(tiffFormat().Compressions, ", ")
	return 0, &OptionError{Option: "compression", Value: o.Compression, Want: names}
}

// A tiffEncoder keeps memory for the next image.
type tiffEncoder struct{ encoder geotiff.Encoder }

// encode writes a GeoTIFF of all bands. If the image has alpha, it is the last band. Otherwise pixels without data hold
// NoData, if that is stated. If it is not, or if JPEG would not keep either, a mask inside the file marks them.
func (t *tiffEncoder) encode(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "tiff", math.MaxInt32, allTypes()...); err != nil {
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
		options.Workers, options.SpoolBytes, options.TempFile = o.Workers, o.SpoolBytes, o.TempFile
	}
	if keepsAlpha(m, compression) {
		options.Validity = geotiff.ValidityAlpha
		without := *m
		without.NoData = nil // alpha says better which pixels hold data
		m = &without
	}
	if compression == geotiff.JPEG {
		if m.Type != raster.U8 || m.Bands != 1 && m.Bands != 3 || m.Palette != nil {
			return &OptionError{Option: "compression", Value: o.Compression,
				Want: fmt.Sprintf("one without loss for %s", kind(m))}
		}
		without := *m
		without.NoData = nil
		m = &without
	}
	err = t.encoder.Encode(w, m, options)
	refused, ok := errors.AsType[*geotiff.EncodeError](err)
	if !ok {
		return err
	}
	if refused.Field == "Image.NoData" {
		return &OptionError{Option: "noData", Value: *m.NoData, Want: fmt.Sprintf("a value of type %v", m.Type)}
	}
	return &UnsupportedError{Format: "tiff", What: refused.Error()}
}

// keepsAlpha reports whether a file has alpha as a band, so that partly transparent pixels stay so.
func keepsAlpha(m *raster.Image, c geotiff.Compression) bool {
	switch m.Type {
	case raster.U8, raster.U16, raster.S16, raster.U32, raster.S32, raster.F32, raster.F64:
		return m.Alpha && m.Palette == nil && c != geotiff.JPEG
	}
	return false
}

// kind describes the samples of an image, for messages.
func kind(m *raster.Image) string {
	if m.Palette != nil {
		return "indices of a palette"
	}
	if m.Bands == 1 {
		return fmt.Sprintf("1 band of type %v", m.Type)
	}
	return fmt.Sprintf("%d bands of type %v", m.Bands, m.Type)
}
