package geotiff

import (
	"context"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
)

// The cache keeps a block of the file as a raster.Block of the part of the image that the block covers. It has all
// bands, or one if bands are stored apart. Valid is set if the validity follows from this block alone; it then includes
// alpha.

// pageLen is the number of entries of the arrays of block offsets and sizes that are read together: 32 KiB of the
// widest type.
const pageLen = 4096

// entry reads one entry of an array of offsets or sizes.
func (f *File) entry(ctx context.Context, p *pixels, t tag, kind int, index uint64) (uint64, error) {
	fd := p.d.fields[t]
	switch {
	case !p.d.has(t):
		return 0, wrong(t, nil, "missing")
	case fd.bad != "":
		return 0, wrong(t, nil, fd.bad)
	case index >= fd.count:
		return 0, wrong(t, nil, fmt.Sprintf("%d values, but there is a strip or tile with number %d", fd.count, index))
	}
	size := uint64(pageLen)
	if f.caches.of(ctx).Bytes() < entryCost+8*pageLen {
		size = 1 // without a cache, further entries would be lost
	}
	page, err := cached(ctx, f, cacheKey{f, p.id, kind, index / size}, func(ctx context.Context) ([]uint64, int64, error) {
		first := index - index%size
		v := make([]uint64, min(size, fd.count-first))
		unit := typeSize(fd.typ)
		b := make([]byte, uint64(len(v))*unit)
		if fd.offset == 0 {
			copy(b, fd.inline[first*unit:])
		} else if err := p.d.s.in.readAt(ctx, b, fd.offset+first*unit); err != nil {
			return nil, 0, err
		}
		if !p.d.s.decodeUints(v, b, fd.typ) {
			return nil, 0, wrong(t, nil, fmt.Sprintf("values of type %d, want whole numbers", fd.typ))
		}
		return v, int64(entryCost + 8*len(v)), nil
	})
	if err != nil {
		return 0, err
	}
	return page[index%size], nil
}

// block returns a block from the cache, or decodes it.
func (f *File) block(ctx context.Context, p *pixels, plane, col, row int) (*raster.Block, error) {
	key, keep := f.blockKey(p, plane, col, row), raster.Keep{Owner: f, Share: f.info.CacheShare(), Last: true}
	return raster.CachedAs(ctx, f.caches.of(ctx), key, keep, func(ctx context.Context) (*raster.Block, int64, error) {
		b, err := f.decode(ctx, p, plane, col, row)
		if err != nil {
			return nil, 0, fmt.Errorf("%s, block (%d,%d) of plane %d: %w", p.name, col, row, plane, err)
		}
		return b, cost(b), nil
	})
}

// blockKey returns a block's key in the cache. plane may be kindValidity, for the validity that follows from all planes
// there.
func (f *File) blockKey(p *pixels, plane, col, row int) cacheKey {
	return cacheKey{f, p.id, plane, uint64(row)*uint64(p.layout.across) + uint64(col)}
}

// entryCost is about the number of bytes that the cache needs for an entry besides its value.
const entryCost = 256

// cost returns the number of bytes that a block takes.
func cost(b *raster.Block) int64 {
	r := b.Bounds()
	n := int64(r.Dx()) * int64(r.Dy())
	c := entryCost + n*int64(len(b.Bands)*b.Type.Size())
	if b.Valid != nil {
		c += n
	}
	return c
}

// decode reads and decodes a block.
func (f *File) decode(ctx context.Context, p *pixels, plane, col, row int) (*raster.Block, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l := p.layout
	r := l.rect(col, row)
	off, n, err := f.locate(ctx, p, plane, col, row, uint64(l.packedBytes(r.Dy())))
	if err != nil {
		return nil, err
	}
	release, err := f.acquire(ctx, p, r, off, n)
	if err != nil {
		return nil, err
	}
	defer release()
	b := &raster.Block{Type: l.typ}
	if n == 0 {
		b.Bands = f.sparse(p, plane, r)
	} else if b.Bands, err = f.decodeBytes(ctx, p, r, off, n); err != nil {
		return nil, err
	}
	if !l.planar && !p.isMask {
		b.Valid, err = f.validOf(ctx, r, func(band int) (raster.Plane, error) {
			if n == 0 && f.noData.unknown {
				return nil, nil
			}
			return b.Bands[band], nil
		})
	}
	return b, err
}

