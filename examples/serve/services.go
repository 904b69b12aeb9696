package main

import (
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
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/testdata"
)

// builder makes services with different names.
type builder struct {
	rasters  *exportimage.Opener
	formats  encode.Formats // one for all, because encoders share what they need
	logger   *slog.Logger
	services []*exportimage.Service
	origin   map[string]string // of each name, in lower case
}

// openServices opens all that the command line asks for, the demo first.
func openServices(ctx context.Context, rasters *exportimage.Opener, o options, logger *slog.Logger) ([]*exportimage.Service, error) {
	b := &builder{rasters: rasters, formats: encode.Default(), logger: logger, origin: map[string]string{}}
	templates, err := readTemplates(o.functions)
	if err != nil {
		return nil, err
	}
	if o.demo {
		if err := b.addDemo(ctx); err != nil {
			return nil, err
		}
	}
	for _, arg := range o.paths {
		name, path := splitName(arg)
		src, err := rasters.Rasters(ctx, path)
		if err != nil {
			return nil, err
		}
		if name == "" {
			name = src.Name
		}
		if _, err := b.add(name, path, src); err != nil {
			return nil, err
		}
	}
	for _, s := range b.services {
		b.addTiles(ctx, s, o.tiles)
		b.addFunctions(ctx, s, templates)
	}
	return b.services, nil
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
func (b *builder) add(name, origin string, src exportimage.Rasters) (*exportimage.Service, error) {
	key := strings.ToLower(name)
	if key == "" || key == "." || key == ".." || strings.ContainsAny(key, `/\`) {
		return nil, &command.UsageError{Err: fmt.Errorf("%s: a service cannot be called %q: choose a name, as in NAME=%s", origin, name, origin)}
	}
	if other, ok := b.origin[key]; ok {
		return nil, &command.UsageError{Err: fmt.Errorf("%s: there is a service %q already, from %s: choose another name, as in NAME=%s",
			origin, name, other, origin)}
	}
	b.origin[key] = origin
	for _, w := range src.Warnings {
		b.logger.Warn("a raster has faults", "service", name, "warning", w)
	}
	s := &exportimage.Service{Name: name, Catalog: src.Catalog, Formats: b.formats, Cache: b.rasters.Cache, Logger: b.logger, Refresh: askEvery}
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
