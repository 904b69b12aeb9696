package rest

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// mapControls returns the choices on a map, with those that a request has made. Choices that a service has none for are
// left out.
func (r *responder) mapControls(d *exportimage.Description, form url.Values) []fieldset {
	picture := fieldset{Legend: "Picture"}
	add := func(set *fieldset, c control) {
		if len(c.Choices) > 1 {
			c.Value = formText(form, c.Name)
			set.Controls = append(set.Controls, c)
		}
	}
	list := functionList(r.service)
	rules := make([]named, len(list))
	for i, f := range list {
		rules[i] = named{f.Name, f.Name}
	}
	add(&picture, control{Name: params.RenderingRuleParam.Name, Label: "Rendering rule", Choices: rules})
	if d.Palette == nil && !d.HasClasses() && !d.PixelType.Complex() {
		add(&picture, control{Name: "stretch", Label: "Stretch", Choices: stretches})
	}
	bands := []named{}
	for i, name := range bandNames(d) {
		bands = append(bands, named{fmt.Sprint(i), name})
	}
	if len(bands) > 1 {
		all := append([]named{{"", "the service's"}}, bands...)
		if len(bands) >= 3 {
			all = append(all, named{"rgb", "three, in colours"})
		}
		add(&picture, control{Name: params.BandIDsParam.Name, Label: "Bands", Choices: all})
		for _, colour := range []string{"Red", "Green", "Blue"} {
			if len(bands) >= 3 {
				add(&picture, control{Name: strings.ToLower(colour), Label: colour, Choices: bands, Hidden: true})
			}
		}
	}
	kernels := []named{{"", "service: " + params.Interpolations.Property(d.Interpolation)}}
	for _, w := range params.Interpolations {
		kernels = append(kernels, named{w.Name, w.Property})
	}
	add(&picture, control{Name: params.InterpolationParam.Name, Label: "Interpolation", Choices: kernels})
	formats := []named{}
	for _, name := range mapFormats(r.service) {
		formats = append(formats, named{name, name})
	}
	add(&picture, control{Name: params.FormatParam.Name, Label: "Format", Choices: formats})
	sets := []fieldset{picture}
	if d.Rasters > 1 {
		rasters := fieldset{Legend: "Rasters"}
		for _, c := range mosaicControls(d, r.service.Settings().Defaults.MosaicRule) {
			add(&rasters, c)
		}
		sets = append(sets, rasters)
	}
	return sets
}

// stretches are values of the parameter stretch, which the scripts make rendering rules of: the type in ArcGIS's numbers.
var stretches = []named{
	{"", "the service's"}, {"5", "minimum to maximum"}, {"6", "percent clip"}, {"3", "standard deviations"},
	{"4", "histogram equalization"}, {"9", "sigmoid"},
}

// mosaicControls returns the choices of a mosaic rule. The viewpoint, and the rasters that are locked, cannot be chosen by
// a name; the map offers the latter where a raster is identified.
func mosaicControls(d *exportimage.Description, usual mosaic.Rule) []control {
	methods := []named{{"", "service: " + params.MosaicMethods.Property(usual.Method)}}
	for _, w := range params.MosaicMethods {
		if w.Value != mosaic.Viewpoint && w.Value != mosaic.LockRaster {
			methods = append(methods, named{w.Name, w.Property})
		}
	}
	fields := []named{}
	for _, f := range d.Fields {
		fields = append(fields, named{f.Name, f.Name})
	}
	operations := []named{{"", "service: " + params.MosaicOperations.Property(usual.Operation)}}
	for _, w := range params.MosaicOperations {
		operations = append(operations, named{w.Name, w.Property})
	}
	return []control{
		{Name: "mosaicMethod", Label: "Mosaic method", Choices: methods},
		{Name: "sortField", Label: "Field", Choices: fields, Hidden: true},
		{Name: "ascending", Label: "Order", Choices: []named{{"", "the usual way"}, {"false", "the other way round"}}},
		{Name: "mosaicOperation", Label: "Where they overlap", Choices: operations},
	}
}

// mapFormats returns the formats that browsers show and the service has, the map's own first.
func mapFormats(s *exportimage.Service) []string {
	all := s.Settings().Formats
	return slices.DeleteFunc([]string{"jpgpng", "png32", "png", "png24", "png8", "jpg", "gif", "bmp"}, func(name string) bool {
		_, ok := all[name]
		return !ok
	})
}

// mapFormat returns the format of the map's images.
func mapFormat(s *exportimage.Service) string {
	return append(mapFormats(s), s.Settings().Defaults.Format)[0]
}

// proposedSRs returns spatial references that a map may be shown in: the service's own, and some of the world.
func proposedSRs(own srs.CRS) []named {
	out := []named{{srText(own), srName(own)}}
	for _, wkid := range []int{4326, 3857, 54030, 54012, 54009, 8857, 3995, 3031, 3035, 5070} {
		if c, err := srs.FromWKID(wkid); err == nil && c != own {
			out = append(out, named{srText(c), srName(c)})
		}
	}
	return out
}

// stillWidth and stillHeight are the size of a map without scripts, in pixels.
const stillWidth, stillHeight = 600, 400

// still describes a map for browsers without scripts: an image of the view, and links to the views beside it.
func (r *responder) still(d *exportimage.Description, form url.Values, req exportimage.Request) still {
	box, in := req.BBox, cmp.Or(req.BBoxSR, req.ImageSR, d.CRS)
	if (box == srs.Envelope{}) {
		box, in = d.Extent, d.CRS
	}
	q := url.Values{}
	for _, name := range []string{
		params.RenderingRuleParam.Name, params.ImageSRParam.Name, params.InterpolationParam.Name, params.MosaicRuleParam.Name, params.TimeParam.Name,
	} {
		if v := formText(form, name); v != "" {
			q.Set(name, v)
		}
	}
	if v := formText(form, params.BandIDsParam.Name); v != "rgb" && v != "" {
		q.Set(params.BandIDsParam.Name, v)
	}
	q.Set(params.BBoxParam.Name, boxText(box))
	q.Set(params.BBoxSRParam.Name, srText(in))
	changed := func(name, key, value string) link {
		with := maps.Clone(q)
		with.Set(key, value)
		return link{name, r.root + "/map?" + with.Encode()}
	}
	moved := func(name string, x, y, zoom float64) link {
		cx, cy := box.Center()
		cx, cy = cx+float64(x*box.Width()), cy+float64(y*box.Height())
		w, h := float64(box.Width()*zoom/2), float64(box.Height()*zoom/2)
		return changed(name, params.BBoxParam.Name, boxText(srs.Envelope{XMin: cx - w, YMin: cy - h, XMax: cx + w, YMax: cy + h}))
	}
	s := still{Width: stillWidth, Height: stillHeight, Links: []link{
		moved("Nearer", 0, 0, 0.5), moved("Farther", 0, 0, 2), moved("North", 0, 0.5, 1), moved("South", 0, -0.5, 1),
		moved("West", -0.5, 0, 1), moved("East", 0.5, 0, 1),
	}}
	for _, name := range functionNames(r.service) {
		s.Rules = append(s.Rules, changed(name, params.RenderingRuleParam.Name, name))
	}
	q.Set(params.SizeParam.Name, fmt.Sprintf("%d,%d", stillWidth, stillHeight))
	q.Set(params.FormatParam.Name, imageFormat(r.service))
	q.Set("f", "image")
	s.Image = r.root + "/exportImage?" + q.Encode()
	return s
}
