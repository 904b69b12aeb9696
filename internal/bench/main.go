// The command bench measures exports beside GDAL's and MapServer's, and prints one page of figures and verdicts:
//
//	go run ./internal/bench [-quick] [-rows REGEX] [-apart N] [-data DIR] [-keep] [-o DIR] [-against TSV]
//
// It names the packages of Debian that it needs, makes its rasters from the demo's in the folder of -data (a
// temporary one that -keep leaves there, by default), and measures each row: both programs get the same jobs in turn,
// so that a busy moment of the machine concerns both. The page is printed, and written with plots to the folder of
// -o, as bench.md, bench.tsv and *.svg. -against compares its verdicts with those of a former bench.tsv.
//
// A row is named by its levels, such as deflate/utm-3857/bilinear/400/png/cold/2/file: the raster's compression, the
// references of raster and picture, the kernel, the picture's side, its format, whether caches are empty, the cores,
// and where the bytes come from. All rows that differ in at most two levels from that one are measured; -apart
// changes that number, and 8 is the whole product. -quick takes some minutes: the rows that differ in one level, and
// few others.
//
// A cold picture opens its raster anew, with nothing in caches of the program; the file is in the system's cache. A
// warm one shows one of four places that were drawn before. Times are measured inside of the programs; those of
// servers by the client.
//
// -guard, by itself, needs no peers: it compares figures that do not depend on the machine with guard.tsv, as CI
// does, and -update writes them there.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// options are read from the command line.
type options struct {
	quick, keep, guard, update bool
	rows                       *regexp.Regexp
	apart                      int
	data, out, against, python string
	seconds                    float64
	be                         string // what this process is, if not the bench itself
	times                      int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var o options
	fs := flag.NewFlagSet("bench", flag.ExitOnError)
	fs.BoolVar(&o.quick, "quick", false, "measure fewer rows, in some minutes")
	fs.BoolVar(&o.keep, "keep", false, "keep the temporary folder of the rasters")
	fs.BoolVar(&o.guard, "guard", false, "only compare figures that do not depend on the machine with the committed ones")
	fs.BoolVar(&o.update, "update", false, "with -guard: write the figures to internal/bench/guard.tsv")
	pattern := fs.String("rows", "", "measure rows whose names match the `regexp`; "+
		"beside those of the first table there are mapserver/…, floor/…, large/… and curve/…")
	fs.IntVar(&o.apart, "apart", 2, "the `number` of levels in which rows may differ from the usual one")
	fs.StringVar(&o.data, "data", "", "the `folder` of the rasters, which stay there; default a temporary one")
	fs.StringVar(&o.out, "o", ".", "the `folder` for bench.md, bench.tsv and plots")
	fs.StringVar(&o.against, "against", "", "a former bench.tsv `file` whose verdicts are compared")
	fs.StringVar(&o.python, "python", "", "the `program` of Python that has GDAL; default python3, or the system's")
	fs.Float64Var(&o.seconds, "seconds", 0, "the `time` in seconds of either program for a row; default 2, quick 0.5")
	fs.StringVar(&o.be, "be", "", "used by the program itself")
	fs.IntVar(&o.times, "times", 1, "used by the program itself")
	_ = fs.Parse(args) // it exits
	switch {
	case o.be == "worker":
		return work(ctx, os.Stdin, os.Stdout)
	case o.be == "server":
		return serve(fs.Args(), os.Stdin, os.Stdout)
	case o.be == "guard":
		return repeatGuard(ctx, fs.Arg(0), fs.Arg(1), o.times)
	case fs.NArg() > 0:
		return fmt.Errorf("what is %q?", fs.Arg(0))
	case o.guard:
		return guardFigures(ctx, o.update, os.Stdout)
	}
	var err error
	if o.rows, err = regexp.Compile(*pattern); err != nil {
		return err
	}
	if o.seconds == 0 {
		o.seconds = 2
		if o.quick {
			o.seconds = .5
		}
	}
	return measureAll(ctx, o)
}

// measureAll measures the rows, and prints and writes the page.
func measureAll(ctx context.Context, o options) (err error) {
	if o.python == "" {
		o.python = findPython()
	}
	servers := len(chooseHTTP(o.quick, o.rows)) > 0 || o.rows.MatchString("curve/clients")
	if err := missing(toolsFor(o.python, servers)); err != nil {
		return err
	}
	if o.data == "" {
		if o.data, err = os.MkdirTemp("", "bench"); err != nil {
			return err
		}
		if o.keep {
			fmt.Fprintln(os.Stderr, "rasters are in", o.data)
		} else {
			defer func() { err = errors.Join(err, os.RemoveAll(o.data)) }()
		}
	}
	if o.data, err = filepath.Abs(o.data); err != nil {
		return err
	}
	d, err := newData(o.data, o.python, os.Stderr)
	if err != nil {
		return err
	}
	far, err := startRangeServer(o.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, far.stop()) }()
	b := &bench{data: d, seconds: o.seconds, latency: far}
	r := &Report{Machine: machine(servers)}
	err = b.fill(ctx, o, r)
	r.Goals = r.judge()
	return errors.Join(err, publish(r, o))
}

// fill measures everything that is asked for. It goes on where a part fails.
func (b *bench) fill(ctx context.Context, o options, r *Report) error {
	start := time.Now()
	progress := func(name, figure string) {
		fmt.Fprintf(os.Stderr, "%6.0f s  %-60s %s\n", time.Since(start).Seconds(), name, figure)
	}
	for _, row := range chooseRows(o.quick, o.apart, o.rows) {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := b.compare(ctx, row)
		r.Comparisons = append(r.Comparisons, c)
		progress(row.String(), number(c.Ratio)+" "+c.Err)
	}
	b.floors(ctx, chooseFloors(o.quick, o.rows), func(f Floor) {
		r.Floors = append(r.Floors, f)
		progress(f.String(), number(f.Ratio())+" "+f.Err)
	})
	if !o.quick && o.rows.MatchString("large/png/tiff") {
		b.large(ctx, func(l Large) {
			r.Large = append(r.Large, l)
			progress("large/"+l.Format, mb(l.Peak)+" MB "+l.Err)
		})
	}
	err := b.compareHTTP(ctx, chooseHTTP(o.quick, o.rows), func(c HTTPComparison) {
		r.HTTP = append(r.HTTP, c)
		progress(c.Row.String(), number(c.Ratio)+" "+c.Err)
	})
	curves, e := b.curves(ctx, o.quick, o.rows, func(name string) { progress(name, "") })
	r.Curves = curves
	return errors.Join(err, e)
}

// publish prints the page, and writes its files.
func publish(r *Report, o options) error {
	var page, values bytes.Buffer
	if err := errors.Join(r.markdown(&page), r.tsv(&values)); err != nil {
		return err
	}
	var before []byte
	var err error
	if o.against != "" {
		if before, err = os.ReadFile(o.against); err != nil {
			return err
		}
	}
	err = errors.Join(
		write(filepath.Join(o.out, "bench.md"), page.Bytes()), write(filepath.Join(o.out, "bench.tsv"), values.Bytes()))
	for _, c := range r.Curves {
		err = errors.Join(err, plot(o.out, c))
	}
	if _, e := io.Copy(os.Stdout, &page); err == nil {
		err = e
	}
	if before != nil {
		changes, common := against(verdicts(string(before)), verdicts(values.String()))
		fmt.Printf("\n%d of %d verdicts differ from those of %s\n", len(changes), common, o.against)
		for _, c := range changes {
			fmt.Println(c)
		}
	}
	return err
}
