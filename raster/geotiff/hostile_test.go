package geotiff_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
)

// small returns a correct file, for tests to damage.
func small() *tiffmake.File {
	f := &tiffmake.File{Size: image.Pt(16, 16), Sample: func(_, _, x, y int) float64 { return float64(x * y) }}
	return f.NorthUp(0, 0, 1)
}

func with(change func(f *tiffmake.File)) []byte {
	f := small()
	change(f)
	return f.Bytes()
}

func tag(number int, value any) []byte {
	return with(func(f *tiffmake.File) { f.Tags = append(f.Tags, tiffmake.Tag{Number: number, Value: value}) })
}

// compressed returns a file whose only strip is b.
func compressed(compression uint16, size uint32, b []byte) []byte {
	return with(func(f *tiffmake.File) {
		// Store the strip as the value of a tag that is not read, and use the value's offset as the strip's.
		f.Tags = []tiffmake.Tag{{Number: 65000, Value: append(b, make([]byte, 8)...)}}
		plain := f.Bytes()
		at := bytes.Index(plain, append(b, make([]byte, 8)...))
		f.Tags = append(f.Tags, tiffmake.Tag{Number: 259, Value: []uint16{compression}},
			tiffmake.Tag{Number: 256, Value: []uint32{size}}, tiffmake.Tag{Number: 257, Value: []uint32{size}},
			tiffmake.Tag{Number: 278, Value: []uint32{size}},
			tiffmake.Tag{Number: 273, Value: []uint32{uint32(at)}}, tiffmake.Tag{Number: 279, Value: []uint32{uint32(len(b))}})
	})
}

func zlibBytes(b []byte) []byte {
	var buf bytes.Buffer
	z := zlib.NewWriter(&buf)
	z.Write(b)
	z.Close()
	return buf.Bytes()
}

