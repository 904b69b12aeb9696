package srs

import (
	"fmt"
	"math"
)

// The tables are those of the EPSG data set, which GeoTIFF takes its codes from.

// linearUnits are units of length in metres, by code.
var linearUnits = map[uint16]float64{
	1025: 0.001,               // millimetre
	1033: 0.01,                // centimetre
	9001: 1.0,                 // metre
	9002: 0.3048,              // foot
	9003: 0.30480060960121924, // US survey foot
	9005: 0.3047972654,        // Clarke's foot
	9014: 1.8288,              // fathom
	9030: 1852.0,              // nautical mile
	9031: 1.0000135965,        // German legal metre
	9033: 20.11684023368047,   // US survey chain
	9034: 0.2011684023368047,  // US survey link
	9035: 1609.3472186944375,  // US survey mile
	9036: 1000.0,              // kilometre
	9037: 0.9143917962,        // Clarke's yard
	9038: 20.1166195164,       // Clarke's chain
	9039: 0.201166195164,      // Clarke's link
	9040: 0.9143984146160287,  // British yard (Sears 1922)
	9041: 0.3047994715386762,  // British foot (Sears 1922)
	9042: 20.116765121552632,  // British chain (Sears 1922)
	9043: 0.2011676512155263,  // British link (Sears 1922)
	9050: 0.9143992,           // British yard (Benoit 1895 A)
	9051: 0.3047997333333333,  // British foot (Benoit 1895 A)
	9052: 20.1167824,          // British chain (Benoit 1895 A)
	9053: 0.201167824,         // British link (Benoit 1895 A)
	9060: 0.9143992042898124,  // British yard (Benoit 1895 B)
	9061: 0.30479973476327077, // British foot (Benoit 1895 B)
	9062: 20.116782494375872,  // British chain (Benoit 1895 B)
	9063: 0.2011678249437587,  // British link (Benoit 1895 B)
	9070: 0.30480083333333335, // British foot (1865)
	9080: 0.30479951024814694, // Indian foot
	9081: 0.30479841,          // Indian foot (1937)
	9082: 0.3047996,           // Indian foot (1962)
	9083: 0.3047995,           // Indian foot (1975)
	9084: 0.9143985307444408,  // Indian yard
	9085: 0.91439523,          // Indian yard (1937)
	9086: 0.9143988,           // Indian yard (1962)
	9087: 0.9143985,           // Indian yard (1975)
	9093: 1609.344,            // Statute mile
	9094: 0.3047997101815088,  // Gold Coast foot
	9095: 0.3048007491,        // British foot (1936)
	9096: 0.9144,              // yard
	9097: 20.1168,             // chain
	9098: 0.201168,            // link
	9099: 0.914398,            // British yard (Sears 1922 truncated)
	9300: 0.914398 / 3,        // British foot (Sears 1922 truncated)
	9301: 20.116756,           // British chain (Sears 1922 truncated)
	9302: 0.20116756,          // British link (Sears 1922 truncated)
}

// angularUnits are units of angles in radians, by code. Units that only state how degrees are written are degrees,
// except for the packed ones, 9110 and 9111: some writers mean degrees by them, and some do not.
var angularUnits = map[uint16]float64{
	9101: 1,                // radian
	9102: math.Pi / 180,    // degree
	9103: math.Pi / 10800,  // minute
	9104: math.Pi / 648000, // second
	9105: math.Pi / 200,    // grad
	9106: math.Pi / 200,    // gon
	9107: math.Pi / 180,    // degree, minute, second
	9108: math.Pi / 180,    // the same with a hemisphere
	9109: 1e-6,             // microradian
	9122: math.Pi / 180,    // degree, written as the supplier likes
}

