package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/testdata"
)

const request = "/exportImage?f=image&format=png&size=200,150&imageSR=3857&bbox=-20,30,40,60&bboxSR=4326"

func demo(t testing.TB, name string) []byte {
	data, err := testdata.Demo.ReadFile("demo/" + name)
	require.NoError(t, err)
	return data
}

func get(t testing.TB, h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
	return w
}

// near returns the image of a file that is read from the disk.
func near(t testing.TB, data []byte) []byte {
	file := t.TempDir() + "/a.tif"
	require.NoError(t, os.WriteFile(file, data, 0o600))
	ds, err := geotiff.OpenFile(file, nil)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, ds.Close()) })
	s := &exportimage.Service{Catalog: mosaic.Slice{{ID: 1, Name: "a",
		Footprint: mosaic.Footprint{CRS: ds.Info().Grid.CRS, Envelope: ds.Info().Grid.Envelope()},
		Open:      func(context.Context) (raster.Dataset, error) { return ds, nil }}}}
	w := get(t, rest.NewHandler(s, nil), request)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	return w.Body.Bytes()
}

// fakeS3 returns the options that make s3blob use a server of this process, with buckets of these names, and counts requests.
func fakeS3(t *testing.T, names ...string) (query string, requests func() []string) {
	backend := s3mem.New()
	for _, name := range names {
		require.NoError(t, backend.CreateBucket(name))
	}
	var seen []string
	fake := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Method+" "+r.URL.Path+" "+r.Header.Get("Range"))
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	v := url.Values{"region": {"eu-central-1"}, "endpoint": {server.URL}, "use_path_style": {"true"}}
	return "?" + v.Encode(), func() []string { s := seen; seen = nil; return s }
}

func TestS3(t *testing.T) {
	query, requests := fakeS3(t, "scenes", "pictures")
	bucket, err := blob.OpenBucket(t.Context(), "s3://scenes"+query)
	require.NoError(t, err)
	defer func() { assert.NoError(t, bucket.Close()) }()
	require.NoError(t, bucket.WriteAll(t.Context(), "2026/world.tif", demo(t, "world.tif"), nil))
	require.NoError(t, bucket.WriteAll(t.Context(), "2026/notes.txt", []byte("not a raster"), nil))
	requests()

	files := newOpened()
	defer func() { assert.NoError(t, files.Close()) }()
	h, err := newHandler(t.Context(), options{
		store:    "s3://pictures/out/" + query,
		services: []string{"s3://scenes/2026/world.tif" + query, "all=s3://scenes/2026/" + query},
	}, files)
	require.NoError(t, err)
	want := near(t, demo(t, "world.tif"))

	requests()
	w := get(t, h, root+"world/ImageServer"+request)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	assert.True(t, bytes.Equal(want, w.Body.Bytes()))
	asked := requests()
	assert.LessOrEqual(t, len(asked), 3, "%q", asked)
	for _, r := range asked {
		assert.Contains(t, r, "GET /scenes/2026/world.tif bytes=")
	}
	w = get(t, h, root+"all/ImageServer"+request)
	assert.True(t, bytes.Equal(want, w.Body.Bytes()))

	// The link leads to the bucket itself, and holds the picture.
	w = get(t, h, root+"world/ImageServer"+strings.Replace(request, "f=image", "f=json", 1))
	var answer struct{ Href string }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
	assert.Contains(t, answer.Href, "/pictures/out/")
	assert.Contains(t, answer.Href, "X-Amz-Signature=")
	res, err := http.Get(answer.Href)
	require.NoError(t, err)
	defer func() { assert.NoError(t, res.Body.Close()) }()
	got, err := png.Decode(res.Body)
	require.NoError(t, err)
	assert.Equal(t, image.Rect(0, 0, 200, 150), got.Bounds())
}

func TestMissing(t *testing.T) {
	query, _ := fakeS3(t, "scenes")
	files := newOpened()
	defer func() { assert.NoError(t, files.Close()) }()
	for service, text := range map[string]string{
		"s3://scenes/none.tif" + query: "scenes/none.tif",
		"s3://scenes/none/" + query:    "s3://scenes/none/: there is no raster",
		"none.tif":                     "neither a scheme nor a bucket",
	} {
		_, err := newHandler(t.Context(), options{services: []string{service}}, files)
		assert.ErrorContains(t, err, text, service)
	}
}

// A file that is replaced while its service runs is shown as it is from then on, or not at all, and never in parts.
func TestReplaced(t *testing.T) {
	bucket := memblob.OpenBucket(nil)
	defer func() { assert.NoError(t, bucket.Close()) }()
	first := demo(t, "world.tif")
	require.NoError(t, bucket.WriteAll(t.Context(), "a.tif", first, nil))
	files := newOpened()
	const address = "mem://memory"
	files.buckets.Add(address, bucket)
	files.buckets.Refresh = time.Millisecond
	s, err := files.rasters.Open(t.Context(), address+"/a.tif")
	require.NoError(t, err)
	defer func() { assert.NoError(t, files.rasters.Close()) }()
	h := rest.NewHandler(s, nil)
	require.True(t, bytes.Equal(near(t, first), get(t, h, request).Body.Bytes()))

	w := get(t, h, "/exportImage?f=image&format=tiff&size=1920,960&bandIds=0,0,0&bbox=-180,-90,180,90&bboxSR=4326")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	second := w.Body.Bytes()
	want := near(t, second)
	require.False(t, bytes.Equal(near(t, first), want))
	require.NoError(t, bucket.WriteAll(t.Context(), "a.tif", second, nil))
	w = get(t, h, request+"&interpolation=RSP_NearestNeighbor") // which the first file's blocks in the cache would suffice for
	assert.Contains(t, []int{http.StatusOK, http.StatusServiceUnavailable}, w.Code, w.Body.String())
	require.Eventually(t, func() bool {
		w := get(t, h, request)
		return w.Code == http.StatusOK && bytes.Equal(w.Body.Bytes(), want)
	}, 10*time.Second, 10*time.Millisecond)
}
