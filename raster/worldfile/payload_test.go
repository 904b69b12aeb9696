package worldfile_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/worldfile"
)

// padding are bytes that no decoder of pixels needs.
var padding = make([]byte, 2<<20)

// pngChunk returns a chunk of a PNG.
func pngChunk(kind string, data []byte) []byte {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), kind...)
	b = append(b, data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// padded are pictures that are small but for what is no part of them, by name.
func padded(side int) map[string][]byte {
	png := tiffmake.PNGOfSize(side, side, 8, 0)
	const ihdr = 8 + 25 // the signature and the first chunk
	jpeg := tiffmake.JPEGOfSize(side, side, 3, true)
	var segments []byte
	for range 12 {
		segments = append(segments, 0xff, 0xe1, 0xff, 0xff)
		segments = append(segments, padding[:0xffff-2]...)
	}
	gif := tiffmake.GIFOfSize(side, side, 1)
	const screen = 13 + 6 // the header and a palette of two colours
	var comments []byte
	for range 8000 {
		comments = append(append(comments, 0x21, 0xfe, 255), padding[:255]...)
		comments = append(comments, 0)
	}
	return map[string][]byte{
		"PNG, bytes behind it":  append(bytes.Clone(png), padding...),
		"PNG, a text before":    bytes.Join([][]byte{png[:ihdr], pngChunk("tEXt", padding), png[ihdr:]}, nil),
		"PNG, empty chunks":     bytes.Join([][]byte{png[:ihdr], bytes.Repeat(pngChunk("tEXt", nil), 100_000), png[ihdr:]}, nil),
		"JPEG, a large profile": bytes.Join([][]byte{jpeg[:2], segments, jpeg[2:]}, nil),
		"GIF, frames":           tiffmake.GIFOfSize(side, side, 24),
		"GIF, bytes behind it":  append(bytes.Clone(gif), padding...),
		"GIF, comments before":  bytes.Join([][]byte{gif[:screen], comments, gif[screen:]}, nil),
		"BMP, a few rows":       append(tiffmake.BMPHeader(side, side), padding[:1<<20]...),
	}
}

// TestPaddingAllowsNothing checks that a file does not gain memory by bytes that are no pixels, however it is read.
func TestPaddingAllowsNothing(t *testing.T) {
	const side = 8000
	for name, data := range padded(side) {
		t.Run(name, func(t *testing.T) {
			require.Greater(t, int64(len(data))*worldfile.DefaultExpansion, int64(side*side*2), "the test would show nothing")
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), data, 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "a.wld"), []byte(world), 0o600))
			var buf bytes.Buffer
			z := zip.NewWriter(&buf)
			require.NoError(t, z.AddFS(os.DirFS(dir)))
			require.NoError(t, z.Close())
			inZip, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
			require.NoError(t, err)
			for kind, fsys := range map[string]fs.FS{"file": os.DirFS(dir), "zip": inZip} {
				_, err := worldfile.Open(t.Context(), fsys, "a", nil)
				if kind == "zip" && name != "GIF, frames" && name != "BMP, a few rows" {
					continue // of what is read from the front, only its head is looked at
				}
				limit, ok := errors.AsType[*worldfile.LimitError](err)
				require.True(t, ok, "%s: %v", kind, err)
				assert.ErrorContains(t, limit, "Expansion")
			}
		})
	}
}

// TestPaddedPicturesAreRead checks that small pictures of the same kinds are read all the same.
func TestPaddedPicturesAreRead(t *testing.T) {
	for name, data := range padded(300) {
		if name == "BMP, a few rows" {
			continue // which are all rows of this one
		}
		_, err := worldfile.Open(t.Context(), fstest.MapFS{"a": file(string(data)), "a.wld": file(world)}, "a", nil)
		require.NoError(t, err, name)
	}
}

// A counting context counts how often it is asked whether it has ended, and ends at the given number.
type counting struct {
	context.Context
	asked atomic.Int64
	ends  int64
}

func (c *counting) Err() error {
	if c.asked.Add(1) > c.ends {
		return context.Canceled
	}
	return nil
}

// TestContextInsidePictures checks that decoders ask for the context for each MiB that they make, and stop.
func TestContextInsidePictures(t *testing.T) {
	const side, bytesPerMiB = 3000, 1 << 20
	for name, data := range map[string][]byte{
		"grey.png": tiffmake.PNGOfSize(side, side, 8, 0), "wide.png": tiffmake.PNGOfSize(side, side, 16, 6),
		"progressive.jpg": tiffmake.JPEGOfSize(side, side, 3, true), "grey.jpg": tiffmake.JPEGOfSize(side, side, 1, false),
		"one.gif": tiffmake.GIFOfSize(side, side, 1),
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"a": file(string(data)), "a.wld": file(world)}
			options := &worldfile.Options{Expansion: 1 << 20}
			whole := &counting{Context: t.Context(), ends: 1 << 40}
			p, err := worldfile.Open(whole, fsys, "a", options)
			require.NoError(t, err)
			info := p.Info()
			decoded := int64(side * side * len(info.Bands) * info.Type.Size())
			asked := whole.asked.Load()
			require.Greater(t, asked, decoded/bytesPerMiB/3)
			for _, ends := range []int64{asked / 4, asked / 2, asked * 3 / 4, asked - 1} {
				_, err := worldfile.Open(&counting{Context: t.Context(), ends: ends}, fsys, "a", options)
				require.ErrorIs(t, err, context.Canceled, "after %d of %d", ends, asked)
			}
		})
	}
}

// TestPixelsInACache checks that pixels that the cache has forgotten are decoded again, and never from another version.
func TestPixelsInACache(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, v uint8) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), picture(t, v), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".wld"), []byte(world), 0o600))
	}
	cache := raster.NewCache(500) // for one of two
	read := func(p *worldfile.Image) (uint8, error) {
		b, err := p.Read(t.Context(), nil, 0, p.Info().Grid.Bounds(), nil)
		if err != nil {
			return 0, err
		}
		return b.Bands[0].(*raster.PlaneOf[uint8]).Pix[5], nil
	}
	write("a", 1)
	write("b", 2)
	a, err := worldfile.Open(t.Context(), os.DirFS(dir), "a.png", &worldfile.Options{Cache: cache})
	require.NoError(t, err)
	b, err := worldfile.Open(t.Context(), os.DirFS(dir), "b.png", &worldfile.Options{Cache: cache})
	require.NoError(t, err)
	for range 3 {
		for want, p := range map[uint8]*worldfile.Image{1: a, 2: b} {
			got, err := read(p)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	}
	_, err = read(b)
	require.NoError(t, err)
	write("a", 3)
	_, err = read(a)
	require.ErrorAs(t, err, new(*source.ChangedError))
	require.NoError(t, os.Remove(filepath.Join(dir, "a.png")))
	_, err = read(a)
	require.ErrorAs(t, err, new(*source.ChangedError))
	got, err := read(b)
	require.NoError(t, err, "what is cached needs no file")
	require.EqualValues(t, 2, got)

	_, err = worldfile.Open(t.Context(), os.DirFS(dir), "b.png", &worldfile.Options{Cache: raster.NewCache(100)})
	limit, ok := errors.AsType[*worldfile.LimitError](err)
	require.True(t, ok, "%v", err)
	require.True(t, limit.Cache)
	require.ErrorContains(t, err, "Options.Cache")
}
