// Command batch works on all rasters of a folder, in as many processes as are started:
//
//	go run . [flags] overviews  DIR OUT   # coarser levels of the mosaic, as cloud-optimised GeoTIFF files
//	go run . [flags] tiles      DIR OUT   # a cache of tiles on the scheme of the web
//	go run . [flags] tiff       DIR FILE  # the whole mosaic as one tiled GeoTIFF file
//	go run . [flags] statistics DIR OUT   # statistics of each raster's bands, and its outline
//
// Tiles and statistics go into a folder, or a bucket of S3 if OUT is a URL such as s3://tiles/world/.
//
// The work is cut into units, which the queue of River hands out (github.com/riverqueue/river). The queue is in a
// SQLite file (-work), so that nothing needs to be installed, or in PostgreSQL, if -work is a URL such as
// postgres://user@host/database, whose tables then hold this one run. Start the same command several times, on one
// machine, or with PostgreSQL on several that see the same folders, and the processes share the units. A process may be killed: what it had begun is done by another one, once the
// time of -stuck has passed. An interrupt ends a process without loss, and the same command goes on from there.
//
// A unit that fails is tried again, each time after twice the time of -wait, and after -attempts tries it is listed
// at the end and all others are done. -retry tries those that failed once more, in a run that had ended, with all
// that came after them.
//
// The overviews are in folders OUT of which the catalog.csv lists the levels that are complete, with the pixel sizes
// from which on they are drawn. A service over OUT and DIR, as geoexport.Open(ctx, OUT, DIR) makes it, shows them,
// each level as soon as it is there. A level begins when the one below is complete.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/srs"
)

func main() { command.Main("batch", runCommand) }

// options are read from the command line.
type options struct {
	task, dir, out string
	work           string // the file of the queue
	crs            srs.CRS
	crsText        string
	factor, tile   int
	unit           int // pixels in the width and height of what a unit draws
	most           int // the finest level of tiles
	format         string

	workers, attempts int
	wait, stuck       time.Duration
	retry             bool
	stderr            io.Writer
}

// together returns how many files in the width and height a unit draws.
func (o *options) together() int { return max(1, o.unit/o.tile) }

// stated are the options in which the processes of a run agree.
func (o *options) stated() map[string]any {
	return map[string]any{
		"task": o.task, "dir": o.dir, "out": o.out, "crs": o.crsText, "factor": o.factor, "tile": o.tile, "unit": o.unit,
		"level": o.most, "format": o.format,
	}
}

func flags(o *options) *flag.FlagSet {
	fs := command.NewFlags("batch")
	fs.StringVar(&o.work, "work", "", "the `file` of the queue, or the URL of a PostgreSQL database; default: OUT with .batch after it")
	fs.StringVar(&o.crsText, "crs", "", "`CRS` of what is made, such as 3857; default: that of the raster with the lowest ID. Tiles are in 3857")
	fs.IntVar(&o.factor, "factor", 4, "how many times larger pixels are on each `level` of overviews: 2, 4, 8 or 16")
	fs.IntVar(&o.tile, "tile", 2048, "`pixels` in the width and height of an overview's file or a part of the whole, a multiple of 256")
	fs.IntVar(&o.unit, "unit", 2048, "`pixels` in the width and height of what is drawn as a unit; a file at least")
	fs.IntVar(&o.most, "level", 12, "the finest `level` of tiles")
	fs.StringVar(&o.format, "format", "png", "the `format` of tiles")
	fs.IntVar(&o.workers, "workers", 1, "`units` that this process does side by side")
	fs.IntVar(&o.attempts, "attempts", 4, "how many `times` a unit is tried")
	fs.DurationVar(&o.wait, "wait", time.Second, "the `time` before the second try, which doubles for each further one")
	fs.DurationVar(&o.stuck, "stuck", 20*time.Minute, "the `time` after which a unit is taken from a process that died; a unit may take half of it")
	fs.BoolVar(&o.retry, "retry", false, "try the units that failed once more")
	return fs
}

