package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/srs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The mosaic is 3 by 3 rasters of 256 by 256 pixels of 10 metres. With the flags it has overviews of 20 metres, 2 by 2
// tiles, and of 40 metres, in one.
const (
	rasters = 3
	side    = 256
	pixel   = 10
	west    = 500e3
	north   = 5300e3
	flagged = "-factor 2 -tile 256 "
)

// nine makes the mosaic. Its picture is smooth with some noise; a hole is a disc without data.
func nine(t *testing.T, hole bool) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for row := range rasters {
		for col := range rasters {
			f := &tiffmake.File{Size: image.Pt(side, side), EPSG: 32633, NoData: "0", Compression: tiffmake.Deflate,
				Sample: func(_, _, x, y int) float64 {
					x, y = x+col*side, y+row*side
					if hole && math.Hypot(float64(x-500), float64(y-300)) < 90 {
						return 0
					}
					return math.Round(128 + 80*math.Sin(float64(x)/60)*math.Cos(float64(y)/45) + float64((x*7+y*13)%11))
				}}
			f.NorthUp(west+float64(col*side*pixel), north-float64(row*side*pixel), pixel)
			require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("r%d%d.tif", row, col)), f.Bytes(), 0o666))
		}
	}
	return dir
}

// execute runs the program and returns its output.
func execute(t *testing.T, args string) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), strings.Fields(args), &out, io.Discard))
	return out.String()
}

// files are the texts of all files in a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		out[e.Name()] = string(text)
	}
	return out
}

// A picture is a service's image of a folder: gray values, from 0 to 255, and which rasters were read.
type picture struct {
	gray, alpha []byte
	drawn, read []string
}

func draw(t *testing.T, dir string, req exportimage.Request) picture {
	t.Helper()
	var set exportimage.Opener
	defer set.Close()
	src, err := set.Rasters(t.Context(), dir)
	require.NoError(t, err)
	req.Format, req.Aspect = "png32", exportimage.ExactBox
	res, err := (&exportimage.Service{Catalog: src.Items}).Export(t.Context(), req)
	require.NoError(t, err)
	img, _, err := image.Decode(bytes.NewReader(res.Data))
	require.NoError(t, err)
	var p picture
	for y := range req.Size.Y {
		for x := range req.Size.X {
			r, _, _, a := img.At(x, y).RGBA()
			p.gray, p.alpha = append(p.gray, byte(r>>8)), append(p.alpha, byte(a>>8))
		}
	}
	for _, r := range res.Trace.Rasters {
		if p.drawn = append(p.drawn, r.Name); r.Reads > 0 {
			p.read = append(p.read, r.Name)
		}
	}
	return p
}

// compare returns the largest difference of two pictures where both have data, and the number of pixels where only one
// has.
func compare(a, b picture) (most, alphas int) {
	for i := range a.gray {
		if a.alpha[i] != b.alpha[i] {
			alphas++
		} else if a.alpha[i] > 0 {
			most = max(most, int(a.gray[i])-int(b.gray[i]), int(b.gray[i])-int(a.gray[i]))
		}
	}
	return most, alphas
}

func crs(t *testing.T, code int) srs.CRS {
	c, err := srs.FromWKID(code)
	require.NoError(t, err)
	return c
}

// box is that of the mosaic, in UTM.
var box = srs.Envelope{XMin: west, YMin: north - rasters*side*pixel, XMax: west + rasters*side*pixel, YMax: north}

// At coarse scales only overviews are read, at fine ones none is. In between, the rasters below an overview are read
// only where it holds no data.
func TestOverviewsStandIn(t *testing.T) {
	whole, holed := nine(t, false), nine(t, true)
	for _, dir := range []string{whole, holed} {
		assert.Equal(t, dir+": new tiles: 5 of 5\n", execute(t, flagged+dir))
	}
	levels := func(names []string) (s string) {
		for _, n := range names {
			s += strings.TrimPrefix(n, prefix)[:1]
		}
		return s
	}
	utm := crs(t, 32633)
	for _, c := range []struct {
		size                   int // of a picture of all
		drawn, read, readHoled string
	}{
		{768, "rrrrrrrrr", "rrrrrrrrr", "rrrrrrrrr"},    // of 10 metres
		{384, "1111rrrrrrrrr", "1111", "1111rrrrrrrrr"}, // 20
		{256, "1111rrrrrrrrr", "1111", "1111rrrrrrrrr"}, // 30
		{192, "21111rrrrrrrrr", "2", "21111rrrrrrrrr"},  // 40
		{191, "21111", "2", "21111"},                    // 40.2
		{95, "2", "2", "2"},                             // 80.8
		{7, "2", "2", "2"},                              // 1097
	} {
		req := exportimage.Request{BBox: box, BBoxSR: utm, ImageSR: utm, Size: image.Pt(c.size, c.size)}
		got := draw(t, whole, req)
		assert.Equal(t, c.drawn, levels(got.drawn), "%d", c.size)
		assert.Equal(t, c.read, levels(got.read), "%d", c.size)
		assert.Equal(t, c.readHoled, levels(draw(t, holed, req).read), "%d, with a hole", c.size)
	}
}

