package rest

import (
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/srs"
)

// Bounds of what a metadata document repeats.
const (
	maxMetadataText  = 64 << 10 // bytes of a text
	maxMetadataBands = 1024
)

// metadata answers with a metadata document of what is known of the service: of ISO 19139, or for format=default of
// ArcGIS's own kind.
func (r *responder) metadata(form url.Values) error {
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	switch format := strings.ToLower(strings.TrimSpace(formValue(form, "format"))); format {
	case "", "iso19139", "iso19139_gml32":
		return r.sendXML(r.isoMetadata(&d))
	case "default", "arcgis":
		box, ok := inDegrees(r.service, &d)
		return r.sendMetadata(title(r.service), r.service.Description, box, ok)
	default:
		return unsupported("format", "metadata of format %s are not served: iso19139 and default are", quote.Text(format))
	}
}

func (r *responder) sendXML(doc any) error {
	text, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	r.send("text/xml; charset=utf-8", append([]byte(xml.Header), text...))
	return nil
}

// sendMetadata answers with texts and a box in degrees in the elements of ArcGIS.
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
	}{Title: name, Abstract: boundedText(abstract), Credit: boundedText(r.service.Copyright)}
	if inWorld {
		doc.Box = &box{e.XMin, e.XMax, e.YMax, e.YMin}
	}
	return r.sendXML(doc)
}

