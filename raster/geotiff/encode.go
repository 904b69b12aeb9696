package geotiff

import (
	"fmt"
	"io"
	"runtime"

	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/overview"
)

// Validity is the way in which a file records which pixels hold data.
type Validity uint8

// The ways to record validity. A pixel whose validity is soft, between 0 and 255, holds data from 128 on; only an alpha
// band keeps soft values.
const (
	// ValidityDefault records validity by Image.NoData if that is set, and otherwise as ValidityMask does.
	ValidityDefault Validity = iota
	// ValidityMask is a mask inside the file: one bit a pixel, compressed with Deflate. The mask is omitted if every
	// pixel holds data and this is known before the first byte is written: because Image.Opaque promises it, or because
	// all tiles are spooled. Pixels without data are 0.
	ValidityMask
	// ValidityAlpha adds a band of unassociated alpha: the validity, scaled to the range of the type or, in floating
	// point, to 1. It is for U8 and for types of 16 bits and more that are not complex. Pixels without data are 0.
	ValidityAlpha
)

// EncodeOptions configure Encode. Nil and the zero value mean the defaults.
type EncodeOptions struct {
	// Compression is None, which is the default, LZW, Deflate, ZSTD, LERC or JPEG. LERC is for types of 8 bits and more
	// that are not complex. JPEG is for one or three bands of U8
	// without Palette and NoData; three bands are red, green and blue, and coded as YCbCr with chroma halved both ways.
	Compression Compression
	// Predictor is the transform of samples before LZW, Deflate or ZSTD: 1 leaves them as they are, 2 takes differences
	// of samples of 8, 16, 32 or 64 bits, 3 takes differences of the bytes of floating-point samples. The default, 0,
	// stands for 2 for integers of 8 and 16 bits that are not palette indices, and for 1 otherwise: not all readers know 3,
	// nor 2 with wider samples, but for these they make files smaller.
	Predictor int
	// Quality is the quality of JPEG, from 0, the smallest file, to 100, the best image; 0 and 1 are the same. Nil
	// means DefaultQuality.
	Quality *int

	// MaxZError is the most by which samples of LERC may differ from those of the image: 0, the default, loses nothing,
	// nor does anything below 1 for integers. Tiles with samples at NoData, or so near that they could become it, and
	// tiles with soft alpha are kept exactly.
	MaxZError float64
	// LERCCompression is the compression of what LERC has coded: None, the default, Deflate or ZSTD.
	LERCCompression Compression

	// Validity is the way to record which pixels hold data.
	Validity Validity

	// Overviews adds images of half the size, of half of that, and so on until one fits in a tile of 256 by 256 pixels.
	// The file is then a cloud-optimised GeoTIFF: all directories first, then the overviews' pixels, the coarsest
	// first.
	Overviews bool
	// Reduction is the way overviews are made. It does not apply to palette indices, of which the most frequent one is
	// always taken, nor to complex samples, where each group of four becomes its first one.
	Reduction overview.Reduction

	// BigTIFF forces offsets of 64 bits, which are used anyway if the file needs them.
	BigTIFF bool

	// Workers is the number of tiles compressed in parallel: by default GOMAXPROCS. The file is the same for any
	// number.
	Workers int

	// Tiles that cannot be written before the sizes of all tiles are known wait in memory up to SpoolBytes, by default
	// 8 MiB, and beyond that in a temporary file in SpoolDir, by default os.TempDir.
	SpoolBytes int
	SpoolDir   string
	// TempFile, if not nil, makes the temporary file; then SpoolDir is ignored.
	TempFile func() (TempFile, error)
}

// A TempFile is a temporary file that is written from its start, and then read. Close deletes it. It belongs to one
// goroutine at a time.
type TempFile = spool.File

// DefaultQuality is the JPEG quality if EncodeOptions.Quality is nil.
const DefaultQuality = 75

// An EncodeError reports that an image cannot be written with the given options.
type EncodeError struct {
	Field  string // of raster.Image or EncodeOptions, such as "Image.Bands"
	Value  string // value of the field; empty if it would not help
	Reason string // what is wrong with the value
}

func (e *EncodeError) Error() string {
	return "geotiff: encode: " + describe(e.Field, e.Value, e.Reason, nil)
}

func cannotEncode(field string, value any, format string, args ...any) error {
	return &EncodeError{Field: field, Value: show(value), Reason: fmt.Sprintf(format, args...)}
}

// Encode writes m to w as a GeoTIFF. A nil o means the defaults.
//
// Samples that are not compressed are in strips of up to 256 rows if the image has no overviews and is not larger than
// 4096 by 4096 pixels, and all others in tiles. Tiles have at most 256 by 256 pixels: without overviews, all tiles are
// about as small as their number allows, so that little is padding. Tiles of wide images are lower, down to 16
// rows, so that the samples of a row of tiles take at most 4 MiB. Encode keeps one row of tiles in memory, once raw and
// once compressed, and half as much for all overviews together.
//
// A TIFF states at its beginning where everything is. Samples that are not compressed are written as they come, since
// their sizes are known in advance; if a mask may be needed, it comes after them, and so do the directories. Compressed
// samples, and all tiles of files with overviews, are spooled until the sizes are known. There is no mask if all pixels
// hold data, nor if a stated NoData says which do not.
//
// Encode is safe for concurrent use. The bytes depend only on the pixels, on Image.Opaque and on the options other than
// Workers, SpoolBytes, SpoolDir and TempFile: not on the way the image is cut into strips.
//
// Errors of m.Strips and of w are returned as they are. An image that cannot be written is an *EncodeError or, if it
// contradicts itself, a *raster.ImageError; a spatial reference that GeoKeys cannot express is an error of package srs.
// After an error w may hold a part of a file, which is of no use.
func Encode(w io.Writer, m *raster.Image, o *EncodeOptions) error {
	return new(Encoder).Encode(w, m, o)
}

// Encode is the function Encode, with memory that the Encoder keeps for the next image.
func (c *Encoder) Encode(w io.Writer, m *raster.Image, o *EncodeOptions) (err error) {
	e, err := newEncoder(c, w, m, o)
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
	if err := e.end(); err != nil {
		return err
	}
	c.rows.Put(e.rows)
	return nil
}

// workers returns the number of workers, or its default.
func (o EncodeOptions) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}
