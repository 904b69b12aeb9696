package exportimage

import (
	"fmt"
	"math"
	"reflect"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// sound returns an error for a configuration that has no meaning: a fault of the program that made the service.
func (s *Service) sound() error {
	fault := func(format string, args ...any) error {
		return &Error{Err: fmt.Errorf("the service's "+format, args...)}
	}
	err := s.Limits.check()
	if err == nil {
		g := s.gate()
		g.init()
		err = g.limits.check()
	}
	if err != nil {
		return &Error{Err: err}
	}
	if e := s.Extent; !e.Finite() || e.XMin > e.XMax || e.YMin > e.YMax {
		return fault("Extent is no box: %v", e)
	}
	if !known(s.PixelType) {
		return fault("PixelType is %v", s.PixelType)
	}
	for _, r := range s.Stretch {
		if !finite(r.Min, r.Max) || r.Min > r.Max {
			return fault("Stretch has no range from %v to %v", r.Min, r.Max)
		}
	}
	if s.Tiles != nil {
		if err := s.Tiles.check(); err != nil {
			return fault("Tiles: %w", err)
		}
	}
	for _, t := range s.Functions {
		if isNil(t.Function) {
			return fault("function %q is a %T that is nil", t.Name, t.Function)
		}
	}
	return nil
}

// Limits beyond these have no meaning: sizes that are multiplied no longer fit into an int.
const (
	maxSide   = math.MaxInt32
	maxPixels = 1 << 40
	maxCount  = 1 << 20 // of rasters' bands, exports and workers
	maxBytes  = 1 << 50
)

// check returns an error that names a limit which is negative or beyond all meaning. Zero limits are their defaults.
func (l Limits) check() error {
	for _, limit := range []struct {
		name     string
		is, most int64
	}{
		{"Side", int64(l.Side), maxSide}, {"Pixels", int64(l.Pixels), maxPixels}, {"Items", int64(l.Items), math.MaxInt32},
		{"SourcePixels", l.SourcePixels, math.MaxInt64}, {"HistogramPixels", int64(l.HistogramPixels), maxPixels}, {"Bands", int64(l.Bands), maxCount},
		{"Time", int64(l.Time), math.MaxInt64}, {"Wait", int64(l.Wait), math.MaxInt64},
		{"Exports", int64(l.Exports), maxCount}, {"Queue", int64(l.Queue), math.MaxInt32},
		{"Workers", int64(l.Workers), maxCount}, {"Bytes", l.Bytes, maxBytes}, {"Spool", l.Spool, maxBytes},
	} {
		if limit.is < 0 || limit.is > limit.most {
			return fmt.Errorf("limit %s is %d, and must be between 0 and %d", limit.name, limit.is, limit.most)
		}
	}
	return nil
}

// known reports whether a pixel type is one of raster's constants.
func known(t raster.PixelType) bool { return t == raster.Unknown || t.Size() > 0 }

// isNil reports whether a function is a nil pointer. A nil Function is not: it stands for no function.
func isNil(f function.Function) bool {
	v := reflect.ValueOf(f)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// checkValues returns an error for a field of a request whose value has no meaning, whatever the service is.
func checkValues(r Request) error {
	switch {
	case !known(r.PixelType):
		return invalid("pixelType", "there is no pixel type %d", r.PixelType)
	case !r.Interpolation.Known():
		return invalid("interpolation", "there is no interpolation %d", r.Interpolation)
	case r.Aspect > ExactBox:
		return invalid("adjustAspectRatio", "there is no aspect %d", r.Aspect)
	case r.NoDataMatch > MatchAll:
		return invalid("noDataInterpretation", "there is no match %d", r.NoDataMatch)
	case !finite(r.NoData...):
		return invalid("noData", "%v must be finite numbers: samples that are not are without data in any case", r.NoData)
	case reversed(r.Time):
		return invalid("time", "it ends before it begins")
	case r.LERCVersion < 0 || r.LERCVersion > 2:
		return invalid("lercVersion", "there is no version %d", r.LERCVersion)
	}
	if q := r.CompressionQuality; q != nil && (*q < 0 || *q > 100) {
		return invalid("compressionQuality", "%d is not between 0 and 100", *q)
	}
	if t := r.CompressionTolerance; t != nil && (!finite(*t) || *t < 0) {
		return invalid("compressionTolerance", "%v is not a number from 0 on", *t)
	}
	for _, p := range []struct {
		name string
		at   *mosaic.Point
	}{{"viewpoint", r.MosaicRule.Viewpoint}, {"corner", r.MosaicRule.Corner}} {
		if p.at != nil && !finite(p.at.X, p.at.Y) {
			return invalid("mosaicRule", "the %s is not finite", p.name)
		}
	}
	if err := r.MosaicRule.Validate(); err != nil {
		return &Error{Kind: Invalid, Param: "mosaicRule", Err: err}
	}
	return nil
}

func reversed(t mosaic.TimeExtent) bool {
	return !t.From.IsZero() && !t.To.IsZero() && t.To.Before(t.From)
}

// common returns the time that two extents have in common. It ends before it begins if there is none, and then has
// nothing in common with any.
func common(a, b mosaic.TimeExtent) mosaic.TimeExtent {
	if a.From.IsZero() || !b.From.IsZero() && b.From.After(a.From) {
		a.From = b.From
	}
	if a.To.IsZero() || !b.To.IsZero() && b.To.Before(a.To) {
		a.To = b.To
	}
	return a
}
