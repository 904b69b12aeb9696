package srs_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

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
	for _, at := range [][2]float64{{0.4, 0.4}, {0.7, 0.3}, {0.3, 0.8}, {0.55, 0.65}, {0.5, 0.5}} {
		x := []float64{area.XMin + at[0]*(area.XMax-area.XMin) - srs.Meridian(want)}
		y := []float64{area.YMin + at[1]*(area.YMax-area.YMin)}
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

// TestReadGeoTIFFs reads the files in the table that GEOEXPORT_GEOTIFFS names, which registry/check_geotiffs.py makes.
func TestReadGeoTIFFs(t *testing.T) {
	name := os.Getenv("GEOEXPORT_GEOTIFFS")
	if name == "" {
		t.Skip("GEOEXPORT_GEOTIFFS is not set")
	}
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	counts := map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		column := strings.Split(lines.Text(), "\t")
		var points [][4]float64
		for field := range strings.FieldsSeq(column[6]) {
			var p [4]float64
			for i, number := range strings.Split(field, ",") {
				p[i], err = strconv.ParseFloat(number, 64)
				require.NoError(t, err)
			}
			points = append(points, p)
		}
		verdict, detail := gdalVerdict(t, column[2], column[3], column[5], points)
		counts[column[1]+": "+verdict]++
		if verdict != "same as the code" {
			t.Log(strings.Join([]string{column[0], column[1], verdict, detail}, "\t"))
		}
	}
	require.NoError(t, lines.Err())
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		t.Log(key, counts[key])
	}
}
