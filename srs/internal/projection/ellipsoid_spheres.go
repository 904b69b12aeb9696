package projection

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// spheres are the spheres that PROJ makes of an ellipsoid for a projection, by the names of its flags, in its order of
// precedence. phi is a latitude in radians, the value of those that have one.
var spheres = []struct {
	key   string
	value bool // whether the key has a latitude
	of    func(e Ellipsoid, phi float64) float64
}{
	{"R_A", false, func(e Ellipsoid, _ float64) float64 { return e.authalicSphere().A }},
	{"R_V", false, func(e Ellipsoid, _ float64) float64 { return portable.Cbrt(e.A * e.A * e.minor()) }},
	{"R_a", false, func(e Ellipsoid, _ float64) float64 { return 0.5 * (e.A + e.minor()) }},
	{"R_g", false, func(e Ellipsoid, _ float64) float64 { return math.Sqrt(e.A * e.minor()) }},
	{"R_h", false, func(e Ellipsoid, _ float64) float64 { return 2 * e.A * e.minor() / (e.A + e.minor()) }},
	{"R_lat_a", true, func(e Ellipsoid, phi float64) float64 { m, n := e.radii(phi); return 0.5 * (m + n) }},
	{"R_lat_g", true, func(e Ellipsoid, phi float64) float64 { m, n := e.radii(phi); return math.Sqrt(m * n) }},
}

// radiusKeys are the keys of spheres.
var radiusKeys = func() (keys []Key) {
	for _, s := range spheres {
		keys = append(keys, word(s.key))
	}
	return keys
}()

// sphere returns the sphere that the arguments make of an ellipsoid, or the ellipsoid.
func (o *Operation) sphere(e Ellipsoid, a Arguments) (Ellipsoid, error) {
	if o.Authalic {
		return e.authalicSphere(), nil
	}
	for _, s := range spheres {
		if !a.Has(s.key) || !s.value && !a.Flag(s.key) {
			continue
		}
		var lat float64
		if err := a.ReadNumber("an ellipsoid", s.key, &lat); s.value && err != nil {
			return e, err
		}
		if s.value && !(math.Abs(lat) <= 90) {
			return e, &Unsupported{"latitude in a projection", fmt.Sprint(lat)}
		}
		return Ellipsoid{A: s.of(e, lat*degree)}, nil
	}
	return e, nil
}

// minor returns the semi-minor axis.
func (e Ellipsoid) minor() float64 { return float64(e.A * (1 - e.f())) }

// radii returns the radii of curvature at a latitude, along the meridian and across it.
func (e Ellipsoid) radii(phi float64) (m, n float64) {
	es, sin := e.es(), portable.Sin(phi)
	w := 1 - float64(es*sin*sin)
	n = e.A / math.Sqrt(w)
	return n * (1 - es) / w, n
}
