package geotiff_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
)

// constant returns a file whose samples lie between 64·v and 64·v + 63 at every level, so that they do not compress
// well.
func constant(v, compression int, size image.Point, levels ...image.Point) []byte {
	return (&tiffmake.File{
		Size: size, Tile: image.Pt(32, 32), Compression: compression, EPSG: 32618,
		Levels: levels, Sample: func(_, _, x, y int) float64 { return float64(64*v + (x*x*7+y*y*13+x*y)%61) },
	}).NorthUp(500000, 4000000, 30).Bytes()
}

// values returns the versions v that the valid samples of a block belong to.
func values(b *raster.Block) map[uint8]bool {
	found := map[uint8]bool{}
	p := b.Bands[0].(*raster.PlaneOf[uint8])
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		for x, v := range p.Row(y) {
			if b.Valid == nil || b.Valid.AlphaAt(p.Rect.Min.X+x, y).A != 0 {
				found[v/64] = true
			}
		}
	}
	return found
}

// A changing source becomes another version after some reads.
type changing struct {
	versions [2][]byte
	after    int // reads
	reads    int
}

func (c *changing) now() int {
	if c.reads > c.after {
		return 1
	}
	return 0
}

func (c *changing) ReadAtContext(_ context.Context, p []byte, off int64) (int, error) {
	c.reads++
	return bytes.NewReader(c.versions[c.now()]).ReadAt(p, off)
}

func (c *changing) Size() int64 { return int64(len(c.versions[0])) }

func (c *changing) Identity(context.Context) (string, error) { return fmt.Sprint(c.now()), nil }

// A farChanging source takes several reads in one call.
type farChanging struct{ changing }

func (c *farChanging) ReadRanges(ctx context.Context, ranges []source.Range) error {
	for _, r := range ranges {
		if _, err := c.ReadAtContext(ctx, r.Buffer, r.Offset); err != nil {
			return err
		}
	}
	return nil
}

// TestChangeAtEveryRead changes a file to another version after each of its reads. Every result must come from one
// version or be an error, and after an error all reads must fail.
func TestChangeAtEveryRead(t *testing.T) {
	size, half := image.Pt(300, 200), image.Pt(150, 100)
	wins := []image.Rectangle{image.Rect(0, 0, 300, 200), image.Rect(40, 40, 60, 60), image.Rect(0, 0, 300, 3), image.Rect(0, 0, 32, 32)}
	for _, compression := range []int{tiffmake.None, tiffmake.Deflate} {
		for _, far := range []bool{false, true} {
			versions := [2][]byte{constant(1, compression, size, half), constant(2, compression, size, half)}
			failed, reads := 0, 1<<30
			for after := 0; after < reads; after++ {
				near := changing{versions: versions, after: after}
				src, count := source.Source(&near), &near
				if far {
					f := &farChanging{near}
					src, count = f, &f.changing
				}
				previous := runtime.GOMAXPROCS(1) // one read after the other
				failed += readAll(t, src, wins)
				runtime.GOMAXPROCS(previous)
				if count.now() == 0 {
					reads = count.reads
				}
			}
			assert.Greater(t, failed, 20, "nothing has changed: %v %v", compression, far)
		}
	}
}

// readAll reads windows and returns how many reads failed.
func readAll(t *testing.T, src source.Source, wins []image.Rectangle) (failed int) {
	f, err := geotiff.Open(t.Context(), src, nil)
	if err != nil {
		require.ErrorAs(t, err, new(*source.ChangedError))
		return 1
	}
	for range 2 {
		for level := range f.Info().Levels {
			for _, win := range wins {
				win = win.Intersect(image.Rectangle{Max: f.Info().Levels[level]})
				b, err := f.Read(t.Context(), nil, level, win, nil)
				if err != nil {
					require.ErrorAs(t, err, new(*source.ChangedError))
					failed++
					continue
				}
				require.Zero(t, failed, "a read succeeds after one that noticed a change")
				require.Equal(t, map[uint8]bool{1: true}, values(b))
			}
		}
	}
	return failed
}

