package main

import (
	"context"
	"errors"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// largeSide is the side of the large pictures in pixels.
const largeSide = 30000

// A Large is a picture that is written as it is made.
type Large struct {
	Format  string
	Side    int
	Seconds float64
	Busy    float64 // cores, on average
	Peak    int64   // bytes of memory; 0 if it is not known
	Bytes   int64   // of the picture
	Err     string
}

// large makes large pictures of the heights and passes each to report.
func (b *bench) large(ctx context.Context, report func(Large)) {
	for _, format := range []string{"png", "tiff"} {
		l := Large{Format: format, Side: largeSide}
		if err := b.makeLarge(ctx, &l); err != nil {
			l.Err = err.Error()
		}
		report(l)
	}
}

func (b *bench) makeLarge(ctx context.Context, l *Large) (err error) {
	f := rasterOf(Row{"dem"})
	path, err := b.data.path(ctx, f)
	if err != nil {
		return err
	}
	cores := coreCounts()
	w, err := startOurs(ctx, cores[len(cores)-1])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	p := f.place
	a, err := w.ask(Job{
		Op: "stream", Source: path, Cold: true, Cores: cores[len(cores)-1], SR: p.code, Width: l.Side, Height: l.Side,
		Box:    [4]float64{p.x, p.y - float64(p.height)*p.pixel, p.x + float64(p.width)*p.pixel, p.y},
		Kernel: "bilinear", Format: l.Format,
	})
	l.Seconds, l.Bytes, l.Peak = a.Seconds, a.Bytes, w.peak()
	if a.Seconds > 0 {
		l.Busy = cpuOf(w.cmd.Process.Pid) / a.Seconds
	}
	return err
}

// counter counts bytes and throws them away.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// stream exports a picture of any size and throws it away. The service and its caches are as large as they are by
// default.
func (o *ours) stream(ctx context.Context, j Job) (a Answer, err error) {
	req, err := j.request()
	if err != nil {
		return Answer{}, err
	}
	file, err := geotiff.OpenFile(j.Source, nil)
	if err != nil {
		return Answer{}, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	s := &exportimage.Service{Catalog: alone(file), Limits: exportimage.Limits{
		Side: j.Width, Pixels: j.Width * j.Height, SourcePixels: 1 << 40, Spool: 1 << 40, Time: time.Hour,
	}}
	var n counter
	start := time.Now()
	_, err = s.ExportTo(ctx, &n, req)
	return Answer{Seconds: time.Since(start).Seconds(), Bytes: int64(n)}, err
}
