package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
)

func TestMain(m *testing.M) { commandtest.Main(m, main) }

const demo = "../../testdata/demo/"

// execute runs the program with the output file in a folder of its own, unless args name one, and returns the file.
func execute(t *testing.T, args ...string) (file, stdout, stderr string, err error) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "out")
	var out, log bytes.Buffer
	err = run(t.Context(), append([]string{"-o", file}, args...), &out, &log)
	return file, out.String(), log.String(), err
}

// files are the names in a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestExport(t *testing.T) {
	file, stdout, stderr, err := execute(t, "-bbox", "-117,34,-116,35", "-bboxSR", "4326", "-imageSR", "3857",
		"-size", "800,600", "-format", "png", demo+"world.tif")
	require.NoError(t, err)
	assert.Empty(t, stderr)
	assert.Regexp(t, `^`+regexp.QuoteMeta(file)+`: 800x600 png, EPSG:3857, extent -?[\d.]+,[\d.]+,-[\d.]+,[\d.]+, `+
		`from raster world, \d+ bytes, in [\d.]+m?s\n$`, stdout)
	assert.Equal(t, []string{"out"}, files(t, filepath.Dir(file)))

	// The library returns the same bytes for the same parameters.
	var rasters exportimage.Opener
	defer rasters.Close()
	src, err := rasters.Rasters(t.Context(), demo+"world.tif")
	require.NoError(t, err)
	req, err := params.ParseRequest(url.Values{"bbox": {"-117,34,-116,35"}, "bboxSR": {"4326"},
		"imageSR": {"3857"}, "size": {"800,600"}})
	require.NoError(t, err)
	res, err := (&exportimage.Service{Catalog: src.Items}).Export(t.Context(), req)
	require.NoError(t, err)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(res.Data, got), "%d bytes, want %d", len(got), len(res.Data))
	assert.Contains(t, stdout, "extent "+corners(res.Envelope)+",")
}

func TestFormats(t *testing.T) {
	for format, media := range map[string]string{
		"": "image/png", "png8": "image/png", "JPG": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp",
	} {
		t.Run(format, func(t *testing.T) {
			file, stdout, _, err := execute(t, "-format", format, "-size", "30,20", demo+"olinda_landsat7.tif")
			require.NoError(t, err)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, media, http.DetectContentType(text))
			assert.Contains(t, stdout, ": 30x20 "+strings.TrimPrefix(media, "image/")+", EPSG:31985, ")
			if format != "bmp" {
				c, _, err := image.DecodeConfig(bytes.NewReader(text))
				require.NoError(t, err)
				assert.Equal(t, image.Pt(30, 20), image.Pt(c.Width, c.Height))
			}
		})
	}
}

func TestSourcesAreOneMosaic(t *testing.T) {
	_, stdout, _, err := execute(t, "-bbox", "-35.2,-8.2,-34.6,-7.8", "-bboxSR", "4326", "-imageSR", "4326",
		demo+"olinda_mosaic/*[^e].tif", demo+"world.tif")
	require.NoError(t, err)
	assert.Contains(t, stdout, "from 3 rasters (olinda_west, olinda_east_utm24, world), ")

	_, stdout, _, err = execute(t, "-bbox", "-34.9,-8,-34.8,-7.9", "-bboxSR", "4326", "-imageSR", "4326",
		demo+"world.tif", demo+"olinda_mosaic")
	require.NoError(t, err)
	assert.Contains(t, stdout, "from raster world, ", "which hides the others")
}

func TestNotes(t *testing.T) {
	_, stdout, stderr, err := execute(t, "-bbox", "10,10,11,11", "-bboxSR", "4326", "-compression", "LZ77",
		"-interpolation", "RSP_BilinearInterpolation", demo+"puertorico_landcover.tif")
	require.NoError(t, err)
	assert.Contains(t, stdout, "from no raster, ")
	assert.Contains(t, stderr, "export: note: no raster holds data there: the picture is empty\n")
	assert.Contains(t, stderr, "export: note: compression")
}

func TestHelp(t *testing.T) {
	var out, log bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-h"}, &out, &log))
	assert.Contains(t, out.String(), "usage: export [flags] -o FILE SOURCE...")
	assert.Contains(t, out.String(), "-bboxSR CRS")
	assert.Empty(t, log.String())
}

