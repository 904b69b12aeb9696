package srs

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What WKT writes, FromWKT reads as the same system, for all codes of the registry.
func TestWKTComesBack(t *testing.T) {
	r := openRegistry()
	written, refused := 0, map[string]int{}
	for _, s := range []section{r.geographic, r.projected} {
		for i, code := range s.codes {
			authority := epsg
			if s.rows[i][0] == 'S' {
				authority = esri
			}
			d, err := lookup(authority, code)
			if err != nil {
				continue
			}
			c, err := makeCRS(d)
			if err != nil {
				t.Errorf("%s:%d: %v", authority, code, err)
				continue
			}
			text, err := c.WKT()
			if u, ok := errors.AsType[*UnsupportedError](err); ok {
				refused[u.Name]++
				continue
			}
			require.NoError(t, err)
			back, err := FromWKT(text)
			if !assert.NoError(t, err, text) {
				continue
			}
			written++
			e := back.definition()
			assert.Equal(t, d.unit, e.unit, text)
			assert.True(t, d.datum.ellipsoid.near(e.datum.ellipsoid), text)
			assert.InDelta(t, d.datum.meridian, e.datum.meridian, 1e-12, text)
			p, q := d.projection, e.projection
			assert.Equal(t, p.kernel, q.kernel, text)
			for _, v := range [][2]float64{
				{p.lon0, q.lon0}, {p.lat0, q.lat0}, {p.lat1, q.lat1}, {p.lat2, q.lat2}, {p.lon1, q.lon1}, {p.lon2, q.lon2},
				{p.k0, q.k0}, {p.alpha, q.alpha}, {p.gamma, q.gamma},
			} {
				if p.kernel != "x_merc" || p.k0 == 1 {
					assert.InDelta(t, v[0], v[1], 1e-12, text)
				}
			}
			assert.InDelta(t, p.x0, q.x0, 1e-7, text)
			assert.InDelta(t, p.y0, q.y0, 1e-7, text)
			assert.Equal(t, p.axes, q.axes, text)
			assert.Equal(t, p.variant, q.variant, text)
			if t.Failed() {
				t.Log(authority, code)
				return
			}
		}
	}
	t.Log(written, refused)
	assert.Greater(t, written, 8500)
}