// TestFileThatChanges changes a file, or the files beside it. The open File must read its own version or fail, and
// report that it is no longer current; a File opened afterwards must have the new version.
func TestFileThatChanges(t *testing.T) {
	size, half := image.Pt(100, 100), image.Pt(50, 50)
	one, two := constant(1, tiffmake.None, size), constant(2, tiffmake.None, size)
	require.Len(t, two, len(one), "versions differ in nothing but samples")
	masked := func(keep bool) []byte {
		return (&tiffmake.File{Size: size, Sample: func(_, _, x, _ int) float64 {
			if keep || x < 50 {
				return 255
			}
			return 0
		}}).Bytes()
	}
	replace := func(t *testing.T, name string, data []byte) {
		require.NoError(t, os.WriteFile(name+".new", data, 0o600))
		require.NoError(t, os.Rename(name+".new", name))
	}
	write := func(t *testing.T, name string, data []byte) { require.NoError(t, os.WriteFile(name, data, 0o600)) }
	for _, c := range []struct {
		name   string
		change func(t *testing.T, name string)
		reads  bool  // the File opened before can still be read
		then   uint8 // version after the change; 0 if the file cannot be opened
	}{
		{"written over", func(t *testing.T, name string) { write(t, name, two) }, false, 2},
		{"written over without cutting it off", func(t *testing.T, name string) {
			f, err := os.OpenFile(name, os.O_RDWR, 0)
			require.NoError(t, err)
			_, err = f.WriteAt(two, 0)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		}, false, 2},
		{"one byte, and the time set back", func(t *testing.T, name string) {
			if runtime.GOOS == "windows" {
				t.Skip("the time of the last change can be set there")
			}
			info, err := os.Stat(name)
			require.NoError(t, err)
			write(t, name, two)
			require.NoError(t, os.Chtimes(name, info.ModTime(), info.ModTime()))
		}, false, 2},
		{"cut off", func(t *testing.T, name string) { require.NoError(t, os.Truncate(name, 40)) }, false, 0},
		{"extended", func(t *testing.T, name string) { write(t, name, append(bytes.Clone(two), "more"...)) }, false, 2},
		{"replaced", func(t *testing.T, name string) { replace(t, name, two) }, true, 2},
		{"deleted", func(t *testing.T, name string) { require.NoError(t, os.Remove(name)) }, true, 0},
		{"overviews come", func(t *testing.T, name string) {
			write(t, name+sidecar.Overviews, constant(1, tiffmake.Deflate, half))
		}, true, 1},
		{"mask changes", func(t *testing.T, name string) { write(t, name+sidecar.Mask, masked(false)) }, false, 1},
		{"mask goes", func(t *testing.T, name string) { require.NoError(t, os.Remove(name+sidecar.Mask)) }, true, 1},
		{"metadata come", func(t *testing.T, name string) { write(t, name+sidecar.PAM, []byte("<PAMDataset/>")) }, true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "a.tif")
			write(t, name, one)
			write(t, name+sidecar.Mask, masked(true))
			cache := raster.NewCache(1 << 20)
			read := func(f *geotiff.File) (*raster.Block, error) {
				return f.Read(t.Context(), nil, 0, image.Rectangle{Max: size}, nil)
			}
			f, err := geotiff.OpenFile(name, &geotiff.Options{Cache: cache})
			require.NoError(t, err)
			require.NoError(t, f.Version().Current(t.Context()))
			b, err := read(f)
			require.NoError(t, err)
			require.Equal(t, map[uint8]bool{1: true}, values(b))

			c.change(t, name)
			require.ErrorAs(t, f.Version().Current(t.Context()), new(*source.ChangedError))
			if b, err = read(f); c.reads {
				require.NoError(t, err)
				require.Equal(t, map[uint8]bool{1: true}, values(b))
			} else {
				require.ErrorAs(t, err, new(*source.ChangedError))
				require.ErrorContains(t, err, "a.tif")
			}

			g, err := geotiff.OpenFile(name, &geotiff.Options{Cache: cache})
			if c.then == 0 {
				require.Error(t, err)
			} else {
				require.NoError(t, err)
				require.NotEqual(t, f.Version().String(), g.Version().String())
				b, err = read(g)
				require.NoError(t, err)
				require.Equal(t, map[uint8]bool{c.then: true}, values(b))
				require.NoError(t, g.Close())
			}
			require.NoError(t, f.Close())
			require.ErrorAs(t, f.Version().Current(t.Context()), new(*source.ChangedError))
			_, err = read(f)
			require.ErrorIs(t, err, fs.ErrClosed)
			require.ErrorAs(t, err, new(*source.ChangedError))
		})
	}
}

// TestSourceWithoutIdentity: bytes in memory have no version.
func TestSourceWithoutIdentity(t *testing.T) {
	data := constant(1, tiffmake.None, image.Pt(8, 8))
	f, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(data), int64(len(data))), nil)
	require.NoError(t, err)
	require.Nil(t, f.Version())
	require.Nil(t, raster.VersionOf(f))
}
