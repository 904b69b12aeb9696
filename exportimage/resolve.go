package exportimage

import (
	"errors"
	"fmt"
	"image"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// resolve completes a request by the service's defaults and returns it with its output grid. It finds all faults that a
// request has by itself, before anything is read or allocated.
func (s *Service) resolve(req Request, d *Description) (Request, raster.Grid, error) {
	r, grid, err := s.complete(req, d)
	if e, ok := errors.AsType[*Error](err); ok && e.Param == "bbox" && req.BBoxSR.IsZero() && !r.BBoxSR.IsZero() {
		// A box in another reference than the service's is the usual cause.
		err = &Error{Kind: e.Kind, Param: e.Param, Err: fmt.Errorf("%w; bboxSR was not stated, so that the box is in %v", e.Err, r.BBoxSR)}
	}
	return r, grid, err
}

// complete is resolve, without the warning that a box may be in another reference.
func (s *Service) complete(req Request, d *Description) (Request, raster.Grid, error) {
	req = sortedBySomething(req, s.Defaults)
	if err := checkValues(req); err != nil { // before a default takes the place of one
		return req, raster.Grid{}, err
	}
	r := s.dated(req.withDefaults(s.Defaults))
	fillDefaults(&r)
	fill(&r.BBoxSR, d.CRS)
	fill(&r.ImageSR, d.CRS)
	if (r.BBox == srs.Envelope{}) {
		r.BBox, r.BBoxSR = d.Extent, d.CRS
	}
	var grid raster.Grid
	if err := checkSize(r.Size, s.limits()); err != nil && !r.samples { // which have limits of their own
		return r, grid, err
	}
	if err := s.check(r); err != nil {
		return r, grid, err
	}
	box, err := orderCorners(r.BBox, r.BBoxSR)
	if err != nil {
		return r, grid, err
	}
	if r.ValidateExtent {
		if err := validateExtent(box, r.BBoxSR, d); err != nil {
			return r, grid, err
		}
	}
	if err := s.checkDatumTransformation(&r, d); err != nil {
		return r, grid, err
	}
	t, _, err := r.transformer(s, r.BBoxSR, r.ImageSR, box, "the box")
	if err != nil {
		return r, grid, datumError(err, "imageSR")
	}
	if r.Explain {
		r.datum.box = t.Operations()
	}
	out, err := t.Envelope(box)
	if err != nil {
		return r, grid, invalid("bbox", "the box has no image in imageSR: %w", err)
	}
	if out.Empty() || !out.Finite() {
		return r, grid, invalid("bbox", "the box has no area in imageSR")
	}
	if r.Aspect == GrowBox {
		out = squarePixels(out, r.Size)
	}
	grid = raster.NorthUp(r.ImageSR, out, r.Size)
	if err := checkResolution(grid); err != nil {
		return r, grid, err
	}
	return r, grid, nil
}

// dated returns a request with the moment that its conditions are about.
func (s *Service) dated(r Request) Request {
	if r.MosaicRule.Now.IsZero() {
		r.MosaicRule.Now = s.now()
	}
	return r
}

func (s *Service) now() time.Time {
	if s.Now == nil {
		return time.Now().UTC()
	}
	return s.Now().UTC()
}

// sortedBySomething returns a request whose rule has a field to sort by, or another method. Programs send the method
// Attribute alone, with a condition that leaves one raster at each place.
func sortedBySomething(r Request, d Request) Request {
	if r.MosaicRule.Method != mosaic.Attribute || r.MosaicRule.SortField != "" {
		return r
	}
	note := "mosaicRule: the method Attribute without a field to sort by, so that rasters are in the catalogue's order"
	if m := d.MosaicRule; m.Method == mosaic.Attribute && m.SortField != "" {
		r.MosaicRule.SortField = m.SortField
		if r.MosaicRule.SortValue == nil {
			r.MosaicRule.SortValue = m.SortValue
		}
		note = "mosaicRule: the method Attribute without a field to sort by, so that it is the service's own field"
	} else {
		r.MosaicRule.Method = mosaic.None
	}
	r.Forgiven = append(slices.Clip(r.Forgiven), note)
	return r
}

// checkSize compares a size with the limits, without a multiplication that could overflow.
func checkSize(size image.Point, l Limits) error {
	switch {
	case size.X <= 0 || size.Y <= 0:
		return invalid("size", "width and height must be at least 1, not %d,%d", size.X, size.Y)
	case size.X > l.Side || size.Y > l.Side:
		return sizeLimit(overLimit("Side", int64(max(size.X, size.Y)), int64(l.Side),
			"%d,%d is more than %d pixels on a side (limit Side)", size.X, size.Y, l.Side))
	case size.X > l.Pixels/size.Y:
		return sizeLimit(overLimit("Pixels", int64(size.X)*int64(size.Y), int64(l.Pixels),
			"%d,%d is more than %d pixels (limit Pixels)", size.X, size.Y, l.Pixels))
	}
	return nil
}

// Errors whose wording clients look for. They are in the chain of the *Error.
var (
	ErrSizeLimit = clientWording("The requested image exceeds the size limit.")
	ErrFormat    = clientWording("Output format not supported.")
)

type clientWording string

func (w clientWording) Error() string { return string(w) }

func sizeLimit(err error) error {
	return &Error{Kind: Invalid, Param: "size", Err: fmt.Errorf("%w: %w", err, ErrSizeLimit)}
}

// check returns an error for what the service cannot honour, so that nothing asked for is silently left out.
func (s *Service) check(r Request) error {
	if err := checkValues(r); err != nil {
		return err
	}
	if err := checkFormat(r.Format, s.formats()); err != nil && !r.samples && !r.sink.any() {
		return err
	}
	if most := s.limits().Bands; len(r.BandIDs) > most {
		return invalid("bandIds", "%w", overLimit("Bands", int64(len(r.BandIDs)), int64(most),
			"%d bands are more than %d (limit Bands)", len(r.BandIDs), most))
	}
	return nil
}

// operationFormats are the formats of the operation, whether a service has them or not.
var operationFormats = []string{
	"jpgpng", "png", "png8", "png24", "png32", "jpg", "bmp", "gif", "tiff", "bip", "bsq", "lerc",
}

func checkFormat(name string, served encode.Formats) error {
	if _, ok := served[name]; ok {
		return nil
	}
	if slices.Contains(operationFormats, name) {
		return unsupported("format", "format %s is not served", name)
	}
	names := slices.Sorted(maps.Keys(served))
	return &Error{Kind: Invalid, Param: "format", Err: fmt.Errorf("%s is not one of %s: %w",
		quote.Text(name), strings.Join(names, ", "), ErrFormat)}
}

// orderCorners returns a box with XMin < XMax and YMin < YMax, whose corners may come in any order, as clients send
// them: esri-leaflet swaps y, templates swap both. A box with only x swapped crosses the antimeridian where x is a
// longitude, and has no meaning elsewhere.
func orderCorners(e srs.Envelope, crs srs.CRS) (srs.Envelope, error) {
	switch {
	case !e.Finite():
		return e, invalid("bbox", "the coordinates must be finite numbers")
	case e.XMin == e.XMax || e.YMin == e.YMax:
		return e, invalid("bbox", "the box has no area")
	}
	switch xSwapped, ySwapped := e.XMin > e.XMax, e.YMin > e.YMax; {
	case xSwapped && ySwapped:
		return srs.Envelope{XMin: e.XMax, YMin: e.YMax, XMax: e.XMin, YMax: e.YMin}, nil
	case ySwapped:
		return srs.Envelope{XMin: e.XMin, YMin: e.YMax, XMax: e.XMax, YMax: e.YMin}, nil
	case xSwapped && crs.Geographic():
		turn := crs.Period()
		e.XMax += float64(turn * math.Ceil((e.XMin-e.XMax)/turn))
		return e, nil
	case xSwapped:
		return e, invalid("bbox", "xmin %v is greater than xmax %v", e.XMin, e.XMax)
	}
	return e, nil
}

// validateExtent returns an error if the box lies outside the service's extent.
func validateExtent(box srs.Envelope, crs srs.CRS, d *Description) error {
	t, err := srs.NewTransformer(crs, d.CRS)
	if err != nil {
		return &Error{Kind: Unsupported, Param: "bboxSR", Err: err}
	}
	e, err := t.Envelope(box)
	if err != nil || !e.Intersects(d.Extent) {
		return invalid("bbox", "the box lies outside the service's extent")
	}
	return nil
}

// squarePixels grows e about its centre, along one axis, until an image of the given size has square pixels.
func squarePixels(e srs.Envelope, size image.Point) srs.Envelope {
	w, h := float64(size.X), float64(size.Y)
	rx, ry := e.Width()/w, e.Height()/h
	cx, cy := e.Center()
	switch {
	case rx < ry:
		e.XMin, e.XMax = cx-ry*w/2, cx+ry*w/2
	case ry < rx:
		e.YMin, e.YMax = cy-rx*h/2, cy+rx*h/2
	}
	return e
}

// minStep is how many units in the last place of its coordinates a pixel must span. With fewer, neighbouring pixels
// would fall on the same coordinates. 16 keeps a pixel's place right to a thirtieth of it.
const minStep = 16

// maxTurns bounds how many worlds side by side an image may show, each with every raster in it.
const maxTurns = 64

// checkResolution refuses grids with pixels too close for floating-point coordinates, and grids beyond all bounds.
func checkResolution(g raster.Grid) error {
	e := g.Envelope()
	if !e.Finite() || math.IsInf(e.Width(), 0) || math.IsInf(e.Height(), 0) {
		return invalid("bbox", "the box is too large")
	}
	if turn := g.CRS.Period(); turn > 0 && e.Width() > maxTurns*turn {
		return invalid("bbox", "the image would show more than %d worlds side by side", maxTurns)
	}
	ulp := func(lo, hi float64) float64 {
		m := math.Max(math.Abs(lo), math.Abs(hi))
		return math.Nextafter(m, math.Inf(1)) - m
	}
	if g.Affine.A < minStep*ulp(e.XMin, e.XMax) || -g.Affine.E < minStep*ulp(e.YMin, e.YMax) {
		return invalid("bbox", "the box is too small for its size: its pixels are closer than numbers can tell apart")
	}
	return nil
}
