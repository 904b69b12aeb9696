package exportimage_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/diskcache"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

// privately opens URLs at any address.
func privately(t *testing.T) source.Schemes {
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return (&httpsource.Client{HTTP: http.DefaultClient, Whole: 1 << 20}).Schemes()
}

// demoServer serves the demo, and texts by their paths.
func demoServer(t *testing.T, texts map[string]string) (url string, requests func() int) {
	files, n := http.FileServer(http.Dir(demoFolder)), 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		if text, ok := texts[r.URL.RequestURI()]; ok {
			fmt.Fprint(w, strings.ReplaceAll(text, "SERVER", "http://"+r.Host)) // as a whole, as APIs do
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() int { return n }
}

func TestOpenFar(t *testing.T) {
	url, requests := demoServer(t, nil)
	for path, name := range map[string]string{"/world.tif": "world", "/olinda_mosaic/olinda_west.tif?token=1": "olinda_west"} {
		o := exportimage.Opener{Schemes: privately(t)}
		before := requests()
		src, err := o.Rasters(t.Context(), url+path)
		require.NoError(t, err)
		assert.Equal(t, 1, requests()-before, "one request opens a cloud-optimized file")
		assert.Equal(t, name, src.Name)
		assert.Equal(t, "1:"+name, listed(src.Items))
		file, _, _ := strings.Cut(path, "?")
		disk, err := o.Rasters(t.Context(), demoFolder+file)
		require.NoError(t, err)
		assert.Equal(t, disk.Items[0].Footprint, src.Items[0].Footprint)
		require.NoError(t, o.Close())
	}
	public := exportimage.Opener{Schemes: (&httpsource.Client{}).Schemes()}
	_, err := public.Rasters(t.Context(), url+"/world.tif")
	require.ErrorAs(t, err, new(*source.AddressError), "the address is not a public one")
	_, err = new(exportimage.Opener).Rasters(t.Context(), "https://me:secret@example.com/world.tif?token=secret")
	require.EqualError(t, err, `https://example.com/world.tif: no Scheme opens URLs of "https"`)
	assert.Equal(t, exportimage.Unsupported, exportimage.AsError(err).Kind)
	private := exportimage.Opener{Schemes: privately(t)}
	for path, want := range map[string]string{
		"/none.tif?token=secret": "404", "/olinda_mosaic/?token=secret": "cannot list files", "/olinda_mosaic/catalog.csv?token=secret": "neither a raster",
		"/world.tif?token=secret#visual": "it is a raster, and has no asset",
	} {
		_, err = private.Rasters(t.Context(), url+path)
		require.ErrorContains(t, err, want, path)
		assert.NotContains(t, err.Error(), "secret")
		assert.Equal(t, 1, strings.Count(err.Error(), "http://"), "%v", err)
	}
}

// What was fetched is kept for the next Opener: it asks the server for the beginning of the file, and no more.
func TestOpenFarFromADiskCache(t *testing.T) {
	url, requests := demoServer(t, nil)
	disk, err := diskcache.Open(t.TempDir(), nil)
	require.NoError(t, err)
	defer disk.Close()
	var first *raster.Block
	for i := range 2 {
		o := exportimage.Opener{Schemes: disk.Schemes(privately(t))}
		src, err := o.Rasters(t.Context(), url+"/world.tif")
		require.NoError(t, err)
		ds, err := src.Items[0].Open(t.Context())
		require.NoError(t, err)
		before := requests()
		got, err := ds.Read(t.Context(), nil, 0, image.Rect(0, 0, 1920, 960), []int{0})
		require.NoError(t, err)
		if i == 0 {
			require.Greater(t, requests(), before)
			first = got
		}
		require.Equal(t, first.Bands, got.Bands)
		if i == 1 {
			require.Equal(t, before, requests())
		}
		require.NoError(t, o.Close())
	}
}

// worldItem is a STAC item of the world.
func worldItem(id string, assets string) string {
	return `{"type":"Feature","stac_version":"1.0.0","id":"` + id + `","properties":{"datetime":"2020-01-02T03:04:05Z"},"geometry":
		{"type":"Polygon","coordinates":[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]},"assets":{` + assets + `}}`
}

// drawn is the picture of the whole of what paths hold.
func wholeOf(t *testing.T, o *exportimage.Opener, paths ...string) []byte {
	t.Helper()
	defer func() { require.NoError(t, o.Close()) }()
	s, err := o.Open(t.Context(), paths...)
	require.NoError(t, err)
	res, err := s.Export(t.Context(), exportimage.Request{Size: image.Pt(80, 40), Format: "png32"})
	require.NoError(t, err)
	require.True(t, res.Trace.Covered)
	return res.Data
}

func TestOpenSTAC(t *testing.T) {
	url, _ := demoServer(t, map[string]string{
		"/stac/item.json":       worldItem("A", `"visual":{"href":"../world.tif"},"thumb":{"href":"nothing.png"},"mask":{"href":"SERVER/x.tif"}`),
		"/stac/one.json":        worldItem("A", `"data":{"href":"SERVER/world.tif"}`),
		"/stac/collection.json": `{"type":"Collection","stac_version":"1.0.0","links":[{"rel":"item","href":"one.json"}]}`,
		"/search?collections=a": `{"type":"FeatureCollection","features":[],"links":[{"rel":"next","href":"SERVER/search?collections=a&page=2"}]}`,
		"/search?collections=a&page=2": `{"type":"FeatureCollection","features":[` +
			worldItem("A", `"data":{"href":"/world.tif"}`) + `]}`,
		"/empty": `{"type":"FeatureCollection","features":[]}`,
	})
	want := wholeOf(t, &exportimage.Opener{}, demoFolder+"/world.tif")
	for _, path := range []string{"/stac/item.json#visual", "/stac/one.json", "/stac/collection.json", "/search?collections=a"} {
		assert.Equal(t, want, wholeOf(t, &exportimage.Opener{Schemes: privately(t)}, url+path), path)
	}
	assert.Equal(t, want, wholeOf(t, &exportimage.Opener{Schemes: privately(t), Asset: "visual"}, url+"/stac/item.json"))

	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
		return name
	}
	world, err := os.ReadFile(demoFolder + "/world.tif")
	require.NoError(t, err)
	write("data/world.tif", string(world))
	write("items/a.json", worldItem("A", `"data":{"href":"../data/world.tif"}`))
	near := write("collection.json", `{"type":"Collection","links":[{"rel":"item","href":"./items/a.json"}]}`)
	assert.Equal(t, want, wholeOf(t, &exportimage.Opener{}, near))
	far := write("far.json", worldItem("A", `"data":{"href":"`+url+`/world.tif"}`))
	assert.Equal(t, want, wholeOf(t, &exportimage.Opener{Schemes: privately(t), Allow: []string{"http://"}}, far))

	for name, c := range map[string]struct {
		o    *exportimage.Opener
		path string
		as   any
	}{
		"the asset lies on this machine": {&exportimage.Opener{Schemes: privately(t)}, far, new(*mosaic.LocationError)},
		"URLs are not opened":            {&exportimage.Opener{Allow: []string{"http://"}}, far, new(*source.SchemeError)},
		"addresses are public":           {&exportimage.Opener{Schemes: (&httpsource.Client{}).Schemes(), Allow: []string{"http://"}}, far, new(*source.AddressError)},
		"the asset is out of the folder": {&exportimage.Opener{}, dir + "/items/a.json", new(*mosaic.LocationError)},
	} {
		s, err := c.o.Open(t.Context(), c.path)
		require.NoError(t, err, name)
		_, err = s.Export(t.Context(), exportimage.Request{Size: image.Pt(8, 4)})
		require.ErrorAs(t, err, c.as, name)
		require.NoError(t, c.o.Close())
	}
	o := exportimage.Opener{Schemes: privately(t)}
	defer o.Close()
	_, err = o.Open(t.Context(), url+"/empty")
	require.ErrorContains(t, err, "it lists no raster")
	_, err = o.Open(t.Context(), url+"/stac/item.json#other")
	require.ErrorContains(t, err, `it has no asset "other"`)
}

