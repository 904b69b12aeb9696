package exportimage

import (
	"context"
	"image"
	"iter"
	"math"
	"slices"
	"strconv"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// A Legend shows how samples are drawn.
type Legend struct {
	Kind     LegendKind
	Swatches []Swatch
}

// LegendKind is the meaning of a Legend's swatches.
type LegendKind uint8

// The kinds of legends.
const (
	LegendStretched LegendKind = iota // a ramp from the highest to the lowest value of a band that is drawn, in three parts
	LegendUnique                      // one value each
	LegendComposite                   // red, green and blue, each at its highest value
)

// A Swatch is a small image of pixels of one value, or a part of a ramp.
type Swatch struct {
	Label string
	Image Result
}

// A LegendRequest asks for a legend. Its zero value is for the rasters as the service draws them: of a palette, its
// named values, or else those that occur in the samples of which Histograms are.
type LegendRequest struct {
	BandIDs  []int             // as in a Request
	Function function.Function // as in a Request
	Size     image.Point       // of a swatch (default 20 by 20)
	Format   string            // as in a Request
}

// maxSwatches bounds how many classes a legend shows. Files may name millions.
const maxSwatches = 256

// Legend draws a legend's swatches. They are rendered and encoded as images are, and so have the colours of images,
// whatever those depend on.
func (s *Service) Legend(ctx context.Context, req LegendRequest) (Legend, error) {
	return observed(ctx, s, "drawing a legend", nil, func() (Legend, error) { return s.legend(ctx, req) })
}

func (s *Service) legend(ctx context.Context, req LegendRequest) (Legend, error) {
	if slices.ContainsFunc(req.BandIDs, func(id int) bool { return id < 0 }) {
		return Legend{}, invalid("bandIds", "bands are counted from 0, and not %v", req.BandIDs)
	}
	d, err := s.describe(ctx)
	if err != nil {
		return Legend{}, err
	}
	if req.Function, err = s.legendFunction(req.Function); err != nil {
		return Legend{}, err
	}
	// The many small images count as one export.
	fill(&req.Size, image.Pt(20, 20))
	pixels, err := s.requestedPixels(Request{Size: req.Size})
	if err != nil {
		return Legend{}, err
	}
	ctx, t, leave, err := s.enter(ctx, pixels)
	if err != nil {
		return Legend{}, err
	}
	defer leave()
	defer t.keep(need{})
	swatches, kind, err := s.legendSwatches(ctx, d, req)
	if err != nil {
		return Legend{}, err
	}
	if err := s.reserveSwatches(ctx, t, len(swatches), req, d); err != nil {
		return Legend{}, err
	}
	l := Legend{Kind: kind}
	for _, sw := range swatches {
		img, err := s.drawSwatch(ctx, req, d, sw)
		if err != nil {
			return Legend{}, err
		}
		l.Swatches = append(l.Swatches, Swatch{sw.label, img})
	}
	return l, nil
}

// A swatch is one value for each of a service's bands, or for each band that a function computes.
type swatch struct {
	label    string
	values   []float64 // of the first row
	until    []float64 // of the last row, to which the rows between lead; nil if all rows are alike
	computed bool
}

// at returns the value of a band in a row of a swatch with a number of rows.
func (sw swatch) at(band, row, rows int) float64 {
	if sw.until == nil || rows < 2 {
		return sw.values[band]
	}
	return between(sw.values[band], sw.until[band], row, rows-1)
}

// between returns the value at a step of a number of steps from one value to another.
func between(from, to float64, step, steps int) float64 {
	switch {
	case step <= 0:
		return from
	case step >= steps:
		return to
	}
	f := float64(step) / float64(steps)
	return float64(from*(1-f)) + float64(to*f)
}

// rampParts is the number of swatches of a ramp, as in ArcGIS's legends.
const rampParts = 3

// ramp returns the swatches of a ramp, one below the other, each of a number of rows.
func ramp(high, low []float64, rows int, computed bool) []swatch {
	labels := [rampParts]string{"High : " + numberLabel(high[0]), "", "Low : " + numberLabel(low[0])}
	out := make([]swatch, rampParts)
	for i := range out {
		out[i] = swatch{label: labels[i], computed: computed}
		for b := range high {
			out[i].values = append(out[i].values, between(high[b], low[b], i*rows, rampParts*rows-1))
			out[i].until = append(out[i].until, between(high[b], low[b], i*rows+rows-1, rampParts*rows-1))
		}
	}
	return out
}

// legendFunction returns f, or the service's own function where f is nil, of what the service's function of single rasters makes
// of them.
func (s *Service) legendFunction(f function.Function) (function.Function, error) {
	if f == nil {
		f = s.Defaults.Function
	}
	return s.ofItems(f)
}

// legendSwatches returns the swatches of a legend. What a function makes of one band alone, pixel by pixel, is shown by
// that band's values; what it makes of several bands, of neighbours or in colours of its own by what comes out.
func (s *Service) legendSwatches(ctx context.Context, d *Description, req LegendRequest) ([]swatch, LegendKind, error) {
	f := req.Function
	if f == nil {
		f = s.Defaults.Function
	}
	if !noFunction(f) {
		p, r, err := s.swatchPlan(ctx, req, d)
		if err != nil {
			return nil, 0, err
		}
		if p.rule.out.Palette != nil || !p.pointwise() {
			return s.computedSwatches(ctx, d, f, p, r)
		}
	}
	ranges, err := s.bandRanges(ctx, d)
	if err != nil {
		return nil, 0, err
	}
	classes := d.classes(maxSwatches)
	if classes == nil && d.Palette != nil {
		if classes, err = s.occurring(ctx, nil, d); err != nil {
			return nil, 0, err
		}
		for v := 0; !tableType(d.PixelType) && v < min(len(d.Palette), maxSwatches); v++ {
			classes = append(classes, class{float64(v), strconv.Itoa(v)})
		}
	}
	swatches, kind := rasterSwatches(d, req, ranges, classes)
	return swatches, kind, nil
}

// pointwise reports whether a plan's function computes each pixel from the same pixel of one band.
func (p *plan) pointwise() bool {
	if len(p.layers) != 1 {
		return false
	}
	l := p.layers[0]
	return l.leaf == function.Leaf(function.Source{}) && l.margin == function.Margin{} && len(l.bands) == 1
}

// occurring returns the values that occur in the service's samples, or in what a function makes of them, as classes.
func (s *Service) occurring(ctx context.Context, f function.Function, d *Description) ([]class, error) {
	found, err := s.serviceCounts(ctx, f, d)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	out := []class{}
	for _, v := range found[0].values {
		out = append(out, class{v, numberLabel(v)})
	}
	return out, nil
}

// computedSwatches returns the swatches of what comes out of a plan's function.
func (s *Service) computedSwatches(
	ctx context.Context, d *Description, f function.Function, p *plan, r renderer,
) (swatches []swatch, kind LegendKind, err error) {
	out := p.rule.out
	constant := func(label string, values ...float64) {
		swatches = append(swatches, swatch{label: label, values: values, computed: true})
	}
	if out.Palette != nil {
		classes := d.classes(maxSwatches)
		if classes == nil || !p.rule.copiesSamples() {
			if classes, err = s.occurring(ctx, f, d); err != nil {
				return nil, 0, err
			}
		}
		for _, c := range classes {
			constant(c.name, c.value)
		}
		return swatches, LegendUnique, nil
	}
	ranges := make([]Range, len(out.Bands))
	for i := range ranges {
		ranges[i] = Range{0, 255}
		if r.stretch != nil {
			ranges[i] = r.stretch[i]
		}
	}
	switch n := len(ranges); {
	case n == 0:
		return nil, LegendStretched, nil
	case n >= 3:
		for i, color := range []string{"Red", "Green", "Blue"} {
			values := make([]float64, n)
			for b := range values {
				if values[b] = ranges[b].Min; b == i {
					values[b] = ranges[b].Max
				}
			}
			constant(color+": "+out.Bands[i].Name, values...)
		}
		return swatches, LegendComposite, nil
	}
	ends := [2][]float64{}
	for _, g := range ranges {
		ends[0], ends[1] = append(ends[0], g.Max), append(ends[1], g.Min)
	}
	return ramp(ends[0], ends[1], p.grid.Size.Y, true), LegendStretched, nil
}

// rasterSwatches returns a swatch for each class of a raster that has classes, for each band alone of a colour image,
// or else a ramp of a band's range.
func rasterSwatches(
	d *Description, req LegendRequest, ranges []Range, classes []class,
) (swatches []swatch, kind LegendKind) {
	add := func(label string, value func(band int) float64) {
		sw := swatch{label: label}
		for b := range d.Bands {
			sw.values = append(sw.values, value(b))
		}
		swatches = append(swatches, sw)
	}
	bands := req.BandIDs
	if len(bands) == 0 {
		bands = (raster.Info{Bands: d.Bands}).DataBands()
	}
	switch {
	case classes != nil:
		for _, c := range classes {
			add(c.name, func(int) float64 { return c.value })
		}
		return swatches, LegendUnique
	case len(bands) == 0:
		return nil, LegendStretched // of a raster of alpha alone
	case len(bands) >= 3:
		for i, color := range []string{"Red", "Green", "Blue"} {
			name := ""
			if bands[i] < len(d.Bands) {
				name = d.Bands[bands[i]].Name
			}
			add(color+": "+name, func(b int) float64 {
				r := shown(d, ranges, b)
				if b == bands[i] {
					return r.Max
				}
				return r.Min
			})
		}
		return swatches, LegendComposite
	}
	var high, low []float64
	for b := range d.Bands {
		r := shown(d, ranges, b)
		high, low = append(high, r.Max), append(low, r.Min)
	}
	swatches = ramp(high, low, req.Size.Y, false)
	first := shown(d, ranges, bands[0])
	swatches[0].label, swatches[rampParts-1].label = "High : "+numberLabel(first.Max), "Low : "+numberLabel(first.Min)
	return swatches, LegendStretched
}

// numberLabel writes a number for people: a whole one as it is, others with up to seven digits.
func numberLabel(v float64) string {
	if v == math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	text := strconv.FormatFloat(v, 'g', 7, 64)
	if short, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.FormatFloat(short, 'f', -1, 64)
	}
	return text
}