// Images differ from those without overviews by at most one level of gray where pixels lie as the overviews' do, two
// elsewhere, and eight at the edge of a hole, where a mean of means weighs some pixels more than others.
func TestPicturesStayTheSame(t *testing.T) {
	plain, dir := nine(t, true), nine(t, true)
	execute(t, flagged+dir)
	for _, c := range []struct {
		code, size   int
		off          float64 // of the box, in metres
		most, alphas int
	}{
		{32633, 768, 0, 0, 0},
		{32633, 384, 0, 1, 0},
		{32633, 192, 0, 1, 0},
		{32633, 96, 0, 1, 0},
		{32633, 24, 0, 1, 0},
		{32633, 300, 3, 1, 0},
		{32633, 100, 33, 1, 0},
		{32633, 50, 333, 8, 0},
		{3857, 300, 0, 1, 0},
		{3857, 100, 0, 2, 0},
		{3857, 30, 0, 1, 0},
	} {
		e := box
		e.XMin, e.YMin, e.XMax, e.YMax = e.XMin+c.off, e.YMin+c.off, e.XMax+c.off, e.YMax+c.off
		req := exportimage.Request{BBox: e, BBoxSR: crs(t, 32633), ImageSR: crs(t, c.code), Size: image.Pt(c.size, c.size)}
		most, alphas := compare(draw(t, plain, req), draw(t, dir, req))
		assert.LessOrEqual(t, most, c.most, "%v", c)
		assert.LessOrEqual(t, alphas, c.alphas, "%v", c)
	}
}

// In another projection, the scale at the middle of a raster is not that at the middle of a tile. No scale falls
// between.
func TestNoGapBetweenLevels(t *testing.T) {
	dir := t.TempDir()
	for row := range 3 { // from 60 degrees north to the equator
		f := &tiffmake.File{Size: image.Pt(100, 100), EPSG: 4326, Geographic: true, Sample: func(_, _, x, y int) float64 { return 1 }}
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("r%d.tif", row)), f.NorthUp(0, float64(60-20*row), 0.2).Bytes(), 0o666))
	}
	execute(t, "-factor 2 -tile 256 "+dir)
	var set exportimage.Opener
	defer set.Close()
	src, err := set.Rasters(t.Context(), dir)
	require.NoError(t, err)
	service := &exportimage.Service{Catalog: src.Items}
	mercator, lonLat := crs(t, 3857), crs(t, 4326)
	tr, err := srs.NewTransformer(lonLat, mercator)
	require.NoError(t, err)
	for _, lat := range []float64{10, 30, 50} {
		xs, ys := []float64{10}, []float64{lat}
		require.Zero(t, tr.Transform(xs, ys))
		for size := 0.8; size < 2.5; size *= 1.02 {
			h := size * 0.4 * 111319.5 // of a degree at the equator, in metres: half of a picture of two pixels
			res, err := service.Plan(t.Context(), exportimage.Request{
				BBox:   srs.Envelope{XMin: xs[0] - h, YMin: ys[0] - h, XMax: xs[0] + h, YMax: ys[0] + h},
				BBoxSR: mercator, ImageSR: mercator, Size: image.Pt(2, 2),
			})
			require.NoError(t, err)
			assert.NotEmpty(t, res.Trace.Rasters, "at %v degrees, with pixels %v times as large as the overview's", lat, size)
		}
	}
}

