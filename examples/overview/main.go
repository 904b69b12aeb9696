// Command overview makes overviews of a mosaic, so that an image of all of it need not read all of its rasters:
//
//	go run ./examples/overview [-crs CRS] [-factor N] [-tile N] DIR
//
// DIR is a folder of GeoTIFF files with or without a catalog.csv (see mosaic.Folder). The overviews are tiles,
// cloud-optimised GeoTIFF files in the same folder called overview_LEVEL_COLUMN_ROW.tif. Level 1 has pixels as large as
// -factor of the finest raster's, and each further level as -factor of the one before, until all of the mosaic fits in
// one tile. When all are made, they are entered in catalog.csv, with the pixel sizes from which on they are drawn, and
// so is, for each other raster, the pixel size up to which it is. A server shows them once it reads the folder anew.
//
// Finished tiles are not made again: after an interrupt the same command goes on where it was, and after rasters were
// added or changed it replaces the tiles that show them. Until all tiles are there they lie in the folder
// overview.part, which servers ignore. On a terminal, a bar shows how many tiles are done.
//
// Overviews show the mosaic in its default order. At the scales where they replace the rasters, requests cannot choose
// among rasters by where, time or attributes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/srs"
)

func main() { command.Main("overview", run) }

func flags(o *options) *flag.FlagSet {
	fs := command.NewFlags("overview")
	fs.Func("crs", "`CRS` of the overviews: a code such as 3857, JSON, or WKT; default: that of the raster with the lowest ID",
		func(v string) (err error) {
			o.crs, err = srs.Parse(v)
			return err
		})
	fs.IntVar(&o.factor, "factor", 4, "how many times larger pixels are on each `level`: 2, 4, 8 or 16")
	fs.IntVar(&o.tile, "tile", 4096, "`pixels` in a tile's width and height, a multiple of 256")
	return fs
}

func parseArgs(args []string) (o options, err error) {
	fs := flags(&o)
	if err := command.Parse(fs, args); err != nil {
		return options{}, err
	}
	switch {
	case fs.NArg() != 1:
		err = errors.New("one folder is wanted")
	case o.factor != 2 && o.factor != 4 && o.factor != 8 && o.factor != 16:
		err = errors.New("-factor: 2, 4, 8 or 16 is wanted")
	case o.tile < 256 || o.tile > 1<<15 || o.tile%256 != 0:
		err = errors.New("-tile: a multiple of 256 up to 32768 is wanted")
	}
	if err != nil {
		return options{}, &command.UsageError{Err: err}
	}
	o.dir = fs.Arg(0)
	return o, nil
}

const usage = `usage: overview [flags] DIR

Makes overviews of the mosaic of the GeoTIFF files in a folder, and enters them in its catalog.csv.
`

// run is the program, as command.Main calls it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseArgs(args)
	if errors.Is(err, flag.ErrHelp) {
		return command.PrintUsage(stdout, usage, flags(new(options)))
	}
	if err != nil {
		return err
	}
	f, isFile := stderr.(*os.File)
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription("tiles"),
		progressbar.OptionShowCount(), progressbar.OptionSetVisibility(isFile && term.IsTerminal(int(f.Fd()))))
	o.progress = func(done, of int) {
		bar.ChangeMax(of)
		_ = bar.Set(done) // nothing depends on it
	}
	made, all, err := build(ctx, o)
	_ = bar.Clear()
	if ctx.Err() != nil {
		return fmt.Errorf("stopped, with %d tiles more than before; the same command goes on from there: %w", made, context.Cause(ctx))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s: new tiles: %d of %d\n", o.dir, made, all)
	return err
}