// ellipsoids are ellipsoids by code.
var ellipsoids = map[uint16]ellipsoid{
	1024: {A: 6378137.0, RF: 298.257222101},       // CGCS2000
	1025: {A: 6378136.5, RF: 298.2564151},         // GSK-2011
	1026: {A: 6376045.0, RF: 310.0},               // Zach 1812
	7001: {A: 6377563.396, RF: 299.3249646},       // Airy 1830
	7002: {A: 6377340.189, RF: 299.3249646},       // Airy Modified 1849
	7003: {A: 6378160.0, RF: 298.25},              // Australian National Spheroid
	7004: {A: 6377397.155, RF: 299.1528128},       // Bessel 1841
	7005: {A: 6377492.018, RF: 299.1528128},       // Bessel Modified
	7006: {A: 6377483.865, RF: 299.1528128},       // Bessel Namibia
	7007: {A: 6378293.64521, RF: 294.26067636926}, // Clarke 1858
	7008: {A: 6378206.4, RF: 294.9786982139},      // Clarke 1866
	7009: {A: 6378450.04755, RF: 294.97869716467}, // Clarke 1866 Michigan
	7010: {A: 6378300.789, RF: 293.46631553898},   // Clarke 1880 (Benoit)
	7011: {A: 6378249.2, RF: 293.46602129363},     // Clarke 1880 (IGN)
	7012: {A: 6378249.145, RF: 293.465},           // Clarke 1880 (RGS)
	7013: {A: 6378249.145, RF: 293.4663077},       // Clarke 1880 (Arc)
	7014: {A: 6378249.2, RF: 293.46598},           // Clarke 1880 (SGA 1922)
	7015: {A: 6377276.345, RF: 300.8017},          // Everest 1830 (1937 Adjustment)
	7016: {A: 6377298.556, RF: 300.8017},          // Everest 1830 (1967 Definition)
	7018: {A: 6377304.063, RF: 300.8017},          // Everest 1830 Modified
	7019: {A: 6378137.0, RF: 298.257222101},       // GRS 1980
	7020: {A: 6378200.0, RF: 298.3},               // Helmert 1906
	7021: {A: 6378160.0, RF: 298.247},             // Indonesian National Spheroid
	7022: {A: 6378388.0, RF: 297.0},               // International 1924
	7024: {A: 6378245.0, RF: 298.3},               // Krassowsky 1940
	7025: {A: 6378145.0, RF: 298.25},              // NWL 9D
	7027: {A: 6376523.0, RF: 308.64},              // Plessis 1817
	7028: {A: 6378298.3, RF: 294.73},              // Struve 1860
	7029: {A: 6378300.0, RF: 296.0},               // War Office
	7030: {A: 6378137.0, RF: 298.257223563},       // WGS 84
	7031: {A: 6378137.0, RF: 298.257223563},       // GEM 10C
	7032: {A: 6378136.2, RF: 298.257223563},       // OSU86F
	7033: {A: 6378136.3, RF: 298.257223563},       // OSU91A
	7034: {A: 6378249.14481, RF: 293.46630765563}, // Clarke 1880
	7035: {A: 6371000.0, RF: 0.0},                 // Sphere
	7036: {A: 6378160.0, RF: 298.247167427},       // GRS 1967
	7041: {A: 6378135.0, RF: 298.257},             // Average Terrestrial System 1977
	7042: {A: 6377299.3656, RF: 300.80172554336},  // Everest (1830 Definition)
	7043: {A: 6378135.0, RF: 298.26},              // WGS 72
	7044: {A: 6377301.243, RF: 300.8017255},       // Everest 1830 (1962 Definition)
	7045: {A: 6377299.151, RF: 300.8017255},       // Everest 1830 (1975 Definition)
	7046: {A: 6377483.86528, RF: 299.1528128},     // Bessel Namibia (GLM)
	7047: {A: 6370997.0, RF: 0.0},                 // GRS 1980 Authalic Sphere
	7048: {A: 6371007.0, RF: 0.0},                 // GRS 1980 Authalic Sphere
	7049: {A: 6378140.0, RF: 298.257},             // IAG 1975
	7050: {A: 6378160.0, RF: 298.25},              // GRS 1967 Modified
	7051: {A: 6377019.27, RF: 300.0},              // Danish 1876
	7052: {A: 6370997.0, RF: 0.0},                 // Clarke 1866 Authalic Sphere
	7053: {A: 6378270.0, RF: 297.0},               // Hough 1960
	7054: {A: 6378136.0, RF: 298.257839303},       // PZ-90
	7055: {A: 6378306.3696, RF: 293.46630765563},  // Clarke 1880 (international foot)
	7056: {A: 6377295.664, RF: 300.8017},          // Everest 1830 (RSO 1969)
	7057: {A: 6371228.0, RF: 0.0},                 // International 1924 Authalic Sphere
	7058: {A: 6378273.0, RF: 298.27941112306},     // Hughes 1980
	7059: {A: 6378137.0, RF: 0.0},                 // Popular Visualisation Sphere
}

// meridians are prime meridians in degrees from Greenwich, by code.
var meridians = map[uint16]struct {
	name      string
	longitude float64
}{
	8901: {"Greenwich", 0.0},
	8902: {"Lisbon", -9.13190611111},
	8903: {"Paris", 2.33722917},
	8904: {"Bogota", -74.0809166667},
	8905: {"Madrid", -3.687375},
	8906: {"Rome", 12.4523333333},
	8907: {"Bern", 7.43958333333},
	8908: {"Jakarta", 106.807719444},
	8909: {"Ferro", -17.6666666667},
	8910: {"Brussels", 4.367975},
	8911: {"Stockholm", 18.0582777778},
	8912: {"Athens", 23.7163375},
	8913: {"Oslo", 10.7229166667},
	8914: {"Paris RGS", 2.33720833333},
}

// unit returns the size of a unit that one key states by a code and another by its size; 0 if neither is present. GDAL
// leaves the code out where a unit of angles has none.
func (k geoKeys) unit(code, size GeoKeyID, known map[uint16]float64) (float64, error) {
	_, sized := k.numbers[size]
	switch {
	case k.codes[code] == keyUserDefined || k.codes[code] == keyUndefined && sized:
		v, ok, err := k.number(size)
		if err == nil && (!ok || !(v >= 1e-9 && v <= 1e9)) { // as of units in well-known text
			err = wrongKey(size, v, fmt.Sprintf("%v %d wants the size of a unit", code, keyUserDefined))
		}
		return v, err
	case k.codes[code] == keyUndefined:
		return 0, nil
	}
	v, ok := known[k.codes[code]]
	if !ok {
		return 0, unsupportedKey(code, k.codes[code], "a unit that is not known")
	}
	if stated, _, err := k.number(size); sized && (err != nil || math.Abs(stated/v-1) > 1e-7) {
		k.note("%s is set aside: %s says otherwise", k.stated(size), k.stated(code))
	}
	return v, nil
}
