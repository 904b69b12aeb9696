package exportimage

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/geoexport/geoexport/kmz"
	"github.com/geoexport/geoexport/srs"
)

// An answer is one HTTP answer in the making.
type answer struct {
	w        http.ResponseWriter
	r        *http.Request
	service  *Service
	sharing  *sharing
	root     string // path of the service, as the client knows it, without a slash at the end
	f        string // html, json, pjson, image or kmz
	callback string // wraps JSON for old clients; empty for none
}

// callbackName is what a JSONP callback may be called: what JavaScript takes for a member of an object, and nothing that
// could be anything else.
var callbackName = regexp.MustCompile(`^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$`)

const maxCallback = 128

// readTransport reads the parameters that say how to answer rather than what. Of one that comes twice the first counts:
// there are templates of URLs about that have two of f.
func (a *answer) readTransport(form url.Values) error {
	first := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, v := range form[name] {
			key := strings.ToLower(strings.TrimSpace(name))
			if v = strings.TrimSpace(v); v != "" && first[key] == "" {
				first[key] = v
			}
		}
	}
	a.f = strings.ToLower(first["f"])
	fill(&a.f, "html")
	if !slices.Contains(answerFormats, a.f) {
		wrong := a.f
		a.f = "json"
		return invalid("f", "%s is not one of %s", quote(wrong), strings.Join(answerFormats, ", "))
	}
	name := first["callback"]
	if len(name) > maxCallback || name != "" && !callbackName.MatchString(name) {
		return invalid("callback", "%s is no name of a function", quote(name))
	}
	a.callback = name
	return nil
}

// answerFormats are the values of f.
var answerFormats = []string{"html", "json", "pjson", "image", "kmz"}

// exportImage answers the operation.
func (a *answer) exportImage(form url.Values) {
	req, err := ParseRequest(form)
	if err != nil {
		a.error(err)
		return
	}
	switch a.f {
	case "image":
		a.image(req)
	case "kmz":
		a.kmz(req)
	case "html":
		if (req.BBox == srs.Envelope{}) {
			a.formPage(form)
		} else {
			a.resultPage(req, form)
		}
	default:
		res, err := a.service.Plan(a.r.Context(), req)
		if err != nil {
			a.error(err)
			return
		}
		a.json(exportJSON{
			Href: a.imageURL(form), Width: res.Size.X, Height: res.Size.Y,
			Extent: extentOf(res.Envelope, res.CRS), Covered: len(res.Trace.Rasters) > 0,
		})
	}
}

func (a *answer) image(req Request) {
	res, err := a.sharing.export(a.r.Context(), a.service, req)
	if err != nil {
		a.error(err)
		return
	}
	a.w.Header().Set("Server-Timing", res.Trace.Stages.header())
	a.picture(res.MediaType, res.Data)
}

