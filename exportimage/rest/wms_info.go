package rest

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"image"
	"math"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// infoFormats are the formats of GetFeatureInfo.
var infoFormats = []string{"text/html", "text/plain", "text/xml", "application/json"}

// gmlMedia is the media type of GML.
const gmlMedia = "application/vnd.ogc.gml"

// maxFeatures bounds how many rasters of a place are listed.
const maxFeatures = 100

// A wmsInfo is what there is at a pixel of a map.
type wmsInfo struct {
	place    [2]float64 // its middle, in the order of the reference's axes
	crs      string
	degrees  *[2]float64 // longitude and latitude, where there are some
	bands    []string
	values   []string // of the rasters; nil without data
	style    string   // in which the map is drawn; empty for none
	drawn    []string // the values in that style; nil without data
	rasters  []string // at the place, the topmost first
	unlisted int      // rasters besides those
}

// wmsFeatureInfo answers GetFeatureInfo with the values of the pixel that the map has at a place.
func (r *responder) wmsFeatureInfo(p wmsParams) error {
	if err := checkWMSVersion(p); err != nil {
		return err
	}
	var err error
	if r.wmsAnswer.size, err = r.wmsSize(p); err != nil {
		return err
	}
	req, crs, err := r.wmsRequest(p)
	if err != nil {
		return err
	}
	if _, err := r.checkLayer("QUERY_LAYERS", p["QUERY_LAYERS"]); err != nil {
		return err
	}
	at, err := r.wmsPixel(p)
	if err != nil {
		return err
	}
	format := infoFormatOf(p["INFO_FORMAT"])
	if format == "" {
		return wmsInvalid("InvalidFormat", "INFO_FORMAT", "%s is not one of %s", quote.Text(p["INFO_FORMAT"]), strings.Join(infoFormats, ", "))
	}
	most := 1
	if p["FEATURE_COUNT"] != "" {
		if most, err = p.number("FEATURE_COUNT"); err != nil {
			return err
		}
		if most < 1 {
			return wmsInvalid("InvalidParameterValue", "FEATURE_COUNT", "FEATURE_COUNT is at least 1, not %d", most)
		}
	}
	info, err := r.wmsInfo(req, crs, at, min(most, maxFeatures))
	if err != nil {
		return err
	}
	info.crs = p[crsParam(r.wmsAnswer.version)]
	body, err := info.encode(format, title(r.service))
	if err != nil {
		return err
	}
	r.w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'")
	r.sendDocument(format+"; charset=utf-8", body, true)
	return nil
}

// infoFormatOf returns the format that a client asks for, empty if it is not served.
func infoFormatOf(text string) string {
	text, _, _ = strings.Cut(strings.ToLower(text), ";")
	switch text = strings.TrimSpace(text); text {
	case "":
		return "text/plain"
	case "application/geo+json", "application/geojson":
		return "application/json"
	case "application/xml":
		return "text/xml"
	case gmlMedia: // which GDAL asks for, and no other client is offered
		return text
	}
	for _, f := range infoFormats {
		if f == text {
			return f
		}
	}
	return ""
}

// wmsPixel reads the pixel that is asked for: I and J or, in 1.1.1, X and Y.
func (r *responder) wmsPixel(p wmsParams) (at image.Point, err error) {
	names, others := [2]string{"I", "J"}, [2]string{"X", "Y"}
	if r.wmsAnswer.version == wms111 {
		names, others = others, names
	}
	if p[names[0]]+p[names[1]] == "" && p[others[0]] != "" { // as GDAL sends them
		names = others
	}
	if at.X, err = p.number(names[0]); err != nil {
		return at, invalidPoint(err)
	}
	if at.Y, err = p.number(names[1]); err != nil {
		return at, invalidPoint(err)
	}
	if !at.In(image.Rectangle{Max: r.wmsAnswer.size}) {
		return at, wmsInvalid("InvalidPoint", names[0], "the map has no pixel %d,%d", at.X, at.Y)
	}
	return at, nil
}

