package encode

import (
	"image/color"

	"github.com/geoexport/geoexport/raster"
)

// Over returns the image as it looks over an opaque background: red, green and blue of type U8, with every pixel opaque.
// The image's own type must be U8. Its strips are drawn as they are asked for.
func Over(m *raster.Image, background color.NRGBA) *raster.Image {
	background.A = 255
	out := &raster.Image{Grid: m.Grid, Type: raster.U8, Bands: 3, Opaque: true}
	out.Strips = func(yield func(*raster.Block, error) bool) {
		if err := check(m, "a background", maxPNGSide, raster.U8); err != nil {
			yield(nil, err)
			return
		}
		fill := rgbRows(m, background)
		row := make([]byte, 3*m.Grid.Size.X)
		for b, err := range m.Checked() {
			if err != nil {
				yield(nil, err)
				return
			}
			r := b.Bounds()
			over := &raster.Block{Type: raster.U8, Bands: raster.NewPlanes(raster.U8, 3, r)}
			for y := r.Min.Y; y < r.Max.Y; y++ {
				fill(row, b, y)
				red, green, blue := row8(over, 0, y), row8(over, 1, y), row8(over, 2, y)
				for x := range red {
					red[x], green[x], blue[x] = row[3*x], row[3*x+1], row[3*x+2]
				}
			}
			if !yield(over, nil) {
				return
			}
		}
	}
	return out
}
