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
			assert.True(t, nearEllipsoid(d.datum.ellipsoid, e.datum.ellipsoid), text)
			assert.InDelta(t, d.datum.meridian, e.datum.meridian, 1e-12, text)
			p, q := d.projection, e.projection
			assert.Equal(t, p.Descriptor, q.Descriptor, text)
			for _, v := range [][2]float64{
				{p.CentralMeridian, q.CentralMeridian}, {p.LatitudeOfOrigin, q.LatitudeOfOrigin}, {p.StandardParallel1, q.StandardParallel1}, {p.StandardParallel2, q.StandardParallel2}, {p.LatitudeOfPoint1, q.LatitudeOfPoint1}, {p.LatitudeOfPoint2, q.LatitudeOfPoint2},
				{p.LongitudeOfPoint1, q.LongitudeOfPoint1}, {p.LongitudeOfPoint2, q.LongitudeOfPoint2},
				{p.ScaleFactor, q.ScaleFactor}, {p.Azimuth, q.Azimuth}, {p.RectifiedGridAngle, q.RectifiedGridAngle},
			} {
				if p.ID() != "merc" || p.ScaleFactor == 1 {
					assert.InDelta(t, v[0], v[1], 1e-12, text)
				}
			}
			assert.InDelta(t, p.FalseEasting, q.FalseEasting, 1e-7, text)
			assert.InDelta(t, p.FalseNorthing, q.FalseNorthing, 1e-7, text)
			assert.Equal(t, p.Axes, q.Axes, text)
			assert.Equal(t, p.Variant, q.Variant, text)
			if t.Failed() {
				t.Log(authority, code)
				return
			}
		}
	}
	t.Log(written, refused)
	assert.Greater(t, written, 8500)
}

// TestErrorsRepeat: of two wrong parameters the error names the same one on every run.
func TestErrorsRepeat(t *testing.T) {
	text := `PROJCS["x",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],` +
		`PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],` +
		`PARAMETER["False_Northing",1e16],PARAMETER["False_Easting",1e16],PARAMETER["Central_Meridian",9],UNIT["Meter",1]]`
	for range 50 {
		_, err := FromWKT(text)
		require.ErrorContains(t, err, `parameter "False_Easting" is 1e+16`)
	}
}
