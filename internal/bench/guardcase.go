package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A guardCase is one kind of export whose cost is watched, from a file in memory.
type guardCase struct {
	name          string
	file          *tiffmake.File
	side          int // of the picture
	interpolation resample.Interpolation
	format        string
	function      function.Function
	scenes        int  // if not 0, the rasters of a mosaic; they share their bytes
	warm          bool // caches are full
}

// guardSide is the size of the cases' rasters in pixels.
const guardSide = 1500

func guardFile(compression, bands int, kind raster.PixelType) *tiffmake.File {
	f := &tiffmake.File{
		Size: image.Pt(guardSide, guardSide), Bands: bands, Type: kind, Tile: image.Pt(256, 256),
		Compression: compression, ShareTiles: 64, EPSG: 32633, Sample: texture,
	}
	if compression == tiffmake.Deflate && kind == raster.U8 {
		f.Predictor = 2
	}
	return f.NorthUp(4e5, 54e5, 10)
}

// guardCases returns the cases. Each is a way through the library of its own.
func guardCases() []guardCase {
	rgb := guardFile(tiffmake.Deflate, 3, raster.U8)
	return []guardCase{
		{name: "png cold 400", file: rgb, side: 400, format: "png"},
		{name: "png warm 256", file: rgb, side: 256, format: "png", warm: true},
		{name: "png warm 1024", file: rgb, side: 1024, format: "png", warm: true},
		{name: "jpg warm 256", file: rgb, side: 256, format: "jpg", warm: true},
		{name: "png8 warm 256", file: rgb, side: 256, format: "png8", warm: true},
		{name: "cubic png warm 256", file: rgb, side: 256, format: "png", interpolation: resample.Cubic, warm: true},
		{name: "lzw nearest tiff cold 400", file: guardFile(tiffmake.LZW, 1, raster.U8), side: 400, format: "tiff",
			interpolation: resample.Nearest},
		{name: "f32 bilinear tiff cold 400", file: guardFile(tiffmake.None, 1, raster.F32), side: 400, format: "tiff"},
		{name: "f32 hillshade png warm 400", file: guardFile(tiffmake.None, 1, raster.F32), side: 400, format: "png",
			function: function.NewHillshade(function.Source{}), warm: true},
		{name: "mosaic of 100 png warm 400", file: rgb, side: 400, format: "png", scenes: 100, warm: true},
	}
}

// texture is smooth shapes with some noise, which packs about as well as a photo does. It is computed in integers, so
// that it is the same on all machines.
func texture(_, band, x, y int) float64 {
	noise := (uint32(x*73856093) ^ uint32(y*19349663) ^ uint32(band*83492791)) * 2654435761 >> 28
	return float64(60 + wave(x+band*50, 305) + wave(y, 191) + int(noise))
}

// wave goes from 0 to 64 and back, once in a period.
func wave(x, period int) int {
	x %= period
	return min(x, period-x) * 128 / period
}

// A tracker is the bytes of a file, and counts what is read of them.
type tracker struct {
	bytes.Reader
	reads, bytes atomic.Int64
}

var _ source.Source = (*tracker)(nil)

// ReadAtContext reads and counts.
func (t *tracker) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	t.reads.Add(1)
	t.bytes.Add(int64(len(p)))
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return t.ReadAt(p, off)
}

// A guarded is a case that is ready to be measured.
type guarded struct {
	c       guardCase
	content tracker
	request exportimage.Request
	service *exportimage.Service // of a warm case
}

// newGuarded makes a case ready whose file has some content.
func newGuarded(ctx context.Context, c guardCase, content []byte) (*guarded, error) {
	g := &guarded{c: c}
	g.content.Reset(content)
	mercator, err := srs.FromWKID(3857)
	if err != nil {
		return nil, err
	}
	utm, err := srs.FromWKID(32633)
	if err != nil {
		return nil, err
	}
	width := float64(c.side) * 12
	x, y := 4e5+1000, 54e5-1000
	if c.scenes > 0 { // the corner of four of them
		x, y = 4e5+5*guardSide*10-width/2, 54e5-5*guardSide*10+width/2
	}
	g.request = exportimage.Request{
		BBox: srs.Envelope{XMin: x, YMin: y - width, XMax: x + width, YMax: y}, BBoxSR: utm, ImageSR: mercator,
		Size: image.Pt(c.side, c.side), Format: c.format, Interpolation: c.interpolation, Function: c.function,
	}
	if c.warm {
		if g.service, err = g.open(ctx); err == nil {
			_, err = g.service.Export(ctx, g.request)
		}
	}
	return g, err
}

