package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/geoexport/geoexport/internal/tiffmake"
)

// A Curve shows how a cost grows with the work. Its points are chosen so that a good one is flat.
type Curve struct {
	Name   string // of its file
	Title  string
	X, Y   string // what the axes are, with units
	Labels []string
	Lines  []Line
}

// A Line is one program's part of a curve.
type Line struct {
	Name   string
	Values []float64 // one a label; NaN where there is none
}

// repeats is of how many pictures a point is the median.
const repeats = 7

// curves measures the curves whose names match a pattern, and reports each that is done. A quick run has fewer points.
func (b *bench) curves(
	ctx context.Context, isQuick bool, pattern *regexp.Regexp, report func(name string),
) (all []Curve, err error) {
	for _, curve := range []struct {
		name    string
		measure func(context.Context, bool) (Curve, error)
	}{
		{"pixels", b.byPixels}, {"source", b.bySource}, {"rasters", b.byRasters}, {"clients", b.byClients},
		{"cores", b.byCores},
	} {
		if !pattern.MatchString("curve/" + curve.name) {
			continue
		}
		c, e := curve.measure(ctx, isQuick)
		c.Name = curve.name
		if err = errors.Join(err, e); e == nil {
			all = append(all, c)
		}
		report("curve/" + curve.name)
	}
	return all, err
}

// usualRow is the row of which the curves are variations.
func usualRow() Row { return product(0)[0] }

// byPixels is the cost of a pixel by the size of the picture, for both programs.
func (b *bench) byPixels(ctx context.Context, isQuick bool) (Curve, error) {
	c := Curve{Title: "Time for a pixel of the picture", X: "pixels of the picture", Y: "ns",
		Lines: []Line{{Name: "geoexport"}, {Name: "GDAL"}}}
	most := 4096
	if isQuick {
		most = 1024
	}
	for side := 64; side <= most; side *= 2 {
		r := usualRow()
		r[3] = fmt.Sprint(side)
		m := b.compare(ctx, r)
		if m.Err != "" {
			return c, errors.New(m.Err)
		}
		c.Labels = append(c.Labels, fmt.Sprintf("%d²", side))
		for i, t := range []float64{m.Ours.Median, m.Theirs.Median} {
			c.Lines[i].Values = append(c.Lines[i].Values, t/float64(side*side)*1e9)
		}
	}
	return c, nil
}

// bySource is the time for a picture by the size of the raster.
func (b *bench) bySource(ctx context.Context, isQuick bool) (Curve, error) {
	c := Curve{Title: "Time for a picture of 400² pixels", X: "pixels of the raster", Y: "ms",
		Lines: []Line{{Name: "geoexport, file opened for it"}}}
	most := 11
	if isQuick {
		most = 9
	}
	for power := 6; power <= most; power++ {
		side := int(math.Sqrt(math.Pow10(power)))
		name := filepath.Join(b.data.folder, fmt.Sprintf("source_1e%d.tif", power))
		if err := makeSource(name, side); err != nil {
			return c, err
		}
		seconds, err := b.medianOf(ctx, Job{
			Source: name, Cold: true, Cores: 1, SR: 3857, Width: 400, Height: 400, Kernel: "bilinear", Format: "png",
		}, place{32633, 4e5, 54e5, 1, side, side})
		if err != nil {
			return c, err
		}
		c.Labels = append(c.Labels, fmt.Sprintf("1e%d", power))
		c.Lines[0].Values = append(c.Lines[0].Values, seconds*1e3)
	}
	return c, nil
}

