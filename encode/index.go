package encode

import (
	"image/color"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// halfValid is the validity from which on a pixel that is an index is drawn.
const halfValid = 128

// An indexed picture has one byte a pixel, which stands for one of at most 256 colours.
type indexed struct {
	pix     []uint8
	palette []color.NRGBA
}

// withHole is a palette with a transparent colour, for pixels without data, and that colour's index: a new one after
// the others if there is room, so that their indices keep their meaning, or the first transparent one. Without either
// it is -1.
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

// indexRows writes the values of the only band as indices of n colours, and hole where there is no data or no colour.
func indexRows(n, hole int) rowFunc {
	return func(dst []byte, b *raster.Block, y int) {
		v, a := row8(b, 0, y), validRow(b, y)
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

// indexValues makes an indexed picture of pairs of value and validity, as greyAlpha8 writes them, that keeps the values
// as they are. Pixels without data get an index of a transparent colour. It reports false if there are such pixels, but
// neither an unused index nor a transparent colour for them.
//
// If hard, colours are opaque from an alpha of 128 on, and others count as no data.
func indexValues(pairs []byte, palette []color.NRGBA, hard bool) (*indexed, bool) {
	n := len(palette)
	colours := make([]color.NRGBA, n, 256)
	copy(colours, palette)
	var drawn [256]bool
	for v, c := range palette {
		drawn[v] = !hard || c.A >= halfValid
		if hard {
			colours[v].A = 255
		}
	}

	pix := make([]uint8, len(pairs)/2)
	var used [256]bool
	holes := false
	for i := range pix {
		v, a := pairs[2*i], pairs[2*i+1]
		pix[i] = v
		if drawn[v] && a >= halfValid {
			used[v] = true
		} else {
			holes = true
		}
	}
	if !holes {
		return &indexed{pix, colours}, true
	}

	// The index after the others, or the first that no pixel uses, or that of a transparent colour.
	hole := n
	if n == 256 {
		hole = slices.Index(used[:], false)
	}
	if hole < 0 {
		hole = slices.IndexFunc(colours, func(c color.NRGBA) bool { return c.A == 0 })
	}
	if hole < 0 {
		return nil, false
	}
	colours = colours[:max(n, hole+1)]
	colours[hole] = color.NRGBA{}
	for i := range pix {
		if v, a := pairs[2*i], pairs[2*i+1]; !drawn[v] || a < halfValid {
			pix[i] = uint8(hole)
		}
	}
	return &indexed{pix, colours}, true
}

// expand makes RGBA pixels of pairs of value and validity.
func expand(pairs []byte, palette []color.NRGBA) []byte {
	rgba := make([]byte, 2*len(pairs))
	for i := 0; i < len(pairs); i += 2 {
		if v, a := int(pairs[i]), pairs[i+1]; v < len(palette) && palette[v].A != 0 && a >= halfValid {
			c := palette[v]
			rgba[2*i], rgba[2*i+1], rgba[2*i+2], rgba[2*i+3] = c.R, c.G, c.B, c.A
		}
	}
	return rgba
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

// hardenPairs does the same to pairs of value and validity.
func hardenPairs(pairs []byte) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] >= halfValid {
			pairs[i+1] = 255
		} else {
			pairs[i], pairs[i+1] = 0, 0
		}
	}
}