// picture sends what may be kept by clients: it has a tag by which they can ask whether it is still true.
func (a *answer) picture(media string, data []byte) {
	sum := sha256.Sum256(data)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	a.w.Header().Set("ETag", tag)
	a.w.Header().Set("Cache-Control", cmp.Or(a.service.CacheControl, "no-cache"))
	for known := range strings.SplitSeq(a.r.Header.Get("If-None-Match"), ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == tag || known == "*" {
			a.w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	a.send(media, data)
}

// kmz answers with a ground overlay. KML stretches pictures linearly over degrees, so the picture is drawn in degrees,
// whatever imageSR says, and no further than the poles and once around.
func (a *answer) kmz(req Request) {
	res, err := a.overlay(req)
	if err != nil {
		a.error(err)
		return
	}
	var buf bytes.Buffer
	err = kmz.Write(&buf, kmz.Overlay{
		Name: a.service.title(),
		West: res.Envelope.XMin, South: res.Envelope.YMin, East: res.Envelope.XMax, North: res.Envelope.YMax,
		Image: res.Data, Ext: a.service.formats()[res.Format].Ext,
	})
	if err != nil {
		a.error(err)
		return
	}
	a.w.Header().Set("Content-Disposition", `attachment; filename="image.kmz"`)
	a.picture(kmz.MediaType, buf.Bytes())
}

// overlay is the picture of a ground overlay. A box that reaches beyond a pole, perhaps only because it was grown to
// square pixels, or around more than the whole world, is cut, and drawn with the pixels that then fit.
func (a *answer) overlay(req Request) (Result, error) {
	var err error
	if req.ImageSR, err = srs.FromWKID(4326); err != nil {
		return Result{}, err
	}
	whole, err := a.service.Plan(a.r.Context(), req)
	if err != nil {
		return Result{}, err
	}
	e := whole.Envelope
	e.YMin, e.YMax = math.Max(e.YMin, -90), math.Min(e.YMax, 90)
	if e.Width() > 360 {
		x, _ := e.Center()
		e.XMin, e.XMax = x-180, x+180
	}
	if e.Empty() {
		return Result{}, invalid("bbox", "the box lies beyond the poles")
	}
	if e != whole.Envelope {
		req.BBox, req.BBoxSR, req.Aspect = e, req.ImageSR, ExactBox
	}
	return a.sharing.export(a.r.Context(), a.service, req)
}

// exportJSON is the operation's description of a picture. The order of its members is the documented one: there are
// clients that read them by position.
type exportJSON struct {
	Href   string     `json:"href"`
	Width  int        `json:"width"`
	Height int        `json:"height"`
	Extent extentJSON `json:"extent"`
	Scale  float64    `json:"scale"`
	// Covered is false if no raster lies under the box, so that the picture is transparent throughout.
	Covered bool `json:"covered"`
}

type extentJSON struct {
	XMin float64 `json:"xmin"`
	YMin float64 `json:"ymin"`
	XMax float64 `json:"xmax"`
	YMax float64 `json:"ymax"`
	SR   srJSON  `json:"spatialReference"`
}

type srJSON struct {
	WKID   int `json:"wkid,omitempty"`
	Latest int `json:"latestWkid,omitempty"`
}

func extentOf(e srs.Envelope, c srs.CRS) extentJSON {
	wkid, latest := c.WKID()
	return extentJSON{e.XMin, e.YMin, e.XMax, e.YMax, srJSON{wkid, latest}}
}

// imageURL is where the picture of these parameters is to be had: the same request with f=image. It needs no store, so
// that servers side by side need share nothing.
func (a *answer) imageURL(form url.Values) string {
	return a.base() + "/exportImage?" + imageQuery(form)
}

func imageQuery(form url.Values) string {
	q := url.Values{}
	for name, values := range form {
		for _, v := range values {
			if key := strings.ToLower(strings.TrimSpace(name)); v != "" && key != "f" && key != "callback" {
				q.Add(name, v)
			}
		}
	}
	q.Set("f", "image")
	return q.Encode()
}

// base is the absolute URL of the service.
func (a *answer) base() string {
	if a.service.BaseURL != "" {
		return strings.TrimSuffix(a.service.BaseURL, "/")
	}
	scheme := "http"
	if a.r.TLS != nil {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: a.r.Host, Path: a.root}).String()
}

// json answers with a JSON value: indented for pjson, wrapped if there is a callback.
func (a *answer) json(v any) { a.jsonStatus(v, http.StatusOK, false) }

// jsonStatus escapes what HTML takes for markup only where asked: that makes URLs hard to read, and matters to nobody who
// heeds the content type. Errors, which repeat what came from outside, are escaped all the same.
func (a *answer) jsonStatus(v any, status int, escape bool) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(escape)
	if a.f == "pjson" {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(v); err != nil {
		http.Error(a.w, "unable to complete operation", http.StatusInternalServerError)
		return
	}
	media, body := "application/json; charset=utf-8", buf.Bytes()
	if a.callback != "" {
		media = "application/javascript; charset=utf-8"
		body = fmt.Appendf(nil, "%s(%s);", a.callback, bytes.TrimSpace(body))
	}
	a.sendStatus(media, body, status)
}

func (a *answer) send(media string, body []byte) { a.sendStatus(media, body, http.StatusOK) }

func (a *answer) sendStatus(media string, body []byte, status int) {
	if strings.HasPrefix(media, "text/") || strings.HasPrefix(media, "application/j") {
		body = a.compress(body)
	}
	a.w.Header().Set("Content-Type", media)
	a.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	a.w.WriteHeader(status)
	if a.r.Method != http.MethodHead {
		_, _ = a.w.Write(body) // the client may have gone: there is nobody to tell
	}
}

// compressFrom is the size from which on text is worth compressing: what fits into one packet is there as soon without.
const compressFrom = 1400

// compress packs text for clients that can unpack it.
func (a *answer) compress(body []byte) []byte {
	a.w.Header().Add("Vary", "Accept-Encoding")
	if len(body) < compressFrom || !acceptsGzip(a.r.Header.Get("Accept-Encoding")) {
		return body
	}
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	_, err := z.Write(body)
	if err = cmp.Or(err, z.Close()); err != nil {
		return body
	}
	a.w.Header().Set("Content-Encoding", "gzip")
	return buf.Bytes()
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == "gzip" {
			weight = strings.ReplaceAll(weight, " ", "")
			return weight != "q=0" && !strings.HasPrefix(weight, "q=0.000")
		}
	}
	return false
}

