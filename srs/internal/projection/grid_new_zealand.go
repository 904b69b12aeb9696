package projection

import (
	"errors"
	"math"
)

var newZealandProjection = Descriptor{
	Name:       "New Zealand Map Grid",
	Operations: []Operation{{Name: "nzmg", Keys: []Key{lat0.or(-41), lon0.or(173), x0.or(2_510_000), y0.or(6_023_150)}}},
	Methods: []Method{{
		EPSG: "New Zealand Map Grid", Code: 9811, Esri: "New_Zealand_Map_Grid", GeoTIFF: 26,
		OGC:        []string{"New_Zealand_Map_Grid"},
		Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin.esriAs("Longitude_Of_Center")),
	}},
	Domain:  "12° of latitude and 14° of longitude around the origin",
	Source:  "W. I. Reilly, Survey Review 22 (1973); LINZS25002",
	Samples: []string{"+proj=nzmg +a=6378388 +rf=297"},
	New:     pointwise(newNewZealand),
}

// newZealand is the New Zealand Map Grid: EPSG method 9811. Source: W. I. Reilly, A conformal mapping projection with
// minimum scale error, Survey Review 22 (1973); Land Information New Zealand, LINZS25002. The grid is fixed to its
// ellipsoid and origin.
//
// The domain is 12° of latitude and 14° of longitude around the origin at 41°S 173°E, which holds New Zealand's islands
// but the remotest; farther out the polynomials mean nothing. The inverse undoes them to 1e-12 rad, where the published
// series for latitude is exact to some millimetres.
type newZealand struct{ phi0 float64 }

func newNewZealand(def *Projection) (newZealand, error) {
	if math.Abs(def.phi0()+41*degree) > 1e-9 ||
		math.Abs(def.Ellipsoid.A-6378388) > 1e-3 || math.Abs(def.Ellipsoid.RF-297) > 1e-6 {
		return newZealand{}, errors.New("the New Zealand Map Grid is about 41°S on the International 1924 ellipsoid")
	}
	return newZealand{def.phi0()}, nil
}

const (
	newZealandLat = 12 * degree
	newZealandLon = 14 * degree

	// newZealandUnit is 100,000 seconds of arc.
	newZealandUnit = 1e5 / 3600 * degree
)

// isometricSeries holds the coefficients of isometric latitude from the origin by powers of latitude from the origin,
// in 100,000".
var isometricSeries = [10]float64{
	0.6399175073, -0.1358797613, 0.063294409, -0.02526853, 0.0117879,
	-0.0055161, 0.0026906, -0.001333, 0.00067, -0.00034,
}

// reilly are the complex polynomial's coefficients.
var reilly = [6][2]float64{
	{0.7557853228, 0}, {0.249204646, 0.003371507}, {-0.001541739, 0.041058560},
	{-0.10162907, 0.01727609}, {-0.26623489, -0.36249218}, {-0.6870983, -1.1651967},
}

// The published inverses, by Reilly, are exact to some 1e-7 and start the way to the root: latitude from the origin by
// powers of isometric latitude, and isometric latitude and longitude by powers of the plane's complex coordinates.
var (
	latitudeSeries = [9]float64{
		1.5627014243, 0.5185406398, -0.03333098, -0.1052906, -0.0368594, 0.007317, 0.01220, 0.00394, -0.0013,
	}
	reillyInverse = [6][2]float64{
		{1.3231270439, 0}, {-0.577245789, -0.007809598}, {0.508307513, -0.112208952},
		{-0.15094762, 0.18200602}, {1.01418179, 1.64497696}, {1.9660549, 2.5127645},
	}
)

// near returns about what plane maps to zr + i zi.
func (newZealand) near(zr, zi float64) (u, v float64) {
	for i := len(reillyInverse) - 1; i >= 0; i-- {
		c := reillyInverse[i]
		u, v = float64(u*zr)-float64(v*zi)+c[0], float64(u*zi)+float64(v*zr)+c[1]
	}
	return float64(u*zr) - float64(v*zi), float64(u*zi) + float64(v*zr)
}

func (p newZealand) extent() Extent {
	return Extent{Top: math.Inf(1), Bounds: Box{-0.3, -0.35, 0.3, 0.35}}
}

// isometric returns the series' value and slope.
func (newZealand) isometric(d float64) (psi, slope float64) {
	for i := len(isometricSeries) - 1; i >= 0; i-- {
		psi = float64(psi*d) + isometricSeries[i]
		slope = float64(slope*d) + float64(float64(i+1)*isometricSeries[i])
	}
	return float64(psi * d), slope
}

// plane returns the complex polynomial's value and derivative at u + iv.
func (newZealand) plane(u, v float64) (zr, zi, dr, di float64) {
	for i := len(reilly) - 1; i >= 0; i-- {
		c := reilly[i]
		n := float64(i + 1)
		zr, zi = float64(zr*u)-float64(zi*v)+c[0], float64(zr*v)+float64(zi*u)+c[1]
		dr, di = float64(dr*u)-float64(di*v)+float64(n*c[0]), float64(dr*v)+float64(di*u)+float64(n*c[1])
	}
	return float64(zr*u) - float64(zi*v), float64(zr*v) + float64(zi*u), dr, di
}

func (p newZealand) project(lam, phi float64) (x, y float64) {
	d := phi - p.phi0
	if !(math.Abs(d) <= newZealandLat+planeSlack && math.Abs(lam) <= newZealandLon+planeSlack) {
		return math.NaN(), math.NaN()
	}
	psi, _ := p.isometric(d / newZealandUnit)
	y, x, _, _ = p.plane(psi, lam)
	return x, y
}

func (p newZealand) unproject(x, y float64) (lam, phi float64) {
	if b := p.extent().Bounds; !(math.Abs(x) <= b.XMax && math.Abs(y) <= b.YMax) {
		return math.NaN(), math.NaN()
	}
	u, v := p.near(y, x)
	converged := false
	for range 20 {
		zr, zi, dr, di := p.plane(u, v)
		zr, zi = zr-y, zi-x
		inv := 1 / (float64(dr*dr) + float64(di*di))
		su, sv := float64((float64(zr*dr)+float64(zi*di))*inv), float64((float64(zi*dr)-float64(zr*di))*inv)
		u, v = u-su, v-sv
		if math.Abs(su)+math.Abs(sv) < 1e-9 { // what is left is about its square
			converged = true
			break
		}
	}
	if !converged {
		return math.NaN(), math.NaN()
	}
	d := 0.0
	for i := len(latitudeSeries) - 1; i >= 0; i-- {
		d = float64((d + latitudeSeries[i]) * u)
	}
	for range 20 {
		psi, slope := p.isometric(d)
		step := (psi - u) / slope
		d -= step
		if converged = math.Abs(step) < 1e-9; converged {
			break
		}
	}
	d = float64(d * newZealandUnit)
	if !(converged && math.Abs(d) <= newZealandLat+1e-9 && math.Abs(v) <= newZealandLon+1e-9) {
		return math.NaN(), math.NaN()
	}
	return v, p.phi0 + d
}