// The landing page of an API opens as what its search finds, which shows what comes later. Nothing is read but pages of
// the search and the collections.
func TestOpenSTACAPI(t *testing.T) {
	files, scenes := http.FileServer(http.Dir(demoFolder)), atomic.Int32{}
	scenes.Store(1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := "http://" + r.Host
		collection := `{"type":"Collection","id":"c","links":[{"rel":"root","href":"` + at + `/api"},{"rel":"items","href":"` + at + `/x"}],
			"extent":{"spatial":{"bbox":[[-180,-90,180,90]]},"temporal":{"interval":[["2020-01-01T00:00:00Z",null]]}}}`
		switch r.URL.Path {
		case "/api":
			fmt.Fprint(w, `{"type":"Catalog","stac_version":"1.0.0","links":[{"rel":"child","href":"`+at+`/never"},
				{"rel":"search","href":"`+at+`/api/search"},{"rel":"data","href":"`+at+`/api/collections"}]}`)
		case "/api/collections":
			fmt.Fprint(w, `{"collections":[`+collection+`]}`)
		case "/api/collections/c":
			fmt.Fprint(w, collection)
		case "/api/search":
			var items []string
			for i := range scenes.Load() {
				items = append(items, worldItem(fmt.Sprint("s", i), `"data":{"href":"/world.tif"}`))
			}
			fmt.Fprintf(w, `{"type":"FeatureCollection","numberMatched":%d,"features":[%s]}`, len(items), strings.Join(items, ","))
		default:
			files.ServeHTTP(w, r)
		}
	}))
	defer server.Close()
	want := wholeOf(t, &exportimage.Opener{}, demoFolder+"/world.tif")
	for _, path := range []string{"/api", "/api/collections/c", "/api#data"} {
		assert.Equal(t, want, wholeOf(t, &exportimage.Opener{Schemes: privately(t)}, server.URL+path), path)
	}
	o := &exportimage.Opener{Schemes: privately(t), Refresh: time.Nanosecond}
	defer o.Close()
	s, err := o.Open(t.Context(), server.URL+"/api")
	require.NoError(t, err)
	s.Refresh = time.Nanosecond
	for n := range int32(3) {
		scenes.Store(n + 1)
		d, err := s.Describe(t.Context())
		require.NoError(t, err)
		assert.EqualValues(t, n+1, d.Rasters)
	}
	res, err := s.Export(t.Context(), exportimage.Request{Size: image.Pt(80, 40), Format: "png32"})
	require.NoError(t, err)
	assert.Equal(t, want, res.Data)
}

