package rest

import (
	"image"
	"image/color"
	"net/url"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

// statistics answers with the statistics of the bands; with none if a rule computes the bands.
func (r *responder) statistics(form url.Values) error {
	f, err := renderingRule(form)
	if err != nil {
		return err
	}
	of, err := r.ofVariable(form)
	if err != nil {
		return err
	}
	all, err := of.Statistics(r.request.Context(), f)
	if err != nil {
		return err
	}
	r.json(map[string][]rangeJSON{"statistics": rangeList(all)})
	return nil
}

// histograms answers with the histograms of the bands, also of those that a rule computes.
func (r *responder) histograms(form url.Values) error {
	f, err := renderingRule(form)
	if err != nil {
		return err
	}
	of, err := r.ofVariable(form)
	if err != nil {
		return err
	}
	all, err := of.Histograms(r.request.Context(), f)
	if err != nil {
		return err
	}
	r.json(histogramsJSON{Histograms: histogramList(all)})
	return nil
}

// colormap answers with the palette. Its colours have no transparency, like those of ArcGIS's colormaps.
func (r *responder) colormap(form url.Values) error {
	d, _, err := r.rendered(form)
	if err != nil {
		return err
	}
	if d.Palette == nil {
		return notFound("the service has no colormap")
	}
	rows := [][4]int{}
	for i := range d.Palette {
		red, green, blue := paletteColor(d.Palette, i)
		rows = append(rows, [4]int{i, red, green, blue})
	}
	r.json(map[string][][4]int{"colormap": rows})
	return nil
}

func paletteColor(p color.Palette, i int) (red, green, blue int) {
	c := color.NRGBAModel.Convert(p[i]).(color.NRGBA)
	return int(c.R), int(c.G), int(c.B)
}

// thumbnailSize is the size of ArcGIS's thumbnails.
var thumbnailSize = image.Pt(200, 133)

// thumbnail answers with an image of the whole service.
func (r *responder) thumbnail(url.Values) error {
	req := exportimage.Request{Size: thumbnailSize, Format: imageFormat(r.service)}
	a, err := r.shared("info/thumbnail", req)
	if err != nil {
		return err
	}
	r.sendImage(a)
	return nil
}

// inDegrees returns the service's extent in WGS 84, if it has an image there.
func inDegrees(s *exportimage.Service, d *exportimage.Description) (srs.Envelope, bool) {
	wgs84, err := srs.FromWKID(4326)
	if err != nil {
		return srs.Envelope{}, false
	}
	t, err := srs.Options{Area: &d.Extent, ShiftGrids: s.ShiftGrids}.NewTransformer(d.CRS, wgs84)
	if err != nil {
		return srs.Envelope{}, false
	}
	e, err := t.Envelope(d.Extent)
	return e, err == nil
}
