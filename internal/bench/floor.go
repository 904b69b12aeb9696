package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

// decode measures the decode floor of a job: opening its file and reading the window that the picture shows, without
// anything that an export does besides. It also exports the picture, and keeps its pixels for encode.
func (o *ours) decode(ctx context.Context, j Job) (Answer, error) {
	j.Cold = true
	req, err := j.request()
	if err != nil {
		return Answer{}, err
	}
	if err := o.open(ctx, j); err != nil {
		return Answer{}, err
	}
	win, err := window(o.file, j)
	if err != nil {
		return Answer{}, err
	}
	if _, err := o.service.Export(ctx, req); err != nil {
		return Answer{}, err
	}
	start := time.Now()
	f, err := geotiff.OpenFile(j.Source, &geotiff.Options{Cache: raster.NewCache(cacheBytes)})
	if err != nil {
		return Answer{}, err
	}
	_, err = f.Read(ctx, nil, 0, win, nil)
	a := Answer{Seconds: time.Since(start).Seconds()}
	return a, errors.Join(err, f.Close())
}

// window returns the part of a file that a job's box covers.
func window(f *geotiff.File, j Job) (image.Rectangle, error) {
	info := f.Info()
	sr, err := srs.FromWKID(j.SR)
	if err != nil {
		return image.Rectangle{}, err
	}
	t, err := srs.NewTransformer(sr, info.Grid.CRS)
	if err != nil {
		return image.Rectangle{}, err
	}
	e, err := t.Envelope(srs.Envelope{XMin: j.Box[0], YMin: j.Box[1], XMax: j.Box[2], YMax: j.Box[3]})
	if err != nil {
		return image.Rectangle{}, err
	}
	all := info.Grid.Envelope()
	size := info.Grid.Size
	column := func(x float64) int { return int((x - all.XMin) / all.Width() * float64(size.X)) }
	row := func(y float64) int { return int((all.YMax - y) / all.Height() * float64(size.Y)) }
	win := image.Rect(column(e.XMin), row(e.YMax), column(e.XMax)+1, row(e.YMin)+1)
	if !win.In(image.Rectangle{Max: size}) {
		return win, fmt.Errorf("the box reaches over the edge of the raster: %v", win)
	}
	return win, nil
}

// encode measures the encode floor: writing the pixels that decode kept.
func (o *ours) encode(j Job) (Answer, error) {
	if o.kept == nil || o.kept.strips == nil {
		return Answer{}, errors.New("nothing was exported to be encoded")
	}
	f, ok := encode.Default()[j.Format]
	if !ok {
		return Answer{}, fmt.Errorf("no such format: %q", j.Format)
	}
	m := o.kept.image()
	var out bytes.Buffer
	start := time.Now()
	err := f.Encode(&out, m, nil)
	return Answer{Seconds: time.Since(start).Seconds(), Bytes: int64(out.Len())}, err
}
