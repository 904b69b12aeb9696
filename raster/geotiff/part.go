package geotiff

import (
	"context"
	"fmt"

	"github.com/geoexport/geoexport/raster/source"
)

// parts reports whether uncompressed blocks may be read in part. They may not from a source.RangeReader, which is far
// away: another request later costs more than reading too much now.
func (f *File) parts(p *pixels, bands []int) bool {
	_, far := p.d.s.in.src.(source.RangeReader)
	return p.layout.compression == None && !p.layout.reversed && !far && f.unpacksInto(p.layout, bands)
}

// part reads only the pixels of a block that the window needs, right into the window. It does nothing and returns false
// if the window needs the whole block; if the block is in the cache, or is needed for the second time and so should be
// there; and if the block is not in the file or cannot be located.
func (w *window) part(ctx context.Context, p *pixels, at place) (done bool, err error) {
	f, l := w.f, p.layout
	r := l.rect(at.col, at.row)
	want := r.Intersect(w.dst.Bounds())
	key := f.blockKey(p, at.plane, at.col, at.row)
	if want == r || f.has(ctx, key) {
		return false, nil
	}
	key.kind = kindTouched - at.plane
	if f.has(ctx, key) {
		return false, nil
	}
	_, err = cached(ctx, f, key, func(context.Context) (struct{}, int64, error) { return struct{}{}, entryCost, nil })
	if err != nil {
		return false, err
	}
	size := uint64(r.Dy() * l.rowBytes)
	off, n, err := f.locate(ctx, p, at.plane, at.col, at.row, size)
	if err != nil || n < size {
		return false, nil // decoding the block reports the error
	}
	pixel := l.samples() * l.bits / 8
	skip := (want.Min.Y-r.Min.Y)*l.rowBytes + (want.Min.X-r.Min.X)*pixel
	scratch := f.caches.of(ctx).Scratch()
	raw := scratch.Bytes(want.Dy() * l.rowBytes)
	defer scratch.PutBytes(raw)
	span := (*raw)[:(want.Dy()-1)*l.rowBytes+want.Dx()*pixel]
	if err := f.decodeRaw(ctx, p, span, want.Min.Y, off+uint64(skip), uint64(len(span))); err != nil {
		return false, fmt.Errorf("%s, block (%d,%d) of plane %d: %w", p.name, at.col, at.row, at.plane, err)
	}
	unpackFast(l, *raw, w.planes(l, at.plane, want))
	return true, nil
}
