package jpegenc

// An Image describes what is coded, and how.
type Image struct {
	Width, Height int  // in pixels, each from 1 to MaxSide
	Grey          bool // one plane; else there are planes of red, green and blue, which are coded as YCbCr
	Halved        bool // chroma, both ways; has no meaning for greys
	Quality       int  // from 0, the smallest file, to 100, the best picture; 0 and 1 are the same
	Holes         bool // there may be pixels without data
	Whole         bool // one strip holds all of the picture
}

// MaxSide is the largest width and height that a JPEG can state.
const MaxSide = 1<<16 - 1

// A Frame is what all strips of a picture have in common. It is not changed, so it is safe for concurrent use.
type Frame struct {
	Image
	luma, chroma *quantiser
	tables       [][64]uint8 // of the quantisers, in the order that files give them numbers
}

// NewFrame prepares for strips of p.
func NewFrame(p Image) *Frame {
	f := &Frame{Image: p}
	f.Halved = p.Halved && !p.Grey
	f.tables = append(f.tables, scaled(&lumaQuantisers, p.Quality))
	f.luma = newQuantiser(&f.tables[0])
	if !p.Grey {
		f.tables = append(f.tables, scaled(&chromaQuantisers, p.Quality))
		f.chroma = newQuantiser(&f.tables[1])
	}
	return f
}

// Planes is how many planes of samples there are: 1 or 3.
func (f *Frame) Planes() int {
	if f.Grey {
		return 1
	}
	return 3
}

// unit is the side of what is coded at once (an MCU): a block of chroma and the pixels under it.
func (f *Frame) unit() int {
	if f.Halved {
		return 16
	}
	return 8
}

// across is how many units make a row.
func (f *Frame) across() int { return (f.Width + f.unit() - 1) / f.unit() }

// stripPixels is about how many pixels make a strip: few enough that a tile of 256² has some and that all planes stay in
// the cache, many enough that what a strip costs does not show.
const stripPixels = 32 << 10

// stripUnits is how many rows of units make a strip. It goes by the picture's size alone.
func (f *Frame) stripUnits() int {
	if f.Whole {
		return (f.Height + f.unit() - 1) / f.unit()
	}
	return max(1, stripPixels/(f.across()*f.unit()*f.unit()))
}

// StripRows is how many rows of pixels make a strip; the last one may have fewer.
func (f *Frame) StripRows() int { return f.stripUnits() * f.unit() }
