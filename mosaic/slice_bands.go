package mosaic

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"

	"github.com/geoexport/geoexport/raster"
)

// A bandChoice is which bands of a raster an item shows.
type bandChoice struct {
	bands []int
	first bool // of the items that share the raster: the one that passes its notes on
}

// open returns a function that opens the chosen bands of the raster that whole opens.
func (c *bandChoice) open(whole func(context.Context) (raster.Dataset, error)) func(context.Context) (raster.Dataset, error) {
	if whole == nil {
		return nil
	}
	return func(ctx context.Context) (raster.Dataset, error) {
		ds, err := whole(ctx)
		if err != nil {
			return nil, err
		}
		if ds == nil {
			return nil, errors.New("mosaic: the raster is nil")
		}
		have := len(ds.Info().Bands)
		for _, b := range c.bands {
			if b >= have {
				return nil, fmt.Errorf("mosaic: the raster has %d bands now, and its slice is band %d", have, b)
			}
		}
		return chosenBands{ds, c}, nil
	}
}

// chosenBands is a raster with some of its bands. It is comparable, and equal for equal datasets and choices, so that
// caches know it again.
type chosenBands struct {
	whole  raster.Dataset
	choice *bandChoice
}

var _ raster.Versioned = chosenBands{}

// Info describes the raster and the chosen bands.
func (d chosenBands) Info() raster.Info {
	info := d.whole.Info()
	all := info.Bands
	info.Bands = make([]raster.Band, len(d.choice.bands))
	for i, b := range d.choice.bands {
		info.Bands[i] = all[b]
	}
	if !d.choice.first {
		info.Notes = nil
	}
	return info
}

// Version returns the version of the raster.
func (d chosenBands) Version() raster.Version { return raster.VersionOf(d.whole) }

// Read reads from the raster, with bands counted among those chosen.
func (d chosenBands) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if bands == nil {
		return d.whole.Read(ctx, dst, level, win, d.choice.bands)
	}
	in := make([]int, len(bands))
	for i, b := range bands {
		if b < 0 || b >= len(d.choice.bands) {
			return nil, fmt.Errorf("mosaic: there is no band %d", b)
		}
		in[i] = d.choice.bands[b]
	}
	return d.whole.Read(ctx, dst, level, win, in)
}

// Close closes the raster, which the other items of its slices share.
func (d chosenBands) Close() error {
	c, ok := d.whole.(io.Closer)
	if !ok {
		return nil
	}
	if err := c.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
