package exportimage

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// A straight is a dataset whose colours are multiplied with alpha in the file, and are divided by it when they are read:
// all that is resampled, averaged or merged weights them with alpha. It is comparable, so that pyramids over the same
// dataset share tiles.
type straight struct {
	dataset raster.Dataset
	alpha   int // the band
}

var _ raster.Versioned = straight{}

// newStraight returns ds, or if its colours are multiplied with alpha, a dataset that divides them.
func newStraight(ds raster.Dataset, info raster.Info) raster.Dataset {
	alpha := slices.IndexFunc(info.Bands, func(b raster.Band) bool { return b.Alpha })
	if !info.Premultiplied || alpha < 0 || info.Type.Complex() {
		return ds
	}
	if c, ok := ds.(*raster.Checked); ok {
		ds = c.Dataset() // what is compared; the checks are made around this one
	}
	return straight{ds, alpha}
}

// Info returns that of the dataset.
func (s straight) Info() raster.Info {
	info := s.dataset.Info()
	info.Premultiplied = false
	return info
}

// Version returns that of the dataset.
func (s straight) Version() raster.Version { return raster.VersionOf(s.dataset) }

// Read reads from the dataset, and divides colours by alpha.
func (s straight) Read(
	ctx context.Context, _ *raster.Block, level int, win image.Rectangle, bands []int,
) (*raster.Block, error) {
	if bands == nil {
		for i := range s.dataset.Info().Bands {
			bands = append(bands, i)
		}
	}
	b, err := s.dataset.Read(ctx, nil, level, win, append(slices.Clone(bands), s.alpha))
	if err != nil {
		return nil, err
	}
	out := &raster.Block{Type: b.Type, Valid: b.Valid}
	last := len(bands)
	for i, p := range b.Bands[:last] {
		if bands[i] != s.alpha {
			if p, err = divided(p, b.Bands[last], b.Type); err != nil {
				return nil, err
			}
		}
		out.Bands = append(out.Bands, p)
	}
	return out, nil
}

// divided returns the samples of p divided by alpha, of which the largest value of an integer type, or 1, is opaque.
func divided(p, alpha raster.Plane, t raster.PixelType) (raster.Plane, error) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		return divide(p, alpha, t)
	case *raster.PlaneOf[int8]:
		return divide(p, alpha, t)
	case *raster.PlaneOf[uint16]:
		return divide(p, alpha, t)
	case *raster.PlaneOf[int16]:
		return divide(p, alpha, t)
	case *raster.PlaneOf[uint32]:
		return divide(p, alpha, t)
	case *raster.PlaneOf[int32]:
		return divide(p, alpha, t)
	case *raster.PlaneOf[float32]:
		return divide(p, alpha, t)
	case *raster.PlaneOf[float64]:
		return divide(p, alpha, t)
	}
	return nil, fmt.Errorf("colours of type %v multiplied with alpha", t)
}

func divide[T raster.Real](p *raster.PlaneOf[T], alpha raster.Plane, t raster.PixelType) (raster.Plane, error) {
	by, ok := alpha.(*raster.PlaneOf[T])
	if !ok {
		return nil, fmt.Errorf("alpha of another type than colours of type %v", t)
	}
	top, integer := 1.0, t.Integer()
	if integer {
		_, top = t.Range()
	}
	out := raster.NewPlane[T](p.Rect)
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		row, a := out.Row(y), by.Row(y)
		for x, v := range p.Row(y) {
			opacity := float64(a[x])
			if !(opacity > 0) {
				continue // no data
			}
			straight := float64(v) * top / opacity
			if integer {
				straight = math.Round(min(straight, top))
			}
			row[x] = T(straight)
		}
	}
	return out, nil
}
