package geotiff

import (
	"context"
	"fmt"

	"github.com/geoexport/geoexport/raster"
)

const (
	photometricRGB   = 2
	photometricYCbCr = 6
)

// maxJPEGTables bounds the size of the JPEGTables tag. All tables that a stream can define take 2,700 bytes.
const maxJPEGTables = 16 << 10

// readColor reads the fields that describe the coding of colours, if the package converts them: YCbCr becomes RGB. If
// the codec does that itself, it reads the fields that the codec needs.
func (l *layout) readColor(ctx context.Context, d *directory) error {
	ycbcr := l.photometric == photometricYCbCr
	switch {
	case ycbcr && (l.bands != 3 || l.planar):
		return unsupported(tagPhotometric, l.photometric, fmt.Sprintf("YCbCr in %d bands, want 3 that are not apart", l.bands))
	case ycbcr && (l.typ != raster.U8 || l.bits != 8):
		return unsupported(tagPhotometric, l.photometric, fmt.Sprintf("YCbCr with samples of type %v and %d bits, want 8", l.typ, l.bits))
	case ycbcr && l.compression != JPEG:
		return l.readYCbCr(ctx, d)
	case l.codec.Planes == nil:
		return nil
	case l.typ != raster.U8 || l.bits != 8:
		return unsupported(tagBitsPerSample, l.bits, fmt.Sprintf("%v with samples of type %v, want 8 bits, unsigned", l.compression, l.typ))
	case l.compression != JPEG || !d.has(tagJPEGTables):
		return nil
	}
	if n := d.fields[tagJPEGTables].size; n > maxJPEGTables {
		return wrong(tagJPEGTables, nil, fmt.Sprintf("%d bytes, want %d at most", n, maxJPEGTables))
	}
	var err error
	_, l.jpegTables, err = d.data(ctx, tagJPEGTables)
	return err
}

// decodePlanes decodes the n bytes at off into planes of bytes, with a codec that has Planes.
func (f *File) decodePlanes(ctx context.Context, p *pixels, planes []raster.Plane, off, n uint64) error {
	l := p.layout
	scratch := f.caches.of(ctx).Scratch()
	src := scratch.Bytes(int(n))
	defer scratch.PutBytes(src)
	if err := p.readAt(ctx, *src, off); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	dst := make([]*raster.PlaneOf[uint8], len(planes))
	for i := range planes {
		dst[i] = planes[i].(*raster.PlaneOf[uint8])
	}
	shape := BlockShape{Width: l.block.X, Height: l.block.Y, FrameHeight: l.frameHeight(planes[0].Bounds()), Samples: l.samples(), Bits: l.bits, Photometric: l.photometric,
		JPEGTables: l.jpegTables, Interrupt: ctx.Err}
	return l.decoded(func() error { return l.codec.Planes(dst, *src, shape) })
}
