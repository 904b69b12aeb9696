package exportimage

import (
	"context"
	"fmt"
	"image"
	"slices"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// samplesFormat is the format of pixels that are looked at and not encoded: it holds all that an export computes.
var samplesFormat = func() encode.Format {
	f := encode.Format{Name: "samples", Alpha: true}
	for t := raster.U1; t <= raster.C128; t++ {
		f.Types = append(f.Types, t)
	}
	return f
}()

// format returns the format of a request.
func (s *Service) format(r Request) encode.Format {
	if r.samples {
		return samplesFormat
	}
	if r.sink != nil {
		return r.sink.format(s.formats())
	}
	return s.formats()[r.Format]
}

// A pixel is one pixel of an export, and what each raster alone would show there.
type pixel struct {
	typ    raster.PixelType
	values []float64 // of each band; nil without data
	parts  []part    // the topmost first
}

// A part is one raster's part in a pixel.
type part struct {
	item   *mosaic.Item
	cell   PixelSize // of the raster at full resolution, in its own reference
	values []float64 // as in the pixel, of this raster alone; nil without data
}

// pixel draws the image of one pixel that req asks for. A pixel does not depend on the image that it is a part of, so it
// is that of any export of the same grid. With parts, the result has those of all rasters that reach the pixel.
func (s *Service) pixel(ctx context.Context, t *ticket, req Request, parts bool) (*pixel, error) {
	req.samples, req.Size, req.Aspect = true, image.Pt(1, 1), ExactBox
	px, err := s.drawPixel(ctx, t, req, parts, false)
	for try := 2; try <= drawTries && changed(err) && ctx.Err() == nil; try++ {
		s.recheck(ctx)
		px, err = s.drawPixel(ctx, t, req, parts, try == drawTries)
	}
	return px, err
}

func (s *Service) drawPixel(ctx context.Context, t *ticket, req Request, parts, last bool) (*pixel, error) {
	p, r, err := s.prepare(ctx, req, last)
	if err != nil {
		return nil, err
	}
	if r.typ.Complex() {
		return nil, unsupported("pixelType", "values of complex pixels are not supported")
	}
	if err := t.reserve(ctx, p.need(r, s.limits(), streamed)); err != nil {
		return nil, err
	}
	defer t.keep(need{})
	count := newTally(p)
	block, _, err := s.strip(ctx, p, r, count, p.rect)
	if err != nil {
		return nil, err
	}
	px := &pixel{typ: r.typ}
	if px.values, err = pixelValues(block); err != nil || !parts {
		return px, err
	}
	main := slices.IndexFunc(p.layers, func(l layer) bool { return l.leaf == function.Leaf(function.Source{}) })
	if main < 0 {
		return px, nil // the rule is of single rasters, which it names
	}
	for i := p.layers[main].from; i < p.layers[main].to; i++ {
		src := p.sources[i]
		if src.dst.Intersect(p.rect).Empty() {
			continue // it reaches the margin
		}
		one := part{item: src.item, cell: cellSize(src.pyramid.Info().Grid)}
		if one.values, err = s.alone(ctx, p, r, count, main, i); err != nil {
			return nil, err
		}
		px.parts = append(px.parts, one)
	}
	return px, nil
}

// alone returns the pixel that a layer would show if it had one source, nil if it is without data.
func (s *Service) alone(ctx context.Context, p *plan, r renderer, count *tally, of, source int) ([]float64, error) {
	blocks := make(map[function.Leaf]*raster.Block, len(p.layers))
	for i, l := range p.layers { // copies
		if i == of {
			l.from, l.to, l.op = source, source+1, mosaic.First
		}
		var err error
		if blocks[l.leaf], err = s.merged(ctx, p, &l, count, function.Read{Margin: l.margin}.Grow(p.rect), &raster.Buffer{}); err != nil {
			return nil, err
		}
	}
	block, err := r.render(blocks)
	if err != nil {
		return nil, err
	}
	return pixelValues(block)
}

// cellSize returns the size of a grid's pixels.
func cellSize(g raster.Grid) PixelSize {
	a := g.Affine
	return PixelSize{X: portable.Hypot(a.A, a.D), Y: portable.Hypot(a.B, a.E), CRS: g.CRS}
}

// pixelValues returns the samples of a block of one pixel, nil if it is without data.
func pixelValues(b *raster.Block) ([]float64, error) {
	at := b.Bounds().Min
	if b.Valid != nil && b.Valid.AlphaAt(at.X, at.Y).A < halfValid {
		return nil, nil
	}
	wide, err := raster.Convert(b, raster.F64)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(wide.Bands))
	for i, band := range wide.Bands {
		plane, ok := band.(*raster.PlaneOf[float64])
		if !ok {
			return nil, fmt.Errorf("a band of type %T", band)
		}
		out[i] = plane.Row(at.Y)[0]
	}
	return out, nil
}

// halfValid is the validity from which on a pixel holds data, as in formats without an alpha channel.
const halfValid = 128
