package projection

import "math"

var robinsonProjection = Descriptor{
	Name:       "Robinson",
	Operations: []Operation{{Name: "robin", Sphere: true}},
	Methods: []Method{{
		EPSG: "Robinson", Esri: "Robinson", GeoTIFF: 23,
		OGC:        []string{"Robinson"},
		Parameters: of(atNaturalOrigin, longitudeOfAzimuthalCentre), Surface: onSphere,
	}},
	Lacks:  LacksEPSG,
	Domain: "all of the earth", Source: album + ", page 82; the cubics of PROJ",
	Accuracy: 3, RimAccuracy: 3,
	Samples: []string{"+proj=robin"},
	New:     pointwise(newRobinson),
}

// robinson is A. H. Robinson's projection of the sphere, which is defined by a table for every fifth parallel (A. H.
// Robinson, A new map projection, International Yearbook of Cartography 14, 1974; Snyder & Voxland, 1989, page 82) and
// leaves open how to interpolate. Implementations differ by up to some hundred metres; this one uses the cubics of PROJ,
// whose coefficients were found from its results and agree with it to nanometres. They are continuous to the single
// precision that PROJ has them in: next to each fifth parallel there and back may be 3 m apart.
//
// The domain is all of the earth.
type robinson struct{ cubics *[18][2][4]float64 }

const robinsonX, robinsonY = 0.8487, 1.3523

// robinsonTable holds for each interval of 5° from the equator cubics in degrees from its beginning, of the parallel's
// length and of its distance from the equator, both relative to their greatest.
var robinsonTable = [18][2][4]float64{
	{{1, 0, -7.15515e-05, 3.1103e-06}, {0, 0.0124, 0, -8.45284e-11}},
	{{0.9986, -0.000482243, -2.4897e-05, -1.3309e-06}, {0.062, 0.0124, -1.26793e-09, 4.22642e-10}},
	{{0.9954, -0.00083103, -4.48605e-05, -9.86701e-07}, {0.124, 0.0124, 5.07171e-09, -1.60604e-09}},
	{{0.99, -0.00135364, -5.9661e-05, 3.6777e-06}, {0.186, 0.0123999, -1.90189e-08, 6.00152e-09}},
	{{0.9822, -0.00167442, -4.49547e-06, -5.72411e-06}, {0.248, 0.0124002, 7.10039e-08, -2.24e-08}},
	{{0.973, -0.00214868, -9.03571e-05, 1.8736e-08}, {0.31, 0.0123992, -2.64997e-07, 8.35986e-08}},
	{{0.96, -0.00305085, -9.00761e-05, 1.64917e-06}, {0.372, 0.0124029, 9.88983e-07, -3.11994e-07}},
	{{0.9427, -0.00382792, -6.53386e-05, -2.6154e-06}, {0.434, 0.0123893, -3.69093e-06, -4.35621e-07}},
	{{0.9216, -0.00467746, -0.00010457, 4.81243e-06}, {0.4958, 0.0123198, -1.02252e-05, -3.45523e-07}},
	{{0.8962, -0.00536223, -3.23831e-05, -5.43432e-06}, {0.5571, 0.0121916, -1.54081e-05, -5.82288e-07}},
	{{0.8679, -0.00609363, -0.000113898, 3.32484e-06}, {0.6176, 0.0119938, -2.41424e-05, -5.25327e-07}},
	{{0.835, -0.00698325, -6.40253e-05, 9.34959e-07}, {0.6769, 0.011713, -3.20223e-05, -5.16405e-07}},
	{{0.7986, -0.00755338, -5.00009e-05, 9.35324e-07}, {0.7346, 0.0113541, -3.97684e-05, -6.09052e-07}},
	{{0.7597, -0.00798324, -3.5971e-05, -2.27626e-06}, {0.7903, 0.0109107, -4.89042e-05, -1.04739e-06}},
	{{0.7186, -0.00851367, -7.01149e-05, -8.6303e-06}, {0.8435, 0.0103431, -6.4615e-05, -1.40374e-09}},
	{{0.6732, -0.00986209, -0.000199569, 1.91974e-05}, {0.8936, 0.00969686, -6.4636e-05, -8.547e-06}},
	{{0.6213, -0.010418, 8.83923e-05, 6.24051e-06}, {0.9394, 0.00840947, -0.000192841, -4.2106e-06}},
	{{0.5722, -0.00906601, 0.000182, 6.24051e-06}, {0.9761, 0.00616527, -0.000256, -4.2106e-06}},
}

// newRobinson rounds the table to the single precision that PROJ keeps it in.
func newRobinson(*Projection) (robinson, error) {
	table := robinsonTable
	for i := range table {
		for j := range table[i] {
			for k, v := range table[i][j] {
				table[i][j][k] = float64(float32(v))
			}
		}
	}
	return robinson{&table}, nil
}

func (p robinson) extent() Extent { return worldExtent(p) }

// at returns the cubics' values, and the slope of the second by degrees.
func (p robinson) at(phi float64) (width, height, slope float64) {
	i := min(int(float64(math.Abs(phi)*(36/math.Pi))+1e-15), 17) // a parallel of the table belongs to the interval above
	return p.interval(i, (math.Abs(phi)-float64(float64(i)*(math.Pi/36)))/degree)
}

func (p robinson) interval(i int, t float64) (width, height, slope float64) {
	a, b := &p.cubics[i][0], &p.cubics[i][1]
	return a[0] + float64(t*(a[1]+float64(t*(a[2]+float64(t*a[3]))))), b[0] + float64(t*(b[1]+float64(t*(b[2]+float64(t*b[3]))))),
		b[1] + float64(t*(float64(2*b[2])+float64(3*t*b[3])))
}

func (p robinson) project(lam, phi float64) (x, y float64) {
	if math.IsNaN(phi) {
		return math.NaN(), math.NaN()
	}
	width, height, _ := p.at(phi)
	return robinsonX * width * lam, math.Copysign(robinsonY*height, phi)
}

func (p robinson) unproject(x, y float64) (lam, phi float64) {
	v := math.Abs(y) / robinsonY
	if !(v <= 1+1e-6) { // the last cubic ends at 1 within its precision
		return math.NaN(), math.NaN()
	}
	i := 0
	for i < 17 && p.cubics[i+1][1][0] <= v+planeSlack {
		i++
	}
	t := solve(-0.001, 5.001, 5*(v-p.cubics[i][1][0])/0.06, func(t float64) (float64, float64) {
		_, h, slope := p.interval(i, t)
		return h - v, slope
	})
	width, _, _ := p.interval(i, t)
	phi = math.Copysign(min(90, float64(5*i)+max(0, t))*degree, y)
	return longitude(x, robinsonX*width), phi
}
