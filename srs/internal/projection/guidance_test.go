package projection

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func dms(d, m, s float64) float64 { return d + m/60 + s/3600 }

// TestGuidanceNoteExamples are worked examples of IOGP Publication 373-7-2, Coordinate Conversions and Transformations
// including Formulas. Results are given to a centimetre or a
// millimetre of their unit, but some for latitudes to 0.001", 3 cm.
func TestGuidanceNoteExamples(t *testing.T) {
	const bessel, international, clarke1866, clarke1880 = "+a=6377397.155 +rf=299.1528128", "+a=6378388 +rf=297",
		"+a=6378206.4 +rf=294.9786982", "+a=6378249.2 +rf=293.4660213"
	const grs, wgs = "+a=6378137 +rf=298.2572221", "+a=6378137 +rf=298.257223563"
	foot, link := 1200./3937, 0.201166195164
	for _, c := range []struct {
		name, definition string
		lat, lon, x, y   float64
		unit, tolerance  float64
	}{
		{"9802", "+proj=lcc +lat_0=27.8333333333333 +lon_0=-99 +lat_1=28.3833333333333 +lat_2=30.2833333333333 +x_0=609601.219202438 " + clarke1866,
			28.5, -96, 2963503.91, 254759.80, foot, 0.01},
		{"9801", "+proj=lcc +lat_1=18 +lon_0=-77 +x_0=250000 +y_0=150000 " + clarke1866,
			dms(17, 55, 55.80), -dms(76, 56, 37.26), 255966.58, 142493.51, 1, 0.01},
		{"9803", "+proj=lcc +belgium +lat_0=90 +lon_0=4.35693972222222 +lat_1=49.8333333333333 +lat_2=51.1666666666667 +x_0=150000.01256 +y_0=5400088.4378 " + international,
			dms(50, 40, 46.461), dms(5, 48, 26.533), 251763.20, 153034.13, 1, 0.02},
		{"1051", "+proj=lcc +lat_0=43.3166666666667 +lon_0=-84.3333333333333 +lat_1=44.1833333333333 +lat_2=45.7 +x_0=609601.219202438 +k_0=1.0000382 " + clarke1866,
			dms(43, 45, 0), -dms(83, 10, 0), 2308335.75, 160210.48, foot, 0.01},
		{"9817", "+proj=lcc_near +lat_0=34.65 +lon_0=37.35 +k_0=0.9996256 +x_0=300000 +y_0=300000 " + clarke1880,
			dms(37, 31, 17.625), dms(34, 8, 11.291), 15707.96, 623165.96, 1, 0.01},
		{"9819", "+proj=krovak +axis=swu " + bessel, dms(50, 12, 32.442), dms(16, 50, 59.179), 1050538.643, 568990.997, 1, 0.02},
		{"1042", "+proj=mod_krovak +x_0=5000000 +y_0=5000000 +axis=swu " + bessel,
			dms(50, 12, 32.442), dms(16, 50, 59.179), 6050538.71, 5568990.91, 1, 0.01},
		{"9813", "+proj=labrd +lat_0=-18.9 +lon_0=46.4372291666667 +azi=18.9 +k=0.9995 +x_0=400000 +y_0=800000 " + international,
			-dms(16, 11, 23.280), dms(44, 27, 27.260), 188333.848, 1098841.091, 1, 0.001},
		{"9815", "+proj=omerc +lat_0=4 +lonc=115 +alpha=53.3158204722222 +gamma=53.1301023611111 +k=0.99984 +x_0=590476.87 +y_0=442857.65 +a=6377298.556 +rf=300.8017",
			dms(5, 23, 14.1129), dms(115, 48, 19.8196), 679245.73, 596562.78, 1, 0.01},
		{"9806", "+proj=cass +lat_0=10.4416666666667 +lon_0=-61.3333333333333 +x_0=86501.46392052 +y_0=65379.0134283 +a=6378293.64520876 +rf=294.260676369261",
			10, -62, 66644.94, 82536.22, link, 0.01},
		{"9809", "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 " + bessel,
			53, 6, 196105.283, 557057.739, 1, 0.001},
		{"9810", "+proj=ups " + wgs, 73, 44, 3320416.75, 632668.43, 1, 0.01},
		{"9829", "+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=70 +x_0=6000000 +y_0=6000000 " + wgs,
			-75, 120, 7255380.79, 7053389.56, 1, 0.01},
		{"9820", "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 " + grs, 50, 5, 3962799.45, 2999718.85, 1, 0.01},
		{"1052", "+proj=col_urban +lat_0=4.68048611111111 +lon_0=-74.1465916666667 +x_0=92334.879 +y_0=109320.965 +h_0=2550 " + grs,
			dms(4, 48, 0), -dms(74, 15, 0), 80859.033, 122543.174, 1, 0.001},
		{"9808", "+proj=tmerc +axis=wsu +lon_0=29 " + wgs, -dms(25, 43, 55.302), dms(28, 16, 57.479), 71984.49, 2847342.74, 1, 0.02},
		{"1028", "+proj=eqc_ellipsoid " + wgs, 55, 10, 1113194.91, 6097230.31, 1, 0.01},
		{"9831", "+proj=aeqd +guam +lat_0=13.4724663527778 +lon_0=144.748750705556 +x_0=50000 +y_0=50000 " + clarke1866,
			dms(13, 20, 20.53846), dms(144, 38, 7.19265), 37712.48, 35242.00, 1, 0.01},
		{"9832", "+proj=aeqd +lat_0=9.54670833333333 +lon_0=138.168744444444 +x_0=40000 +y_0=60000 " + clarke1866,
			dms(9, 35, 47.493), dms(138, 11, 34.908), 42665.90, 65509.82, 1, 0.01},
		{"9840", "+proj=ortho +lat_0=55 +lon_0=5 " + wgs, dms(53, 48, 33.82), dms(2, 7, 46.38), -189011.711, -128640.567, 1, 0.01},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := projectionOf(t, c.definition)
			k := kernelOf(t, p)
			x, y := []float64{(c.lon - p.CentralMeridian) * degree}, []float64{c.lat * degree}
			k.Forward(x, y)
			assert.InDelta(t, c.x, (x[0]*p.Ellipsoid.A+p.FalseEasting)/c.unit, c.tolerance)
			assert.InDelta(t, c.y, (y[0]*p.Ellipsoid.A+p.FalseNorthing)/c.unit, c.tolerance)
		})
	}
}

