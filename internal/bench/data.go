package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/testdata"
)

//go:embed make.py
var makePy string

//go:embed peer.py
var peerPy string

// sizes of the data in pixels, and the number of scenes of the mosaic.
const (
	sceneSide     = 10980 // of a tile of Sentinel-2
	demSide       = 20000
	landcoverSide = 10980
	sceneCount    = 1000
	mosaicColumns = 40
	mosaicStep    = 512 // pixels from one scene to the next
)

// data is the folder of the rasters, which are made when they are first asked for.
type data struct {
	folder, python string
	log            io.Writer
}

// newData unpacks the programs, and the demo's rasters that they take their pixels from.
func newData(folder, python string, log io.Writer) (*data, error) {
	for _, name := range []string{"olinda_landsat7.tif", "olinda_elevation.tif", "puertorico_landcover.tif"} {
		content, err := fs.ReadFile(testdata.Demo, path.Join("demo", name))
		if err != nil {
			return nil, err
		}
		if err := write(filepath.Join(folder, "demo", name), content); err != nil {
			return nil, err
		}
	}
	for name, text := range map[string]string{"make.py": makePy, "peer.py": peerPy} {
		if err := write(filepath.Join(folder, name), []byte(text)); err != nil {
			return nil, err
		}
	}
	return &data{folder, python, log}, nil
}

func write(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}

// A rasterFile is a raster of the benchmark.
type rasterFile struct {
	name        string // relative to the folder
	kind        string // of make.py
	compression string
	side        int // pixels, or the number of scenes
	place       place
}

// rasterOf returns the raster that a row shows.
func rasterOf(r Row) rasterFile {
	utm := func(w, h int) place { return place{32633, 4e5, 54e5, 10, w, h} }
	switch r.raster() {
	case "dem", "hillshade":
		return rasterFile{"dem.tif", "dem", "-", demSide, utm(demSide, demSide)}
	case "landcover":
		return rasterFile{"landcover.tif", "landcover", "-", landcoverSide, utm(landcoverSide, landcoverSide)}
	case "mosaic":
		return rasterFile{"mosaic", "scenes", "-", sceneCount,
			utm(mosaicColumns*mosaicStep, sceneCount/mosaicColumns*mosaicStep)}
	}
	compression := r.raster()
	if compression == "ndvi" {
		compression = factors[0].levels[0]
	}
	if strings.HasPrefix(r.references(), "4326-") {
		return rasterFile{"degrees_" + compression + ".tif", "degrees", strings.ToUpper(compression), sceneSide,
			place{4326, 14, 48.5, 1e-4, sceneSide, sceneSide}}
	}
	return rasterFile{"utm_" + compression + ".tif", "utm", strings.ToUpper(compression), sceneSide,
		utm(sceneSide, sceneSide)}
}

// pictureCode returns the code of the reference in which a row's pictures are.
func pictureCode(r Row) int {
	if r.references() == "same" {
		return rasterOf(r).place.code
	}
	_, code, _ := strings.Cut(r.references(), "-")
	return atoi(code)
}

// path returns where a raster is, and makes it first if it is not there.
func (d *data) path(ctx context.Context, f rasterFile) (string, error) {
	out := filepath.Join(d.folder, f.name)
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	start := time.Now()
	if err := os.RemoveAll(out + ".part"); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, d.python, filepath.Join(d.folder, "make.py"),
		filepath.Join(d.folder, "demo"), f.kind, f.compression, strconv.Itoa(f.side), out)
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("making %s: %w: %s", f.name, err, text)
	}
	fmt.Fprintf(d.log, "made %s in %.0f s\n", f.name, time.Since(start).Seconds())
	return out, nil
}

func isURL(name string) bool { return strings.HasPrefix(name, "http://") }
