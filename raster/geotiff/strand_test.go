package geotiff

import (
	"bufio"
	"bytes"
	"compress/lzw"
	"context"
	"errors"
	"image"
	"io"
	"math/bits"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
)

// packed returns bytes in a compression that has a streamer.
func packed(t testing.TB, c Compression, b []byte) []byte {
	t.Helper()
	switch c {
	case ZSTD:
		return zstdFrame(t, b, true, zstd.WithEncoderCRC(true))
	case LZMA:
		s := xzStream(t, b, 2, 4, 22)
		return s[:len(s)-20] // up to the checksum
	}
	return pack(t, int(c), b)
}

var streamed = []Compression{None, PackBits, LZW, Deflate, ZSTD, LZMA}

// TestStreams checks that what is decoded piece by piece is what is decoded in one call.
func TestStreams(t *testing.T) {
	codecs, rnd := DefaultCodecs(), rand.New(rand.NewPCG(1, 2))
	for name, want := range samplesOfBytes() {
		for _, c := range streamed {
			src := packed(t, c, want)
			r, err := codecs[c].stream.open(bufio.NewReaderSize(bytes.NewReader(append(bytes.Clone(src), 1, 2, 3)), 4096), int64(len(want)))
			require.NoError(t, err)
			got := make([]byte, len(want))
			for rest := got; len(rest) > 0; {
				n := min(len(rest), 1+rnd.IntN(3000))
				_, err := io.ReadFull(r, rest[:n])
				require.NoError(t, err, "%s, %v", name, c)
				rest = rest[n:]
			}
			require.True(t, bytes.Equal(want, got), "%s, %v", name, c)
		}
	}
	var old bytes.Buffer
	w := lzw.NewWriter(&old, lzw.LSB, 8)
	_, err := w.Write(samplesOfBytes()["words"])
	require.NoError(t, err)
	require.NoError(t, w.Close())
	sameStream(t, LZW, old.Bytes(), 55_000)
}

// sameStream checks that the first n bytes of a stream are the same from Decode and from the streamer, if there are
// so many.
func sameStream(t *testing.T, c Compression, src []byte, n int) {
	t.Helper()
	codec := defaultCodecs()[c]
	want, got := make([]byte, n), make([]byte, n)
	errWant := codec.Decode(want, src, BlockShape{Width: n, Height: 1, Samples: 1, Bits: 8})
	s := strand{src: stripSource{ctx: t.Context(), in: &input{src: source.FromReaderAt(bytes.NewReader(src), int64(len(src))), size: uint64(len(src))}, end: uint64(len(src))}}
	err := s.decode(t.Context(), &layout{codec: codec}, got, 0, int64(n))
	if (err == nil) != (errWant == nil) {
		t.Fatalf("%v: %v from the stream, %v from the block", c, err, errWant)
	}
	if err == nil && !bytes.Equal(want, got) {
		t.Fatalf("%v: other bytes", c)
	}
}

// FuzzStreams compares streamers with decoders on any bytes.
func FuzzStreams(f *testing.F) {
	text := []byte("abracadabra, abracadabra, abracadabra, and no more")
	for i, c := range streamed {
		src := packed(f, c, text)
		f.Add(uint8(i), src, uint16(len(text)))
		f.Add(uint8(i), src[:len(src)-3], uint16(len(text)))
		f.Add(uint8(i), src[:len(src)/2], uint16(len(text)))
	}
	f.Fuzz(func(t *testing.T, i uint8, src []byte, n uint16) {
		if len(src) > 0 && n > 0 {
			sameStream(t, streamed[int(i)%len(streamed)], src, int(n))
		}
	})
}

// stripFile returns a file of strips in a compression, in either order of bits.
func stripFile(t testing.TB, c Compression, typ raster.PixelType, predictor, rows int, planar, turned bool) *tiffmake.File {
	const width, height = 53, 61
	f := &tiffmake.File{Size: image.Pt(width, height), Type: typ, Bands: 2, Planar: planar, RowsPerStrip: rows, Predictor: predictor,
		Compression: int(c), Sample: func(_, band, x, y int) float64 { return float64((x*x + 3*y*(band+1)) % 251) }}
	if c == ZSTD || c == LZMA || turned {
		plain := *f
		plain.Compression, plain.Predictor = tiffmake.None, 1
		g := openBytes(t, plain.NorthUp(0, 0, 1).Bytes(), &Options{Limits: Limits{BlockBytes: 1 << 30}})
		f.Predictor = 1
		f.Block = func(_, plane int, r image.Rectangle) []byte {
			off, n, err := g.locate(t.Context(), g.levels[0].pixels, plane, 0, r.Min.Y/g.levels[0].layout.block.Y, 1<<20)
			require.NoError(t, err)
			b := make([]byte, n)
			require.NoError(t, g.s.in.readAt(t.Context(), b, off))
			b = packed(t, c, b)
			for i := range b {
				if turned {
					b[i] = bits.Reverse8(b[i])
				}
			}
			return b
		}
	}
	if turned {
		f.Tags = append(f.Tags, tiffmake.Tag{Number: int(tagFillOrder), Value: []uint16{fillOrderLSB}})
	}
	return f.NorthUp(0, 0, 1)
}

