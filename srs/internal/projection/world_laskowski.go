package projection

import "math"

var laskowskiProjection = Descriptor{
	Name:       "Laskowski",
	Operations: []Operation{{Name: "lask", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ lask",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "P. Laskowski, Map Projections (1991), tri-optimal; album, page 246",
	Samples: []string{"+proj=lask"},
	New:     pointwise(newLaskowski),
}

// laskowski is P. Laskowski's tri-optimal projection, two polynomials in longitude and latitude.
type laskowski struct{}

func newLaskowski(*Projection) (laskowski, error) { return laskowski{}, nil }

func (p laskowski) extent() Extent {
	b := worldExtent(p).Bounds
	for i := range 181 { // the greatest y is on the edge, next to its corners
		_, pole := p.project(float64(i)*degree, math.Pi/2)
		_, side := p.project(math.Pi, float64(i)*0.5*degree)
		b.YMax = max(b.YMax, pole+1e-3, side+1e-3)
	}
	b.YMin = -b.YMax
	return Extent{Top: math.Inf(1), Bounds: b}
}

func (p laskowski) project(lam, phi float64) (x, y float64) {
	x, y, _ = p.projectWithSlopes(lam, phi)
	return x, y
}

func (laskowski) projectWithSlopes(lam, phi float64) (x, y float64, s slopes) {
	const (
		a10, a12, a32, a14           = 0.975534, -0.119161, -0.0143059, -0.0547009
		b01, b21, b03, b41, b23, b05 = 1.00384, 0.0802894, 0.0998909, 0.000199025, -0.0285500, -0.0491032
	)
	l2, f2 := float64(lam*lam), float64(phi*phi)
	x = lam * (a10 + float64(f2*(a12+float64(a32*l2)+float64(a14*f2))))
	y = phi * (b01 + float64(l2*(b21+float64(b23*f2)+float64(b41*l2))) + float64(f2*(b03+float64(b05*f2))))
	return x, y, slopes{
		xLam: a10 + float64(f2*(a12+float64(3*a32*l2)+float64(a14*f2))),
		xPhi: lam * phi * (2*a12 + float64(2*a32*l2) + float64(4*a14*f2)),
		yLam: lam * phi * (2*b21 + float64(2*b23*f2) + float64(4*b41*l2)),
		yPhi: b01 + float64(l2*(b21+float64(3*b23*f2)+float64(b41*l2))) + float64(f2*(3*b03+float64(5*b05*f2))),
	}
}

func (p laskowski) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(x) <= 3.2 && math.Abs(y) <= 3.2) {
		return math.NaN(), math.NaN()
	}
	lam = max(-math.Pi, min(math.Pi, x/0.9))
	return solvePair(p, x, y, lam, max(-math.Pi/2, min(math.Pi/2, y/(1+float64(0.05*lam*lam)))))
}
