package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster"
)

// counted makes a service count the TIFFs that it encodes.
func counted(s *exportimage.Service) *atomic.Int64 {
	var n atomic.Int64
	f := s.Formats["tiff"]
	write := f.Encode
	f.Encode = func(w io.Writer, m *raster.Image, o *encode.Options) error {
		n.Add(1)
		return write(w, m, o)
	}
	s.Formats["tiff"] = f
	return &n
}

// ask asks a handler for an image, with headers in pairs.
func ask(h http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return do(h, r)
}

const tiff = "/exportImage?f=image&format=tiff&bbox=0,0,64,64&size=64,64"

// Any part is the same bytes as in the whole, and all parts together cost one export.
func TestPartsAreThoseOfTheWhole(t *testing.T) {
	s, _ := service(ramp(t))
	n := counted(s)
	h := rest.NewHandler(s, nil)
	whole := get(h, tiff)
	require.Equal(t, http.StatusOK, whole.Code)
	body, tag := whole.Body.Bytes(), whole.Header().Get("ETag")
	size := len(body)
	assert.Equal(t, "bytes", whole.Header().Get("Accept-Ranges"))
	assert.Regexp(t, `^"[0-9a-f]{32}"$`, tag, "a strong tag")
	assert.Equal(t, "1", whole.Header().Get("Export-Coverage"))
	for _, name := range []string{"Content-Range", "ETag", "Export-Coverage"} {
		assert.Contains(t, whole.Header().Get("Access-Control-Expose-Headers"), name, "for scripts of other origins")
	}

	head := ask(h, http.MethodHead, tiff)
	assert.Equal(t, fmt.Sprint(size), head.Header().Get("Content-Length"))
	assert.Equal(t, "bytes", head.Header().Get("Accept-Ranges"))
	assert.Zero(t, head.Body.Len())
	n.Store(0)
	for asked, part := range map[string][2]int{
		"bytes=0-9": {0, 10}, "bytes=5-": {5, size}, "bytes=-7": {size - 7, size}, "bytes=0-0": {0, 1}, "bytes=9-999999999": {9, size},
		"bytes=-999999999": {0, size}, fmt.Sprintf("bytes=%d-", size-1): {size - 1, size},
	} {
		w := ask(h, http.MethodGet, tiff, "Range", asked)
		require.Equal(t, http.StatusPartialContent, w.Code, asked)
		assert.True(t, bytes.Equal(body[part[0]:part[1]], w.Body.Bytes()), asked)
		assert.Equal(t, fmt.Sprintf("bytes %d-%d/%d", part[0], part[1]-1, size), w.Header().Get("Content-Range"), asked)
		assert.Equal(t, tag, w.Header().Get("ETag"))
		assert.Equal(t, "image/tiff", w.Header().Get("Content-Type"))
	}

	w := ask(h, http.MethodGet, tiff, "Range", "bytes=0-3,10-13, -2")
	require.Equal(t, http.StatusPartialContent, w.Code)
	media, options, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/byteranges", media)
	parts := multipart.NewReader(w.Body, options["boundary"])
	for _, want := range [][]byte{body[:4], body[10:14], body[size-2:]} {
		part, err := parts.NextPart()
		require.NoError(t, err)
		got, err := io.ReadAll(part)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.Equal(t, "image/tiff", part.Header.Get("Content-Type"))
	}

	for _, asked := range []string{fmt.Sprintf("bytes=%d-", size), "bytes=9-3", "bytes=x", "bytes=-"} {
		w := ask(h, http.MethodGet, tiff, "Range", asked)
		assert.Equal(t, http.StatusRequestedRangeNotSatisfiable, w.Code, asked)
	}
	assert.Equal(t, fmt.Sprintf("bytes */%d", size),
		ask(h, http.MethodGet, tiff, "Range", "bytes=99999999-").Header().Get("Content-Range"))

	assert.Equal(t, http.StatusPartialContent, ask(h, http.MethodGet, tiff, "Range", "bytes=0-9", "If-Range", tag).Code)
	w = ask(h, http.MethodGet, tiff, "Range", "bytes=0-9", "If-Range", `"another"`)
	assert.Equal(t, http.StatusOK, w.Code, "the whole, of which the client has a part of an older one")
	assert.True(t, bytes.Equal(body, w.Body.Bytes()))
	assert.Equal(t, http.StatusOK, ask(h, http.MethodGet, tiff, "Range", "bytes=0-9", "If-Range", "W/"+tag).Code)
	assert.Equal(t, http.StatusNotModified, ask(h, http.MethodGet, tiff, "If-None-Match", tag).Code)
	assert.Equal(t, http.StatusPreconditionFailed, ask(h, http.MethodGet, tiff, "Range", "bytes=0-9", "If-Match", `"another"`).Code)
	assert.Equal(t, http.StatusOK, ask(h, http.MethodGet, tiff, "Range", "lines=1-2").Code, "of a unit that nobody knows")
	assert.LessOrEqual(t, n.Load(), int64(1), "the one without a range; HEAD had drawn that of all the others")

	// The link in a description is such an image.
	var j struct{ Href string }
	require.NoError(t, json.Unmarshal(get(h, strings.Replace(tiff, "f=image", "f=json", 1)).Body.Bytes(), &j))
	w = ask(h, http.MethodGet, j.Href, "Range", "bytes=0-9")
	assert.Equal(t, http.StatusPartialContent, w.Code)
	assert.Equal(t, body[:10], w.Body.Bytes())
}

