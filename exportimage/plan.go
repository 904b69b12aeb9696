package exportimage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/raster/overview"
	"github.com/geoexport/geoexport/resample"
)

// A plan is everything that is settled before the first pixel is read.
type plan struct {
	req    Request
	grid   raster.Grid
	format encode.Format

	// rect is the image in absolute pixels: those of a grid of the image's pixel size that is anchored at the origin of
	// the CRS, so that a place on the ground has the same pixel in all images of one scale (see origin). All blocks of
	// an export have bounds in absolute pixels.
	rect    image.Rectangle
	sources []source // those of the first layer first; of each layer the topmost first
	layers  []layer  // what the rule is of

	typ     raster.PixelType // of the samples as they are read
	colors  int              // bands of the service that are not alpha
	palette color.Palette
	item    *itemRule // computes single rasters before they are merged; nil leaves them as they are
	rule    rule      // computes the pixels from what is merged
	// statistics returns those of what functions are of; nil is the service's.
	statistics func(f function.Function, shares bool) ([]function.Summary, error)
	service    *Description // of the service

	workers int   // strips that are made side by side
	window  int64 // source pixels that are read at a time for one of them

	// How pictures show what rasters mean; see drawsColours.
	colourful   bool // rasters are turned into colours before they are merged
	ordered     bool // BandIDs were not asked for, but are red, green and blue
	inks        bool // rasters are of inks
	whiteIsZero bool
	// premultiplied states that samples are multiplied with alpha, unless they are divided for a picture.
	premultiplied bool

	ignored, notes []string
	skipped        skipped
	last           bool // the image is not begun anew when a raster changes

	kept bool             // strips are kept until the image is encoded
	lent []*raster.Buffer // memory of the strips that are kept

	// The following are found if the request is to be explained.
	offered int
	leftOut []LeftOut
	text    string // of the plan
}

// A layer is rasters, merged, that a rule is of: those of the whole service, or single ones.
type layer struct {
	leaf   function.Leaf
	bands  []int           // of the service, that are read
	rect   image.Rectangle // the image's, extended by the margin that the rule needs
	margin function.Margin
	item   *itemRule       // computes rasters before they are merged; nil leaves them as they are
	reach  function.Margin // within which rasters are read: the margin, and that of item
	// The following are of what is merged.
	typ     raster.PixelType
	count   int // of bands
	palette color.Palette

	noData *raster.NoDataRule
	op     mosaic.Operation
	how    *function.ResamplingType // what the rule asks for; nil is the request's interpolation
	from   int                      // the layer's sources in the plan's
	to     int
}

// A source is one raster's part in an image. A raster that shows in several places, one for each turn of the world, is
// a source for each.
type source struct {
	item    *mosaic.Item
	version raster.Version // nil if it is not known
	pyramid *overview.Pyramid
	show    *show            // nil: it is merged as it is read
	typ     raster.PixelType // of the raster, before it is converted
	level   int
	bounds  image.Rectangle // of that level
	dst     image.Rectangle // the part of the image it may show in
	mapping resample.Mapping
	kernel  resample.Options
	fade    *mosaic.FeatherPolygon // of Blend: where it fades out
	clip    *mosaic.FeatherPolygon // of Seamline: the part that shows; nil is all

	operations []string // of its datum, if the request wants an explanation
}

// String returns the plan, a line for each source.
func (p *plan) String() string {
	var b strings.Builder
	e := p.grid.Envelope()
	fmt.Fprintf(&b, "%v pixels %v of %.10g,%.10g,%.10g,%.10g in %v: ",
		p.grid.Size, p.rect, e.XMin, e.YMin, e.XMax, e.YMax, p.grid.CRS)
	for _, l := range p.layers {
		if l.leaf != function.Leaf(function.Source{}) {
			fmt.Fprintf(&b, "raster %v: ", l.leaf)
		}
		fmt.Fprintf(&b, "bands %v of %v, merged by %v, as %s\n", l.bands, p.typ, cmp.Or(l.op, mosaic.First), p.format.Name)
		if l.item != nil {
			fmt.Fprintf(&b, "each raster by a function: %d bands of %v\n", l.count, l.typ)
		}
		if l.margin != (function.Margin{}) {
			fmt.Fprintf(&b, "with a margin for the rule: %v\n", l.rect)
		}
		for _, s := range p.sources[l.from:l.to] {
			fmt.Fprintf(&b, "%d %q: level %d, %v pixels, by %v into %v\n",
				s.item.ID, s.item.Name, s.level, s.bounds.Size(), s.kernel.Interpolation, s.dst)
			if len(s.operations) > 0 {
				fmt.Fprintf(&b, "  from its datum by %s\n", strings.Join(s.operations, " + "))
			}
		}
	}
	return b.String()
}

