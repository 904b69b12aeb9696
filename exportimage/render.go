package exportimage

import (
	"context"
	"fmt"
	"image/color"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// A renderer turns merged pixels into those of the format: first by the rendering rule, then by conversion to the pixel
// type that was asked for, then, if the format cannot hold that, by the service's stretch to 8 bits.
type renderer struct {
	program *function.Program
	cell    function.Cell
	want    raster.PixelType // as asked for; Unknown keeps that of the rule or the rasters
	typ     raster.PixelType // of the output
	bands   int              // of the output
	palette color.Palette    // of the output
	stretch []Range          // one for each band; nil if the format holds the type
	invert  bool             // 0 is white
}

// renderer returns the renderer for a plan's pixels. It may have to find the rasters' statistics, once.
func (s *Service) renderer(ctx context.Context, p *plan, d *Description) (renderer, error) {
	in := p.rule.out
	r := renderer{
		program: p.rule.program, cell: cellOf(p.grid, d),
		want: p.req.PixelType, typ: p.req.PixelType, bands: len(in.Bands),
	}
	if r.typ == raster.Unknown {
		r.typ = in.Type
	}
	if in.Palette != nil && r.typ == in.Type {
		palette, err := p.palettes(in.Palette, r.typ)
		if err != nil {
			return r, err
		}
		r.palette = palette
	}
	r.invert = p.whiteIsZero && p.drawsColours() && r.palette == nil && r.bands == 1
	if in.Type.Complex() && !r.typ.Complex() {
		return r, unsupported("pixelType", "complex samples as %v are not supported", r.typ)
	}
	if p.format.Holds(r.typ) {
		return r, nil
	}
	if !p.format.Holds(raster.U8) || r.typ.Complex() {
		return r, unsupported("format", "format %s does not hold pixels of type %v", p.format.Name, r.typ)
	}
	ranges, err := s.ranges(ctx, p, d, r.typ)
	if err != nil {
		return r, err
	}
	r.stretch, r.typ = ranges, raster.U8
	return r, nil
}

// render renders a strip from the blocks of its layers.
func (r renderer) render(blocks map[function.Leaf]*raster.Block) (*raster.Block, error) {
	b, err := r.blackIsZero(blocks)
	if err != nil || !r.invert {
		return b, err
	}
	lo, hi := r.typ.Range()
	return mirrored(b, lo+hi)
}

// blackIsZero renders a strip as if black were at 0.
func (r renderer) blackIsZero(blocks map[function.Leaf]*raster.Block) (*raster.Block, error) {
	b, err := r.program.Run(blocks, r.cell)
	if err != nil {
		return nil, blame("renderingRule", err)
	}
	return r.finish(b)
}

// finish converts what the rule has computed to the output's type.
func (r renderer) finish(b *raster.Block) (*raster.Block, error) {
	b, err := raster.Convert(b, r.want)
	if err != nil || r.stretch == nil {
		return b, err
	}
	return stretched(b, r.stretch), nil
}

// ranges returns the stretch of bands, the service's own or from statistics, limited to what the pixel type can hold.
func (s *Service) ranges(ctx context.Context, p *plan, d *Description, t raster.PixelType) ([]Range, error) {
	bands := p.rule.out.Bands
	all, err := s.bandRanges(ctx, d)
	if err != nil {
		return nil, err
	}
	lo, hi := t.Range()
	out := make([]Range, len(bands))
	var computed []function.Summary
	for i, b := range bands {
		var from Range
		switch id := serviceBand(d, b); {
		case id >= len(all):
			err := fmt.Errorf("the service states a stretch for %d bands, and band %d is drawn", len(all), id)
			return nil, &Error{Err: err}
		case id >= 0:
			from = all[id]
		case b.Known != nil:
			from = Range{b.Known.Min, b.Known.Max}
		default:
			if computed == nil {
				if computed, err = s.summaries(ctx, p.rule.function, d, false); err != nil {
					return nil, err
				}
			}
			from = Range{computed[i].Min, computed[i].Max}
		}
		out[i] = Range{math.Max(from.Min, lo), math.Min(from.Max, hi)}
	}
	return out, nil
}