// validOf computes from the samples of all bands which pixels of r hold data; nil if all do. It calls plane for one
// band after the other, which returns nil for a sparse block whose noData value is not understood.
func (f *File) validOf(ctx context.Context, r image.Rectangle, plane func(band int) (raster.Plane, error)) (*image.Alpha, error) {
	m := marker{rule: f.noData}
	if f.alpha >= 0 {
		p, err := plane(f.alpha)
		if err != nil {
			return nil, err
		}
		if m.valid = alphaPlane(p, f.info.Type); m.valid.Opaque() {
			m.valid = nil
		}
	}
	for b := range f.info.Bands {
		if b == f.alpha || !f.noData.active {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p, err := plane(b)
		if err != nil {
			return nil, err
		}
		if p == nil {
			m.addSparse(r)
		} else {
			m.add(p)
		}
	}
	return m.result(r), nil
}

// sparse returns the planes of a block that is not in the file.
func (f *File) sparse(p *pixels, plane int, r image.Rectangle) []raster.Plane {
	planes := make([]raster.Plane, p.layout.samples())
	for i := range planes {
		planes[i] = raster.NewPlanes(p.layout.typ, 1, r)[0]
		if noData := f.info.Bands[plane+i].NoData; noData != nil && !p.isMask {
			fill(planes[i], *noData)
		}
	}
	return planes
}

// decodeBytes decodes the n bytes at off into planes of the rectangle r.
func (f *File) decodeBytes(ctx context.Context, p *pixels, r image.Rectangle, off, n uint64) ([]raster.Plane, error) {
	l := p.layout
	size := l.packedBytes(r.Dy())
	if err := l.checkExpansion(n, size); err != nil {
		return nil, err
	}
	if l.codec.Planes != nil {
		planes := raster.NewPlanes(l.typ, l.samples(), r)
		return planes, f.decodePlanes(ctx, p, planes, off, n)
	}
	scratch := f.caches.of(ctx).Scratch()
	raw := scratch.Bytes(size)
	defer scratch.PutBytes(raw)
	if err := f.decodeRaw(ctx, p, *raw, r.Min.Y, off, n); err != nil {
		return nil, err
	}
	if unpacksFast(l) {
		planes := raster.NewPlanes(l.typ, l.samples(), r)
		return planes, l.unpackFastInto(ctx, planes, *raw)
	}
	return p.unpackPieces(ctx, *raw, r)
}

// decodeRaw decodes the n bytes at off into raw, and converts the codec's output to little endian samples, unless the
// predictor works on single bytes. top is the first row, which matters for a piece of a strip.
func (f *File) decodeRaw(ctx context.Context, p *pixels, raw []byte, top int, off, n uint64) error {
	l := p.layout
	if l.streamed() {
		row := top / l.block.Y
		s, err := f.strip(ctx, p, off, n, l.stripRowsOf(row/l.pieces))
		if err == nil {
			err = s.decode(ctx, p, raw, int64(l.above(row)))
		}
		if err != nil {
			return err
		}
	} else if l.compression == None && !l.reversed && n >= uint64(len(raw)) {
		if err := p.readAt(ctx, raw, off); err != nil {
			return err
		}
	} else {
		scratch := f.caches.of(ctx).Scratch()
		src := scratch.Bytes(int(n))
		defer scratch.PutBytes(src)
		if err := p.readAt(ctx, *src, off); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		shape := BlockShape{Width: l.block.X, Height: l.block.Y, Samples: l.samples(), Bits: l.bits, T4Options: l.t4Options,
			SampleFormat: l.format, LERCCompression: l.lerc, LERCAlpha: l.lercAlpha, Interrupt: ctx.Err}
		if err := l.decoded(func() error { return l.codec.Decode(raw, *src, shape) }); err != nil {
			return err
		}
	}
	if l.predictor != predictorFloat && p.d.s.order.Uint16([]byte{0, 1}) == 1 {
		swapBytes(raw, l.swap)
	}
	return nil
}

// undoPredictor undoes the predictor, row by row.
func (p *pixels) undoPredictor(raw []byte) {
	l := p.layout
	size := l.bits / 8
	if l.predictor == predictorNone {
		return
	}
	var tmp []byte
	if l.predictor == predictorFloat {
		tmp = make([]byte, l.rowBytes)
	}
	for ; len(raw) > 0; raw = raw[l.rowBytes:] {
		if row := raw[:l.rowBytes]; l.predictor == predictorFloat {
			undoFloat(row, tmp, l.samples(), size)
		} else {
			undoHorizontal(row, l.samples(), size)
		}
	}
}

// validity returns which pixels hold data at one place of a file whose bands are stored apart; nil if all do. It
// decodes the blocks of all bands there.
func (f *File) validity(ctx context.Context, p *pixels, col, row int) (*image.Alpha, error) {
	return cached(ctx, f, f.blockKey(p, kindValidity, col, row), func(ctx context.Context) (*image.Alpha, int64, error) {
		r := p.layout.rect(col, row)
		valid, err := f.validOf(ctx, r, func(band int) (raster.Plane, error) {
			if f.noData.unknown {
				size := uint64(p.layout.packedBytes(r.Dy()))
				if _, n, err := f.locate(ctx, p, band, col, row, size); n == 0 || err != nil {
					return nil, err
				}
			}
			b, err := f.block(ctx, p, band, col, row)
			if err != nil {
				return nil, err
			}
			return b.Bands[0], nil
		})
		if err != nil {
			return nil, 0, err
		}
		if valid == nil {
			return nil, entryCost, nil
		}
		return valid, int64(entryCost + len(valid.Pix)), nil
	})
}
