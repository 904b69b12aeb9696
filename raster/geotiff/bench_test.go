package geotiff_test

import (
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// smooth returns a sample of something like a photograph.
func smooth(_, b, x, y int) float64 { return float64((x*x/97 + y*(3+b)/5 + (x^y)&3) % 251) }

// millionTiles returns a BigTIFF of 1000 x 1000 equal tiles.
func millionTiles() *tiffmake.File {
	f := &tiffmake.File{Big: true, Size: image.Pt(16000, 16000), Tile: image.Pt(16, 16), Compression: tiffmake.Deflate,
		ShareTiles: 1, Sample: smooth, EPSG: 3857}
	return f.NorthUp(0, 0, 1)
}

// TestMillionTiles checks that opening a file and reading one tile does not read the arrays of all its tiles.
func TestMillionTiles(t *testing.T) {
	src := &countingSource{b: millionTiles().Bytes()}
	g, err := geotiff.Open(t.Context(), src, nil)
	require.NoError(t, err)
	require.LessOrEqual(t, src.reads.Load(), int64(12), "reads")
	require.LessOrEqual(t, src.bytes.Load(), int64(20<<10), "bytes")
	_, err = g.Read(t.Context(), nil, 0, image.Rect(8000, 8000, 8016, 8016), nil)
	require.NoError(t, err)
	require.LessOrEqual(t, src.bytes.Load(), int64(120<<10), "bytes")

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = geotiff.Open(t.Context(), src, nil)
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(100<<10), "bytes allocated")
}

// TestCOGOpensWithOneRead checks that the first 16 KiB of a cloud-optimised file contain its directories. If the corpus
// is beside the project, the test covers all files of it that have "cog" in their names.
func TestCOGOpensWithOneRead(t *testing.T) {
	paths := []string{"testdata/cog_deflate.tif", "../../testdata/demo/world.tif"}
	others, err := filepath.Glob(filepath.Join(corpusDir, "*", "*cog*.tif"))
	require.NoError(t, err)
	t.Logf("with %d of the corpus of foreign files beside the project", len(others))
	for _, path := range append(paths, others...) {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		src := &countingSource{b: b}
		_, err = geotiff.Open(t.Context(), src, &geotiff.Options{Affine: raster.Affine{A: 1, E: -1}}) // not all have one
		require.NoError(t, err, path)
		require.EqualValues(t, 1, src.reads.Load(), "%s: reads", path)
		require.LessOrEqual(t, src.bytes.Load(), int64(16<<10), "%s: bytes", path)
	}
}

func BenchmarkOpen(b *testing.B) {
	for name, f := range map[string]*tiffmake.File{
		"1 tile":          (&tiffmake.File{Size: image.Pt(16, 16), Tile: image.Pt(16, 16), Sample: smooth, EPSG: 3857}).NorthUp(0, 0, 1),
		"1,000,000 tiles": millionTiles(),
	} {
		src := sourceOf(f.Bytes())
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := geotiff.Open(b.Context(), src, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWhole(b *testing.B) {
	for _, typ := range []raster.PixelType{raster.U8, raster.U16, raster.F32} {
		for _, c := range []int{tiffmake.None, tiffmake.LZW, tiffmake.Deflate, tiffmake.PackBits} {
			predictor := 1
			if c == tiffmake.LZW || c == tiffmake.Deflate {
				predictor = 2
			}
			f := &tiffmake.File{Size: image.Pt(1024, 1024), Bands: 3, Type: typ, Tile: image.Pt(256, 256), Compression: c,
				Predictor: predictor, Sample: smooth}
			g, err := geotiff.Open(b.Context(), sourceOf(f.NorthUp(0, 0, 1).Bytes()), &geotiff.Options{Cache: raster.NewCache(0)})
			require.NoError(b, err)
			b.Run(fmt.Sprintf("%v/compression %d", typ, c), func(b *testing.B) {
				b.SetBytes(int64(1024 * 1024 * 3 * typ.Size()))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := g.Read(b.Context(), nil, 0, image.Rect(0, 0, 1024, 1024), nil); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkWindows(b *testing.B) {
	f := &tiffmake.File{Size: image.Pt(10000, 10000), Bands: 3, Tile: image.Pt(256, 256), Compression: tiffmake.Deflate,
		ShareTiles: 16, Sample: smooth}
	for l := 2; l <= 64; l *= 2 {
		f.Levels = append(f.Levels, image.Pt((10000+l-1)/l, (10000+l-1)/l))
	}
	file := f.NorthUp(0, 0, 1).Bytes()
	for name, cache := range map[string]int64{"cold": 0, "cached": 1 << 30} {
		g, err := geotiff.Open(b.Context(), sourceOf(file), &geotiff.Options{Cache: raster.NewCache(cache)})
		require.NoError(b, err)
		b.Run(name, func(b *testing.B) {
			rnd := rand.New(rand.NewPCG(1, 2))
			b.SetBytes(256 * 256 * 3)
			b.ReportAllocs()
			for b.Loop() {
				x, y := rnd.IntN(2000), rnd.IntN(2000)
				if _, err := g.Read(b.Context(), nil, 0, image.Rect(x, y, x+256, y+256), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+" into a buffer", func(b *testing.B) {
			rnd := rand.New(rand.NewPCG(1, 2))
			b.SetBytes(256 * 256 * 3)
			b.ReportAllocs()
			var buf raster.Buffer
			for b.Loop() {
				x, y := rnd.IntN(2000), rnd.IntN(2000)
				win := image.Rect(x, y, x+256, y+256)
				if _, err := g.Read(b.Context(), buf.Block(raster.U8, 3, win), 0, win, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
