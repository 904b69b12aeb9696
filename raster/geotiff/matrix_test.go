package geotiff_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// A matrixFile is an entry of the manifest of a folder with files in every layout. It holds GDAL's results for the
// file.
type matrixFile struct {
	File, Group string
	Options     []string
	Exact       bool
	Tolerance   struct {
		Sample float64 `json:"sample_abs"`
	}
	Width, Height, Bands int
	Dtype                string
	NBits                string
	PixelType            string
	GeoTransform         []float64
	GCPs                 []any
	RPC                  map[string]any
	EPSG                 int
	NoData               any
	Mask                 string // all-valid, per-dataset, per-dataset+alpha, nodata
	MaskChecksum         *int   `json:"mask_checksum"`
	Checksums            []int
	Overviews            [][2]int
	OverviewChecksums    [][]int `json:"overview_checksums"`
	Samples              []struct {
		Band, X, Y int
		Value      any
	}
}

// TestMatrix reads all files of the folder named by GEOEXPORT_MATRIX, which has a manifest.json.
func TestMatrix(t *testing.T) {
	dir := os.Getenv("GEOEXPORT_MATRIX")
	if dir == "" {
		t.Skip("NOT CHECKED: files of all combinations of GDAL's creation options, as GEOEXPORT_MATRIX names no folder of them " +
			"with a manifest.json of GDAL's answers, as matrixFile has them. Files of testdata are checked in any case, by TestGolden " +
			"and others.")
	}
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	require.NoError(t, err)
	var manifest struct{ Files []matrixFile }
	require.NoError(t, json.Unmarshal(text, &manifest))
	require.NotEmpty(t, manifest.Files)
	var matched, elsewhere atomic.Int64
	t.Run("files", func(t *testing.T) {
		for _, c := range manifest.Files {
			t.Run(strings.ReplaceAll(c.File, "/", "_"), func(t *testing.T) {
				t.Parallel()
				testMatrixFile(t, dir, &c, &elsewhere)
				if !t.Failed() {
					matched.Add(1)
				}
			})
		}
	})
	t.Logf("%d of %d files match, %d of them but for where their pixels lie", matched.Load(), len(manifest.Files), elsewhere.Load())
}

func testMatrixFile(t *testing.T, dir string, c *matrixFile, elsewhere *atomic.Int64) {
	path := filepath.Join(dir, c.File)
	f, err := geotiff.OpenFile(path, nil)
	if _, unsupported := errors.AsType[*geotiff.UnsupportedError](err); c.Group == "georef" &&
		(unsupported || isReason[*srs.UnknownError](err) || isReason[*srs.UnsupportedError](err) ||
			errors.Is(err, geotiff.ErrNoGeoreference)) {
		// The georeference is missing or not supported: read the pixels with another one.
		elsewhere.Add(1)
		mercator, errCRS := srs.FromWKID(3857)
		require.NoError(t, errCRS)
		f, err = geotiff.OpenFile(path, &geotiff.Options{Affine: raster.Affine{A: 1, E: -1}, CRS: mercator})
		c.GeoTransform, c.EPSG = nil, 0
	}
	require.NoError(t, err)
	defer func() { assert.NoError(t, f.Close()) }()
	info := f.Info()
	assert.Equal(t, image.Pt(c.Width, c.Height), info.Grid.Size)
	assert.Len(t, info.Bands, c.Bands)
	assert.Equal(t, c.pixelType(t), info.Type)
	if g := c.GeoTransform; g != nil && len(c.GCPs) == 0 {
		assert.Equal(t, raster.Affine{A: g[1], B: g[2], C: g[0], D: g[4], E: g[5], F: g[3]}, info.Grid.Affine)
	}
	if c.EPSG == 4979 {
		c.EPSG = 4326 // the same on the ground, without heights
	}
	if c.EPSG != 0 {
		wkid, _ := info.Grid.CRS.WKID()
		assert.Equal(t, c.EPSG, wkid)
	}
	if want := c.NoData; want != nil {
		v, err := strconv.ParseFloat(fmt.Sprint(want), 64)
		require.NoError(t, err)
		if assert.NotNil(t, info.Bands[0].NoData) {
			assert.True(t, v == *info.Bands[0].NoData || math.IsNaN(v) && math.IsNaN(*info.Bands[0].NoData), "%v", *info.Bands[0].NoData)
		}
	} else {
		assert.Nil(t, info.Bands[0].NoData)
	}
	c.testPixels(t, f)
	c.testOverviews(t, f)
}