func parseArgs(args []string) (o options, err error) {
	fs := flags(&o)
	if err := command.Parse(fs, args); err != nil {
		return options{}, err
	}
	if fs.NArg() == 3 {
		o.task, o.dir, o.out = fs.Arg(0), fs.Arg(1), fs.Arg(2)
	} else {
		err = errors.New("a task, a folder and a place for the results are wanted")
	}
	if o.work == "" && o.inBucket() && err == nil {
		err = errors.New("-work: a place for the queue is wanted, since OUT is a bucket")
	}
	if o.work == "" {
		o.work = o.out + ".batch"
	}
	if o.crsText != "" && err == nil {
		o.crs, err = srs.Parse(o.crsText)
	}
	switch {
	case err != nil:
	case o.factor != 2 && o.factor != 4 && o.factor != 8 && o.factor != 16:
		err = errors.New("-factor: 2, 4, 8 or 16 is wanted")
	case o.tile < 256 || o.tile > 1<<15 || o.tile%256 != 0:
		err = errors.New("-tile: a multiple of 256 up to 32768 is wanted")
	case o.unit < 0 || o.unit > 1<<20:
		err = errors.New("-unit: up to 1048576 is wanted")
	case o.workers < 1 || o.workers > 1000 || o.attempts < 1 || o.attempts > 1000:
		err = errors.New("-workers and -attempts: 1 to 1000 are wanted")
	case o.wait <= 0 || o.stuck < 2*time.Second:
		err = errors.New("-wait: more than 0 is wanted, and -stuck: 2s at least")
	}
	if err != nil {
		return options{}, &command.UsageError{Err: err}
	}
	return o, nil
}

const usage = `usage: batch [flags] overviews|tiles|tiff|statistics DIR OUT

Works on all rasters of a folder, in as many processes as are started.
`

// runCommand is the program, as command.Main calls it.
func runCommand(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseArgs(args)
	if errors.Is(err, flag.ErrHelp) {
		return command.PrintUsage(stdout, usage, flags(new(options)))
	}
	if err != nil {
		return err
	}
	o.stderr = stderr
	m, err := openMosaic(ctx, &o)
	if err != nil {
		return err
	}
	defer m.Close() // it was only read
	to, closePlace, err := openPlace(ctx, &o)
	if err != nil {
		return err
	}
	defer closePlace() // what was put is there
	t, err := taskOf(&o, m, to)
	if err != nil {
		return err
	}
	all, err := t.phases(ctx)
	if err != nil {
		return err
	}
	db, err := openDatabase(o.work)
	if err != nil {
		return err
	}
	defer db.Close()
	bar := newBar(stderr)
	r := &run{task: t, db: db, all: all, o: o}
	var mu sync.Mutex
	r.done = func(phase, name string, err error) {
		mu.Lock()
		defer mu.Unlock()
		bar.clear()
		if err == nil {
			fmt.Fprintf(stdout, "done %s: %s\n", phase, name)
		}
	}
	if err := r.start(ctx); err != nil {
		return err
	}
	err = r.work(ctx, bar.set)
	bar.clear()
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("stopped; the same command goes on from there: %w", context.Cause(ctx))
		}
		return err
	}
	return r.report(ctx, stdout)
}

// report lists the units that failed. A run with any has failed.
func (r *run) report(ctx context.Context, w io.Writer) error {
	failed, err := r.failedBefore(ctx, len(r.all))
	if err != nil {
		return err
	}
	for _, p := range r.all {
		for _, name := range p.units {
			if why, ok := failed[name]; ok {
				if _, err := fmt.Fprintf(w, "failed %s: %s: %s\n", p.name, name, why); err != nil {
					return err
				}
			}
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d units failed; -retry tries them once more", len(failed))
	}
	_, err = fmt.Fprintln(w, "all is done")
	return err
}

// A bar shows progress on a terminal, on one line.
type bar struct {
	w     io.Writer // nil: there is no terminal
	mu    sync.Mutex
	start time.Time
	first int
	width int
}

func newBar(w io.Writer) *bar {
	f, ok := w.(*os.File)
	if !ok {
		return &bar{}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &bar{}
	}
	return &bar{w: w, start: time.Now(), first: -1}
}

// set shows how many units have ended, and how long the others will take.
func (b *bar) set(ended, of int) {
	if b.w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.first < 0 {
		b.first = ended
	}
	left := "…"
	if n := ended - b.first; n > 0 {
		left = (time.Since(b.start) / time.Duration(n) * time.Duration(of-ended)).Round(time.Second).String()
	}
	line := fmt.Sprintf("%d of %d units, %s left", ended, of, left)
	fmt.Fprintf(b.w, "\r%-*s", b.width, line)
	b.width = len(line)
}

func (b *bar) clear() {
	if b.w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	fmt.Fprintf(b.w, "\r%-*s\r", b.width, "")
	b.width = 0
}
