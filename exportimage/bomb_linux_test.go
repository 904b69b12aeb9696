package exportimage_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/worldfile"
	"github.com/geoexport/geoexport/srs"
)

const (
	bombMemory = 64 << 20 // by which a process may grow for one bomb
	bombTime   = 2 * time.Second
	bombEnv    = "GEOEXPORT_TEST_BOMB"
)

// TestBombs exports images of files that say more than they are, each in a process of its own and with the default caches:
// whether the export fails or not, the process grows by less than 64 MiB, takes less than two seconds of processor time,
// and nothing panics.
func TestBombs(t *testing.T) {
	if name := os.Getenv(bombEnv); name != "" {
		exportBomb(t, name)
		return
	}
	if underRace {
		t.Skip("the race detector's own memory and time would be measured")
	}
	dir := t.TempDir()
	try := func(name, path string) {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.run", "^TestBombs$", "-test.v")
			cmd.Env = append(os.Environ(), bombEnv+"="+path)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			var grown, took int64
			_, report, _ := bytes.Cut(out, []byte("grown by "))
			_, err = fmt.Sscanf(string(report), "%d bytes in %d", &grown, &took)
			require.NoError(t, err, "%s", out)
			t.Logf("%d KiB, %v", grown>>10, time.Duration(took))
			assert.Less(t, grown, int64(bombMemory))
			assert.Less(t, time.Duration(took), bombTime)
		})
	}
	for name, data := range tiffmake.Bombs() {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, 0o666))
		require.NoError(t, os.WriteFile(strings.TrimSuffix(path, filepath.Ext(path))+".wld", []byte("1\n0\n0\n-1\n0.5\n-0.5\n"), 0o666))
		try(name, path)
	}
	broken, err := filepath.Glob("../../shared/corpus/broken/*")
	require.NoError(t, err)
	for _, path := range broken {
		try("corpus, "+filepath.Base(path), path)
	}
}

// exportBomb exports an image of a file, and reports what that takes.
func exportBomb(t *testing.T, name string) {
	good := filepath.Join(t.TempDir(), "good.tif")
	require.NoError(t, os.WriteFile(good, (&tiffmake.File{Size: image.Pt(64, 64), EPSG: 3857,
		Sample: func(_, _, x, _ int) float64 { return float64(x) }}).NorthUp(0, 0, 1).Bytes(), 0o666))
	require.NoError(t, exportFile(t.Context(), good), "what is made once for all exports is not counted")
	before, at := status(t, "VmRSS"), processorTime(t)
	err := exportFile(t.Context(), name)
	_, panicked := errors.AsType[*guard.PanicError](err)
	require.False(t, panicked, "%v", err)
	t.Log(err)
	fmt.Printf("grown by %d bytes in %d\n", status(t, "VmHWM")-before, processorTime(t)-at)
}

func exportFile(ctx context.Context, name string) error {
	crs, err := srs.FromWKID(3857)
	if err != nil {
		return err
	}
	pool := mosaic.NewPool(0, func(ctx context.Context, _ string) (raster.Dataset, error) {
		if filepath.Ext(name) != ".tif" {
			return worldfile.Open(ctx, os.DirFS(filepath.Dir(name)), filepath.Base(name), &worldfile.Options{CRS: crs})
		}
		return geotiff.OpenFile(name, &geotiff.Options{CRS: crs})
	})
	defer pool.Close()
	item := &mosaic.Item{ID: 1, Name: "bomb", Footprint: mosaic.Footprint{CRS: crs, Envelope: srs.Envelope{XMax: 8192, YMin: -8192}},
		Open: func(ctx context.Context) (raster.Dataset, error) { return pool.Open(ctx, "bomb") }}
	service := &exportimage.Service{Catalog: mosaic.Slice{item}}
	_, err = service.Export(ctx, exportimage.Request{Size: image.Pt(256, 256)})
	return err
}

// status reads a number of bytes of /proc/self/status.
func status(t *testing.T, key string) int64 {
	f, err := os.Open("/proc/self/status")
	require.NoError(t, err)
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), key+":"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			require.NoError(t, err)
			return n << 10
		}
	}
	t.Fatalf("no %s", key)
	return 0
}

func processorTime(t *testing.T) int64 {
	var u syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return u.Utime.Nano() + u.Stime.Nano()
}
