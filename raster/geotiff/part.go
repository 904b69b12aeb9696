package geotiff

import (
	"context"
	"fmt"

	"github.com/geoexport/geoexport/raster/source"
)

// parts reports whether blocks that are not compressed may be read in part. From sources that take several reads in one
// call, which are far away, they are not: what is read again later costs more than what is read too much.
func (f *File) parts(p *pixels, bands []int) bool {
	_, far := p.d.s.in.src.(source.RangeReader)
	return p.layout.compression == None && !p.layout.reversed && !far && f.unpacksInto(p.layout, bands)
}

// part reads right into the window what that wants of a block. It does nothing, and returns false, if that is all of
// the block, or if the block is in the cache, or is wanted for the second time, and so had better be there; or if it is
// not in the file, or in disorder.
func (w *window) part(ctx context.Context, p *pixels, at place) (done bool, err error) {
	f, l := w.f, p.layout
	r := l.rect(at.col, at.row)
	want := r.Intersect(w.dst.Bounds())
	key := f.blockKey(p, at.plane, at.col, at.row)
	if want == r || f.cache.Has(key) {
		return false, nil
	}
	key.kind = kindTouched - at.plane
	if f.cache.Has(key) {
		return false, nil
	}
	_, err = cached(ctx, f.cache, key, func(context.Context) (struct{}, int64, error) { return struct{}{}, entryCost, nil })
	if err != nil {
		return false, err
	}
	size := uint64(r.Dy() * l.rowBytes)
	off, n, err := f.locate(ctx, p, at.plane, at.col, at.row, size)
	if err != nil || n < size {
		return false, nil // decoding the block finds out the same
	}
	pixel := l.samples() * l.bits / 8
	skip := (want.Min.Y-r.Min.Y)*l.rowBytes + (want.Min.X-r.Min.X)*pixel
	raw := buffer(want.Dy() * l.rowBytes)
	defer buffers.Put(raw)
	span := (*raw)[:(want.Dy()-1)*l.rowBytes+want.Dx()*pixel]
	if err := f.decodeRaw(ctx, p, span, off+uint64(skip), uint64(len(span))); err != nil {
		return false, fmt.Errorf("%s, block (%d,%d) of plane %d: %w", p.name, at.col, at.row, at.plane, err)
	}
	unpackFast(l, *raw, w.planes(l, at.plane, want))
	return true, nil
}
