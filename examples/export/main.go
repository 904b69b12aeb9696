// Command export makes one image of georeferenced rasters and writes it to a file:
//
//	go run ./examples/export -bbox -117,34,-116,35 -bboxSR 4326 -imageSR 3857 -size 800,600 -o out.png world.tif
//
// The sources are GeoTIFF files, folders of them, patterns such as "tiles/*.tif", tile indexes, STAC items and
// collections, or their URLs (see exportimage.Opener), drawn as one mosaic. The flags
// are the parameters of the Export Image operation and are read as it reads them from a query string, so that what works
// in a URL works here; the format is png unless -format names another, whatever the file's extension.
//
// The image is written beside the file that -o names and takes its place when it is complete: an export that fails or is
// interrupted leaves nothing behind and changes nothing. The exit status is then 1, or 2 if the command line is wrong.
//
// On a terminal, an export that takes longer than a second shows the time, the pixels read and the bytes written so far.
// It shows no percentage, because how much will be read is not known before: rasters that turn out to be hidden by
// others are not read at all.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source/httpsource"
	"github.com/geoexport/geoexport/srs"
)

func main() { command.Main("export", run) }

// limits are wider than those of a service, because the user owns the machine and can interrupt the program: a gigapixel
// in a day, as far as the format holds it.
var limits = exportimage.Limits{
	Side: math.MaxInt32, Pixels: 1 << 30, Items: 1 << 20, SourcePixels: math.MaxInt64, Time: 24 * time.Hour,
}

const (
	cacheBytes = 256 << 20 // of decoded blocks
	wholeBytes = 8 << 20   // of a document on a server that does not send parts of files
)

// run is the program, as command.Main calls it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	start := time.Now()
	o, err := parseArgs(args)
	if errors.Is(err, flag.ErrHelp) {
		return command.PrintUsage(stdout, usage, flags(url.Values{}, new(string)))
	}
	if err != nil {
		return err
	}
	res, size, err := export(ctx, o, stderr)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("stopped, and nothing written: %w", context.Cause(ctx))
		}
		return err
	}
	for _, n := range notes(res) {
		fmt.Fprintln(stderr, "export: note:", n)
	}
	_, err = fmt.Fprintf(stdout, "%s: %s, %d bytes, in %v\n", o.output, describe(res), size,
		time.Since(start).Round(time.Millisecond))
	return err
}

// export writes the image. It returns the result and the size of the file in bytes.
func export(ctx context.Context, o options, stderr io.Writer) (exportimage.Result, int64, error) {
	none := exportimage.Result{}
	out, err := createOutput(o.output)
	if err != nil {
		return none, 0, err
	}
	defer out.discard()

	web := httpsource.Client{HTTP: http.DefaultClient, Whole: wholeBytes}
	rasters := exportimage.Opener{ // the user owns the machine
		Schemes: web.Schemes(), Allow: []string{"http://", "https://"}, FollowLinks: true, Cache: raster.NewCache(cacheBytes),
		Refresh: -1, // one image is of one moment
	}
	defer rasters.Close() // they were only read
	var found []mosaic.Slice
	for _, p := range o.sources {
		src, err := rasters.Rasters(ctx, p)
		if err != nil {
			return none, 0, err
		}
		for _, w := range src.Warnings {
			fmt.Fprintln(stderr, "export: note:", w)
		}
		found = append(found, src.Items)
	}

	var done work
	service := &exportimage.Service{Catalog: done.counted(mosaic.Join(found...)), Cache: rasters.Cache, Limits: limits}
	stop := func() {}
	if isTerminal(stderr) {
		stop = watch(stderr, &done)
	}
	w := bufio.NewWriterSize(io.MultiWriter(out, &done), 1<<16)
	res, err := service.ExportTo(ctx, w, o.request)
	stop()
	if err != nil {
		return none, 0, err
	}
	if err := w.Flush(); err != nil {
		return none, 0, err
	}
	return res, done.bytes.Load(), out.commit()
}

// describe returns one line on the image and the rasters it was made of.
func describe(res exportimage.Result) string {
	used, seen := []string{}, map[int64]bool{}
	for _, r := range res.Trace.Rasters {
		if r.Reads > 0 && !seen[r.ID] {
			seen[r.ID] = true
			used = append(used, r.Name)
		}
	}
	count := fmt.Sprintf("%d rasters", len(used))
	const listed = 5
	switch {
	case len(used) == 0:
		count = "no raster"
	case len(used) == 1:
		count = "raster " + used[0]
	case len(used) <= listed:
		count += " (" + strings.Join(used, ", ") + ")"
	default:
		count += " (" + strings.Join(used[:listed], ", ") + ", …)"
	}
	return fmt.Sprintf("%dx%d %s, %v, extent %s, from %s", res.Size.X, res.Size.Y, path.Base(res.MediaType), res.CRS,
		corners(res.Envelope), count)
}

// corners formats a box as the operation takes it, exactly.
func corners(e srs.Envelope) string {
	var s []string
	for _, v := range [...]float64{e.XMin, e.YMin, e.XMax, e.YMax} {
		s = append(s, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return strings.Join(s, ",")
}

// notes lists what was not done as asked.
func notes(res exportimage.Result) []string {
	n := append(res.Trace.Notes, res.Trace.Ignored...)
	if !res.Trace.Covered {
		n = append(n, "no raster holds data there: the picture is empty")
	}
	return n
}
