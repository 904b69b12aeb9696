package exportimage

import (
	"bytes"
	"context"
	"image"
	"io"
	"iter"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
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

// Export makes one image. Errors are of type *Error.
func (s *Service) Export(ctx context.Context, req Request) (Result, error) {
	var buf bytes.Buffer
	res, err := s.ExportTo(ctx, &buf, req)
	if err != nil {
		return Result{}, err
	}
	res.Data = buf.Bytes()
	return res, nil
}

// ExportTo makes one image and writes it to w; the result's Data is nil. The bytes are those of Export. After an error,
// w may have received a part of the image.
func (s *Service) ExportTo(ctx context.Context, w io.Writer, req Request) (Result, error) {
	res, err := s.export(ctx, w, req)
	if err != nil {
		return Result{}, AsError(err)
	}
	return res, nil
}

// Plan returns what Export would about an image, its size, box and rasters, without drawing it. Data is nil, and the
// costs in the trace are zero. It counts as an export for Limits.Exports and Limits.Time, since it may open rasters.
func (s *Service) Plan(ctx context.Context, req Request) (Result, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return Result{}, AsError(err)
	}
	defer leave()
	p, _, err := s.prepare(ctx, req)
	if err != nil {
		return Result{}, AsError(err)
	}
	return p.result(newTally(p)), nil
}

// enter waits for a place among the exports that may run, and sets the deadline of one.
func (s *Service) enter(ctx context.Context) (_ context.Context, leave func(), err error) {
	s.makeDefaults()
	ctx, cancel := context.WithTimeout(ctx, s.limits().Time)
	out, err := s.limiter.enter(ctx, s.limits())
	if err != nil {
		cancel()
		return nil, nil, err
	}
	return ctx, func() { out(); cancel() }, nil
}

// prepare does everything that needs no pixel, except that the statistics of the rasters may have to be found, once.
func (s *Service) prepare(ctx context.Context, req Request) (*plan, renderer, error) {
	d, err := s.describe(ctx)
	if err != nil {
		return nil, renderer{}, err
	}
	req, grid, err := s.resolve(req, d)
	if err != nil {
		return nil, renderer{}, err
	}
	p, err := s.plan(ctx, req, grid, d)
	if err != nil {
		return nil, renderer{}, err
	}
	r, err := s.renderer(ctx, p, d)
	return p, r, err
}

func (s *Service) export(ctx context.Context, w io.Writer, req Request) (Result, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return Result{}, err
	}
	defer leave()

	start := time.Now()
	plan, render, err := s.prepare(ctx, req)
	if err != nil {
		return Result{}, err
	}
	planned := time.Now()
	count := newTally(plan)
	took, err := s.encode(w, plan, render, s.strips(ctx, plan, render, count))
	if err != nil {
		return Result{}, err
	}
	res := plan.result(count)
	res.Trace.Stages.Plan = planned.Sub(start)
	res.Trace.Stages.Encode = took
	return res, nil
}

// encode writes strips in the plan's format or, if that depends on the image, in the one that it chooses, which becomes
// the plan's. It returns how long encoding took; where all strips are held first, without the time in which they were
// made.
func (s *Service) encode(
	w io.Writer, p *plan, r renderer, strips iter.Seq2[*raster.Block, error],
) (took time.Duration, err error) {
	img, release, err := p.image(r, strips)
	if err != nil {
		return 0, err
	}
	defer release()
	start := time.Now()
	if p.format.Choose != nil {
		p.format = p.format.Choose(img)
	}
	err = p.format.Encode(w, img, s.encodeOptions(p.req))
	return time.Since(start), err
}

func (p *plan) result(count *tally) Result {
	return Result{
		MediaType: p.format.MediaType, Format: p.format.Name, Size: p.grid.Size,
		Envelope: p.grid.Envelope(), CRS: p.grid.CRS,
		Trace: count.trace(p),
	}
}

func (s *Service) encodeOptions(r Request) *encode.Options {
	return &encode.Options{Quality: r.CompressionQuality, Compression: r.Compression, Tolerance: r.CompressionTolerance,
		Workers: s.limits().Workers}
}