// newPlan settles what does not depend on which rasters an image is made of.
func (s *Service) newPlan(ctx context.Context, r Request, grid raster.Grid, d *Description) (*plan, error) {
	p := &plan{req: r, grid: grid, format: s.format(r), notes: slices.Clone(r.notes)}
	if err := s.begin(ctx, p, d); err != nil {
		return nil, err
	}
	p.ignored = ignoredParameters(r, p.format)
	return p, nil
}

// begin compiles the rule of a plan that has a request, a grid and perhaps a format.
func (s *Service) begin(ctx context.Context, p *plan, d *Description) error {
	p.typ, p.palette, p.service = d.PixelType, d.Palette, d
	p.colors = len((raster.Info{Bands: d.Bands}).DataBands())
	p.rect = p.grid.Bounds().Add(origin(p.grid))
	p.setColours(d)
	if err := s.compileRule(ctx, p, d); err != nil {
		return err
	}
	return s.setLayers(ctx, p, d)
}

// plan chooses and orders the rasters of an image and settles how each is to be read and warped.
func (s *Service) plan(
	ctx context.Context, r Request, grid raster.Grid, d *Description, last bool,
) (*plan, error) {
	p, err := s.planFor(ctx, r, grid, d, last)
	if errors.Is(err, errColours) {
		return s.planFor(ctx, r, grid, asColours(d), last)
	}
	return p, err
}

// planFor is plan for a service of the given description.
func (s *Service) planFor(
	ctx context.Context, r Request, grid raster.Grid, d *Description, last bool,
) (*plan, error) {
	if f := s.format(r); f.Bands > 0 && r.plain() && len(r.BandIDs) == 0 && needsColours(d) {
		d = asColours(d)
	}
	p, err := s.newPlan(ctx, r, grid, d)
	if err != nil {
		return nil, err
	}
	p.last = last
	for i := range p.layers {
		if err := p.addLayer(ctx, s, &p.layers[i], d); err != nil {
			return nil, err
		}
	}
	p.noteDatum()
	if r.Explain {
		p.settleLeftOut()
		p.text = p.String()
	}
	return p, nil
}

// choose asks the catalogue for the rasters of a grid by a rule and puts them in order.
func (s *Service) choose(
	ctx context.Context, p *plan, grid raster.Grid, rule mosaic.Rule, d *Description,
) ([]*mosaic.Item, error) {
	view := mosaic.View{
		CRS: grid.CRS, Envelope: grid.Envelope(), Resolution: math.Sqrt(-grid.Affine.A * grid.Affine.E),
	}
	rule.Time = common(rule.Time, p.req.Time)
	if v := rule.Viewpoint; v != nil && v.CRS.IsZero() {
		rule.Viewpoint = &mosaic.Point{CRS: d.CRS, X: v.X, Y: v.Y} // as the operation defines viewpointProperties
	}
	switch c := rule.Corner; {
	case c == nil:
		rule.Corner = &mosaic.Point{CRS: d.CRS, X: d.Extent.XMin, Y: d.Extent.YMax}
	case c.CRS.IsZero():
		rule.Corner = &mosaic.Point{CRS: d.CRS, X: c.X, Y: c.Y}
	}
	o := &mosaic.ChooseOptions{Limit: s.limits().Items}
	if p.req.Explain {
		o.Offered = func(it *mosaic.Item, why mosaic.Reason) {
			p.offered++
			if why == mosaic.Chosen || len(p.leftOut) < o.Limit {
				p.leftOut = append(p.leftOut, LeftOut{it.ID, it.Name, why})
			}
		}
	}
	items, err := rule.Choose(ctx, s.catalog(d), view, o)
	if err == nil {
		return items, nil
	}
	return nil, ruleError(err)
}

