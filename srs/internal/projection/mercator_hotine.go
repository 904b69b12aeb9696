package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var hotineProjection = Descriptor{
	Name: "Hotine Oblique Mercator",
	Operations: []Operation{{
		Name: "omerc", Keys: []Key{lat0, lonC, alpha, gamma, k0, word("no_uoff"), word("no_rot"), lat1Of, lon1Of, lat2Of, lon2Of},
		Check: checkHotine,
	}},
	Methods: []Method{
		{
			EPSG: "Hotine Oblique Mercator (variant B)", Code: 9815, Esri: "Hotine_Oblique_Mercator_Azimuth_Center", GeoTIFF: 9815,
			OGC:        []string{"Hotine_Oblique_Mercator_Azimuth_Center"},
			Aliases:    []string{"Oblique Mercator"},
			Parameters: of(atCentre, hotineParameters...), EsriForm: gridAlongLine,
			Renames: hotineCentre, Read: readSwiss,
		},
		{
			EPSG: "Hotine Oblique Mercator (variant A)", Code: 9812,
			Esri: "Hotine_Oblique_Mercator_Azimuth_Natural_Origin", GeoTIFF: 3,
			OGC:        []string{"Hotine_Oblique_Mercator"},
			Parameters: of(atNaturalOrigin, hotineParameters...), Variant: "no_uoff", EsriForm: gridAlongLine,
			Renames: hotineCentre, Sets: map[string]string{"no_uoff": ""}, Read: readSwiss,
		},
		{
			Esri:       "Rectified_Skew_Orthomorphic_Center",
			Parameters: of(atCentre, rectifiedParameters...),
			Renames:    hotineRotated, Read: readSwiss,
		},
		{
			Esri:       "Rectified_Skew_Orthomorphic_Natural_Origin",
			Parameters: of(atNaturalOrigin, rectifiedParameters...), Variant: "no_uoff",
			Renames: hotineRotated, Sets: map[string]string{"no_uoff": ""}, Read: readSwiss,
		},
		{
			EPSG: "Hotine Oblique Mercator Two Point Natural Origin", Esri: "Hotine_Oblique_Mercator_Two_Point_Natural_Origin",
			Aliases: []string{"Hotine_Oblique_Mercator_Two_Point_Center"},
			Parameters: of(atCentre, latitudeOfCentre, latitudeOfPoint1, longitudeOfPoint1, latitudeOfPoint2,
				longitudeOfPoint2, scaleOnInitialLine),
			Variant: "two_point", Form: pointsFromGreenwich, Read: readSwiss,
		},
	},
	Domain: "all of the earth but 10 km about the cylinder's poles and a sliver opposite the aposphere's origin",
	Source: guidance + "; " + snyder + ", pages 71 to 75",
	Samples: []string{
		"+proj=omerc +lat_0=4 +lonc=102.25 +alpha=323.03 +gamma=323.13 +k_0=0.99984",
		"+proj=omerc +no_uoff +lat_0=45 +lonc=-86 +alpha=337 +k_0=0.9996",
		"+proj=omerc +no_uoff +lat_0=4 +lonc=115 +alpha=53.3 +gamma=53.1 +k_0=0.99984",
		"+proj=omerc +lat_0=4 +lonc=115 +alpha=53 +k_0=0.99984",
		"+proj=omerc +lat_0=40 +lat_1=10 +lon_1=5 +lat_2=60 +lon_2=60",
	},
	New: pointwise(newHotine),
}

// hotine is the oblique Mercator projection of the ellipsoid by M. Hotine 1946, the rectified skew orthomorphic
// projection: EPSG methods 9812 (variant "no_uoff") and 9815, and with a line through two points (variant "two_point").
// Sources: IOGP Guidance Note 7-2; Snyder (1987), pages 71 to 75.
//
// The domain is all of the earth but 10 km around the two poles of the oblique cylinder and a sliver of some tenths of a
// degree opposite the meridian where the line crosses the aposphere's equator.
type hotine struct {
	e, b, a, logE float64 // Snyder's B, A and ln E
	lam0          float64 // that meridian, from the centre's
	sin0, cos0    float64 // of γ0, the azimuth of the line where it crosses
	sinGrid       float64 // of the angle from the rectified grid, γc
	cosGrid       float64
	u0            float64
	toGeodetic    sineSeries
}