// shown returns the range of a band's values that is drawn from black to white.
func shown(d *Description, ranges []Range, band int) Range {
	if d.PixelType == raster.U8 || band >= len(ranges) {
		return Range{0, 255}
	}
	return ranges[band]
}

// swatchPlan plans an image of pixels of one value.
func (s *Service) swatchPlan(ctx context.Context, req LegendRequest, d *Description) (*plan, renderer, error) {
	r := Request{Size: req.Size, Format: req.Format, BandIDs: req.BandIDs, Function: req.Function}
	if r.Function == nil {
		r.Function = s.Defaults.Function
	}
	fillDefaults(&r)
	if err := checkSize(r.Size, s.limits()); err != nil {
		return nil, renderer{}, err
	}
	if err := s.check(r); err != nil {
		return nil, renderer{}, err
	}
	grid := raster.NorthUp(d.CRS, srs.Envelope{XMax: 1, YMax: 1}, r.Size)
	p, err := s.newPlan(ctx, r, grid, d)
	if err != nil {
		return nil, renderer{}, err
	}
	render, err := s.renderer(ctx, p, d)
	return p, render, err
}

// drawSwatch renders and encodes pixels of one value.
func (s *Service) drawSwatch(ctx context.Context, req LegendRequest, d *Description, sw swatch) (Result, error) {
	p, render, err := s.swatchPlan(ctx, req, d)
	if err != nil {
		return Result{}, err
	}
	p.need(render, s.limits(), inMemory)
	var buf pieces
	if _, err := s.encode(&buf, p, render, sw.strips(p, render)); err != nil {
		return Result{}, err
	}
	res := p.result(newTally(p))
	res.Data = buf.join()
	return res, nil
}

