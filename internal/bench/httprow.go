package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// An HTTPRow is a line of the table that compares our server with MapServer.
type HTTPRow struct {
	Layer   string // the raster's file, without its extension
	Side    int
	Format  string
	Clients int
}

func (r HTTPRow) String() string {
	return fmt.Sprintf("mapserver/%s/%d/%s/%d", strings.TrimPrefix(r.Layer, "utm_"), r.Side, r.Format, r.Clients)
}

// HTTPRasters are the rasters of these rows.
var httpRasters = []string{"deflate", "jpeg"}

// chooseHTTP returns the rows whose names match a pattern.
func chooseHTTP(isQuick bool, pattern *regexp.Regexp) (rows []HTTPRow) {
	for _, raster := range httpRasters {
		for _, side := range []int{256, 400, 1024} {
			for _, format := range []string{"png", "jpg"} {
				for _, clients := range []int{1, 8, 64} {
					r := HTTPRow{"utm_" + raster, side, format, clients}
					slow := raster != "deflate" || side != 256
					if pattern.MatchString(r.String()) && !(isQuick && slow) {
						rows = append(rows, r)
					}
				}
			}
		}
	}
	return rows
}

// A HTTPComparison is a row with its figures.
type HTTPComparison struct {
	Row          HTTPRow
	Ours, Theirs Load
	Ratio        float64 // of answers a second
	Agreement    Agreement
	PeakOurs     int64 // bytes of memory so far
	PeakTheirs   int64
	Err          string
}

// A server is one of our own, in a process of its own.
type server struct {
	url string
	cmd *exec.Cmd
	in  io.Closer
}

// startServing starts our server of some files.
func startServing(ctx context.Context, files []string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{"-be", "server"}, files...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	s := &server{strings.TrimSpace(line), cmd, in}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("our server: %w", err), s.stop())
	}
	return s, nil
}

func (s *server) stop() error { return errors.Join(s.in.Close(), s.cmd.Wait()) }

// compareHTTP measures rows and passes each to report.
func (b *bench) compareHTTP(ctx context.Context, rows []HTTPRow, report func(HTTPComparison)) (err error) {
	if len(rows) == 0 {
		return nil
	}
	var files []string
	for _, raster := range httpRasters {
		layer := "utm_" + raster
		if !slices.ContainsFunc(rows, func(r HTTPRow) bool { return r.Layer == layer }) {
			continue
		}
		path, err := b.data.path(ctx, rasterOf(Row{raster, "utm-3857"}))
		if err != nil {
			return err
		}
		files = append(files, path)
	}
	us, err := startServing(ctx, files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, us.stop()) }()
	folder, err := filepath.Abs(b.data.folder)
	if err != nil {
		return err
	}
	them, err := startMapServer(ctx, folder, files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, them.stop()) }()
	for _, r := range rows {
		c := HTTPComparison{Row: r}
		if err := b.loadBoth(&c, us.url, them.url); err != nil {
			c.Err = err.Error()
		}
		c.PeakOurs, c.PeakTheirs = peakOf(us.cmd.Process.Pid), them.peak()
		report(c)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// turns is how often either server is measured for a row.
const turns = 2

// loadBoth measures both servers in turn. Of each, the turns are put together by their medians.
func (b *bench) loadBoth(c *HTTPComparison, ours, theirs string) error {
	lasts := time.Duration(b.seconds * float64(time.Second))
	if err := b.agreeHTTP(c, ours, theirs); err != nil {
		return err
	}
	var us, them []Load
	for range turns {
		for i, query := range []func([4]float64) string{exportURL(ours, c.Row), mapURL(theirs, c.Row)} {
			places, err := newBoxes(rasterOf(Row{"deflate", "utm-3857"}).place, 3857, c.Row.Side)
			if err != nil {
				return err
			}
			l, err := loaded(c.Row.Clients, lasts, places, query)
			if err != nil {
				return fmt.Errorf("%s: %w", []string{"ours", "MapServer"}[i], err)
			}
			if i == 0 {
				us = append(us, l)
			} else {
				them = append(them, l)
			}
		}
	}
	c.Ours, c.Theirs = together(us), together(them)
	c.Ratio = c.Ours.Rate / c.Theirs.Rate
	return nil
}

// agreeHTTP compares one picture of both servers.
func (b *bench) agreeHTTP(c *HTTPComparison, ours, theirs string) error {
	places, err := newBoxes(rasterOf(Row{"deflate", "utm-3857"}).place, 3857, c.Row.Side)
	if err != nil {
		return err
	}
	box := places.next()
	var files [2]string
	for i, url := range []string{exportURL(ours, c.Row)(box), mapURL(theirs, c.Row)(box)} {
		body, err := get(http.DefaultClient, url)
		if err != nil {
			return err
		}
		files[i] = filepath.Join(b.data.folder, fmt.Sprintf("picture.%d", i))
		if err := write(files[i], body); err != nil {
			return err
		}
	}
	c.Agreement, err = agreementOf(files[0], files[1])
	return err
}

// together returns the medians of what several turns measured.
func together(turns []Load) Load {
	of := func(f func(Load) float64) float64 {
		var v []float64
		for _, l := range turns {
			v = append(v, f(l))
		}
		return median(v)
	}
	l := Load{
		Rate:   of(func(l Load) float64 { return l.Rate }),
		Median: of(func(l Load) float64 { return l.Median }),
		P99:    of(func(l Load) float64 { return l.P99 }),
		Bytes:  int64(of(func(l Load) float64 { return float64(l.Bytes) })),
	}
	for _, t := range turns {
		l.Answers += t.Answers
	}
	return l
}

// powers returns 1, 2, 4 … up to a number.
func powers(most int) (n []int) {
	for i := 1; i <= most; i *= 2 {
		n = append(n, i)
	}
	return n
}

// coreCounts are the numbers of cores of which one curve has a point each.
func coreCounts() []int { return powers(runtime.NumCPU()) }
