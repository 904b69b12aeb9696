package httpsource_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"image"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/geoexport/geoexport/internal/faultserver"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server and returns its URL and a client that may reach it.
func serve(t *testing.T, h http.Handler, c *httpsource.Client) (string, *httpsource.Client) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c.HTTP = server.Client()
	t.Cleanup(c.HTTP.CloseIdleConnections)
	return server.URL, c
}

func noise(n int) []byte {
	b := make([]byte, n)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// TestFaults reads at random from a server that goes wrong in every way: what is read is right, or there is an error that
// names the file.
func TestFaults(t *testing.T) {
	data := noise(3 << 20)
	h := &faultserver.Handler{Rate: 0.3, Seed: 7}
	h.Put("/a.tif", data)
	at, c := serve(t, h, &httpsource.Client{Pause: time.Microsecond, Retries: 2, Longest: 200 << 10})
	rng := rand.New(rand.NewPCG(3, 4))
	failed, reads := 0, 0
	for range 40 {
		src, err := c.Open(t.Context(), at+"/a.tif")
		if err != nil {
			assert.ErrorContains(t, err, at+"/a.tif")
			failed++
			continue
		}
		if src.Size() != int64(len(data)) { // the page of text, or another total: whoever reads on finds out
			continue
		}
		for range 25 {
			reads++
			var ranges []source.Range
			for off := int64(0); len(ranges) < 1+rng.IntN(5); {
				off += rng.Int64N(600 << 10)
				n := rng.Int64N(300 << 10)
				if off+n > int64(len(data)) {
					break
				}
				ranges = append(ranges, source.Range{Offset: off, Buffer: make([]byte, n)})
			}
			if err := src.ReadRanges(t.Context(), ranges); err != nil {
				failed++
				assert.ErrorContains(t, err, "/a.tif")
				if errors.As(err, new(*source.ChangedError)) {
					break // another total
				}
				continue
			}
			for _, r := range ranges {
				require.True(t, bytes.Equal(data[r.Offset:r.Offset+int64(len(r.Buffer))], r.Buffer))
			}
		}
	}
	t.Logf("%d reads, %d failed, %d requests", reads, failed, h.Requests())
	for f := faultserver.Drop; f <= faultserver.Encoded; f++ {
		assert.NotZero(t, h.Drawn(f), "fault %d", f)
	}
	assert.NotZero(t, failed)
	assert.Less(t, failed, reads/2)
}

// TestStructure: reads of a header of 200 KiB take three requests, the first included (T86).
func TestStructure(t *testing.T) {
	data := noise(1 << 20)
	h := &faultserver.Handler{}
	h.Put("/a", data)
	at, c := serve(t, h, &httpsource.Client{})
	var counter source.Counter
	ctx := source.WithCounter(t.Context(), &counter)
	src, err := c.Open(ctx, at+"/a")
	require.NoError(t, err)
	for off := int64(0); off < 200<<10; off += 1000 {
		p := make([]byte, 1000)
		require.NoError(t, source.ReadFull(ctx, src, p, off))
		require.Equal(t, data[off:off+1000], p)
	}
	assert.EqualValues(t, 3, h.Requests())
	assert.EqualValues(t, 3, counter.Requests())
	assert.Equal(t, counter.Bytes(), h.Bytes())
	assert.Zero(t, counter.Repeated())

	p := make([]byte, 100)
	n, err := src.ReadAtContext(ctx, p, src.Size()-40)
	assert.Equal(t, 40, n)
	assert.Equal(t, io.EOF, err)
	assert.Equal(t, data[len(data)-40:], p[:40])
	_, err = src.ReadAtContext(ctx, p, -1)
	assert.Error(t, err)
}

// cog is a cloud-optimized GeoTIFF of 4096² bytes, uncompressed in tiles of 256².
func cog(t *testing.T) []byte {
	strip := raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 4096, 4096))
	copy(strip.Bands[0].(*raster.PlaneOf[uint8]).Pix, noise(4096*4096))
	strip.Valid = nil
	var file bytes.Buffer
	require.NoError(t, geotiff.Encode(&file, &raster.Image{
		Grid: raster.Grid{Size: image.Pt(4096, 4096), Affine: raster.Affine{A: 10, E: -10}}, Type: raster.U8, Bands: 1, Opaque: true,
		Strips: func(yield func(*raster.Block, error) bool) { yield(strip, nil) },
	}, &geotiff.EncodeOptions{Overviews: true}))
	return file.Bytes()
}

