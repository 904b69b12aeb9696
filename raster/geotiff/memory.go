package geotiff

import (
	"context"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// freeExpansion is the number of bytes that decoding a block may take whatever the size of the file is: enough for a
// blank tile of 2048 by 2048 pixels of two bytes.
const freeExpansion = 16 << 20

// blankBytes is the number of bytes that decoding a block may take in a file that is long enough, though the block is
// not: it may be the blank one among others. Beyond that a block's own bytes count, or a file could be padded.
const blankBytes = 2 * freeExpansion

// allowedBytes returns the number of bytes that decoding a block may take that has n bytes in a file of size bytes.
func (l *Limits) allowedBytes(size, n uint64) int64 {
	allowed := max(min(l.expanded(size), blankBytes), l.expanded(n))
	return int64(min(max(freeExpansion, allowed), math.MaxInt64))
}

func (l *Limits) expanded(n uint64) uint64 { return mul(n, uint64(max(0, l.Expansion))) }

// newDecoding returns the budget that blocks share while they are decoded side by side.
func (f *File) newDecoding() *raster.Budget {
	return raster.NewBudget("BlockBytes", min(5*max(1, f.limits.BlockBytes), f.limits.allowedBytes(f.s.in.size, f.s.in.size)))
}

// acquire takes from the budgets the memory for decoding a block of n bytes at off into planes of r, and waits for other
// blocks while there is too little. release returns the memory. The error is a *LimitError if a file of this size may
// not take that much.
func (f *File) acquire(ctx context.Context, p *pixels, r image.Rectangle, off, n uint64) (release func(), err error) {
	size, err := f.decodingBytes(ctx, p, r, off, n)
	if err != nil {
		return nil, err
	}
	if allowed := f.limits.allowedBytes(p.d.s.in.size, n); size > allowed {
		return nil, &LimitError{"Expansion", "bytes of memory for a strip or tile of few bytes", uint64(size), allowed}
	}
	own, most := size, int64(0)
	if bytes, bounded := f.decoding.Bytes(); bounded {
		most = bytes
		own = min(own, most) // a block larger than the budget is decoded alone
	}
	if err := f.decoding.Acquire(ctx, own); err != nil {
		return nil, err
	}
	// There is no deadlock: a block that waits for the context's budget holds none of it, and one that holds some does
	// not wait again.
	budget := raster.BudgetOf(ctx)
	if err := budget.Acquire(ctx, size); err != nil {
		f.decoding.Release(own)
		return nil, err
	}
	return func() {
		budget.Release(size)
		f.decoding.Release(own)
	}, nil
}

// decodingBytes returns about how many bytes decoding a block of n bytes takes: the n bytes, the decoded bytes, the
// planes of samples, the results about their validity, and the codec's own memory. Except with codecs of other
// packages, it is not too low.
func (f *File) decodingBytes(ctx context.Context, p *pixels, r image.Rectangle, off, n uint64) (int64, error) {
	l := p.layout
	pixels := int64(r.Dx()) * int64(r.Dy())
	bytes := pixels * int64(l.samples()*l.typ.Size())
	if !l.planar && !p.isMask && (f.noData.active || f.alpha >= 0) {
		bytes += 2 * pixels
	}
	if n == 0 { // a sparse block counts as one that is there, so that leaving it out of the file gains nothing
		return 2 * bytes, nil
	}
	packed := int64(r.Dy()) * int64(l.rowBytes)
	if l.streamed() {
		s, err := f.strip(ctx, p, off, n, l.stripRowsOf(r.Min.Y/l.block.Y/l.pieces))
		if err != nil {
			return 0, err
		}
		return bytes + packed + s.memory + interruptBytes, nil
	}
	bytes += int64(n)
	if l.reversed {
		bytes += int64(n)
	}
	if l.codec.Planes == nil {
		bytes += packed
	}
	if l.codec.memory != nil {
		bytes += l.codec.memory(packed, &BlockShape{Width: l.block.X, Height: l.block.Y, FrameHeight: l.frameHeight(r), Samples: l.samples(), Bits: l.bits})
	}
	return bytes, nil
}

// unpackFastInto calls unpackFast piece by piece, so that it can stop when ctx ends.
func (l *layout) unpackFastInto(ctx context.Context, planes []raster.Plane, raw []byte) error {
	r := planes[0].Bounds()
	rows := max(1, interruptBytes/l.rowBytes)
	if r.Dy() <= rows {
		unpackFast(l, raw, planes)
		return nil
	}
	all := &raster.Block{Bands: planes}
	for y := 0; y < r.Dy(); y += rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		piece := image.Rect(r.Min.X, r.Min.Y+y, r.Max.X, min(r.Min.Y+y+rows, r.Max.Y))
		unpackFast(l, raw[y*l.rowBytes:], all.Sub(piece).Bands)
	}
	return nil
}

// unpackPieces undoes the predictor and unpacks a block of any layout, or converts it to RGB, piece by piece, so that
// it can stop when ctx ends.
func (p *pixels) unpackPieces(ctx context.Context, raw []byte, r image.Rectangle) ([]raster.Plane, error) {
	l := p.layout
	rows := max(4, interruptBytes/l.rowBytes&^3) // up to four rows of YCbCr share their chroma
	if r.Dy() <= rows {
		return p.unpackPiece(raw, r), nil
	}
	planes := raster.NewPlanes(l.typ, l.samples(), r)
	for y := 0; y < r.Dy(); y += rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		piece := image.Rect(r.Min.X, r.Min.Y+y, r.Max.X, min(r.Min.Y+y+rows, r.Max.Y))
		start, end := y*l.rowBytes, (y+piece.Dy())*l.rowBytes
		if l.ycbcr != nil {
			start, end = l.ycbcr.size(l.block.X, y), l.ycbcr.size(l.block.X, y+piece.Dy())
		}
		for i, plane := range p.unpackPiece(raw[start:end], piece) {
			raster.Copy(planes[i], plane, piece)
		}
	}
	return planes, nil
}

func (p *pixels) unpackPiece(raw []byte, r image.Rectangle) []raster.Plane {
	p.undoPredictor(raw)
	if y := p.layout.ycbcr; y != nil {
		return y.planes(raw, p.layout.block.X, r)
	}
	return unpack(p.layout, raw, r)
}
