package exportimage

import (
	"context"
	"errors"
	"slices"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
)

// setLayers makes a layer of each raster that the rule is of. Their sources are not known yet.
func (s *Service) setLayers(ctx context.Context, p *plan, d *Description) error {
	for _, r := range p.rule.program.Reads() {
		l := layer{
			leaf: r.Leaf, rect: r.Grow(p.rect), margin: r.Margin, how: r.Resampling,
			typ: p.typ, count: len(r.Bands), palette: p.palette,
		}
		l.reach = l.margin
		if p.item != nil && r.Leaf == function.Leaf(function.Source{}) {
			var err error
			if l.item, err = p.item.merging(ctx, s, p, d, r.Bands); err != nil {
				return err
			}
			out := l.item.program.Samples()
			l.typ, l.palette = out.Type, out.Palette
			// Rasters are resampled once, to the image's grid, before the rule of single rasters: a Resample on top of it
			// states how, as the request's interpolation does.
			switch own := l.item.read.Resampling; {
			case own != nil && l.how != nil && *own != *l.how:
				return unsupported("renderingRule", "Resample by another method than that in the itemRenderingRule is not supported: rasters are resampled once")
			case own != nil:
				l.how = own
			}
			l.reach = marginAround(r.Margin, l.item.read.Margin)
			r.Bands = l.item.read.Bands
		}
		if n, most := len(r.Bands), s.limits().Bands; n > most {
			return invalid("bandIds", "%w", overLimit("Bands", int64(n), int64(most),
				"%d bands are more than %d (limit Bands): name some", n, most))
		}
		l.bands = serviceBands(d, r.Bands)
		var err error
		if l.noData, err = noDataRule(p.req, len(l.bands)); err != nil {
			return err
		}
		p.layers = append(p.layers, l)
	}
	return nil
}

// addLayer finds the sources of a layer.
func (p *plan) addLayer(ctx context.Context, s *Service, l *layer, d *Description) error {
	rule := p.req.MosaicRule
	switch leaf := l.leaf.(type) {
	case function.Item:
		rule = mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{int64(leaf)}}
	case function.Items:
		rule = mosaic.Rule{Method: mosaic.LockRaster, LockIDs: leaf.IDs()}
	}
	items, err := s.choose(ctx, p, grownGrid(p.grid, l.margin), rule, d)
	if e, ok := errors.AsType[*Error](err); ok && e.Param == "mosaicRule" && l.leaf != function.Leaf(function.Source{}) {
		err = &Error{Kind: e.Kind, Param: "renderingRule", Err: e.Err} // which names the rasters
	}
	if err != nil {
		return err
	}
	switch l.op = rule.Operation; {
	case l.palette != nil && !l.op.Copies():
		return unsupported("mosaicRule", "mosaic operation %v of palette indices is not supported", l.op)
	case l.typ.Complex() && !l.op.Copies():
		return unsupported("mosaicRule", "mosaic operation %v of pixels of type %v is not supported", l.op, l.typ)
	}
	if l.op == mosaic.Last {
		// The undermost on top is the same, and stops early.
		slices.Reverse(items)
		l.op = mosaic.First
	}
	l.from = len(p.sources)
	for _, it := range items {
		if err := p.addSource(ctx, s, it, l); err != nil {
			if errors.Is(err, errColours) {
				return err
			}
			why, ok := p.skips(ctx, s, err)
			if !ok {
				return err
			}
			p.skipped.add(it, why)
		}
	}
	l.to = len(p.sources)
	return nil
}

// kernel returns how the rasters of a layer are resampled.
func (p *plan) kernel(info raster.Info, l *layer) resample.Options {
	if l.how == nil {
		return resample.Options{Interpolation: p.interpolation(info), Antialias: p.req.Antialias}
	}
	asked, averages := resampling(*l.how)
	return resample.Options{Interpolation: interpolation(asked, info.Palette != nil), Antialias: averages}
}

// resampling returns the interpolation that stands for a function's, and whether it averages.
func resampling(t function.ResamplingType) (i resample.Interpolation, averages bool) {
	switch t {
	case function.ResampleNearest:
		return resample.Nearest, false
	case function.ResampleCubic:
		return resample.Cubic, false
	case function.ResampleMajority:
		return resample.Majority, false
	}
	return resample.Bilinear, t == function.ResampleAverage
}

// marginAround returns the margin of one margin around another.
func marginAround(m, o function.Margin) function.Margin {
	return function.Margin{Left: m.Left + o.Left, Top: m.Top + o.Top, Right: m.Right + o.Right, Bottom: m.Bottom + o.Bottom}
}

// grownGrid returns a grid with more pixels around it, on the same lattice.
func grownGrid(g raster.Grid, m function.Margin) raster.Grid {
	if m == (function.Margin{}) {
		return g
	}
	g.Affine.C -= float64(g.Affine.A * float64(m.Left))
	g.Affine.F -= float64(g.Affine.E * float64(m.Top))
	g.Size.X += m.Left + m.Right
	g.Size.Y += m.Top + m.Bottom
	return g
}
