package exportimage

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
)

// An answer is one HTTP answer in the making.
type answer struct {
	w        http.ResponseWriter
	r        *http.Request
	start    time.Time
	service  *Service
	options  *options
	sharing  *sharing
	stages   *Stages // of the export that was made for it, if any
	root     string  // path of the service, as the client knows it, without a slash at the end
	f        string  // html, json, pjson, image or kmz
	callback string  // wraps JSON for old clients; empty for none
	explain  bool    // the trace is asked for
}

// callbackName is what a JSONP callback may be called: what JavaScript takes for a member of an object, and nothing that
// could be anything else.
var callbackName = regexp.MustCompile(`^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$`)

const maxCallback = 128

// transportParameters are those that say how to answer rather than what.
var transportParameters = []string{"f", "callback", "explain", "token"}

// readTransport reads the transport's parameters. Of one that comes twice the first counts: there are templates of URLs
// about that have two of f.
func (a *answer) readTransport(form url.Values) error {
	first := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		key := strings.ToLower(strings.TrimSpace(name))
		for _, v := range form[name] {
			if v = strings.TrimSpace(v); v != "" && first[key] == "" {
				first[key] = v
			}
		}
	}
	usual := "html"
	if !a.options.serves(Pages) {
		usual = "json"
	}
	a.f = cmp.Or(strings.ToLower(first["f"]), usual)
	switch asked := a.f; {
	case !slices.Contains(answerFormats, asked):
		a.f = "json"
		return invalid("f", "%s is not one of %s", quote(asked), strings.Join(answerFormats, ", "))
	case asked == "html" && !a.options.serves(Pages), asked == "kmz" && !a.options.serves(KML):
		a.f = "json"
		return unsupported("f", "%s is not served here", asked)
	}
	name := first["callback"]
	if len(name) > maxCallback || name != "" && !callbackName.MatchString(name) {
		return invalid("callback", "%s is no name of a function", quote(name))
	}
	if a.f == "json" || a.f == "pjson" {
		a.callback = name
	}
	if text := first["explain"]; text != "" {
		if err := readBool(&a.explain, text); err != nil {
			return &Error{Kind: Invalid, Param: "explain", Err: err}
		}
	}
	return nil
}

// answerFormats are the values of f.
var answerFormats = []string{"html", "json", "pjson", "image", "kmz"}

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
	if a.w.Header().Get("Cache-Control") == "" {
		a.w.Header().Set("Cache-Control", a.cacheControl())
	}
	a.w.Header().Set("Content-Type", media)
	a.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	a.timing()
	a.w.WriteHeader(status)
	if a.r.Method != http.MethodHead {
		_, _ = a.w.Write(body) // the client may have gone: there is nobody to tell
	}
}

// timing says how long the answer took to make.
func (a *answer) timing() {
	total := fmt.Sprintf("total;dur=%.3f", float64(time.Since(a.start))/float64(time.Millisecond))
	if a.stages != nil {
		total = a.stages.header() + ", " + total
	}
	a.w.Header().Set("Server-Timing", total)
}

// compressFrom is the size from which on text is worth compressing: what fits into one packet is there as soon without.
const compressFrom = 1400

// compress packs text for clients that can unpack it.
func (a *answer) compress(body []byte) []byte {
	a.w.Header().Add("Vary", "Accept-Encoding")
	if len(body) < compressFrom || !acceptsGzip(a.r.Header.Get("Accept-Encoding")) {
		return body
	}
	z, ok := a.options.packers.Get().(*gzip.Writer)
	if !ok {
		z = gzip.NewWriter(nil)
	}
	defer a.options.packers.Put(z)
	var buf bytes.Buffer
	z.Reset(&buf)
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