// TestOutsideTheDomain has points that have no image, in degrees from the central meridian and in radii.
func TestOutsideTheDomain(t *testing.T) {
	const wgs = " +a=6378137 +rf=298.257223563"
	for _, c := range []struct {
		definition string
		globe      [][2]float64
		plane      [][2]float64
	}{
		{"+proj=lcc +lat_1=45" + wgs, [][2]float64{{0, -90}, {120, -90}}, [][2]float64{{0.01, 1.5}}},
		{"+proj=lcc +lat_1=-45" + wgs, [][2]float64{{0, 90}}, nil},
		{"+proj=stere +lat_0=90 +lat_ts=70" + wgs, [][2]float64{{0, -90}, {77, -90}}, [][2]float64{{1e11, 0}}},
		{"+proj=stere +lat_0=-90" + wgs, [][2]float64{{0, 90}}, nil},
		{"+proj=stere +lat_0=40" + wgs, [][2]float64{{180, -40}}, nil},
		{"+proj=laea +lat_0=0" + wgs, [][2]float64{{180, 0}}, [][2]float64{{2.01, 0}, {1.5, 1.5}}},
		{"+proj=laea +lat_0=90" + wgs, [][2]float64{{0, -90}}, [][2]float64{{2.01, 0}}},
		{"+proj=sterea +lat_0=52" + wgs, [][2]float64{{180, 0}, {179.99, 20}}, nil},
		{"+proj=somerc +lat_0=46.95" + wgs, [][2]float64{{180, 43.05}, {179.99, 0}}, [][2]float64{{3.2, 0}, {0, 9}}},
		{"+proj=omerc +lat_0=4 +alpha=45" + wgs, nil, [][2]float64{{9, 9}, {3, 3}}},
		{"+proj=krovak" + wgs, [][2]float64{{0, -60}, {180, -20}, {180, 40}}, [][2]float64{{0, -2}, {0.001, 0.5}}},
		{"+proj=mod_krovak" + wgs, [][2]float64{{0, 0}, {40, 49}}, [][2]float64{{0, 0}}},
		{"+proj=nzmg +a=6378388 +rf=297", [][2]float64{{15, -41}, {0, -54}, {0, 41}}, [][2]float64{{1, 0}, {0, 0.34}}},
		{"+proj=cass" + wgs, [][2]float64{{31, 0}, {180, 0}, {-90, 40}}, [][2]float64{{0.7, 0}, {0, 3}}},
		{"+proj=col_urban +lat_0=4 +h_0=2000" + wgs, [][2]float64{{6, 4}, {0, 10}}, [][2]float64{{0.2, 0}}},
		{"+proj=labrd +lat_0=-18.9 +azi=18.9" + wgs, [][2]float64{{90, 0}, {0, 60}}, [][2]float64{{2, 0}}},
		{"+proj=aeqd +guam +lat_0=13" + wgs, [][2]float64{{6, 13}, {0, 19}}, [][2]float64{{0.2, 0}}},
		{"+proj=aeqd +lat_0=30" + wgs, [][2]float64{{180, -30}, {179, -30}}, [][2]float64{{3.2, 0}, {0, 3.13}}},
		{"+proj=aeqd +lat_0=90" + wgs, nil, [][2]float64{{3.2, 0}}},
		{"+proj=ortho +lat_0=40" + wgs, [][2]float64{{180, -40}, {0, -51}, {100, 0}}, [][2]float64{{1.01, 0}, {0.9, 0.9}}},
		{"+proj=gnom +lat_0=40 +R=1", [][2]float64{{180, -40}, {0, -50}, {90, 0}}, nil},
		{"+proj=nsper +lat_0=0 +h=1 +R=1", [][2]float64{{61, 0}, {180, 0}, {0, 90}}, [][2]float64{{0.58, 0}}},
		{"+proj=geos +h=35785831" + wgs, [][2]float64{{82, 0}, {180, 0}, {0, 85}}, [][2]float64{{0.9, 0}, {20, 0}}},
		{"+proj=tpeqd +lat_1=0 +lon_1=-30 +lat_2=0 +lon_2=30 +R=1", nil, [][2]float64{{2.7, 0}, {0, 2.6}}},
		{"+proj=moll +R=1", nil, [][2]float64{{0, 1.42}, {2.9, 0}, {2, 1.2}}},
		{"+proj=robin +R=1", nil, [][2]float64{{0, 1.36}, {2.7, 0}, {2.5, 1}}},
		{"+proj=sinu +R=1", nil, [][2]float64{{0, 1.58}, {3.15, 0}, {2, 1.2}}},
		{"+proj=vandg +R=1", nil, [][2]float64{{0, 3.15}, {2.3, 2.3}}},
		{"+proj=igh +R=1", nil, [][2]float64{{-0.7, 0.9}, {0, 1.5}, {3.2, 0}}},
		{"+proj=wintri +R=1", nil, [][2]float64{{0, 1.6}, {2.6, 0}, {2.5, 1.4}}},
		{"+proj=cea" + wgs, nil, [][2]float64{{0, 1.01}}},
		{"+proj=poly" + wgs, nil, [][2]float64{{3.15, 0}, {0, 1.6}, {3, 2.9}}},
		{"+proj=bonne +lat_1=45" + wgs, nil, [][2]float64{{0, 2}, {0, -3}}},
		{"+proj=eqdc +lat_1=30 +lat_2=50" + wgs, nil, [][2]float64{{0, 3}, {0.1, 1.9}}},
		{"+proj=tmerc_zoned" + wgs, nil, [][2]float64{{0, 0}, {0.25, 0}, {20, 0}}},
	} {
		k := kernelOf(t, projectionOf(t, c.definition))
		nan, inf := math.NaN(), math.Inf(1)
		for _, p := range append([][2]float64{{nan, 0}, {0, nan}}, c.globe...) {
			x, y := []float64{p[0] * degree}, []float64{p[1] * degree}
			k.Forward(x, y)
			assert.True(t, math.IsNaN(x[0]) || math.IsNaN(y[0]), "%s: %v is at %v, %v", c.definition, p, x[0], y[0])
		}
		for _, p := range append([][2]float64{{nan, 0}, {0, nan}, {nan, nan}, {inf, inf}, {0, inf}, {-inf, 0}}, c.plane...) {
			x, y := []float64{p[0]}, []float64{p[1]}
			k.Inverse(x, y)
			if math.IsInf(p[0], 0) && k.Extent().Period > 0 {
				continue // x is proportional to longitude without end
			}
			assert.True(t, math.IsNaN(x[0]) || math.IsNaN(y[0]), "%s: %v comes from %v, %v", c.definition, p, x[0], y[0])
		}
	}
}

