package rest_test

import (
	"context"
	"flag"
	"fmt"
	"image"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

var memoryBack = flag.Bool("memory-back", false, "TestPeakMemory waits a minute for memory to go back to the system")

var wholeMemory = flag.Bool("whole-memory", false,
	"TestPeakMemory asks for the largest images, one after the other as well, and waits a minute for memory to go back")

// noise is a dataset of any size whose samples no format packs.
type noise struct {
	info raster.Info
}

func newNoise(t testing.TB, typ raster.PixelType, bands int) *noise {
	const side = 32768
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: side, YMax: side}, image.Pt(side, side))
	n := &noise{raster.Info{Grid: g, Type: typ, Bands: make([]raster.Band, bands)}}
	for s := side; s > 256; s /= 2 {
		n.info.Levels = append(n.info.Levels, image.Pt(s, s))
	}
	for i := range n.info.Bands {
		n.info.Bands[i].Stats = &raster.Statistics{Max: 255, Mean: 127, StdDev: 70}
	}
	return n
}

func (n *noise) Info() raster.Info { return n.info }

func (n *noise) Read(
	ctx context.Context, dst *raster.Block, _ int, win image.Rectangle, bands []int,
) (*raster.Block, error) {
	if dst == nil {
		dst = raster.NewBlock(n.info.Type, len(bands), win)
	}
	dst.Valid = nil
	for i, p := range dst.Bands {
		switch p := p.(type) {
		case *raster.PlaneOf[uint8]:
			for j := range p.Pix {
				p.Pix[j] = uint8(random(i, win.Min, j))
			}
		case *raster.PlaneOf[float64]:
			for j := range p.Pix {
				p.Pix[j] = float64(random(i, win.Min, j))
			}
		}
	}
	return dst, ctx.Err()
}

func random(band int, at image.Point, i int) uint32 {
	v := uint32(i+at.X*31+at.Y*17+band*7919) * 2654435761
	v ^= v >> 15
	v *= 2246822519
	return v>>13 ^ v
}

// heavy are the requests that take the most memory of all that are accepted, by the service that they go to.
var heavy = []struct{ service, query string }{
	{"u8", "format=png32"},
	{"u8", "format=png8"},
	{"u8", "format=jpgpng&imageSR=3035"},
	{"u8", "format=jpg&compressionQuality=100&interpolation=RSP_CubicConvolution"},
	{"u8", "format=gif"},
	{"u8", "format=bmp&interpolation=RSP_Majority"},
	{"u8", "format=tiff&compression=LZW"},
	{"u8", `format=tiff&mosaicRule={"mosaicOperation":"MT_BLEND"}`},
	{"u8", "f=kmz"},
	{"f64", "format=bip&bandIds=0,1,2,0,1,2"},
	{"f64", "format=bsq&bandIds=0,1,2,3,4,5,6,7"},
	{"f64", "format=tiff&compression=Deflate&bandIds=0,1,2"},
	{"f64", `format=bsq&bandIds=0,1,2,3&mosaicRule={"mosaicOperation":"MT_MEAN"}&imageSR=4326`},
	{"f64", "format=png"},
	{"tif", "format=png32"},
	{"tif", "format=tiff&compression=Deflate"},
	{"tif", "format=jpg&interpolation=RSP_CubicConvolution&imageSR=3035"},
	{"tifs", "format=png"},
	{"tifs", `format=bip&mosaicRule={"mosaicOperation":"MT_MEAN"}`},
	{"f64", `format=bsq&bandIds=0,1&mosaicRule={"mosaicOperation":"MT_MEAN","itemRenderingRule":{"rasterFunction":"Convolution","rasterFunctionArguments":{"Type":12}}}`},
	{"tifs", `format=bip&mosaicRule={"itemRenderingRule":{"rasterFunction":"Statistics","rasterFunctionArguments":{"KernelRows":9,"KernelColumns":9}}}`},
}

// newFile writes a GeoTIFF of 8192² pixels in tiles of a few MiB, which is opened with its defaults.
func newFile(t testing.TB, compression int) raster.Dataset {
	const side, tile = 8192, 1024
	f := &tiffmake.File{Size: image.Pt(side, side), Tile: image.Pt(tile, tile), Bands: 3, EPSG: 3857, ShareTiles: 2,
		Compression: compression, Sample: func(_, b, x, y int) float64 { return float64((x*x + 3*y + 50*b) % 251) }}
	name := filepath.Join(t.TempDir(), "a.tif")
	require.NoError(t, os.WriteFile(name, f.NorthUp(0, 4*side, 4).Bytes(), 0o600))
	ds, err := geotiff.OpenFile(name, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ds.Close()) })
	return ds
}