// TestStripsInPieces checks that strips have the same samples whether they are decoded as a whole or in pieces, in any
// order and by several readers.
func TestStripsInPieces(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, c := range streamed {
		for _, typ := range []raster.PixelType{raster.U1, raster.U8, raster.S16, raster.F32} {
			for i, rows := range []int{0, 20, 61, 7} {
				if (c == ZSTD || c == LZMA) && (typ != raster.U8 || i > 1) {
					continue // their encoders are slow to make
				}
				predictor := 1
				if i%2 == 0 && typ != raster.U1 && (c == LZW || c == Deflate) {
					predictor = 2
				}
				b := stripFile(t, c, typ, predictor, rows, i > 1, i == 3).Bytes()
				want, err := openBytes(t, b, &Options{Limits: Limits{BlockBytes: 1 << 30}}).Read(t.Context(), nil, 0, image.Rect(0, 0, 53, 61), nil)
				require.NoError(t, err)
				for _, cache := range []int64{0, 1 << 20} {
					f := openBytes(t, b, &Options{Limits: Limits{BlockBytes: 1 << 10}, Cache: raster.NewCache(cache)})
					require.Greater(t, f.levels[0].layout.pieces, 1)
					for range 5 {
						x, y := rnd.IntN(53), rnd.IntN(61)
						win := image.Rect(x, y, x+1+rnd.IntN(53-x), y+1+rnd.IntN(61-y))
						got, err := f.Read(t.Context(), nil, 0, win, nil)
						require.NoError(t, err)
						require.Empty(t, rastertest.Diff(want.Sub(win), got), "%v, %v, %d rows, %v", c, typ, rows, win)
					}
				}
			}
		}
	}
}

// largeStrip returns a file of one strip of 64 columns and 4,096 rows, 256 KiB.
func largeStrip(t testing.TB, c Compression) *tiffmake.File {
	f := &tiffmake.File{Size: image.Pt(64, 4096), Compression: int(c),
		Sample: func(_, _, x, y int) float64 {
			h := uint32(x*7919+y*104729) * 2654435761
			return float64((h ^ h>>13) * 2246822519 >> 25)
		}}
	if c == ZSTD || c == LZMA {
		f.Block = func(_, _ int, r image.Rectangle) []byte {
			b := make([]byte, 0, r.Dx()*r.Dy())
			for y := range r.Dy() {
				for x := range r.Dx() {
					b = append(b, byte(f.Sample(0, 0, x, y)))
				}
			}
			return packed(t, c, b)
		}
	}
	return f.NorthUp(0, 0, 1)
}

// A meter is a source that counts bytes.
type meter struct {
	source.Source
	mu    sync.Mutex
	bytes int
}

func (m *meter) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bytes += len(p)
	return m.Source.ReadAtContext(ctx, p, off)
}

// TestStripIsDecodedOnce checks that windows from top to bottom read a strip's bytes once, also if three readers are at
// different places, or read at the same time; and that a window further up reads only what is above it.
func TestStripIsDecodedOnce(t *testing.T) {
	b := largeStrip(t, Deflate).Bytes()
	src := &meter{Source: source.FromReaderAt(bytes.NewReader(b), int64(len(b)))}
	f, err := Open(t.Context(), src, &Options{Limits: Limits{BlockBytes: 64 << 10}, Cache: raster.NewCache(8 << 20)})
	require.NoError(t, err)
	read := func(y int) {
		_, err := f.Read(raster.WithBudget(t.Context(), raster.NewBudget("small", 2<<20)), nil, 0, image.Rect(0, y, 64, y+16), nil)
		assert.NoError(t, err)
	}
	// forget drops the pieces in the cache, and not the decoders.
	forget := func() {
		f.caches.given.Forget(func(key any) bool { return key.(cacheKey).kind >= 0 })
		src.bytes = 0
	}
	for y := 0; y < 4096; y += 16 {
		read(y)
	}
	require.Less(t, src.bytes, len(b)+len(b)/4)
	forget()
	for y := 0; y < 2048; y += 16 {
		for at := range 3 {
			read(1024*at + y)
		}
	}
	require.Less(t, src.bytes, 4*len(b), "three places")
	forget()
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for y := 16 * i; y < 4096; y += 64 {
				read(y)
			}
		})
	}
	all.Wait()
	require.Less(t, src.bytes, 6*len(b), "four readers")
	forget()
	read(4000)
	read(128)
	require.Less(t, src.bytes, 2*len(b))
}

