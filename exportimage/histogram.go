package exportimage

import (
	"context"
	"image"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// A HistogramsRequest asks for the histograms of the pixels in a place.
type HistogramsRequest struct {
	// Geometry is the place. Of an envelope or polygon, the pixels whose middles are inside count: by the even-odd rule,
	// so that holes do not, and of two areas with a side in common each pixel belongs to one. Of a polyline, those that it
	// touches, and of a point or multipoint those in which the points are, once each. Pixels with their middles outside of
	// the service's extent never count.
	//
	// Its sides are straight in its own CRS, and are followed to a 1024th of a pixel.
	Geometry Geometry
	// PixelSize is that of the pixels, in its CRS, which is also theirs (default the service's own size and CRS). They lie
	// side by side from the upper left corner of the service's extent. If no size is stated and there are more of them
	// than Limits.HistogramPixels, or sides that cross the pixels' rows more than 2^24 times, the size is doubled until
	// there are not, and they come from overviews as those of an export of that size do; the result says so. It is an
	// error if there are too many of a size that is stated.
	PixelSize PixelSize
	// Export is the rest of the export whose pixels are counted: rules, time, bands, pixel type and so on. Its box, size,
	// aspect and format do not count. Its Interpolation defaults to Nearest.
	Export Request
}

// A HistogramsResult sums up the pixels in a place.
type HistogramsResult struct {
	Type raster.PixelType // of the pixels
	// Statistics and Histograms are those of each band; both are nil if no pixel with data is in the place.
	Statistics []BandStatistics
	Histograms []Histogram

	Pixels    int64     // in the place, with data or without
	PixelSize PixelSize // of these, in their CRS
	Coarser   bool      // PixelSize is larger than the service's, which would have been too many pixels
	// Envelope is the box around these pixels, in the CRS of PixelSize, and Size what an export of the same pixels has.
	Envelope srs.Envelope
	Size     image.Point
	Trace    Trace
}

// ComputeStatisticsHistograms returns the histograms and statistics of the pixels in a place. The pixels are those that
// an export of the result's Envelope and Size has, to the bit. Errors are of type *Error.
func (s *Service) ComputeStatisticsHistograms(ctx context.Context, req HistogramsRequest) (HistogramsResult, error) {
	return observed(ctx, s, "computing histograms", nil, func() (HistogramsResult, error) {
		return s.computeHistograms(ctx, req)
	})
}

// ComputeHistograms returns the histograms of the pixels in a place, one for each band, as ComputeStatisticsHistograms
// does; nil if no pixel with data is there. Errors are of type *Error.
func (s *Service) ComputeHistograms(ctx context.Context, req HistogramsRequest) ([]Histogram, error) {
	res, err := s.ComputeStatisticsHistograms(ctx, req)
	return res.Histograms, err
}

func (s *Service) computeHistograms(ctx context.Context, req HistogramsRequest) (res HistogramsResult, err error) {
	d, err := s.describe(ctx)
	if err != nil {
		return res, err
	}
	if err := checkShape(req.Geometry, orCRS(req.Geometry.CRS, d.CRS)); err != nil {
		return res, err
	}
	c, err := s.census(d, req)
	if err != nil {
		return res, err
	}
	res.Pixels, res.PixelSize, res.Coarser = c.pixels, c.lattice.cell, c.coarser > 0
	res.PixelSize.CRS = c.lattice.crs
	if len(c.windows) == 0 {
		return res, nil
	}
	res.Envelope, res.Size = c.lattice.box(c.box), c.box.Size()
	ctx, t, leave, err := s.enter(ctx, c.drawn)
	if err != nil {
		return res, err
	}
	defer leave()
	defer t.keep(need{})
	export := req.Export
	export.samples, export.Aspect, export.Size = true, ExactBox, res.Size
	export.BBox, export.BBoxSR, export.ImageSR = res.Envelope, c.lattice.crs, c.lattice.crs
	export.ValidateExtent = false
	if export.Interpolation == 0 {
		export.Interpolation = nearest
	}
	err = s.take(ctx, t, c, export, &res, false)
	for try := 2; try <= drawTries && changed(err) && ctx.Err() == nil; try++ {
		t.keep(need{})
		s.recheck(ctx)
		err = s.take(ctx, t, c, export, &res, try == drawTries)
	}
	return res, atPlace(err)
}

// A census is the pixels to be counted.
type census struct {
	lattice lattice
	coarser int // how often the pixels' size was doubled
	region  *region
	windows []image.Rectangle // in pixels of the lattice, from the top down
	box     image.Rectangle   // around all of them
	pixels  int64             // of the region
	drawn   int64             // of the windows
}

// The windows of a census are about as large as strips, and low, since a place may be long and thin.
const (
	windowRows    = 64
	windowColumns = stripPixels / windowRows
)

// maxDoublings bounds how often the pixels' size is doubled: any service is a single pixel long before.
const maxDoublings = 62

// census finds the pixels of a request.
func (s *Service) census(d *Description, req HistogramsRequest) (*census, error) {
	l, err := s.lattice(d, req.PixelSize)
	if err != nil {
		return nil, err
	}
	out, err := s.outline(req.Geometry, l, d)
	if err != nil {
		return nil, err
	}
	most := int64(s.limits().HistogramPixels)
	for n := range maxDoublings {
		c := &census{lattice: l.coarser(n), coarser: n}
		if c.find(out.halved(n), most) {
			return c, nil
		}
		if req.PixelSize.X != 0 {
			break
		}
	}
	return nil, &Error{Kind: Invalid, Param: "pixelSize", Err: overLimit("HistogramPixels", most+1, most,
		"more than %d pixels of %v,%v would be counted (limit HistogramPixels): %w", most, l.cell.X, l.cell.Y, ErrSizeLimit)}
}

// find finds the pixels of an outline; false if there are too many.
func (c *census) find(o outline, most int64) (ok bool) {
	bounds, ok := c.lattice.bounds()
	if !ok {
		return false
	}
	if c.region, ok = o.region(bounds); !ok {
		return false
	}
	if c.windows, c.pixels, ok = c.region.windows(windowRows, windowColumns, most); !ok {
		return false
	}
	for _, w := range c.windows {
		c.box = c.box.Union(w)
		c.drawn += area(w)
	}
	return true
}

// take draws the windows of a census and counts what is in them.
func (s *Service) take(ctx context.Context, t *ticket, c *census, req Request, res *HistogramsResult, last bool) error {
	p, r, err := s.prepare(ctx, req, last)
	if err != nil {
		return err
	}
	if r.typ.Complex() {
		return unsupported("pixelType", "histograms of complex pixels are not supported")
	}
	if !last || !s.SkipUnreadable {
		if err := p.sameMoment(ctx); err != nil {
			return err
		}
	}
	need := p.needOfWindows(r, s.limits(), c.windows)
	need.memory += int64(r.bands)*counterBytes(r.typ) + c.region.bytes()
	if err := t.reserve(ctx, need); err != nil {
		return err
	}
	sums := make(counters, r.bands)
	for i := range sums {
		sums[i] = newCounter(r.typ)
	}
	passes := 1
	if sums.twice() {
		passes = 2
	}
	count := newTally(p)
	for pass := range passes {
		if pass > 0 {
			count.pixels.Store(0) // what is read again is in the cache
		}
		if pass == passes-1 {
			sums.begin()
		}
		if err := s.countWindows(ctx, c, p, r, count, func(b *raster.Block, y int, spans []span) {
			sums.count(b, y, spans, pass > 0)
		}); err != nil {
			return err
		}
	}
	res.Type = r.typ
	res.Statistics, res.Histograms = sums.results()
	res.Trace = count.trace(p)
	res.Trace.Coverage = math.Min(1, float64(count.covered.Load())/float64(max(1, c.drawn)*int64(passes)))
	return nil
}

// countWindows draws the windows of a census and yields each of their rows, with the columns that count.
func (s *Service) countWindows(
	ctx context.Context, c *census, p *plan, r renderer, t *tally, yield func(b *raster.Block, y int, spans []span),
) error {
	shift := p.rect.Min.Sub(c.box.Min)
	rects := make([]image.Rectangle, len(c.windows))
	for i, w := range c.windows {
		rects[i] = w.Add(shift)
	}
	cursor := regionCursor{region: c.region}
	var rows [][]span // of the band of windows in hand
	band, i := image.Rectangle{}, 0
	for b, err := range s.blocks(ctx, p, r, t, rects) {
		if err != nil {
			return err
		}
		if w := c.windows[i]; !w.In(band) {
			band, rows = c.band(i), rows[:0]
			for y := band.Min.Y; y < band.Max.Y; y++ {
				spans := append([]span(nil), cursor.row(y)...)
				for j := range spans {
					spans[j].from, spans[j].to = spans[j].from+shift.X, spans[j].to+shift.X
				}
				rows = append(rows, spans)
			}
		}
		bounds := b.Bounds()
		for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
			yield(b, y, rows[y-shift.Y-band.Min.Y])
		}
		i++
	}
	return nil
}

