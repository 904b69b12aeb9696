package projection

import "math"

// globe has meridians that are circles through the points (0, ±π/2), at equal distances on the equator.
type globe struct{}

var globeExtent = Extent{
	Top: math.Inf(1), Bounds: Box{-math.Pi - planeSlack, -math.Pi/2 - planeSlack, math.Pi + planeSlack,
		math.Pi/2 + planeSlack},
}

// onMeridian returns x of a meridian at a height. Beyond 90° the circle's farther half bulges, and x is the outer of its
// two points at a height.
func (globe) onMeridian(lam, y float64) float64 {
	l := math.Abs(lam)
	if l < 1e-10 {
		return lam
	}
	// The circle's centre is at l − f, and its radius is f = ((π/2)²/l + l)/2; x = l − f + √(f² − y²).
	f := float64(0.5 * (math.Pi*math.Pi/4/l + l))
	drop := float64(y*y) / (f + math.Sqrt(float64((f-y)*(f+y))))
	return math.Copysign(l-drop, lam)
}

// meridianOf inverts onMeridian at a height: the circle through the poles and (x, y) meets the equator at l with
// l² + 2 a l = (π/2)², of which a = ((π/2)² − x² − y²)/2x.
func (globe) meridianOf(x, y float64) float64 {
	l := math.Abs(x)
	if l < 1e-10 {
		return x
	}
	const quarter = math.Pi * math.Pi / 4
	rest := float64((math.Pi/2-math.Abs(y))*(math.Pi/2+math.Abs(y))) - float64(l*l)
	a := 0.5 * rest / l
	root := math.Sqrt(float64(a*a) + quarter)
	lam := root - a
	if a > 0 {
		lam = quarter / (root + a)
	}
	if !(lam <= math.Pi+planeSlack) {
		return math.NaN()
	}
	return math.Copysign(min(lam, math.Pi), x)
}