// Images are kept for their age, and no more than there may be; a plain request never gets one that is kept.
func TestKeptImagesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := service(ramp(t))
		n := counted(s)
		gate := &exportimage.Gate{}
		s.Gate = gate
		h := rest.NewHandler(s, &rest.Options{Parts: rest.StoreLimits{Age: time.Minute, Files: 2}})
		part := func(target string) {
			t.Helper()
			require.Equal(t, http.StatusPartialContent, ask(h, http.MethodGet, target, "Range", "bytes=1-2").Code)
		}
		for range 3 {
			part(tiff)
		}
		assert.EqualValues(t, 1, n.Load())
		held := gate.Load().Bytes
		assert.Positive(t, held, "what is kept counts")
		get(h, tiff)
		assert.EqualValues(t, 2, n.Load())
		time.Sleep(61 * time.Second)
		part(tiff)
		assert.EqualValues(t, 3, n.Load(), "the kept one was too old")
		assert.Equal(t, held, gate.Load().Bytes)
		for _, other := range []string{"&noData=1", "&noData=2", "&noData=3"} {
			part(tiff + other)
		}
		assert.InDelta(t, 2*held, gate.Load().Bytes, 200, "of four images, two are kept")
		assert.Equal(t, exportimage.Load{}, without(gate.Load()))
		part(tiff)
		assert.EqualValues(t, 7, n.Load(), "the oldest had to go")
	})
}

// What is kept gives way to an export that needs its room.
func TestKeptImagesGiveWay(t *testing.T) {
	s, _ := service(ramp(t))
	n := counted(s)
	const large = "/exportImage?f=image&format=tiff&bbox=0,0,64,64&size=1200,1000&pixelType=F32"
	s.Limits = exportimage.Limits{Bytes: 1 << 30, Spool: 30 << 20, Workers: 1}
	s.Gate = exportimage.NewGate(s.Limits)
	h := rest.NewHandler(s, nil)
	for i := range 12 {
		w := ask(h, http.MethodGet, fmt.Sprintf("%s&noData=%d", large, i+1), "Range", "bytes=0-9")
		require.Equal(t, http.StatusPartialContent, w.Code, "%d: %s", i, w.Body)
	}
	assert.EqualValues(t, 12, n.Load())
	assert.LessOrEqual(t, s.Gate.Load().Spool, int64(30<<20))
	assert.Positive(t, s.Gate.Load().Spool, "some are kept")
}

// An answer for one request alone is kept for nobody.
func TestPersonalImagesAreNotKept(t *testing.T) {
	for name, s := range tenantServices(t) {
		s.Formats = encode.Default()
		n := counted(s)
		h := rest.NewHandler(s, nil)
		bodies := map[int]string{}
		for _, tenant := range []int{0, 1, 0, 1} {
			r := httptest.NewRequest(http.MethodGet, "/exportImage?f=image&format=tiff&size=16,16&bbox=0,0,300,300", nil)
			r.Header.Set("Range", "bytes=0-")
			w := do(h, r.WithContext(context.WithValue(r.Context(), tenantKey{}, tenant)))
			require.Equal(t, http.StatusPartialContent, w.Code, "%s: %s", name, w.Body)
			if old, ok := bodies[tenant]; ok {
				assert.Equal(t, old, w.Body.String(), name)
			}
			bodies[tenant] = w.Body.String()
		}
		assert.NotEqual(t, bodies[0], bodies[1], name)
		assert.EqualValues(t, 4, n.Load(), name)
	}
}

// A client that reads files in parts looks for others beside them, and takes any success for one.
func TestErrorsToReadersOfParts(t *testing.T) {
	s, _ := service(ramp(t))
	h := rest.NewHandler(s, &rest.Options{AlwaysOK: true})
	for _, beside := range []string{".aux.xml", ".ovr", ".msk"} {
		assert.Equal(t, http.StatusOK, get(h, tiff+"&f=image"+beside+"&format=x").Code)
		assert.Equal(t, http.StatusBadRequest, ask(h, http.MethodGet, "/exportImage?f=image"+beside, "Range", "bytes=0-16383").Code)
		assert.Equal(t, http.StatusBadRequest, ask(h, http.MethodHead, "/exportImage?f=image"+beside).Code)
	}
}

// GDAL opens an exported TIFF of any size at its address, and reads what is in the file.
func TestGDALReadsAnAddress(t *testing.T) {
	gdalinfo, err := exec.LookPath("gdalinfo")
	if err != nil {
		t.Skip("gdalinfo is not installed: not checked")
	}
	s, _ := service(scene(t))
	s.Formats = encode.Default()
	n := counted(s)
	server := httptest.NewServer(rest.NewHandler(s, nil))
	defer server.Close()
	checksum := regexp.MustCompile(`Checksum=(\d+)`)
	info := func(name string) []string {
		cmd := exec.Command(gdalinfo, "-checksum", name)
		cmd.Env = append(os.Environ(), "GDAL_HTTP_PROXY=", "http_proxy=")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		assert.Contains(t, string(out), "Driver: GTiff")
		return checksum.FindAllString(string(out), -1)
	}
	for _, size := range []string{"40,30", "3000,2500"} { // 22 MB
		target := "/exportImage?f=image&bbox=500000,5300000,506000,5306000&adjustAspectRatio=false&size=" + size + "&format=tiff"
		file := filepath.Join(t.TempDir(), "whole.tif")
		require.NoError(t, os.WriteFile(file, get(rest.NewHandler(s, nil), target).Body.Bytes(), 0o600))
		n.Store(0)
		remote := info("/vsicurl/" + server.URL + target)
		assert.EqualValues(t, 1, n.Load(), "one export for all parts")
		assert.Len(t, remote, 3)
		assert.Equal(t, info(file), remote)
	}
}
