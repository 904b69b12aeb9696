package exportimage

import (
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"image"
	"net/url"
	"slices"

	"github.com/geoexport/geoexport/srs"
)

// resources are what clients ask of a service beside its description, by path in lower case. What is here and what the
// description's has… members say are the same.
var resources = map[string]func(a *answer, about *about, form url.Values) error{
	"keyproperties":        (*answer).keyProperties,
	"rasterfunctioninfos":  (*answer).rasterFunctionInfos,
	"statistics":           (*answer).statistics,
	"colormap":             (*answer).colormap,
	"rasterattributetable": (*answer).attributeTable,
	"legend":               (*answer).legend,
	"info/thumbnail":       (*answer).thumbnail,
	"info/metadata":        (*answer).metadata,
}

// subResource answers for one of them. They have no pages: a browser sees indented JSON.
func (a *answer) subResource(write func(*answer, *about, url.Values) error, form url.Values) {
	if a.f != "json" {
		a.f = "pjson"
	}
	about, err := a.service.describe(a.r.Context())
	if err == nil {
		err = write(a, about, form)
	}
	if err != nil {
		a.error(err)
	}
}

// keyProperties says of each band what is known of it.
func (a *answer) keyProperties(about *about, form url.Values) error {
	about, err := a.drawn(about, form)
	if err != nil {
		return err
	}
	type band struct {
		Name string `json:"BandName"`
		Unit string `json:"Unit,omitempty"`
	}
	j := struct {
		Bands []band `json:"BandProperties"`
	}{[]band{}}
	for i, name := range bandNames(about) {
		j.Bands = append(j.Bands, band{name, about.bands[i].Unit})
	}
	a.json(j)
	return nil
}

func (a *answer) rasterFunctionInfos(*about, url.Values) error {
	a.json(map[string][]function{"rasterFunctionInfos": a.service.functionList()})
	return nil
}

func (a *answer) statistics(about *about, form url.Values) error {
	about, err := a.drawn(about, form)
	if err != nil {
		return err
	}
	type band struct {
		Min    float64 `json:"min"`
		Max    float64 `json:"max"`
		Mean   float64 `json:"mean"`
		StdDev float64 `json:"standardDeviation"`
	}
	all, err := a.service.drawnStatistics(a.r.Context(), about)
	if err != nil {
		return err
	}
	out := []band{}
	for _, s := range all {
		out = append(out, band{s.Min, s.Max, s.Mean, s.StdDev})
	}
	a.json(map[string][]band{"statistics": out})
	return nil
}

// colormap is the palette. Its colours have no transparency: ArcGIS's colormaps have none either.
func (a *answer) colormap(about *about, form url.Values) error {
	about, err := a.drawn(about, form)
	if err != nil {
		return err
	}
	if about.palette == nil {
		return &Error{Kind: NotFound, Err: errors.New("the service has no colormap")}
	}
	rows := [][4]int{}
	for i := range about.palette {
		r, g, b := paletteColor(about, i)
		rows = append(rows, [4]int{i, r, g, b})
	}
	a.json(map[string][][4]int{"colormap": rows})
	return nil
}

func paletteColor(a *about, i int) (r, g, b int) {
	c := nrgba(a.palette[i])
	return int(c.R), int(c.G), int(c.B)
}

// hasClasses says whether the values of the only band have names.
func hasClasses(a *about) bool {
	return len(a.bands) == 1 && slices.ContainsFunc(a.bands[0].Categories, func(s string) bool { return s != "" })
}

// attributeTable lists the values that have names, with their colours if they have any.
func (a *answer) attributeTable(about *about, form url.Values) error {
	about, err := a.drawn(about, form)
	if err != nil {
		return err
	}
	if !hasClasses(about) {
		return &Error{Kind: NotFound, Err: errors.New("the service has no attribute table")}
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
	if about.palette != nil {
		for _, name := range []string{"Red", "Green", "Blue"} {
			j.Fields = append(j.Fields, field{name, "esriFieldTypeInteger", name})
		}
	}
	for v, name := range about.bands[0].Categories {
		if name == "" {
			continue
		}
		c := class{ID: len(j.Features) + 1, Value: v, Name: name}
		if v < len(about.palette) {
			r, g, b := paletteColor(about, v)
			c.Red, c.Green, c.Blue = &r, &g, &b
		}
		j.Features = append(j.Features, feature{c})
	}
	a.json(j)
	return nil
}

// thumbnailSize is that of ArcGIS's thumbnails.
var thumbnailSize = image.Pt(200, 133)

// thumbnail is the whole service.
func (a *answer) thumbnail(_ *about, _ url.Values) error {
	req := Request{Size: thumbnailSize, Format: a.service.pictureFormat()}
	res, err := a.sharing.export(a.r.Context(), a.service, sha256.Sum256([]byte("info/thumbnail")), req)
	if err != nil {
		return err
	}
	a.picture(res.MediaType, res.Data)
	return nil
}

// pictureFormat is one that browsers show, with transparency if there is one.
func (s *Service) pictureFormat() string {
	for _, name := range []string{"png32", "png", "jpgpng", "jpg"} {
		if _, ok := s.formats()[name]; ok {
			return name
		}
	}
	return "" // the service's own default
}

// metadata is an ArcGIS metadata document: what the service says of itself, and where it is.
func (a *answer) metadata(about *about, _ url.Values) error {
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
	}{Title: a.service.title(), Abstract: a.service.Description, Credit: a.service.Copyright}
	if e, ok := a.service.inDegrees(about); ok {
		doc.Box = &box{e.XMin, e.XMax, e.YMax, e.YMin}
	}
	text, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	a.send("text/xml; charset=utf-8", append([]byte(xml.Header), text...))
	return nil
}

// inDegrees is the service's extent in WGS 84, if it has an image there.
func (s *Service) inDegrees(a *about) (srs.Envelope, bool) {
	wgs84, err := srs.FromWKID(4326)
	if err != nil {
		return srs.Envelope{}, false
	}
	t, err := s.transformer(a.crs, wgs84, a.extent)
	if err != nil {
		return srs.Envelope{}, false
	}
	e, err := t.Envelope(a.extent)
	return e, err == nil
}