// ruleError names the parameter at fault in an error of mosaic.Rule.Choose.
func ruleError(err error) error {
	if e, ok := errors.AsType[*mosaic.TooManyError](err); ok {
		return &Error{Kind: TooLarge, Param: "bbox", Err: overLimit("Items", int64(e.Limit)+1, int64(e.Limit), "%w (limit Items)", err)}
	}
	_, condition := errors.AsType[*mosaic.ConditionError](err)
	_, rule := errors.AsType[*mosaic.RuleError](err)
	_, missing := errors.AsType[*mosaic.NotFoundError](err)
	if condition || rule || missing {
		return &Error{Kind: Invalid, Param: "mosaicRule", Err: err}
	}
	return &CatalogError{err}
}

// settleLeftOut keeps, of the items that the catalogue offered, those that the image is not made of.
func (p *plan) settleLeftOut() {
	shown := map[int64]bool{}
	for _, s := range p.sources {
		shown[s.item.ID] = true
	}
	for _, r := range p.skipped.all() {
		shown[r.ID] = true // accounted for
	}
	p.leftOut = slices.DeleteFunc(p.leftOut, func(l LeftOut) bool { return shown[l.ID] })
	slices.SortFunc(p.leftOut, func(a, b LeftOut) int { return cmp.Compare(a.ID, b.ID) })
}

// addSource plans one raster.
func (p *plan) addSource(ctx context.Context, s *Service, it *mosaic.Item, l *layer) (err error) {
	defer catchDrawing(it, &err)
	ds, err := open(ctx, it)
	if err != nil {
		return err
	}
	info := ds.Info()
	version := raster.VersionOf(ds)
	if err := seenOf(ctx).agrees(it, version); err != nil {
		return err
	}
	shows, shown, err := p.shows(info, l.bands)
	if errors.Is(err, errColours) {
		return err
	}
	if err == nil {
		err = p.fits(shown, l.bands)
	}
	if err != nil {
		return &Error{Kind: Unsupported, Err: &RasterError{"draw", it.Name, err}}
	}
	// One datum operation for the whole raster, that of its middle: no seam shows where operations' areas end, and no
	// pixel depends on the box that was asked for.
	back, used, err := p.req.transformer(s, info.Grid.CRS, p.grid.CRS, info.Grid.Envelope(), "raster "+it.Name)
	if err != nil {
		return datumError(&RasterError{"draw", it.Name, err}, "imageSR")
	}
	p.req.datum.used = p.req.datum.used || used
	t := back.Inverse().Unwrapped() // the mapping of an image has no jumps
	src := source{item: it, version: version, typ: info.Type, kernel: p.kernel(info, l)}
	src.show = shows
	if p.req.Explain {
		src.operations = back.Operations()
	}
	var read raster.Dataset = ds
	if p.drawsColours() {
		read = newStraight(ds, info)
	}
	src.pyramid = overview.New(read, overview.Options{
		Reduction: reduction(info, src.kernel.Interpolation), Cache: s.tiles(), SkipStored: s.SkipOverviews,
	})
	levels := src.pyramid.Levels()
	scaleX, scaleY := scale(p.grid, t, info.Grid)
	src.level = overview.Choose(levels, scaleX, scaleY)
	if src.kernel.Interpolation == resample.Majority {
		src.level = max(0, src.level-1) // so that a pixel votes over 4 to 16 samples
	}
	src.bounds = image.Rectangle{Max: levels[src.level].Size}
	if l.op == mosaic.Blend {
		if src.fade, err = it.Footprint.FeatherPolygon(p.grid.CRS); err != nil {
			return &RasterError{"blend", it.Name, err}
		}
	}
	if _, whole := l.leaf.(function.Source); whole && p.req.MosaicRule.Method == mosaic.Seamline {
		if src.clip, err = it.SeamlinePolygon(p.grid.CRS); err != nil {
			return &RasterError{"cut", it.Name, err}
		}
	}
	toLevel, err := levelInverse(info.Grid, levels[src.level])
	if err != nil {
		return &RasterError{"draw", it.Name, err}
	}
	for _, pl := range placements(grownGrid(p.grid, l.reach), function.Read{Margin: l.reach}.Grow(p.rect), t, info.Grid) {
		src.dst = pl.rect
		src.mapping = mapping(p.grid, p.rect.Min, t, pl.shift, info.Grid, toLevel)
		p.sources = append(p.sources, src)
	}
	return nil
}