// What a file is, its content decides; its name, where the content says nothing.
func TestOpenByContent(t *testing.T) {
	o := exportimage.Opener{Logger: slog.New(slog.DiscardHandler)}
	defer o.Close()
	world, err := os.ReadFile(demoFolder + "/puertorico_landcover.tif")
	require.NoError(t, err)
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 3))))
	packed, err := os.Open("../mosaic/testdata/index.gpkg.gz")
	require.NoError(t, err)
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	require.NoError(t, err)
	index, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	file := func(b []byte) *fstest.MapFile { return &fstest.MapFile{Data: b} }
	fsys := fstest.MapFS{
		"landcover.dat": file(world), "landcover.png": file(world), "landcover": file(world),
		"p.tif": file(picture.Bytes()), "p.wld": file([]byte("1\n0\n0\n-1\n0\n0\n")), "p.prj": file([]byte(`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]`)),
		"index.xyz": file(index), "scene.jp2": file([]byte("\x00\x00\x00\x0cjP  \r\n\x87\n")), "empty": file(nil), "empty.tif": file(nil),
		"2020/a/B04.tif": file(world), "2020/b/B04.tif": file(world), "2020/b/B05.tif": file(world),
	}
	for name, want := range map[string]string{
		"landcover.dat": "1:landcover", "landcover.png": "1:landcover", "landcover": "1:landcover", "p.tif": "1:p",
		"2020/*/B04.tif": "1:B04 2:B04", "*/?/B0[5-9].tif": "1:B05",
	} {
		r, err := o.RastersFS(t.Context(), fsys, name)
		require.NoError(t, err, name)
		assert.Equal(t, want, listed(r.Items), name)
	}
	r, err := o.RastersFS(t.Context(), fsys, "index.xyz")
	require.NoError(t, err)
	assert.NotEmpty(t, r.Items)
	for name, want := range map[string]string{
		"scene.jp2": "scene.jp2: files of its format, JPEG 2000, are not read",
		"empty":     "empty: it is neither a raster of a format that is read, nor a tile index or a STAC document",
		"empty.tif": "geotiff: ", "2020/*/B09.tif": "no file matches", "2020/*/[": "syntax error in pattern",
	} {
		_, err := o.RastersFS(t.Context(), fsys, name)
		require.ErrorContains(t, err, want, name)
		if strings.Contains(want, "it") {
			assert.Equal(t, exportimage.Unsupported, exportimage.AsError(err).Kind, name)
		}
	}
	_, err = o.RastersFS(t.Context(), fsys, "none.tif")
	assert.Equal(t, exportimage.NotFound, exportimage.AsError(err).Kind)
}

