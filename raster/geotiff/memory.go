package geotiff

import (
	"context"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// freeExpansion is what decoding a block may take whatever the size of the file: enough for a blank tile of 2048 by 2048
// pixels of two bytes.
const freeExpansion = 16 << 20

// allowedBytes returns how many bytes decoding the blocks of a file of size bytes may take.
func (l *Limits) allowedBytes(size uint64) int64 {
	allowed := mul(size, uint64(max(0, l.Expansion)))
	return int64(min(max(freeExpansion, allowed), math.MaxInt64))
}

// newDecoding returns the budget for the blocks that are decoded side by side.
func (f *File) newDecoding() *raster.Budget {
	return raster.NewBudget("BlockBytes", min(5*max(1, f.limits.BlockBytes), f.limits.allowedBytes(f.s.in.size)))
}

// acquire takes the memory for decoding the n bytes of a block into planes of r, for as long as that goes on, and waits
// for other blocks to be done where there is too little of it. It returns a *LimitError if that is more than a file of
// this size may take.
func (f *File) acquire(ctx context.Context, p *pixels, r image.Rectangle, n uint64) (release func(), err error) {
	size := f.decodingBytes(p, r, n)
	if allowed := f.limits.allowedBytes(p.d.s.in.size); size > allowed {
		return nil, &LimitError{"Expansion", "bytes of memory for a strip or tile of a small file", uint64(size), allowed}
	}
	own, most := size, int64(0)
	if bytes, bounded := f.decoding.Bytes(); bounded {
		most = bytes
		own = min(own, most) // more than that is decoded alone
	}
	if err := f.decoding.Acquire(ctx, own); err != nil {
		return nil, err
	}
	// Who waits for the context's budget holds none of that, and whoever holds some goes on without waiting.
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

// decodingBytes returns about how many bytes it takes to decode a block of n bytes: those, what they are decoded to, the
// planes of samples, what is found out about their validity, and what the codec takes. It is not less than that but for
// the codecs of others.
func (f *File) decodingBytes(p *pixels, r image.Rectangle, n uint64) int64 {
	l := p.layout
	pixels := int64(r.Dx()) * int64(r.Dy())
	bytes := pixels * int64(l.samples()*l.typ.Size())
	if !l.planar && !p.isMask && (f.noData.active || f.alpha >= 0) {
		bytes += 2 * pixels
	}
	if n == 0 { // a block that is not in the file
		return bytes
	}
	bytes += int64(n)
	if l.reversed {
		bytes += int64(n)
	}
	packed := int64(r.Dy()) * int64(l.rowBytes)
	if l.codec.Planes == nil {
		bytes += packed
	}
	if l.codec.memory != nil {
		bytes += l.codec.memory(packed, &BlockShape{Width: l.block.X, Height: l.block.Y, Samples: l.samples(), Bits: l.bits})
	}
	return bytes
}

// unpackFastInto is unpackFast, piece by piece, so that it ends with its context.
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

// unpackPieces undoes the predictor and unpacks a block of any layout, or converts it to RGB, piece by piece, so that it
// ends with its context.
func (p *pixels) unpackPieces(ctx context.Context, raw []byte, r image.Rectangle) ([]raster.Plane, error) {
	l := p.layout
	rows := max(4, interruptBytes/l.rowBytes&^3) // chroma of YCbCr is shared by up to four rows
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