func newHotine(def *Projection) (hotine, error) {
	es, e := def.Ellipsoid.es(), def.Ellipsoid.e()
	phi0 := def.phi0()
	if math.Abs(phi0) > math.Pi/2-polarCap {
		return hotine{}, errors.New("the centre of an oblique Mercator projection is a pole")
	}
	sin, cos := portable.Sincos(phi0)
	p := hotine{
		e: e, b: math.Sqrt(1 + es*cos*cos*cos*cos/(1-es)),
		toGeodetic: newSineSeries(&conformalToGeodetic, def.Ellipsoid.n()),
	}
	p.a = p.b * def.k0() * math.Sqrt(1-es) / (1 - float64(es*sin*sin))
	d := max(1, p.b*math.Sqrt(1-es)/(cos*math.Sqrt(1-float64(es*sin*sin))))
	f := d + math.Copysign(math.Sqrt(float64(d*d)-1), phi0)
	p.logE = portable.Log(f) - float64(p.b*isometric(phi0, e))

	var gamma0, grid float64
	if def.Variant == "two_point" {
		phi1, phi2 := float64(def.LatitudeOfPoint1*degree), float64(def.LatitudeOfPoint2*degree)
		dlam := math.Remainder(float64(def.LongitudeOfPoint1*degree)-float64(def.LongitudeOfPoint2*degree), 2*math.Pi)
		if math.Abs(phi1-phi2) <= 1e-10 || math.Abs(phi1) <= 1e-10 && math.Abs(phi2) <= 1e-10 ||
			max(math.Abs(phi1), math.Abs(phi2)) > mercatorPole {
			return hotine{}, errors.New("the two points of an oblique Mercator projection have the same latitude, or are a pole")
		}
		h, l := portable.Exp(-p.b*isometric(phi1, e)), portable.Exp(-p.b*isometric(phi2, e))
		ee := portable.Exp(p.logE)
		ee = float64(ee * ee)
		// longitudes are counted from the first point's
		j, q := (ee-float64(l*h))/(ee+float64(l*h)), (l-h)/(l+h)
		p.lam0 = float64(-0.5*dlam) - portable.Atan(j*portable.Tan(0.5*p.b*dlam)/q)/p.b
		w := portable.Exp(p.logE) / h
		gamma0 = portable.Atan(2 * portable.Sin(-p.b*p.lam0) / (w - 1/w))
		grid = portable.Asin(max(-1, min(1, d*portable.Sin(gamma0))))
	} else {
		alpha := float64(def.Azimuth * degree)
		grid = float64(def.RectifiedGridAngle * degree)
		s := portable.Sin(alpha) / d
		gamma0 = portable.Asin(max(-1, min(1, s)))
		v := float64(0.5 * (f - 1/f) * portable.Tan(gamma0))
		if !(math.Abs(v) <= 1+1e-9) {
			return hotine{}, errors.New("the azimuth of an oblique Mercator projection does not fit its latitude")
		}
		p.lam0 = -portable.Asin(max(-1, min(1, v))) / p.b
	}
	p.sin0, p.cos0 = portable.Sincos(gamma0)
	p.sinGrid, p.cosGrid = portable.Sincos(grid)
	if def.Variant != "no_uoff" {
		// u of the centre. The sign is that of its latitude, also where the azimuth points south.
		alpha := grid
		if def.Variant != "two_point" {
			alpha = float64(def.Azimuth * degree)
		}
		p.u0 = math.Copysign(p.a/p.b*math.Abs(portable.Atan(math.Sqrt(float64(d*d)-1)/portable.Cos(alpha))), phi0)
	}
	return p, nil
}