func TestParseProjection(t *testing.T) {
	p := projectionOf(t, "+proj=utm +zone=31 +south +a=6378137 +rf=298.257223563 +units=m +no_defs")
	assert.Equal(t, makeProjection("tmerc", wgs84, Parameters{CentralMeridian: 3, ScaleFactor: 0.9996, FalseEasting: 500_000, FalseNorthing: 10_000_000}), p)
	p = projectionOf(t, "+proj=webmerc +a=6378137 +rf=298.257223563")
	assert.Equal(t, makeProjection("merc", wgs84.Sphere(), Parameters{ScaleFactor: 1}), p)
	p = projectionOf(t, "+proj=tmerc +k=-1 +x_0=5 +R=1")
	assert.Equal(t, withAxes(makeProjection("tmerc", Ellipsoid{A: 1}, Parameters{ScaleFactor: 1, FalseEasting: 5}), WestSouth), p)
	p = projectionOf(t, "+proj=cass +axis=swu +x_0=5 +y_0=7 +R=1")
	assert.Equal(t, withAxes(makeProjection("cass", Ellipsoid{A: 1}, Parameters{ScaleFactor: 1, FalseEasting: -7, FalseNorthing: -5}), SouthWest), p)
	p = projectionOf(t, "+proj=lcc +lat_1=30d30'N +lon_0=10d15'W +R=1")
	assert.Equal(t, makeProjection("lcc", Ellipsoid{A: 1}, Parameters{LatitudeOfOrigin: 30.5, StandardParallel1: 30.5, StandardParallel2: 30.5, CentralMeridian: -10.25, ScaleFactor: 1}), p)
	// 4π times the square is the ellipsoid's surface: 6371007.1809 m for GRS 1980 (H. Moritz 2000).
	assert.InDelta(t, 6371007.1809, grs80.authalicSphere().A, 1e-4)

	for text, want := range map[string]Unsupported{
		"+proj=isea +R=1":                                   {"projection", "isea"},
		"+proj=lcc +R=1":                                    {"projection", "lcc without lat_1"},
		"+proj=moll +lat_0=3 +R=1":                          {"parameter of moll", "lat_0"},
		"+proj=merc +lat_0=3 +R=1":                          {"latitude of origin of a Mercator projection", "3"},
		"+proj=utm +zone=61 +R=1":                           {"zone of utm", "61"},
		"+proj=tmerc +lat_0=x +R=1":                         {"value of a parameter of tmerc", "lat_0=x"},
		"+proj=tmerc +lat_0=91 +R=1":                        {"latitude in a projection", "91"},
		"+proj=tmerc +k=0 +R=1":                             {"scale factor", "0"},
		"+proj=lcc +lat_1=3 +k=-1 +R=1":                     {"scale factor", "-1"},
		"+proj=tmerc +axis=xyz +R=1":                        {"axis", "xyz"},
		"+proj=geos +h=3 +sweep=z +R=1":                     {"sweep of geos", "z"},
		"+proj=omerc +gamma=3 +R=1":                         {"projection", "omerc with gamma but without alpha"},
		"+proj=omerc +alpha=3 +lon_1=2 +R=1":                {"parameter of omerc with an azimuth", "lon_1"},
		"+proj=merc +lat_ts=89.95 +R=1":                     {"latitude of true scale", "89.95"},
		"+proj=omerc +no_uoff +lat_1=1 +lat_2=4 +R=6378137": {"parameter of omerc through two points", "no_uoff"},
	} {
		_, err := parseProjString(t, text)
		var got *Unsupported
		require.ErrorAs(t, err, &got, text)
		assert.Equal(t, want, *got, text)
	}
}

