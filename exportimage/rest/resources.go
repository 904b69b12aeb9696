package rest

import (
	"encoding/xml"
	"image"
	"image/color"
	"net/url"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

// keyProperties answers with the names and units of the bands.
func (r *responder) keyProperties(form url.Values) error {
	d, _, err := r.rendered(form)
	if err != nil {
		return err
	}
	r.json(keyPropertiesOf(&d))
	return nil
}

// keyPropertiesOf returns the names and units of bands.
func keyPropertiesOf(d *exportimage.Description) any {
	type band struct {
		Name string `json:"BandName"`
		Unit string `json:"Unit,omitempty"`
	}
	j := struct {
		Bands []band `json:"BandProperties"`
	}{[]band{}}
	for i, name := range bandNames(d) {
		j.Bands = append(j.Bands, band{name, d.Bands[i].Unit})
	}
	return j
}

// statistics answers with the statistics of the bands; with none if a rule computes the bands.
func (r *responder) statistics(form url.Values) error {
	f, err := renderingRule(form)
	if err != nil {
		return err
	}
	type band struct {
		Min    float64 `json:"min"`
		Max    float64 `json:"max"`
		Mean   float64 `json:"mean"`
		StdDev float64 `json:"standardDeviation"`
	}
	all, err := r.service.Statistics(r.request.Context(), f)
	if err != nil {
		return err
	}
	out := []band{}
	for _, s := range all {
		out = append(out, band{s.Min, s.Max, s.Mean, s.StdDev})
	}
	r.json(map[string][]band{"statistics": out})
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

// attributeTable answers with the named values, and with their colours if they have any.
func (r *responder) attributeTable(form url.Values) error {
	d, _, err := r.rendered(form)
	if err != nil {
		return err
	}
	if !d.HasClasses() {
		return notFound("the service has no attribute table")
	}
	type field struct {
		Name  string `json:"name"`
		Type  string `json:"type"`
		Alias string `json:"alias"`
	}
	type class struct {
		ID    int    `json:"OBJECTID"`
		Value int    `json:"Value"`
		Name  string `json:"ClassName"`
		Red   *int   `json:"Red,omitempty"`
		Green *int   `json:"Green,omitempty"`
		Blue  *int   `json:"Blue,omitempty"`
	}
	type feature struct {
		Attributes class `json:"attributes"`
	}
	j := struct {
		ID       string    `json:"objectIdFieldName"`
		Fields   []field   `json:"fields"`
		Features []feature `json:"features"`
	}{"OBJECTID", []field{
		{"OBJECTID", "esriFieldTypeOID", "OBJECTID"},
		{"Value", "esriFieldTypeInteger", "Value"},
		{"ClassName", "esriFieldTypeString", "ClassName"},
	}, []feature{}}
	if d.Palette != nil {
		for _, name := range []string{"Red", "Green", "Blue"} {
			j.Fields = append(j.Fields, field{name, "esriFieldTypeInteger", name})
		}
	}
	for v, name := range d.Bands[0].Categories {
		if name == "" {
			continue
		}
		c := class{ID: len(j.Features) + 1, Value: v, Name: name}
		if v < len(d.Palette) {
			red, green, blue := paletteColor(d.Palette, v)
			c.Red, c.Green, c.Blue = &red, &green, &blue
		}
		j.Features = append(j.Features, feature{c})
	}
	r.json(j)
	return nil
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

// metadata answers with an ArcGIS metadata document of the service's texts and extent.
func (r *responder) metadata(url.Values) error {
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	box, ok := inDegrees(r.service, &d)
	return r.sendMetadata(title(r.service), r.service.Description, box, ok)
}

// sendMetadata answers with an ArcGIS metadata document. The box is in degrees.
func (r *responder) sendMetadata(name, abstract string, e srs.Envelope, inWorld bool) error {
	type box struct {
		West  float64 `xml:"westBL"`
		East  float64 `xml:"eastBL"`
		North float64 `xml:"northBL"`
		South float64 `xml:"southBL"`
	}
	doc := struct {
		XMLName  xml.Name `xml:"metadata"`
		Title    string   `xml:"dataIdInfo>idCitation>resTitle"`
		Abstract string   `xml:"dataIdInfo>idAbs"`
		Credit   string   `xml:"dataIdInfo>idCredit,omitempty"`
		Box      *box     `xml:"dataIdInfo>dataExt>geoEle>GeoBndBox"`
	}{Title: name, Abstract: abstract, Credit: r.service.Copyright}
	if inWorld {
		doc.Box = &box{e.XMin, e.XMax, e.YMax, e.YMin}
	}
	text, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	r.send("text/xml; charset=utf-8", append([]byte(xml.Header), text...))
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
