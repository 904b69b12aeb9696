package main

import (
	"errors"
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// A tile is one file of a level.
type tile struct {
	file string
	grid raster.Grid
}

// A level is one resolution of the overviews.
type level struct {
	pixel float64 // the size of its pixels, in units of the overviews' CRS
	tiles []tile
}

// mostTiles bounds a plan: a mosaic with more is one whose pixel sizes are wrong.
const mostTiles = 1 << 20

// plan lays out all levels over a box from its upper left corner, from pixels factor times as large as the finest
// raster's up to those with which the box fits in one tile. Tiles on the right and at the bottom are cut off where the
// box ends.
func plan(crs srs.CRS, box srs.Envelope, finest float64, o options) ([]level, error) {
	var levels []level
	for pixel := finest * float64(o.factor); ; pixel *= float64(o.factor) {
		// A box that ends a rounding error beyond a pixel's edge does not need another one.
		pixels := func(side float64) float64 { return max(1, math.Ceil(side/pixel-1e-6)) }
		width, height := pixels(box.Width()), pixels(box.Height())
		side := float64(o.tile)
		if !(math.Ceil(width/side)*math.Ceil(height/side) <= mostTiles) {
			return nil, fmt.Errorf("pixels of %v in %v make more than %d tiles", pixel, box, mostTiles)
		}
		l := level{pixel: pixel}
		for row := 0.0; row*side < height; row++ {
			for col := 0.0; col*side < width; col++ {
				x, y := box.XMin+float64(col*side*pixel), box.YMax-float64(row*side*pixel)
				l.tiles = append(l.tiles, tile{
					fmt.Sprintf("%s%d_%.0f_%.0f.tif", prefix, len(levels)+1, col, row),
					raster.Grid{CRS: crs, Affine: raster.Affine{A: pixel, C: x, E: -pixel, F: y},
						Size: image.Pt(int(min(side, width-col*side)), int(min(side, height-row*side)))},
				})
			}
		}
		levels = append(levels, l)
		if len(l.tiles) == 1 {
			return levels, nil
		}
	}
}

// finest returns the size of the smallest pixels of all items, in units of crs.
func finest(items mosaic.Slice, crs srs.CRS) (float64, error) {
	least := math.Inf(1)
	for _, it := range items {
		s, err := scale(it.Footprint, crs)
		if err != nil {
			return 0, &mosaic.ItemError{ID: it.ID, Name: it.Name, Err: err}
		}
		least = min(least, it.PixelSize*s)
	}
	return least, nil
}

// scale returns the number of units of crs that are as long as one unit of the footprint's own CRS, at the middle of the
// footprint. It is the mean of both directions that makes areas agree.
func scale(f mosaic.Footprint, crs srs.CRS) (float64, error) {
	t, err := srs.NewTransformer(f.CRS, crs)
	if err != nil {
		return 0, err
	}
	if t.Identity() {
		return 1, nil
	}
	x, y := f.Envelope.Center()
	h := min(f.Envelope.Width(), f.Envelope.Height()) * 1e-4
	xs, ys := []float64{x - h, x + h, x, x}, []float64{y, y, y - h, y + h}
	if t.Transform(xs, ys) > 0 {
		return 0, fmt.Errorf("its middle has no place in %v", crs)
	}
	if p := crs.Period(); p > 0 {
		for i := range xs {
			xs[i] -= p * math.Round((xs[i]-xs[0])/p)
		}
	}
	area := math.Abs(float64((xs[1]-xs[0])*(ys[3]-ys[2])) - float64((xs[3]-xs[2])*(ys[1]-ys[0])))
	s := math.Sqrt(area) / (2 * h)
	if !(s > 0) {
		return 0, errors.New("its pixels have no size")
	}
	return s, nil
}
