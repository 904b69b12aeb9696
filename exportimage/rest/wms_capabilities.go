package rest

import (
	"cmp"
	"encoding/xml"
	"math"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// capabilities is the document of GetCapabilities. The two versions have the same elements in the same order but for
// those of references, boxes and dimensions, of which each leaves out the other's.
type capabilities struct {
	XMLName  xml.Name
	Version  string `xml:"version,attr"`
	Default  string `xml:"xmlns,attr,omitempty"`
	SLD      string `xml:"xmlns:sld,attr,omitempty"`
	XLink    string `xml:"xmlns:xlink,attr,omitempty"`
	XSI      string `xml:"xmlns:xsi,attr,omitempty"`
	Location string `xml:"xsi:schemaLocation,attr,omitempty"`

	Service struct {
		Name        string
		Title       string
		Abstract    string `xml:",omitempty"`
		Resource    onlineResource
		Fees        string
		Constraints string `xml:"AccessConstraints"`
		LayerLimit  int    `xml:",omitempty"`
		MaxWidth    int    `xml:",omitempty"`
		MaxHeight   int    `xml:",omitempty"`
	}
	Operations struct {
		Capabilities wmsOperation `xml:"GetCapabilities"`
		Map          wmsOperation `xml:"GetMap"`
		Info         wmsOperation `xml:"GetFeatureInfo"`
		Legend       wmsOperation
	} `xml:"Capability>Request"`
	Exceptions []string `xml:"Capability>Exception>Format"`
	Layer      wmsLayer `xml:"Capability>Layer"`
}

type onlineResource struct {
	XMLName xml.Name `xml:"OnlineResource"`
	XLink   string   `xml:"xmlns:xlink,attr,omitempty"`
	Type    string   `xml:"xlink:type,attr"`
	URL     string   `xml:"xlink:href,attr"`
}

// wmsOperation is an operation with its formats and its address.
type wmsOperation struct {
	XMLName xml.Name
	Formats []string `xml:"Format"`
	Address onlineResource
}

func (o wmsOperation) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if o.XMLName.Local != "" {
		start.Name = o.XMLName
	}
	return e.EncodeElement(struct {
		Formats []string `xml:"Format"`
		Get     struct {
			Address onlineResource
		} `xml:"DCPType>HTTP>Get"`
	}{o.Formats, struct{ Address onlineResource }{o.Address}}, start)
}

type wmsLayer struct {
	Queryable int    `xml:"queryable,attr"`
	Name      string `xml:",omitempty"`
	Title     string
	Abstract  string   `xml:",omitempty"`
	CRS       []string // of 1.3.0
	SRS       []string // of 1.1.1
	Degrees   *degreesBox
	LatLon    *wmsBox     `xml:"LatLonBoundingBox"` // of 1.1.1
	Boxes     []wmsBox    `xml:"BoundingBox"`
	Dimension []dimension // their values are in Extent in 1.1.1
	Extent    []dimension
	Credit    string `xml:"Attribution>Title,omitempty"`
	Metadata  *linked
	Styles    []wmsStyle `xml:"Style"`
}

// degreesBox is the box of a layer in degrees of 1.3.0.
type degreesBox struct {
	XMLName xml.Name `xml:"EX_GeographicBoundingBox"`
	West    float64  `xml:"westBoundLongitude"`
	East    float64  `xml:"eastBoundLongitude"`
	South   float64  `xml:"southBoundLatitude"`
	North   float64  `xml:"northBoundLatitude"`
}

type wmsBox struct {
	CRS  string `xml:"CRS,attr,omitempty"` // of 1.3.0
	SRS  string `xml:"SRS,attr,omitempty"` // of 1.1.1
	MinX string `xml:"minx,attr"`
	MinY string `xml:"miny,attr"`
	MaxX string `xml:"maxx,attr"`
	MaxY string `xml:"maxy,attr"`
}

func newWMSBox(e srs.Envelope) wmsBox {
	return wmsBox{MinX: plain(e.XMin), MinY: plain(e.YMin), MaxX: plain(e.XMax), MaxY: plain(e.YMax)}
}

