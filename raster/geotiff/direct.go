package geotiff

import (
	"context"
	"fmt"
	"image"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// passShare is the part of the cache above which a read bypasses it. A larger read would evict everything else for
// blocks that are unlikely to be needed again, since the caller has all of them; and decoding right into the result
// saves a copy.
const passShare = 4

// passes reports whether a read of size bytes of samples bypasses the cache: blocks that lie entirely in the window are
// decoded right into it. That requires a layout that unpackFast supports, a read of all bands, and samples that do not
// affect validity.
func (f *File) passes(ctx context.Context, l *layout, bands []int, size uint64) bool {
	return size > uint64(max(f.caches.of(ctx).Bytes(), 0)/passShare) && f.unpacksInto(l, bands)
}

// unpacksInto reports whether unpackFast can write to the planes of a window of these bands.
func (f *File) unpacksInto(l *layout, bands []int) bool {
	if f.alpha >= 0 || f.noData.active || !unpacksFast(l) {
		return false
	}
	seen := make(map[int]bool, len(bands))
	for _, b := range bands {
		seen[b] = true
	}
	return len(seen) == len(bands) && (l.planar || len(bands) == l.bands)
}

// direct decodes a block right into the window. It does nothing, and returns false, if the block extends beyond the
// window, is in the cache, or is not in the file.
func (w *window) direct(ctx context.Context, p *pixels, plane, col, row int) (done bool, err error) {
	f, l := w.f, p.layout
	r := l.rect(col, row)
	if !r.In(w.dst.Bounds()) || f.has(ctx, f.blockKey(p, plane, col, row)) {
		return false, nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s, block (%d,%d) of plane %d: %w", p.name, col, row, plane, err)
		}
	}()
	size := r.Dy() * l.rowBytes
	off, n, err := f.locate(ctx, p, plane, col, row, uint64(size))
	if err != nil || n == 0 {
		return false, err
	}
	if err := l.checkExpansion(n, size); err != nil {
		return false, err
	}
	release, err := f.acquire(ctx, p, r, off, n)
	if err != nil {
		return false, err
	}
	defer release()
	planes := w.planes(l, plane, r)
	if l.codec.Planes != nil {
		if err := f.decodePlanes(ctx, p, planes, off, n); err != nil {
			return false, err
		}
		return true, nil
	}
	scratch := f.caches.of(ctx).Scratch()
	raw := scratch.Bytes(size)
	defer scratch.PutBytes(raw)
	if err := f.decodeRaw(ctx, p, *raw, r.Min.Y, off, n); err != nil {
		return false, err
	}
	return true, l.unpackFastInto(ctx, planes, *raw)
}

// planes returns the parts of the window for the samples of a block, or of one plane of it. unpacksInto must hold for
// the window.
func (w *window) planes(l *layout, plane int, r image.Rectangle) []raster.Plane {
	if l.planar {
		i := slices.Index(w.bands, plane)
		return (&raster.Block{Bands: w.dst.Bands[i : i+1]}).Sub(r).Bands
	}
	return w.stored.Sub(r).Bands
}

// checkExpansion returns an error if no n bytes can become a block of size bytes.
func (l *layout) checkExpansion(n uint64, size int) error {
	if e := l.codec.MaxExpansion; e > 0 && uint64(size) > mul(n, uint64(e)) {
		return &FormatError{Name: tagCompression.String(), Value: l.compression.String(),
			Reason: fmt.Sprintf("%d bytes cannot hold %d", n, size)}
	}
	return nil
}

// lend returns the window as a part of a block in the cache, without a copy. It returns nil unless the window lies in
// one block of the file that is in the cache or would have to be decoded for it anyway. It also returns nil if the
// level has a mask, which has blocks of its own, and for reads that bypass the cache or read blocks in part.
func (w *window) lend(ctx context.Context, win image.Rectangle) (*raster.Block, error) {
	f, p := w.f, w.level.pixels
	l := p.layout
	at := l.at(win.Min)
	if at != l.at(win.Max.Sub(image.Pt(1, 1))) || w.level.mask != nil || w.passes {
		return nil, nil
	}
	_, far := p.d.s.in.src.(source.RangeReader)
	if w.parts || l.planar || far {
		// Planes that are not in the cache are better read together, and others by a range.
		for _, plane := range w.wanted { // wantValidity equals kindValidity
			if !f.has(ctx, f.blockKey(p, plane, at.X, at.Y)) {
				return nil, nil
			}
		}
	}
	var whole *raster.Block
	if !l.planar {
		b, err := f.block(ctx, p, 0, at.X, at.Y)
		if err != nil {
			return nil, err
		}
		whole = b.Select(w.bands)
	} else {
		whole = &raster.Block{Type: f.info.Type, Bands: make([]raster.Plane, len(w.bands))}
		for i, band := range w.bands {
			b, err := f.block(ctx, p, band, at.X, at.Y)
			if err != nil {
				return nil, err
			}
			whole.Bands[i] = b.Bands[0]
		}
		if w.samples {
			var err error
			if whole.Valid, err = f.validity(ctx, p, at.X, at.Y); err != nil {
				return nil, err
			}
		}
	}
	lent := whole.Sub(win)
	if lent.Opaque() {
		lent.Valid = nil
	}
	return lent, nil
}
