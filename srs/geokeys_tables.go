package srs

import (
	"fmt"
	"math"
)

// The tables are those of the EPSG data set, which is where GeoTIFF takes its codes from.

// linearUnits are units of length in metres, by code.
var linearUnits = map[uint16]float64{
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
}

// angularUnits are units of angles in radians, by code. Those that only say how a degree is written mean degrees, but for
// the packed ones, 9110 and 9111, which writers take for both.
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

// ellipsoids have a semi-major axis in metres and an inverse flattening, 0 for a sphere, by code.
var ellipsoids = map[uint16]struct {
	name  string
	a, rf float64
}{
	1024: {"CGCS2000", 6378137.0, 298.257222101},
	1025: {"GSK-2011", 6378136.5, 298.2564151},
	1026: {"Zach 1812", 6376045.0, 310.0},
	7001: {"Airy 1830", 6377563.396, 299.3249646},
	7002: {"Airy Modified 1849", 6377340.189, 299.3249646},
	7003: {"Australian National Spheroid", 6378160.0, 298.25},
	7004: {"Bessel 1841", 6377397.155, 299.1528128},
	7005: {"Bessel Modified", 6377492.018, 299.1528128},
	7006: {"Bessel Namibia", 6377483.865, 299.1528128},
	7007: {"Clarke 1858", 6378293.64521, 294.26067636926},
	7008: {"Clarke 1866", 6378206.4, 294.9786982139},
	7009: {"Clarke 1866 Michigan", 6378450.04755, 294.97869716467},
	7010: {"Clarke 1880 (Benoit)", 6378300.789, 293.46631553898},
	7011: {"Clarke 1880 (IGN)", 6378249.2, 293.46602129363},
	7012: {"Clarke 1880 (RGS)", 6378249.145, 293.465},
	7013: {"Clarke 1880 (Arc)", 6378249.145, 293.4663077},
	7014: {"Clarke 1880 (SGA 1922)", 6378249.2, 293.46598},
	7015: {"Everest 1830 (1937 Adjustment)", 6377276.345, 300.8017},
	7016: {"Everest 1830 (1967 Definition)", 6377298.556, 300.8017},
	7018: {"Everest 1830 Modified", 6377304.063, 300.8017},
	7019: {"GRS 1980", 6378137.0, 298.257222101},
	7020: {"Helmert 1906", 6378200.0, 298.3},
	7021: {"Indonesian National Spheroid", 6378160.0, 298.247},
	7022: {"International 1924", 6378388.0, 297.0},
	7024: {"Krassowsky 1940", 6378245.0, 298.3},
	7025: {"NWL 9D", 6378145.0, 298.25},
	7027: {"Plessis 1817", 6376523.0, 308.64},
	7028: {"Struve 1860", 6378298.3, 294.73},
	7029: {"War Office", 6378300.0, 296.0},
	7030: {"WGS 84", 6378137.0, 298.257223563},
	7031: {"GEM 10C", 6378137.0, 298.257223563},
	7032: {"OSU86F", 6378136.2, 298.257223563},
	7033: {"OSU91A", 6378136.3, 298.257223563},
	7034: {"Clarke 1880", 6378249.14481, 293.46630765563},
	7035: {"Sphere", 6371000.0, 0.0},
	7036: {"GRS 1967", 6378160.0, 298.247167427},
	7041: {"Average Terrestrial System 1977", 6378135.0, 298.257},
	7042: {"Everest (1830 Definition)", 6377299.3656, 300.80172554336},
	7043: {"WGS 72", 6378135.0, 298.26},
	7044: {"Everest 1830 (1962 Definition)", 6377301.243, 300.8017255},
	7045: {"Everest 1830 (1975 Definition)", 6377299.151, 300.8017255},
	7046: {"Bessel Namibia (GLM)", 6377483.86528, 299.1528128},
	7047: {"GRS 1980 Authalic Sphere", 6370997.0, 0.0},
	7048: {"GRS 1980 Authalic Sphere", 6371007.0, 0.0},
	7049: {"IAG 1975", 6378140.0, 298.257},
	7050: {"GRS 1967 Modified", 6378160.0, 298.25},
	7051: {"Danish 1876", 6377019.27, 300.0},
	7052: {"Clarke 1866 Authalic Sphere", 6370997.0, 0.0},
	7053: {"Hough 1960", 6378270.0, 297.0},
	7054: {"PZ-90", 6378136.0, 298.257839303},
	7055: {"Clarke 1880 (international foot)", 6378306.3696, 293.46630765563},
	7056: {"Everest 1830 (RSO 1969)", 6377295.664, 300.8017},
	7057: {"International 1924 Authalic Sphere", 6371228.0, 0.0},
	7058: {"Hughes 1980", 6378273.0, 298.27941112306},
	7059: {"Popular Visualisation Sphere", 6378137.0, 0.0},
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

// unit is the size of a unit that is given by a key with a code, or by one with the size if the code says so; 0 if neither
// is there.
func (k geoKeys) unit(code, size GeoKeyID, known map[uint16]float64) (float64, error) {
	switch k.codes[code] {
	case keyUndefined:
		return 0, nil
	case keyUserDefined:
		v, ok, err := k.number(size)
		if err == nil && (!ok || !(v > 0)) {
			err = wrongKey(size, v, fmt.Sprintf("%v %d wants the size of a unit", code, keyUserDefined))
		}
		return v, err
	}
	v, ok := known[k.codes[code]]
	if !ok {
		return 0, unsupportedKey(code, k.codes[code], "a unit that is not known")
	}
	return v, nil
}
