// Command compare reads the files and windows that compare.py lists on its standard input, with package geotiff. See the README
// beside this file.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"image"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

const side = 256

// Each line of the input asks for one reading: the upper left corners of windows of 256 x 256 pixels, or "whole". Each line of
// the output is how many seconds that took and how many bytes of samples it gave.
func main() {
	threads := flag.Int("threads", 2, "how many threads may decode")
	warm := flag.Bool("warm", false, "keep the file open, with a cache that holds all of it, rather than open it for each reading")
	flag.Parse()
	runtime.GOMAXPROCS(*threads)
	if err := run(context.Background(), flag.Arg(0), *warm, bufio.NewReader(os.Stdin)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, path string, warm bool, in *bufio.Reader) error {
	var kept *geotiff.File
	if warm {
		f, err := geotiff.OpenFile(path, &geotiff.Options{Cache: raster.NewCache(1 << 30)})
		if err != nil {
			return err
		}
		defer f.Close()
		kept = f
	}
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		start := time.Now()
		size, err := read(ctx, path, kept, line)
		if err != nil {
			return err
		}
		fmt.Printf("%g %d\n", time.Since(start).Seconds(), size)
	}
}

// read does one reading, of the file that was kept or of one opened for it.
func read(ctx context.Context, path string, kept *geotiff.File, line string) (size int64, err error) {
	f := kept
	if f == nil {
		if f, err = geotiff.OpenFile(path, nil); err != nil {
			return 0, err
		}
		defer f.Close()
	}
	info := f.Info()
	pixelSize := int64(len(info.Bands) * info.Type.Size())
	if strings.HasPrefix(line, "whole") {
		all := info.Levels[0]
		b, err := f.Read(ctx, nil, 0, image.Rectangle{Max: all}, nil)
		use(b)
		return pixelSize * int64(all.X) * int64(all.Y), err
	}
	for at := strings.NewReader(line); ; size += side * side * pixelSize {
		var p image.Point
		if _, err := fmt.Fscan(at, &p.X, &p.Y); err == io.EOF {
			return size, nil
		} else if err != nil {
			return 0, err
		}
		b, err := f.Read(ctx, nil, 0, image.Rectangle{Min: p, Max: p.Add(image.Pt(side, side))}, nil)
		if err != nil {
			return 0, err
		}
		use(b)
	}
}

//go:noinline
func use(*raster.Block) {}
