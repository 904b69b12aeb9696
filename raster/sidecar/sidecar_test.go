package sidecar_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

func note(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func TestWorldFiles(t *testing.T) {
	for _, c := range []struct{ extensions, want string }{
		{".tif .tiff", ".tfw .tifw .tiffw .wld"},
		{".PNG", ".pgw .pngw .wld"},
		{".jpeg", ".jgw .jpegw .wld"},
		{".x", ".wld"},
		{"", ".wld"},
	} {
		assert.Equal(t, c.want, strings.Join(sidecar.WorldFiles(strings.Fields(c.extensions)...), " "), c.extensions)
	}
}

// TestIn checks the names of the files that In finds, and that it does not find folders and the like.
func TestIn(t *testing.T) {
	fsys := fstest.MapFS{
		"d/a.b.tif.ovr": note("1"), "d/a.b.ovr": note("2"), "d/a.b.aux.xml": note("3"), "d/a.b.TFW": note("4"), "d/a.b.tif.prj": note("5"),
		"d/a.b.msk/x": note("6"), "d/a.b.tif.AUX.XML": note("7"),
	}
	open := sidecar.In(fsys, "d/a.b.tif")
	got := map[string]string{}
	for _, suffix := range []string{".ovr", ".aux.xml", ".tfw", ".prj", ".msk", ".wld"} {
		src, err := open(t.Context(), suffix)
		if err != nil {
			require.ErrorIs(t, err, fs.ErrNotExist)
			continue
		}
		b := make([]byte, src.Size())
		_, err = src.ReadAtContext(t.Context(), b, 0)
		require.NoError(t, err)
		got[suffix] = string(b)
	}
	assert.Equal(t, map[string]string{".ovr": "1", ".aux.xml": "3", ".tfw": "4"}, got)
	assert.Equal(t, []string{".aux.xml", ".ovr", ".tfw"}, slices.Sorted(maps.Keys(got)))

	_, err := sidecar.In(onlyForward{fsys}, "d/a.b.tif")(t.Context(), ".ovr")
	require.ErrorContains(t, err, "offsets")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = open(ctx, ".ovr")
	require.ErrorIs(t, err, context.Canceled)
}

type onlyForward struct{ fs.FS }

func (o onlyForward) Open(name string) (fs.File, error) {
	f, err := o.FS.Open(name)
	return struct{ fs.File }{f}, err
}

func TestReadText(t *testing.T) {
	fsys := fstest.MapFS{"a.PRJ": note("EPSG:4326"), "a.wld": note("")}
	for _, fsys := range []fs.FS{fsys, onlyForward{fsys}} { // texts can be read from file systems without ReadAt, too
		open := sidecar.In(fsys, "a.png")
		text, err := sidecar.ReadText(t.Context(), open, sidecar.CRS, 9)
		require.NoError(t, err)
		assert.Equal(t, &sidecar.Text{Name: "a.PRJ", Bytes: []byte("EPSG:4326")}, text)

		text, err = sidecar.ReadText(t.Context(), open, ".wld", 9)
		require.NoError(t, err)
		assert.Equal(t, &sidecar.Text{Name: "a.wld", Bytes: []byte{}}, text, "an empty text is one")

		text, err = sidecar.ReadText(t.Context(), open, sidecar.PAM, 9)
		require.NoError(t, err)
		assert.Nil(t, text)

		_, err = sidecar.ReadText(t.Context(), open, sidecar.CRS, 8)
		tooLong, ok := errors.AsType[*sidecar.SizeError](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, sidecar.SizeError{Name: "a.PRJ", Size: 9, Max: 8}, *tooLong)
	}
	text, err := sidecar.ReadText(t.Context(), nil, sidecar.CRS, 9)
	require.NoError(t, err)
	assert.Nil(t, text, "nobody says where to look")
	broken := errors.New("the line is down")
	_, err = sidecar.ReadText(t.Context(), func(context.Context, string) (source.Source, error) { return nil, broken }, sidecar.CRS, 9)
	require.ErrorIs(t, err, broken)
}

func TestParseCRS(t *testing.T) {
	crs, err := sidecar.ParseCRS("\ufeff EPSG:32633\r\n\x00")
	require.NoError(t, err)
	wkid, _ := crs.WKID()
	assert.Equal(t, 32633, wkid)
	_, err = sidecar.ParseCRS("nowhere")
	_, ok := errors.AsType[*srs.SyntaxError](err)
	assert.True(t, ok, "%v", err)
}

func TestParseGeoTransform(t *testing.T) {
	for _, c := range []struct {
		text string
		want raster.Affine
		ok   bool
	}{
		{"5e5, 10, 0.5, 4e6, -0.25, -10", raster.Affine{A: 10, B: 0.5, C: 5e5, D: -0.25, E: -10, F: 4e6}, true},
		{"0,1,0,0,0", raster.Affine{}, false},
		{"0,1,0,0,0,x", raster.Affine{}, false},
		{"0,inf,0,0,0,1", raster.Affine{}, false},
		{"0,0,0,0,0,0", raster.Affine{}, false},
	} {
		a, ok := sidecar.ParseGeoTransform(c.text)
		assert.Equal(t, c.ok, ok, c.text)
		assert.Equal(t, c.want, a, c.text)
	}
}
