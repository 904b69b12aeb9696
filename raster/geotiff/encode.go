package geotiff

import (
	"fmt"
	"io"
	"runtime"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/overview"
)

// Validity is how a file tells which pixels hold data.
type Validity uint8

// The ways to tell. A pixel whose validity is soft, between 0 and 255, holds data from 128 on, except in an alpha band.
const (
	// ValidityDefault is Image.NoData where that is stated, and else ValidityMask.
	ValidityDefault Validity = iota
	// ValidityMask is a mask inside the file: one bit a pixel, compressed with Deflate. It is left out where every pixel
	// holds data, if that is promised or known before the file has to be begun. Pixels without data are 0.
	ValidityMask
	// ValidityAlpha is one more band, of unassociated alpha: the validity, scaled to the range of the type or, in floating
	// point, to 1. It is for U8 and for types of 16 bits and more that are not complex. Pixels without data are 0.
	ValidityAlpha
)

// EncodeOptions tell how to encode. Nil and the zero value mean the defaults.
type EncodeOptions struct {
	// Compression is None, which is also the default, LZW, Deflate, ZSTD or JPEG. JPEG is for one or three bands of U8
	// without palette and NoData; three are taken for colours and coded as YCbCr with chroma halved both ways.
	Compression Compression
	// Predictor is what samples are replaced by before LZW, Deflate or ZSTD: 1 leaves them, 2 takes differences of samples
	// of 8, 16, 32 or 64 bits, 3 those of bytes of floating-point ones. The default is 2 for whole numbers of 8 bits and
	// more that are no indices of a palette, 3 for floating-point samples, and else 1.
	Predictor int
	// Quality is that of JPEG, from 0, the smallest file, to 100, the best picture; 0 and 1 are the same. Nil means 75.
	Quality *int

	Validity Validity

	// Overviews adds images of half the size, of half of that, and so on until one fits in a tile of 256 by 256 pixels. The file
	// is then a cloud-optimised GeoTIFF: all directories first, then the overviews' pixels, the coarsest first.
	Overviews bool
	// Reduction is how overviews are made. In any case indices of a palette become the most frequent ones, and complex
	// samples the first of each four.
	Reduction overview.Reduction

	// BigTIFF asks for offsets of 64 bits, which are used anyway where the file needs them.
	BigTIFF bool

	// Workers is how many tiles are compressed at once: by default GOMAXPROCS. The file is the same for any number.
	Workers int

	// What cannot be written before all of it is known is kept in memory up to SpoolBytes, by default 8 MiB, and beyond
	// that in a temporary file in SpoolDir, by default that of os.TempDir.
	SpoolBytes int
	SpoolDir   string
}

// DefaultQuality is the quality of JPEG when EncodeOptions do not say.
const DefaultQuality = 75

// An EncodeError says that an image cannot be written as asked.
type EncodeError struct {
	Field  string // of Image or EncodeOptions, such as "Image.Bands"
	Value  string // what it says; empty if that tells nothing
	Reason string // what is wrong with it
}

func (e *EncodeError) Error() string {
	return "geotiff: encode: " + describe(e.Field, e.Value, e.Reason, nil)
}

func cannotEncode(field string, value any, format string, args ...any) error {
	return &EncodeError{Field: field, Value: show(value), Reason: fmt.Sprintf(format, args...)}
}

// Encode writes m to w as a GeoTIFF in tiles. A nil o means the defaults.
//
// Tiles have 256 by 256 pixels, or less: images that are narrower or lower have smaller ones, and a row of tiles has no more
// rows than fit in 4 MiB, as far as a height of 16 allows. Encode keeps one row of tiles, once raw and once compressed, and
// half as much in all for overviews.
//
// A TIFF says at its beginning where everything is. Samples that are not compressed are written as they come, since their
// sizes are known; a mask comes after them. Compressed ones, and files with overviews, are spooled until all are known.
//
// It is safe for concurrent use. The bytes depend on the pixels, the options but Workers and the spool's, and Image.Opaque
// alone: not on how the image is cut into strips. Errors of m.Strips and of w are returned as they are; what cannot be written
// is an *EncodeError or, if m contradicts itself, a *raster.ImageError, and what GeoKeys cannot say an error of package srs. After an error w may have received a part of a
// file, which is of no use.
func Encode(w io.Writer, m *raster.Image, o *EncodeOptions) (err error) {
	e, err := newEncoder(w, m, o)
	if err != nil {
		return err
	}
	defer func() {
		if closed := e.spool.Close(); err == nil {
			err = closed
		}
	}()
	if e.direct {
		if err := e.begin(); err != nil {
			return err
		}
	}
	for b, err := range m.Checked() {
		if err != nil {
			return err
		}
		if err := e.levels[0].add(b); err != nil {
			return err
		}
	}
	return e.end()
}

func (o EncodeOptions) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}
