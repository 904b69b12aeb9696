package geotiff_test

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
)

func sourceOf(b []byte) source.Source { return source.FromReaderAt(bytes.NewReader(b), int64(len(b))) }

// open opens a correct file.
func open(t testing.TB, f *tiffmake.File) *geotiff.File {
	t.Helper()
	g, err := geotiff.Open(t.Context(), sourceOf(f.Bytes()), nil)
	require.NoError(t, err)
	t.Cleanup(func() { g.Close() })
	return g
}

// whole reads all pixels of a level.
func whole(t testing.TB, f *geotiff.File, level int) *raster.Block {
	t.Helper()
	b, err := f.Read(t.Context(), nil, level, image.Rectangle{Max: f.Info().Levels[level]}, nil)
	require.NoError(t, err)
	return b
}

// wantBlock returns a block with the samples that f returns, all valid.
func wantBlock(t raster.PixelType, size image.Point, bands int, f func(band, x, y int) float64) *raster.Block {
	r := image.Rectangle{Max: size}
	switch t {
	case raster.U8:
		return rastertest.FillBlock(r, bands, func(b, x, y int) uint8 { return uint8(f(b, x, y)) })
	case raster.U1, raster.U2, raster.U4:
		blk := rastertest.FillBlock(r, bands, func(b, x, y int) uint8 { return uint8(f(b, x, y)) })
		blk.Type = t
		return blk
	case raster.S8:
		return rastertest.FillBlock(r, bands, func(b, x, y int) int8 { return int8(f(b, x, y)) })
	case raster.U16:
		return rastertest.FillBlock(r, bands, func(b, x, y int) uint16 { return uint16(f(b, x, y)) })
	case raster.S16:
		return rastertest.FillBlock(r, bands, func(b, x, y int) int16 { return int16(f(b, x, y)) })
	case raster.U32:
		return rastertest.FillBlock(r, bands, func(b, x, y int) uint32 { return uint32(f(b, x, y)) })
	case raster.S32:
		return rastertest.FillBlock(r, bands, func(b, x, y int) int32 { return int32(f(b, x, y)) })
	case raster.F32:
		return rastertest.FillBlock(r, bands, func(b, x, y int) float32 { return float32(f(b, x, y)) })
	}
	return rastertest.FillBlock(r, bands, f)
}

// speckle returns a sample anywhere in the range of a type, with runs of equal samples.
func speckle(t raster.PixelType, level, band, x, y int) float64 {
	h := uint32(x/3)*2654435761 + uint32(y)*40503 + uint32(band)*97 + uint32(level)*31
	h ^= h >> 15
	h *= 2246822519
	h ^= h >> 13
	switch t {
	case raster.F32:
		return float64(float32(int32(h)) / 7)
	case raster.F64:
		return float64(int32(h)) / 7
	}
	lo, hi := t.Range()
	return lo + float64(h)*(hi-lo)/math.MaxUint32 - math.Mod(lo+float64(h)*(hi-lo)/math.MaxUint32, 1)
}

var allTypes = []raster.PixelType{
	raster.U1, raster.U2, raster.U4, raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32, raster.F32,
	raster.F64,
}

// predictorsOf returns the predictors that a compression may have for samples of a type.
func predictorsOf(typ raster.PixelType, compression int) []int {
	switch {
	case compression == tiffmake.None || compression == tiffmake.PackBits || typ <= raster.U4:
		return []int{1}
	case typ == raster.F32 || typ == raster.F64:
		return []int{1, 2, 3}
	}
	return []int{1, 2}
}

