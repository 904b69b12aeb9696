package function

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// A neighbourhood is a pixel and its neighbours, row by row from the north-west: the pixel itself is the fifth.
type neighbourhood [9]float64

// A surface computes values of pixels from heights of these and their neighbours. All functions of surfaces have one rule
// for neighbours without data, that of ArcGIS since version 10.4: a pixel is valid if it and at least seven of its eight
// neighbours hold data, and the one that is missing counts as high as the pixel itself.
type surface struct {
	strict bool // all eight neighbours must hold data
	// rows computes a row from the rows above, at and below it, each of which is one pixel longer at both ends.
	rows func(dst [][]float64, above, at, below []float64)
	// one computes what rows does for a single pixel.
	one func(w *neighbourhood, dst []float64)
}

// run computes bands of a type from the only band of heights.
func (s surface) run(t raster.PixelType, bands int, in *raster.Block, rect image.Rectangle) (*raster.Block, error) {
	out := raster.NewBlock(t, bands, rect)
	w := rect.Dx()
	heights := in.Bands[0]
	buf := make([]float64, 3*(w+2)+bands*w)
	var own, rows [3][]float64
	for i := range own {
		own[i] = buf[i*(w+2) : (i+1)*(w+2)]
	}
	dst := make([][]float64, bands)
	for i := range dst {
		dst[i] = buf[3*(w+2)+i*w : 3*(w+2)+(i+1)*w]
	}
	first := rect.Min.Y - 1
	rows[1], rows[2] = loadRow(own[1], heights, first), loadRow(own[2], heights, first+1)
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		own[0], own[1], own[2] = own[1], own[2], own[0]
		rows[0], rows[1] = rows[1], rows[2]
		rows[2] = loadRow(own[2], heights, y+1)
		s.rows(dst, rows[0], rows[1], rows[2])
		valid := raster.AlphaRow(out.Valid, y, rect)
		s.mark(valid, in, y, rows, dst)
		for i, p := range out.Bands {
			storeRow(p, y, dst[i], valid, clamps, t)
		}
	}
	return out, nil
}

// mark sets the validity of row y, and computes anew the pixels beside which one neighbour is missing.
func (s surface) mark(valid []uint8, in *raster.Block, y int, rows [3][]float64, dst [][]float64) {
	var marks [3][]uint8
	whole := true
	for i := range marks {
		marks[i] = in.ValidRow(y - 1 + i)
		for _, m := range marks[i] {
			whole = whole && m == math.MaxUint8
		}
	}
	if whole {
		for x := range valid {
			valid[x] = math.MaxUint8
		}
		return
	}
	one := make([]float64, len(dst))
	for x := range valid {
		missing, at := 0, 0
		for i := range 9 {
			if marks[i/3][x+i%3] == 0 {
				missing++
				at = i
			}
		}
		centre := marks[1][x+1]
		switch {
		case centre == 0 || missing > 1 || missing == 1 && s.strict:
			centre = 0
		case missing == 1:
			var w neighbourhood
			for i := range w {
				w[i] = rows[i/3][x+i%3]
			}
			w[at] = w[4]
			s.one(&w, one)
			for b := range dst {
				dst[b][x] = one[b]
			}
		}
		valid[x] = centre
	}
}

// gradients fills gx and gy with how much heights rise to the east and to the south over eight pixels, by weights of Horn
// (1981).
func gradients(gx, gy, above, at, below []float64) {
	n := len(gx)
	gy, above, at, below = gy[:n], above[:n+2], at[:n+2], below[:n+2]
	for x := range gx {
		nw, ne, sw, se := above[x], above[x+2], below[x], below[x+2]
		e, w, s, north := at[x+2], at[x], below[x+1], above[x+1]
		gx[x] = (ne + (e + e) + se) - (nw + (w + w) + sw)
		gy[x] = (sw + (s + s) + se) - (nw + (north + north) + ne)
	}
}

// gradient is gradients for one pixel.
func (w *neighbourhood) gradient() (gx, gy float64) {
	gx = (w[2] + (w[5] + w[5]) + w[8]) - (w[0] + (w[3] + w[3]) + w[6])
	gy = (w[6] + (w[7] + w[7]) + w[8]) - (w[0] + (w[1] + w[1]) + w[2])
	return gx, gy
}

// A slopeScale determines how heights are multiplied before a slope is computed.
type slopeScale struct {
	zFactor          float64
	scaled           bool // by a power of the size of pixels, which coarse pixels would otherwise make flat
	psPower, psScale float64
}

// factors returns what gradients are multiplied with to become rise over run.
func (s slopeScale) factors(c Cell) (fx, fy float64) {
	z := s.zFactor
	if z == 0 {
		z = 1
	}
	cx, cy := c.size(z)
	of := func(size float64) float64 {
		k := z
		if s.scaled {
			k += float64(s.psScale * portable.Pow(size, s.psPower))
		}
		return k / (8 * size)
	}
	return of(cx), of(cy)
}

// checkCell returns an error if pixels have no size.
func checkCell(c Cell) error {
	if !(c.Width > 0 && c.Height > 0 && finite(c.Width, c.Height)) {
		return invalid("", "pixels of %v by %v have no slope", c.Width, c.Height)
	}
	return nil
}

// oneBand returns an error unless an input has heights, of which its first band is used.
func oneBand(in input) error {
	if len(in.Bands) == 0 {
		return invalid("", "its input has no bands")
	}
	return quantities(in)
}
