package geotiff_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
)

// A rangeSource records the ranges of each call.
type rangeSource struct {
	countingSource
	calls [][]source.Range
	err   error
}

func (s *rangeSource) ReadRanges(_ context.Context, ranges []source.Range) error {
	s.calls = append(s.calls, ranges)
	for _, r := range ranges {
		if n := copy(r.Buffer, s.b[r.Offset:]); n < len(r.Buffer) {
			return fmt.Errorf("a range of %d bytes at %d is outside the file", len(r.Buffer), r.Offset)
		}
	}
	return s.err
}

func openRanges(t *testing.T, f *tiffmake.File, cache *raster.Cache) (*geotiff.File, *rangeSource) {
	src := &rangeSource{countingSource: countingSource{b: f.Bytes()}}
	g, err := geotiff.Open(t.Context(), src, &geotiff.Options{Cache: cache})
	require.NoError(t, err)
	return g, src
}

// TestFetchTogether checks that the blocks of a window that are not in the cache are read in one call, sorted by
// offset, and that nothing else is read for them.
func TestFetchTogether(t *testing.T) {
	f := (&tiffmake.File{Size: image.Pt(640, 640), Tile: image.Pt(64, 64), Bands: 3, Compression: tiffmake.PackBits,
		Sample: smooth}).NorthUp(0, 0, 1)
	g, src := openRanges(t, f, raster.NewCache(1<<20))
	read := func(win image.Rectangle) {
		_, err := g.Read(t.Context(), nil, 0, win, nil)
		require.NoError(t, err)
	}
	read(image.Rect(320, 320, 321, 321)) // one block and the arrays of offsets and sizes
	require.Len(t, src.calls, 1)
	require.Len(t, src.calls[0], 1, "one block is a range, so that the source does not read ahead")

	src.calls = nil
	reads := src.reads.Load()
	read(image.Rect(300, 300, 500, 400))
	require.Equal(t, reads, src.reads.Load(), "single reads")
	require.Len(t, src.calls, 1)
	require.Len(t, src.calls[0], 4*3-1, "columns 4 to 7, rows 4 to 6, without the block that was read before")
	for i, r := range src.calls[0][1:] {
		require.Greater(t, r.Offset, src.calls[0][i].Offset)
	}
	read(image.Rect(300, 300, 500, 400))
	require.Len(t, src.calls, 1, "all is in the cache")

	src.err = errors.New("the line is down")
	_, err := g.Read(t.Context(), nil, 0, image.Rect(0, 0, 300, 300), nil)
	require.ErrorIs(t, err, src.err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = g.Read(ctx, nil, 0, image.Rect(0, 0, 300, 300), nil)
	require.ErrorIs(t, err, context.Canceled)
}

// TestFetchBatches checks that the bytes of one call stay below a bound, and that windows may be larger.
func TestFetchBatches(t *testing.T) {
	f := (&tiffmake.File{Size: image.Pt(1536, 2048), Tile: image.Pt(512, 512), Type: raster.F64, Sample: smooth}).NorthUp(0, 0, 1)
	g, src := openRanges(t, f, raster.NewCache(0))
	got, err := g.Read(t.Context(), nil, 0, image.Rectangle{Max: f.Size}, nil)
	require.NoError(t, err)
	require.Len(t, src.calls, 2, "24 MiB")
	for _, ranges := range src.calls {
		n := 0
		for _, r := range ranges {
			n += len(r.Buffer)
		}
		require.LessOrEqual(t, n, 18<<20)
	}
	want, err := open(t, f).Read(t.Context(), nil, 0, image.Rectangle{Max: f.Size}, nil)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// TestFetchManySmall checks that windows of very many small blocks are read in batches, too, as are windows of blocks
// that are not in the file.
func TestFetchManySmall(t *testing.T) {
	f := (&tiffmake.File{Size: image.Pt(200, 100), Tile: image.Pt(1, 1), Sample: smooth}).NorthUp(0, 0, 1)
	g, src := openRanges(t, f, raster.NewCache(0))
	got, err := g.Read(t.Context(), nil, 0, image.Rectangle{Max: f.Size}, nil)
	require.NoError(t, err)
	require.Len(t, src.calls, 2)
	for _, ranges := range src.calls {
		require.LessOrEqual(t, len(ranges), 16<<10)
	}
	want, err := open(t, f).Read(t.Context(), nil, 0, image.Rectangle{Max: f.Size}, nil)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// TestFetchedEqual checks that reading ranges returns the same as single reads, in all ways in which blocks are read.
func TestFetchedEqual(t *testing.T) {
	for _, c := range []int{tiffmake.None, tiffmake.LZW, tiffmake.Deflate} {
		for _, planar := range []bool{false, true} {
			for _, noData := range []string{"", "5"} {
				for _, mask := range []func(_, x, y int) bool{nil, func(_, x, y int) bool { return (x^y)&7 > 1 }} {
					for _, cache := range []int64{0, 1 << 20} {
						f := (&tiffmake.File{Size: image.Pt(90, 60), Tile: image.Pt(16, 16), Bands: 3, Type: raster.S16,
							Compression: c, Planar: planar, NoData: noData, Mask: mask, Sample: smooth, ShareTiles: 5,
							Sparse: func(_, _, col, row int) bool { return col == 2 && row == 3 }}).NorthUp(0, 0, 1)
						g, src := openRanges(t, f, raster.NewCache(cache))
						for _, bands := range [][]int{nil, {1}, {2, 2}} {
							for _, win := range []image.Rectangle{{Max: f.Size}, image.Rect(20, 10, 88, 59), image.Rect(33, 17, 40, 20)} {
								want, err := open(t, f).Read(t.Context(), nil, 0, win, bands)
								require.NoError(t, err)
								got, err := g.Read(t.Context(), nil, 0, win, bands)
								require.NoError(t, err)
								require.Empty(t, rastertest.Diff(want, got), "compression %d, planar %v, noData %q, mask %v, bands %v, %v",
									c, planar, noData, mask != nil, bands, win)
							}
						}
						require.NotZero(t, len(src.calls)+int(src.reads.Load()))
					}
				}
			}
		}
	}
}
