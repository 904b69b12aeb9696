package srs_test

import (
	"fmt"

	"github.com/geoexport/geoexport/srs"
)

// Systems by words of their names, at a place.
func ExampleSearch() {
	bern := srs.Envelope{XMin: 7.4, YMin: 46.9, XMax: 7.5, YMax: 47}
	for e := range srs.Search(srs.Query{Name: "ch1903", Area: &bern, Kind: srs.Projected}) {
		fmt.Println(e.WKID, e.Name)
	}
	// Output:
	// 2056 CH1903+ / LV95
	// 21780 CH1903 (Bern) / LV03C
	// 21781 CH1903 / LV03
}

func ExampleCRS_Kind() {
	for _, text := range []string{"4326", "EPSG:2056", "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +R=6371229"} {
		crs, err := srs.Parse(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(crs.Kind())
	}
	// Output:
	// geographic
	// projected
	// rotated pole
}

func ExampleCRS_Unit() {
	crs, err := srs.FromWKID(2263) // New York Long Island, in US survey feet
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.10f m\n", crs.Unit())
	// Output: 0.3048006096 m
}

func ExampleCRS_Axes() {
	crs, err := srs.FromWKID(4326)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range crs.Axes() {
		fmt.Println(a.Name, a.Abbreviation, a.Direction)
	}
	// Output:
	// Geodetic latitude Lat north
	// Geodetic longitude Lon east
}

func ExampleCRS_Note() {
	crs, err := srs.FromWKT(`GEOGCS["WGS 84",DATUM["x",SPHEROID["Bessel 1841",6377397.155,299.1528128]],` +
		`PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(crs.Note())
	// Output: the text counts, and not its code EPSG:4326, as their ellipsoids differ
}
