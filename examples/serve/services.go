package main

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strings"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/testdata"
)

// shared is what all generations of services have in common.
type shared struct {
	options options
	schemes schemes
	logger  *slog.Logger
	cache   *raster.Cache
	gate    *exportimage.Gate
	formats encode.Formats // one for all, because encoders share what they need
}

func newShared(o options, s schemes, logger *slog.Logger) *shared {
	limits := new(exportimage.Service).Settings().Limits
	return &shared{
		options: o, schemes: s, logger: logger, formats: encode.Default(), gate: exportimage.NewGate(limits),
		cache: raster.NewCache(int64(o.cache) << 20),
	}
}

// open reads the configuration and opens all services.
func (sh *shared) open(ctx context.Context) (*generation, error) {
	o := sh.options
	rasters := &exportimage.Opener{
		Schemes: sh.schemes.web, FollowLinks: o.followLinks, Asset: o.asset, Cache: sh.cache, Logger: sh.logger, Refresh: o.refresh,
	}
	if o.private {
		rasters.Allow = []string{"http://", "https://"}
	}
	b := &builder{shared: sh, rasters: rasters, origin: map[string]string{}}
	if err := b.all(ctx); err != nil {
		rasters.Close()
		return nil, err
	}
	return &generation{services: b.services, rasters: rasters, health: &rest.Health{Services: b.services}}, nil
}

// builder makes services with different names.
type builder struct {
	*shared
	rasters  *exportimage.Opener
	services []*exportimage.Service
	origin   map[string]string // of each name, in lower case
}

// all opens all that the command line and the configuration ask for, the demo first.
func (b *builder) all(ctx context.Context) error {
	o := b.options
	templates, err := readTemplates(o.functions)
	if err != nil {
		return err
	}
	c, err := readConfig(o.config)
	if err != nil {
		return err
	}
	if o.demo || c.Demo {
		if err := b.addDemo(ctx); err != nil {
			return err
		}
	}
	for _, arg := range o.paths {
		name, path := splitName(arg)
		if _, err := b.addPaths(ctx, name, path); err != nil {
			return err
		}
	}
	for _, s := range b.services {
		b.finish(ctx, s, o.tiles, templates)
	}
	for i := range c.Services {
		if err := b.addConfigured(ctx, &c.Services[i], templates); err != nil {
			return fmt.Errorf("%s: %w", o.config, err)
		}
	}
	return ctx.Err()
}

// addConfigured makes a service as a configuration describes it. What it leaves out is that of the command line.
func (b *builder) addConfigured(ctx context.Context, c *serviceConfig, templates []function.Template) error {
	s, err := b.addPaths(ctx, c.Name, c.Path...)
	if err != nil {
		return err
	}
	if err := c.apply(s); err != nil {
		return fmt.Errorf("service %q: %w", s.Name, err)
	}
	if c.Functions != "" {
		if templates, err = readTemplates(c.Functions); err != nil {
			return err
		}
	}
	if c.MaxSize > 0 {
		setMaxSize(s, c.MaxSize)
	}
	b.finish(ctx, s, cmp.Or(c.Tiles, b.options.tiles), templates)
	return nil
}

// addPaths makes a service of the rasters of paths.
func (b *builder) addPaths(ctx context.Context, name string, paths ...string) (*exportimage.Service, error) {
	all := make([]exportimage.Rasters, len(paths))
	for i, path := range paths {
		src, err := b.rasters.Rasters(ctx, path)
		if err != nil {
			return nil, err
		}
		if all[i] = src; name == "" {
			name = src.Name
		}
	}
	return b.add(name, strings.Join(paths, ", "), all...)
}

// finish gives a service what depends on its rasters, and warns if it cannot be drawn.
func (b *builder) finish(ctx context.Context, s *exportimage.Service, tiles string, templates []function.Template) {
	b.addTiles(ctx, s, tiles)
	b.addFunctions(ctx, s, templates)
	_, err := s.Plan(ctx, exportimage.Request{Aspect: exportimage.ExactBox})
	if err != nil && ctx.Err() == nil { // it need not be so for smaller boxes
		b.logger.Warn("the whole of a service cannot be drawn", "service", s.Name, "error", err)
	}
}

