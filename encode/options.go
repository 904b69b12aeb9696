package encode

import (
	"image/color"

	"github.com/geoexport/geoexport/internal/spool"
)

// DefaultQuality is the quality of lossy formats if Options have none. It is the one that ArcGIS services usually
// advertise.
const DefaultQuality = 75

// Options state how to encode, as far as a format has a choice. A nil *Options and the zero value mean the defaults.
type Options struct {
	// Quality is that of lossy formats, from 0, the smallest file, to 100, the best image; other numbers are an
	// OptionError. 0 and 1 may mean the same. Nil means DefaultQuality.
	Quality *int

	// Background is the colour under pixels without data in formats that have no transparency. Its alpha is ignored,
	// since a background is opaque. The zero value is black, as in the output of ArcGIS.
	Background color.NRGBA

	// Compression is one of the Compressions of the format, in upper or lower case; others are an OptionError. Formats
	// without a choice ignore it. Empty means the format's default. For tiff, LZ77 is what ArcGIS calls Deflate.
	Compression string

	// Tolerance is the most by which a sample may differ from its value, in formats whose Tolerance is set. Nil means
	// the format's default.
	Tolerance *float64

	// LERCVersion is 1 for Lerc1, which lerc then writes where it holds the samples exactly, and 2 for Lerc2. 0 means 2.
	LERCVersion int

	// Note, if not nil, is called with where and why a file differs from what these options ask for, before Encode
	// returns.
	Note func(text string)

	// Subsampling is the resolution of colours in JPEG.
	Subsampling Subsampling

	// Dither spreads the error of chosen colours over the neighbouring pixels, in png8 and gif, so that areas have
	// their mean colour and gradients no steps. Files become larger, and equal pixels of two images may differ.
	Dither bool

	// Workers is the number of parts of an image that are packed in parallel, in formats that can. It has no influence
	// on the bytes. 0 means GOMAXPROCS, and 8 at most.
	Workers int

	// SpoolBytes is the most of an image that waits in memory where a format cannot write it in the order in which it
	// comes; what is more waits in a temporary file. 0 means 8 MiB.
	SpoolBytes int
	// TempFile makes the temporary file. Nil makes one in os.TempDir.
	TempFile func() (TempFile, error)
}

// note reports a difference.
func (o *Options) note(text string) {
	if o != nil && o.Note != nil {
		o.Note(text)
	}
}

// A TempFile is written from the front, and then read. Close deletes it. It serves one goroutine at a time.
type TempFile = spool.File

// spool returns an empty spool as the options want it.
func (o *Options) spool() spool.Spool {
	if o == nil {
		return spool.Spool{}
	}
	return spool.Spool{Memory: o.SpoolBytes, Make: o.TempFile}
}

// quality returns the stated quality or the default.
func (o *Options) quality() (int, error) {
	if o == nil || o.Quality == nil {
		return DefaultQuality, nil
	}
	if q := *o.Quality; q < 0 || q > 100 {
		return 0, &OptionError{Option: "quality", Value: q, Want: "0 to 100"}
	}
	return *o.Quality, nil
}

// background returns the opaque colour under pixels without data.
func (o *Options) background() color.NRGBA {
	if o == nil {
		return color.NRGBA{A: 255}
	}
	c := o.Background
	c.A = 255
	return c
}

// Subsampling is the resolution of chroma, relative to that of luma.
type Subsampling int

// Ways to subsample. Halved chroma makes files a third smaller, and cannot be seen in photographs; thin coloured lines
// suffer.
const (
	SubsamplingByQuality Subsampling = iota // Subsampling420 for a quality under 90, else Subsampling444
	Subsampling420                          // halved both ways
	Subsampling444                          // a sample for each pixel
)

// halved reports whether chroma is halved at the given quality.
func (o *Options) halved(quality int) bool {
	if o == nil || o.Subsampling == SubsamplingByQuality {
		return quality < 90
	}
	return o.Subsampling == Subsampling420
}
