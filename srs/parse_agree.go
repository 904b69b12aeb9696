package srs

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// maxRounding is how far apart, in metres, a text and the code that it bears may put a point. Texts of 13 digits stay far
// below it.
const maxRounding = 2e-3

// withText returns the definition of a code that a text bears beside a definition of its own, which read returns. Where
// the two differ by more than rounding, the text counts, and the definition has no code. An operation to WGS 84 in the
// text replaces those of the code, as it is no part of what the code names.
func (d definition) withText(read func() (definition, error)) definition {
	t, err := read()
	if err != nil {
		d.note = fmt.Sprintf("%s: its code decides, as its text is not understood: %v", d.codeName(), err)
		return d
	}
	if why := d.system.differs(t.system, d.area); why != "" {
		t.wkid, t.latest, t.authority = 0, 0, ""
		t.note = fmt.Sprintf("the text counts, and not its code %s, as %s", d.codeName(), why)
		return t
	}
	d.note = t.note
	if t.datum.operations.text != "" {
		d.datum.operations = t.datum.operations
	}
	return d
}

// codeName returns the code with its authority.
func (d definition) codeName() string { return fmt.Sprintf("%s:%d", d.authority, d.wkid) }

// differs states in what two systems differ by more than the rounding of texts, and is empty if they do not. area is the
// number of the area of use of s in the registry, as in definition.
func (s system) differs(t system, area int) string {
	a, b := s.datum, t.datum
	switch {
	case !nearEllipsoid(a.ellipsoid, b.ellipsoid):
		return "their ellipsoids differ"
	case b.id != "" && b.id != a.id && canonical(a.name) != canonical(b.name) && b.operations.text == "" &&
		a.operations.list != b.operations.list:
		return fmt.Sprintf("their datums differ: %s and %s", b.name, a.name)
	case s.geographic() != t.geographic():
		return "one of them is projected"
	}
	from, err := newConversion(s)
	if err != nil {
		return ""
	}
	to, err := newConversion(t)
	if err != nil {
		return err.Error()
	}
	xs, ys := samplesOfUse(area, from.lon0, s.projection.LatitudeOfOrigin)
	us, vs := append([]float64(nil), xs...), append([]float64(nil), ys...)
	world := newGeographicConversion(degree, 0)
	for _, c := range []struct {
		to   conversion
		x, y []float64
	}{{from, xs, ys}, {to, us, vs}} {
		tr := newTransformer(world, c.to)
		tr.changes = true
		tr.Transform(c.x, c.y)
	}
	size := s.unit
	if s.geographic() {
		size *= a.ellipsoid.A
	}
	worst := 0.0
	for i := range xs {
		if from.period > 0 {
			us[i] = near(us[i], xs[i], from.period)
		}
		d := portable.Hypot(us[i]-xs[i], vs[i]-ys[i]) * size
		if math.IsNaN(d) && math.IsNaN(xs[i]) == math.IsNaN(us[i]) {
			continue // no image in either
		}
		if !(d <= worst) {
			worst = d
		}
	}
	switch {
	case math.IsNaN(worst):
		return "points have an image in one of them only"
	case worst > maxRounding:
		return fmt.Sprintf("they put a point up to %.3g m apart", worst)
	case math.Abs(s.unit/t.unit-1) > 1e-9:
		return fmt.Sprintf("their units are %v and %v", t.unit, s.unit)
	}
	return ""
}

// samplesOfUse returns some longitudes and latitudes in an area of use, or about a projection's origin if that is the
// world or unknown.
func samplesOfUse(area int, lon0, lat0 float64) (lons, lats []float64) {
	e := Envelope{lon0 - 20, max(-70, lat0-20), lon0 + 20, min(70, lat0+20)}
	if area > 0 {
		e = openRegistry().areaOfUse(area - 1)
		if e.XMax < e.XMin {
			e.XMax += 360
		}
	}
	for _, at := range [...][2]float64{{0.5, 0.5}, {0.1, 0.1}, {0.9, 0.2}, {0.2, 0.9}, {0.8, 0.8}} {
		lons = append(lons, e.XMin+float64(at[0]*e.Width()))
		lats = append(lats, e.YMin+float64(at[1]*e.Height()))
	}
	return lons, lats
}
