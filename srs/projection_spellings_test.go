package srs

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// projectedJSON writes a projected CRS as PROJJSON, with the axes that the projection has.
func projectedJSON(t *testing.T, d definition) string {
	s, ok := d.projection.Spell(d.datum.ellipsoid)
	require.True(t, ok)
	type object = map[string]any
	var parameters []object
	for _, v := range s.Values {
		unit := map[projection.Unit]any{projection.Degree: "degree", projection.Number: "unity", projection.SystemUnit: "metre", projection.Metre: "metre"}[v.Unit]
		parameters = append(parameters, object{"name": v.EPSG, "value": v.Value, "unit": unit})
	}
	x, y := "east", "north"
	swap, west, south := d.projection.Axes.Parts()
	if west {
		x = "west"
	}
	if south {
		y = "south"
	}
	if swap {
		x, y = y, x
	}
	text, err := json.Marshal(object{
		"type": "ProjectedCRS", "name": "x",
		"base_crs": object{"type": "GeographicCRS", "name": "y", "datum": object{
			"name": "z", "ellipsoid": object{"name": "e", "semi_major_axis": d.datum.ellipsoid.A, "inverse_flattening": d.datum.ellipsoid.RF},
		}},
		"conversion":        object{"name": "c", "method": object{"name": s.Method.EPSG}, "parameters": parameters},
		"coordinate_system": object{"subtype": "Cartesian", "axis": []object{{"direction": x, "unit": "metre"}, {"direction": y, "unit": "metre"}}},
	})
	require.NoError(t, err)
	return string(text)
}

// TestEverySpellingComesBack: each sample of each projection is a PROJ string, and is read as the same projection from
// every spelling that it can be written in.
func TestEverySpellingComesBack(t *testing.T) {
	for _, d := range projection.All {
		for _, sample := range d.Samples {
			t.Run(sample, func(t *testing.T) {
				text := sample + " +x_0=1000 +y_0=2000"
				if d.ID() == "nsper" || d.ID() == "ob_tran" {
					text = sample // which have no false origin
				}
				if !strings.Contains(text, "+a=") && !strings.Contains(text, "+R=") {
					text += " +datum=WGS84"
				}
				crs, err := Parse(text)
				require.NoError(t, err)
				require.Same(t, d, crs.definition().projection.Descriptor)
				spellingsComeBack(t, crs)
			})
		}
	}
}

func spellingsComeBack(t *testing.T, crs CRS) {
	want := crs.definition()
	same := func(form string, got CRS, err error) {
		if assert.NoError(t, err, form) {
			assert.Equal(t, want.projection, got.definition().projection, form)
		}
	}
	if wkt, err := crs.WKT2(); err == nil {
		got, err := FromWKT(wkt)
		same(wkt, got, err)
		if !want.projection.Rotated() {
			got, err = Parse(projectedJSON(t, want))
			same("PROJJSON", got, err)
		}
	} else {
		assert.IsType(t, &UnsupportedError{}, err)
	}
	if want.projection.ID() == "merc" && want.projection.ScaleFactor != 1 {
		return // a scale factor is a standard parallel in Esri's words
	}
	if wkt, err := crs.WKT(); err == nil {
		got, err := FromWKT(wkt)
		same(wkt, got, err)
	}
	if keys, err := crs.GeoKeys(); err == nil {
		got, _, err := FromGeoKeys(keys)
		same("GeoKeys", got, err)
	}
}

var (
	methodID    = regexp.MustCompile(`METHOD\["([^"]*)"(?:,\s*ID\["EPSG",(\d+)\])?`)
	parameterID = regexp.MustCompile(`PARAMETER\["([^"]*)",[^,]*,\s*[A-Z]+\["[^"]*",[^]]*\](?:,\s*ID\["EPSG",(\d+)\])?\]`)
)

// TestNamesAndCodesArePROJs holds our names and codes of methods and parameters to those in the texts that PROJ wrote.
func TestNamesAndCodesArePROJs(t *testing.T) {
	methods, parameters := map[string]int{}, map[string]int{}
	for _, d := range projection.All {
		for _, m := range d.Methods {
			methods[canonical(m.EPSG)] = m.Code
			for _, p := range m.Parameters {
				parameters[canonical(p.EPSG)] = p.Code
			}
		}
	}
	f, err := os.Open("testdata/texts.tsv.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	seen := map[string]bool{}
	for lines.Scan() {
		if !strings.Contains(lines.Text(), "WKT2:2019") {
			continue
		}
		m := methodID.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		if code, ok := methods[canonical(m[1])]; assert.True(t, ok, m[1]) && m[2] != "" {
			assert.Equal(t, m[2], strconv.Itoa(code), m[1])
			seen[m[1]] = true
		}
		for _, p := range parameterID.FindAllStringSubmatch(lines.Text(), -1) {
			if code, ok := parameters[canonical(p[1])]; assert.True(t, ok, p[1]) && p[2] != "" {
				assert.Equal(t, p[2], strconv.Itoa(code), p[1])
				seen[p[1]] = true
			}
		}
	}
	require.NoError(t, lines.Err())
	assert.Greater(t, len(seen), 40)
}

var (
	scriptMethod = regexp.MustCompile(`if method (?:== (\d+)|in \(([\d, ]+)\)):[^\n]*\n(?:[^\n]*\n){0,9}?\s+return words\("(\w+)"`)
	scriptEsri   = regexp.MustCompile(`"(\w+)": "(\w+)"`)
)

// TestScriptAgrees holds registry/generate.py, which spells projections that PROJ 9.1 lacks, to the descriptors: EPSG's
// codes and Esri's names in it are of the projections whose operations it writes.
func TestScriptAgrees(t *testing.T) {
	script, err := os.ReadFile("registry/generate.py")
	require.NoError(t, err)
	_, own, ok := strings.Cut(string(script), "def own_projection(")
	require.True(t, ok)
	own, _, _ = strings.Cut(own, "def run(")
	checked := 0
	agrees := func(operation, spelling string, has func(m projection.Method) bool) {
		for _, d := range projection.All {
			for _, o := range d.Operations {
				if o.Name == operation {
					checked++
					assert.True(t, slices.ContainsFunc(d.Methods, has), "%s: %s", operation, spelling)
				}
			}
		}
	}
	for _, m := range scriptMethod.FindAllStringSubmatch(own, -1) {
		for code := range strings.SplitSeq(m[1]+m[2], ", ") {
			if code != "9830" { // polar stereographic, variant C, which the script turns into variant B
				agrees(m[3], code, func(m projection.Method) bool { return strconv.Itoa(m.Code) == code })
			}
		}
	}
	known, _, _ := strings.Cut(own[strings.Index(own, "known = {"):], "}")
	for _, m := range scriptEsri.FindAllStringSubmatch(known, -1) {
		agrees(m[2], m[1], func(method projection.Method) bool { return method.Esri == m[1] })
	}
	assert.Equal(t, 10, checked) // 9826, 9828, 1042, 1043, 9816, 9817, 9824, and three of Esri's
}

// TestGeoParameters: there are keys for every parameter that a method may have in GeoTIFF.
func TestGeoParameters(t *testing.T) {
	for _, d := range projection.All {
		for _, m := range d.Methods {
			for _, p := range m.Parameters {
				if m.GeoTIFF != 0 && p.GeoKey != 0 {
					assert.NotEmpty(t, geoParameters[p.Field].keys, "%s: %s", d.ID(), p.Key)
				}
			}
		}
	}
}
