package projection

import (
	"cmp"
	"math"
	"strings"

	"github.com/geoexport/geoexport/internal/portable"
)

var krovakProjection = Descriptor{
	Name: "Krovak",
	Operations: []Operation{
		{Name: "krovak", Keys: krovakKeys(30 + 17./60 + 17.30311/3600), Check: checkKrovak},
		{Name: "mod_krovak", Keys: krovakKeys(30 + 17./60 + 17.3030/3600), Check: checkModifiedKrovak},
	},
	Methods: []Method{
		{
			EPSG: "Krovak", Code: 9819, Esri: "Krovak", Parameters: krovakParameters(xScale.fixedAt(1), yScale, xyPlaneRotation),
			Axes: SouthWest, Form: falseOriginSouthWest, Read: readKrovak(false),
		},
		{
			EPSG: "Krovak (North Orientated)", Code: 1041, Esri: "Krovak",
			Parameters: krovakParameters(xScale.fixedAt(-1), yScale, xyPlaneRotation.fixedAt(90)),
			Form:       falseOriginNegated, Read: readKrovak(true),
		},
		{
			EPSG: "Krovak Modified", Code: 1042, Parameters: krovakParameters(),
			Variant: "modified", Axes: SouthWest, Form: falseOriginSouthWest, Operation: "mod_krovak", Read: readKrovak(false),
		},
		{
			EPSG: "Krovak Modified (North Orientated)", Code: 1043, Parameters: krovakParameters(),
			Variant: "modified", Form: falseOriginNegated, Operation: "mod_krovak", Read: readKrovak(true),
		},
	},
	Lacks:  LacksGeoTIFF,
	Domain: "the half of the earth about the cone's axis; for the modified form 1000 km about the country's centre",
	Source: guidance,
	Samples: []string{
		"+proj=krovak",
		"+proj=krovak +axis=swu",
		"+proj=mod_krovak",
		"+proj=mod_krovak +axis=swu",
	},
	New: pointwise(newKrovak),
}

// krovak is J. Krovak's oblique conformal conic projection of 1922: EPSG methods 9819 and 1041, and modified by a
// polynomial of the fourth degree (variant "modified") 1042 and 1043. Source: IOGP Guidance Note 7-2. The plane here is
// north-orientated, with the Y and X of the country's own system negated; axes turn it to those.
//
// The azimuth parameter is the colatitude of the cone's axis. The domain is the half of the earth about that axis, and
// for the modified form what is within 1000 km of 654 km west and 1089 km south of the apex: beyond, the polynomial
// means nothing.
type krovak struct {
	gaussSphere
	sinAxis, cosAxis float64 // of the axis's latitude
	n, f             float64 // ρ = f exp(−nψ)
	a                float64 // semi-major axis in metres, for the polynomial; 0 if there is none
}

const pseudoParallel = 78.5 * degree

func newKrovak(def *Projection) (krovak, error) {
	p := krovak{gaussSphere: newGaussSphere(def)}
	p.cosAxis, p.sinAxis = portable.Sincos(def.Azimuth * degree)
	p.n = portable.Sin(pseudoParallel)
	p.f = def.k0() * p.radius / portable.Tan(pseudoParallel) * portable.Exp(p.n*isometric(pseudoParallel, 0))
	if def.Variant == "modified" {
		p.a = def.Ellipsoid.A
	}
	return p, nil
}

func (p krovak) extent() Extent {
	if p.a != 0 {
		x, y, r := -krovakY/p.a, -krovakX/p.a, float64(krovakReach/p.a*1.001)
		return Extent{Top: math.Inf(1), Bounds: Box{x - r, y - r, x + r, y + r}}
	}
	return Extent{Top: math.Inf(1), Bounds: Box{-p.f, -p.f, p.f, p.f}}
}

func (p krovak) project(lam, phi float64) (x, y float64) {
	sin, cos := p.sincos(phi)
	sinLam, cosLam := portable.Sincos(p.longitude(lam))
	s := float64(p.sinAxis*sin) + float64(p.cosAxis*cos*cosLam) // sine of latitude about the axis
	if !(s >= 0) {
		return math.NaN(), math.NaN()
	}
	u, v := float64(cos*sinLam), float64(p.sinAxis*cos*cosLam)-float64(p.cosAxis*sin)
	r := portable.Hypot(u, v) // its cosine
	rho := float64(p.f * portable.Pow(r/(1+s), p.n))
	sinD, cosD := portable.Sincos(p.n * portable.Atan2(u, v))
	x, y = float64(rho*sinD), float64(-rho*cosD)
	if p.a == 0 {
		return x, y
	}
	dx, dy, ok := krovakShift(-y*p.a, -x*p.a)
	if !ok {
		return math.NaN(), math.NaN()
	}
	return x + dy/p.a, y + dx/p.a
}

