package rest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// post sends a body of a type to a handler.
func post(h http.Handler, target, media, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	return do(h, r)
}

// A body is read in whatever form it comes: the picture is that of the query.
func TestBodiesOfEveryForm(t *testing.T) {
	h := handler(t)
	want := get(h, "/exportImage?f=image&bbox=-117,34,-116,35&bboxSR=4326&size=20,10&format=png32&noData=64,65")
	require.Equal(t, http.StatusBadRequest, want.Code, "two values for one band")
	want = get(h, "/exportImage?f=image&bbox=-117,34,-116,35&bboxSR=4326&size=20,10&format=png32")
	require.Equal(t, http.StatusOK, want.Code)
	const form = "f=image&bbox=-117,34,-116,35&bboxSR=4326&size=20,10&format=png32"
	var parts bytes.Buffer
	m := multipart.NewWriter(&parts)
	for name, values := range must(url.ParseQuery(form)) {
		require.NoError(t, m.WriteField(name, values[0]))
	}
	file, err := m.CreateFormFile("mosaicRule", "rule.json")
	require.NoError(t, err)
	_, err = io.WriteString(file, `{"where":"1=1"}`)
	require.NoError(t, err)
	require.NoError(t, m.Close())
	for _, c := range []struct{ target, media, body string }{
		{"/exportImage", "application/x-www-form-urlencoded", form},
		{"/exportImage", "application/x-www-form-urlencoded; charset=UTF-8", form},
		{"/exportImage", "text/plain;charset=UTF-8", form}, {"/exportImage", "", form},
		{"/exportImage?f=image", "application/json", `{"bbox":"-117,34,-116,35","bboxSR":4326,"size":[20,10],"format":"png32","time":null}`},
		{"/exportImage", "text/plain", `{"f":"image","bbox":[-117,34,-116,35],"bboxSR":{"wkid":4326},"size":"20,10","format":"png32"}`},
		{"/exportImage", "application/x-www-form-urlencoded", ` {'f':'image','bbox':{'xmin':-117,'ymin':34,'xmax':-116,'ymax':35},'bboxSR':4326,'size':'20,10','format':'png32'}`},
		{"/exportImage", "application/vnd.api+json", `{"f":"image","bbox":"-117,34,-116,35","bboxSR":"4326","size":"20,10","format":"png32","mosaicRule":{"where":"1=1"},"adjustAspectRatio":true}`},
		{"/exportImage?f=image&amp;bbox=-117,34,-116,35&amp;bboxSR=4326&amp;size=20,10&amp;format=png32", "", ""},
		{"/exportImage", m.FormDataContentType(), parts.String()},
	} {
		w := post(h, c.target, c.media, c.body)
		require.Equal(t, http.StatusOK, w.Code, "%s %s: %s", c.media, c.body, w.Body)
		assert.Equal(t, want.Body.Bytes(), w.Body.Bytes(), "%s %s", c.media, c.body)
	}
	r := httptest.NewRequest(http.MethodGet, "/exportImage", strings.NewReader(form))
	assert.Equal(t, want.Body.Bytes(), do(h, r).Body.Bytes(), "the body of a GET")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A body that is not understood is an error, never a picture without its parameters.
func TestBodiesThatAreNotRead(t *testing.T) {
	h := handler(t)
	for _, c := range []struct{ media, body, want string }{
		{"application/json", `[1]`, "the body is no JSON object"}, {"application/json", `{"size":`, "well-formed"},
		{"application/json", `{"size":"5,5","size":"6,6"}`, `"size\" comes twice`},
		{"application/xml", "<a/>", `a body of type \"application/xml\" is not one of the types that are read`},
		{"image/png", "x", `type \"image/png\"`}, {"multipart/form-data", "x", "parameters cannot be read"},
		{"application/json", strings.Repeat("[", 500), "nests deeper"}, {"application/json", `{"a":"` + strings.Repeat("x", 2<<20), "longer than"},
	} {
		w := post(h, "/exportImage?f=image&size=9,9", c.media, c.body)
		assert.GreaterOrEqual(t, w.Code, 400, c.media)
		assert.Contains(t, w.Body.String(), c.want, c.media)
	}
	r := httptest.NewRequest(http.MethodPost, "/exportImage?f=image", strings.NewReader("\x1f\x8b"))
	r.Header.Set("Content-Encoding", "gzip")
	assert.Contains(t, do(h, r).Body.String(), `packed by \"gzip\" is not read`)
	w := post(h, "/exportImage?f=image&size=9,9", "application/json", `{"size":[5,5]}`)
	assert.Contains(t, w.Body.String(), "comes twice", "in query and body")
}

// A semicolon is a part of the value in which it stands.
func TestSemicolonsInQueries(t *testing.T) {
	h := handler(t)
	w := get(h, "/exportImage?f=json&explain=true&size=9,9&mosaicRule=%7B%22where%22:%22Name%20%3C%3E%20'a;b'%22%7D&note=a;b")
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	assert.Contains(t, w.Body.String(), "note: the operation has no such parameter")
	w = get(h, "/exportImage?f=json&bbox=0;0;9;9")
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Contains(t, w.Body.String(), `\"0;0;9;9\" is not a number`)
}

// What was forgiven stands in the trace, of the form and of the parameters.
func TestForgivenThingsAreListed(t *testing.T) {
	w := post(handler(t), "/exportImage", "application/json",
		`{'f':'+json','explain':true,'size':'9,9','interpolation':'+RSP_Bilinear','mosaicRule':{'ascending':'true','fids':'1'}}`)
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	for _, note := range []string{
		`"a body in JSON"`, `"single quotes"`, `"interpolation: a plus sign for a blank"`,
		`"interpolation: \"RSP_Bilinear\" for RSP_BilinearInterpolation"`, `"mosaicRule: ascending: true or false as text or number"`,
		`"mosaicRule: fids: a list as text"`, `"coverage":0.5555`,
	} {
		assert.Contains(t, w.Body.String(), note)
	}
}

// Messages for strangers name no package, and what was forgiven before an error.
func TestMessagesForStrangers(t *testing.T) {
	h := handler(t)
	for query, want := range map[string]string{
		"mosaicRule={'where':'Month = '}":                    `"mosaicRule: condition, at byte 7: it ends where a value is expected"`,
		"mosaicRule={\"sortField\":\"a\",\"where\":\"x=1\"}": `"mosaicRule: condition: there is no field \"x\""`,
		"imageSR=999999": `"imageSR: unknown spatial reference 999999"`,
		`renderingRule={"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":"$1","Raster2":"$9","Operation":3}}`: `"renderingRule: the catalogue has no rasters [9]"`,
		"mosaicRule={'mosaicMethod':'Sideways'}": `(forgiven: single quotes)`,
		"bbox=1e7,0,2e7,1e6&validateExtent=true": `bboxSR was not stated, so that the box is in EPSG:4326`,
	} {
		w := get(h, "/exportImage?f=image&size=9,9&"+strings.NewReplacer(" ", "%20", `"`, "%22").Replace(query))
		assert.GreaterOrEqual(t, w.Code, 400, query)
		assert.Contains(t, w.Body.String(), want, query)
		assert.NotRegexp(t, `(mosaic|srs|encode|raster): `, strings.ReplaceAll(w.Body.String(), "mosaicRule", ""), query)
	}
}

// A program that speaks HTTP/1.0 states no host. It gets a link that begins with the path.
func TestHTTP10WithoutHost(t *testing.T) {
	s, _ := service(world(t))
	for _, trust := range []bool{false, true} {
		server := httptest.NewServer(rest.NewHandler(s, &rest.Options{TrustHost: trust}))
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		_, err = fmt.Fprint(conn, "GET /exportImage?f=json&size=9,9 HTTP/1.0\r\n\r\n")
		require.NoError(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, res.StatusCode)
		assert.Contains(t, string(body), `"href":"/exportImage?f=image&size=9%2C9"`)
		require.NoError(t, conn.Close())
		server.Close()
	}
}
