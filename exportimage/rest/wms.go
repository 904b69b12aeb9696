package rest

import (
	"fmt"
	"image"
	"image/color"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
)

// The service as an OGC Web Map Service of versions 1.1.1 and 1.3.0 with one layer. Its maps are exports: a GetMap is
// answered with the bytes of the exportImage with the same box, size, reference and format. Documents: OGC 01-068r3, 06-042
// and, for legends, 05-078r4.

// wmsPath is the path of the operation below the service, in lower case.
const wmsPath = "wmsserver"

// The versions that are served.
const (
	wms111 = "1.1.1"
	wms130 = "1.3.0"
)

// wmsOperations are the operations by the value of REQUEST in lower case.
var wmsOperations = map[string]func(*responder, wmsParams) error{
	"getcapabilities":  (*responder).wmsCapabilities,
	"getmap":           (*responder).wmsMap,
	"getfeatureinfo":   (*responder).wmsFeatureInfo,
	"getlegendgraphic": (*responder).wmsLegend,
}

// A wmsAnswer is what is known of the form that an answer has, also one that reports an exception.
type wmsAnswer struct {
	version    string
	exceptions wmsExceptions
	size       image.Point   // of the map
	format     encode.Format // of the map; the zero Format if it is not known
	background color.NRGBA
	clear      bool // the map may be transparent
}

// wmsParams are the parameters of a request by name in upper case.
type wmsParams map[string]string

// readWMS returns the parameters of a request, and those of an image that it has besides.
func readWMS(form url.Values) (wmsParams, error) {
	p := wmsParams{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		key := strings.ToUpper(strings.TrimSpace(name))
		for _, text := range form[name] {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			if old, ok := p[key]; ok && old != text {
				return p, wmsInvalid("InvalidParameterValue", key, "%s comes twice, with different values", quote.Text(key))
			}
			p[key] = text
		}
	}
	return p, nil
}

// wms answers a request of a Web Map Service.
func (r *responder) wms(form url.Values) error {
	p, err := readWMS(form)
	r.wmsAnswer.version = wmsVersionOf(p)
	if err == nil {
		r.wmsAnswer.exceptions, err = wmsExceptionsOf(p["EXCEPTIONS"])
	}
	if err != nil {
		return err
	}
	request := p["REQUEST"]
	if request == "" {
		return wmsInvalid("MissingParameterValue", "REQUEST",
			"the parameter REQUEST is missing: GetCapabilities, GetMap, GetFeatureInfo or GetLegendGraphic")
	}
	operation, ok := wmsOperations[strings.ToLower(request)]
	if !ok {
		return wmsUnsupported("REQUEST", "the operation %s is not served", quote.Text(request))
	}
	switch service := p["SERVICE"]; {
	case strings.EqualFold(service, "WMS"):
	case service != "":
		return wmsInvalid("InvalidParameterValue", "SERVICE", "SERVICE is WMS, not %s", quote.Text(service))
	case strings.EqualFold(request, "GetCapabilities"):
		return wmsInvalid("MissingParameterValue", "SERVICE", "the parameter SERVICE is missing: it is WMS")
	}
	if err := refuseStyling(p); err != nil {
		return err
	}
	if _, err := r.wmsSlices(p); err != nil { // a legend, too, is of a layer with these dimensions
		return err
	}
	return operation(r, p)
}

// wmsVersionOf returns the version of an answer to a request: the highest that is served and not above the stated one, or
// else the lowest. Without one, it is the highest.
func wmsVersionOf(p wmsParams) string {
	asked, ok := parseVersion(p["VERSION"])
	if !ok {
		asked, ok = parseVersion(p["WMTVER"]) // as requests of 1.0.0 call it
	}
	if ok && slices.Compare(asked[:], []int{1, 3, 0}) < 0 {
		return wms111
	}
	return wms130
}

// parseVersion reads a version of up to three numbers.
func parseVersion(text string) (v [3]int, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) > len(v) {
		return v, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return v, false
		}
		v[i] = int(n)
	}
	return v, true
}

// checkWMSVersion returns an error unless a request states a version in which its parameters have a meaning. Versions before
// 1.3.0 agree in what a map is.
func checkWMSVersion(p wmsParams) error {
	text, name := p["VERSION"], "VERSION"
	if text == "" {
		text, name = p["WMTVER"], "WMTVER"
	}
	if text == "" {
		return wmsInvalid("MissingParameterValue", "VERSION",
			"the parameter VERSION is missing: 1.1.1 or 1.3.0, which order coordinates differently")
	}
	if v, ok := parseVersion(text); !ok || slices.Compare(v[:], []int{1, 0, 0}) < 0 || slices.Compare(v[:], []int{1, 3, 0}) > 0 {
		return wmsInvalid("InvalidParameterValue", name, "version %s is not served: 1.1.1 and 1.3.0 are", quote.Text(text))
	}
	return nil
}

