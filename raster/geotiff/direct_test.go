package geotiff

import (
	"bytes"
	"fmt"
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
)

// TestDirect checks that reads which bypass the cache return the same as others, and leave nothing in the cache except
// the blocks that extend beyond the window.
func TestDirect(t *testing.T) {
	for _, typ := range []raster.PixelType{raster.U8, raster.S16, raster.U32} {
		for _, planar := range []bool{false, true} {
			for _, tile := range []image.Point{{}, {X: 32, Y: 16}} {
				f := &tiffmake.File{Size: image.Pt(150, 70), Tile: tile, Bands: 3, Type: typ, Planar: planar, BigEndian: true,
					Compression: tiffmake.Deflate, Predictor: 2, Sample: func(_, b, x, y int) float64 {
						return float64((x*x/7 + y*(3+b)) % 120)
					}}
				file := f.NorthUp(0, 0, 1).Bytes()
				open := func(cache *raster.Cache) *File {
					g, err := Open(t.Context(), source.FromReaderAt(bytes.NewReader(file), int64(len(file))), &Options{Cache: cache})
					require.NoError(t, err)
					return g
				}
				past, through := open(raster.NewCache(1000)), open(raster.NewCache(1<<30))
				for _, bands := range [][]int{nil, {2, 0, 1}, {1}, {1, 1, 1}} {
					for _, win := range []image.Rectangle{image.Rect(0, 0, 150, 70), image.Rect(10, 10, 149, 69), image.Rect(32, 16, 96, 48)} {
						name := fmt.Sprintf("%v, planar %v, tile %v, bands %v, window %v", typ, planar, tile, bands, win)
						got, err := past.Read(t.Context(), nil, 0, win, bands)
						require.NoError(t, err, name)
						want, err := through.Read(t.Context(), nil, 0, win, bands)
						require.NoError(t, err, name)
						require.Empty(t, rastertest.Diff(want, got), name)
					}
				}

				c := raster.NewCache(1000)
				_, err := open(c).Read(t.Context(), nil, 0, image.Rect(0, 0, 150, 70), nil)
				require.NoError(t, err)
				c.Forget(func(key any) bool {
					kind := key.(cacheKey).kind
					require.True(t, kind == kindOffsets || kind == kindCounts, "a block was kept")
					return false
				})
			}
		}
	}
}

// TestDirectPasses lists reads, and whether they bypass the cache.
func TestDirectPasses(t *testing.T) {
	rgb := &layout{bands: 3, bits: 8, typ: raster.U8, predictor: predictorNone}
	planar := *rgb
	planar.planar = true
	small := raster.NewCache(400)
	f := &File{alpha: -1, caches: caches{given: small}}
	ctx := t.Context()
	require.True(t, f.passes(ctx, rgb, []int{0, 1, 2}, 101))
	require.True(t, f.passes(ctx, rgb, []int{2, 0, 1}, 101))
	require.False(t, f.passes(ctx, rgb, []int{0, 1, 2}, 100), "a quarter of the cache")
	require.False(t, f.passes(ctx, rgb, []int{0, 1}, 101), "not all bands")
	require.False(t, f.passes(ctx, rgb, []int{0, 1, 1}, 101), "one of them twice")
	require.True(t, f.passes(ctx, &planar, []int{1}, 101))
	require.False(t, f.passes(ctx, &planar, []int{1, 1}, 101))
	require.False(t, (&File{alpha: 2, caches: caches{given: small}}).passes(ctx, rgb, []int{0, 1, 2}, 101), "alpha")
	noData := &File{alpha: -1, caches: caches{given: small}, noData: noDataRule{active: true}}
	require.False(t, noData.passes(ctx, rgb, []int{0, 1, 2}, 101), "noData")
	require.True(t, (&File{alpha: -1, caches: caches{given: &raster.Cache{}}}).passes(ctx, rgb, []int{0, 1, 2}, 1))
}

// TestLend checks that a window inside one block of the file shares the memory of the block in the cache.
func TestLend(t *testing.T) {
	for _, planar := range []bool{false, true} {
		f := &tiffmake.File{Size: image.Pt(150, 70), Tile: image.Pt(64, 64), Bands: 2, Type: raster.S16, Planar: planar, NoData: "7",
			Compression: tiffmake.Deflate, Sample: func(_, b, x, y int) float64 { return float64(x*y%50 + b) }}
		file := f.NorthUp(0, 0, 1).Bytes()
		g, err := Open(t.Context(), source.FromReaderAt(bytes.NewReader(file), int64(len(file))), nil)
		require.NoError(t, err)
		first := func(b *raster.Block) *int16 { return &b.Bands[0].(*raster.PlaneOf[int16]).Pix[0] }
		read := func(dst *raster.Block, win image.Rectangle) *raster.Block {
			b, err := g.Read(t.Context(), dst, 0, win, []int{1, 0})
			require.NoError(t, err)
			return b
		}
		inside, across := image.Rect(70, 10, 120, 60), image.Rect(60, 10, 120, 60)
		whole := read(nil, image.Rectangle{Max: f.Size})
		a, b := read(nil, inside), read(raster.NewBlock(raster.S16, 2, inside), inside)
		require.Same(t, first(a), first(b), "both are parts of the block in the cache")
		require.Empty(t, rastertest.Diff(whole.Sub(inside), a))
		dst := raster.NewBlock(raster.S16, 2, across)
		require.Same(t, dst, read(dst, across), "of two blocks a copy is made")
		require.Empty(t, rastertest.Diff(whole.Sub(across), dst))
	}
}
