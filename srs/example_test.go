package srs_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/geoexport/geoexport/srs"
)

func Example() {
	from, err := srs.Parse("EPSG:4326")
	if err != nil {
		panic(err)
	}
	to, err := srs.Parse(`{"wkid":102100,"latestWkid":3857}`)
	if err != nil {
		panic(err)
	}
	t, err := srs.NewTransformer(from, to)
	if err != nil {
		panic(err)
	}
	xs, ys := []float64{-117, 0}, []float64{34, 90}
	lost := t.Transform(xs, ys)
	fmt.Printf("%.2f %.2f, %d lost\n", xs[0], ys[0], lost)
	// Output:
	// -13024380.42 4028802.03, 1 lost
}

func ExampleParse() {
	for _, text := range []string{
		"27700",
		"urn:ogc:def:crs:EPSG::25832",
		`{"wkid":102100,"latestWkid":3857}`,
		"+proj=utm +zone=33 +datum=WGS84",
		`PROJCS["Europe",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137,298.257222101]],` +
			`PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Azimuthal_Equal_Area"],` +
			`PARAMETER["Central_Meridian",10],PARAMETER["Latitude_Of_Origin",52],UNIT["Meter",1]]`,
	} {
		c, err := srs.Parse(text)
		if err != nil {
			panic(err)
		}
		fmt.Println(c, c.Name())
	}
	// Output:
	// EPSG:27700 OSGB36 / British National Grid
	// EPSG:25832 ETRS89 / UTM zone 32N
	// ESRI:102100 WGS_1984_Web_Mercator_Auxiliary_Sphere
	// unnamed unnamed
	// Europe Europe
}

func ExampleFromWKID() {
	for _, wkid := range []int{2263, 4978, 1} {
		c, err := srs.FromWKID(wkid)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(c, c.Name(), c.Geographic(), c.Unit())
	}
	// Output:
	// EPSG:2263 NAD83 / New York Long Island (ftUS) false 0.30480060960121924
	// srs: unsupported kind of spatial reference "geocentric 4978"
	// srs: unknown spatial reference 1
}

func ExampleNewTransformer() {
	lonLat, err := srs.FromWKID(4326)
	if err != nil {
		panic(err)
	}
	utm, err := srs.FromWKID(32632)
	if err != nil {
		panic(err)
	}
	t, err := srs.NewTransformer(lonLat, utm)
	if err != nil {
		panic(err)
	}
	xs, ys := []float64{8.55, 9, 120}, []float64{47.37, 0, 0} // the last one is 111° from the central meridian
	lost := t.Transform(xs, ys)
	fmt.Printf("%.1f\n%.1f\n%d lost\n", xs, ys, lost)
	t.Inverse().Transform(xs, ys)
	fmt.Printf("%.6f %.6f\n", xs[0], ys[0])
	// Output:
	// [466025.4 500000.0 NaN]
	// [5246380.4 0.0 NaN]
	// 1 lost
	// 8.550000 47.370000
}

// A survey prescribes its own operation between ED50 and WGS 84, in place of the one that is best for the place.
func ExampleOperationFromWKID() {
	operation, err := srs.OperationFromWKID(1133)
	if err != nil {
		panic(err)
	}
	from, _ := srs.FromWKID(23031) // ED50 / UTM zone 31N
	to, _ := srs.FromWKID(4326)
	t, err := srs.Options{Operations: []srs.Operation{operation}}.NewTransformer(from, to)
	if err != nil {
		panic(err)
	}
	xs, ys := []float64{500000}, []float64{5000000}
	t.Transform(xs, ys)
	fmt.Printf("%.6f %.6f\n", xs[0], ys[0])
	fmt.Println(t.Operations(), t.Accuracy(), "m")
	_, err = srs.Options{Operations: []srs.Operation{operation.Backward()}}.NewTransformer(from, to)
	fmt.Println(err)
	// Output:
	// 2.998813 45.151635
	// [ED50 to WGS 84 (1), ED_1950_To_WGS_1984_1 [1133]] 10 m
	// srs: datum transformation inverse of ED50 to WGS 84 (1), ED_1950_To_WGS_1984_1 [1133] leads back from World Geodetic System 1984 ensemble to European Datum 1950, and not from European Datum 1950
}

func ExampleTransformer_Envelope() {
	lonLat, err := srs.FromWKID(4326)
	if err != nil {
		panic(err)
	}
	for _, c := range []struct {
		wkid int
		box  srs.Envelope
	}{
		{3857, srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}},
		{102003, srs.Envelope{XMin: -120, YMin: 25, XMax: -72, YMax: 49}}, // whose southern edge bulges
	} {
		to, err := srs.FromWKID(c.wkid)
		if err != nil {
			panic(err)
		}
		t, err := srs.NewTransformer(lonLat, to)
		if err != nil {
			panic(err)
		}
		box, err := t.Envelope(c.box)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%.2f\n", box)
	}
	// Output:
	// {-20037508.34 -20037508.34 20037508.34 20037508.34}
	// {-2426416.72 -1388666.30 2426416.72 1504766.88}
}

