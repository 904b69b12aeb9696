package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source/httpsource"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// cacheBytes is the size of either program's cache of blocks.
const cacheBytes = 1 << 30

// ours is the worker of our side: it exports in its own process, without HTTP, as GDAL's does.
type ours struct {
	far     httpsource.Client
	scenes  mosaic.Slice // of the folder of the last job with Mosaic
	pool    *mosaic.Pool // their files
	service *exportimage.Service
	file    *geotiff.File // of the service, if it has a single raster
	kept    *pictures
}

// work answers jobs until the input ends.
func work(ctx context.Context, in io.Reader, out io.Writer) error {
	o := &ours{far: httpsource.Client{HTTP: http.DefaultClient}}
	defer o.close()
	jobs, answers := json.NewDecoder(bufio.NewReader(in)), json.NewEncoder(out)
	for {
		var j Job
		if err := jobs.Decode(&j); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		a, err := o.do(ctx, j)
		if err != nil {
			a.Error = err.Error()
		}
		if err := answers.Encode(a); err != nil {
			return err
		}
	}
}

func (o *ours) do(ctx context.Context, j Job) (Answer, error) {
	runtime.GOMAXPROCS(j.Cores)
	switch j.Op {
	case "":
		return o.export(ctx, j)
	case "stream":
		return o.stream(ctx, j)
	case "decode":
		return o.decode(ctx, j)
	case "encode":
		return o.encode(j)
	}
	return Answer{}, fmt.Errorf("no such operation: %q", j.Op)
}

var kernels = map[string]resample.Interpolation{
	"nearest": resample.Nearest, "bilinear": resample.Bilinear, "cubic": resample.Cubic, "majority": resample.Majority,
}

func (j Job) request() (exportimage.Request, error) {
	sr, err := srs.FromWKID(j.SR)
	if err != nil {
		return exportimage.Request{}, err
	}
	r := exportimage.Request{
		BBox:   srs.Envelope{XMin: j.Box[0], YMin: j.Box[1], XMax: j.Box[2], YMax: j.Box[3]},
		BBoxSR: sr, ImageSR: sr, Size: image.Pt(j.Width, j.Height), Aspect: exportimage.ExactBox,
		Format: j.Format, Interpolation: kernels[j.Kernel],
	}
	switch j.Function {
	case "hillshade":
		r.Function = function.NewHillshade(function.Source{})
	case "ndvi":
		r.Function = &function.NDVI{Input: function.Source{}, InfraredBandID: 0, VisibleBandID: 1}
	case "":
	default:
		return r, fmt.Errorf("no such function: %q", j.Function)
	}
	return r, nil
}

func (o *ours) export(ctx context.Context, j Job) (Answer, error) {
	req, err := j.request()
	if err != nil {
		return Answer{}, err
	}
	if j.Mosaic {
		if err := o.scan(ctx, j.Source); err != nil {
			return Answer{}, err
		}
	}
	start := time.Now()
	if err := o.open(ctx, j); err != nil {
		return Answer{}, err
	}
	res, err := o.service.Export(ctx, req)
	a := Answer{Seconds: time.Since(start).Seconds(), Bytes: int64(len(res.Data))}
	if err == nil && j.Out != "" {
		err = os.WriteFile(j.Out, res.Data, 0o644)
	}
	return a, err
}

// open makes the service of a job, unless it is warm and there is one.
func (o *ours) open(ctx context.Context, j Job) error {
	if o.service != nil && !j.Cold {
		return nil
	}
	o.close()
	o.kept = new(pictures)
	cache := raster.NewCache(cacheBytes)
	o.service = &exportimage.Service{Cache: cache, Formats: o.kept.formats(j.Op == "decode")}
	if j.Mosaic {
		o.service.Catalog = o.reopened(j.Source, cache)
		return nil
	}
	file, err := o.openFile(ctx, j.Source, cache)
	if err != nil {
		return err
	}
	o.file, o.service.Catalog = file, alone(file)
	return nil
}

