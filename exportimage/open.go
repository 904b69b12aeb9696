package exportimage

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	files "github.com/geoexport/geoexport/raster/source"
)

// Open makes a service of the rasters at paths on disk: files, folders, patterns such as "tiles/*.tif", tile indexes, and
// STAC items, collections and catalogues. See Opener on what becomes of each, and on how to open URLs; the function Open
// of package geoexport opens those of web servers, too. Close the service when it is no longer used.
func Open(ctx context.Context, paths ...string) (*Service, error) {
	return OpenWith(ctx, new(Opener), paths...)
}

// OpenWith is Open by an Opener that serves this service alone: it is closed with it, and if it fails.
func OpenWith(ctx context.Context, o *Opener, paths ...string) (*Service, error) {
	s, err := o.Open(ctx, paths...)
	if err != nil {
		_ = o.Close() // nothing was written, and err is the one that matters
		return nil, err
	}
	s.opened = o
	return s, nil
}

// Close closes the rasters of a service that Open or OpenWith made, once its exports have ended. It does nothing to the
// rasters of others: those of an Opener are closed with that, and those of a catalogue by whoever made it.
func (s *Service) Close() error {
	if s.opened == nil {
		return nil
	}
	return s.opened.Close()
}

// An Opener makes catalogues, and services of them, of rasters by their paths, and keeps the rasters open until it is
// closed. All that it opens share one pool, which bounds how many are open, and one cache. The zero Opener is ready;
// fields must not change once it is in use. It is safe for concurrent use.
//
// A path is that of
//
//   - a raster, in a format of Formats, which its content decides and not its name;
//   - a folder of rasters, as mosaic.WatchFolder reads it, with the attributes in its catalog.csv, which follows what
//     becomes of its files;
//   - some of the files in a folder, by a pattern with the wildcards of path.Match, such as "tiles/*.tif", in the same way;
//     if folders of the path have wildcards too, as in "*/B04.tif", there are no attributes, and the files are those that
//     were there in the beginning;
//   - a tile index, in a form of mosaic.TileIndex: a Shapefile, a GeoPackage or GeoJSON;
//   - a STAC item, item collection, collection or catalogue, as mosaic.STAC reads it. Of a URL, the fragment names the
//     asset that is drawn, as in "https://example.com/item.json#visual". The landing page of a STAC API, and a
//     collection of one, is what its search finds: see mosaic.SearchSTAC.
//
// A path that is a URL leads to one raster, to a GeoJSON or STAC document, or, if it ends in a slash and its Scheme lists
// files, to all rasters below it; its last part may be a pattern then. Nothing is looked for beside a raster that is far away, so that
// opening a cloud-optimized GeoTIFF takes a single request.
//
// Rasters that an index or document names are opened when they are drawn, all others also when they are named.
// Nothing is opened out of a folder, wherever symbolic links in it lead, but for a link that is itself the path.
type Opener struct {
	// Schemes open URLs. Nil: URLs are errors. Those of package httpsource connect to public addresses only, unless they
	// are given another client.
	Schemes files.Schemes
	// Allow lists the beginnings of further locations that indexes and STAC documents may name: see
	// mosaic.FeatureOptions. Relative ones, and those on the server of the document itself, need no mention.
	Allow []string
	// FollowLinks lets files of folders, and those beside rasters, be symbolic links that lead out of their folder.
	FollowLinks bool
	// Asset is the key of the asset of STAC items that is drawn: see mosaic.FeatureOptions.
	Asset string
	// Formats are the formats of rasters; nil: DefaultRasterFormats.
	Formats []RasterFormat
	// Cache keeps what is decoded, of the rasters and of the services. Nil: one of DefaultCacheBytes.
	Cache *raster.Cache
	// Most is the number of rasters that are open at the same time; 0: 256.
	Most int
	// Refresh is how long a folder, or a pattern of one, may be out of date: see mosaic.WatchFolder. Rasters that are added,
	// replaced and withdrawn then show without being opened by anybody. 0 is 30 s; folders are read once if it is negative.
	Refresh time.Duration
	// Logger gets a warning for each raster with faults, and becomes that of the services. Nil: slog.Default, for the
	// warnings.
	Logger *slog.Logger

	mu      sync.Mutex
	pool    *mosaic.Pool
	cache   *raster.Cache
	folders []fs.FS
	roots   []*os.Root
	live    []*mosaic.LiveFolder
	closed  bool
}