// Every parameter of the operation is a flag of its own name, whose usage lists the values that it may have.
func TestFlagsAreParameters(t *testing.T) {
	query := url.Values{}
	fs := flags(query, new(string))
	for _, p := range params.ExportImage().Infos() {
		require.NotNil(t, fs.Lookup(p.Name), p.Name)
		require.NoError(t, fs.Set(p.Name, "x"))
		assert.Equal(t, "x", query.Get(p.Name))
	}
	for name, value := range map[string]string{
		"format": "png8", "interpolation": "RSP_Majority", "compression": "ZSTD", "pixelType": "C128",
		"noDataInterpretation": "esriNoDataMatchAll",
	} {
		assert.Contains(t, fs.Lookup(name).Usage, value)
	}
}

func TestBadInput(t *testing.T) {
	world := demo + "world.tif"
	dir := t.TempDir()
	text, err := os.ReadFile(world)
	require.NoError(t, err)
	half := filepath.Join(dir, "half.tif")
	require.NoError(t, os.WriteFile(half, text[:len(text)/2], 0o600))

	for _, c := range []struct {
		name  string
		args  []string
		want  string
		usage bool
	}{
		{"unknown flag", []string{"-color", "red", world}, "flag provided but not defined: -color", true},
		{"flag without value", []string{"-size"}, "flag needs an argument: -size", true},
		{"no source", []string{"-size", "10,10"}, "no source", true},
		{"bad box", []string{"-bbox", "1,2,3", world}, "bbox: four numbers are wanted", true},
		{"bad code", []string{"-bboxSR", "99999", world}, "bboxSR: ", true},
		{"a parameter twice", []string{"-size", "1,1", "-size", "2,2", world}, "size: the parameter comes twice", true},
		{"missing file", []string{"none.tif"}, "none.tif: ", false},
		{"missing file beside a good one", []string{world, "none.tif"}, "none.tif: ", false},
		{"no raster", []string{"main.go"}, "main.go: it is neither a raster", false},
		{"folder without rasters", []string{"."}, "no .tif or .tiff file in the folder", false},
		{"pattern without matches", []string{demo + "x*.tif"}, `matches "x*.tif"`, false},
		{"unknown format", []string{"-format", "webp", world}, "format: ", false},
		{"band that is not there", []string{"-bandIds", "7", world}, "bandIds: there is no band 7", false},
		{"too large", []string{"-size", "100000,100000", world}, "size: 100000,100000 is more than", false},
		{"rasters that do not go together", []string{world, demo + "olinda_elevation.tif"}, `raster "olinda_elevation"`, false},
		{"a raster that breaks off", []string{"-size", "1900,900", half}, `raster "half": cannot read it`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "out.png")
			require.NoError(t, os.WriteFile(file, []byte("precious"), 0o600))
			var out, log bytes.Buffer
			err := run(t.Context(), append([]string{"-o", file}, c.args...), &out, &log)
			require.ErrorContains(t, err, c.want)
			assert.NotContains(t, err.Error(), "\n")
			_, usage := errors.AsType[*command.UsageError](err)
			assert.Equal(t, c.usage, usage)
			assert.Empty(t, out.String())
			assert.Equal(t, []string{"out.png"}, files(t, filepath.Dir(file)))
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, "precious", string(text))
		})
	}
}

func TestOutputThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ path, want string }{
		{filepath.Join(dir, "none", "out.png"), "out.png: "},
		{dir, dir + ": it is no regular file"},
		{os.DevNull, os.DevNull + ": it is no regular file"},
		{filepath.Join(dir, strings.Repeat("x", 1000)), "cannot write "},
	} {
		err := run(t.Context(), []string{"-o", c.path, demo + "world.tif"}, new(bytes.Buffer), new(bytes.Buffer))
		require.ErrorContains(t, err, "cannot write ")
		require.ErrorContains(t, err, c.want)
		assert.NotContains(t, err.Error(), ".tmp", "the temporary file is nobody's business")
		assert.Empty(t, files(t, dir))
	}
	err := run(t.Context(), []string{demo + "world.tif"}, new(bytes.Buffer), new(bytes.Buffer))
	require.ErrorContains(t, err, "-o FILE is missing")
}