// alone returns a catalogue of one raster.
func alone(file *geotiff.File) mosaic.Catalog {
	grid := file.Info().Grid
	return mosaic.Slice{{
		ID: 1, Name: "scene", Footprint: mosaic.Footprint{CRS: grid.CRS, Envelope: grid.Envelope()},
		Open: func(context.Context) (raster.Dataset, error) { return file, nil },
	}}
}

func (o *ours) openFile(ctx context.Context, name string, cache *raster.Cache) (*geotiff.File, error) {
	options := &geotiff.Options{Cache: cache}
	if !isURL(name) {
		return geotiff.OpenFile(name, options)
	}
	src, err := o.far.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	return geotiff.Open(ctx, src, options)
}

// scan reads the catalogue of a folder, once: a server knows its catalogue when a request comes.
func (o *ours) scan(ctx context.Context, folder string) (err error) {
	if o.scenes != nil {
		return nil
	}
	pool := o.newPool(folder, raster.NewCache(0))
	o.scenes, err = mosaic.Folder(ctx, os.DirFS(folder), &mosaic.FolderOptions{Open: pool.Open, Pattern: "*.tif"})
	return err
}

func (o *ours) newPool(folder string, cache *raster.Cache) *mosaic.Pool {
	return mosaic.NewPool(0, func(ctx context.Context, name string) (raster.Dataset, error) {
		return o.openFile(ctx, folder+"/"+name, cache)
	})
}

// reopened returns the scenes, none of which is open.
func (o *ours) reopened(folder string, cache *raster.Cache) mosaic.Slice {
	o.pool = o.newPool(folder, cache)
	pool, scenes := o.pool, make(mosaic.Slice, len(o.scenes))
	for i, it := range o.scenes {
		name := it.Name + ".tif"
		scenes[i] = &mosaic.Item{
			ID: it.ID, Name: it.Name, Footprint: it.Footprint, PixelSize: it.PixelSize, Type: raster.U8,
			Open: func(ctx context.Context) (raster.Dataset, error) { return pool.Open(ctx, name) },
		}
	}
	return scenes
}

// close closes the files of the service. They were only read.
func (o *ours) close() {
	if o.file != nil {
		o.file.Close()
	}
	if o.pool != nil {
		o.pool.Close()
	}
	o.file, o.pool, o.service = nil, nil, nil
}

// pictures are the formats of a service, and the pixels of the last picture that it encoded.
type pictures struct {
	last   raster.Image // without strips
	strips []*raster.Block
}

// formats returns the usual formats or, to keep what they encode, ones that write nothing.
func (p *pictures) formats(keep bool) encode.Formats {
	all := encode.Default()
	if !keep {
		return all
	}
	for name, f := range all {
		f.Choose = nil
		f.Encode = func(_ io.Writer, m *raster.Image, _ *encode.Options) error { return p.keep(m) }
		all[name] = f
	}
	return all
}

// keep copies an image, whose strips are lent.
func (p *pictures) keep(m *raster.Image) error {
	p.last, p.strips = *m, nil
	for b, err := range m.Strips {
		if err != nil {
			return err
		}
		r := b.Bounds()
		c := &raster.Block{Type: b.Type, Bands: raster.NewPlanes(b.Type, len(b.Bands), r)}
		for i := range b.Bands {
			raster.Copy(c.Bands[i], b.Bands[i], r)
		}
		if b.Valid != nil {
			c.Valid = image.NewAlpha(r)
			for y := r.Min.Y; y < r.Max.Y; y++ {
				from, to := b.Valid.PixOffset(r.Min.X, y), c.Valid.PixOffset(r.Min.X, y)
				copy(c.Valid.Pix[to:to+r.Dx()], b.Valid.Pix[from:])
			}
		}
		p.strips = append(p.strips, c)
	}
	return nil
}

// image returns the picture that was kept.
func (p *pictures) image() *raster.Image {
	m := p.last
	m.Strips = func(yield func(*raster.Block, error) bool) {
		for _, b := range p.strips {
			if !yield(b, nil) {
				return
			}
		}
	}
	return &m
}