// TestGeoTIFF: opening a cloud-optimized GeoTIFF takes one request, and a window of 256² in four blocks up to three more, of
// the bytes of those blocks and of the gaps between them. A file with its directories at the end takes one more (T86).
func TestGeoTIFF(t *testing.T) {
	f := &tiffmake.File{Size: image.Pt(4096, 4096), Tile: image.Pt(256, 256), EPSG: 32633,
		Sample: func(_, _, x, y int) float64 { return float64(x ^ y) }}
	for name, row := range map[string]struct {
		data           []byte
		open           int64
		bytes, windows int64
	}{
		"cloud-optimized":        {cog(t), 1, 16 << 10, 3},
		"directories at the end": {f.NorthUp(4e5, 54e5, 10).Bytes(), 2, 80 << 10, 3},
	} {
		t.Run(name, func(t *testing.T) {
			h := &faultserver.Handler{}
			h.Put("/a.tif", row.data)
			at, c := serve(t, h, &httpsource.Client{})
			src, err := c.Open(t.Context(), at+"/a.tif")
			require.NoError(t, err)
			far, err := geotiff.Open(t.Context(), src, nil)
			require.NoError(t, err)
			defer far.Close()
			assert.Equal(t, row.open, h.Requests())
			near, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(row.data), int64(len(row.data))), nil)
			require.NoError(t, err)
			defer near.Close()
			win := image.Rect(100, 100, 356, 356)
			got, err := far.Read(t.Context(), nil, 0, win, nil)
			require.NoError(t, err)
			want, err := near.Read(t.Context(), nil, 0, win, nil)
			require.NoError(t, err)
			assert.Equal(t, want, got)
			assert.LessOrEqual(t, h.Requests(), row.open+row.windows)
			assert.LessOrEqual(t, h.Bytes(), row.bytes+4*256*256+row.windows*64<<10)
			t.Log(h.Requests(), h.Bytes())
		})
	}
}

// TestReplaced: once a file is another one, nothing is read any more, whether or not the server heeds If-Match (T84).
func TestReplaced(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		h := &faultserver.Handler{Deaf: deaf}
		h.Put("/a", noise(1<<20))
		at, c := serve(t, h, &httpsource.Client{Refresh: -1})
		src, err := c.Open(t.Context(), at+"/a")
		require.NoError(t, err)
		before, err := src.Identity(t.Context())
		require.NoError(t, err)
		h.Put("/a", noise(1 << 20)[:1<<20:1<<20])
		latest, err := src.Latest(t.Context())
		require.NoError(t, err)
		assert.NotEqual(t, before, latest)
		err = source.ReadFull(t.Context(), src, make([]byte, 10), 500_000)
		var changed *source.ChangedError
		require.ErrorAs(t, err, &changed)
		assert.Equal(t, at+"/a", changed.Name)
		_, err = src.Identity(t.Context())
		require.ErrorAs(t, err, &changed)
		require.ErrorAs(t, source.ReadFull(t.Context(), src, make([]byte, 10), 0), &changed)
		again, err := c.Open(t.Context(), at+"/a")
		require.NoError(t, err)
		id, err := again.Identity(t.Context())
		require.NoError(t, err)
		assert.Equal(t, latest, id)
	}
}

// TestSizeAlone: a server that states no version is known by the size.
func TestSizeAlone(t *testing.T) {
	h := &faultserver.Handler{NoTag: true}
	h.Put("/a", noise(1<<20))
	at, c := serve(t, h, &httpsource.Client{})
	src, err := c.Open(t.Context(), at+"/a")
	require.NoError(t, err)
	h.Put("/a", noise(2<<20))
	require.ErrorAs(t, source.ReadFull(t.Context(), src, make([]byte, 10), 500_000), new(*source.ChangedError))
}

