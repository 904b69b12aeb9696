package exportimage

import (
	"context"
	"fmt"
	"image"
	"iter"
	"sync"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// stripPixels is about how many pixels of a picture are worked on at once by one worker: enough to spread the cost of a
// strip, few enough that the source pixels under it stay a few megabytes.
const stripPixels = 1 << 16

// heldBytes is how large the samples of an image may be to be held in memory until it is known whether any of it is
// transparent. Larger ones go to the encoder as they come, and formats with an alpha channel then write one; except where
// it is what decides on the format.
const heldBytes = 16 << 20

// picture returns what the encoder takes, which must be released. Strips are made while the encoder asks for them, except where
// the picture is small enough to be looked at as a whole first, or has to be.
func (p *plan) picture(r renderer, strips iter.Seq2[*raster.Block, error]) (pic *raster.Image, release func(), err error) {
	pic = &raster.Image{
		Grid: p.grid, Type: r.typ, Bands: r.bands, Palette: r.palette, NoData: p.noDataValue(r),
		Strips: strips,
	}
	if large := area(p.rect)*int64(r.bands*r.typ.Size()) > heldBytes; large && p.format.Choose == nil {
		return pic, func() {}, nil
	} else if large && r.typ == raster.U8 {
		return encode.Spool(pic)
	}
	var held []*raster.Block
	pic.Opaque = true
	for b, err := range pic.Strips {
		if err != nil {
			return nil, nil, err
		}
		pic.Opaque = pic.Opaque && b.Opaque()
		held = append(held, b)
	}
	pic.Strips = func(yield func(*raster.Block, error) bool) {
		for _, b := range held {
			if !yield(b, nil) {
				return
			}
		}
	}
	return pic, func() {}, nil
}

// strips yields the picture from the top down. Up to Limits.Workers strips are made side by side, and not more than twice
// as many are ahead of what was yielded. All workers have ended when the iteration ends, however it ends.
func (s *Service) strips(ctx context.Context, p *plan, r renderer, t *tally) iter.Seq2[*raster.Block, error] {
	type outcome struct {
		block *raster.Block
		err   error
	}
	return func(yield func(*raster.Block, error) bool) {
		rects := cut(p.rect)
		workers := min(s.limits().Workers, len(rects))
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()

		slots := make(chan struct{}, workers)
		queue := make(chan chan outcome, workers)
		running.Go(func() {
			defer close(queue)
			for _, rect := range rects {
				select {
				case slots <- struct{}{}:
				case <-ctx.Done():
					return
				}
				made := make(chan outcome, 1)
				running.Go(func() {
					b, err := s.strip(ctx, p, r, t, rect)
					made <- outcome{b, err}
					<-slots
				})
				select {
				case queue <- made:
				case <-ctx.Done():
					return
				}
			}
		})
		left := len(rects)
		for made := range queue {
			o := <-made
			if !yield(o.block, o.err) || o.err != nil {
				return
			}
			left--
		}
		if left > 0 {
			yield(nil, ctx.Err())
		}
	}
}

// cut divides a picture into strips. Where it is cut has no influence on any pixel.
func cut(rect image.Rectangle) []image.Rectangle {
	rows := max(1, stripPixels/rect.Dx())
	var out []image.Rectangle
	for y := rect.Min.Y; y < rect.Max.Y; y += rows {
		out = append(out, image.Rect(rect.Min.X, y, rect.Max.X, min(y+rows, rect.Max.Y)))
	}
	return out
}

// strip makes one strip: it reads and warps the rasters that meet it, from the top, until nothing below can show.
func (s *Service) strip(ctx context.Context, p *plan, r renderer, t *tally, rect image.Rectangle) (*raster.Block, error) {
	merged := mosaic.NewMerger(p.op, p.typ, len(p.bands), rect)
	for i := range p.sources {
		if merged.Done() {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		warped, err := s.warp(ctx, p, i, t, rect)
		if err != nil {
			why, ok := s.skips(ctx, err)
			if !ok {
				return nil, err
			}
			p.skipped.add(p.sources[i].item, why)
			continue
		}
		if warped == nil {
			continue
		}
		start := time.Now()
		var weights *raster.PlaneOf[float32]
		if fade := p.sources[i].fade; fade != nil {
			weights = fade.Weights(absolute(p.grid, p.rect.Min), warped.Bounds())
		}
		if clip := p.sources[i].clip; clip != nil {
			warped = clip.Clip(warped, absolute(p.grid, p.rect.Min))
		}
		if err := merged.Add(warped, weights); err != nil {
			return nil, err
		}
		since(&t.merge, start)
	}
	start := time.Now()
	block := merged.Result()
	if !block.Blank() {
		t.covered.Store(true)
	}
	block, err := r.render(block)
	since(&t.render, start)
	return block, err
}

// buffers are what workers read into. They are kept between strips, and between exports, many of which have but one strip.
var buffers sync.Pool // of *raster.Buffer

// warp reads what one source holds of a strip and brings it to the picture's grid; nil if it holds nothing of it.
func (s *Service) warp(ctx context.Context, p *plan, i int, t *tally, rect image.Rectangle) (*raster.Block, error) {
	src := &p.sources[i]
	if rect = rect.Intersect(src.dst); rect.Empty() {
		return nil, nil
	}
	start := time.Now()
	win := src.kernel.SourceWindow(src.mapping, rect, src.bounds)
	start = since(&t.warp, start)
	if win.Empty() {
		return nil, nil
	}
	t.sources[i].drawn.Store(true)
	pyramid := src.pyramid.WithBudget(func(pixels int64) error {
		if most := s.limits().SourcePixels; t.pixels.Add(pixels) > most {
			return &Error{Kind: TooLarge, Param: "bbox", Err: fmt.Errorf(
				"more than %d source pixels would be read (limit SourcePixels): raster %q has no overview for this scale",
				most, src.item.Name)}
		}
		t.sources[i].reads.Add(1)
		t.sources[i].pixels.Add(pixels)
		return nil
	})
	buf, ok := buffers.Get().(*raster.Buffer)
	if !ok {
		buf = &raster.Buffer{}
	}
	defer buffers.Put(buf) // nothing of it is in the warped block
	block, err := pyramid.Read(ctx, buf.Block(src.typ, len(p.bands), win), src.level, win, p.bands)
	if err != nil {
		return nil, &RasterError{"read", src.item.Name, err}
	}
	if block, err = raster.Convert(block, p.typ); err != nil {
		return nil, &RasterError{"draw", src.item.Name, err}
	}
	if p.noData != nil {
		if block, err = p.noData.Mask(block); err != nil {
			return nil, unsupported("noData", "%w", err)
		}
	}
	start = since(&t.read, start)
	out := raster.NewBlock(p.typ, len(p.bands), rect)
	if err := src.kernel.Warp(out, block, src.mapping); err != nil {
		return nil, &RasterError{"draw", src.item.Name, err}
	}
	since(&t.warp, start)
	return out, nil
}

func newTally(p *plan) *tally { return &tally{sources: make([]sourceTally, len(p.sources))} }