// pixelType returns the type that c's samples should be held in.
func (c *matrixFile) pixelType(t *testing.T) raster.PixelType {
	narrow := map[string]raster.PixelType{"1": raster.U1, "2": raster.U2, "3": raster.U4, "4": raster.U4}
	if typ, ok := narrow[c.NBits]; ok && c.Dtype == "Byte" {
		return typ
	}
	if c.PixelType == "SIGNEDBYTE" {
		return raster.S8
	}
	typ, ok := map[string]raster.PixelType{
		"Byte": raster.U8, "UInt16": raster.U16, "Int16": raster.S16, "UInt32": raster.U32, "Int32": raster.S32,
		"Float32": raster.F32, "Float64": raster.F64, "UInt64": raster.F64, "Int64": raster.F64,
		"CInt16": raster.C64, "CFloat32": raster.C64, "CInt32": raster.C128, "CFloat64": raster.C128,
	}[c.Dtype]
	require.True(t, ok, c.Dtype)
	return typ
}

// kind returns the argument kind of checksum for c's samples.
func (c *matrixFile) kind() string {
	if c.PixelType != "" {
		return c.PixelType
	}
	return c.Dtype
}

func (c *matrixFile) testPixels(t *testing.T, f *geotiff.File) {
	blk := whole(t, f, 0)
	if c.Exact {
		for b, want := range c.Checksums {
			assert.Equal(t, want, checksum(blk.Bands[b], c.kind()), "band %d", b)
		}
	}
	cmyk := slices.Contains(c.Options, "PHOTOMETRIC=CMYK")
	for _, s := range c.Samples {
		if cmyk {
			assert.InDelta(t, s.Value, rgbaOf(blk, s.Band, s.X, s.Y), c.Tolerance.Sample, "band %d at (%d,%d)", s.Band, s.X, s.Y)
			continue
		}
		got := rastertest.At(blk.Bands[s.Band-1], s.X, s.Y)
		want := sampleValue(t, s.Value)
		if cmplx.IsNaN(want) && cmplx.IsNaN(got) {
			continue
		}
		assert.True(t, got == want || math.Abs(real(got-want)) <= c.Tolerance.Sample, "band %d at (%d,%d): %v, want %v", s.Band, s.X, s.Y, got, want)
	}
	// GDAL's masks from noData are per band, ours per pixel.
	if c.MaskChecksum != nil && c.Mask == "per-dataset+alpha" && c.Dtype == "UInt16" {
		assert.Equal(t, *c.MaskChecksum, checksum(cutAlpha(t, blk), ""), "alpha")
	} else if c.MaskChecksum != nil && (c.Mask != "nodata" || c.Bands == 1) {
		assert.Equal(t, *c.MaskChecksum, checksum(validPlane(blk), ""), "mask")
	}
}

// rgbaOf converts CMYK samples as GDAL does.
func rgbaOf(b *raster.Block, band, x, y int) float64 {
	if band == 4 {
		return 255
	}
	at := func(band int) float64 { return real(rastertest.At(b.Bands[band], x, y)) }
	return (255 - at(3)) * (255 - at(band-1)) / 255
}

// cutAlpha returns the mask that GDAL makes of the last band, alpha of 16 bits: GDAL truncates where we round, but
// makes only 0 a 0. Our mask may differ from it by one.
func cutAlpha(t *testing.T, b *raster.Block) raster.Plane {
	alpha := b.Bands[len(b.Bands)-1].(*raster.PlaneOf[uint16])
	p := raster.NewPlane[uint8](alpha.Rect)
	for i, v := range alpha.Pix {
		p.Pix[i] = uint8(uint32(v) * 255 / 65535)
		if v > 0 {
			p.Pix[i] = max(p.Pix[i], 1)
		}
		require.InDelta(t, p.Pix[i], b.Valid.Pix[i], 1)
	}
	return p
}

// sampleValue parses a sample of the manifest: complex samples are pairs, and some numbers are texts.
func sampleValue(t *testing.T, v any) complex128 {
	switch v := v.(type) {
	case float64:
		return complex(v, 0)
	case []any:
		require.Len(t, v, 2)
		return complex(real(sampleValue(t, v[0])), real(sampleValue(t, v[1])))
	case string:
		f, err := strconv.ParseFloat(v, 64)
		require.NoError(t, err)
		return complex(f, 0)
	}
	require.Failf(t, "no number", "%T: %v", v, v)
	return 0
}

func (c *matrixFile) testOverviews(t *testing.T, f *geotiff.File) {
	var sizes []image.Point
	for _, o := range c.Overviews {
		sizes = append(sizes, image.Pt(o[0], o[1]))
	}
	levels := f.Info().Levels
	if !assert.ElementsMatch(t, sizes, levels[1:]) || !c.Exact {
		return
	}
	for i, size := range sizes {
		blk := whole(t, f, slices.Index(levels, size))
		for b, want := range c.OverviewChecksums[i] {
			assert.Equal(t, want, checksum(blk.Bands[b], c.kind()), "overview %v, band %d", size, b)
		}
	}
}