// TestLayouts reads every combination of type, compression, predictor, layout and byte order (T75, T76).
func TestLayouts(t *testing.T) {
	layouts := []struct {
		name string
		tile image.Point
		rows int
	}{
		{"one strip", image.Point{}, 0},
		{"strips of 7", image.Point{}, 7},
		{"strips of 1", image.Point{}, 1},
		{"tiles of 16", image.Pt(16, 16), 0},
		{"a tile larger than the image", image.Pt(64, 48), 0},
		{"tiles of 5x3", image.Pt(5, 3), 0}, // TIFF requires multiples of 16, but libtiff reads others too
	}
	compressions := []int{tiffmake.None, tiffmake.LZW, tiffmake.Deflate, tiffmake.OldFlate, tiffmake.PackBits}
	size := image.Pt(37, 29)
	n := 0
	for _, typ := range allTypes {
		for li, l := range layouts {
			for ci, c := range compressions {
				for _, predictor := range predictorsOf(typ, c) {
					for v := range 6 {
						// Take every fifth of the remaining variants, and for other layouts and compressions a
						// different fifth.
						if n++; (n+li+ci)%5 != 0 {
							continue
						}
						f := &tiffmake.File{
							BigEndian: v&1 == 1, Big: v == 4 || v == 5,
							Size: size, Type: typ, Bands: 1 + v%3, Planar: v >= 3,
							Tile: l.tile, RowsPerStrip: l.rows, Compression: c, Predictor: predictor,
							Sample: func(level, band, x, y int) float64 { return speckle(typ, level, band, x, y) },
							Pad:    1,
						}
						name := fmt.Sprintf("%v %s compression %d predictor %d variant %d", typ, l.name, c, predictor, v)
						got := whole(t, open(t, f.NorthUp(10, 20, 2)), 0)
						want := wantBlock(typ, size, f.Bands, func(b, x, y int) float64 { return f.Sample(0, b, x, y) })
						require.Empty(t, rastertest.Diff(want, got), name)
					}
				}
			}
		}
	}
	require.Greater(t, n, 1000)
}

// TestDataset runs the conformance test on files of various kinds.
func TestDataset(t *testing.T) {
	sample := func(typ raster.PixelType) func(level, band, x, y int) float64 {
		return func(level, band, x, y int) float64 { return speckle(typ, level, band, x, y) }
	}
	for name, f := range map[string]*tiffmake.File{
		"tiles": {Size: image.Pt(100, 70), Bands: 3, Tile: image.Pt(32, 32), Compression: tiffmake.LZW,
			Sample: sample(raster.U8), Levels: []image.Point{{50, 35}, {25, 18}}},
		"planar with noData": {Size: image.Pt(100, 70), Bands: 4, Type: raster.S16, Planar: true, Tile: image.Pt(32, 32),
			Sample: func(_, b, x, y int) float64 { return float64((b + x/9 + y/7) % 5) }, NoData: "3"},
		"alpha": {Size: image.Pt(40, 60), Bands: 4, ExtraSamples: []int{2}, RowsPerStrip: 13, Compression: tiffmake.Deflate,
			Sample: sample(raster.U8)},
		"planar alpha, noData and NaN": {Size: image.Pt(40, 60), Bands: 3, ExtraSamples: []int{0, 2}, Planar: true, RowsPerStrip: 13,
			Type: raster.F32, NoData: "0.5",
			Sample: func(_, b, x, y int) float64 {
				if x == y {
					return math.NaN()
				}
				return float64((b*2+x/9+y/7)%5) / 4
			}},
		"masks": {Size: image.Pt(100, 70), Bands: 3, Tile: image.Pt(32, 32), Sample: sample(raster.U8), NoData: "0",
			Levels: []image.Point{{50, 35}}, Mask: func(_, x, y int) bool { return x%5 != 0 && y%3 != 0 }},
		"one pixel":    {Size: image.Pt(1, 1), Sample: sample(raster.U8)},
		"one row":      {Size: image.Pt(300, 1), Sample: sample(raster.U8), Tile: image.Pt(16, 16)},
		"one column":   {Size: image.Pt(1, 300), Sample: sample(raster.U8), RowsPerStrip: 7},
		"large strip":  {Size: image.Pt(700, 900), Sample: sample(raster.U8)},
		"large strips": {Size: image.Pt(600, 600), Bands: 2, Planar: true, Sample: sample(raster.U8)},
		"sparse": {Size: image.Pt(100, 70), Type: raster.F32, Tile: image.Pt(32, 32), Sample: sample(raster.F32), NoData: "-1",
			Sparse: func(_, _, col, row int) bool { return (col+row)%2 == 0 }},
	} {
		t.Run(name, func(t *testing.T) { rastertest.Test(t, open(t, f.NorthUp(0, 0, 1))) })
	}
}

