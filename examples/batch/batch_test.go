package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport"
	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/srs"
)

func TestMain(m *testing.M) { commandtest.Main(m, main) }

// scenes writes n by n rasters of side pixels each, beside each other, and returns their folder.
func scenes(t testing.TB, n, side int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "scenes")
	require.NoError(t, os.Mkdir(dir, 0o777))
	for i := range n * n {
		data := (&tiffmake.File{
			Size: image.Pt(side, side), EPSG: 3857,
			Sample: func(_, _, x, y int) float64 { return float64((x*y/7 + 31*i + x) % 251) },
		}).NorthUp(float64(i%n*side*10), float64(n*side*10-i/n*side*10), 10).Bytes()
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("s%03d.tif", i)), data, 0o666))
	}
	return dir
}

// contents are the hashes of all files below a folder, by their paths.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = sumOf(data)
		return err
	}))
	return out
}

func sumOf(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

func batch(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := runCommand(t.Context(), args, &out, io.Discard)
	return out.String(), err
}

var doneLine = regexp.MustCompile(`(?m)^done .*$`)

// Three processes, one of which is killed in the middle of a unit, make what one makes, to the byte, and nothing
// twice that was committed.
func TestProcessThatIsKilled(t *testing.T) {
	dir, out := scenes(t, 8, 512), t.TempDir()
	alone := filepath.Join(out, "alone")
	text, err := batch(t, "-tile", "256", "-unit", "256", "-factor", "2", "overviews", dir, alone)
	require.NoError(t, err, text)
	want := doneLine.FindAllString(text, -1)
	require.Len(t, want, 1+64+16+4+1+4)

	together := filepath.Join(out, "together")
	args := []string{"-tile", "256", "-unit", "256", "-factor", "2", "-stuck", "6s", "-wait", "10ms", "overviews", dir, together}
	db, err := openDatabase(together + ".batch")
	require.NoError(t, err)
	defer db.Close()
	logs := make([]bytes.Buffer, 23)
	start := func(i int) *exec.Cmd {
		cmd := commandtest.Command(t.Context(), args...)
		cmd.Stdout = &logs[i]
		require.NoError(t, cmd.Start())
		return cmd
	}
	var others []*exec.Cmd
	killed := false // in the middle of a unit
	for i := 2; i < len(logs) && !killed; i++ {
		victim := start(i)
		working := func() bool { return unitsOf(db, victim.Process.Pid) > 0 }
		require.Eventually(t, working, 20*time.Second, time.Millisecond)
		if others == nil {
			others = []*exec.Cmd{start(0), start(1)}
			require.Eventually(t, working, 20*time.Second, time.Millisecond)
		}
		require.NoError(t, victim.Process.Kill())
		require.Error(t, victim.Wait())
		killed = working()
	}
	require.True(t, killed)
	for _, cmd := range others {
		require.NoError(t, cmd.Wait())
	}

	assert.Equal(t, contents(t, alone), contents(t, together))
	var rescued int
	require.NoError(t, db.QueryRow(`SELECT count(*) FROM river_job WHERE attempt > 1`).Scan(&rescued))
	assert.Positive(t, rescued, "the unit of the killed process was done by another one")
	lines := map[string]int{}
	for i := range logs {
		for _, l := range doneLine.FindAllString(logs[i].String(), -1) {
			lines[l]++
			assert.Equal(t, 1, lines[l], l)
		}
	}
	assert.GreaterOrEqual(t, len(lines), len(want)-len(logs)+2, "a killed one may have committed a unit without a word")
}

// unitsOf returns the units that a process is doing, as the queue has it; 0 if it cannot be asked.
func unitsOf(db *database, pid int) (n int) {
	_ = db.QueryRow(`SELECT count(*) FROM river_job WHERE state = 'running'
		AND EXISTS (SELECT 1 FROM json_each(attempted_by) WHERE value LIKE '%-' || ?1)`, pid).Scan(&n)
	return n
}

// A service over the overviews and the rasters shows the same place from far and near.
func TestOverviewsAreShown(t *testing.T) {
	dir, out := scenes(t, 4, 64), filepath.Join(t.TempDir(), "out")
	_, err := batch(t, "-tile", "256", "-unit", "256", "-factor", "2", "overviews", dir, out)
	require.NoError(t, err)
	s, err := geoexport.Open(t.Context(), out, dir)
	require.NoError(t, err)
	defer s.Close()
	for side, want := range map[int][2]int{16: {1, 1}, 256: {16, 17}} { // pixels, and rasters that are read
		res, err := s.Export(t.Context(), exportimage.Request{BBox: srs.Envelope{XMax: 2560, YMax: 2560}, Size: image.Pt(side, side)})
		require.NoError(t, err)
		read := 0
		for _, r := range res.Trace.Rasters {
			if r.Reads > 0 {
				read++
			}
		}
		assert.GreaterOrEqual(t, read, want[0], side)
		assert.LessOrEqual(t, read, want[1], side)
	}
}

// The file that is put together has the pixels of the mosaic.
func TestWholeTIFF(t *testing.T) {
	dir, out := scenes(t, 3, 200), filepath.Join(t.TempDir(), "whole.tif")
	text, err := batch(t, "-tile", "256", "tiff", dir, out)
	require.NoError(t, err, text)
	assert.NoDirExists(t, out+".parts")
	var pictures [2][]byte
	for i, path := range []string{dir, out} {
		s, err := geoexport.Open(t.Context(), path)
		require.NoError(t, err)
		res, err := s.Export(t.Context(), exportimage.Request{
			BBox: srs.Envelope{XMax: 6000, YMax: 6000}, Size: image.Pt(600, 600), Format: "png",
		})
		require.NoError(t, err)
		pictures[i] = res.Data
		require.NoError(t, s.Close())
	}
	assert.True(t, bytes.Equal(pictures[0], pictures[1]))
}

func TestTiles(t *testing.T) {
	dir, out := scenes(t, 2, 128), filepath.Join(t.TempDir(), "tiles")
	text, err := batch(t, "-level", "13", "tiles", dir, out)
	require.NoError(t, err, text)
	s, err := geoexport.Open(t.Context(), dir)
	require.NoError(t, err)
	defer s.Close()
	web := exportimage.WebMercatorTiles()
	s.Tiles, s.CRS = &web, web.CRS
	files := contents(t, out)
	require.NotEmpty(t, files)
	for name, sum := range files {
		var l, col, row int
		_, err := fmt.Sscanf(filepath.ToSlash(name), "%d/%d/%d.png", &l, &col, &row)
		require.NoError(t, err, name)
		res, err := s.Tile(t.Context(), exportimage.TileRequest{Level: l, Row: row, Col: col, Export: exportimage.Request{Format: "png"}})
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprintf("%x", sha256.Sum256(res.Data)), sum, name)
	}
}

