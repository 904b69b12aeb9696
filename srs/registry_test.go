package srs

import (
	"bufio"
	"compress/gzip"
	"errors"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The registry is what its script makes of this machine's proj.db.
func TestRegistryIsCurrent(t *testing.T) {
	checkWithScript(t, "registry/generate.py")
	assert.Less(t, len(registryData), 700_000)
}

// checkWithScript runs the check of a script that makes data from proj.db. If that is of another version, or is not there,
// or Python is not, there is nothing to compare with.
func checkWithScript(t *testing.T, script string) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("NOT CHECKED: there is no python3 to run " + script)
	}
	cmd := exec.Command(python, script, "--check")
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), "there is no proj.db") || strings.Contains(string(out), "and proj.db of") {
		t.Skipf("NOT CHECKED: %s", out)
	}
	require.NoError(t, err, string(out))
}

// Every row opens, or says which projection is missing.
func TestRegistryOpensAll(t *testing.T) {
	r := openRegistry()
	assert.Len(t, r.geographic.codes, 1149)
	assert.Len(t, r.projected.codes, 8055)
	missing := map[string]int{}
	for _, s := range []section{r.geographic, r.projected} {
		for i, code := range s.codes {
			authority := map[byte]string{'P': epsg, 'S': esri}[s.rows[i][0]]
			d, err := lookup(authority, code)
			if err == nil {
				_, err = makeCRS(d)
			}
			if err != nil {
				u, ok := errors.AsType[*UnsupportedError](err)
				require.True(t, ok, "%s:%d: %v", authority, code, err)
				missing[u.Name]++
				continue
			}
			require.Equal(t, code, d.wkid)
			require.Equal(t, authority, d.authority)
			require.NotEmpty(t, d.name)
			for _, toWGS84 := range []bool{false, true} {
				_, err := newPivotStep(d.datum, toWGS84, nil)
				require.NoError(t, err)
			}
		}
	}
	t.Log(missing)
	assert.Len(t, missing, 4)
}

func TestCodesMean(t *testing.T) {
	for _, c := range []struct {
		code         string
		wkid, latest int
		name         string
		unit         float64
	}{
		{"EPSG:2225", 2225, 2225, "NAD83 / California zone 1 (ftUS)", 12 / 39.37},
		{"EPSG:4807", 4807, 4807, "NTF (Paris)", math.Pi / 200},
		{"102067", 102067, 5514, "S-JTSK_Krovak_East_North", 1},
		{"102110", 102110, 2154, "RGF_1993_Lambert_93", 1},
		{"urn:ogc:def:crs:EPSG::27700", 27700, 27700, "OSGB36 / British National Grid", 1},
		{"OGC:CRS84", 4326, 4326, "WGS 84", degree},
	} {
		crs, err := Parse(c.code)
		require.NoError(t, err, c.code)
		wkid, latest := crs.WKID()
		assert.Equal(t, []int{c.wkid, c.latest}, []int{wkid, latest}, c.code)
		assert.Equal(t, c.name, crs.Name())
		assert.InDelta(t, c.unit, crs.Unit(), 1e-15)
	}

	// The two authorities mean different systems by this number; without an authority it is EPSG's, and what Esri made of it.
	a, err := Parse("EPSG:4812")
	require.NoError(t, err)
	b, err := Parse("ESRI:4812")
	require.NoError(t, err)
	assert.NotEqual(t, a, b)
	bare := mustCRS(t, 4812)
	_, latest := bare.WKID()
	assert.Equal(t, 104025, latest)
	assert.Equal(t, "GCS_Voirol_Unifie_1960_Paris", bare.Name())
	assert.True(t, bare.Geographic())
	// Files have EPSG's.
	inFile, notes, err := FromGeoKeys([]GeoKey{{ID: 1024, Code: 1}, {ID: 3072, Code: 4812}})
	require.NoError(t, err)
	assert.Empty(t, notes)
	assert.Equal(t, a, inFile)
}

func TestOtherKindsSaySo(t *testing.T) {
	for wkid, says := range map[int]string{
		5703: "vertical 5703", 4979: "geographic 3D 4979", 4978: "geocentric 4978", 7405: "compound 7405",
		// PROJ 9.1 has none of these projections, either.
		54050: "Fuller", 54051: "Cube", 102299: "Berghaus_Star",
		3752: "Mercator (variant A) with latitude of natural origin -41",
	} {
		_, err := FromWKID(wkid)
		u, ok := errors.AsType[*UnsupportedError](err)
		require.True(t, ok, "%d: %v", wkid, err)
		assert.Contains(t, u.Error(), says)
	}
}

