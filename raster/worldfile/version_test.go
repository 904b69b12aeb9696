package worldfile_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/worldfile"
)

// picture is a PNG file of 4 × 4 pixels of one value.
func picture(t *testing.T, v uint8) []byte {
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{Y: v}.Y
	}
	var buf bytes.Buffer
	require.NoError(t, png.Encode(&buf, m))
	return buf.Bytes()
}

// TestFilesThatChange: an image stays what it was, and knows when its files have changed.
func TestFilesThatChange(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(t *testing.T, dir string) error
		then   uint8 // the value of the image that is opened then; 0 if none can be
		c      float64
	}{
		{"picture", func(t *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, "a.png"), picture(t, 2), 0o600)
		}, 2, 0},
		{"replaced", func(t *testing.T, dir string) error {
			if err := os.WriteFile(filepath.Join(dir, "b.png"), picture(t, 2), 0o600); err != nil {
				return err
			}
			return os.Rename(filepath.Join(dir, "b.png"), filepath.Join(dir, "a.png"))
		}, 2, 0},
		{"cut off", func(_ *testing.T, dir string) error { return os.Truncate(filepath.Join(dir, "a.png"), 30) }, 0, 0},
		{"deleted", func(_ *testing.T, dir string) error { return os.Remove(filepath.Join(dir, "a.png")) }, 0, 0},
		{"world file", func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, "a.wld"), []byte("1\n0\n0\n-1\n7.5\n.5\n"), 0o600)
		}, 1, 7},
		{"another world file", func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, "a.pgw"), []byte("1\n0\n0\n-1\n7.5\n.5\n"), 0o600)
		}, 1, 7},
		{"no world file", func(_ *testing.T, dir string) error { return os.Remove(filepath.Join(dir, "a.wld")) }, 0, 0},
		{"spatial reference", func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, "a.prj"), []byte("EPSG:4326"), 0o600)
		}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			name := filepath.Join(dir, "a.png")
			require.NoError(t, os.WriteFile(name, picture(t, 1), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "a.wld"), []byte("1\n0\n0\n-1\n.5\n.5\n"), 0o600))
			value := func(p *worldfile.Image) uint8 {
				b, err := p.Read(t.Context(), nil, 0, image.Rect(0, 0, 4, 4), nil)
				require.NoError(t, err)
				return b.Bands[0].(*raster.PlaneOf[uint8]).Pix[5]
			}
			p, err := worldfile.OpenFile(name, nil)
			require.NoError(t, err)
			require.NoError(t, p.Version().Current(t.Context()))

			require.NoError(t, c.change(t, dir))
			require.ErrorAs(t, p.Version().Current(t.Context()), new(*source.ChangedError))
			require.EqualValues(t, 1, value(p))
			q, err := worldfile.OpenFile(name, nil)
			if c.then == 0 {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.then, value(q))
			require.InDelta(t, c.c, q.Info().Grid.Affine.C, 0)
			require.NotEqual(t, p.Version().String(), q.Version().String())
		})
	}
}

// TestVersionInAZipFile: what is in an archive is read from the front, and has no version.
func TestVersionInAZipFile(t *testing.T) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, data := range map[string][]byte{"a.png": picture(t, 1), "a.wld": []byte("1\n0\n0\n-1\n.5\n.5\n")} {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	r, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	require.NoError(t, err)
	p, err := worldfile.Open(t.Context(), r, "a.png", nil)
	require.NoError(t, err)
	require.Nil(t, p.Version())
}
