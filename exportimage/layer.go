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
func (p *plan) setLayers(d *Description, most int) error {
	for i, r := range p.rule.program.Reads() {
		if n := len(r.Bands); n > most {
			return invalid("bandIds", "%d bands are more than %d (limit Bands): name some", n, most)
		}
		p.layers = append(p.layers, layer{
			leaf: r.Leaf, bands: serviceBands(d, r.Bands), rect: r.Grow(p.rect), margin: r.Margin, noData: p.rule.noData[i], how: r.Resampling,
		})
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
	case p.palette != nil && !l.op.Copies():
		return unsupported("mosaicRule", "mosaic operation %v of palette indices is not supported", l.op)
	case p.typ.Complex() && !l.op.Copies():
		return unsupported("mosaicRule", "mosaic operation %v of pixels of type %v is not supported", l.op, p.typ)
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
