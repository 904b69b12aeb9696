package projection

import (
	"math"
	"strconv"

	"github.com/geoexport/geoexport/internal/portable"
)

var transverseMercatorProjection = Descriptor{
	Name: "Transverse Mercator",
	Operations: []Operation{
		{Name: "tmerc", Keys: []Key{lat0, k0, word("approx"), word("algo")}, Check: checkTransverse},
		{Name: "etmerc", Keys: []Key{lat0, k0}, Check: checkTransverse},
		{Name: "utm", Keys: []Key{word("zone").must(), word("south"), word("approx"), word("algo")}, Check: checkUTM},
	},
	Methods: []Method{
		{
			EPSG: "Transverse Mercator", Code: 9807, Esri: "Transverse_Mercator", GeoTIFF: 1,
			OGC:        []string{"Transverse_Mercator"},
			Aliases:    []string{"Transverse_Mercator_Complex", "Gauss_Kruger"},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin, scaleAtNaturalOrigin),
			Read:       readWestSouth,
		},
		{
			EPSG: "Transverse Mercator (South Orientated)", Code: 9808, Esri: "Transverse_Mercator", GeoTIFF: 27,
			OGC:        []string{"Transverse_Mercator_South_Orientated"},
			Aliases:    []string{"Transverse Mercator South Oriented"},
			Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin, scaleAtNaturalOrigin),
			Axes:       WestSouth, EsriForm: negateScale,
			Sets: map[string]string{"axis": "wsu"}, Read: readWestSouth,
		},
	},
	Domain:   "67.2° of arc on each side of the central meridian, and beyond the poles to 45° from them",
	Source:   "L. Krüger (1912); C. F. F. Karney, Journal of Geodesy 85 (2011)",
	Accuracy: 1e-3, RimAccuracy: 1e-3, // the series ends at n⁶
	Samples: []string{
		"+proj=tmerc +k_0=0.9996",
		"+proj=tmerc +axis=wsu +lon_0=19",
		"+proj=utm +zone=33 +south",
	},
	New: newTransverseMercator,
}

// transverseMercator is the projection of UTM and of most national grids.
//
// Method: L. Krüger 1912, in the form of Engsager and Poder 2007 and Karney 2011: geodetic latitude to conformal
// latitude, the spherical transverse Mercator, and a complex series from the sphere's plane to the ellipsoid's. The
// sphere's part needs no hyperbolic functions: with E = cos χ sin λ the sine of the distance from the central meridian,
// tanh η' = E.
type transverseMercator struct {
	scale  float64 // k0 times the rectifying radius
	origin float64 // rectifying latitude of the origin

	toConformal, toGeodetic sineSeries
	toPlane, toSphere       sineSeries
}

// maxEta bounds η', the easting on the conformal sphere. The series is cut at n^6, whose error grows with exp 14η'. On
// GRS 1980 it is 3 nm at 40° from the central meridian along the equator, 11 µm at 60°, 0.2 mm at 65°, 0.6 mm at this
// bound, which is 67.2° or 10,150 km, 5 mm at 70° and 136 m at 80° (compared with the exact mapping, that is the
// meridian arc of a complex latitude, at 30 digits).
const maxEta = 1.6

// maxXi bounds ξ', the northing on the conformal sphere: 45° beyond the poles. On the equator's far side, at π, the
// plane ends; kept well away from there, a box of the globe is always one piece of the plane, and a far one has no
// image.
const maxXi = 3 * math.Pi / 4

var sinMaxEta = portable.Tanh(maxEta)

func newTransverseMercator(def *Projection) (Kernel, error) {
	n := def.Ellipsoid.f() / (2 - def.Ellipsoid.f())
	n2 := float64(n * n)
	p := &transverseMercator{
		scale:       def.k0() / (1 + n) * (1 + float64(n2*(1./4+float64(n2*(1./64+n2/256))))),
		toConformal: newSineSeries(&geodeticToConformal, n),
		toGeodetic:  newSineSeries(&conformalToGeodetic, n),
		toPlane:     newSineSeries(&sphereToPlane, n),
		toSphere:    newSineSeries(&planeToSphere, n),
	}
	chi := def.phi0() + p.toConformal.at(portable.Sincos(2*def.phi0()))
	p.origin = chi + p.toPlane.at(portable.Sincos(2*chi))
	return p, nil
}

