package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
)

// A Measure is what one program took for a row.
type Measure struct {
	Median, P99 float64 // seconds by the clock
	CPU         float64 // seconds of CPU time a picture; 0 if it is not known
	Bytes       int64   // of the first picture
	Peak        int64   // bytes of memory; 0 if it is not known
}

// A Comparison is a row of the table with its figures.
type Comparison struct {
	Row          Row
	N            int // pictures that either made
	Ours, Theirs Measure
	Ratio        float64 // the median of how many times as long as ours GDAL took, pair by pair
	Agreement    Agreement
	Err          string // why there are no figures
}

// A bench compares programs on rows.
type bench struct {
	data    *data
	seconds float64 // that either program gets for a row
	latency *rangeServer
}

// Numbers of pictures for a row, however long or short they take; pictures of warm rows are of a few places, in turn.
const (
	leastPictures, mostPictures = 5, 200
	warmPlaces                  = 4
)

// compare measures a row. Errors end up in it: they concern no other row.
func (b *bench) compare(ctx context.Context, r Row) Comparison {
	c, err := b.measure(ctx, r)
	c.Row = r
	if err != nil {
		c.Err = err.Error()
	}
	return c
}

func (b *bench) measure(ctx context.Context, r Row) (c Comparison, err error) {
	file := rasterOf(r)
	path, err := b.data.path(ctx, file)
	if err != nil {
		return c, err
	}
	places, err := newBoxes(file.place, pictureCode(r), r.side())
	if err != nil {
		return c, err
	}
	us, err := startOurs(ctx, r.cores())
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, us.stop()) }()
	gdal, err := startGDAL(ctx, b.data, r.cores())
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, gdal.stop()) }()
	p := &pair{workers: [2]*worker{us, gdal}, jobs: b.jobs(r, path)}
	if err := p.warmUp(places, r.cold(), filepath.Join(b.data.folder, "picture")); err != nil {
		return c, err
	}
	if err := p.run(ctx, places, r.cold(), b.seconds); err != nil {
		return c, err
	}
	c.N = len(p.seconds[0])
	c.Ours, c.Theirs = p.result(0), p.result(1)
	c.Ratio = median(ratios(p.seconds[0], p.seconds[1]))
	c.Agreement, err = agreementOf(p.out(0), p.out(1))
	return c, err
}

// jobs returns the job of a row for either program, without a box.
func (b *bench) jobs(r Row, path string) (jobs [2]Job) {
	j := Job{
		Source: path, Cold: r.cold(), Cores: r.cores(), SR: pictureCode(r), Width: r.side(), Height: r.side(),
		Kernel: r.kernel(), Format: r.format(),
	}
	if f := r.raster(); f == "hillshade" || f == "ndvi" {
		j.Function = f
	}
	if r.far() {
		j.Source = b.latency.url + "/" + url.PathEscape(filepath.Base(path))
	}
	jobs = [2]Job{j, j}
	if r.raster() == "mosaic" {
		jobs[0].Mosaic = true
		jobs[1].Source = filepath.Join(path, "mosaic.vrt")
	}
	return jobs
}

// A pair is two workers that get the same jobs in turn, so that a busy moment of the machine concerns both.
type pair struct {
	workers [2]*worker
	jobs    [2]Job
	boxes   [][4]float64 // of a warm row
	seconds [2][]float64
	bytes   [2]int64
	cpu     [2]float64 // at the end of warmUp, and then of all pictures
	picture string
}

func (p *pair) out(i int) string { return fmt.Sprintf("%s.%d", p.picture, i) }

// warmUp makes pictures that are not measured, the first of which are kept to be compared. A cold picture then finds
// programs whose tables are made, and a warm one finds its blocks in caches.
func (p *pair) warmUp(places *boxes, cold bool, picture string) error {
	p.picture = picture
	for range warmPlaces {
		p.boxes = append(p.boxes, places.next())
	}
	if cold {
		p.boxes = p.boxes[:1]
	}
	for n, box := range p.boxes {
		for i, w := range p.workers {
			j := p.jobs[i]
			j.Box = box
			if n == 0 { // by the exact coordinates, of which ours are to be an approximation
				j.Out, j.Exact = p.out(i), true
			}
			a, err := w.ask(j)
			if err != nil {
				return err
			}
			if n == 0 {
				p.bytes[i] = a.Bytes
			}
		}
	}
	for i, w := range p.workers {
		p.cpu[i] = cpuOf(w.cmd.Process.Pid)
	}
	return nil
}

// run makes pictures until either program had its time.
func (p *pair) run(ctx context.Context, places *boxes, cold bool, seconds float64) error {
	var took [2]float64
	enough := func(n int) bool {
		switch {
		case n >= mostPictures || took[0]+took[1] > 20*seconds:
			return true
		case n < leastPictures:
			return false
		}
		return min(took[0], took[1]) >= seconds
	}
	for n := 0; !enough(n); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		box := p.boxes[n%len(p.boxes)]
		if cold {
			box = places.next()
		}
		for i := range p.workers {
			i = (i + n) % 2 // A B, B A, …
			j := p.jobs[i]
			j.Box = box
			a, err := p.workers[i].ask(j)
			if err != nil {
				return err
			}
			p.seconds[i] = append(p.seconds[i], a.Seconds)
			took[i] += a.Seconds
		}
	}
	for i, w := range p.workers {
		p.cpu[i] = cpuOf(w.cmd.Process.Pid) - p.cpu[i]
	}
	return nil
}

func (p *pair) result(i int) Measure {
	s := p.seconds[i]
	return Measure{
		Median: median(s), P99: quantile(s, .99), CPU: p.cpu[i] / float64(len(s)),
		Bytes: p.bytes[i], Peak: p.workers[i].peak(),
	}
}
