package grid_test

import (
	"encoding/binary"
	"fmt"
	"image"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/grid"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// TestSRTM: the corner is half a pixel beyond the degrees of the name. Georeferences are those that GDAL 3.6 reports
// (gdalinfo -json N47E011.hgt) of files of these sizes.
func TestSRTM(t *testing.T) {
	tile := func(cols, rows int) string {
		b := make([]byte, 2*cols*rows)
		binary.BigEndian.PutUint16(b, 0x8000)               // void
		binary.BigEndian.PutUint16(b[2:], 0xfffe)           // -2
		binary.BigEndian.PutUint16(b[2*cols*rows-2:], 1234) // the last
		return string(b)
	}
	three, one, half := tile(1201, 1201), tile(3601, 3601), tile(1801, 3601)
	for _, c := range []struct {
		name, data string
		size       image.Point
		x, y       float64 // of the upper left corner
		w, h       float64
	}{
		{"N47E011.hgt", three, image.Pt(1201, 1201), 10.999583333333334, 48.00041666666667, 0.0008333333333333334, 0.0008333333333333334},
		{"s01w180.HGT", three, image.Pt(1201, 1201), -180.00041666666667, 0.0004166666666666667, 0.0008333333333333334, 0.0008333333333333334},
		{"n00e000.SRTMGL1.hgt", one, image.Pt(3601, 3601), -0.0001388888888888889, 1.000138888888889, 0.0002777777777777778, 0.0002777777777777778},
		{"N60E011.hgt", half, image.Pt(1801, 3601), 10.999722222222223, 61.00013888888889, 0.0005555555555555556, 0.0002777777777777778},
	} {
		f, err := open(t, c.name, c.data)
		require.NoError(t, err)
		info := f.Info()
		assert.Equal(t, c.size, info.Grid.Size)
		a := info.Grid.Affine
		assert.InDeltaSlice(t, []float64{c.x, c.y, c.w, -c.h, 0, 0}, []float64{a.C, a.F, a.A, a.E, a.B, a.D}, 1e-12, c.name)
		wkid, _ := info.Grid.CRS.WKID()
		assert.Equal(t, 4326, wkid)
		assert.Equal(t, "m", info.Bands[0].Unit)
		b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 2, 1), nil)
		require.NoError(t, err)
		assert.Equal(t, []int16{math.MinInt16, -2}, b.Bands[0].(*raster.PlaneOf[int16]).Pix)
		assert.Equal(t, []uint8{0, 255}, b.ValidRow(0))
		b, err = f.Read(t.Context(), nil, 0, image.Rectangle{c.size.Sub(image.Pt(1, 1)), c.size}, nil)
		require.NoError(t, err)
		assert.Equal(t, []int16{1234}, b.Bands[0].(*raster.PlaneOf[int16]).Pix)
		require.NoError(t, f.Close())
	}
}

// dted returns a file of columns of heights, each from south to north, by MIL-PRF-89020B.
func dted(lon, lat, datum string, columns ...[]int) []byte {
	uhl := fmt.Sprintf("UHL1%s%s%04d%04d%4s%3s%12s%04d%04d0%24s", lon, lat, 1800, 900, "NA", "U", "", len(columns), len(columns[0]), "")
	dsi := []byte("DSI" + strings.Repeat(" ", 645))
	copy(dsi[141:], "MSL"+datum)
	out := append([]byte(uhl), dsi...)
	out = append(out, "ACC"+strings.Repeat(" ", 2697)...)
	for i, c := range columns {
		record := []byte{0xaa, 0, 0, byte(i), byte(i >> 8), byte(i), 0, 0}
		for _, v := range c {
			m := uint16(v)
			if v < 0 {
				m = 0x8000 | uint16(-v)
			}
			record = binary.BigEndian.AppendUint16(record, m)
		}
		var sum uint32
		for _, v := range record {
			sum += uint32(v)
		}
		out = append(out, binary.BigEndian.AppendUint32(record, sum)...)
	}
	return out
}

func TestDTED(t *testing.T) {
	good := dted("0110000E", "0470000N", "WGS84", []int{1, 2, 3}, []int{-4, -32767, 6})
	info, b := readAll(t, "a.dt1", string(good))
	assert.Equal(t, image.Pt(2, 3), info.Grid.Size)
	assert.Equal(t, raster.Affine{A: .05, C: 10.975, E: -.025, F: 47.0625}, info.Grid.Affine)
	assert.Equal(t, []int16{3, 6, 2, -32767, 1, -4}, b.Bands[0].(*raster.PlaneOf[int16]).Pix)
	assert.Equal(t, []uint8{255, 0}, b.ValidRow(1))
	assert.Equal(t, map[string]string{"vertical_datum": "MSL"}, info.Metadata)
	assert.Empty(t, info.Notes)

	// Labels of a tape come first.
	_, again := readAll(t, "a.dt1", "VOL1"+strings.Repeat(" ", 76)+"HDR1"+strings.Repeat(" ", 76)+string(good))
	assert.Empty(t, rastertest.Diff(b, again))

	// West, south, another datum, and heights in two's complement.
	info, b = readAll(t, "a.dt1", string(dted("0110030W", "0470000S", "WGS72", []int{1<<16 - 100, -15999, -16000})))
	assert.InDelta(t, -11-30./3600-.025, info.Grid.Affine.C, 1e-12)
	assert.InDelta(t, -47+.0625, info.Grid.Affine.F, 1e-12)
	wkid, _ := info.Grid.CRS.WKID()
	assert.Equal(t, 4322, wkid)
	assert.Equal(t, []int16{-16000, -15999, -100}, b.Bands[0].(*raster.PlaneOf[int16]).Pix)

	info, _ = readAll(t, "a.dt1", string(dted("0110000E", "0470000N", "     ", []int{1})))
	assert.Equal(t, []string{"DSI: the horizontal datum is not stated, and counts as WGS84"}, info.Notes)
	_, err := open(t, "a.dt1", string(dted("0110000E", "0470000N", "NAS27", []int{1})))
	assert.ErrorContains(t, err, "not supported: DSI: horizontal datum NAS27")
	_, err = open(t, "a.dt1", string(good[:len(good)-1]))
	assert.ErrorContains(t, err, "size of the file")
	_, err = open(t, "a.dt1", string(dted("0116000E", "0470000N", "WGS84", []int{1})))
	assert.ErrorContains(t, err, "UHL: longitude of the origin 0116000E")
	_, err = open(t, "a.dt1", string(dted("0110000N", "0470000N", "WGS84", []int{1})))
	assert.ErrorContains(t, err, "UHL: longitude of the origin 0110000N")
}