// open makes a service of the case's rasters, which are opened anew.
func (g *guarded) open(ctx context.Context) (*exportimage.Service, error) {
	ds, err := geotiff.Open(ctx, &g.content, nil)
	if err != nil {
		return nil, err
	}
	info := ds.Info()
	var items []*mosaic.Item
	columns := max(1, int(math.Sqrt(float64(g.c.scenes))))
	for i := range max(1, g.c.scenes) {
		e := info.Grid.Envelope()
		dx, dy := float64(i%columns)*e.Width(), float64(i/columns)*e.Height()
		e = srs.Envelope{XMin: e.XMin + dx, YMin: e.YMin - dy, XMax: e.XMax + dx, YMax: e.YMax - dy}
		scene := placed{ds, raster.NorthUp(info.Grid.CRS, e, info.Grid.Size)}
		items = append(items, &mosaic.Item{
			ID: int64(i + 1), Footprint: mosaic.Footprint{CRS: info.Grid.CRS, Envelope: e}, Type: info.Type, PixelSize: 10,
			Open: func(context.Context) (raster.Dataset, error) { return scene, nil },
		})
	}
	index, err := mosaic.NewIndex(items)
	return &exportimage.Service{Catalog: index, Limits: exportimage.Limits{Workers: 1}}, err
}

// export exports once, and returns the size of the picture and the pixels that were read of rasters for it.
func (g *guarded) export(ctx context.Context) (size, pixels int64, err error) {
	s := g.service
	if s == nil {
		if s, err = g.open(ctx); err != nil {
			return 0, 0, err
		}
	}
	res, err := s.Export(ctx, g.request)
	for _, r := range res.Trace.Rasters {
		pixels += r.SourcePixels
	}
	return int64(len(res.Data)), pixels, err
}

// guardRuns is the number of exports that are measured of a case.
const guardRuns = 9

// measure returns the costs of an export, by names of figures. Allocations and bytes are those of the export that took
// the least: where the system preempts a thread while memory of a pool is in use, another export takes new memory
// instead, and that says nothing about the code. Garbage is not collected meanwhile, since it empties pools at times
// of its own.
func (g *guarded) measure(ctx context.Context) (map[string]float64, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for range 2 { // fills pools
		if _, _, err := g.export(ctx); err != nil {
			return nil, err
		}
	}
	least := map[string]float64{}
	for range guardRuns {
		costs, err := g.costs(ctx)
		if err != nil {
			return nil, err
		}
		for column, v := range costs {
			if was, ok := least[column]; !ok || v < was {
				least[column] = v
			}
		}
	}
	return least, nil
}

// costs returns those of one export.
func (g *guarded) costs(ctx context.Context) (map[string]float64, error) {
	g.content.reads.Store(0)
	g.content.bytes.Store(0)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	size, pixels, err := g.export(ctx)
	runtime.ReadMemStats(&after)
	return map[string]float64{
		"allocations": float64(after.Mallocs - before.Mallocs),
		"allocated":   float64(after.TotalAlloc - before.TotalAlloc),
		"reads":       float64(g.content.reads.Load()),
		"read":        float64(g.content.bytes.Load()),
		"pixels":      float64(pixels),
		"picture":     float64(size),
	}, err
}

// repeatGuard exports a case some times, for a program that counts the instructions of this process. The case's
// content is in a file, since making it would take more of them.
func repeatGuard(ctx context.Context, name, content string, times int) error {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	for _, c := range guardCases() {
		if c.name != name {
			continue
		}
		b, err := os.ReadFile(content)
		if err != nil {
			return err
		}
		g, err := newGuarded(ctx, c, b)
		for range times {
			if err == nil {
				_, _, err = g.export(ctx)
			}
		}
		return err
	}
	return fmt.Errorf("no such case: %q", name)
}
