package tiffmake

import (
	"image"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// Values of the Compression tag.
const (
	None     = 1
	LZW      = 5
	Deflate  = 8
	OldFlate = 32946
	PackBits = 32773
)

// A File describes a file. The comments of fields state what zero values mean; Size and Sample are required.
type File struct {
	Big       bool // BigTIFF
	BigEndian bool

	Size   image.Point
	Type   raster.PixelType // Unknown means U8
	Bands  int              // 0 means 1
	Planar bool             // bands are stored separately

	Tile         image.Point // size of tiles; zero means strips
	RowsPerStrip int         // 0 means one strip
	Compression  int         // 0 means None
	Predictor    int         // 0 means 1; 2 and 3 work with LZW and Deflate
	Photometric  int         // -1 means 0, min is white; 0 means RGB for 3 and more bands, a palette with ColorMap, else 1
	ExtraSamples []int       // 0 unspecified, 1 associated alpha, 2 unassociated alpha; those that are missing are 0
	ColorMap     []uint16    // all reds, then greens, then blues

	// Sample returns the sample of a band at column x and row y of a level; level 0 is the image.
	Sample func(level, band, x, y int) float64
	// Block, if not nil, gives the bytes of blocks as they are in the file, in place of Sample.
	Block func(level, plane int, r image.Rectangle) []byte
	// Pad is the sample that fills tiles beyond the edges of the image.
	Pad float64
	// Levels are the sizes of overviews, whose directories follow that of the image.
	Levels []image.Point
	// SubIFDs puts the directories of overviews into the SubIFDs of the image instead.
	SubIFDs bool
	// Mask, if not nil, adds a mask directory to each level: 1 bit a pixel, or 8 with Mask8.
	Mask  func(level, x, y int) bool
	Mask8 bool

	// Sparse, if not nil, reports which blocks are left out. plane is 0 if bands are stored by pixel.
	Sparse func(level, plane, col, row int) bool
	// ShareTiles, if not 0, is the number of blocks of a level that are made and written. The others point to the same
	// bytes in turn, which is legal TIFF. Blocks of the last column and row are not padded as they should be, so this
	// is for benchmarks.
	ShareTiles int

	NoData       string // as in the GDAL_NODATA tag; empty means none
	EPSG         int    // code of a projected or, with Geographic, a geographic spatial reference; 0 means no GeoKeys
	Geographic   bool
	PixelIsPoint bool
	TiePoint     []float64 // groups of 6: column, row, 0, x, y, 0
	Scale        []float64 // 3: along x, along y downwards, 0
	Matrix       []float64 // 16, row by row

	// Tags are added to the directory of the image, and replace tags with the same number.
	Tags []Tag
	// Remove lists the numbers of tags that are left out of the directory of the image.
	Remove []int
	// NextIFD is the offset of a next directory that the last directory states; 0 after the last one.
	NextIFD uint64
}

// A Tag is a field of a directory. Value is a string (ASCII, NUL-terminated as it is written) or a slice of uint8,
// uint16, uint32, uint64 or float64, which decides the type of the field.
type Tag struct {
	Number int
	Value  any
	// Count, if not 0, is written instead of the number of values.
	Count uint64
	// Offset, if not 0, is written instead of the offset of the value.
	Offset uint64
}

// NorthUp sets the tie point and scale of an image whose first pixel's outer corner is at (x, y).
func (f *File) NorthUp(x, y, pixel float64) *File {
	f.TiePoint, f.Scale = []float64{0, 0, 0, x, y, 0}, []float64{pixel, pixel, 0}
	return f
}

// typ returns the type of samples, or its default.
func (f *File) typ() raster.PixelType {
	if f.Type == raster.Unknown {
		return raster.U8
	}
	return f.Type
}

func (f *File) bands() int { return max(1, f.Bands) }

func (f *File) compression() int { return max(None, f.Compression) }

func (f *File) predictor() int { return max(1, f.Predictor) }

// samples returns the number of bands in one block.
func (f *File) samples() int {
	if f.Planar {
		return 1
	}
	return f.bands()
}

// photometric returns the value of PhotometricInterpretation.
func (f *File) photometric() int {
	switch {
	case f.Photometric == -1:
		return 0
	case f.Photometric > 0:
		return f.Photometric
	case f.ColorMap != nil:
		return 3
	case f.bands()-len(f.ExtraSamples) >= 3:
		return 2
	}
	return 1
}

// extraSamples returns a value for each band beyond the colours.
func (f *File) extraSamples() []int {
	colors := 1
	switch f.photometric() {
	case 2:
		colors = 3
	case 5:
		colors = 4
	}
	extra := slices.Clone(f.ExtraSamples)
	for len(extra) < f.bands()-colors {
		extra = append(extra, 0)
	}
	return extra
}

// bits returns the number of bits of a sample.
func bits(t raster.PixelType) int {
	switch t {
	case raster.U1:
		return 1
	case raster.U2:
		return 2
	case raster.U4:
		return 4
	}
	return 8 * t.Size()
}

// format returns the SampleFormat of a type.
func format(t raster.PixelType) int {
	switch t {
	case raster.S8, raster.S16, raster.S32:
		return 2
	case raster.F32, raster.F64:
		return 3
	}
	return 1
}