// codes.tsv holds points of each projection method and each kind of datum step, made with PROJ.
func TestCodes(t *testing.T) {
	f, err := os.Open("testdata/codes.tsv")
	require.NoError(t, err)
	defer f.Close()
	world := mustCRS(t, 4326)
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		field := strings.Split(s.Text(), "\t")
		var v [4]float64
		for i := range v {
			v[i], err = strconv.ParseFloat(field[1+i], 64)
			require.NoError(t, err)
		}
		if reason := notAsPROJ[field[0]]; reason != "" {
			continue
		}
		crs, err := Parse(field[0])
		if !assert.NoError(t, err, field[0]) {
			continue
		}
		n++
		tr, err := NewTransformer(world, crs)
		require.NoError(t, err)
		metres := crs.Unit()
		if crs.Geographic() {
			metres *= 6378137
		}
		xs, ys := []float64{v[0]}, []float64{v[1]}
		tr.Transform(xs, ys)
		dx := xs[0] - v[2]
		if p := crs.Period(); p > 0 {
			dx = math.Remainder(dx, p)
		}
		tolerance := max(1e-3, 1e-6*crs.Unit()) // some units are 50 km
		assert.LessOrEqual(t, math.Hypot(dx, ys[0]-v[3])*metres, tolerance, s.Text())

		tr.Inverse().Transform(xs, ys)
		assert.LessOrEqual(t, math.Hypot(math.Remainder(xs[0]-v[0], 360)*math.Cos(v[1]*degree), ys[0]-v[1])*degree*6378137, 1e-3, s.Text())
	}
	assert.Greater(t, n, 450)
}

// notAsPROJ are systems on which PROJ 9.1.1 is wrong.
var notAsPROJ = map[string]string{
	"EPSG:4087":  "PROJ takes the sphere for EPSG's method 1028",
	"ESRI:54028": "Cassini's series has no meaning so far from its meridian",
	// Its elliptic integral is good to 1e-7 "or better", by its own comment: 0.6 m.
	"ESRI:54090": "PROJ's elliptic integral is rough",
	"ESRI:54091": "PROJ's elliptic integral is rough",
	"ESRI:54098": "PROJ's elliptic integral is rough",
	"EPSG:31300": "PROJ leaves out the Belgian angle of EPSG's method 9803",
}

// texts.tsv holds systems in all forms that PROJ writes, without their codes.
func TestTexts(t *testing.T) {
	f, err := os.Open("testdata/texts.tsv.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	world := mustCRS(t, 4326)
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<20)
	n := 0
	for s.Scan() {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		field := strings.Split(s.Text(), "\t")
		code, form, text := field[0], field[1], field[6]
		var v [4]float64
		for i := range v {
			v[i], err = strconv.ParseFloat(field[2+i], 64)
			require.NoError(t, err)
		}
		if code == "EPSG:4087" && !strings.HasPrefix(form, "WKT2") && form != "PROJJSON" {
			continue // these forms cannot tell it from the spherical one
		}
		if code == "EPSG:4807" && form == "PROJ" {
			continue // a PROJ string of a geographic system is in degrees
		}
		crs, err := Parse(text)
		if !assert.NoError(t, err, "%s %s: %s", code, form, text) {
			continue
		}
		n++
		if c, err := Parse(code); assert.NoError(t, err) {
			assert.InDelta(t, c.Unit(), crs.Unit(), 1e-15, "%s %s", code, form)
			assert.Equal(t, c.Geographic(), crs.Geographic())
			if code == "EPSG:4087" {
				tr, err := NewTransformer(world, c)
				require.NoError(t, err)
				xs, ys := []float64{v[0]}, []float64{v[1]}
				tr.Transform(xs, ys)
				v[2], v[3] = xs[0], ys[0]
			}
		}
		tr, err := NewTransformer(world, crs)
		require.NoError(t, err)
		metres := crs.Unit()
		if crs.Geographic() {
			metres *= 6378137
		}
		xs, ys := []float64{v[0]}, []float64{v[1]}
		tr.Transform(xs, ys)
		tolerance := 1e-3
		switch {
		case form == "PROJ" && !strings.Contains(text, "+datum="):
			tolerance = 200 // it says nothing of the datum, or a rougher shift than the registry has
		case form != "WKT2:2015" && form != "WKT2:2019" && form != "PROJJSON":
			tolerance = 0.01 // it rounds
		}
		assert.LessOrEqual(t, math.Hypot(xs[0]-v[2], ys[0]-v[3])*metres, tolerance, "%s %s: %s", code, form, text)
	}
	require.NoError(t, s.Err())
	assert.Greater(t, n, 140)
}

func BenchmarkFromWKID(b *testing.B) {
	for _, wkid := range []int{4326, 3857, 32633, 27700, 102110} {
		b.Run(strconv.Itoa(wkid), func(b *testing.B) {
			for b.Loop() {
				if _, err := FromWKID(wkid); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The first system costs opening the registry as well.
func BenchmarkOpenRegistry(b *testing.B) {
	for b.Loop() {
		z, err := gzip.NewReader(strings.NewReader(string(registryData)))
		require.NoError(b, err)
		n := 0
		for s := bufio.NewScanner(z); s.Scan(); n++ {
		}
	}
}