// invalidPoint gives an error about a coordinate that is no number the code for it.
func invalidPoint(err error) error {
	e := exportimage.AsError(err)
	if fault, ok := e.Err.(*wmsFault); ok && fault.code == "InvalidParameterValue" {
		return wmsInvalid("InvalidPoint", fault.locator, "%w", fault.err)
	}
	return err
}

// wmsInfo returns what there is at a pixel of a map: the values of the rasters and, if the map has a style, what is drawn.
func (r *responder) wmsInfo(req exportimage.Request, crs wmsCRS, at image.Point, most int) (info wmsInfo, err error) {
	ctx := r.request.Context()
	d, err := r.service.Describe(ctx)
	if err != nil {
		return info, err
	}
	box := pixelBox(req.BBox, req.Size, at)
	x, y := box.Center()
	ask := exportimage.IdentifyRequest{
		Geometry: exportimage.Geometry{
			Type: exportimage.PointGeometry, CRS: crs.CRS, Parts: [][][2]float64{{{x, y}}},
			Envelope: srs.Envelope{XMin: x, YMin: y, XMax: x, YMax: y},
		},
		PixelSize: exportimage.PixelSize{X: box.Width(), Y: box.Height(), CRS: crs.CRS},
		Export:    req, Items: true,
	}
	style := req.Function
	if style == nil {
		style = r.service.Defaults.Function
	}
	ask.Export.Function = noStyle
	if named, ok := style.(interface {
		Name() string
		IsNone() bool
	}); ok && !named.IsNone() {
		info.style = named.Name()
		ask.Rules = append(ask.Rules, style)
	}
	res, err := r.service.Identify(ctx, ask)
	if err != nil {
		return info, err
	}
	info.place = [2]float64{x, y}
	if crs.northFirst {
		info.place = [2]float64{y, x}
	}
	info.degrees = r.degreesOf(mosaic.Point{CRS: crs.CRS, X: x, Y: y})
	info.bands = bandNames(&d)
	if len(req.BandIDs) > 0 {
		info.bands = nil
		for _, id := range req.BandIDs {
			info.bands = append(info.bands, fmt.Sprintf("Band_%d", id+1))
		}
	}
	info.values = texts(res.Values, res.Type)
	if len(res.Ruled) > 0 {
		info.drawn = texts(res.Ruled[0], raster.F64)
	}
	for i, it := range res.Items {
		if i < most {
			info.rasters = append(info.rasters, it.Item.Name)
		} else {
			info.unlisted++
		}
	}
	return info, nil
}

// texts returns each value as text; nil for none.
func texts(values []float64, t raster.PixelType) []string {
	if values == nil {
		return nil
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = valueText([]float64{v}, t, "", "")
	}
	return out
}

// degreesOf returns the longitude and latitude of a place on WGS 84; nil if it has none.
func (r *responder) degreesOf(p mosaic.Point) *[2]float64 {
	wgs84, err := srs.FromWKID(4326)
	if err != nil {
		return nil
	}
	area := srs.Envelope{XMin: p.X, YMin: p.Y, XMax: p.X, YMax: p.Y}
	t, err := srs.Options{Area: &area, ShiftGrids: r.service.ShiftGrids}.NewTransformer(p.CRS, wgs84)
	if err != nil {
		return nil
	}
	xs, ys := []float64{p.X}, []float64{p.Y}
	if t.Transform(xs, ys) > 0 || math.IsNaN(xs[0]) {
		return nil
	}
	return &[2]float64{xs[0], ys[0]}
}

