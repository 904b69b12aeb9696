package function

import (
	"fmt"
	"image/color"
	"iter"
	"reflect"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// A Function is a node of a tree that computes pixels: a leaf, which is Source, an Item, Items or a Constant, or a pointer to one
// of the structs of this package, whose Input is another Function. A nil Input is Source{}.
//
// Functions are values: what one points to must not change while it is in use.
type Function interface {
	// spec returns what the function is called and has as arguments; nil for leaves.
	spec() *spec
	// compile settles how pixels are computed from inputs, which are in the order of the spec's arguments.
	compile(c *compilation, in []input) (step, error)
}

// A Leaf is a Function that stands for pixels from elsewhere: Source, an Item or Items. Leaves are comparable.
type Leaf interface {
	Function
	leaf()
}

// Source is the mosaic of all rasters that a rule is applied to.
type Source struct{}

// An Item is a single raster of a catalogue, by its ID.
type Item int64

// Items are several rasters of a catalogue, the first on top, as NewItems writes them: "$1 $2".
type Items string

// NewItems returns the leaf of several rasters.
func NewItems(ids ...int64) Items {
	text := make([]string, len(ids))
	for i, id := range ids {
		text[i] = Item(id).String()
	}
	return Items(strings.Join(text, " "))
}

// IDs returns the rasters' IDs.
func (i Items) IDs() []int64 {
	var ids []int64
	for text := range strings.FieldsSeq(string(i)) {
		if id, err := strconv.ParseInt(strings.TrimPrefix(text, "$"), 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// A Constant is a raster whose every pixel has one value, in one band.
type Constant float64

var (
	_ Leaf     = Source{}
	_ Leaf     = Item(0)
	_ Leaf     = Items("")
	_ Function = Constant(0)
)

func (Source) leaf() {}
func (Item) leaf()   {}
func (Items) leaf()  {}

func (Source) spec() *spec   { return nil }
func (Item) spec() *spec     { return nil }
func (Items) spec() *spec    { return nil }
func (Constant) spec() *spec { return nil }

// String returns the source as rules write it.
func (Source) String() string { return "$$" }

// String returns the item as rules write it, such as "$530".
func (i Item) String() string { return fmt.Sprintf("$%d", int64(i)) }

func (Source) compile(*compilation, []input) (step, error) { return step{}, nil }
func (Item) compile(*compilation, []input) (step, error)   { return step{}, nil }
func (Items) compile(*compilation, []input) (step, error)  { return step{}, nil }
func (Constant) compile(*compilation, []input) (step, error) {
	return step{}, nil // the compilation makes its block
}

// isNil reports whether f is a nil pointer in an interface.
func isNil(f Function) bool {
	v := reflect.ValueOf(f)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// Samples are what is known of pixels before any is computed.
type Samples struct {
	Type  raster.PixelType // of every band
	Bands []Band           // without bands of transparency
	// Extra are bands of transparency, whose numbers follow those of Bands. Only ExtractBand sees them, and their validity
	// is in that of all pixels already.
	Extra []Band
	// Palette, if not nil, gives the colour of each value of the only band: values are indices, not quantities.
	Palette color.Palette
}

// A Band is what is known of one band of pixels. Of the zero value nothing is known.
type Band struct {
	Name string
	// Wavelength is the part of the spectrum that the band shows, in nanometres; both 0 if it is not stated.
	Wavelength struct{ Min, Max float64 }
	// Origin, if not nil, is the leaf whose samples these are, perhaps fewer of them valid, and OriginBand the number of
	// the band there.
	Origin     Leaf
	OriginBand int
	// Known, if not nil, is the range of values and how they are distributed in it, stated or by the function's nature.
	Known *Summary
}

// A Summary sums up the samples of a band.
type Summary struct {
	raster.Statistics
	// Shares are those of the samples that lie in each of equal parts from Min to Max; Max is in the last. Their sum is
	// 1. Nil if they are not known.
	Shares []float64
}

// ranged returns a summary of which only the ends are known. Its deviation reaches the ends, so that any stretch is by
// the range.
func ranged(lo, hi float64) *Summary {
	mid := lo + (hi-lo)/2
	return &Summary{Statistics: raster.Statistics{Min: lo, Max: hi, Mean: mid, StdDev: hi - mid}}
}

// nominal returns a summary of the ends, and the mean and deviation that Esri's client assumes of a function's results.
func nominal(lo, hi, mean, dev float64) *Summary {
	return &Summary{Statistics: raster.Statistics{Min: lo, Max: hi, Mean: mean, StdDev: dev}}
}

// computed returns n bands of computed samples, of a known range or nil.
func computed(t raster.PixelType, n int, known *Summary) Samples {
	s := Samples{Type: t, Bands: make([]Band, n)}
	for i := range s.Bands {
		s.Bands[i].Known = known
	}
	return s
}

// A Margin is a number of pixels on each side.
type Margin struct{ Left, Top, Right, Bottom int }

func evenly(n int) Margin { return Margin{n, n, n, n} }

func (m Margin) plus(o Margin) Margin {
	return Margin{m.Left + o.Left, m.Top + o.Top, m.Right + o.Right, m.Bottom + o.Bottom}
}

func (m Margin) union(o Margin) Margin {
	return Margin{max(m.Left, o.Left), max(m.Top, o.Top), max(m.Right, o.Right), max(m.Bottom, o.Bottom)}
}

func (m Margin) most() int { return max(m.Left, m.Top, m.Right, m.Bottom) }

// A Cell is the size of an output pixel.
type Cell struct {
	Width, Height float64 // positive
	Unit          Unit
}

// A Unit is what a Cell is measured in.
type Unit uint8

// The units.
const (
	Length Unit = iota // that of heights, so that a slope is a ratio; the service's own where it is projected
	Degree             // of a geographic service
)

// metresPerDegree is how many metres ArcGIS counts for a degree in both axes, at every latitude.
const metresPerDegree = 111000

// size returns the width and height of a pixel in the unit of heights multiplied by zFactor. A factor that is as small as
// those that convert metres to degrees holds the conversion already.
func (c Cell) size(zFactor float64) (x, y float64) {
	const converts = 0.001
	if c.Unit == Degree && zFactor > converts {
		return c.Width * metresPerDegree, c.Height * metresPerDegree
	}
	return c.Width, c.Height
}

// Leaves yields the leaves of a tree, some of them perhaps more than once, as far as Limits.Depth reaches by default.
func Leaves(f Function) iter.Seq[Leaf] {
	return func(yield func(Leaf) bool) {
		visits := 0
		eachLeaf(f, 0, &visits, yield)
	}
}

// eachLeaf reports false when yield does.
func eachLeaf(f Function, depth int, visits *int, yield func(Leaf) bool) bool {
	if *visits++; depth > maxNested || *visits > maxVisits {
		return true
	}
	switch f := f.(type) {
	case nil:
		return yield(Source{})
	case Leaf:
		return yield(f)
	}
	if isNil(f) || f.spec() == nil {
		return true
	}
	for _, in := range f.spec().inputs(f) {
		if !eachLeaf(in, depth+1, visits, yield) {
			return false
		}
	}
	return true
}
