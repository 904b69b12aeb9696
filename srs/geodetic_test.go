package srs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

func TestGeodetic(t *testing.T) {
	for code, want := range map[int]struct {
		a, rf    float64
		x, y     float64 // projected
		lon, lat float64
	}{
		// echo "500000 5300000" | cs2cs -f %.9f EPSG:32633 EPSG:4326
		32633: {6378137, 298.257223563, 5e5, 53e5, 15, 47.853341946},
		3857:  {6378137, 298.257223563, 1e6, 6e6, 8.983152841, 47.353704702},
		// echo "700000 6600000" | invproj -f %.9f +proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80
		2154: {6378137, 298.257222101, 7e5, 66e5, 3, 46.5},
		// Clarke 1880 (IGN), degrees from Paris: the system's own, without a change of datum.
		27572: {6378249.2, 293.4660212936265, 6e5, 22e5, 0, 46.8},
	} {
		c, err := srs.FromWKID(code)
		require.NoError(t, err)
		a, f := c.Ellipsoid()
		assert.InDelta(t, want.a, a, 1e-6)
		assert.InDelta(t, 1/want.rf, f, 1e-12)
		g, err := c.Geodetic()
		require.NoError(t, err)
		assert.True(t, g.Geographic())
		tr, err := srs.NewTransformer(c, g)
		require.NoError(t, err)
		xs, ys := []float64{want.x}, []float64{want.y}
		require.Zero(t, tr.Transform(xs, ys))
		assert.InDelta(t, want.lon, xs[0], 1e-8, code)
		assert.InDelta(t, want.lat, ys[0], 1e-8, code)
		again, err := g.Geodetic()
		require.NoError(t, err)
		assert.Equal(t, g, again)
	}
	_, err := srs.CRS{}.Geodetic()
	require.ErrorIs(t, err, srs.ErrNotStated)
}
