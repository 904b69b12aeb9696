// Farfaults exports images of rasters on a server that has bad days (see internal/faultserver) and replaces their files
// meanwhile. Each image must be equal to the one that is made from the same file on disk, or an error that names the
// raster:
//
//	go run ./internal/farfaults -n 10000
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/faultserver"
	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/httpsource"
	"github.com/geoexport/geoexport/srs"
)

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "farfaults:", err)
		os.Exit(1)
	}
}

// A report counts what came of the exports.
type report struct {
	right, failed, faults int
	kinds                 map[exportimage.Kind]int
	requests, repeated    int64
}

// errWrong is returned for an image that is neither right nor refused.
var errWrong = errors.New("an image is wrong")

func run(ctx context.Context, out io.Writer, args []string) error {
	flags := flag.NewFlagSet("farfaults", flag.ContinueOnError)
	flags.SetOutput(out)
	n := flags.Int("n", 1000, "number of exports")
	rate := flags.Float64("rate", 0.05, "share of answers that go wrong")
	seed := flags.Uint64("seed", 1, "of faults and requests")
	workers := flags.Int("workers", 4, "exports at the same time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var total report
	total.kinds = map[exportimage.Kind]int{}
	// A round has files of its own, since what is right while a file is replaced is not known.
	for round := 0; total.right+total.failed < *n; round++ {
		if err := try(ctx, &total, min(100, *n-total.right-total.failed), *rate, *seed+uint64(round), *workers); err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
	}
	fmt.Fprintf(out, "%d images right, %d refused %v, none wrong; %d requests, %d of them again, %d faults\n",
		total.right, total.failed, total.kinds, total.requests, total.repeated, total.faults)
	return nil
}

// try exports n images of one version of three files, and then of another.
func try(ctx context.Context, total *report, n int, rate float64, seed uint64, workers int) error {
	h := &faultserver.Handler{Rate: rate, Seed: seed}
	server := httptest.NewServer(h)
	defer server.Close()
	client := &httpsource.Client{HTTP: server.Client(), Pause: time.Millisecond, Retries: 2, Refresh: -1, Timeout: 5 * time.Second}
	pool := mosaic.NewPool(0, func(ctx context.Context, name string) (raster.Dataset, error) {
		src, err := client.Open(ctx, server.URL+name)
		if err != nil {
			return nil, err
		}
		return geotiff.Open(ctx, src, nil)
	})
	defer pool.Close()
	rng := rand.New(rand.NewPCG(seed, 2))
	for version := range 2 {
		near := make([]*mosaic.Item, 3)
		far := make([]*mosaic.Item, len(near))
		for i := range near {
			name := fmt.Sprintf("/%d.tif", i)
			data, item, err := scene(int64(i+1), uint64(version)+seed)
			if err != nil {
				return err
			}
			h.Put(name, data)
			near[i] = item
			copied := *item
			copied.Open = func(ctx context.Context) (raster.Dataset, error) { return pool.Open(ctx, name) }
			far[i] = &copied
		}
		if err := compare(ctx, total, near, far, (n+version)/2, rng, workers); err != nil {
			return err
		}
	}
	total.requests += h.Requests()
	for f := faultserver.Drop; f <= faultserver.Encoded; f++ {
		total.faults += int(h.Drawn(f))
	}
	return nil
}

// compare exports n images of the same items near and far.
func compare(ctx context.Context, total *report, near, far []*mosaic.Item, n int, rng *rand.Rand, workers int) error {
	crs := near[0].Footprint.CRS
	right := &exportimage.Service{Catalog: mosaic.Slice(near), CRS: crs}
	tried := &exportimage.Service{Catalog: mosaic.Slice(far), CRS: crs}
	type answer struct {
		want, got exportimage.Result
		err       error
	}
	answers := make([]answer, n)
	g, ctx := guard.WithContext(ctx)
	g.SetLimit(workers)
	for i := range answers {
		side := 50 + 2000*rng.Float64()
		x, y := 6000*rng.Float64()-500, -2500*rng.Float64()
		req := exportimage.Request{BBox: srs.Envelope{XMin: x, YMin: y - side, XMax: x + side, YMax: y}, Size: image.Pt(64, 64), Format: "png"}
		g.Go("comparing", func() (err error) {
			a := &answers[i]
			if a.want, err = right.Export(ctx, req); err == nil {
				a.got, a.err = tried.Export(ctx, req)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, a := range answers {
		total.repeated += a.got.Trace.Fetched.Repeated
		switch {
		case a.err == nil && !bytes.Equal(a.want.Data, a.got.Data):
			return errWrong
		case a.err == nil:
			total.right++
		case !strings.Contains(a.err.Error(), "scene "):
			return fmt.Errorf("an error that does not name the raster: %w", a.err)
		default:
			total.failed++
			total.kinds[exportimage.AsError(a.err).Kind]++
		}
	}
	return nil
}

// scene is a cloud-optimized GeoTIFF of 512² pixels of 4 metres, with tiles of 256², and its item with a dataset of the
// same file in memory.
func scene(id int64, seed uint64) ([]byte, *mosaic.Item, error) {
	crs, err := srs.FromWKID(32633)
	if err != nil {
		return nil, nil, err
	}
	const side = 512
	block := raster.NewBlock(raster.U8, 1, image.Rect(0, 0, side, side))
	rng := rand.New(rand.NewPCG(seed, uint64(id)))
	pix := block.Bands[0].(*raster.PlaneOf[uint8]).Pix
	for i := range pix {
		pix[i] = uint8(rng.Uint32())
	}
	block.Valid = nil
	west := float64(id-1) * 1800
	var file bytes.Buffer
	err = geotiff.Encode(&file, &raster.Image{
		Grid: raster.Grid{CRS: crs, Size: image.Pt(side, side), Affine: raster.Affine{A: 4, C: west, E: -4}}, Type: raster.U8, Bands: 1, Opaque: true,
		Strips: func(yield func(*raster.Block, error) bool) { yield(block, nil) },
	}, &geotiff.EncodeOptions{Compression: geotiff.Deflate, Overviews: true})
	if err != nil {
		return nil, nil, err
	}
	data := file.Bytes()
	open := func(ctx context.Context) (raster.Dataset, error) {
		return geotiff.Open(ctx, source.FromReaderAt(bytes.NewReader(data), int64(len(data))), nil)
	}
	return data, &mosaic.Item{
		ID: id, Name: fmt.Sprintf("scene %d", id), Open: open,
		Footprint: mosaic.Footprint{CRS: crs, Envelope: srs.Envelope{XMin: west, YMin: -4 * side, XMax: west + 4*side, YMax: 0}},
	}, nil
}
