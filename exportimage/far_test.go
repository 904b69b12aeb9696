package exportimage_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// TestFarRasters: a raster that is far away and cannot be read is an error that names it and its source, of a kind that
// says what to do; and what was fetched counts for the export and for its caller.
func TestFarRasters(t *testing.T) {
	crs, err := srs.FromWKID(3857)
	require.NoError(t, err)
	for _, row := range []struct {
		fault source.FarError
		want  exportimage.Kind
	}{
		{source.FarError{Status: http.StatusForbidden}, exportimage.Upstream},
		{source.FarError{Status: http.StatusNotFound}, exportimage.Upstream},
		{source.FarError{Err: fmt.Errorf("connection refused")}, exportimage.Upstream},
		{source.FarError{Status: http.StatusServiceUnavailable}, exportimage.Unavailable},
		{source.FarError{Status: http.StatusTooManyRequests}, exportimage.Unavailable},
		{source.FarError{Err: context.DeadlineExceeded}, exportimage.Timeout},
	} {
		row.fault.Name = "https://example.com/a.tif"
		item := &mosaic.Item{ID: 1, Name: "a", Footprint: mosaic.Footprint{CRS: crs, Envelope: srs.Envelope{XMax: 10, YMax: 10}},
			Open: func(ctx context.Context) (raster.Dataset, error) {
				source.CounterOf(ctx).Add(3, 1000, 2)
				return nil, &row.fault
			}}
		var counter source.Counter
		s := &exportimage.Service{Catalog: mosaic.Slice{item}, CRS: crs}
		_, err := s.Export(source.WithCounter(t.Context(), &counter), exportimage.Request{BBox: srs.Envelope{XMax: 10, YMax: 10}})
		var e *exportimage.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, row.want, e.Kind, "%+v", row.fault)
		var named *exportimage.RasterError
		require.ErrorAs(t, err, &named)
		assert.Contains(t, named.Public(), `raster "a"`)
		assert.Contains(t, named.Public(), "https://example.com/a.tif")
		assert.NotZero(t, counter.Requests())
	}
}
