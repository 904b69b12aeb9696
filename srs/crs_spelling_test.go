package srs

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unique"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// eachCode calls f with the CRS of each code of the registry that has a projection.
func eachCode(t *testing.T, f func(code string, c CRS)) {
	r := openRegistry()
	for _, s := range []section{r.geographic, r.projected} {
		for i, code := range s.codes {
			authority := epsg
			if s.rows[i][0] == 'S' {
				authority = esri
			}
			d, err := lookup(authority, code)
			if _, ok := errors.AsType[*UnsupportedError](err); ok {
				continue
			}
			require.NoError(t, err)
			c, err := makeCRS(d)
			require.NoError(t, err)
			f(c.String(), c)
		}
	}
}

// sameCoordinates holds two systems to the same coordinates of five points of the first one's area of use. On datums of
// one name these are counted from that: EPSG and Esri list different operations for some, and a text without a code has
// EPSG's.
func sameCoordinates(t *testing.T, want, got CRS, message string) bool {
	area, ok := want.AreaOfUse()
	require.True(t, ok)
	world := mustCRS(t, 4326)
	points := func(c CRS) (xs, ys []float64) {
		for _, at := range [][2]float64{{0.5, 0.5}, {0.3, 0.3}, {0.7, 0.3}, {0.3, 0.7}, {0.7, 0.7}} {
			xs = append(xs, area.XMin+at[0]*(area.XMax-area.XMin))
			ys = append(ys, area.YMin+at[1]*(area.YMax-area.YMin))
		}
		from := world
		a, b := want.definition(), got.definition()
		if a.datum.name == b.datum.name || canonical(a.datumName()) == canonical(b.datumName()) {
			d := c.definition()
			d.system = system{datum: d.datum, unit: degree}
			from = CRS{unique.Make(d)}
		}
		tr, err := NewTransformer(from, c)
		require.NoError(t, err, message)
		tr.Transform(xs, ys)
		return xs, ys
	}
	x, y := points(want)
	u, v := points(got)
	size := want.Unit()
	if want.Geographic() {
		size *= 6378137
	}
	for i := range x {
		off := math.Hypot(x[i]-u[i], y[i]-v[i]) * size
		if !assert.True(t, off < 1e-6 || math.IsNaN(x[i]) && math.IsNaN(u[i]), "%g %g, %g %g: %s", x[i], y[i], u[i], v[i], message) {
			return false
		}
	}
	return assert.Equal(t, want.Unit(), got.Unit(), message) && assert.Equal(t, want.Geographic(), got.Geographic(), message)
}

// What WKT2 writes, FromWKT reads as the same system, for all codes of the registry. Their own codes are taken away
// first, for with them nothing else would be read.
func TestWKT2ComesBack(t *testing.T) {
	refused := map[string]int{}
	written := 0
	eachCode(t, func(code string, c CRS) {
		text, err := c.WKT2()
		if u, ok := errors.AsType[*UnsupportedError](err); ok {
			refused[u.Name+" "+code]++
			return
		}
		require.NoError(t, err)
		written++
		id := strings.LastIndex(text, `,ID["`)
		require.Greater(t, id, 0, text)
		back, err := FromWKT(text[:id] + "]")
		if assert.NoError(t, err, text) {
			sameCoordinates(t, c, back, code+" "+text)
		}
		whole, err := FromWKT(text)
		require.NoError(t, err)
		assert.Equal(t, c, whole, text)
	})
	t.Log(written, refused)
	assert.Empty(t, refused)
	assert.Greater(t, written, 8800)
}
