package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

// unbounded are the limits of a program whose user owns the machine and can interrupt it.
var unbounded = exportimage.Limits{
	Side: math.MaxInt32, Pixels: 1 << 40, Items: 1 << 20, SourcePixels: math.MaxInt64, Time: 24 * time.Hour,
	HistogramPixels: 1 << 40,
}

// cog is the format of what is made: a cloud-optimised GeoTIFF that keeps every sample, with a mask where no noData
// value is stated.
var cog = encode.Format{
	Name: "cog", MediaType: "image/tiff", Ext: "tif", Types: encode.Default()["tiff"].Types, Alpha: true,
	Encode: func(w io.Writer, m *raster.Image, _ *encode.Options) error {
		return geotiff.Encode(w, m, &geotiff.EncodeOptions{Compression: geotiff.Deflate, Overviews: true})
	},
}

// serviceOf returns a service that draws from a catalogue in crs.
func serviceOf(c mosaic.Catalog, crs srs.CRS) *exportimage.Service {
	formats := encode.Default()
	formats[cog.Name] = cog
	return &exportimage.Service{Catalog: c, CRS: crs, Formats: formats, Limits: unbounded}
}

// write makes a file as a whole: it gets its name when it is complete and on the disk. A fill that reports false
// leaves no file.
func write(path string, fill func(w io.Writer) (bool, error)) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return err
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name()) // unless it has its name already
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	keep, err := fill(w)
	if err != nil {
		return err
	}
	if !keep {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := errors.Join(w.Flush(), f.Chmod(0o666&^umask), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// umask is what others may not do with the files.
const umask = 0o022

// draw writes the pixels of a grid, if any of them holds data.
func draw(ctx context.Context, s *exportimage.Service, path string, g raster.Grid) error {
	return write(path, func(w io.Writer) (bool, error) {
		res, err := s.ExportTo(ctx, w, exportimage.Request{
			BBox: g.Envelope(), BBoxSR: g.CRS, ImageSR: g.CRS, Size: g.Size, Aspect: exportimage.ExactBox, Format: cog.Name,
		})
		return err == nil && res.Trace.Covered, err
	})
}

// writeTable writes rows as a catalog.csv.
func writeTable(path string, rows [][]string) error {
	return write(path, func(w io.Writer) (bool, error) { return true, csv.NewWriter(w).WriteAll(rows) })
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// finest returns the size of the smallest pixels of all items, in units of crs.
func finest(items mosaic.Slice, crs srs.CRS) (float64, error) {
	least := math.Inf(1)
	for _, it := range items {
		s, err := scale(it.Footprint, crs)
		if err != nil {
			return 0, &mosaic.ItemError{ID: it.ID, Name: it.Name, Err: err}
		}
		least = min(least, float64(it.PixelSize*s))
	}
	if math.IsInf(least, 1) || least <= 0 {
		return 0, errors.New("no raster has a pixel size")
	}
	return least, nil
}

// scale returns the number of units of crs that are as long as one unit of the footprint's own CRS, at the middle of
// the footprint. It is the mean of both directions that makes areas agree.
func scale(f mosaic.Footprint, crs srs.CRS) (float64, error) {
	t, err := srs.NewTransformer(f.CRS, crs)
	if err != nil {
		return 0, err
	}
	if t.Identity() {
		return 1, nil
	}
	x, y := f.Envelope.Center()
	h := min(f.Envelope.Width(), f.Envelope.Height()) * 1e-4
	xs, ys := []float64{x - h, x + h, x, x}, []float64{y, y, y - h, y + h}
	if t.Transform(xs, ys) > 0 {
		return 0, fmt.Errorf("its middle has no place in %v", crs)
	}
	if p := crs.Period(); p > 0 {
		for i := range xs {
			xs[i] -= p * math.Round((xs[i]-xs[0])/p)
		}
	}
	area := math.Abs(float64((xs[1]-xs[0])*(ys[3]-ys[2])) - float64((xs[3]-xs[2])*(ys[1]-ys[0])))
	s := math.Sqrt(area) / (2 * h)
	if !(s > 0) {
		return 0, errors.New("its pixels have no size")
	}
	return s, nil
}
