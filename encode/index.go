package encode

import (
	"image/color"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// halfValid is the least validity, or alpha, of a pixel that counts as one with data where there is nothing in between.
const halfValid = 128

// An indexed image has one byte a pixel, which stands for one of at most 256 colours. Its pixels are spooled as they
// came until it is written.
type indexed struct {
	palette []color.NRGBA
	rows    *spooledRows
	index   func(dst, row []byte) // makes indices of a row; called once for each row, from the top down
	release func()                // drops the pixels
}

// each calls do with every row of indices, from the top down. It can be called once.
func (ix *indexed) each(width int, do func(row []uint8) error) error {
	out := make([]uint8, width)
	return ix.rows.each(func(row []byte) error {
		ix.index(out, row)
		return do(out)
	})
}

// withHole returns a palette with a transparent colour, for pixels without data, and the index of that colour: a new
// one after the others if there is room, so that their indices keep their meaning, or else the first transparent one.
// If there is neither, the index is -1.
func withHole(palette []color.NRGBA) ([]color.NRGBA, int) {
	if len(palette) < 256 {
		return append(palette[:len(palette):len(palette)], color.NRGBA{}), len(palette)
	}
	for i, c := range palette {
		if c.A == 0 {
			return palette, i
		}
	}
	return palette, -1
}

// indexRows returns a rowFunc that writes the values of the only band as indices of n colours, and hole where there is
// no data or no colour.
func indexRows(n, hole int) rowFunc {
	return func(dst []byte, b *raster.Block, y int) {
		v, a := row8(b, 0, y), b.ValidRow(y)
		copy(dst, v)
		if n < 256 {
			for x, v := range v {
				if int(v) >= n {
					dst[x] = uint8(hole)
				}
			}
		}
		for x, a := range a {
			if a < halfValid {
				dst[x] = uint8(hole)
			}
		}
	}
}

// indexValues makes an indexed image of one band that keeps the values as they are. Pixels without data get the index
// of a transparent colour. If there are pixels without data, but neither an unused index nor a transparent colour for
// them, it returns false, and an image without indices. Rows are pairs of value and validity, as greyAlpha8 writes
// them.
//
// If hard is true, colours are opaque from an alpha of 128 on, and others count as no data.
func indexValues(m *raster.Image, palette []color.NRGBA, hard bool, o *Options) (*indexed, bool, error) {
	n := len(palette)
	colours := make([]color.NRGBA, n, 256)
	copy(colours, palette)
	var drawn, used [256]bool
	for v, c := range palette {
		drawn[v] = !hard || c.A >= halfValid
		if hard {
			colours[v].A = 255
		}
	}
	holes := false
	rows, err := gather(m, o, 2, greyAlpha8, func(row []byte) {
		for i := 0; i+1 < len(row); i += 2 {
			if v := row[i]; drawn[v] && row[i+1] >= halfValid {
				used[v] = true
			} else {
				holes = true
			}
		}
	})
	if err != nil {
		return nil, false, err
	}
	ix := &indexed{palette: colours, rows: rows, release: rows.release}

	// The index after the others, or the first that no pixel uses, or that of a transparent colour.
	hole := 0
	if holes {
		if hole = n; n == 256 {
			hole = slices.Index(used[:], false)
		}
		if hole < 0 {
			hole = slices.IndexFunc(colours, func(c color.NRGBA) bool { return c.A == 0 })
		}
		if hole < 0 {
			return ix, false, nil
		}
		ix.palette = colours[:max(n, hole+1)]
		ix.palette[hole] = color.NRGBA{}
	}
	ix.index = func(dst, row []byte) {
		for x := range dst {
			v := row[2*x]
			if !drawn[v] || row[2*x+1] < halfValid {
				v = uint8(hole)
			}
			dst[x] = v
		}
	}
	return ix, true, nil
}

// indexColours makes an indexed image whose colours are chosen. Rows are RGBA; if hard is true, every pixel is made
// either opaque or transparent.
func indexColours(m *raster.Image, hard bool, o *Options) (*indexed, error) {
	q := newQuantiser(m.Grid.Size.X, o)
	fill := rgbaRows(m)
	rows, err := gather(m, o, 4, func(dst []byte, b *raster.Block, y int) {
		fill(dst, b, y)
		if hard {
			harden(dst)
		}
	}, q.count)
	if err != nil {
		q.release()
		return nil, err
	}
	return q.indexed(rows, q.index), nil
}

// recolour chooses colours anew for an image for which indexValues returned false: all 256 indices of its palette are
// in use, and none is left for pixels without data.
func (ix *indexed) recolour(palette []color.NRGBA, hard bool, o *Options) (*indexed, error) {
	width := ix.rows.stride / 2
	q := newQuantiser(width, o)
	rgba := make([]byte, 4*width)
	expanded := func(pairs []byte) []byte {
		expand(rgba, pairs, palette)
		if hard {
			harden(rgba)
		}
		return rgba
	}
	if err := ix.rows.each(func(pairs []byte) error { q.count(expanded(pairs)); return nil }); err != nil {
		q.release()
		return nil, err
	}
	return q.indexed(ix.rows, func(dst, pairs []byte) { q.index(dst, expanded(pairs)) }), nil
}

// expand turns pairs of value and validity into RGBA pixels.
func expand(rgba, pairs []byte, palette []color.NRGBA) {
	for i := 0; i < len(pairs); i += 2 {
		var c color.NRGBA
		if v, a := int(pairs[i]), pairs[i+1]; v < len(palette) && palette[v].A != 0 && a >= halfValid {
			c = palette[v]
		}
		rgba[2*i], rgba[2*i+1], rgba[2*i+2], rgba[2*i+3] = c.R, c.G, c.B, c.A
	}
}

// harden makes every pixel of RGBA either opaque or transparent.
func harden(rgba []byte) {
	for ; len(rgba) >= 4; rgba = rgba[4:] {
		if rgba[3] >= halfValid {
			rgba[3] = 255
		} else {
			rgba[0], rgba[1], rgba[2], rgba[3] = 0, 0, 0, 0
		}
	}
}

// hardenPairs makes every pair of value and validity either fully valid or not at all.
func hardenPairs(pairs []byte) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] >= halfValid {
			pairs[i+1] = 255
		} else {
			pairs[i], pairs[i+1] = 0, 0
		}
	}
}
