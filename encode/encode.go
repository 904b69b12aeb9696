package encode

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// A Format writes images in one file format, and states what that format can hold. The zero value writes nothing: a
// format has at least a Name, a MediaType, an Ext, Types, and Encode.
type Format struct {
	Name      string             // as requests name it, in lower case
	MediaType string             // such as "image/png"
	Ext       string             // extension of file names, without the dot
	Types     []raster.PixelType // pixel types that it holds; the caller converts others
	Bands     int                // number of bands drawn at most, so that no more need be read; 0 if all are kept
	Alpha     bool               // pixels without data stay transparent, by an alpha channel or a transparent colour

	// Lossy reports that Options.Quality decides how much samples change, with every compression. Where only some
	// compressions lose anything, it is false and LossyCompressions lists them.
	Lossy bool
	// Compressions are the values of Options.Compression, the default first. Nil means that there is no choice.
	Compressions []string
	// LossyCompressions are those of Compressions for which Options.Quality counts.
	LossyCompressions []string
	// Tolerance reports that Options.Tolerance counts.
	Tolerance bool
	// Whole reports that Encode holds the samples of the whole image in memory, and the file. With other formats memory
	// does not grow with the image.
	Whole bool

	// Choose, if not nil, returns the format in which an image is written, where that depends on the image: Encode uses
	// it, and a caller that has to state the media type asks first. An image should be Opaque if it is known to be.
	Choose func(m *raster.Image) Format

	// Encode writes m to w. It is safe for concurrent use. A nil o means the defaults. Errors of m.Strips and of w are
	// returned as they are. What cannot be written is an *UnsupportedError, a *raster.ImageError or an *OptionError,
	// and what GeoKeys cannot express an error of package srs. Other errors come from temporary files.
	Encode func(w io.Writer, m *raster.Image, o *Options) error
}

// Holds reports whether the format can hold samples of type t.
func (f Format) Holds(t raster.PixelType) bool { return slices.Contains(f.Types, t) }

// HasQuality reports whether Options.Quality counts with the given compression, in upper or lower case. An empty one
// stands for the format's default.
func (f Format) HasQuality(compression string) bool {
	if compression == "" && len(f.Compressions) > 0 {
		compression = f.Compressions[0]
	}
	same := func(c string) bool { return strings.EqualFold(c, compression) }
	return f.Lossy || slices.ContainsFunc(f.LossyCompressions, same)
}

// Formats are the formats that an export may use, by their names in lower case. It is a plain map: reading it is safe
// for concurrent use as long as nobody writes to it.
type Formats map[string]Format

// Names returns the names of the formats, sorted.
func (f Formats) Names() []string { return slices.Sorted(maps.Keys(f)) }

// Compressions returns the values that Options.Compression has in any of the formats, sorted.
func (f Formats) Compressions() []string {
	all := map[string]bool{}
	for _, format := range f {
		for _, c := range format.Compressions {
			all[c] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// Default returns a fresh map of the formats of this package: png, png8, png24, png32, jpg, jpgpng, gif, bmp, tiff, bip,
// bsq and lerc. The caller may change it.
//
// The encoders of one map share buffers and compressors from one image to the next, so a program should make one map
// rather than one for each image.
func Default() Formats {
	z, j := new(packers), new(jpegBuffers)
	formats := make(Formats)
	for _, f := range []Format{
		pngFormat(z),
		png8Format(z),
		png24Format(z),
		png32Format(z),
		jpgFormat(j),
		jpgpngFormat(jpgFormat(j), png32Format(z)),
		gifFormat(),
		bmpFormat(),
		tiffFormat(),
		bipFormat(),
		bsqFormat(),
		lercFormat(),
	} {
		formats[f.Name] = f
	}
	return formats
}

// drawnBands is the number of bands that formats for pictures draw at most: red, green and blue.
const drawnBands = 3

// u8 returns the types of formats that hold bytes alone.
func u8() []raster.PixelType { return []raster.PixelType{raster.U8} }

// allTypes returns the types of formats that keep samples as they are.
func allTypes() []raster.PixelType {
	var all []raster.PixelType
	for t := raster.U1; t <= raster.C128; t++ {
		all = append(all, t)
	}
	return all
}
