// Command compare measures how fast package geotiff reads files. compare.py runs it side by side with GDAL: see the
// README beside this file.
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"runtime"
	"time"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// The first number of the output is the best throughput in MB of samples a second; the second one is how many bytes of samples
// were read in all.
func main() {
	threads := flag.Int("threads", 2, "how many threads may decode")
	windows := flag.Int("windows", 0, "read this many random windows of 256 x 256 pixels; 0: the whole file")
	warm := flag.Bool("warm", false, "windows: count the second time through, with a cache that holds the file")
	seconds := flag.Float64("seconds", 1, "how long to repeat that")
	flag.Parse()
	runtime.GOMAXPROCS(*threads)
	best := time.Duration(1<<63 - 1)
	var size, total int64
	for start := time.Now(); time.Since(start).Seconds() < *seconds; {
		took, n, err := once(context.Background(), flag.Arg(0), *windows, *warm)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		best, size = min(best, took), n
		total += n
		if *warm {
			total += n // the first time through
		}
	}
	fmt.Printf("%.1f %d\n", float64(size)/best.Seconds()/1e6, total)
}

// once reads the file or the windows, from a newly opened file, and says how many bytes of samples those are and how long it
// took. Opening counts where the whole file is read.
func once(ctx context.Context, path string, windows int, warm bool) (took time.Duration, size int64, err error) {
	start := time.Now()
	o := &geotiff.Options{}
	if warm {
		o.Cache = geotiff.NewCache(1 << 30)
	}
	f, err := geotiff.OpenFile(path, o)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	info := f.Info()
	all := info.Levels[0]
	pixelSize := int64(len(info.Bands) * info.Type.Size())
	if windows == 0 {
		b, err := f.Read(ctx, 0, image.Rectangle{Max: all}, nil)
		took = time.Since(start)
		use(b)
		return took, pixelSize * int64(all.X) * int64(all.Y), err
	}
	const side = 256
	passes := 1
	if warm {
		passes = 2
	}
	for range passes {
		rnd := rand.New(rand.NewPCG(1, 2))
		start = time.Now()
		for range windows {
			at := image.Pt(rnd.IntN(all.X-side), rnd.IntN(all.Y-side))
			b, err := f.Read(ctx, 0, image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}, nil)
			if err != nil {
				return 0, 0, err
			}
			use(b)
		}
		took = time.Since(start)
	}
	return took, int64(windows) * side * side * pixelSize, nil
}

//go:noinline
func use(*raster.Block) {}
