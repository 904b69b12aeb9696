package exportimage

import (
	"bytes"
	"context"
	"image"
	"iter"
	"sync"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// stripPixels is about how many pixels of an image one worker has in hand: enough to spread the cost of a strip, few
// enough that the source pixels under it take only a few megabytes.
const stripPixels = 1 << 16

// heldBytes is up to which size, in bytes of samples, an image is held in memory until it is known whether any of it is
// transparent. Larger ones go to the encoder strip by strip, and formats with an alpha channel then write one. The
// exception are formats that are chosen by transparency: they spool the image.
const heldBytes = 16 << 20

// image returns the image that the encoder takes. The caller calls release after encoding it. Strips are made while the
// encoder asks for them, unless the image is small enough to be looked at as a whole first (see heldBytes), or has to
// be.
func (p *plan) image(
	r renderer, o *encode.Options, strips iter.Seq2[*raster.Block, error],
) (img *raster.Image, release func(), err error) {
	img = &raster.Image{
		Grid: p.grid, Type: r.typ, Bands: r.bands, Palette: r.palette, NoData: p.noDataValue(r),
		Strips: strips,
	}
	p.describe(img)
	large := area(p.rect)*int64(r.bands*r.typ.Size()) > heldBytes
	if large && p.format.Choose == nil {
		return img, func() {}, nil
	} else if large && r.typ == raster.U8 {
		return encode.Spool(img, o)
	}
	var held []*raster.Block
	p.kept, img.Opaque = true, true
	for b, err := range img.Strips {
		if err != nil {
			return nil, nil, err
		}
		img.Opaque = img.Opaque && b.Opaque()
		held = append(held, b)
	}
	img.Strips = func(yield func(*raster.Block, error) bool) {
		for _, b := range held {
			if !yield(b, nil) {
				return
			}
		}
	}
	return img, func() {}, nil
}

// strips yields the image's strips from the top down, as blocks does.
func (s *Service) strips(ctx context.Context, p *plan, r renderer, t *tally) iter.Seq2[*raster.Block, error] {
	return s.blocks(ctx, p, r, t, p.cut(stripShape(p.pixelBytes(r))))
}

// blocks yields parts of the image, in their order. Up to the plan's number of workers of them are made side by side,
// and at most twice that number are ahead of the last one yielded. All workers have ended when the iteration ends,
// however it ends.
func (s *Service) blocks(
	ctx context.Context, p *plan, r renderer, t *tally, rects []image.Rectangle,
) iter.Seq2[*raster.Block, error] {
	type outcome struct {
		block *raster.Block
		lent  []*raster.Buffer
		err   error
	}
	return func(yield func(*raster.Block, error) bool) {
		workers := min(p.workers, len(rects))
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()

		slots := make(chan struct{}, workers)
		queue := make(chan chan outcome, workers)
		var cutting error
		guard.Go(&running, "cutting an image into strips", func() error {
			for _, rect := range rects {
				select {
				case slots <- struct{}{}:
				case <-ctx.Done():
					return ctx.Err()
				}
				made := make(chan outcome, 1)
				var b *raster.Block
				var lent []*raster.Buffer
				guard.Go(&running, "drawing a strip", func() (err error) {
					b, lent, err = s.strip(ctx, p, r, t, rect)
					return err
				}, func(err error) {
					made <- outcome{b, lent, err}
					<-slots
				})
				select {
				case queue <- made:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		}, func(err error) {
			cutting = err
			close(queue)
		})
		left := len(rects)
		for made := range queue {
			o := <-made
			if !yield(o.block, o.err) || o.err != nil {
				return
			}
			if p.kept {
				p.lent = append(p.lent, o.lent...)
			} else {
				s.takeBack(o.lent)
			}
			left--
		}
		if left > 0 {
			yield(nil, cutting)
		}
	}
}

// marginShare is how many times as high as the margins above and below it a strip is at least, so that what strips read
// and warp twice is at most its reciprocal.
const marginShare = 4

// stripRows returns the height of strips of about a number of pixels.
func (p *plan) stripRows(pixels int) int {
	rows := max(1, pixels/p.rect.Dx())
	for _, l := range p.layers {
		rows = max(rows, marginShare*(l.reach.Top+l.reach.Bottom))
	}
	return min(rows, p.rect.Dy())
}

// cut divides the image into strips of about a number of pixels. No pixel depends on where it is cut.
func (p *plan) cut(pixels int) []image.Rectangle {
	rect, rows := p.rect, p.stripRows(pixels)
	var out []image.Rectangle
	for y := rect.Min.Y; y < rect.Max.Y; y += rows {
		out = append(out, image.Rect(rect.Min.X, y, rect.Max.X, min(y+rows, rect.Max.Y)))
	}
	return out
}

// strip makes one strip: it reads, warps and merges the rasters that intersect it, from the top, until nothing below
// can show. The block is in the memory that is lent, or in memory of its own.
func (s *Service) strip(
	ctx context.Context, p *plan, r renderer, t *tally, rect image.Rectangle,
) (_ *raster.Block, lent []*raster.Buffer, _ error) {
	blocks := make(map[function.Leaf]*raster.Block, len(p.layers))
	var most int64
	for i := range p.layers {
		l := &p.layers[i]
		var err error
		buf := s.lend()
		lent = append(lent, buf)
		if blocks[l.leaf], err = s.merged(ctx, p, l, t, function.Read{Margin: l.margin}.Grow(rect), buf); err != nil {
			return nil, nil, err
		}
		most = max(most, holding(blocks[l.leaf].Sub(rect)))
	}
	t.covered.Add(most)
	start := time.Now()
	block, err := r.render(blocks)
	since(&t.render, start)
	return block, lent, err
}

// merged reads, warps and merges the part of a layer that lies under rect, which includes the margin of a strip. The
// result is in the memory of buf.
func (s *Service) merged(
	ctx context.Context, p *plan, l *layer, t *tally, rect image.Rectangle, buf *raster.Buffer,
) (*raster.Block, error) {
	merged := mosaic.NewMergerInto(l.op, buf.NewBlock(l.typ, l.count, rect))
	own := s.lend() // of each raster in turn, while it is merged
	defer s.takeBack([]*raster.Buffer{own})
	next := 0
	for i := l.from; i < l.to; i = next {
		if merged.Done() {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var warped *raster.Block
		var err error
		warped, next, err = s.drawn(ctx, p, l, i, t, rect, own)
		if err != nil {
			why, ok := p.skips(ctx, s, err)
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
	return merged.Result(), nil
}

// holding returns the number of pixels of a block that hold data.
func holding(b *raster.Block) (n int64) {
	r := b.Bounds()
	if b.Valid == nil {
		return area(r)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := b.ValidRow(y)
		n += int64(len(row) - bytes.Count(row, []byte{0}))
	}
	return n
}

// warp reads the part of a source that lies under a strip, and warps it to the image's grid. It returns nil if there is
// none, and else a block in the memory of buf, or the given one, which covers the strip.
func (s *Service) warp(
	ctx context.Context, p *plan, l *layer, i int, t *tally, rect image.Rectangle, into *raster.Block, buf *raster.Buffer,
) (_ *raster.Block, err error) {
	src := &p.sources[i]
	defer catchDrawing(src.item, &err)
	if rect = rect.Intersect(src.dst); rect.Empty() {
		return nil, nil
	}
	start := time.Now()
	parts := src.pieces(rect, p.window)
	since(&t.warp, start)
	if len(parts) == 0 {
		return nil, nil
	}
	t.sources[i].drawn.Store(true)
	out := into
	for _, part := range parts {
		if err := s.warpPiece(ctx, p, l, i, t, rect, part, &out, buf); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// warpPiece warps the source pixels of a piece of the strip rect into out, which it makes in own when it has read the first.
func (s *Service) warpPiece(
	ctx context.Context, p *plan, l *layer, i int, t *tally, rect image.Rectangle, part piece, out **raster.Block,
	own *raster.Buffer,
) (err error) {
	src, win := &p.sources[i], part.win
	if area(win) > tornWindow*p.window {
		return &Error{Kind: TooLarge, Param: "imageSR", Err: overLimit("Bytes", area(win), tornWindow*p.window,
			"a single pixel would be made of %d by %d pixels of raster %q (limit Bytes)", win.Dx(), win.Dy(), src.item.Name)}
	}
	start := time.Now()
	pyramid := src.pyramid.WithBudget(func(pixels int64) error {
		most := s.limits().SourcePixels
		if n := t.pixels.Add(pixels); n > most {
			return &Error{Kind: TooLarge, Param: "bbox", Err: overLimit("SourcePixels", n, most,
				"more than %d source pixels would be read (limit SourcePixels): raster %q has no overview for this scale",
				most, src.item.Name)}
		}
		t.sources[i].reads.Add(1)
		t.sources[i].pixels.Add(pixels)
		return nil
	})
	buf := s.lend()
	bands, rule := l.bands, l.noData
	if src.show != nil {
		if bands = src.show.bands; rule != nil {
			if rule, err = noDataRule(p.req, len(bands)); err != nil {
				return err
			}
		}
	}
	block, err := pyramid.Read(ctx, buf.Block(src.typ, len(bands), win), src.level, win, bands)
	if err != nil {
		// The buffer is left to the dataset, which may still write to it.
		return &RasterError{"read", src.item.Name, err}
	}
	defer s.buffers.Put(buf) // nothing of it is in the warped block
	if rule != nil {
		if block, err = rule.Mask(block); err != nil {
			return unsupported("noData", "%w", err)
		}
	}
	if src.show != nil && src.show.turn != nil {
		if block, err = src.show.turn(block); err != nil {
			return &RasterError{"draw", src.item.Name, err}
		}
	}
	if block, err = raster.Convert(block, p.typ); err != nil {
		return &RasterError{"draw", src.item.Name, err}
	}
	start = since(&t.read, start)
	if *out == nil {
		*out = own.NewBlock(p.typ, len(l.bands), rect)
	}
	to := *out
	if part.dst != to.Bounds() {
		to = to.Sub(part.dst)
	}
	if err := src.kernel.Warp(to, block, src.mapping); err != nil {
		return &RasterError{"draw", src.item.Name, err}
	}
	since(&t.warp, start)
	return nil
}

func newTally(p *plan) *tally { return &tally{sources: make([]sourceTally, len(p.sources))} }