func TestOverwriting(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions and links are different there")
	}
	dir := t.TempDir()
	file, link := filepath.Join(dir, "out.png"), filepath.Join(dir, "link.png")
	require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
	require.NoError(t, os.Symlink("out.png", link))
	require.NoError(t, run(t.Context(), []string{"-o", link, demo + "world.tif"}, new(bytes.Buffer), new(bytes.Buffer)))
	assert.Equal(t, []string{"link.png", "out.png"}, files(t, dir))
	info, err := os.Lstat(file)
	require.NoError(t, err)
	assert.True(t, info.Mode().IsRegular())
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "the permissions stay")
	assert.Greater(t, info.Size(), int64(1000))
	target, err := os.Readlink(link)
	require.NoError(t, err)
	assert.Equal(t, "out.png", target)
}

// long is an export that takes long enough to be interrupted: 36 million pixels.
func long(file string) []string {
	return []string{"-size", "6000,6000", "-bbox", "-117,34,-116,35", "-bboxSR", "4326", "-imageSR", "3857",
		"-interpolation", "RSP_CubicConvolution", "-o", file, demo + "world.tif"}
}

// writing waits until an export is at work in dir.
func writing(t *testing.T, dir string) {
	t.Helper()
	require.Eventually(t, func() bool {
		unfinished, err := filepath.Glob(filepath.Join(dir, ".export-*.tmp"))
		return err == nil && len(unfinished) == 1
	}, 10*time.Second, time.Millisecond)
}

func TestCancelledExportLeavesNothing(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("enough"))
		dir := t.TempDir()
		err := run(ctx, long(filepath.Join(dir, "out.png")), new(bytes.Buffer), new(bytes.Buffer))
		require.EqualError(t, err, "stopped, and nothing written: enough")
		assert.Empty(t, files(t, dir))
	})
	t.Run("at work", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "out.png"), []byte("precious"), 0o600))
		ended := make(chan error, 1)
		go func() {
			ended <- run(ctx, long(filepath.Join(dir, "out.png")), new(bytes.Buffer), new(bytes.Buffer))
		}()
		writing(t, dir)
		cancel(errors.New("enough"))
		require.EqualError(t, <-ended, "stopped, and nothing written: enough")
		assert.Equal(t, []string{"out.png"}, files(t, dir))
		text, err := os.ReadFile(filepath.Join(dir, "out.png"))
		require.NoError(t, err)
		assert.Equal(t, "precious", string(text))
	})
}

// program starts the program as a process of its own.
func program(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := commandtest.Command(t.Context(), args...)
	var log bytes.Buffer
	cmd.Stderr = &log
	require.NoError(t, cmd.Start())
	return cmd, &log
}

func TestExitStatus(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes there cannot be sent an interrupt")
	}
	t.Run("interrupt", func(t *testing.T) {
		dir := t.TempDir()
		cmd, log := program(t, long(filepath.Join(dir, "out.png"))...)
		writing(t, dir)
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		_ = cmd.Wait() // the test is about the status
		assert.Equal(t, 1, cmd.ProcessState.ExitCode())
		assert.Equal(t, "export: stopped, and nothing written: interrupt signal received\n", log.String())
		assert.Empty(t, files(t, dir))
	})
	for _, c := range []struct {
		name   string
		args   []string
		status int
		log    string
	}{
		{"success", []string{"-o", filepath.Join(t.TempDir(), "out.png"), demo + "world.tif"}, 0, ""},
		{"failure", []string{"-o", filepath.Join(t.TempDir(), "out.png"), "main.go"}, 1, "export: main.go: it is neither a raster"},
		{"usage", []string{demo + "world.tif"}, 2, "export: -o FILE is missing; flags go before the sources (-h tells the usage)\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd, log := program(t, c.args...)
			_ = cmd.Wait()
			assert.Equal(t, c.status, cmd.ProcessState.ExitCode())
			assert.Contains(t, log.String(), c.log)
			assert.LessOrEqual(t, strings.Count(log.String(), "\n"), 1)
		})
	}
}