// hostile returns wrong files by name. They are seeds of FuzzOpen, too.
func hostile() map[string][]byte {
	header := func(order string, version uint16, first uint32) []byte {
		return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint16([]byte(order), version), first)
	}
	chain := header("II", 42, 8) // many directories of one entry
	for i := range 5000 {
		chain = append(chain, 1, 0, 0, 1, 3, 0, 1, 0, 0, 0, 16, 0, 0, 0)
		chain = binary.LittleEndian.AppendUint32(chain, uint32(8+18*(i+1)))
	}
	return map[string][]byte{
		"empty":                       {},
		"8 bytes (T77)":               header("II", 42, 8),
		"7 bytes":                     header("II", 42, 8)[:7],
		"BigTIFF of 8 bytes":          header("II", 43, 8),
		"no TIFF":                     []byte("\x89PNG\r\n\x1a\n........"),
		"version 44":                  header("II", 44, 8),
		"IFD offset 0xFFFFFFFF (T77)": append(header("II", 42, math.MaxUint32), small().Bytes()[8:]...),
		"IFD offset 0":                append(header("II", 42, 0), small().Bytes()[8:]...),
		"cycle of one IFD (T77)":      selfLoop(),
		"5000 IFDs":                   chain,
		"IFD without entries":         append(header("II", 42, 8), make([]byte, 64)...),
		"IFD cut off":                 small().Bytes()[:len(small().Bytes())-30],
		"tile of 2^31 (T77)": with(func(f *tiffmake.File) {
			f.Tile = image.Pt(16, 16)
			f.Tags = tags(322, uint32(1<<31), 323, uint32(1<<31))
		}),
		"tile of 2^32-1": with(func(f *tiffmake.File) {
			f.Tile = image.Pt(16, 16)
			f.Tags = tags(322, uint32(math.MaxUint32), 323, uint32(math.MaxUint32))
		}),
		"tile of 0":                  with(func(f *tiffmake.File) { f.Tile = image.Pt(16, 16); f.Tags = tags(322, uint32(0)) }),
		"tile without length":        with(func(f *tiffmake.File) { f.Tile = image.Pt(16, 16); f.Remove = []int{323} }),
		"strip past the end (T77)":   tag(273, []uint32{1 << 30}),
		"strip at 0":                 tag(273, []uint32{0}),
		"no offsets":                 with(func(f *tiffmake.File) { f.Remove = []int{273} }),
		"offsets of type DOUBLE":     tag(273, []float64{8}),
		"too few offsets":            with(func(f *tiffmake.File) { f.RowsPerStrip = 4; f.Tags = tags(273, uint32(8)) }),
		"rows per strip 0":           tag(278, []uint32{0}),
		"width 0":                    tag(256, []uint32{0}),
		"width 2^32-1":               tag(256, []uint32{math.MaxUint32}),
		"size 2^31":                  with(func(f *tiffmake.File) { f.Tags = tags(256, uint32(1<<31-1), 257, uint32(1<<31-1)) }),
		"size 2^20, one row a strip": with(func(f *tiffmake.File) { f.Tags = tags(256, uint32(1<<20), 257, uint32(1<<20), 278, uint32(1)) }),
		"no width":                   with(func(f *tiffmake.File) { f.Remove = []int{256} }),
		"width of type ASCII":        tag(256, "16"),
		"no samples":                 tag(277, []uint16{0}),
		"10000 samples":              tag(277, []uint16{10000}),
		"bits 0":                     tag(258, []uint16{0}),
		"bits that do not count":     with(func(f *tiffmake.File) { f.Bands = 3; f.Tags = []tiffmake.Tag{{Number: 258, Value: []uint16{8, 8}}} }),
		"planar 3":                   tag(284, []uint16{3}),
		"extra samples":              tag(338, []uint16{2, 2, 2}),
		"palette without map":        tag(262, []uint16{3}),
		"palette too short":          with(func(f *tiffmake.File) { f.ColorMap = make([]uint16, 100) }),
		"predictor 3 with U8 (T75)":  with(func(f *tiffmake.File) { f.Compression = tiffmake.LZW; f.Tags = tagsShort(317, 3) }),
		"predictor 9":                with(func(f *tiffmake.File) { f.Compression = tiffmake.LZW; f.Tags = tagsShort(317, 9) }),
		"predictor 2 with 1 bit":     with(func(f *tiffmake.File) { f.Type = raster.U1; f.Compression = tiffmake.LZW; f.Tags = tagsShort(317, 2) }),
		"count of 2^32-1": with(func(f *tiffmake.File) {
			f.Tags = []tiffmake.Tag{{Number: 33550, Value: []float64{1, 1, 0}, Count: math.MaxUint32}}
		}),
		"BigTIFF, count of 2^62": with(func(f *tiffmake.File) {
			f.Big = true
			f.Tags = []tiffmake.Tag{{Number: 33550, Value: []float64{1, 1, 0}, Count: 1 << 62}}
		}),
		"BigTIFF, count of 2^61+1": with(func(f *tiffmake.File) {
			f.Big = true
			f.Tags = []tiffmake.Tag{{Number: 33550, Value: []float64{1, 1, 0}, Count: 1<<61 + 1}}
		}),
		"BigTIFF, value offset 2^64-4": with(func(f *tiffmake.File) {
			f.Big = true
			f.Tags = []tiffmake.Tag{{Number: 33550, Value: []float64{1, 1, 0}, Offset: math.MaxUint64 - 3}}
		}),
		"BigTIFF, strip offset 2^64-4": with(func(f *tiffmake.File) {
			f.Big = true
			f.Tags = []tiffmake.Tag{{Number: 273, Value: []uint64{math.MaxUint64 - 3}}}
		}),
		"mask of another compression":    maskOfCompression(),
		"deflate bomb (T78)":             compressed(8, 8000, zlibBytes(make([]byte, 1<<10))),
		"LZW of nothing":                 compressed(5, 16, []byte{0x80, 0x40, 0x40}),
		"LZW, code of the future":        compressed(5, 16, []byte{0x80, 0x7f, 0xff, 0xff}),
		"PackBits overrun (T77)":         compressed(32773, 16, []byte{0x81, 7, 0x7f, 1, 2, 3}),
		"deflate with a wrong checksum":  compressed(8, 16, wrongChecksum()),
		"deflate cut off":                compressed(8, 16, zlibBytes([]byte("0123456789abcdef0123456789"))[:12]),
		"not compressed, but says so":    compressed(8, 16, make([]byte, 256)),
		"LZW of the other bit order":     compressed(5, 16, []byte{0, 1, 2, 3}),
		"decoded block of 64 MB, 1 byte": compressed(32773, 8000, []byte{0x81, 7}),
	}
}

func tags(kv ...any) []tiffmake.Tag {
	var t []tiffmake.Tag
	for i := 0; i < len(kv); i += 2 {
		t = append(t, tiffmake.Tag{Number: kv[i].(int), Value: []uint32{kv[i+1].(uint32)}})
	}
	return t
}

func tagsShort(number int, v uint16) []tiffmake.Tag {
	return []tiffmake.Tag{{Number: number, Value: []uint16{v}}}
}

// wrongChecksum returns a zlib stream whose data are whole but do not match its checksum.
func wrongChecksum() []byte {
	b := zlibBytes([]byte("a checksum is the last of it" + string(make([]byte, 228))))
	b[len(b)-1] ^= 1
	return b
}

