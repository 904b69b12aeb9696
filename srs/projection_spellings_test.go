package srs

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"regexp"
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
				if d.ID() == "nsper" {
					text = sample // EPSG's method has no false origin
				}
				if !strings.Contains(text, "+a=") && !strings.Contains(text, "+R=") {
					text += " +datum=WGS84"
				}
				crs, err := Parse(text)
				require.NoError(t, err)
				want := crs.definition()
				require.Same(t, d, want.projection.Descriptor)
				same := func(form string, got CRS, err error) {
					if assert.NoError(t, err, form) {
						assert.Equal(t, want.projection, got.definition().projection, form)
					}
				}
				if wkt, err := crs.WKT2(); err == nil {
					got, err := FromWKT(wkt)
					same(wkt, got, err)
					got, err = Parse(projectedJSON(t, want))
					same("PROJJSON", got, err)
				} else {
					assert.IsType(t, &UnsupportedError{}, err)
				}
				if wkt, err := crs.WKT(); err == nil && !strings.Contains(sample, "+proj=merc +k_0") { // which becomes a standard parallel
					got, err := FromWKT(wkt)
					same(wkt, got, err)
				}
				if keys, err := crs.GeoKeys(); err == nil && !strings.Contains(sample, "+proj=merc +k_0") {
					got, _, err := FromGeoKeys(keys)
					same("GeoKeys", got, err)
				}
			})
		}
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

// TestOperationsOfTheRegistry: generate.py spells projections in PROJ's words and ours; all of them are operations here,
// and those that only we have are in the script.
func TestOperationsOfTheRegistry(t *testing.T) {
	script, err := os.ReadFile("registry/generate.py")
	require.NoError(t, err)
	used := map[string]bool{}
	for _, row := range openRegistry().projected.rows {
		f := split(row)
		name, _, _ := strings.Cut(f[11], " ")
		if strings.HasPrefix(name, "?") || used[name] {
			continue
		}
		used[name] = true
		_, err := registryProjection(f[11], f[10], wgs84Ellipsoid, 1)
		assert.NotErrorIs(t, err, &UnsupportedError{"projection", name})
	}
	for _, d := range projection.All {
		if d.Lacks&projection.LacksPROJ != 0 {
			assert.Contains(t, string(script), `"`+d.ID()+`"`)
			assert.True(t, used[d.ID()], d.ID())
		}
	}
	assert.Greater(t, len(used), 40)
	assert.False(t, math.IsNaN(wgs84Ellipsoid.A))
}
