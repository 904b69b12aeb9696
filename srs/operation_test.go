package srs

import (
	"bufio"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func mustOperation(t testing.TB, wkid int) Operation {
	t.Helper()
	o, err := OperationFromWKID(wkid)
	require.NoError(t, err)
	return o
}

func byOperations(t testing.TB, from, to int, operations ...Operation) *Transformer {
	t.Helper()
	tr, err := Options{Operations: operations}.NewTransformer(mustCRS(t, from), mustCRS(t, to))
	require.NoError(t, err)
	return tr
}

// operations.tsv has operations of all methods in both directions, as PROJ has them: registry/points_operations.py.
// OPERATIONS names another file, as that of --all.
func TestOperationsAgainstPROJ(t *testing.T) {
	name := "testdata/operations.tsv"
	if other := os.Getenv("OPERATIONS"); other != "" {
		name = other
	}
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		field := strings.Split(s.Text(), "\t")
		var v [8]float64
		for i := range v {
			v[i], _ = strconv.ParseFloat(field[i], 64)
		}
		from, err := Parse(field[2])
		require.NoError(t, err)
		to, err := Parse(field[3])
		require.NoError(t, err)
		o := mustOperation(t, int(v[0]))
		way := o.Forward()
		if v[1] < 0 {
			way = o.Backward()
		}
		tr, err := Options{Operations: []Operation{way}}.NewTransformer(from, to)
		if !assert.NoError(t, err, s.Text()) {
			continue
		}
		n++
		x, y := []float64{v[4]}, []float64{v[5]}
		require.Zero(t, tr.Transform(x, y), s.Text())
		miss := math.Hypot(math.Remainder(x[0]-v[6], to.Period())*math.Cos(v[5]*from.Unit()), y[0]-v[7]) * to.Unit() * 6378137
		assert.Less(t, miss, 1e-3, s.Text())
		tr.Inverse().Transform(x, y)
		back := math.Hypot(math.Remainder(x[0]-v[4], from.Period())*math.Cos(v[5]*from.Unit()), y[0]-v[5]) * from.Unit() * 6378137
		assert.Less(t, back, 2e-4, s.Text())
	}
	assert.Greater(t, n, 200)
}

// geogtran returns a text of Esri's form.
func geogtran(from, to, rest string) string {
	return `GEOGTRAN["Made_Up",` + from + `,` + to + `,` + rest + `]`
}