// statuses are the HTTP statuses of the kinds of errors. 499 is what servers log for a caller who went away.
var statuses = map[Kind]int{
	Internal: http.StatusInternalServerError, Invalid: http.StatusBadRequest, NotFound: http.StatusNotFound,
	TooLarge: http.StatusRequestEntityTooLarge, Unsupported: http.StatusNotImplemented,
	Unavailable: http.StatusServiceUnavailable, Canceled: 499, Timeout: http.StatusGatewayTimeout,
}

// errorJSON is an error as ArcGIS puts it.
type errorJSON struct {
	Error struct {
		Code    int      `json:"code"`
		Message string   `json:"message"`
		Details []string `json:"details"`
	} `json:"error"`
}

func (a *answer) error(err error) {
	e := asError(err)
	a.fail(e, statuses[e.Kind])
}

// fail answers with an error, never cached. For f=image too it is JSON: clients tell it from a picture by the type.
func (a *answer) fail(e *Error, status int) {
	if e.Kind == Internal {
		a.service.logger().ErrorContext(a.r.Context(), "export failed", "service", a.service.Name, "error", e)
	}
	a.w.Header().Set("Cache-Control", "no-store")
	if e.Kind == Unavailable {
		a.w.Header().Set("Retry-After", strconv.Itoa(max(1, int(a.service.limits().Wait.Seconds()))))
	}
	var body errorJSON
	body.Error.Code = status
	body.Error.Message, body.Error.Details = e.describe()
	if a.service.AlwaysOK {
		status = http.StatusOK
	}
	if a.f == "html" {
		a.errorPage(body, status)
		return
	}
	a.jsonStatus(body, status, true)
}

// describe puts an error into words for clients: ArcGIS's own where programs look for them, then what exactly was wrong.
// The cause of an internal error is not among them, since it may tell of the machine.
func (e *Error) describe() (message string, details []string) {
	switch e.Kind {
	case Invalid:
		message = "Invalid or missing input parameters."
		switch {
		case errors.Is(e, errSizeLimit):
			details = append(details, errSizeLimit.Error())
		case errors.Is(e, errFormat):
			details = append(details, errFormat.Error())
		case e.Param != "":
			details = append(details, fmt.Sprintf("'%s' parameter is invalid.", e.Param))
		}
	case Unsupported:
		message = "Not supported."
	case NotFound:
		message = "Not found."
	case TooLarge:
		message = "A limit of the service is exceeded."
	default:
		message = "Unable to complete operation."
		if r, ok := errors.AsType[*rasterError](e); ok {
			return message, []string{r.public()}
		}
		return message, []string{}
	}
	return message, append(details, e.Error())
}
