// Compare reads a cloud-optimized GeoTIFF over HTTP from a server that answers after 20 ms, with httpsource and with
// GDAL's /vsicurl in turn, and prints requests, bytes and times of both:
//
//	go run ./raster/source/httpsource/compare
//
// It needs /usr/bin/python3 with GDAL's bindings (python3-gdal).
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync/atomic"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

//go:embed vsicurl.py
var vsicurl string

func main() {
	side := flag.Int("side", 8192, "width and height of the file")
	delay := flag.Duration("delay", 20*time.Millisecond, "of each answer")
	rounds := flag.Int("rounds", 3, "how often both read; the best time counts")
	flag.Parse()
	if err := run(context.Background(), *side, *delay, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// A server counts what it sends.
type server struct {
	data            []byte
	delay           time.Duration
	requests, bytes atomic.Int64
}

type counted struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n.Add(int64(n))
	return n, err
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/scene.tif" {
		http.NotFound(w, r)
		return
	}
	s.requests.Add(1)
	time.Sleep(s.delay)
	w.Header().Set("ETag", `"1"`)
	http.ServeContent(counted{w, &s.bytes}, r, "", time.Unix(1e9, 0), bytes.NewReader(s.data))
}

// A cost is that of one task for one reader.
type cost struct {
	seconds         float64
	requests, bytes int64
}

func (c cost) String() string {
	return fmt.Sprintf("%8.3f s %5d requests %9d bytes", c.seconds, c.requests, c.bytes)
}

// windows are those that both read: the first alone, and then the others eight at a time.
func windows(side int) (list []image.Rectangle) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 101 {
		x, y := rng.IntN(side-256), rng.IntN(side-256)
		list = append(list, image.Rect(x, y, x+256, y+256))
	}
	return list
}

func run(ctx context.Context, side int, delay time.Duration, rounds int) error {
	data, err := scene(side)
	if err != nil {
		return err
	}
	s := &server{data: data, delay: delay}
	at := httptest.NewServer(s)
	defer at.Close()
	fmt.Printf("%d bytes, %v an answer\n", len(data), delay)
	best := map[string]cost{}
	for range rounds {
		for reader, read := range map[string]func(context.Context, string, []image.Rectangle, func(string)) error{"httpsource": ours, "vsicurl": gdals} {
			s.requests.Store(0)
			s.bytes.Store(0)
			start := time.Now()
			err := read(ctx, at.URL+"/scene.tif", windows(side), func(task string) {
				now := cost{time.Since(start).Seconds(), s.requests.Swap(0), s.bytes.Swap(0)}
				if had, ok := best[reader+" "+task]; !ok || now.seconds < had.seconds {
					best[reader+" "+task] = now
				}
				start = time.Now()
			})
			if err != nil {
				return fmt.Errorf("%s: %w", reader, err)
			}
		}
	}
	for _, task := range []string{"first", "hundred"} {
		a, b := best["httpsource "+task], best["vsicurl "+task]
		fmt.Printf("%-8s httpsource %v\n%-8s vsicurl    %v\n%-8s GDAL's time %.2f of ours, our bytes %.2f of GDAL's\n",
			task, a, "", b, "", b.seconds/a.seconds, float64(a.bytes)/float64(b.bytes))
	}
	return nil
}

// ours opens the file and reads the first window, and then the others, eight at a time, with nothing cached.
func ours(ctx context.Context, location string, list []image.Rectangle, done func(string)) error {
	client := &httpsource.Client{HTTP: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}, Requests: 32}
	defer client.HTTP.CloseIdleConnections()
	src, err := client.Open(ctx, location)
	if err != nil {
		return err
	}
	f, err := geotiff.Open(ctx, src, &geotiff.Options{Cache: raster.NewCache(0)})
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Read(ctx, nil, 0, list[0], nil); err != nil {
		return err
	}
	done("first")
	g, ctx := guard.WithContext(ctx)
	g.SetLimit(8)
	for _, win := range list[1:] {
		g.Go("reading", func() error {
			_, err := f.Read(ctx, nil, 0, win, nil)
			return err
		})
	}
	err = g.Wait()
	done("hundred")
	return err
}

// gdals does the same in a process of its own, which reports when it has started and after each task.
func gdals(ctx context.Context, location string, list []image.Rectangle, done func(string)) error {
	cmd := exec.CommandContext(ctx, "/usr/bin/python3", "-c", vsicurl, location)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait() // what it printed says whether it went well
	var boxes [][4]int
	for _, w := range list {
		boxes = append(boxes, [4]int{w.Min.X, w.Min.Y, w.Dx(), w.Dy()})
	}
	if err := json.NewEncoder(in).Encode(boxes); err != nil {
		return err
	}
	for {
		var task string
		switch _, err := fmt.Fscanln(out, &task); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		done(task) // the first one, "ready", sets the clock
	}
}

// scene is a cloud-optimized GeoTIFF of smooth bytes with some noise, in Deflate with predictor 2 and tiles of 256².
func scene(side int) ([]byte, error) {
	block := raster.NewBlock(raster.U8, 1, image.Rect(0, 0, side, side))
	pix := block.Bands[0].(*raster.PlaneOf[uint8]).Pix
	rng := rand.New(rand.NewPCG(1, 1))
	wave := make([]float64, side)
	for i := range wave {
		wave[i] = math.Sin(float64(i) / 97)
	}
	for i := range pix {
		pix[i] = uint8(120 + 80*wave[i%side]*wave[i/side] + float64(rng.Uint32()>>28))
	}
	block.Valid = nil
	var file bytes.Buffer
	err := geotiff.Encode(&file, &raster.Image{
		Grid: raster.Grid{Size: image.Pt(side, side), Affine: raster.Affine{A: 10, E: -10}}, Type: raster.U8, Bands: 1, Opaque: true,
		Strips: func(yield func(*raster.Block, error) bool) { yield(block, nil) },
	}, &geotiff.EncodeOptions{Compression: geotiff.Deflate, Predictor: 2, Overviews: true})
	return file.Bytes(), err
}