// TestChoppedStrip checks that a large uncompressed strip is read in pieces: reading a window costs far less than the
// strip.
func TestChoppedStrip(t *testing.T) {
	f := &tiffmake.File{Size: image.Pt(2000, 3000), Sample: func(_, _, x, y int) float64 { return float64((x + 3*y) % 251) }}
	src := &countingSource{b: f.NorthUp(0, 0, 1).Bytes()}
	g, err := geotiff.Open(t.Context(), src, nil)
	require.NoError(t, err)
	opened := src.bytes.Load()
	win := image.Rect(1900, 2990, 2000, 3000)
	b, err := g.Read(t.Context(), nil, 0, win, nil)
	require.NoError(t, err)
	want := wantBlock(raster.U8, f.Size, 1, func(_, x, y int) float64 { return f.Sample(0, 0, x, y) })
	assert.Empty(t, rastertest.Diff(want.Sub(win), b))
	assert.Less(t, src.bytes.Load()-opened, int64(600<<10), "of 6 MB")
	assert.Empty(t, rastertest.Diff(want, whole(t, g, 0)))
}

func TestOverviews(t *testing.T) {
	for _, sub := range []bool{false, true} {
		f := &tiffmake.File{
			Size: image.Pt(1001, 700), Tile: image.Pt(256, 256), Type: raster.U16, Compression: tiffmake.Deflate, SubIFDs: sub, NoData: "7",
			Sample: func(level, _, x, y int) float64 { return float64(1000*level + (x+y)%1000) },
			// Out of order; one size occurs twice, one is too large, and one has another shape.
			Levels: []image.Point{{126, 88}, {501, 350}, {251, 175}, {251, 175}, {1002, 700}, {500, 100}},
		}
		g := open(t, f.NorthUp(0, 0, 1))
		require.Equal(t, []image.Point{{1001, 700}, {501, 350}, {251, 175}, {126, 88}}, g.Info().Levels)
		assert.Len(t, g.Info().Notes, 4, "%q", g.Info().Notes) // for these three levels, and for the missing CRS
		for level, want := range []int{0, 2000, 3000, 1000} {
			b := whole(t, g, level)
			assert.EqualValues(t, complex(float64(want+5), 0), rastertest.At(b.Bands[0], 2, 3), "level %d", level)
		}
		// The noData value of the image also applies to overviews that do not repeat it.
		f.Sample = func(level, _, x, y int) float64 { return 7 }
		assert.Zero(t, whole(t, open(t, f), 1).Valid.AlphaAt(3, 3).A)
	}
}

// TestPadding checks that the padding of tiles beyond the image's edge never shows (T51).
func TestPadding(t *testing.T) {
	f := &tiffmake.File{Size: image.Pt(300, 300), Tile: image.Pt(256, 256), Pad: 77, Sample: func(_, _, x, y int) float64 { return 1 }}
	g := open(t, f.NorthUp(0, 0, 1))
	for _, v := range whole(t, g, 0).Bands[0].(*raster.PlaneOf[uint8]).Pix {
		require.EqualValues(t, 1, v)
	}
	_, err := g.Read(t.Context(), nil, 0, image.Rect(250, 250, 305, 300), nil)
	assert.Error(t, err)
}

func TestPalette(t *testing.T) {
	cmap := make([]uint16, 3*16)
	cmap[3], cmap[16+3], cmap[32+3] = 0xffff, 0x8080, 0x0101
	f := &tiffmake.File{Size: image.Pt(3, 1), Type: raster.U4, ColorMap: cmap, Sample: func(_, _, x, y int) float64 { return 3 }}
	g := open(t, f.NorthUp(0, 0, 1))
	require.Len(t, g.Info().Palette, 16)
	r, gr, b, a := g.Info().Palette[3].RGBA()
	assert.Equal(t, []uint32{0xffff, 0x8080, 0x0101, 0xffff}, []uint32{r, gr, b, a})
	assert.Equal(t, "333", text(whole(t, g, 0)), "indices are kept")

	// Components of 8 bits in place of 16.
	cmap[3], cmap[16+3], cmap[32+3] = 0xff, 0x80, 0x01
	r, gr, b, _ = open(t, f).Info().Palette[3].RGBA()
	assert.Equal(t, []uint32{0xffff, 0x8080, 0x0101}, []uint32{r, gr, b})
}

// text returns rastertest.Text of a block of any integer type.
func text(b *raster.Block) string { return rastertest.Text(b) }
