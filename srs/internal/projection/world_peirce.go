package projection

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var peirceProjection = Descriptor{
	Name:       "Peirce Quincuncial",
	Operations: []Operation{{Name: "peirce_q", Keys: []Key{lat0, k0, word("shape").must()}, Sphere: true, Check: checkPeirce}},
	Methods: []Method{
		{
			EPSG: "Peirce Quincuncial (Diamond)", Esri: "Peirce_Quincuncial", Parameters: peirceParameters(1),
			Surface: onSphere, Variant: "diamond", Sets: map[string]string{"shape": "diamond"}, Read: readPeirce,
		},
		{
			EPSG: "Peirce Quincuncial (Square)", Esri: "Peirce_Quincuncial", Parameters: peirceParameters(0),
			Surface: onSphere, Variant: "square", Sets: map[string]string{"shape": "square"}, Read: readPeirce,
		},
	},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "C. S. Peirce, American Journal of Mathematics 2 (1879)",
	Samples: []string{
		"+proj=peirce_q +shape=square",
		"+proj=peirce_q +shape=diamond +k_0=0.9",
	},
	New: pointwise(newPeirce),
}

// peirce is the quincuncial projection about the north pole: the northern hemisphere in a square, and each quarter of the
// southern one reflected in a side of it. The world is a square that stands on a corner (variant "diamond"), or turned
// by 45° on a side ("square"). Its domain is all of the earth; the cuts are the southern meridians of the sides' ends.
type peirce struct {
	jacobi
	k0     float64
	turned bool
}

func newPeirce(def *Projection) (peirce, error) {
	return peirce{newJacobi(), def.k0(), def.Variant == "square"}, nil
}

func (p peirce) extent() Extent {
	r := float64(2*quarterPeriod*p.k0) + planeSlack
	if p.turned {
		r /= math.Sqrt2
	}
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p peirce) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(phi)
	sinLam, cosLam := portable.Sincos(lam)
	u, v := cos*sinLam, -cos*cosLam
	x, y = inSquare(u, v, sin)
	if phi < 0 {
		if math.Abs(u) > math.Abs(v) {
			x = math.Copysign(2*quarterPeriod, u) - x
		} else {
			y = math.Copysign(2*quarterPeriod, v) - y
		}
	}
	if p.turned {
		x, y = (x-y)/math.Sqrt2, (x+y)/math.Sqrt2
	}
	return p.k0 * x, p.k0 * y
}

func (p peirce) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.k0, y/p.k0
	if p.turned {
		x, y = (x+y)/math.Sqrt2, (y-x)/math.Sqrt2
	}
	if !(math.Abs(x)+math.Abs(y) <= 2*quarterPeriod+planeSlack) {
		return math.NaN(), math.NaN()
	}
	south := 1.0
	switch {
	case math.Abs(x) > quarterPeriod:
		x, south = math.Copysign(2*quarterPeriod, x)-x, -1
	case math.Abs(y) > quarterPeriod:
		y, south = math.Copysign(2*quarterPeriod, y)-y, -1
	}
	u, v, w := p.vector(x, y)
	return portable.Atan2(u, -v), south * portable.Atan2(max(0, w), portable.Hypot(u, v))
}

// peirceParameters returns the parameters. Esri's Option is 0 for the square and 1 for the diamond.
func peirceParameters(shape float64) []Parameter {
	return of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin, scaleAtNaturalOrigin, option.fixedAt(shape))
}

// readPeirce reads the shape from Esri's Option.
func readPeirce(r *reading) error {
	if v, ok := r.Values["option"]; ok {
		shape, known := map[float64]string{0: "square", 1: "diamond"}[v]
		if !known {
			return &Unsupported{"value of a parameter", fmt.Sprintf("Option %v of Peirce_Quincuncial", v)}
		}
		delete(r.Values, "option")
		r.Sets["shape"] = Value{Word: shape}
	}
	return nil
}

func checkPeirce(p *Projection, a Arguments) error {
	if a.Has("lat_0") && p.LatitudeOfOrigin != 90 {
		return &Unsupported{"latitude of origin of peirce_q", a["lat_0"].String()}
	}
	p.LatitudeOfOrigin = 90
	switch p.Variant = a["shape"].Word; p.Variant {
	case "square", "diamond":
		return nil
	}
	return &Unsupported{"shape of peirce_q", a["shape"].Word}
}
