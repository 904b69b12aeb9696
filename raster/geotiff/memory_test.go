package geotiff

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// bombed are the compressions whose blocks can become much larger than they are.
var bombed = []int{tiffmake.CCITTRLE, tiffmake.CCITTGroup3, tiffmake.CCITTGroup4, tiffmake.LZW, tiffmake.JPEG,
	tiffmake.Deflate, tiffmake.OldFlate, tiffmake.PackBits, tiffmake.LZMA, tiffmake.ZSTD, tiffmake.WebP}

// bilevel reports whether a compression has samples of one bit.
func bilevel(compression int) bool {
	return compression >= tiffmake.CCITTRLE && compression <= tiffmake.CCITTGroup4
}

// bomb returns a file of one level of black tiles that all have the same bytes.
func bomb(compression int, size, tile image.Point, change func(f *tiffmake.File)) []byte {
	f := &tiffmake.File{Size: size, Tile: tile, Compression: compression, ShareTiles: 1, Bands: 1}
	switch compression {
	case tiffmake.CCITTRLE, tiffmake.CCITTGroup3, tiffmake.CCITTGroup4:
		f.Type = raster.U1
	case tiffmake.WebP:
		f.Bands = 3
	}
	if change != nil {
		change(f)
	}
	bytes := max(1, f.Type.Size())
	f.Block = func(_, _ int, r image.Rectangle) []byte {
		samples := f.Bands
		if f.Planar {
			samples = 1
		}
		return tiffmake.Zeros(compression, r.Dx(), r.Dy(), samples*bytes)
	}
	return f.NorthUp(0, 0, 1).Bytes()
}

func openBytes(t testing.TB, b []byte, o *Options) *File {
	f, err := Open(t.Context(), source.FromReaderAt(bytes.NewReader(b), int64(len(b))), o)
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

// TestBombsDecode checks that the generated streams are correct, so that other tests do not just see broken streams.
func TestBombsDecode(t *testing.T) {
	for _, c := range bombed {
		t.Run(Compression(c).String(), func(t *testing.T) {
			f := openBytes(t, bomb(c, image.Pt(3000, 2000), image.Pt(1024, 1024), nil), nil)
			b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 3000, 2000), nil)
			require.NoError(t, err)
			first := b.Bands[0].(*raster.PlaneOf[uint8]).Pix
			for i := range first {
				if first[i] != first[0] {
					t.Fatalf("sample %d is %d, not %d", i, first[i], first[0])
				}
			}
		})
	}
}

// TestCodecsInterrupted checks that every codec calls Interrupt about once a MiB, and returns its error.
func TestCodecsInterrupted(t *testing.T) {
	stop := errors.New("stop")
	for _, c := range bombed {
		t.Run(Compression(c).String(), func(t *testing.T) {
			const side = 4096
			codec, samples := DefaultCodecs()[Compression(c)], 1
			if c == tiffmake.WebP {
				samples = 3
			}
			src := tiffmake.Zeros(c, side, side, samples)
			for _, at := range []int{1, 2, 5} {
				if c == tiffmake.WebP && at > 2 {
					continue // the library itself cannot be interrupted, only its reads
				}
				calls := 0
				err := decodeSquare(codec, src, BlockShape{Width: side, Height: side, Samples: samples, Bits: 8, Photometric: 1,
					Interrupt: func() error {
						if calls++; calls >= at {
							return stop
						}
						return nil
					}})
				require.ErrorIs(t, err, stop, "call %d", at)
				require.Equal(t, at, calls)
			}
		})
	}
}

// decodeSquare decodes a whole block with a codec of either kind.
func decodeSquare(codec Codec, src []byte, shape BlockShape) error {
	if codec.Planes == nil {
		if codec.bilevel {
			shape.Bits = 1
		}
		return codec.Decode(make([]byte, shape.packedBytes()), src, shape)
	}
	var planes []*raster.PlaneOf[uint8]
	for range shape.Samples {
		planes = append(planes, raster.NewPlane[uint8](image.Rect(0, 0, shape.Width, shape.Height)))
	}
	return codec.Planes(planes, src, shape)
}

