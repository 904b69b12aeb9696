package exportimage

import (
	"context"
	"fmt"
	"image/color"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A renderer turns merged pixels into those of the format: first to the pixel type that was asked for, then, if the
// format cannot hold that, to 8 bits by the service's stretch.
type renderer struct {
	want    raster.PixelType // as asked for; Unknown leaves the rasters' own
	typ     raster.PixelType // what comes out
	palette color.Palette    // of what comes out
	stretch []Range          // one a band; nil if the type is held as it is
}

// renderer settles how a plan's pixels are rendered. It may have to find out the rasters' statistics, once.
func (s *Service) renderer(ctx context.Context, p *plan, a *about) (renderer, error) {
	r := renderer{want: p.req.PixelType, typ: p.req.PixelType}
	if r.typ == raster.Unknown {
		r.typ = p.typ
	}
	if p.palette != nil && r.typ == p.typ {
		if r.typ != raster.U8 {
			return r, unsupported("", "palettes of %v are not supported", r.typ)
		}
		r.palette = p.palette
	}
	if p.format.Holds(r.typ) {
		return r, nil
	}
	if !p.format.Holds(raster.U8) || r.typ.Complex() {
		return r, unsupported("format", "format %s does not hold pixels of type %v", p.format.Name, r.typ)
	}
	ranges, err := s.ranges(ctx, p, a, r.typ)
	if err != nil {
		return r, err
	}
	r.stretch, r.typ = ranges, raster.U8
	return r, nil
}

// render is what a strip becomes.
func (r renderer) render(b *raster.Block) (*raster.Block, error) {
	b, err := raster.Convert(b, r.want)
	if err != nil || r.stretch == nil {
		return b, err
	}
	if b, err = raster.Convert(b, raster.F64); err != nil {
		return nil, err
	}
	for i, p := range b.Bands {
		stretch(p.(*raster.PlaneOf[float64]), r.stretch[i])
	}
	return raster.Convert(b, raster.U8)
}

// stretch maps from.Min to 0 and from.Max to 255, in place; what lies outside is cut when converted. A range of no width
// is drawn black.
func stretch(p *raster.PlaneOf[float64], from Range) {
	factor := 255 / (from.Max - from.Min)
	if !(factor > 0) || math.IsInf(factor, 0) {
		factor = 0
	}
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		row := p.Row(y)
		for x, v := range row {
			row[x] = (v - from.Min) * factor
		}
	}
}

// ranges is the stretch of the plan's bands: the service's own, or from statistics, within what the pixel type can hold.
func (s *Service) ranges(ctx context.Context, p *plan, a *about, t raster.PixelType) ([]Range, error) {
	all, err := s.bandRanges(ctx, a)
	if err != nil {
		return nil, err
	}
	lo, hi := t.Range()
	out := make([]Range, len(p.bands))
	for i, b := range p.bands {
		if b >= len(all) {
			return nil, &Error{Err: fmt.Errorf("the service states a stretch for %d bands, and band %d is drawn", len(all), b)}
		}
		out[i] = Range{math.Max(all[b].Min, lo), math.Min(all[b].Max, hi)}
	}
	return out, nil
}
