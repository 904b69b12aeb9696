package geotiff

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/geoexport/geoexport/srs"
)

const (
	keyRasterType = 1025 // GTRasterTypeGeoKey

	rasterPixelIsArea  = 1
	rasterPixelIsPoint = 2
)

// readGeoKeys reads the file's GeoKeys; nil if it has none. A number that cannot be read is an error only for a spatial
// reference that needs it: its key carries the error.
func readGeoKeys(ctx context.Context, d *directory) ([]srs.GeoKey, error) {
	if !d.has(tagGeoKeyDirectory) {
		return nil, nil
	}
	values, err := d.uints(ctx, tagGeoKeyDirectory)
	if err != nil {
		return nil, err
	}
	tags := srs.GeoKeyTags{Directory: make([]uint16, len(values))}
	for i, v := range values {
		if v > math.MaxUint16 {
			return nil, wrong(tagGeoKeyDirectory, v, "want values of 16 bits")
		}
		tags.Directory[i] = uint16(v)
	}
	if len(values) == 0 {
		return nil, wrong(tagGeoKeyDirectory, values, "want version 1 and a header of 4 values")
	}
	if d.has(tagGeoASCIIParams) {
		if tags.ASCII, err = d.ascii(ctx, tagGeoASCIIParams); err != nil {
			return nil, err
		}
	}
	var errNumbers error
	if tags.Doubles, errNumbers = d.floats(ctx, tagGeoDoubleParams); ctx.Err() != nil {
		return nil, errNumbers
	}
	keys, err := tags.Keys()
	for i := range keys {
		if keys[i].Numbers != nil {
			keys[i].Err = errNumbers
		}
	}
	return keys, geoKeyError(err)
}

// pixelIsPoint reports whether the file's coordinates refer to pixel centres rather than to corners.
func pixelIsPoint(keys []srs.GeoKey) bool {
	point := false
	for _, k := range keys {
		if k.ID == keyRasterType {
			point = k.Code == rasterPixelIsPoint
		}
	}
	return point
}

// geoKeyError converts errors about GeoKeys to the error types of this package.
func geoKeyError(err error) error {
	e, ok := errors.AsType[*srs.GeoKeyError](err)
	switch {
	case !ok:
		return err
	case e.Unsupported && e.Err != nil:
		return fmt.Errorf("geotiff: %s %s: %w", e.Key, e.Value, e.Err)
	case e.Unsupported:
		return &UnsupportedError{Name: e.Key, Value: e.Value, Reason: e.Reason}
	}
	return &FormatError{Name: e.Key, Value: e.Value, Reason: e.Reason, Err: e.Err}
}
