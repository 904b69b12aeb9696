package encode

import (
	"fmt"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// check reports why m is not consistent or the named format cannot hold it, before the first strip is asked for.
func check(m *raster.Image, format string, maxSide int, types ...raster.PixelType) error {
	if err := m.Check(); err != nil {
		return err
	}
	size := m.Grid.Size
	switch {
	case !slices.Contains(types, m.Type):
		return &UnsupportedError{Format: format, What: fmt.Sprintf("samples of type %v", m.Type)}
	case size.X > maxSide || size.Y > maxSide:
		return &UnsupportedError{Format: format, What: fmt.Sprintf("%d by %d pixels (%d a side at most)",
			size.X, size.Y, maxSide)}
	}
	return nil
}

// eachRow calls do with every row of the image, from the top down, after it has checked the row's strip. Row y of b is
// in absolute pixel coordinates.
func eachRow(m *raster.Image, do func(b *raster.Block, y int) error) error {
	for b, err := range m.Checked() {
		if err != nil {
			return err
		}
		r := b.Bounds()
		for y := r.Min.Y; y < r.Max.Y; y++ {
			if err := do(b, y); err != nil {
				return err
			}
		}
	}
	return nil
}
