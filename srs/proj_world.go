package srs

import (
	"math"

	"github.com/go-spatial/proj/core"
)

// naturalEarth and naturalEarth2 are T. Patterson's projections of the sphere. The domain is all of the earth.
//
// Sources: B. Šavrič, B. Jenny, T. Patterson, D. Petrovič and L. Hurni, A polynomial equation for the Natural Earth
// projection, Cartography and Geographic Information Science 38 (2011); B. Šavrič, T. Patterson and B. Jenny, The
// Natural Earth II world map projection, International Journal of Cartography 1 (2015).
type naturalEarth struct{}

func newNaturalEarth(*core.System) (naturalEarth, error) { return naturalEarth{}, nil }

func (p naturalEarth) extent() extent { return worldExtent(p) }

func (naturalEarth) width(phi float64) float64 {
	t := phi * phi
	return 0.8707 + float64(t*(-0.131979+float64(t*(-0.013791+float64(t*t*t*(0.003971-float64(0.001529*t)))))))
}

func (naturalEarth) height(phi float64) (y, slope float64) {
	t := phi * phi
	y = phi * (1.007226 + float64(t*(0.015085+float64(t*t*(-0.044475+float64(0.028874*t)-float64(0.005916*t*t))))))
	slope = 1.007226 + float64(t*(3*0.015085+float64(t*t*(-7*0.044475+float64(9*0.028874*t)-float64(11*0.005916*t*t)))))
	return y, slope
}

func (p naturalEarth) project(lam, phi float64) (x, y float64) {
	y, _ = p.height(phi)
	return lam * p.width(phi), y
}

func (p naturalEarth) unproject(x, y float64) (lam, phi float64) {
	phi = inverseHeight(y, p.height)
	return longitude(x, p.width(phi)), phi
}

// inverseHeight solves y = g(φ), which grows from pole to pole.
func inverseHeight(y float64, g func(float64) (y, slope float64)) float64 {
	top, _ := g(math.Pi / 2)
	if !(math.Abs(y) <= top+planeSlack) {
		return math.NaN()
	}
	return solve(-math.Pi/2, math.Pi/2, y/top*math.Pi/2, func(phi float64) (float64, float64) {
		v, d := g(phi)
		return v - y, d
	})
}

type naturalEarth2 struct{}

func newNaturalEarth2(*core.System) (naturalEarth2, error) { return naturalEarth2{}, nil }

func (p naturalEarth2) extent() extent { return worldExtent(p) }

func (naturalEarth2) width(phi float64) float64 {
	t := phi * phi
	t6 := t * t * t
	t6 *= t6
	return 0.84719 - float64(0.13063*t) + float64(t6*(-0.04515+float64(t*(0.05494+float64(t*(-0.02326+float64(0.00331*t)))))))
}

func (naturalEarth2) height(phi float64) (y, slope float64) {
	t := phi * phi
	t4 := t * t * t * t
	y = phi * (1.01183 + float64(t4*(-0.02625+float64(t*(0.01926-float64(0.00396*t))))))
	slope = 1.01183 + float64(t4*(-9*0.02625+float64(t*(11*0.01926-float64(13*0.00396*t)))))
	return y, slope
}

func (p naturalEarth2) project(lam, phi float64) (x, y float64) {
	y, _ = p.height(phi)
	return lam * p.width(phi), y
}

func (p naturalEarth2) unproject(x, y float64) (lam, phi float64) {
	phi = inverseHeight(y, p.height)
	return longitude(x, p.width(phi)), phi
}
