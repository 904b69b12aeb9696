package exportimage

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"log/slog"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// A Service is a catalogue of rasters that pictures are exported from. Only Catalog must be set; the zero value of every
// other field means its default. Fields must not change once the service is in use. A Service may be used by any number
// of goroutines.
type Service struct {
	Catalog mosaic.Catalog

	Name        string // what the service is called in pages and answers
	Description string
	Copyright   string // credits for the rasters

	// CRS is the service's spatial reference, in which boxes and pictures are unless a request says otherwise. Default:
	// that of the raster with the lowest ID.
	CRS srs.CRS
	// Extent is the box around all rasters, in CRS. Default: computed from the footprints.
	Extent srs.Envelope

	Defaults Request        // for what a request leaves open
	Limits   Limits         // each zero field means its default
	Formats  encode.Formats // nil: encode.Default()
	// SkipOverviews leaves aside the overviews that rasters bring along and makes its own, as if there were none. It is for
	// class maps whose overviews were averaged.
	SkipOverviews bool
	// Cache keeps overviews that were made because rasters do not have them. Services may share one. Default: one of
	// the service's own, of 64 MiB.
	Cache *raster.Cache

	// Functions are what requests may name as renderingRule, besides None and those of this package. The one in
	// Defaults.RenderingRule is applied to requests that name none.
	Functions []FunctionTemplate

	Stretch []Range // how samples of wider types are drawn in 8 bits, a range a band; nil: from statistics

	// BaseURL is the absolute URL under which clients reach the service's handler, without a slash at the end, for the
	// links in its answers. Default: made from each HTTP request's Host, which only its sender vouches for: set it where
	// answers are cached or shared.
	BaseURL string

	// CacheControl is the header of that name on pictures. Default: "no-cache", which lets clients keep pictures if they
	// ask each time whether they are still true.
	CacheControl string

	// AlwaysOK makes the handler answer errors with HTTP status 200, as ArcGIS does, instead of the status that fits.
	// The body is the same.
	AlwaysOK bool

	Logger *slog.Logger // nil: errors of kind Internal go to slog.Default()

	once           sync.Once // makes the following
	defaultFormats encode.Formats
	defaultCache   *raster.Cache
	gate           *gate

	finding lock    // guards what is found out of the rasters, which may take reads
	about   *about  // once known
	statistics []raster.Statistics // of the bands, once computed
	summaries  []bandSummary       // the same with histograms, once computed
}

// A lock is a mutex that one stops waiting for when the context ends.
type lock chan struct{}

func (l lock) lock(ctx context.Context) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l lock) unlock() { <-l }

// A Range is what part of the real numbers is drawn from black to white.
type Range struct{ Min, Max float64 }

// Limits bound what one request may cost. Every limit is checked before anything is allocated by it, and the error that
// says so names it.
type Limits struct {
	Side         int           // pixels in a picture's width or height; default 15000
	Pixels       int           // pixels in a picture; default 4096·4096
	Items        int           // rasters one picture may be made of; default 1000
	SourcePixels int64         // source pixels that may be read for one picture, over all rasters; default 2^28
	Bands        int           // bands of one picture; default 64
	Time         time.Duration // one export may take; default 60 s
	Exports      int           // that run at once; default 2·runtime.GOMAXPROCS(0)
	Queue        int           // exports that wait for one of them to end; default 8·Exports
	Wait         time.Duration // an export waits at most; default 5 s
	Workers      int           // strips of one picture that are worked on at once; default runtime.GOMAXPROCS(0)
}

func (l Limits) withDefaults() Limits {
	fill(&l.Side, 15000)
	fill(&l.Pixels, 4096*4096)
	fill(&l.Items, 1000)
	fill(&l.SourcePixels, 1<<28)
	fill(&l.Bands, 64)
	fill(&l.Time, time.Minute)
	fill(&l.Exports, 2*runtime.GOMAXPROCS(0))
	fill(&l.Queue, 8*l.Exports)
	fill(&l.Wait, 5*time.Second)
	fill(&l.Workers, runtime.GOMAXPROCS(0))
	return l
}

