package exportimage_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
)

// The usual slice is the one that an image shows whose request names none.
func TestUsualSlices(t *testing.T) {
	s, raw := servicetest.Ocean(t)
	for _, variable := range []string{"", "salinity", "water_temp"} {
		s.Defaults = exportimage.Request{}
		if variable != "" {
			s.Defaults.Slices = []mosaic.SliceCondition{{Variable: variable}}
		}
		usual, err := s.UsualSlices(t.Context())
		require.NoError(t, err)
		require.Len(t, usual, 1, variable)
		exportRequest := func(req exportimage.Request) any {
			req.Format, req.Size.X, req.Size.Y = "raw", 8, 8
			_, err := s.Export(t.Context(), req)
			require.NoError(t, err)
			return *raw
		}
		plain := exportRequest(exportimage.Request{})
		assert.Equal(t, plain, exportRequest(exportimage.Request{SliceID: &usual[0].ID}), variable)
		other := usual[0].ID + 2
		assert.NotEqual(t, plain, exportRequest(exportimage.Request{SliceID: &other}), "another slice differs")
	}
	s.Defaults = exportimage.Request{MosaicRule: mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{1, 2}}}
	several, err := s.UsualSlices(t.Context())
	require.NoError(t, err)
	assert.Greater(t, len(several), 1, "a rule that locks rasters leaves nothing open")
	flat, _ := service(world(t))
	_, err = flat.UsualSlices(t.Context())
	assert.Equal(t, exportimage.Unsupported, exportimage.AsError(err).Kind)
}