// setMaxSize lets images have so many pixels a side, and as many as that makes.
func setMaxSize(s *exportimage.Service, side int) {
	s.Limits.Side = side
	s.Limits.Pixels = max(side*side, 4096*4096)
}

// splitName takes "name=path" apart. What stands before the sign is part of the path if it cannot be a name, as in
// "./a=b.tif".
func splitName(arg string) (name, path string) {
	name, path, ok := strings.Cut(arg, "=")
	if !ok || name == "" || strings.ContainsAny(name, `/\`) {
		return "", arg
	}
	return name, path
}

// add makes a service. Errors name origin, the path or other source of its rasters.
func (b *builder) add(name, origin string, all ...exportimage.Rasters) (*exportimage.Service, error) {
	key := strings.ToLower(name)
	for i, part := range strings.Split(key, "/") {
		if part == "" || part == "." || part == ".." || i > 1 || strings.Contains(part, `\`) {
			return nil, &command.UsageError{Err: fmt.Errorf("%s: a service cannot be called %q: choose a name, as in NAME=%s", origin, name, origin)}
		}
	}
	if other, ok := b.origin[key]; ok {
		return nil, &command.UsageError{Err: fmt.Errorf("%s: there is a service %q already, from %s: choose another name, as in NAME=%s",
			origin, name, other, origin)}
	}
	b.origin[key] = origin
	for _, src := range all {
		for _, w := range src.Warnings {
			b.logger.Warn("a raster has faults", "service", name, "warning", w)
		}
	}
	catalog, err := exportimage.Join(all...)
	if err != nil {
		return nil, err
	}
	s := &exportimage.Service{Name: name, Catalog: catalog, Formats: b.formats, Cache: b.cache, Gate: b.gate, Logger: b.logger, Refresh: askEvery}
	if b.options.maxSize > 0 {
		setMaxSize(s, b.options.maxSize)
	}
	b.services = append(b.services, s)
	return s, nil
}

// askEvery is how often a service asks a folder whether it has changed; -refresh is how often that looks.
const askEvery = time.Second

// demoFolder is the folder of testdata.Demo.
const demoFolder = "demo"

// about holds facts that the demo's files do not state.
type about struct {
	description, credits string
	bands                *function.ImageryBands // nil: the files say which they are, or there are none
}

const landsat = "Landsat 7 image courtesy of the U.S. Geological Survey"

var aboutDemo = map[string]about{
	"world": {"The Earth: NASA's Blue Marble.", "NASA Goddard Space Flight Center, Earth Observatory", nil},
	"olinda_landsat7": {"Olinda, Brazil: six bands of Landsat 7; bandIds=2,1,0 is true colour, 3,2,1 false.", landsat,
		&function.ImageryBands{Blue: 0, Green: 1, Red: 2, NearInfrared: 3}},
	"olinda_mosaic":        {"Olinda, Brazil: a mosaic of three rasters in three spatial references.", landsat, nil},
	"olinda_elevation":     {"Heights around Olinda, Brazil, in metres.", "", nil},
	"puertorico_landcover": {"Land cover of Puerto Rico, as classes with colours.", "Multi-Resolution Land Characteristics Consortium", nil},
}

// addDemo makes a service of each GeoTIFF and each folder of the demo.
func (b *builder) addDemo(ctx context.Context) error {
	entries, err := fs.ReadDir(testdata.Demo, demoFolder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() && path.Ext(e.Name()) != ".tif" {
			continue
		}
		src, err := b.rasters.RastersFS(ctx, testdata.Demo, path.Join(demoFolder, e.Name()))
		if err != nil {
			return err
		}
		s, err := b.add(src.Name, "the demo", src)
		if err != nil {
			return err
		}
		facts := aboutDemo[src.Name]
		s.Description, s.Copyright = facts.description, facts.credits
		if facts.bands != nil {
			s.Functions = function.Imagery(*facts.bands)
		}
	}
	return nil
}