func (s *Service) limits() Limits { return s.Limits.withDefaults() }

const defaultCacheBytes = 64 << 20

func (s *Service) makeDefaults() {
	s.once.Do(func() {
		s.defaultFormats = encode.Default()
		s.defaultCache = raster.NewCache(defaultCacheBytes)
		s.gate = newGate(s.limits())
		s.finding = make(lock, 1)
	})
}

func (s *Service) formats() encode.Formats {
	if s.Formats != nil {
		return s.Formats
	}
	s.makeDefaults()
	return s.defaultFormats
}

func (s *Service) tiles() *raster.Cache {
	if s.Cache != nil {
		return s.Cache
	}
	s.makeDefaults()
	return s.defaultCache
}

func (s *Service) logger() *slog.Logger {
	if s.Logger != nil {
		return s.Logger
	}
	return slog.Default()
}

// about is what a service knows of its rasters as a whole. It is found out once, from the catalogue's footprints and the
// raster with the lowest ID.
type about struct {
	crs     srs.CRS
	extent  srs.Envelope
	typ     raster.PixelType
	bands   []raster.Band
	palette color.Palette
	pixel   [2]float64 // width and height of a pixel of the first raster, in units of its CRS
	first   *mosaic.Item
	items   int
}

// describe finds out about the service, or remembers. A failure is not remembered.
func (s *Service) describe(ctx context.Context) (*about, error) {
	s.makeDefaults()
	if err := s.finding.lock(ctx); err != nil {
		return nil, err
	}
	defer s.finding.unlock()
	if s.about != nil {
		return s.about, nil
	}
	if s.Catalog == nil {
		return nil, &Error{Err: errors.New("the service has no catalogue")}
	}
	var items []*mosaic.Item
	for it, err := range s.Catalog.Items(ctx, mosaic.Query{}) {
		if err != nil {
			return nil, fmt.Errorf("reading the catalogue: %w", err)
		}
		items = append(items, it)
	}
	if len(items) == 0 {
		return nil, &Error{Err: errors.New("the service's catalogue is empty")}
	}
	a := &about{first: items[0], items: len(items)}
	for _, it := range items {
		if it.ID < a.first.ID {
			a.first = it
		}
	}
	ds, err := a.first.Open(ctx)
	if err != nil {
		return nil, &rasterError{"open", a.first.Name, err}
	}
	info := ds.Info()
	a.typ, a.bands, a.palette = info.Type, info.Bands, info.Palette
	a.pixel = pixelSize(info.Grid)
	if a.crs = s.CRS; a.crs.IsZero() {
		a.crs = info.Grid.CRS
	}
	if a.extent = s.Extent; a.extent.Empty() {
		if a.extent, err = union(items, a.crs); err != nil {
			return nil, err
		}
	}
	s.about = a
	return a, nil
}

// union is the box around the footprints of all items, in crs.
func union(items []*mosaic.Item, crs srs.CRS) (srs.Envelope, error) {
	var sum srs.Envelope
	for i, it := range items {
		t, err := srs.NewTransformer(it.Footprint.CRS, crs)
		if err != nil {
			return sum, &rasterError{"place", it.Name, err}
		}
		e, err := t.Envelope(it.Footprint.Envelope)
		if err != nil {
			return sum, &rasterError{"place", it.Name, err}
		}
		if i == 0 {
			sum = e
		} else {
			sum = sum.Union(e)
		}
	}
	return sum, nil
}

// pixelSize is the width and height of a pixel, in units of the grid's CRS, measured along its own sides.
func pixelSize(g raster.Grid) [2]float64 {
	a := g.Affine
	return [2]float64{math.Hypot(a.A, a.D), math.Hypot(a.B, a.E)}
}

// The founding text's defaults.
var defaultSize = image.Pt(400, 400)

const defaultFormat = "png"

// title is what the service is called where a name is needed.
func (s *Service) title() string {
	if s.Name != "" {
		return s.Name
	}
	return "image service"
}