// A build that is stopped after any tile, and goes on, ends with the files of one that is not. Until it ends, the
// folder is as it was.
func TestInterruptedAndResumed(t *testing.T) {
	straight := nine(t, true)
	execute(t, flagged+straight)
	want := files(t, straight)
	require.Len(t, want, rasters*rasters+5+1)
	for _, stop := range []int{0, 3, 4} {
		dir := nine(t, true)
		before := files(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		o, err := parseArgs(strings.Fields(flagged + dir))
		require.NoError(t, err)
		o.progress = func(done, of int) {
			assert.Equal(t, 5, of)
			if done > stop {
				cancel()
			}
		}
		made, _, err := build(ctx, o)
		cancel()
		if stop < 4 { // after the last, nothing is left to stop
			require.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, stop+1, made)
			assert.Equal(t, before, files(t, dir))
			assert.Equal(t, fmt.Sprintf("%s: new tiles: %d of 5\n", dir, 4-stop), execute(t, flagged+dir))
		}
		assert.Equal(t, want, files(t, dir))
	}
}

// After a change, only those tiles are made anew that show it.
func TestOnlyWhatChanged(t *testing.T) {
	dir := nine(t, false)
	execute(t, flagged+dir)
	want := files(t, dir)
	assert.Equal(t, dir+": new tiles: 0 of 5\n", execute(t, flagged+dir))
	assert.Equal(t, want, files(t, dir))

	later := time.Now().Add(time.Second)
	require.NoError(t, os.Chtimes(filepath.Join(dir, "r00.tif"), later, later))
	// It shows in one tile of the first level, and through it in that of the second.
	assert.Equal(t, dir+": new tiles: 2 of 5\n", execute(t, flagged+dir))
	assert.Equal(t, want, files(t, dir))

	// Other levels replace those that were there, whose limits no longer hold.
	assert.Equal(t, dir+": new tiles: 1 of 1\n", execute(t, "-factor 8 -tile 256 "+dir))
	got := files(t, dir)
	assert.Len(t, got, rasters*rasters+1+1)
	assert.Equal(t, `file,objectid,ZOrder,MinPS,MaxPS
r00.tif,1,,,160
r01.tif,2,,,160
r02.tif,3,,,160
r10.tif,4,,,160
r11.tif,5,,,160
r12.tif,6,,,160
r20.tif,7,,,160
r21.tif,8,,,160
r22.tif,9,,,160
overview_1_0_0.tif,10,-1,80,
`, got["catalog.csv"])
}

// Entries that the table has already stay, and sizes are in each raster's own units.
func TestTableOfMixedRasters(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("../../testdata/demo/olinda_mosaic")))
	text, err := os.ReadFile(filepath.Join(dir, "catalog.csv"))
	require.NoError(t, err)
	text = []byte(strings.ReplaceAll("\uFEFF"+string(text), "\n", "\r\n") + ",,,,,\r\n")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "catalog.csv"), text, 0o666))
	execute(t, "-tile 256 -factor 2 "+dir)

	var set exportimage.Opener
	defer set.Close()
	src, err := set.Rasters(t.Context(), dir)
	require.NoError(t, err)
	var words []string
	for _, it := range src.Items {
		words = append(words, fmt.Sprintf("%d:%s %v %.4g-%.4g", it.ID, it.Name, it.Attrs["sensor"], it.MinPS, it.MaxPS))
	}
	// The finest raster's pixels are 28.5 metres, so the first level's are 57, which are 57.1 in the zone beside it,
	// far from that zone's middle, and 0.000516 degrees.
	assert.Equal(t, []string{
		"3:olinda_coarse Landsat 7 ETM+ 0-0.001032", "2:olinda_east_utm24 Landsat 7 ETM+ 0-114.2",
		"1:olinda_west Landsat 7 ETM+ 0-114", "4:overview_1_0_0 <nil> 57-0",
	}, words)
}

func TestFoldersThatWillNotDo(t *testing.T) {
	empty, bad, ids := t.TempDir(), nine(t, false), nine(t, false)
	require.NoError(t, os.WriteFile(filepath.Join(bad, "catalog.csv"), []byte("file\nnone.tif\n"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(ids, "catalog.csv"), []byte("file,objectid\nr00.tif,A7\n"), 0o666))
	for args, want := range map[string]string{
		"":                     "one folder is wanted",
		"a b":                  "one folder is wanted",
		"-factor 3 a":          "-factor: ",
		"-tile 100 a":          "-tile: ",
		"-crs nonsense a":      "-crs",
		flagged + empty:        "no .tif or .tiff file",
		flagged + bad:          `the folder holds no raster "none.tif"`,
		flagged + ids:          `"objectid" does not number the rasters: "A7" of r00.tif`,
		flagged + empty + "/x": "x",
	} {
		err := run(t.Context(), strings.Fields(args), io.Discard, io.Discard)
		require.ErrorContains(t, err, want)
	}
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-h"}, &out, io.Discard))
	assert.Contains(t, out.String(), "usage: overview [flags] DIR")
}
