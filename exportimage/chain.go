package exportimage

import (
	"context"
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// maxChains bounds of how many functions a service remembers the statistics. Others are found anew.
const maxChains = 256

// summaries returns the statistics of all bands of a function's result, over the service's first rasters, which do not
// depend on any image. Those of rasters themselves are known to the service; others are found once, by drawing the
// function on a fixed lattice.
func (s *Service) summaries(
	ctx context.Context, f function.Function, d *Description, shares bool,
) ([]function.Summary, error) {
	if _, ok := f.(function.Leaf); ok {
		return s.leafSummaries(ctx, d, shares)
	}
	text, err := function.Marshal(f)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintf("%v %s", shares, text)
	known, err := s.inputSummaries(ctx, f, d)
	if err != nil {
		return nil, err
	}
	return remembered(ctx, s, func(found *findings) *[]function.Summary { return found.chain(key) },
		func(found *findings) bool { return same(found.known, d) },
		func(ctx context.Context) ([]function.Summary, error) {
			each, err := s.sampleImages(ctx, f, d, known, raster.F64)
			if err != nil {
				return nil, err
			}
			return sumUp(each, shares)
		})
}

// knownSummaries are the statistics that a function wants to know of what it is of.
type knownSummaries map[string][]function.Summary

func (k knownSummaries) of(f function.Function, shares bool) ([]function.Summary, error) {
	text, err := function.Marshal(f)
	return k[fmt.Sprintf("%v %s", shares, text)], err
}

// inputSummaries returns what a function wants to know of what it is of, which has to be found before what is found of
// the function itself: one thing is found at a time.
func (s *Service) inputSummaries(ctx context.Context, f function.Function, d *Description) (knownSummaries, error) {
	known := knownSummaries{}
	first := &plan{grid: raster.NorthUp(d.CRS, d.Extent, image.Pt(1, 1)), rect: image.Rect(0, 0, 1, 1)}
	first.statistics = func(f function.Function, shares bool) ([]function.Summary, error) {
		text, err := function.Marshal(f)
		if err != nil {
			return nil, err
		}
		all, err := s.summaries(ctx, f, d, shares)
		known[fmt.Sprintf("%v %s", shares, text)] = all
		return all, err
	}
	_, err := s.compiler(ctx, first, d)(f)
	return known, err
}

// chain returns the place of what is found for a function.
func (f *findings) chain(key string) *[]function.Summary {
	if f.chains[key] == nil {
		if f.chains == nil || len(f.chains) >= maxChains {
			f.chains = map[string]*[]function.Summary{}
		}
		f.chains[key] = new([]function.Summary)
	}
	return f.chains[key]
}

// leafSummaries returns the statistics of the service's bands in the order in which functions count them.
func (s *Service) leafSummaries(ctx context.Context, d *Description, shares bool) ([]function.Summary, error) {
	order := make([]int, len(d.Bands))
	for i := range order {
		order[i] = i
	}
	out := make([]function.Summary, len(order))
	if shares {
		all, err := s.bandSummaries(ctx, d)
		if err != nil {
			return nil, err
		}
		for i, b := range serviceBands(d, order) {
			out[i] = function.Summary{Statistics: all[b].Statistics, Shares: all[b].shares}
		}
		return out, nil
	}
	all, err := s.bandStatistics(ctx, d)
	if err != nil {
		return nil, err
	}
	for i, b := range serviceBands(d, order) {
		out[i].Statistics = all[b]
	}
	return out, nil
}

// sampleImages returns what draws a function of each of the service's first rasters at the size of its coarsest level,
// whole or in an even sample of windows, and yields what comes out, as samples of a type, or of their own for
// raster.Unknown.
func (s *Service) sampleImages(
	ctx context.Context, f function.Function, d *Description, known knownSummaries, typ raster.PixelType,
) (each func(yield func(*raster.Block)) error, err error) {
	ctx = s.budgeted(ctx)
	var grids [][]raster.Grid
	for _, it := range d.first {
		var own []raster.Grid
		err := s.lookAt(ctx, it, func(ds raster.Dataset) (err error) {
			own, err = s.sampleGrids(ds.Info(), d)
			return err
		})
		if _, ok := s.skips(ctx, err); err != nil && !ok {
			return nil, err
		}
		grids = append(grids, own)
	}
	return func(yield func(*raster.Block)) error {
		for i, it := range d.first {
			rule := mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{it.ID}}
			for _, g := range grids[i] {
				p := &plan{grid: g, req: Request{Function: f, MosaicRule: rule}, statistics: known.of}
				if err := s.drawPlain(ctx, p, d, typ, false, yield); err != nil {
					return err
				}
			}
		}
		return nil
	}, nil
}

