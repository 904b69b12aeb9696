package geotiff_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// corpusDir may hold rasters from elsewhere and a manifest with GDAL's results for them. No other test needs it.
const corpusDir = "../../../shared/corpus"

type corpusFile struct {
	File      string
	Expect    string // read, read-or-error, error, no-crash
	Structure struct{ Comp, Phot, Bits, SF string }
	GDAL      struct {
		Width, Height, Bands int
		Dtype                any
		NoData               any
		GeoTransform         []float64
		EPSG                 int
		Overviews            [][2]int
		Checksums            []*int
		OverviewChecksums    []*int `json:"overview_checksums"`
		Pixeltype            string
	}
}

func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, and shorter tests run the same code")
	}
	text, err := os.ReadFile(filepath.Join(corpusDir, "manifest.json"))
	if err != nil {
		t.Skipf("NOT CHECKED: files that other programs wrote, as %v. They are a few gigabytes and not part of this repository: "+
			"a folder with a manifest.json of GDAL's answers, as corpusFile has them. Files of testdata are checked in any case, "+
			"by TestGolden and others.", err)
	}
	var manifest struct{ Files []corpusFile }
	require.NoError(t, json.Unmarshal(text, &manifest))
	for _, c := range manifest.Files {
		t.Run(strings.ReplaceAll(c.File, "/", "_"), func(t *testing.T) { testCorpusFile(t, &c) })
	}
}

func testCorpusFile(t *testing.T, c *corpusFile) {
	path := filepath.Join(corpusDir, c.File)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f, err := geotiff.OpenFile(path, nil)
	f, err = reopen(t, c, path, f, err)
	if err != nil {
		if c.Expect == "read" {
			failRead(t, err)
		}
		t.Log(err)
		return
	}
	defer func() { assert.NoError(t, f.Close()) }()
	for _, w := range f.Info().Notes {
		t.Log("warning:", w)
	}
	size := f.Info().Grid.Size
	var blk *raster.Block
	if size.X*size.Y < 1<<26 {
		blk, err = f.Read(t.Context(), nil, 0, image.Rectangle{Max: size}, nil)
	} else {
		// A window of the size of a screen, as for a request.
		blk, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, min(size.X, 4096), min(size.Y, 4096)), nil)
	}
	runtime.ReadMemStats(&after)
	if strings.HasPrefix(c.File, "broken/") {
		t.Logf("opened and read in %v, allocating %d KiB: %v", time.Since(start), (after.TotalAlloc-before.TotalAlloc)>>10, err)
		assert.Less(t, time.Since(start), 2*time.Second)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
	}
	if err != nil {
		switch c.Expect {
		case "read":
			failRead(t, err)
		case "error", "no-crash", "read-or-error":
			t.Log(err)
		}
		return
	}
	require.NotEqual(t, "error", c.Expect, "was read")
	if c.Expect == "no-crash" {
		t.Log("was read")
		return
	}
	if c.Structure.Phot == "cmyk" && len(c.GDAL.Checksums) == 4 {
		// The manifest has the RGB that GDAL converts this file to. These are the checksums of GDAL's raw reading:
		//	gdalinfo -checksum GTIFF_RAW:formats/rgbsmall_cmyk.tif
		for i, v := range []int{29430, 28611, 30357, 22270} {
			*c.GDAL.Checksums[i] = v
		}
	}
	for b, want := range c.GDAL.Checksums {
		if want != nil {
			assert.Equal(t, *want, checksum(blk.Bands[b], c.GDAL.Pixeltype), "band %d", b)
		}
	}
	assertCorpusInfo(t, c, f)
	if c.Expect == "read" {
		rastertest.Test(t, f)
	}
}

