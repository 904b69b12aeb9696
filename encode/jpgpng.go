package encode

import (
	"io"

	"github.com/geoexport/geoexport/raster"
)

// jpgpng is JPEG for pictures that are known to be opaque, and PNG with transparency for all others. Its media type and
// extension are those of the latter, which can hold either picture.
func jpgpng(jpg, png Format) Format {
	f := png
	f.Name = "jpgpng"
	f.Choose = func(m *raster.Image) Format {
		if m.Opaque {
			return jpg
		}
		return png
	}
	f.Encode = func(w io.Writer, m *raster.Image, o *Options) error { return f.Choose(m).Encode(w, m, o) }
	return f
}
