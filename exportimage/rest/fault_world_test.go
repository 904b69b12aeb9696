package rest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/faultdisk"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/mosaic/mosaictest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
)

// A faultyWorld is services over the same rasters, with faults everywhere or, where faults are nil, with none.
type faultyWorld struct {
	services []*exportimage.Service
	handlers []http.Handler
	pool     *mosaic.Pool
	store    *rest.DirectoryStore
	disk     *faultdisk.Disk
	storeDir string
}

// faultyRasters are the rasters of those services. They are never changed.
type faultyRasters struct {
	datasets [][]raster.Dataset // by service
	boxes    []string           // of each service: its CRS and a box
	files    map[string][]byte
	world    *faultyWorld // of the batch that runs
}

func newFaultyRasters(t *testing.T) *faultyRasters {
	one := scene(t)
	info := one.Info()
	r := &faultyRasters{files: map[string][]byte{}}
	var scenes []raster.Dataset
	for i := range 3 {
		g := info.Grid
		g.Affine.C += float64(1500 * i)
		g.Affine.F += float64(700 * i)
		blk, err := one.Read(t.Context(), nil, 0, g.Bounds(), nil)
		require.NoError(t, err)
		scenes = append(scenes, rastertest.New(g, blk))

		m := &raster.Image{
			Grid: g, Type: raster.U8, Bands: 3, Opaque: true,
			Strips: func(yield func(*raster.Block, error) bool) { yield(blk, nil) },
		}
		var file bytes.Buffer
		compression := []geotiff.Compression{geotiff.Deflate, geotiff.LZW, geotiff.None}[i]
		o := &geotiff.EncodeOptions{Compression: compression, Overviews: i == 1}
		require.NoError(t, geotiff.Encode(&file, m, o))
		r.files[fmt.Sprintf("file_%d", i)] = file.Bytes()
	}
	r.datasets = [][]raster.Dataset{scenes, {ramp(t)}, {world(t)}, nil}
	utm := "32633 500000 5297000 509000 5307400"
	r.boxes = []string{utm, "3857 -20 -20 530 530", "4326 -180 -90 180 90", utm}
	return r
}

// serve makes services with those faults.
func (r *faultyRasters) serve(t *testing.T, dir string, f *rastertest.Faults) *faultyWorld {
	w := &faultyWorld{disk: &faultdisk.Disk{Dir: dir, Faults: f}, storeDir: t.TempDir()}
	cache := raster.NewCache(1 << 20) // small, so that blocks are read again and again
	w.pool = mosaic.NewPool(2, func(ctx context.Context, name string) (raster.Dataset, error) {
		data := r.files[name]
		src := rastertest.FaultySource(source.FromReaderAt(bytes.NewReader(data), int64(len(data))), f)
		return geotiff.Open(ctx, src, &geotiff.Options{Cache: cache})
	})
	var err error
	w.store, err = rest.NewDirectoryStore(w.storeDir, rest.StoreLimits{Bytes: 1 << 20, Files: 20},
		func(files rest.StoreFiles) rest.StoreFiles {
			if f == nil {
				return files
			}
			f.Pause(true)
			return w.disk.Folder(files)
		})
	require.NoError(t, err)
	f.Pause(false)
	for _, datasets := range r.datasets {
		var items mosaic.Slice
		for i, ds := range datasets {
			it := faultItem(i, ds.Info().Grid)
			it.Open = func(context.Context) (raster.Dataset, error) { return rastertest.Faulty(ds, f), nil }
			items = append(items, it)
		}
		if datasets == nil {
			for i, ds := range r.datasets[0] {
				it := faultItem(i, ds.Info().Grid)
				it.Open = func(ctx context.Context) (raster.Dataset, error) { return w.pool.Open(ctx, fmt.Sprintf("file_%d", i)) }
				items = append(items, it)
			}
		}
		s := &exportimage.Service{
			Name: "faulty", Catalog: mosaictest.Faulty(items, f), Cache: cache, Formats: spoolingFormats(),
			Logger: slog.New(slog.DiscardHandler), TempFile: w.disk.TempFile,
		}
		w.services = append(w.services, s)
		w.handlers = append(w.handlers, rest.NewHandler(s, &rest.Options{Output: w.store, BaseURL: "http://x"}))
	}
	return w
}

