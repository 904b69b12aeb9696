package rest

import (
	"net/http"
	"strconv"
	"strings"
)

// overloaded returns the error of a request for which there is no room, as far as its query shows without being parsed: an
// image of the size that it states would be refused without waiting. Everything else is parsed first: pages and scripts,
// whose errors have another form, what is being exported for others already, and what may be kept for a client that reads
// in parts.
func (r *responder) overloaded(path string) error {
	if path != "exportimage" && path != "kml/image.kmz" || r.exports == nil {
		return nil
	}
	raw := r.request.URL.RawQuery
	f, _ := rawValue(raw, "f")
	switch f = strings.ToLower(f); {
	case path == "kml/image.kmz":
		f = "kmz"
	case f != "image" && f != "json" && f != "pjson" && f != "kmz":
		return nil
	}
	if _, scripted := rawValue(raw, "callback"); scripted || r.inParts() || r.exports.runs(raw) {
		return nil
	}
	err := r.service.Refused(rawPixels(raw, r.request.Method))
	if err != nil {
		r.f = f
	}
	return err
}

// rawValue returns a parameter of a query whose name is spelled plainly, as it is escaped; ok is false if there is none.
func rawValue(raw, name string) (value string, ok bool) {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if len(pair) > len(name) && pair[len(name)] == '=' && strings.EqualFold(pair[:len(name)], name) {
			return pair[len(name)+1:], true
		}
	}
	return "", false
}

// rawPixels returns the pixels of the size that a query states. It is 1, for which there is room the longest, if that
// cannot be seen here.
func rawPixels(raw, method string) int64 {
	size, ok := rawValue(raw, "size")
	width, height, two := strings.Cut(strings.ReplaceAll(strings.ToLower(size), "%2c", ","), ",")
	x, errX := strconv.ParseInt(width, 10, 32)
	y, errY := strconv.ParseInt(height, 10, 32)
	if !ok || !two || errX != nil || errY != nil || x < 1 || y < 1 || method == http.MethodPost {
		return 1
	}
	return x * y
}
