package mosaic_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// names is a catalogue in words: each item's ID and name.
func names(s mosaic.Slice) string {
	var words []string
	for _, it := range s {
		words = append(words, fmt.Sprintf("%d:%s", it.ID, it.Name))
	}
	return strings.Join(words, " ")
}

// gray returns a raster of 4 by 2 degrees whose pixels are half a degree large.
func gray(t *testing.T, wkid int, x float64) raster.Dataset {
	t.Helper()
	grid := raster.Grid{Affine: raster.Affine{A: 0.5, C: x, E: -0.5, F: 2}, Size: image.Pt(8, 4)}
	if wkid != 0 {
		grid.CRS = crs(t, wkid)
	}
	return rastertest.FromFunc(grid, 1, func(_, _, _ int) uint8 { return 7 })
}

func TestOf(t *testing.T) {
	ds := gray(t, 4326, 10)
	s := mosaic.Of("a", ds)
	require.Equal(t, "1:a", names(s))
	it := s[0]
	assert.Equal(t, mosaic.Footprint{CRS: crs(t, 4326), Envelope: srs.Envelope{XMin: 10, YMin: 0, XMax: 14, YMax: 2}}, it.Footprint)
	assert.Equal(t, raster.U8, it.Type)
	assert.InDelta(t, 0.5, it.PixelSize, 1e-12)
	got, err := it.Open(t.Context())
	require.NoError(t, err)
	assert.Same(t, ds, got)
}

func TestFiles(t *testing.T) {
	open := func(_ context.Context, name string) (raster.Dataset, error) {
		switch {
		case strings.Contains(name, "none"):
			return nil, errors.New("no such raster")
		case strings.Contains(name, "nowhere"):
			return gray(t, 0, 0), nil
		}
		return gray(t, 4326, float64(len(name))), nil
	}
	s, err := mosaic.Files(t.Context(), open, "b/x.tif", "a.tif", "a.tif")
	require.NoError(t, err)
	require.Equal(t, "1:x 2:a 3:a", names(s))
	assert.InDelta(t, 7, s[0].Footprint.Envelope.XMin, 0)
	assert.InDelta(t, 5, s[1].Footprint.Envelope.XMin, 0)
	s, err = mosaic.Files(t.Context(), open)
	require.NoError(t, err)
	assert.Empty(t, s)
	_, err = mosaic.Files(t.Context(), open, "a.tif", "none.tif")
	require.EqualError(t, err, `mosaic: opening raster "none.tif": no such raster`)
	_, err = mosaic.Files(t.Context(), open, "nowhere.tif")
	require.ErrorIs(t, err, srs.ErrNotStated)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = mosaic.Files(ctx, open, "a.tif")
	require.ErrorIs(t, err, context.Canceled)
}

func TestJoin(t *testing.T) {
	a := mosaic.Slice{{ID: 9, Name: "a9"}, {ID: 4, Name: "a4"}}
	b := mosaic.Slice{{ID: 4, Name: "b4"}}
	assert.Equal(t, "9:a9 4:a4", names(mosaic.Join(a)), "one alone keeps its numbers")
	assert.Equal(t, "1:b4 2:a4 3:a9", names(mosaic.Join(b, a)))
	assert.Equal(t, "9:a9 4:a4", names(a), "catalogues stay as they are")
	assert.Empty(t, mosaic.Join())
}
