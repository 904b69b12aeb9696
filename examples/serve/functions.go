package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// readTemplates reads the raster function templates of a folder: its files in JSON, as ArcGIS stores them.
func readTemplates(dir string) (all []function.Template, err error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch lower := strings.ToLower(e.Name()); {
		case e.IsDir():
			continue
		case strings.HasSuffix(lower, ".rft.xml"):
			return nil, fmt.Errorf("%s: templates in XML are not read: save it as JSON", name)
		case !strings.HasSuffix(lower, ".json"):
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		t, err := function.ParseTemplate(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if t.Name == "" {
			t.Name = strings.TrimSuffix(strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())), ".rft")
		}
		all = append(all, t)
	}
	return all, nil
}

// addFunctions gives a service the templates that suit its rasters, after those of a folder. A service whose rasters cannot
// be opened now gets those of the folder alone.
func (b *builder) addFunctions(ctx context.Context, s *exportimage.Service, own []function.Template) {
	s.Functions = slices.Clone(own)
	d, err := s.Describe(ctx)
	if err != nil {
		b.logger.Warn("no raster functions", "service", s.Name, "error", err)
		return
	}
	for _, t := range suitable(&d) {
		if !slices.ContainsFunc(own, func(o function.Template) bool { return strings.EqualFold(o.Name, t.Name) }) {
			s.Functions = append(s.Functions, t)
		}
	}
}

// suitable returns templates for rasters: those of heights for one band of more than bytes, and those of images for bands
// that are called red, near infrared and so on.
func suitable(d *exportimage.Description) []function.Template {
	data := (raster.Info{Bands: d.Bands}).DataBands()
	if len(data) == 1 && d.Palette == nil && !d.HasClasses() && d.PixelType.Size() > 1 && !d.PixelType.Complex() {
		return function.Elevation()
	}
	if b := imageryBands(d.Bands); b.Red >= 0 && b.NearInfrared >= 0 {
		return function.Imagery(b)
	}
	return nil
}

func imageryBands(bands []raster.Band) function.ImageryBands {
	find := func(color raster.ColorInterp, names ...string) int {
		return slices.IndexFunc(bands, func(b raster.Band) bool {
			name := strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(b.Name))
			return color != raster.ColorUndefined && b.Color == color || slices.Contains(names, name)
		})
	}
	return function.ImageryBands{
		Red: find(raster.ColorRed, "red"), Green: find(raster.ColorGreen, "green"), Blue: find(raster.ColorBlue, "blue"),
		NearInfrared: find(raster.ColorUndefined, "nearinfrared", "nir", "infrared"),
	}
}
