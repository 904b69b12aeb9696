package encode

import "image/color"

// A diffusion draws opaque pixels in colours of a palette so that their errors even out: the error of a pixel is spread
// over the pixels after it, 7/16 to the next in the row and 3/16, 5/16 and 1/16 to those below, from the left (R.
// Floyd, L. Steinberg, An Adaptive Algorithm for Spatial Grey Scale, 1976). All rows go from left to right. Pixels that
// are not opaque take no part of an error, and get the colours that they would have without dithering.
type diffusion struct {
	palette []color.NRGBA
	near    [1 << 16]uint16 // for each cell of opaque pixels, 1 more than the index that nearest returns; 0: not known yet
	here    []int32         // errors of this row's pixels and of one at either end, three channels each, in sixteenths
	below   []int32         // errors of the row below
}

func newDiffusion(width int) *diffusion {
	return &diffusion{here: make([]int32, 3*(width+2)), below: make([]int32, 3*(width+2))}
}

// index sets dst to the indices of the next row's colours in the palette.
func (d *diffusion) index(dst, rgba []byte, h *histogram) {
	d.here, d.below = d.below, d.here
	clear(d.below)
	for x := range dst {
		p := rgba[4*x : 4*x+4 : 4*x+4]
		if p[3] != 255 {
			dst[x] = 0
			if p[3] != 0 {
				dst[x] = h.index[cellKey(p[0], p[1], p[2], p[3])]
			}
			continue
		}
		at := d.here[3*x : 3*x+6 : 3*x+6] // this pixel is the second
		below := d.below[3*x : 3*x+9 : 3*x+9]
		var want [3]int32
		for c := range want {
			want[c] = min(max((int32(p[c])*16+at[3+c]+8)>>4, 0), 255)
		}
		i := d.nearest(uint8(want[0]), uint8(want[1]), uint8(want[2]))
		dst[x] = i
		got := [3]int32{int32(d.palette[i].R), int32(d.palette[i].G), int32(d.palette[i].B)}
		next := d.here[3*x+6 : 3*x+9 : 3*x+9]
		for c := range want {
			e := want[c] - got[c]
			next[c] += 7 * e
			below[c] += 3 * e
			below[3+c] += 5 * e
			below[6+c] += e
		}
	}
}

// nearest returns the index of the opaque colour nearest to the middle of a colour's cell, the first of equals.
func (d *diffusion) nearest(r, g, b uint8) uint8 {
	key := cellKey(r, g, b, 255)
	if d.near[key] != 0 {
		return uint8(d.near[key] - 1)
	}
	mr, mg, mb := int(r)&^7+4, int(g)&^3+2, int(b)&^7+4
	best, least := 0, 1<<30
	for i, c := range d.palette {
		if c.A != 255 {
			continue
		}
		dr, dg, db := int(c.R)-mr, int(c.G)-mg, int(c.B)-mb
		if sum := dr*dr + dg*dg + db*db; sum < least {
			best, least = i, sum
		}
	}
	d.near[key] = uint16(best + 1)
	return uint8(best)
}