// sumUp returns the statistics of the bands of blocks, which each yields, once or twice.
func sumUp(each func(yield func(*raster.Block)) error, shares bool) ([]function.Summary, error) {
	var sums []moments
	err := each(func(b *raster.Block) {
		if sums == nil {
			sums = make([]moments, len(b.Bands))
		}
		for i, p := range b.Bands {
			eachValue(p.(*raster.PlaneOf[float64]), b.Valid, sums[i].add)
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]function.Summary, len(sums))
	counts := make([]bandSummary, len(sums))
	for i := range sums {
		out[i].Statistics = sums[i].statistics()
		counts[i] = bandSummary{out[i].Statistics, make([]float64, histogramBins)}
	}
	if !shares {
		return out, nil
	}
	err = each(func(b *raster.Block) {
		for i, p := range b.Bands {
			counts[i].count(p.(*raster.PlaneOf[float64]), b.Valid)
		}
	})
	if err != nil {
		return nil, err
	}
	for i := range counts {
		counts[i].normalise()
		out[i].Shares = counts[i].shares
	}
	return out, nil
}

// sampleGrids returns grids in the service's spatial reference over a raster, in pixels of the size of its coarsest
// level.
func (s *Service) sampleGrids(info raster.Info, d *Description) ([]raster.Grid, error) {
	t, err := s.transformer(info.Grid.CRS, d.CRS, info.Grid.Envelope())
	if err != nil {
		return nil, err
	}
	e, err := t.Envelope(info.Grid.Envelope())
	if err != nil {
		return nil, err
	}
	pixel, err := s.pixelSize(info.Grid, d.CRS)
	if err != nil {
		return nil, err
	}
	coarsest := info.Levels[len(info.Levels)-1]
	pixel.X *= float64(info.Grid.Size.X) / float64(coarsest.X)
	pixel.Y *= float64(info.Grid.Size.Y) / float64(coarsest.Y)
	w, h := math.Ceil(e.Width()/pixel.X), math.Ceil(e.Height()/pixel.Y)
	if !(w >= 1 && h >= 1 && w <= maxSide && h <= maxSide) {
		return nil, fmt.Errorf("a raster of %v by %v pixels is none", w, h)
	}
	var out []raster.Grid
	for _, win := range sampleWindows(image.Pt(int(w), int(h))) {
		out = append(out, raster.NorthUp(d.CRS, srs.Envelope{
			XMin: e.XMin + float64(pixel.X*float64(win.Min.X)), XMax: e.XMin + float64(pixel.X*float64(win.Max.X)),
			YMin: e.YMax - float64(pixel.Y*float64(win.Max.Y)), YMax: e.YMax - float64(pixel.Y*float64(win.Min.Y)),
		}, win.Size()))
	}
	return out, nil
}

// windowSummaries returns the statistics of what a plan's image shows of f.
func (s *Service) windowSummaries(
	ctx context.Context, f function.Function, p *plan, d *Description, shares bool,
) ([]function.Summary, error) {
	req := p.req
	req.Function, req.ItemFunction, req.BandIDs, req.Explain = f, nil, nil, false
	if p.item != nil {
		req.ItemFunction = p.item.function
	}
	return sumUp(func(yield func(*raster.Block)) error {
		return s.drawPlain(ctx, &plan{grid: p.grid, req: req, statistics: p.statistics}, d, raster.F64, p.statistics == nil, yield)
	}, shares)
}

// drawPlain yields the pixels of a plan of which only the grid and the request are set, as samples of a type, strip by
// strip. What a strip takes counts as an export's memory does; wait is whether to wait for it.
func (s *Service) drawPlain(
	ctx context.Context, p *plan, d *Description, typ raster.PixelType, wait bool,
	yield func(*raster.Block),
) error {
	ctx, release := s.holding(ctx)
	defer release()
	if err := s.begin(ctx, p, d); err != nil {
		return err
	}
	for i := range p.layers {
		if err := p.addLayer(ctx, s, &p.layers[i], d); err != nil {
			return err
		}
	}
	if p.rule.out.Type.Complex() {
		return unsupported("renderingRule", "statistics of pixels of type %v are not supported", p.rule.out.Type)
	}
	r := renderer{program: p.rule.program, cell: cellOf(p.grid, d), typ: p.rule.out.Type, bands: len(p.rule.out.Bands)}
	bytes, strip := p.stripNeed(r)
	wide := strip * int64(8*r.bands)
	giveBack, err := s.borrow(ctx, need{memory: bytes + wide}, wait)
	if err != nil {
		return err
	}
	defer giveBack()
	count := newTally(p)
	for _, rect := range p.cut(stripShape(p.pixelBytes(r))) {
		b, lent, err := s.strip(ctx, p, r, count, rect)
		if err != nil {
			return err
		}
		if b, err = raster.Convert(b, typ); err != nil {
			return err
		}
		yield(b)
		s.takeBack(lent)
	}
	return nil
}