// rows returns what is known, by names.
func (m *wmsInfo) rows() []row {
	out := []row{{"Place", plain(m.place[0]) + ", " + plain(m.place[1]) + " (" + m.crs + ")"}}
	add := func(prefix string, values []string) {
		for i, v := range values {
			name := fmt.Sprintf("Band_%d", i+1)
			if prefix == "" && i < len(m.bands) {
				name = m.bands[i]
			}
			out = append(out, row{prefix + name, v})
		}
		if values == nil {
			out = append(out, row{strings.TrimSpace(prefix + "Value"), "NoData"})
		}
	}
	add("", m.values)
	if m.style != "" {
		add(m.style+" ", m.drawn)
	}
	for _, name := range m.rasters {
		out = append(out, row{"Raster", name})
	}
	if m.unlisted > 0 {
		out = append(out, row{"More rasters", fmt.Sprint(m.unlisted)})
	}
	return out
}

func (m *wmsInfo) encode(format, name string) ([]byte, error) {
	var b strings.Builder
	switch format {
	case "text/html":
		fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title></head><body>\n<table>\n",
			html.EscapeString(name))
		for _, row := range m.rows() {
			fmt.Fprintf(&b, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", html.EscapeString(row.Name), html.EscapeString(row.Value))
		}
		b.WriteString("</table>\n</body></html>\n")
	case "text/plain":
		for _, row := range m.rows() {
			fmt.Fprintf(&b, "%s: %s\n", oneLine(row.Name), oneLine(row.Value))
		}
	case "text/xml":
		return m.xml(name)
	case gmlMedia:
		return m.gml()
	default:
		return m.json()
	}
	return []byte(b.String()), nil
}

// oneLine returns a text without line breaks, which would look like another value.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (m *wmsInfo) xml(name string) ([]byte, error) {
	type value struct {
		Name string `xml:"name,attr"`
		Text string `xml:",chardata"`
	}
	doc := struct {
		XMLName xml.Name `xml:"FeatureInfoResponse"`
		Layer   string   `xml:"layer,attr"`
		Values  []value  `xml:"Value"`
	}{Layer: name}
	for _, row := range m.rows() {
		doc.Values = append(doc.Values, value{row.Name, row.Value})
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	return append([]byte(xml.Header), body...), err
}

// gml returns a feature of GML 2 at the place.
func (m *wmsInfo) gml() ([]byte, error) {
	type property struct {
		Name  string `xml:"name"`
		Value string `xml:"value"`
	}
	var doc struct {
		XMLName xml.Name `xml:"FeatureCollection"`
		GML     string   `xml:"xmlns:gml,attr"`
		Feature struct {
			Point struct {
				SRS    string `xml:"srsName,attr"`
				Values string `xml:"gml:coordinates"`
			} `xml:"place>gml:Point"`
			Properties []property `xml:"property"`
		} `xml:"gml:featureMember>Pixel"`
	}
	doc.GML = "http://www.opengis.net/gml"
	doc.Feature.Point.SRS, doc.Feature.Point.Values = m.crs, plain(m.place[0])+","+plain(m.place[1])
	for _, row := range m.rows() {
		doc.Feature.Properties = append(doc.Feature.Properties, property(row))
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	return append([]byte(xml.Header), body...), err
}

// json returns a feature of GeoJSON at the place, whose properties have numbers as such.
func (m *wmsInfo) json() ([]byte, error) {
	numbers := func(values []string) any {
		if values == nil {
			return nil
		}
		out := make([]any, len(values))
		for i, v := range values {
			if out[i] = v; json.Valid([]byte(v)) {
				out[i] = json.RawMessage(v)
			}
		}
		return out
	}
	properties := map[string]any{"values": numbers(m.values), "bands": m.bands, "rasters": m.rasters, "place": m.place, "crs": m.crs}
	if m.style != "" {
		properties["style"], properties["drawn"] = m.style, numbers(m.drawn)
	}
	var geometry any
	if m.degrees != nil {
		geometry = map[string]any{"type": "Point", "coordinates": m.degrees}
	}
	return json.Marshal(map[string]any{
		"type":     "FeatureCollection",
		"features": []any{map[string]any{"type": "Feature", "geometry": geometry, "properties": properties}},
	})
}
