package srs_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// offCode returns how far apart two systems put points of the first one's area of use, in metres.
func offCode(want, got srs.CRS) float64 {
	area, _ := want.AreaOfUse()
	to, err := srs.NewTransformer(srs.OwnBase(want), want)
	if err != nil {
		return math.Inf(1)
	}
	across, err := srs.NewTransformer(want, got)
	if err != nil {
		return math.Inf(1)
	}
	size := got.Unit()
	if got.Geographic() {
		size *= 6378137
	}
	worst := math.NaN()
	for i := range 49 {
		x := []float64{area.XMin + (float64(i%7)+0.5)/7*(area.XMax-area.XMin) - srs.Meridian(want)}
		y := []float64{area.YMin + (float64(i/7)+0.5)/7*(area.YMax-area.YMin)}
		if to.Transform(x, y) > 0 {
			continue
		}
		u, v := []float64{x[0]}, []float64{y[0]}
		if across.Transform(u, v) > 0 {
			return math.Inf(1)
		}
		if off := math.Hypot(x[0]-u[0], y[0]-v[0]) * size; !(off <= worst) {
			worst = off
		}
	}
	return worst
}

// offProjection returns how far from x and y, the third and fourth number of a point, a system puts the longitude and
// latitude before them on its own datum.
func offProjection(got srs.CRS, points [][4]float64) float64 {
	tr, err := srs.NewTransformer(srs.OwnBase(got), got)
	if err != nil {
		return math.Inf(1)
	}
	size := got.Unit()
	if got.Geographic() {
		size *= 6378137
	}
	worst := math.NaN()
	for _, p := range points {
		x, y := []float64{p[0]}, []float64{p[1]}
		tr.Transform(x, y)
		if off := math.Hypot(x[0]-p[2], y[0]-p[3]) * size; !(off <= worst) {
			worst = off
			if math.IsNaN(off) {
				return math.Inf(1)
			}
		}
	}
	return worst
}

// gdalVerdict says what became of a file that GDAL wrote.
func gdalVerdict(t *testing.T, code, tiff, ellipsoid string, points [][4]float64) (verdict, detail string) {
	data, err := base64.StdEncoding.DecodeString(tiff)
	require.NoError(t, err)
	f, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(data), int64(len(data))), nil)
	if err != nil {
		return "refused", err.Error()
	}
	got := f.Info().Grid.CRS
	if got.IsZero() {
		return "not stated", fmt.Sprint(f.Info().Notes)
	}
	offs := [2]float64{math.NaN(), math.NaN()}
	if want, err := srs.Parse(code); err == nil {
		if offs[0] = offCode(want, got); offs[0] < 1e-3 && want.Unit() == got.Unit() && want.Geographic() == got.Geographic() {
			return "same as the code", fmt.Sprint(f.Info().Notes)
		}
	}
	var a, rf float64
	_, err = fmt.Sscan(ellipsoid, &a, &rf)
	require.NoError(t, err)
	gotA, gotRF := srs.Ellipsoid(got)
	if offs[1] = offProjection(got, points); offs[1] < 1e-3 && math.Abs(a-gotA) < 1e-3 && math.Abs(rf-gotRF) < 1e-6 {
		return "as GDAL reads it", fmt.Sprintf("%.3g m from the code", offs[0])
	}
	return "differs", fmt.Sprintf("%.3g m from the code, %.3g m from GDAL's reading", offs[0], offs[1])
}

// TestReadGeoTIFFs reads the files in the table that GEOEXPORT_GEOTIFFS names, which registry/check_geotiffs.py makes,
// and writes what became of each beside it: code, form, verdict and a detail, separated by tabs.
func TestReadGeoTIFFs(t *testing.T) {
	name := os.Getenv("GEOEXPORT_GEOTIFFS")
	if name == "" {
		t.Skip("NOT CHECKED: files that GDAL writes of all codes, as GEOEXPORT_GEOTIFFS names no table of them")
	}
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	var b bytes.Buffer
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		column := strings.Split(lines.Text(), "\t")
		verdict, detail := gdalVerdict(t, column[2], column[3], column[5], gdalPoints(t, column[6]))
		fmt.Fprintf(&b, "%s\t%s\t%s\t%q\n", column[0], column[1], verdict, detail)
	}
	require.NoError(t, lines.Err())
	require.NoError(t, os.WriteFile(name+".read", b.Bytes(), 0o666))
}

// gdalPoints parses points of four numbers each.
func gdalPoints(t *testing.T, text string) (points [][4]float64) {
	for field := range strings.FieldsSeq(text) {
		var p [4]float64
		for i, number := range strings.Split(field, ",") {
			var err error
			p[i], err = strconv.ParseFloat(number, 64)
			require.NoError(t, err)
		}
		points = append(points, p)
	}
	return points
}

// TestWrittenByGDAL: the systems that GDAL spells out in keys, as EPSG has no code for them, are read as GDAL and PROJ
// read them, within a millimetre on the same ellipsoid. registry/check_geotiffs.py --keep made the table.
func TestWrittenByGDAL(t *testing.T) {
	f, err := os.Open("testdata/geotiffs.tsv.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	count, refused := 0, map[string]int{}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for ; lines.Scan(); count++ {
		column := strings.Split(lines.Text(), "\t")
		var values map[srs.GeoKeyID]any
		require.NoError(t, json.Unmarshal([]byte(column[1]), &values))
		crs, _, err := srs.FromGeoKeys(geoKeysOf(t, values))
		if u, ok := errors.AsType[*srs.UnsupportedError](err); ok {
			refused[u.Name]++
			continue
		}
		require.NoError(t, err, lines.Text())
		var a, rf float64
		_, err = fmt.Sscan(column[2], &a, &rf)
		require.NoError(t, err)
		gotA, gotRF := srs.Ellipsoid(crs)
		assert.InDelta(t, a, gotA, 1e-3, column[0])
		assert.InDelta(t, rf, gotRF, 1e-6, column[0])
		if off := offProjection(crs, gdalPoints(t, column[3])); !(off < 1e-3) {
			t.Errorf("%s: %g m from where PROJ puts it", column[0], off)
		}
	}
	require.NoError(t, lines.Err())
	assert.Greater(t, count, 1000)
	assert.LessOrEqual(t, len(refused), 6, "%v", refused)
}
