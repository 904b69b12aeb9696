package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
	"github.com/geoexport/geoexport/testdata"
)

// A world is what is soaked: services, of which one is of a folder that changes, behind a real server.
type world struct {
	live    *live
	base    string // URL of the directory
	server  *http.Server
	cache   *raster.Cache
	closers []io.Closer
	served  chan error
}

// storeLimits are small, so that files are dropped all the time.
var storeLimits = rest.StoreLimits{Age: 5 * time.Second, Bytes: 16 << 20, Files: 200}

// newWorld makes folders in dir and serves them.
func newWorld(ctx context.Context, dir string, logger *slog.Logger) (w *world, err error) {
	w = &world{cache: raster.NewCache(32 << 20), served: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close())
		}
	}()
	mercator, err := srs.FromWKID(3857)
	if err != nil {
		return nil, err
	}
	if err := copyDemo(dir); err != nil {
		return nil, err
	}
	formats := encode.Default()
	var services []*exportimage.Service
	add := func(name string, c mosaic.Catalog) *exportimage.Service {
		s := &exportimage.Service{Name: name, Catalog: c, Formats: formats, Logger: logger, Cache: w.cache}
		services = append(services, s)
		return s
	}
	for _, name := range []string{"demo", "demo/olinda_mosaic"} {
		items, err := w.folder(ctx, filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if path.Base(name) == "olinda_mosaic" {
			add("olinda_mosaic", items)
			continue
		}
		for _, it := range items {
			add(it.Name, mosaic.Slice{it})
		}
	}
	if w.live, err = w.newLive(filepath.Join(dir, "live"), mercator); err != nil {
		return nil, err
	}
	s := add("live", w.live)
	s.Extent, s.CRS, s.PixelType, s.Stretch = w.live.extent(), mercator, raster.U8, []exportimage.Range{{Max: 255}}
	return w, w.serve(filepath.Join(dir, "store"), services, logger)
}

// copyDemo writes the demo's files to disk.
func copyDemo(dir string) error {
	return fs.WalkDir(testdata.Demo, "demo", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.Mkdir(to, 0o700)
		}
		data, err := testdata.Demo.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, data, 0o600)
	})
}

// folder is the catalogue of a folder that does not change.
func (w *world) folder(ctx context.Context, dir string) (mosaic.Slice, error) {
	pool := mosaic.NewPool(4, func(ctx context.Context, name string) (raster.Dataset, error) {
		return w.open(ctx, filepath.Join(dir, name))
	})
	w.closers = append(w.closers, pool)
	return mosaic.Folder(ctx, os.DirFS(dir), &mosaic.FolderOptions{Open: pool.Open})
}

func (w *world) newLive(dir string, crs srs.CRS) (*live, error) {
	l := &live{dir: dir, crs: crs, pool: mosaic.NewPool(6, w.open)}
	w.closers = append(w.closers, l.pool)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	for cell := range cellsAcross * cellsAcross {
		version := l.version.Add(1)
		l.history.begin(cell, valueOf(version))
		data, err := l.file(cell, version)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, cellName(cell)), data, 0o600)
		}
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

// A dataset is a raster together with the file that it is read from.
type dataset struct {
	*geotiff.File
	file io.Closer
}

// Close closes both.
func (d *dataset) Close() error { return errors.Join(d.File.Close(), d.file.Close()) }

func (w *world) open(ctx context.Context, name string) (raster.Dataset, error) {
	f, err := source.Open(name)
	if err != nil {
		return nil, err
	}
	side := sidecar.In(os.DirFS(filepath.Dir(name)), filepath.Base(name))
	t, err := geotiff.Open(ctx, f, &geotiff.Options{Cache: w.cache, Sidecar: side})
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &dataset{t, f}, nil
}

const root = "/arcgis/rest/services"

// serve starts the server, with links to stored files below root/stored.
func (w *world) serve(store string, services []*exportimage.Service, logger *slog.Logger) error {
	if err := os.Mkdir(store, 0o700); err != nil {
		return err
	}
	output, err := rest.OpenDirectoryStore(store, storeLimits)
	if err != nil {
		return err
	}
	w.closers = append(w.closers, output)
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	w.base = "http://" + listener.Addr().String()
	mux := http.NewServeMux()
	for prefix, o := range map[string]*rest.Options{
		root:             {BaseURL: w.base + root},
		root + "/stored": {BaseURL: w.base + root + "/stored", Output: output},
	} {
		mux.Handle(prefix+"/", http.StripPrefix(prefix, rest.NewDirectory(services, o)))
	}
	mux.Handle(strings.TrimSuffix(root, "/services")+"/info", rest.NewInfo(nil))
	w.server = &http.Server{
		Handler: mux, ErrorLog: log.New(io.Discard, "", 0),
		ReadHeaderTimeout: 10 * time.Second, WriteTimeout: 2 * time.Minute, IdleTimeout: 30 * time.Second,
	}
	go func() { w.served <- w.server.Serve(listener) }()
	logger.Info("serving", "base", w.base)
	return nil
}

// Close ends the server and closes all rasters.
func (w *world) Close() error {
	var errs []error
	if w.server != nil {
		errs = append(errs, w.server.Close())
		if err := <-w.served; !errors.Is(err, http.ErrServerClosed) {
			errs = append(errs, err)
		}
	}
	for _, c := range w.closers {
		errs = append(errs, c.Close())
	}
	w.closers, w.server = nil, nil
	return errors.Join(errs...)
}