// reopen opens a file of the corpus that has no georeference, with one of its own, so that its pixels can be read.
func reopen(t *testing.T, c *corpusFile, path string, f *geotiff.File, err error) (*geotiff.File, error) {
	if err == nil || !errors.Is(err, geotiff.ErrNoGeoreference) && !strings.Contains(err.Error(), "ModelTiepoint") &&
		!strings.Contains(err.Error(), "RPCCoefficient") && !strings.Contains(err.Error(), "GeoKey") {
		return f, err
	}
	t.Log(err)
	mercator, errCRS := srs.FromWKID(3857)
	require.NoError(t, errCRS)
	c.GDAL.GeoTransform, c.GDAL.EPSG = nil, 0
	return geotiff.OpenFile(path, &geotiff.Options{Affine: raster.Affine{A: 1, E: -1}, CRS: mercator})
}

func isReason[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func failRead(t *testing.T, err error) {
	t.Helper()
	assert.Fail(t, "not read", "%T: %v", err, err)
}

func assertCorpusInfo(t *testing.T, c *corpusFile, f *geotiff.File) {
	t.Helper()
	info := f.Info()
	assert.Equal(t, image.Pt(c.GDAL.Width, c.GDAL.Height), info.Grid.Size)
	assert.Len(t, info.Bands, c.GDAL.Bands)
	if g := c.GDAL.GeoTransform; g != nil {
		assert.Equal(t, raster.Affine{A: g[1], B: g[2], C: g[0], D: g[4], E: g[5], F: g[3]}, info.Grid.Affine)
	}
	if c.GDAL.EPSG != 0 {
		wkid, _ := info.Grid.CRS.WKID()
		assert.Equal(t, c.GDAL.EPSG, wkid)
	}
	if want := c.GDAL.NoData; want != nil {
		v, err := strconv.ParseFloat(fmt.Sprint(want), 64)
		require.NoError(t, err)
		if assert.NotNil(t, info.Bands[0].NoData) && !math.IsNaN(v) {
			assert.Equal(t, v, *info.Bands[0].NoData)
		}
	}
	var levels []image.Point
	for _, o := range c.GDAL.Overviews {
		levels = append(levels, image.Pt(o[0], o[1]))
	}
	// Overviews in .ovr files are not read here, and GDAL lists overviews in SubIFDs in another order.
	if !strings.Contains(c.File, "ext_overview") {
		assert.ElementsMatch(t, levels, info.Levels[1:])
	}
	for i, want := range c.GDAL.OverviewChecksums {
		if want == nil || len(info.Levels) == 1 {
			continue
		}
		for l, size := range info.Levels {
			if l > 0 && size == levels[i] {
				blk, err := f.Read(context.Background(), nil, l, image.Rectangle{Max: size}, []int{0})
				require.NoError(t, err)
				assert.Equal(t, *want, checksum(blk.Bands[0], c.GDAL.Pixeltype), "overview %v", size)
			}
		}
	}
}

// checksum computes GDALChecksumImage of GDAL 3.6. kind is SIGNEDBYTE for bands that GDAL calls Byte with that
// PIXELTYPE, or the name of GDAL's data type where our type differs: GDAL treats Int64, UInt64, CInt16 and CInt32 as
// integers.
func checksum(p raster.Plane, kind string) int {
	primes := [...]int64{7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43}
	sum, n := int64(0), 0
	add := func(v int64) {
		sum = (sum + v%primes[n%len(primes)]) & 0xffff
		n++
	}
	r := p.Bounds()
	float, isComplex := false, false
	switch p.(type) {
	case *raster.PlaneOf[float32], *raster.PlaneOf[float64]:
		float = true
	case *raster.PlaneOf[complex64], *raster.PlaneOf[complex128]:
		float, isComplex = true, true
	}
	float = float && !strings.Contains(kind, "Int")
	whole := func(v float64) int64 {
		switch {
		case float && (math.IsNaN(v) || math.IsInf(v, 0)):
			return math.MinInt32
		case float:
			return int64(min(max(math.Floor(v+0.5), -math.MaxInt32), math.MaxInt32))
		case kind == "SIGNEDBYTE" && v < 0:
			return int64(v + 256)
		}
		return int64(min(max(v, math.MinInt32), math.MaxInt32))
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			v := rastertest.At(p, x, y)
			add(whole(real(v)))
			if isComplex {
				add(whole(imag(v)))
			}
		}
	}
	return int(sum)
}
