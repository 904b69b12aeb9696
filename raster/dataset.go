package raster

import (
	"context"
	"image"
	"image/color"
	"math"
)

// A Dataset is one georeferenced raster. Implementations are safe for concurrent use, and rastertest.Test checks that
// they keep what is said here.
type Dataset interface {
	// Info describes the raster. It is cheap and always the same.
	Info() Info

	// Read reads the pixels of win, in pixels of the given level, for the given bands in their order (0 is the first;
	// nil means all of them). The bounds of the block it returns are win. A window that is empty or reaches outside the
	// level, a band or a level that does not exist is an error, never a smaller block. The block's validity already
	// accounts for noData values, masks and alpha.
	//
	// dst is memory that Read may fill: a block of the raster's type with one plane for each of the bands, all with
	// bounds win, and a validity plane with bounds win or none; what they hold does not matter. Any other shape is a
	// *DestinationError. With nil, Read allocates what it needs. A Buffer makes such blocks one after another.
	//
	// Read returns dst, or, where the pixels are in memory already, a block that shares that memory and not dst's. If
	// it returns dst, all samples of valid pixels are set, and dst.Valid is nil or a plane of win, in the memory of the
	// former plane if there was one. The dataset keeps no reference to dst, also after an error, when what dst holds is
	// unspecified. The caller must not write to a block that is not its dst.
	Read(ctx context.Context, dst *Block, level int, win image.Rectangle, bands []int) (*Block, error)
}

// Info describes a raster. Slices and maps are shared and must not be written to.
type Info struct {
	Grid   Grid          // of level 0
	Type   PixelType     // of every band
	Bands  []Band        // never empty
	Levels []image.Point // sizes in pixels, full resolution first, each next one smaller
	// Palette, if not nil, gives the colour of each value of the only band that is not alpha: values are indices, not
	// quantities. Values past its end have no colour: they are transparent.
	Palette color.Palette
	// WhiteIsZero states that 0 is white and the largest value of the type is black, or for types without one, that
	// samples are drawn from white to black. Premultiplied states that colours are multiplied with alpha. Both are for who
	// draws the raster: samples are as they are stored.
	WhiteIsZero, Premultiplied bool
	// Metadata are further statements about the raster, by their names; nil if there are none.
	Metadata map[string]string
	// Notes report what was found wrong with the raster and set aside, such as a noData value that its type cannot
	// hold.
	Notes []string
	// Bytes is the size of the raster's files together, which says how much of it is worth keeping; 0 if it is not known.
	Bytes int64
}

// CacheShare returns how many bytes of what is made of the raster a cache keeps at most: 64 for each byte of its files,
// so that small files that say they are large push nothing out, and 8 MiB in any case. It is 0, which is no bound, if the
// files' size is not known.
func (i Info) CacheShare() int64 {
	const least, times = 8 << 20, 64
	switch {
	case i.Bytes <= 0:
		return 0
	case i.Bytes > math.MaxInt64/times:
		return math.MaxInt64
	}
	return max(least, times*i.Bytes)
}

// Band describes one band. The zero value is a band of which nothing is known but its samples.
type Band struct {
	Name  string      // such as "near infrared"; empty if it is not stated
	Alpha bool        // holds the raster's transparency, which Block.Valid already carries
	Color ColorInterp // the band's colour interpretation
	Stats *Statistics // nil if they are not stated
	// NoData, if not nil, is the value that stands for no data. It may be NaN. Bands may have different ones.
	NoData *float64

	// A sample v stands for the quantity v·Scale + Offset, measured in Unit; a Scale of 0 counts as 1. Nothing applies
	// them: blocks hold samples as they are, and so do Stats and NoData speak of samples.
	Scale, Offset float64
	// Unit is the quantity's unit as the raster spells it, such as "m"; empty if it is not stated.
	Unit string
	// Categories are the names of the values 0, 1, 2 and so on of a band of classes. Nil if the raster names none;
	// values without a name have an empty one, or are beyond the end.
	Categories []string
	// Table says what values mean; nil if the raster has none.
	Table *AttributeTable
	// Slice is the part of a multidimensional variable that the band holds; nil if none is stated.
	Slice *Slice
	// Metadata are further statements about the band, by their names; nil if there are none.
	Metadata map[string]string
}

// Statistics sum up the valid samples of a band, as the raster's metadata have it: they may be those of a part of the
// samples, such as of an overview. All four are finite, and Min is at most Max.
type Statistics struct{ Min, Max, Mean, StdDev float64 }

// DataBands returns the numbers of the bands that hold data rather than transparency, in their order.
func (i Info) DataBands() []int {
	if len(i.Bands) == 0 {
		return nil
	}
	c := make([]int, 0, len(i.Bands))
	for n := range i.Bands {
		if !i.Bands[n].Alpha {
			c = append(c, n)
		}
	}
	return c
}
