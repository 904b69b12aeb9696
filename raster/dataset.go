package raster

import (
	"context"
	"image"
	"image/color"
)

// A Dataset is one georeferenced raster. Implementations are safe for concurrent use, and rastertest.Test checks that
// they keep what is said here.
type Dataset interface {
	// Info describes the raster. It is cheap and always the same.
	Info() Info

	// Read gives the pixels of win, in pixels of the given level, for the named bands in the order named (0 is the
	// first; nil means all of them). The block's bounds are win. A window that is empty or reaches outside the level,
	// a band or a level that does not exist is an error, never a smaller block.
	//
	// The block's validity already accounts for noData values, masks and alpha. The caller must not write to the block.
	Read(ctx context.Context, level int, win image.Rectangle, bands []int) (*Block, error)
}

// Info describes a raster. The slices are shared and must not be written to.
type Info struct {
	Grid   Grid          // of level 0
	Type   PixelType     // of every band
	Bands  []Band        // never empty
	Levels []image.Point // sizes in pixels, full resolution first, each next one smaller
	// Palette, if not nil, gives the colour of each value of the only band: values are indices, not quantities.
	Palette color.Palette
	// Warnings tell what was found wrong with the raster and left aside, such as a noData value that its type
	// cannot hold.
	Warnings []string
}

// Band describes one band.
type Band struct {
	Name  string      // empty if the raster does not say
	Alpha bool        // holds the raster's transparency, which Block.Valid already carries
	Stats *Statistics // nil if the raster does not say
	// NoData, if not nil, is the value that stands for no data. It may be NaN.
	NoData *float64
}

// Statistics sum up the valid samples of a band.
type Statistics struct{ Min, Max, Mean, StdDev float64 }

// Colors lists the bands that hold data rather than transparency, in their order.
func (i Info) Colors() []int {
	var c []int
	for n, b := range i.Bands {
		if !b.Alpha {
			c = append(c, n)
		}
	}
	return c
}
