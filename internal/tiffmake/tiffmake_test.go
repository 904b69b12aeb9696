package tiffmake

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/tiff"

	"github.com/geoexport/geoexport/raster"
)

// TestDecode reads with another library the kinds of files that it supports. The tests of raster/geotiff read the
// others.
func TestDecode(t *testing.T) {
	sample := func(_, b, x, y int) float64 { return float64((b*50 + x*x + 3*y) % 256) }
	for _, c := range []int{None, LZW, Deflate, OldFlate, PackBits} {
		for _, tile := range []image.Point{{}, {16, 16}} {
			for v := range 4 {
				f := &File{Size: image.Pt(37, 29), Bands: 1 + 2*(v&1), Tile: tile, BigEndian: v > 1, Compression: c, Sample: sample}
				if f.RowsPerStrip = 5; c == LZW || c == Deflate {
					f.Predictor = 2
				}
				name := fmt.Sprintf("compression %d, tile %v, variant %d", c, tile, v)
				m, err := tiff.Decode(bytes.NewReader(f.Bytes()))
				require.NoError(t, err, name)
				require.Equal(t, image.Rectangle{Max: f.Size}, m.Bounds())
				for y := range f.Size.Y {
					for x := range f.Size.X {
						r, _, b, _ := m.At(x, y).RGBA()
						require.EqualValues(t, sample(0, 0, x, y), r>>8, name)
						require.EqualValues(t, sample(0, f.Bands-1, x, y), b>>8, name)
					}
				}
			}
		}
	}
}

// TestWriteAt: a file on disk is the one in memory.
func TestWriteAt(t *testing.T) {
	f := &File{Big: true, Size: image.Pt(70, 50), Type: raster.F32, Tile: image.Pt(16, 16), Levels: []image.Point{{35, 25}},
		Mask:   func(_, x, y int) bool { return x > y },
		Sample: func(_, _, x, y int) float64 { return float64(x) / float64(y+1) }}
	out, err := os.Create(t.TempDir() + "/a.tif")
	require.NoError(t, err)
	n, err := f.WriteAt(out)
	require.NoError(t, err)
	require.NoError(t, out.Close())
	b, err := os.ReadFile(out.Name())
	require.NoError(t, err)
	assert.EqualValues(t, n, len(b))
	assert.True(t, bytes.Equal(f.Bytes(), b))
	out, err = os.Open(out.Name()) // for reading
	require.NoError(t, err)
	_, err = f.WriteAt(out)
	assert.Error(t, err)
	require.NoError(t, out.Close())
}

// TestShareTiles: a file of ten thousand pixels a side costs a few tiles.
func TestShareTiles(t *testing.T) {
	calls := 0
	f := &File{Size: image.Pt(10000, 10000), Bands: 3, Tile: image.Pt(256, 256), Compression: Deflate, ShareTiles: 4,
		Levels: []image.Point{{5000, 5000}}, Sample: func(_, b, x, y int) float64 { calls++; return float64(x ^ y) }}
	assert.Less(t, len(f.Bytes()), 1<<20)
	assert.Equal(t, 2*4*256*256*3, calls)
}
