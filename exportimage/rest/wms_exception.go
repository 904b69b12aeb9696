package rest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"net/http"
	"strings"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// wmsExceptions is the form in which a request wants exceptions reported.
type wmsExceptions uint8

const (
	exceptionsXML     wmsExceptions = iota
	exceptionsInImage               // as text in a map
	exceptionsBlank                 // as an empty map
)

// wmsExceptionFormats are the forms by version, as capabilities list them.
var wmsExceptionFormats = map[string][]string{
	wms111: {"application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank"},
	wms130: {"XML", "INIMAGE", "BLANK"},
}

// wmsExceptionsOf reads EXCEPTIONS of any version.
func wmsExceptionsOf(text string) (wmsExceptions, error) {
	short := strings.TrimPrefix(strings.ToLower(text), "application/vnd.ogc.se_")
	switch short {
	case "", "xml", "text/xml", "application/xml", "se_xml", "wms_xml":
		return exceptionsXML, nil
	case "inimage":
		return exceptionsInImage, nil
	case "blank":
		return exceptionsBlank, nil
	}
	return exceptionsXML, wmsInvalid("InvalidFormat", "EXCEPTIONS", "exceptions are reported as XML, INIMAGE or BLANK, not as %s",
		quote.Text(text))
}

// exceptionReport is a document that reports an exception.
type exceptionReport struct {
	XMLName   xml.Name          `xml:"ServiceExceptionReport"`
	Version   string            `xml:"version,attr"`
	Namespace string            `xml:"xmlns,attr,omitempty"`
	Exception exceptionReported `xml:"ServiceException"`
}

type exceptionReported struct {
	Code    string `xml:"code,attr,omitempty"`
	Locator string `xml:"locator,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// doctype111 is the document type of an exception or of capabilities in version 1.1.1.
func doctype111(root, file string) string {
	return "<!DOCTYPE " + root + ` SYSTEM "http://schemas.opengis.net/wms/1.1.1/` + file + "\">\n"
}

// refuseWMS reports an error in the form that the request wants. Images are sent with status 200, since clients show no
// others.
func (r *responder) refuseWMS(e *exportimage.Error, status int) {
	answer := r.wmsAnswer
	code, locator, text := describeWMS(e, answer.version)
	if answer.exceptions != exceptionsXML {
		if media, body, err := answer.exceptionImage(text); err == nil {
			r.sendStatus(media, body, http.StatusOK)
			return
		}
	}
	doc := exceptionReport{Version: answer.version, Exception: exceptionReported{code, locator, text}}
	media, head := "text/xml; charset=utf-8", xml.Header
	if answer.version == wms111 {
		media, doc.Exception.Locator = "application/vnd.ogc.se_xml", "" // which that version does not have
		head += doctype111("ServiceExceptionReport", "exception_1_1_1.dtd")
	} else {
		doc.Namespace = "http://www.opengis.net/ogc"
	}
	body, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		http.Error(r.w, "unable to complete operation", http.StatusInternalServerError)
		return
	}
	r.sendStatus(media, append([]byte(head), body...), status)
}

// describeWMS returns the code of an error, empty if no code stands for it, the parameter at fault and a text for clients.
func describeWMS(e *exportimage.Error, version string) (code, locator, text string) {
	message, details := describe(e)
	if text = message; len(details) > 0 {
		text = details[len(details)-1]
	}
	if fault, ok := errors.AsType[*wmsFault](e); ok {
		return fault.code, fault.locator, text
	}
	if e.Kind != exportimage.Invalid && e.Kind != exportimage.Unsupported {
		return "", "", text
	}
	switch e.Param {
	case "format":
		return "InvalidFormat", "FORMAT", text
	case "bboxSR", "imageSR":
		name := crsParam(version)
		return "Invalid" + name, name, text
	case "bbox":
		return "InvalidParameterValue", "BBOX", text
	case "size":
		return "InvalidParameterValue", "WIDTH", text
	case "time":
		return "InvalidDimensionValue", "TIME", text
	case "":
		return "", "", text
	}
	return "InvalidParameterValue", e.Param, text
}

// maxExceptionPixels bounds an image that stands for an exception, which no limit of exports holds back.
const maxExceptionPixels = 2048 * 2048

// exceptionImage returns an image of the size of the map, with a text in it or without. The error says that there can be
// none: the map has no size or no format.
func (a *wmsAnswer) exceptionImage(text string) (media string, body []byte, err error) {
	size := a.size
	if size.X <= 0 || size.Y <= 0 || size.X > maxExceptionPixels/size.Y || a.format.Encode == nil || a.format.Bands == 0 {
		return "", nil, errors.New("there is no map")
	}
	img := image.NewNRGBA(image.Rectangle{Max: size})
	if !a.clear {
		draw.Draw(img, img.Rect, image.NewUniform(a.background), image.Point{}, draw.Src)
	}
	if a.exceptions == exceptionsInImage {
		ink := color.NRGBA{A: 255}
		if !a.clear && int(a.background.R)+int(a.background.G)+int(a.background.B) < 3*128 {
			ink = color.NRGBA{255, 255, 255, 255}
		}
		l, err := newLettering()
		if err != nil {
			return "", nil, err
		}
		l.paragraph(img, img.Rect.Inset(4), text, ink)
	}
	return encodePicture(a.format, img)
}

// encodePicture encodes a picture in a format of the service. What is transparent in it is black in formats without
// transparency.
func encodePicture(f encode.Format, img *image.NRGBA) (media string, body []byte, err error) {
	r := img.Rect
	block := &raster.Block{Type: raster.U8, Bands: raster.NewPlanes(raster.U8, 3, r), Valid: image.NewAlpha(r)}
	for i := range 3 {
		plane := block.Bands[i].(*raster.PlaneOf[uint8])
		for n := range plane.Pix {
			plane.Pix[n] = img.Pix[4*n+i]
		}
	}
	for n := range block.Valid.Pix {
		block.Valid.Pix[n] = img.Pix[4*n+3]
	}
	m := &raster.Image{
		Grid: raster.Grid{Size: r.Size()}, Type: raster.U8, Bands: 3, Opaque: img.Opaque(),
		Strips: func(yield func(*raster.Block, error) bool) { yield(block, nil) },
	}
	if m.Opaque {
		block.Valid = nil
	}
	if f.Choose != nil {
		f = f.Choose(m)
	}
	var buf bytes.Buffer
	if err := f.Encode(&buf, m, nil); err != nil {
		return "", nil, err
	}
	return f.MediaType, buf.Bytes(), nil
}
