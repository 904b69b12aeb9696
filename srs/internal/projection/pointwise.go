package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// A pointProjection is a map projection that is written a point at a time, on the same terms as a kernel.
type pointProjection interface {
	project(lam, phi float64) (x, y float64)
	unproject(x, y float64) (lam, phi float64)
	extent() Extent
}

// pointKernel is the kernel of a pointProjection. Being generic, it calls the methods of a struct type directly.
type pointKernel[P pointProjection] struct{ p P }

// pointwise returns a kernel's constructor, given that of a pointProjection.
func pointwise[P pointProjection](create func(*Projection) (P, error)) func(*Projection) (Kernel, error) {
	return func(def *Projection) (Kernel, error) {
		p, err := create(def)
		if err != nil {
			return nil, err
		}
		return &pointKernel[P]{p}, nil
	}
}

func (k *pointKernel[P]) Extent() Extent { return k.p.extent() }

func (k *pointKernel[P]) Forward(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		x[i], y[i] = k.p.project(x[i], y[i])
	}
}

func (k *pointKernel[P]) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		x[i], y[i] = k.p.unproject(x[i], y[i])
	}
}

// planeSlack is how far, in radii, rounding may take a point out of a projection's outline: 0.6 mm.
const planeSlack = 1e-10

// longitude returns x/scale, where the outline of the world is at ±π times scale, and NaN outside of it. All of a pole is
// longitude 0 if it is a point.
func longitude(x, scale float64) float64 {
	switch {
	case !(math.Abs(x) <= float64(math.Pi*scale)+planeSlack):
		return math.NaN()
	case scale < 1e-15:
		return 0
	default:
		return max(-math.Pi, min(math.Pi, x/scale))
	}
}

// latitude clamps what rounding took over a pole, and makes NaN of what is beyond.
func latitude(phi float64) float64 {
	if !(math.Abs(phi) <= math.Pi/2+planeSlack) {
		return math.NaN()
	}
	return max(-math.Pi/2, min(math.Pi/2, phi))
}

// arcsine returns the arcsine of an argument that rounding may have taken beyond ±1, and NaN if it is farther beyond.
func arcsine(v float64) float64 {
	if !(math.Abs(v) <= 1+planeSlack) {
		return math.NaN()
	}
	return portable.Asin(max(-1, min(1, v)))
}

// worldExtent returns the extent of a projection of the whole earth whose greatest x is on the equator or at a pole and
// whose greatest y is at a pole.
func worldExtent(p interface {
	project(lam, phi float64) (x, y float64)
}) Extent {
	b := Box{}
	for _, lam := range [...]float64{-math.Pi, 0, math.Pi} {
		for _, phi := range [...]float64{-math.Pi / 2, 0, math.Pi / 2} {
			if x, y := p.project(lam, phi); !math.IsNaN(x) && !math.IsNaN(y) {
				b.XMin, b.XMax = min(b.XMin, x), max(b.XMax, x)
				b.YMin, b.YMax = min(b.YMin, y), max(b.YMax, y)
			}
		}
	}
	const slack = 1e-9
	return Extent{Top: math.Inf(1), Bounds: Box{b.XMin - slack, b.YMin - slack, b.XMax + slack, b.YMax + slack}}
}

// cylinderExtent returns the extent of a cylindrical projection in the normal aspect that shows the poles.
func cylinderExtent(p interface {
	project(lam, phi float64) (x, y float64)
}) Extent {
	x, y := p.project(math.Pi, math.Pi/2)
	_, y0 := p.project(0, -math.Pi/2)
	bounds := everywhere
	bounds.YMin, bounds.YMax = y0-planeSlack, y+planeSlack
	return Extent{Period: 2 * x, Top: math.Inf(1), Bounds: bounds}
}

// solve finds the root of an increasing function between low and high by Newton's method, and by halving where that
// leads astray. f gives value and derivative. 60 steps are enough for any function; a well-behaved one takes 4.
func solve(low, high, start float64, f func(float64) (value, slope float64)) float64 {
	t := start
	for range 60 {
		v, d := f(t)
		if v > 0 {
			high = t
		} else {
			low = t
		}
		step := v / d
		next := t - step
		if !(next >= low && next <= high) {
			next = float64(0.5 * (low + high))
			step = t - next
		}
		t = next
		if math.Abs(step) <= 1e-15*(1+math.Abs(t)) {
			break
		}
	}
	return t
}

// slopes are the derivatives of x and y by longitude and latitude.
type slopes struct{ xLam, xPhi, yLam, yPhi float64 }

// solvePair finds where a projection has a point of the plane by Newton's method in two dimensions, from a guess. It
// returns NaN if that does not converge in 30 steps. Slopes decide about the number of steps, not about the result, so that
// they may lack small terms.
func solvePair[P interface {
	projectWithSlopes(lam, phi float64) (x, y float64, s slopes)
}](p P, x, y, lam, phi float64) (float64, float64) {
	miss := math.Inf(1)
	for range 30 {
		u, v, s := p.projectWithSlopes(lam, phi)
		du, dv := u-x, v-y
		now := math.Abs(du) + math.Abs(dv)
		if now <= 1e-15 || now >= miss && now <= 1e-13 {
			return lam, phi
		}
		miss = now
		inv := 1 / (float64(s.xLam*s.yPhi) - float64(s.xPhi*s.yLam))
		dl := max(-0.5, min(0.5, float64((float64(s.yPhi*du)-float64(s.xPhi*dv))*inv)))
		dp := max(-0.5, min(0.5, float64((float64(s.xLam*dv)-float64(s.yLam*du))*inv)))
		lam, phi = max(-math.Pi, min(math.Pi, lam-dl)), max(-math.Pi/2, min(math.Pi/2, phi-dp))
		if now <= 1e-12 && math.Abs(dl)+math.Abs(dp) <= 1e-9 { // the next miss is less than 1e-3 of this
			return lam, phi
		}
	}
	return math.NaN(), math.NaN()
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
