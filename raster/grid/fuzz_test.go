package grid_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/grid"
)

// maxFuzzed is the size of files and headers that the fuzz targets try.
const maxFuzzed = 1 << 16

// tryAll opens a file with a header and reads a corner. A panic, or a block of another size, is a failure; errors are not.
func tryAll(t *testing.T, name string, data, header []byte) {
	if len(data) > maxFuzzed || len(header) > maxFuzzed {
		return
	}
	fsys := fstest.MapFS{name: {Data: data}}
	if header != nil {
		fsys[strings.TrimSuffix(name, filepath.Ext(name))+".hdr"] = &fstest.MapFile{Data: header}
	}
	f, err := grid.OpenFS(t.Context(), fsys, name, nil)
	if err != nil {
		return
	}
	defer f.Close()
	info := f.Info()
	win := info.Grid.Bounds()
	win.Max.X, win.Max.Y = min(win.Max.X, 50), min(win.Max.Y, 50)
	b, err := f.Read(t.Context(), nil, 0, win, []int{len(info.Bands) - 1})
	if err != nil {
		var format *grid.FormatError
		if errors.As(err, &format) && strings.Contains(format.Name, "column") {
			return // a checksum
		}
		t.Fatalf("it opened, and then: %v", err)
	}
	if b.Bounds() != win || !info.Type.Fits(b.Bands[0]) {
		t.Fatalf("%v of %v", b.Bounds(), b.Type)
	}
	if _, err := raster.Check(f); err != nil {
		t.Fatal(err)
	}
}

// seed adds the files of testdata with some endings, each with the header beside it if there is one.
func seed(f *testing.F, add func(data, header []byte), endings ...string) {
	for _, ending := range endings {
		names, err := filepath.Glob("testdata/*" + ending)
		if err != nil || len(names) == 0 {
			f.Fatalf("no %s: %v", ending, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			header, err := os.ReadFile(strings.TrimSuffix(name, filepath.Ext(name)) + ".hdr")
			if err != nil {
				header = nil
			}
			add(data, header)
		}
	}
}

func FuzzEsriHeader(f *testing.F) {
	seed(f, func(data, header []byte) { f.Add(data, header) }, ".bil", ".bip", ".bsq", ".flt")
	f.Fuzz(func(t *testing.T, data, header []byte) {
		tryAll(t, "a.bil", data, bytes.TrimPrefix(header, []byte("ENVI")))
	})
}

func FuzzENVIHeader(f *testing.F) {
	seed(f, func(data, header []byte) { f.Add(data, header) }, ".dat", ".img")
	f.Fuzz(func(t *testing.T, data, header []byte) { tryAll(t, "a.dat", data, append([]byte("ENVI\n"), header...)) })
}

func FuzzText(f *testing.F) {
	seed(f, func(data, _ []byte) { f.Add(data) }, ".asc", "_text.grd")
	f.Fuzz(func(t *testing.T, data []byte) { tryAll(t, "a.asc", data, nil) })
}

func FuzzBinary(f *testing.F) {
	seed(f, func(data, _ []byte) { f.Add(data) }, "6.grd", "7.grd", ".dt0")
	f.Fuzz(func(t *testing.T, data []byte) { tryAll(t, "a.grd", data, nil) })
}

func FuzzColors(f *testing.F) {
	f.Add("0 255 0 0\n1 0 255 0\n# comment\n", "1 0 3 1 0.5\n")
	f.Fuzz(func(t *testing.T, colors, statistics string) {
		if len(colors) < maxFuzzed && len(statistics) < maxFuzzed {
			_, _ = open(t, "a.bil", "1234", "a.hdr", esriHead, "a.clr", colors, "a.stx", statistics)
		}
	})
}
