package exportimage

import (
	"context"
	"image"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// A Service draws images from a catalogue of rasters. Only Catalog must be set; the zero value of every other field
// means its default. Fields must not change once the service is in use. A Service may be used by any number of
// goroutines.
type Service struct {
	Catalog mosaic.Catalog
	// Refresh is how long a catalogue that is mosaic.Versioned may be of another version than a Description without being
	// asked. Images, and answers about pixels and rasters, are never of two versions, whatever it is: those that meet
	// another one make the service describe itself anew. Default: 30 s.
	Refresh time.Duration

	Name        string // for pages and answers
	Description string
	Copyright   string // credits for the rasters

	// CRS is the service's spatial reference, that of boxes and images for which a request states none. Default: that
	// of the Tiles, or else that of the raster with the lowest ID.
	CRS srs.CRS
	// Extent is the box around all rasters, in CRS. Default: computed from the footprints.
	Extent srs.Envelope

	Defaults Request        // for everything that a request leaves open
	Limits   Limits         // each zero field means its default
	Formats  encode.Formats // nil: encode.Default()
	// SkipOverviews ignores the overviews that rasters store and makes others, as for rasters without any. It is for
	// class maps whose overviews were averaged.
	SkipOverviews bool
	// PixelType is that of the mosaic: all rasters are converted to it, and their types must be ones whose samples it
	// holds exactly. It depends on no request, so that all images are alike. Default: the first type, in the order of
	// raster's constants, that holds the samples of the raster with the lowest ID and of every Item that states its
	// Type. U8 and S16 make S16, U16 and S16 make S32, U32 and S32 make F64, integers of 16 bits and F32 make F32, and
	// wider ones F64.
	PixelType raster.PixelType
	// SkipUnreadable leaves out rasters that cannot be opened or read, which otherwise fail the export. The trace names
	// them and the log has the cause. Of a raster that fails in the middle, the part that could be read is drawn.
	SkipUnreadable bool
	// ShiftGrids are datum shift files that are better than the operations without one, the best first. Default: none.
	ShiftGrids []srs.ShiftGrid
	// Cache keeps the overviews that were made for rasters without them, and what datasets without a cache of their own
	// decode (see raster.WithCache). Services may share one. Default: one of the service's own, of DefaultCacheBytes.
	Cache *raster.Cache
	// Gate bounds what exports take together. Services may share one, and should where they share a machine. Default:
	// one of the service's own, with its Limits.
	Gate *Gate

	// Functions are those that requests may name as renderingRule, besides None and those of package function. The one in
	// Defaults.Function applies to requests that name none.
	Functions []function.Template
	// AllowDRA lets functions stretch by the statistics of what an image shows, for requests that ask for it. Neighbouring
	// images then disagree, which is why it is refused otherwise.
	AllowDRA bool

	// Tiles is the scheme of the tiles in which programs may ask for the service's images; nil for none.
	Tiles *TileScheme

	Stretch []Range // the range of each band that is drawn in 8 bits; nil: from statistics

	// TempFile makes the files in which parts of large images wait until they can be written; several may be open at the
	// same time. Nil makes them in os.TempDir.
	TempFile func() (encode.TempFile, error)

	Logger *slog.Logger // nil: errors of kind Internal go to slog.Default()

	// Observe is called when an operation begins and ends, and for images while they are made: with the request, and at
	// the end with its result, trace and error. It is called by several goroutines and holds the operation up as long as
	// it takes. If it panics, that is logged and nothing else happens. Nil: nobody is told. Independently of it, each
	// operation that ends is in the log at the level Debug.
	Observe func(Event)

	// Now returns the moment of a request, for conditions about it such as "AcqDate > CURRENT_TIMESTAMP - 7", which is
	// the same for all rasters. Nil is time.Now.
	Now func() time.Time

	once           sync.Once // makes the following
	defaultFormats encode.Formats
	defaultCache   *raster.Cache
	defaultGate    *Gate
	memory         int64 // that the process may take

	// What exports use again: *raster.Buffer, that workers read into and draw strips in, and, for what encoders write, *pieces
	// and *[]byte.
	buffers, pieces, answers sync.Pool

	operations atomic.Uint64 // that were observed

	opened *Opener // by which Open or OpenWith opened the rasters; nil for other services

	warned  warnings
	finding lock // guards what is found out by opening rasters
	found   found

	variables struct {
		mu       sync.Mutex
		services map[string]*Service // of single variables, by name
	}
}

// A lock is a mutex for which waiting ends when the context does.
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

// A Range is the part of the real numbers that is drawn from black to white.
type Range struct{ Min, Max float64 }

// Limits bound the cost of one request, and of all that run side by side. Every limit is checked before anything is
// allocated by it, and the error about it names it, and holds a LimitError, except for Time, whose end is of kind Timeout.
type Limits struct {
	Side         int           // pixels in an image's width or height; default 15000
	Pixels       int           // pixels in an image; default 4096·4096
	Items        int           // rasters of one image; default 1000
	Records      int           // rasters, or rows made of them, that one query lists; default 1000
	SourcePixels int64         // source pixels that may be read for one image, over all rasters; default 2^28
	Bands        int           // bands of one image; default 64
	Time         time.Duration // for one export; default 60 s
	Exports      int           // running side by side; default 2·runtime.GOMAXPROCS(0)
	Queue        int           // exports waiting for one of them to end, of calls WithShedding; default 8·Exports
	Wait         time.Duration // for an export that waits, of calls WithShedding; default 5 s
	Workers      int           // strips of one image made side by side; default runtime.GOMAXPROCS(0)

	// HistogramPixels is the pixels that are drawn and counted for one histogram; default 4096·4096. See
	// HistogramsRequest.
	HistogramPixels int

	// Bytes bounds the memory that exports hold side by side: seven tenths for what they plan, with answers that wait to
	// be sent and those that Export is about to return, three for blocks that datasets decode. The Go runtime lets a
	// heap grow to about twice of what is held, and caches come on top. Default: five sixteenths of what the process may
	// take, which is the least of 1 GiB, the runtime's limit (GOMEMLIMIT) and, on Linux, the limits of its control
	// groups, as of the service's first use.
	Bytes int64
	// Spool bounds the temporary files of exports side by side, in os.TempDir: answers of more than 4 MiB that wait to be
	// sent, and what encoders have to put off. A temporary folder in memory, as some containers have, needs a lower
	// limit. Default: 4 GiB.
	Spool int64
}

func (l Limits) withDefaults(memory int64) Limits {
	fill(&l.Side, 15000)
	fill(&l.Pixels, 4096*4096)
	fill(&l.Items, 1000)
	fill(&l.Records, 1000)
	fill(&l.SourcePixels, 1<<28)
	fill(&l.Bands, 64)
	fill(&l.HistogramPixels, 4096*4096)
	fill(&l.Time, time.Minute)
	fill(&l.Exports, 2*runtime.GOMAXPROCS(0))
	fill(&l.Queue, 8*l.Exports)
	fill(&l.Wait, 5*time.Second)
	fill(&l.Workers, runtime.GOMAXPROCS(0))
	fill(&l.Bytes, memory/16*5)
	fill(&l.Spool, 4<<30)
	return l
}

func (s *Service) limits() Limits {
	s.makeDefaults()
	return s.Limits.withDefaults(s.memory)
}

// DefaultCacheBytes returns the size of the cache that a service makes if it is given none: 64 MiB or, if that is less,
// a sixteenth of the memory that the process may take, as Limits.Bytes explains.
func DefaultCacheBytes() int64 { return cacheBytes(memoryLimit(rootFS)) }

func cacheBytes(memory int64) int64 { return min(64<<20, memory/16) }

func (s *Service) makeDefaults() {
	s.once.Do(func() {
		s.memory = memoryLimit(rootFS)
		s.defaultFormats = encode.Default()
		s.defaultCache = raster.NewCache(cacheBytes(s.memory))
		s.defaultGate = NewGate(s.Limits.withDefaults(s.memory))
		s.finding = make(lock, 1)
	})
}

func (s *Service) gate() *Gate {
	if s.Gate != nil {
		return s.Gate
	}
	s.makeDefaults()
	return s.defaultGate
}

// transformer returns a Transformer that uses a single datum operation for all of an area, that of its middle.
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

// Settings are a service's configuration, with every default filled in that does not depend on its rasters.
type Settings struct {
	Limits   Limits
	Formats  encode.Formats // must not be changed
	Defaults Request        // with Size, Aspect, Format, CompressionQuality and the mosaic rule's Method and Operation set
}

// Settings returns the service's configuration with defaults filled in.
func (s *Service) Settings() Settings {
	d := s.Defaults
	fillDefaults(&d)
	if d.CompressionQuality == nil {
		d.CompressionQuality = new(encode.DefaultQuality)
	}
	fill(&d.MosaicRule.Method, mosaic.None)
	fill(&d.MosaicRule.Operation, mosaic.First)
	return Settings{Limits: s.limits(), Formats: s.formats(), Defaults: d}
}

// fillDefaults sets what neither a request nor its service states to the operation's defaults.
func fillDefaults(r *Request) {
	fill(&r.Size, image.Pt(400, 400))
	fill(&r.Aspect, GrowBox)
	fill(&r.Format, "png")
}
