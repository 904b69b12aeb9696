package encode

import "image/color"

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

	// Tolerance is the most by which a sample may differ from what it was, in formats whose Tolerance is set. Nil means the
	// format's default.
	Tolerance *float64

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
