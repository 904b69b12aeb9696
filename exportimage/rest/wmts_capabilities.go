package rest

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"

	"github.com/geoexport/geoexport/exportimage"
)

// The elements of a capabilities document of WMTS 1.0.0, in the order of its schema.

type wmtsDocument struct {
	XMLName        xml.Name        `xml:"Capabilities"`
	Namespace      string          `xml:"xmlns,attr"`
	OWS            string          `xml:"xmlns:ows,attr"`
	XLink          string          `xml:"xmlns:xlink,attr"`
	Version        string          `xml:"version,attr"`
	Identification wmtsService     `xml:"ows:ServiceIdentification"`
	Operations     []wmtsOperation `xml:"ows:OperationsMetadata>ows:Operation"`
	Layer          wmtsLayer       `xml:"Contents>Layer"`
	Set            wmtsSet         `xml:"Contents>TileMatrixSet"`
	Metadata       wmtsLink        `xml:"ServiceMetadataURL"`
}

type wmtsService struct {
	Title    string `xml:"ows:Title"`
	Abstract string `xml:"ows:Abstract,omitempty"`
	Type     string `xml:"ows:ServiceType"`
	Version  string `xml:"ows:ServiceTypeVersion"`
}

type wmtsOperation struct {
	Name string    `xml:"name,attr"`
	Gets []wmtsGet `xml:"ows:DCP>ows:HTTP>ows:Get"`
}

type wmtsGet struct {
	Link       string         `xml:"xlink:href,attr"`
	Constraint wmtsConstraint `xml:"ows:Constraint"`
}