// A scheme of one's own opens files, lists them, and closes what it opened.
func TestOpenBucket(t *testing.T) {
	var open atomic.Int64 // the pool opens and closes side by side
	bucket := source.Schemes{"s3": {
		Open: func(_ context.Context, location string) (source.Source, error) {
			name, _, _ := strings.Cut(strings.TrimPrefix(location, "s3://bucket/"), "?")
			data, err := os.ReadFile(filepath.Join(demoFolder, name))
			open.Add(1)
			return &closable{source.FromReaderAt(bytes.NewReader(data), int64(len(data))), &open}, err
		},
		List: func(_ context.Context, location string) (urls []string, err error) {
			u, query, _ := strings.Cut(location, "?")
			dir := strings.TrimPrefix(u, "s3://bucket/")
			err = fs.WalkDir(os.DirFS(demoFolder), filepath.Clean(dir), func(path string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					urls = append(urls, "s3://bucket/"+path+"?"+query)
				}
				return err
			})
			return urls, err
		},
	}}
	o := exportimage.Opener{Schemes: bucket, Most: 2}
	for path, want := range map[string]string{
		"s3://bucket/olinda_mosaic/?region=x": "1:olinda_coarse 2:olinda_east_utm24 3:olinda_west",
		"s3://bucket/*o*.tif?region=x":        "1:olinda_elevation 2:olinda_landsat7 3:puertorico_landcover 4:world",
		"s3://bucket/world.tif":               "1:world",
	} {
		r, err := o.Rasters(t.Context(), path)
		require.NoError(t, err, path)
		assert.Equal(t, want, listed(r.Items), path)
	}
	assert.LessOrEqual(t, open.Load(), int64(2), "the pool closes what has no place")
	_, err := o.Rasters(t.Context(), "s3://bucket/none-*.tif")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, o.Close())
	assert.Zero(t, open.Load())
	_, err = o.Rasters(t.Context(), "s3://bucket/world.tif")
	require.ErrorContains(t, err, "was closed")
}

// closable counts how many of its kind are open.
type closable struct {
	source.Source
	open *atomic.Int64
}

func (c *closable) Close() error {
	c.open.Add(-1)
	return nil
}

func TestOpenAService(t *testing.T) {
	s, err := exportimage.Open(t.Context(), demoFolder+"/olinda_mosaic", demoFolder+"/world.tif")
	require.NoError(t, err)
	assert.Equal(t, "olinda_mosaic", s.Name)
	res, err := s.Export(t.Context(), exportimage.Request{Size: image.Pt(40, 20)})
	require.NoError(t, err)
	assert.True(t, res.Trace.Covered)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err = s.Export(t.Context(), exportimage.Request{Size: image.Pt(50, 20)})
	require.Error(t, err)
	require.NoError(t, new(exportimage.Service).Close())
	_, err = exportimage.Open(t.Context(), demoFolder+"/none.tif")
	require.Error(t, err)
	s, err = exportimage.OpenWith(t.Context(), &exportimage.Opener{}, demoFolder+"/world.tif")
	require.NoError(t, err)
	require.NoError(t, s.Close())
}
