package srs

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// molodensky moves latitudes and longitudes by closed formulas, without geocentric coordinates: EPSG methods 9604, and
// 9605 if it is abridged (IOGP Guidance Note 7-2, Molodensky and Abridged Molodensky transformations). Heights are 0.
type molodensky struct {
	from, to ellipsoid
	t        [3]float64 // translations of geocentric coordinates in metres
	abridged bool
}

// inverse returns the transformation with its signs turned, which the Guidance Note gives for the way back.
func (m molodensky) inverse() molodensky {
	m.from, m.to = m.to, m.from
	for i := range m.t {
		m.t[i] = -m.t[i]
	}
	return m
}

func (m *molodensky) apply(lon, lat []float64) {
	lat = lat[:len(lon)]
	a := m.from.A
	b, es, _ := squares(m.from)
	flattening := func(e ellipsoid) float64 {
		if e.RF == 0 {
			return 0
		}
		return 1 / e.RF
	}
	f := flattening(m.from)
	da, df := m.to.A-a, flattening(m.to)-f
	for i := range lon {
		sinPhi, cosPhi := portable.Sincos(lat[i])
		sinLam, cosLam := portable.Sincos(lon[i])
		w := 1 - float64(es*sinPhi*sinPhi)
		n := a / math.Sqrt(w)
		rho := n * (1 - es) / w
		north := float64(m.t[2]*cosPhi) - float64(m.t[0]*sinPhi*cosLam) - float64(m.t[1]*sinPhi*sinLam)
		if m.abridged {
			north += float64((float64(a*df) + float64(f*da)) * 2 * sinPhi * cosPhi)
		} else {
			north += float64(da * n * es * sinPhi * cosPhi / a)
			north += float64(df * (float64(rho*a/b) + float64(n*b/a)) * sinPhi * cosPhi)
		}
		east := float64(m.t[1]*cosLam) - float64(m.t[0]*sinLam)
		lat[i] += north / rho
		lon[i] += east / (n * cosPhi)
	}
}