// selfLoop returns a file whose only directory is its own successor.
func selfLoop() []byte {
	b := small().Bytes()
	return with(func(f *tiffmake.File) { f.NextIFD = uint64(binary.LittleEndian.Uint32(b[4:])) })
}

func maskOfCompression() []byte {
	b := with(func(f *tiffmake.File) { f.Mask = func(_, x, y int) bool { return true } })
	// The mask's directory comes before the image's: its Compression entry is the first.
	i := bytes.Index(b, []byte{3, 1, 3, 0, 1, 0, 0, 0, 1, 0})
	b[i+8] = 99
	return b
}

// TestHostile checks that every wrong file leads to one of the package's errors, quickly and without much memory (T77,
// T78).
func TestHostile(t *testing.T) {
	for name, b := range hostile() {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			f, err := geotiff.Open(context.Background(), sourceOf(b), nil)
			if err == nil {
				size := f.Info().Grid.Size
				_, err = f.Read(context.Background(), nil, 0, image.Rect(0, 0, min(size.X, 64), min(size.Y, 64)), []int{0})
			}
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			require.Error(t, err)
			assert.True(t, isReason[*geotiff.FormatError](err) || isReason[*geotiff.UnsupportedError](err) ||
				isReason[*geotiff.LimitError](err), "%T: %v", err, err)
			assert.Less(t, took, time.Second) // it takes less than 10 ms, but the machine may have more to do
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(3<<19), "bytes allocated")
			t.Log(err)
		})
	}
}

// TestManyBandsApart checks that finding the validity of a file with many large bands stored apart, all of them sparse,
// does not take the memory of all bands.
func TestManyBandsApart(t *testing.T) {
	f := &tiffmake.File{Size: image.Pt(1000, 1000), Bands: 200, Type: raster.F32, Planar: true, Compression: tiffmake.LZW,
		Sparse: func(_, _, _, _ int) bool { return true }, Sample: func(_, _, x, y int) float64 { return 0 }}
	g, err := geotiff.Open(t.Context(), sourceOf(f.NorthUp(0, 0, 1).Bytes()), &geotiff.Options{Cache: raster.NewCache(16 << 20)})
	require.NoError(t, err)
	done := make(chan struct{})
	var peak uint64
	go func() {
		defer close(done)
		_, err = g.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), []int{7})
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		case <-time.After(time.Millisecond):
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
	require.NoError(t, err)
	require.Less(t, peak, uint64(400<<20), "of 800 MB")

	// It also stops when the context ends: looking at 800 MB takes longer than this.
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	g, err = geotiff.Open(t.Context(), sourceOf(f.Bytes()), &geotiff.Options{Cache: raster.NewCache(0)})
	require.NoError(t, err)
	_, err = g.Read(ctx, nil, 0, image.Rect(0, 0, 1, 1), []int{8})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestLaterDirectories checks that the image can be read if the chain of directories after it is broken.
func TestLaterDirectories(t *testing.T) {
	for _, next := range []uint64{math.MaxUint32, 4, 1} {
		g, err := geotiff.Open(t.Context(), sourceOf(with(func(f *tiffmake.File) { f.NextIFD = next })), nil)
		if isReason[*geotiff.LimitError](err) {
			continue // these bytes look like a directory of very many entries
		}
		require.NoError(t, err, "%d", next)
		assert.NotEmpty(t, g.Info().Notes)
		whole(t, g, 0)
	}
}

// TestTolerated reads files that break TIFF 6.0 and that libtiff reads.
func TestTolerated(t *testing.T) {
	for name, b := range map[string][]byte{
		"no counts, not compressed":         with(func(f *tiffmake.File) { f.Remove = []int{279} }),
		"counts too large":                  tag(279, []uint32{1 << 30}),
		"rows per strip 2^32-1":             tag(278, []uint32{math.MaxUint32}),
		"one value of BitsPerSample for 3":  with(func(f *tiffmake.File) { f.Bands = 3; f.Tags = tagsShort(258, 8) }),
		"SampleFormat 4, void":              with(func(f *tiffmake.File) { f.Tags = tagsShort(339, 4) }),
		"predictor without compression":     with(func(f *tiffmake.File) { f.Tags = tagsShort(317, 2) }),
		"tags beyond our knowledge":         tag(60000, "?"),
		"offsets of type SHORT":             with(func(f *tiffmake.File) { f.Tags = tagsShort(273, 8) }),
		"width of type SHORT":               with(func(f *tiffmake.File) { f.Tags = tagsShort(256, 16) }),
		"deflate, more rows than there are": compressed(8, 16, zlibBytes(make([]byte, 4096))),
	} {
		t.Run(name, func(t *testing.T) {
			g, err := geotiff.Open(t.Context(), sourceOf(b), nil)
			require.NoError(t, err)
			whole(t, g, 0)
		})
	}
}

