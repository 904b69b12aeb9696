package exportimage_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

func TestBoundary(t *testing.T) {
	s := scenes(t)
	b, err := s.Boundary(t.Context(), srs.CRS{})
	require.NoError(t, err)
	require.Len(t, b.Rings, 1, "six scenes side by side")
	assert.Len(t, b.Rings[0], 5)
	assert.Contains(t, b.Rings[0], [2]float64{300, 200})
	whole := b.Area
	s.Catalog = s.Catalog.(mosaic.Slice)[1:] // without scene 6, a corner is missing
	deg := crs(t, 4326)
	b, err = (&exportimage.Service{Catalog: s.Catalog}).Boundary(t.Context(), deg)
	require.NoError(t, err)
	require.Len(t, b.Rings, 1)
	assert.Equal(t, deg, b.CRS)
	assert.InDelta(t, whole*5/6, b.Area, whole*1e-6)

	all, _ := service(world(t))
	b, err = all.Boundary(t.Context(), srs.CRS{})
	require.NoError(t, err)
	assert.InDelta(t, 510065621724088.44, b.Area, 1e4)

	// Scenes that overlap by a quarter.
	two := mosaic.Slice{sceneItems(t, 2, 1)[0], sceneItems(t, 2, 1)[1]}
	b, err = (&exportimage.Service{Catalog: two}).Boundary(t.Context(), srs.CRS{})
	require.NoError(t, err)
	side := float64(sceneSide * 10)
	assert.Len(t, b.Rings, 1)
	// The scale of UTM is 0.9996 at its meridian, and 1.0007 at 200 km, where these scenes begin.
	assert.InDelta(t, side*side*1.75, b.Area, side*side*1.75*0.002)
	assert.False(t, math.IsNaN(b.Area))

	_, err = (&exportimage.Service{}).Boundary(t.Context(), srs.CRS{})
	require.Error(t, err)
	_, err = all.Boundary(t.Context(), crs(t, 3857))
	var e *exportimage.Error
	require.ErrorAs(t, err, &e, "the poles have no image in Mercator")
	assert.Equal(t, "outSR", e.Param)
}
