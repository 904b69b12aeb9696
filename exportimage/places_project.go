package exportimage

import (
	"context"
	"fmt"

	"github.com/geoexport/geoexport/srs"
)

// A ProjectRequest asks for geometries in another CRS.
type ProjectRequest struct {
	Geometries []Geometry
	CRS        srs.CRS // zero is the service's
}

// Project returns geometries in another CRS, vertex by vertex, with the operations between datums that exports use. An
// envelope becomes the smallest one around its image. Errors are of type *Error.
func (s *Service) Project(ctx context.Context, req ProjectRequest) ([]Geometry, error) {
	return observed(ctx, s, "projecting", nil, func() ([]Geometry, error) { return s.projectAll(ctx, req) })
}

func (s *Service) projectAll(ctx context.Context, req ProjectRequest) ([]Geometry, error) {
	ctx, t, leave, err := s.enter(ctx, planPixels)
	if err != nil {
		return nil, err
	}
	defer leave()
	defer t.keep(need{})
	d, err := s.describe(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Geometry, len(req.Geometries))
	to := orCRS(req.CRS, d.CRS)
	for i, g := range req.Geometries {
		if out[i], err = s.projected(g, to, d); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// projected returns one geometry in another CRS.
func (s *Service) projected(g Geometry, to srs.CRS, d *Description) (Geometry, error) {
	const param = "geometries"
	from := orCRS(g.CRS, d.CRS)
	var e srs.Envelope
	if g.Type == EnvelopeGeometry {
		var err error
		if e, err = g.box(from); err != nil {
			return g, &Error{Kind: Invalid, Param: param, Err: err}
		}
	} else if e = boxOf(g.Parts); !e.Finite() {
		return g, &Error{Kind: Invalid, Param: param, Err: errNotFinite}
	}
	t, err := s.transformer(from, to, e)
	if err != nil {
		return g, &Error{Kind: Unsupported, Param: param, Err: err}
	}
	out := Geometry{Type: g.Type, CRS: to}
	if g.Type == EnvelopeGeometry {
		if out.Envelope, err = t.Envelope(e); err != nil {
			return g, invalid(param, "an envelope has no image in %v: %w", to, err)
		}
		return out, nil
	}
	m := measured{param: param, parts: g.Parts, crs: from}
	if out.Parts, err = m.transformed(t); err != nil {
		return g, err
	}
	out.Envelope = boxOf(out.Parts)
	return out, nil
}

// PixelLocations returns where places are in a raster, in pixels at full resolution: 0,0 is the outer corner of its first
// pixel, and places outside the raster have locations, too. The ID of the only raster of a service may be 0. Errors are of
// type *Error; of Kind NotFound if there is no raster with that ID.
func (s *Service) PixelLocations(ctx context.Context, id int64, points []Geometry) ([][2]float64, error) {
	return observed(ctx, s, "locating pixels", nil, func() ([][2]float64, error) { return s.pixelLocations(ctx, id, points) })
}

func (s *Service) pixelLocations(ctx context.Context, id int64, points []Geometry) ([][2]float64, error) {
	d, err := s.describe(ctx)
	if err != nil {
		return nil, err
	}
	if id == 0 {
		if d.Rasters != 1 {
			return nil, invalid("rasterId", "it is missing: the service has %d rasters", d.Rasters)
		}
		id = d.first[0].ID
	}
	info, err := s.rasterInfo(ctx, id)
	if err != nil {
		return nil, err
	}
	grid := info.Info.Grid
	inverse, ok := grid.Affine.Inverse()
	if !ok {
		return nil, &RasterError{"place", info.Item.Name, fmt.Errorf("its pixels have no size")}
	}
	out := make([][2]float64, 0, len(points))
	for _, g := range points {
		if g.Type != PointGeometry || len(g.Parts) != 1 || len(g.Parts[0]) != 1 {
			return nil, unsupported("geometries", "pixels are located at points")
		}
		at, err := s.projected(g, orCRS(grid.CRS, d.CRS), d)
		if err != nil {
			return nil, err
		}
		x, y := inverse.Apply(at.Parts[0][0][0], at.Parts[0][0][1])
		out = append(out, [2]float64{x, y})
	}
	return out, nil
}