// makeSource writes a raster of side² pixels of a metre with overviews, unless it is there. 64 tiles a level stand
// for all, so that it is made in seconds; the file's structure is that of an honest one.
func makeSource(name string, side int) error {
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	f := &tiffmake.File{
		Big: true, Size: image.Pt(side, side), Bands: 3, Tile: image.Pt(256, 256),
		Compression: tiffmake.Deflate, Predictor: 2, ShareTiles: 64, EPSG: 32633, Sample: texture,
	}
	f.NorthUp(4e5, 54e5, 1)
	for s := (side + 1) / 2; s >= 128; s = (s + 1) / 2 {
		f.Levels = append(f.Levels, image.Pt(s, s))
	}
	out, err := os.Create(name + ".part")
	if err != nil {
		return err
	}
	_, err = f.WriteAt(out)
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	time.Sleep(time.Second / 10) // a file that has just been written is not trusted yet: see source.Settle
	return os.Rename(name+".part", name)
}

// medianOf returns the median time of our worker for a job at different places.
func (b *bench) medianOf(ctx context.Context, j Job, of place) (_ float64, err error) {
	places, err := newBoxes(of, j.SR, j.Width)
	if err != nil {
		return 0, err
	}
	w, err := startOurs(ctx, j.Cores)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	var seconds []float64
	for n := range repeats + 1 {
		j.Box = places.next()
		a, err := w.ask(j)
		if err != nil {
			return 0, err
		}
		if n > 0 { // the first one makes tables
			seconds = append(seconds, a.Seconds)
		}
	}
	return median(seconds), nil
}

// byRasters is the time for a picture by the number of rasters of a mosaic, four of which it shows.
func (b *bench) byRasters(ctx context.Context, isQuick bool) (Curve, error) {
	c := Curve{Title: "Time for a picture of 400² pixels of a mosaic", X: "rasters of the mosaic", Y: "ms",
		Lines: []Line{{Name: "geoexport, index in memory"}}}
	most := 100_000
	if isQuick {
		most = 10_000
	}
	name := filepath.Join(b.data.folder, "source_1e6.tif")
	if err := makeSource(name, 1000); err != nil {
		return c, err
	}
	for n := 1; n <= most; n *= 10 {
		seconds, err := timeMosaic(ctx, name, n)
		if err != nil {
			return c, err
		}
		c.Labels = append(c.Labels, fmt.Sprint(n))
		c.Lines[0].Values = append(c.Lines[0].Values, seconds*1e3)
	}
	return c, nil
}

// byClients is the number of answers a second by the number of clients, for both servers.
func (b *bench) byClients(ctx context.Context, isQuick bool) (Curve, error) {
	c := Curve{Title: "Pictures of 256² pixels by HTTP", X: "clients", Y: "a second",
		Lines: []Line{{Name: "geoexport"}, {Name: "MapServer"}}}
	most := 256
	if isQuick {
		most = 16
	}
	var rows []HTTPRow
	for _, n := range powers(most) {
		rows = append(rows, HTTPRow{"utm_deflate", 256, "png", n})
	}
	var fault error
	err := b.compareHTTP(ctx, rows, func(h HTTPComparison) {
		if h.Err != "" {
			fault = errors.Join(fault, errors.New(h.Err))
		}
		c.Labels = append(c.Labels, fmt.Sprint(h.Row.Clients))
		for i, rate := range []float64{h.Ours.Rate, h.Theirs.Rate} {
			c.Lines[i].Values = append(c.Lines[i].Values, rate)
		}
	})
	return c, errors.Join(err, fault)
}

// byCores is the CPU time of a large picture by the number of cores, in seconds of the clock times cores.
func (b *bench) byCores(ctx context.Context, _ bool) (Curve, error) {
	c := Curve{Title: "Time for a picture of 1024² pixels, times cores", X: "cores", Y: "ms",
		Lines: []Line{{Name: "geoexport"}, {Name: "GDAL"}}}
	for _, n := range coreCounts() {
		r := usualRow()
		r[3], r[6] = "1024", fmt.Sprint(n)
		m := b.compare(ctx, r)
		if m.Err != "" {
			return c, errors.New(m.Err)
		}
		c.Labels = append(c.Labels, fmt.Sprint(n))
		for i, t := range []float64{m.Ours.Median, m.Theirs.Median} {
			c.Lines[i].Values = append(c.Lines[i].Values, t*float64(n)*1e3)
		}
	}
	return c, nil
}