// TestStripsCutOff checks that rows above the place where a strip ends too early are read, and those below are an error;
// and that a wrong checksum is one for the last rows.
func TestStripsCutOff(t *testing.T) {
	for _, c := range streamed {
		file := largeStrip(t, c)
		good := file.Bytes()
		block := openBytes(t, good, nil)
		off, n, err := block.locate(t.Context(), block.levels[0].pixels, 0, 0, 0, 64*4096)
		require.NoError(t, err)
		file.Tags = append(file.Tags, tiffmake.Tag{Number: int(tagStripByteCounts), Value: []uint32{uint32(n * 3 / 4)}})
		if c == None {
			file.Tags = append(file.Tags, tiffmake.Tag{Number: int(tagStripOffsets), Value: []uint32{uint32(len(good)) - 64*2048}})
		}
		f := openBytes(t, file.Bytes(), &Options{Limits: Limits{BlockBytes: 64 << 10}})
		_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 64, 1000), nil)
		require.NoError(t, err, "%v", c)
		_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 4000, 64, 4096), nil)
		_, ok := errors.AsType[*FormatError](err)
		require.True(t, ok, "%v: %v", c, err)

		if c != Deflate && c != ZSTD && c != LZMA {
			continue
		}
		wrong := bytes.Clone(good)
		wrong[off+n-1] ^= 1 // of the checksum
		f = openBytes(t, wrong, &Options{Limits: Limits{BlockBytes: 64 << 10}})
		_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 64, 2000), nil) // ZSTD looks at it with the rows from 2048 on
		require.NoError(t, err, "%v", c)
		_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 4000, 64, 4096), nil)
		_, ok = errors.AsType[*FormatError](err)
		require.True(t, ok, "%v: %v", c, err)
	}
}

// TestStripOfABlankImage checks that a blank image in one strip of 400 MB is read within 8 MiB, that the context ends
// decoding, and that a strip that a small file cannot justify is refused.
func TestStripOfABlankImage(t *testing.T) {
	b := bomb(tiffmake.Deflate, image.Pt(20_000, 20_000), image.Point{}, nil)
	f := openBytes(t, b, &Options{Cache: raster.NewCache(4 << 20), Limits: Limits{Expansion: 4 * 1032}})
	ctx, cancel := context.WithCancel(raster.WithBudget(t.Context(), raster.NewBudget("small", 8<<20)))
	_, err := f.Read(ctx, nil, 0, image.Rect(0, 100, 20_000, 110), nil)
	require.NoError(t, err)
	done := make(chan error)
	go func() {
		_, err := f.Read(ctx, nil, 0, image.Rect(0, 19_990, 16, 20_000), nil)
		done <- err
	}()
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)

	_, err = Open(t.Context(), source.FromReaderAt(bytes.NewReader(b), int64(len(b))), nil)
	limit, ok := errors.AsType[*LimitError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "Expansion", limit.Limit)
	_, err = Open(t.Context(), source.FromReaderAt(bytes.NewReader(b), int64(len(b))), &Options{Limits: Limits{Expansion: 4 * 1032}})
	require.NoError(t, err)
}

// TestStripsOfWindows checks ZSTD strips whose windows are as large as writers make them, and larger than a strip can need.
func TestStripsOfWindows(t *testing.T) {
	for exponent, want := range map[int]bool{10: true, 22: true, 25: false} {
		b := zstdBomb(2, byte(exponent-10)<<3)
		n := 2 * 128 << 10
		file := &tiffmake.File{Size: image.Pt(512, n/512), Compression: int(ZSTD),
			Block: func(int, int, image.Rectangle) []byte { return b }}
		f := openBytes(t, file.NorthUp(0, 0, 1).Bytes(), &Options{Limits: Limits{BlockBytes: 64 << 10, Expansion: 1 << 30}})
		_, err := f.Read(t.Context(), nil, 0, image.Rect(0, 500, 512, 512), nil)
		require.Equal(t, want, err == nil, "2^%d: %v", exponent, err)
	}
}

// TestBlankPage checks that a blank page of 300 pixels an inch in one strip is read, with any compression that can be
// read in pieces: as a whole it takes more memory than Limits.Expansion allows so small a file.
func TestBlankPage(t *testing.T) {
	for _, c := range streamed[1:] {
		for _, noData := range []string{"", "7"} {
			b := bomb(int(c), image.Pt(2550, 3300), image.Point{}, func(f *tiffmake.File) { f.NoData = noData })
			_, err := openBytes(t, b, nil).Read(t.Context(), nil, 0, image.Rect(0, 3290, 2550, 3300), nil)
			require.NoError(t, err, "%v", c)
		}
	}
}
