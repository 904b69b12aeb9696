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

// A File says what to write. The zero value of each field means what its comment says; Size and Sample are needed.
type File struct {
	Big       bool // BigTIFF
	BigEndian bool

	Size   image.Point
	Type   raster.PixelType // Unknown means U8
	Bands  int              // 0 means 1
	Planar bool             // bands are stored apart

	Tile         image.Point // size of tiles; zero means strips
	RowsPerStrip int         // 0 means one strip
	Compression  int         // 0 means None
	Predictor    int         // 0 means 1; 2 and 3 work with LZW and Deflate
	Photometric  int         // -1 means 0, min is white; 0 means RGB for 3 and more bands, a palette with ColorMap, else 1
	ExtraSamples []int       // 0 unspecified, 1 associated alpha, 2 unassociated alpha; those that are missing are 0
	ColorMap     []uint16    // all reds, then greens, then blues

	// Sample is the sample of a band at column x and row y of a level; level 0 is the image.
	Sample func(level, band, x, y int) float64
	// Pad is the sample that fills up tiles beyond the image's edges.
	Pad float64
	// Levels are the sizes of overviews, which follow the image in the chain of directories.
	Levels []image.Point
	// SubIFDs puts the overviews into the image's SubIFDs instead.
	SubIFDs bool
	// Mask, if not nil, adds a mask directory to each level: 1 bit a pixel, or 8 with Mask8.
	Mask  func(level, x, y int) bool
	Mask8 bool

	// Sparse says which blocks are left out, if not nil. Plane is 0 where bands are stored by pixel.
	Sparse func(level, plane, col, row int) bool
	// ShareTiles, if not 0, lets only that many blocks of a level be made and written. The others point at
	// the same bytes in turn, which is legal TIFF. The last column and row have blocks of their own kind only by chance,
	// so this is for benchmarks.
	ShareTiles int

	NoData       string // as in the GDAL_NODATA tag; empty means none
	EPSG         int    // of a projected, or else Geographic, spatial reference; 0 means no GeoKeys
	Geographic   bool
	PixelIsPoint bool
	TiePoint     []float64 // groups of 6: column, row, 0, x, y, 0
	Scale        []float64 // 3: along x, along y downwards, 0
	Matrix       []float64 // 16, row by row

	// Tags are added to the image's directory, in place of tags with the same number.
	Tags []Tag
	// Remove are the numbers of tags that are left out of the image's directory.
	Remove []int
	// NextIFD, if not 0, is what the last directory says is the offset of the next one.
	NextIFD uint64
}

// A Tag is a field of a directory. Value is a string (ASCII, NUL-terminated as it is written) or a slice of uint8, uint16,
// uint32, uint64 or float64; it decides the field's type.
type Tag struct {
	Number int
	Value  any
	// Count, if not 0, is what the entry says instead of how many values there are.
	Count uint64
	// Offset, if not 0, is what the entry says instead of the value's offset.
	Offset uint64
}

// NorthUp sets the tie point and scale of an image whose first pixel's outer corner is at (x, y).
func (f *File) NorthUp(x, y, pixel float64) *File {
	f.TiePoint, f.Scale = []float64{0, 0, 0, x, y, 0}, []float64{pixel, pixel, 0}
	return f
}

func (f *File) typ() raster.PixelType {
	if f.Type == raster.Unknown {
		return raster.U8
	}
	return f.Type
}

func (f *File) bands() int { return max(1, f.Bands) }

func (f *File) compression() int { return max(None, f.Compression) }

func (f *File) predictor() int { return max(1, f.Predictor) }

// samples is how many bands one block has.
func (f *File) samples() int {
	if f.Planar {
		return 1
	}
	return f.bands()
}

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

// extraSamples are as many as there are bands beyond the colours.
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

// bits is the size of a sample.
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

// format is the SampleFormat of a type.
func format(t raster.PixelType) int {
	switch t {
	case raster.S8, raster.S16, raster.S32:
		return 2
	case raster.F32, raster.F64:
		return 3
	}
	return 1
}
