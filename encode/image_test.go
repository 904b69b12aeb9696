package encode

import (
	"image"
	"image/color"
	"iter"
	"math"
	"math/rand/v2"

	"github.com/geoexport/geoexport/raster"
)

// imageOf returns an image of one block, as one strip.
func imageOf(b *raster.Block, palette color.Palette) *raster.Image {
	r := b.Bounds()
	return &raster.Image{Grid: raster.Grid{Size: r.Size()}, Type: b.Type, Bands: len(b.Bands), Palette: palette, Opaque: b.Valid == nil,
		Strips: strips(b, r.Dy())}
}

// strips cuts b into strips of the given heights, and then into strips of the last of these heights.
func strips(b *raster.Block, heights ...int) iter.Seq2[*raster.Block, error] {
	return func(yield func(*raster.Block, error) bool) {
		r := b.Bounds()
		for y, i := r.Min.Y, 0; y < r.Max.Y; i++ {
			h := heights[min(i, len(heights)-1)]
			if !yield(b.Sub(image.Rect(r.Min.X, y, r.Max.X, y+h)), nil) {
				return
			}
			y += h
		}
	}
}

// block makes a block whose samples and validity are as the functions say; a nil valid leaves all pixels valid. It does
// not start at the origin, and its rows are further apart than they are long.
func block(t raster.PixelType, bands int, size image.Point, at func(band, x, y int) int, valid func(x, y int) int) *raster.Block {
	const x0, y0 = -7, 1000
	wide := raster.NewBlock(t, bands, image.Rect(x0-2, y0, x0+size.X+3, y0+size.Y))
	if valid == nil {
		wide.Valid = nil
	}
	for y := range size.Y {
		for x := range size.X {
			for band, p := range wide.Bands {
				switch p := p.(type) {
				case *raster.PlaneOf[uint8]:
					p.Row(y0 + y)[x+2] = uint8(at(band, x, y))
				case *raster.PlaneOf[uint16]:
					p.Row(y0 + y)[x+2] = uint16(at(band, x, y))
				}
			}
			if valid != nil {
				wide.Valid.SetAlpha(x0+x, y0+y, color.Alpha{A: uint8(valid(x, y))})
			}
		}
	}
	return wide.Sub(image.Rect(x0, y0, x0+size.X, y0+size.Y))
}

// noise returns a source of random samples.
func noise(seed uint64) func(band, x, y int) int {
	r := rand.New(rand.NewPCG(seed, 1))
	return func(_, _, _ int) int { return int(r.Uint32() & 0xffff) }
}

// ring returns a validity of 0 in a disc and outside a larger one, of 255 between, and soft at the edges.
func ring(size image.Point) func(x, y int) int {
	return func(x, y int) int {
		d := math.Hypot(float64(2*x-size.X)/float64(size.X), float64(2*y-size.Y)/float64(size.Y))
		return int(min(max(0, 400*(d-0.2)), max(0, 400*(1.1-d)), 255))
	}
}

// photo is an image with the statistics of an aerial photograph: detail whose amplitude is in proportion to its size
// (a 1/f spectrum), bands that go together, hard edges, and a camera's noise of about 2 levels.
func photo(size image.Point) func(band, x, y int) int {
	r := rand.New(rand.NewPCG(7, 7))
	const lattice = 64
	var values [9][lattice * lattice]float64
	for o := range values {
		for i := range values[o] {
			values[o][i] = r.Float64() - 0.5
		}
	}
	at := func(o int, x, y float64) float64 {
		fx, fy := math.Floor(x), math.Floor(y)
		i, j := int(fx), int(fy)
		u, v := x-fx, y-fy
		u, v = u*u*(3-2*u), v*v*(3-2*v)
		g := func(i, j int) float64 { return values[o][(j&(lattice-1))*lattice+i&(lattice-1)] }
		return (g(i, j)*(1-u)+g(i+1, j)*u)*(1-v) + (g(i, j+1)*(1-u)+g(i+1, j+1)*u)*v
	}
	pix := make([]uint8, 3*size.X*size.Y)
	for y := range size.Y {
		for x := range size.X {
			light, field := 0.0, 0.0
			for o := range 7 {
				cell := float64(int(128) >> o)
				light += at(o, float64(x)/cell, float64(y)/cell) * cell
			}
			if at(7, float64(x)/50, float64(y)/50) > 0.1 { // fields and roofs
				field = 40
			}
			tint := at(8, float64(x)/90, float64(y)/90)
			for band := range 3 {
				v := 110 + 0.9*light + field*[...]float64{1, 0.4, 0.1}[band] + tint*[...]float64{30, -20, 50}[band] + 2*r.NormFloat64()
				pix[(y*size.X+x)*3+band] = uint8(min(max(v, 0), 255))
			}
		}
	}
	return func(band, x, y int) int { return int(pix[(y*size.X+x)*3+band%3]) }
}
