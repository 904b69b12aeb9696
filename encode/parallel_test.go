package encode

import (
	"bytes"
	"hash/adler32"
	"image"
	"io"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// TestBytesDoNotDependOnWorkers holds the law that any number of workers makes the same file.
func TestBytesDoNotDependOnWorkers(t *testing.T) {
	formats := Default()
	size := image.Pt(500, 700)
	for _, b := range []*raster.Block{
		block(raster.U8, 3, size, photo(size), ring(size)),
		block(raster.U8, 1, size, func(_, x, y int) int { return x / 90 * (y / 70) }, nil),
	} {
		for name, f := range formats {
			one := encoded(t, name, imageOf(b, nil), &Options{Workers: 1})
			for _, workers := range []int{0, 2, 3, 16, math.MaxInt} {
				var got bytes.Buffer
				require.NoError(t, f.Encode(&got, imageOf(b, nil), &Options{Workers: workers}))
				assert.True(t, bytes.Equal(one, got.Bytes()), "%s with %d", name, workers)
			}
		}
	}
}

func TestNoGoroutineOutlivesItsImage(t *testing.T) {
	defer goleak.VerifyNone(t)
	size := image.Pt(600, 600)
	b := block(raster.U8, 3, size, photo(size), nil)
	for _, f := range Default() {
		for _, n := range []int{0, 1000, 100_000, 1 << 30} {
			_ = f.Encode(&failing{n: n}, imageOf(b, nil), &Options{Workers: 3})
		}
		short := imageOf(b, nil)
		short.Grid.Size.Y *= 2
		require.Error(t, f.Encode(io.Discard, short, &Options{Workers: 3}))
	}
}

func TestSumsOfPiecesJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "data"), rapid.IntRange(1, 4000).Draw(t, "times"))
		sum := sumOf(nil)
		for rest := data; ; {
			n := rapid.IntRange(0, len(rest)).Draw(t, "piece")
			sum.append(sumOf(rest[:n]))
			if rest = rest[n:]; len(rest) < 100 {
				sum.append(sumOf(rest))
				break
			}
		}
		require.Equal(t, adler{adler32.Checksum(data), int64(len(data))}, sum)
	})
}

// allocated returns the number of bytes that do allocates, including those that are freed since.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestMemoryDoesNotGrowWithTheImage bounds the bytes that an image of 2000 by 6000 pixels makes an encoder allocate.
func TestMemoryDoesNotGrowWithTheImage(t *testing.T) {
	if underRace {
		t.Skip("pools keep less")
	}
	strip := block(raster.U8, 3, image.Pt(2000, 100), func(band, x, y int) int { return x >> 3 << band }, nil)
	tall := func(strips int) *raster.Image {
		return &raster.Image{Grid: raster.Grid{Size: image.Pt(2000, 100*strips)}, Type: raster.U8, Bands: 3, Strips: func(yield func(*raster.Block, error) bool) {
			for range strips {
				if !yield(strip, nil) {
					return
				}
			}
		}}
	}
	for _, name := range []string{"png", "png24", "png32", "jpg", "bmp"} {
		f := Default()[name]
		encode := func(strips int) uint64 {
			return allocated(func() { require.NoError(t, f.Encode(io.Discard, tall(strips), &Options{Workers: 2})) })
		}
		encode(20)
		assert.Less(t, encode(60), uint64(16<<20), "%s: 36 MB of pixels", name)
	}
}