// reserveSwatches takes what n swatches need, which are all held until the last one is drawn.
func (s *Service) reserveSwatches(ctx context.Context, t *ticket, n int, req LegendRequest, d *Description) error {
	p, render, err := s.swatchPlan(ctx, req, d)
	if err != nil || n == 0 {
		return err
	}
	all := p.need(render, s.limits(), inMemory)
	all.memory += int64(n-1) * p.sampleBytes(render)
	return t.reserve(ctx, all)
}

// strips yields the strips of a swatch: a plan's samples, rendered.
func (sw swatch) strips(p *plan, r renderer) iter.Seq2[*raster.Block, error] {
	return func(yield func(*raster.Block, error) bool) {
		for _, rect := range p.cut(stripShape(p.pixelBytes(r))) {
			b, err := sw.strip(p, r, rect)
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

func (sw swatch) strip(p *plan, r renderer, rect image.Rectangle) (*raster.Block, error) {
	if sw.computed {
		b := &raster.Block{Type: raster.F64}
		for i := range sw.values {
			b.Bands = append(b.Bands, sw.plane(i, rect, p.rect))
		}
		b, err := raster.Convert(b, p.rule.out.Type)
		if err != nil {
			return nil, err
		}
		return r.finish(b)
	}
	blocks := make(map[function.Leaf]*raster.Block, len(p.layers))
	for _, l := range p.layers {
		b := &raster.Block{Type: raster.F64}
		for _, n := range l.bands {
			b.Bands = append(b.Bands, sw.plane(n, function.Read{Margin: l.reach}.Grow(rect), p.rect))
		}
		b, err := raster.Convert(b, p.typ)
		if err != nil {
			return nil, err
		}
		if l.item != nil {
			if b, err = l.item.program.Run(map[function.Leaf]*raster.Block{function.Source{}: b}, l.item.cell); err != nil {
				return nil, l.item.blame(err)
			}
		}
		blocks[l.leaf] = b
	}
	return r.render(blocks)
}

// plane returns the samples of a band in a part of a swatch, or around it.
func (sw swatch) plane(band int, rect, whole image.Rectangle) *raster.PlaneOf[float64] {
	plane := raster.NewPlane[float64](rect)
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		v, row := sw.at(band, y-whole.Min.Y, whole.Dy()), plane.Row(y)
		for x := range row {
			row[x] = v
		}
	}
	return plane
}