// TestPeakMemory runs the heaviest requests in processes of their own, and reads the most memory that these ever held
// from the system.
func TestPeakMemory(t *testing.T) {
	if os.Getenv("GEOEXPORT_HEAVY") != "" {
		runHeavy(t)
		return
	}
	if _, err := os.ReadFile("/proc/self/status"); err != nil {
		t.Skip("there is no /proc/self/status that says how much memory a process has held")
	}
	if underRace {
		t.Skip("the race detector's own memory would be measured")
	}
	if testing.Short() {
		t.Skip("it takes a while")
	}
	for _, c := range []struct {
		limit string
		most  int64
	}{
		{"", 1 << 30},
		{"512MiB", 560 << 20}, // the program and what the system keeps for it are not the runtime's
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPeakMemory$", "-test.v",
			"-test.timeout=1h", fmt.Sprintf("-whole-memory=%t", *wholeMemory), fmt.Sprintf("-memory-back=%t", *memoryBack))
		cmd.Env = append(os.Environ(), "GEOEXPORT_HEAVY=1", "GOMEMLIMIT="+c.limit, "TMPDIR="+t.TempDir())
		if c.limit == "" {
			cmd.Env = append(cmd.Env, "GOMEMLIMIT=off")
		}
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		t.Logf("GOMEMLIMIT=%q: %s", c.limit, out)
		peak := regexp.MustCompile(`peak (\d+)`).FindSubmatch(out)
		require.NotNil(t, peak, "%s", out)
		bytes, err := strconv.ParseInt(string(peak[1]), 10, 64)
		require.NoError(t, err)
		assert.Less(t, bytes, c.most, "GOMEMLIMIT=%q", c.limit)
	}
}

// status returns a number of bytes from /proc/self/status.
func status(t *testing.T, name string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			require.NoError(t, err)
			return n << 10
		}
	}
	return math.MaxInt64
}

func runHeavy(t *testing.T) {
	side := 2048
	if *wholeMemory {
		side = 4096
	}
	var services []*exportimage.Service
	add := func(name string, one, two raster.Dataset) {
		services = append(services, &exportimage.Service{
			Name: name, Catalog: mosaic.Slice{servicetest.Item(1, one), servicetest.Item(2, two)},
			Limits: exportimage.Limits{Wait: time.Hour, Time: time.Hour},
		})
	}
	u8, f64, tif := newNoise(t, raster.U8, 3), newNoise(t, raster.F64, 8), newFile(t, tiffmake.Deflate)
	add("u8", u8, u8)
	add("f64", f64, f64)
	add("tif", tif, tif)
	add("tifs", newFile(t, tiffmake.LZW), newFile(t, tiffmake.PackBits))
	h := rest.NewDirectory(services, nil)
	var mu sync.Mutex
	codes := map[int]int{}
	ask := func(service, query string) {
		start := time.Now()
		w := &discarder{header: http.Header{}}
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, fmt.Sprintf(
			"/%s/ImageServer/exportImage?f=image&size=%d,%d&bbox=0,0,32768,32768&%s", service, side, side, strings.ReplaceAll(query, `"`, "%22")), nil))
		mu.Lock()
		defer mu.Unlock()
		codes[w.code]++
		t.Logf("%s %s: %d, %d bytes, %.1f s, held up to now %d MB", service, query, w.code, w.bytes,
			time.Since(start).Seconds(), status(t, "VmHWM")>>20)
		if w.code != http.StatusOK && w.code != http.StatusRequestEntityTooLarge {
			t.Errorf("%d: %s", w.code, w.text)
		}
	}
	if *wholeMemory {
		for _, r := range heavy {
			ask(r.service, r.query)
		}
	}
	var clients sync.WaitGroup
	for _, r := range heavy {
		clients.Go(func() { ask(r.service, r.query) })
	}
	clients.Wait()
	fmt.Printf("peak %d bytes, statuses %v\n", status(t, "VmHWM"), codes)
	if *wholeMemory || *memoryBack {
		burst := status(t, "VmRSS")
		time.Sleep(time.Minute)
		later := status(t, "VmRSS")
		fmt.Printf("after the burst %d MB, a minute later %d MB\n", burst>>20, later>>20)
		assert.Less(t, later, max(burst*2/3, 100<<20))
	}
	assert.Equal(t, exportimage.Load{}, services[0].Gate.Load())
	assert.Positive(t, codes[http.StatusOK])
}

// A discarder is a client that reads everything and keeps the beginning of errors.
type discarder struct {
	header http.Header
	code   int
	bytes  int64
	text   string
}

func (d *discarder) Header() http.Header  { return d.header }
func (d *discarder) WriteHeader(code int) { d.code = code }
func (d *discarder) Write(p []byte) (int, error) {
	d.bytes += int64(len(p))
	if d.code >= 300 {
		d.text += string(p)
	}
	return len(p), nil
}

var _ io.Writer = (*discarder)(nil)
