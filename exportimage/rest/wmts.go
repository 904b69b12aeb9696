package rest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster/function"
)

// This file answers as a Web Map Tile Service of OGC 07-057r7, by queries (KVP) and by paths (REST):
//
//	WMTS?service=WMTS&request=GetCapabilities
//	WMTS/1.0.0/WMTSCapabilities.xml
//	WMTS?service=WMTS&request=GetTile&layer=…&style=…&tilematrixset=…&tilematrix=…&tilerow=…&tilecol=…
//	WMTS/tile/1.0.0/{layer}/{style}/{set}/{level}/{row}/{column}.png

const (
	wmtsVersion      = "1.0.0"
	wmtsCapabilities = wmtsVersion + "/WMTSCapabilities.xml"
	defaultStyle     = "default"
	webTiles         = "GoogleMapsCompatible" // what most services call the scheme of the web
)

// An owsError is a fault in the terms of OGC's services. Locator is the parameter at fault.
type owsError struct {
	code, locator string
	status        int
	err           error
}

func (e *owsError) Error() string { return e.err.Error() }

func owsFault(status int, code, locator, format string, args ...any) *owsError {
	return &owsError{code, locator, status, fmt.Errorf(format, args...)}
}

// wmts answers for a path below WMTS. Errors are documents of OGC's kind.
func (r *responder) wmts(at string, form url.Values) error {
	t, err := r.pictureTiles()
	if err != nil {
		r.f = "json"
		return err
	}
	var fault error
	switch {
	case at == "":
		fault = r.wmtsQuery(t, form)
	case strings.EqualFold(at, wmtsCapabilities):
		fault = r.wmtsDescription(t)
	default:
		fault = r.wmtsPath(t, at, form)
	}
	if fault != nil {
		r.owsError(fault)
	}
	return nil
}

// wmtsQuery answers a request in a query or form.
func (r *responder) wmtsQuery(t *exportimage.TileScheme, form url.Values) error {
	if s := formValue(form, "service"); s != "" && !strings.EqualFold(s, "WMTS") {
		return owsFault(http.StatusBadRequest, "InvalidParameterValue", "service", "%s is not WMTS", quote.Text(s))
	}
	switch request := formValue(form, "request"); strings.ToLower(request) {
	case "getcapabilities":
		if v := formValue(form, "acceptversions"); v != "" && !slices.Contains(strings.Split(v, ","), wmtsVersion) {
			return owsFault(http.StatusBadRequest, "VersionNegotiationFailed", "AcceptVersions",
				"this is version %s", wmtsVersion)
		}
		return r.wmtsDescription(t)
	case "gettile":
		return r.wmtsTile(t, form)
	case "":
		return owsFault(http.StatusBadRequest, "MissingParameterValue", "request",
			"it is missing: GetCapabilities or GetTile")
	default:
		return owsFault(http.StatusNotImplemented, "OperationNotSupported", "request",
			"%s is not served, but GetCapabilities and GetTile", quote.Text(request))
	}
}

// wmtsParts are the parameters of GetTile that the parts of a path stand for, in their order.
var wmtsParts = []string{"version", "layer", "style", "tilematrixset", "tilematrix", "tilerow", "tilecol"}

// wmtsPath answers with the tile at a path.
func (r *responder) wmtsPath(t *exportimage.TileScheme, at string, form url.Values) error {
	below, isTile := strings.CutPrefix(strings.ToLower(at[:min(len(at), 5)]), "tile/")
	parts := strings.Split(at[min(len(at), 5):], "/")
	if !isTile || below != "" || len(parts) != len(wmtsParts) {
		return &exportimage.Error{Kind: exportimage.NotFound, Err: fmt.Errorf("%s is not served", quote.Text("WMTS/"+at))}
	}
	out := url.Values{}
	for name, values := range form {
		if !slices.Contains(wmtsParts, strings.ToLower(strings.TrimSpace(name))) {
			out[name] = values
		}
	}
	last := len(parts) - 1
	ext := path.Ext(parts[last])
	if want := tileExt(r.service, t); !strings.EqualFold(ext, "."+want) {
		return owsFault(http.StatusNotFound, "InvalidParameterValue", "format",
			"tiles %s are not served, but .%s", quote.Text(ext), want)
	}
	parts[last] = strings.TrimSuffix(parts[last], ext)
	for i, name := range wmtsParts {
		out.Set(name, parts[i])
	}
	return r.wmtsTile(t, out)
}