func (p *transverseMercator) Extent() Extent {
	// η and η', and ξ and ξ', differ by less than 0.03 on any ellipsoid in use.
	x, y := float64(p.scale*(maxEta+0.05)), float64(p.scale*(maxXi+0.05))
	y0 := float64(-p.scale * p.origin)
	return Extent{Top: math.Inf(1), Bounds: Box{-x, y0 - y, x, y0 + y}}
}

func (p *transverseMercator) Forward(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		sinPhi, cosPhi := portable.Sincos(y[i])
		sinLam, cosLam := portable.Sincos(x[i])

		// The conformal latitude χ = φ + d. As d < 4e-3, its sine and cosine are exact to 1e-17 with these terms.
		d := p.toConformal.at(2*sinPhi*cosPhi, float64(cosPhi*cosPhi)-float64(sinPhi*sinPhi))
		d2 := float64(d * d)
		sinD := float64(d * (1 - float64(d2*(1./6-float64(d2*(1./120))))))
		cosD := 1 - float64(d2*(1./2-float64(d2*(1./24-float64(d2*(1./720))))))
		sinChi := float64(sinPhi*cosD) + float64(cosPhi*sinD)
		cosChi := float64(cosPhi*cosD) - float64(sinPhi*sinD)

		// ξ' and η', and the functions of their doubles.
		e := float64(cosChi * sinLam)
		c := float64(cosChi * cosLam)
		if !(math.Abs(e) <= sinMaxEta) || c < 0 && math.Abs(sinChi) < -c { // the latter is |ξ'| > maxXi
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		xi := portable.Atan2(sinChi, c)
		eta := float64(0.5 * portable.Log((1+e)/(1-e)))
		r2 := float64(sinChi*sinChi) + float64(c*c)
		inv := 1 / r2
		dXi, dEta := p.toPlane.atComplex(
			2*sinChi*c*inv, (float64(c*c)-float64(sinChi*sinChi))*inv,
			2*e*inv, (1+float64(e*e))*inv)

		x[i] = float64(p.scale * (eta + dEta))
		y[i] = float64(p.scale * (xi + dXi - p.origin))
	}
}

func (p *transverseMercator) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		eta := x[i] / p.scale
		xi := y[i]/p.scale + p.origin
		if !(math.Abs(eta) <= maxEta+0.05 && math.Abs(xi) <= maxXi+0.05) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		sin2, cos2 := portable.Sincos(2 * xi)
		exp2 := portable.Exp(2 * eta)
		inv2 := 1 / exp2
		dXi, dEta := p.toSphere.atComplex(sin2, cos2, 0.5*(exp2-inv2), 0.5*(exp2+inv2))
		xi += dXi
		eta += dEta
		if !(math.Abs(eta) <= maxEta+1e-9 && math.Abs(xi) <= maxXi+1e-9) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}

		sinXi, cosXi := portable.Sincos(xi)
		exp := portable.Exp(eta)
		sinh := 0.5 * (exp - 1/exp)
		r2 := float64(sinh*sinh) + float64(cosXi*cosXi)
		r := math.Sqrt(r2)
		chi := portable.Atan2(sinXi, r)
		inv := 1 / (1 + float64(sinh*sinh)) // 1/cosh² η'
		x[i] = portable.Atan2(sinh, cosXi)
		y[i] = chi + p.toGeodetic.at(2*sinXi*r*inv, (r2-float64(sinXi*sinXi))*inv)
	}
}

// checkTransverse reads the minus sign of a scale factor as axes to the west and south, which is how Esri defines the
// South African grids.
func checkTransverse(p *Projection, _ Arguments) error {
	if p.ScaleFactor < 0 {
		p.ScaleFactor, p.Axes = -p.ScaleFactor, WestSouth
	}
	return nil
}

// negateScale undoes checkTransverse.
func negateScale(p *Projection) bool {
	p.ScaleFactor = -p.ScaleFactor
	return true
}

func checkUTM(p *Projection, a Arguments) error {
	zone, err := strconv.Atoi(a["zone"].Word)
	if err != nil || zone < 1 || zone > 60 {
		return &Unsupported{"zone of utm", a["zone"].Word}
	}
	p.CentralMeridian, p.ScaleFactor = float64(6*zone-183), 0.9996
	p.FalseEasting += 500_000
	if a.Flag("south") {
		p.FalseNorthing += 10_000_000
	}
	return nil
}

// readWestSouth turns the axes if the text's are turned.
func readWestSouth(r *reading) error {
	if r.Axes.Reversed() {
		r.Sets["axis"] = Value{Word: "wsu"}
	}
	return nil
}