func (p hotine) extent() Extent {
	u, v := float64(p.a/p.b*math.Pi), float64(p.a/p.b*portable.Atanh(obliquePole))
	r := float64(portable.Hypot(u+math.Abs(p.u0), v) * (1 + 1e-9))
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p hotine) project(lam, phi float64) (x, y float64) {
	lam -= p.lam0
	if math.Abs(lam) > math.Pi {
		lam = math.Remainder(lam, 2*math.Pi)
	}
	lam *= p.b
	w := p.logE + float64(p.b*isometric(phi, p.e))
	exp := portable.Exp(w)
	sinh, cosh := 0.5*(exp-1/exp), 0.5*(exp+1/exp)
	sin, cos := portable.Sincos(lam)
	s := (float64(sinh*p.sin0) - float64(sin*p.cos0)) / cosh // sine of latitude about the cylinder
	if !(math.Abs(s) <= obliquePole && math.Abs(lam) <= math.Pi*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	v := 0.5 * p.a / p.b * portable.Log((1-s)/(1+s))
	u := float64(p.a/p.b*portable.Atan2(float64(sinh*p.cos0)+float64(sin*p.sin0), cos)) - p.u0
	return float64(v*p.cosGrid) + float64(u*p.sinGrid), float64(u*p.cosGrid) - float64(v*p.sinGrid)
}

func (p hotine) unproject(x, y float64) (lam, phi float64) {
	v := (float64(x*p.cosGrid) - float64(y*p.sinGrid)) * (p.b / p.a)
	u := (float64(y*p.cosGrid) + float64(x*p.sinGrid) + p.u0) * (p.b / p.a)
	s := -portable.Tanh(v)
	if !(math.Abs(u) <= math.Pi*(1+coneSlack) && math.Abs(s) <= obliquePole*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	cos := math.Sqrt((1 - s) * (1 + s)) // 1/cosh v
	sinU, cosU := portable.Sincos(u)
	a := float64(s*p.sin0) + float64(cos*sinU*p.cos0) // sine of latitude on the aposphere
	b := float64(cos*sinU*p.sin0) - float64(s*p.cos0)
	lam = p.lam0 + portable.Atan2(b, cos*cosU)/p.b
	if math.Abs(lam) > math.Pi {
		lam = math.Remainder(lam, 2*math.Pi)
	}
	r := portable.Hypot(b, cos*cosU)
	if r < 1e-15 {
		return lam, math.Copysign(math.Pi/2, a)
	}
	psi := math.Copysign(portable.Log((portable.Hypot(a, r)+math.Abs(a))/r), a)
	return lam, latitudeOf((psi-p.logE)/p.b, &p.toGeodetic)
}

var hotineParameters = []Parameter{
	latitudeOfCentre, longitudeOfCentre, azimuthOfInitialLine, angleToSkewGrid, scaleOnInitialLine,
}

var hotineCentre = []rename{{"lon_0", []string{"lonc"}}}

// The angle of Esri's rectified skew orthomorphic projections is the one from the rectified to the skew grid.
var (
	rectifiedParameters = []Parameter{
		latitudeOfCentre, longitudeOfCentre, azimuthOfInitialLine, xyPlaneRotation.inField(RectifiedGridAngle), scaleOnInitialLine,
	}
	hotineRotated = append(hotineCentre[:1:1], rename{"rotation", []string{"gamma"}})
)

// checkHotine reads the line of the projection: two points, or a point and an azimuth.
func checkHotine(p *Projection, a Arguments) error {
	if a.Flag("no_uoff") {
		p.Variant = "no_uoff"
	}
	if a.Flag("no_rot") {
		return &Unsupported{"parameter of omerc", "no_rot"}
	}
	hasAlpha, hasGamma := a.Has("alpha"), a.Has("gamma")
	if !hasAlpha && !hasGamma {
		if p.Variant != "" {
			return &Unsupported{"parameter of omerc through two points", p.Variant}
		}
		p.Variant = "two_point"
		p.countPointsFrom(p.LongitudeOfPoint1)
		return nil
	}
	for _, key := range []string{"lat_1", "lon_1", "lat_2", "lon_2"} {
		if a.Has(key) {
			return &Unsupported{"parameter of omerc with an azimuth", key}
		}
	}
	switch {
	case !hasGamma:
		p.RectifiedGridAngle = p.Azimuth
	case !hasAlpha:
		return &Unsupported{"projection", "omerc with gamma but without alpha"}
	}
	return nil
}

// gridAlongLine reports whether the angle of the grid is the azimuth, as in all of Esri's methods, and takes it away.
func gridAlongLine(p *Projection) bool {
	same := p.RectifiedGridAngle == p.Azimuth
	p.RectifiedGridAngle = 0
	return same
}

// readSwiss makes the Swiss projection of an azimuth of 90°, as PROJ does.
func readSwiss(r *reading) error {
	if r.Values["alpha"] != 90 || r.has("gamma") && r.Values["gamma"] != 90 {
		return nil
	}
	r.Operation = "somerc"
	delete(r.Sets, "no_uoff")
	r.Values["lon_0"] = r.Values["lonc"]
	for _, key := range []string{"alpha", "gamma", "lonc"} {
		delete(r.Values, key)
	}
	return nil
}