// boundedText returns the beginning of a text.
func boundedText(s string) string {
	if len(s) <= maxMetadataText {
		return s
	}
	cut := maxMetadataText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// The elements of ISO 19139, as far as something is known that they hold. What the standard demands and nobody knows is
// there with a reason for which it is empty.

type isoText struct {
	NilReason string `xml:"gco:nilReason,attr,omitempty"`
	Text      string `xml:"gco:CharacterString,omitempty"`
}

func isoTextOf(s string) *isoText {
	if s = boundedText(s); s == "" {
		return &isoText{NilReason: "missing"}
	}
	return &isoText{Text: s}
}

type isoNumber struct {
	Decimal string `xml:"gco:Decimal"`
}

type isoCode struct {
	List  string `xml:"codeList,attr"`
	Value string `xml:"codeListValue,attr"`
	Text  string `xml:",chardata"`
}

const codeLists = "http://standards.iso.org/ittf/PubliclyAvailableStandards/" +
	"ISO_19139_Schemas/resources/codelist/gmxCodelists.xml#"

func isoCodeOf(list, value string) isoCode { return isoCode{codeLists + list, value, value} }

type isoMeasure struct {
	Unit  string `xml:"uom,attr"`
	Value string `xml:",chardata"`
}

type isoDimension struct {
	Name       isoCode     `xml:"gmd:MD_Dimension>gmd:dimensionName>gmd:MD_DimensionNameTypeCode"`
	Size       int64       `xml:"gmd:MD_Dimension>gmd:dimensionSize>gco:Integer"`
	Resolution *isoMeasure `xml:"gmd:MD_Dimension>gmd:resolution>gco:Measure"`
}

type isoBand struct {
	ID   isoMember `xml:"gmd:MD_Band>gmd:sequenceIdentifier>gco:MemberName"`
	Name *isoText  `xml:"gmd:MD_Band>gmd:descriptor"`
}

type isoMember struct {
	Number int    `xml:"gco:aName>gco:CharacterString"`
	Type   string `xml:"gco:attributeType>gco:TypeName>gco:aName>gco:CharacterString"`
}

type isoBox struct {
	West  isoNumber `xml:"gmd:westBoundLongitude"`
	East  isoNumber `xml:"gmd:eastBoundLongitude"`
	South isoNumber `xml:"gmd:southBoundLatitude"`
	North isoNumber `xml:"gmd:northBoundLatitude"`
}

type isoPeriod struct {
	ID    string `xml:"gml:id,attr"`
	Begin string `xml:"gml:beginPosition"`
	End   string `xml:"gml:endPosition"`
}

type isoExtent struct {
	Box  *isoBox    `xml:"gmd:EX_Extent>gmd:geographicElement>gmd:EX_GeographicBoundingBox"`
	Time *isoPeriod `xml:"gmd:EX_Extent>gmd:temporalElement>gmd:EX_TemporalExtent>gmd:extent>gml:TimePeriod"`
}

type isoDate struct {
	NilReason string `xml:"gco:nilReason,attr"`
}

type isoDocument struct {
	XMLName   xml.Name          `xml:"gmd:MD_Metadata"`
	GMD       string            `xml:"xmlns:gmd,attr"`
	GCO       string            `xml:"xmlns:gco,attr"`
	GML       string            `xml:"xmlns:gml,attr"`
	Level     isoCode           `xml:"gmd:hierarchyLevel>gmd:MD_ScopeCode"`
	Contact   isoDate           `xml:"gmd:contact"`
	Stamp     isoDate           `xml:"gmd:dateStamp"`
	Standard  *isoText          `xml:"gmd:metadataStandardName"`
	Grid      isoGrid           `xml:"gmd:spatialRepresentationInfo>gmd:MD_GridSpatialRepresentation"`
	Reference *isoReference     `xml:"gmd:referenceSystemInfo>gmd:MD_ReferenceSystem>gmd:referenceSystemIdentifier"`
	Data      isoIdentification `xml:"gmd:identificationInfo>gmd:MD_DataIdentification"`
	Content   isoContent        `xml:"gmd:contentInfo>gmd:MD_CoverageDescription"`
}

type isoGrid struct {
	Count      int            `xml:"gmd:numberOfDimensions>gco:Integer"`
	Dimensions []isoDimension `xml:"gmd:axisDimensionProperties"`
	Cell       isoCode        `xml:"gmd:cellGeometry>gmd:MD_CellGeometryCode"`
	Parameters bool           `xml:"gmd:transformationParameterAvailability>gco:Boolean"`
}

type isoIdentification struct {
	Title    *isoText   `xml:"gmd:citation>gmd:CI_Citation>gmd:title"`
	Date     isoDate    `xml:"gmd:citation>gmd:CI_Citation>gmd:date"`
	Abstract *isoText   `xml:"gmd:abstract"`
	Credit   *isoText   `xml:"gmd:credit"`
	Kind     isoCode    `xml:"gmd:spatialRepresentationType>gmd:MD_SpatialRepresentationTypeCode"`
	Language isoDate    `xml:"gmd:language"`
	Extent   *isoExtent `xml:"gmd:extent"`
}

type isoContent struct {
	Attribute isoDate   `xml:"gmd:attributeDescription"`
	Content   isoCode   `xml:"gmd:contentType>gmd:MD_CoverageContentTypeCode"`
	Bands     []isoBand `xml:"gmd:dimension"`
}

type isoReference struct {
	Code  *isoText `xml:"gmd:RS_Identifier>gmd:code"`
	Space *isoText `xml:"gmd:RS_Identifier>gmd:codeSpace"`
}

// isoMetadata returns the document.
func (r *responder) isoMetadata(d *exportimage.Description) any {
	missing := isoDate{"missing"}
	doc := isoDocument{
		GMD: "http://www.isotc211.org/2005/gmd", GCO: "http://www.isotc211.org/2005/gco", GML: "http://www.opengis.net/gml",
		Level: isoCodeOf("MD_ScopeCode", "dataset"), Contact: missing, Stamp: missing,
		Standard: isoTextOf("ISO 19115:2003/19139"),
		Grid: isoGrid{Count: 2, Cell: isoCodeOf("MD_CellGeometryCode", "area"), Dimensions: []isoDimension{
			isoAxis("column", d.Extent.Width(), d.PixelSize.X, d.CRS), isoAxis("row", d.Extent.Height(), d.PixelSize.Y, d.CRS),
		}},
		Data: isoIdentification{
			Title: isoTextOf(title(r.service)), Date: missing, Abstract: isoTextOf(r.service.Description),
			Kind: isoCodeOf("MD_SpatialRepresentationTypeCode", "grid"), Language: missing,
		},
		Content: isoContent{Attribute: missing, Content: isoCodeOf("MD_CoverageContentTypeCode", "image")},
	}
	if r.service.Copyright != "" {
		doc.Data.Credit = isoTextOf(r.service.Copyright)
	}
	if d.Palette != nil || d.HasClasses() {
		doc.Content.Content = isoCodeOf("MD_CoverageContentTypeCode", "thematicClassification")
	}
	if wkid, latest := d.CRS.WKID(); latest > 0 || wkid > 0 {
		code, space := latest, "EPSG"
		if code == 0 {
			code = wkid
		}
		if code > 100_000 { // Esri's own
			space = "ESRI"
		}
		doc.Reference = &isoReference{isoTextOf(strconv.Itoa(code)), isoTextOf(space)}
	} else if !d.CRS.IsZero() {
		doc.Reference = &isoReference{Code: isoTextOf(d.CRS.String())}
	}
	extent := isoExtent{}
	if e, ok := inDegrees(r.service, d); ok {
		number := func(v float64) isoNumber { return isoNumber{plain(v)} }
		extent.Box = &isoBox{number(e.XMin), number(e.XMax), number(e.YMin), number(e.YMax)}
	}
	if !d.Time.IsZero() {
		extent.Time = &isoPeriod{"time", isoTime(d.Time.From), isoTime(d.Time.To)}
	}
	if extent != (isoExtent{}) {
		doc.Data.Extent = &extent
	}
	for i, name := range bandNames(d)[:min(len(d.Bands), maxMetadataBands)] {
		doc.Content.Bands = append(doc.Content.Bands, isoBand{isoMember{i + 1, d.PixelType.String()}, isoTextOf(name)})
	}
	return doc
}

func isoTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// isoAxis returns the dimension along columns or rows.
func isoAxis(name string, length, cell float64, crs srs.CRS) isoDimension {
	d := isoDimension{Name: isoCodeOf("MD_DimensionNameTypeCode", name)}
	if n := length / cell; n >= 0.5 && n < 1<<53 {
		d.Size = int64(n + 0.5)
	}
	unit := "m"
	switch {
	case crs.Geographic():
		unit = "deg"
	case crs.Unit() != 1:
		unit = plain(crs.Unit()) + " m"
	}
	d.Resolution = &isoMeasure{unit, plain(cell)}
	return d
}
