package exportimage

import (
	"context"
	"image"
	"io"
	"iter"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
	files "github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// A Result is one exported image and the account of how it was made.
type Result struct {
	Data      []byte // the encoded image; nil from ExportTo and Plan
	MediaType string // such as "image/png"
	Format    string // of Data: the request's, or the one that was chosen for it, as jpgpng chooses jpg or png32
	Size      image.Point
	Envelope  srs.Envelope // the box that the image shows, in CRS
	CRS       srs.CRS
	Trace     Trace
}

// Export makes one image. Errors are of type *Error. An image that would take too much memory, encoded, is refused; see
// Limits.Bytes, and ExportTo.
func (s *Service) Export(ctx context.Context, req Request) (Result, error) {
	return observed(ctx, s, "exporting", &req, func() (Result, error) {
		buf, ok := s.pieces.Get().(*pieces)
		if !ok {
			buf = &pieces{}
		}
		res, t, err := s.export(ctx, buf, req, inMemory)
		if err != nil {
			return Result{}, err
		}
		defer t.keep(need{})
		res.Data = buf.join()
		if buf.empty() {
			s.pieces.Put(buf)
		}
		return res, nil
	})
}

// ExportTo makes one image and writes it to w; the result's Data is nil. The bytes are those of Export. After an error,
// w may have received a part of the image. Images of more than 16 MiB are written as they are made, so that memory does
// not grow with the image.
func (s *Service) ExportTo(ctx context.Context, w io.Writer, req Request) (Result, error) {
	return observed(ctx, s, "exporting", &req, func() (Result, error) {
		res, t, err := s.export(ctx, w, req, streamed)
		if err != nil {
			return Result{}, err
		}
		t.keep(need{})
		return res, nil
	})
}

// Plan returns what Export would about an image, its size, box and rasters, without drawing it. Data is nil, and the
// costs in the trace are zero. It counts as a small export for Limits.Exports and Limits.Time, since it may open rasters.
func (s *Service) Plan(ctx context.Context, req Request) (Result, error) {
	return observed(ctx, s, "planning", &req, func() (Result, error) {
		ctx, t, leave, err := s.enter(ctx, planPixels)
		if err != nil {
			return Result{}, err
		}
		defer leave()
		req = s.dated(req)
		p, r, err := s.prepare(ctx, req, false)
		for try := 2; try <= drawTries && changed(err) && ctx.Err() == nil; try++ {
			s.recheck(ctx)
			p, r, err = s.prepare(ctx, req, try == drawTries)
		}
		if err != nil {
			return Result{}, err
		}
		if err := t.check(p.need(r, s.limits(), streamed)); err != nil {
			return Result{}, err
		}
		res := p.result(newTally(p))
		res.Trace.Coverage = p.reach()
		res.Trace.Covered = res.Trace.Coverage > 0
		return res, nil
	})
}

// planPixels is the size of an image that takes about as long as a plan.
const planPixels = 64 * 64

// enter waits for a place among the exports that may run, and sets the deadline of one and the budget of what datasets
// decode. Waiting counts for the deadline of calls WithShedding, whose clients wait for an answer. The ticket is good until
// leave is called; what it holds besides is given back by keep.
func (s *Service) enter(ctx context.Context, pixels int64) (_ context.Context, t *ticket, leave func(), err error) {
	ctx = patient(s.budgeted(alike(ctx)))
	if isPatient(ctx) {
		if t, err = s.gate().enter(ctx, s, pixels); err != nil {
			return nil, nil, nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, s.limits().Time)
	if t == nil {
		t, err = s.gate().enter(ctx, s, pixels)
	}
	if err != nil {
		cancel()
		return nil, nil, nil, err
	}
	ctx, release := s.holding(ctx)
	return ctx, t, func() { release(); t.leave(); cancel() }, nil
}

// budgeted returns a context with the gate's budget for what datasets decode, unless ctx has one, and with the cache for
// datasets that have none.
func (s *Service) budgeted(ctx context.Context) context.Context {
	if raster.CacheOf(ctx) == nil {
		ctx = raster.WithCache(ctx, s.tiles())
	}
	if raster.BudgetOf(ctx) != nil {
		return ctx
	}
	g := s.gate()
	g.init()
	return raster.WithBudget(ctx, g.decoding)
}

// prepare does everything that needs no pixel, except that the statistics of the rasters may have to be found, once.
// The last time, rasters that have changed may be left out.
func (s *Service) prepare(ctx context.Context, req Request, last bool) (*plan, renderer, error) {
	known := &seen{} // what the description and the statistics come from
	ctx = withSeen(ctx, known)
	d, err := s.describe(ctx)
	if err != nil {
		return nil, renderer{}, err
	}
	of, req, err := s.sliced(ctx, req, d)
	if err != nil {
		return nil, renderer{}, err
	}
	if of != s {
		return of.prepare(ctx, req, last)
	}
	asked := req
	req, grid, err := s.resolve(req, d)
	if err != nil {
		return nil, renderer{}, err
	}
	p, err := s.plan(ctx, req, grid, d, last)
	if err != nil {
		return nil, renderer{}, err
	}
	r, err := s.renderer(ctx, p, d)
	if err != nil {
		return nil, renderer{}, err
	}
	p.noteNoData(r)
	s.notePlace(p, asked, d)
	for _, src := range p.sources {
		if err := known.agrees(src.item, src.version); err != nil {
			return nil, renderer{}, err
		}
	}
	return p, r, nil
}

// export makes one image. The ticket holds what the plan needs until the caller gives it back.
func (s *Service) export(ctx context.Context, w io.Writer, req Request, to where) (Result, *ticket, error) {
	pixels, err := s.requestedPixels(req)
	if err != nil {
		return Result{}, nil, err
	}
	outer, fetched := files.CounterOf(ctx), new(files.Counter)
	defer func() { outer.Add(fetched.Requests(), fetched.Bytes(), fetched.Repeated()) }()
	ctx, t, leave, err := s.enter(files.WithCounter(ctx, fetched), pixels)
	if err != nil {
		return Result{}, nil, err
	}
	done := false
	defer func() {
		if leave(); !done { // an error, or a panic
			t.keep(need{})
		}
	}()

	out := &output{w: w}
	req = s.dated(req)
	res, err := s.draw(ctx, t, out, req, to, false)
	for try := 2; try <= drawTries && changed(err) && ctx.Err() == nil && out.restart(); try++ {
		t.keep(need{})
		s.recheck(ctx)
		res, err = s.draw(ctx, t, out, req, to, try == drawTries)
	}
	if err != nil {
		return Result{}, nil, err
	}
	done = true
	res.Trace.Fetched = Fetched{fetched.Requests(), fetched.Bytes(), fetched.Repeated()}
	return res, t, nil
}

// draw plans and makes one image, or fails because a raster has changed. The last time it may leave that raster out.
func (s *Service) draw(ctx context.Context, t *ticket, out *output, req Request, to where, last bool) (Result, error) {
	start := time.Now()
	plan, render, err := s.prepare(ctx, req, last)
	if err != nil {
		return Result{}, err
	}
	if !last || !s.SkipUnreadable {
		if err := plan.sameMoment(ctx); err != nil {
			return Result{}, err
		}
	}
	if err := t.reserve(ctx, plan.need(render, s.limits(), to)); err != nil {
		return Result{}, err
	}
	planned := time.Now()
	count := newTally(plan)
	var w io.Writer = out
	if to != streamed {
		w = newBounded(out, plan.encodedBytes(render))
	}
	strips := req.reporting(plan.rect, s.strips(ctx, plan, render, count))
	took, err := s.encode(w, plan, render, strips)
	if err != nil {
		return Result{}, err
	}
	res := plan.result(count)
	res.Trace.Stages.Plan = planned.Sub(start)
	res.Trace.Stages.Encode = took
	return res, nil
}

// requestedPixels returns the number of pixels that a request asks for, by which it stands in line.
func (s *Service) requestedPixels(r Request) (int64, error) {
	fill(&r.Size, s.Defaults.Size)
	fillDefaults(&r)
	if err := checkSize(r.Size, s.limits()); err != nil {
		return 0, err
	}
	return int64(r.Size.X) * int64(r.Size.Y), nil
}

// encode writes strips in the plan's format or, if that depends on the image, in the one that it chooses, which becomes
// the plan's. It returns how long encoding took; where all strips are held first, without the time in which they were
// made.
func (s *Service) encode(
	w io.Writer, p *plan, r renderer, strips iter.Seq2[*raster.Block, error],
) (took time.Duration, err error) {
	options := s.encodeOptions(p)
	img, release, err := p.image(r, options, strips)
	if err != nil {
		return 0, err
	}
	defer release()
	start := time.Now()
	if img, err = p.onBackground(img); err != nil {
		return 0, err
	}
	if p.format, err = choose(p.format, img); err != nil {
		return 0, err
	}
	if err = encodeImage(w, p.format, img, options); err == nil { // or else somebody might still read them
		s.takeBack(p.lent)
	}
	return time.Since(start), err
}

func (p *plan) result(count *tally) Result {
	return Result{
		MediaType: p.format.MediaType, Format: p.format.Name, Size: p.grid.Size,
		Envelope: p.grid.Envelope(), CRS: p.grid.CRS,
		Trace: count.trace(p),
	}
}

func (s *Service) encodeOptions(p *plan) *encode.Options {
	r := p.req
	o := &encode.Options{Quality: r.CompressionQuality, Compression: r.Compression, Tolerance: r.CompressionTolerance,
		LERCVersion: r.LERCVersion, Note: func(text string) { p.notes = append(p.notes, text) },
		Workers: p.workers, TempFile: s.TempFile}
	if r.Background != nil {
		o.Background = *r.Background
	}
	return o
}

// onBackground returns an image without transparency if the request states a background for it.
func (p *plan) onBackground(img *raster.Image) (*raster.Image, error) {
	if p.req.Background == nil || p.format.Bands == 0 || !p.format.Alpha || img.Opaque {
		return img, nil
	}
	if img.Type != raster.U8 {
		return nil, unsupported("background", "format %s has no background under samples of type %v", p.format.Name, img.Type)
	}
	return encode.Over(img, *p.req.Background), nil
}