// wmtsTile answers with the tile that parameters name.
func (r *responder) wmtsTile(t *exportimage.TileScheme, form url.Values) error {
	set, _, err := tileMatrixSet(t)
	if err != nil {
		return err
	}
	media := r.service.Settings().Formats[t.Request.Format].MediaType
	for _, p := range []struct{ name, want string }{
		{"version", wmtsVersion}, {"layer", title(r.service)}, {"tilematrixset", set}, {"format", media},
	} {
		v := formValue(form, p.name)
		if v == "" && (p.name == "layer" || p.name == "tilematrixset") {
			return owsFault(http.StatusBadRequest, "MissingParameterValue", p.name, "it is missing: %s", p.want)
		}
		if v != "" && v != p.want {
			return owsFault(http.StatusBadRequest, "InvalidParameterValue", p.name, "%s is not %s", quote.Text(v), p.want)
		}
	}
	var n [3]int
	for i, name := range []string{"tilematrix", "tilerow", "tilecol"} {
		v := formValue(form, name)
		if v == "" {
			return owsFault(http.StatusBadRequest, "MissingParameterValue", name, "it is missing")
		}
		if n[i], err = strconv.Atoi(v); err != nil {
			return owsFault(http.StatusBadRequest, "InvalidParameterValue", name, "%s is no whole number", quote.Text(v))
		}
	}
	style, err := r.wmtsStyle(formValue(form, "style"))
	if err != nil {
		return err
	}
	req := exportimage.TileRequest{Level: n[0], Row: n[1], Col: n[2], Export: exportimage.Request{Function: style}}
	rest := url.Values{"style": {formValue(form, "style")}}
	return r.sendTile(req, rest)
}

// wmtsStyle returns the function that a style stands for, nil for the service's own.
func (r *responder) wmtsStyle(name string) (function.Function, error) {
	if name == "" || name == defaultStyle {
		return nil, nil
	}
	for _, f := range functionList(r.service)[1:] {
		if f.Name == name {
			return function.Named(name), nil
		}
	}
	return nil, owsFault(http.StatusBadRequest, "InvalidParameterValue", "style",
		"%s is not a style of the layer", quote.Text(name))
}

// owsError answers with an error in the form of OGC's services.
func (r *responder) owsError(err error) {
	var e *owsError
	if ours, ok := err.(*owsError); ok {
		e = ours
	} else {
		e = r.owsOf(exportimage.AsError(err))
	}
	type exception struct {
		Code    string `xml:"exceptionCode,attr"`
		Locator string `xml:"locator,attr,omitempty"`
		Text    string `xml:"ows:ExceptionText"`
	}
	text, err := xml.MarshalIndent(struct {
		XMLName   xml.Name  `xml:"ows:ExceptionReport"`
		OWS       string    `xml:"xmlns:ows,attr"`
		Version   string    `xml:"version,attr"`
		Exception exception `xml:"ows:Exception"`
	}{
		OWS: "http://www.opengis.net/ows/1.1", Version: wmtsVersion, Exception: exception{e.code, e.locator, e.Error()},
	}, "", "  ")
	if err != nil {
		text = nil // of strings alone, which are always written
	}
	r.w.Header().Set("Cache-Control", "no-store")
	r.sendStatus("text/xml; charset=utf-8", append([]byte(xml.Header), text...), e.status)
}

// owsOf puts an error of an export into the terms of OGC's services.
func (r *responder) owsOf(e *exportimage.Error) *owsError {
	out := &owsError{code: "NoApplicableCode", status: statuses[e.Kind]}
	_, details := describe(e)
	out.err = fmt.Errorf("%s", strings.Join(details, " "))
	switch {
	case e.Kind == exportimage.NotFound && e.Param == "level":
		out.code, out.locator, out.status = "InvalidParameterValue", "tilematrix", http.StatusBadRequest
	case e.Kind == exportimage.NotFound && e.Param == "row":
		out.code, out.locator, out.status = "TileOutOfRange", "tilerow", http.StatusBadRequest
	case e.Kind == exportimage.NotFound && e.Param == "column":
		out.code, out.locator, out.status = "TileOutOfRange", "tilecol", http.StatusBadRequest
	case e.Kind == exportimage.Unavailable:
		r.w.Header().Set("Retry-After", "1")
	case e.Kind == exportimage.Internal, e.Kind == exportimage.Upstream:
		r.log("tile failed", "error", e)
	}
	if len(details) == 0 {
		out.err = fmt.Errorf("the tile cannot be made")
	}
	return out
}