type wmtsConstraint struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"ows:AllowedValues>ows:Value"`
}

type wmtsLink struct {
	Link string `xml:"xlink:href,attr"`
}

type wmtsLayer struct {
	Title    string       `xml:"ows:Title"`
	Abstract string       `xml:"ows:Abstract,omitempty"`
	Box      *wmtsBox     `xml:"ows:WGS84BoundingBox"`
	Name     string       `xml:"ows:Identifier"`
	Styles   []wmtsStyle  `xml:"Style"`
	Format   string       `xml:"Format"`
	Set      string       `xml:"TileMatrixSetLink>TileMatrixSet"`
	Resource wmtsResource `xml:"ResourceURL"`
}

type wmtsBox struct {
	Lower string `xml:"ows:LowerCorner"`
	Upper string `xml:"ows:UpperCorner"`
}

type wmtsStyle struct {
	Default bool   `xml:"isDefault,attr"`
	Title   string `xml:"ows:Title"`
	Name    string `xml:"ows:Identifier"`
}

type wmtsResource struct {
	Format   string `xml:"format,attr"`
	Kind     string `xml:"resourceType,attr"`
	Template string `xml:"template,attr"`
}

type wmtsSet struct {
	Name      string       `xml:"ows:Identifier"`
	CRS       string       `xml:"ows:SupportedCRS"`
	WellKnown string       `xml:"WellKnownScaleSet,omitempty"`
	Matrices  []wmtsMatrix `xml:"TileMatrix"`
}

type wmtsMatrix struct {
	Name   string `xml:"ows:Identifier"`
	Scale  string `xml:"ScaleDenominator"`
	Corner string `xml:"TopLeftCorner"`
	Width  int    `xml:"TileWidth"`
	Height int    `xml:"TileHeight"`
	Cols   int    `xml:"MatrixWidth"`
	Rows   int    `xml:"MatrixHeight"`
}

// wmtsPixel is the size of a pixel on the screens that the scales of WMTS are about, in metres.
const wmtsPixel = 0.00028

// tileMatrixSet returns the name of a scheme and of its reference. A reference that has no code is an error.
func tileMatrixSet(t *exportimage.TileScheme) (name, crs string, err error) {
	wkid, latest := t.CRS.WKID()
	if latest == 0 {
		latest = wkid
	}
	authority := "EPSG"
	if latest > 100_000 {
		authority = "ESRI"
	}
	if latest == 0 {
		return "", "", unsupported("", "a WMTS names references by codes, and the tiles' has none: %v", t.CRS)
	}
	crs = fmt.Sprintf("urn:ogc:def:crs:%s::%d", authority, latest)
	if inWebMercator(t) {
		return webTiles, crs, nil
	}
	return fmt.Sprintf("%s:%d", authority, latest), crs, nil
}

// wmtsDescription answers with the capabilities.
func (r *responder) wmtsDescription(t *exportimage.TileScheme) error {
	set, crs, err := tileMatrixSet(t)
	if err != nil {
		return err
	}
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	base := r.base() + "/WMTS"
	media, ext := r.service.Settings().Formats[t.Request.Format].MediaType, tileExt(r.service, t)
	doc := wmtsDocument{
		Namespace: "http://www.opengis.net/wmts/1.0", OWS: "http://www.opengis.net/ows/1.1",
		XLink: "http://www.w3.org/1999/xlink", Version: wmtsVersion,
		Identification: wmtsService{title(r.service), r.service.Description, "OGC WMTS", wmtsVersion},
		Metadata:       wmtsLink{base + "/" + wmtsCapabilities},
		Layer: wmtsLayer{
			Title: title(r.service), Abstract: r.service.Description, Name: title(r.service), Format: media, Set: set,
			Styles: []wmtsStyle{{true, "Default", defaultStyle}},
			Resource: wmtsResource{media, "tile", fmt.Sprintf(
				"%s/tile/%s/%s/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.%s",
				base, wmtsVersion, url.PathEscape(title(r.service)), ext)},
		},
		Set: wmtsSet{Name: set, CRS: crs},
	}
	if set == webTiles {
		doc.Set.WellKnown = "urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible"
	}
	for _, f := range functionList(r.service)[1:] {
		doc.Layer.Styles = append(doc.Layer.Styles, wmtsStyle{false, f.Name, f.Name})
	}
	query := func(link, kind string) wmtsGet { return wmtsGet{link, wmtsConstraint{"GetEncoding", kind}} }
	doc.Operations = []wmtsOperation{
		{"GetCapabilities", []wmtsGet{query(base+"/"+wmtsCapabilities, "RESTful"), query(base+"?", "KVP")}},
		{"GetTile", []wmtsGet{query(base+"/tile/"+wmtsVersion+"/", "RESTful"), query(base+"?", "KVP")}},
	}
	if e, ok := inDegrees(r.service, &d); ok {
		doc.Layer.Box = &wmtsBox{plain(e.XMin) + " " + plain(e.YMin), plain(e.XMax) + " " + plain(e.YMax)}
	}
	metres := t.CRS.Unit()
	if t.CRS.Geographic() {
		semiMajor, _ := t.CRS.Ellipsoid()
		metres *= semiMajor
	}
	corner := plain(t.Origin.X) + " " + plain(t.Origin.Y)
	if northFirst(t.CRS) {
		corner = plain(t.Origin.Y) + " " + plain(t.Origin.X)
	}
	for level := t.MinLevel; level <= t.MaxLevel; level++ {
		n := t.Tiles(level).Max
		doc.Set.Matrices = append(doc.Set.Matrices, wmtsMatrix{
			strconv.Itoa(level), plain(t.Levels[level].Resolution * metres / wmtsPixel), corner, t.Size.X, t.Size.Y, n.X, n.Y,
		})
	}
	return r.sendXML(doc)
}

// tileLinks returns the links of a service's page to its tiles.
func (r *responder) tileLinks(t *exportimage.TileScheme) (links []link) {
	if t == nil {
		return nil
	}
	first := t.Tiles(t.MinLevel).Min
	tile := fmt.Sprintf("%s/tile/%d/%d/%d", r.root, t.MinLevel, first.Y, first.X)
	links = append(links, link{"Tile", tile})
	if t.Elevation {
		return links
	}
	if inWebMercator(t) {
		links = append(links, link{"TileJSON", r.root + "/xyz/tilejson.json"})
	}
	if _, _, err := tileMatrixSet(t); err == nil {
		links = append(links, link{"WMTS", r.root + "/WMTS/" + wmtsCapabilities})
	}
	return links
}