type dimension struct {
	Name     string  `xml:"name,attr"`
	Units    *string `xml:"units,attr,omitempty"` // nil of an Extent, empty for no unit
	Default  string  `xml:"default,attr,omitempty"`
	Multiple string  `xml:"multipleValues,attr,omitempty"`
	Nearest  string  `xml:"nearestValue,attr,omitempty"`
	Current  string  `xml:"current,attr,omitempty"`
	Values   string  `xml:",chardata"`
}

// linked is a document at an address.
type linked struct {
	XMLName xml.Name
	Type    string `xml:"type,attr,omitempty"`
	Format  string
	Address onlineResource
}

type wmsStyle struct {
	Name     string
	Title    string
	Abstract string `xml:",omitempty"`
	Legend   *linked
}

const xlinkNamespace = "http://www.w3.org/1999/xlink"

// wmsCapabilities answers GetCapabilities.
func (r *responder) wmsCapabilities(wmsParams) error {
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	version := r.wmsAnswer.version
	base, lasting := r.wmsURL()
	doc, err := r.newCapabilities(&d, version, base)
	if err != nil {
		return err
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	media, head := "text/xml; charset=utf-8", xml.Header
	if version == wms111 {
		media = "application/vnd.ogc.wms_xml"
		head += doctype111("WMT_MS_Capabilities", "capabilities_1_1_1.dtd")
	}
	r.sendDocument(media, append([]byte(head), body...), lasting)
	return nil
}

func (r *responder) newCapabilities(d *exportimage.Description, version, base string) (*capabilities, error) {
	doc := &capabilities{Version: version}
	// Clients add parameters to an address, which therefore ends in a question mark.
	at := func(url string) onlineResource { return onlineResource{Type: "simple", URL: url} }
	operation := func(name string, formats ...string) wmsOperation {
		return wmsOperation{xml.Name{Local: name}, formats, at(base + "?")}
	}
	doc.XMLName.Local, doc.XLink = "WMS_Capabilities", xlinkNamespace
	legend := "sld:GetLegendGraphic"
	if version == wms111 {
		doc.XMLName.Local, doc.XLink, legend = "WMT_MS_Capabilities", "", "GetLegendGraphic"
		at = func(url string) onlineResource {
			return onlineResource{XLink: xlinkNamespace, Type: "simple", URL: url}
		}
	} else {
		doc.Default, doc.SLD = "http://www.opengis.net/wms", "http://www.opengis.net/sld"
		doc.XSI = "http://www.w3.org/2001/XMLSchema-instance"
		doc.Location = "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd " +
			"http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd"
	}
	set := r.service.Settings()
	s := &doc.Service
	s.Name, s.Title = "WMS", boundedText(title(r.service))
	s.Abstract, s.Resource = boundedText(r.service.Description), at(strings.TrimSuffix(base, "/WMSServer")+"/")
	s.Fees, s.Constraints = "none", "none"
	document := "text/xml"
	if version == wms111 {
		s.Name, document = "OGC:WMS", "application/vnd.ogc.wms_xml"
	} else {
		side := min(set.Limits.Side, int(math.Sqrt(float64(set.Limits.Pixels))))
		s.LayerLimit, s.MaxWidth, s.MaxHeight = 1, side, side
	}
	doc.Operations.Capabilities = operation("GetCapabilities", document)
	doc.Operations.Map = operation("GetMap", wmsFormats(set.Formats)...)
	doc.Operations.Info = operation("GetFeatureInfo", infoFormats...)
	doc.Operations.Legend = operation(legend, legendFormats(set.Formats)...)
	doc.Exceptions = wmsExceptionFormats[version]
	var err error
	doc.Layer, err = r.newWMSLayer(d, version, base, at)
	return doc, err
}

// newWMSLayer describes the layer.
func (r *responder) newWMSLayer(
	d *exportimage.Description, version, base string, at func(string) onlineResource,
) (wmsLayer, error) {
	l := wmsLayer{
		Queryable: 1, Name: layerName(r.service), Title: boundedText(title(r.service)),
		Abstract: boundedText(r.service.Description), Credit: boundedText(r.service.Copyright),
	}
	degrees, inWorld := inDegrees(r.service, d)
	if inWorld {
		degrees = inOneTurn(degrees)
		if version == wms111 {
			box := newWMSBox(degrees)
			l.LatLon = &box
		} else {
			l.Degrees = &degreesBox{West: degrees.XMin, East: degrees.XMax, South: degrees.YMin, North: degrees.YMax}
		}
	}
	for _, listed := range listedCRSs(d, degrees, inWorld, version) {
		if version == wms111 && strings.HasPrefix(listed.name, "CRS:") {
			continue
		}
		if listed.usual {
			if box, ok := r.boxIn(d, listed, version); ok {
				l.Boxes = append(l.Boxes, box)
			}
		}
		if version == wms111 {
			l.SRS = append(l.SRS, listed.name)
		} else {
			l.CRS = append(l.CRS, listed.name)
		}
	}
	if err := r.setDimensions(&l, d, version); err != nil {
		return l, err
	}
	if r.settings.serves(Resources) {
		l.Metadata = &linked{
			XMLName: xml.Name{Local: "MetadataURL"}, Type: "ISO19115:2003", Format: "text/xml",
			Address: at(strings.TrimSuffix(base, "/WMSServer") + "/info/metadata"),
		}
		if version == wms111 {
			l.Metadata.Type = "TC211"
		}
	}
	for _, f := range functionList(r.service) {
		style := wmsStyle{Name: f.Name, Title: cmp.Or(f.Description, f.Name), Abstract: f.Help}
		if version == wms130 { // 1.1.1 wants sizes, which are known when a legend is drawn
			style.Legend = &linked{
				XMLName: xml.Name{Local: "LegendURL"}, Format: pngMedia,
				Address: at(base + "?" + legendQuery(l.Name, f.Name)),
			}
		}
		l.Styles = append(l.Styles, style)
	}
	return l, nil
}

// inOneTurn returns a box of longitudes from -180 to 180, all of them for a box across the antimeridian.
func inOneTurn(e srs.Envelope) srs.Envelope {
	e.YMin, e.YMax = math.Max(e.YMin, -90), math.Min(e.YMax, 90)
	if turn := float64(360 * math.Floor((e.XMin+180)/360)); turn != 0 && e.XMax-turn <= 180 {
		e.XMin, e.XMax = e.XMin-turn, e.XMax-turn
	}
	if e.XMin < -180 || e.XMax > 180 {
		e.XMin, e.XMax = -180, 180
	}
	return e
}

// boxIn returns the box around the service in a reference, in the order of its axes; false if it has no image there.
func (r *responder) boxIn(d *exportimage.Description, listed listedCRS, version string) (wmsBox, bool) {
	t, err := srs.Options{Area: &d.Extent, ShiftGrids: r.service.ShiftGrids}.NewTransformer(d.CRS, listed.crs.CRS)
	if err != nil {
		return wmsBox{}, false
	}
	e, err := t.Envelope(d.Extent)
	if err != nil || !e.Finite() {
		return wmsBox{}, false
	}
	b := newWMSBox(listed.crs.box(e))
	if version == wms111 {
		b.SRS = listed.name
	} else {
		b.CRS = listed.name
	}
	return b, true
}

// setDimensions describes the times of the service's rasters, or the dimensions of its slices. A map without TIME shows the
// rasters of all times, so that the default is the interval from the first to the last; of slices it shows one.
func (r *responder) setDimensions(l *wmsLayer, d *exportimage.Description, version string) error {
	if d.Multidimensional != nil {
		return r.setSliceDimensions(l, d, version)
	}
	if d.Time.IsZero() {
		return nil
	}
	l.addDimension(dimension{
		Name: "time", Values: timeValues(d), Default: wmsInstant(d.Time.From) + "/" + wmsInstant(d.Time.To),
		Multiple: "1", Nearest: "0", Current: "1",
	}, "ISO8601", version)
	return nil
}

// legendQuery returns the query of a style's legend.
func legendQuery(layer, style string) string {
	return "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&SLD_VERSION=1.1.0&FORMAT=image%2Fpng&LAYER=" +
		queryEscape(layer) + "&STYLE=" + queryEscape(style)
}

// noStyle is the style of pixels as they are.
var noStyle = function.Named(function.NoFunction)