const (
	gcsED50 = `GEOGCS["GCS_European_1950",DATUM["D_European_1950",SPHEROID["International_1924",6378388.0,297.0]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	gcsWGS  = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	gcsMGI  = `GEOGCS["GCS_MGI",DATUM["D_MGI",SPHEROID["Bessel_1841",6377397.155,299.1528128]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	gcsETRS = `GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	gcsCano = `GEOGCS["GCS_La_Canoa",DATUM["D_La_Canoa",SPHEROID["International_1924",6378388.0,297.0]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	gcsOcot = `GEOGCS["GCS_Ocotepeque_1935",DATUM["D_Ocotepeque_1935",SPHEROID["Clarke_1866",6378206.4,294.9786982]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	gcsNTF  = `GEOGCS["GCS_NTF",DATUM["D_NTF",SPHEROID["Clarke_1880_IGN",6378249.2,293.4660212936265]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	gcsPari = `GEOGCS["GCS_NTF_Paris",DATUM["D_NTF",SPHEROID["Clarke_1880_IGN",6378249.2,293.4660212936265]],PRIMEM["Paris",2.337229166666667],UNIT["Grad",0.01570796326794897]]`

	threeParameters = `PARAMETER["X_Axis_Translation",-87.0],PARAMETER["Y_Axis_Translation",-98.0],PARAMETER["Z_Axis_Translation",-121.0]`
)

func numbered(names string, numbers ...string) string {
	var out []string
	for i, name := range strings.Fields(names) {
		out = append(out, `PARAMETER["`+name+`",`+numbers[i]+`]`)
	}
	return strings.Join(out, ",")
}

const (
	sevenNames = "X_Axis_Translation Y_Axis_Translation Z_Axis_Translation X_Axis_Rotation Y_Axis_Rotation Z_Axis_Rotation Scale_Difference"
	tenNames   = sevenNames + " X_Coordinate_of_Rotation_Origin Y_Coordinate_of_Rotation_Origin Z_Coordinate_of_Rotation_Origin"
)

// The numbers are those of PROJ 9.1.1's cct with a pipeline of the same parameters, such as
//
//	echo "10 50 0 0" | cct -d 11 +proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad \
//	  +step +proj=molodensky +ellps=intl +da=-251 +df=-1.41927022558864e-05 +dx=-87 +dy=-98 +dz=-121 \
//	  +step +proj=unitconvert +xy_in=rad +xy_out=deg
func TestOperationsFromText(t *testing.T) {
	for _, c := range []struct {
		name, text       string
		from, to         int
		lon, lat, x2, y2 float64
	}{
		{"translation", geogtran(gcsED50, gcsWGS, `METHOD["Geocentric_Translation"],`+threeParameters), 4230, 4326, 10, 50, 0, 0},
		{"Molodensky", geogtran(gcsED50, gcsWGS, `METHOD["Molodensky"],`+threeParameters), 4230, 4326, 10, 50, 9.99886464843, 49.99919858851},
		{"abridged", geogtran(gcsED50, gcsWGS, `METHOD["Molodensky_Abridged"],`+threeParameters), 4230, 4326, 10, 50, 9.99886464843, 49.99919905736},
		{"coordinate frame", geogtran(gcsMGI, gcsETRS, `METHOD["Coordinate_Frame"],`+numbered(sevenNames, "601.705", "84.263", "485.227",
			"-4.7354", "-1.3145", "-5.393", "-2.3887")+`,OPERATIONACCURACY[1.0]`), 4312, 4258, 15, 47, 14.99906652316, 46.99959473078},
		{"position vector", geogtran(gcsMGI, gcsETRS, `METHOD["Position_Vector"],`+numbered(sevenNames, "601.705", "84.263", "485.227",
			"4.7354", "1.3145", "5.393", "-2.3887")), 4312, 4258, 15, 47, 14.99906652316, 46.99959473078},
		{"Molodensky-Badekas", geogtran(gcsCano, gcsWGS, `METHOD["Molodensky_Badekas"],`+numbered(tenNames, "-270.933", "115.599", "-360.226",
			"-5.266", "-1.238", "2.381", "-5.109", "2464351.59", "-5783466.61", "974809.81")), 4247, 4326, -66, 10, -66.00183856101, 9.99684244563},
		{"Molodensky-Badekas by vectors", geogtran(gcsOcot, gcsWGS, `METHOD["Molodensky_Badekas_Position_Vector"],`+numbered(tenNames,
			"213.116", "9.358", "-74.946", "2.351418791216898", "-0.06146691226163471", "6.394208993659987", "5.22", "617749.7118",
			"-6250547.7336", "1102063.6099")), 5451, 4326, -90, 14, -89.99807577300, 13.99832891459},
		{"null", geogtran(gcsETRS, gcsWGS, `METHOD["Null"]`), 4258, 4326, 10, 50, 10, 50},
		{"offset", geogtran(gcsED50, gcsWGS, `METHOD["Geographic_2D_Offset"],`+numbered("Longitude_Offset Latitude_Offset", "-3.6", "7.2")),
			4230, 4326, 10, 50, 9.999, 50.002},
		{"rotation", geogtran(gcsPari, gcsNTF, `METHOD["Longitude_Rotation"]`), 4807, 4275, 1, 50, 0.9 + 2.33722917, 45},
		{"WKT 2", `COORDINATEOPERATION["x",SOURCECRS[GEOGCRS["ED50",DATUM["European Datum 1950",ELLIPSOID["International 1924",6378388,297]],` +
			`CS[ellipsoidal,2],AXIS["lat",north],AXIS["lon",east],ANGLEUNIT["degree",0.0174532925199433]]],TARGETCRS[` +
			`GEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]],CS[ellipsoidal,2],` +
			`AXIS["lat",north],AXIS["lon",east],ANGLEUNIT["degree",0.0174532925199433]]],METHOD["Abridged Molodensky"],` +
			`PARAMETER["X-axis translation",-87000,LENGTHUNIT["millimetre",0.001]],PARAMETER["Y-axis translation",-98,LENGTHUNIT["metre",1]],` +
			`PARAMETER["Z-axis translation",-121,LENGTHUNIT["metre",1]],OPERATIONACCURACY[5]]`, 4230, 4326, 10, 50, 9.99886464843, 49.99919905736},
	} {
		o, err := OperationFromWKT(c.text)
		if !assert.NoError(t, err, c.name) {
			continue
		}
		if c.x2 == 0 { // as EPSG's own operation with these numbers
			x, y := []float64{c.lon}, []float64{c.lat}
			byOperations(t, c.from, c.to, mustOperation(t, 1133)).Transform(x, y)
			c.x2, c.y2 = x[0], y[0]
		}
		x, y := []float64{c.lon}, []float64{c.lat}
		tr := byOperations(t, c.from, c.to, o.Forward())
		require.Zero(t, tr.Transform(x, y))
		assert.InDelta(t, c.x2, x[0], 2e-10, c.name)
		assert.InDelta(t, c.y2, y[0], 2e-10, c.name)
		// The inverse leads back: Molodensky's formulas miss by millimetres, as in the Guidance Note.
		byOperations(t, c.to, c.from, o.Backward()).Transform(x, y)
		assert.InDelta(t, c.lon, x[0], 1e-7, c.name)
		assert.InDelta(t, c.lat, y[0], 1e-7, c.name)
		// and exactly if it is the inverse of the Transformer
		x, y = []float64{c.lon}, []float64{c.lat}
		tr.Transform(x, y)
		tr.Inverse().Transform(x, y)
		assert.InDelta(t, c.lon, x[0], 1e-9, c.name)
		assert.InDelta(t, c.lat, y[0], 1e-9, c.name)
		if c.name == "rotation" {
			continue // both ends are one datum
		}
		_, err = Options{Operations: []Operation{o.Backward()}}.NewTransformer(mustCRS(t, c.from), mustCRS(t, c.to))
		e, ok := errors.AsType[*OperationError](err)
		if assert.True(t, ok, "%s: %v", c.name, err) {
			assert.True(t, e.Mismatch)
		}
	}
}

// What an operation's text may not say.
func TestOperationTextsRefused(t *testing.T) {
	for _, c := range []struct {
		text string
		kind error
		says string
	}{
		{"", &SyntaxError{}, ""},
		{gcsWGS, &SyntaxError{}, "GEOGCS"},
		{"GEOGTRAN[", &SyntaxError{}, ""},
		{geogtran(gcsED50, gcsWGS, `PARAMETER["X_Axis_Translation",1]`), &SyntaxError{}, "METHOD"},
		{geogtran(gcsED50, gcsWGS, `METHOD["Geocentric_Translation"],PARAMETER["X_Axis_Translation",1]`), &SyntaxError{}, "lacks"},
		{geogtran(gcsED50, gcsWGS, `METHOD["Geocentric_Translation"],`+threeParameters+`,PARAMETER["X_Axis_Rotation",1]`), &SyntaxError{}, "another"},
		{geogtran(gcsED50, gcsWGS, `METHOD["Geocentric_Translation"],`+threeParameters+`,PARAMETER["X_Axis_Translation",1]`), &SyntaxError{}, "twice"},
		{geogtran(gcsED50, gcsWGS, `METHOD["Geocentric_Translation"],`+threeParameters+`,PARAMETER["Mood",1]`), &UnsupportedError{}, "Mood"},
		{geogtran(gcsED50, gcsWGS, `METHOD["Geocentric_Translation"],`+strings.Replace(threeParameters, "-87.0", "1e300", 1)), &SyntaxError{}, "1e+300"},
		{geogtran(gcsED50, gcsWGS, `METHOD["Multiple_Regression"]`), &OperationError{}, "Multiple_Regression"},
		{geogtran(gcsED50, gcsWGS, `METHOD["NTv2"]`), &SyntaxError{}, "Dataset_"},
		{`GEOGTRAN["x",` + gcsED50 + `,METHOD["Null"]]`, &SyntaxError{}, "two"},
		{`VERTTRAN["EGM"]`, &UnsupportedError{}, "vertical"},
		{strings.Repeat("x", maxText+1), &SyntaxError{}, "longer"},
	} {
		_, err := OperationFromWKT(c.text)
		assert.IsType(t, c.kind, err, "%.200s", c.text)
		assert.ErrorContains(t, err, c.says)
	}
}

// Codes that are no horizontal operation by numbers say why.
func TestOperationCodesRefused(t *testing.T) {
	for wkid, says := range map[int]string{
		0: "not known", -1: "not known", 4326: "not known", 9999999: "not known",
		3858: "vertical", 9084: "New Zealand Deformation Model",
	} {
		_, err := OperationFromWKID(wkid)
		e, ok := errors.AsType[*OperationError](err)
		if assert.True(t, ok, "%d: %v", wkid, err) {
			assert.ErrorContains(t, e, says, wkid)
		}
	}
}

// Operations in a row keep the height between them.
//
//	echo "5 50 0 0" | cct -d 11 +proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=intl \
//	  +step +proj=helmert +x=-87 +y=-98 +z=-121 +step +proj=helmert +x=8 +y=-160 +z=-176 +step +inv +proj=cart +ellps=clrk66 \
//	  +step +proj=unitconvert +xy_in=rad +xy_out=deg
func TestOperationsInARow(t *testing.T) {
	first, second := mustOperation(t, 1133), mustOperation(t, 1173)
	for _, list := range [][]Operation{{first, second}, {first.Forward(), second.Backward()}, {first, second.Backward()}, {second, first}} {
		tr := byOperations(t, 4230, 4267, list...)
		x, y := []float64{5}, []float64{50}
		require.Zero(t, tr.Transform(x, y))
		assert.InDelta(t, 4.99651126951, x[0], 1e-10)
		assert.InDelta(t, 50.00027873299, y[0], 1e-10)
		assert.Equal(t, []string{"ED50 to WGS 84 (1), ED_1950_To_WGS_1984_1 [1133]",
			"inverse of NAD27 to WGS 84 (4), NAD_1927_To_WGS_1984_4 [1173]"}, tr.Operations())
		assert.Equal(t, []string{"NAD27 to WGS 84 (4), NAD_1927_To_WGS_1984_4 [1173]",
			"inverse of ED50 to WGS 84 (1), ED_1950_To_WGS_1984_1 [1133]"}, tr.Inverse().Operations())
		assert.InDelta(t, first.Accuracy()+second.Accuracy(), tr.Accuracy(), 1e-9)
	}
	for _, list := range [][]Operation{{first}, {second}, {first.Backward(), second}, {second.Forward(), first.Forward()}, {first, first, second}, {{}}} {
		_, err := Options{Operations: list}.NewTransformer(mustCRS(t, 4230), mustCRS(t, 4267))
		_, ok := errors.AsType[*OperationError](err)
		assert.True(t, ok, "%v: %v", list, err)
	}
	// On one datum operations play no part, whatever they are.
	same := byOperations(t, 4230, 23031, mustOperation(t, 1314))
	assert.Empty(t, same.Operations())
	assert.Zero(t, same.Accuracy())
}

// An operation by a grid file wants the file of its name, or a grid without a name between its datums.
func TestOperationsByGrids(t *testing.T) {
	ostn15, ostn02 := mustOperation(t, 7709), mustOperation(t, 5338)
	grid := madeUp(t)
	_, err := Options{Operations: []Operation{ostn15}}.NewTransformer(mustCRS(t, 4277), mustCRS(t, 4258))
	e, ok := errors.AsType[*OperationError](err)
	require.True(t, ok)
	assert.Contains(t, e.Files, "OSTN15_NTv2_OSGBtoETRS.gsb")
	assert.Contains(t, e.Files, "uk_os_OSTN15_NTv2_OSGBtoETRS.tif")
	assert.ErrorContains(t, err, "OSTN15_NTv2_OSGBtoETRS.gsb")
	assert.True(t, e.Unsupported)
	assert.False(t, e.Mismatch)

	want := withGrids(t, 4277, 4258, grid)
	for _, name := range []string{"", "OSTN15_NTv2_OSGBtoETRS.gsb", "/grids/uk_os_ostn15_ntv2_osgbtoetrs.tif"} {
		grid.Name = name
		tr, err := Options{Operations: []Operation{ostn15}, ShiftGrids: []ShiftGrid{grid}}.NewTransformer(mustCRS(t, 4277), mustCRS(t, 4258))
		require.NoError(t, err)
		x, y, u, v := []float64{-2, 7}, []float64{52, 52}, []float64{-2}, []float64{52}
		assert.Equal(t, 1, tr.Transform(x, y)) // outside of the grid
		want.Transform(u, v)
		assert.Equal(t, []float64{u[0], v[0]}, []float64{x[0], y[0]})
		assert.True(t, math.IsNaN(x[1]))
		tr.Inverse().Transform(u, v)
		assert.InDelta(t, -2, u[0], 1e-11)
		assert.InDelta(t, 52, v[0], 1e-11)
		assert.InDelta(t, ostn15.Accuracy(), tr.Accuracy(), 1e-9)
	}
	_, err = Options{Operations: []Operation{ostn02}, ShiftGrids: []ShiftGrid{grid}}.NewTransformer(mustCRS(t, 4277), mustCRS(t, 4258))
	assert.Error(t, err) // another file between the same datums
}

// The numbers are those of TestGridsAgainstPROJ.
func TestNadgrids(t *testing.T) {
	const airy = "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +nadgrids="
	grid := ShiftGrid{NTv2: madeUp(t).NTv2, Name: "ntv2_le.gsb"}
	for grids, outside := range map[string]bool{"./ntv2_le.gsb": false, "@missing.gsb,ntv2_le.gsb": false, "ntv2_le.gsb,null": true, "@ntv2_le.gsb,@null": true} {
		c, err := Parse(airy + grids + " +type=crs")
		require.NoError(t, err)
		tr, err := Options{ShiftGrids: []ShiftGrid{grid}}.NewTransformer(c, mustCRS(t, 4326))
		require.NoError(t, err)
		x, y := []float64{400000, 2e6}, []float64{233553.7, 233553.7}
		lost := tr.Transform(x, y)
		assert.InDelta(t, -2.00133257054, x[0], 1e-10)
		assert.InDelta(t, 52.00040950494, y[0], 1e-10)
		assert.Equal(t, outside, lost == 0, grids)
		tr.Inverse().Transform(x, y)
		assert.InDelta(t, 400000, x[0], 1e-4)
		assert.InDelta(t, 233553.7, y[0], 1e-4)
		assert.Equal(t, []string{"grid ntv2_le.gsb"}, tr.Operations())
	}
	for grids, missing := range map[string]string{"a.gsb": "a.gsb", "ntv2_le.gsb,b.gsb": "b.gsb", "@a.gsb,b.tif": "b.tif"} {
		c, err := Parse(airy + grids)
		require.NoError(t, err)
		_, err = Options{ShiftGrids: []ShiftGrid{grid}}.NewTransformer(c, mustCRS(t, 4326))
		u, ok := errors.AsType[*UnsupportedError](err)
		if assert.True(t, ok, grids) {
			assert.Equal(t, missing, u.Name)
		}
		same, err := NewTransformer(c, c) // needs none
		require.NoError(t, err)
		assert.True(t, same.Identity())
	}
	_, err := Parse(airy + ",")
	assert.Error(t, err)
}

// Transformers say which operations they chose.
func TestOperationsAreDescribed(t *testing.T) {
	for _, c := range []struct {
		from, to int
		want     []string
	}{
		{4326, 3857, nil},
		{4283, 7844, []string{"GDA94 to GDA2020 (1) [8048]"}},
		{7844, 4283, []string{"inverse of GDA94 to GDA2020 (1) [8048]"}},
		{4807, 4275, nil},
	} {
		area := Envelope{-1, -1, 1, 1}
		tr, err := Options{Area: &area}.NewTransformer(mustCRS(t, c.from), mustCRS(t, c.to))
		require.NoError(t, err)
		assert.Equal(t, c.want, tr.Operations(), "%d %d", c.from, c.to)
	}
	area := Envelope{-2, 52, -1, 53}
	tr, err := Options{Area: &area}.NewTransformer(mustCRS(t, 4326), mustCRS(t, 27700))
	require.NoError(t, err)
	assert.Equal(t, []string{"inverse of OSGB36 to WGS 84 (6) [1314]"}, tr.Operations())
	area = Envelope{-101, 40, -99, 41}
	tr, err = Options{Area: &area}.NewTransformer(mustCRS(t, 4326), mustCRS(t, 4269))
	require.NoError(t, err)
	assert.Equal(t, []string{"inverse of NAD83 to WGS 84 (1) [1188]"}, tr.Operations())
	assert.True(t, tr.Identity())
	many := mustTransformer(t, 4326, 4267).Operations()
	require.Len(t, many, 1)
	assert.Contains(t, many[0], "NAD27 to WGS 84 (4) [1173]")
	text, err := Parse("+proj=longlat +ellps=bessel +towgs84=1,2,3")
	require.NoError(t, err)
	tr, err = NewTransformer(text, mustCRS(t, 4326))
	require.NoError(t, err)
	assert.Equal(t, []string{"inverse of operation from WGS 84 that the text states"}, tr.Operations())
}

// Every row is an operation or says why it is none, and every operation by numbers can be used both ways.
func TestOperationTable(t *testing.T) {
	kinds := map[string]int{}
	for wkid := range openOperations().rows {
		o, err := OperationFromWKID(wkid)
		if err != nil {
			e, ok := errors.AsType[*OperationError](err)
			require.True(t, ok, "%d: %v", wkid, err)
			require.True(t, e.Unsupported)
			kinds["refused"]++
			continue
		}
		d := o.definition
		require.NotEmpty(t, o.Name())
		require.Equal(t, wkid, o.WKID())
		for _, way := range []Operation{o.Forward(), o.Backward()} {
			from, to := d.from, d.to
			if way.way == backward {
				from, to = to, from
			}
			_, err = newOperationStep(from, to, []Operation{way}, nil)
			if e, ok := errors.AsType[*OperationError](err); ok {
				require.NotEmpty(t, e.Files, "%d: %v", wkid, err)
				kinds["grids"]++
				continue
			}
			require.NoError(t, err, wkid)
			kinds["numbers"]++
		}
	}
	t.Log(kinds)
	assert.Greater(t, kinds["numbers"], 4000)
	assert.Greater(t, kinds["grids"], 700)
}

func FuzzOperationFromWKT(f *testing.F) {
	f.Add(geogtran(gcsED50, gcsWGS, `METHOD["Molodensky"],`+threeParameters))
	f.Add(geogtran(gcsMGI, gcsETRS, `METHOD["NTv2"],PARAMETER["Dataset_x",0.0]`))
	f.Add(geogtran(gcsPari, gcsNTF, `METHOD["Longitude_Rotation"]`))
	f.Add(geogtran(gcsED50, gcsWGS, `METHOD["Geographic_2D_Offset"],`+numbered("Longitude_Offset Latitude_Offset", "-3.6", "7.2")))
	f.Fuzz(func(t *testing.T, text string) {
		o, err := OperationFromWKT(text)
		if err != nil {
			return
		}
		_ = o.String() + o.Note()
		d := o.definition
		for _, way := range []Operation{o.Forward(), o.Backward()} {
			from, to := d.from, d.to
			if way.way == backward {
				from, to = to, from
			}
			s, err := newOperationStep(from, to, []Operation{way}, nil)
			if err != nil {
				continue
			}
			x, y := []float64{0.1, 3, -3}, []float64{0.8, -1.5, 1.5}
			s.apply(x, y)
			s.reversed().apply(x, y)
		}
	})
}
