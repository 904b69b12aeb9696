package mosaic

import (
	"bytes"
	"context"
	"errors"
	"image"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// TestScanFolder checks that pictures with a world file are items, and that all else that looks like a raster is named,
// once in the log and in the result.
func TestScanFolder(t *testing.T) {
	crs, err := srs.FromWKID(3857)
	require.NoError(t, err)
	grid := raster.Grid{CRS: crs, Affine: raster.Affine{A: 1, E: -1}, Size: image.Pt(2, 2)}
	fsys := fstest.MapFS{}
	for _, name := range []string{
		"a.tif", "b.png", "b.pgw", "c.JPG", "c.JGW", "d.bmp", "d.wld", "e.png", "e.png.aux.xml", "f.png", "g.png", "g.wld", "h.gif", "h.gifw",
		"i.jp2", "j.IMG", "k.asc", "l.nc", "p.img", "p.hdr", "q.bil", "r.HGT", "s.dat", "t.raw", "t.raw.hdr", "m.txt", ".n.jp2", "o.pdf", "a.tfw",
	} {
		fsys[name] = &fstest.MapFile{}
	}
	var log bytes.Buffer
	o := &FolderOptions{
		Open: func(_ context.Context, name string) (raster.Dataset, error) {
			if name == "g.png" || name == "q.bil" {
				return nil, errors.New("it is broken")
			}
			return rastertest.FromFunc(grid, 1, func(_, x, y int) uint8 { return uint8(x + y) }), nil
		},
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
	}
	s, err := ScanFolder(t.Context(), fsys, o)
	require.NoError(t, err)
	var items, others []string
	for _, it := range s.Items {
		items = append(items, it.Name)
	}
	for _, p := range s.PassedOver {
		others = append(others, p.String())
	}
	assert.Equal(t, []string{"a", "b", "c", "d", "e", "h", "k", "p", "r", "t"}, items)
	assert.Equal(t, []string{
		`g.png: mosaic: opening raster "g.png": it is broken`, "i.jp2: format JPEG 2000 is not read", "j.IMG: format ERDAS Imagine is not read",
		"l.nc: format netCDF is not read", `q.bil: mosaic: opening raster "q.bil": it is broken`,
	}, others)
	assert.Equal(t, 1, strings.Count(log.String(), "\n"), log.String())
	for _, p := range others {
		assert.Contains(t, log.String(), strings.Split(p, ":")[0])
	}

	o.Pattern = "a*"
	log.Reset()
	s, err = ScanFolder(t.Context(), fsys, o)
	require.NoError(t, err)
	assert.Len(t, s.Items, 1)
	assert.Empty(t, s.PassedOver)
	assert.Empty(t, log.String())

	o.Pattern = "*.jp2"
	_, err = Folder(t.Context(), fsys, o)
	require.EqualError(t, err, `mosaic: no .tif or .tiff file in the folder matches "*.jp2", but i.jp2: format JPEG 2000 is not read`)

	o.Pattern, o.Extensions = "", []string{".tif"}
	s, err = ScanFolder(t.Context(), fsys, o)
	require.NoError(t, err)
	assert.Len(t, s.Items, 1, "pictures were not asked for")
}