// Rasters are those at one path.
type Rasters struct {
	Name     string       // of the file without its extension, or of the folder
	Items    mosaic.Slice // that were found; those of a folder change with it, and then cannot be opened any more
	Warnings []string     // what was found wrong with rasters and set aside, a line for each raster

	// Catalog has the items as of now. It is mosaic.Versioned if they may change, as those of a folder do.
	Catalog mosaic.Catalog
}

// Open makes a service of the rasters at several paths, as Rasters finds them, one under the other: those of the first path
// are on top. Its name is that of the first path.
func (o *Opener) Open(ctx context.Context, paths ...string) (*Service, error) {
	return o.service(paths, func(path string) (Rasters, error) { return o.Rasters(ctx, path) })
}

// OpenFS is Open for paths in fsys, whose files must be io.ReaderAt.
func (o *Opener) OpenFS(ctx context.Context, fsys fs.FS, paths ...string) (*Service, error) {
	return o.service(paths, func(path string) (Rasters, error) { return o.RastersFS(ctx, fsys, path) })
}

// indexedFrom is the number of rasters from which on a spatial index finds them.
const indexedFrom = 64

// askEvery is the Refresh of services over folders: the folder itself, which looks at its files less often, is asked.
const askEvery = time.Second

func (o *Opener) service(paths []string, open func(path string) (Rasters, error)) (*Service, error) {
	if len(paths) == 0 {
		return nil, &Error{Kind: Invalid, Err: errors.New("there is no path to open")}
	}
	s := &Service{Cache: o.tiles(), Logger: o.Logger, Refresh: askEvery}
	all := make([]Rasters, len(paths))
	for i, path := range paths {
		r, err := open(path)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			s.Name = r.Name
		}
		for _, w := range r.Warnings {
			o.logger().Warn("a raster has faults", "service", s.Name, "warning", w)
		}
		all[i] = r
	}
	var err error
	s.Catalog, err = Join(all...)
	return s, err
}

// Join returns one catalogue of rasters at several paths, one under the other: those of the first are on top. It is
// mosaic.Layers if some of them may change, and otherwise has what mosaic.Join returns.
func Join(all ...Rasters) (mosaic.Catalog, error) {
	slices, layers, live := make([]mosaic.Slice, len(all)), make(mosaic.Layers, len(all)), false
	for i, r := range all {
		_, changes := r.Catalog.(mosaic.Versioned)
		slices[i], layers[i], live = r.Items, r.Catalog, live || changes
	}
	switch {
	case len(all) == 1:
		return layers[0], nil
	case live:
		return layers, nil
	}
	return catalogOf(mosaic.Join(slices...))
}

// catalogOf returns a catalogue that finds items fast.
func catalogOf(items mosaic.Slice) (mosaic.Catalog, error) {
	if len(items) < indexedFrom {
		return items, nil
	}
	index, err := mosaic.NewIndex(items)
	if err != nil {
		return nil, &Error{Kind: Internal, Err: err}
	}
	return index, nil
}

// completed completes what was found at a path.
func completed(r Rasters, err error) (Rasters, error) {
	if err == nil && r.Catalog == nil {
		r.Catalog, err = catalogOf(r.Items)
	}
	return r, failed(err)
}

// Close closes all rasters. Nobody may use them any more.
func (o *Opener) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var errs []error
	for _, f := range o.live {
		errs = append(errs, f.Close())
	}
	if o.pool != nil {
		errs = append(errs, o.pool.Close())
	}
	for _, r := range o.roots {
		errs = append(errs, r.Close())
	}
	o.roots, o.live, o.closed = nil, nil, true
	return errors.Join(errs...)
}

func (o *Opener) logger() *slog.Logger {
	if o.Logger != nil {
		return o.Logger
	}
	return slog.Default()
}

// tiles returns the cache of all rasters.
func (o *Opener) tiles() *raster.Cache {
	if o.Cache != nil {
		return o.Cache
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.cache == nil {
		o.cache = raster.NewCache(DefaultCacheBytes())
	}
	return o.cache
}

// shared returns the pool of all rasters.
func (o *Opener) shared() (*mosaic.Pool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil, &Error{Kind: Internal, Err: errors.New("the Opener was closed")}
	}
	if o.pool == nil {
		o.pool = mosaic.NewPool(o.Most, o.dataset)
	}
	return o.pool, nil
}

// failed returns what a method returns for an error about a path.
func failed(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok {
		return e
	}
	kind := AsError(err).Kind
	if kind == Internal {
		if _, ok := errors.AsType[*files.SchemeError](err); ok {
			kind = Unsupported
		} else if errors.Is(err, fs.ErrNotExist) {
			kind = NotFound
		}
	}
	return &Error{Kind: kind, Err: err}
}
