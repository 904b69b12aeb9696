package exportimage_test

import (
	"bytes"
	"image"
	"image/png"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// plate writes a GeoTIFF of one degree square east of a longitude, whose pixels have a value. Each is written as a whole, as
// programs do whose files are read meanwhile, and is newer than the last.
func plate(t *testing.T, dir, name string, east float64, value float64) {
	t.Helper()
	data := (&tiffmake.File{
		Size: image.Pt(8, 8), Sample: func(_, _, _, _ int) float64 { return value },
		EPSG: 4326, Geographic: true,
	}).NorthUp(east, 1, 0.125).Bytes()
	part := filepath.Join(dir, name+".part")
	require.NoError(t, os.WriteFile(part, data, 0o600))
	at := time.Unix(1e9+int64(value), 0)
	require.NoError(t, os.Chtimes(part, at, at))
	require.NoError(t, os.Rename(part, filepath.Join(dir, name)))
}

// grays returns the values at the centres of degrees from 0 east; 0 is no data.
func grays(t *testing.T, s *exportimage.Service, degrees int) (out []uint8) {
	t.Helper()
	res, err := s.Export(t.Context(), exportimage.Request{
		BBox: srs.Envelope{XMax: float64(degrees), YMax: 1}, Size: image.Pt(degrees, 1), Format: "png32", Aspect: exportimage.ExactBox,
	})
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(res.Data))
	require.NoError(t, err)
	for x := range degrees {
		r, _, _, a := img.At(x, 0).RGBA()
		out = append(out, uint8(r&a>>8))
	}
	return out
}

// Files that are added, replaced, moved and withdrawn show without a restart, of one folder and of several with a file.
func TestOpenedFoldersAreLive(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	plate(t, one, "a.tif", 0, 10)
	plate(t, two, "b.tif", 1, 20)
	plate(t, two, "single", 3, 40) // of a folder that is not asked for, but for this file
	var log bytes.Buffer
	o := &exportimage.Opener{Refresh: time.Nanosecond, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	s, err := exportimage.OpenWith(t.Context(), o, one, filepath.Join(two, "*.tif"), filepath.Join(two, "single"))
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	require.IsType(t, mosaic.Layers{}, s.Catalog)
	assert.Equal(t, []uint8{10, 20, 0, 40}, grays(t, s, 4))

	plate(t, one, "c.tif", 1, 31) // above b
	assert.Equal(t, []uint8{10, 31, 0, 40}, grays(t, s, 4))
	d, err := s.Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 4, d.Rasters)
	plate(t, one, "a.tif", 2, 12) // it moves
	plate(t, two, "b.tif", 1, 22)
	assert.Equal(t, []uint8{0, 31, 12, 40}, grays(t, s, 4))
	require.NoError(t, os.Remove(filepath.Join(one, "c.tif")))
	assert.Equal(t, []uint8{0, 22, 12, 40}, grays(t, s, 4))
	assert.Empty(t, log.String())

	require.NoError(t, os.WriteFile(filepath.Join(one, "half.tif"), []byte("II*\x00"), 0o600))
	assert.Equal(t, []uint8{0, 22, 12, 40}, grays(t, s, 4))
	assert.Contains(t, log.String(), "half.tif")
	assert.Contains(t, log.String(), "folder="+one)
	require.NoError(t, os.Remove(filepath.Join(one, "a.tif")))
	assert.Equal(t, []uint8{0, 22, 0, 40}, grays(t, s, 4), "the folder is empty")
}

// A file that is gone before its folder was looked at again is an error that names it, or left out if the service says so.
func TestOpenedFileThatVanishes(t *testing.T) {
	for _, skip := range []bool{false, true} {
		dir := t.TempDir()
		plate(t, dir, "a.tif", 0, 10)
		plate(t, dir, "b.tif", 1, 20)
		s, err := exportimage.OpenWith(t.Context(), &exportimage.Opener{Refresh: time.Hour, Logger: slog.New(slog.DiscardHandler)}, dir)
		require.NoError(t, err)
		s.SkipUnreadable = skip
		require.NoError(t, os.Remove(filepath.Join(dir, "b.tif")))
		if skip {
			assert.Equal(t, []uint8{10, 0}, grays(t, s, 2))
		} else {
			_, err := s.Export(t.Context(), exportimage.Request{BBox: srs.Envelope{XMax: 2, YMax: 1}, Size: image.Pt(2, 1)})
			wrong, ok := err.(*exportimage.RasterError)
			if !ok {
				require.ErrorAs(t, err, &wrong)
			}
			require.ErrorContains(t, err, `"b"`)
			require.ErrorIs(t, err, fs.ErrNotExist)
		}
		require.NoError(t, s.Close())
	}
}

// A negative Refresh reads a folder once.
func TestOpenedFolderThatIsReadOnce(t *testing.T) {
	dir := t.TempDir()
	plate(t, dir, "a.tif", 0, 10)
	s, err := exportimage.OpenWith(t.Context(), &exportimage.Opener{Refresh: -1}, dir)
	require.NoError(t, err)
	defer s.Close()
	plate(t, dir, "b.tif", 1, 20)
	assert.Equal(t, []uint8{10, 0}, grays(t, s, 2))
	version, err := mosaic.VersionOf(t.Context(), s.Catalog)
	require.NoError(t, err)
	assert.Empty(t, version)
}