func faultItem(i int, g raster.Grid) *mosaic.Item {
	return &mosaic.Item{
		ID: int64(i + 1), Name: fmt.Sprintf("part %d", i), PixelSize: 10,
		Footprint: mosaic.Footprint{CRS: g.CRS, Envelope: g.Envelope()},
		Attrs:     map[string]any{"cloud": int64(10 - i), "day": time.Date(2020, 1, 1+i, 0, 0, 0, 0, time.UTC)},
	}
}

// spoolingFormats keep as good as nothing in memory.
func spoolingFormats() encode.Formats {
	formats := encode.Default()
	for name, f := range formats {
		inner := f.Encode
		f.Encode = func(w io.Writer, m *raster.Image, o *encode.Options) error {
			spooling := *o
			spooling.SpoolBytes = 100
			return inner(w, m, &spooling)
		}
		formats[name] = f
	}
	return formats
}

// close closes what the world holds open, and checks that nothing is left.
func (w *faultyWorld) close(t *testing.T) {
	w.disk.Faults.Pause(true)
	ctx := context.Background()
	// Whatever could not be deleted is deleted now.
	require.NoError(t, w.store.Put(ctx, "00000000000000000000000000000000.png", []byte("x")))
	require.NoError(t, w.pool.Close())
	require.NoError(t, w.store.Close())
	require.Zero(t, w.disk.Open(), "open files")
	entries, err := os.ReadDir(w.storeDir)
	require.NoError(t, err)
	require.LessOrEqual(t, len(entries), 20)
	for _, e := range entries {
		require.NotContains(t, e.Name(), ".part")
	}
	left, err := os.ReadDir(w.disk.Dir)
	require.NoError(t, err)
	require.Empty(t, left, "temporary files")
}

// A faultRequest is a random request to one of the services.
type faultRequest struct {
	service int
	query   url.Values
}

func (r *faultyRasters) request(rnd *rand.Rand) faultRequest {
	service := rnd.IntN(len(r.boxes))
	one := func(of ...string) string { return of[rnd.IntN(len(of))] }
	var sr int
	var box [4]float64
	if _, err := fmt.Sscan(r.boxes[service], &sr, &box[0], &box[1], &box[2], &box[3]); err != nil {
		panic(err)
	}
	side := .05 + rnd.Float64()
	x := box[0] + (box[2]-box[0])*(rnd.Float64()-side/2)
	y := box[1] + (box[3]-box[1])*(rnd.Float64()-side/2)
	q := url.Values{
		"bbox": {fmt.Sprintf("%.6f,%.6f,%.6f,%.6f", x, y, x+side*(box[2]-box[0]), y+side*(box[3]-box[1]))},
		"size": {fmt.Sprintf("%d,%d", 1+rnd.IntN(120), 1+rnd.IntN(120))}, "bboxSR": {fmt.Sprint(sr)},
		"format":            {one("png", "png8", "png24", "png32", "jpg", "jpgpng", "gif", "bmp", "tiff", "bip", "bsq")},
		"interpolation":     {one("RSP_BilinearInterpolation", "RSP_CubicConvolution", "RSP_NearestNeighbor", "RSP_Majority")},
		"adjustAspectRatio": {one("true", "false")}, "imageSR": {one("", "", fmt.Sprint(sr), "3857", "4326", "54030")},
		"pixelType": {one("", "", "U8", "S16", "F32", "F64")}, "noData": {one("", "", "7")},
		"compression": {one("", "LZ77")},
		"mosaicRule": {one("", "", `{"mosaicMethod":"esriMosaicNorthwest","mosaicOperation":"MT_MEAN"}`,
			`{"mosaicMethod":"esriMosaicAttribute","sortField":"cloud","mosaicOperation":"MT_LAST"}`,
			`{"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[1]}`, `{"mosaicOperation":"MT_BLEND"}`,
			`{"mosaicMethod":"esriMosaicNone","where":"cloud > 8","mosaicOperation":"MT_MAX"}`)},
		"renderingRule": {one("", "", "", `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5}}`,
			`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[0]}}`)},
	}
	if rnd.IntN(40) == 0 { // an answer that waits in a file
		q.Set("size", "900,800")
		q.Set("format", one("bsq", "tiff", "bmp"))
		q.Set("pixelType", "F64")
	}
	return faultRequest{service, q}
}
