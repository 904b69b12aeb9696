package exportimage

import (
	"context"
	"errors"
	"slices"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// An IdentifyRequest asks what is at a place.
type IdentifyRequest struct {
	// Geometry is a point, or an envelope or polygon, of which the middle of the box around it counts.
	Geometry Geometry
	// PixelSize is that of the export whose pixel is looked at, in its CRS, which is also that of the export (default
	// the service's own size and CRS).
	PixelSize PixelSize
	// Export is the rest of the export: rules, time, bands, pixel type and so on. Its box, size, aspect and format do not
	// count. Its Interpolation defaults to Nearest.
	Export Request
	// Rules are further functions by which the place is looked at.
	Rules []function.Function
	// Items asks for the rasters there.
	Items bool
	// AllSlices asks for the values of all slices there that Export chooses, of all variables unless it names some.
	AllSlices bool
}

// An IdentifyResult is what is at a place.
type IdentifyResult struct {
	Location mosaic.Point     // in the geometry's CRS
	Type     raster.PixelType // of the values
	Values   []float64        // of each band; nil where there is no data
	Items    []IdentifiedItem // those that reach the place, the topmost first, if they were asked for
	Ruled    [][]float64      // as Values, by each of the request's Rules
	Slices   []SliceValues    // if AllSlices was asked for, in the order of their IDs
}

// SliceValues are the values of a slice at a place.
type SliceValues struct {
	Slice  Slice
	Type   raster.PixelType // of the values
	Values []float64        // of each band; nil where there is no data
}

// An IdentifiedItem is a raster at a place.
type IdentifiedItem struct {
	Item    *mosaic.Item
	Values  []float64 // as in an IdentifyResult, of this raster alone
	Visible bool      // the topmost with data
}

// Identify returns the pixel at a place: that which an export with a pixel around it has there, to the bit. Errors are of
// type *Error.
func (s *Service) Identify(ctx context.Context, req IdentifyRequest) (IdentifyResult, error) {
	return observed(ctx, s, "identifying", nil, func() (IdentifyResult, error) { return s.identify(ctx, req) })
}

func (s *Service) identify(ctx context.Context, req IdentifyRequest) (res IdentifyResult, err error) {
	switch req.Geometry.Type {
	case PointGeometry, EnvelopeGeometry, PolygonGeometry:
	case 0:
		return res, invalid("geometry", "it is missing: what is asked for is at a place")
	default:
		return res, unsupported("geometry", "a place is a point, an envelope or a polygon; others are for samples")
	}
	ctx, t, leave, err := s.enter(ctx, planPixels)
	if err != nil {
		return res, err
	}
	defer leave()
	defer t.keep(need{})
	d, err := s.describe(ctx)
	if err != nil {
		return res, err
	}
	req.Export = s.dated(req.Export)
	if req.AllSlices && d.Multidimensional == nil {
		return res, notMultidimensional("processAsMultidimensional")
	}
	crs := orCRS(req.Geometry.CRS, d.CRS)
	x, y, err := req.Geometry.middle(crs)
	if err != nil {
		return res, err
	}
	res.Location = mosaic.Point{CRS: crs, X: x, Y: y}
	at, err := s.pixelAt(d, res.Location, req.PixelSize, req.Export)
	if err != nil {
		return res, err
	}
	if req.AllSlices {
		all := sliceRequests(at, d.Multidimensional)
		if res.Slices, err = s.sliceValues(ctx, t, all, d); err != nil {
			return res, atPlace(err)
		}
		at = all[0] // Values are of one variable
	}
	px, err := s.pixel(ctx, t, at, req.Items)
	if err != nil {
		return res, atPlace(err)
	}
	res.Type, res.Values = px.typ, px.values
	for _, l := range px.parts {
		visible := l.values != nil && !slices.ContainsFunc(res.Items, func(i IdentifiedItem) bool { return i.Visible })
		res.Items = append(res.Items, IdentifiedItem{l.item, l.values, visible})
	}
	for _, rule := range req.Rules {
		at.Function = rule
		px, err := s.pixel(ctx, t, at, false)
		if err != nil {
			return res, atPlace(err)
		}
		res.Ruled = append(res.Ruled, px.values)
	}
	return res, nil
}

// middle returns the middle of the box around a place.
func (g Geometry) middle(crs srs.CRS) (x, y float64, err error) {
	e := g.Envelope
	if g.Type == EnvelopeGeometry {
		if e, err = g.box(crs); err != nil {
			return 0, 0, &Error{Kind: Invalid, Param: "geometry", Err: err}
		}
	}
	if x, y = e.Center(); e.XMax > g.Envelope.XMax { // it was turned
		x = wrapped(x, crs)
	}
	return x, y, nil
}

func orCRS(c, usual srs.CRS) srs.CRS {
	if c.IsZero() {
		return usual
	}
	return c
}

// pixelAt returns the export of one pixel around a place.
func (s *Service) pixelAt(d *Description, p mosaic.Point, size PixelSize, r Request) (Request, error) {
	if !finite(p.X, p.Y) {
		return r, invalid("geometry", "the coordinates must be finite numbers")
	}
	crs := orCRS(size.CRS, d.CRS)
	if size.X == 0 && size.Y == 0 {
		size, crs = d.PixelSize, d.CRS
	}
	if !(finite(size.X, size.Y) && size.X > 0 && size.Y > 0) {
		return r, invalid("pixelSize", "width and height must be positive")
	}
	xs, ys := []float64{p.X}, []float64{p.Y}
	if p.CRS != crs {
		t, err := s.transformer(p.CRS, crs, srs.Envelope{XMin: p.X, YMin: p.Y, XMax: p.X, YMax: p.Y})
		if err != nil {
			return r, &Error{Kind: Unsupported, Param: "geometry", Err: err}
		}
		if t.Transform(xs, ys) > 0 {
			return r, invalid("geometry", "%v,%v has no image in %v", p.X, p.Y, crs)
		}
	}
	w, h := size.X/2, size.Y/2
	r.BBox = srs.Envelope{XMin: xs[0] - w, YMin: ys[0] - h, XMax: xs[0] + w, YMax: ys[0] + h}
	if r.BBox.Empty() {
		return r, invalid("geometry", "%v,%v is so far out that a pixel has no size there", p.X, p.Y)
	}
	r.BBoxSR, r.ImageSR, r.ValidateExtent = crs, crs, false
	if r.Interpolation == 0 {
		r.Interpolation = nearest
	}
	return r, nil
}

// atPlace names the parameter at fault where a box is that was made from a place.
func atPlace(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Param == "bbox" {
		return &Error{Kind: e.Kind, Param: "geometry", Err: e.Err}
	}
	return err
}