// refuseStyling returns an error for parameters of optional profiles and of other servers that would change the map.
func refuseStyling(p wmsParams) error {
	for _, name := range slices.Sorted(maps.Keys(p)) {
		switch value := p[name]; name {
		case "SLD", "SLD_BODY", "SLDID", "REMOTE_OWS_TYPE", "REMOTE_OWS_URL", "RULE", "FILTER", "CQL_FILTER", "FEATUREID",
			"LAYERDEFS", "SFDCOUNT":
			return wmsUnsupported(name, "%s is not supported", name)
		case "ANGLE", "ROTATION":
			if turn, err := strconv.ParseFloat(value, 64); err != nil || turn != 0 {
				return wmsUnsupported(name, "%s is not supported: maps are not turned", name)
			}
		}
	}
	return nil
}

// number reads a whole number.
func (p wmsParams) number(name string) (int, error) {
	text := p[name]
	if text == "" {
		return 0, wmsMissing(name)
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, wmsInvalid("InvalidParameterValue", name, "%s is no whole number: %s", name, quote.Text(text))
	}
	return int(n), nil
}

// flag reads TRUE or FALSE; without a value it is false.
func (p wmsParams) flag(name string) (bool, error) {
	switch strings.ToLower(p[name]) {
	case "", "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	}
	return false, wmsInvalid("InvalidParameterValue", name, "%s is TRUE or FALSE, not %s", name, quote.Text(p[name]))
}

// layerName returns the name of the only layer. It has no comma, which would end it in a list.
func layerName(s *exportimage.Service) string {
	if s.Name == "" {
		return "image"
	}
	return strings.ReplaceAll(s.Name, ",", "_")
}

// checkLayer returns the style that a layer's name states, or an error if a list of layers is not the only one. Its name may
// be that of ArcGIS's layers, the service's and a raster function's, such as "dem:Hillshade", or 0.
func (r *responder) checkLayer(param, text string) (style string, err error) {
	name := layerName(r.service)
	switch {
	case text == "":
		return "", wmsMissing(param)
	case text == name, text == "0":
		return "", nil
	}
	if style, ok := strings.CutPrefix(text, name+":"); ok {
		if known, ok := r.styleNamed(style); ok {
			return known, nil
		}
	}
	if first, _, several := strings.Cut(text, ","); several && (first == name || first == "0") {
		return "", wmsInvalid("InvalidParameterValue", param, "%s has more than one layer (LayerLimit)", param)
	}
	return "", wmsInvalid("LayerNotDefined", param, "%s is not the layer %s", quote.Text(text), quote.Text(name))
}

// styleNamed returns the name of a style as the service spells it.
func (r *responder) styleNamed(name string) (string, bool) {
	for _, f := range functionList(r.service) {
		if strings.EqualFold(f.Name, name) {
			return f.Name, true
		}
	}
	return "", false
}

// style returns the style that a list of styles states, empty for the service's default.
func (r *responder) style(param, text string) (string, error) {
	if known, ok := r.styleNamed(text); ok || text == "" {
		return known, nil
	}
	if strings.EqualFold(text, "default") {
		return "", nil
	}
	return "", wmsInvalid("StyleNotDefined", param, "%s is no style of the layer", quote.Text(text))
}

// wmsURL returns the absolute URL of the operation, as documents need it, and whether it may be kept. Without a URL in the
// options it has the host that the client addressed, for whom alone it is then.
func (r *responder) wmsURL() (base string, lasting bool) {
	base = r.base()
	if at, err := url.Parse(base); err == nil && at.Host != "" || r.request.Host == "" {
		return base + "/WMSServer", true
	}
	scheme := "http"
	if r.request.TLS != nil {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.request.Host, Path: r.root}).String() + "/WMSServer", false
}

// A wmsFault is an error with the code that stands for it in a report of exceptions.
type wmsFault struct {
	code    string
	locator string // the parameter
	err     error
}

func (f *wmsFault) Error() string { return f.err.Error() }
func (f *wmsFault) Unwrap() error { return f.err }

func wmsInvalid(code, param, format string, args ...any) error {
	return &exportimage.Error{Kind: exportimage.Invalid, Err: &wmsFault{code, param, fmt.Errorf(format, args...)}}
}

func wmsUnsupported(param, format string, args ...any) error {
	err := &wmsFault{"OperationNotSupported", param, fmt.Errorf(format, args...)}
	return &exportimage.Error{Kind: exportimage.Unsupported, Err: err}
}

func wmsMissing(param string) error {
	return wmsInvalid("MissingParameterValue", param, "the parameter %s is missing", param)
}

// sendDocument answers with a document of XML or a text.
func (r *responder) sendDocument(media string, body []byte, lasting bool) {
	if !lasting {
		r.w.Header().Set("Cache-Control", "no-store")
	}
	r.sendStatus(media, body, http.StatusOK)
}