func TestUnsupported(t *testing.T) {
	for name, c := range map[string]struct {
		b   []byte
		has string
	}{
		"JPEG 2000":  {tag(259, []uint16{34712}), "Compression (259) 34712 (JPEG 2000)"},
		"unknown":    {tag(259, []uint16{4711}), "Compression (259) 4711"},
		"YCbCr":      {tag(262, []uint16{6}), "PhotometricInterpretation (262) 6"},
		"CIELab":     {tag(262, []uint16{8}), "PhotometricInterpretation (262) 8"},
		"40 bits":    {tag(258, []uint16{40}), "BitsPerSample (258) 40"},
		"signed, 12": {with(func(f *tiffmake.File) { f.Tags = append(tagsShort(258, 12), tagsShort(339, 2)...) }), "BitsPerSample (258) 12"},
		"small float": {with(func(f *tiffmake.File) { f.Tags = append(tagsShort(258, 8), tagsShort(339, 3)...) }),
			"BitsPerSample (258) 8: with SampleFormat (339) 3"},
		"complex of 8 bits": {tag(339, []uint16{6}), "SampleFormat (339) 6"},
		"old JPEG":          {tag(259, []uint16{6}), "Compression (259) 6 (old JPEG)"},
		"ThunderScan":       {tag(259, []uint16{32809}), "Compression (259) 32809 (ThunderScan)"},
		"fax of 8 bits":     {tag(259, []uint16{4}), "Compression (259) 4 (CCITT Group 4): with 1 samples of 8 bits"},
		"mixed formats": {with(func(f *tiffmake.File) {
			f.Bands = 3
			f.Tags = []tiffmake.Tag{{Number: 339, Value: []uint16{1, 2, 1}}}
		}), "SampleFormat (339) [1 2 1]"},
		"mixed bits": {with(func(f *tiffmake.File) {
			f.Bands = 3
			f.Tags = []tiffmake.Tag{{Number: 258, Value: []uint16{8, 16, 8}}}
		}), "BitsPerSample (258) [8 16 8]"},
		"palette of two bands": {with(func(f *tiffmake.File) { f.Bands = 2; f.ColorMap = make([]uint16, 768) }), "PhotometricInterpretation (262) 3"},
	} {
		_, err := geotiff.Open(t.Context(), sourceOf(c.b), nil)
		require.True(t, isReason[*geotiff.UnsupportedError](err), "%s: %v", name, err)
		assert.ErrorContains(t, err, c.has)
	}
}

func TestLimits(t *testing.T) {
	big := &tiffmake.File{Size: image.Pt(100, 100), Bands: 3, Tile: image.Pt(32, 32), Levels: []image.Point{{50, 50}},
		Sample: func(_, _, x, y int) float64 { return 1 }}
	b := big.NorthUp(0, 0, 1).Bytes()
	for want, l := range map[string]geotiff.Limits{
		"Directories": {Directories: 1}, "Entries": {Entries: 5}, "FieldBytes": {FieldBytes: 16}, "Side": {Side: 99},
		"Pixels": {Pixels: 9999}, "Bands": {Bands: 2}, "Blocks": {Blocks: 15}, "BlockBytes": {BlockBytes: 3071},
		"ReadBytes": {ReadBytes: 39999},
	} {
		g, err := geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{Limits: l})
		if want == "ReadBytes" {
			require.NoError(t, err)
			_, err = g.Read(t.Context(), nil, 0, image.Rect(0, 0, 100, 99), nil) // 39,600 with the validity plane
			require.NoError(t, err)
			_, err = g.Read(t.Context(), nil, 0, image.Rect(0, 0, 100, 100), nil)
			require.Error(t, err)
		}
		e, ok := errors.AsType[*geotiff.LimitError](err)
		require.True(t, ok, "%s: %v", want, err)
		assert.Equal(t, want, e.Limit)
	}
	_, err := geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{Limits: geotiff.Limits{Side: 100, Pixels: 10000, Bands: 3, Blocks: 16, BlockBytes: 3072, Directories: 2}})
	require.NoError(t, err, "exactly at its limits")
}

// failing is a source that fails after a number of reads.
type failing struct {
	source.Source
	left atomic.Int64
}

var errDisk = errors.New("the disk is gone")