func ExampleCRS_WKT2() {
	c, err := srs.FromWKID(4326)
	if err != nil {
		panic(err)
	}
	text, err := c.WKT2()
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(strings.ReplaceAll(text, ",ELL", ",\nELL"), "],", "],\n"))
	// Output:
	// GEOGCRS["WGS 84",DATUM["World Geodetic System 1984 ensemble",
	// ELLIPSOID["WGS 84",6378137.0,298.257223563,LENGTHUNIT["metre",1]],
	// ID["EPSG",6326]],
	// PRIMEM["Greenwich",0.0,ANGLEUNIT["degree",0.017453292519943295]],
	// CS[ellipsoidal,2],
	// AXIS["geodetic latitude (Lat)",north,ORDER[1]],
	// AXIS["geodetic longitude (Lon)",east,ORDER[2]],
	// ANGLEUNIT["degree",0.017453292519943295],
	// ID["EPSG",4326]]
}

func ExampleCRS_AreaOfUse() {
	c, err := srs.FromWKID(3832) // PDC Mercator, across the antimeridian
	if err != nil {
		panic(err)
	}
	box, ok := c.AreaOfUse()
	fmt.Println(box, ok)
	// Output:
	// 98.69,-60,292,66.67 true
}

func ExampleFromGeoKeys() {
	tags := srs.GeoKeyTags{
		Directory: []uint16{1, 1, 0, 6,
			1024, 0, 1, 1, // GTModelTypeGeoKey: projected
			2048, 0, 1, 4326, // GeographicTypeGeoKey: WGS 84
			3072, 0, 1, 32767, // ProjectedCSTypeGeoKey: user-defined
			3073, 34737, 10, 0, // PCSCitationGeoKey
			3075, 0, 1, 10, // ProjCoordTransGeoKey: Lambert azimuthal equal-area
			3089, 34736, 1, 0, // ProjCenterLatGeoKey
		},
		Doubles: []float64{52},
		ASCII:   "My Europe|",
	}
	keys, err := tags.Keys()
	if err != nil {
		panic(err)
	}
	c, notes, err := srs.FromGeoKeys(keys)
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Name(), c.Unit(), notes)
	// Output:
	// My Europe 1 []
}

func ExampleReadNTv2() {
	// A file of one grid around 10° E 50° N with the same shift everywhere: 3″ to the north and 4″ to the east.
	file := makeNTv2(3, -4)
	grid, err := srs.ReadNTv2(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		panic(err)
	}
	fmt.Println(grid.Systems())

	dhdn, err := srs.FromWKID(4314)
	if err != nil {
		panic(err)
	}
	etrs89, err := srs.FromWKID(4258)
	if err != nil {
		panic(err)
	}
	o := srs.Options{ShiftGrids: []srs.ShiftGrid{{NTv2: grid, From: dhdn, To: etrs89, Accuracy: 0.1}}}
	t, err := o.NewTransformer(dhdn, etrs89)
	if err != nil {
		panic(err)
	}
	xs, ys := []float64{10}, []float64{50}
	t.Transform(xs, ys)
	fmt.Printf("%.2f″ %.2f″\n", (xs[0]-10)*3600, (ys[0]-50)*3600)
	// Output:
	// DHDN ETRS89
	// 4.00″ 3.00″
}

// makeNTv2 makes an NTv2 file with one grid of 2 × 2 nodes, 9° to 11° E and 49° to 51° N, that all have the same shift,
// in seconds to the north and to the west.
func makeNTv2(north, west float32) []byte {
	var b []byte
	text := func(key, value string) { b = append(b, fmt.Sprintf("%-8s%-8s", key, value)...) }
	count := func(key string, n uint32) {
		b = binary.LittleEndian.AppendUint32(append(b, fmt.Sprintf("%-8s", key)...), n)
		b = append(b, 0, 0, 0, 0)
	}
	number := func(key string, v float64) {
		b = binary.LittleEndian.AppendUint64(append(b, fmt.Sprintf("%-8s", key)...), math.Float64bits(v))
	}
	count("NUM_OREC", 11)
	count("NUM_SREC", 11)
	count("NUM_FILE", 1)
	text("GS_TYPE", "SECONDS")
	text("VERSION", "1")
	text("SYSTEM_F", "DHDN")
	text("SYSTEM_T", "ETRS89")
	for _, key := range []string{"MAJOR_F", "MINOR_F", "MAJOR_T", "MINOR_T"} {
		number(key, 6378137)
	}
	text("SUB_NAME", "ALL")
	text("PARENT", "NONE")
	text("CREATED", "")
	text("UPDATED", "")
	number("S_LAT", 49*3600)
	number("N_LAT", 51*3600)
	number("E_LONG", -11*3600)
	number("W_LONG", -9*3600)
	number("LAT_INC", 7200)
	number("LONG_INC", 7200)
	count("GS_COUNT", 4)
	for range 4 {
		for _, v := range []float32{north, west, 0.1, 0.1} {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	}
	text("END", "")
	return b
}
