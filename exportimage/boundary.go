package exportimage

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/relate"
	"github.com/geoexport/geoexport/srs"
)

// A Boundary is what a service's rasters cover together.
type Boundary struct {
	Rings [][][2]float64 // closed; outer ones with the clock, holes against it
	CRS   srs.CRS
	Area  float64 // in square metres on the ellipsoid
}

// maxOutlines bounds how many rasters a boundary is made of.
const maxOutlines = 10_000

// Boundary returns the boundary of the outlines of all rasters together, in a CRS, which is the service's if it is zero.
// Errors are of type *Error.
func (s *Service) Boundary(ctx context.Context, crs srs.CRS) (Boundary, error) {
	return observed(ctx, s, "finding the boundary", nil, func() (Boundary, error) { return s.boundary(ctx, crs) })
}

func (s *Service) boundary(ctx context.Context, crs srs.CRS) (out Boundary, err error) {
	ctx, t, leave, err := s.enter(ctx, planPixels)
	if err != nil {
		return out, err
	}
	defer leave()
	defer t.keep(need{})
	return again(ctx, s, func() (Boundary, error) { return s.boundaryOnce(ctx, crs) })
}

func (s *Service) boundaryOnce(ctx context.Context, crs srs.CRS) (out Boundary, err error) {
	d, err := s.describe(ctx)
	if err != nil {
		return out, err
	}
	if d.Rasters > maxOutlines {
		return out, &Error{Kind: TooLarge, Err: fmt.Errorf("the boundary of more than %d rasters is not computed", maxOutlines)}
	}
	items, err := s.allItems(ctx, d)
	if err != nil {
		return out, err
	}
	fine := s.outliner(d.CRS, min(d.PixelSize.X, d.PixelSize.Y)/2)
	var rings [][][2]float64
	far := 0.0
	for _, it := range items {
		ring, err := fine.footprint(it.Footprint, d)
		if err != nil {
			return out, &RasterError{"place", it.Name, err}
		}
		rings = append(rings, ring)
		e := boxOf(rings[len(rings)-1:])
		far = max(far, math.Abs(e.XMin), math.Abs(e.XMax), math.Abs(e.YMin), math.Abs(e.YMax))
		if err := ctx.Err(); err != nil {
			return out, err
		}
	}
	work := relate.Work{Left: maxRelating}
	union, ok := relate.Union(rings, far*sameness, &work)
	if work.Done() {
		return out, &Error{Kind: TooLarge, Err: errors.New("the rasters' outlines have too many corners for their boundary")}
	}
	if !ok {
		return out, unsupported("", "the rasters' outlines are too close to one another for their boundary")
	}
	corners := 0
	for _, ring := range union {
		corners += len(ring)
	}
	// Sides are straight in the service's CRS, and followed in short steps.
	steps := min(max(1, (1<<14)/max(1, corners)), envelopeSteps)
	m := measured{param: "outSR", kind: PolygonGeometry, crs: d.CRS, fine: true}
	for _, ring := range union {
		m.parts = append(m.parts, stepped(ring, steps))
	}
	onto, g, err := m.onEllipsoid()
	if err != nil {
		return out, err
	}
	out.Area = math.Abs(followedArea(onto, g, d.CRS.Period() > 0))
	out.CRS, out.Rings = orCRS(crs, d.CRS), union
	if out.CRS == d.CRS {
		return out, nil
	}
	o := s.outliner(out.CRS, 0)
	way, err := o.transformer(d.CRS, d)
	if err != nil {
		return out, &Error{Kind: Unsupported, Param: "outSR", Err: err}
	}
	if out.Rings, ok = o.bent(union, way, maxBent); !ok {
		return out, unsupported("outSR", "a part of the boundary has no image in %v", out.CRS)
	}
	return out, nil
}
