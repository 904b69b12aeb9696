package exportimage_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

// TestOpenGrids: plain grids are found by what they hold, by their names and by headers beside them, one by one and in
// folders; what is none is named.
func TestOpenGrids(t *testing.T) {
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	wgs84, err := srs.FromWKID(4326)
	require.NoError(t, err)
	esri := text("NCOLS 2\nNROWS 2\nULXMAP 10.5\nULYMAP 48.5\nXDIM 1\nYDIM 1\n")
	fsys := fstest.MapFS{
		"heights.asc": text("ncols 2\nnrows 2\nxllcorner 10\nyllcorner 47\ncellsize 1\n1 2 3 4"),
		"heights.prj": text("EPSG:4326"),
		"text.grd":    text("DSAA 2 2 10.5 11.5 47.5 48.5 1 4 1 2 3 4"), "text.prj": text("EPSG:4326"),
		"raw.bil": text("1234"), "raw.hdr": esri, "raw.prj": text("EPSG:4326"),
		"scene.img": text("1234"), "scene.hdr": text("ENVI\nsamples=2\nlines=2\ndata type=1\nmap info={Geographic Lat/Lon,1,1,10,49,1,1,WGS-84}\n"),
		"scan.img":    text("EHFA_HEADER_TAG\x00"),
		"message.asc": text("-----BEGIN PGP SIGNATURE-----"),
	}
	srtm := make([]byte, 2*1201*1201)
	binary.BigEndian.PutUint16(srtm, 7)
	fsys["n47e010.hgt"] = &fstest.MapFile{Data: srtm}
	var s exportimage.Opener
	defer func() { require.NoError(t, s.Close()) }()
	box := srs.Envelope{XMin: 10, YMin: 47, XMax: 12, YMax: 49}
	for name, want := range map[string]srs.Envelope{
		"heights.asc": box, "text.grd": box, "raw.bil": box, "scene.img": box,
		"n47e010.hgt": {XMin: 10 - 1./2400, YMin: 47 - 1./2400, XMax: 11 + 1./2400, YMax: 48 + 1./2400},
	} {
		src, err := s.RastersFS(t.Context(), fsys, name)
		require.NoError(t, err, name)
		got := src.Items[0].Footprint
		assert.Equal(t, wgs84, got.CRS, name)
		assert.InDeltaSlice(t, []float64{want.XMin, want.YMin, want.XMax, want.YMax},
			[]float64{got.Envelope.XMin, got.Envelope.YMin, got.Envelope.XMax, got.Envelope.YMax}, 1e-9, name)
	}
	_, err = s.RastersFS(t.Context(), fsys, "scan.img")
	assert.ErrorContains(t, err, "ERDAS Imagine")
	_, err = s.RastersFS(t.Context(), fsys, "message.asc")
	assert.ErrorContains(t, err, "ASCII grid")

	src, err := s.RastersFS(t.Context(), fsys, ".")
	require.NoError(t, err)
	assert.Equal(t, "1:heights 2:n47e010 3:raw 4:scene 5:text", listed(src.Items))
	warned := strings.Join(src.Warnings, "\n")
	assert.Contains(t, warned, "message.asc")
	assert.Contains(t, warned, "scan.img: format ERDAS Imagine is not read")
}
