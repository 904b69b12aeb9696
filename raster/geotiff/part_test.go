package geotiff_test

import (
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// TestPart checks that windows of uncompressed files are the same whether blocks are read in part, the first time, or
// as a whole, later.
func TestPart(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, typ := range []raster.PixelType{raster.U8, raster.S16, raster.F32} {
		for _, planar := range []bool{false, true} {
			for _, tile := range []image.Point{{}, {X: 32, Y: 16}} {
				f := (&tiffmake.File{Size: image.Pt(150, 70), Tile: tile, RowsPerStrip: 7, Bands: 3, Type: typ, Planar: planar,
					BigEndian: true, Sample: smooth, Sparse: func(_, _, col, row int) bool { return col+row == 3 }}).NorthUp(0, 0, 1)
				all := whole(t, open(t, f), 0)
				for _, bytes := range []int64{0, 1 << 20} {
					g, err := geotiff.Open(t.Context(), sourceOf(f.Bytes()), &geotiff.Options{Cache: raster.NewCache(bytes)})
					require.NoError(t, err)
					for range 40 {
						x, y := rnd.IntN(150), rnd.IntN(70)
						win := image.Rect(x, y, x+1+rnd.IntN(150-x), y+1+rnd.IntN(70-y))
						got, err := g.Read(t.Context(), nil, 0, win, nil)
						require.NoError(t, err)
						require.Empty(t, rastertest.Diff(all.Sub(win), got), "%v, planar %v, tile %v, %v", typ, planar, tile, win)
					}
				}
			}
		}
	}
}

// TestPartBytes checks which bytes of an uncompressed block are read: for the first window just its rows, for the
// second the whole block, and for the third nothing.
func TestPartBytes(t *testing.T) {
	f := (&tiffmake.File{Size: image.Pt(512, 512), Tile: image.Pt(256, 256), Bands: 3, Sample: smooth}).NorthUp(0, 0, 1)
	src := &countingSource{b: f.Bytes()}
	g, err := geotiff.Open(t.Context(), src, nil)
	require.NoError(t, err)
	_, err = g.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil) // this also reads the arrays of offsets and sizes
	require.NoError(t, err)
	for i, want := range []int{(10-1)*256*3 + 20*3, 256 * 256 * 3, 0} {
		before := src.bytes.Load()
		_, err := g.Read(t.Context(), nil, 0, image.Rect(300, 400, 320, 410), nil)
		require.NoError(t, err)
		require.EqualValues(t, want, src.bytes.Load()-before, fmt.Sprint("window ", i))
	}
}