func (f *failing) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	if f.left.Add(-1) < 0 {
		return 0, errDisk
	}
	return f.Source.ReadAtContext(ctx, p, off)
}

// TestSourceErrors checks that errors of the source are returned as they are, without blame on the file, and are not
// cached.
func TestSourceErrors(t *testing.T) {
	f := &tiffmake.File{Size: image.Pt(300, 300), Tile: image.Pt(64, 64), Type: raster.F64, Sample: func(_, _, x, y int) float64 { return 1 }}
	b := f.NorthUp(0, 0, 1).Bytes()
	n := 0
	for ; ; n++ {
		src := &failing{Source: sourceOf(b)}
		src.left.Store(int64(n))
		g, err := geotiff.Open(t.Context(), src, nil)
		if err == nil {
			_, err = g.Read(t.Context(), nil, 0, image.Rect(0, 0, 64, 64), nil)
		}
		if err == nil {
			break
		}
		require.ErrorIs(t, err, errDisk)
		require.False(t, isReason[*geotiff.FormatError](err))
		if g != nil {
			src.left.Store(1000)
			whole(t, g, 0)
		}
	}
	assert.Greater(t, n, 2)

	// A source that is shorter than its stated size.
	g, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(b[:100]), int64(len(b))), nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Nil(t, g)
}

func TestClose(t *testing.T) {
	path := t.TempDir() + "/a.tif"
	require.NoError(t, os.WriteFile(path, small().Bytes(), 0o600))
	cache := raster.NewCache(1 << 20)
	f, err := geotiff.OpenFile(path, &geotiff.Options{Cache: cache})
	require.NoError(t, err)
	whole(t, f, 0)
	require.NoError(t, f.Close())
	_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	assert.ErrorIs(t, err, os.ErrClosed)
	assert.ErrorIs(t, f.Close(), os.ErrClosed)
	_, err = geotiff.OpenFile(path+"x", nil)
	assert.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("no TIFF at all"), 0o600))
	_, err = geotiff.OpenFile(path, nil)
	assert.ErrorContains(t, err, path)
}

// TestLargeScalars checks that Open does not read a large value over and over if the fields of many directories share
// it and need only its first number.
func TestLargeScalars(t *testing.T) {
	const values = 1 << 20
	ones := slices.Repeat([]uint32{1}, values)
	f := small()
	for _, number := range []int{259, 262, 266, 277, 284, 339} { // Compression to SampleFormat
		f.Tags = append(f.Tags, tiffmake.Tag{Number: number, Value: ones})
	}
	src := &countingSource{b: f.Bytes()}
	g, err := geotiff.Open(t.Context(), src, nil)
	require.NoError(t, err)
	require.Equal(t, 1, len(g.Info().Bands))
	require.Less(t, src.bytes.Load(), int64(64<<10))
}

// TestPanicsOfCodecs checks that a panic of a decoder, in any goroutine, fails the read and does no other harm.
func TestPanicsOfCodecs(t *testing.T) {
	codecs := geotiff.DefaultCodecs()
	codecs[geotiff.PackBits] = geotiff.Codec{Decode: func(dst, _ []byte, _ geotiff.BlockShape) error { dst[len(dst)] = 1; return nil }}
	f := (&tiffmake.File{Size: image.Pt(100, 100), Tile: image.Pt(16, 16), Compression: tiffmake.PackBits, Sample: smooth}).NorthUp(0, 0, 1)
	g, err := geotiff.Open(t.Context(), sourceOf(f.Bytes()), &geotiff.Options{Codecs: codecs})
	require.NoError(t, err)
	_, err = g.Read(t.Context(), nil, 0, image.Rectangle{Max: f.Size}, nil)
	require.True(t, isReason[*geotiff.FormatError](err), "%v", err)
	require.ErrorContains(t, err, "the codec panicked: runtime error: index out of range")
}

// TestSharedText checks that very many GeoKeys which share one long text cost no more than a few.
func TestSharedText(t *testing.T) {
	const keys = 50_000
	dir := []uint16{1, 1, 0, keys}
	for i := range uint16(keys) {
		dir = append(dir, 5000+i, 34737, math.MaxUint16, 0)
	}
	f := small()
	f.Tags = append(f.Tags, tiffmake.Tag{Number: 34735, Value: dir}, tiffmake.Tag{Number: 34737, Value: strings.Repeat("|", 4<<20)})
	b := f.Bytes()
	start := time.Now()
	_, err := geotiff.Open(t.Context(), sourceOf(b), nil)
	require.NoError(t, err)
	require.Less(t, time.Since(start), time.Second) // it would take several seconds to read the text for each key
}
