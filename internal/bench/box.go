package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/geoexport/geoexport/srs"
)

// A place is where a raster of the benchmark lies: as make.py writes it.
type place struct {
	code          int     // of its spatial reference
	x, y          float64 // of its upper left corner
	pixel         float64
	width, height int // pixels
}

// zoom is the number of a raster's pixels along one of a picture: no overview is as fine as that.
const zoom = 1.5

// boxes draws boxes of pictures over a raster, in the reference with the code.
type boxes struct {
	of      place
	code    int
	side    int // pixels of a picture
	forward *srs.Transformer
	random  *rand.Rand
}

// newBoxes returns a sequence of boxes that is the same for the same arguments.
func newBoxes(of place, code, side int) (*boxes, error) {
	from, err := srs.FromWKID(of.code)
	if err != nil {
		return nil, err
	}
	to, err := srs.FromWKID(code)
	if err != nil {
		return nil, err
	}
	t, err := srs.NewTransformer(from, to)
	if err != nil {
		return nil, err
	}
	if least := int(zoom * float64(side) * math.Sqrt2); of.width < least || of.height < least {
		return nil, fmt.Errorf("a raster of %d × %d pixels is too small for pictures of %d²", of.width, of.height, side)
	}
	return &boxes{of, code, side, t, rand.New(rand.NewPCG(20, uint64(side)))}, nil
}

// next returns the next box. It lies inside the raster, however the references are turned to each other.
func (b *boxes) next() [4]float64 {
	reach := zoom * float64(b.side) * math.Sqrt2 / 2 // pixels of the raster, from the middle to a corner
	middle := func(size int) float64 { return reach + b.random.Float64()*(float64(size)-2*reach) }
	x := b.of.x + middle(b.of.width)*b.of.pixel
	y := b.of.y - middle(b.of.height)*b.of.pixel
	// The middle, and the point that lies one pixel of the picture to its east.
	xs, ys := []float64{x, x + zoom*b.of.pixel}, []float64{y, y}
	b.forward.Transform(xs, ys)
	half := math.Hypot(xs[1]-xs[0], ys[1]-ys[0]) * float64(b.side) / 2
	return [4]float64{xs[0] - half, ys[0] - half, xs[0] + half, ys[0] + half}
}