// TestInterruptedRead: a read of one block ends with the context's error when that is done after the codec was, while
// predictors are undone, samples taken apart and colours converted.
func TestInterruptedRead(t *testing.T) {
	size := image.Pt(2048, 4096)
	for name, change := range map[string]func(f *tiffmake.File){
		"plain":       nil,
		"predictor 2": func(f *tiffmake.File) { f.Predictor = 2 },
		"slow":        func(f *tiffmake.File) { f.Type = raster.F64; f.NoData = "7" },
		"YCbCr": func(f *tiffmake.File) {
			f.Bands, f.Photometric = 3, 6
			f.Tags = []tiffmake.Tag{{Number: 530, Value: []uint16{1, 1}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := bomb(tiffmake.Deflate, size, size, change)
			ctx, cancel := context.WithCancel(t.Context())
			codecs := DefaultCodecs()
			codec := codecs[Deflate]
			decode := codec.Decode
			codec.Decode = func(dst, src []byte, b BlockShape) error {
				defer cancel()
				return decode(dst, src, b)
			}
			codecs[Deflate] = codec
			f := openBytes(t, b, &Options{Cache: raster.NewCache(0), Codecs: codecs, Limits: Limits{Expansion: 1 << 20}})
			_, err := f.Read(ctx, nil, 0, image.Rect(0, 0, 9, 9), []int{0})
			require.ErrorIs(t, err, context.Canceled)
			_, format := errors.AsType[*FormatError](err)
			require.False(t, format, "%v", err)
		})
	}
}

// TestPaddingAllowsNoBlocks checks that a file does not gain memory for its blocks by bytes that are not theirs, but for
// blocks of moderate size.
func TestPaddingAllowsNoBlocks(t *testing.T) {
	for side, allowed := range map[int]bool{8192: false, 3000: true} {
		b := append(bomb(tiffmake.ZSTD, image.Pt(side, side), image.Pt(side, side), nil), make([]byte, 4<<20)...)
		f := openBytes(t, b, nil)
		_, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 16, 16), nil)
		if allowed {
			require.NoError(t, err)
			continue
		}
		limit, ok := errors.AsType[*LimitError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, "Expansion", limit.Limit)
	}
}

// TestLargeBlocksAreDecodedOnce checks that a block that is larger than the cache is not decoded again for each window
// of it, whatever the compression.
func TestLargeBlocksAreDecodedOnce(t *testing.T) {
	const side = 1024
	for _, c := range []Compression{LZMA, Deflate, LZW, ZSTD, PackBits} {
		decoded := 0
		codecs := DefaultCodecs()
		codec := codecs[c]
		decode := codec.Decode
		codec.Decode = func(dst, src []byte, b BlockShape) error {
			decoded++
			return decode(dst, src, b)
		}
		codecs[c] = codec
		f := openBytes(t, bomb(int(c), image.Pt(side, side), image.Point{}, nil), &Options{Cache: raster.NewCache(64 << 10), Codecs: codecs})
		for y := 0; y < side; y += 16 {
			_, err := f.Read(t.Context(), nil, 0, image.Rect(0, y, side/2, y+16), nil)
			require.NoError(t, err)
		}
		require.Equal(t, 1, decoded, "%v", c)
	}
}

// TestCacheOfContext checks that a file without a cache keeps its blocks in that of the context, and removes them when
// it is closed.
func TestCacheOfContext(t *testing.T) {
	f := openBytes(t, bomb(tiffmake.ZSTD, image.Pt(512, 512), image.Pt(256, 256), nil), nil)
	win := image.Rect(0, 0, 16, 16)
	var given []*raster.Cache
	for range 2 {
		cache := raster.NewCache(1 << 20)
		given = append(given, cache)
		_, err := f.Read(raster.WithCache(t.Context(), cache), nil, 0, win, nil)
		require.NoError(t, err)
		require.True(t, cache.Has(f.blockKey(f.levels[0].pixels, 0, 0, 0)))
	}
	require.Nil(t, f.caches.own.Load(), "it needs none of its own")
	_, err := f.Read(t.Context(), nil, 0, win, nil)
	require.NoError(t, err)
	own := f.caches.own.Load()
	require.EqualValues(t, DefaultCacheBytes, own.Bytes())
	given = append(given, own)
	require.NoError(t, f.Close())
	for _, cache := range given {
		require.False(t, cache.Has(f.blockKey(f.levels[0].pixels, 0, 0, 0)))
	}
}

