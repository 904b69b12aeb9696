package exportimage_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source/httpsource"
	"github.com/geoexport/geoexport/srs"
)

// fileOfBlocks is a cloud-optimized GeoTIFF of 2048² bytes, uncompressed in tiles of 256², with pixels of 10 m from 0,20480 in
// EPSG:3857, and where its blocks are: the tiles of each level, in rows from the top.
func fileOfBlocks(t *testing.T) (file []byte, levels [][]byteRange) {
	t.Helper()
	strip := raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 2048, 2048))
	pix := strip.Bands[0].(*raster.PlaneOf[uint8]).Pix
	for i := range pix {
		pix[i] = uint8(i*7 + i/2048*13)
	}
	strip.Valid = nil
	var out bytes.Buffer
	require.NoError(t, geotiff.Encode(&out, &raster.Image{
		Grid: raster.Grid{CRS: crs(t, 3857), Size: image.Pt(2048, 2048), Affine: raster.Affine{A: 10, E: -10, F: 20480}},
		Type: raster.U8, Bands: 1, Opaque: true, Strips: func(yield func(*raster.Block, error) bool) { yield(strip, nil) },
	}, &geotiff.EncodeOptions{Overviews: true}))
	file = out.Bytes()
	// The offsets and sizes of tiles, tags 324 and 325 of the directories of TIFF 6.0 (of 32-bit numbers, little endian).
	require.Equal(t, []byte("II*\x00"), file[:4])
	u32 := func(at uint32) uint32 { return binary.LittleEndian.Uint32(file[at:]) }
	for dir := u32(4); dir != 0; {
		tags := map[uint16][]uint32{}
		n := uint32(binary.LittleEndian.Uint16(file[dir:]))
		for i := range n {
			entry := dir + 2 + 12*i
			tag, count, value := binary.LittleEndian.Uint16(file[entry:]), u32(entry+4), entry+8
			if tag != 324 && tag != 325 {
				continue
			}
			if count > 1 {
				value = u32(value)
			}
			for j := range count {
				tags[tag] = append(tags[tag], u32(value+4*j))
			}
		}
		var level []byteRange
		for i, at := range tags[324] {
			level = append(level, byteRange{int64(at), int64(at + tags[325][i])})
		}
		levels = append(levels, level)
		dir = u32(dir + 2 + 12*n)
	}
	return file, levels
}

// A byteRange is the bytes from one to before another.
type byteRange struct{ from, to int64 }

// rangeServer serves a file and notes what it is asked for.
type rangeServer struct {
	file []byte
	hold chan struct{} // unless it is nil, answers wait until it is closed

	mu   sync.Mutex
	seen []string // methods and ranges
	sent int64
}

func (s *rangeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.seen = append(s.seen, r.Method+" "+r.Header.Get("Range"))
	hold := s.hold
	s.mu.Unlock()
	if hold != nil {
		<-hold
	}
	w.Header().Set("ETag", `"1"`)
	http.ServeContent(&countingWriter{w, s}, r, "a.tif", time.Time{}, bytes.NewReader(s.file))
}

// take returns what the server was asked for, in order, and how many bytes it sent, and forgets both.
func (s *rangeServer) take() ([]string, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, sent := s.seen, s.sent
	slices.Sort(seen)
	s.seen, s.sent = nil, 0
	return seen, sent
}

type countingWriter struct {
	http.ResponseWriter
	s *rangeServer
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.s.mu.Lock()
	w.s.sent += int64(len(p))
	w.s.mu.Unlock()
	return w.ResponseWriter.Write(p)
}

// asksFor returns the requests for blocks of a level by their numbers, which are asked for together: those whose gaps are at
// most httpsource.DefaultGap come in one request.
func asksFor(level []byteRange, blocks []int) (requests []string, bytes int64) {
	var list []byteRange
	for _, i := range blocks {
		list = append(list, level[i])
	}
	slices.SortFunc(list, func(a, b byteRange) int { return int(a.from - b.from) })
	var merged []byteRange
	for _, b := range list {
		if n := len(merged); n > 0 && b.from-merged[n-1].to <= httpsource.DefaultGap {
			merged[n-1].to = b.to
			continue
		}
		merged = append(merged, b)
	}
	for _, m := range merged {
		requests = append(requests, fmt.Sprintf("GET bytes=%d-%d", m.from, m.to-1))
		bytes += m.to - m.from
	}
	return requests, bytes
}