// TestRefused is a table of files that cannot be opened, and of the reasons (T81, T82, T85, T87).
func TestRefused(t *testing.T) {
	big := noise(100 << 10)
	mux := http.NewServeMux()
	mux.HandleFunc("/whole", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(big) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(big); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>log in</html>") })
	for _, code := range []int{204, 301, 401, 403, 404, 405, 410, 416, 500, 503} {
		mux.HandleFunc("/"+strconv.Itoa(code), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	}
	for name, text := range map[string]string{"other": "bytes 1-16383/99999", "long": "bytes 0-20000/99999", "unknown": "bytes 0-16383/*",
		"text": "bytes all", "none": "", "beyond": "bytes 0-16383/100", "minus": "bytes 16378--2/99999"} {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", text)
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(big[:16384])
		})
	}
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Range", "bytes 0-16383/99999")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusPartialContent)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	at, c := serve(t, mux, &httpsource.Client{Retries: -1})
	c.HTTP.CheckRedirect = httpsource.PublicClient().CheckRedirect
	for path, want := range map[string]error{
		"/page": httpsource.ErrWrongPart, "/whole": httpsource.ErrNoRanges, "/endless": httpsource.ErrNoRanges, "/other": httpsource.ErrWrongPart, "/long": httpsource.ErrWrongPart,
		"/unknown": httpsource.ErrWrongPart, "/text": httpsource.ErrWrongPart, "/none": httpsource.ErrWrongPart, "/beyond": httpsource.ErrWrongPart,
		"/minus": httpsource.ErrWrongPart, "/gzip": httpsource.ErrEncoded, "/file": httpsource.ErrRedirect, "/round": httpsource.ErrRedirect,
		"/204": httpsource.StatusError(204), "/401": fs.ErrPermission, "/403": fs.ErrPermission, "/404": fs.ErrNotExist,
		"/405": httpsource.StatusError(405), "/410": fs.ErrNotExist, "/416": httpsource.StatusError(416), "/500": httpsource.StatusError(500),
	} {
		_, err := c.Open(t.Context(), strings.Replace(at, "//", "//user:secret@", 1)+path+"?sig=secret#secret")
		require.ErrorIs(t, err, want, path)
		var e *source.FarError
		require.ErrorAs(t, err, &e, path)
		assert.Equal(t, at+path, e.Name)
		assert.NotContains(t, err.Error(), "secret", path)
	}
	for _, location := range []string{"file:///etc/passwd", "a.tif", "ftp://example.com/a", "http://", "http://[::1", "\x7f"} {
		_, err := c.Open(t.Context(), location)
		require.Error(t, err, location)
	}
	// A small enough file is kept in memory, if that is allowed.
	c.Whole = 100 << 10
	src, err := c.Open(t.Context(), at+"/whole")
	require.NoError(t, err)
	require.EqualValues(t, len(big), src.Size())
	p := make([]byte, 1000)
	require.NoError(t, src.ReadRanges(t.Context(), []source.Range{{Offset: 70_000, Buffer: p}}))
	assert.Equal(t, big[70_000:71_000], p)
}

// TestAddresses: a client that was given nothing reaches no private address, neither by name nor by a redirect (T87).
func TestAddresses(t *testing.T) {
	var reached atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	defer server.Close()
	u, err := url.Parse(server.URL)
	require.NoError(t, err)
	for _, host := range []string{u.Host, "localhost:" + u.Port(), "[::1]:" + u.Port(), "[::ffff:127.0.0.1]:" + u.Port(), "169.254.169.254", "10.0.0.1"} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err = (&httpsource.Client{}).Open(ctx, "http://"+host+"/a.tif")
		cancel()
		var refused *source.AddressError
		require.ErrorAs(t, err, &refused, host)
		assert.False(t, source.PublicAddress(refused.Addr))
	}
	assert.False(t, reached.Load())
	assert.True(t, source.PublicAddress(netip.MustParseAddr("93.184.216.34")))
}