// band returns the box around the windows from the i-th on that lie side by side.
func (c *census) band(i int) image.Rectangle {
	band := c.windows[i]
	n := floorDiv(band.Min.Y, windowRows)
	for _, w := range c.windows[i+1:] {
		if floorDiv(w.Min.Y, windowRows) != n {
			break
		}
		band = band.Union(w)
	}
	return band
}

// bytes returns the memory of a region, of a row's cuts, and of the spans of a band of windows in hand and the next.
func (r *region) bytes() int64 {
	const edge, run, cut, each = 72 + 8, 24, 16, 16
	edges, runs := int64(len(r.edges)), int64(len(r.runs))
	return edges*(edge+cut) + runs*run + 2*windowRows*each*min(edges+runs, int64(r.bounds.Dx()))
}

// needOfWindows returns what drawing parts of an image one after the other takes, and settles with how many workers.
func (p *plan) needOfWindows(r renderer, l Limits, windows []image.Rectangle) need {
	rect, layers := p.rect, p.layers
	defer func() { p.rect, p.layers = rect, layers }()
	p.rect = image.Rectangle{}
	var rows int64
	for _, w := range windows {
		p.rect.Max.X = max(p.rect.Max.X, w.Dx())
		rows += int64(w.Dy())
	}
	const most = stripPixels * 64 // more windows take no more
	p.rect.Max.Y = int(min(rows, max(windowRows, most/int64(p.rect.Max.X))))
	p.layers = slices.Clone(layers)
	for i := range p.layers {
		p.layers[i].rect = function.Read{Margin: p.layers[i].margin}.Grow(p.rect)
	}
	n := p.need(r, l, streamed)
	n.spool = 0 // nothing is encoded
	return n
}
