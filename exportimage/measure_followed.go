package exportimage

import (
	"math"

	"github.com/tidwall/geodesic"

	"github.com/geoexport/geoexport/internal/portable"
)

// followedArea returns the area inside rings of longitudes and latitudes in degrees, whose vertices are close, positive if
// they run against the clock. It may be all of the ellipsoid, which areas of geodesic polygons are not. By Green's theorem,
// what a ring encloses is the area between it and the equator, with its sign, and half of the ellipsoid if there is a pole in it.
// Between vertices, the ring is a geodesic or, if it is straight, as in longitude and latitude.
func followedArea(rings [][][2]float64, g *geodesic.Ellipsoid, straight bool) (sum float64) {
	q := zoneArea(g)
	below := func(a, c [2]float64, _ float64) (area float64) {
		g.GenInverse(a[1], a[0], c[1], c[0], nil, nil, nil, nil, nil, nil, &area)
		return area
	}
	if straight {
		below = func(a, c [2]float64, turn float64) float64 { // by Simpson's rule
			return turn * (math.Pi / 180) * (q(a[1]) + float64(4*q((a[1]+c[1])/2)) + q(c[1])) / 6
		}
	}
	for _, ring := range rings {
		under, turned, north := 0.0, 0.0, 0.0
		for i := 1; i < len(ring); i++ {
			a, c := ring[i-1], ring[i]
			turn := c[0] - a[0]
			turn -= float64(360 * math.Round(turn/360)) // the short way
			turned += turn
			north += a[1]
			under += below(a, c, turn)
		}
		half := math.Copysign(2*math.Pi*q(90), north)
		sum += float64(math.Round(turned/360)*half) - under
	}
	return sum
}

// zoneArea returns the area between the equator and a latitude, for each radian of longitude (Snyder, Map Projections,
// 1987, equation 3-12).
func zoneArea(g *geodesic.Ellipsoid) func(latitude float64) float64 {
	f := g.Flattening()
	e2 := f * (2 - f)
	e, b := math.Sqrt(e2), g.Radius()*(1-f)
	return func(latitude float64) float64 {
		sin := portable.Sin(latitude * (math.Pi / 180))
		if e == 0 {
			return float64(b*b) * sin
		}
		return float64(b*b/2) * (sin/(1-float64(e2*sin*sin)) + portable.Atanh(e*sin)/e)
	}
}

// followedLength returns the length of rings whose vertices are close.
func followedLength(rings [][][2]float64, g *geodesic.Ellipsoid) (sum float64) {
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			var length float64
			g.Inverse(ring[i-1][1], ring[i-1][0], ring[i][1], ring[i][0], &length, nil, nil)
			sum += length
		}
	}
	return sum
}