func (p krovak) unproject(x, y float64) (lam, phi float64) {
	if p.a != 0 {
		x0, y0 := x, y
		for range 6 { // each step gains six digits
			dx, dy, ok := krovakShift(-y*p.a, -x*p.a)
			if !ok {
				return math.NaN(), math.NaN()
			}
			x, y = x0-dy/p.a, y0-dx/p.a
		}
	}
	rho := portable.Hypot(x, y)
	d := portable.Atan2(x, -y) / p.n
	if !(rho <= p.f*(1+coneSlack) && math.Abs(d) <= math.Pi*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	t := portable.Pow(rho/p.f, 1/p.n)
	inv := 1 / (1 + float64(t*t))
	s, r := (1-float64(t*t))*inv, 2*t*inv
	sinD, cosD := portable.Sincos(d)
	u, v := r*sinD, r*cosD
	w := float64(s*p.cosAxis) + float64(v*p.sinAxis)
	return p.geodetic(portable.Atan2(u, w), float64(s*p.sinAxis)-float64(v*p.cosAxis), portable.Hypot(u, w))
}

// The modified form's centre and how far from it we go, in metres. Slovakia and the Czech Republic are within 600 km.
const krovakX, krovakY, krovakReach = 1_089_000.0, 654_000.0, 1_000_000.0

// krovakShift returns Guidance Note 7-2's polynomial of the reduced southing and westing in metres, from which it is
// subtracted.
func krovakShift(southing, westing float64) (dx, dy float64, ok bool) {
	const (
		c1, c2  = 2.946529277e-2, 2.515965696e-2
		c3, c4  = 1.193845912e-7, -4.668270147e-7
		c5, c6  = 9.233980362e-12, 1.523735715e-12
		c7, c8  = 1.696780024e-18, 4.408314235e-18
		c9, c10 = -8.331083518e-24, -3.689471323e-24
	)
	x, y := southing-krovakX, westing-krovakY
	if !(portable.Hypot(x, y) <= krovakReach) {
		return 0, 0, false
	}
	// powers of x + iy
	x2, y2 := float64(x*x)-float64(y*y), 2*x*y
	x3, y3 := float64(x*x2)-float64(y*y2), float64(x*y2)+float64(y*x2)
	x4, y4 := float64(x2*x2)-float64(y2*y2), 2*x2*y2
	dx = c1 + float64(c3*x) - float64(c4*y) + float64(c5*x2) - float64(c6*y2) +
		float64(c7*x3) - float64(c8*y3) + float64(c10*x4) + float64(c9*y4)
	dy = c2 + float64(c3*y) + float64(c4*x) + float64(c5*y2) + float64(c6*x2) +
		float64(c7*y3) + float64(c8*x3) + float64(c9*x4) - float64(c10*y4)
	return dx, dy, true
}

// krovakKeys returns PROJ's keys, with the numbers of Czechoslovakia as their defaults.
func krovakKeys(coLatitude float64) []Key {
	return []Key{lat0.or(49.5), lon0.or(24 + 50./60), alpha.or(coLatitude), k0.or(0.9999), word("czech")}
}

// krovakParameters returns EPSG's parameters and those by which Esri describes the axes.
func krovakParameters(axes ...Parameter) []Parameter {
	return append([]Parameter{
		latitudeOfCentre, longitudeOfOrigin.esriAs("Longitude_Of_Center"), coLatitudeOfConeAxis, latitudeOfPseudoParallel,
		scaleOnPseudoParallel, falseEasting, falseNorthing,
	}, axes...)
}

// checkKrovak sets the axes. Without +czech x is the country's y negated, false origin included.
func checkKrovak(p *Projection, a Arguments) error {
	if a.Flag("czech") {
		p.Axes = WestSouth
	} else {
		p.FalseEasting, p.FalseNorthing = -p.FalseEasting, -p.FalseNorthing
	}
	return nil
}

func checkModifiedKrovak(p *Projection, a Arguments) error {
	p.Variant = "modified"
	return checkKrovak(p, a)
}

// falseOriginNegated and falseOriginSouthWest give the false origin along the axes of the country, as all texts have it.
func falseOriginNegated(p *Projection) bool {
	p.FalseEasting, p.FalseNorthing = -p.FalseEasting, -p.FalseNorthing
	return true
}

func falseOriginSouthWest(p *Projection) bool {
	p.FalseEasting, p.FalseNorthing = p.FalseNorthing, p.FalseEasting
	return true
}

// readKrovak finds the axes: by what Esri has in their place, by the text's, or by the method's name.
func readKrovak(north bool) func(*reading) error {
	return func(r *reading) error {
		axis := "enu"
		switch {
		case r.has("xscale"):
			axis = krovakAxes(r.Values["xscale"], r.Values["yscale"], r.Values["rotation"])
		case r.Axes == AxesWestSouth:
			axis = "wsu"
		case r.Axes.Reversed() || r.Axes == AxesNotStated && !north:
			axis = "swu"
		}
		if axis != "enu" {
			r.Sets["axis"] = Value{Word: axis}
		}
		return cmp.Or(r.drop("xscale", 1, -1), r.drop("yscale", 1, -1), r.drop("rotation", 0, 90))
	}
}

// krovakAxes returns the axes that Esri's parameters make of southing and westing: these are multiplied by the scales, and
// turned by the angle against the clock. The order of north and east plays no part here.
func krovakAxes(xScale, yScale, rotation float64) string {
	x, y := "s", "w"
	if xScale < 0 {
		x = "n"
	}
	if yScale < 0 {
		y = "e"
	}
	if rotation != 0 {
		x, y = strings.NewReplacer("w", "e", "e", "w").Replace(y), x
	}
	if x+y == "ne" {
		return "enu"
	}
	return x + y + "u"
}
