package srs_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// geoTIFF is a picture of one pixel in a CRS.
func geoTIFF(t *testing.T, c srs.CRS) []byte {
	var b bytes.Buffer
	strips := func(yield func(*raster.Block, error) bool) {
		yield(&raster.Block{Type: raster.U8, Bands: []raster.Plane{raster.NewPlanes(raster.U8, 1, image.Rect(0, 0, 1, 1))[0]}}, nil)
	}
	grid := raster.Grid{CRS: c, Affine: raster.Affine{A: 1, E: -1}, Size: image.Pt(1, 1)}
	require.NoError(t, geotiff.Encode(&b, &raster.Image{Grid: grid, Type: raster.U8, Bands: 1, Opaque: true, Strips: strips}, nil))
	return b.Bytes()
}

// What GeoKeys returns, FromGeoKeys reads as the same system, and raster/geotiff from a file, for all codes of the
// registry.
func TestGeoKeysComeBack(t *testing.T) {
	coded, spelled := 0, 0
	refused := map[string]int{}
	srs.EachCode(t, func(code string, c srs.CRS) {
		keys, err := c.GeoKeys()
		if u, ok := errors.AsType[*srs.UnsupportedError](err); ok {
			refused[u.Name]++
			return
		}
		require.NoError(t, err, code)
		last := srs.GeoKeyID(0)
		for _, k := range keys {
			require.Greater(t, k.ID, last, code)
			last = k.ID
		}
		if len(keys) == 2 {
			coded++
			known, err := srs.Parse(fmt.Sprintf("EPSG:%d", keys[1].Code))
			require.NoError(t, err)
			tr, err := srs.NewTransformer(c, known)
			require.NoError(t, err)
			assert.True(t, tr.Identity(), code)
			return
		}
		spelled++
		tiff := geoTIFF(t, c)
		f, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(tiff), int64(len(tiff))), nil)
		if assert.NoError(t, err, "%s %v", code, keys) {
			srs.SameCoordinates(t, c, f.Info().Grid.CRS, fmt.Sprint(code, " ", keys))
			direct, notes, err := srs.FromGeoKeys(keys)
			require.NoError(t, err, code)
			assert.Empty(t, notes, code)
			assert.Equal(t, direct, f.Info().Grid.CRS, code)
		}
	})
	t.Log(coded, spelled, refused)
	assert.Greater(t, coded, 6000)
	assert.Greater(t, spelled, 1000)
	assert.LessOrEqual(t, len(refused), 5)
}

// TestWriteSpellings writes every code in all our forms to the file that GEOEXPORT_SPELLINGS names, for
// registry/check_spellings.py: code, WKT 1, WKT 2, JSON, and a GeoTIFF in base 64, separated by tabs. A form without
// words for the system is empty.
func TestWriteSpellings(t *testing.T) {
	name := os.Getenv("GEOEXPORT_SPELLINGS")
	if name == "" {
		t.Skip("NOT CHECKED: what GDAL reads of all codes, as GEOEXPORT_SPELLINGS names no file for it")
	}
	var b bytes.Buffer
	srs.EachCode(t, func(code string, c srs.CRS) {
		wkt1, _ := c.WKT()
		wkt2, _ := c.WKT2()
		object, err := c.MarshalJSON()
		require.NoError(t, err)
		var tiff []byte
		if _, err := c.GeoKeys(); err == nil {
			tiff = geoTIFF(t, c)
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\n", code, wkt1, wkt2, object, base64.StdEncoding.EncodeToString(tiff))
	})
	require.NoError(t, os.WriteFile(name, b.Bytes(), 0o666))
}