// TestExpansion checks for every compression and layout that a block is refused before its memory is allocated if that
// is much more than the file has bytes, and that a higher limit allows it.
func TestExpansion(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, and shorter tests run the same code")
	}
	side := image.Pt(8192, 8192)
	for _, c := range append([]int{tiffmake.None}, bombed...) {
		for _, layout := range []string{"tile", "strip", "planar"} {
			if c == tiffmake.LZMA && layout != "tile" {
				continue // generating it takes a second
			}
			t.Run(fmt.Sprintf("%v, %s", Compression(c), layout), func(t *testing.T) {
				b := bombOf64MiB(c, layout)
				if codec := DefaultCodecs()[Compression(c)]; layout == "strip" && codec.stream.open != nil && c != tiffmake.None {
					_, err := Open(t.Context(), source.FromReaderAt(bytes.NewReader(b), int64(len(b))), nil)
					limit, ok := errors.AsType[*LimitError](err)
					require.True(t, ok, "%v", err)
					assert.Equal(t, "Expansion", limit.Limit)
					return
				}
				f := openBytes(t, b, nil)
				var err error
				grown := allocatedBy(func() { _, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 16, 16), []int{0}) })
				limit, ok := errors.AsType[*LimitError](err)
				if bilevel(c) || c == tiffmake.None && layout == "strip" {
					// Other blocks take 16 MiB at most, or are pieces of an uncompressed strip.
					require.True(t, err == nil || ok, "%v", err)
					return
				}
				require.True(t, ok, "%v", err)
				assert.Equal(t, "Expansion", limit.Limit)
				assert.Less(t, grown, uint64(4<<20))
			})
		}
	}
	b := bomb(tiffmake.ZSTD, side, side, nil)
	f := openBytes(t, b, &Options{Limits: Limits{Expansion: 1 << 20}})
	_, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 16, 16), nil)
	require.NoError(t, err)
}

// bombOf64MiB returns a file of one block, or of one for each of three bands, of 64 MiB or somewhat less.
func bombOf64MiB(c int, layout string) []byte {
	side := image.Pt(8192, 8192)
	return bomb(c, side, side, func(f *tiffmake.File) {
		if c == tiffmake.WebP || bilevel(c) {
			f.Size, f.Tile = image.Pt(4096, 4096), image.Pt(4096, 4096)
		}
		if layout == "strip" {
			f.Tile = image.Point{}
		}
		if layout == "planar" && f.Bands == 1 && !bilevel(c) {
			f.Bands, f.Planar, f.Photometric = 3, true, 1
		}
		if c == tiffmake.None {
			f.Sparse = func(int, int, int, int) bool { return true }
		}
	})
}

// TestBudgetOfContext checks that blocks which are decoded side by side do not exceed the context's budget together,
// and that a block which alone exceeds it is an error.
func TestBudgetOfContext(t *testing.T) {
	f := openBytes(t, bomb(tiffmake.ZSTD, image.Pt(8192, 4096), image.Pt(2048, 1024), nil), nil)
	budget := raster.NewBudget("test", 5<<20) // a block takes 4 MiB
	ctx := raster.WithBudget(t.Context(), budget)
	_, err := f.Read(ctx, nil, 0, image.Rect(0, 0, 8192, 4096), nil)
	require.NoError(t, err)
	require.True(t, budget.TryAcquire(5<<20), "all is given back")

	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	f.caches.forget(f)
	_, err = f.Read(short, nil, 0, image.Rect(0, 0, 1, 1), nil)
	require.ErrorIs(t, err, context.DeadlineExceeded, "it waits")
	budget.Release(5 << 20)
	_, err = f.Read(ctx, nil, 0, image.Rect(0, 0, 1, 1), nil)
	require.NoError(t, err)

	f.caches.forget(f)
	_, err = f.Read(raster.WithBudget(t.Context(), raster.NewBudget("small", 1<<20)), nil, 0, image.Rect(0, 0, 1, 1), nil)
	tooMuch, ok := errors.AsType[*raster.BudgetError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "small", tooMuch.Limit)
}
