package rastertest

import (
	"context"
	"image"
	"io"
	"math/rand/v2"
	"time"

	"github.com/geoexport/geoexport/raster"
)

// readFaults and infoFaults are what Faulty can inject.
var (
	readFaults = []Fault{
		Fail, Cancelled, Delay, Stall, Panic, NoResult, WrongBounds, WrongType, WrongBands, ShortPlanes, WrongValid,
	}
	infoFaults = []Fault{WrongInfo, InfoPanic}
)

// Faulty returns ds with faults: calls of its Read and Info that f picks do not keep what raster.Dataset promises. All
// others are those of ds, whose memory is never written to; so are its version and its Close, if it has them. It is safe
// for concurrent use.
func Faulty(ds raster.Dataset, f *Faults) raster.Dataset { return &faultyDataset{ds, f} }

type faultyDataset struct {
	ds     raster.Dataset
	faults *Faults
}

var _ raster.Versioned = (*faultyDataset)(nil)

// Version returns the version of the dataset; nil if it is not known.
func (d *faultyDataset) Version() raster.Version { return raster.VersionOf(d.ds) }

// Close closes the dataset, if it can be closed.
func (d *faultyDataset) Close() error {
	if c, ok := d.ds.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

func (d *faultyDataset) Info() raster.Info {
	info := d.ds.Info()
	kind, r, ok := d.faults.Next(infoFaults...)
	if !ok {
		return info
	}
	if kind == InfoPanic {
		panic("injected fault: Info")
	}
	switch r.IntN(5) {
	case 0:
		return raster.Info{}
	case 1:
		info.Levels = nil
	case 2:
		info.Levels = append([]image.Point{info.Grid.Size.Add(image.Pt(1, 0))}, info.Levels...)
	case 3:
		info.Levels = append(info.Levels[:len(info.Levels):len(info.Levels)], image.Pt(0, -3))
	case 4:
		info.Grid.Size = image.Pt(-1, 0)
	}
	return info
}

func (d *faultyDataset) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	kind, r, ok := d.faults.Next(readFaults...)
	if !ok {
		return d.ds.Read(ctx, dst, level, win, bands)
	}
	switch kind {
	case Fail:
		if dst != nil {
			scribble(dst)
		}
		return nil, ErrFault
	case Cancelled:
		return nil, context.Canceled
	case Delay:
		return delayed(ctx, d.faults.Delay, func() (*raster.Block, error) { return d.ds.Read(ctx, dst, level, win, bands) })
	case Stall:
		<-ctx.Done()
		return nil, ctx.Err()
	case Panic:
		panic("injected fault: Read")
	case NoResult:
		return nil, nil
	}
	blk, err := d.ds.Read(ctx, nil, level, win, bands)
	if err != nil {
		return nil, err
	}
	return spoil(blk, kind, r), nil
}

// delayed waits, unless the context ends before, and then calls f.
func delayed[T any](ctx context.Context, wait time.Duration, f func() (T, error)) (T, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return f()
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// spoil returns a block that is wrong in the way of kind. It shares blk's memory where that stays as it is.
func spoil(blk *raster.Block, kind Fault, r *rand.Rand) *raster.Block {
	b := *blk
	b.Bands = append([]raster.Plane(nil), blk.Bands...)
	bounds := blk.Bounds()
	switch kind {
	case WrongBounds:
		return wrongBounds(blk, bounds, r)
	case WrongType:
		other := raster.U16
		if b.Type == raster.U16 {
			other = raster.F32
		}
		if r.IntN(2) == 0 {
			b.Type = other // the planes stay
			return &b
		}
		if r.IntN(2) == 0 {
			b.Type = other
		}
		b.Bands = raster.NewPlanes(other, len(b.Bands), bounds)
	case WrongBands:
		switch r.IntN(5) {
		case 0:
			b.Bands = b.Bands[:len(b.Bands)-1]
		case 1:
			b.Bands = append(b.Bands, b.Bands[0])
		case 2:
			b.Bands = nil
		case 3:
			b.Bands[r.IntN(len(b.Bands))] = nil
		case 4:
			b.Bands[r.IntN(len(b.Bands))] = (*raster.PlaneOf[uint8])(nil)
		}
	case ShortPlanes:
		if b.Valid != nil && r.IntN(2) == 0 {
			b.Valid = &image.Alpha{Pix: b.Valid.Pix[:len(b.Valid.Pix)/2], Stride: b.Valid.Stride, Rect: b.Valid.Rect}
			return &b
		}
		i := r.IntN(len(b.Bands))
		b.Bands[i] = shortPlane(b.Type, bounds, r)
	case WrongValid:
		part := image.Rect(bounds.Min.X, bounds.Min.Y, bounds.Max.X, bounds.Max.Y-1)
		if r.IntN(2) == 0 {
			part = bounds.Add(image.Pt(1, 1))
		}
		b.Valid = image.NewAlpha(part)
	}
	return &b
}

// wrongBounds returns a block of the same type and bands with bounds that were not asked for.
func wrongBounds(blk *raster.Block, bounds image.Rectangle, r *rand.Rand) *raster.Block {
	other := bounds
	switch r.IntN(4) {
	case 0:
		other = bounds.Add(image.Pt(1, 0))
	case 1:
		other = bounds.Sub(bounds.Min).Sub(image.Pt(3, 3))
	case 2:
		other.Max.Y--
	case 3:
		other.Max.X++
	}
	return raster.NewBlock(blk.Type, len(blk.Bands), other)
}

// shortPlane returns a plane that states the bounds and lacks memory for them, or whose rows are not where they must
// be.
func shortPlane(t raster.PixelType, bounds image.Rectangle, r *rand.Rand) raster.Plane {
	n, stride := bounds.Dx()*bounds.Dy(), bounds.Dx()
	keep := n - 1
	switch r.IntN(4) {
	case 0:
		keep = 0
	case 1:
		keep = n / 2
	case 2:
		keep, stride = n, -stride
	}
	p := raster.NewPlanes(t, 1, bounds)[0]
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[int8]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[uint16]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[int16]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[uint32]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[int32]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[float32]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[float64]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[complex64]:
		cutPlane(p, keep, stride)
	case *raster.PlaneOf[complex128]:
		cutPlane(p, keep, stride)
	}
	return p
}

func cutPlane[T raster.Sample](p *raster.PlaneOf[T], keep, stride int) {
	p.Pix, p.Stride = p.Pix[:keep:keep], stride
}
