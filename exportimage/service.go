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
	// PixelType is that of the mosaic: all rasters are converted to it, and must be of types whose samples it holds exactly.
	// It depends on no request, so that all pictures are alike. Default: the first type, in the order of raster's constants,
	// that holds the samples of the raster with the lowest ID and of every Item that states its Type. U8 and S16 make S16,
	// U16 and S16 make S32, U32 and S32 make F64, integers of 16 bits and F32 make F32, and wider ones F64.
	PixelType raster.PixelType
	// SkipUnreadable leaves out rasters that cannot be opened or read, which otherwise fail the export. The trace, and answers
	// to f=json, name them, and the log says why. Of a raster that fails in the middle, what could be read is drawn.
	SkipUnreadable bool
	// ShiftGrids are datum shift files that are better than the operations without one, the best first. Default: none.
	ShiftGrids []srs.ShiftGrid
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

	// Output keeps the pictures that answers to f=json link to. Without one, the link is the same request with f=image, so
	// that servers side by side need share nothing.
	Output Store

	// CacheControl is the header of that name on pictures and descriptions; on links to Output and on errors it is always
	// "no-store". Default: "no-cache", which lets clients keep answers if they ask each time whether they are still true. QGIS
	// takes what it keeps without asking, across sessions, of anything but "no-store".
	CacheControl string

	// AlwaysOK makes the handler answer errors with HTTP status 200, as ArcGIS does, instead of the status that fits.
	// The body is the same.
	AlwaysOK bool

	Logger *slog.Logger // nil: errors of kind Internal go to slog.Default()

	once           sync.Once // makes the following
	defaultFormats encode.Formats
	defaultCache   *raster.Cache
	gate           *gate

	finding    lock                // guards what is found out of the rasters, which may take reads
	about      *about              // once known
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

// transformer takes coordinates to another system by one datum operation for all of an area, that of its middle.
func (s *Service) transformer(from, to srs.CRS, area srs.Envelope) (*srs.Transformer, error) {
	return srs.Options{Area: &area, ShiftGrids: s.ShiftGrids}.NewTransformer(from, to)
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
	pixel   [2]float64 // width and height of a pixel of the first raster, in units of crs
	first   *mosaic.Item
	items   int
	time    mosaic.TimeExtent // of all rasters that have one

	// Of pixels as a rule draws them: what they are drawn of, and where each band comes from.
	rasters *about
	origin  []sampleBand
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
	a := &about{items: len(items), time: timeSpan(items)}
	info, err := s.firstInfo(ctx, a, items)
	if err != nil {
		return nil, err
	}
	a.typ, a.bands, a.palette = s.mosaicType(info.Type, items), info.Bands, info.Palette
	if a.crs = s.CRS; a.crs.IsZero() {
		a.crs = info.Grid.CRS
	}
	if a.pixel, err = s.pixelSize(info.Grid, a.crs); err != nil {
		return nil, &rasterError{"place", a.first.Name, err}
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
	boxes := make([]srs.Envelope, len(items))
	for i, it := range items {
		t, err := srs.NewTransformer(it.Footprint.CRS, crs)
		if err != nil {
			return srs.Envelope{}, &rasterError{"place", it.Name, err}
		}
		if boxes[i], err = t.Envelope(it.Footprint.Envelope); err != nil {
			return srs.Envelope{}, &rasterError{"place", it.Name, err}
		}
	}
	return around(boxes, crs.Period()), nil
}

// pixelSize is the width and height of the grid's middle pixel, in units of crs, measured along the pixel's own sides.
func (s *Service) pixelSize(g raster.Grid, crs srs.CRS) ([2]float64, error) {
	t, err := s.transformer(g.CRS, crs, g.Envelope())
	if err != nil {
		return [2]float64{}, err
	}
	col, row := float64(g.Size.X)/2, float64(g.Size.Y)/2
	var x, y [4]float64
	for i, d := range [4][2]float64{{-.5, 0}, {.5, 0}, {0, -.5}, {0, .5}} {
		x[i], y[i] = g.Affine.Apply(col+d[0], row+d[1])
	}
	if t.Transform(x[:], y[:]) > 0 {
		return [2]float64{}, errors.New("its middle has no image in the service's spatial reference")
	}
	return [2]float64{math.Hypot(x[1]-x[0], y[1]-y[0]), math.Hypot(x[3]-x[2], y[3]-y[2])}, nil
}

// The defaults that the operation documents.
var defaultSize = image.Pt(400, 400)

const defaultFormat = "png"

// title is what the service is called where a name is needed.
func (s *Service) title() string {
	if s.Name != "" {
		return s.Name
	}
	return "image service"
}
