package projection

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/portable"
)

var obliqueProjection = Descriptor{
	Name: "Rotated pole",
	Operations: []Operation{{
		Name: "ob_tran", Oblique: true,
		Keys: []Key{
			word("o_proj").must(), word("o_lat_p"), word("o_lon_p"), word("o_alpha"), word("o_lon_c"), word("o_lat_c"),
			word("o_lat_1"), word("o_lon_1"), word("o_lat_2"), word("o_lon_2"),
			// of the projection that is turned
			word("lat_0"), word("lat_1"), word("lat_2"), word("lat_ts"), word("k_0"), word("alpha"), word("gamma"), word("h"),
			word("sweep"), word("no_uoff"), word("guam"), word("hyperbolic"), word("shape"),
		},
	}},
	Methods: []Method{{
		EPSG: "PROJ ob_tran o_proj=longlat",
		Parameters: []Parameter{
			projNamed("lon_0", CentralMeridian), projNamed("o_lon_p", LongitudeOfPoint1).keyAs("o_lon_p"),
			projNamed("o_lat_p", LatitudeOfPoint1).keyAs("o_lat_p"),
		},
		Sets: map[string]string{"o_proj": "longlat"},
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "that of the projection that is turned, about the new pole", Source: "the rotation of the sphere; " + snyder + ", page 31",
	Samples: []string{"+proj=ob_tran +o_proj=longlat +o_lon_p=-162 +o_lat_p=39.25 +lon_0=18"},
	New:     newOblique,
}

// oblique is another projection, or plain longitudes and latitudes, on a globe that was turned: the place of its north pole
// has a latitude o_lat_p on the globe's own meridian opposite the central one, and longitudes count from o_lon_p. Latitudes
// are turned as those of a sphere, whatever the ellipsoid is, as in PROJ. Regional climate models use it, with the equator
// in their midst. Source: Snyder (1987), page 31, equations 5-7 to 5-10b.
type oblique struct {
	inner    Kernel // nil for longitudes and latitudes
	sin, cos float64
	lon      float64
}

func newOblique(def *Projection) (Kernel, error) {
	p := &oblique{lon: def.LongitudeOfPoint1 * degree}
	p.sin, p.cos = portable.Sincos(def.LatitudeOfPoint1 * degree)
	if def.Inner == nil {
		return p, nil
	}
	inner := *def
	inner.Descriptor, inner.Inner = def.Inner, nil
	inner.LatitudeOfPoint1, inner.LongitudeOfPoint1, inner.CentralMeridian = 0, 0, 0
	if inner.Descriptor.New == nil {
		return nil, errors.New("there is no projection to turn")
	}
	var err error
	p.inner, err = inner.Descriptor.New(&inner)
	return p, err
}

func (p *oblique) Extent() Extent {
	e := Extent{Bounds: Box{-math.Pi - planeSlack, -math.Pi/2 - planeSlack, math.Pi + planeSlack, math.Pi/2 + planeSlack}}
	if p.inner != nil {
		e = p.inner.Extent()
		if e.Period > 0 { // the plane ends opposite the new central meridian
			half := float64(e.Period*0.5) + planeSlack
			e.Bounds.XMin, e.Bounds.XMax = -half, half
		}
	}
	e.Period, e.Top = 0, math.Inf(1)
	return e
}

func (p *oblique) Forward(x, y []float64) {
	y = y[:len(x)]
	for i, lam := range x {
		sin, cos := portable.Sincos(y[i])
		sinLam, cosLam := portable.Sincos(lam)
		u, v := float64(cos*cosLam), float64(cos*sinLam)
		along := float64(p.sin*u) + float64(p.cos*sin)
		up := float64(p.sin*sin) - float64(p.cos*u)
		x[i] = wrapped(portable.Atan2(v, along) + p.lon)
		y[i] = portable.Atan2(up, portable.Hypot(v, along))
	}
	if p.inner != nil {
		p.inner.Forward(x, y)
	}
}

func (p *oblique) Inverse(x, y []float64) {
	if p.inner != nil {
		p.inner.Inverse(x, y)
	}
	y = y[:len(x)]
	for i, lam := range x {
		if !(math.Abs(lam) <= math.Pi+planeSlack && math.Abs(y[i]) <= math.Pi/2+planeSlack) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		sin, cos := portable.Sincos(y[i])
		sinLam, cosLam := portable.Sincos(lam - p.lon)
		u, v := float64(cos*cosLam), float64(cos*sinLam)
		along := float64(p.sin*u) - float64(p.cos*sin)
		up := float64(p.sin*sin) + float64(p.cos*u)
		x[i], y[i] = portable.Atan2(v, along), portable.Atan2(up, portable.Hypot(v, along))
	}
}

// wrapped brings an angle within ±π.
func wrapped(lam float64) float64 {
	if math.Abs(lam) > math.Pi {
		return math.Remainder(lam, 2*math.Pi)
	}
	return lam
}

// plainLongitudes are PROJ's names of no projection at all.
var plainLongitudes = []string{"longlat", "latlong", "lonlat", "latlon"}

// parseOblique reads the projection that is turned, and the place of the pole.
func (t *table) parseOblique(known namedOperation, e Ellipsoid, a Arguments) (Projection, error) {
	name := a["o_proj"].Word
	p := Projection{Ellipsoid: e}
	if !slices.Contains(plainLongitudes, name) {
		inner, ok := t.operations[name]
		if !ok || inner.operation.Oblique {
			return p, &Unsupported{"projection", "ob_tran of " + name}
		}
		args := Arguments{}
		for key, value := range a {
			if inner.operation.takes(key) && !slices.ContainsFunc(common, func(k Key) bool { return k.Name == key }) {
				args[key] = value
			}
		}
		var err error
		if p, err = t.parse(name, e, args); err != nil {
			return p, err
		}
		if p.LatitudeOfPoint1 != 0 || p.LongitudeOfPoint1 != 0 || p.LatitudeOfPoint2 != 0 || p.LongitudeOfPoint2 != 0 {
			return p, &Unsupported{"projection", "ob_tran of " + name + " through points"}
		}
		p.Inner, p.CentralMeridian, p.FalseEasting, p.FalseNorthing = p.Descriptor, 0, 0, 0
	}
	p.Descriptor = known.descriptor
	if p.Inner == nil {
		p.ScaleFactor = 1
	}
	for _, k := range []Key{lon0, x0, y0} {
		if err := a.ReadNumber("ob_tran", k.Name, p.at(k.Field)); err != nil {
			return p, err
		}
	}
	if a.Has("axis") || p.Inner == nil && (p.FalseEasting != 0 || p.FalseNorthing != 0) {
		return p, &Unsupported{"parameter of ob_tran", "a false origin, or an axis"}
	}
	err := readPole(&p, a)
	return p, err
}

// readPole reads the place of the pole in one of PROJ's three ways.
func readPole(p *Projection, a Arguments) error {
	v := map[string]float64{}
	for _, key := range []string{"o_lat_p", "o_lon_p", "o_alpha", "o_lon_c", "o_lat_c", "o_lat_1", "o_lon_1", "o_lat_2", "o_lon_2"} {
		var number float64
		if err := a.ReadNumber("ob_tran", key, &number); err != nil {
			return err
		}
		if !(math.Abs(number) <= 360) {
			return &Unsupported{"angle in a projection", fmt.Sprint(number)}
		}
		v[key] = number * degree
	}
	switch {
	case a.Has("o_alpha"):
		sinA, cosA := portable.Sincos(v["o_alpha"])
		sin, cos := portable.Sincos(v["o_lat_c"])
		p.LongitudeOfPoint1 = (v["o_lon_c"] + portable.Atan2(-cosA, -sinA*sin)) / degree
		p.LatitudeOfPoint1 = portable.Asin(cos*sinA) / degree
	case a.Has("o_lat_p"):
		p.LatitudeOfPoint1, p.LongitudeOfPoint1 = v["o_lat_p"]/degree, v["o_lon_p"]/degree
		for from, to := range map[string]*float64{"o_lat_p": &p.LatitudeOfPoint1, "o_lon_p": &p.LongitudeOfPoint1} {
			if err := a.ReadNumber("ob_tran", from, to); err != nil { // once more, without rounding
				return err
			}
		}
	case a.Has("o_lat_1"):
		sin1, cos1 := portable.Sincos(v["o_lat_1"])
		sin2, cos2 := portable.Sincos(v["o_lat_2"])
		sinL1, cosL1 := portable.Sincos(v["o_lon_1"])
		sinL2, cosL2 := portable.Sincos(v["o_lon_2"])
		lon := portable.Atan2(float64(cos1*sin2*cosL1)-float64(sin1*cos2*cosL2), float64(sin1*cos2*sinL2)-float64(cos1*sin2*sinL1))
		if math.Abs(sin1) < 1e-10 || math.Abs(v["o_lat_1"]-v["o_lat_2"]) < 1e-10 {
			return &Unsupported{"projection", "ob_tran through points on the equator or on one parallel"}
		}
		p.LongitudeOfPoint1 = lon / degree
		p.LatitudeOfPoint1 = portable.Atan(-portable.Cos(lon-v["o_lon_1"])/(sin1/cos1)) / degree
	default:
		return &Unsupported{"projection", "ob_tran without o_lat_p, o_alpha or o_lat_1"}
	}
	if !(math.Abs(p.LatitudeOfPoint1) <= 90) {
		return &Unsupported{"latitude in a projection", fmt.Sprint(p.LatitudeOfPoint1)}
	}
	return nil
}

// Rotated reports whether the projection is plain longitudes and latitudes about another pole.
func (p Projection) Rotated() bool {
	return p.Descriptor != nil && p.Descriptor.Operations[0].Oblique && p.Inner == nil
}
