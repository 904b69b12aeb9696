package encode

import (
	"image/color"
	"io"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// DefaultQuality is the quality of lossy formats when Options do not say: what ArcGIS services usually advertise.
const DefaultQuality = 75

// Options tell how to encode, as far as a format has a choice. A nil *Options and the zero value mean the defaults.
type Options struct {
	// Quality is that of lossy formats, from 0, the smallest file, to 100, the best picture; other numbers are an
	// OptionError. 0 and 1 may mean the same. Nil means DefaultQuality.
	Quality *int

	// Background is the colour under pixels without data in formats that have no transparency. Its alpha does not
	// count: a background is opaque. The zero value is black, which is what ArcGIS was seen to show.
	Background color.NRGBA

	// Compression is that of tiff: None, JPEG, LZ77, LZW, Deflate or ZSTD, in any case; others are an OptionError. LZ77 is
	// what ArcGIS calls Deflate. Empty means None.
	Compression string

	// Subsampling is that of colours in JPEG.
	Subsampling Subsampling

	// Dither spreads the error of chosen colours over the pixels around, in png8 and gif, so that areas have their mean
	// colour and gradients no steps. Files become larger, and pixels differ from the same ones of another picture.
	Dither bool

	// Workers is how many parts of a picture are packed side by side, by formats that can. It has no influence on the
	// bytes. 0 means GOMAXPROCS, and 8 at most.
	Workers int
}

// quality is the stated quality or the default.
func (o *Options) quality() (int, error) {
	if o == nil || o.Quality == nil {
		return DefaultQuality, nil
	}
	if q := *o.Quality; q < 0 || q > 100 {
		return 0, &OptionError{Option: "quality", Value: q, Want: "0 to 100"}
	}
	return *o.Quality, nil
}

// background is the opaque colour under pixels without data.
func (o *Options) background() color.NRGBA {
	if o == nil {
		return color.NRGBA{A: 255}
	}
	c := o.Background
	c.A = 255
	return c
}

// Subsampling is how many samples of chroma stand for a pixel.
type Subsampling int

// Ways to subsample. Halved chroma makes files a third smaller, and cannot be seen in photographs; thin coloured lines
// suffer.
const (
	SubsamplingByQuality Subsampling = iota // as a quality under 90 is halved, and others are not
	Subsampling420                          // halved both ways
	Subsampling444                          // one for each pixel
)

// halved says whether chroma is, at the given quality.
func (o *Options) halved(quality int) bool {
	if o == nil || o.Subsampling == SubsamplingByQuality {
		return quality < 90
	}
	return o.Subsampling == Subsampling420
}

// A Format is one way to write a picture.
type Format struct {
	Name      string             // as requests name it, in lower case
	MediaType string             // such as "image/png"
	Ext       string             // of file names, without the dot
	Types     []raster.PixelType // that it holds; the caller converts others
	Bands     int                // how many are drawn at most, so that no more need to be read; 0 if all are kept
	Alpha     bool               // pixels without data stay transparent, by an alpha channel or a transparent colour

	// Choose, if not nil, says which format a picture is written in, where that depends on the picture: Encode goes by
	// it, and who has to state the media type asks first. Such pictures should be Opaque if they are.
	Choose func(m *raster.Image) Format

	// Encode writes p to w. It is safe for concurrent use. A nil o means the defaults. Errors of m.Strips and of w are
	// returned as they are. What cannot be written is an *UnsupportedError, a *raster.ImageError or an *OptionError, and what
	// GeoKeys cannot say an error of package srs. Other errors are about temporary files.
	Encode func(w io.Writer, m *raster.Image, o *Options) error
}

// Holds says whether the format can hold samples of type t.
func (f Format) Holds(t raster.PixelType) bool { return slices.Contains(f.Types, t) }

// Formats are the formats that an export may use, by their names in lower case. It is a plain map: reading it is safe
// for concurrent use as long as nobody writes to it.
type Formats map[string]Format

// Default gives a fresh map of the formats of this package: png, png8, png24, png32, jpg, jpgpng, gif, bmp,
// tiff, bip and bsq.
//
// Its encoders share buffers and compressors from one picture to the next, so make it once rather than for each picture.
func Default() Formats {
	u8 := []raster.PixelType{raster.U8}
	z, j := new(packers), new(jpegBuffers)
	formats := make(Formats)
	for _, f := range []Format{
		{Name: "png", MediaType: "image/png", Ext: "png", Types: []raster.PixelType{raster.U8, raster.U16}, Alpha: true,
			Encode: z.encodePNG},
		{Name: "png8", MediaType: "image/png", Ext: "png", Types: u8, Alpha: true, Encode: z.encodePNG8},
		{Name: "png24", MediaType: "image/png", Ext: "png", Types: u8, Encode: z.encodePNG24},
		{Name: "png32", MediaType: "image/png", Ext: "png", Types: u8, Alpha: true, Encode: z.encodePNG32},
		{Name: "jpg", MediaType: "image/jpeg", Ext: "jpg", Types: u8, Encode: j.encode},
		{Name: "gif", MediaType: "image/gif", Ext: "gif", Types: u8, Alpha: true, Encode: encodeGIF},
		{Name: "bmp", MediaType: "image/bmp", Ext: "bmp", Types: u8, Encode: encodeBMP},
	} {
		f.Bands = 3
		f.Types = slices.Clone(f.Types)
		formats[f.Name] = f
	}
	for _, f := range []Format{
		{Name: "tiff", MediaType: "image/tiff", Ext: "tif", Types: allTypes(), Alpha: true, Encode: encodeTIFF},
		{Name: "bip", MediaType: "application/octet-stream", Ext: "bip", Types: allTypes(), Alpha: true, Encode: encodeBIP},
		{Name: "bsq", MediaType: "application/octet-stream", Ext: "bsq", Types: allTypes(), Alpha: true, Encode: encodeBSQ},
	} {
		formats[f.Name] = f
	}
	formats["jpgpng"] = jpgpng(formats["jpg"], formats["png32"])
	return formats
}
