package jpegenc

// An Image describes what is coded, and how.
type Image struct {
	Width, Height int  // in pixels, each from 1 to MaxSide
	Grey          bool // one plane; else there are planes of red, green and blue, which are coded as YCbCr
	Halved        bool // chroma is halved, both ways; ignored for greys
	Quality       int  // from 0, the smallest file, to 100, the best picture; 0 and 1 are the same
	Holes         bool // there may be pixels without data
	Whole         bool // one strip holds all of the picture
}

// MaxSide is the largest width and height that a JPEG can state.
const MaxSide = 1<<16 - 1

// A Frame has what all strips of an image share. It is immutable, and so safe for concurrent use.
type Frame struct {
	Image
	luma, chroma *quantiser
	tables       [][64]uint8 // of the quantisers, by the numbers that files give them
}

// NewFrame returns the frame of an image.
func NewFrame(m Image) *Frame {
	f := &Frame{Image: m}
	f.Halved = m.Halved && !m.Grey
	f.tables = append(f.tables, scaled(&lumaQuantisers, m.Quality))
	f.luma = newQuantiser(&f.tables[0])
	if !m.Grey {
		f.tables = append(f.tables, scaled(&chromaQuantisers, m.Quality))
		f.chroma = newQuantiser(&f.tables[1])
	}
	return f
}

// Planes returns the number of planes of samples: 1 or 3.
func (f *Frame) Planes() int {
	if f.Grey {
		return 1
	}
	return 3
}

// unit returns the side of a minimum coded unit (MCU): a block of chroma and the pixels under it.
func (f *Frame) unit() int {
	if f.Halved {
		return 16
	}
	return 8
}

// across returns the number of units in a row.
func (f *Frame) across() int { return (f.Width + f.unit() - 1) / f.unit() }

// stripPixels is the approximate number of pixels in a strip: few enough that a tile of 256² has several strips and
// that all planes stay in the cache, many enough that the cost of each strip is small.
const stripPixels = 32 << 10

// stripUnits returns the number of rows of units in a strip. It depends on the size of the image alone.
func (f *Frame) stripUnits() int {
	if f.Whole {
		return (f.Height + f.unit() - 1) / f.unit()
	}
	return max(1, stripPixels/(f.across()*f.unit()*f.unit()))
}

// StripRows returns the number of rows of pixels in a strip; the last strip may have fewer.
func (f *Frame) StripRows() int { return f.stripUnits() * f.unit() }
