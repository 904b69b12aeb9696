package srs

import "fmt"

// lookup finds the definition of an EPSG or Esri code.
func lookup(wkid int) (definition, bool) {
	if d, ok := lookupUTM(wkid); ok {
		return d, true
	}
	d := definition{wkid: wkid, latest: wkid, authority: "EPSG"}
	switch wkid {
	case 4326:
		d.name, d.system = "WGS 84", geographic(wgs84)
	case 4269:
		d.name, d.system = "NAD83", geographic(nad83)
	case 4258:
		d.name, d.system = "ETRS89", geographic(etrs89)
	case 4674:
		d.name, d.system = "SIRGAS 2000", geographic(sirgas2000)

	// Web Mercator. The older codes are formally on a sphere's datum, to which every client takes latitudes and
	// longitudes of WGS 84 unchanged, and so do we. The newest equivalent of all is 3857: Esri retired 102113 in favour
	// of 3785, and EPSG retired that in turn.
	case 3857:
		d.name, d.system = "WGS 84 / Pseudo-Mercator", webMercator()
	case 102100:
		d.authority, d.latest = "ESRI", 3857
		d.name, d.system = "WGS_1984_Web_Mercator_Auxiliary_Sphere", webMercator()
	case 102113:
		d.authority, d.latest = "ESRI", 3857
		d.name, d.system = "WGS_1984_Web_Mercator", webMercator()
	case 3785:
		d.latest = 3857
		d.name, d.system = "Popular Visualisation CRS / Mercator", webMercator()
	case 900913:
		d.latest = 3857
		d.name, d.system = "Google Maps Global Mercator", webMercator()

	case 3395:
		d.name, d.system = "WGS 84 / World Mercator", projected(wgs84, projection{kernel: "x_merc", k0: 1})

	case 5070:
		d.name, d.system = "NAD83 / Conus Albers", conusAlbers(23)
	case 102039:
		d.authority = "ESRI"
		d.name, d.system = "USA_Contiguous_Albers_Equal_Area_Conic_USGS_version", conusAlbers(23)
	case 102003:
		d.authority = "ESRI"
		d.name, d.system = "USA_Contiguous_Albers_Equal_Area_Conic", conusAlbers(37.5)

	default:
		return definition{}, false
	}
	return d, true
}

func geographic(d datum) system { return system{datum: d, unit: degree} }

// projected is a projected system in metres on the datum's own ellipsoid.
func projected(d datum, p projection) system {
	p.ellipsoid = d.ellipsoid
	return system{datum: d, unit: metre, projection: p}
}

// webMercator is EPSG method 1024: the formulas of the sphere whose radius is the semi-major axis, with geodetic
// latitude in place of spherical latitude.
func webMercator() system {
	return system{datum: wgs84, unit: metre,
		projection: projection{kernel: "x_merc", ellipsoid: wgs84Ellipsoid.sphere(), k0: 1}}
}

func conusAlbers(lat0 float64) system {
	return projected(nad83, projection{kernel: "x_aea", lon0: -96, lat0: lat0, lat1: 29.5, lat2: 45.5, k0: 1})
}

// utmSeries are the runs of codes whose numbers count up with the zones of the Universal Transverse Mercator grid.
var utmSeries = []struct {
	first, last int // codes
	zone        int // of the first code
	south       bool
	datum       datum
	name        string
}{
	{32601, 32660, 1, false, wgs84, "WGS 84"},
	{32701, 32760, 1, true, wgs84, "WGS 84"},
	{26901, 26923, 1, false, nad83, "NAD83"},
	{9712, 9712, 24, false, nad83, "NAD83"},
	{3372, 3373, 59, false, nad83, "NAD83"},
	{25828, 25838, 28, false, etrs89, "ETRS89"},
	{31965, 31976, 11, false, sirgas2000, "SIRGAS 2000"},
	{6210, 6211, 23, false, sirgas2000, "SIRGAS 2000"},
	{31977, 31985, 17, true, sirgas2000, "SIRGAS 2000"},
	{5396, 5396, 26, true, sirgas2000, "SIRGAS 2000"},
}

func lookupUTM(wkid int) (definition, bool) {
	for _, s := range utmSeries {
		if wkid < s.first || wkid > s.last {
			continue
		}
		zone, letter := s.zone+wkid-s.first, 'N'
		p := projection{kernel: "x_tmerc", lon0: float64(6*zone - 183), k0: 0.9996, x0: 500_000}
		if s.south {
			letter, p.y0 = 'S', 10_000_000
		}
		return definition{
			wkid: wkid, latest: wkid, authority: "EPSG",
			name:   fmt.Sprintf("%s / UTM zone %d%c", s.name, zone, letter),
			system: projected(s.datum, p),
		}, true
	}
	return definition{}, false
}
