package encode

import "io"

// jpgpng is JPEG for pictures that are known to be opaque, and PNG with transparency for all others. Its media type and
// extension are those of the latter, which can hold either picture.
func jpgpng(jpg, png Format) Format {
	f := png
	f.Name = "jpgpng"
	f.Choose = func(p *Picture) Format {
		if p.Opaque {
			return jpg
		}
		return png
	}
	f.Encode = func(w io.Writer, p *Picture, o *Options) error { return f.Choose(p).Encode(w, p, o) }
	return f
}
