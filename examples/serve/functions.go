package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// maxTemplate bounds a file, which may hold a thumbnail.
const maxTemplate = 4 << 20

// readTemplates reads the raster function templates of a folder: its files .rft.xml and .json, as ArcGIS stores them. Other
// files are left alone.
func readTemplates(dir string) (all []function.Template, err error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := map[string]string{} // by the template's name in lower case
	for _, e := range entries {
		lower := strings.ToLower(e.Name())
		if e.IsDir() || !strings.HasSuffix(lower, ".rft.xml") && !strings.HasSuffix(lower, ".json") {
			continue
		}
		name := filepath.Join(dir, e.Name())
		t, err := readTemplate(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		key := strings.ToLower(t.Name)
		if other, twice := files[key]; twice {
			return nil, fmt.Errorf("%s: the template of %s is called %q, too", name, other, t.Name)
		}
		files[key] = name
		all = append(all, t)
	}
	return all, nil
}

// readTemplate reads one file. A template without a name has that of the file.
func readTemplate(name string) (t function.Template, err error) {
	f, err := os.Open(name)
	if err != nil {
		return t, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxTemplate+1))
	if err != nil {
		return t, err
	}
	if len(text) > maxTemplate {
		return t, fmt.Errorf("it is longer than %d bytes", maxTemplate)
	}
	if t, err = function.ParseTemplate(string(text)); err != nil {
		return t, err
	}
	if t.Name == "" {
		base := filepath.Base(name)
		t.Name = strings.TrimSuffix(strings.TrimSuffix(base, filepath.Ext(base)), ".rft")
	}
	if strings.EqualFold(t.Name, function.NoFunction) {
		return t, fmt.Errorf("a template cannot be called %q, which is no function", t.Name)
	}
	return t, nil
}

// addFunctions gives a service the templates that suit its rasters, besides those that it has, after those of a folder. A
// service whose rasters cannot be opened now gets no others.
func (b *builder) addFunctions(ctx context.Context, s *exportimage.Service, own []function.Template) {
	d, err := s.Describe(ctx)
	if err != nil {
		b.logger.Warn("no raster functions", "service", s.Name, "error", err)
	}
	all := s.Functions
	if s.Functions = slices.Clone(own); err == nil {
		all = append(slices.Clone(all), suitable(&d)...)
	}
	for _, t := range all {
		if !slices.ContainsFunc(own, func(o function.Template) bool { return strings.EqualFold(o.Name, t.Name) }) {
			s.Functions = append(s.Functions, t)
		}
	}
}

// suitable returns templates for rasters: those of heights for one band of more than bytes, and those of images for bands
// that are called red, near infrared and so on.
func suitable(d *exportimage.Description) []function.Template {
	if heights(d) {
		return function.Elevation()
	}
	if b := imageryBands(d.Bands); b.Red >= 0 && b.NearInfrared >= 0 {
		return function.Imagery(b)
	}
	return nil
}

// heights reports whether rasters look like heights: one band of more than bytes that are no classes.
func heights(d *exportimage.Description) bool {
	data := (raster.Info{Bands: d.Bands}).DataBands()
	return len(data) == 1 && d.Palette == nil && !d.HasClasses() && d.PixelType.Size() > 1 && !d.PixelType.Complex()
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