// fits returns why a raster cannot be merged with the service's others, nil if it can: its type is one that the
// mosaic's holds, it has all the bands that are drawn, not one band where the others have several, and the same palette
// or none. Bands that are not drawn do not matter.
func (p *plan) fits(info raster.Info, bands []int) error {
	if err := fitsType(p.typ, info.Type); err != nil {
		return err
	}
	// Nothing states which of several colours a single band is; but a request that names bands knows what it draws.
	if n := len(info.DataBands()); len(p.req.BandIDs) == 0 && (n == 1) != (p.colors == 1) {
		return fmt.Errorf("a raster of %d bands in a mosaic of %d needs the bands to be named", n, p.colors)
	}
	for _, b := range bands {
		if b >= len(info.Bands) {
			return fmt.Errorf("it has %d bands, and band %d is drawn", len(info.Bands), b)
		}
	}
	if !samePalette(info.Palette, p.palette) {
		return errPalettes
	}
	return nil
}

// note adds a note for the trace, once.
func (p *plan) note(text string) {
	if !slices.Contains(p.notes, text) {
		p.notes = append(p.notes, text)
	}
}

// interpolation returns the interpolation by which to resample a raster, and notes it if another one was asked for.
func (p *plan) interpolation(info raster.Info) resample.Interpolation {
	asked := p.req.Interpolation
	used := interpolation(asked, info.Palette != nil)
	if asked != resample.Default && used != asked {
		p.note(fmt.Sprintf("interpolation %v: values are palette indices, so Nearest was used", asked))
	}
	return used
}

// interpolation returns the interpolation that is asked for, or else the default. Indices of a palette are not
// quantities, and mixing them would make colours that are in neither pixel: only the nearest or the most frequent of
// them can be taken.
func interpolation(asked resample.Interpolation, palette bool) resample.Interpolation {
	switch {
	case palette && asked != resample.Majority:
		return resample.Nearest
	case asked == resample.Default:
		return resample.Bilinear
	}
	return asked
}

// originPhase is the fraction of a pixel at which an image's left or top side counts as the next pixel's. It is an
// uneven number because in practice sides lie on whole, half and quarter pixels, where the rounding of coordinates
// would let neighbouring images disagree.
const originPhase = 0.57

// origin returns the absolute pixel of a grid's first pixel: the number of pixels of the grid's size between the origin
// of the CRS and it. Grids so fine or so far off that the number is no int are anchored at themselves.
func origin(g raster.Grid) image.Point {
	index := func(v float64) int {
		i := math.Floor(v + 1 - originPhase)
		if math.Abs(i) > float64(int64(1)<<(bits.UintSize-3)) {
			return 0
		}
		return int(i)
	}
	return image.Pt(index(g.Affine.C/g.Affine.A), index(g.Affine.F/g.Affine.E))
}

// absolute returns the grid's affine for absolute pixels.
func absolute(g raster.Grid, origin image.Point) raster.Affine {
	a := g.Affine
	a.C -= float64(a.A * float64(origin.X))
	a.F -= float64(a.E * float64(origin.Y))
	return a
}

// levelInverse returns the affine from map coordinates to pixels of a level.
func levelInverse(g raster.Grid, l overview.Level) (raster.Affine, error) {
	inv, ok := g.Affine.Inverse()
	if !ok {
		return inv, errors.New("its georeference has no inverse")
	}
	return raster.Affine{
		A: inv.A / l.ScaleX, B: inv.B / l.ScaleX, C: inv.C / l.ScaleX,
		D: inv.D / l.ScaleY, E: inv.E / l.ScaleY, F: inv.F / l.ScaleY,
	}, nil
}

// reduction returns how to make the overviews that a raster lacks, as suits the meaning of its values and how they are
// resampled.
func reduction(info raster.Info, i resample.Interpolation) overview.Reduction {
	switch {
	case info.Palette != nil || i == resample.Majority:
		return overview.Mode
	case i == resample.Nearest:
		return overview.Nearest
	}
	return overview.Average
}
