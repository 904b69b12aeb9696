package exportimage

import (
	"context"
	"errors"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
)

// An itemRule is a request's function of single rasters: its ItemFunction, with its Function on top if that is one of
// single rasters. Each raster is warped to the image's grid, with the margin that the function needs, computed, and
// merged with the others then.
type itemRule struct {
	function function.Function // without names
	param    string            // that states it, for errors
	out      function.Samples  // what the rasters become, with all bands
	program  *function.Program // computes those of the bands that are merged
	read     function.Read     // what it needs of a raster
	cell     function.Cell
}

// compileItemRule compiles the function of single rasters of a plan's request, and own, which the request's other
// function has for them, on top of it; nil if they leave rasters as they are.
func (s *Service) compileItemRule(
	ctx context.Context, p *plan, d *Description, own function.Function,
) (*itemRule, error) {
	r := &itemRule{param: "mosaicRule", cell: cellOf(p.grid, d)}
	if isNil(p.req.ItemFunction) {
		return nil, invalid("mosaicRule", "itemRenderingRule: a %T is nil", p.req.ItemFunction)
	}
	f, err := function.Resolve(p.req.ItemFunction, s.Functions)
	if err != nil {
		return nil, r.blame(err)
	}
	if own != nil {
		r.param = "renderingRule"
		if f, err = function.Compose(own, f); err != nil {
			return nil, r.blame(err)
		}
	}
	if _, plain := f.(function.Source); plain {
		return nil, nil
	}
	r.function = f
	if err := r.compile(ctx, s, p, d, f); err != nil {
		return nil, err
	}
	r.out = r.program.Samples()
	about := r.param
	if about == "mosaicRule" {
		about = "mosaicRule: itemRenderingRule"
	}
	for _, text := range r.program.Notes() {
		p.note(about + ": " + text)
	}
	return r, nil
}

// compile makes the program of f.
func (r *itemRule) compile(ctx context.Context, s *Service, p *plan, d *Description, f function.Function) error {
	for leaf := range function.Leaves(f) {
		if leaf != function.Leaf(function.Source{}) {
			return r.blame(unsupported(r.param, "raster %v beside each raster is not supported", leaf))
		}
	}
	o := s.compileOptions(ctx, p, d)
	o.WindowStatistics = nil // they are of all rasters that an image shows, and no single one's
	var err error
	if r.program, err = o.Compile(f, leavesOf(f, d)); err != nil {
		return r.blame(function.AsWritten(function.AsWritten(err, p.req.ItemFunction), p.req.Function))
	}
	r.read = r.program.Reads()[0]
	return nil
}

// merging returns the rule for the given bands of its result.
func (r *itemRule) merging(ctx context.Context, s *Service, p *plan, d *Description, bands []int) (*itemRule, error) {
	whole := len(bands) == len(r.out.Bands)
	for i, b := range bands {
		whole = whole && i == b
	}
	if whole {
		return r, nil
	}
	some := *r
	return &some, some.compile(ctx, s, p, d, &function.ExtractBand{Input: r.function, IDs: bands})
}

// origin returns the band of the rasters themselves whose samples b has, which is a band of what they become; its
// Origin is nil if it is computed.
func (r *itemRule) origin(b function.Band) function.Band {
	if b.Origin != function.Leaf(function.Source{}) {
		return b
	}
	own := r.out.Bands[b.OriginBand]
	b.Origin, b.OriginBand = own.Origin, own.OriginBand
	return b
}

// blame names the parameter in an error about the function.
func (r *itemRule) blame(err error) error {
	err = blame(r.param, err)
	if e, ok := errors.AsType[*Error](err); ok && e.Param == "mosaicRule" {
		return &Error{Kind: e.Kind, Param: e.Param, Err: fmt.Errorf("itemRenderingRule: %w", e.Err)}
	}
	return err
}

// ofItems returns f of what the service's function of single rasters makes of them, for what is found of each value or
// each raster alone: of these, both make the same one after the other as around the merging.
func (s *Service) ofItems(f function.Function) (function.Function, error) {
	own := s.Defaults.ItemFunction
	if noFunction(own) {
		return f, nil
	}
	if isNil(own) {
		return nil, invalid("mosaicRule", "itemRenderingRule: a %T is nil", own)
	}
	own, err := function.Resolve(own, s.Functions)
	if err != nil {
		return nil, blame("mosaicRule", err)
	}
	if noFunction(f) {
		return own, nil
	}
	if f, err = s.resolved(f); err != nil {
		return nil, err
	}
	f, err = function.Compose(f, own)
	return f, blame("renderingRule", err)
}

