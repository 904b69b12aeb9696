package rastertest

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

const digits = "0123456789abcdefghijklmnopqrstuvwxyz"

// Parse reads a U8 block from text, with its first pixel at (0,0). Blanks around a line do not count, and an empty line
// between pictures of the same size starts the next band. A dot in any band makes the pixel one without data; its
// sample there is 0. Valid is nil if there is no dot. Parse panics on anything else: it reads what tests say, not
// files.
func Parse(text string) *raster.Block {
	var bands [][]string
	open := false // whether the last line belongs to a band
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			open = false
			continue
		case !open:
			bands = append(bands, nil)
			open = true
		}
		bands[len(bands)-1] = append(bands[len(bands)-1], line)
	}
	if len(bands) == 0 {
		panic("rastertest: empty picture")
	}
	r := image.Rect(0, 0, len(bands[0][0]), len(bands[0]))
	blk := raster.NewBlock(raster.U8, len(bands), r)
	for i := range blk.Valid.Pix {
		blk.Valid.Pix[i] = 0xff
	}
	for b, rows := range bands {
		if len(rows) != r.Dy() {
			panic(fmt.Sprintf("rastertest: band %d of the picture has %d rows, not %d", b, len(rows), r.Dy()))
		}
		for y, row := range rows {
			if len(row) != r.Dx() {
				panic(fmt.Sprintf("rastertest: row %q of the picture is not %d pixels long", row, r.Dx()))
			}
			for x := range len(row) {
				if row[x] == '.' {
					blk.Valid.SetAlpha(x, y, color.Alpha{})
					continue
				}
				v := strings.IndexByte(digits, row[x])
				if v < 0 {
					panic(fmt.Sprintf("rastertest: %q in row %q of the picture", row[x], row))
				}
				blk.Bands[b].(*raster.PlaneOf[uint8]).Row(y)[x] = uint8(v)
			}
		}
	}
	if blk.Valid.Opaque() {
		blk.Valid = nil
	}
	return blk
}

// Text writes a block of any type as Parse reads it, bands parted by an empty line, without a newline at the end.
// Pixels whose validity is 0 are dots; a sample that is not a whole number from 0 to 35 is a question mark.
func Text(b *raster.Block) string {
	var s strings.Builder
	r := b.Bounds()
	for i, p := range b.Bands {
		if i > 0 {
			s.WriteString("\n\n")
		}
		for y := r.Min.Y; y < r.Max.Y; y++ {
			if y > r.Min.Y {
				s.WriteByte('\n')
			}
			for x := r.Min.X; x < r.Max.X; x++ {
				s.WriteByte(letter(b, p, x, y))
			}
		}
	}
	return s.String()
}

func letter(b *raster.Block, p raster.Plane, x, y int) byte {
	if validity(b, x, y) == 0 {
		return '.'
	}
	v := At(p, x, y)
	if f := real(v); imag(v) == 0 && f >= 0 && f < float64(len(digits)) && f == math.Trunc(f) {
		return digits[int(f)]
	}
	return '?'
}