// A roundTripper answers without a network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, header http.Header, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// TestPauses: attempts are repeated after growing pauses, those that the server asks for if they are longer, within the
// client's patience and the caller's deadline (T83, T85).
func TestPauses(t *testing.T) {
	for name, row := range map[string]struct {
		client   *httpsource.Client
		retry    string
		deadline time.Duration
		attempts int
		least    time.Duration
		most     time.Duration
	}{
		"defaults":               {attempts: 5, least: 750 * time.Millisecond, most: 1500 * time.Millisecond},
		"once":                   {client: &httpsource.Client{Retries: -1}, attempts: 1},
		"as the server asks":     {client: &httpsource.Client{Retries: 2}, retry: "3", attempts: 3, least: 6 * time.Second, most: 6 * time.Second},
		"longer than patience":   {retry: "60", attempts: 1},
		"longer than there is":   {deadline: time.Second, retry: "5", attempts: 1},
		"up to what is patience": {client: &httpsource.Client{Retries: 10, Patience: time.Second}, attempts: 11, least: 3750 * time.Millisecond, most: 8 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := 0
				c := cmp.Or(row.client, &httpsource.Client{})
				c.HTTP = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
					n++
					return answer(503, http.Header{"Retry-After": {row.retry}}, ""), nil
				})}
				ctx := t.Context()
				if row.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, row.deadline)
					defer cancel()
				}
				start := time.Now()
				_, err := c.Open(ctx, "http://example.com/a")
				var e *source.FarError
				require.ErrorAs(t, err, &e)
				assert.Equal(t, 503, e.Status)
				assert.Equal(t, row.attempts, e.Attempts)
				assert.Equal(t, row.attempts, n)
				assert.GreaterOrEqual(t, time.Since(start), row.least)
				assert.LessOrEqual(t, time.Since(start), row.most)
			})
		})
	}
}

// TestLate: an answer that takes longer than the client's Timeout counts as a failure; the caller's own deadline does not.
func TestLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := &httpsource.Client{Timeout: time.Second, HTTP: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if n++; n < 3 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return answer(206, http.Header{"Content-Range": {"bytes 0-2/3"}}, "abc"), nil
		})}}
		src, err := c.Open(t.Context(), "http://example.com/a")
		require.NoError(t, err)
		assert.EqualValues(t, 3, src.Size())
		assert.Equal(t, 3, n)
		n = 0
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		_, err = c.Open(ctx, "http://example.com/a")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 1, n)
	})
}

// TestEmpty: a file without bytes, of which no range can be satisfied.
func TestEmpty(t *testing.T) {
	at, c := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a", time.Unix(1, 0), strings.NewReader(""))
	}), &httpsource.Client{})
	src, err := c.Open(t.Context(), at+"/a")
	require.NoError(t, err)
	assert.Zero(t, src.Size())
	_, err = src.ReadAtContext(t.Context(), make([]byte, 1), 0)
	assert.Equal(t, io.EOF, err)
}

// TestServeContent reads from the standard library's file server, which states Last-Modified only.
func TestServeContent(t *testing.T) {
	data := noise(300 << 10)
	modified := time.Unix(1e9, 0)
	at, c := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a", modified, bytes.NewReader(data))
	}), &httpsource.Client{})
	src, err := c.Open(t.Context(), at+"/a")
	require.NoError(t, err)
	p := make([]byte, 100<<10)
	require.NoError(t, source.ReadFull(t.Context(), src, p, 150_000))
	assert.Equal(t, data[150_000:150_000+100<<10], p)
	modified = time.Unix(2e9, 0)
	q := make([]byte, 10)
	err = src.ReadRanges(t.Context(), []source.Range{{Offset: 20_000, Buffer: q}})
	require.ErrorAs(t, err, new(*source.ChangedError))
}

// TestRanges is a table of ranges that are not those of RangeReader.
func TestRanges(t *testing.T) {
	h := &faultserver.Handler{}
	h.Put("/a", noise(100<<10))
	at, c := serve(t, h, &httpsource.Client{})
	src, err := c.Open(t.Context(), at+"/a")
	require.NoError(t, err)
	b := make([]byte, 10)
	for name, ranges := range map[string][]source.Range{
		"before the start": {{Offset: -1, Buffer: b}},
		"beyond the end":   {{Offset: 100<<10 - 9, Buffer: b}},
		"far beyond":       {{Offset: 1 << 62, Buffer: b}},
		"not sorted":       {{Offset: 50, Buffer: b}, {Offset: 20, Buffer: b}},
	} {
		require.ErrorAs(t, src.ReadRanges(t.Context(), ranges), new(*source.FarError), name)
	}
	require.NoError(t, src.ReadRanges(t.Context(), nil))
	require.NoError(t, src.ReadRanges(t.Context(), []source.Range{{Offset: 100 << 10}}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, src.ReadRanges(ctx, []source.Range{{Buffer: b}}), context.Canceled)
	_, err = (&httpsource.Client{Longest: -1}).Open(t.Context(), at)
	require.ErrorContains(t, err, "Client.Longest")
}
