package exportimage

import (
	"cmp"
	"context"
	"image"
	"iter"
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
	LegendStretched LegendKind = iota // the highest and the lowest value of a band that is drawn
	LegendUnique                      // one value each
	LegendComposite                   // red, green and blue, each at its highest value
)

// A Swatch is a small image of pixels of one value.
type Swatch struct {
	Label string
	Image Result
}

// A LegendRequest asks for a legend. Its zero value is for the rasters as the service draws them.
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
	return guarded(ctx, s, "drawing a legend", func() (Legend, error) { return s.legend(ctx, req) })
}

func (s *Service) legend(ctx context.Context, req LegendRequest) (Legend, error) {
	if slices.ContainsFunc(req.BandIDs, func(id int) bool { return id < 0 }) {
		return Legend{}, invalid("bandIds", "bands are counted from 0, and not %v", req.BandIDs)
	}
	d, err := s.describe(ctx)
	if err != nil {
		return Legend{}, err
	}
	ranges, err := s.bandRanges(ctx, d)
	if err != nil {
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
	swatches, kind := legendSwatches(d, req, ranges)
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

// A swatch is one value for each of a service's bands.
type swatch struct {
	label  string
	values []float64
}

// legendSwatches returns a swatch for each class of a raster that has classes, for each band alone of a colour image,
// or else for the two ends of a band's range.
func legendSwatches(d *Description, req LegendRequest, ranges []Range) (swatches []swatch, kind LegendKind) {
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
	case d.Palette != nil || d.HasClasses():
		names := d.Bands[0].Categories
		for v := range max(len(d.Palette), len(names)) {
			label := ""
			if v < len(names) {
				label = names[v]
			}
			if len(swatches) < maxSwatches && (label != "" || !d.HasClasses()) {
				add(cmp.Or(label, strconv.Itoa(v)), func(int) float64 { return float64(v) })
			}
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
	plain := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	first := shown(d, ranges, bands[0])
	add("High : "+plain(first.Max), func(b int) float64 { return shown(d, ranges, b).Max })
	add("Low : "+plain(first.Min), func(b int) float64 { return shown(d, ranges, b).Min })
	return swatches, LegendStretched
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
	blocks := make(map[function.Leaf]*raster.Block, len(p.layers))
	for _, l := range p.layers {
		b := &raster.Block{Type: raster.F64}
		for _, n := range l.bands {
			plane := raster.NewPlane[float64](function.Read{Margin: l.reach}.Grow(rect))
			for i := range plane.Pix {
				plane.Pix[i] = sw.values[n]
			}
			b.Bands = append(b.Bands, plane)
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