// TestChecksums: a column whose checksum is wrong is an error, unless the file has none that are right.
func TestChecksums(t *testing.T) {
	const head, column = 80 + 648 + 2700, 12 + 2*3
	columns := [][]int{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}, {13, 14, 15}}
	whole := image.Rect(0, 0, 5, 3)

	damaged := dted("0110000E", "0470000N", "WGS84", columns...)
	damaged[head+column+9]++ // the second of five
	f, err := open(t, "a.dt1", string(damaged))
	require.NoError(t, err)
	_, err = f.Read(t.Context(), nil, 0, whole, nil)
	var wrong *grid.FormatError
	require.ErrorAs(t, err, &wrong)
	assert.Equal(t, "column 1", wrong.Name)
	_, err = f.Read(t.Context(), nil, 0, image.Rect(2, 0, 5, 1), nil)
	require.NoError(t, err, "the other columns are whole")

	none := dted("0110000E", "0470000N", "WGS84", columns...)
	for i := range columns {
		copy(none[head+(i+1)*column-4:], "\x00\x00\x00\x00")
	}
	info, b := readAll(t, "a.dt1", string(none))
	assert.Equal(t, []string{"the checksum of column 0 is wrong: checksums are not verified"}, info.Notes)
	assert.Equal(t, []int16{3, 6, 9, 12, 15}, b.Bands[0].(*raster.PlaneOf[int16]).Pix[:5])

	moved := dted("0110000E", "0470000N", "WGS84", columns...)
	moved[head+5] = 1
	_, err = open(t, "a.dt1", string(moved))
	assert.ErrorContains(t, err, "not supported: column 0 1: columns that are missing or not in their order")
}

// surfer7 returns a grid of Surfer 7 of 2 × 2 nodes.
func surfer7(version uint32, rotation, blank float64, z ...float64) string {
	b := binary.LittleEndian.AppendUint32([]byte("DSRB\x04\x00\x00\x00"), version)
	b = append(b, "FLTI\x02\x00\x00\x00??GRID\x48\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00"...)
	for _, v := range []float64{10, 20, 2, 4, 0, 0, rotation, blank} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	b = append(b, "FLTI\x02\x00\x00\x00??DATA\x20\x00\x00\x00"...)
	for _, v := range z {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return string(b)
}

// TestBlank: in version 1 of Surfer's grids, nodes are blank from a value on, in version 2 if they equal it.
func TestBlank(t *testing.T) {
	info, b := readAll(t, "a.grd", surfer7(1, 0, 5, 5, 6, 4, math.NaN()))
	assert.Equal(t, raster.Affine{A: 2, C: 9, E: -4, F: 26}, info.Grid.Affine)
	assert.Equal(t, []uint8{255, 0, 0, 0}, append(b.ValidRow(0)[:2:2], b.ValidRow(1)...))
	assert.Equal(t, []string{`section "FLTI" is left aside`, "no spatial reference is stated"}, info.Notes)
	_, b = readAll(t, "a.grd", surfer7(2, 0, 5, 5, 6, 4, 3))
	assert.Equal(t, []uint8{255, 255, 0, 255}, append(b.ValidRow(0)[:2:2], b.ValidRow(1)...))
	_, err := open(t, "a.grd", surfer7(1, 30, 5, 5, 6, 4, 3))
	assert.ErrorContains(t, err, "not supported: rotation 30")

	_, b = readAll(t, "a.grd", "DSAA 2 2 0 1 0 1 0 1\n1 1.70141e+38 1.8e38 2")
	assert.Equal(t, []float64{1.8e38, 2, 1, 1.70141e+38}, b.Bands[0].(*raster.PlaneOf[float64]).Pix)
	assert.Equal(t, []uint8{0, 255, 255, 0}, append(b.ValidRow(0)[:2:2], b.ValidRow(1)...))
}

// TestDamagedGolden: a file that is cut off anywhere is refused when it is opened, or reads as it was.
func TestDamagedGolden(t *testing.T) {
	for _, name := range []string{"surfer6.grd", "surfer7.grd", "n81.dt0", "whole.asc"} {
		data, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		for n := 0; n < len(data)-4; n += 1 + len(data)/50 {
			_, err := open(t, name, string(data[:n]))
			assert.Error(t, err, "%s, the first %d bytes", name, n)
		}
	}
}