// T86: the GETs, their ranges and their bytes, of opening a file and of exports from it, are those of the blocks that are
// needed, and nothing else: one GET opens it, a window asks for its blocks, a coarse image for those of its overview, one
// that was drawn before for nothing, and of those who ask at the same time, one.
func TestRequestBudget(t *testing.T) {
	file, levels := fileOfBlocks(t)
	require.Len(t, levels, 4, "2048, 1024, 512 and 256 pixels wide")
	server := &rangeServer{file: file}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	opener := exportimage.Opener{Schemes: privately(t)}
	t.Cleanup(func() { require.NoError(t, opener.Close()) })
	s, err := opener.Open(t.Context(), listener.URL+"/a.tif")
	require.NoError(t, err)
	s.Limits.Workers = 1 // strips that need one block take it from one another in their order
	s.Limits.Exports = 8
	requests, sent := server.take()
	assert.Equal(t, []string{"GET bytes=0-16383"}, requests)
	assert.EqualValues(t, 16384, sent)

	export := func(x, y, pixels, width int) exportimage.Result {
		e := srs.Envelope{XMin: float64(x) * 10, XMax: float64(x+pixels) * 10, YMax: 20480 - float64(y)*10, YMin: 20480 - float64(y+pixels)*10}
		res, err := s.Export(t.Context(), exportimage.Request{BBox: e, Size: image.Pt(width, width), Format: "png", Interpolation: 1})
		require.NoError(t, err)
		require.True(t, res.Trace.Covered)
		return res
	}
	budget := func(name string, level []byteRange, strips ...[]int) { // blocks of each strip of the image
		t.Helper()
		var want []string
		bytes := int64(0)
		for _, blocks := range strips {
			more, n := asksFor(level, blocks)
			want, bytes = append(want, more...), bytes+n
		}
		slices.Sort(want)
		requests, sent := server.take()
		assert.Equal(t, want, requests, name)
		assert.Equal(t, bytes, sent, name)
		assert.LessOrEqual(t, len(requests), 3, name)
		t.Logf("%s: %d requests, %d bytes", name, len(requests), sent)
	}
	first := export(256, 512, 256, 256)
	budget("a window of one block", levels[0], []int{2*8 + 1})
	assert.Equal(t, exportimage.Fetched{Requests: 1, Bytes: 65536}, first.Trace.Fetched)
	export(256+128, 512+128, 256, 256)
	budget("half a block on", levels[0], []int{2*8 + 2, 3*8 + 1, 3*8 + 2})
	assert.Equal(t, first.Data, export(256, 512, 256, 256).Data)
	budget("the first again", nil)
	export(0, 0, 2048, 512)
	budget("all in a quarter of the pixels", levels[2], []int{0, 1}, []int{2, 3})
	export(0, 0, 1024, 256)
	budget("a part of it", nil)
	export(0, 0, 2048, 256)
	budget("all in an eighth", levels[3], []int{0})

	hold := make(chan struct{})
	server.mu.Lock()
	server.hold = hold
	server.mu.Unlock()
	var group sync.WaitGroup
	for i := range 8 { // images of their own, of the same block
		group.Go(func() { export(1024, 1024, 256, 256-i) })
	}
	assert.Eventually(t, func() bool {
		server.mu.Lock()
		defer server.mu.Unlock()
		return len(server.seen) > 0
	}, 10*time.Second, time.Millisecond)
	time.Sleep(50 * time.Millisecond) // in which the others could ask
	close(hold)
	group.Wait()
	budget("eight at the same time", levels[0], []int{4*8 + 4})
}