// What cannot be set up is an error, never a kernel of NaNs.
func TestImpossibleKernels(t *testing.T) {
	for text, want := range map[string]string{
		"+proj=lcc +lat_1=30 +lat_2=-30":                    "lcc: standard parallels are opposite each other, or at a pole",
		"+proj=lcc +lat_1=90":                               "lcc: standard parallels are opposite each other, or at a pole",
		"+proj=lcc +lat_1=30 +lat_2=40 +lat_0=-90":          "lcc: the latitude of origin is the pole away from the apex",
		"+proj=eqdc +lat_1=30 +lat_2=-30":                   "eqdc: standard parallels are opposite each other, or at a pole",
		"+proj=bonne +lat_1=0":                              "bonne: the standard parallel of a Bonne projection is the equator",
		"+proj=omerc +lat_0=90 +alpha=3":                    "omerc: the centre of an oblique Mercator projection is a pole",
		"+proj=omerc +lat_0=4 +lat_1=10 +lat_2=10 +lon_2=3": "omerc: the two points of an oblique Mercator projection have the same latitude",
		"+proj=tpeqd +lat_1=10 +lat_2=10":                   "tpeqd: the two points are the same, or opposite each other",
		"+proj=nsper +h=-3":                                 "nsper: the height of a perspective is not positive",
		"+proj=nsper +h=0":                                  "nsper: the height of a perspective is not positive",
		"+proj=geos +h=0":                                   "geos: the height of a satellite is not positive",
		"+proj=nzmg":                                        "nzmg: the New Zealand Map Grid is about 41°S on the International 1924 ellipsoid",
		"+proj=lcc_near +lat_0=0":                           "lcc_near: the latitude of origin is the equator or a pole",
		"+proj=wintri +lat_1=90":                            "wintri: the standard parallel of a Winkel projection is a pole",
	} {
		p := projectionOf(t, text+" +a=6378137 +rf=298.257223563")
		_, err := NewKernel(p)
		assert.ErrorContains(t, err, "srs: projection "+want, text)
	}
}

