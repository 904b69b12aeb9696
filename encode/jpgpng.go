package encode

import (
	"io"

	"github.com/geoexport/geoexport/raster"
)

// jpgpngFormat returns a format that is JPEG for images that are known to be opaque, and PNG with transparency for all
// others. Its media type and extension are those of the latter, which can hold either image.
func jpgpngFormat(jpg, png Format) Format {
	f := png
	f.Name, f.Lossy = "jpgpng", true
	f.Choose = func(m *raster.Image) Format {
		if m.Opaque {
			return jpg
		}
		return png
	}
	f.Encode = func(w io.Writer, m *raster.Image, o *Options) error { return f.Choose(m).Encode(w, m, o) }
	return f
}