// drawn returns what a layer's source i shows in rect, ready to be merged, nil if that is nothing, and the number of
// the next source. A function of single rasters is computed of all places where a raster shows together, so that no
// seam appears where it goes round the world. It may be in the memory of buf.
func (s *Service) drawn(
	ctx context.Context, p *plan, l *layer, i int, t *tally, rect image.Rectangle, buf *raster.Buffer,
) (_ *raster.Block, next int, err error) {
	if l.item == nil {
		b, err := s.warp(ctx, p, l, i, t, rect, nil, buf)
		return b, i + 1, err
	}
	src := &p.sources[i]
	defer catchDrawing(src.item, &err)
	next = i + 1
	shown := src.dst
	for next < l.to && p.sources[next].item == src.item {
		shown = shown.Union(p.sources[next].dst)
		next++
	}
	if rect = rect.Intersect(shown); rect.Empty() {
		return nil, next, nil
	}
	own, err := s.places(ctx, p, l, i, next, t, l.item.read.Grow(rect))
	if own == nil || err != nil {
		return nil, next, err
	}
	out, err := l.item.program.Run(map[function.Leaf]*raster.Block{function.Source{}: own}, l.item.cell)
	if err != nil {
		return nil, next, l.item.blame(err)
	}
	out, err = p.inside(p.sources[i:next], out, own)
	return out, next, err
}

// places returns what the sources from i to end show in rect, which are places of one raster; nil if that is nothing.
func (s *Service) places(
	ctx context.Context, p *plan, l *layer, i, end int, t *tally, rect image.Rectangle,
) (*raster.Block, error) {
	if end == i+1 {
		return s.warp(ctx, p, l, i, t, rect, raster.NewBlock(p.typ, len(l.bands), rect), nil)
	}
	all := mosaic.NewMerger(mosaic.First, p.typ, len(l.bands), rect)
	found := false
	buf := s.lend()
	defer s.takeBack([]*raster.Buffer{buf}) // nothing of it is in the result
	for ; i < end; i++ {
		b, err := s.warp(ctx, p, l, i, t, rect, nil, buf)
		if err != nil {
			return nil, err
		}
		if b == nil {
			continue
		}
		found = true
		if err := all.Add(b, nil); err != nil {
			return nil, err
		}
	}
	if !found {
		return nil, nil
	}
	return all.Result(), nil
}

// inside returns a function's result without the pixels outside the raster whose places are given. Functions such as
// IsNull make data where there is none, and a raster ends at its sides.
func (p *plan) inside(places []source, out, own *raster.Block) (*raster.Block, error) {
	r := out.Bounds()
	made := false
	for y := r.Min.Y; y < r.Max.Y && !made; y++ {
		had := own.ValidRow(y)
		if had == nil {
			continue
		}
		had = had[r.Min.X-own.Bounds().Min.X:]
		has := out.ValidRow(y)
		for x := range r.Dx() {
			made = made || had[x] == 0 && (has == nil || has[x] != 0)
		}
	}
	if !made {
		return out, nil
	}
	valid := image.NewAlpha(r)
	one := &raster.Block{Type: raster.U8, Bands: []raster.Plane{raster.NewPlane[uint8](r)}, Valid: image.NewAlpha(r)}
	keep := out.CopyValid()
	for _, src := range places {
		b := src.bounds
		row := &raster.PlaneOf[uint8]{Pix: make([]uint8, b.Dx()), Rect: b} // all rows are one
		whole := &raster.Block{Type: raster.U8, Bands: []raster.Plane{row}}
		if err := (resample.Options{Interpolation: resample.Nearest}).Warp(one, whole, src.mapping); err != nil {
			return nil, &RasterError{"draw", src.item.Name, err}
		}
		for i, v := range one.Valid.Pix {
			if v != 0 {
				valid.Pix[i] = keep.Pix[i]
			}
		}
	}
	return &raster.Block{Type: out.Type, Bands: out.Bands, Valid: valid}, nil
}