// Rasters that cannot be read fail by their names after all tries, and all others are done. A run that is begun
// again does nothing anew, and tries those once more when it is asked to.
func TestRasterThatCannotBeRead(t *testing.T) {
	dir, out := scenes(t, 3, 64), filepath.Join(t.TempDir(), "out")
	good, err := os.ReadFile(filepath.Join(dir, "s004.tif"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "s004.tif"), good[:100], 0o666))
	args := []string{"-attempts", "2", "-wait", "1ms", "statistics", dir, out}
	text, err := batch(t, args...)
	require.ErrorContains(t, err, "1 units failed")
	assert.Contains(t, text, "failed statistics: s004.tif: ")
	assert.Len(t, doneLine.FindAllString(text, -1), 9)
	var all struct {
		Features []struct {
			ID         string
			Properties struct{ Bands []bandJSON }
		}
	}
	read := func() {
		data, err := os.ReadFile(filepath.Join(out, "statistics.geojson"))
		require.NoError(t, err)
		all.Features = nil
		require.NoError(t, json.Unmarshal(data, &all))
	}
	read()
	assert.Len(t, all.Features, 8)
	assert.EqualValues(t, 64*64, all.Features[0].Properties.Bands[0].Count)

	text, err = batch(t, args...)
	require.ErrorContains(t, err, "1 units failed")
	assert.Empty(t, doneLine.FindAllString(text, -1), "nothing is done twice")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "s004.tif"), good, 0o666))
	text, err = batch(t, append([]string{"-retry"}, args...)...)
	require.NoError(t, err, text)
	assert.Len(t, doneLine.FindAllString(text, -1), 2, text)
	read()
	assert.Len(t, all.Features, 9)

	_, err = batch(t, "-work", out+".batch", "overviews", dir, out+"2")
	require.ErrorContains(t, err, "another run")
}

// A place that refuses files stops nothing but what it refuses, and the run goes on once it takes them.
func TestPlaceThatRefusesFiles(t *testing.T) {
	dir, out := scenes(t, 2, 64), filepath.Join(t.TempDir(), "out")
	require.NoError(t, os.WriteFile(out, nil, 0o666)) // a file, where a folder is wanted
	args := []string{"-attempts", "1", "statistics", dir, out}
	text, err := batch(t, args...)
	require.ErrorContains(t, err, "5 units failed", text)
	assert.Contains(t, text, "not a directory")
	require.NoError(t, os.Remove(out))
	text, err = batch(t, append([]string{"-retry"}, args...)...)
	require.NoError(t, err, text)
}

func TestBadCommandLines(t *testing.T) {
	dir := scenes(t, 1, 16)
	for args, want := range map[string]string{
		"overviews " + dir:                           "are wanted",
		"-factor 3 overviews " + dir + " x":          "-factor",
		"-tile 100 overviews " + dir + " x":          "-tile",
		"-stuck 1s overviews " + dir + " x":          "-stuck",
		"-workers 0 overviews " + dir + " x":         "-workers",
		"everything " + dir + " x":                   `there is no task "everything"`,
		"overviews " + dir + "none x":                "no such file",
		"-format gif9 tiles " + dir + " x":           `there is no format "gif9"`,
		"-level 99 tiles " + dir + " x":              "-level 99 is not one of",
		"-crs nonsense overviews " + dir + " x":      "nonsense",
		"-crs 4326 tiles " + dir + " x":              "tiles are in",
		"overviews " + filepath.Dir(dir) + "/ none/": "no .tif",
	} {
		_, err := batch(t, strings.Fields(args)...)
		require.ErrorContains(t, err, want, args)
	}
	var usage *command.UsageError
	_, err := batch(t, "-none")
	require.ErrorAs(t, err, &usage)
	text, err := batch(t, "-h")
	require.NoError(t, err)
	assert.Contains(t, text, "usage: batch")
}

// An interrupt ends a process cleanly, and the same command goes on.
func TestInterrupt(t *testing.T) {
	dir, out := scenes(t, 4, 256), filepath.Join(t.TempDir(), "out")
	args := []string{"-tile", "256", "-unit", "256", "-factor", "2", "-wait", "1ms", "overviews", dir, out}
	cmd := commandtest.Command(t.Context(), args...)
	var text lockedBuffer
	cmd.Stdout = &text
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return strings.Contains(text.String(), "done") }, 20*time.Second, time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait() // it may have been done
	rest, err := batch(t, args...)
	require.NoError(t, err, rest)
	both := doneLine.FindAllString(text.String()+rest, -1)
	assert.Len(t, both, 1+4+1+2)
}

// lockedBuffer is a bytes.Buffer for several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
