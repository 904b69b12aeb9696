package exportimage

import (
	"context"
	"image"
	"io"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
)

// Render makes one image and returns its pixels, which nothing encodes: samples of the request's PixelType, or else of
// the rasters' or the function's, with what holds data in the block's Valid. The block begins at (0,0); its Image makes a picture of it, and
// raster.Values takes its samples out. If the request states a Format, pixels are those that the format would show,
// which may be stretched to 8 bits. The service's default format does not count, nor does compression. The result's
// Data is nil, and its Envelope says where the pixels lie.
func (s *Service) Render(ctx context.Context, req Request) (*raster.Block, Result, error) {
	to, asked := &sink{name: req.Format}, req
	res, err := observed(ctx, s, "rendering", &asked, func() (Result, error) {
		req.sink, req.progress = to, asked.progress
		res, t, err := s.export(ctx, io.Discard, req, streamed)
		if err != nil {
			return Result{}, err
		}
		t.keep(need{})
		res.MediaType, res.Format = "", ""
		return res, nil
	})
	if err != nil {
		return nil, Result{}, err
	}
	return to.block, res, nil
}

// A sink takes the pixels of an image in place of an encoder.
type sink struct {
	name  string // of the format that they are for; empty for none
	block *raster.Block
}

// any reports whether the sink takes pixels of all types.
func (k *sink) any() bool { return k != nil && k.name == "" }

// format returns the format that writes into the sink. It needs the whole image in memory.
func (k *sink) format(of encode.Formats) encode.Format {
	f := samplesFormat
	if !k.any() {
		f = of[k.name]
	}
	f.Whole, f.Encode, f.Choose = true, k.take, nil
	return f
}

// take puts strips together. An image that is begun anew is taken anew.
func (k *sink) take(_ io.Writer, m *raster.Image, _ *encode.Options) error {
	all, first := raster.NewBlock(m.Type, m.Bands, m.Grid.Bounds()), true
	for b, err := range m.Strips {
		if err != nil {
			return err
		}
		if first { // strips lie on the lattice of all images
			all, first = all.At(b.Bounds().Min), false
		}
		for i, p := range b.Bands {
			raster.Copy(all.Bands[i], p, b.Bounds())
		}
		r := b.Bounds()
		for y := r.Min.Y; y < r.Max.Y; y++ {
			to := all.Valid.Pix[all.Valid.PixOffset(r.Min.X, y):][:r.Dx()]
			if valid := b.ValidRow(y); valid != nil {
				copy(to, valid)
				continue
			}
			for i := range to {
				to[i] = 0xff
			}
		}
	}
	if all.Opaque() {
		all.Valid = nil
	}
	k.block = all.At(image.Point{})
	return nil
}
