package grid_test

import (
	"bufio"
	"hash/crc32"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/grid"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// TestGolden opens files that GDAL wrote, or that are described in testdata/generate.sh, and compares type, place,
// noData, valid pixels and all samples with what GDAL reads. Every file keeps what raster.Dataset promises.
func TestGolden(t *testing.T) {
	table, err := os.Open("testdata/expected.txt")
	require.NoError(t, err)
	defer table.Close()
	lines := bufio.NewScanner(table)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "|")
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		require.Len(t, cells, 8)
		t.Run(cells[0], func(t *testing.T) { testGolden(t, cells) })
	}
	require.NoError(t, lines.Err())
}

func testGolden(t *testing.T, cells []string) {
	f, err := grid.OpenFile("testdata/"+cells[0], nil)
	require.NoError(t, err)
	defer f.Close()
	info := f.Info()
	assert.Equal(t, cells[1], info.Type.String())
	require.Equal(t, cells[2], strconv.Itoa(len(info.Bands)))

	a := info.Grid.Affine
	for i, text := range strings.Split(cells[3], ",") {
		want, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		assert.InDelta(t, want, []float64{a.C, a.A, a.B, a.F, a.D, a.E}[i], 1e-9, "geotransform %d of %+v", i, a)
	}
	for i, text := range strings.Split(cells[4], " ") {
		if text == "" {
			assert.Nil(t, info.Bands[i].NoData)
			continue
		}
		want, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		if assert.NotNil(t, info.Bands[i].NoData) {
			assert.InDelta(t, want, *info.Bands[i].NoData, 0)
		}
	}
	testReference(t, cells[5], info)
	b, err := f.Read(t.Context(), nil, 0, info.Grid.Bounds(), nil)
	require.NoError(t, err)
	if cells[6] != "" {
		assert.Equal(t, cells[6], strconv.Itoa(validPixels(b)))
	}
	assert.Equal(t, cells[7], strconv.FormatUint(1<<32|uint64(crc32.ChecksumIEEE(sampleBytes(b))), 16)[1:])
	rastertest.Test(t, f)
}

// testReference compares a spatial reference with the one of a code by where it puts the middle of the raster.
func testReference(t *testing.T, code string, info raster.Info) {
	crs := info.Grid.CRS
	if code == "" {
		assert.True(t, crs.IsZero())
		assert.Contains(t, info.Notes, "no spatial reference is stated")
		return
	}
	want, err := srs.Parse(code)
	require.NoError(t, err)
	require.False(t, crs.IsZero(), "notes: %v", info.Notes)
	tr, err := srs.NewTransformer(crs, want)
	require.NoError(t, err)
	e := info.Grid.Envelope()
	x, y := []float64{(e.XMin + e.XMax) / 2}, []float64{(e.YMin + e.YMax) / 2}
	tr.Transform(x, y)
	assert.InDelta(t, (e.XMin+e.XMax)/2, x[0], 1e-6)
	assert.InDelta(t, (e.YMin+e.YMax)/2, y[0], 1e-6)
}

// TestGaps: the files have the same samples, with bytes before, between and after them, and in either order of bytes.
func TestGaps(t *testing.T) {
	read := func(name string) *raster.Block {
		f, err := grid.OpenFile("testdata/"+name, nil)
		require.NoError(t, err)
		defer f.Close()
		rastertest.Test(t, f)
		b, err := f.Read(t.Context(), nil, 0, f.Info().Grid.Bounds(), nil)
		require.NoError(t, err)
		return b
	}
	want := read("plain.bsq")
	for _, name := range []string{"big.bip", "gap.bsq", "rows.bil"} {
		assert.Empty(t, rastertest.Diff(want, read(name)), name)
	}
}

// TestBits reads samples of fewer than 8 bits, which count up by 7: see testdata/generate.sh.
func TestBits(t *testing.T) {
	for bits, typ := range map[int]raster.PixelType{1: raster.U1, 2: raster.U2, 4: raster.U4} {
		f, err := grid.OpenFile("testdata/u"+strconv.Itoa(bits)+".bil", nil)
		require.NoError(t, err)
		defer f.Close()
		rastertest.Test(t, f)
		assert.Equal(t, typ, f.Info().Type)
		b, err := f.Read(t.Context(), nil, 0, f.Info().Grid.Bounds(), nil)
		require.NoError(t, err)
		for i, v := range b.Bands[0].(*raster.PlaneOf[uint8]).Pix {
			assert.Equal(t, uint8(i*7%(1<<bits)), v, "sample %d of %d bits", i, bits)
		}
	}
}

func validPixels(b *raster.Block) (n int) {
	for y := b.Bounds().Min.Y; y < b.Bounds().Max.Y; y++ {
		for _, v := range raster.AlphaRow(b.CopyValid(), y, b.Bounds()) {
			if v != 0 {
				n++
			}
		}
	}
	return n
}

// sampleBytes returns the samples of a block, band by band and row by row, in little-endian order.
func sampleBytes(b *raster.Block) (all []byte) {
	r := b.Bounds()
	for _, p := range b.Bands {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			row := make([]byte, r.Dx()*b.Type.Size())
			raster.PutRow(row, b.Type.Size(), p, y, r.Min.X, r.Max.X)
			all = append(all, row...)
		}
	}
	return all
}
