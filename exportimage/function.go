package exportimage

import (
	"context"
	"errors"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// A rule is a request's function compiled for its image.
type rule struct {
	function function.Function // of the rasters themselves, with the bands that BandIDs select, and without names
	program  *function.Program
	out      function.Samples
}

// compileRule compiles the function of a plan's request, and its BandIDs, which select from what comes out.
func (s *Service) compileRule(ctx context.Context, p *plan, d *Description) (err error) {
	if isNil(p.req.Function) {
		return invalid("renderingRule", "a %T is nil", p.req.Function)
	}
	each, f, err := function.Split(p.req.Function, s.Functions)
	if err != nil {
		return blame("renderingRule", err)
	}
	if p.item, err = s.compileItemRule(ctx, p, d, each); err != nil {
		return err
	}
	p.rule.function = f
	compile := s.compiler(ctx, p, d)
	if p.rule.program, err = compile(f); err != nil {
		return err
	}
	ids := p.req.BandIDs
	if len(ids) > 0 {
		if _, err := (&function.ExtractBand{IDs: ids}).Pick(p.rule.program.Samples(), s.limits().Bands); err != nil {
			if e, ok := errors.AsType[*function.Error](err); ok {
				err = &function.Error{Kind: e.Kind, Err: e.Err} // the request has no such argument
			}
			return blame("bandIds", err)
		}
	}
	if _, plain := f.(function.Source); plain && len(p.req.NoData) == 0 {
		ids = firstBands(ids, p.rule.program.Samples(), p.format.Bands)
	}
	if len(ids) > 0 {
		selected := &function.ExtractBand{Input: f, IDs: ids}
		p.rule.function = selected
		if p.rule.program, err = compile(selected); err != nil {
			return err
		}
	}
	p.rule.out = p.rule.program.Samples()
	for _, text := range p.rule.program.Notes() {
		p.note("renderingRule: " + text)
	}
	if p.item == nil {
		return nil
	}
	p.rule.out.Bands = slices.Clone(p.rule.out.Bands)
	for i, b := range p.rule.out.Bands {
		p.rule.out.Bands[i] = p.item.origin(b)
	}
	p.rule.function, err = function.Compose(p.rule.function, p.item.function)
	return blame("renderingRule", err)
}

// firstBands returns those of the bands that are asked for, or of all, which a format draws: the others would be read for
// nothing. Nil stands for all of them.
func firstBands(ids []int, all function.Samples, most int) []int {
	n := len(ids)
	if n == 0 {
		n = len(all.Bands)
	}
	if most == 0 || n <= most {
		return ids
	}
	if len(ids) > 0 {
		return ids[:most]
	}
	for i := range most {
		ids = append(ids, i)
	}
	return ids
}

// resolved returns a function with templates in the place of their names. Nil is no function.
func (s *Service) resolved(f function.Function) (function.Function, error) {
	if isNil(f) {
		return nil, invalid("renderingRule", "a %T is nil", f)
	}
	out, err := function.Resolve(f, s.Functions)
	return out, blame("renderingRule", err)
}

// compiler returns what compiles functions for a plan's grid. Where there is a function of single rasters, what is compiled
// is of its results.
func (s *Service) compiler(
	ctx context.Context, p *plan, d *Description,
) func(function.Function) (*function.Program, error) {
	o := s.compileOptions(ctx, p, d)
	if p.item != nil {
		own := o.Statistics
		o.Statistics = func(f function.Function, shares bool) ([]function.Summary, error) {
			whole, err := function.Compose(f, p.item.function)
			if err != nil {
				return nil, err
			}
			return own(whole, shares)
		}
	}
	return func(f function.Function) (*function.Program, error) {
		leaves := leavesOf(f, d)
		if p.item != nil {
			leaves[function.Source{}] = p.item.out
		}
		program, err := o.Compile(f, leaves)
		return program, blame("renderingRule", function.AsWritten(err, p.req.Function))
	}
}

// compileOptions returns what functions may ask for on a plan's grid.
func (s *Service) compileOptions(ctx context.Context, p *plan, d *Description) function.Options {
	o := function.Options{
		Limits:     function.Limits{Bands: s.limits().Bands},
		Statistics: p.statistics,
		Project:    func(g *function.Geometry) ([][]function.Point, error) { return s.project(g, p, d) },
	}
	if o.Statistics == nil {
		o.Statistics = func(f function.Function, shares bool) ([]function.Summary, error) {
			return s.summaries(ctx, f, d, shares)
		}
	}
	if s.AllowDRA {
		o.WindowStatistics = func(f function.Function, shares bool) ([]function.Summary, error) {
			return s.windowSummaries(ctx, f, p, d, shares)
		}
	}
	return o
}

// leavesOf returns what is known of the rasters that a function may be of. All are drawn as pixels of the service.
func leavesOf(f function.Function, d *Description) map[function.Leaf]function.Samples {
	in := function.Samples{Type: d.PixelType, Palette: d.Palette}
	for _, b := range d.Bands {
		band := function.Band{Name: b.Name}
		if b.Alpha {
			in.Extra = append(in.Extra, band)
		} else {
			in.Bands = append(in.Bands, band)
		}
	}
	leaves := map[function.Leaf]function.Samples{function.Source{}: in}
	for leaf := range function.Leaves(f) {
		leaves[leaf] = in
	}
	return leaves
}

// serviceBands returns the service's numbers of bands that a function counts, in which transparency comes last.
func serviceBands(d *Description, bands []int) []int {
	all := (raster.Info{Bands: d.Bands}).DataBands()
	for i, b := range d.Bands {
		if b.Alpha {
			all = append(all, i)
		}
	}
	out := make([]int, len(bands))
	for i, b := range bands {
		out[i] = all[b]
	}
	return out
}

// serviceBand returns the service's number of the band whose samples b has; -1 if it is computed.
func serviceBand(d *Description, b function.Band) int {
	if b.Origin == nil {
		return -1
	}
	return serviceBands(d, []int{b.OriginBand})[0]
}

// blame returns an error about a function as one about the parameter. Errors of reading rasters are left alone: no
// parameter is at fault.
func blame(param string, err error) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok {
		if e.Kind != Internal && e.Param == "" {
			e.Param = param
		}
		return e
	}
	f, ok := err.(*function.Error)
	if !ok {
		return err
	}
	if e, ok := errors.AsType[*Error](f.Err); ok { // of what the function asked the service for
		return blame(param, e)
	}
	if isFault(f.Err) {
		return f.Err
	}
	kind := Invalid
	if f.Kind == function.Unsupported {
		kind = Unsupported
	}
	return &Error{Kind: kind, Param: param, Err: f}
}

