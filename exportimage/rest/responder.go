package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/quote"
)

// A responder answers one HTTP request.
type responder struct {
	w        http.ResponseWriter
	request  *http.Request
	start    time.Time
	service  *exportimage.Service // without a catalogue in answers of a directory
	settings *settings
	exports  *sharedExports
	stages   *exportimage.Stages // of the export that was made for it, if any
	root     string              // path of the service as the client knows it, without a slash at the end
	below    string              // path of the service below Options.BaseURL, which may be that of a directory
	f        string              // html, json, pjson, image, kmz, geojson or openapi
	chosen   bool                // f was asked for, and is not the default
	form     *page               // the page that shows what json answers with; nil for JSON
	exported url.Values          // of an export whose answer is a page, for its form
	services string              // path of the directory of services, in answers of a directory
	alone    bool                // the answer is for this request alone
	callback string              // wraps JSON for old clients; empty for none
	explain  bool                // the trace is asked for
	forgiven []string            // in the form of the parameters, besides what they mean
	remarks  *remarksJSON        // about the parameters, if the trace is asked for
	leave    []func()            // called when the answer is sent

	wmsAnswer *wmsAnswer // of a request of a Web Map Service; nil for all others
}

// done gives back what the answer was sent from.
func (r *responder) done() {
	for _, leave := range r.leave {
		leave()
	}
}

// callbackName matches the names that a JSONP callback may have: members of objects in JavaScript, and no other code.
var callbackName = regexp.MustCompile(`^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$`)

const maxCallback = 128

// readTransport reads the transport's parameters. Of several values of a parameter, the first counts: some URL
// templates in use have two of f.
func (r *responder) readTransport(form url.Values) error {
	first := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		key := strings.ToLower(strings.TrimSpace(name))
		for _, v := range form[name] {
			if v = strings.Trim(v, "+ \t\r\n"); v != "" && first[key] == "" {
				first[key] = v
			}
		}
	}
	usual := "html"
	if !r.settings.serves(Pages) {
		usual = "json"
	}
	r.f, r.chosen = cmp.Or(strings.ToLower(first["f"]), usual), first["f"] != ""
	switch asked := r.f; {
	case asked == "geojson", asked == openAPIFormat:
	case !slices.Contains(answerFormats, asked):
		r.f = "json"
		return invalid("f", "%s is not one of %s", quote.Text(asked), strings.Join(answerFormats, ", "))
	case asked == "html" && !r.settings.serves(Pages), asked == "kmz" && !r.settings.serves(KML):
		r.f = "json"
		return unsupported("f", "%s is not served here", asked)
	}
	if r.f == "json" && strings.EqualFold(first["pretty"], "true") {
		r.f = "pjson" // as GDAL asks for it
	}
	name := first["callback"]
	if len(name) > maxCallback || name != "" && !callbackName.MatchString(name) {
		return invalid("callback", "%s is no name of a function", quote.Text(name))
	}
	if r.f == "json" || r.f == "pjson" {
		r.callback = name
	}
	var err error
	r.explain, err = params.ExplainParam.Parse(first["explain"])
	return err
}

// answerFormats are the values of f, but for geojson, which is for queries, and openapi, which is for services.
var answerFormats = []string{"html", "json", "pjson", "image", "kmz"}

// base returns the URL of the service, without a slash at the end: absolute, or only the path of the request.
func (r *responder) base() string {
	if r.settings.BaseURL != "" {
		return r.settings.BaseURL + r.below
	}
	at := url.URL{Path: r.root}
	if r.settings.TrustHost && r.request.Host != "" {
		at.Scheme, at.Host = "http", r.request.Host
		if r.request.TLS != nil {
			at.Scheme = "https"
		}
	}
	return at.String()
}

// json answers with a JSON value: indented for pjson, wrapped if there is a callback, and shown on the form's page if there
// is one.
func (r *responder) json(v any) {
	if r.form != nil {
		r.answerPage(v)
		return
	}
	r.jsonStatus(r.remarked(v), http.StatusOK, false)
}

// jsonStatus answers with a JSON value. It escapes characters of HTML markup only if escape is set: escaping makes URLs
// hard to read, and clients that heed the content type do not need it. Errors repeat texts from outside and are always
// escaped.
func (r *responder) jsonStatus(v any, status int, escape bool) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(escape)
	if r.f == "pjson" {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(v); err != nil {
		http.Error(r.w, "unable to complete operation", http.StatusInternalServerError)
		return
	}
	media, body := "application/json; charset=utf-8", buf.Bytes()
	if r.f == "geojson" && status == http.StatusOK {
		media = "application/geo+json; charset=utf-8"
	}
	if r.callback != "" {
		media = "application/javascript; charset=utf-8"
		body = fmt.Appendf(nil, "%s(%s);", r.callback, bytes.TrimSpace(body))
	}
	r.sendStatus(media, body, status)
}

func (r *responder) send(media string, body []byte) { r.sendStatus(media, body, http.StatusOK) }

func (r *responder) sendStatus(media string, body []byte, status int) {
	if strings.HasPrefix(media, "text/") || strings.HasPrefix(media, "application/j") {
		body = r.compress(body)
	}
	if r.w.Header().Get("Cache-Control") == "" {
		r.w.Header().Set("Cache-Control", r.cacheControl())
	}
	r.w.Header().Set("Content-Type", media)
	r.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	r.timing()
	r.w.WriteHeader(status)
	if r.request.Method != http.MethodHead {
		_, _ = r.w.Write(body) // the client may have gone
	}
}

// timing reports in a header how long the answer took to make.
func (r *responder) timing() {
	total := fmt.Sprintf("total;dur=%.3f", float64(time.Since(r.start))/float64(time.Millisecond))
	if r.stages != nil {
		total = stagesHeader(r.stages) + ", " + total
	}
	r.w.Header().Set("Server-Timing", total)
}

// stagesHeader returns the stages of an export in the form of Server-Timing, in milliseconds.
func stagesHeader(s *exportimage.Stages) string {
	var parts []string
	for _, stage := range []struct {
		name string
		took time.Duration
	}{
		{"plan", s.Plan}, {"read", s.Read}, {"warp", s.Warp}, {"merge", s.Merge}, {"render", s.Render}, {"encode", s.Encode},
	} {
		parts = append(parts, fmt.Sprintf("%s;dur=%.3f", stage.name, float64(stage.took)/float64(time.Millisecond)))
	}
	return strings.Join(parts, ", ")
}

// compressFrom is the size from which text is worth compressing: a body that fits into one packet arrives no later
// without.
const compressFrom = 1400

// compress returns the body packed, for clients that can unpack it.
func (r *responder) compress(body []byte) []byte {
	r.w.Header().Add("Vary", "Accept-Encoding")
	if len(body) < compressFrom || !acceptsGzip(r.request.Header.Get("Accept-Encoding")) {
		return body
	}
	z, ok := r.settings.packers.Get().(*gzip.Writer)
	if !ok {
		z = gzip.NewWriter(nil)
	}
	defer r.settings.packers.Put(z)
	var buf bytes.Buffer
	z.Reset(&buf)
	_, err := z.Write(body)
	if err = cmp.Or(err, z.Close()); err != nil {
		return body
	}
	r.w.Header().Set("Content-Encoding", "gzip")
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
