package srs

// WGS84 returns longitude and latitude of WGS 84, EPSG:4326, in degrees, in which GPS, GeoJSON and KML state places.
func WGS84() CRS { return Must(FromWKID(4326)) }

// WebMercator returns the projection of web maps, EPSG:3857, in metres.
func WebMercator() CRS { return Must(FromWKID(3857)) }

// Must returns c, and panics if err is not nil. It is for codes and texts that are constants of a program:
//
//	var utm33 = srs.Must(srs.FromWKID(32633))
func Must(c CRS, err error) CRS {
	if err != nil {
		panic(err)
	}
	return c
}