// TestSquares is a metre wide, as PROJ 9.1.1's integral has seven digits:
//
//	echo "<lon> <lat>" | proj -f %.3f <definition>
func TestSquares(t *testing.T) {
	for _, c := range []struct {
		definition string
		points     [][4]float64
	}{
		{"+proj=peirce_q +shape=square +lat_0=90 +R=1000000", [][4]float64{
			{10, 20, 1115928.127, -804203.177}, {-120, 10, -1625845.174, -523757.241}, {80, -45, 2146699.409, 1945858.085}}},
		{"+proj=peirce_q +shape=diamond +lat_0=90 +R=1000000", [][4]float64{
			{10, 20, 220422.826, -1357737.866}, {-120, -10, -2188150.910, 779293.851}, {170, 60, 92846.759, 527579.346}}},
		{"+proj=adams_ws2 +R=1000000", [][4]float64{
			{10, 20, 86632.542, 178054.150}, {-120, -10, -1163498.236, -123612.490}, {170, 60, 1406636.767, 1068980.112}}},
	} {
		k := kernelOf(t, projectionOf(t, c.definition))
		for _, p := range c.points {
			x, y := []float64{p[0] * degree}, []float64{p[1] * degree}
			k.Forward(x, y)
			assert.InDelta(t, p[2], x[0]*1e6, 0.1, "%s: %v", c.definition, p)
			assert.InDelta(t, p[3], y[0]*1e6, 0.1, "%s: %v", c.definition, p)
		}
	}
	for text, want := range map[string]Unsupported{
		"+proj=peirce_q +R=1":                          {"projection", "peirce_q without shape"},
		"+proj=peirce_q +shape=horizontal +R=1":        {"shape of peirce_q", "horizontal"},
		"+proj=peirce_q +shape=square +lat_0=-90 +R=1": {"latitude of origin of peirce_q", "-90"},
	} {
		_, err := parseProjString(t, text)
		var got *Unsupported
		require.ErrorAs(t, err, &got, text)
		assert.Equal(t, want, *got, text)
	}
}