// isFault reports whether an error is of a raster, the catalogue or the caller's context, and not of a request.
func isFault(err error) bool {
	_, ofRaster := errors.AsType[*RasterError](err)
	_, ofCatalog := errors.AsType[*CatalogError](err)
	return ofRaster || ofCatalog || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// cellOf returns the size of an image's pixels in the unit of the service's spatial reference, as ArcGIS measures slopes:
// a degree is 111 km everywhere, and no projection's scale is corrected.
func cellOf(g raster.Grid, d *Description) function.Cell {
	const metresPerDegree = 111000
	c := function.Cell{Width: g.Affine.A, Height: -g.Affine.E}
	from, to := g.CRS, d.CRS
	factor := 1.0
	switch {
	case from.Geographic() && to.Geographic():
		c.Unit = function.Degree
	case from.Geographic():
		factor = metresPerDegree / to.Unit()
	case to.Geographic():
		c.Unit = function.Degree
		factor = from.Unit() / metresPerDegree
	default:
		factor = from.Unit() / to.Unit()
	}
	c.Width, c.Height = c.Width*factor, c.Height*factor
	return c
}

// copiesSamples reports whether all samples that come out are samples of the rasters, with their own values without data.
func (r *rule) copiesSamples() bool {
	return !slices.ContainsFunc(r.out.Bands, func(b function.Band) bool { return b.Origin == nil })
}
